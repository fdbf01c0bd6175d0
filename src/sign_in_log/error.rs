//! Why a sign-in log cannot be read, and what to do.

use crate::logs::Unread;
use std::io;
use thiserror::Error;

/// Why a sign-in log cannot be read. No message quotes the file.
#[derive(Debug, Error)]
#[non_exhaustive]
pub enum SignInLogError {
    /// The file cannot be opened or read.
    #[error("the sign-in log cannot be read: {0}")]
    Open(#[source] io::Error),
    /// The file is larger than what is read.
    #[error("the sign-in log is larger than 256 MiB: export only the time or the correlation id in question")]
    TooLarge,
    /// The file holds nothing.
    #[error("the sign-in log is empty: download it again")]
    Empty,
    /// It begins as JSON and no row can be read.
    #[error(
        "the sign-in log is JSON, but holds no sign-ins: give what the portal downloads or Microsoft Graph returns from /auditLogs/signIns"
    )]
    NoSignIns,
    /// It is JSON that breaks off before the first row ends.
    #[error("the sign-in log breaks off or is damaged in line {line}, before its first sign-in is complete: download it again")]
    Broken {
        /// The line, from 1.
        line: usize,
    },
    /// It is text without the headings of a log.
    #[error(
        "this is no sign-in log: a CSV needs a first line with the English headings Request ID or Correlation ID, and Date (UTC) or Sign-in error code. \
         Set the portal's language to English, download again, and give the file as it came"
    )]
    NoHeadings,
    /// It has the headings and no row.
    #[error("the sign-in log has headings and no sign-in: widen the filter in the portal, then download again")]
    NoRows,
}

impl From<Unread> for SignInLogError {
    fn from(unread: Unread) -> Self {
        match unread {
            Unread::Open(error) => Self::Open(error),
            Unread::TooLarge => Self::TooLarge,
            Unread::Empty => Self::Empty,
        }
    }
}
