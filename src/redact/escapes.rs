//! Text with one layer of escapes taken off, and where each byte of it stood.
//!
//! A value that was put into an address, a page or JSON is found again however much of it was escaped, and what
//! takes its place is put where it stood.

use crate::entra::named_character;
use std::ops::Range;

/// Unescaped bytes with their places.
pub(super) struct Unescaped {
    pub(super) bytes: Vec<u8>,
    /// The escapes, in order.
    escapes: Vec<Escape>,
}

/// An escape that was taken off.
struct Escape {
    /// Where its bytes begin, and where it began in the text.
    start: usize,
    place: usize,
    /// How many bytes it stands for, and how many it was long.
    count: u8,
    length: u8,
}

impl Escape {
    fn end(&self) -> usize {
        self.start + usize::from(self.count)
    }
}

impl Unescaped {
    /// Takes one layer off; `None` where there is none.
    pub(super) fn of(text: &[u8]) -> Option<Self> {
        Self::without(text, |rest| memchr::memchr3(b'%', b'&', b'\\', rest))
    }

    /// Takes those of JSON and scripts off; `None` where there is none.
    pub(super) fn of_backslashes(text: &[u8]) -> Option<Self> {
        Self::without(text, |rest| memchr::memchr(b'\\', rest))
    }

    /// Takes those of HTML off; `None` where there is none.
    pub(super) fn of_references(text: &[u8]) -> Option<Self> {
        Self::without(text, |rest| memchr::memchr(b'&', rest))
    }

    /// Takes escapes off by where the next begins.
    fn without(text: &[u8], next: impl Fn(&[u8]) -> Option<usize>) -> Option<Self> {
        let mut out = Self { bytes: Vec::new(), escapes: Vec::new() };
        let mut copied = 0;
        let mut at = 0;
        while let Some(found) = text.get(at..).and_then(&next) {
            at += found;
            let rest = text.get(at..).unwrap_or_default();
            let escape = match rest {
                [b'%', ..] => percent(rest),
                [b'&', ..] => entity(rest),
                _ => backslash(rest),
            };
            let Some((length, character)) = escape else {
                at += 1;
                continue;
            };
            if out.escapes.is_empty() {
                out.bytes.reserve_exact(text.len());
            }
            out.bytes.extend_from_slice(text.get(copied..at).unwrap_or_default());
            out.push(at, length, character);
            at += length;
            copied = at;
        }
        if out.escapes.is_empty() {
            return None;
        }
        out.bytes.extend_from_slice(text.get(copied..).unwrap_or_default());
        Some(out)
    }

    fn push(&mut self, place: usize, length: usize, character: Character) {
        let start = self.bytes.len();
        match character {
            Character::Byte(byte) => self.bytes.push(byte),
            Character::Char(c) => self.bytes.extend_from_slice(c.encode_utf8(&mut [0; 4]).as_bytes()),
        }
        // An escape is no longer than twelve bytes.
        let (count, length) = ((self.bytes.len() - start) as u8, length as u8);
        self.escapes.push(Escape { start, place, count, length });
    }

    /// Whether something in a part of the bytes, or just before it or behind it, was an escape.
    pub(super) fn touches(&self, start: usize, end: usize) -> bool {
        let first = self.escapes.partition_point(|escape| escape.end() < start);
        self.escapes.get(first).is_some_and(|escape| escape.start <= end)
    }

    /// The parts of the bytes in which something was an escape: with so many bytes on both sides, and with all the letters beside it.
    pub(super) fn parts(&self, margin: usize, is_letter: impl Fn(u8) -> bool) -> impl Iterator<Item = Range<usize>> {
        let mut escapes = self.escapes.iter().peekable();
        std::iter::from_fn(move || {
            let first = escapes.next()?;
            let before = self.bytes.get(..first.start)?.iter().rev().take_while(|byte| is_letter(**byte)).count();
            let (mut end, mut letters) = (first.end(), first.end());
            loop {
                // Up to where the letters go that were looked at, each of them once.
                letters = letters.max(end);
                letters += self.bytes.get(letters..)?.iter().take_while(|byte| is_letter(**byte)).count();
                match escapes.next_if(|next| next.start <= letters.max(end + margin)) {
                    Some(next) => end = next.end(),
                    None => {
                        return Some(first.start - before.max(margin).min(first.start)..letters.max(end + margin).min(self.bytes.len()));
                    }
                }
            }
        })
    }

    /// Where a byte stood in the text, and where what it is of ended.
    fn byte(&self, at: usize) -> (usize, usize) {
        let before = self.escapes.partition_point(|escape| escape.start <= at).checked_sub(1);
        match before.and_then(|before| self.escapes.get(before)) {
            None => (at, at + 1),
            Some(escape) => {
                let end = escape.place + usize::from(escape.length);
                match at.checked_sub(escape.end()) {
                    None => (escape.place, end),
                    Some(after) => (end + after, end + after + 1),
                }
            }
        }
    }

    /// Where a part of the unescaped bytes stood.
    pub(super) fn place(&self, start: usize, end: usize) -> Option<(usize, usize)> {
        if start > self.bytes.len() || end > self.bytes.len() {
            return None;
        }
        // A part that ends inside an escape takes all of it.
        Some((self.byte(start).0, self.byte(end.checked_sub(1)?).1))
    }
}

