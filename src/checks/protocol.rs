//! Which protocol the sign-in speaks: what a step says of an application's settings differs by it.

use super::{Check, Claim, ClaimInfo, LooksAt, Observation, Record, Scene, Start};
use crate::entra::{Endpoint, Evidence};

/// Which protocol the sign-in speaks.
pub(super) static CHECK: Check = Check {
    name: "protocol",
    about: "Which protocol the sign-in speaks: OpenID Connect and OAuth, or SAML",
    looks_at: LooksAt::Circumstances,
    claims: &CLAIMS,
    observe,
};

static CLAIMS: [ClaimInfo; 1] = [ClaimInfo {
    name: "protocol.saml",
    seen: "The application asked by SAML.",
    not_seen: "The application did not ask by SAML.",
    record: Record::Earlier { before: Start::SignIn("the sign-in begins"), then: ", so that the request that began it is in the capture" },
}];

fn observe(scene: &Scene<'_, '_>) -> Vec<Claim> {
    let [saml] = &CLAIMS;
    let asked = match scene.attempt.begin(scene.traffic) {
        Some(step) if step.endpoint == Endpoint::Saml => Observation::seen(scene.names().step(step)),
        Some(step) if matches!(step.endpoint, Endpoint::Authorize | Endpoint::Token | Endpoint::WsFederation | Endpoint::DeviceCode) => {
            Observation::not_seen([Evidence::searched(step.entry, "request.url")])
        }
        _ => Observation::not_recorded(scene.no_request()),
    };
    vec![saml.is(asked)]
}
