//! Which row of a log is the failure of a capture.
//!
//! The request id is of this very request. The correlation id is of the sign-in: several requests share it, so the error
//! code has to agree as well. Without an id there is the time, and then everything else that is known has to agree.
//! Where several rows fit, none is taken: a wrong policy would be worse than none.

use super::{Row, SignInLogs};
use crate::entra::{AccountId, Accounts, ClientId, ErrorCode, Guid};
use crate::logs::{self, MOST, one_of};
use chrono::{DateTime, Utc};

/// How far the time of a row may be from that of the failure, in seconds, where no id is known.
const NEAR: i64 = 120;

/// What is known of a failure.
pub struct Sought<'s> {
    /// The trace id of the reply.
    pub trace_id: Option<&'s Guid>,
    /// The correlation id.
    pub correlation_id: Option<&'s Guid>,
    /// When, by the service's clock as far as that is known.
    pub time: Option<DateTime<Utc>>,
    /// The codes that the reply names; none for a failure without a code.
    pub codes: &'s [ErrorCode],
    /// The application.
    pub client: Option<&'s ClientId>,
    /// The directory, by its id.
    pub tenant: Option<&'s Guid>,
    /// The person.
    pub account: Option<AccountId>,
    /// Everybody in the capture.
    pub accounts: &'s Accounts,
}

/// By what a row was found.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum By {
    /// The request id.
    RequestId,
    /// The correlation id and the error code.
    CorrelationId,
    /// The time, the application, the error code, and the account or directory.
    Time,
}

impl By {
    /// The word in reports.
    pub fn name(self) -> &'static str {
        match self {
            Self::RequestId => "request-id",
            Self::CorrelationId => "correlation-id",
            Self::Time => "time",
        }
    }
}

/// What the sign-in logs say of a failure.
pub type Join<'l> = logs::Join<'l, Row, By>;

impl SignInLogs {
    /// Finds the row of a failure.
    pub fn find(&self, sought: &Sought<'_>) -> Join<'_> {
        if self.is_empty() {
            return Join::NoLog;
        }
        let by_request = self.rows.of_trace(sought.trace_id);
        if !by_request.is_empty() {
            return self.rows.one_of(by_request, By::RequestId, |rows| sought.of_code_if_any(rows));
        }
        let by_correlation = self.rows.of_correlation(sought.correlation_id);
        if !by_correlation.is_empty() {
            let fits = |row: &&Row| sought.has_code_of(row) && sought.is_of_client(row) != Some(false);
            let fitting = |rows: Vec<_>| sought.nearest(rows.into_iter().filter(fits).collect());
            return self.rows.one_of(by_correlation, By::CorrelationId, fitting);
        }
        let Some(time) = sought.time.map(|time| time.timestamp()) else { return Join::None };
        let near = self.between(time.saturating_sub(NEAR), time.saturating_add(NEAR));
        let near: Vec<&Row> = near.take(MOST + 1).collect();
        if near.len() > MOST {
            return Join::Several { count: near.len(), by: By::Time };
        }
        one_of(near.into_iter().filter(|row| sought.is_surely(row)).collect(), By::Time)
    }
}

impl Sought<'_> {
    /// A failure without a code may be any failure that was logged.
    fn has_code_of(&self, row: &Row) -> bool {
        row.ending.code().is_some_and(|code| self.codes.is_empty() || self.codes.contains(&code))
    }

    fn of_code_if_any<'l>(&self, rows: Vec<&'l Row>) -> Vec<&'l Row> {
        let fitting: Vec<&Row> = rows.iter().copied().filter(|row| self.has_code_of(row)).collect();
        if fitting.is_empty() { rows } else { fitting }
    }

    /// Those of some rows that are nearest in time.
    fn nearest<'l>(&self, rows: Vec<&'l Row>) -> Vec<&'l Row> {
        let distance = |row: &Row| Some((row.time? - self.time?).num_seconds().abs());
        match rows.iter().map(|row| distance(row)).min() {
            Some(Some(nearest)) => rows.into_iter().filter(|row| distance(row) == Some(nearest)).collect(),
            _ => rows,
        }
    }

    /// Whether a row is of the same application; unknown where one of them does not tell it, or the request names by an identifier
    /// what the log names by id (SAML, WS-Federation).
    fn is_of_client(&self, row: &Row) -> Option<bool> {
        Some(self.client?.guid()? == row.client.as_ref()?)
    }

    /// Whether a row near in time can be nothing else: no id may differ, and application, code, and account or directory
    /// have to be known and the same.
    fn is_surely(&self, row: &Row) -> bool {
        let differ = |one: Option<&Guid>, other: &Option<Guid>| matches!((one, other), (Some(one), Some(other)) if one != other);
        let tenant = self.tenant.zip(row.tenant.as_ref()).map(|(one, other)| one == other);
        let names_somebody = row.user.is_some() || row.user_id.is_some();
        let account = self.account.filter(|_| names_somebody).map(|account| self.account_of(row) == Some(account));
        !differ(self.trace_id, &row.request_id)
            && !differ(self.correlation_id, &row.correlation_id)
            && self.is_of_client(row) == Some(true)
            && !self.codes.is_empty()
            && self.has_code_of(row)
            && tenant != Some(false)
            && account != Some(false)
            && (tenant.is_some() || account.is_some())
    }

    fn account_of(&self, row: &Row) -> Option<AccountId> {
        let named = row.user.as_ref().and_then(|name| self.accounts.find_name(name));
        named.or_else(|| row.user_id.as_ref().and_then(|id| self.accounts.find_object_id(id)))
    }
}
