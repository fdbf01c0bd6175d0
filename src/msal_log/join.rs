//! Which error of a log is a failure of a capture.
//!
//! The trace id is of this very reply. The correlation id is of a call of the library, which makes several requests: there
//! the codes have to agree, or neither may have one. Where several errors fit that say different things, none is taken.

use super::{Event, MsalLogs};
use crate::entra::{ErrorCode, Guid};
use crate::logs::MOST;

/// What is known of a failure.
pub struct Sought<'s> {
    /// The trace id of the reply.
    pub trace_id: Option<&'s Guid>,
    /// The correlation id.
    pub correlation_id: Option<&'s Guid>,
    /// The codes that the reply names; none for a failure without a code.
    pub codes: &'s [ErrorCode],
    /// OAuth's `error`.
    pub error: Option<&'static str>,
}

/// By what an error was found.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum By {
    /// The trace id.
    TraceId,
    /// The correlation id and the code, or that neither has one.
    CorrelationId,
}

impl By {
    /// The word in reports.
    pub fn name(self) -> &'static str {
        match self {
            Self::TraceId => "trace-id",
            Self::CorrelationId => "correlation-id",
        }
    }
}

/// What a log says of a failure.
#[derive(Clone, Copy)]
#[non_exhaustive]
pub enum Join<'l> {
    /// No log was given.
    NoLog,
    /// This error is the failure.
    Event {
        /// The error.
        event: &'l Event,
        /// By what it was found.
        by: By,
    },
    /// Several errors could be it.
    Several {
        /// How many.
        events: usize,
        /// By what they were found.
        by: By,
    },
    /// No error is it.
    None,
}

impl MsalLogs {
    /// Finds the error that is a failure.
    pub fn find(&self, sought: &Sought<'_>) -> Join<'_> {
        if self.is_empty() {
            return Join::NoLog;
        }
        let (by_trace, by_correlation) = (self.events.of_trace(sought.trace_id), self.events.of_correlation(sought.correlation_id));
        if by_trace.len() > MOST {
            return Join::Several { events: by_trace.len(), by: By::TraceId };
        }
        match one_of(self.events.at(by_trace).collect(), By::TraceId) {
            Join::None if by_correlation.len() > MOST => Join::Several { events: by_correlation.len(), by: By::CorrelationId },
            Join::None => one_of(self.events.at(by_correlation).filter(|event| sought.fits(event)).collect(), By::CorrelationId),
            found => found,
        }
    }
}

impl Sought<'_> {
    /// Whether an error of the same call of the library is this failure.
    fn fits(&self, event: &Event) -> bool {
        // An error that names another reply is that one's.
        let other_reply = matches!((self.trace_id, &event.trace_id), (Some(one), Some(other)) if one != other);
        let codes_fit = match (self.codes, event.codes.as_slice()) {
            ([], []) => true,
            (codes, []) => !codes.is_empty() && self.error.is_some() && self.error == event.error,
            (codes, of_event) => of_event.iter().any(|code| codes.contains(code)),
        };
        codes_fit && !other_reply
    }
}

/// The error, where there is one, or where several say the same.
fn one_of(events: Vec<&Event>, by: By) -> Join<'_> {
    match events.as_slice() {
        [] => Join::None,
        [first, rest @ ..] if rest.iter().all(|event| event.says_the_same(first)) => Join::Event { event: first, by },
        several => Join::Several { events: several.len(), by },
    }
}
