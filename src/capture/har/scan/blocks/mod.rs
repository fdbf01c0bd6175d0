//! The vector step: which bytes of JSON text matter, found 64 at a time.
//!
//! Comparisons give one bit for each byte of a block; what is a string, which characters are escaped and where
//! values begin follows from arithmetic on the bits (Langdale and Lemire, "Parsing gigabytes of JSON per second",
//! 2019). What comes out is a list of the places that the walk has to look at: brackets, colons, commas, both
//! quotes of every string and the first byte of every number and word. What lies inside strings is checked here
//! and nowhere else: control characters, escapes, the digits of `\u`.

#[cfg(target_arch = "x86_64")]
mod avx2;
#[cfg(target_arch = "x86_64")]
mod avx512;
mod portable;

use super::flaws::escape_length;

/// How many bytes are looked at together.
pub(super) const BLOCK: usize = 64;

/// One bit for each byte of a block, the first byte's lowest.
type Bits = u64;

/// A block, and the questions asked about its bytes.
trait Block {
    fn load(bytes: &[u8; BLOCK]) -> Self;
    /// `"`
    fn quotes(&self) -> Bits;
    /// `\`
    fn backslashes(&self) -> Bits;
    /// Below U+0020.
    fn controls(&self) -> Bits;
    /// Whether there is any of those three.
    fn has_quote_backslash_or_control(&self) -> bool;
    /// `{`, `}`, `[`, `]`, `:`, `,`
    fn operators(&self) -> Bits;
    /// Space, tab, line feed, carriage return.
    fn white_space(&self) -> Bits;
    /// What may stand behind a backslash: `"`, `\`, `/`, `b`, `f`, `n`, `r`, `t`, `u`.
    fn escapes(&self) -> Bits;
    /// `u`
    fn us(&self) -> Bits;
    /// Hexadecimal digits.
    fn digits(&self) -> Bits;

    /// `n`
    fn ns(&self) -> Bits;

    /// Whether its bytes go on as UTF-8 from the four before it, a character that goes on behind it aside; true where the
    /// way leaves that to others ([`checks_utf8`]).
    #[inline(always)]
    fn is_utf8_behind(&self, _before: u32) -> bool {
        true
    }

    /// For each bit whether it or an odd number of bits below it are set together.
    #[inline(always)]
    fn parity(mut bits: Bits) -> Bits {
        bits ^= bits << 1;
        bits ^= bits << 2;
        bits ^= bits << 4;
        bits ^= bits << 8;
        bits ^= bits << 16;
        bits ^ bits << 32
    }

    /// Writes the places of the bits that are set, the first bit having the place `first`, and the bytes that stand there.
    /// What is behind them in the room may be anything. Eight are written at a time, whether there are as many or not:
    /// that has no jumps that depend on their number.
    #[inline(always)]
    fn write(&self, bytes: &[u8; BLOCK], first: u32, mut bits: Bits, places: &mut [u32; BLOCK], marks: &mut [u8; BLOCK]) {
        // Slices are walked by hand, because closures and most iterators would not be compiled for the processor that the
        // function around this one is.
        let (mut places, mut marks) = (places.as_chunks_mut::<8>().0, marks.as_chunks_mut::<8>().0);
        while let ([eight_places, further_places @ ..], [eight_marks, further_marks @ ..]) = (places, marks)
            && bits != 0
        {
            let (mut eight_places, mut eight_marks) = (eight_places.as_mut_slice(), eight_marks.as_mut_slice());
            while let ([place, other_places @ ..], [mark, other_marks @ ..]) = (eight_places, eight_marks) {
                let number = bits.trailing_zeros();
                *place = first.wrapping_add(number);
                if let Some(byte) = bytes.get(number as usize % BLOCK) {
                    *mark = *byte;
                }
                bits &= bits.wrapping_sub(1);
                (eight_places, eight_marks) = (other_places, other_marks);
            }
            (places, marks) = (further_places, further_marks);
        }
    }
}

/// What one block leaves to the next.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct State {
    /// All bits if the next block begins inside a string, else none.
    in_string: Bits,
    /// 1 if its first byte is escaped.
    escaped: Bits,
    /// Which of its first bytes have to be the digits of a `\u`.
    digits_due: Bits,
    /// 1 if the last byte belonged to a number or word.
    in_word: Bits,
    /// The last four bytes.
    before: u32,
}

