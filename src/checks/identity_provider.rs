//! Another identity provider in the course of the sign-in: AD FS or another federated one, or the Microsoft account service.

use super::{Check, Claim, ClaimInfo, Observation, Record, Scene, Start};
use crate::entra::{Evidence, Step};

/// Another identity provider in the course of the sign-in.
pub(super) static CHECK: Check = Check {
    name: "identity-provider",
    about: "Whether another identity provider, to which the person was sent, failed or refused",
    claims: &CLAIMS,
    observe,
};

static CLAIMS: [ClaimInfo; 1] = [ClaimInfo {
    name: "identity-provider.failed",
    seen: "The identity provider that the person was sent to failed or refused, and what it said is its own affair.",
    not_seen: "The identity provider that the person was sent to showed no error.",
    record: Record::Earlier { before: Start::SignIn("the sign-in begins"), then: ", with the traffic of the identity provider" },
}];

fn observe(scene: &Scene<'_, '_>) -> Vec<Claim> {
    let [failed] = &CLAIMS;
    let mut visited = scene.attempt.steps(scene.traffic).filter(|step| step.is_at_provider()).peekable();
    if visited.peek().is_none() {
        return vec![failed.is(Observation::not_recorded("no other identity provider is in this attempt"))];
    }
    let steps: Vec<&Step<'_>> = visited.collect();
    let last = steps.iter().rev().take(1).filter(|step| step.reply.provider_failed.is_some());
    let looked = steps.iter().map(|step| Evidence::searched(step.entry, "response"));
    vec![failed.is(Observation::seen_or(last.map(|step| scene.names().step(step)), Observation::not_seen(looked)))]
}
