//! What became of the authorization code before it was refused.

use super::{Check, Claim, ClaimInfo, Observation, Record, Scene, Start};
use crate::entra::{Endpoint, Evidence};

/// What became of the authorization code before it was refused.
pub(super) static CHECK: Check = Check {
    name: "authorization-code",
    about: "Whether the authorization code was turned in before, or at another tenant",
    claims: &CLAIMS,
    observe,
};

static CLAIMS: [ClaimInfo; 2] = [
    ClaimInfo {
        name: "authorization-code.used-before",
        seen: "The same code was turned in before.",
        not_seen: "The code was not turned in before in this capture.",
        record: Record::Earlier {
            before: Start::SignIn("the sign-in"),
            then: ", with request bodies, at every place that may turn the code in",
        },
    },
    ClaimInfo {
        name: "authorization-code.other-tenant",
        seen: "The code was asked for at one tenant and turned in at another.",
        not_seen: "The code was turned in at the tenant where it was asked for.",
        record: Record::AUTHORIZATION_REQUEST,
    },
];

fn observe(scene: &Scene<'_, '_>) -> Vec<Claim> {
    let [used_before, other_tenant] = &CLAIMS;
    let token = scene.failing().filter(|step| step.endpoint == Endpoint::Token && step.params.has("code"));
    let Some(token) = token else {
        let none = || Observation::not_recorded("the request that turns the code in is not in the capture");
        return vec![used_before.is(none()), other_tenant.is(none())];
    };
    let steps = &scene.index.steps;
    let first_use = token.params.get("code").and_then(|code| steps.first_use.get(code));
    let same = first_use.filter(|first| scene.is_before(Some(first))).and_then(|&at| scene.traffic.steps.get(at));
    let places =
        same.into_iter().flat_map(|step| [scene.names().request_param(step, "code"), scene.names().request_param(token, "code")]).flatten();
    let searched = scene.before(&steps.codes).map(|step| Evidence::searched(step.entry, "request.body.code"));
    let unreadable = scene.is_before(steps.unreadable_token.as_ref());
    let not_before = match unreadable {
        true => Observation::not_recorded("an earlier token request was recorded without its body"),
        false => Observation::not_seen(searched),
    };
    let elsewhere = match (scene.request().and_then(|step| Some((step, step.tenant.as_ref()?))), token.tenant.as_ref()) {
        (Some((_, asked)), Some(turned_in)) if asked.id().is_some() != turned_in.id().is_some() && !asked.is_alias() => {
            Observation::not_recorded("one of the two requests names its tenant by id, the other by domain")
        }
        (Some((request, asked)), Some(turned_in)) if !asked.same(turned_in) && !asked.is_alias() && !turned_in.is_alias() => {
            Observation::seen_with(scene.names().tenant(request, asked), [scene.names().tenant(token, turned_in)])
        }
        (Some(_), Some(_)) => Observation::not_seen([Evidence::searched(token.entry, "request.url.path")]),
        _ => Observation::not_recorded("the authorization request is not in the capture"),
    };
    vec![used_before.is(Observation::seen_or(places, not_before)), other_tenant.is(elsewhere)]
}
