//! The way through a HAR document: from the root to `log.entries`, in whatever order the keys come.

use super::dialect;
use super::json::{Break, Raw};
use super::note::{self, LogNote};
use super::parts::EntryParts;
use super::scan::{Scanner, Span};
use super::stretches;
use super::text;
use super::visitor::{Entry, Shared, Visitor};
use std::ops::Range;

/// How many members of a log are remembered; exporters write some four to ten.
const MOST_MEMBERS: usize = 256;

/// How many pages are looked at.
const MOST_PAGES: usize = 100_000;

/// How a document was read.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Walked {
    /// Whether it has the form of a HAR: a list of entries by that name, or what looks like one entry.
    pub(super) is_har: bool,
    /// How it ended.
    pub(super) end: End,
    /// The members of the log but its entries, in the order of the file: their names and the bytes of their values.
    pub(super) members: Vec<(String, Range<u64>)>,
}

/// How a document ends.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum End {
    /// As it should.
    Whole,
    /// Something follows it, from that byte.
    Followed(u64),
    /// Its grammar breaks.
    Broken(Break),
}

/// Walks a document.
pub(super) fn walk(scanner: &mut Scanner<'_>, visitor: &mut impl Visitor, shared: &Shared) -> Walked {
    let mut walk = Walk { visitor, shared, is_har: false, is_root_a_log: true, members: Vec::new() };
    let end = match walk.root(scanner) {
        Ok(None) => End::Whole,
        Ok(Some(at)) => End::Followed(at),
        Err(broken) => End::Broken(broken),
    };
    let last = match end {
        End::Whole => u64::MAX,
        End::Followed(at) => at,
        // What was repaired in an entry that is not complete is of no interest.
        End::Broken(_) => 0,
    };
    for (at, flaw) in scanner.flaws_before(last) {
        walk.visitor.flaw(at, flaw, false);
    }
    Walked { is_har: walk.is_har, end, members: walk.members }
}

struct Walk<'v, V> {
    visitor: &'v mut V,
    shared: &'v Shared,
    is_har: bool,
    /// Whether the root has shown no `log` yet, which would be the object with the entries.
    is_root_a_log: bool,
    members: Vec<(String, Range<u64>)>,
}

