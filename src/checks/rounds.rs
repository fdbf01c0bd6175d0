//! Sign-ins that follow each other without anybody doing anything.

use super::{Check, Claim, ClaimInfo, LooksAt, Observation, Record, Scene};
use crate::entra::Evidence;

/// Sign-ins that follow each other without anybody doing anything.
pub(super) static CHECK: Check = Check {
    name: "rounds",
    about: "Whether the application signs the person in again and again although each sign-in works",
    looks_at: LooksAt::Circumstances,
    claims: &CLAIMS,
    observe,
};

static CLAIMS: [ClaimInfo; 1] = [ClaimInfo {
    name: "rounds.again-and-again",
    seen: "Each sign-in worked, and the application began the next one at once.",
    not_seen: "Sign-ins that work do not follow each other.",
    record: Record::Told("Keep recording for half a minute, with Preserve log on."),
}];

fn observe(scene: &Scene<'_, '_>) -> Vec<Claim> {
    let [again] = &CLAIMS;
    let same = (scene.attempt.client.clone(), scene.attempt.kind);
    let begun = |attempts| scene.attempts_at(attempts).filter_map(|attempt| attempt.begin(scene.traffic));
    let places = begun(scene.index.attempts.rounds.get(&same)).map(|step| scene.names().step(step));
    let searched = begun(scene.index.attempts.of_kind.get(&same)).map(|step| Evidence::searched(step.entry, "request.url"));
    let observation = if scene.attempt.client.is_none() {
        Observation::not_recorded(scene.no_request())
    } else {
        Observation::seen_or(places.take(3), Observation::not_seen(searched))
    };
    vec![again.is(observation)]
}
