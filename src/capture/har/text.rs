//! JSON strings, decoded so that none can fail: what is no character becomes U+FFFD.
//!
//! `JSON.stringify` writes broken JavaScript strings as lone surrogates (`\ud83d`), which is legal JSON and
//! which serde_json refuses to decode. One of them in some script must not cost the capture.

use std::borrow::Cow;

/// What stands for a character that is none.
const LOST: char = '\u{FFFD}';

/// The inside of a JSON string, decoded.
pub(super) fn unescape(inner: &[u8]) -> Cow<'_, str> {
    match lossy(inner) {
        Cow::Borrowed(inner) => unescape_text(inner),
        Cow::Owned(inner) => Cow::Owned(unescape_text(&inner).into_owned()),
    }
}

/// The same of what is known to be text.
pub(crate) fn unescape_text(inner: &str) -> Cow<'_, str> {
    if !has_escape(inner.as_bytes()) {
        return Cow::Borrowed(inner);
    }
    let mut text = Vec::with_capacity(inner.len() + 8);
    let mut rest = inner;
    loop {
        // Escapes are near each other where there are any: a few bytes in a step are faster then than a search. All eight are written,
        // and what is too much is taken back.
        let mut plain = rest.as_bytes();
        while let Some((eight, behind)) = plain.split_first_chunk() {
            text.extend_from_slice(eight);
            let found = backslashes(u64::from_le_bytes(*eight));
            if found == 0 {
                plain = behind;
                continue;
            }
            let count = found.trailing_zeros() as usize / 8;
            text.truncate(text.len() - eight.len() + count);
            plain = plain.get(count..).unwrap_or_default();
            break;
        }
        while let Some((byte, behind)) = plain.split_first().filter(|(byte, _)| **byte != b'\\') {
            text.push(*byte);
            plain = behind;
        }
        if plain.is_empty() {
            break;
        }
        let escape = rest.get(rest.len() - plain.len() + 1..).unwrap_or_default();
        let simple = match escape.as_bytes().first() {
            Some(b'n') => b'\n',
            Some(b'r') => b'\r',
            Some(b't') => b'\t',
            Some(same @ (b'"' | b'\\' | b'/')) => *same,
            _ => {
                let (character, after) = unescape_one(escape);
                text.extend_from_slice(character.encode_utf8(&mut [0; 4]).as_bytes());
                rest = after;
                continue;
            }
        };
        text.push(simple);
        rest = escape.get(1..).unwrap_or_default();
    }
    // It is made of characters alone.
    Cow::Owned(String::from_utf8(text).unwrap_or_default())
}

/// Of eight bytes, the highest bit of the first that is a backslash, and of some behind it.
#[inline(always)]
fn backslashes(eight: u64) -> u64 {
    const ONES: u64 = u64::MAX / 0xFF;
    // A byte that is zero after the first step is the only one that borrows from its highest bit.
    let differing = eight ^ (ONES * b'\\' as u64);
    differing.wrapping_sub(ONES) & !differing & (ONES << 7)
}

/// Whether an escape stands in a string.
#[inline(always)]
pub(super) fn has_escape(inner: &[u8]) -> bool {
    // Names are short: not worth a search in blocks.
    let are_in = |sixteen: &[u8; 16]| sixteen.as_chunks().0.iter().any(|eight| backslashes(u64::from_le_bytes(*eight)) != 0);
    if let (1..=32, Some(first), Some(last)) = (inner.len(), inner.first_chunk(), inner.last_chunk()) {
        return are_in(first) || are_in(last);
    }
    if let (1..=16, Some(first), Some(last)) = (inner.len(), inner.first_chunk(), inner.last_chunk()) {
        return (backslashes(u64::from_le_bytes(*first)) | backslashes(u64::from_le_bytes(*last))) != 0;
    }
    if let (1..=8, Some(first), Some(last)) = (inner.len(), inner.first_chunk(), inner.last_chunk()) {
        return backslashes(u64::from(u32::from_le_bytes(*first)) | u64::from(u32::from_le_bytes(*last)) << 32) != 0;
    }
    has_escape_of_another_length(inner)
}

#[inline(never)]
fn has_escape_of_another_length(inner: &[u8]) -> bool {
    memchr::memchr(b'\\', inner).is_some()
}

/// Bytes as text; what is no UTF-8 is lost.
pub(super) fn lossy(bytes: &[u8]) -> Cow<'_, str> {
    // Nearly always it is UTF-8, and this is the faster way to find out.
    std::str::from_utf8(bytes).map_or_else(|_| String::from_utf8_lossy(bytes), Cow::Borrowed)
}