impl State {
    /// Whether the text goes on inside a string.
    pub(super) fn is_in_string(self) -> bool {
        self.in_string != 0
    }

    /// How many of the next bytes belong to an escape that has begun.
    pub(super) fn escape_goes_on_for(self, next: &[u8]) -> usize {
        match (self.escaped != 0, self.is_in_string()) {
            (true, true) => escape_length(next).unwrap_or_default(),
            (true, false) => 1,
            (false, _) => self.digits_due.count_ones() as usize,
        }
    }

    /// Whether the next bytes are what an escape that has begun needs.
    pub(super) fn is_well_continued_by(self, next: &[u8]) -> bool {
        let digits = next.iter().take(self.digits_due.count_ones() as usize);
        digits.clone().all(u8::is_ascii_hexdigit) && (self.escaped == 0 || self.in_string == 0 || escape_length(next).is_some())
    }
}

#[cfg(any(fuzzing, test))]
thread_local! {
    /// Whether this thread is to index in the portable way, wherever it runs.
    pub(in crate::capture::har) static PORTABLY: std::cell::Cell<bool> = const { std::cell::Cell::new(false) };
}

/// Appends the places that matter in some blocks to `tokens`, the first byte having the place `first`. `false` where a
/// string holds what it must not; then state and tokens are worth nothing.
pub(super) fn index(state: &mut State, blocks: &[[u8; BLOCK]], first: u32, tokens: &mut Tokens) -> bool {
    tokens.make_room(blocks.len() * BLOCK);
    let sound = index_best(state, blocks, first, tokens);
    tokens.end();
    sound
}

fn index_best(state: &mut State, blocks: &[[u8; BLOCK]], first: u32, tokens: &mut Tokens) -> bool {
    #[cfg(any(fuzzing, test))]
    if PORTABLY.get() {
        return index_by::<portable::Portable>(state, blocks, first, tokens);
    }
    #[cfg(target_arch = "x86_64")]
    if let Some(sound) = avx512::index(state, blocks, first, tokens).or_else(|| avx2::index(state, blocks, first, tokens)) {
        return sound;
    }
    index_by::<portable::Portable>(state, blocks, first, tokens)
}

/// Whether [`index`] takes nothing that is no UTF-8. Only one way can tell at next to no cost.
pub(super) fn checks_utf8() -> bool {
    #[cfg(any(fuzzing, test))]
    if PORTABLY.get() {
        return false;
    }
    #[cfg(target_arch = "x86_64")]
    let checks = avx512::is_here();
    #[cfg(not(target_arch = "x86_64"))]
    let checks = false;
    checks
}

/// How many marks may be asked for together.
pub(super) const AHEAD: usize = 16;

/// Places that matter, in order, and the byte that stands at each, its mark: the walk looks at marks, which lie side by
/// side, and at the text only for what they do not tell.
#[derive(Default)]
pub(in crate::capture::har) struct Tokens {
    /// Of which only the first `count` count.
    places: Vec<u32>,
    /// As many, and at least `AHEAD` noughts behind those that count.
    marks: Vec<u8>,
    count: usize,
}

impl Tokens {
    pub(super) fn clear(&mut self) {
        self.count = 0;
    }

    #[inline(always)]
    pub(super) fn get(&self, index: usize) -> Option<u32> {
        if index < self.count { self.places.get(index).copied() } else { None }
    }

    /// The places from an index on.
    #[inline(always)]
    pub(super) fn from(&self, index: usize) -> &[u32] {
        self.places.get(index..self.count).unwrap_or_default()
    }

    /// The marks from an index on, and noughts behind them.
    #[inline(always)]
    pub(super) fn marks(&self, index: usize) -> &[u8] {
        self.marks.get(index..self.count + AHEAD).unwrap_or_default()
    }

    /// The next few places from an index on; those of which the marks are not nought count.
    #[inline(always)]
    pub(super) fn next_places(&self, index: usize) -> &[u32; AHEAD] {
        self.places.get(index..).and_then(<[u32]>::first_chunk).unwrap_or(&[0; AHEAD])
    }

    /// The next few marks from an index on; nought where there is none.
    #[inline(always)]
    pub(super) fn next_marks(&self, index: usize) -> &[u8; AHEAD] {
        self.marks.get(index..).and_then(<[u8]>::first_chunk).unwrap_or(&[0; AHEAD])
    }

    pub(super) fn len(&self) -> usize {
        self.count
    }

