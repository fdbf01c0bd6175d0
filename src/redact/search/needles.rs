//! The values as byte strings, and where they stand in a text.
//!
//! Of each a few grams (short parts) are in a table. A text of which no gram is in the table holds none of the
//! values, and most texts are told so at the speed of one look a few letters. Where a gram is in the table the
//! value itself is compared. A text with so many grams of values that this would take long is left to automata.

use crate::redact::kind::Kind;
use aho_corasick::{AhoCorasick, AhoCorasickKind, MatchKind};
use std::sync::OnceLock;

/// How many bytes are compared for a byte of a text before the automata take over.
const MOST_COMPARED: usize = 64;

/// Letters that differ in this bit alone are one: those of ASCII in both cases, and some that are no letters.
const ANY_CASE: u64 = 0x2020_2020_2020_2020;

/// One form of a value.
pub(super) struct Needle {
    pub(super) kind: Kind,
    pub(super) placeholder: String,
    pattern: Vec<u8>,
    /// Whether it is one plain word, as parts of hosts and names are.
    is_word: bool,
}

impl Needle {
    pub(super) fn new(kind: Kind, placeholder: &str, pattern: Vec<u8>, is_word: bool) -> Self {
        Self { kind, placeholder: placeholder.to_owned(), pattern, is_word }
    }

    fn stands_at(&self, rest: &[u8]) -> bool {
        rest.get(..self.pattern.len()).is_some_and(|text| match self.kind.is_personal() {
            true => text.eq_ignore_ascii_case(&self.pattern),
            false => text == self.pattern,
        })
    }
}

/// A value that was found.
pub(super) struct Hit<'n> {
    pub(super) start: usize,
    pub(super) end: usize,
    pub(super) needle: &'n Needle,
}

/// All needles.
pub(super) struct Needles {
    needles: Vec<Needle>,
    pub(super) grams: Grams,
    /// Of values that are the same in any case of letters, and of those that are not.
    automata: [OnceLock<Option<Automaton>>; 2],
}

struct Automaton {
    automaton: AhoCorasick,
    /// The needles by the numbers of its patterns.
    places: Vec<usize>,
}

impl Needles {
    pub(super) fn new(needles: Vec<Needle>) -> Self {
        let needles: Vec<Needle> = needles.into_iter().filter(|needle| !needle.pattern.is_empty()).collect();
        let grams = Grams::of(&needles);
        Self { needles, grams, automata: [OnceLock::new(), OnceLock::new()] }
    }

    /// Where values stand in a text: those that are the same in any case of letters come last, and no two of
    /// either sort overlap. The first counts, and of those that begin together the longest.
    pub(super) fn hits<'n>(&'n self, bytes: &[u8]) -> Vec<Hit<'n>> {
        let Some(mut found) = self.grams.occurrences(bytes, &self.needles) else {
            return self.hits_of_automata(bytes);
        };
        if found.is_empty() {
            return Vec::new();
        }
        let length = |needle: u32| self.needles.get(needle as usize).map_or(0, |needle| needle.pattern.len());
        found.sort_unstable_by_key(|(start, needle)| (*start, std::cmp::Reverse(length(*needle)), *needle));
        let mut hits = Vec::new();
        for personal in [false, true] {
            let mut at = 0;
            for (start, needle) in &found {
                let Some(needle) = self.needles.get(*needle as usize).filter(|needle| needle.kind.is_personal() == personal) else {
                    continue;
                };
                if *start >= at {
                    at = start + needle.pattern.len();
                    hits.push(Hit { start: *start, end: at, needle });
                }
            }
        }
        alone(bytes, hits)
    }

    /// Whether a value may stand in a text, alone or not.
    pub(super) fn may_hit(&self, bytes: &[u8]) -> bool {
        self.grams.occurrences(bytes, &self.needles).is_none_or(|found| !found.is_empty())
    }

    fn hits_of_automata(&self, bytes: &[u8]) -> Vec<Hit<'_>> {
        let mut hits = Vec::new();
        for (personal, automaton) in [false, true].into_iter().zip(&self.automata) {
            let Some(automaton) = automaton.get_or_init(|| self.automaton(personal)) else {
                // It cannot be made of so much; nothing is found, and so nothing handed out.
                hits.extend(self.needles.first().map(|needle| Hit { start: 0, end: bytes.len(), needle }));
                continue;
            };
            hits.extend(automaton.automaton.find_iter(bytes).filter_map(|found| {
                let needle = self.needles.get(*automaton.places.get(found.pattern().as_usize())?)?;
                Some(Hit { start: found.start(), end: found.end(), needle })
            }));
        }
        alone(bytes, hits)
    }

    fn automaton(&self, personal: bool) -> Option<Automaton> {
        let all = self.needles.iter().enumerate();
        let places: Vec<usize> = all.filter(|(_, needle)| needle.kind.is_personal() == personal).map(|(place, _)| place).collect();
        let patterns = places.iter().filter_map(|place| self.needles.get(*place)).map(|needle| &needle.pattern);
        // Making a DFA takes time that is quadratic in the length of a value that repeats itself.
        let automaton = AhoCorasick::builder()
            .kind(Some(AhoCorasickKind::ContiguousNFA))
            .match_kind(MatchKind::LeftmostLongest)
            .ascii_case_insensitive(personal)
            .build(patterns);
        automaton.ok().map(|automaton| Automaton { automaton, places })
    }
}

