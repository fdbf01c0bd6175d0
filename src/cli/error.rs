//! What ends a run before its work is done. What a capture lacks or hides is no such error: that is reported.

use super::config::DefaultsError;
use super::output::OutputError;
use super::password::PasswordError;
use super::shown;
use crate::knowledge::Mistake;
use crate::report::printable;
use std::error::Error;
use std::io;
use std::path::PathBuf;

/// Why the program ends with exit status 2 and one line.
#[derive(Debug, thiserror::Error)]
pub(super) enum CliError {
    /// What the system says, of a stream in most cases.
    #[error(transparent)]
    System(#[from] io::Error),
    /// A file cannot be written.
    #[error(transparent)]
    Output(#[from] OutputError),
    /// No password can be had.
    #[error(transparent)]
    Password(#[from] PasswordError),
    /// A file of defaults cannot be used.
    #[error(transparent)]
    Config(#[from] DefaultsError),
    /// Something is wrong in a folder of knowledge.
    #[error("{}", printable(&.0.to_string()))]
    Knowledge(#[from] Mistake),
    /// A log beside the capture cannot be read.
    #[error("{}: {error}", shown(.path))]
    Log {
        /// The log.
        path: PathBuf,
        /// What is wrong with it.
        error: Box<dyn Error + Send + Sync>,
    },
    /// Standard input is read once.
    #[error("standard input holds one capture: only one of the two may be -")]
    BothFromStdin,
    /// Standard input holds a capture where a message is wanted: the ids in it are of many requests.
    #[error("standard input holds a capture, and explain takes a message: entrace diagnose - tells what failed in it")]
    CaptureNotMessage,
    /// What standard input holds is no message.
    #[error("standard input is longer than {} MiB: give the message alone, or diagnose the capture", .most >> 20)]
    LongMessage {
        /// How many bytes are read.
        most: u64,
    },
}
