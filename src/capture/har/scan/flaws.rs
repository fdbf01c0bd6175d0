//! What can be wrong with text that is otherwise JSON, and its repair in place.
//!
//! Repairs keep the length, so that every place in the text is a place in the file.

/// What was wrong with a byte.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::capture) enum Flaw {
    /// It is no UTF-8.
    NotUtf8,
    /// It begins an escape that JSON does not know.
    Escape,
    /// It is a control character inside a string.
    Control,
    /// It is a line feed inside a string.
    LineFeed,
    /// It begins `NaN` or `Infinity`, which Python writes and JSON does not know.
    NotANumber,
}

impl Flaw {
    /// What was done about it.
    pub(in crate::capture) fn message(self) -> &'static str {
        match self {
            Self::NotUtf8 => "a byte that is not UTF-8 was replaced",
            Self::Escape => "an escape that JSON does not know was replaced",
            Self::Control | Self::LineFeed => "a control character inside a string was replaced",
            Self::NotANumber => "a number that JSON does not know was read as unknown",
        }
    }
}

/// Replaces what is no UTF-8; `found` is told the byte and its flaw.
pub(in crate::capture::har) fn repair_utf8(text: &mut [u8], mut found: impl FnMut(usize, Flaw)) {
    let mut start = 0;
    while let Some(rest) = text.get_mut(start..)
        && let Err(error) = std::str::from_utf8(rest)
    {
        let valid = error.valid_up_to();
        let wrong = error.error_len().unwrap_or(rest.len() - valid);
        for byte in rest.iter_mut().skip(valid).take(wrong) {
            *byte = b'?';
        }
        found(start + valid, Flaw::NotUtf8);
        start += valid + wrong;
    }
}

/// Replaces what may not stand in a string, in the first `length` bytes of a text that begins inside a string or
/// outside of one.
pub(in crate::capture::har) fn repair_strings(text: &mut [u8], length: usize, mut in_string: bool, mut found: impl FnMut(usize, Flaw)) {
    let mut at = 0;
    while at < length
        && let Some((byte, after)) = text.get_mut(at..).and_then(<[u8]>::split_first_mut)
    {
        match (*byte, in_string) {
            (b'"', _) => in_string = !in_string,
            (b'\\', true) => match escape_length(after) {
                Some(length) => at += length,
                None => {
                    *byte = b'?';
                    found(at, Flaw::Escape);
                }
            },
            // No JSON, but it has to be read like the index reads it: it hides a quote that follows.
            (b'\\', false) => at += 1,
            (0..0x20, true) => {
                let flaw = if *byte == b'\n' { Flaw::LineFeed } else { Flaw::Control };
                *byte = b' ';
                found(at, flaw);
            }
            _ => {}
        }
        at += 1;
    }
}

/// How many bytes after its backslash an escape has, if it is one.
pub(super) fn escape_length(after: &[u8]) -> Option<usize> {
    match after {
        [b'"' | b'\\' | b'/' | b'b' | b'f' | b'n' | b'r' | b't', ..] => Some(1),
        [b'u', a, b, c, d, ..] if [a, b, c, d].iter().all(|digit| digit.is_ascii_hexdigit()) => Some(5),
        _ => None,
    }
}

/// The constants that Python writes and JSON does not know.
pub(super) const NOT_NUMBERS: [&[u8]; 3] = [b"NaN", b"Infinity", b"-Infinity"];

/// Replaces a constant that stands at the beginning by a value of the same length: `null`, or the -1 that HAR means by
/// unknown. Whether it did.
pub(in crate::capture::har) fn repair_number(text: &mut [u8]) -> bool {
    let values: [&[u8]; 3] = [b"-1 ", b"null    ", b"null     "];
    let mut known = NOT_NUMBERS.iter().zip(values);
    let found = known.find(|(name, _)| text.starts_with(name));
    if let Some((_, value)) = found {
        for (byte, new) in text.iter_mut().zip(value) {
            *byte = *new;
        }
    }
    found.is_some()
}
