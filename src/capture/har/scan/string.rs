//! Finds the end of a JSON string that is in memory, and checks what it holds: escapes, UTF-8, no control characters.

use super::Break;
use super::flaws::escape_length;

/// The end of the string whose quote is at `at`.
pub(in crate::capture::har) fn string_end(text: &[u8], at: usize) -> Result<usize, Break> {
    let start = at + 1;
    let mut at = start;
    loop {
        let rest = text.get(at..).unwrap_or_default();
        at += plain_length(rest);
        match text.get(at) {
            Some(b'"') => break,
            Some(b'\\') => match escape_length(text.get(at + 1..).unwrap_or_default()) {
                Some(length) => at += 1 + length,
                None => return Err(Break::at(text, flaw(text, at + 1))),
            },
            _ => return Err(Break::at(text, at)),
        }
    }
    match std::str::from_utf8(text.get(start..at).unwrap_or_default()) {
        Ok(_) => Ok(at + 1),
        Err(error) => Err(Break { at: (start + error.valid_up_to()) as u64, cut: false }),
    }
}

/// How many bytes stand before a quote, a backslash or a control character.
fn plain_length(text: &[u8]) -> usize {
    let is_special = |byte: &u8| matches!(byte, b'"' | b'\\' | 0..0x20);
    let (near, far) = text.split_at_checked(64).unwrap_or((text, &[]));
    if let Some(plain) = near.iter().position(is_special) {
        return plain;
    }
    // Asked of all bytes of a block together, which the compiler does with vectors; worth it where nothing is near.
    let (blocks, _) = far.as_chunks::<32>();
    let plain = blocks.iter().take_while(|block| !block.iter().fold(false, |any, byte| any | is_special(byte))).count() * 32;
    let rest = far.get(plain..).unwrap_or_default();
    near.len() + plain + rest.iter().position(is_special).unwrap_or(rest.len())
}

/// Where an escape goes wrong whose first character is at `at`.
fn flaw(text: &[u8], at: usize) -> usize {
    match text.get(at) {
        Some(b'u') => at + 1 + text.iter().skip(at + 1).take(4).take_while(|digit| digit.is_ascii_hexdigit()).count(),
        _ => at,
    }
}

#[cfg(test)]
#[allow(clippy::string_slice, reason = "a test that slices wrongly may panic")]
mod tests {
    use super::*;

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
                assert_eq!(string_end(cut.as_bytes(), 0), Err(Break { at: cut.len() as u64, cut: true }));
            }
        }
    }

    #[test]
    fn flaws_are_found_at_every_place() {
        for length in 0..200 {
            let plain = "x".repeat(length);
            for (flaw, behind) in [(b"\n" as &[u8], 0), (b"\\x", 1), (b"\\u12G4", 4), (b"\xFF", 0), (b"\xED\xA0\x80", 0)] {
                let text = [b"\"\xC3\xA9", plain.as_bytes(), flaw, plain.as_bytes(), b"\""].concat();
                assert_eq!(string_end(&text, 0), Err(Break { at: (3 + length + behind) as u64, cut: false }), "{length}");
            }
        }
    }
}
