//! The entries of a HAR, read in several stretches at once.
//!
//! Where an entry begins can be guessed anywhere in a file: exporters put the same bytes between two entries
//! and begin each with the same key. A guess counts only if reading from the front arrives at exactly that
//! byte and expects an entry there, so that the result is what one reader would have found; a stretch that
//! began anywhere else is dropped.

use super::document::Visitor;
use super::json::{Break, Cursor};
use super::parts::EntryParts;
use memchr::memmem;
use std::thread::{self, Builder};

/// How many stretches are worth it at most: the memory is not faster than a few cores.
const MOST: usize = 4;

/// How long a stretch must be to be worth a thread, in bytes.
const SHORTEST: usize = 4 << 20;

/// In how many stretches a text of that many bytes is best read.
pub(super) fn best(length: usize) -> usize {
    let cores = thread::available_parallelism().map_or(1, usize::from);
    (length / SHORTEST).clamp(1, cores.min(MOST))
}

/// Takes an array of entries, in so many stretches.
pub(super) fn entries<V: Visitor>(cursor: &mut Cursor<'_>, visitor: &mut V, stretches: usize) -> Result<(), Break> {
    cursor.expect(b'[')?;
    if cursor.take(b']') {
        return Ok(());
    }
    let starts = starts(cursor, stretches);
    if at_once(cursor, visitor, &starts)? {
        stretch(cursor, visitor, usize::MAX)?;
    }
    cursor.expect(b']')
}

/// Takes one entry.
pub(super) fn entry(cursor: &mut Cursor<'_>, visitor: &mut impl Visitor) -> Result<(), Break> {
    cursor.peek();
    let start = cursor.at();
    let parts = EntryParts::take(cursor)?;
    visitor.entry(parts, start..cursor.at());
    Ok(())
}

/// Takes entries up to one that begins at `end` or later; whether there is one.
fn stretch(cursor: &mut Cursor<'_>, visitor: &mut impl Visitor, end: usize) -> Result<bool, Break> {
    loop {
        entry(cursor, visitor)?;
        if !cursor.take(b',') {
            return Ok(false);
        }
        cursor.peek();
        if cursor.at() >= end {
            return Ok(true);
        }
    }
}

/// Takes entries, those from each of `starts` on in a thread of their own, as far as the guesses prove right;
/// whether more of them follow.
fn at_once<V: Visitor>(cursor: &mut Cursor<'_>, visitor: &mut V, starts: &[usize]) -> Result<bool, Break> {
    thread::scope(|scope| {
        let ends = starts.iter().skip(1).copied().chain([usize::MAX]);
        let further: Vec<_> = starts
            .iter()
            .zip(ends)
            .map_while(|(start, end)| {
                let mut cursor = cursor.moved_to(*start);
                let mut fork = visitor.fork();
                let read = move || {
                    let more = stretch(&mut cursor, &mut fork, end);
                    (cursor, fork, more)
                };
                // Without a further thread, this one reads on alone.
                Builder::new().spawn_scoped(scope, read).ok()
            })
            .collect();
        let first = starts.first().copied().filter(|_| !further.is_empty()).unwrap_or(usize::MAX);
        let mut more = stretch(cursor, visitor, first)?;
        for (start, further) in starts.iter().zip(further) {
            let (true, Ok((end, fork, more_there))) = (more && cursor.at() == *start, further.join()) else {
                break;
            };
            visitor.join(fork);
            *cursor = end;
            more = more_there?;
        }
        Ok(more)
    })
}

/// Guesses where entries begin that part the text into so many stretches.
fn starts(cursor: &Cursor<'_>, stretches: usize) -> Vec<usize> {
    let length = cursor.rest().len();
    let Some((gap, pattern)) = between_entries(cursor).filter(|_| stretches > 1) else {
        return Vec::new();
    };
    let finder = memmem::Finder::new(pattern);
    let mut starts: Vec<usize> = (1..stretches)
        .filter_map(|number| {
            let from = length / stretches * number;
            let found = finder.find(cursor.rest().get(from..)?)?;
            Some(cursor.at() + from + found + gap)
        })
        .collect();
    starts.dedup();
    starts
}