/// The hits that are not just parts of longer numbers or words.
fn alone<'n>(bytes: &[u8], hits: Vec<Hit<'n>>) -> Vec<Hit<'n>> {
    let follows = |one: Option<&Hit<'_>>, other: Option<&Hit<'_>>| one.zip(other).is_some_and(|(one, other)| one.end + 1 == other.start);
    let is_alone = |at: usize| {
        let before = at.checked_sub(1).and_then(|before| hits.get(before));
        let (hit, after) = (hits.get(at), hits.get(at + 1));
        hit.is_some_and(|hit| stands_alone(bytes, hit, [follows(before, Some(hit)), follows(Some(hit), after)]))
    };
    let alone: Vec<bool> = (0..hits.len()).map(is_alone).collect();
    hits.into_iter().zip(alone).filter_map(|(hit, is_alone)| is_alone.then_some(hit)).collect()
}

/// Whether a value is not just a part of a longer number or word, for values that are short; and for those that are a word,
/// whether it is no part of a host (`word.example`) or of a name that is made of words (`x-word-id`). Another value beside it,
/// before or behind, is not of that sort: somebody's other name (`given.family`).
fn stands_alone(bytes: &[u8], hit: &Hit<'_>, beside: [bool; 2]) -> bool {
    let is_word = hit.needle.is_word;
    if hit.end - hit.start > 8 && !is_word && !matches!(hit.needle.kind, Kind::IpAddress) {
        return true;
    }
    let is_letter = |byte: &u8| byte.is_ascii_alphanumeric();
    let is_number = bytes.get(hit.start..hit.end).is_some_and(|value| value.iter().all(u8::is_ascii_digit));
    let joins = |near: Option<&u8>, far: Option<&u8>, beside: bool| {
        let is_of_fraction = || is_number && near == Some(&b'.') && far.is_some_and(u8::is_ascii_digit);
        is_of_fraction()
            || near.is_some_and(|near| is_letter(near) || is_word && !beside && b".-_".contains(near) && far.is_some_and(is_letter))
    };
    let at = |place: Option<usize>| place.and_then(|place| bytes.get(place));
    let before = |distance: usize| at(hit.start.checked_sub(distance));
    let [is_before, is_behind] = beside;
    !joins(before(1), before(2), is_before) && !joins(at(Some(hit.end)), at(hit.end.checked_add(1)), is_behind)
}

