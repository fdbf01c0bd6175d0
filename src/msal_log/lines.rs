//! Text: what MSAL writes to a browser's console, or through an application's logger to a file.
//!
//! A message may have several lines: those that begin nothing of their own belong to the one before.

use super::Contents;
use super::event::{Event, names_code, names_error};
use super::head::{Head, Level};

/// How many lines a message has at most; the service's have five, and a trace of calls follows.
const LONGEST: usize = 40;

/// A message whose end is not reached.
struct Open {
    head: Option<Head>,
    number: usize,
    start: usize,
    lines: usize,
    names_error: bool,
    names_code: bool,
}

/// Reads a text; its first line has this number.
pub(super) fn read(text: &str, first: usize, contents: &mut Contents) {
    let mut open: Option<Open> = None;
    let mut offset = 0;
    for (at, line) in text.split_inclusive('\n').enumerate() {
        let head = Head::of(line);
        let lower = line.to_ascii_lowercase();
        let (error, code) = (names_error(&lower), names_code(&lower));
        if let Some(message) = open.as_mut().filter(|message| message.goes_on(head.as_ref(), error, code)) {
            message.lines += 1;
            message.names_error |= error;
            message.names_code |= code;
        } else {
            if let Some(message) = open.take() {
                message.end(text, offset, contents);
            }
            let is_error = head.as_ref().is_some_and(|head| head.level == Some(Level::Error));
            open = Some(Open { head, number: first + at, start: offset, lines: 1, names_error: error || is_error, names_code: code });
        }
        offset += line.len();
    }
    if let Some(message) = open {
        message.end(text, offset, contents);
    }
}

impl Open {
    /// Whether a line belongs to the message: what names an error of its own does not, unless the message has announced
    /// one and not named it.
    fn goes_on(&self, head: Option<&Head>, error: bool, code: bool) -> bool {
        let announced = self.names_error && !self.names_code;
        let is_server = self.head.as_ref().is_some_and(|head| head.library.name.starts_with("MSAL"));
        head.is_none() && self.lines < LONGEST && (!code || announced) && (!error || (is_server && !self.names_code))
    }

    fn end(self, text: &str, end: usize, contents: &mut Contents) {
        let message = text.get(self.start..end).unwrap_or_default();
        contents.saw(self.head.as_ref());
        contents.add(Event::read(self.number, "line", self.head.as_ref(), message));
    }
}
