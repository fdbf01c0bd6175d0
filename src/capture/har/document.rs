//! The way through a HAR document: from the root to `log.entries`, in whatever order the keys come.

use super::dialect::{self, Exporter};
use super::json::{Break, Cursor, Raw};
use super::note::{self, LogNote};
use super::parts::EntryParts;
use super::stretches;
use super::text;
use std::ops::Range;

/// How many members of a log are remembered; exporters write some four to ten.
const MOST_MEMBERS: usize = 256;

/// Who is told what the walk meets, in the order of the file. The creator comes before the entries, wherever
/// it stands.
pub(super) trait Visitor: Send + Sized {
    /// The program that wrote the file.
    fn creator(&mut self, creator: Option<String>, exporter: Exporter);
    /// What `_entrace` says of the whole file.
    fn note(&mut self, note: LogNote);
    /// One of `log.pages`.
    fn page(&mut self, page: Raw<'_>);
    /// One entry, complete, with its bytes in the text; `None` if it is no object.
    fn entry(&mut self, parts: Option<EntryParts<'_>>, bytes: Range<usize>);
    /// Another visitor, for entries further on.
    fn fork(&self) -> Self;
    /// Takes over what a fork was told, which comes right after what this one was told.
    fn join(&mut self, fork: Self);
}

/// How a document was read.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Walked {
    /// Whether it has the form of a HAR: a list of entries by that name, or what looks like one entry.
    pub(super) is_har: bool,
    /// How it ended.
    pub(super) end: End,
    /// The members of the log but its entries, in the order of the file: their names and the bytes of their values.
    pub(super) members: Vec<(String, Range<usize>)>,
}

/// How a document ends.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum End {
    /// As it should.
    Whole,
    /// Something follows it, from that byte.
    Followed(usize),
    /// Its grammar breaks.
    Broken(Break),
}

/// Walks a document, its entries in so many stretches at once.
pub(super) fn walk(text: &[u8], visitor: &mut impl Visitor, stretches: usize) -> Walked {
    let mut walk = Walk { visitor, stretches, creator_known: false, is_har: false, has_log: false, members: Vec::new() };
    let end = match walk.root(&mut Cursor::new(text)) {
        Ok(None) => End::Whole,
        Ok(Some(at)) => End::Followed(at),
        Err(broken) => End::Broken(broken),
    };
    Walked { is_har: walk.is_har, end, members: walk.members }
}

struct Walk<'v, V> {
    visitor: &'v mut V,
    stretches: usize,
    creator_known: bool,
    is_har: bool,
    /// Whether the root has a `log`, which is then the object with the entries.
    has_log: bool,
    members: Vec<(String, Range<usize>)>,
}

impl<V: Visitor> Walk<'_, V> {
    /// The whole document; where what follows it begins.
    fn root(&mut self, cursor: &mut Cursor<'_>) -> Result<Option<usize>, Break> {
        cursor.peek();
        let mut start = cursor.clone();
        let mut looks_like_an_entry = false;
        match cursor.peek() {
            // A bare array of entries, as libraries and tests write it.
            Some(b'[') => stretches::entries(cursor, self.visitor, self.stretches)?,
            _ => self.log(cursor, true, |walk, key, cursor| {
                match key {
                    b"log" if cursor.peek() == Some(b'{') => {
                        walk.has_log = true;
                        walk.members.clear();
                        walk.log(cursor, false, |_, _, cursor| cursor.value().map(|_| ()))?;
                    }
                    _ => {
                        cursor.value()?;
                        looks_like_an_entry |= key == b"request";
                    }
                }
                Ok(())
            })?,
        }
        // One entry alone, as "copy" menus give it.
        if looks_like_an_entry && !self.is_har {
            self.is_har = true;
            self.members.clear();
            stretches::entry(&mut start, self.visitor)?;
        }
        Ok(cursor.peek().map(|_| cursor.at()))
    }

    /// The object with the entries: `log`, or a root that stands for it. Other keys go to `other`.
    fn log<'a>(
        &mut self,
        cursor: &mut Cursor<'a>,
        is_root: bool,
        mut other: impl FnMut(&mut Self, &[u8], &mut Cursor<'a>) -> Result<(), Break>,
    ) -> Result<(), Break> {
        cursor.object(|key, cursor| {
            cursor.peek();
            let start = cursor.at();
            match &*key {
                note::KEY => self.note(cursor.value()?),
                b"creator" => self.creator(cursor.value()?),
                b"pages" => self.pages(cursor.value()?),
                b"entries" if cursor.peek() == Some(b'[') => {
                    self.is_har = true;
                    self.look_ahead(cursor);
                    stretches::entries(cursor, self.visitor, self.stretches)?;
                }
                key => other(self, key, cursor)?,
            }
            // What stands beside a `log` is not of it.
            if !(is_root && self.has_log) {
                self.remember(&key, start..cursor.at());
            }
            Ok(())
        })
    }

    fn remember(&mut self, key: &[u8], bytes: Range<usize>) {
        if !matches!(key, b"entries" | b"log") && self.members.len() < MOST_MEMBERS {
            self.members.push((text::lossy(key).into_owned(), bytes));
        }
    }

    fn creator(&mut self, raw: Raw<'_>) {
        let (creator, exporter) = dialect::creator(raw);
        self.creator_known |= creator.is_some();
        self.visitor.creator(creator, exporter);
    }

    fn note(&mut self, raw: Raw<'_>) {
        let note = LogNote::read(raw);
        self.creator_known |= note.exporter.is_some();
        self.visitor.note(note);
    }

    fn pages(&mut self, pages: Raw<'_>) {
        for page in pages.items() {
            self.visitor.page(page);
        }
    }

    /// What a missing part means depends on the exporter, so a creator that comes after the entries is looked
    /// up first. If the text breaks on the way there, it stays unknown.
    fn look_ahead(&mut self, cursor: &Cursor<'_>) {
        if self.creator_known {
            return;
        }
        let mut ahead = cursor.clone();
        let mut creator = None;
        let mut note = None;
        let _ = ahead.value().and_then(|_| {
            ahead.rest_of_object(|key, cursor| {
                let value = cursor.value()?;
                match &*key {
                    b"creator" => creator = Some(value),
                    note::KEY => note = Some(value),
                    _ => {}
                }
                Ok(())
            })
        });
        if let Some(creator) = creator {
            self.creator(creator);
        }
        if let Some(note) = note {
            self.note(note);
        }
    }
}