enum Character {
    Byte(u8),
    Char(char),
}

fn hex(digits: &[u8]) -> Option<u32> {
    let text = std::str::from_utf8(digits).ok().filter(|text| text.bytes().all(|byte| byte.is_ascii_hexdigit()))?;
    u32::from_str_radix(text, 16).ok()
}

/// `%2F` (RFC 3986 §2.1).
fn percent(rest: &[u8]) -> Option<(usize, Character)> {
    let byte = u8::try_from(hex(rest.get(1..3)?)?).ok()?;
    Some((3, Character::Byte(byte)))
}

/// `&amp;`, `&uuml;`, `&#39;`, `&#x27;`.
fn entity(rest: &[u8]) -> Option<(usize, Character)> {
    // Mostly it is a sign of scripts.
    if !matches!(rest.get(1)?, b'#' | b'A'..=b'Z' | b'a'..=b'z') {
        return None;
    }
    let end = rest.iter().take(12).position(|byte| *byte == b';')?;
    let c = match rest.get(1..end)? {
        [b'#', b'x' | b'X', digits @ ..] => char::from_u32(hex(digits)?)?,
        [b'#', digits @ ..] => char::from_u32(std::str::from_utf8(digits).ok()?.parse().ok()?)?,
        name => named_character(name)?,
    };
    Some((end + 1, Character::Char(c)))
}

/// `\u0026`, `\"`, `\/` (RFC 8259 §7) and `\x26` of scripts.
fn backslash(rest: &[u8]) -> Option<(usize, Character)> {
    let c = match rest.get(1)? {
        b'u' => {
            let first = hex(rest.get(2..6)?)?;
            let second = || rest.get(6..8).filter(|next| *next == b"\\u").and_then(|_| hex(rest.get(8..12)?));
            if (0xD800..0xDC00).contains(&first)
                && let Some(second) = second().filter(|second| (0xDC00..0xE000).contains(second))
            {
                let code = 0x10000 + ((first - 0xD800) << 10) + (second - 0xDC00);
                return Some((12, Character::Char(char::from_u32(code)?)));
            }
            return Some((6, Character::Char(char::from_u32(first)?)));
        }
        b'x' => return Some((4, Character::Char(char::from_u32(hex(rest.get(2..4)?)?)?))),
        b'n' => '\n',
        b'r' => '\r',
        b't' => '\t',
        b'b' => '\u{8}',
        b'f' => '\u{c}',
        b'"' | b'\'' | b'\\' | b'/' => char::from(*rest.get(1)?),
        _ => return None,
    };
    Some((2, Character::Char(c)))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn unescaped(text: &str) -> String {
        Unescaped::of(text.as_bytes()).map_or_else(|| "(none)".to_owned(), |found| String::from_utf8(found.bytes).unwrap())
    }

    #[test]
    fn one_layer_comes_off() {
        assert_eq!(unescaped("a%2Fb%2f"), "a/b/");
        assert_eq!(unescaped("%252F"), "%2F");
        assert_eq!(unescaped("&lt;&#39;&#x27;&amp;amp;"), "<''&amp;");
        assert_eq!(unescaped(r#"\u0040\"\/\x26\ud83d\ude00"#), "@\"/&😀");
        assert_eq!(unescaped("%c3%a9"), "é");
    }

    #[test]
    fn what_is_no_escape_stays() {
        for text in ["plain", "100%", "%zz", "a & b", "&unknown;", r"C:\dir", r"\ud83d", "&#xD800;"] {
            assert_eq!(unescaped(text), "(none)", "{text}");
        }
    }

    #[test]
    fn parts_are_what_was_an_escape_with_what_is_beside_it() {
        let parts = |text: &str, margin| -> Vec<String> {
            let found = Unescaped::of(text.as_bytes()).unwrap();
            let text = |part: Range<usize>| String::from_utf8(found.bytes[part].to_vec()).unwrap();
            found.parts(margin, |byte| byte.is_ascii_alphabetic()).map(text).collect()
        };
        assert_eq!(parts("a bc%20de f%21", 0), ["bc de", "f!"]);
        assert_eq!(parts("a bc%20de f%21", 1), ["bc de", "f!"]);
        assert_eq!(parts("a bc%20de f%21", 4), ["a bc de f!"]);
        assert_eq!(parts("ab.c%41d.ef....gh%20", 0), ["cAd", "gh "]);
        assert_eq!(parts("ab.c%41d.ef....gh%20", 3), ["b.cAd.e", ".gh "]);
    }

    #[test]
    fn places_are_those_of_the_text() {
        let text = "x%41%42y";
        let found = Unescaped::of(text.as_bytes()).unwrap();
        assert_eq!(found.bytes, b"xABy");
        assert_eq!(found.place(1, 3), Some((1, 7)));
        assert_eq!(found.place(3, 4), Some((7, 8)));
        assert_eq!(found.place(0, 4), Some((0, 8)));
        let found = Unescaped::of(b"&#233;x").unwrap();
        // Half of a character that is two bytes long.
        assert_eq!(found.place(0, 1), Some((0, 6)));
    }
}
