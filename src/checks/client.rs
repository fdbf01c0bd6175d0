//! Whose application asks.

use super::{Check, Claim, ClaimInfo, LooksAt, Observation, Record, Scene};
use crate::entra::{Evidence, is_of_microsoft};

/// Whose application asks.
pub(super) static CHECK: Check = Check {
    name: "client",
    about: "Whether the application that asks is one of Microsoft's own, which nobody else can configure",
    looks_at: LooksAt::Circumstances,
    claims: &CLAIMS,
    observe,
};

static CLAIMS: [ClaimInfo; 1] = [ClaimInfo {
    name: "client.microsofts-own",
    seen: "The application is one of Microsoft's own.",
    not_seen: "The application is none of Microsoft's own that are known.",
    question: "Whether the application is one of Microsoft's own",
    record: Record::AUTHORIZATION_REQUEST,
}];

fn observe(scene: &Scene<'_, '_>) -> Vec<Claim> {
    let [own] = &CLAIMS;
    let asked = [Some(scene.failing), scene.attempt.begin(scene.traffic)].into_iter().flatten();
    let named = asked.filter_map(|step| Some((step, scene.names().request_param(step, "client_id")?))).next();
    let observation = match (&scene.attempt.client, named) {
        (None, _) | (_, None) => Observation::not_recorded("the request names no application"),
        (Some(client), Some((step, place))) => {
            let is_own = client.guid().is_some_and(is_of_microsoft);
            Observation::seen_or(
                Some(place).filter(|_| is_own),
                Observation::not_seen([Evidence::searched(step.entry, step.param_part("client_id"))]),
            )
        }
    };
    vec![own.is(observation)]
}
