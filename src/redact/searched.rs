//! Which texts were searched, so that the check need not search the same text again.
//!
//! Of the texts of an entry, in order, there is a digest with a key that nobody knows. An entry that has the same when
//! it was read again holds these texts and no others.

use serde_json::Value;
use std::collections::hash_map::{DefaultHasher, RandomState};
use std::hash::{BuildHasher, Hasher};

/// What was searched of a capture.
pub(super) struct Searched {
    pub(super) digests: Digests,
    /// The digests of the entries.
    pub(super) entries: Vec<u64>,
}

impl Searched {
    /// Whether nothing is in an entry but texts that were searched.
    pub(super) fn has(&self, entry: usize, value: &Value) -> bool {
        let mut digest = self.digests.begin();
        digest.add_all(value);
        self.entries.get(entry) == Some(&digest.take(&self.digests))
    }
}

/// Makes digests that can be compared with each other.
#[derive(Default)]
pub(super) struct Digests(RandomState);

impl Digests {
    pub(super) fn begin(&self) -> Digest {
        Digest { hasher: self.0.build_hasher(), is_spoilt: false }
    }
}

/// A digest in the making.
pub(super) struct Digest {
    hasher: DefaultHasher,
    is_spoilt: bool,
}

impl Digest {
    /// Adds a text.
    pub(super) fn add(&mut self, text: &str) {
        self.hasher.write_usize(text.len());
        self.hasher.write(text.as_bytes());
    }

    /// Makes a digest that equals no other.
    pub(super) fn spoil(&mut self) {
        self.is_spoilt = true;
    }

    /// The digest, and begins another.
    pub(super) fn take(&mut self, digests: &Digests) -> u64 {
        let digest = std::mem::replace(self, digests.begin());
        let spoilt = u64::from(digest.is_spoilt);
        digest.hasher.finish() ^ spoilt.wrapping_neg()
    }

    /// Adds every text of a value, as they are searched: names, texts and numbers.
    fn add_all(&mut self, value: &Value) {
        match value {
            Value::String(text) => self.add(text),
            Value::Number(number) => self.add(&number.to_string()),
            Value::Array(items) => items.iter().for_each(|item| self.add_all(item)),
            Value::Object(members) => members.iter().for_each(|(name, value)| {
                self.add(name);
                self.add_all(value);
            }),
            Value::Null | Value::Bool(_) => {}
        }
    }
}
