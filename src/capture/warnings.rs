//! What was lost or repaired while reading: told, but never so often that it hides the rest.

use std::collections::BTreeMap;
use std::fmt::Display;

/// How many warnings of one kind are given one by one.
const EACH: usize = 10;

/// The warning of a file that just ends.
pub(super) const CUT_OFF: &str = "the file is cut off";
/// The warning of a file whose grammar breaks.
pub(super) const BROKEN: &str = "the JSON is broken";

/// Something that was lost or repaired while reading.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Warning {
    /// The entry, counted from 0, where it concerns one.
    pub entry: Option<usize>,
    /// What, without a word of the capture.
    pub message: String,
}

impl Warning {
    /// Whether it tells that the rest of the file was not read.
    pub fn ends_the_reading(&self) -> bool {
        self.entry.is_none() && [CUT_OFF, BROKEN].iter().any(|kind| self.message.starts_with(kind))
    }
}

/// Gathers warnings; of each kind the first few, then one that counts the others.
#[derive(Default)]
pub(super) struct Warnings {
    given: Vec<Given>,
    counts: BTreeMap<&'static str, usize>,
}

struct Given {
    entry: Option<usize>,
    kind: &'static str,
    place: String,
}

impl Warnings {
    /// Adds a warning about an entry, or about the file as a whole.
    pub(super) fn add(&mut self, entry: Option<usize>, kind: &'static str) {
        self.add_at(entry, kind, String::new());
    }

    /// The same, with the place where it happened.
    pub(super) fn add_at(&mut self, entry: Option<usize>, kind: &'static str, place: String) {
        let count = self.counts.entry(kind).or_default();
        *count += 1;
        if *count <= EACH {
            self.given.push(Given { entry, kind, place });
        }
    }

    /// Adds that the reading ended at a place before the file did, after so many entries.
    pub(super) fn add_end(&mut self, kind: &'static str, entries: usize, place: impl Display) {
        let after = entries.checked_sub(1).map_or(String::new(), |last| format!(" after entry {last},"));
        self.add_at(None, kind, format!("{after} at {place}; the rest was not read"));
    }

    /// Counts further ones of a kind without giving them.
    pub(super) fn count(&mut self, kind: &'static str, more: usize) {
        *self.counts.entry(kind).or_default() += more;
    }

    /// Adds those of the entries that follow the first `before` ones.
    pub(super) fn append(&mut self, later: Self, before: usize) {
        let mut counts = later.counts;
        for Given { entry, kind, place } in later.given {
            self.add_at(entry.map(|entry| before + entry), kind, place);
            if let Some(count) = counts.get_mut(kind) {
                *count -= 1;
            }
        }
        for (kind, more) in counts {
            self.count(kind, more);
        }
    }

    /// All warnings, by entry; what concerns the file as a whole comes last.
    pub(super) fn finish(self) -> Vec<Warning> {
        let mut given: Vec<Warning> =
            self.given.into_iter().map(|Given { entry, kind, place }| Warning { entry, message: format!("{kind}{place}") }).collect();
        given.sort_by_key(|warning| warning.entry.unwrap_or(usize::MAX));
        for (kind, count) in self.counts {
            if count > EACH {
                given.push(Warning { entry: None, message: format!("{kind}: and {} more", count - EACH) });
            }
        }
        given
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_kind_is_bounded_and_the_rest_counted() {
        let mut warnings = Warnings::default();
        for entry in 0..25 {
            warnings.add(Some(entry), "the response has no status");
        }
        warnings.add(Some(3), "the start time is not a date");
        let given = warnings.finish();
        assert_eq!(given.len(), 12);
        assert_eq!(given.last().unwrap().message, "the response has no status: and 15 more");
        assert_eq!(given.iter().filter(|warning| warning.entry == Some(3)).count(), 2);
    }

    #[test]
    fn an_end_names_the_last_entry_where_there_is_one() {
        let said = |entries| {
            let mut warnings = Warnings::default();
            warnings.add_end(CUT_OFF, entries, "byte 7");
            let given = warnings.finish();
            assert!(given.iter().all(Warning::ends_the_reading));
            given.into_iter().map(|warning| warning.message).collect::<String>()
        };
        assert_eq!(said(0), "the file is cut off at byte 7; the rest was not read");
        assert_eq!(said(3), "the file is cut off after entry 2, at byte 7; the rest was not read");
    }

    #[test]
    fn entries_come_in_order_and_the_file_last() {
        let mut warnings = Warnings::default();
        warnings.add(None, "the end is missing");
        warnings.add(Some(2), "b");
        warnings.add_at(Some(1), "a", " at byte 7".to_owned());
        let order: Vec<_> = warnings.finish().into_iter().map(|warning| warning.message).collect();
        assert_eq!(order, ["a at byte 7", "b", "the end is missing"]);
    }

    #[test]
    fn appended_is_as_if_added() {
        let all: Vec<usize> = (0..30).collect();
        for parted in 0..30 {
            let (mut one, mut first, mut second) = (Warnings::default(), Warnings::default(), Warnings::default());
            all.iter().for_each(|entry| one.add(Some(*entry), "x"));
            let (before, after) = all.split_at(parted);
            before.iter().for_each(|entry| first.add(Some(*entry), "x"));
            after.iter().for_each(|entry| second.add(Some(*entry - parted), "x"));
            first.append(second, parted);
            assert_eq!(first.finish(), one.finish());
        }
    }
}
