//! Formats that are JSON with a list of entries: a session of Charles, an export of SAML-tracer.
//!
//! Entries are taken from the file one by one and made exchanges. A break of the grammar ends the reading and leaves
//! everything before it.

use super::error::Place;
use super::har::{Break, Cursor, Key, Raw, Source};
use super::http_message::{MOST_HEADERS, Message};
use super::warnings::{EarlyEnd, Warnings};
use super::{Capture, CaptureError, Exporter, Format, Limits, sorted_by_start};
use crate::exchange::Exchange;
use std::borrow::Cow;
use std::cell::Cell;
use std::ops::Range;

/// What is done with each entry.
pub(super) type Visit<'v> = &'v mut dyn FnMut(&mut Cursor<'_>) -> Result<(), Break>;

/// What is told of an entry that can be read, but not all of it.
pub(super) type Warn<'w> = &'w mut dyn FnMut(&'static str);

/// An exchange, or why an entry is none.
pub(super) type Taken = Result<Exchange, &'static str>;

/// A format of that kind.
pub(super) struct Layout {
    pub(super) format: Format,
    pub(super) creator: &'static str,
    pub(super) exporter: Exporter,
    /// Walks over the document to its entries.
    pub(super) walk: fn(&mut Cursor<'_>, Visit<'_>) -> Result<(), Break>,
    /// Takes one entry, and makes an exchange of it if that can be done. Of bodies as many bytes may still be decoded as the
    /// cell holds.
    pub(super) take: fn(&mut Cursor<'_>, usize, &Cell<usize>, Warn<'_>) -> Result<Taken, Break>,
}

/// Reads a file of that layout.
pub(super) fn read(bytes: Vec<u8>, limits: &Limits, layout: &Layout) -> Result<Capture, CaptureError> {
    let mut source = Source::new(bytes);
    let mut reading = Reading::over(source.text(), limits, layout);
    // Repairing costs a pass over the file, so it is tried only where the text breaks.
    if reading.broken.is_some() && source.repair() {
        reading = Reading::over(source.text(), limits, layout);
    }
    reading.finish(&source, layout)
}

/// What a walk over the entries gathers.
#[derive(Default)]
struct Reading {
    exchanges: Vec<Exchange>,
    /// The bytes of every entry.
    entries: Vec<Range<usize>>,
    first_bad: Option<(usize, &'static str)>,
    warnings: Warnings,
    /// Where the grammar breaks.
    broken: Option<Break>,
    /// Where the document ends.
    end: usize,
}

impl Reading {
    fn over(text: &[u8], limits: &Limits, layout: &Layout) -> Self {
        let mut reading = Self::default();
        let left = Cell::new(usize::try_from(limits.bodies).unwrap_or(usize::MAX));
        let mut cursor = Cursor::new(text);
        let outcome = (layout.walk)(&mut cursor, &mut |cursor| {
            cursor.peek();
            let start = cursor.at();
            let entry = reading.entries.len();
            let mut found = Vec::new();
            let taken = (layout.take)(cursor, entry, &left, &mut |kind| found.push(kind))?;
            reading.entries.push(start..cursor.at());
            found.into_iter().for_each(|kind| reading.warnings.add(Some(entry), kind));
            match taken {
                Ok(exchange) => reading.exchanges.push(exchange),
                Err(why) => {
                    reading.warnings.add(Some(entry), why);
                    reading.first_bad.get_or_insert((entry, why));
                }
            }
            Ok(())
        });
        reading.broken = outcome.err();
        reading.end = cursor.at();
        reading
    }

    fn finish(mut self, source: &Source, layout: &Layout) -> Result<Capture, CaptureError> {
        let place = |at| Place::of(source.text(), at, source.skipped);
        if self.exchanges.is_empty() {
            if let Some(broken) = &self.broken {
                return Err(CaptureError::Broken { place: place(broken.at), cut: broken.cut });
            }
            if let Some((entry, why)) = self.first_bad {
                return Err(CaptureError::NoUsableEntry { entries: self.entries.len(), entry, why });
            }
        }
        self.warn_of_repairs(source);
        let entries = self.entries.len();
        match &self.broken {
            Some(broken) => {
                let end = if broken.cut { EarlyEnd::CutOff } else { EarlyEnd::Broken };
                self.warnings.add_early_end_at(end, entries, place(broken.at));
            }
            None if !source.text().get(self.end..).unwrap_or_default().trim_ascii().is_empty() => {
                self.warnings.add_what_follows(entries, place(self.end as u64));
            }
            None => {}
        }
        Ok(Capture {
            format: layout.format,
            creator: Some(layout.creator.to_owned()),
            exporter: layout.exporter,
            pages: Vec::new(),
            exchanges: sorted_by_start(self.exchanges, &mut self.warnings),
            entries: self.entries.len(),
            warnings: self.warnings.finish(),
            redacted: false,
            library_log: None,
        })
    }

    /// Tells what was repaired in the part that was read.
    fn warn_of_repairs(&mut self, source: &Source) {
        let read = self.broken.as_ref().and(self.entries.last()).map_or(self.end, |last| last.end);
        for (at, flaw) in source.repairs().iter().take_while(|(at, _)| *at < read) {
            let entry = self.entries.iter().position(|entry| entry.contains(at));
            self.warnings.add_at(entry, flaw.message(), format!(" (byte {})", at + source.skipped));
        }
        if let Some((_, flaw)) = source.repairs().last().filter(|(at, _)| *at < read) {
            self.warnings.count(flaw.message(), source.more_repairs);
        }
    }
}

/// Header lines, as objects with a name and a value.
#[derive(Default)]
pub(super) struct Lines<'a> {
    /// Names and values.
    pub(super) lines: Vec<(Raw<'a>, Raw<'a>)>,
    /// Whether some could not be understood.
    pub(super) damaged: bool,
}

impl<'a> Lines<'a> {
    /// Takes a list of them; any other value is passed over.
    pub(super) fn take(&mut self, cursor: &mut Cursor<'a>) -> Result<(), Break> {
        if cursor.peek() != Some(b'[') {
            cursor.value()?;
            return Ok(());
        }
        cursor.array(|cursor| {
            let line = cursor.value()?;
            match line.field("name") {
                Some(name) if self.lines.len() < MOST_HEADERS => {
                    self.lines.push((name, line.field("value").unwrap_or(Raw::EMPTY_STRING)));
                }
                _ => self.damaged = true,
            }
            Ok(())
        })
    }

    /// The head of a message.
    pub(super) fn message(&self) -> Message<'a> {
        let lines = self.lines.iter().map(|(name, value)| (trimmed(name.text()), trimmed(value.text())));
        let (headers, nameless): (Vec<_>, Vec<_>) = lines.partition(|(name, _)| !name.is_empty());
        Message { start: Cow::Borrowed(""), headers, damaged: self.damaged || !nameless.is_empty(), body: b"" }
    }
}

fn trimmed(text: Cow<'_, str>) -> Cow<'_, str> {
    match text {
        Cow::Borrowed(text) => Cow::Borrowed(text.trim()),
        Cow::Owned(text) => Cow::Owned(text.trim().to_owned()),
    }
}

/// A text that says something.
pub(super) fn word(raw: Option<Raw<'_>>) -> Option<Cow<'_, str>> {
    raw.and_then(Raw::string).map(trimmed).filter(|word| !word.is_empty())
}

/// The status of a response: what is none is no number of HTTP.
pub(super) fn status(raw: Option<Raw<'_>>) -> Option<u16> {
    // The cast is of a number that fits.
    raw.and_then(Raw::number).filter(|status| (100.0..1000.0).contains(status)).map(|status| status as u16)
}

/// Walks an object; `false` if the value is none, which is then skipped.
pub(super) fn object<'a>(cursor: &mut Cursor<'a>, field: impl FnMut(Key<'a>, &mut Cursor<'a>) -> Result<(), Break>) -> Result<bool, Break> {
    if cursor.peek() == Some(b'{') {
        cursor.object(field)?;
        return Ok(true);
    }
    cursor.value()?;
    Ok(false)
}
