//! Sign-ins that follow each other without anybody doing anything.

use super::{Check, Claim, ClaimInfo, LooksAt, Observation, Record, Scene};
use crate::entra::{ClientId, Evidence};
use crate::signin::{Kind, Outcome};

/// Sign-ins that follow each other without anybody doing anything.
pub(super) static CHECK: Check = Check { name: "rounds", about: ABOUT, looks_at: LooksAt::Circumstances, claims: &CLAIMS, observe };

const ABOUT: &str = "Whether the application signs the person in again and again although each sign-in works";

static CLAIMS: [ClaimInfo; 2] = [
    ClaimInfo {
        name: "rounds.again-and-again",
        seen: "Each sign-in worked, and the application began the next one at once.",
        not_seen: "Sign-ins that work do not follow each other.",
        question: ABOUT,
        record: RECORD,
    },
    ClaimInfo {
        name: "rounds.silent-refused-between",
        seen: "Between these sign-ins the application asked silently, was refused, and sent the person to sign in again.",
        not_seen: "No silent request was refused between these sign-ins.",
        question: "Whether a silent request was refused between the sign-ins",
        record: RECORD,
    },
];

const RECORD: Record = Record::Told("Keep recording for half a minute, with Preserve log on.");

fn observe(scene: &Scene<'_, '_>) -> Vec<Claim> {
    let [again, silent_between] = &CLAIMS;
    let same = (scene.attempt.client.clone(), scene.attempt.kind);
    let begun = |attempts| scene.attempts_at(attempts).filter_map(|attempt| attempt.begin(scene.traffic));
    let places = begun(scene.index.attempts.rounds.get(&same)).map(|step| scene.names().step(step));
    let searched = begun(scene.index.attempts.of_kind.get(&same)).map(|step| Evidence::searched(step.entry, "request.url"));
    let observation = if scene.attempt.client.is_none() {
        scene.without_request()
    } else {
        Observation::seen_or(places.take(3), Observation::not_seen(searched))
    };
    vec![again.is(observation), silent_between.is(silent_between_rounds(scene, &same))]
}

/// Silent requests of the application that were refused after the first round of a loop and before its last.
fn silent_between_rounds(scene: &Scene<'_, '_>, same: &(Option<ClientId>, Kind)) -> Observation {
    let attempts = &scene.index.attempts;
    let round = |at: Option<&usize>| scene.sign_ins.attempts.get(*at?).map(|attempt| attempt.begin);
    let rounds = attempts.rounds.get(same);
    let Some((first, last)) = rounds.and_then(|rounds| round(rounds.first()).zip(round(rounds.last()))) else {
        return Observation::not_recorded("sign-ins that work do not follow each other");
    };
    let silent = [Kind::SilentIframe, Kind::SilentTopLevel].into_iter().flat_map(|kind| {
        let all = attempts.of_kind.get(&(same.0.clone(), kind)).map(Vec::as_slice).unwrap_or_default();
        let after = all.partition_point(|&index| round(Some(&index)) < Some(first));
        all.iter().skip(after).take(LOOKED_AT).filter_map(|&index| scene.sign_ins.attempts.get(index))
    });
    let refused = silent.filter(|attempt| attempt.outcome == Outcome::Failed && attempt.begin < last);
    let places = refused.filter_map(|attempt| attempt.begin(scene.traffic)).map(|step| scene.names().step(step));
    let begun = scene.attempts_at(rounds).filter_map(|attempt| attempt.begin(scene.traffic));
    Observation::seen_or(places.take(3), Observation::not_seen(begun.map(|step| Evidence::searched(step.entry, "request.url"))))
}

/// How many silent requests are looked at: each round of a loop is a failure.
const LOOKED_AT: usize = 40;
