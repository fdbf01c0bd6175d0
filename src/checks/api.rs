//! A claims challenge of an API, and whether the application answered it.
//!
//! Continuous access evaluation and step-up authentication send `insufficient_claims`; the client has to ask
//! for a token with those claims.

use super::{Check, Claim, ClaimInfo, LooksAt, Observation, Record, Scene};
use crate::entra::{Coverage, Endpoint, Evidence, OAuthError, Step};
use crate::signin::Symptom;

/// A claims challenge of an API, and whether the application answered it.
pub(super) static CHECK: Check = Check {
    name: "api",
    about: "Whether an API asked for more claims, and whether the application then asked for a token with them",
    looks_at: LooksAt::Circumstances,
    claims: &CLAIMS,
    observe,
};

static CLAIMS: [ClaimInfo; 6] = [
    ClaimInfo {
        name: "api.claims-challenge",
        seen: "The API asks for a token with further claims (a claims challenge).",
        not_seen: "The API asks for no further claims.",
        record: RECORD,
    },
    ClaimInfo {
        name: "api.challenge-answered",
        seen: "The application then asked for a token with those claims.",
        not_seen: "The application did not ask for a token with those claims.",
        record: RECORD,
    },
    ClaimInfo {
        name: "api.called-again",
        seen: "The application called the API again and was refused again.",
        not_seen: "The application did not call the API again.",
        record: RECORD,
    },
    ClaimInfo {
        name: "api.asks-consent",
        seen: "The API asks that the person consents to what it calls itself (proposedAction=consent).",
        not_seen: "The API does not ask for consent.",
        record: RECORD,
    },
    ClaimInfo {
        name: "api.redirects-token",
        seen: "The call carried a token, and the API answered it with a redirect to the sign-in page.",
        not_seen: "The call that was redirected to the sign-in page carried no token.",
        record: REDIRECTED,
    },
    ClaimInfo {
        name: "api.redirects-preflight",
        seen: "The API answered the preflight, which can carry neither token nor cookie, with a redirect to the sign-in page.",
        not_seen: "It was not the preflight that the API answered with a redirect.",
        record: REDIRECTED,
    },
];

const REDIRECTED: Record = Record::Told(
    "Record the call to the application's own API with its preflight and its request headers: Authorization shows that it carried a token.",
);

const RECORD: Record = Record::Told("Keep recording after the API's refusal, with response headers.");

fn observe(scene: &Scene<'_, '_>) -> Vec<Claim> {
    let [challenge, answered, again, asks_consent, redirects_token, redirects_preflight] = &CLAIMS;
    let redirected = [redirects_token.is(token_of_redirected(scene)), redirects_preflight.is(preflight_redirected(scene))];
    let call = Some(scene.failing).filter(|step| step.endpoint == Endpoint::App);
    let Some(call) = call else {
        let none = |claim: &'static ClaimInfo| claim.is(Observation::not_recorded("no call of an API failed here"));
        return [challenge, answered, again, asks_consent].map(none).into_iter().chain(redirected).collect();
    };
    let asks =
        call.reply.challenge.as_ref().is_some_and(|challenge| challenge.claims || challenge.error == Some(OAuthError::InsufficientClaims));
    let header = scene.names().response_header(call, "www-authenticate").filter(|_| asks);
    let challenged = match &call.reply.challenge {
        None if call.exchange.response.headers.absent().is_none() => {
            Observation::not_seen([Evidence::searched(call.entry, "response.header.www-authenticate")])
        }
        None => Observation::not_recorded("the reply's WWW-Authenticate header is not in the capture"),
        Some(_) => {
            Observation::seen_or(header, Observation::not_seen([Evidence::searched(call.entry, "response.header.www-authenticate")]))
        }
    };
    let consent = match &call.reply.challenge {
        None if call.exchange.response.headers.absent().is_some() => {
            Observation::not_recorded("the reply's WWW-Authenticate header is not in the capture")
        }
        found => {
            let header = scene.names().response_header(call, "www-authenticate");
            let header = header.filter(|_| found.as_ref().is_some_and(|challenge| challenge.consent));
            Observation::seen_or(header, Observation::not_seen([Evidence::searched(call.entry, "response.header.www-authenticate")]))
        }
    };
    let steps = &scene.index.steps;
    // What another application asks for, or the same in another browser, answers nothing here.
    let client = scene.attempt.client.as_ref();
    let is_own = |step: &&Step<'_>| client.is_none() || step.client().is_none_or(|other| Some(&other) == client);
    let browser = scene.traffic.browser_of(call);
    let in_browser =
        |step: &&Step<'_>| scene.traffic.browser_of(step).zip(browser.as_ref()).is_none_or(|(other, browser)| other == *browser);
    let mut asking = scene.after(&steps.asking_claims).filter(|step| is_own(step) && in_browser(step));
    let asked = asking.next().and_then(|step| scene.names().request_param(step, "claims"));
    let looked = scene.after(&steps.asking).map(|step| Evidence::searched(step.entry, step.param_part("claims")));
    let host = call.address.as_ref().map(|address| address.host.clone());
    let calls = scene.index.attempts.calls.get(&host).map(Vec::as_slice).unwrap_or_default();
    let later = calls.get(calls.partition_point(|(greatest, _)| *greatest <= call.entry)..).unwrap_or_default();
    let repeats = later
        .iter()
        .filter_map(|(_, index)| scene.sign_ins.attempts.get(*index))
        .filter(|repeated| repeated.client.as_ref() == client)
        .filter_map(|repeated| repeated.begin(scene.traffic))
        .filter(|step| step.entry > call.entry);
    let refused = [
        challenge.is(challenged),
        answered.is(Observation::seen_or(asked, Observation::not_seen(looked))),
        again.is(Observation::seen_or(
            repeats.map(|step| scene.names().step(step)),
            Observation::not_seen([Evidence::searched(call.entry, "request.url")]),
        )),
        asks_consent.is(consent),
    ];
    refused.into_iter().chain(redirected).collect()
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
    let preflight = scene.index.steps.preflights.get(call.exchange.request.url.without_fragment());
    let preflight = preflight.and_then(|&at| scene.traffic.steps.get(at)).filter(|step| step.asks_to_send_token());
    let sent = call.bearer().and_then(|_| scene.names().request_header(call, "authorization"));
    let asked = || preflight.map(|step| scene.names().step(step));
    match sent.or_else(asked) {
        // The preflight may be all that there is of the call.
        Some(evidence) => Observation::seen_with(scene.names().step(call), Some(evidence).filter(|_| call.method != "OPTIONS")),
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
