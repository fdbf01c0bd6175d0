//! A walk over JSON text that builds nothing: it knows where values begin and end, and decodes on request.
//!
//! The structure of a HAR is walked by hand, because entries come in more shapes than types can say and a
//! break must leave everything before it.

use super::scan::{self, Span};
use super::text;
use crate::exchange::{ArcStr, Interner};
use std::borrow::Cow;

pub(in crate::capture) use super::scan::Break;

/// The text of one JSON value, validated.
#[derive(Clone, Copy, Default)]
pub(in crate::capture) struct Raw<'a>(&'a [u8]);

/// A place in JSON text.
#[derive(Clone)]
pub(in crate::capture) struct Cursor<'a> {
    text: &'a [u8],
    at: usize,
}

impl<'a> Raw<'a> {
    /// A string without characters.
    pub(in crate::capture) const EMPTY_STRING: Self = Self(b"\"\"");

    /// The text of a value that was walked over while these bytes were held. Of one that was too large to be held there
    /// is none.
    pub(super) fn of_span(span: Span, held: &'a [u8]) -> Self {
        Self(span.of(held))
    }

    /// Whether the value was too large to be held.
    pub(super) fn is_let_go(self) -> bool {
        self.0.is_empty()
    }

    /// The bytes as they stand in the file.
    pub(in crate::capture) fn bytes(self) -> &'a [u8] {
        self.0
    }

    /// The decoded string; of any other value, the text as it stands in the file.
    pub(in crate::capture) fn text(self) -> Cow<'a, str> {
        self.string().unwrap_or_else(|| text::lossy(self.0))
    }

    /// The decoded string, if it is one.
    pub(in crate::capture) fn string(self) -> Option<Cow<'a, str>> {
        let inner = self.0.strip_prefix(b"\"")?.strip_suffix(b"\"")?;
        Some(text::unescape(inner))
    }

    /// The decoded string, if it is one, shared with its other copies.
    pub(super) fn shared(self, interner: &mut Interner) -> Option<ArcStr> {
        if let Some(inner) = self.plain() {
            return Some(interner.bytes(inner, |inner| text::lossy(inner).into()));
        }
        Some(interner.text(&self.string()?))
    }

    /// The bytes between the quotes, if it is a string in which each stands for itself.
    pub(super) fn plain(self) -> Option<&'a [u8]> {
        let inner = self.0.strip_prefix(b"\"")?.strip_suffix(b"\"")?;
        (!text::has_escape(inner)).then_some(inner)
    }

    /// The number, also where an exporter wrote it as a string.
    pub(in crate::capture) fn number(self) -> Option<f64> {
        if let (1..=15, true) = (self.0.len(), self.0.iter().all(u8::is_ascii_digit)) {
            return Some(self.0.iter().fold(0, |number: u64, digit| 10 * number + u64::from(digit - b'0')) as f64);
        }
        self.text().trim().parse().ok().filter(|number: &f64| number.is_finite())
    }

    /// Whether it is `null`.
    pub(in crate::capture) fn is_null(self) -> bool {
        self.0 == b"null"
    }

    /// A cursor before the value.
    pub(in crate::capture) fn cursor(self) -> Cursor<'a> {
        Cursor::new(self.0)
    }

    /// The members of an array; none of anything else.
    pub(in crate::capture) fn items(self) -> Vec<Raw<'a>> {
        let mut items = Vec::new();
        // The value was validated when it was taken: it can't break.
        let _ = self.cursor().array(|cursor| {
            items.push(cursor.value()?);
            Ok(())
        });
        items
    }

    /// The value of a field of an object; none of anything else, and none for `null`.
    pub(in crate::capture) fn field(self, name: &str) -> Option<Raw<'a>> {
        let mut found = None;
        let _ = self.cursor().object(|key, cursor| {
            let value = cursor.present()?;
            if *key == *name.as_bytes() {
                found = value;
            }
            Ok(())
        });
        found
    }
}

impl<'a> Cursor<'a> {
    /// A cursor at the start of a text.
    pub(in crate::capture) fn new(text: &'a [u8]) -> Self {
        Self { text, at: 0 }
    }

    /// Bytes before the cursor.
    pub(in crate::capture) fn at(&self) -> usize {
        self.at
    }

    /// The next byte that is no white space, without taking it.
    pub(in crate::capture) fn peek(&mut self) -> Option<u8> {
        self.at = scan::white_space_end(self.text, self.at);
        self.text.get(self.at).copied()
    }