    pub(super) fn add(&mut self, place: u32, mark: u8) {
        self.make_room(1);
        if let (Some(last), Some(its)) = (self.places.get_mut(self.count), self.marks.get_mut(self.count)) {
            (*last, *its) = (place, mark);
            self.count += 1;
        }
        self.end();
    }

    /// Another byte stands at the place of that index.
    pub(super) fn replace(&mut self, index: usize, mark: u8) {
        if let Some(its) = self.marks.get_mut(index).filter(|_| index < self.count) {
            *its = mark;
        }
    }

    pub(super) fn shorten(&mut self, count: usize) {
        self.count = self.count.min(count);
        self.end();
    }

    /// Moves all from an index on towards the beginning, by so many bytes.
    pub(super) fn move_back(&mut self, index: usize, by: u32) {
        for place in self.places.get_mut(index..self.count).unwrap_or_default() {
            *place = place.wrapping_sub(by);
        }
    }

    /// Puts noughts behind the last mark.
    fn end(&mut self) {
        if let Some(behind) = self.marks.get_mut(self.count..self.count + AHEAD) {
            behind.fill(0);
        }
    }

    /// Room for so many more, and for what `push` writes beyond the last.
    fn make_room(&mut self, more: usize) {
        let needed = self.count + more + BLOCK;
        if self.places.len() < needed {
            // Of room that is new only what is used becomes memory, of room that is enlarged all.
            let (mut places, mut marks) = (vec![0; needed + needed / 8], vec![0; needed + needed / 8]);
            places.iter_mut().zip(self.from(0)).for_each(|(place, known)| *place = *known);
            marks.iter_mut().zip(self.marks(0)).for_each(|(mark, known)| *mark = *known);
            (self.places, self.marks) = (places, marks);
        }
    }

    /// Appends the places of the bits that are set.
    #[inline(always)]
    fn push<B: Block>(&mut self, block: &B, bytes: &[u8; BLOCK], first: u32, bits: Bits) {
        let places = self.places.get_mut(self.count..).and_then(<[u32]>::first_chunk_mut);
        let marks = self.marks.get_mut(self.count..).and_then(<[u8]>::first_chunk_mut);
        if let (Some(places), Some(marks)) = (places, marks) {
            block.write(bytes, first, bits, places, marks);
            self.count += bits.count_ones() as usize;
        }
    }
}

#[inline(always)]
fn index_by<B: Block>(state: &mut State, blocks: &[[u8; BLOCK]], first: u32, tokens: &mut Tokens) -> bool {
    let mut now = *state;
    let mut place = first;
    // Whether all of the block before was inside of a string: where strings are short, blocks are not asked for more than that.
    let mut was_inside = true;
    for bytes in blocks {
        let block = B::load(bytes);
        if !block.is_utf8_behind(now.before) {
            return false;
        }
        if let Some(last) = bytes.last_chunk() {
            now.before = u32::from_le_bytes(*last);
        }
        was_inside = was_inside && is_inside_of_string(&mut now, &block);
        if !was_inside {
            let known = tokens.count;
            if !index_block(&mut now, &block, bytes, place, tokens) {
                return false;
            }
            was_inside = tokens.count == known;
        }
        place = place.wrapping_add(BLOCK as u32);
    }
    *state = now;
    true
}

/// Whether a block is the inside of a long string with no escapes but the usual ones, as most blocks of most captures are.
/// If not, nothing is changed.
#[inline(always)]
fn is_inside_of_string<B: Block>(state: &mut State, block: &B) -> bool {
    if state.in_string & !state.digits_due != Bits::MAX {
        return false;
    }
    if !block.has_quote_backslash_or_control() {
        return state.escaped == 0;
    }
    let (quotes, backslashes) = (block.quotes(), block.backslashes());
    let mut goes_on = state.escaped;
    let escaped = escaped(backslashes, &mut goes_on);
    let usual = quotes | backslashes | block.ns();
    if (quotes & !escaped) | (escaped & !usual) | block.controls() != 0 {
        return false;
    }
    (state.escaped, state.in_word) = (goes_on, 0);
    true
}

