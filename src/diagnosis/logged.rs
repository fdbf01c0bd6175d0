//! What the logs beside a capture say of a failure: which of their rows or errors it is.

use super::occurrence;
use crate::checks::{Beside, Index};
use crate::entra::{ErrorCode, Traffic};
use crate::msal_log::{self as msal, MsalLogs};
use crate::sign_in_log::{By, Join, SignInLogs, Sought};
use crate::signin::{Attempt, FailureEvent};
use chrono::Duration;

/// Which row of a sign-in log is a failure.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Logged {
    /// This row.
    Row {
        /// By what it was found.
        by: By,
        /// The path of the log.
        log: String,
        /// The row, counted from 0.
        row: usize,
        /// The code that the row names; `None` for a success and where it names none.
        code: Option<ErrorCode>,
    },
    /// Several rows could be it, so none was taken.
    Several {
        /// How many.
        rows: usize,
        /// By what they were found.
        by: By,
    },
    /// None.
    Nowhere,
}

/// Which error of a log of MSAL is a failure.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum LoggedByMsal {
    /// This one.
    Event {
        /// By what it was found.
        by: msal::By,
        /// The path of the log.
        log: String,
        /// The error's line or object, counted from 0.
        number: usize,
        /// Which of the two: `line` or `error`.
        part: &'static str,
        /// The code that it names.
        code: Option<ErrorCode>,
        /// The library's or OAuth's name of it, where that is known.
        error: Option<&'static str>,
    },
    /// Several errors could be it, so none was taken.
    Several {
        /// How many.
        events: usize,
        /// By what they were found.
        by: msal::By,
    },
    /// None.
    Nowhere,
}

/// Finds the row of the sign-in logs that is a failure.
pub fn join<'l>(traffic: &Traffic<'_>, attempt: &Attempt, event: &FailureEvent, index: &Index, beside: &'l Beside) -> Join<'l> {
    if beside.sign_in_logs.is_empty() {
        return Join::NoLog;
    }
    let step = traffic.steps.get(event.step);
    let occurrence = occurrence(traffic, attempt, event);
    let by_service = event.failure.timestamp.or_else(|| step?.date());
    let by_recorder = || Some(step?.started? + Duration::seconds(index.clock_offset().unwrap_or(0)));
    beside.sign_in_logs.find(&Sought {
        trace_id: occurrence.trace_id.as_ref(),
        correlation_id: occurrence.correlation_id.as_ref(),
        time: by_service.or_else(by_recorder),
        codes: event.failure.codes.iter().map(|code| code.number).collect(),
        client: attempt.client.as_deref(),
        tenant: attempt.resolved_tenant.as_ref().or_else(|| attempt.tenant.as_ref()?.id()),
        account: attempt.account,
        accounts: &traffic.names.accounts,
    })
}

pub(super) fn logged(logs: &SignInLogs, join: &Join<'_>) -> Option<Logged> {
    Some(match join {
        Join::NoLog => return None,
        Join::Row { row, by } => Logged::Row {
            by: *by,
            log: logs.file_of(row).map(|file| file.path.clone()).unwrap_or_default(),
            row: row.number,
            code: row.code.filter(|code| *code != 0).map(ErrorCode::aadsts),
        },
        Join::Several { rows, by } => Logged::Several { rows: *rows, by: *by },
        Join::None => Logged::Nowhere,
    })
}

/// Finds the error of MSAL's logs that is a failure.
pub fn join_msal<'l>(traffic: &Traffic<'_>, attempt: &Attempt, event: &FailureEvent, beside: &'l Beside) -> msal::Join<'l> {
    if beside.msal_logs.is_empty() {
        return msal::Join::NoLog;
    }
    let occurrence = occurrence(traffic, attempt, event);
    beside.msal_logs.find(&msal::Sought {
        trace_id: occurrence.trace_id.as_ref(),
        correlation_id: occurrence.correlation_id.as_ref(),
        codes: &event.failure.codes,
        error: event.failure.error,
    })
}

pub(super) fn logged_by_msal(logs: &MsalLogs, join: &msal::Join<'_>) -> Option<LoggedByMsal> {
    Some(match join {
        msal::Join::NoLog => return None,
        msal::Join::Event { event, by } => LoggedByMsal::Event {
            by: *by,
            log: logs.file_of(event).map(|file| file.path.clone()).unwrap_or_default(),
            number: event.number,
            part: event.part,
            code: event.code(),
            error: event.error,
        },
        msal::Join::Several { events, by } => LoggedByMsal::Several { events: *events, by: *by },
        msal::Join::None => LoggedByMsal::Nowhere,
    })
}
