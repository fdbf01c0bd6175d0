//! The chunked transfer coding (RFC 9112, 7.1).

use super::Decoded;
use std::borrow::Cow;

/// Recorders that decode a body leave the header at times.
const NOT_CHUNKED: &str = "a body is marked as chunked and is not; it was read as it is";
const CUT_OFF: &str = "a chunked body breaks off; what came before was read";

/// The body without its chunks; bytes that are in none are returned as they are.
pub(super) fn join(body: &[u8]) -> Decoded<'_> {
    let mut rest = body;
    let Some(mut size) = chunk_size(&mut rest) else {
        return Decoded { bytes: Cow::Borrowed(body), flaw: Some(NOT_CHUNKED) };
    };
    let mut joined = Vec::new();
    while size > 0 {
        let Some((chunk, after)) = rest.split_at_checked(size) else {
            joined.extend_from_slice(rest);
            return Decoded { bytes: Cow::Owned(joined), flaw: Some(CUT_OFF) };
        };
        joined.extend_from_slice(chunk);
        rest = after.strip_prefix(b"\r\n").or_else(|| after.strip_prefix(b"\n")).unwrap_or(after);
        match chunk_size(&mut rest) {
            Some(next) => size = next,
            None => return Decoded { bytes: Cow::Owned(joined), flaw: Some(CUT_OFF) },
        }
    }
    // What follows the last chunk are trailers.
    Decoded { bytes: Cow::Owned(joined), flaw: None }
}

/// Takes a line with a chunk's size.
fn chunk_size(rest: &mut &[u8]) -> Option<usize> {
    let line = super::next_line(rest)?;
    let digits = line.split(|byte| *byte == b';').next().unwrap_or_default().trim_ascii();
    if digits.is_empty() || !digits.iter().all(u8::is_ascii_hexdigit) {
        return None;
    }
    usize::from_str_radix(std::str::from_utf8(digits).ok()?, 16).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn joins(body: &str, expected: &str, flaw: Option<&str>) {
        let joined = join(body.as_bytes());
        assert_eq!((std::str::from_utf8(&joined.bytes).unwrap(), joined.flaw), (expected, flaw));
    }

    #[test]
    fn whole_ones() {
        joins("4\r\nabcd\r\nA;x=y\r\n0123456789\r\n0\r\nTrailer: x\r\n\r\n", "abcd0123456789", None);
        joins("2 \nab\n0\n\n", "ab", None);
        joins("0\r\n\r\n", "", None);
    }

    #[test]
    fn cut_ones() {
        joins("4\r\nab", "ab", Some(CUT_OFF));
        joins("4\r\nabcd", "abcd", Some(CUT_OFF));
        joins("4\r\nabcd\r\n", "abcd", Some(CUT_OFF));
        joins("ffffffffffffffff\r\nab", "ab", Some(CUT_OFF));
        joins("2\r\nab\r\nffffffffffffffffff\r\nab", "ab", Some(CUT_OFF));
    }

    #[test]
    fn others() {
        joins("<p>hi", "<p>hi", Some(NOT_CHUNKED));
        joins("+4\r\nabcd", "+4\r\nabcd", Some(NOT_CHUNKED));
    }
}
