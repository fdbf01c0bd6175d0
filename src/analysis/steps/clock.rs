//! When it happened: the time since an attempt began, and the times in which nothing of it did.

use super::StepSummary;
use crate::capture::Capture;
use chrono::{DateTime, TimeDelta, Utc};
use std::collections::HashMap;

/// A pause shorter than this is no gap, in milliseconds. Steps that follow from each other are closer together than
/// this, and a person who reads a page or a script that waits for an answer (six seconds and more) takes longer.
pub const GAP_MS: u64 = 3000;

/// Time in which nothing of an attempt happened.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Gap {
    /// How long it was in milliseconds: from the end of what came before to the beginning of the step.
    pub milliseconds: u64,
    /// Whether it may have been shorter: the recorder does not tell when what came before was over.
    pub at_most: bool,
    /// How many entries of the capture began in it, whatever they are.
    pub others: usize,
}

/// When an attempt happened by the recorder's clock.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Span {
    /// When its first step began.
    pub started: DateTime<Utc>,
    /// When its last step was over, or began where its duration is not recorded.
    pub ended: DateTime<Utc>,
    /// The id of an earlier attempt that was still under way when it began: of several the one that went on longest.
    pub during: Option<usize>,
}

/// The clock of a capture while its steps are read, in the order of time.
pub(super) struct Clock {
    /// When each entry began, in order.
    starts: Vec<DateTime<Utc>>,
    attempts: HashMap<usize, Progress>,
}

/// How far an attempt has come.
struct Progress {
    began: DateTime<Utc>,
    /// When what was seen of it so far was over.
    over: DateTime<Utc>,
    /// Whether that is known, and not only when it began.
    known: bool,
}

impl Clock {
    pub(super) fn of(capture: &Capture) -> Self {
        let mut starts: Vec<DateTime<Utc>> = capture.exchanges.iter().filter_map(|exchange| exchange.started).collect();
        starts.sort_unstable();
        Self { starts, attempts: HashMap::new() }
    }

    /// How many milliseconds into its attempt a step began, and the gap before it.
    pub(super) fn tick(
        &mut self,
        attempt: Option<usize>,
        started: Option<DateTime<Utc>>,
        duration_ms: Option<u64>,
    ) -> (Option<u64>, Option<Gap>) {
        let (Some(attempt), Some(started)) = (attempt, started) else { return (None, None) };
        let over = end(started, duration_ms);
        let known = duration_ms.is_some();
        let Some(progress) = self.attempts.get_mut(&attempt) else {
            self.attempts.insert(attempt, Progress { began: started, over, known });
            return (Some(0), None);
        };
        let (before, at_most) = (progress.over, !progress.known);
        if over >= progress.over {
            (progress.over, progress.known) = (over, known);
        }
        let since_begin = milliseconds(started - progress.began);
        let pause = milliseconds(started - before).filter(|pause| *pause >= GAP_MS);
        let gap = pause.map(|milliseconds| Gap { milliseconds, at_most, others: self.between(before, started) });
        (since_begin, gap)
    }

    /// How many entries began between two times.
    fn between(&self, from: DateTime<Utc>, to: DateTime<Utc>) -> usize {
        let until = self.starts.partition_point(|start| *start < to);
        until.saturating_sub(self.starts.partition_point(|start| *start <= from))
    }
}

/// When the attempts happened, by id from 1; `None` for those of which no step has a time.
pub(in crate::analysis) fn spans(steps: &[StepSummary], attempts: usize) -> Vec<Option<Span>> {
    let mut spans: Vec<Option<Span>> = vec![None; attempts];
    for step in steps {
        let Some(place) = step.attempt.and_then(|id| spans.get_mut(id.checked_sub(1)?)) else { continue };
        let Some(started) = step.started else { continue };
        let ended = end(started, step.duration_ms);
        match place {
            None => *place = Some(Span { started, ended, during: None }),
            Some(span) => span.ended = span.ended.max(ended),
        }
    }
    let mut longest: Option<(usize, Span)> = None;
    for (id, span) in (1..).zip(&mut spans) {
        let Some(span) = span else { continue };
        let under_way = |(_, other): &(usize, Span)| other.started <= span.started && span.started < other.ended;
        span.during = longest.filter(under_way).map(|(id, _)| id);
        if longest.is_none_or(|(_, other)| other.ended < span.ended) {
            longest = Some((id, *span));
        }
    }
    spans
}

fn end(started: DateTime<Utc>, duration_ms: Option<u64>) -> DateTime<Utc> {
    let duration = duration_ms.and_then(|duration| TimeDelta::try_milliseconds(i64::try_from(duration).ok()?));
    duration.and_then(|duration| started.checked_add_signed(duration)).unwrap_or(started)
}

/// Milliseconds as a number; `None` for what goes backwards.
fn milliseconds(time: TimeDelta) -> Option<u64> {
    u64::try_from(time.num_milliseconds()).ok()
}
