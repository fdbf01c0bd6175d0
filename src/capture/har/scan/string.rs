//! Finds the end of a JSON string, and validates what it holds: escapes, UTF-8, no control characters.
//!
//! Long strings are looked at 64 bytes at a time: comparisons give one bit for each byte, and what matters
//! (the quote that is not escaped, the characters behind backslashes) follows from arithmetic on the bits, as
//! in Langdale and Lemire, "Parsing gigabytes of JSON per second" (2019).

use super::Break;

/// The end of the string whose quote is at `at`.
pub(in crate::capture::har) fn string_end(text: &[u8], at: usize) -> Result<usize, Break> {
    let start = at + 1;
    let (at, end, is_ascii) = short_string_end(text, start);
    let (end, is_ascii) = match end {
        Some(end) => (end, is_ascii),
        None => long_string_end(text, at, is_ascii)?,
    };
    match text.get(start..end) {
        Some(inner) if !is_ascii => match std::str::from_utf8(inner) {
            Ok(_) => Ok(end + 1),
            Err(error) => Err(Break { at: start + error.valid_up_to(), cut: false }),
        },
        _ => Ok(end + 1),
    }
}

/// Looks for the closing quote in the first bytes of a string: keys and most values are short and have no
/// escapes. Returns how far it looked, the quote if it found it, and whether all it saw was ASCII.
fn short_string_end(text: &[u8], mut at: usize) -> (usize, Option<usize>, bool) {
    const ONES: u64 = u64::from_ne_bytes([1; 8]);
    const HIGHS: u64 = ONES << 7;
    let mut seen = 0;
    for _ in 0..4 {
        let Some(bytes) = text.get(at..).and_then(<[u8]>::first_chunk) else {
            break;
        };
        let word = u64::from_le_bytes(*bytes);
        // The lowest bit that is set is right; those above it may not be.
        let below = |limit: u64, word: u64| word.wrapping_sub(ONES * limit) & !word & HIGHS;
        let equal = |byte: u8| below(1, word ^ (ONES * u64::from(byte)));
        let quote = equal(b'"');
        let other = equal(b'\\') | below(0x20, word);
        if quote | other != 0 {
            if quote == 0 || other.trailing_zeros() < quote.trailing_zeros() {
                break;
            }
            let length = quote.trailing_zeros() as usize / 8;
            let inside = word & !u64::MAX.checked_shl(length as u32 * 8).unwrap_or(0);
            return (at, Some(at + length), (seen | inside) & HIGHS == 0);
        }
        seen |= word;
        at += 8;
    }
    (at, None, seen & HIGHS == 0)
}

/// The closing quote of a string that goes on at `at`, and whether all of it is ASCII.
fn long_string_end(text: &[u8], mut at: usize, mut is_ascii: bool) -> Result<(usize, bool), Break> {
    let mut escape_goes_on = false;
    let mut fetched = at;
    let mut fetch = 2 * BLOCK;
    while at < text.len() {
        if at >= fetched {
            // What is done with each block is more than a core looks ahead, so that it would wait for memory
            // at every page. This light loop makes it fetch a whole stretch: reading is a third faster.
            fetched = at + fetch;
            fetch = FETCH;
            is_ascii &= text.get(at..fetched).or(text.get(at..)).is_none_or(<[u8]>::is_ascii);
        }
        let rest = text.get(at..).unwrap_or_default();
        let last;
        let block = match rest.first_chunk() {
            Some(block) => block,
            None => {
                last = padded(rest);
                &last
            }
        };
        let quotes = Marks::of(block, |byte| byte == b'"');
        let backslashes = Marks::of(block, |byte| byte == b'\\');
        let has_controls = has_byte(block, |byte| byte < 0x20);
        if escape_goes_on || has_controls || !quotes.are_none() || !backslashes.are_none() {
            let (quotes, backslashes) = (quotes.in_order(), backslashes.in_order());
            let escaped = escaped(backslashes, &mut escape_goes_on);
            let end = (quotes & !escaped).trailing_zeros();
            let inside = !u64::MAX.checked_shl(end).unwrap_or(0);
            if has_controls {
                let controls = Marks::of(block, |byte| byte < 0x20).in_order() & inside;
                if controls != 0 {
                    return Err(Break::at(text, at + controls.trailing_zeros() as usize));
                }
            }
            check_escapes(text, at, escaped & inside & !quotes & !backslashes)?;
            if end < u64::BITS {
                return Ok((at + end as usize, is_ascii));
            }
        }
        at += BLOCK;
    }
    Err(Break::at(text, text.len()))
}

