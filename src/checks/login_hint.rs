//! Whom the request names, against who is signed in.

use super::{Check, Claim, ClaimInfo, LooksAt, Observation, Record, Scene, Start};
use crate::entra::{Evidence, Words};

/// Whom the request names, against who is signed in.
pub(super) static CHECK: Check = Check {
    name: "login-hint",
    about: "Whether the request names an account (login_hint), and whether that account is the one signed in",
    looks_at: LooksAt::Circumstances,
    claims: &CLAIMS,
    observe,
};

static CLAIMS: [ClaimInfo; 2] = [
    ClaimInfo {
        name: "login-hint.sent",
        seen: "The request names the account it wants (login_hint).",
        not_seen: "The request names no account by login_hint.",
        question: "Whether the request names an account (login_hint)",
        record: Record::AUTHORIZATION_REQUEST,
    },
    ClaimInfo {
        name: "login-hint.names-another",
        seen: "The account that the request names is not the one that signed in earlier in this capture.",
        not_seen: "The account that the request names is the one that signed in earlier in this capture.",
        question: "Whether the account that the request names is the one that is signed in",
        record: Record::Earlier {
            before: Start::SignIn("the person signs in"),
            with: "so that the capture shows which account has the session",
            shows: "",
        },
    },
];

fn observe(scene: &Scene<'_, '_>) -> Vec<Claim> {
    let [sent, another] = &CLAIMS;
    // The service names the request's hint, where it found nobody who fits it.
    let failure = &scene.event.failure;
    let answered = || Observation::seen(scene.names().failure(scene.failing.entry, failure));
    let is_answered = failure.words == Words::HintMatchesNobody;
    let Some(step) = scene.request() else {
        if is_answered {
            return vec![sent.is(answered()), another.is(scene.without_request())];
        }
        return CLAIMS.iter().map(|claim| claim.is(scene.without_request())).collect();
    };
    let Some(hint) = step.params.find("login_hint") else {
        return vec![
            sent.is(if is_answered { answered() } else { Observation::not_seen(scene.searched("login_hint")) }),
            another.is(Observation::moot("the request names no account by login_hint")),
        ];
    };
    let sent_evidence = scene.names().param(step, hint);
    let hinted = scene.names().accounts.find_name(&hint.value);
    let signed_in = scene.earlier_sign_in_with_account();
    let comparison = match (hinted, signed_in) {
        (None, _) => Observation::not_recorded("the hint is opaque, so it cannot be compared with a name"),
        (_, None) => Observation::not_recorded("nobody signed in earlier in this capture"),
        (Some(hinted), Some((_, account))) if hinted == account => {
            Observation::not_seen([Evidence::searched(step.entry, step.param_part("login_hint"))])
        }
        (Some(_), Some((attempt, _))) => {
            let there = attempt.steps(scene.traffic).find_map(|other| scene.names().person(other));
            Observation::seen_with(sent_evidence.clone(), there)
        }
    };
    vec![sent.is(Observation::seen(sent_evidence)), another.is(comparison)]
}
