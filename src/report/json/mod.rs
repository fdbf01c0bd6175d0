//! JSON, one frozen schema a file.

mod v1;

use super::CaptureReport;

/// Renders version 1 of the diagnosis, pretty-printed, with a final line break.
///
/// # Errors
///
/// None is known: every part of the report can be written as JSON.
pub fn render(captures: &[CaptureReport<'_>]) -> Result<String, serde_json::Error> {
    let mut text = serde_json::to_string_pretty(&v1::Report::new(captures))?;
    text.push('\n');
    Ok(text)
}
