//! What was lost or repaired while reading: told, but never so often that it hides the rest.

use std::collections::BTreeMap;
use std::fmt::Display;

/// The warning of a file that goes on.
const FOLLOWED: &str = "something follows the end of the document";

/// How many warnings of one kind are given one by one.
const EACH: usize = 10;

/// How the reading of a capture came to an end before the capture did.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum EarlyEnd {
    /// The file just ends, or what it is packed in does.
    CutOff,
    /// The grammar of the file breaks.
    Broken,
}

impl EarlyEnd {
    /// How a warning of it begins.
    pub(super) const fn says(self) -> &'static str {
        match self {
            Self::CutOff => "the file is cut off",
            Self::Broken => "the JSON is broken",
        }
    }
}

/// Something that was lost or repaired while reading.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Warning {
    /// The entry, counted from 0, where it concerns one.
    pub entry: Option<usize>,
    /// How the reading ended, where it tells that the rest was not read.
    pub early_end: Option<EarlyEnd>,
    /// What, without a word of the capture.
    pub message: String,
}

impl Warning {
    /// About a file as a whole.
    pub(crate) fn of_file(message: impl Into<String>) -> Self {
        Self { entry: None, early_end: None, message: message.into() }
    }

    /// Whether it tells that the rest of the file was not read.
    pub fn ends_the_reading(&self) -> bool {
        self.early_end.is_some()
    }
}

/// Gathers warnings; of each kind the first few, then one that counts the others.
#[derive(Default)]
pub(super) struct Warnings {
    given: Vec<Given>,
    counts: BTreeMap<&'static str, usize>,
    /// What is told once of all entries, and of how many.
    of_all: BTreeMap<&'static str, usize>,
}

struct Given {
    entry: Option<usize>,
    early_end: Option<EarlyEnd>,
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
        self.put(Given { entry, early_end: None, kind, place });
    }

    /// Adds one to those of which a single warning tells how many there are.
    pub(super) fn add_to_all(&mut self, kind: &'static str) {
        *self.of_all.entry(kind).or_default() += 1;
    }

    /// Adds that the rest was not read, with what else there is to say of it.
    pub(super) fn add_early_end(&mut self, end: EarlyEnd, place: String) {
        self.put(Given { entry: None, early_end: Some(end), kind: end.says(), place });
    }

    fn put(&mut self, given: Given) {
        let count = self.counts.entry(given.kind).or_default();
        *count += 1;
        if *count <= EACH {
            self.given.push(given);
        }
    }

    /// Adds that the reading ended early at a place, after so many entries.
    pub(super) fn add_early_end_at(&mut self, end: EarlyEnd, entries: usize, place: impl Display) {
        self.add_early_end(end, unread_from(entries, place));
    }

    /// Adds that something stands behind the end of the document, which has so many entries.
    pub(super) fn add_what_follows(&mut self, entries: usize, place: impl Display) {
        self.add_at(None, FOLLOWED, unread_from(entries, place));
    }

    /// Counts further ones of a kind without giving them.
    pub(super) fn count(&mut self, kind: &'static str, more: usize) {
        *self.counts.entry(kind).or_default() += more;
    }

    /// Adds those of the entries that follow the first `before` ones.
    pub(super) fn append(&mut self, later: Self, before: usize) {
        let mut counts = later.counts;
        for given in later.given {
            if let Some(count) = counts.get_mut(given.kind) {
                *count -= 1;
            }
            self.put(Given { entry: given.entry.map(|entry| before + entry), ..given });
        }
        for (kind, more) in counts {
            self.count(kind, more);
        }
        for (kind, more) in later.of_all {
            *self.of_all.entry(kind).or_default() += more;
        }
    }

    /// All warnings, by entry; what concerns the file as a whole comes last.
    pub(super) fn finish(self) -> Vec<Warning> {
        let warning = |Given { entry, early_end, kind, place }| Warning { entry, early_end, message: format!("{kind}{place}") };
        let mut given: Vec<Warning> = self.given.into_iter().map(warning).collect();
        given.sort_by_key(|warning| warning.entry.unwrap_or(usize::MAX));
        for (kind, count) in self.counts {
            if count > EACH {
                given.push(Warning::of_file(format!("{kind}: and {} more", count - EACH)));
            }
        }
        given.extend(self.of_all.into_iter().map(|(kind, count)| Warning::of_file(format!("{count} {kind}"))));
        given
    }
}

/// Where the reading ended.
fn unread_from(entries: usize, place: impl Display) -> String {
    let after = entries.checked_sub(1).map_or(String::new(), |last| format!(" after entry {last},"));
    format!("{after} at {place}; the rest was not read")
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
            warnings.add_early_end_at(EarlyEnd::CutOff, entries, "byte 7");
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
