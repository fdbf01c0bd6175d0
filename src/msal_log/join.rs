//! Which error of a log is a failure of a capture.
//!
//! The trace id is of this very reply. The correlation id is of a call of the library, which makes several requests: there
//! the codes have to agree, or neither may have one. Where several errors fit that say different things, none is taken.

use super::{Event, MsalLogs};
use crate::entra::{ErrorCode, Guid};
use crate::logs;

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

/// What the logs of MSAL say of a failure.
pub type Join<'l> = logs::Join<'l, Event, By>;

impl MsalLogs {
    /// Finds the error that is a failure.
    pub fn find(&self, sought: &Sought<'_>) -> Join<'_> {
        if self.is_empty() {
            return Join::NoLog;
        }
        match self.events.one_of(self.events.of_trace(sought.trace_id), By::TraceId, |events| events) {
            Join::None => self.events.one_of(self.events.of_correlation(sought.correlation_id), By::CorrelationId, |events| {
                events.into_iter().filter(|event| sought.fits(event)).collect()
            }),
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
