//! A file's bytes as text that JSON can be read from: byte order mark, bytes that are no UTF-8, escapes that
//! JSON does not know.
//!
//! Repairs keep the length, so that every place in the text is a place in the file.

use super::scan::{Flaw, repair_number, repair_strings, repair_utf8};
use crate::capture::sniff::byte_order_mark;

/// How many repairs are remembered one by one.
const REMEMBERED: usize = 64;

/// A file's text, repaired as far as needed.
pub(in crate::capture) struct Source {
    bytes: Vec<u8>,
    /// Bytes of the file before the text.
    pub(in crate::capture) skipped: usize,
    repairs: Vec<(usize, Flaw)>,
    /// How many repairs were made that are not among `repairs`.
    pub(in crate::capture) more_repairs: usize,
    repaired: bool,
}

impl Source {
    /// Takes a file's bytes. Nothing is copied.
    pub(in crate::capture) fn new(bytes: Vec<u8>) -> Self {
        let skipped = byte_order_mark(&bytes);
        Self { bytes, skipped, repairs: Vec::new(), more_repairs: 0, repaired: false }
    }

    /// The text.
    pub(in crate::capture) fn text(&self) -> &[u8] {
        self.bytes.get(self.skipped..).unwrap_or_default()
    }

    /// The repairs, in order: the byte in the text and what was wrong with it.
    pub(in crate::capture) fn repairs(&self) -> &[(usize, Flaw)] {
        &self.repairs
    }

    /// Repairs what is no UTF-8, and the insides of strings; whether there was anything to repair. Only called
    /// when reading broke, for it is a pass over the whole file.
    pub(in crate::capture) fn repair(&mut self) -> bool {
        if std::mem::replace(&mut self.repaired, true) {
            return false;
        }
        let mut repairs = Repairs::default();
        repair(self.bytes.get_mut(self.skipped..).unwrap_or_default(), |at, flaw| repairs.add(at, flaw));
        self.repairs = repairs.first;
        self.repairs.sort_by_key(|(at, _)| *at);
        self.more_repairs = repairs.more;
        !self.repairs.is_empty()
    }
}

/// The repairs that are made.
#[derive(Default)]
struct Repairs {
    first: Vec<(usize, Flaw)>,
    more: usize,
}

impl Repairs {
    fn add(&mut self, at: usize, flaw: Flaw) {
        if self.first.len() < REMEMBERED {
            self.first.push((at, flaw));
        } else {
            self.more += 1;
        }
    }
}

/// Repairs JSON text; `found` is told the byte and its flaw.
pub(super) fn repair(text: &mut [u8], mut found: impl FnMut(usize, Flaw)) {
    repair_utf8(text, &mut found);
    let length = text.len();
    repair_strings(text, length, false, &mut found);
    let mut in_string = false;
    let mut at = 0;
    while let Some(byte) = text.get(at).copied() {
        match byte {
            b'"' => in_string = !in_string,
            b'\\' if in_string => at += 1,
            b'N' | b'I' | b'-' if !in_string && text.get_mut(at..).is_some_and(repair_number) => found(at, Flaw::NotANumber),
            _ => {}
        }
        at += 1;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_byte_order_mark_is_skipped() {
        let mut source = Source::new(b"\xEF\xBB\xBF{}".to_vec());
        assert_eq!((source.text(), source.skipped), (b"{}" as &[u8], 3));
        assert!(!source.repair());
    }

    #[test]
    fn bytes_that_are_no_utf8_are_replaced_in_place() {
        let mut source = Source::new(b"\xEF\xBB\xBFa\xFFb\xE2\x82c\xF0\x9F".to_vec());
        assert!(source.repair());
        assert_eq!(source.text(), b"a?b??c??");
        assert_eq!(source.repairs(), [(1, Flaw::NotUtf8), (3, Flaw::NotUtf8), (6, Flaw::NotUtf8)]);
    }

    #[track_caller]
    fn repaired(text: &str, expected: &str, repairs: &[(usize, Flaw)]) {
        let mut source = Source::new(text.as_bytes().to_vec());
        assert_eq!(source.repair(), !repairs.is_empty());
        assert_eq!(source.text(), expected.as_bytes());
        assert_eq!(source.repairs(), repairs);
        assert!(!source.repair(), "repaired twice");
    }

    #[test]
    fn sound_text_stays() {
        repaired(r#"{"a\"b":"\\","c":"\ud83d\n","-N":-1}"#, r#"{"a\"b":"\\","c":"\ud83d\n","-N":-1}"#, &[]);
    }

    #[test]
    fn bad_escapes() {
        repaired(r#"{"a":"\x41"}"#, r#"{"a":"?x41"}"#, &[(6, Flaw::Escape)]);
        repaired(r#"["\u12G4"]"#, r#"["?u12G4"]"#, &[(2, Flaw::Escape)]);
    }

    #[test]
    fn control_characters_in_strings_only() {
        repaired("[\n\"a\nb\0\"\n]", "[\n\"a b \"\n]", &[(4, Flaw::LineFeed), (6, Flaw::Control)]);
    }

    #[test]
    fn numbers_that_json_does_not_know() {
        repaired(
            r#"[NaN,Infinity,-Infinity,"NaN"]"#,
            r#"[-1 ,null    ,null     ,"NaN"]"#,
            &[(1, Flaw::NotANumber), (5, Flaw::NotANumber), (14, Flaw::NotANumber)],
        );
    }

    #[test]
    fn the_memory_of_repairs_is_bounded() {
        let mut source = Source::new(b"\xFFx".repeat(1000));
        source.repair();
        assert_eq!(source.repairs().len(), REMEMBERED);
        assert_eq!(source.more_repairs, 1000 - REMEMBERED);
    }
}
