//! The way in which the request wants its reply delivered.

use super::{Check, Claim, ClaimInfo, LooksAt, Observation, Record, Scene};

/// The way in which the request wants its reply delivered.
pub(super) static CHECK: Check = Check {
    name: "response-mode",
    about: "Whether the way in which the authorization request wants its reply delivered exists and may carry what it asks for",
    looks_at: LooksAt::Circumstances,
    claims: &CLAIMS,
    observe,
};

static CLAIMS: [ClaimInfo; 2] = [
    ClaimInfo {
        name: "response-mode.tokens-in-query",
        seen: "The request asks for tokens, and that they travel in the query of an address (response_mode=query).",
        not_seen: "The request does not want tokens in the query of an address.",
        question: "Whether the request wants tokens in the query of an address",
        record: Record::AUTHORIZATION_REQUEST,
    },
    ClaimInfo {
        name: "response-mode.unknown",
        seen: "response_mode names a way that is none of those documented: query, fragment and form_post.",
        not_seen: "response_mode names a documented way, or leaves the choice to the service.",
        question: "Whether the request's response_mode exists",
        record: Record::AUTHORIZATION_REQUEST,
    },
];

fn observe(scene: &Scene<'_, '_>) -> Vec<Claim> {
    let [in_query, unknown] = &CLAIMS;
    let Some(step) = scene.request() else {
        return CLAIMS.iter().map(|claim| claim.is(scene.without_request())).collect();
    };
    // RFC 9101: the parameters may stand in an object that is signed, or was left with the service before.
    let stand_elsewhere = ["request", "request_uri"].iter().any(|name| step.params.has(name));
    if !step.params.has("response_mode") && (step.is_body_unread() || stand_elsewhere) {
        let why = "the request's own parameters are not in the capture";
        return CLAIMS.iter().map(|claim| claim.is(Observation::not_recorded(why))).collect();
    }
    let when = |holds: bool| {
        let evidence = scene.names().request_param(step, "response_mode").filter(|_| holds);
        Observation::seen_or(evidence, Observation::not_seen(scene.searched("response_mode")))
    };
    vec![in_query.is(when(step.wants_tokens_in_query())), unknown.is(when(step.wants_unknown_response_mode()))]
}