/// Whether some byte of a block is of some kind.
#[inline(always)]
fn has_byte(block: &[u8; BLOCK], is: impl Fn(u8) -> bool) -> bool {
    let marked = block.map(|byte| if is(byte) { u8::MAX } else { 0 });
    marked.as_chunks().0.iter().fold(0, |all, word| all | u64::from_le_bytes(*word)) != 0
}

/// Checks the characters behind backslashes, quotes and further backslashes apart: those at the set bits,
/// counted from `at`.
#[inline(always)]
fn check_escapes(text: &[u8], at: usize, mut escaped: u64) -> Result<(), Break> {
    while escaped != 0 {
        let character = at + escaped.trailing_zeros() as usize;
        // No jumps here: which escape comes next can't be predicted.
        let known = text.get(character).and_then(|byte| SIMPLE_ESCAPES.get(usize::from(*byte)));
        if known != Some(&true) {
            check_unicode_escape(text, character)?;
        }
        escaped &= escaped - 1;
    }
    Ok(())
}

/// The characters that make an escape of one character, quotes and backslashes apart.
#[expect(clippy::indexing_slicing, reason = "evaluated by the compiler, which refuses a bad index")]
const SIMPLE_ESCAPES: [bool; 256] = {
    const SIMPLE: &[u8] = b"/bfnrt";
    let mut known = [false; 256];
    let mut index = 0;
    while index < SIMPLE.len() {
        known[SIMPLE[index] as usize] = true;
        index += 1;
    }
    known
};

#[cold]
fn check_unicode_escape(text: &[u8], character: usize) -> Result<(), Break> {
    if text.get(character) != Some(&b'u') {
        return Err(Break::at(text, character));
    }
    let digits = text.get(character + 1..).unwrap_or_default();
    let wrong = digits.iter().take(4).position(|digit| !digit.is_ascii_hexdigit());
    match wrong.or_else(|| (digits.len() < 4).then_some(digits.len())) {
        Some(wrong) => Err(Break::at(text, character + 1 + wrong)),
        None => Ok(()),
    }
}

/// How many bytes of a string are looked at together.
const BLOCK: usize = 64;

/// How many bytes of a long string are fetched together.
const FETCH: usize = 32 * BLOCK;

/// Which bytes of a block are of some kind: one bit for each, but not in their order. Bit 8·a+b stands for
/// byte 8·b+a, because that is what comparisons and "or" alone can give, and so what compilers turn into
/// vector instructions.
#[derive(Clone, Copy)]
struct Marks(u64);

impl Marks {
    /// For each byte of a block the bit of the word of eight that it stands in.
    #[expect(clippy::indexing_slicing, reason = "evaluated by the compiler, which refuses a bad index")]
    const WORD: [u8; BLOCK] = {
        let mut bits = [1; BLOCK];
        let mut index = 0;
        while index < BLOCK {
            bits[index] = 1 << (index / 8);
            index += 1;
        }
        bits
    };

    #[inline(always)]
    fn of(block: &[u8; BLOCK], is: impl Fn(u8) -> bool) -> Self {
        let mut marked = [0; BLOCK];
        for ((mark, byte), word) in marked.iter_mut().zip(block).zip(&Self::WORD) {
            *mark = if is(*byte) { *word } else { 0 };
        }
        Self(marked.as_chunks().0.iter().fold(0, |all, word| all | u64::from_le_bytes(*word)))
    }

