//! Exports of Entra's sign-in logs: what the service wrote down of the sign-ins that a capture shows from outside.
//!
//! A log is no capture and no source of failures: its rows are joined to failures of the capture ([`Join`]), and add
//! what no capture can know. What may be shown of a row comes, as everything, from `entra`'s allow-list.
//!
//! ```
//! use entrace::analysis::analyze_beside;
//! use entrace::checks::Beside;
//! use entrace::sign_in_log::SignInLogs;
//! use entrace::{Capture, Knowledge};
//!
//! # let rows = r#"[{"id":"67b6a293-0a25-4604-ac01-e2caa7660100","correlationId":"01a1f968-29a0-7f26-8ffb-4f7e7f05ae56","status":{"errorCode":50058}}]"#;
//! let mut sign_in_logs = SignInLogs::default();
//! sign_in_logs.add_bytes("signins.json", rows.as_bytes())?; // a file: add(path)
//! let capture = Capture::open("fixtures/third-party-cookies-blocked.v4.devtools-full.har".as_ref())?;
//! let analysis = analyze_beside(&capture, &Knowledge::builtin(), &Beside { sign_in_logs, ..Beside::default() });
//! assert_eq!(analysis.sign_in_log.map(|summary| summary.tally.joined), Some(1));
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```

mod csv;
mod error;
mod join;
mod json;
mod row;

pub use error::SignInLogError;
pub use join::{By, Join, Sought};
pub use row::{Access, Control, Device, Ending, Factor, JoinType, PasswordCheck, Policy, Reason, Risk, Row, SecondFactor};

use crate::logs::{Told, bytes_of, text_of};
use std::fmt;
use std::path::Path;

/// The rows of every log that was given.
#[derive(Clone, Default)]
pub struct SignInLogs {
    /// The files, in the order in which they were given.
    pub files: Vec<SignInLogFile>,
    rows: Told<Row>,
    /// Rows by time: seconds since 1970, and the row.
    by_time: Vec<(i64, usize)>,
}

/// One file.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct SignInLogFile {
    /// The path as it was given.
    pub path: String,
    /// How it is written.
    pub format: SignInLogFormat,
    /// How many sign-ins were read from it.
    pub rows: usize,
    /// What was lost in reading.
    pub warnings: Vec<String>,
}

/// How a log is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum SignInLogFormat {
    /// A list, lines or an answer of Microsoft Graph, in JSON.
    Json,
    /// The table that the portal gives.
    Csv,
}

impl SignInLogFormat {
    /// The word in reports.
    pub fn name(self) -> &'static str {
        match self {
            Self::Json => "json",
            Self::Csv => "csv",
        }
    }
}

/// What a reader makes of a file.
#[derive(Default)]
struct Contents {
    rows: Vec<Row>,
    warnings: Vec<String>,
}

impl Contents {
    /// Takes the next row; one that is no sign-in is counted and left out.
    fn add(&mut self, number: usize, row: Option<Row>, strange: &mut usize) {
        match row {
            Some(row) => self.rows.push(Row { number, ..row }),
            None => *strange += 1,
        }
    }

    fn tell_strange(&mut self, strange: usize) {
        if strange > 0 {
            let rows = if strange == 1 { "1 row is".to_owned() } else { format!("{strange} rows are") };
            self.warnings.push(format!("{rows} no sign-in: ids, or the error code and the time, are missing"));
        }
    }
}

/// Tells the files and how many rows they have, and nothing of the rows.
impl fmt::Debug for SignInLogs {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("SignInLogs").field("files", &self.files).field("rows", &self.rows().len()).finish_non_exhaustive()
    }
}

impl SignInLogs {
    /// Adds a file: JSON from Microsoft Graph or the portal, lines of JSON, or CSV from the portal.
    ///
    /// # Errors
    /// When it cannot be opened, or no sign-in can be read from it.
    pub fn add(&mut self, path: &Path) -> Result<(), SignInLogError> {
        self.add_bytes(&path.display().to_string(), &bytes_of(path)?)
    }

    /// Adds a file's bytes under its path.
    ///
    /// # Errors
    /// When no sign-in can be read from it.
    pub fn add_bytes(&mut self, path: &str, bytes: &[u8]) -> Result<(), SignInLogError> {
        let text = text_of(bytes)?;
        let is_json = text.trim_start().starts_with(['{', '[']);
        let (format, contents) = match is_json {
            true => (SignInLogFormat::Json, json::read(&text)?),
            false => (SignInLogFormat::Csv, csv::read(&text)?),
        };
        let file = self.files.len();
        self.files.push(SignInLogFile { path: path.to_owned(), format, rows: contents.rows.len(), warnings: contents.warnings });
        for row in contents.rows {
            let (request_id, correlation_id, time) = (row.request_id.clone(), row.correlation_id.clone(), row.time);
            let at = self.rows.add(Row { file, ..row }, request_id, correlation_id);
            self.by_time.extend(time.map(|time| (time.timestamp(), at)));
        }
        self.by_time.sort_unstable();
        Ok(())
    }

    /// Whether no log was given.
    pub fn is_empty(&self) -> bool {
        self.files.is_empty()
    }

    /// Every row, in the order of the files.
    pub fn rows(&self) -> &[Row] {
        self.rows.all()
    }

    /// The file of a row.
    pub fn file_of(&self, row: &Row) -> Option<&SignInLogFile> {
        self.files.get(row.file)
    }

    /// The rows between two times, in seconds since 1970, both included.
    pub fn between(&self, first: i64, last: i64) -> impl Iterator<Item = &Row> {
        let from = self.by_time.partition_point(|(time, _)| *time < first);
        let to = self.by_time.partition_point(|(time, _)| *time <= last);
        self.by_time.get(from..to).unwrap_or_default().iter().filter_map(|(_, at)| self.rows().get(*at))
    }
}

#[cfg(test)]
mod tests;
