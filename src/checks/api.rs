//! A claims challenge of an API, and whether the application answered it.
//!
//! Continuous access evaluation and step-up authentication send `insufficient_claims`; the client has to ask
//! for a token with those claims.

use super::asker_index::Asker;
use super::{Check, Claim, ClaimInfo, LooksAt, Observation, Record, Scene};
use crate::entra::{Challenge, Endpoint, Evidence, OAuthError, Step};
use crate::exchange::Exchange;
use crate::signin::Outcome;

/// A claims challenge of an API, and whether the application answered it.
pub(super) static CHECK: Check = Check {
    name: "api",
    about: "Whether an API asked for more claims, and whether the application then asked for a token with them",
    looks_at: LooksAt::Circumstances,
    claims: &CLAIMS,
    observe,
};

/// The claim that the service refused what an API asked for: that refusal is a failure of its own.
pub(crate) const CHALLENGE_REFUSED: &str = "api.challenge-refused";

static CLAIMS: [ClaimInfo; 5] = [
    ClaimInfo {
        name: "api.claims-challenge",
        seen: "The API asks for a token with further claims (a claims challenge).",
        not_seen: "The API asks for no further claims.",
        question: "Whether the API asked for more claims",
        record: RECORD,
    },
    ClaimInfo {
        name: "api.challenge-answered",
        seen: "The application then asked for a token with those claims.",
        not_seen: "The application did not ask for a token with those claims.",
        question: "Whether the application then asked for a token with those claims",
        record: RECORD,
    },
    ClaimInfo {
        name: CHALLENGE_REFUSED,
        seen: "The service did not give the application the token with those claims.",
        not_seen: "The service gave the application the token with those claims, or was not asked for it.",
        question: "Whether the service gave the application the token with those claims",
        record: RECORD,
    },
    ClaimInfo {
        name: "api.called-again",
        seen: "The application called the API again and was refused again.",
        not_seen: "The application did not call the API again.",
        question: "Whether the application called the API again",
        record: RECORD,
    },
    ClaimInfo {
        name: "api.asks-consent",
        seen: "The API asks that the person consents to what it calls itself (proposedAction=consent).",
        not_seen: "The API does not ask for consent.",
        question: "Whether the API asks for consent",
        record: RECORD,
    },
];

/// In what time an application that answers a challenge begins to ask for a token, in milliseconds: scripts do so at once.
const ANSWERING_MS: i64 = 1000;

const STOPPED: &str = "the recording ends at the API's refusal";

const RECORD: Record = Record::Told("Keep recording after the API's refusal, with response headers.");

fn observe(scene: &Scene<'_, '_>) -> Vec<Claim> {
    let [challenge, answered, refused, again, asks_consent] = &CLAIMS;
    let call = Some(scene.failing).filter(|step| step.endpoint == Endpoint::App);
    let Some(call) = call else {
        return CLAIMS.iter().map(|claim| claim.is(Observation::not_recorded("no call of an API failed here"))).collect();
    };
    let steps = &scene.index.steps;
    // What another application asks for, or the same in another browser, answers nothing here.
    let client = scene.attempt.client.as_ref();
    let asker = Asker { client, browser: scene.traffic.browser_of(call) };
    let step_at = |at: usize| scene.traffic.steps.get(at);
    let asking = steps.asking_claims.after(scene.event.step, &asker).find_map(step_at);
    let asked = asking.and_then(|step| scene.names().request_param(step, "claims"));
    let host = call.address.as_ref().map(|address| address.host.clone());
    let calls = scene.index.attempts.calls.get(&(host, client.cloned()));
    let repeats = calls.into_iter().flat_map(|calls| calls.after_reply(scene.event.step, call, scene.traffic));
    let mut repeats = repeats.filter_map(step_at).peekable();
    let goes_on = goes_on_at(scene, call);
    let looked = steps.asking.after(scene.event.step, &asker).filter_map(step_at);
    let mut looked = looked.map(|step| Evidence::searched(step.entry, step.param_part("claims"))).peekable();
    let not_answered = match (repeats.peek().map(|step| step.entry).or(goes_on), looked.peek()) {
        (_, Some(_)) => Observation::not_seen(looked),
        (Some(later), None) => Observation::not_seen([Evidence::searched(later, "request.url")]),
        (None, None) => Observation::not_recorded(STOPPED),
    };
    let not_called = match asked.is_some() || goes_on.is_some() {
        true => Observation::not_seen([Evidence::searched(call.entry, "request.url")]),
        false => Observation::not_recorded(STOPPED),
    };
    let what_came = match asking {
        Some(asking) => is_refused(scene, asking),
        None => not_answered.clone(),
    };
    vec![
        challenge.is(asks_for_claims(scene, call)),
        refused.is(what_came),
        answered.is(Observation::seen_or(asked, not_answered)),
        again.is(Observation::seen_or(repeats.map(|step| scene.names().step(step)), not_called)),
        asks_consent.is(asks_for_consent(scene, call)),
    ]
}

fn searched_challenge(call: &Step<'_>) -> Observation {
    Observation::not_seen([Evidence::searched(call.entry, "response.header.www-authenticate")])
}

fn asks_for_claims(scene: &Scene<'_, '_>, call: &Step<'_>) -> Observation {
    let asks = |challenge: &Challenge| challenge.claims || challenge.error == Some(OAuthError::InsufficientClaims);
    by_challenge(scene, call, asks)
}

fn asks_for_consent(scene: &Scene<'_, '_>, call: &Step<'_>) -> Observation {
    by_challenge(scene, call, |challenge| challenge.consent)
}

/// Whether the challenge of a refusal asks for something.
fn by_challenge(scene: &Scene<'_, '_>, call: &Step<'_>, asks: impl Fn(&Challenge) -> bool) -> Observation {
    match &call.reply.challenge {
        None if call.exchange.response.headers.absent().is_some() => {
            Observation::not_recorded("the reply's WWW-Authenticate header is not in the capture")
        }
        found => {
            let header = scene.names().response_header(call, "www-authenticate");
            Observation::seen_or(header.filter(|_| found.as_ref().is_some_and(asks)), searched_challenge(call))
        }
    }
}

/// Where the page shows that the recording goes on: one that was stopped at the refusal says nothing of what came of it.
fn goes_on_at(scene: &Scene<'_, '_>, call: &Step<'_>) -> Option<usize> {
    let is_late = |last: &&Exchange| {
        let apart = last.started.zip(call.started).map(|(last, refused)| (last - refused).num_milliseconds());
        apart.is_some_and(|apart| apart >= ANSWERING_MS)
    };
    scene.index.last_of_page(scene.traffic, call).filter(is_late).map(|last| last.entry)
}

/// Whether the service refused a request for a token with those claims.
fn is_refused(scene: &Scene<'_, '_>, asking: &Step<'_>) -> Observation {
    let came_to = scene.index.attempts.of_entry.get(&asking.entry).and_then(|&attempt| scene.sign_ins.attempts.get(attempt));
    match came_to.map(|attempt| (attempt.outcome, attempt.steps(scene.traffic).next_back())) {
        Some((Outcome::Failed | Outcome::Abandoned, Some(end))) => Observation::seen(scene.names().step(end)),
        Some((Outcome::Succeeded, Some(end))) => Observation::not_seen([Evidence::searched(end.entry, "response.status")]),
        Some(_) | None => Observation::not_recorded("what the service answered to that is not in the capture"),
    }
}
