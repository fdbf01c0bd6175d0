//! What the request's scopes ask for.

use super::{Check, Claim, ClaimInfo, LooksAt, Observation, Record, Scene};
use crate::entra::{Evidence, Step};

/// What the request's scopes ask for.
pub(super) static CHECK: Check = Check {
    name: "scope",
    about: "Whether the scopes belong to one resource, whether the resource was put together right, and whether single permissions are asked for",
    looks_at: LooksAt::Circumstances,
    claims: &CLAIMS,
    observe,
};

static CLAIMS: [ClaimInfo; 3] = [
    ClaimInfo {
        name: "scope.several-resources",
        seen: "The request asks for scopes of several resources at once (a scope without a resource means Microsoft Graph).",
        not_seen: "The request asks for scopes of one resource only.",
        question: "Whether the scopes belong to one resource",
        record: RECORD,
    },
    ClaimInfo {
        name: "scope.malformed-resource",
        seen: "The resource in the scope was put together wrongly: a scheme stands twice, an id is empty, or something was never filled in.",
        not_seen: "The resource in the scope has a usual form.",
        question: "Whether the resource in the scope was put together right",
        record: RECORD,
    },
    ClaimInfo {
        name: "scope.without-default",
        seen: "A scope of the request asks for a single permission: it does not end in /.default.",
        not_seen: "Every scope of the request ends in /.default.",
        question: "Whether single permissions are asked for",
        record: RECORD,
    },
];

const RECORD: Record = Record::Told("Record the request that was refused, with its body where it is a token request.");

fn observe(scene: &Scene<'_, '_>) -> Vec<Claim> {
    let [several, malformed, without_default] = &CLAIMS;
    let asking = |name: &str| Some(scene.failing).into_iter().chain(scene.request()).find(|step| step.params.has(name));
    let Some(step) = asking("scope") else {
        let none = || Observation::not_recorded("the request's scopes are not in the capture");
        // Version 1 names the resource beside them.
        let of_resource = asking("resource").map_or_else(none, |step| malformed_resource(scene, step, "resource"));
        return vec![several.is(none()), malformed.is(of_resource), without_default.is(none())];
    };
    let when = |holds: bool| {
        let evidence = scene.names().request_param(step, "scope").filter(|_| holds);
        Observation::seen_or(evidence, Observation::not_seen([Evidence::searched(step.entry, step.param_part("scope"))]))
    };
    vec![
        several.is(when(step.asks_several_resources())),
        malformed.is(malformed_resource(scene, step, "scope")),
        without_default.is(when(step.asks_without_default())),
    ]
}

/// Whether a request names a resource that was put together wrongly: in which parameter, or where it was looked for.
fn malformed_resource(scene: &Scene<'_, '_>, step: &Step<'_>, looked: &str) -> Observation {
    let evidence = step.malformed_resource().and_then(|name| scene.names().request_param(step, name));
    Observation::seen_or(evidence, Observation::not_seen([Evidence::searched(step.entry, step.param_part(looked))]))
}
