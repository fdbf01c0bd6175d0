//! Whether the request asked for an answer without showing anything.

use super::{Check, Claim, ClaimInfo, LooksAt, Observation, Record, Scene};

/// Whether the request asked for an answer without showing anything.
pub(super) static CHECK: Check = Check { name: "silent-request", about: ABOUT, looks_at: LooksAt::Circumstances, claims: &CLAIMS, observe };

const ABOUT: &str = "Whether the authorization request asked for an answer without showing a page";

static CLAIMS: [ClaimInfo; 1] = [ClaimInfo {
    name: "silent-request.prompt-none",
    seen: "The request forbids any page (prompt=none): it can only be answered from a session that exists.",
    not_seen: "The request allows the service to show a page.",
    question: ABOUT,
    record: Record::AUTHORIZATION_REQUEST,
}];

fn observe(scene: &Scene<'_, '_>) -> Vec<Claim> {
    let [prompt_none] = &CLAIMS;
    let observation = match scene.request() {
        None => scene.without_request(),
        Some(step) => {
            let parameter = if step.saml.is_some() { "SAMLRequest" } else { "prompt" };
            let evidence = scene.names().request_param(step, parameter).filter(|_| step.is_silent());
            Observation::seen_or(evidence, Observation::not_seen(scene.searched(parameter)))
        }
    };
    vec![prompt_none.is(observation)]
}
