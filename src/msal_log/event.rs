//! One error that MSAL reports: what of it is kept. Nothing of the log's own sentences is.

use super::head::{Head, Level, Library};
use crate::entra::{ErrorCode, Guid, OAuthError, Pasted, Sentence, msal_error};
use crate::logs::Repeatable;
use chrono::{DateTime, Utc};

/// An error in a log.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Event {
    /// Its line, or in JSON its object, counted from 0.
    pub number: usize,
    /// The file it is from.
    pub(super) file: usize,
    /// What `number` counts: `line` or `error`.
    pub part: &'static str,
    /// When the library wrote it, UTC.
    pub time: Option<DateTime<Utc>>,
    /// Which library wrote it.
    pub library: Option<Library>,
    /// The library's or OAuth's name of the error, where it is a known one.
    pub error: Option<&'static str>,
    /// The service's codes, in order.
    pub codes: Vec<ErrorCode>,
    /// `suberror`, where it is a known one.
    pub suberror: Option<&'static str>,
    /// What the service's sentence says, as far as it is known; nothing of its words.
    pub sentence: Sentence,
    /// The correlation id.
    pub correlation_id: Option<Guid>,
    /// The trace id (request id).
    pub trace_id: Option<Guid>,
    /// The time that the service names, UTC.
    pub timestamp: Option<DateTime<Utc>>,
}

/// What a piece of a log comes to.
pub(super) enum Piece {
    /// An error.
    Error(Box<Event>),
    /// An error by its level or class that names nothing which is known.
    Unnamed,
    /// No error.
    Other,
}

/// What names an error of MSAL, whatever the level: the classes of its exceptions, and the fields of its errors.
const NAMES: &[&str] = &[
    "autherror:",
    "servererror:",
    "configurationerror:",
    "msaluirequiredexception",
    "msalinteractionrequiredexception",
    "msalserviceexception",
    "msalclientexception",
    "msalthrottl",
    "msalmanagedidentityexception",
    "\"errorcode\"",
    "\\\"errorcode\\\"",
    "'error_codes'",
    "'error':",
    "\"error\":",
    "refresh failed. ",
];

/// Whether a text names an error as MSAL does.
pub(crate) fn names_error(lower: &str) -> bool {
    NAMES.iter().any(|name| lower.contains(name))
}

/// Whether a text names a code of the service.
pub(super) fn names_code(lower: &str) -> bool {
    lower.contains("aadsts") || lower.contains("aadb2c")
}

impl Event {
    /// What a piece of a log says.
    pub(super) fn read(number: usize, part: &'static str, head: Option<&Head>, text: &str) -> Piece {
        let lower = text.to_ascii_lowercase();
        let is_error = head.is_some_and(|head| head.level == Some(Level::Error));
        let named = is_error || names_error(&lower);
        if !named && !names_code(&lower) {
            return Piece::Other;
        }
        let Pasted { codes, error, suberror, correlation_id, trace_id, timestamp, .. } = Pasted::read(text);
        let error = error.map(OAuthError::name);
        let error = if named { msal_error(text).or(error) } else { error };
        if codes.is_empty() && (error.is_none() || !named) {
            return if named { Piece::Unnamed } else { Piece::Other };
        }
        let head = head.cloned();
        let time = head.as_ref().and_then(|head| head.time);
        Piece::Error(Box::new(Self {
            number,
            file: 0,
            part,
            time,
            sentence: Sentence::of(text, timestamp.or(time)),
            error,
            codes,
            suberror,
            correlation_id: correlation_id.or_else(|| head.as_ref()?.correlation_id.clone()),
            trace_id,
            timestamp,
            library: head.map(|head| head.library),
        }))
    }

    /// The code that the failure is known by.
    pub fn code(&self) -> Option<ErrorCode> {
        // As in a reply, wrappers come first.
        self.codes.last().copied()
    }

    /// When it happened: by the service, else by the library's clock.
    pub fn at(&self) -> Option<DateTime<Utc>> {
        self.timestamp.or(self.time)
    }
}

impl Repeatable for Event {
    fn says_the_same(&self, other: &Self) -> bool {
        let said = |event: &Self| (event.error, event.codes.clone(), event.suberror);
        said(self) == said(other)
    }
}
