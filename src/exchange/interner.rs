//! One copy of the texts that a capture repeats in every entry: header names and values, pages, scripts.

use std::sync::Arc;

/// How many texts are remembered. Each has one place; a later one with the same place takes it over, so that hostile
/// texts cost no more than honest ones.
const PLACES: usize = 4096;

/// The longest text that is remembered, in bytes.
const LONGEST: usize = 512;

/// Texts that were met lately.
pub(crate) struct Interner {
    places: Vec<Option<Arc<str>>>,
}

impl Interner {
    pub(crate) fn new() -> Self {
        Self { places: vec![None; PLACES] }
    }

    /// A text, shared with its other copies if it was met lately.
    pub(crate) fn text(&mut self, text: &str) -> Arc<str> {
        let place = self.places.get_mut(place(text)).filter(|_| text.len() <= LONGEST);
        match place {
            Some(Some(known)) if **known == *text => Arc::clone(known),
            Some(place) => Arc::clone(place.insert(text.into())),
            None => text.into(),
        }
    }
}

/// A place for a text, by its length and some of its bytes.
fn place(text: &str) -> usize {
    const MULTIPLIER: u64 = 0x9E37_79B9_7F4A_7C15;
    let bytes = text.as_bytes();
    let word = |at: usize| bytes.get(at..).and_then(<[u8]>::first_chunk).map_or(0, |word| u64::from_le_bytes(*word));
    let length = bytes.len();
    let mix = |mixed: u64, part: u64| (mixed.rotate_left(5) ^ part).wrapping_mul(MULTIPLIER);
    let mixed = match length {
        0..8 => bytes.iter().fold(length as u64, |mixed, byte| mix(mixed, u64::from(*byte))),
        _ => mix(mix(mix(length as u64, word(0)), word(length - 8)), word(length / 2)),
    };
    (mixed >> 55) as usize
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_text_stays_itself_and_is_shared() {
        let mut interner = Interner::new();
        let texts: Vec<String> = (0..20_000).map(|number| format!("{}{number}", "x".repeat(number % 600))).collect();
        for text in &texts {
            assert_eq!(&*interner.text(text), text);
        }
        let (one, other) = (interner.text("sec-fetch-dest"), interner.text("sec-fetch-dest"));
        assert!(Arc::ptr_eq(&one, &other));
    }
}
