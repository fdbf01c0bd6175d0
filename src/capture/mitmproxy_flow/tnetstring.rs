//! Tnetstrings (`length:data` and a letter for the type), read in place.
//!
//! A value is a view of the file's bytes and is taken apart only when it is asked for. So nothing here calls
//! itself, however deep a file nests, and no declared length asks for memory.

/// The longest length, in digits, as mitmproxy's own reader has it.
pub(super) const MOST_DIGITS: usize = 12;

/// A value, not taken apart yet.
#[derive(Clone, Copy)]
pub(super) struct Value<'a> {
    kind: u8,
    data: &'a [u8],
}

impl<'a> Value<'a> {
    /// Takes the value that the bytes begin with. `None` where there is none, or it is longer than what is left.
    pub(super) fn take(rest: &mut &'a [u8]) -> Option<Self> {
        let colon = rest.iter().take(MOST_DIGITS + 1).position(|byte| *byte == b':')?;
        let (digits, after) = rest.split_at_checked(colon)?;
        if digits.is_empty() || !digits.iter().all(u8::is_ascii_digit) {
            return None;
        }
        let length: usize = std::str::from_utf8(digits).ok()?.parse().ok()?;
        let (data, after) = after.get(1..)?.split_at_checked(length)?;
        let (kind, after) = after.split_first()?;
        if !b",;#^!~]}".contains(kind) {
            return None;
        }
        *rest = after;
        Some(Self { kind: *kind, data })
    }

    /// Whether it is a dict.
    pub(super) fn is_dict(self) -> bool {
        self.kind == b'}'
    }

    /// Whether it is null.
    pub(super) fn is_null(self) -> bool {
        self.kind == b'~'
    }

    /// The values of a list, as far as they can be read; none of anything else.
    pub(super) fn items(self) -> Items<'a> {
        Items { rest: if self.kind == b']' { self.data } else { &[] }, broken: self.kind != b']' }
    }

    /// The value under a key of a dict. Old files have keys of bytes, new ones of text.
    pub(super) fn get(self, key: &str) -> Option<Self> {
        if !self.is_dict() {
            return None;
        }
        let mut rest = self.data;
        while let Some(name) = Self::take(&mut rest) {
            let value = Self::take(&mut rest)?;
            if name.bytes() == Some(key.as_bytes()) {
                return Some(value);
            }
        }
        None
    }

    /// The content of bytes or text.
    pub(super) fn bytes(self) -> Option<&'a [u8]> {
        matches!(self.kind, b',' | b';').then_some(self.data)
    }

    /// A whole number that fits.
    pub(super) fn whole(self) -> Option<u16> {
        if self.kind == b'#' { std::str::from_utf8(self.data).ok()?.parse().ok() } else { None }
    }

    /// A number, whole or not.
    pub(super) fn number(self) -> Option<f64> {
        let text = if matches!(self.kind, b'#' | b'^') { std::str::from_utf8(self.data).ok()? } else { return None };
        text.parse().ok().filter(|number: &f64| number.is_finite())
    }
}

/// The values of a list.
pub(super) struct Items<'a> {
    rest: &'a [u8],
    /// Whether it was no list, or what is left of it cannot be read.
    pub(super) broken: bool,
}

impl<'a> Iterator for Items<'a> {
    type Item = Value<'a>;

    fn next(&mut self) -> Option<Value<'a>> {
        if self.broken || self.rest.is_empty() {
            return None;
        }
        let value = Value::take(&mut self.rest);
        self.broken = value.is_none();
        value
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn one(text: &str) -> Option<Value<'_>> {
        Value::take(&mut text.as_bytes())
    }

    #[test]
    fn every_type() {
        assert_eq!(one("2:ab,").unwrap().bytes(), Some(b"ab" as &[u8]));
        assert_eq!(one("2:ab;").unwrap().bytes(), Some(b"ab" as &[u8]));
        assert_eq!(one("3:302#").unwrap().whole(), Some(302));
        assert_eq!(one("3:302#").unwrap().number(), Some(302.0));
        assert_eq!(one("3:1.5^").unwrap().number(), Some(1.5));
        assert!(one("0:~").unwrap().is_null());
        assert_eq!(one("8:1:a,1:b,]").unwrap().items().count(), 2);
        let dict = one("15:1:a,1:b,1:c;0:~}").unwrap();
        assert_eq!(dict.get("a").unwrap().bytes(), Some(b"b" as &[u8]));
        assert!(dict.get("c").unwrap().is_null() && dict.get("b").is_none());
    }

    #[test]
    fn another_type_is_nothing() {
        let text = one("3:302;").unwrap();
        assert!(text.whole().is_none() && text.number().is_none() && text.get("a").is_none() && text.items().broken);
        assert!(one("3:nan^").unwrap().number().is_none());
        assert!(one("5:70000#").unwrap().whole().is_none());
        assert!(one("0:~").unwrap().bytes().is_none());
    }

    #[test]
    fn a_length_is_not_trusted() {
        for bad in ["", ":", "1", "1:", "1:a", "2:a,", "1:a?", "+1:a,", "999999999999:a,", "9999999999999:a,", "99999999999999999999999:a,"]
        {
            assert!(one(bad).is_none(), "{bad}");
        }
        assert_eq!(one("000000000001:a,").unwrap().bytes(), Some(b"a" as &[u8]));
        assert!(one("0000000000001:a,").is_none());
    }

    #[test]
    fn a_broken_list_is_read_as_far_as_it_goes() {
        let mut items = one("7:1:a,9:b]").unwrap().items();
        assert_eq!((items.by_ref().count(), items.broken), (1, true));
    }
}