/// The table of grams. They are of seven, four or three bytes, by the length of the value, in any case of letters.
///
/// Of a value of five bytes or more the table has three grams that begin one byte after the other. So one of them
/// begins at a place that can be divided by three, and one where three bytes of base64 begin.
pub(super) struct Grams {
    /// Two bits of a word for what each gram of the two longer tables begins with, four bytes.
    beginnings: Bits,
    long: Table,
    middle: Table,
    short: Table,
    /// The length of the shortest value.
    shortest: usize,
}

/// The shortest value of which there are three grams.
const SHORTEST_OF_THREE: usize = 5;

/// How far the grams of a value, all three, reach before or behind a byte of theirs.
pub(super) const REACH: usize = 8;

impl Grams {
    fn of(needles: &[Needle]) -> Self {
        let shortest = needles.iter().map(|needle| needle.pattern.len()).min().unwrap_or(usize::MAX);
        let mut entries: [Vec<Entry>; 3] = [Vec::new(), Vec::new(), Vec::new()];
        let [long, middle, short] = &mut entries;
        let mut often = Often::of(needles);
        for (number, needle) in needles.iter().enumerate() {
            let length = needle.pattern.len();
            let (size, entries) = match length {
                9.. => (7, &mut *long),
                6..9 => (4, &mut *middle),
                _ => (3, &mut *short),
            };
            let first = if size == 7 { often.rarest(&needle.pattern) } else { 0 };
            let count = if length < SHORTEST_OF_THREE { 1 } else { 3 };
            for offset in first..first + count {
                let gram = gram_at(&needle.pattern, offset) >> (64 - 8 * size);
                entries.push(Entry {
                    gram,
                    needle: u32::try_from(number).unwrap_or(u32::MAX),
                    offset: u32::try_from(offset).unwrap_or(u32::MAX),
                });
            }
        }
        let [long, middle, _] = &entries;
        let beginnings = long.iter().map(|entry| entry.gram >> 24).chain(middle.iter().map(|entry| entry.gram));
        let beginnings = Bits::of(long.len() + middle.len(), beginnings);
        let [long, middle, short] = entries.map(Table::of);
        Self { beginnings, long, middle, short, shortest }
    }

    /// The length of the shortest value; [`usize::MAX`] where there is none.
    pub(super) fn shortest(&self) -> usize {
        self.shortest
    }

    /// Whether all values are so long that [`Self::knows_last`] sees them in any reading of base64.
    pub(super) fn sees_in_base64(&self) -> bool {
        self.shortest >= SHORTEST_OF_THREE
    }

    /// Whether eight bytes may begin with a gram of a value, the first byte being the most significant.
    #[inline(always)]
    fn may_know(&self, bytes: u64) -> bool {
        let gram = bytes | ANY_CASE;
        let may_know = |known: &Table, gram: u64| known.bits.may_have(gram);
        self.beginnings.may_have(gram >> 32) && (may_know(&self.long, gram >> 8) || may_know(&self.middle, gram >> 32))
            || may_know(&self.short, gram >> 40)
    }

    /// Whether the last seven, four or three bytes in some bits, of which the last four bits are left out but for
    /// the three bytes, are a gram of a value: what ten, six or four letters of base64 stand for.
    #[inline]
    pub(super) fn knows_last(&self, bits: u64, letters: usize) -> bool {
        let folded = (bits >> 4) | ANY_CASE;
        (letters >= 10 && self.long.has(folded & 0x00FF_FFFF_FFFF_FFFF))
            || (letters >= 6 && self.middle.has(folded & 0xFFFF_FFFF))
            || (letters >= 4 && self.short.has((bits | ANY_CASE) & 0x00FF_FFFF))
    }

    /// Every place where a needle stands, in no order; `None` where it would take long to tell.
    fn occurrences(&self, bytes: &[u8], needles: &[Needle]) -> Option<Vec<(usize, u32)>> {
        let mut found = Vec::new();
        if bytes.len() < self.shortest {
            return Some(found);
        }
        // Shorter ones have no gram.
        if self.shortest < 3 {
            return None;
        }
        let mut left = MOST_COMPARED.saturating_mul(bytes.len()).saturating_add(1 << 16);
        let step = self.step();
        let mut next = 0;
        while let Some(at) = self.next_known(bytes, next) {
            if !self.compare(bytes, at, needles, &mut found, &mut left) {
                return None;
            }
            next = at + step;
        }
        if step == 1 {
            found.sort_unstable();
            found.dedup();
        }
        Some(found)
    }

