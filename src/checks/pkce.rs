//! Whether the code verifier belongs to the code challenge: recomputed from the capture (RFC 7636).

use super::{Check, Claim, ClaimInfo, LooksAt, Observation, Record, Scene};
use crate::entra::{Endpoint, Evidence, Grant, verifier_matches};

/// Whether the code verifier belongs to the code challenge.
pub(super) static CHECK: Check = Check {
    name: "pkce",
    about: "Whether the code verifier of the token request belongs to the challenge of the authorization request",
    looks_at: LooksAt::Circumstances,
    claims: &CLAIMS,
    observe,
};

static CLAIMS: [ClaimInfo; 3] = [
    ClaimInfo {
        name: "pkce.mismatch",
        seen: "Recomputed from this capture, the code verifier does not belong to the code challenge.",
        not_seen: "Recomputed from this capture, the code verifier belongs to the code challenge.",
        question: "Whether the code verifier belongs to the code challenge",
        record: Record::Told("Record both the authorization request and the token request, with request bodies."),
    },
    ClaimInfo {
        name: "pkce.verifier-missing",
        seen: "The token request carries no code verifier.",
        not_seen: "The token request carries a code verifier.",
        question: "Whether the token request carries a code verifier",
        record: Record::TOKEN_REQUEST,
    },
    ClaimInfo {
        name: "pkce.challenge-sent",
        seen: "The authorization request carries a code challenge.",
        not_seen: "The authorization request carries no code challenge.",
        question: "Whether the authorization request carries a code challenge",
        record: Record::AUTHORIZATION_REQUEST,
    },
];

/// Why challenge and verifier cannot be compared.
const TAKEN_OUT: &str = "somebody took the code verifier or its challenge out of the capture, so they cannot be compared";

fn observe(scene: &Scene<'_, '_>) -> Vec<Claim> {
    let [mismatch, missing, challenge_sent] = &CLAIMS;
    let sent = challenge_sent.is(sends_challenge(scene));
    let token = Some(scene.failing).filter(|step| step.endpoint == Endpoint::Token && step.params.has("grant_type"));
    let Some(token) = token else {
        let none = || scene.without_code().unwrap_or_else(|| Observation::not_recorded("the token request is not in the capture"));
        return vec![mismatch.is(none()), missing.is(none()), sent];
    };
    let place = || Evidence::searched(token.entry, "request.body.code_verifier");
    let verifier = token.params.find("code_verifier");
    let challenge = scene.request().and_then(|step| Some((step, step.params.find("code_challenge")?)));
    let compared = match (challenge, verifier) {
        (Some((request, challenge)), Some(verifier)) => match verifier_matches(&challenge.value, &verifier.value) {
            None => Observation::not_recorded(TAKEN_OUT),
            Some(true) => Observation::not_seen([place()]),
            Some(false) => Observation::seen_with(scene.names().param(request, challenge), [scene.names().param(token, verifier)]),
        },
        (_, None) => scene.without_code().unwrap_or_else(|| Observation::moot("the token request carries no code verifier")),
        (None, _) => Observation::not_recorded("the authorization request with its challenge is not in the capture"),
    };
    let redeems = token.grant() == Some(Grant::AuthorizationCode);
    let absent = match (verifier, redeems) {
        (Some(_), _) => Observation::not_seen([place()]),
        (None, true) => Observation::seen(scene.names().step(token)),
        (None, false) => Observation::moot("the request redeems no authorization code"),
    };
    vec![mismatch.is(compared), missing.is(absent), sent]
}

fn sends_challenge(scene: &Scene<'_, '_>) -> Observation {
    let Some(step) = scene.request().filter(|step| step.endpoint == Endpoint::Authorize) else {
        return scene.without_request();
    };
    let challenge = scene.names().request_param(step, "code_challenge");
    Observation::seen_or(challenge, Observation::not_seen(scene.searched("code_challenge")))
}
