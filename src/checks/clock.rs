//! Whether the client's clock agrees with the service's: the recorder's times against `Date` headers, and
//! token times against the moment of their coming.

use super::{Check, Claim, ClaimInfo, LooksAt, Observation, Record, Scene};
use crate::entra::{Evidence, Step};

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
        question: "Whether the clock of the computer that recorded agrees with the servers' clocks",
        record: Record::Told("Record with a tool that keeps the Date headers of replies."),
    },
    ClaimInfo {
        name: "clock.token-not-valid",
        seen: "By the clock of the computer that recorded, the ID token was not valid when it came.",
        not_seen: "By the clock of the computer that recorded, the ID token was valid when it came.",
        question: "Whether the ID token was valid by the clock of the computer that recorded",
        record: Record::Told("Record with response bodies, so that the token's own times are in the capture."),
    },
];

/// What token validation commonly allows.
const TOLERANCE_S: i64 = 300;
/// A difference measured on fewer replies than this could be one slow reply.
const ENOUGH: usize = 3;
/// How many replies around the failure are asked: one file may hold the recordings of several computers.
const AROUND: usize = 11;

/// The replies of the attempt that carry a `Date` header, or those around the failure where these are few, in the order in which
/// they came; each with how many seconds the servers' clock was ahead.
fn around<'a, 'c>(scene: &Scene<'a, 'c>) -> Vec<(&'a Step<'c>, i64)> {
    let dated = &scene.index.steps.dated;
    let of_step = |at: &usize| dated.binary_search_by_key(at, |(at, _)| *at).ok().and_then(|place| dated.get(place));
    let own: Vec<_> =
        scene.attempt.steps.iter().filter_map(of_step).filter_map(|(at, offset)| Some((scene.traffic.steps.get(*at)?, *offset))).collect();
    if own.len() >= ENOUGH {
        return own;
    }
    let here = dated.partition_point(|(at, _)| *at < scene.event.step);
    let near = dated.get(here.saturating_sub(AROUND)..dated.len().min(here + AROUND)).unwrap_or_default();
    let mut near: Vec<_> = near.iter().filter_map(|(at, offset)| Some((scene.traffic.steps.get(*at)?, *offset))).collect();
    let apart = |step: &Step<'_>| {
        let apart = step.started.zip(scene.failing.started).map(|(one, other)| (one - other).num_milliseconds().abs());
        apart.unwrap_or(i64::MAX)
    };
    near.sort_by_key(|(step, _)| apart(step));
    near.truncate(AROUND);
    near.sort_by_key(|(step, _)| step.entry);
    near
}

fn observe(scene: &Scene<'_, '_>) -> Vec<Claim> {
    let [differs, not_valid] = &CLAIMS;
    let (off, right): (Vec<_>, Vec<_>) = around(scene).into_iter().partition(|(_, offset)| offset.abs() > TOLERANCE_S);
    let undated = || scene.attempt.steps(scene.traffic).any(|step| step.status.is_some() && step.date().is_none());
    let too_few = || match undated() {
        true => Observation::not_recorded("too few replies carry a Date header"),
        false => {
            let why = "fewer than three replies are in the capture, and one of them may have come late";
            Observation::not_recorded(why)
                .settled_by(Record::Told("Record some more of the sign-in on the same computer: three replies at least."))
        }
    };
    let difference = if off.len() + right.len() < ENOUGH {
        too_few()
    } else if off.len() >= ENOUGH && right.len() >= ENOUGH {
        Observation::not_recorded("some of the replies around the failure came by a clock that is right, and some by one that is not")
    } else if off.len() > right.len() {
        Observation::seen_or(off.iter().filter_map(|(step, offset)| scene.names().server_time(step, *offset)).take(2), too_few())
    } else {
        Observation::not_seen(right.iter().map(|(step, _)| Evidence::searched(step.entry, "response.header.date")).take(2))
    };
    let tokens: Vec<&Step<'_>> =
        scene.attempt.steps(scene.traffic).filter(|step| step.tokens().is_some_and(|tokens| tokens.id_token.is_some())).collect();
    let off = tokens.iter().find(|step| step.gives_token_out_of_time()).and_then(|step| {
        let claims = step.tokens()?.id_token.as_ref()?;
        let over = claims.expires.filter(|expires| step.started.is_some_and(|started| *expires <= started.timestamp()));
        let (claim, seconds) = over.map(|at| ("exp", at)).or_else(|| Some(("nbf", claims.not_before?)))?;
        Some(scene.names().token_time(step, "id_token", claim, seconds))
    });
    let lost_body = || scene.attempt.steps(scene.traffic).any(|step| step.exchange.response.body.loss().is_some());
    let judged = if tokens.is_empty() {
        let none = Observation::not_recorded("no ID token of this attempt is in the capture");
        // Where every reply has its body, there was none.
        if lost_body() { none } else { none.settled_by(Record::Nothing) }
    } else {
        Observation::seen_or(
            off,
            Observation::not_seen(tokens.iter().map(|step| Evidence::searched(step.entry, "response.body.id_token.exp"))),
        )
    };
    vec![differs.is(difference), not_valid.is(judged)]
}
