//! Captures are opened, and where one needs a password that was not given, it is asked for once.

use super::inputs::{Input, InputError};
use super::password;
use crate::capture::{Capture, CaptureError, Document, Found, Options};
use crate::report::printable;
use std::io;
use std::path::Path;
use thiserror::Error;

/// Why there is no capture.
#[derive(Debug, Error)]
pub(super) enum ReadError {
    /// There is nothing to be opened.
    #[error(transparent)]
    Input(#[from] InputError),
    /// What was opened cannot be read.
    #[error(transparent)]
    Capture(#[from] CaptureError),
    /// Another number of captures than one.
    #[error("there are {0} captures, and one is compared with one: name a file that holds one")]
    NotOne(usize),
}

/// The captures of an input, each with its name; those of an archive as `archive!member`.
pub(super) fn captures(input: &Input, options: &Options) -> Vec<(String, Result<Capture, ReadError>)> {
    let path = input.path();
    let open = |options: &Options| match input {
        Input::Unreadable(_, problem) => Err(ReadError::from(problem.clone())),
        Input::File(file) => Ok(Capture::open_all(file, options)?),
        Input::Stdin => Ok(Capture::all_from_reader(io::stdin().lock(), options)),
    };
    let is_locked = |found: &Found| matches!(found.capture, Err(CaptureError::PasswordNeeded));
    let mut found = open(options);
    // Standard input is read once, and who answers questions is not there.
    if let (Ok(locked), Input::File(file)) = (&found, input)
        && locked.iter().any(is_locked)
        && let Some(options) = with_password(file, options)
    {
        found = open(&options);
    }
    match found {
        Err(problem) => vec![(path, Err(problem))],
        Ok(found) => found.into_iter().map(|found| (found.name_in(&path), found.capture.map_err(ReadError::from))).collect(),
    }
}

/// The one capture that inputs stand for, with its name.
///
/// # Errors
/// When there is another number of captures, or it cannot be read.
pub(super) fn one_capture(inputs: &[Input], options: &Options) -> Result<(String, Capture), ReadError> {
    let mut found: Vec<_> = inputs.iter().flat_map(|input| captures(input, options)).collect();
    match (found.len(), found.pop()) {
        (1, Some((path, outcome))) => outcome.map(|capture| (path, capture)),
        (count, _) => Err(ReadError::NotOne(count)),
    }
}

/// The one capture that is meant, as a document that can be rewritten.
///
/// # Errors
/// When it cannot be read.
pub(super) fn document(path: &Path, options: &Options) -> Result<Document, CaptureError> {
    if path.as_os_str() == "-" {
        return Document::from_reader(io::stdin().lock(), options);
    }
    match Document::open(path, options) {
        Err(CaptureError::PasswordNeeded) => match with_password(path, options) {
            Some(options) => Document::open(path, &options),
            None => Err(CaptureError::PasswordNeeded),
        },
        other => other,
    }
}

/// The same way of reading with the password that somebody types, if there is somebody.
fn with_password(path: &Path, options: &Options) -> Option<Options> {
    let password = password::asked(&printable(&path.display().to_string()))?;
    Some(Options { password: Some(password), ..options.clone() })
}
