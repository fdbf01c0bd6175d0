//! What came after: whether the application let the person sign in, and how that went.
//!
//! An interactive sign-in that needs no password shows that a session did exist; one that comes back with
//! the same session id shows that the session asked for was there all along.

use super::{Check, Claim, ClaimInfo, LooksAt, Observation, Record, Scene};
use crate::entra::{Endpoint, Evidence, Step};
use crate::signin::Attempt;

/// What came after.
pub(super) static CHECK: Check = Check {
    name: "fallback",
    about: "Whether the application let the person sign in after the silent failure, and how that went",
    looks_at: LooksAt::WhatFollows,
    claims: &CLAIMS,
    observe,
};

static CLAIMS: [ClaimInfo; 5] = [
    ClaimInfo {
        name: "fallback.interactive",
        seen: "The application then sent the person to sign in.",
        not_seen: "The application did not send the person to sign in afterwards.",
        question: "Whether the application sent the person to sign in afterwards",
        record: RECORD,
    },
    ClaimInfo {
        name: "fallback.succeeded",
        seen: "The sign-in that followed worked.",
        not_seen: "No sign-in that worked followed.",
        question: "Whether a sign-in that followed worked",
        record: RECORD,
    },
    ClaimInfo {
        name: "fallback.without-credentials",
        seen: "The sign-in that followed needed no credentials: a session did exist.",
        not_seen: "The sign-in that followed asked for credentials.",
        question: "Whether the person can sign in without credentials afterwards",
        record: RECORD,
    },
    ClaimInfo {
        name: "fallback.same-session",
        seen: "The sign-in that followed came back with the very session that the failed request had asked for.",
        not_seen: "The sign-in that followed came back with another session.",
        question: "Which session the next sign-in comes back with",
        record: RECORD,
    },
    ClaimInfo {
        name: "fallback.second-factor",
        seen: "The sign-in that followed asked for a second factor.",
        not_seen: "The sign-in that followed asked for no second factor.",
        question: "Whether the next sign-in asks for a second factor",
        record: Record::Showing {
            what: Record::SIGNING_IN_AGAIN,
            shows: "whether a second factor is asked for then says more about the cause",
        },
    },
];

const RECORD: Record = Record::Showing {
    what: Record::SIGNING_IN_AGAIN,
    shows: "whether credentials are asked for, and which session comes back, says more about the cause",
};

fn observe(scene: &Scene<'_, '_>) -> Vec<Claim> {
    let [interactive, succeeded, without_credentials, same_session, second_factor] = &CLAIMS;
    let next = scene.next(scene.index.attempts.interactive.get(&scene.attempt.client));
    let worked = scene.next(scene.index.attempts.interactive_success.get(&scene.attempt.client));
    let after = || scene.after(&scene.index.steps.sign_in).map(|step| Evidence::searched(step.entry, "request.url"));
    let none = || Observation::not_recorded("no sign-in that worked follows in the capture");
    if scene.attempt.client.is_none() {
        return CLAIMS.iter().map(|claim| claim.is(scene.without_request())).collect();
    }
    let begun = |attempt: Option<&Attempt>| attempt.and_then(|attempt| attempt.begin(scene.traffic)).map(|step| scene.names().step(step));
    let asked = |attempt: &Attempt| attempt.steps(scene.traffic).find(|step| asks_credentials(step)).map(|step| scene.names().step(step));
    let credentials = match worked {
        None => none(),
        Some(attempt) => match asked(attempt) {
            Some(place) => Observation::not_seen([Evidence::searched(place.entry(), place.part().to_owned())]),
            None if may_have_asked(scene, attempt) => {
                Observation::not_recorded("the sign-in that followed showed a page, and what was posted from there is not in the capture")
            }
            None if device_vouches(scene, attempt) => {
                Observation::not_recorded("the device vouched for the person in the sign-in that followed, so it needed no session")
            }
            None => Observation::seen_or(begun(worked), none()),
        },
    };
    vec![
        interactive.is(Observation::seen_or(begun(next), Observation::not_seen(after()))),
        succeeded.is(Observation::seen_or(begun(worked), Observation::not_seen(after()))),
        without_credentials.is(credentials),
        second_factor.is(worked.map_or_else(none, |attempt| factor_in(scene, attempt))),
        same_session.is(worked.map_or_else(none, |attempt| session_of(scene, attempt))),
    ]
}

fn asks_credentials(step: &Step<'_>) -> bool {
    matches!(step.endpoint, Endpoint::Login | Endpoint::Mfa | Endpoint::MicrosoftAccount | Endpoint::FederatedProvider)
}

/// Whether the device signed the person in, with its primary refresh token.
fn device_vouches(scene: &Scene<'_, '_>, attempt: &Attempt) -> bool {
    attempt.begin(scene.traffic).is_some_and(|step| super::device::vouches(scene.names(), step).is_some())
}

/// Whether a page of the sign-in may have asked for credentials that are not in the capture. People take the request with their
/// password out before they share one.
fn may_have_asked(scene: &Scene<'_, '_>, attempt: &Attempt) -> bool {
    let steps = || attempt.steps(scene.traffic);
    // Whether to stay signed in is asked of whoever has just signed in, and a name is looked up that somebody typed.
    let follows_credentials = |step: &Step<'_>| matches!(step.endpoint, Endpoint::Kmsi | Endpoint::AccountLookup);
    let is_page = |step: &Step<'_>| step.status == Some(200) && step.reply.handover.is_none() && step.reply.redirect.is_none();
    // A page that takes up a session goes on to ask again, or to another page of the service.
    let goes_on = |step: &Step<'_>| step.endpoint.begins_attempt() || step.endpoint.continues_interactively();
    let unanswered = steps().zip(steps().skip(1)).any(|(page, next)| goes_on(page) && is_page(page) && !goes_on(next));
    unanswered || steps().any(follows_credentials)
}

fn session_of(scene: &Scene<'_, '_>, attempt: &Attempt) -> Observation {
    let Some(sid) = scene.request().and_then(|step| step.params.get("sid")) else {
        return Observation::moot("the failed request names no session id");
    };
    let handed = attempt.steps(scene.traffic).find_map(|step| {
        let session = step.reply.handover.as_ref()?.params.get("session_state")?;
        Some((scene.names().reply_param(step, "session_state")?, session.is_same_as(sid)?))
    });
    match handed {
        Some((evidence, true)) => Observation::seen(evidence),
        Some((evidence, false)) => Observation::not_seen([Evidence::searched(evidence.entry(), evidence.part().to_owned())]),
        None => Observation::not_recorded("the reply of that sign-in does not tell its session"),
    }
}

fn factor_in(scene: &Scene<'_, '_>, attempt: &Attempt) -> Observation {
    let steps = || attempt.steps(scene.traffic);
    let asked = steps().filter(|step| step.endpoint == Endpoint::Mfa).map(|step| scene.names().step(step));
    Observation::seen_or(asked.take(1), Observation::not_seen(steps().map(|step| Evidence::searched(step.entry, "request.url"))))
}