/// Indexes one block; `false` where a string holds what it must not.
#[inline(always)]
fn index_block<B: Block>(state: &mut State, block: &B, bytes: &[u8; BLOCK], place: u32, tokens: &mut Tokens) -> bool {
    let backslashes = block.backslashes();
    let escaped = if backslashes | state.escaped == 0 { 0 } else { escaped(backslashes, &mut state.escaped) };
    let quotes = block.quotes() & !escaped;
    // From each opening quote up to the byte before its closing one.
    let in_string = B::parity(quotes) ^ state.in_string;
    state.in_string = Bits::wrapping_sub(0, in_string >> 63);
    let mut flaws = block.controls() & in_string;
    if (escaped & in_string) | state.digits_due != 0 {
        let escaped = escaped & in_string;
        flaws |= escaped & !block.escapes();
        let unicode = escaped & block.us();
        if unicode | state.digits_due != 0 {
            let due = state.digits_due | unicode << 1 | unicode << 2 | unicode << 3 | unicode << 4;
            flaws |= due & !block.digits();
            state.digits_due = unicode >> 63 | unicode >> 62 | unicode >> 61 | unicode >> 60;
        }
    }
    if flaws != 0 {
        return false;
    }
    let outside = !in_string & !quotes;
    if outside == 0 {
        state.in_word = 0;
        // In a body there is none for many blocks.
        if quotes != 0 {
            tokens.push(block, bytes, place, quotes);
        }
        return true;
    }
    let operators = block.operators() & outside;
    let word = outside & !operators & !block.white_space();
    let word_starts = word & !(word << 1 | state.in_word);
    state.in_word = word >> 63;
    tokens.push(block, bytes, place, operators | quotes | word_starts);
    true
}

