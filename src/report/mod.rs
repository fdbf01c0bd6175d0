//! Reports: one renderer a file, each a pure function of the analyses.

pub mod json;
mod labels;
pub mod markdown;
pub mod ndjson;
pub mod sarif;
pub mod text;

pub(crate) use text::words::printable;

use crate::analysis::Analysis;

/// One capture as reports show it.
pub struct CaptureReport<'a> {
    /// The path as the user gave it.
    pub path: &'a str,
    /// What it came to, or why it could not be read.
    pub outcome: Result<&'a Analysis, String>,
}
