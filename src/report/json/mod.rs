//! JSON, one frozen schema a file.

mod compare_v1;
pub(super) mod diagnose_v1;
mod explain_v1;
mod timeline_v1;

pub use compare_v1::render_comparison;
pub use explain_v1::render_explanation;

use super::words::steers;
use super::{CaptureReport, Frame, Growing};
use diagnose_v1::Tool;
use std::fmt::Write;
use std::io;

/// Renders version 1 of the diagnosis, pretty-printed, with a final line break.
///
/// # Errors
/// None is known: every part of the report can be written as JSON.
pub fn render(captures: &[CaptureReport<'_>]) -> io::Result<String> {
    let mut document = Document::new()?;
    let mut text = captures.iter().map(|capture| document.written(capture)).collect::<io::Result<String>>()?;
    text.push_str(&document.around().after);
    Ok(text)
}

/// The report as it grows.
pub struct Document {
    /// What stands before the list of captures.
    head: String,
    /// Whether a capture has been added.
    begun: bool,
    /// Writes one capture.
    capture: fn(&CaptureReport<'_>) -> serde_json::Result<String>,
}

impl Document {
    /// A report without captures.
    ///
    /// # Errors
    /// None is known: every part of the report can be written as JSON.
    pub fn new() -> io::Result<Self> {
        Self::with(diagnose_v1::SCHEMA, |capture| serde_json::to_string_pretty(&diagnose_v1::CaptureV1::new(capture)))
    }

    /// A document of timelines without captures: `entrace/timeline/1`.
    ///
    /// # Errors
    /// None is known, as above.
    pub fn of_timelines() -> io::Result<Self> {
        Self::with(timeline_v1::SCHEMA, |capture| serde_json::to_string_pretty(&timeline_v1::TimelineV1::new(capture)))
    }

    fn with(schema: &str, capture: fn(&CaptureReport<'_>) -> serde_json::Result<String>) -> io::Result<Self> {
        let (schema, tool) = (serde_json::to_string(schema)?, serde_json::to_string_pretty(&Tool::this())?);
        let head = format!("{{\n  \"schema\": {schema},\n  \"tool\": {},\n  \"captures\": [", indented(1, &tool));
        Ok(Self { head, begun: false, capture })
    }

    fn written(&mut self, capture: &CaptureReport<'_>) -> io::Result<String> {
        let before = if self.begun { "," } else { &self.head };
        let text = format!("{before}\n    {}", indented(2, &harmless((self.capture)(capture)?)));
        self.begun = true;
        Ok(text)
    }

    fn around(&mut self) -> Frame {
        let after = if self.begun { format!("\n  {FOOT}") } else { format!("{}{FOOT}", self.head) };
        Frame { after, ..Frame::default() }
    }
}

/// What stands behind the last capture: the list is the last field.
const FOOT: &str = "]\n}\n";

/// A value as it stands so deep in a document.
pub(super) fn indented(depth: usize, json: &str) -> String {
    // In strings line breaks are escapes, so these are those of the layout.
    json.replace('\n', &format!("\n{}", "  ".repeat(depth)))
}

impl Growing for Document {
    fn add(&mut self, capture: &CaptureReport<'_>) -> io::Result<String> {
        self.written(capture)
    }

    fn finish(&mut self) -> io::Result<Frame> {
        Ok(self.around())
    }
}

/// The same JSON, with what steers a terminal or reorders what is read as escapes. JSON itself asks that of the
/// first 32 control characters only (RFC 8259, section 7); all of these can stand nowhere but in strings.
pub(super) fn harmless(json: String) -> String {
    let escaped = |c: char| c != '\n' && steers(c);
    if !json.contains(escaped) {
        return json;
    }
    let mut text = String::with_capacity(json.len());
    for c in json.chars() {
        if escaped(c) {
            for unit in c.encode_utf16(&mut [0; 2]) {
                // Writing to a string cannot fail.
                let _ = write!(text, "\\u{unit:04x}");
            }
        } else {
            text.push(c);
        }
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_steers_is_escaped_and_still_the_same() {
        let strings = ["\u{9b}2J\u{7f}", "a\u{202e}b", "\u{e0041}", "Größe\n"];
        let json = harmless(serde_json::to_string_pretty(&strings).unwrap());
        assert!(json.contains("\\u009b2J\\u007f") && json.contains("a\\u202eb") && json.contains("\\udb40\\udc41"), "{json}");
        assert!(!json.contains(|c: char| c != '\n' && steers(c)), "{json}");
        assert_eq!(serde_json::from_str::<Vec<String>>(&json).unwrap(), strings);
    }
}