#[cfg(test)]
#[allow(clippy::string_slice, reason = "a test that slices wrongly may panic")]
mod tests {
    use super::*;

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

        fn entry(&mut self, parts: Option<EntryParts<'_>>, bytes: Range<usize>) {
            let url = parts.and_then(|parts| parts.request?.url?.string().map(|url| url.into_owned()));
            self.told.push(format!("entry {} {}..{}", url.unwrap_or_default(), bytes.start, bytes.end));
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
        let walked = walk(text.as_bytes(), &mut seen, 1);
        (seen.told, walked.is_har, walked.end)
    }

    const A: &str = r#"{"request":{"url":"a"}}"#;

    #[test]
    fn a_log_with_keys_in_any_order() {
        let text = format!(r#"{{"log":{{"_x":[1],"entries":[{A},{A}],"pages":[1],"creator":{{"name":"Z"}}}}}}"#);
        let (told, is_har, end) = seen(&text);
        assert_eq!(told, ["creator Z", "entry a 28..51", "entry a 52..75", "page 1", "creator Z"]);
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
            let walked = walk(text.as_bytes(), &mut Seen::default(), 1);
            walked.members.into_iter().map(|(name, bytes)| format!("{name} {}", &text[bytes])).collect()
        };
        assert_eq!(members(&format!(r#"{{"a":1,"log":{{"b": [2],"entries":[{A}],"c":null}},"d":4}}"#)), ["b [2]", "c null"]);
        assert_eq!(members(&format!(r#"{{"a":1,"entries":[{A}],"d":4}}"#)), ["a 1", "d 4"]);
        assert_eq!(members(&format!("[{A}]")), [""; 0]);
        assert_eq!(members(A), [""; 0]);
        let many: String = (0..MOST_MEMBERS + 9).map(|number| format!("\"{number}\":1,")).collect();
        assert_eq!(members(&format!("{{{many}\"entries\":[]}}")).len(), MOST_MEMBERS);
    }

    #[test]
    fn a_note_is_told_before_the_entries() {
        let note = r#""_entrace":{"recorded_by":"fiddler"}"#;
        assert_eq!(seen(&format!(r#"{{{note},"entries":[{A}],"creator":{{"name":"Z"}}}}"#)).0, ["note", "entry a 49..72", "creator Z"]);
        assert_eq!(seen(&format!(r#"{{"entries":[{A}],{note}}}"#)).0, ["note", "entry a 12..35", "note"]);
    }

    #[test]
    fn a_break_leaves_what_came_before() {
        let (told, is_har, end) = seen(&format!(r#"{{"log":{{"creator":{{"name":"Z"}},"entries":[{A},{{"req"#));
        assert_eq!(told, ["creator Z", "entry a 42..65"]);
        assert!(is_har);
        assert_eq!(end, End::Broken(Break { at: 71, cut: true }));
    }
}