/// The bytes that stand behind a backslash which is not escaped itself: every second one of a row. `goes_on` tells
/// whether the first byte does, and then whether the one after the block will.
#[inline(always)]
fn escaped(backslashes: Bits, goes_on: &mut Bits) -> Bits {
    const ODD: Bits = 0xAAAA_AAAA_AAAA_AAAA;
    let starts = backslashes & !*goes_on;
    // Subtracting a row from its shadow carries through to its end: that tells rows of odd length from even ones.
    let turns = ((starts << 1) | ODD).wrapping_sub(starts) ^ ODD;
    let escaped = turns ^ (backslashes | *goes_on);
    *goes_on = (turns & backslashes) >> 63;
    escaped
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn index_all(index: impl Fn(&mut State, &[[u8; BLOCK]], u32, &mut Tokens) -> bool, text: &[u8]) -> Option<(Vec<u32>, State)> {
        let mut padded = text.to_vec();
        padded.resize(text.len().next_multiple_of(BLOCK), b' ');
        let mut tokens = Tokens::default();
        tokens.make_room(padded.len());
        let mut state = State::default();
        let sound = index(&mut state, padded.as_chunks().0, 0, &mut tokens);
        for (number, place) in tokens.from(0).iter().enumerate() {
            assert_eq!(tokens.marks.get(number), padded.get(*place as usize), "mark {number}");
        }
        sound.then(|| ((0..tokens.len()).filter_map(|index| tokens.get(index)).collect(), state))
    }

    fn best(text: &[u8]) -> Option<(Vec<u32>, State)> {
        index_all(index, text)
    }

    fn portable(text: &[u8]) -> Option<(Vec<u32>, State)> {
        index_all(index_by::<portable::Portable>, text)
    }

    /// By each way that this processor has, and the one that is taken.
    fn every_way(text: &[u8]) -> Vec<Option<(Vec<u32>, State)>> {
        let mut found = vec![best(text), portable(text)];
        #[cfg(target_arch = "x86_64")]
        for way in [avx2::index, avx512::index] {
            if way(&mut State::default(), &[], 0, &mut Tokens::default()).is_some() {
                found.push(index_all(|state, blocks, first, tokens| way(state, blocks, first, tokens).unwrap_or_default(), text));
            }
        }
        found
    }

    /// The same, one byte after the other.
    fn by_bytes(text: &[u8]) -> Option<Vec<u32>> {
        let mut places = Vec::new();
        let (mut in_string, mut in_word) = (false, false);
        let mut at = 0;
        while let Some(byte) = text.get(at) {
            let mut is_word = false;
            match byte {
                b'"' => {
                    places.push(at as u32);
                    in_string = !in_string;
                }
                b'\\' if in_string => {
                    at += 1;
                    match text.get(at) {
                        Some(b'u') => {
                            let digits = text.iter().skip(at + 1).take(4);
                            if digits.clone().any(|digit| !digit.is_ascii_hexdigit()) {
                                return None;
                            }
                            at += digits.count();
                        }
                        Some(b'"' | b'\\' | b'/' | b'b' | b'f' | b'n' | b'r' | b't') | None => {}
                        Some(_) => return None,
                    }
                }
                0..0x20 if in_string => return None,
                _ if in_string => {}
                b'{' | b'}' | b'[' | b']' | b':' | b',' => places.push(at as u32),
                b' ' | b'\t' | b'\n' | b'\r' => {}
                _ => {
                    is_word = true;
                    if !in_word {
                        places.push(at as u32);
                    }
                }
            }
            in_word = is_word;
            at += 1;
        }
        Some(places)
    }

    #[test]
    fn what_matters_is_found() {
        let text = br#"{"a": [1, -2e3 ,true], "b\"\\" :null}"#;
        let places = [0, 1, 3, 4, 6, 7, 8, 10, 15, 16, 20, 21, 23, 29, 31, 32, 36];
        assert_eq!(best(text).map(|(places, _)| places), Some(places.to_vec()));
    }

    #[test]
    fn flaws_in_strings_are_found_at_every_place() {
        for before in 0..150 {
            let plain = "x".repeat(before);
            for flaw in ["\n", "\\x", "\\u12G4", "\\u123\"", "\u{1}"] {
                let text = format!("\"{plain}{flaw}{plain}\"      ");
                assert!(every_way(text.as_bytes()).iter().all(Option::is_none), "{text}");
            }
            for sound in ["\\u00e9", "\\\\\\\"", "\u{7f}", "é\\/", "\\ud83d\\uDE00"] {
                let text = format!("\"{plain}{sound}{plain}\"{before}");
                assert!(every_way(text.as_bytes()).iter().all(Option::is_some), "{text}");
            }
        }
    }

    #[cfg(target_arch = "x86_64")]
    #[test]
    fn what_is_no_utf8_is_found_wherever_it_stands() {
        if !avx512::is_here() {
            return;
        }
        let pieces: [&[u8]; 24] = [
            b"a",
            b"\x7F",
            b"\x80",
            b"\xBF",
            b"\xC0\x80",
            b"\xC2\x80",
            b"\xC3",
            b"\xDF\xBF",
            b"\xE0\x9F\xBF",
            b"\xE0\xA0\x80",
            b"\xE1\x80",
            b"\xED\x9F\xBF",
            b"\xED\xA0\x80",
            b"\xEF\xBF\xBF",
            b"\xF0\x8F\xBF\xBF",
            b"\xF0\x90\x80\x80",
            b"\xF0\x90\x80",
            b"\xF3\xBF\xBF\xBF",
            b"\xF4\x8F\xBF\xBF",
            b"\xF4\x90\x80\x80",
            b"\xF5\x80\x80\x80",
            b"\xFF",
            b"\xC2\xC2\x80",
            b"\xE2\x82\xAC",
        ];
        for before in 120..136 {
            for (one, other) in pieces.iter().flat_map(|one| pieces.iter().map(move |other| (one, other))) {
                let mut text = vec![b' '; before];
                text.extend([*one, *other].concat());
                text.resize(256, b' ');
                let is_utf8 = std::str::from_utf8(&text).is_ok();
                assert_eq!(best(&text).is_some(), is_utf8, "{before} {one:x?} {other:x?}");
            }
        }
    }

    proptest! {
        #[test]
        fn every_way_finds_the_same(text in r#"([ -~]|\\\\|\\"|\\n|"|\n|\x0c|\x1a|\\u00e9|[{}\[\]:,]|é|true|[0-9]{3}){0,200}"#) {
            // A backslash outside of strings is no JSON anyway, and each way may take it as it likes.
            let padded = format!("{text}{}", " ".repeat(text.len().next_multiple_of(BLOCK) - text.len()));
            let text = padded.as_bytes();
            let expected = by_bytes(text);
            let found = best(text);
            for other in every_way(text) {
                prop_assert_eq!(&found, &other);
            }
            let outside = text.iter().scan((false, false), |(in_string, skip), byte| {
                let outside = *byte == b'\\' && !*in_string;
                if *skip { *skip = false; } else if *byte == b'\\' && *in_string { *skip = true; } else if *byte == b'"' { *in_string = !*in_string; }
                Some(outside)
            }).any(|outside| outside);
            if !outside {
                prop_assert_eq!(found.map(|(places, _)| places), expected);
            }
        }
    }
}
