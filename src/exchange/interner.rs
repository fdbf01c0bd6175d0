//! One copy of the texts that a capture repeats in every entry: header names and values, pages, scripts.

use super::{ArcStr, Header};
use std::sync::Arc;

/// How many texts are remembered. Each has one place; a later one with the same place takes it over, so that hostile
/// texts cost no more than honest ones.
const PLACES: usize = 4096;

/// How many names are remembered as they are written, in the same way.
const NAMES: usize = 256;

/// The longest text that is remembered, in bytes.
const LONGEST: usize = 512;

/// The most header lines that are remembered together.
const MOST_LINES: usize = 32;

/// Texts that were met lately, each at least twice: what comes only once, as ids do, is not worth a place, and taking
/// one from another text costs more than the copy.
pub(crate) struct Interner {
    places: Vec<Option<ArcStr>>,
    /// For each place what was met there last without being remembered, as a hash.
    met: Vec<u64>,
    lists: Vec<Option<Arc<[Header]>>>,
    names: Vec<Option<Name>>,
}

/// A name as written, and in lower case.
#[derive(Clone)]
struct Name {
    written: Box<[u8]>,
    lower: ArcStr,
}

impl Interner {
    pub(crate) fn new() -> Self {
        Self { places: vec![None; PLACES], met: vec![0; PLACES], lists: vec![None; PLACES], names: vec![None; NAMES] }
    }

    /// A text, shared with its other copies if it was met lately.
    pub(crate) fn text(&mut self, text: &str) -> ArcStr {
        self.bytes(text.as_bytes(), |_| text.into())
    }

    /// The text that some bytes stand for, each of them for itself; `decode` makes it where it is not known yet.
    pub(crate) fn bytes(&mut self, bytes: &[u8], decode: impl FnOnce(&[u8]) -> ArcStr) -> ArcStr {
        let hash = hash(bytes);
        let place = shortened(hash, PLACES);
        match (self.places.get_mut(place), self.met.get_mut(place)) {
            (Some(Some(known)), _) if known.as_bytes() == bytes => ArcStr::clone(known),
            (Some(place), Some(met)) if *met == hash && bytes.len() <= LONGEST => ArcStr::clone(place.insert(decode(bytes))),
            (_, met) => {
                if let Some(met) = met {
                    *met = hash;
                }
                decode(bytes)
            }
        }
    }

    /// A name in lower case, without the white space around it.
    pub(crate) fn lower_case(&mut self, name: &[u8]) -> ArcStr {
        let place = shortened(hash(name), NAMES);
        if let Some(Some(known)) = self.names.get(place)
            && *known.written == *name
        {
            return ArcStr::clone(&known.lower);
        }
        let lower = self.text(&String::from_utf8_lossy(name.trim_ascii()).to_ascii_lowercase());
        if let Some(place) = self.names.get_mut(place).filter(|_| name.len() <= LONGEST) {
            *place = Some(Name { written: name.into(), lower: ArcStr::clone(&lower) });
        }
        lower
    }

    /// Header lines, shared with a message that has the very same: given as they are written, names in whatever case, and
    /// `make` makes them where they are not known yet.
    pub(crate) fn headers<'t>(
        &mut self,
        written: impl Iterator<Item = (&'t [u8], &'t [u8])> + Clone,
        make: impl FnOnce(&mut Self) -> Vec<Header>,
    ) -> Arc<[Header]> {
        let mixed = written.clone().fold(0, |mixed, (name, value)| mix(mix(mixed, hash(name)), hash(value)));
        let place = shortened(mixed, PLACES);
        if let Some(Some(known)) = self.lists.get(place)
            && are_written(known, written)
        {
            return Arc::clone(known);
        }
        let lines: Arc<[Header]> = make(self).into();
        // A value that nobody shares makes the list one of a kind.
        if let Some(place) = self.lists.get_mut(place)
            && lines.len() <= MOST_LINES
            && !lines.iter().any(|line| line.written().is_unshared())
        {
            *place = Some(Arc::clone(&lines));
        }
        lines
    }
}

/// Whether header lines are written so.
fn are_written<'t>(lines: &[Header], mut written: impl Iterator<Item = (&'t [u8], &'t [u8])>) -> bool {
    let is_next = |line: &Header| {
        written.next().is_some_and(|(name, value)| {
            let known = line.name.as_bytes();
            line.written().raw().as_bytes() == value && (known == name || known.eq_ignore_ascii_case(name))
        })
    };
    lines.iter().all(is_next) && written.next().is_none()
}

/// A text's length and some of its bytes, mixed.
fn hash(bytes: &[u8]) -> u64 {
    let word = |at: usize| bytes.get(at..).and_then(<[u8]>::first_chunk).map_or(0, |word| u64::from_le_bytes(*word));
    let length = bytes.len();
    match length {
        0..8 => bytes.iter().fold(length as u64, |mixed, byte| mix(mixed, u64::from(*byte))),
        _ => mix(mix(mix(length as u64, word(0)), word(length - 8)), word(length / 2)),
    }
}

fn mix(mixed: u64, part: u64) -> u64 {
    (mixed.rotate_left(5) ^ part).wrapping_mul(0x9E37_79B9_7F4A_7C15)
}

/// One of so many places, a power of two.
fn shortened(mixed: u64, places: usize) -> usize {
    (mixed >> (u64::BITS - places.ilog2())) as usize
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_lose_the_space_that_http_knows_and_no_other() {
        let mut interner = Interner::new();
        assert_eq!(&*interner.lower_case(b" Accept\t"), "accept");
        assert_eq!(&*interner.lower_case("\u{a0}Accept\u{2003} ".as_bytes()), "\u{a0}accept\u{2003}");
    }

    #[test]
    fn a_text_stays_itself_and_is_shared() {
        let mut interner = Interner::new();
        let texts: Vec<String> = (0..20_000).map(|number| format!("{}{number}", "x".repeat(number % 600))).collect();
        for text in &texts {
            assert_eq!(&*interner.text(text), text);
        }
        let [_, one, other] = [(); 3].map(|()| interner.text("sec-fetch-dest"));
        assert!(ArcStr::ptr_eq(&one, &other));
    }
}
