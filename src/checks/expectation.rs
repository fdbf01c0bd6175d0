//! The tenant and application asked, against what the user expects (`--expect-tenant`, `--expect-client`).

use super::token::used_token;
use super::{Check, Claim, ClaimInfo, LooksAt, Observation, Record, Scene};
use crate::entra::Evidence;

/// The tenant and application asked, against what the user expects.
pub(super) static CHECK: Check = Check {
    name: "expectation",
    about: "Whether the request goes to the tenant and names the application that you expect",
    looks_at: LooksAt::Circumstances,
    claims: &CLAIMS,
    observe,
};

static CLAIMS: [ClaimInfo; 3] = [
    ClaimInfo {
        name: "expectation.other-tenant",
        seen: "The request goes to another tenant than the one you expect.",
        not_seen: "The request goes to the tenant you expect.",
        question: "Whether the request goes to the tenant that you expect",
        record: Record::Nothing,
    },
    ClaimInfo {
        name: "expectation.other-client",
        seen: "The request names another application than the one you expect.",
        not_seen: "The request names the application you expect.",
        question: "Whether the request names the application that you expect",
        record: Record::Nothing,
    },
    ClaimInfo {
        name: "expectation.other-token-tenant",
        seen: "The refused token comes from another tenant than the one you expect.",
        not_seen: "The refused token comes from the tenant you expect.",
        question: "Whether the token comes from the tenant that you expect",
        record: Record::Nothing,
    },
];

fn observe(scene: &Scene<'_, '_>) -> Vec<Claim> {
    let [other_tenant, other_client, other_token_tenant] = &CLAIMS;
    let request = scene.attempt.begin(scene.traffic);
    let tenant = match (&scene.expectation.tenant, &scene.attempt.tenant, request) {
        (None, ..) => Observation::not_recorded("no tenant was given with --expect-tenant"),
        (_, None, _) | (.., None) => Observation::not_recorded("the request names no tenant"),
        (Some(expected), Some(asked), Some(step)) => {
            let resolved = scene.attempt.resolved_tenant.as_ref();
            let same = expected == asked || (expected.id().is_some() && expected.id() == resolved);
            let evidence = scene.names().path_tenant(step).filter(|_| !same);
            Observation::seen_or(evidence, Observation::not_seen([Evidence::searched(step.entry, "request.url.path")]))
        }
    };
    let client = match (&scene.expectation.client, &scene.attempt.client, request) {
        (None, ..) => Observation::not_recorded("no application was given with --expect-client"),
        (_, None, _) | (.., None) => Observation::not_recorded("the request names no application"),
        (Some(expected), Some(asked), Some(step)) => {
            let evidence = scene.names().request_param(step, "client_id").filter(|_| expected != asked);
            Observation::seen_or(evidence, Observation::not_seen([Evidence::searched(step.entry, step.param_part("client_id"))]))
        }
    };
    vec![other_tenant.is(tenant), other_client.is(client), other_token_tenant.is(token_tenant(scene))]
}

fn token_tenant(scene: &Scene<'_, '_>) -> Observation {
    let Some(expected) = scene.expectation.tenant.as_ref().and_then(|tenant| tenant.id()) else {
        return Observation::not_recorded("no tenant id was given with --expect-tenant");
    };
    let token = used_token(scene, scene.failing);
    match token.and_then(|(step, claims)| Some((step, claims.tenant?))) {
        None => Observation::not_recorded("the token is not in the capture, or tells no tenant"),
        Some((step, tenant)) if tenant == *expected => Observation::not_seen([scene.names().token_place(step, "access_token", "tid")]),
        Some((step, tenant)) => Observation::seen(scene.names().token_claim(step, "access_token", "tid", tenant.as_str())),
    }
}
