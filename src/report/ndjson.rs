//! Newline-delimited JSON: one capture a line, for programs that read as they go.
//!
//! `entrace/diagnose-capture/1`: a capture of version 1 of the JSON report, with what that report says of itself
//! once said in every line. Frozen with it, and described in `docs/json.md`.

use super::json::diagnose_v1::{CaptureV1, Tool};
use super::json::harmless;
use super::{CaptureReport, Frame, Growing};
use serde::Serialize;
use std::io;

const SCHEMA: &str = "entrace/diagnose-capture/1";

#[derive(Serialize)]
struct Line<'a> {
    schema: &'static str,
    tool: Tool,
    #[serde(flatten)]
    capture: CaptureV1<'a>,
}

/// Renders one line a capture, each with its line break.
///
/// # Errors
/// None is known: every part of the report can be written as JSON.
pub fn render(captures: &[CaptureReport<'_>]) -> io::Result<String> {
    captures.iter().map(line).collect()
}

/// The report as it grows.
pub struct Lines;

impl Growing for Lines {
    fn add(&mut self, capture: &CaptureReport<'_>) -> io::Result<String> {
        line(capture)
    }

    fn finish(&mut self) -> io::Result<Frame> {
        Ok(Frame::default())
    }
}

/// Renders one capture as a line, with its line break.
///
/// # Errors
/// None is known: every part of the report can be written as JSON.
pub fn line(capture: &CaptureReport<'_>) -> io::Result<String> {
    let line = Line { schema: SCHEMA, tool: Tool::this(), capture: CaptureV1::new(capture) };
    let mut text = harmless(serde_json::to_string(&line)?);
    text.push('\n');
    Ok(text)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_line_is_a_line_whatever_it_tells() {
        let problem = io::Error::other("two\nlines\u{2028}");
        let report = |path| CaptureReport { path, outcome: Err(&problem) };
        let text = render(&[report("a\n.har"), report("b\u{85}.har")]).unwrap();
        let lines: Vec<&str> = text.lines().collect();
        assert_eq!((lines.len(), text.ends_with('\n')), (2, true), "{text}");
        for (line, path) in lines.iter().zip(["a\n.har", "b\u{85}.har"]) {
            let value: serde_json::Value = serde_json::from_str(line).unwrap();
            assert_eq!((value["schema"].as_str(), value["path"].as_str()), (Some(SCHEMA), Some(path)));
        }
        assert_eq!(render(&[]).unwrap(), "");
    }
}
