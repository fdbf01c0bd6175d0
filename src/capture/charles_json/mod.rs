//! Charles's sessions as JSON (`.chlsj`): an array of transactions.
//!
//! Transactions are taken from the file one by one ([`parts`]), each made an exchange ([`transaction`]) with its
//! bodies ([`content`]). A break of the grammar ends the reading and leaves everything before it. A proxy has no
//! pages and sees no fragments. The file does not name Charles's version.

mod content;
mod parts;
mod transaction;

use super::error::Place;
use super::har::{Break, Cursor, Source};
use super::warnings::{EarlyEnd, Warnings};
use super::{Capture, CaptureError, Exporter, Format, Limits, sorted_by_start};
use crate::exchange::Exchange;
use parts::Parts;
use std::cell::Cell;
use std::ops::Range;

/// Reads a session.
pub(super) fn read(bytes: Vec<u8>, limits: &Limits) -> Result<Capture, CaptureError> {
    let mut source = Source::new(bytes);
    let mut reading = Reading::over(source.text(), limits);
    // Repairing costs a pass over the file, so it is tried only where the text breaks.
    if reading.broken.is_some() && source.repair() {
        reading = Reading::over(source.text(), limits);
    }
    reading.finish(&source)
}

/// What a walk over the array gathers.
#[derive(Default)]
struct Reading {
    exchanges: Vec<Exchange>,
    /// The bytes of every transaction.
    entries: Vec<Range<usize>>,
    first_bad: Option<(usize, &'static str)>,
    warnings: Warnings,
    /// Where the grammar breaks.
    broken: Option<Break>,
    /// Where the array ends.
    end: usize,
}

impl Reading {
    fn over(text: &[u8], limits: &Limits) -> Self {
        let mut reading = Self::default();
        let left = Cell::new(usize::try_from(limits.bodies).unwrap_or(usize::MAX));
        let mut cursor = Cursor::new(text);
        let outcome = cursor.array(|cursor| {
            cursor.peek();
            let start = cursor.at();
            let parts = Parts::take(cursor)?;
            let entry = reading.entries.len();
            reading.entries.push(start..cursor.at());
            match transaction::exchange(parts, entry, &left, &mut |kind| reading.warnings.add(Some(entry), kind)) {
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

    fn finish(mut self, source: &Source) -> Result<Capture, CaptureError> {
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
            format: Format::CharlesJson,
            creator: Some("Charles".to_owned()),
            exporter: Exporter::Charles,
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

#[cfg(test)]
mod tests;
