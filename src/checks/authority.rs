//! Whether the authority of the request makes sense: its tenant filled in, its cloud the tenant's own.

use super::{Check, Claim, ClaimInfo, Observation, Scene};
use crate::entra::{Evidence, TenantName};
use crate::exchange::hosts::Cloud;

/// Whether the authority of the request makes sense.
pub(super) static CHECK: Check = Check {
    name: "authority",
    about: "Whether the tenant in the address was filled in, and which cloud's host was asked",
    claims: &CLAIMS,
    observe,
};

static CLAIMS: [ClaimInfo; 3] = [
    ClaimInfo {
        name: "authority.placeholder",
        seen: "The tenant in the address is a placeholder that was never filled in, or no tenant name at all.",
        not_seen: "The tenant in the address has the form of a tenant name.",
        record: RECORD,
    },
    ClaimInfo {
        name: "authority.any-tenant",
        seen: "The request asks no particular tenant (common, organizations or consumers).",
        not_seen: "The request asks a particular tenant.",
        record: RECORD,
    },
    ClaimInfo {
        name: "authority.national-cloud",
        seen: "The request went to the host of a national cloud.",
        not_seen: "The request went to the worldwide cloud's host.",
        record: RECORD,
    },
];

const RECORD: &str = "Record from before the sign-in begins, so that the first request to the service is in the capture.";

fn observe(scene: &Scene<'_, '_>) -> Vec<Claim> {
    let [placeholder, any_tenant, national] = &CLAIMS;
    let begin = scene.attempt.begin(scene.traffic).and_then(|step| Some((step, step.tenant.as_ref()?)));
    let Some((step, tenant)) = begin else {
        let none = || Observation::not_recorded("the request that began the attempt names no tenant");
        return CLAIMS.iter().map(|claim| claim.is(none())).collect();
    };
    let path = || [Evidence::searched(step.entry, "request.url.path")];
    let when = |holds: bool| Observation::seen_or(scene.names().path_tenant(step).filter(|_| holds), Observation::not_seen(path()));
    let cloud = match step.host {
        None => Observation::not_recorded("the host is of no known cloud"),
        Some(host) if host.cloud != Cloud::Public => Observation::seen(scene.names().step(step)),
        Some(_) => Observation::not_seen([Evidence::searched(step.entry, "request.url.host")]),
    };
    vec![placeholder.is(when(*tenant.name() == TenantName::Unusable)), any_tenant.is(when(tenant.is_alias())), national.is(cloud)]
}
