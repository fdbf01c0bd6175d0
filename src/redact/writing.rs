//! The HAR that a redaction writes.

use super::searched::Searched;
use super::sweep::Sweep;
use crate::capture::{Json, Members, write_text};
use std::ops::Range;

/// What stands between two entries.
pub(super) const BETWEEN: &[u8] = b",\n";

/// What stands behind the last.
const END: &[u8] = b"\n]}}\n";

/// Entries that were written.
#[derive(Default)]
pub(super) struct Written {
    json: Vec<u8>,
    /// Where each entry stands in the JSON, and whether it was searched and nothing found.
    entries: Vec<(Range<usize>, bool)>,
    /// How many values were found in them where their names had not told them.
    pub(super) found_elsewhere: usize,
}

impl Written {
    /// Entries in JSON, by their places in it, in which nothing was found.
    pub(super) fn clean(json: Vec<u8>, places: impl Iterator<Item = Range<usize>>) -> Self {
        Self { json, entries: places.map(|place| (place, true)).collect(), found_elsewhere: 0 }
    }

    /// How many bytes they take, with what stands behind them.
    pub(super) fn length(&self) -> usize {
        self.json.len() + BETWEEN.len()
    }

    /// Adds an entry in which nothing was found, as it was written before.
    pub(super) fn add_clean(&mut self, entry: &[u8]) {
        let start = self.begin();
        self.json.extend(entry);
        self.entries.push((start..self.json.len(), true));
    }

    /// Adds an entry.
    pub(super) fn add(&mut self, entry: &Json<'_>, sweep: &mut Sweep<'_>) {
        let start = self.begin();
        entry.write(&mut self.json);
        let is_clean = sweep.is_clean(self.json.get(start..).unwrap_or_default());
        self.entries.push((start..self.json.len(), is_clean));
    }

    /// Where the next entry begins.
    fn begin(&mut self) -> usize {
        if !self.json.is_empty() {
            self.json.extend(BETWEEN);
        }
        self.json.len()
    }
}

/// A HAR in the making: the log's members first, because readers want to know who wrote the entries.
pub(super) struct Writing {
    har: Vec<u8>,
    searched: Searched,
    is_first: bool,
}

impl Writing {
    /// Begins one with entries of so many bytes.
    pub(super) fn begin(log: &Members<'_>, comment: &str, length: usize) -> Self {
        let mut har = b"{\"log\":{".to_vec();
        for (name, value) in log.iter().filter(|(name, _)| !matches!(*name, "entries" | "comment")) {
            write_text(name, &mut har);
            har.push(b':');
            value.write(&mut har);
            har.extend(b",\n");
        }
        har.extend(b"\"comment\":");
        write_text(comment, &mut har);
        har.extend(b",\n\"entries\":[\n");
        har.reserve_exact(length + END.len());
        Self { har, searched: Searched::default(), is_first: true }
    }

    /// Adds entries.
    pub(super) fn add(&mut self, written: &Written) {
        if !std::mem::take(&mut self.is_first) {
            self.har.extend(BETWEEN);
        }
        for (place, is_clean) in &written.entries {
            self.searched.add(self.har.len(), place, *is_clean);
        }
        self.har.extend(&written.json);
    }

    /// The HAR, and which of its entries were searched.
    pub(super) fn end(mut self) -> (Vec<u8>, Searched) {
        self.har.extend(END);
        (self.har, self.searched)
    }
}
