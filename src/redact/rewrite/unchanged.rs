//! Values that came out as they had been, and of which the vault was asked nothing: they always will. Most headers of a
//! capture stand in each of its entries, and most call stacks lead through the same few scripts.

use std::hash::{DefaultHasher, Hash as _, Hasher as _};

/// How many values are remembered.
const PLACES: usize = 1 << 12;

/// The longest value that is remembered, in bytes; and the longest name of one.
const LONGEST: usize = 256;

/// What a value is.
#[derive(Clone, Copy, Hash, PartialEq, Eq)]
pub(super) enum Sort {
    RequestHeader,
    ResponseHeader,
    /// An address, wherever it stands; it has no name.
    Address,
}

/// Some of the values. Only whether one is there can be asked.
#[derive(Default)]
pub(super) struct Unchanged {
    /// Each at the place that its letters tell; empty as long as there is none.
    values: Vec<Option<Known>>,
}

/// A value that is remembered.
struct Known {
    sort: Sort,
    name: String,
    value: String,
}

impl Unchanged {
    /// Whether a value is remembered.
    pub(super) fn has(&self, sort: Sort, name: &str, value: &str) -> bool {
        let known = place(sort, name, value).and_then(|place| self.values.get(place)?.as_ref());
        known.is_some_and(|known| known.sort == sort && known.name == name && known.value == value)
    }

    /// Remembers a value, in the place of another.
    pub(super) fn add(&mut self, sort: Sort, name: &str, value: &str) {
        let Some(place) = place(sort, name, value) else { return };
        if self.values.is_empty() {
            self.values.resize_with(PLACES, || None);
        }
        if let Some(known) = self.values.get_mut(place) {
            *known = Some(Known { sort, name: name.to_owned(), value: value.to_owned() });
        }
    }
}

/// Where a value is remembered; `None` for one that is not.
fn place(sort: Sort, name: &str, value: &str) -> Option<usize> {
    if name.len() > LONGEST || value.len() > LONGEST {
        return None;
    }
    let mut hasher = DefaultHasher::new();
    (sort, name, value).hash(&mut hasher);
    Some(hasher.finish() as usize % PLACES)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_value_is_known_under_its_name() {
        let mut unchanged = Unchanged::default();
        assert!(!unchanged.has(Sort::Address, "", ""));
        unchanged.add(Sort::RequestHeader, "accept", "text/html");
        assert!(unchanged.has(Sort::RequestHeader, "accept", "text/html"));
        for (sort, name, value) in [
            (Sort::ResponseHeader, "accept", "text/html"),
            (Sort::RequestHeader, "accep", "ttext/html"),
            (Sort::RequestHeader, "accept", "text/htm"),
            (Sort::RequestHeader, "accept", "text/html "),
        ] {
            assert!(!unchanged.has(sort, name, value), "{name}: {value}");
        }
    }

    #[test]
    fn what_is_long_is_not_remembered() {
        let mut unchanged = Unchanged::default();
        let long = "x".repeat(LONGEST + 1);
        unchanged.add(Sort::Address, "", &long);
        assert!(!unchanged.has(Sort::Address, "", &long));
    }
}
