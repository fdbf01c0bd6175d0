//! Why a log of MSAL cannot be read, and what to do.

use crate::logs::Unread;
use std::io;
use thiserror::Error;

/// Why a log of MSAL cannot be read. No message quotes the file.
#[derive(Debug, Error)]
#[non_exhaustive]
pub enum MsalLogError {
    /// The file cannot be opened or read.
    #[error("the log of MSAL cannot be read: {0}")]
    Open(#[source] io::Error),
    /// The file is larger than what is read.
    #[error("the log of MSAL is larger than 256 MiB: cut it down to the time of the sign-in")]
    TooLarge,
    /// The file holds nothing.
    #[error("the log of MSAL is empty: save the console or the log again")]
    Empty,
    /// No line of it is MSAL's.
    #[error(
        "this is no log of MSAL: no line of it is MSAL's, and none names an error. Turn MSAL's logging on (docs/capturing.md), \
         sign in again, and save the console or the log"
    )]
    NoLines,
}

impl From<Unread> for MsalLogError {
    fn from(unread: Unread) -> Self {
        match unread {
            Unread::Open(error) => Self::Open(error),
            Unread::TooLarge => Self::TooLarge,
            Unread::Empty => Self::Empty,
        }
    }
}