/// The inside of a key, decoded.
pub(super) fn unescape_key(inner: &[u8]) -> Cow<'_, [u8]> {
    if has_escape(inner) { Cow::Owned(unescape(inner).into_owned().into_bytes()) } else { Cow::Borrowed(inner) }
}

/// The character of an escape, after its backslash, and what follows.
fn unescape_one(escape: &str) -> (char, &str) {
    let mut characters = escape.chars();
    let character = match characters.next() {
        Some('n') => '\n',
        Some('r') => '\r',
        Some('t') => '\t',
        Some('b') => '\u{8}',
        Some('f') => '\u{C}',
        Some(same @ ('"' | '\\' | '/')) => same,
        Some('u') => return unescape_unicode(characters.as_str()),
        Some(_) | None => LOST,
    };
    (character, characters.as_str())
}

/// The character of `\uXXXX`, after the `u`; a high surrogate takes the low one that follows.
fn unescape_unicode(digits: &str) -> (char, &str) {
    let Some((unit, after)) = code_unit(digits) else {
        return (LOST, digits);
    };
    if let Some(low) = after.strip_prefix("\\u")
        && let Some((low, after_low)) = code_unit(low)
        && let Some(Ok(character)) = char::decode_utf16([unit, low]).next()
        && character.len_utf16() == 2
    {
        return (character, after_low);
    }
    (char::from_u32(unit.into()).unwrap_or(LOST), after)
}

/// The number of four hexadecimal digits, and what follows them.
fn code_unit(digits: &str) -> Option<(u16, &str)> {
    let (digits, after) = digits.split_at_checked(4)?;
    // `from_str_radix` would take a sign.
    let is_hex = digits.bytes().all(|byte| byte.is_ascii_hexdigit());
    is_hex.then(|| u16::from_str_radix(digits, 16).ok()).flatten().map(|unit| (unit, after))
}

#[cfg(test)]
#[allow(clippy::string_slice, reason = "a test that slices wrongly may panic")]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn unescape(inner: &str) -> Cow<'_, str> {
        super::unescape(inner.as_bytes())
    }

    #[test]
    fn plain_text_is_not_copied() {
        assert!(matches!(unescape("grüße"), Cow::Borrowed("grüße")));
    }

    #[test]
    fn keys() {
        assert_eq!(&*unescape_key(br"\u0075rl"), b"url");
        assert_eq!(&*unescape_key(b"url"), b"url");
    }

    #[test]
    fn every_escape() {
        assert_eq!(unescape(r#"\"\\\/\b\f\n\r\t\u00e9\u0000"#), "\"\\/\u{8}\u{C}\n\r\t\u{e9}\0");
    }

    #[test]
    fn surrogates() {
        assert_eq!(unescape(r"\ud83d\ude00!"), "\u{1F600}!");
        assert_eq!(unescape(r"a\ud83d"), "a\u{FFFD}");
        assert_eq!(unescape(r"\ude00\ud83dx"), "\u{FFFD}\u{FFFD}x");
        assert_eq!(unescape(r"\ud83d\u0041"), "\u{FFFD}A");
        assert_eq!(unescape(r"\ud83d\ud83d\ude00"), "\u{FFFD}\u{1F600}");
    }

    #[test]
    fn what_is_no_escape_is_lost_but_fails_nothing() {
        assert_eq!(unescape(r"\x41"), "\u{FFFD}41");
        assert_eq!(unescape(r"\u12G4"), "\u{FFFD}12G4");
        assert_eq!(unescape(r"\u12"), "\u{FFFD}12");
        assert_eq!(unescape(r"\u+123"), "\u{FFFD}+123");
        assert_eq!(unescape("\\"), "\u{FFFD}");
    }

    #[test]
    fn an_escape_is_seen_wherever_it_stands() {
        for length in 0..150 {
            let plain = vec![b']'; length];
            assert!(!has_escape(&plain));
            for at in 0..length {
                let mut escaped = plain.clone();
                escaped[at] = b'\\';
                assert!(has_escape(&escaped), "{at} of {length}");
            }
        }
    }

    proptest! {
        #[test]
        fn decodes_what_serde_json_writes(text in any::<String>()) {
            let written = serde_json::to_string(&text).unwrap();
            prop_assert_eq!(unescape(&written[1..written.len() - 1]), text);
        }

        #[test]
        fn never_panics(text in r#"(\\|u|d8|é|[0-9a-f]|"){0,24}"#) {
            unescape(&text);
        }
    }
}
