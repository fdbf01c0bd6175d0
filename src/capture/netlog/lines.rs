//! A log as browsers write it: the legend on a line, then a line for each event. So it need not be held.
//!
//! Where the file leaves that form (an editor has formatted it, it ends, it breaks), the rest is handed on to be
//! read as any JSON is; what comes out is the same.

use super::constants::Constants;
use super::event::Event;
use super::json::{Fill, Into};
use super::{Walk, valid};
use serde::de::DeserializeSeed;
use std::borrow::Cow;
use std::io::{self, BufRead, BufReader, Read};

/// What comes before the rest of a file whose events have begun.
const EVENTS: &str = "{\"events\":[";

/// The part of a file that is read as any JSON is.
pub(super) struct Rest {
    /// Its text, where lines were taken before it with what makes it an object again.
    pub(super) text: String,
    /// How many bytes of `text` are not the file's.
    pub(super) added: usize,
    /// How many bytes of the file came before.
    pub(super) bytes: usize,
    /// How many lines of the file came before.
    pub(super) lines: usize,
    /// Whether bytes that are no UTF-8 were replaced, here or before.
    pub(super) is_repaired: bool,
}

/// Takes the lines of a file as long as they have the form.
pub(super) fn take(file: impl Read, walk: &mut Walk) -> io::Result<Rest> {
    let mut lines = Lines { file: BufReader::with_capacity(1 << 16, file), bytes: 0, lines: 0, is_repaired: false };
    let first = lines.next()?;
    let mut constants = Constants::default();
    if !is_legend(&lines.text(&first), &mut constants) {
        return lines.rest("", [first, Vec::new()]);
    }
    let second = lines.next()?;
    if !begins_the_events(&second) {
        return lines.rest("", [first, second]);
    }
    walk.constants = constants;
    walk.has_constants = true;
    lines.passed(&first);
    lines.passed(&second);
    let mut event = lines.next()?;
    loop {
        let next = lines.next()?;
        // Only a further event makes the comma behind this one right.
        let is_followed = next.trim_ascii_start().starts_with(b"{");
        if !is_followed || !take_event(&lines.text(&event), walk) {
            return lines.rest(EVENTS, [event, next]);
        }
        lines.passed(&event);
        event = next;
    }
}

/// Whether a line is the legend and nothing else: `{"constants": {…},`.
fn is_legend(line: &str, constants: &mut Constants) -> bool {
    let line = line.strip_prefix('\u{FEFF}').unwrap_or(line).trim();
    let inside = || line.strip_prefix('{')?.trim_start().strip_prefix("\"constants\"")?.trim_start().strip_prefix(':')?.strip_suffix(',');
    inside().is_some_and(|legend| fill(legend, constants))
}

/// Whether a line is `"events": [`.
fn begins_the_events(line: &[u8]) -> bool {
    let after_name = line.trim_ascii().strip_prefix(b"\"events\"").map(<[u8]>::trim_ascii_start);
    after_name.and_then(|rest| rest.strip_prefix(b":")).map(<[u8]>::trim_ascii) == Some(b"[")
}

/// Takes a line that is one event and its comma; whether it is.
fn take_event(line: &str, walk: &mut Walk) -> bool {
    let Some(text) = line.trim().strip_suffix(',').filter(|text| text.starts_with('{')) else {
        return false;
    };
    let mut event = Event::default();
    let is_one = fill(text, &mut event);
    if is_one {
        walk.requests.event(&event, &walk.constants);
    }
    is_one
}

/// Fills something from a text that is one value; whether it is.
fn fill<'a>(text: &'a str, into: &mut impl Fill<'a>) -> bool {
    let mut json = serde_json::Deserializer::from_str(text);
    Into(into).deserialize(&mut json).is_ok() && json.end().is_ok()
}

/// A file's lines, and how far they were taken.
struct Lines<R> {
    file: BufReader<R>,
    bytes: usize,
    lines: usize,
    is_repaired: bool,
}

impl<R: Read> Lines<R> {
    /// The next line with its end; empty where the file ends.
    fn next(&mut self) -> io::Result<Vec<u8>> {
        let mut line = Vec::new();
        self.file.read_until(b'\n', &mut line)?;
        Ok(line)
    }

    /// A line as text.
    fn text<'l>(&mut self, line: &'l [u8]) -> Cow<'l, str> {
        let text = valid(line);
        self.is_repaired |= matches!(text, Cow::Owned(_));
        text
    }

    fn passed(&mut self, line: &[u8]) {
        self.bytes += line.len();
        self.lines += 1;
    }

    /// What is left of the file, from these two lines on.
    fn rest(mut self, before: &str, lines: [Vec<u8>; 2]) -> io::Result<Rest> {
        let mut rest = lines.concat();
        self.file.read_to_end(&mut rest)?;
        let text = [before, &self.text(&rest)].concat();
        Ok(Rest { text, added: before.len(), bytes: self.bytes, lines: self.lines, is_repaired: self.is_repaired })
    }
}
