//! A log of MSAL as a capture without exchanges: its text is kept for `msal_log`, which finds the errors in it.

use super::Exporter;
use super::source::Source;
use super::warnings::Warning;
use super::{Capture, CaptureError, Format};
use crate::exchange::RawText;
use std::io::Read;

/// How much of a log is read, in bytes. An export can be narrowed to the time in question, and a log be cut.
pub(crate) const LARGEST: u64 = 256 << 20;

const TOO_LARGE: &str = "the log is larger than 256 MiB; what follows was not read";
const NO_UTF8: &str = "some bytes of the log are no UTF-8; they were replaced";

/// Reads a log.
pub(super) fn read(source: Source<'_>) -> Result<Capture, CaptureError> {
    let mut bytes = Vec::new();
    source.into_reader().take(LARGEST + 1).read_to_end(&mut bytes).map_err(CaptureError::of)?;
    let mut warnings = Vec::new();
    let mut warn = |message: &str| warnings.push(Warning::of_file(message));
    if bytes.len() as u64 > LARGEST {
        bytes.pop();
        warn(TOO_LARGE);
    }
    let text = String::from_utf8_lossy(&bytes);
    if matches!(text, std::borrow::Cow::Owned(_)) {
        warn(NO_UTF8);
    }
    Ok(Capture {
        format: Format::MsalLog,
        creator: None,
        exporter: Exporter::Unknown,
        pages: Vec::new(),
        exchanges: Vec::new(),
        entries: 0,
        library_log: Some(RawText::new(text)),
        warnings,
        redacted: false,
    })
}