    /// Whether a gram of a value stands in a text. Where none does, no value stands there.
    pub(super) fn know(&self, bytes: &[u8]) -> bool {
        // Shorter ones have no gram.
        if self.shortest < 3 {
            return true;
        }
        let step = self.step();
        let mut next = 0;
        while let Some(at) = self.next_known(bytes, next) {
            let gram = gram_at(bytes, at);
            if self.tables().into_iter().any(|(table, shift)| table.entries(gram >> shift).next().is_some()) {
                return true;
            }
            next = at + step;
        }
        false
    }

    /// From how many bytes to how many it has to be looked for grams: all three of a value begin in so many.
    fn step(&self) -> usize {
        if self.shortest >= SHORTEST_OF_THREE { 3 } else { 1 }
    }

    /// The tables, each with how far eight bytes are shifted to be a gram of it.
    fn tables(&self) -> [(&Table, u32); 3] {
        [(&self.long, 8), (&self.middle, 32), (&self.short, 40)]
    }

    /// Where the next gram may stand, from a place on.
    fn next_known(&self, bytes: &[u8], from: usize) -> Option<usize> {
        match self.step() {
            3 => self.next_known_by::<3>(bytes, from),
            _ => self.next_known_by::<1>(bytes, from),
        }
    }

    #[inline]
    fn next_known_by<const STEP: usize>(&self, bytes: &[u8], from: usize) -> Option<usize> {
        let mut rest = bytes.get(from..)?;
        while let Some(eight) = rest.first_chunk() {
            if self.may_know(u64::from_be_bytes(*eight)) {
                break;
            }
            rest = rest.get(STEP..)?;
        }
        // The last bytes are looked at with zeros behind them.
        (!rest.is_empty()).then(|| bytes.len() - rest.len())
    }

    /// Compares the values of which a gram may stand at a place; whether there is time left.
    #[inline(never)]
    fn compare(&self, bytes: &[u8], at: usize, needles: &[Needle], found: &mut Vec<(usize, u32)>, left: &mut usize) -> bool {
        let gram = gram_at(bytes, at);
        for (table, shift) in self.tables() {
            for entry in table.entries(gram >> shift) {
                let Some(start) = at.checked_sub(entry.offset as usize) else { continue };
                let (Some(needle), Some(rest)) = (needles.get(entry.needle as usize), bytes.get(start..)) else { continue };
                let Some(rest_left) = left.checked_sub(needle.pattern.len().min(64)) else { return false };
                *left = rest_left;
                if needle.stands_at(rest) {
                    let Some(rest_left) = left.checked_sub(needle.pattern.len()) else { return false };
                    *left = rest_left;
                    found.push((start, entry.needle));
                }
            }
        }
        true
    }
}

/// Eight bytes from a place on, in any case of letters, with zeros where there are fewer.
fn gram_at(bytes: &[u8], at: usize) -> u64 {
    let mut eight = [0; 8];
    for (byte, value) in eight.iter_mut().zip(bytes.get(at..).unwrap_or_default()) {
        *byte = *value;
    }
    u64::from_be_bytes(eight) | ANY_CASE
}

/// How often grams of long values stand in all of them, about: values of one sort begin or end alike.
struct Often {
    counts: Vec<u16>,
}

impl Often {
    fn of(needles: &[Needle]) -> Self {
        let mut often = Self { counts: vec![0; (needles.len() * 8).next_power_of_two().clamp(1 << 8, 1 << 20)] };
        for needle in needles.iter().filter(|needle| needle.pattern.len() >= 9) {
            for offset in candidates(needle.pattern.len()) {
                if let Some(count) = often.count(&needle.pattern, offset) {
                    *count = count.saturating_add(1);
                }
            }
        }
        often
    }

