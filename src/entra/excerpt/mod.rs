//! What of a capture may be shown: the one allow-list.
//!
//! Names are always shown, values only where they are listed here. An [`Evidence`] with an excerpt can be
//! made in this folder alone, so no report can show what is not listed.

mod labels;
mod names;
mod values;

use super::code::ErrorCode;
use super::tenant::Guid;
use crate::exchange::Secret;
use std::borrow::Cow;

pub use labels::Labels;
pub(super) use labels::secret_kind;
pub use names::{Names, ShownParameter};
use values::policy_name;
pub(crate) use values::{difference, label, method, no_answer, place, recorder};

/// A place in a capture, with what may be shown of it.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Evidence {
    entry: usize,
    part: Cow<'static, str>,
    excerpt: Option<String>,
    /// The log and the row of it, where this is none of the capture's own places.
    row: Option<(LogKind, usize)>,
}

/// A log that stands beside a capture.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[non_exhaustive]
pub enum LogKind {
    /// An export of Entra's sign-in logs.
    SignIn,
    /// A log of MSAL.
    Msal,
}

impl LogKind {
    /// The word in reports.
    pub fn name(self) -> &'static str {
        match self {
            Self::SignIn => "sign-in-log",
            Self::Msal => "msal-log",
        }
    }
}

/// What a field of a sign-in log may show.
pub(crate) enum LogValue<'v> {
    /// A word of ours.
    Word(&'static str),
    /// An id.
    Id(&'v Guid),
    /// The name of a Conditional Access policy, which the administrator needs and who wrote it chose.
    PolicyName(&'v Secret),
}

impl Evidence {
    /// A place that was searched; what is not there has no excerpt.
    pub fn searched(entry: usize, part: impl Into<Cow<'static, str>>) -> Self {
        Self { entry, part: part.into(), excerpt: None, row: None }
    }

    /// A field of a sign-in log's row, with what it shows: the row is that of the failure in this entry.
    pub(crate) fn logged(entry: usize, row: usize, field: &str, value: &LogValue<'_>) -> Self {
        let excerpt = match value {
            LogValue::Word(word) => (*word).to_owned(),
            LogValue::Id(id) => id.to_string(),
            LogValue::PolicyName(name) => policy_name(name.expose()),
        };
        Self { row: Some((LogKind::SignIn, row)), ..Self::shown(entry, log_part(LogKind::SignIn, row, field), excerpt) }
    }

    /// A field of an error in a log of MSAL, with one of our words: the error is that of the failure in this entry.
    pub(crate) fn logged_by_msal(entry: usize, row: usize, field: &str, word: &'static str) -> Self {
        Self { row: Some((LogKind::Msal, row)), ..Self::shown(entry, log_part(LogKind::Msal, row, field), word) }
    }

    /// What somebody pasted, of which nothing is shown.
    pub(crate) fn pasted() -> Self {
        Self::searched(1, "text")
    }

    /// The code that an error in a log of MSAL names.
    pub(crate) fn code_logged_by_msal(entry: usize, row: usize, code: ErrorCode) -> Self {
        Self { row: Some((LogKind::Msal, row)), ..Self::shown(entry, log_part(LogKind::Msal, row, "code"), code.to_string()) }
    }

    /// A field of an error in a log of MSAL, as a place that was searched.
    pub(crate) fn searched_in_msal_log(entry: usize, row: usize, field: &str) -> Self {
        Self { row: Some((LogKind::Msal, row)), ..Self::searched(entry, log_part(LogKind::Msal, row, field)) }
    }

    /// A field of a sign-in log's row, as a place that was searched.
    pub(crate) fn searched_in_log(entry: usize, row: usize, field: &str) -> Self {
        Self { row: Some((LogKind::SignIn, row)), ..Self::searched(entry, log_part(LogKind::SignIn, row, field)) }
    }

    /// The row of a log that this is a place of, counted from 0; `None` for a place of the capture.
    pub fn row(&self) -> Option<usize> {
        self.row.map(|(_, row)| row)
    }

    /// The log that this is a place of; `None` for a place of the capture.
    pub fn log(&self) -> Option<LogKind> {
        self.row.map(|(log, _)| log)
    }

    /// The entry, counted from 0.
    pub fn entry(&self) -> usize {
        self.entry
    }

    /// The part of the exchange, as `request.header.sec-fetch-dest`.
    pub fn part(&self) -> &str {
        &self.part
    }

    /// Whether it is of what a request of the capture posted.
    pub(crate) fn is_of_posted_body(&self) -> bool {
        self.row.is_none() && self.part.starts_with("request.body")
    }

    /// Whether another is of the same part of the same entry, whatever each shows of it.
    pub fn is_at_place_of(&self, other: &Self) -> bool {
        (self.entry, &self.part) == (other.entry, &other.part)
    }

    /// What may be shown of it.
    pub fn excerpt(&self) -> Option<&str> {
        self.excerpt.as_deref()
    }

    fn shown(entry: usize, part: impl Into<Cow<'static, str>>, excerpt: impl Into<String>) -> Self {
        Self { entry, part: part.into(), excerpt: Some(excerpt.into()), row: None }
    }
}

/// A place in a log.
fn log_part(log: LogKind, row: usize, field: &str) -> String {
    format!("{}[{row}].{field}", log.name())
}
