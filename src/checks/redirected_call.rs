//! Calls of an API or application that were answered with a redirect to the sign-in page.
//!
//! A browser shows that page to nobody: it follows the redirect for the script, and the page lets no other origin read it; after
//! a preflight it does not even follow (Fetch, 4.8).

use super::{Check, Claim, ClaimInfo, LooksAt, Observation, Record, Scene};
use crate::entra::{Coverage, Endpoint, Evidence, Step};
use crate::signin::Symptom;

/// A call that was redirected to the sign-in page.
pub(super) static CHECK: Check = Check {
    name: "redirected-call",
    about: "What the call carried that was redirected to the sign-in page, and whether it was the preflight",
    looks_at: LooksAt::Circumstances,
    claims: &CLAIMS,
    observe,
};

static CLAIMS: [ClaimInfo; 2] = [
    ClaimInfo {
        name: "redirected-call.with-token",
        seen: "The call carried a token, and the API answered it with a redirect to the sign-in page.",
        not_seen: "The call that was redirected to the sign-in page carried no token.",
        question: "Whether the call that was redirected carried a token",
        record: RECORD,
    },
    ClaimInfo {
        name: "redirected-call.preflight",
        seen: "The API answered the preflight, which can carry neither token nor cookie, with a redirect to the sign-in page.",
        not_seen: "It was not the preflight that the API answered with a redirect.",
        question: "Whether it was the preflight that was redirected",
        record: RECORD,
    },
];

const RECORD: Record = Record::Told(
    "Record the call to the application's own API with its preflight and its request headers: Authorization shows that it carried a token.",
);

fn observe(scene: &Scene<'_, '_>) -> Vec<Claim> {
    let [with_token, preflight] = &CLAIMS;
    vec![with_token.is(token_of_redirected(scene)), preflight.is(preflight_redirected(scene))]
}

/// The call that was redirected to the sign-in page on which an attempt failed.
fn redirected<'a, 'c>(scene: &Scene<'a, 'c>) -> Option<&'a Step<'c>> {
    let failing = Some(scene.failing).filter(|_| scene.event.symptom == Some(Symptom::CallRedirected))?;
    let led = |step: &&Step<'c>| step.endpoint == Endpoint::App && step.entry <= failing.entry;
    scene.attempt.steps(scene.traffic).rev().find(led)
}

const NOT_REDIRECTED: &str = "no call was redirected to the sign-in page here";

fn token_of_redirected(scene: &Scene<'_, '_>) -> Observation {
    if scene.event.symptom != Some(Symptom::CallRedirected) {
        return Observation::not_recorded(NOT_REDIRECTED);
    }
    let Some(call) = redirected(scene) else { return Observation::not_recorded("the call itself is not in the capture") };
    let preflight = Some(call).filter(|call| call.method == "OPTIONS");
    let preflight = preflight.or_else(|| scene.preflight_of(call.exchange.request.url.without_fragment()));
    let preflight = preflight.filter(|step| step.asks_to_send_token());
    let sent = call.bearer().and_then(|_| scene.names().request_header(call, "authorization"));
    let asked = || preflight.and_then(|step| scene.names().headers_asked_for(step));
    match sent.or_else(asked) {
        // The preflight may be all that there is of the call.
        Some(evidence) => Observation::seen_with(scene.names().step(call), [evidence]),
        None if scene.traffic.recording.authorization.coverage == Coverage::Recorded => {
            Observation::not_seen([Evidence::searched(call.entry, "request.header.authorization")])
        }
        None => Observation::not_recorded("the capture holds no Authorization header, which its exporter may have left out"),
    }
}

fn preflight_redirected(scene: &Scene<'_, '_>) -> Observation {
    match redirected(scene) {
        Some(call) if call.method == "OPTIONS" => Observation::seen(scene.names().step(call)),
        Some(call) => Observation::not_seen([Evidence::searched(call.entry, "request.method")]),
        None => Observation::not_recorded(NOT_REDIRECTED),
    }
}
