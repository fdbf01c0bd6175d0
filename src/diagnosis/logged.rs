//! What the logs beside a capture say of a failure: which of their rows or errors it is.

use super::Occurrence;
use crate::checks::Index;
use crate::entra::{ErrorCode, ProtocolError, Traffic};
use crate::logs;
use crate::msal_log::{self as msal, MsalLogs};
use crate::sign_in_log::{By, Join, Row, SignInLogs, Sought};
use crate::signin::{Attempt, FailureEvent};
use chrono::Duration;

/// What the logs beside a capture say of a failure: `P` is the place in a log that tells it, and `B` by what that is found.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Logged<P, B> {
    /// It is told here.
    At {
        /// By what it was found.
        by: B,
        /// The path of the log.
        log: String,
        /// The place in it.
        place: P,
    },
    /// Several could be it, so none was taken.
    Several {
        /// How many.
        count: usize,
        /// By what they were found.
        by: B,
    },
    /// Nowhere.
    Nowhere,
}

/// The row of a sign-in log that is a failure.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct LoggedRow {
    /// The row, counted from 0.
    pub row: usize,
    /// The code that it names; `None` for a success and where it names none.
    pub code: Option<ErrorCode>,
}

/// The error of a log of MSAL that is a failure.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct LoggedError {
    /// Its line or object, counted from 0.
    pub number: usize,
    /// Which of the two: `line` or `error`.
    pub part: &'static str,
    /// The code that it names.
    pub code: Option<ErrorCode>,
    /// The library's or OAuth's name of it, where that is known.
    pub error: Option<&'static str>,
}

impl<P, B> Logged<P, B> {
    fn of<T>(join: logs::Join<'_, T, B>, log_of: impl FnOnce(&T) -> Option<String>, place: impl FnOnce(&T) -> P) -> Option<Self> {
        Some(match join {
            logs::Join::NoLog => return None,
            logs::Join::Found { told, by } => Self::At { by, log: log_of(told).unwrap_or_default(), place: place(told) },
            logs::Join::Several { count, by } => Self::Several { count, by },
            logs::Join::None => Self::Nowhere,
        })
    }
}

/// Finds the row of the sign-in logs that is a failure.
pub fn join<'l>(
    traffic: &Traffic<'_>,
    attempt: &Attempt,
    event: &FailureEvent,
    occurrence: &Occurrence,
    index: &Index,
    logs: &'l SignInLogs,
) -> Join<'l> {
    if logs.is_empty() {
        return Join::NoLog;
    }
    let step = traffic.steps.get(event.step);
    let by_service = event.failure.timestamp.or_else(|| step?.date());
    let by_recorder = || Some(step?.started? + Duration::seconds(index.clock_offset().unwrap_or(0)));
    logs.find(&Sought {
        trace_id: occurrence.trace_id.as_ref(),
        correlation_id: occurrence.correlation_id.as_ref(),
        time: by_service.or_else(by_recorder),
        codes: &event.failure.codes,
        client: attempt.client.as_ref(),
        tenant: attempt.resolved_tenant.as_ref().or_else(|| attempt.tenant.as_ref()?.id()),
        account: attempt.account,
        accounts: &traffic.names.accounts,
    })
}

/// Where the sign-in logs tell it.
pub(super) fn logged(logs: &SignInLogs, join: Join<'_>) -> Option<Logged<LoggedRow, By>> {
    let path = |row: &Row| logs.file_of(row).map(|file| file.path.clone());
    Logged::of(join, path, |row| LoggedRow { row: row.number, code: row.ending.code() })
}

/// Finds the error of MSAL's logs that is a failure.
pub fn join_msal<'l>(event: &FailureEvent, occurrence: &Occurrence, logs: &'l MsalLogs) -> msal::Join<'l> {
    logs.find(&msal::Sought {
        trace_id: occurrence.trace_id.as_ref(),
        correlation_id: occurrence.correlation_id.as_ref(),
        codes: &event.failure.codes,
        error: event.failure.error.map(ProtocolError::name),
    })
}

/// Where the logs of MSAL tell it.
pub(super) fn logged_by_msal(logs: &MsalLogs, join: msal::Join<'_>) -> Option<Logged<LoggedError, msal::By>> {
    let path = |event: &msal::Event| logs.file_of(event).map(|file| file.path.clone());
    Logged::of(join, path, |event| LoggedError { number: event.number, part: event.part, code: event.code(), error: event.error })
}
