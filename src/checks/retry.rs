//! Whether the application repeats a silent request that cannot succeed.

use super::{Check, Claim, ClaimInfo, LooksAt, Observation, Record, Scene};
use crate::entra::Evidence;

/// Whether the application repeats a silent request that cannot succeed.
pub(super) static CHECK: Check = Check { name: "retry", about: ABOUT, looks_at: LooksAt::WhatFollows, claims: &CLAIMS, observe };

const ABOUT: &str = "Whether the application repeats a failing request instead of letting the person sign in";

static CLAIMS: [ClaimInfo; 1] = [ClaimInfo {
    name: "retry.repeated",
    seen: "The application sent the same request three times or more, and each failed in the same way.",
    not_seen: "The application did not repeat the failing request over and over.",
    question: ABOUT,
    record: Record::Told("Keep recording after the failure, for half a minute."),
}];

/// MSAL repeats a silent request once by itself when the code it got is refused; two are no loop.
const LOOP: usize = 3;

fn observe(scene: &Scene<'_, '_>) -> Vec<Claim> {
    let [repeated] = &CLAIMS;
    let code = scene.event.failure.code();
    let same = (scene.attempt.client.clone(), scene.attempt.kind, code);
    let same = scene.attempts_at(scene.index.attempts.failed_with.get(&same));
    let steps: Vec<_> = same.filter_map(|attempt| attempt.begin(scene.traffic)).take(LOOP).collect();
    let observation = if scene.attempt.client.is_none() {
        scene.without_request()
    } else if let [first, further @ ..] = steps.as_slice()
        && steps.len() >= LOOP
    {
        Observation::seen_with(scene.names().step(first), further.iter().map(|step| scene.names().step(step)))
    } else {
        Observation::not_seen(steps.iter().map(|step| Evidence::searched(step.entry, "request.url")))
    };
    vec![repeated.is(observation)]
}