impl<V: Visitor> Walk<'_, V> {
    /// The whole document; where what follows it begins.
    fn root(&mut self, scanner: &mut Scanner<'_>) -> Result<Option<u64>, Break> {
        match scanner.peek() {
            // A bare array of entries, as libraries and tests write it.
            Some(b'[') => stretches::entries(scanner, self.visitor, self.shared)?,
            // One entry a line, as some collectors write them.
            Some(b'{') => while self.root_object(scanner)? && scanner.peek() == Some(b'{') {},
            _ => {
                scanner.value()?;
            }
        }
        Ok(scanner.peek().map(|_| scanner.offset()))
    }

    /// An object around a `log`, one that stands for it, or one entry alone, as "copy" menus give it: whether it is that.
    fn root_object(&mut self, scanner: &mut Scanner<'_>) -> Result<bool, Break> {
        let start = scanner.offset();
        let times_let_go = scanner.times_let_go();
        scanner.hold();
        // What it may be as long as nothing says that it is no entry.
        let mut entry = Some(EntryParts::<Span>::default());
        let mut has_request = false;
        scanner.object(|scanner, key| {
            let name = text::unescape_key(scanner.inside(key)).into_owned();
            match &mut entry {
                Some(parts) if EntryParts::knows(&name) => {
                    has_request |= name == b"request";
                    parts.take_member(scanner, &name)?;
                    if let Some(note) = parts.note.filter(|_| name == note::KEY) {
                        self.note(Raw::of_span(note, scanner.held()));
                    }
                    return Ok(());
                }
                Some(_) if is_of_a_log(&name) => entry = None,
                _ => {}
            }
            if entry.is_none() {
                scanner.release();
            }
            if name == b"log" && scanner.peek() == Some(b'{') {
                self.members.clear();
                self.is_root_a_log = false;
                scanner.members(|scanner, key| self.log_member(scanner, &text::unescape_key(&key), true))?;
            } else {
                self.log_member(scanner, &name, self.is_root_a_log)?;
            }
            // For the next name.
            if entry.is_none() {
                scanner.hold();
            }
            Ok(())
        })?;
        let is_entry = has_request && entry.is_some();
        if let Some(parts) = entry.filter(|_| has_request) {
            self.is_har = true;
            self.members.clear();
            let bytes = start..scanner.end_of_bracket();
            for (at, flaw) in scanner.flaws_before(bytes.end) {
                self.visitor.flaw(at, flaw, at >= start);
            }
            let is_too_large = scanner.times_let_go() > times_let_go;
            self.visitor.entry(Entry { parts: Some(parts.view(scanner.held())), is_too_large, bytes });
        }
        scanner.release();
        Ok(is_entry)
    }

    /// A member of the object with the entries, or of one beside it.
    fn log_member(&mut self, scanner: &mut Scanner<'_>, name: &[u8], is_of_the_log: bool) -> Result<(), Break> {
        let start = scanner.offset();
        let end = match (name, scanner.peek()) {
            (note::KEY, _) => held(scanner, |note| self.note(note))?,
            (b"creator", _) => held(scanner, |creator| {
                let (creator, exporter) = dialect::creator(creator);
                self.visitor.creator(creator, exporter);
            })?,
            (b"pages", Some(b'[')) => {
                let mut pages = 0;
                scanner.array(|scanner| {
                    pages += 1;
                    held(scanner, |page| {
                        if pages <= MOST_PAGES {
                            self.visitor.page(page);
                        }
                    })?;
                    Ok(())
                })?;
                scanner.end_of_bracket()
            }
            (b"entries", Some(b'[')) => {
                self.is_har = true;
                stretches::entries(scanner, self.visitor, self.shared)?;
                scanner.end_of_bracket()
            }
            _ => scanner.value_and_end()?.1,
        };
        if is_of_the_log && !matches!(name, b"entries" | b"log") && self.members.len() < MOST_MEMBERS {
            self.members.push((text::lossy(name).into_owned(), start..end));
        }
        Ok(())
    }

    fn note(&mut self, note: Raw<'_>) {
        self.visitor.note(LogNote::read(note));
    }
}

/// Takes one value, held; the byte of the file behind it.
fn held(scanner: &mut Scanner<'_>, then: impl FnOnce(Raw<'_>)) -> Result<u64, Break> {
    scanner.hold();
    let (span, end) = scanner.value_and_end()?;
    then(Raw::of_span(span, scanner.held()));
    scanner.release();
    Ok(end)
}

/// Whether a member of the root shows that the root is a log, or has one.
fn is_of_a_log(name: &[u8]) -> bool {
    matches!(name, b"log" | b"entries" | b"pages" | b"creator")
}

#[cfg(test)]
#[allow(clippy::string_slice, reason = "a test that slices wrongly may panic")]
mod tests {
    use super::super::scan::{Flaw, Input};
    use super::*;
    use crate::capture::Exporter;
    use std::sync::Arc;

    #[derive(Default)]
    struct Seen {
        told: Vec<String>,
    }

    impl Visitor for Seen {
        fn creator(&mut self, creator: Option<String>, _: Exporter) {
            self.told.push(format!("creator {}", creator.unwrap_or_default()));
        }

        fn note(&mut self, _: LogNote) {
            self.told.push("note".to_owned());
        }

        fn page(&mut self, page: Raw<'_>) {
            self.told.push(format!("page {}", page.text()));
        }

        fn entry(&mut self, entry: Entry<'_>) {
            let url = entry.parts.and_then(|parts| parts.request?.url?.string().map(|url| url.into_owned()));
            self.told.push(format!("entry {} {}..{}", url.unwrap_or_default(), entry.bytes.start, entry.bytes.end));
        }

        fn flaw(&mut self, at: u64, _: Flaw, in_next_entry: bool) {
            self.told.push(format!("flaw {at} {in_next_entry}"));
        }

        fn fork(&self) -> Self {
            Self::default()
        }

        fn join(&mut self, fork: Self) {
            self.told.extend(fork.told);
        }
    }

    fn seen(text: &str) -> (Vec<String>, bool, End) {
        let mut seen = Seen::default();
        let walked = walk_text(text, &mut seen);
        (seen.told, walked.is_har, walked.end)
    }

