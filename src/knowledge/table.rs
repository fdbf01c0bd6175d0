//! What the build script makes of the program's own knowledge files: entries by their keys,
//! written by postcard.
//!
//! Reading all of the TOML takes longer than everything else that a short run does, and a run needs only a few
//! entries. So an entry is decoded when it is asked for, and then kept.

use serde::de::DeserializeOwned;
use std::cmp::Ordering;
use std::collections::{BTreeMap, BTreeSet};
use std::sync::OnceLock;

/// Entries by key, as `build.rs` writes them: their number; of each the end of its key and the end of its bytes; all
/// keys, in order; the bytes of all. Numbers have four bytes, the smallest first.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Table(pub(super) &'static [u8]);

/// The bytes of a number.
const NUMBER: usize = 4;

impl Table {
    /// How many entries there are.
    fn len(self) -> usize {
        self.number(0)
    }

    fn number(self, at: usize) -> usize {
        let bytes = self.0.get(at * NUMBER..(at + 1) * NUMBER).and_then(|bytes| bytes.try_into().ok());
        bytes.map_or(0, |bytes| u32::from_le_bytes(bytes) as usize)
    }

    /// The keys begin behind the numbers, and the entries behind the keys; both ends are counted from there.
    fn slice(self, at: usize, which: usize) -> &'static [u8] {
        let before = |at: usize| if at == 0 { 0 } else { self.number(2 * at - 1 + which) };
        let keys = (1 + 2 * self.len()) * NUMBER;
        let begin = if which == 0 { keys } else { keys + self.number((2 * self.len()).saturating_sub(1)) };
        self.0.get(begin + before(at)..begin + before(at + 1)).unwrap_or_default()
    }

    fn key(self, at: usize) -> &'static [u8] {
        self.slice(at, 0)
    }

    fn position(self, key: &str) -> Option<usize> {
        let (mut low, mut high) = (0, self.len());
        while low < high {
            let middle = low.midpoint(high);
            match self.key(middle).cmp(key.as_bytes()) {
                Ordering::Equal => return Some(middle),
                Ordering::Less => low = middle + 1,
                Ordering::Greater => high = middle,
            }
        }
        None
    }

    /// Whether there is an entry of that key.
    pub(super) fn has(self, key: &str) -> bool {
        self.position(key).is_some()
    }

    fn keys(self) -> impl Iterator<Item = &'static str> {
        (0..self.len()).filter_map(move |at| str::from_utf8(self.key(at)).ok())
    }
}

/// Entries of one kind: those of the program, and those that a user adds or puts in their place.
#[derive(Clone, Debug)]
pub(super) struct Shelf<T> {
    table: Table,
    /// Those of the table that were asked for. A test holds that all of them can be decoded.
    decoded: Vec<OnceLock<Option<Box<T>>>>,
    own: BTreeMap<String, T>,
}

impl<T> Default for Shelf<T> {
    fn default() -> Self {
        Self { table: Table::default(), decoded: Vec::new(), own: BTreeMap::new() }
    }
}

impl<T: DeserializeOwned> Shelf<T> {
    pub(super) fn of(table: Table) -> Self {
        Self { table, decoded: (0..table.len()).map(|_| OnceLock::new()).collect(), own: BTreeMap::new() }
    }

    /// The entry of that key.
    pub(super) fn get(&self, key: &str) -> Option<&T> {
        self.own.get(key).or_else(|| {
            let at = self.table.position(key)?;
            self.decoded.get(at)?.get_or_init(|| postcard::from_bytes(self.table.slice(at, 1)).ok()).as_deref()
        })
    }

    /// Adds an entry, or puts it in the place of the one that is there.
    pub(super) fn put(&mut self, key: String, entry: T) {
        self.own.insert(key, entry);
    }

    /// Whether there is an entry of that key.
    pub(super) fn has(&self, key: &str) -> bool {
        self.own.contains_key(key) || self.table.has(key)
    }

    /// Every key, in order.
    pub(super) fn keys(&self) -> impl Iterator<Item = &str> {
        let mut keys: BTreeSet<&str> = self.own.keys().map(String::as_str).collect();
        for key in self.table.keys() {
            keys.insert(key);
        }
        keys.into_iter()
    }

    /// Those of some entries that are here, and every entry that a user added or replaced; in the order of the keys.
    pub(super) fn which<'s>(&'s self, keys: &'s [String]) -> impl Iterator<Item = &'s T> {
        let keys: BTreeSet<&str> = keys.iter().chain(self.own.keys()).map(String::as_str).collect();
        keys.into_iter().filter_map(|key| self.get(key))
    }

    /// Every entry, in the order of the keys.
    pub(super) fn iter(&self) -> impl Iterator<Item = &T> {
        self.keys().filter_map(|key| self.get(key))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Two entries, as the build script would write them.
    const TWO: &[u8] = b"\x02\0\0\0\x01\0\0\0\x02\0\0\0\x03\0\0\0\x04\0\0\0abb\x011\x012";

    #[test]
    fn entries_are_found_by_their_key() {
        let shelf: Shelf<String> = Shelf::of(Table(TWO));
        assert_eq!((shelf.get("a").map(String::as_str), shelf.get("bb").map(String::as_str)), (Some("1"), Some("2")));
        assert_eq!((shelf.get("b"), shelf.get("c"), shelf.get("")), (None, None, None));
        assert!(Shelf::<String>::of(Table(b"")).get("a").is_none());
    }

    #[test]
    fn own_entries_stand_in_the_place_of_others() {
        let mut shelf: Shelf<String> = Shelf::of(Table(TWO));
        shelf.put("bb".to_owned(), "own".to_owned());
        shelf.put("aa".to_owned(), "new".to_owned());
        assert_eq!(shelf.iter().collect::<Vec<_>>(), ["1", "new", "own"]);
        assert_eq!(shelf.keys().collect::<Vec<_>>(), ["a", "aa", "bb"]);
        assert!(shelf.has("aa") && shelf.has("a") && !shelf.has("c"));
    }
}
