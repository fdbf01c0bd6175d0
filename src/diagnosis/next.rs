//! What to record or check to be surer.

use super::weigh::{Confidence, RankedCause};
use crate::checks::{Observations, Scene};
use crate::knowledge::Topic;
use crate::signin::Kind;

/// How many pieces of advice stand in one report: more than two are not followed.
const MOST: usize = 2;

/// There is nothing to add to a cause that is certain.
const SURE: &str = "Nothing more has to be recorded. For a support request keep the correlation id, the trace id and the time.";

/// Nothing is wrong where the application went on by itself.
const HANDLED: &str = "Nothing has to be done: the application got what it asked for afterwards.";

/// A sign-out that came too late has nothing to follow.
const SIGNED_OUT: &str = "Nothing has to be done: the session that was to be ended is over.";

/// The advice for a failure: how to record what the leading candidates lack, else the code's own.
pub(super) fn advice(
    topic: Topic<'_>,
    causes: &[RankedCause],
    observations: &Observations,
    scene: &Scene<'_, '_>,
    handled: bool,
) -> String {
    let (exporter, cookies) = (scene.traffic.capture.exporter, scene.traffic.recording.cookies());
    if handled {
        let signs_out = scene.attempt.kind == Kind::SignOut;
        return if signs_out { SIGNED_OUT } else { HANDLED }.to_owned();
    }
    if causes.first().is_some_and(|first| first.confidence == Confidence::Certain) {
        return SURE.to_owned();
    }
    let mut advice: Vec<&str> = Vec::new();
    // What one candidate lacks most of its siblings lack too: the claim that most of them miss comes first.
    let mut wanted: Vec<(&str, usize)> = Vec::new();
    let lacking = causes.iter().take(4).flat_map(|cause| cause.unknown.iter().filter(|unknown| cause.decisive.contains(unknown.claim)));
    for unknown in lacking {
        match wanted.iter_mut().find(|(claim, _)| *claim == unknown.claim) {
            Some((_, count)) => *count += 1,
            None => wanted.push((unknown.claim, 1)),
        }
    }
    wanted.sort_by_key(|(_, count)| std::cmp::Reverse(*count));
    for (claim, _) in wanted {
        let Some(record) = observations.get(claim).map(|claim| claim.info.record_with(exporter, cookies)) else { continue };
        if !advice.contains(&record) && advice.len() < MOST {
            advice.push(record);
        }
    }
    if advice.is_empty() { topic.next.to_owned() } else { advice.join(" ") }
}

/// The advice for a code that is not known.
pub(super) fn without_knowledge() -> String {
    "Keep the correlation id, the trace id and the time for a support request.".to_owned()
}
