//! Whether the client's clock agrees with the service's: the recorder's times against `Date` headers, and
//! token times against the moment of their coming.

use super::{Check, Claim, ClaimInfo, LooksAt, Observation, Record, Scene};
use crate::entra::{Evidence, Step};
use crate::signin::token_is_off;

/// Whether the client's clock agrees with the service's.
pub(super) static CHECK: Check = Check {
    name: "clock",
    about: "Whether the clock of the computer that recorded agrees with the clocks of the servers",
    looks_at: LooksAt::Circumstances,
    claims: &CLAIMS,
    observe,
};

static CLAIMS: [ClaimInfo; 2] = [
    ClaimInfo {
        name: "clock.differs",
        seen: "The clock of the computer that recorded differs from the servers' clocks by more than five minutes.",
        not_seen: "The clock of the computer that recorded agrees with the servers' clocks.",
        record: Record::Told("Record with a tool that keeps the Date headers of replies."),
    },
    ClaimInfo {
        name: "clock.token-not-valid",
        seen: "By the clock of the computer that recorded, the ID token was not valid when it came.",
        not_seen: "By the clock of the computer that recorded, the ID token was valid when it came.",
        record: Record::Told("Record with response bodies, so that the token's own times are in the capture."),
    },
];

/// What token validation commonly allows.
const TOLERANCE_S: i64 = 300;
/// A difference measured on fewer replies than this could be one slow reply.
const ENOUGH: usize = 3;

fn observe(scene: &Scene<'_, '_>) -> Vec<Claim> {
    let [differs, not_valid] = &CLAIMS;
    let offsets = &scene.index.steps.dated;
    let dated = || offsets.iter().filter_map(|(at, offset)| Some((scene.traffic.steps.get(*at)?, *offset)));
    let difference = match scene.index.steps.clock_offset {
        Some(median) if offsets.len() >= ENOUGH => {
            let places = dated()
                .filter(|(_, offset)| median.abs() > TOLERANCE_S && offset.abs() > TOLERANCE_S)
                .filter_map(|(step, offset)| scene.names().server_time(step, offset));
            let looked = dated().map(|(step, _)| Evidence::searched(step.entry, "response.header.date"));
            Observation::seen_or(places.take(2), Observation::not_seen(looked.take(2)))
        }
        _ => Observation::not_recorded("too few replies carry a Date header"),
    };
    let tokens: Vec<&Step<'_>> =
        scene.attempt.steps(scene.traffic).filter(|step| step.tokens().is_some_and(|tokens| tokens.id_token.is_some())).collect();
    let off = tokens.iter().find(|step| token_is_off(step)).map(|step| scene.names().step(step));
    let judged = if tokens.is_empty() {
        Observation::not_recorded("no ID token of this attempt is in the capture")
    } else {
        Observation::seen_or(
            off,
            Observation::not_seen(tokens.iter().map(|step| Evidence::searched(step.entry, "response.body.id_token.exp"))),
        )
    };
    vec![differs.is(difference), not_valid.is(judged)]
}
