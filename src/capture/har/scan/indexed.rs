//! JSON in memory that was checked before, taken apart by its marks: nobody looks for the ends of strings and values again.

use super::blocks::{self, BLOCK, State, Tokens};

/// How many blocks are indexed at a time. Room is made for as many places as they have bytes, and few have so many.
const BLOCKS: usize = 32;

/// A text and the places in it that matter.
pub(in crate::capture::har) struct Indexed<'t, 'i> {
    text: &'t str,
    tokens: &'i Tokens,
    next: usize,
}

impl<'t, 'i> Indexed<'t, 'i> {
    /// Indexes a text, in the room for its places that another has left; `None` where it has a string that is none, or four
    /// gigabytes and no places for them.
    pub(in crate::capture::har) fn of(text: &'t str, tokens: &'i mut Tokens) -> Option<Self> {
        u32::try_from(text.len()).ok()?;
        tokens.clear();
        let mut state = State::default();
        let (blocks, rest) = text.as_bytes().as_chunks();
        let mut last = [b' '; BLOCK];
        for (byte, given) in last.iter_mut().zip(rest) {
            *byte = *given;
        }
        let mut first = 0;
        for blocks in blocks.chunks(BLOCKS).chain([[last].as_slice()]) {
            if !blocks::index(&mut state, blocks, first as u32, tokens) {
                return None;
            }
            first += blocks.len() * BLOCK;
        }
        (!state.is_in_string()).then_some(Self { text, tokens, next: 0 })
    }

    /// What comes next: a bracket, colon or comma, the quotation mark of a string, or the first byte of a number or word.
    pub(in crate::capture::har) fn mark(&self) -> Option<u8> {
        self.tokens.marks(self.next).first().copied().filter(|mark| *mark != 0)
    }

    /// Goes past a bracket, colon or comma; `None` where something else comes.
    pub(in crate::capture::har) fn pass(&mut self, mark: u8) -> Option<()> {
        (self.mark()? == mark).then(|| self.next += 1)
    }

    /// Takes a string; its inside as it is written.
    pub(in crate::capture::har) fn string(&mut self) -> Option<&'t str> {
        if self.mark()? != b'"' {
            return None;
        }
        let (start, end) = (self.tokens.get(self.next)?, self.tokens.get(self.next + 1)?);
        self.next += 2;
        self.text.get(start as usize + 1..end as usize)
    }

    /// Takes a number or word.
    pub(in crate::capture::har) fn word(&mut self) -> Option<&'t str> {
        let start = self.tokens.get(self.next)? as usize;
        let end = self.tokens.get(self.next + 1).map_or(self.text.len(), |end| end as usize);
        self.next += 1;
        self.text.get(start..end).map(|word| word.trim_end_matches([' ', '\t', '\r', '\n']))
    }

    /// Goes past a value, however much is in it.
    pub(in crate::capture::har) fn skip(&mut self) -> Option<()> {
        let mut depth: usize = 0;
        loop {
            match self.mark()? {
                b'{' | b'[' => depth += 1,
                b'}' | b']' => depth = depth.checked_sub(1)?,
                // Its other quotation mark comes next.
                b'"' => self.next += 1,
                _ => {}
            }
            self.next += 1;
            if depth == 0 {
                return Some(());
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn values_are_taken_one_after_the_other() {
        let text = format!(r#" {{ "a\"{{" : [ -1.5e3 , true ],"long":"{}"}} "#, "x,:[\\n".repeat(500));
        let mut tokens = Tokens::default();
        let mut indexed = Indexed::of(&text, &mut tokens).unwrap();
        assert_eq!((indexed.pass(b'['), indexed.pass(b'{')), (None, Some(())));
        assert_eq!((indexed.string(), indexed.pass(b':')), (Some(r#"a\"{"#), Some(())));
        indexed.pass(b'[').unwrap();
        assert_eq!(
            (indexed.word(), indexed.pass(b','), indexed.word(), indexed.pass(b']')),
            (Some("-1.5e3"), Some(()), Some("true"), Some(()))
        );
        indexed.pass(b',').unwrap();
        assert_eq!((indexed.string(), indexed.pass(b':')), (Some("long"), Some(())));
        assert_eq!(indexed.string().map(str::len), Some(3000));
        assert_eq!((indexed.pass(b'}'), indexed.mark(), indexed.word()), (Some(()), None, None));
    }

    #[test]
    fn values_are_skipped_with_all_that_is_in_them() {
        let mut tokens = Tokens::default();
        let mut indexed = Indexed::of("[[1,{\"]\":[]}],2]", &mut tokens).unwrap();
        indexed.pass(b'[').unwrap();
        assert_eq!((indexed.skip(), indexed.pass(b','), indexed.word()), (Some(()), Some(()), Some("2")));
        assert_eq!((indexed.string(), indexed.pass(b']'), indexed.mark(), indexed.skip()), (None, Some(()), None, None));
    }

    #[test]
    fn what_has_no_end_is_not_indexed() {
        for text in ["\"a", "\"a\\\"", "\"\n\"", "\"\\x\""] {
            assert!(Indexed::of(text, &mut Tokens::default()).is_none(), "{text}");
        }
        for text in ["", "{", "]", ",", "1"] {
            assert!(Indexed::of(text, &mut Tokens::default()).unwrap().string().is_none(), "{text}");
        }
    }
}
