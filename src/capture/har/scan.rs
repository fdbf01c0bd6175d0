//! Finds where JSON values end, and validates all that lies between: grammar, escapes, UTF-8.
//!
//! Captures are mostly the bodies of unrelated responses, so this is where reading spends its time. Strings
//! are looked at 64 bytes at a time: comparisons give one bit for each byte, and what matters (the quote that
//! is not escaped, the escaped characters, control characters) follows from arithmetic on the bits, as in
//! Langdale and Lemire, "Parsing gigabytes of JSON per second" (2019). serde_json, which looks at 8 bytes at a
//! time, skips a body hardly faster than it builds it.
//!
//! Lone surrogates pass: they are legal JSON. Nothing here recurses, whatever the nesting.

/// Where the grammar breaks.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Break {
    /// The byte in the text.
    pub(super) at: usize,
    /// Whether the text just ends, as a file does that was cut off.
    pub(super) cut: bool,
}

impl Break {
    /// A break at a byte; past the end of the text it is a cut.
    pub(super) fn at(text: &[u8], at: usize) -> Self {
        Self { at: at.min(text.len()), cut: at >= text.len() }
    }
}

/// Makes the core fetch what follows `at`.
pub(super) fn fetch(text: &[u8], at: usize) -> usize {
    let end = at + STRETCH;
    std::hint::black_box(text.get(at..end).is_some_and(<[u8]>::is_ascii));
    end
}

/// The first byte from `at` on that is no white space.
pub(super) fn white_space_end(text: &[u8], mut at: usize) -> usize {
    while matches!(text.get(at), Some(b' ' | b'\n' | b'\r' | b'\t')) {
        at += 1;
        // Indentation, mostly: eight spaces at a time.
        while text.get(at..).is_some_and(|rest| rest.first_chunk() == Some(b"        ")) {
            at += 8;
        }
    }
    at
}

/// The end of the value that begins at `at`.
pub(super) fn value_end(text: &[u8], mut at: usize) -> Result<usize, Break> {
    let mut nesting = Nesting::default();
    loop {
        at = match text.get(at) {
            Some(b'"') => string_end(text, at)?,
            Some(b'{') => match white_space_end(text, at + 1) {
                end if text.get(end) == Some(&b'}') => end + 1,
                key => {
                    nesting.push(Container::Object);
                    at = key_end(text, key)?;
                    continue;
                }
            },
            Some(b'[') => match white_space_end(text, at + 1) {
                end if text.get(end) == Some(&b']') => end + 1,
                item => {
                    nesting.push(Container::Array);
                    at = item;
                    continue;
                }
            },
            Some(b'-' | b'0'..=b'9') => number_end(text, at)?,
            Some(b't') => word_end(text, at, b"true")?,
            Some(b'f') => word_end(text, at, b"false")?,
            Some(b'n') => word_end(text, at, b"null")?,
            _ => return Err(Break::at(text, at)),
        };
        // A value is complete, and with it perhaps what it stands in.
        loop {
            let Some(container) = nesting.top() else {
                return Ok(at);
            };
            at = white_space_end(text, at);
            match (text.get(at), container) {
                (Some(b','), Container::Object) => {
                    at = key_end(text, white_space_end(text, at + 1))?;
                    break;
                }
                (Some(b','), Container::Array) => {
                    at = white_space_end(text, at + 1);
                    break;
                }
                (Some(b'}'), Container::Object) | (Some(b']'), Container::Array) => {
                    nesting.pop();
                    at += 1;
                }
                _ => return Err(Break::at(text, at)),
            }
        }
    }
}

/// The beginning of the value whose key begins at `at`.
fn key_end(text: &[u8], at: usize) -> Result<usize, Break> {
    if text.get(at) != Some(&b'"') {
        return Err(Break::at(text, at));
    }
    let colon = white_space_end(text, string_end(text, at)?);
    if text.get(colon) == Some(&b':') { Ok(white_space_end(text, colon + 1)) } else { Err(Break::at(text, colon)) }
}

