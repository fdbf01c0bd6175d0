//! Whether the authority of the request makes sense: its tenant filled in, its cloud the tenant's own.

use super::{Check, Claim, ClaimInfo, LooksAt, Observation, Record, Scene, Start};
use crate::entra::{Endpoint, Evidence, Step, Tenant, TenantName};
use crate::exchange::hosts::{Cloud, Service};

/// Whether the authority of the request makes sense.
pub(super) static CHECK: Check = Check {
    name: "authority",
    about: "Whether the tenant in the address was filled in, and which cloud's host was asked",
    looks_at: LooksAt::Circumstances,
    claims: &CLAIMS,
    observe,
};

static CLAIMS: [ClaimInfo; 8] = [
    ClaimInfo {
        name: "authority.placeholder",
        seen: "The tenant in the address is a placeholder that was never filled in, or no tenant name at all.",
        not_seen: "The tenant in the address has the form of a tenant name.",
        question: "Whether the tenant in the address was filled in",
        record: RECORD,
    },
    ClaimInfo {
        name: "authority.any-tenant",
        seen: "The request goes to no particular tenant (common, organizations or consumers).",
        not_seen: "The request goes to a particular tenant.",
        question: "Whether the request goes to a particular tenant",
        record: RECORD,
    },
    ClaimInfo {
        name: "authority.national-cloud",
        seen: "The request went to the host of a national cloud.",
        not_seen: "The request went to the worldwide cloud's host.",
        question: "Which cloud's host was asked",
        record: RECORD,
    },
    ClaimInfo {
        name: "authority.other-cloud",
        seen: "The capture shows that tenant or code belong to another cloud than the host that was asked.",
        not_seen: "The capture shows that the tenant belongs to the cloud of the host that was asked.",
        question: "Whether tenant and host belong to the same cloud",
        record: Record::Earlier {
            before: Start::Page,
            with: "",
            shows: "libraries fetch the tenant's metadata first (openid-configuration)",
        },
    },
    ClaimInfo {
        name: "authority.resource-of-other-cloud",
        seen: "The request asks for an API of another cloud than the one whose host it goes to.",
        not_seen: "The request asks for no API that is known to be of another cloud.",
        question: "Whether the API that is asked for belongs to the same cloud as the host",
        record: RECORD,
    },
    ClaimInfo {
        name: "authority.other-cloud-visited",
        seen: "Earlier in this capture a sign-in went to the host of another cloud.",
        not_seen: "Every sign-in earlier in this capture went to a host of the same cloud.",
        question: "Whether an earlier sign-in went to another cloud",
        record: RECORD,
    },
    ClaimInfo {
        name: "authority.of-user-name",
        seen: "The request leaves it to the user name which work or school tenant is asked (common, organizations).",
        not_seen: "The user name does not decide which work or school tenant is asked.",
        question: "Whether the user name decides in which tenant the service looks",
        record: RECORD,
    },
    ClaimInfo {
        name: "authority.for-customers",
        seen: "The request goes to a host of Azure AD B2C or External ID, the services for customers.",
        not_seen: "The request goes to the sign-in host for work and school accounts.",
        question: "Whether the request goes to Azure AD B2C or External ID",
        record: RECORD,
    },
];

const RECORD: Record = Record::Earlier {
    before: Start::SignIn("the sign-in begins"),
    with: "so that the first request to the service is in the capture",
    shows: "",
};

fn observe(scene: &Scene<'_, '_>) -> Vec<Claim> {
    let [placeholder, any_tenant, national, other_cloud, resource, visited, of_user_name, for_customers] = &CLAIMS;
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
    let by_name = matches!(tenant.name(), TenantName::Common | TenantName::Organizations);
    let customers = match step.host.map(|host| host.service) {
        None => Observation::not_recorded("the host is none of Microsoft's own"),
        Some(Service::B2c | Service::ExternalId) => Observation::seen(scene.names().step(step)),
        Some(_) => Observation::not_seen([Evidence::searched(step.entry, "request.url.host")]),
    };
    vec![
        placeholder.is(when(*tenant.name() == TenantName::Unusable)),
        any_tenant.is(when(tenant.is_alias())),
        national.is(cloud),
        other_cloud.is(is_of_other_cloud(scene, tenant)),
        resource.is(asks_other_cloud(scene, step)),
        visited.is(visited_other_cloud(scene, step)),
        of_user_name.is(when(by_name)),
        for_customers.is(customers),
    ]
}

fn asks_other_cloud(scene: &Scene<'_, '_>, step: &Step<'_>) -> Observation {
    let Some(host) = step.host else { return Observation::not_recorded("the host is of no known cloud") };
    let Some(parameter) = ["scope", "resource"].into_iter().find(|name| step.params.has(name)) else {
        return Observation::moot("the request names no API");
    };
    let other = step.asked_cloud().is_some_and(|cloud| cloud != host.cloud);
    let evidence = scene.names().request_param(step, parameter).filter(|_| other);
    Observation::seen_or(evidence, Observation::not_seen(scene.searched(parameter)))
}

fn visited_other_cloud(scene: &Scene<'_, '_>, step: &Step<'_>) -> Observation {
    let Some(host) = step.host else { return Observation::not_recorded("the host is of no known cloud") };
    let at = scene.index.steps.first_of_cloud.iter().filter(|(cloud, _)| **cloud != host.cloud).map(|(_, at)| *at).min();
    let earlier = at.filter(|at| *at < scene.event.step).and_then(|at| scene.traffic.steps.get(at));
    Observation::seen_or(earlier.map(|step| scene.names().step(step)), Observation::not_seen(scene.searched_before()))
}

/// What tells the cloud, in this order: the reply that hands a code over, the tenant's own metadata, tokens of the tenant.
fn is_of_other_cloud(scene: &Scene<'_, '_>, tenant: &Tenant) -> Observation {
    let asked = Some(scene.failing).filter(|step| step.host.is_some()).or_else(|| scene.attempt.begin(scene.traffic));
    let Some(host) = asked.and_then(|step| step.host) else { return Observation::not_recorded("the host is of no known cloud") };
    let steps = &scene.index.steps;
    let at = |known: Option<&usize>| known.and_then(|&at| scene.traffic.steps.get(at));
    let code = || scene.attempt.steps(scene.traffic).find(|step| step.endpoint != Endpoint::Metadata && step.reply.cloud.is_some());
    let metadata = || at(steps.metadata.get(tenant));
    let told = code().or_else(metadata).and_then(|step| Some((step, step.reply.cloud?)));
    let tokens = || at(steps.tokens_of_tenant.get(tenant)).and_then(|step| Some((step, step.host?.cloud)));
    match told.or_else(tokens) {
        None => Observation::not_recorded("the tenant's metadata is not in the capture, nor a token of it"),
        Some((told, cloud)) if cloud != host.cloud => Observation::seen(scene.names().step(told)),
        Some((told, _)) if told.endpoint == Endpoint::Metadata => {
            Observation::not_seen([Evidence::searched(told.entry, "response.body.cloud_instance_name")])
        }
        Some((told, _)) => Observation::not_seen([Evidence::searched(told.entry, "request.url.host")]),
    }
}