    fn count(&mut self, pattern: &[u8], offset: usize) -> Option<&mut u16> {
        let bits = self.counts.len().trailing_zeros();
        let place = hash(gram_at(pattern, offset) >> 8) >> (64 - bits);
        self.counts.get_mut(usize::try_from(place).ok()?)
    }

    /// Where in a value to take its grams.
    fn rarest(&mut self, pattern: &[u8]) -> usize {
        candidates(pattern.len())
            .into_iter()
            .min_by_key(|offset| self.count(pattern, *offset).map_or(0, |count| *count))
            .unwrap_or_default()
    }
}

fn candidates(length: usize) -> [usize; 4] {
    let last = length.saturating_sub(9);
    [0, last / 3, last / 2, last]
}

#[inline(always)]
fn hash(gram: u64) -> u64 {
    gram.wrapping_mul(0x9E37_79B9_7F4A_7C15)
}

/// Two bits of a word.
#[inline(always)]
fn two_bits(hash: u64) -> u64 {
    1 << (hash >> 20 & 63) | 1 << (hash >> 26 & 63)
}

struct Entry {
    gram: u64,
    needle: u32,
    offset: u32,
}

/// Two bits of a word for each gram, as of some that are none.
struct Bits {
    words: Vec<u64>,
    /// How far a hash is shifted to be the number of a word.
    shift: u32,
}

impl Bits {
    /// Those of so many grams.
    fn of(count: usize, grams: impl Iterator<Item = u64>) -> Self {
        let size = count.div_ceil(2).next_power_of_two().clamp(1 << 6, 1 << 19);
        let shift = 64 - size.trailing_zeros();
        let mut words = if count == 0 { Vec::new() } else { vec![0; size] };
        for hash in grams.map(hash) {
            if let Some(word) = usize::try_from(hash >> shift).ok().and_then(|word| words.get_mut(word)) {
                *word |= two_bits(hash);
            }
        }
        Self { words, shift }
    }

    #[inline(always)]
    fn may_have(&self, gram: u64) -> bool {
        let hash = hash(gram);
        self.words.get((hash >> self.shift) as usize).is_some_and(|word| !word & two_bits(hash) == 0)
    }
}

/// The grams of one length.
struct Table {
    bits: Bits,
    entries: Vec<Entry>,
    /// For each hash, the first of the entries whose grams have it or a larger one.
    starts: Vec<u32>,
    start_shift: u32,
}

impl Table {
    fn of(mut entries: Vec<Entry>) -> Self {
        entries.sort_unstable_by_key(|entry| (hash(entry.gram), entry.needle));
        let bits = Bits::of(entries.len(), entries.iter().map(|entry| entry.gram));
        let start_bits = (entries.len() + 1).next_power_of_two().trailing_zeros().max(1);
        let start_shift = 64 - start_bits;
        let mut starts = Vec::with_capacity((1 << start_bits) + 1);
        for (number, entry) in entries.iter().enumerate() {
            let place = usize::try_from(hash(entry.gram) >> start_shift).unwrap_or_default();
            while starts.len() <= place {
                starts.push(u32::try_from(number).unwrap_or(u32::MAX));
            }
        }
        while starts.len() <= 1 << start_bits {
            starts.push(u32::try_from(entries.len()).unwrap_or(u32::MAX));
        }
        Self { bits, entries, starts, start_shift }
    }

    /// Whether a gram is in the table.
    #[inline]
    fn has(&self, gram: u64) -> bool {
        self.bits.may_have(gram) && self.entries(gram).next().is_some()
    }

    fn entries(&self, gram: u64) -> impl Iterator<Item = &Entry> {
        let place = usize::try_from(hash(gram) >> self.start_shift).unwrap_or_default();
        let range = match (self.starts.get(place), self.starts.get(place + 1)) {
            (Some(start), Some(end)) => *start as usize..*end as usize,
            _ => 0..0,
        };
        self.entries.get(range).unwrap_or_default().iter().filter(move |entry| entry.gram == gram)
    }
}
