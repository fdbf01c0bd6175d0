//! The entries of a HAR, read in several stretches at once.
//!
//! Where an entry begins can be guessed anywhere in a file: exporters put the same bytes between two entries
//! and begin each with the same key. A guess counts only if reading from the front arrives at exactly that
//! byte and expects an entry there, so that the result is what one reader would have found; a stretch that
//! began anywhere else is dropped.

use super::json::{Break, Cursor};
use super::parts::EntryParts;
use super::scan::{Input, ReadAt, Scanner};
use super::visitor::{Entry, Shared, Visitor};
use memchr::memmem;
use std::sync::Arc;
use std::thread::{self, Builder};

/// How many stretches are worth it at most: the memory is not faster than a few cores.
const MOST: usize = 4;

/// How long a stretch must be to be worth a thread, in bytes.
const SHORTEST: u64 = 4 << 20;

/// How much is looked at to learn what stands between two entries, in bytes.
const BETWEEN: usize = 4 << 10;

/// How far behind its place the beginning of a stretch is sought, and how much at a time, in bytes.
const FARTHEST: u64 = 8 << 20;
const STEP: usize = 256 << 10;

/// In how many stretches a file of that many bytes is best read.
pub(super) fn best(length: u64) -> usize {
    let cores = thread::available_parallelism().map_or(1, usize::from);
    usize::try_from(length / SHORTEST).unwrap_or(MOST).clamp(1, cores.min(MOST))
}

/// Takes an array of entries.
pub(super) fn entries<V: Visitor>(scanner: &mut Scanner<'_>, visitor: &mut V, shared: &Shared) -> Result<(), Break> {
    scanner.expect(b'[')?;
    if scanner.take(b']') {
        return Ok(());
    }
    let end = entry(scanner, visitor)?;
    if scanner.take(b',') {
        let starts = match shared {
            Some((bytes, stretches)) => starts(bytes, end, *stretches),
            None => Vec::new(),
        };
        if at_once(scanner, visitor, shared, &starts)? {
            stretch(scanner, visitor, u64::MAX)?;
        }
    }
    scanner.expect(b']')
}

/// Takes one entry; the byte behind it.
fn entry(scanner: &mut Scanner<'_>, visitor: &mut impl Visitor) -> Result<u64, Break> {
    scanner.hold();
    let start = scanner.offset();
    let times_let_go = scanner.times_let_go();
    let mut parts = EntryParts::default();
    let is_object = scanner.peek() == Some(b'{');
    let end = if is_object {
        parts.take(scanner)?;
        scanner.end_of_bracket()
    } else {
        scanner.value_and_end()?.1
    };
    for (at, flaw) in scanner.flaws_before(end) {
        visitor.flaw(at, flaw, at >= start);
    }
    let is_too_large = scanner.times_let_go() > times_let_go;
    visitor.entry(Entry { parts: is_object.then(|| parts.view(scanner.held())), is_too_large, bytes: start..end });
    scanner.release();
    Ok(end)
}

/// Takes entries up to one that begins at `end` or later; whether there is one.
fn stretch(scanner: &mut Scanner<'_>, visitor: &mut impl Visitor, end: u64) -> Result<bool, Break> {
    loop {
        entry(scanner, visitor)?;
        if !scanner.take(b',') {
            return Ok(false);
        }
        if scanner.offset() >= end {
            return Ok(true);
        }
    }
}

/// What a thread found: the visitor, where it stands now, whether an entry follows there.
struct Found<V> {
    visitor: V,
    at: u64,
    more: Result<bool, Break>,
    has_failed: bool,
}

