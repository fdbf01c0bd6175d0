//! Texts that people save with the programs of Windows: UTF-8 with a mark before it, or UTF-16.

use encoding_rs::{Encoding, UTF_8, UTF_16BE, UTF_16LE};

/// The text of some bytes in UTF-16, by its mark, or because most of every other byte is zero; `None` where it is none.
pub(super) fn utf16(bytes: &[u8]) -> Option<String> {
    let zeros = |from: usize| bytes.iter().skip(from).step_by(2).filter(|byte| **byte == 0).count();
    let is_wide = |from: usize| zeros(from) * 4 > bytes.len();
    // What begins like a mark may be anything; half a letter at the end says that it is.
    let marked = Encoding::for_bom(bytes).filter(|(marked, _)| *marked == UTF_8 || bytes.len().is_multiple_of(2));
    let encoding = match marked {
        Some((marked, _)) => Some(marked).filter(|marked| *marked != UTF_8),
        None => match (is_wide(1), is_wide(0)) {
            (true, false) => Some(UTF_16LE),
            (false, true) => Some(UTF_16BE),
            _ => None,
        },
    };
    Some(encoding?.decode_with_bom_removal(bytes).0.into_owned())
}

/// Bytes of UTF-8 without the mark that may be before them.
pub(super) fn without_mark(bytes: &[u8]) -> &[u8] {
    bytes.strip_prefix(b"\xEF\xBB\xBF").unwrap_or(bytes)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_text_is_read_by_its_mark_or_by_its_zeros() {
        let little: Vec<u8> = "Näme".encode_utf16().flat_map(u16::to_le_bytes).collect();
        let big: Vec<u8> = "Näme".encode_utf16().flat_map(u16::to_be_bytes).collect();
        for wide in [little.clone(), big.clone(), [b"\xFF\xFE".as_slice(), &little].concat(), [b"\xFE\xFF".as_slice(), &big].concat()] {
            assert_eq!(utf16(&wide).as_deref(), Some("Näme"));
        }
        // No byte of it is zero.
        let kanji: Vec<u8> = "秘密".encode_utf16().flat_map(u16::to_le_bytes).collect();
        assert_eq!(utf16(&[b"\xFF\xFE".as_slice(), &kanji].concat()).as_deref(), Some("秘密"));
        for narrow in ["Näme".as_bytes(), b"\xEF\xBB\xBFName", b"\xFF\xFEAADSTS50058", b""] {
            assert_eq!(utf16(narrow), None);
        }
        assert_eq!(without_mark(b"\xEF\xBB\xBFName"), b"Name");
    }
}