    fn are_none(self) -> bool {
        self.0 == 0
    }

    /// The bits in the order of the bytes: an 8 by 8 matrix, transposed (Warren, "Hacker's Delight", 7-3).
    #[inline(always)]
    fn in_order(self) -> u64 {
        let swap = |bits: u64, distance: u32, mask: u64| {
            let different = (bits ^ bits >> distance) & mask;
            bits ^ different ^ different << distance
        };
        let bits = swap(self.0, 7, 0x00AA_00AA_00AA_00AA);
        let bits = swap(bits, 14, 0x0000_CCCC_0000_CCCC);
        swap(bits, 28, 0x0000_0000_F0F0_F0F0)
    }
}

/// The last bytes of a text as a block; what fills it up is no quote, so that the string is found unfinished.
fn padded(rest: &[u8]) -> [u8; BLOCK] {
    let mut block = [b' '; BLOCK];
    for (byte, given) in block.iter_mut().zip(rest) {
        *byte = *given;
    }
    block
}

/// The bytes of a block that stand behind a backslash which is not escaped itself: every second one of a row.
/// `goes_on` tells whether the block before ended with such a backslash, and then whether this one does.
fn escaped(backslashes: u64, goes_on: &mut bool) -> u64 {
    const EVEN: u64 = 0x5555_5555_5555_5555;
    let first = u64::from(*goes_on);
    if backslashes == 0 {
        *goes_on = false;
        return first;
    }
    let backslashes = backslashes & !first;
    let behind = backslashes << 1 | first;
    // Adding a row's start to the row carries over its end: that tells rows of odd length from even ones.
    let odd_starts = backslashes & !EVEN & !behind;
    let (rows, overflow) = odd_starts.overflowing_add(backslashes);
    *goes_on = overflow;
    (EVEN ^ rows << 1) & behind
}

#[cfg(test)]
#[allow(clippy::string_slice, reason = "a test that slices wrongly may panic")]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[track_caller]
    fn ends(text: &str) {
        assert_eq!(string_end(text.as_bytes(), 0), Ok(text.len()), "{text}");
    }

    #[test]
    fn strings_of_every_length_and_escapes_at_every_place() {
        for length in 0..200 {
            for backslashes in 0..6 {
                let plain = "x".repeat(length);
                let text = format!("\"{plain}{}\"", "\\".repeat(2 * backslashes));
                ends(&text);
                let quoted = format!("\"{plain}{}\"\"", "\\".repeat(2 * backslashes + 1));
                ends(&quoted);
                let unicode = format!("\"{plain}\\u00e9ü{plain}\"");
                ends(&unicode);
                let cut = &quoted[..quoted.len() - 1];
                assert_eq!(string_end(cut.as_bytes(), 0), Err(Break { at: cut.len(), cut: true }));
            }
        }
    }

    #[test]
    fn flaws_are_found_at_every_place() {
        for length in 0..200 {
            let plain = "x".repeat(length);
            for (flaw, behind) in [(b"\n" as &[u8], 0), (b"\\x", 1), (b"\\u12G4", 4), (b"\xFF", 0), (b"\xED\xA0\x80", 0)] {
                let text = [b"\"\xC3\xA9", plain.as_bytes(), flaw, plain.as_bytes(), b"\""].concat();
                assert_eq!(string_end(&text, 0), Err(Break { at: 3 + length + behind, cut: false }), "{length}");
            }
        }
    }

    proptest! {
        #[test]
        fn bytes_are_marked(block in proptest::collection::vec(any::<u8>(), BLOCK), limit in any::<u8>()) {
            let marks = Marks::of(block.first_chunk().unwrap(), |byte| byte < limit);
            let expected = block.iter().rev().fold(0, |bits, byte| bits << 1 | u64::from(*byte < limit));
            prop_assert_eq!(marks.in_order(), expected);
            prop_assert_eq!(marks.are_none(), expected == 0);
        }
    }
}
