//! Which protocol the sign-in speaks: what a step says of an application's settings differs by it.

use super::{Check, Claim, ClaimInfo, LooksAt, Observation, Record, Scene, Start};
use crate::entra::{Endpoint, Evidence};

/// Which protocol the sign-in speaks.
pub(super) static CHECK: Check = Check {
    name: "protocol",
    about: "Which protocol the sign-in speaks: OpenID Connect and OAuth, SAML, or WS-Federation",
    looks_at: LooksAt::Circumstances,
    claims: &CLAIMS,
    observe,
};

static CLAIMS: [ClaimInfo; 2] = [
    ClaimInfo {
        name: "protocol.saml",
        seen: "The application asked by SAML.",
        not_seen: "The application did not ask by SAML.",
        question: "Which protocol the sign-in speaks",
        record: RECORD,
    },
    ClaimInfo {
        name: "protocol.ws-federation",
        seen: "The application asked by WS-Federation.",
        not_seen: "The application did not ask by WS-Federation.",
        question: "Which protocol the sign-in speaks",
        record: RECORD,
    },
];

const RECORD: Record =
    Record::Earlier { before: Start::SignIn("the sign-in begins"), with: "so that the request that began it is in the capture", shows: "" };

fn observe(scene: &Scene<'_, '_>) -> Vec<Claim> {
    let [saml, ws_federation] = &CLAIMS;
    let asked = |by: Endpoint| match scene.attempt.begin(scene.traffic) {
        Some(step) if step.endpoint == by => Observation::seen(scene.names().step(step)),
        Some(step) if is_of_protocol(step.endpoint) => Observation::not_seen([Evidence::searched(step.entry, "request.url")]),
        _ => scene.without_request(),
    };
    vec![saml.is(asked(Endpoint::Saml)), ws_federation.is(asked(Endpoint::WsFederation))]
}

/// Whether a request is of one protocol and of no other.
fn is_of_protocol(endpoint: Endpoint) -> bool {
    matches!(endpoint, Endpoint::Authorize | Endpoint::Token | Endpoint::Saml | Endpoint::WsFederation | Endpoint::DeviceCode)
}
