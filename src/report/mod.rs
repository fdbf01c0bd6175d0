//! Reports: one renderer a file, each a pure function of the analyses.
//!
//! ```
//! use entrace::report::{CaptureReport, html, text};
//! use entrace::{Capture, Knowledge, analyze};
//!
//! let path = "fixtures/signed-out.v5.devtools-full.har";
//! let analysis = analyze(&Capture::open(path.as_ref())?, &Knowledge::builtin());
//! let reports = [CaptureReport::new(path, Ok(&analysis))];
//! assert!(text::render(&reports, &text::Options::default()).contains("Verdict: failing"));
//! assert!(html::render(&reports)?.starts_with("<!DOCTYPE html>"));
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```
//!
//! Every format has a `render` for captures (`sarif` and `ndjson` for these alone), and where it makes sense a
//! `render_explanation` and a `render_comparison`. A report on many captures need not wait for the last one, see [`Growing`]:
//! [`text::Scroll`], [`json::Document`], [`ndjson::Lines`], [`markdown::Chapters`], [`html::Articles`]; timelines are
//! [`text::Timelines`], [`markdown::Timelines`] and [`json::Document::of_timelines`].

#[cfg(feature = "cli")]
mod card;
pub mod html;
pub mod json;
mod labels;
pub mod markdown;
pub mod ndjson;
pub mod sarif;
pub mod text;
mod timeline;
mod words;

#[cfg(feature = "cli")]
pub(crate) use card::Card;
#[cfg(feature = "cli")]
pub(crate) use words::explain::read as read_of_message;
#[cfg(feature = "cli")]
pub(crate) use words::printable;

use crate::analysis::Analysis;
use crate::compare::Comparison;
use std::error::Error;
use std::io;

/// A report that is written capture by capture, so that nothing has to be kept of one but what stands elsewhere.
pub trait Growing {
    /// What the next capture adds at the end.
    ///
    /// # Errors
    /// None is known: every part of the report can be written as text.
    fn add(&mut self, capture: &CaptureReport<'_>) -> io::Result<String>;

    /// What is known after the last capture only. No capture may be added after that.
    ///
    /// # Errors
    /// None is known, as above.
    fn finish(&mut self) -> io::Result<Frame>;

    /// Whether what captures add is the beginning of the report: [`Frame::before`] is empty then.
    fn begins_with_captures(&self) -> bool {
        true
    }
}

/// What stands around that which captures add to a report.
#[derive(Clone, Debug, Default)]
pub struct Frame {
    /// Before all of it.
    pub before: String,
    /// After all of it.
    pub after: String,
}

/// One capture as reports show it.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct CaptureReport<'a> {
    /// The path as the user gave it.
    pub path: &'a str,
    /// What it came to, or why it could not be read.
    pub outcome: Result<&'a Analysis, Unread<'a>>,
}

/// Why there is nothing to report on: a [`CaptureError`](crate::capture::CaptureError), or what kept somebody from opening
/// the capture at all.
pub type Unread<'a> = &'a (dyn Error + Send + Sync + 'static);

impl<'a> CaptureReport<'a> {
    /// The report on the capture of a path.
    pub fn new(path: &'a str, outcome: Result<&'a Analysis, Unread<'a>>) -> Self {
        Self { path, outcome }
    }

    /// The same of an analysis that is kept with its error.
    pub fn of<E: Error + Send + Sync + 'static>(path: &'a str, outcome: &'a Result<Analysis, E>) -> Self {
        Self { path, outcome: outcome.as_ref().map_err(|error| error as Unread<'a>) }
    }
}

/// A comparison as reports show it.
#[derive(Clone, Copy, Debug)]
#[non_exhaustive]
pub struct ComparisonReport<'a> {
    /// The path of the working capture as the user gave it.
    pub working: &'a str,
    /// The path of the failing capture as the user gave it.
    pub failing: &'a str,
    /// What the comparison came to.
    pub comparison: &'a Comparison,
}

impl<'a> ComparisonReport<'a> {
    /// The report on a comparison of two captures, by their paths.
    pub fn new(working: &'a str, failing: &'a str, comparison: &'a Comparison) -> Self {
        Self { working, failing, comparison }
    }
}
