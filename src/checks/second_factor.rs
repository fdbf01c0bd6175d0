//! Whether a second factor was asked for and given.

use super::{Check, Claim, ClaimInfo, LooksAt, Observation, Record, Scene};
use crate::entra::{Endpoint, Evidence};

/// Whether a second factor was asked for and given.
pub(super) static CHECK: Check = Check { name: "second-factor", about: ABOUT, looks_at: LooksAt::Circumstances, claims: &CLAIMS, observe };

const ABOUT: &str = "Whether a second factor was asked for in this attempt";

static CLAIMS: [ClaimInfo; 1] = [ClaimInfo {
    name: "second-factor.asked",
    seen: "A second factor was asked for in this attempt.",
    not_seen: "No second factor was asked for in this attempt.",
    question: ABOUT,
    record: Record::Told("Record the whole sign-in, from before it begins."),
}];

fn observe(scene: &Scene<'_, '_>) -> Vec<Claim> {
    let [asked] = &CLAIMS;
    let steps = || scene.attempt.steps(scene.traffic);
    let places = steps().filter(|step| step.endpoint == Endpoint::Mfa).map(|step| scene.names().step(step));
    let searched = steps().map(|step| Evidence::searched(step.entry, "request.url"));
    let none = match scene.request() {
        None => scene.without_request(),
        Some(_) => Observation::not_seen(searched),
    };
    let observation = Observation::seen_or(places.take(2), none);
    vec![asked.is(observation)]
}
