//! Chromium's own log: net-export of Chrome and Edge, `--log-net-log`.
//!
//! A legend ([`constants`]), then events, of which [`requests`] puts together what belongs to one request.
//! Events are taken from the file line by line ([`lines`]; [`event`], by way of [`json`]) and not kept. A break
//! of the grammar, as a killed browser leaves, ends the reading and leaves everything before it.

mod body;
mod constants;
mod cookies;
mod event;
mod hop;
mod json;
mod lines;
mod requests;

use super::error::Place;
use super::source::Source;
use super::warnings::EarlyEnd;
use super::{Capture, CaptureError, Exporter, Format, sorted_by_start};
use constants::Constants;
use event::Event;
use json::{Fill, Into};
use requests::Requests;
use serde::de::{DeserializeSeed, IgnoredAny, MapAccess, SeqAccess};
use std::borrow::Cow;

/// Reads a log.
pub(super) fn read(source: Source<'_>) -> Result<Capture, CaptureError> {
    let mut walk = Walk::default();
    let rest = lines::take(source.into_reader(), &mut walk).map_err(CaptureError::of)?;
    let text = rest.text.strip_prefix('\u{FEFF}').unwrap_or(&rest.text);
    let skipped = rest.text.len() - text.len();
    let mut end = walk.over(text);
    // Not what a browser writes: the legend behind the events.
    if walk.passed_over && walk.has_constants {
        walk.passed_over = false;
        end = walk.over(text);
    }
    // What was added to the rest has no place in the file.
    let place = |at: usize| {
        let place =
            Place::of(text.as_bytes().get(rest.added..).unwrap_or_default(), at.saturating_sub(rest.added) as u64, rest.bytes + skipped);
        Place { line: place.line + rest.lines as u64, ..place }
    };
    let Walk { constants, mut requests, .. } = walk;
    requests.end(&constants);
    match end {
        End::Whole => {}
        End::Followed(at) => requests.warnings.add_what_follows(requests.entries, place(at)),
        End::Broken { at, cut } => {
            let place = place(at);
            if requests.exchanges.is_empty() {
                return Err(CaptureError::Broken { place, cut });
            }
            let end = if cut { EarlyEnd::CutOff } else { EarlyEnd::Broken };
            requests.warnings.add_early_end_at(end, requests.entries, place);
        }
    }
    if rest.is_repaired {
        requests.warnings.add(None, "bytes that are not UTF-8 were replaced");
    }
    if !constants.names_events() {
        requests.warnings.add(None, "the log does not say what its events are");
    } else if requests.entries == 0 {
        requests.warnings.add(None, "the log has no web requests");
    }
    Ok(Capture {
        format: Format::NetLog,
        creator: constants.creator(),
        exporter: Exporter::ChromiumNetLog,
        pages: Vec::new(),
        exchanges: sorted_by_start(requests.exchanges, &mut requests.warnings),
        entries: requests.entries,
        warnings: requests.warnings.finish(),
        redacted: false,
        library_log: None,
    })
}

/// The text, every byte that is no UTF-8 replaced by one that keeps all places.
fn valid(bytes: &[u8]) -> Cow<'_, str> {
    if let Ok(text) = std::str::from_utf8(bytes) {
        return Cow::Borrowed(text);
    }
    let mut text = String::with_capacity(bytes.len());
    for chunk in bytes.utf8_chunks() {
        text.push_str(chunk.valid());
        text.extend(chunk.invalid().iter().map(|_| '?'));
    }
    Cow::Owned(text)
}

/// How a file ends.
enum End {
    /// With the document.
    Whole,
    /// With something after the document, at this byte.
    Followed(usize),
    /// Inside the document.
    Broken { at: usize, cut: bool },
}

/// What a walk over the file gathers.
#[derive(Default)]
struct Walk {
    constants: Constants,
    has_constants: bool,
    requests: Requests,
    /// Whether events came before the legend and were not understood.
    passed_over: bool,
}

impl Walk {
    fn over(&mut self, text: &str) -> End {
        let mut json = serde_json::Deserializer::from_str(text);
        let walked = Into(self).deserialize(&mut json);
        let broken = |error: &serde_json::Error| place_of(text, error);
        match walked {
            Err(error) => End::Broken { at: broken(&error), cut: error.is_eof() },
            Ok(()) => json.end().map_or_else(|error| End::Followed(broken(&error)), |()| End::Whole),
        }
    }
}

/// The byte where the parser stopped, which it tells as a line and a column.
fn place_of(text: &str, error: &serde_json::Error) -> usize {
    if error.is_eof() {
        return text.len();
    }
    let mut newlines = memchr::memchr_iter(b'\n', text.as_bytes());
    let line_start = error.line().checked_sub(2).and_then(|line| newlines.nth(line)).map_or(0, |newline| newline + 1);
    (line_start + error.column().saturating_sub(1)).min(text.len())
}

impl<'de> Fill<'de> for Walk {
    fn member<A: MapAccess<'de>>(&mut self, name: &str, map: &mut A) -> Result<(), A::Error> {
        match name {
            "constants" if !self.has_constants => {
                self.has_constants = true;
                map.next_value_seed(Into(&mut self.constants))
            }
            "events" if self.has_constants => {
                map.next_value_seed(Into(&mut Events { constants: &self.constants, requests: &mut self.requests }))
            }
            "events" => {
                self.passed_over = true;
                map.next_value::<IgnoredAny>().map(|_| ())
            }
            _ => map.next_value::<IgnoredAny>().map(|_| ()),
        }
    }
}

struct Events<'w> {
    constants: &'w Constants,
    requests: &'w mut Requests,
}

impl<'de> Fill<'de> for Events<'_> {
    fn item<A: SeqAccess<'de>>(&mut self, items: &mut A) -> Result<bool, A::Error> {
        let mut event = Event::default();
        let found = items.next_element_seed(Into(&mut event))?.is_some();
        if found {
            self.requests.event(&event, self.constants);
        }
        Ok(found)
    }
}

#[cfg(test)]
mod tests;