/// The bytes from the end of the first entry to the end of the second one's first key, and how many of them
/// stand before the second entry.
fn between_entries<'a>(cursor: &Cursor<'a>) -> Option<(usize, &'a [u8])> {
    let mut end = cursor.clone();
    end.value().ok()?;
    let mut second = end.clone();
    if !second.take(b',') || second.peek() != Some(b'{') {
        return None;
    }
    let start = second.at();
    second.take(b'{');
    second.key().ok()?;
    Some((start - end.at(), end.rest().get(..second.at() - end.at())?))
}

#[cfg(test)]
#[allow(clippy::string_slice, reason = "a test that slices wrongly may panic")]
mod tests {
    use super::super::dialect::Exporter;
    use super::super::json::Raw;
    use super::super::note::LogNote;
    use super::*;
    use proptest::prelude::*;
    use std::ops::Range;

    /// Remembers the entries, and how often it took over from a fork.
    #[derive(Debug, Default, PartialEq)]
    struct Seen {
        entries: Vec<Range<usize>>,
        joined: usize,
    }

    impl Visitor for Seen {
        fn creator(&mut self, _: Option<String>, _: Exporter) {}

        fn note(&mut self, _: LogNote) {}

        fn page(&mut self, _: Raw<'_>) {}

        fn entry(&mut self, _: Option<EntryParts<'_>>, bytes: Range<usize>) {
            self.entries.push(bytes);
        }

        fn fork(&self) -> Self {
            Self::default()
        }

        fn join(&mut self, fork: Self) {
            self.entries.extend(fork.entries);
            self.joined += 1;
        }
    }

    fn read(text: &str, stretches: usize) -> (Seen, Result<usize, Break>) {
        let mut seen = Seen::default();
        let mut cursor = Cursor::new(text.as_bytes());
        let end = entries(&mut cursor, &mut seen, stretches);
        (seen, end.map(|()| cursor.at()))
    }

    /// Reads in every number of stretches, and says how many were taken over at best.
    #[track_caller]
    fn same(text: &str) -> usize {
        let (alone, end) = read(text, 1);
        assert_eq!(alone.joined, 0);
        (2..6)
            .map(|stretches| {
                let (seen, same_end) = read(text, stretches);
                assert_eq!((&seen.entries, &same_end), (&alone.entries, &end), "{stretches} stretches of {text}");
                seen.joined
            })
            .max()
            .unwrap()
    }

    #[test]
    fn stretches_are_joined() {
        assert_eq!(same(&format!("[{}]", [r#"{"a":"x"}"#; 40].join(","))), 4);
        assert_eq!(same(&format!("[\n  {}\n]", [r#"{ "a": "x,\n  {" }"#; 40].join(",\n  "))), 4);
    }

    #[test]
    fn wrong_guesses_are_dropped() {
        // What looks like an entry stands inside one.
        let inner = format!(r#"{{"a":[1{}]}}"#, r#",{"a":2}"#.repeat(200));
        assert_eq!(same(&format!(r#"[{{"a":0}},{inner},{{"a":3}}]"#)), 0);
    }

    #[test]
    fn few_odd_and_no_entries() {
        for text in ["[]", "[1]", r#"[{"a":1}]"#, r#"[{"a":1},2]"#, r#"[1,{"a":1}]"#, r#"[{},{},{}]"#, "[", "[{\"a\":1},"] {
            assert_eq!(same(text), 0, "{text}");
        }
    }

    #[test]
    fn a_break_is_found_where_it_is() {
        let text = format!("[{}]", [r#"{"a":"xyz"}"#; 40].join(","));
        for at in 0..text.len() {
            same(&text[..at]);
            same(&format!("{}]{}", &text[..at], &text[at..]));
        }
    }

    #[test]
    fn small_files_are_read_in_one_stretch() {
        assert_eq!(best(0), 1);
        assert_eq!(best(SHORTEST), 1);
        assert!(best(usize::MAX) <= MOST);
    }

    proptest! {
        #[test]
        fn as_if_read_alone(text in r#"(\{"a":|\{"b":|\[|\]|\}|,|1|"a"|"[,{\\]{0,3}"| ){0,60}"#) {
            same(&format!(r#"[{{"a":1}},{{"a":{text}]"#));
        }
    }
}