    /// Takes one whole value, of whatever kind.
    pub(in crate::capture) fn value(&mut self) -> Result<Raw<'a>, Break> {
        self.peek();
        let start = self.at;
        self.at = scan::value_end(self.text, start)?;
        Ok(Raw(self.text.get(start..self.at).unwrap_or_default()))
    }

    /// Takes one whole value; `None` for `null`.
    pub(in crate::capture) fn present(&mut self) -> Result<Option<Raw<'a>>, Break> {
        Ok(Some(self.value()?).filter(|value| !value.is_null()))
    }

    /// Walks an array; `item` must take exactly one value.
    pub(in crate::capture) fn array(&mut self, mut item: impl FnMut(&mut Self) -> Result<(), Break>) -> Result<(), Break> {
        self.expect(b'[')?;
        if self.take(b']') {
            return Ok(());
        }
        item(self)?;
        while self.take(b',') {
            item(self)?;
        }
        self.expect(b']')
    }

    /// Walks an object; `field` gets each key and must take exactly one value.
    pub(in crate::capture) fn object(&mut self, mut field: impl FnMut(Key<'a>, &mut Self) -> Result<(), Break>) -> Result<(), Break> {
        self.expect(b'{')?;
        if self.take(b'}') {
            return Ok(());
        }
        self.field(&mut field)?;
        self.rest_of_object(field)
    }

    /// Walks the fields that follow the one whose value was just taken.
    pub(in crate::capture) fn rest_of_object(
        &mut self,
        mut field: impl FnMut(Key<'a>, &mut Self) -> Result<(), Break>,
    ) -> Result<(), Break> {
        while self.take(b',') {
            self.field(&mut field)?;
        }
        self.expect(b'}')
    }

    fn field(&mut self, field: &mut impl FnMut(Key<'a>, &mut Self) -> Result<(), Break>) -> Result<(), Break> {
        let key = self.key()?;
        field(text::unescape_key(key), self)
    }

    /// Takes a key with its colon; the inside of its string.
    pub(in crate::capture) fn key(&mut self) -> Result<&'a [u8], Break> {
        if self.peek() != Some(b'"') {
            return Err(Break::at(self.text, self.at));
        }
        let start = self.at;
        self.at = scan::string_end(self.text, start)?;
        let key = self.text.get(start + 1..self.at - 1).unwrap_or_default();
        self.expect(b':')?;
        Ok(key)
    }

    /// Takes the next byte that is no white space, if it is this one.
    pub(in crate::capture) fn take(&mut self, byte: u8) -> bool {
        let found = self.peek() == Some(byte);
        self.at += usize::from(found);
        found
    }

    /// Takes the next byte that is no white space, which must be this one.
    pub(in crate::capture) fn expect(&mut self, byte: u8) -> Result<(), Break> {
        if self.take(byte) { Ok(()) } else { Err(Break::at(self.text, self.at)) }
    }
}

/// A key of an object, decoded.
pub(in crate::capture) type Key<'a> = Cow<'a, [u8]>;

#[cfg(test)]
mod tests {
    use super::*;

    fn raw(text: &str) -> Raw<'_> {
        Cursor::new(text.as_bytes()).value().unwrap()
    }

    #[test]
    fn strings_and_numbers() {
        let texts: Vec<_> = raw(r#"["\ud83d","a\u0000","é"]"#).items().iter().filter_map(|item| item.string()).collect();
        assert_eq!(texts, ["\u{FFFD}", "a\0", "é"]);
        assert_eq!(raw("12.5").number(), Some(12.5));
        assert_eq!(raw("\" 7\"").number(), Some(7.0));
        assert_eq!(raw("1e999").number(), None);
        assert_eq!(raw("\"NaN\"").number(), None);
        assert!(raw("7").string().is_none());
    }

    #[test]
    fn fields_of_raw_values() {
        let raw = raw(r#"{"a":null,"\u0062":{"c":"x"},"n":"12.5"}"#);
        assert!(raw.field("a").is_none());
        assert_eq!(raw.field("b").unwrap().field("c").unwrap().string().unwrap(), "x");
        assert!(raw.field("n").unwrap().field("x").is_none());
        assert!(raw.items().is_empty());
    }

    #[track_caller]
    fn breaks(text: &str, at: usize, cut: bool) {
        let broken = Cursor::new(text.as_bytes()).object(|_, cursor| cursor.value().map(|_| ()));
        assert_eq!(broken, Err(Break { at: at as u64, cut }), "{text}");
    }

    #[test]
    fn a_walk_breaks_where_the_text_does() {
        breaks("{\"a\" 1}", 5, false);
        breaks("{\"a\":1 \"b\":2}", 7, false);
        breaks("{\"a\":[1,\n2,\n;]}", 12, false);
        breaks("{1:2}", 1, false);
        breaks("{\"a\":1", 6, true);
        breaks("{\"a\":1,}", 7, false);
        breaks("", 0, true);
        let broken = Cursor::new(b"[1,]").array(|cursor| cursor.value().map(|_| ()));
        assert_eq!(broken, Err(Break { at: 3, cut: false }));
    }
}