/// Takes entries, those from each of `starts` on in a thread of their own, as far as the guesses prove right;
/// whether more of them follow.
fn at_once<V: Visitor>(scanner: &mut Scanner<'_>, visitor: &mut V, shared: &Shared, starts: &[u64]) -> Result<bool, Break> {
    let Some((bytes, _)) = shared.as_ref().filter(|_| !starts.is_empty()) else {
        return Ok(true);
    };
    thread::scope(|scope| {
        let ends = starts.iter().skip(1).copied().chain([u64::MAX]);
        let further: Vec<_> = starts
            .iter()
            .zip(ends)
            .map_while(|(start, end)| {
                let mut fork = visitor.fork();
                let (bytes, start) = (Arc::clone(bytes), *start);
                let read = move || {
                    let mut scanner = Scanner::new(Input::Places(bytes), start);
                    let more = stretch(&mut scanner, &mut fork, end);
                    let at = scanner.offset();
                    Found { visitor: fork, at, more, has_failed: scanner.failure().is_some() }
                };
                // Without a further thread, this one reads on alone.
                Builder::new().spawn_scoped(scope, read).ok()
            })
            .collect();
        let first = starts.first().copied().filter(|_| !further.is_empty()).unwrap_or(u64::MAX);
        let mut more = stretch(scanner, visitor, first)?;
        for (start, further) in starts.iter().zip(further) {
            let found = match further.join() {
                // A read that failed is tried again, and then told, from the front.
                Ok(found) if more && scanner.offset() == *start && !found.has_failed => found,
                _ => break,
            };
            visitor.join(found.visitor);
            *scanner = Scanner::new(Input::Places(Arc::clone(bytes)), found.at);
            more = found.more?;
        }
        Ok(more)
    })
}

/// Guesses where entries begin at which a stretch may; the first entry ends at `end`.
fn starts(bytes: &Arc<dyn ReadAt>, end: u64, stretches: usize) -> Vec<u64> {
    let length = bytes.length().saturating_sub(end);
    let between = bytes.stretch(end, BETWEEN);
    let Some((gap, pattern)) = between_entries(&between).filter(|_| stretches > 1) else {
        return Vec::new();
    };
    let finder = memmem::Finder::new(pattern);
    let mut starts: Vec<u64> = (1..stretches as u64)
        .filter_map(|number| {
            let from = end + length / stretches as u64 * number;
            let mut at = from;
            while at < from.saturating_add(FARTHEST) {
                let part = bytes.stretch(at, STEP);
                if let Some(found) = finder.find(&part) {
                    return Some(at + (found + gap) as u64);
                }
                // The pattern may lie across the end of a part.
                at += part.len().checked_sub(pattern.len()).filter(|step| *step > 0)? as u64;
            }
            None
        })
        .collect();
    starts.dedup();
    starts
}

/// The bytes from the end of one entry to the end of the next one's first key, and how many of them stand before that
/// entry.
fn between_entries(behind: &[u8]) -> Option<(usize, &[u8])> {
    let mut cursor = Cursor::new(behind);
    if !cursor.take(b',') || cursor.peek() != Some(b'{') {
        return None;
    }
    let start = cursor.at();
    cursor.take(b'{');
    cursor.key().ok()?;
    Some((start, behind.get(..cursor.at())?))
}

#[cfg(test)]
#[allow(clippy::string_slice, reason = "a test that slices wrongly may panic")]
mod tests {
    use super::super::json::Raw;
    use super::super::note::LogNote;
    use super::super::scan::Flaw;
    use super::*;
    use crate::capture::Exporter;
    use proptest::prelude::*;
    use std::ops::Range;

    /// Remembers the entries, and how often it took over from a fork.
    #[derive(Debug, Default, PartialEq)]
    struct Seen {
        entries: Vec<Range<u64>>,
        joined: usize,
    }

    impl Visitor for Seen {
        fn creator(&mut self, _: Option<String>, _: Exporter) {}

        fn note(&mut self, _: LogNote) {}

        fn page(&mut self, _: Raw<'_>) {}

        fn entry(&mut self, entry: Entry<'_>) {
            self.entries.push(entry.bytes);
        }

        fn flaw(&mut self, _: u64, _: Flaw, _: bool) {}

        fn fork(&self) -> Self {
            Self::default()
        }

        fn join(&mut self, fork: Self) {
            self.entries.extend(fork.entries);
            self.joined += 1;
        }
    }

    fn read(text: &str, stretches: usize) -> (Seen, Result<u64, Break>) {
        let mut seen = Seen::default();
        let bytes: Arc<dyn ReadAt> = Arc::new(text.as_bytes().to_vec());
        let mut scanner = Scanner::new(Input::Places(Arc::clone(&bytes)), 0);
        let end = entries(&mut scanner, &mut seen, &Some((bytes, stretches)));
        (seen, end.map(|()| scanner.end_of_bracket()))
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
        assert!(best(u64::MAX) <= MOST);
    }

    proptest! {
        #[test]
        fn as_if_read_alone(text in r#"(\{"a":|\{"b":|\[|\]|\}|,|1|"a"|"[,{\\]{0,3}"| ){0,60}"#) {
            same(&format!(r#"[{{"a":1}},{{"a":{text}]"#));
        }
    }
}
