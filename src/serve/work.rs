//! The work on what was dropped: reading it, and making what leaves of it. It takes as long as it takes, so it runs
//! beside the server's own threads.

use super::problem::Problem;
use super::store::{Read, Stored, Upload};
use crate::analysis::analyze;
use crate::bundle;
use crate::capture::{self, Capture, CaptureError, Document, Limits};
use crate::compare::compare;
use crate::exchange::Secret;
use crate::knowledge::Knowledge;
use crate::redact::{self, Redacted};
use crate::report::{ComparisonReport, html};
use axum::http::StatusCode;
use std::fs::File;
use std::io;
use std::sync::{Arc, MutexGuard, PoisonError};

/// What all work needs to know.
pub(super) struct Worker {
    pub(super) knowledge: Knowledge,
    pub(super) limits: Limits,
}

/// A file to be saved by the reader.
pub(super) struct Made {
    pub(super) name: String,
    pub(super) kind: &'static str,
    pub(super) bytes: Vec<u8>,
    /// How many values were replaced in it.
    pub(super) replaced: usize,
}

impl Worker {
    /// Reads what was dropped, and says what it comes to.
    pub(super) fn read(&self, id: String, name: String, stored: Arc<Stored>, password: Option<Secret>) -> Upload {
        let options = self.options(password.as_ref());
        let found = open(&stored).map_err(CaptureError::Unreadable).and_then(|(_held, file)| Capture::all_from_file(file, &options));
        let read =
            |found: capture::Found| -> Read { (found.name_in(&name), found.capture.map(|capture| analyze(&capture, &self.knowledge))) };
        let captures = match found {
            Ok(found) => found.into_iter().map(read).collect(),
            Err(error) => vec![(name.clone(), Err(error))],
        };
        Upload { id, name, stored, password, captures }
    }

    /// A copy of the one capture in it that is safe to attach.
    ///
    /// # Errors
    /// When it cannot be read, or not be redacted safely.
    pub(super) fn redacted(&self, upload: &Upload, options: &redact::Options) -> Result<Made, Problem> {
        let redacted = self.redact(upload, options)?;
        let name = saved_name(&redacted.replaced_in(&upload.name), "redacted.har");
        let replaced = values(&redacted);
        Ok(Made { name, kind: "application/json", replaced, bytes: redacted.har })
    }

    /// What a ticket needs, as a zip.
    ///
    /// # Errors
    /// When it cannot be read, or not be redacted safely.
    pub(super) fn bundled(&self, upload: &Upload, options: &redact::Options) -> Result<Made, Problem> {
        let redacted = self.redact(upload, options)?;
        let name = saved_name(&redacted.replaced_in(&upload.name), "ticket.zip");
        let replaced = values(&redacted);
        let zipped = bundle::members(redacted, &upload.name, &self.knowledge).and_then(|members| bundle::zipped(&members));
        Ok(Made { name, kind: "application/zip", replaced, bytes: zipped.map_err(|error| Problem::here(&error))? })
    }

    /// Where a sign-in that works and one that fails part, as a page.
    ///
    /// # Errors
    /// When one of the two does not hold one capture that can be read.
    pub(super) fn compared(&self, working: &Upload, failing: &Upload) -> Result<String, Problem> {
        let (one, other) = (self.capture(working)?, self.capture(failing)?);
        let comparison = compare(&one.1, &other.1, &self.knowledge);
        let report = ComparisonReport { working: &one.0, failing: &other.0, comparison: &comparison };
        html::render_comparison(&report).map_err(|error| Problem::here(&error))
    }

    /// The one capture in it that can be read, with its name.
    fn capture(&self, upload: &Upload) -> Result<(String, Capture), Problem> {
        let (_held, file) = open(&upload.stored).map_err(|error| Problem::here(&error))?;
        let found = Capture::all_from_file(file, &self.options(upload.password.as_ref())).map_err(|error| Problem::of_capture(&error))?;
        let (mut read, mut unread) = (Vec::new(), None);
        for found in found {
            let name = found.name_in(&upload.name);
            match found.capture {
                Ok(capture) => read.push((name, capture)),
                Err(error) => unread = unread.or(Some(format!("{name} cannot be compared: {error}"))),
            }
        }
        let several = || {
            let count = read.len();
            format!("{} holds {count} captures, and one is compared with one; unpack it and drop the one that is meant", upload.name)
        };
        let problem = if read.is_empty() { unread.unwrap_or_else(several) } else { several() };
        match (read.pop(), read.is_empty()) {
            (Some(only), true) => Ok(only),
            _ => Err(Problem::new(StatusCode::UNPROCESSABLE_ENTITY, problem)),
        }
    }

    fn redact(&self, upload: &Upload, options: &redact::Options) -> Result<Redacted, Problem> {
        let (_held, file) = open(&upload.stored).map_err(|error| Problem::here(&error))?;
        let document = Document::from_file(file, &self.options(upload.password.as_ref())).map_err(|error| Problem::of_capture(&error))?;
        redact::redact(&document, &self.knowledge, options).map_err(|error| Problem::of_capture(&error))
    }

    fn options(&self, password: Option<&Secret>) -> capture::Options {
        capture::Options { password: password.cloned(), limits: self.limits.clone(), only_traffic: true }
    }
}

/// A handle of the file, for as long as nobody else may read it.
fn open(stored: &Stored) -> io::Result<(MutexGuard<'_, File>, File)> {
    let held = stored.file.lock().unwrap_or_else(PoisonError::into_inner);
    let file = held.try_clone()?;
    Ok((held, file))
}

fn values(redacted: &Redacted) -> usize {
    redacted.receipt.replaced.values().map(|replaced| replaced.values).sum()
}

/// What a file is called when it is saved: the capture's name without its ending, in characters that every system
/// takes.
fn saved_name(capture: &str, ending: &str) -> String {
    let stem = capture.rsplit_once('.').map_or(capture, |(stem, _)| stem);
    let harmless = |c: char| if c.is_ascii_alphanumeric() || matches!(c, '.' | '-' | '_') { c } else { '-' };
    let stem: String = stem.chars().map(harmless).collect();
    let stem = stem.trim_matches(['.', '-']);
    if stem.is_empty() { ending.to_owned() } else { format!("{stem}.{ending}") }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_saved_name_is_one_for_every_system() {
        assert_eq!(saved_name("log in.v2.har", "redacted.har"), "log-in.v2.redacted.har");
        assert_eq!(saved_name("../../x\"\r\n.saz", "ticket.zip"), "x.ticket.zip");
        assert_eq!((saved_name(".har", "a.har"), saved_name("…", "a.har")), ("a.har".to_owned(), "a.har".to_owned()));
    }
}