    fn walk_text(text: &str, seen: &mut Seen) -> Walked {
        walk(&mut Scanner::new(Input::Places(Arc::new(text.as_bytes().to_vec())), 0), seen, &None)
    }

    const A: &str = r#"{"request":{"url":"a"}}"#;

    #[test]
    fn a_log_with_keys_in_any_order() {
        let text = format!(r#"{{"log":{{"_x":[1],"entries":[{A},{A}],"pages":[1],"creator":{{"name":"Z"}}}}}}"#);
        let (told, is_har, end) = seen(&text);
        assert_eq!(told, ["entry a 28..51", "entry a 52..75", "page 1", "creator Z"]);
        assert!(is_har);
        assert_eq!(end, End::Whole);
    }

    #[test]
    fn logs_without_a_wrapper() {
        assert_eq!(seen(&format!(r#"{{"version":"1.2","entries":[{A}]}}"#)).0, ["entry a 28..51"]);
        assert_eq!(seen(&format!(" [{A}, {A}]")).0, ["entry a 2..25", "entry a 27..50"]);
        assert_eq!(seen(&format!("{A}\n")), (vec!["entry a 0..23".to_owned()], true, End::Whole));
    }

    #[test]
    fn one_entry_a_line() {
        assert_eq!(seen(&format!("{A}\n{A}\r\n")), (vec!["entry a 0..23".to_owned(), "entry a 24..47".to_owned()], true, End::Whole));
        assert_eq!(seen(&format!("{A}\n{A}\nx")).2, End::Followed(48));
        assert_eq!(seen(&format!("{A}\n{{\"req")).2, End::Broken(Break { at: 29, cut: true }));
        assert_eq!(seen("{}\n{}").2, End::Followed(3));
    }

    #[test]
    fn other_json_is_no_har() {
        for text in ["{}", r#"{"log":7}"#, r#"{"log":{"entries":{}}}"#, r#"{"openapi":"3.0"}"#, "[]"] {
            assert_eq!(seen(text), (vec![], false, End::Whole), "{text}");
        }
    }

    #[test]
    fn what_follows_is_told() {
        assert_eq!(seen(&format!("[{A}] x")).2, End::Followed(26));
    }

    #[test]
    fn the_logs_other_members_are_remembered() {
        let members = |text: &str| -> Vec<String> {
            let walked = walk_text(text, &mut Seen::default());
            let text = |bytes: Range<u64>| text[bytes.start as usize..bytes.end as usize].to_owned();
            walked.members.into_iter().map(|(name, bytes)| format!("{name} {}", text(bytes))).collect()
        };
        assert_eq!(members(&format!(r#"{{"a":1,"log":{{"b": [2],"entries":[{A}],"c":null}},"d":4}}"#)), ["b [2]", "c null"]);
        assert_eq!(members(&format!(r#"{{"a":1,"entries":[{A}],"d":4}}"#)), ["a 1", "d 4"]);
        assert_eq!(members(&format!("[{A}]")), [""; 0]);
        assert_eq!(members(A), [""; 0]);
        let many: String = (0..MOST_MEMBERS + 9).map(|number| format!("\"{number}\":1,")).collect();
        assert_eq!(members(&format!("{{{many}\"entries\":[]}}")).len(), MOST_MEMBERS);
    }

    #[test]
    fn a_note_is_told_where_it_stands() {
        let note = r#""_entrace":{"recorded_by":"fiddler"}"#;
        assert_eq!(seen(&format!(r#"{{{note},"entries":[{A}],"creator":{{"name":"Z"}}}}"#)).0, ["note", "entry a 49..72", "creator Z"]);
        assert_eq!(seen(&format!(r#"{{"entries":[{A}],{note}}}"#)).0, ["entry a 12..35", "note"]);
    }

    #[test]
    fn a_break_leaves_what_came_before() {
        let (told, is_har, end) = seen(&format!(r#"{{"log":{{"creator":{{"name":"Z"}},"entries":[{A},{{"req"#));
        assert_eq!(told, ["creator Z", "entry a 42..65"]);
        assert!(is_har);
        assert_eq!(end, End::Broken(Break { at: 71, cut: true }));
    }
}
