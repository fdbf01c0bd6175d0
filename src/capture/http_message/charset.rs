//! Text of a body, by the charset that its Content-Type names.

use encoding_rs::{Encoding, UTF_8};

/// The body as text; what has no meaning in its charset becomes U+FFFD. A byte order mark decides first, and
/// what names no charset, or one that nobody knows, is read as UTF-8.
pub(in crate::capture) fn text(bytes: &[u8], content_type: Option<&str>) -> String {
    let named = content_type.and_then(charset).and_then(|label| Encoding::for_label_no_replacement(label.as_bytes()));
    named.unwrap_or(UTF_8).decode(bytes).0.into_owned()
}

/// The charset parameter.
fn charset(content_type: &str) -> Option<&str> {
    let mut parameters = content_type.split(';').skip(1).filter_map(|parameter| parameter.split_once('='));
    let (_, value) = parameters.find(|(name, _)| name.trim().eq_ignore_ascii_case("charset"))?;
    Some(value.trim().trim_matches(['"', '\'']))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn charsets() {
        assert_eq!(text(b"caf\xE9", Some("text/html; charset=iso-8859-1")), "café");
        assert_eq!(text(b"caf\xE9", Some("text/html; x=y; Charset=\"Windows-1252\"")), "café");
        assert_eq!(text("café".as_bytes(), Some("text/html")), "café");
        assert_eq!(text("café".as_bytes(), None), "café");
        assert_eq!(text(b"a\0b\0", Some("text/plain;charset=utf-16le")), "ab");
    }

    #[test]
    fn a_byte_order_mark_decides_first() {
        assert_eq!(text("\u{feff}café".as_bytes(), Some("text/html; charset=iso-8859-1")), "café");
    }

    #[test]
    fn what_cannot_be_read_is_read_as_utf_8() {
        assert_eq!(text(b"a\xFFb", Some("text/html; charset=x-none")), "a\u{fffd}b");
        assert_eq!(text(b"ab", Some("text/html; charset=hz-gb-2312")), "ab");
        assert_eq!(text(b"ab", Some("text/html; charset")), "ab");
    }
}