/// The end of the string whose quote is at `at`.
pub(super) fn string_end(text: &[u8], at: usize) -> Result<usize, Break> {
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
    let first_seen = at + 4 * BLOCK;
    let mut seen = first_seen;
    while at < text.len() {
        if at >= seen {
            // Memory is slower than what is done here with each block, and cores don't look far enough ahead
            // to hide that. This light loop makes them fetch a whole stretch at once.
            seen = at + STRETCH;
            is_ascii &= text.get(at..seen).or(text.get(at..)).is_none_or(<[u8]>::is_ascii);
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
        if at < first_seen {
            is_ascii &= block.is_ascii();
        }
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

/// The characters that make an escape of one character.
const SIMPLE_ESCAPES: [bool; 256] = {
    let mut known = [false; 256];
    let mut index = 0;
    while index < b"/bfnrt".len() {
        known[b"/bfnrt"[index] as usize] = true;
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

fn number_end(text: &[u8], mut at: usize) -> Result<usize, Break> {
    let digits_end = |at: usize| {
        let digits = text.get(at..).unwrap_or_default();
        match digits.iter().take_while(|byte| byte.is_ascii_digit()).count() {
            0 => Err(Break::at(text, at)),
            count => Ok(at + count),
        }
    };
    if text.get(at) == Some(&b'-') {
        at += 1;
    }
    at = if text.get(at) == Some(&b'0') { at + 1 } else { digits_end(at)? };
    if text.get(at) == Some(&b'.') {
        at = digits_end(at + 1)?;
    }
    if matches!(text.get(at), Some(b'e' | b'E')) {
        let sign = matches!(text.get(at + 1), Some(b'+' | b'-'));
        at = digits_end(at + 1 + usize::from(sign))?;
    }
    Ok(at)
}

fn word_end(text: &[u8], at: usize, word: &[u8]) -> Result<usize, Break> {
    let rest = text.get(at..).unwrap_or_default();
    let same = rest.iter().zip(word).take_while(|(byte, letter)| byte == letter).count();
    if same == word.len() { Ok(at + same) } else { Err(Break::at(text, at + same)) }
}

/// How many bytes of a string are looked at together.
const BLOCK: usize = 64;

/// How many bytes of a long string are fetched together.
const STRETCH: usize = 32 * BLOCK;

/// Which bytes of a block are of some kind: one bit for each, but not in their order. Bit 8·a+b stands for
/// byte 8·b+a, because that is what comparisons and "or" alone can give, and so what compilers turn into
/// vector instructions.
#[derive(Clone, Copy)]
struct Marks(u64);

impl Marks {
    /// For each byte of a block the bit of the word of eight that it stands in.
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

/// What a value may stand in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Container {
    Array,
    Object,
}

/// What the current value stands in, from the outside to the inside: one bit each.
#[derive(Default)]
struct Nesting {
    depth: usize,
    /// The innermost up to 64.
    inner: u64,
    /// The others, 64 at a time.
    outer: Vec<u64>,
}

impl Nesting {
    fn push(&mut self, container: Container) {
        if self.depth > 0 && self.depth.is_multiple_of(64) {
            self.outer.push(self.inner);
        }
        self.inner = self.inner << 1 | u64::from(container == Container::Object);
        self.depth += 1;
    }

    fn pop(&mut self) {
        self.depth = self.depth.saturating_sub(1);
        self.inner >>= 1;
        if self.depth.is_multiple_of(64) {
            self.inner = self.outer.pop().unwrap_or_default();
        }
    }

    fn top(&self) -> Option<Container> {
        (self.depth > 0).then_some(if self.inner & 1 == 1 { Container::Object } else { Container::Array })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;
    use serde::de::IgnoredAny;

    #[track_caller]
    fn ends(text: &str, end: usize) {
        assert_eq!(value_end(text.as_bytes(), 0), Ok(end), "{text}");
    }

    #[track_caller]
    fn breaks(text: impl AsRef<[u8]>, at: usize, cut: bool) {
        let text = text.as_ref();
        assert_eq!(value_end(text, 0), Err(Break { at, cut }), "{}", String::from_utf8_lossy(text));
    }

    #[test]
    fn a_value_ends_where_it_ends() {
        ends(r#"{"a":[1,"]}"]} ,"#, 14);
        ends("[ ]x", 3);
        ends("{\n}", 3);
        ends("-12.5e+3,", 8);
        ends("0,", 1);
        ends("null", 4);
        ends(r#""a\"b\\"x"#, 8);
    }

    #[test]
    fn lone_surrogates_and_nul_pass() {
        ends(r#"["\ud83d","\u0000"]"#, 19);
    }

    #[test]
    fn breaks_are_placed() {
        breaks("", 0, true);
        breaks("[1,\n2,\n;]", 7, false);
        breaks("[1 2]", 3, false);
        breaks(r#"{"a" 1}"#, 5, false);
        breaks("{1:2}", 1, false);
        breaks("[1}", 2, false);
        breaks("[1,", 3, true);
        breaks("{\"a", 3, true);
        breaks("nul", 3, true);
        breaks("nulL", 3, false);
        breaks("-", 1, true);
        breaks("1.x", 2, false);
        breaks("\"a\nb\"", 2, false);
        breaks(r#""\x""#, 2, false);
        breaks(r#""\u12G4""#, 5, false);
        breaks(r#""\u12"#, 5, true);
        breaks(b"\"a\xFFb\"", 2, false);
    }

    #[test]
    fn a_hundred_thousand_brackets() {
        let open = "[{\"\":".repeat(50_000);
        breaks(&open, open.len(), true);
        let closed = format!("{open}1{}", "}]".repeat(50_000));
        ends(&closed, closed.len());
        breaks(closed.replace("1}]", "1]}"), open.len() + 1, false);
    }

    #[test]
    fn strings_of_every_length_and_escapes_at_every_place() {
        for length in 0..200 {
            for backslashes in 0..6 {
                let plain = "x".repeat(length);
                let text = format!("\"{plain}{}\"", "\\".repeat(2 * backslashes));
                ends(&text, text.len());
                let quoted = format!("\"{plain}{}\"\"", "\\".repeat(2 * backslashes + 1));
                ends(&quoted, quoted.len());
                let unicode = format!("\"{plain}\\u00e9ü{plain}\"");
                ends(&unicode, unicode.len());
                breaks(&quoted[..quoted.len() - 1], quoted.len() - 1, true);
            }
        }
    }

    /// What the text should be by the judgement of others.
    fn is_json(text: &[u8]) -> bool {
        std::str::from_utf8(text).is_ok_and(|text| serde_json::from_str::<IgnoredAny>(text).is_ok())
    }

    fn is_json_here(text: &[u8]) -> bool {
        let end = value_end(text, white_space_end(text, 0));
        end.is_ok_and(|end| white_space_end(text, end) == text.len())
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(2000))]

        #[test]
        fn bytes_are_marked(block in proptest::collection::vec(any::<u8>(), BLOCK), limit in any::<u8>()) {
            let marks = Marks::of(block.first_chunk().unwrap(), |byte| byte < limit);
            let expected = block.iter().rev().fold(0, |bits, byte| bits << 1 | u64::from(*byte < limit));
            prop_assert_eq!(marks.in_order(), expected);
            prop_assert_eq!(marks.are_none(), expected == 0);
        }

        #[test]
        fn agrees_with_serde_json(text in r#"( |\n|\{|\}|\[|\]|,|:|"[a-z]{0,3}"|"|\\|\\\\|\\"|\\u[0-9a-g]{4}|-?[0-9]{1,2}(\.[0-9])?|e[+-]?[0-9]|true|null|é){0,30}"#) {
            prop_assert_eq!(is_json_here(text.as_bytes()), is_json(text.as_bytes()));
        }

        #[test]
        fn agrees_with_serde_json_on_damage(at in 0_usize..400, damage in any::<u8>(), length in 0_usize..140, removed in 0_usize..3) {
            let filler = "x".repeat(length);
            let mut text = format!(
                r#"{{"a\n":[1,-2.5e3,{{"{filler}":"\\\"\u00e9é中{filler}\\"}},[],{{}},null],"b":{{"c":true,"d":"{filler}\ud83d"}}}}"#
            ).into_bytes();
            let at = at.min(text.len());
            text.splice(at..(at + removed).min(text.len()), [damage]);
            prop_assert_eq!(is_json_here(&text), is_json(&text));
        }
    }
}
