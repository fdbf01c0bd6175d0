//! Where in the output was searched and nothing found, so that the check need not search there again.

use std::ops::Range;

/// The entries that were searched as they stand in the output.
#[derive(Default)]
pub(super) struct Searched {
    /// Where each entry was written; `None` where something may be in it.
    entries: Vec<Option<Range<u64>>>,
}

impl Searched {
    /// Adds the next entry: its place behind so many bytes of the output.
    pub(super) fn add(&mut self, before: usize, place: &Range<usize>, is_clean: bool) {
        let place = (before + place.start) as u64..(before + place.end) as u64;
        self.entries.push(is_clean.then_some(place));
    }

    /// Whether what was read of an entry at a place is what was searched, all of it and nothing else.
    pub(super) fn has(&self, entry: usize, place: Option<Range<u64>>) -> bool {
        place.is_some() && self.entries.get(entry) == Some(&place)
    }
}
