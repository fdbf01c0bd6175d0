//! Calls of an API that attempts began with.

use super::positions::{Positions, in_order};
use crate::entra::{Step, Traffic};

/// Calls of one API by one application.
#[derive(Default)]
pub(super) struct ApiCalls {
    /// Those of which it is known when they were made: in that order, as steps are.
    dated: Positions,
    undated: Positions,
}

impl ApiCalls {
    /// Calls by their positions, in the order of time.
    pub(super) fn of(calls: &[usize], traffic: &Traffic<'_>) -> Self {
        let mut all = Self::default();
        for &at in calls {
            let is_dated = traffic.steps.get(at).is_some_and(|call| call.started.is_some());
            if is_dated { &mut all.dated } else { &mut all.undated }.push(at);
        }
        all
    }

    /// Those that were made when the reply to a call was there: pages make several at once. Where the times are not known, those
    /// behind it.
    pub(super) fn after_reply(&self, at: usize, call: &Step<'_>, traffic: &Traffic<'_>) -> impl Iterator<Item = usize> {
        let lasted = call.exchange.duration_ms.unwrap_or_default() as i64;
        let is_before_reply = |other: &usize| {
            let began = traffic.steps.get(*other).and_then(|other| other.started);
            began.zip(call.started).is_some_and(|(began, asked)| (began - asked).num_milliseconds() < lasted)
        };
        let dated = self.dated.after(at);
        let replied = dated.partition_point(is_before_reply);
        in_order([dated.get(replied..).unwrap_or_default(), self.undated.after(at)])
    }
}
