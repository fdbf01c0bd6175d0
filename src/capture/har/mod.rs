//! HTTP Archive, 1.1 to 1.3, as browsers, proxies and hands write it.
//!
//! A file is pulled through a window by [`scan`], so that it may be larger than memory. A walk ([`document`], its
//! entries in [`stretches`]) hands out entries as parts of what is held of the file ([`parts`]), and only what
//! [`crate::capture::selection`] wants of them is decoded and copied ([`entry`]). What is skipped is checked as
//! strictly. A break of the grammar ends the walk and leaves everything before it.
//!
//! Written are the members of a HAR: those of a HAR as they stand in its file ([`file`]), those of another format
//! from its exchanges ([`write`]), with what HAR has no place for in a [`note`] that the reader understands.

#[cfg(any(fuzzing, test))]
mod agreement;
mod assumed;
mod body;
mod date;
mod dialect;
mod document;
mod entry;
mod file;
mod headers;
mod initiator;
mod json;
#[cfg(test)]
mod large_entries;
mod names;
pub(crate) mod note;
mod parts;
mod resource;
mod scan;
mod source;
mod stretches;
mod text;
mod tree;
mod value;
mod visitor;
pub(super) mod write;

#[cfg(any(fuzzing, test))]
pub use agreement::check as check_for_fuzzing;
// Redactions read bodies as this reader does.
pub(crate) use body::{codings_of, mime_of, read_base64};
// What other formats in JSON use, too.
pub(super) use date::date;
pub(super) use file::HarFile;
pub(crate) use file::Room;
pub(super) use json::{Break, Cursor, Key, Raw};
pub(super) use scan::{Input, ReadAt};
pub(super) use source::Source;
pub(crate) use text::unescape_text;
pub(crate) use tree::{Json, Members, write_text};
pub(super) use value::Wanted;
pub(crate) use write::UNKNOWN_TIME;

use super::attachments::Attachments;
use super::error::Place;
use super::warnings::{EarlyEnd, Warnings};
use super::{Capture, CaptureError, Exporter, Format, Keep, Page, sorted_by_start};
use crate::exchange::{Exchange, Interner, RawText};
use assumed::Assumed;
use document::{End, Walked};
use note::LogNote;
use scan::{Flaw, Scanner};
use std::ops::Range;
use std::sync::Arc;
use visitor::{Entry, Shared, Visitor};

/// Of how many entries that were taken over from another thread the memory is given back at a time: some megabytes.
const GIVEN_BACK: usize = 1 << 14;

/// Reads a HAR, whose text begins after so many bytes, and of the bodies that lie beside it those that matter.
pub(super) fn read(input: Input<'_>, first: u64, beside: &Attachments<'_>, keep: Keep) -> Result<(Capture, Option<HarFile>), CaptureError> {
    let bytes = match &input {
        Input::Places(bytes) => Some(Arc::clone(bytes)),
        Input::Stream(_) => None,
    };
    let shared = bytes.clone().map(|bytes| (Arc::clone(&bytes), stretches::best(bytes.length())));
    read_in(&shared, &mut Scanner::new(input, first), first, beside, keep)
}

fn read_in(
    shared: &Shared,
    scanner: &mut Scanner<'_>,
    first: u64,
    beside: &Attachments<'_>,
    keep: Keep,
) -> Result<(Capture, Option<HarFile>), CaptureError> {
    let mut reading = Reading::new(beside, keep);
    let walked = document::walk(scanner, &mut reading, shared);
    if let Some(error) = scanner.failure() {
        return Err(CaptureError::of(error));
    }
    let was_repaired = reading.was_repaired;
    let (capture, entries) = reading.finish(&walked, |at| place(scanner, shared, first, at))?;
    let file = shared.as_ref().filter(|_| keep == Keep::Har);
    Ok((capture, file.map(|(bytes, _)| HarFile::new(Arc::clone(bytes), was_repaired, entries, walked.members))))
}

/// Where the walk arrived, for people.
fn place(scanner: &Scanner<'_>, shared: &Shared, first: u64, at: u64) -> Place {
    match (scanner.place(at), shared) {
        (Some(place), _) => place,
        (None, Some((bytes, _))) => scan::place_in(&**bytes, first, at),
        (None, None) => Place { byte: at, line: 1, column: at + 1 },
    }
}

/// What a walk gathers.
struct Reading<'b, 'a> {
    beside: &'b Attachments<'a>,
    keep: Keep,
    creator: Option<String>,
    /// `None` until something in the file says who wrote it.
    exporter: Option<Exporter>,
    /// What was taken for granted until then.
    assumed: Vec<(usize, Assumed)>,
    note: LogNote,
    pages: Vec<Page>,
    exchanges: Vec<Exchange>,
    /// How many entries there were.
    entries: usize,
    /// The bytes of every entry, where they are kept.
    places: Vec<Range<u64>>,
    first_bad: Option<(usize, &'static str)>,
    was_repaired: bool,
    interner: Interner,
    warnings: Warnings,
}

impl<'b, 'a> Reading<'b, 'a> {
    fn new(beside: &'b Attachments<'a>, keep: Keep) -> Self {
        Self {
            beside,
            keep,
            creator: None,
            exporter: None,
            assumed: Vec::new(),
            note: LogNote::default(),
            pages: Vec::new(),
            exchanges: Vec::new(),
            entries: 0,
            places: Vec::new(),
            first_bad: None,
            was_repaired: false,
            interner: Interner::new(),
            warnings: Warnings::default(),
        }
    }
}

impl Visitor for Reading<'_, '_> {
    fn creator(&mut self, creator: Option<String>, exporter: Exporter) {
        self.creator = creator;
        self.exporter = Some(self.note.exporter.unwrap_or(exporter));
    }

    fn note(&mut self, note: LogNote) {
        self.exporter = note.exporter.or(self.exporter);
        self.note = note;
    }

    fn page(&mut self, page: Raw<'_>) {
        // A page without an id can't be referred to.
        let Some(id) = page.field("id").and_then(Raw::string) else {
            return;
        };
        let title = page.field("title").and_then(Raw::string).unwrap_or_default();
        self.pages.push(Page {
            id: id.into_owned(),
            title: RawText::new(title),
            started: page.field("startedDateTime").filter(|written| !date::is_no_time(*written)).and_then(date::date),
        });
    }

    fn entry(&mut self, entry: Entry<'_>) {
        let index = self.entries;
        self.entries += 1;
        if self.keep == Keep::Har {
            self.places.push(entry.bytes.clone());
        }
        let exporter = self.exporter.unwrap_or(Exporter::Unknown);
        match entry::exchange(&entry, index, exporter, self.beside, &mut self.interner, &mut self.warnings) {
            Ok(exchange) => {
                if self.exporter.is_none()
                    && let Some(assumed) = Assumed::of(&entry, &exchange)
                {
                    self.assumed.push((self.exchanges.len(), assumed));
                }
                self.exchanges.push(exchange);
            }
            Err(why) => {
                self.warnings.add(Some(index), why);
                self.first_bad.get_or_insert((index, why));
            }
        }
    }

    fn flaw(&mut self, at: u64, flaw: Flaw, in_next_entry: bool) {
        self.was_repaired = true;
        self.warnings.add_at(in_next_entry.then_some(self.entries), flaw.message(), format!(" (byte {at})"));
    }

    fn fork(&self) -> Self {
        Self { exporter: self.exporter, ..Self::new(self.beside, self.keep) }
    }

    fn join(&mut self, mut fork: Self) {
        let (entries, exchanges) = (self.entries, self.exchanges.len());
        self.entries += fork.entries;
        self.places.extend(fork.places);
        self.assumed.extend(fork.assumed.into_iter().map(|(index, assumed)| (exchanges + index, assumed)));
        for exchange in &mut fork.exchanges {
            exchange.entry += entries;
        }
        if fork.exchanges.len() > GIVEN_BACK {
            // From its end, so that the memory of what was taken over goes back while the rest is.
            fork.exchanges.reverse();
            self.exchanges.reserve(fork.exchanges.len());
            while let Some(exchange) = fork.exchanges.pop() {
                self.exchanges.push(exchange);
                if fork.exchanges.len().is_multiple_of(GIVEN_BACK) {
                    fork.exchanges.shrink_to_fit();
                }
            }
        } else {
            self.exchanges.append(&mut fork.exchanges);
        }
        self.first_bad = self.first_bad.or(fork.first_bad.map(|(entry, why)| (entries + entry, why)));
        self.was_repaired |= fork.was_repaired;
        self.warnings.append(fork.warnings, entries);
    }
}

impl Reading<'_, '_> {
    fn finish(mut self, walked: &Walked, place: impl Fn(u64) -> Place) -> Result<(Capture, Vec<Range<u64>>), CaptureError> {
        if self.exchanges.is_empty() {
            if let End::Broken(broken) = &walked.end {
                return Err(CaptureError::Broken { place: place(broken.at), cut: broken.cut });
            }
            if !walked.is_har {
                return Err(CaptureError::NotHar);
            }
            if let Some((entry, why)) = self.first_bad {
                return Err(CaptureError::NoUsableEntry { entries: self.entries, entry, why });
            }
            self.warnings.add(None, "the file has no entries");
        }
        self.warn_of_the_end(walked, place);
        let exporter = self.exporter.unwrap_or(Exporter::Unknown);
        for (index, assumed) in self.assumed {
            if let Some(exchange) = self.exchanges.get_mut(index) {
                assumed.settle(exchange, exporter);
            }
        }
        let mut exchanges = sorted_by_start(self.exchanges, &mut self.warnings);
        self.note.put_in_order(&mut exchanges);
        let capture = Capture {
            format: Format::Har,
            creator: self.creator,
            exporter,
            pages: self.pages,
            exchanges,
            entries: self.entries,
            warnings: self.warnings.finish(),
            redacted: self.note.redacted,
            library_log: None,
        };
        Ok((capture, self.places))
    }

    fn warn_of_the_end(&mut self, walked: &Walked, place: impl Fn(u64) -> Place) {
        match &walked.end {
            End::Whole => {
                if let Some(end) = self.note.ended {
                    self.warnings.add_early_end(end, ": not this one, but the one that it was made from".to_owned());
                }
            }
            End::Followed(at) => self.warnings.add_what_follows(self.entries, place(*at)),
            End::Broken(broken) => {
                let end = if broken.cut { EarlyEnd::CutOff } else { EarlyEnd::Broken };
                self.warnings.add_early_end_at(end, self.entries, place(broken.at));
            }
        }
    }
}

#[cfg(test)]
#[allow(clippy::string_slice, reason = "a test that slices wrongly may panic")]
mod tests {
    use super::*;
    use crate::capture::Warning;
    use proptest::prelude::*;

    fn read(text: impl AsRef<[u8]>) -> Capture {
        match read_places(text.as_ref()) {
            Ok((capture, _)) => capture,
            Err(error) => panic!("{error}"),
        }
    }

    fn read_places(text: &[u8]) -> Result<(Capture, Option<HarFile>), CaptureError> {
        let first = crate::capture::sniff::byte_order_mark(text) as u64;
        super::read(Input::Places(Arc::new(text.to_vec())), first, &Attachments::nowhere(), Keep::Capture)
    }

    fn error(text: impl AsRef<[u8]>) -> String {
        read_places(text.as_ref()).err().unwrap().to_string()
    }

    fn log(entries: &[&str]) -> String {
        format!(r#"{{"log":{{"creator":{{"name":"WebInspector","version":"537.36"}},"entries":[{}]}}}}"#, entries.join(","))
    }

    /// An entry that is read without a warning.
    fn entry(name: &str) -> String {
        format!(
            r#"{{"startedDateTime":"2026-11-20T12:00:00.000Z","request":{{"method":"GET","url":"https://app.example/{name}"}},"response":{{"status":200}}}}"#
        )
    }

    #[test]
    fn there_is_an_end_to_headers_and_pages() {
        let lines = vec![r#"{"name":"a","value":"b"}"#; 10_007].join(",");
        let many = entry("x").replace(r#""status":200"#, &format!(r#""status":200,"headers":[{lines}]"#));
        let many = many.replace("https://app.example/x", "https://login.live.com/x");
        let capture = read(log(&[&many]));
        assert_eq!(capture.exchanges[0].response.headers.lines().len(), 10_000);
        assert_eq!(warnings(&capture), [(Some(0), "some headers could not be understood")]);
        let pages = vec![r#"{"id":"p"}"#; 100_009].join(",");
        let capture = read(format!(r#"{{"log":{{"pages":[{pages}],"entries":[{}]}}}}"#, entry("x")));
        assert_eq!(capture.pages.len(), 100_000);
    }

    fn at(name: &str, time: &str) -> String {
        entry(name).replace("2026-11-20T12:00:00.000Z", time)
    }

    fn names(capture: &Capture) -> Vec<String> {
        capture.exchanges.iter().map(|exchange| exchange.request.url.raw().replace("https://app.example/", "")).collect()
    }

    fn warnings(capture: &Capture) -> Vec<(Option<usize>, &str)> {
        capture.warnings.iter().map(|warning| (warning.entry, &*warning.message)).collect()
    }

    #[test]
    fn a_whole_log() {
        let capture = read(log(&[&entry("a"), &entry("b")]));
        assert_eq!(capture.creator.as_deref(), Some("WebInspector 537.36"));
        assert_eq!(capture.exporter, Exporter::ChromiumDevTools);
        assert_eq!((capture.entries, names(&capture)), (2, vec!["a".into(), "b".into()]));
        assert_eq!(warnings(&capture), []);
    }

    #[test]
    fn any_version_or_none() {
        for version in [r#""version":"1.1","#, r#""version":"1.3","#, r#""version":1,"#, ""] {
            let text = format!(r#"{{"log":{{{version}"entries":[{}]}}}}"#, entry("a"));
            let capture = read(text);
            assert_eq!((capture.exchanges.len(), capture.exporter, capture.creator), (1, Exporter::Unknown, None));
        }
    }

    #[test]
    fn a_creator_behind_the_entries_counts_for_them() {
        let lost = r#"{"request":{"method":"GET","url":"https://login.live.com/"},"response":{"status":200,"content":{"size":9}}}"#;
        let capture = read(format!(r#"{{"log":{{"entries":[{lost}],"creator":{{"name":"WebInspector"}}}}}}"#));
        assert_eq!(capture.exchanges[0].response.body.loss(), Some(crate::exchange::Loss::Evicted));
    }

    #[test]
    fn pages() {
        let pages =
            r#"[{"id":"page_1","title":"https://app.example/","startedDateTime":"2026-11-20T13:00:00+01:00"},{"title":"x"},7,{"id":"p2"}]"#;
        let capture = read(format!(r#"{{"log":{{"pages":{pages},"entries":[]}}}}"#));
        assert_eq!(capture.pages.len(), 2);
        assert_eq!((&*capture.pages[0].id, capture.pages[0].title.raw()), ("page_1", "https://app.example/"));
        assert_eq!(capture.pages[0].started.unwrap().to_rfc3339(), "2026-11-20T12:00:00+00:00");
        assert_eq!(read(r#"{"log":{"pages":{},"entries":[]}}"#).pages.len(), 0);
    }

    #[test]
    fn entries_are_sorted_by_start_and_keep_their_number() {
        let (late, early) = (at("late", "2026-11-20T12:00:09Z"), at("early", "2026-11-20T12:00:01Z"));
        let undated = r#"{"request":{"method":"GET","url":"https://app.example/undated"},"response":{"status":200}}"#;
        let capture = read(log(&[&late, undated, "7", &early, &at("same", "2026-11-20T12:00:01Z")]));
        assert_eq!(names(&capture), ["early", "same", "late", "undated"]);
        let numbers: Vec<_> = capture.exchanges.iter().map(|exchange| exchange.entry).collect();
        assert_eq!((numbers, capture.entries), (vec![3, 4, 0, 1], 5));
    }

    #[test]
    fn bad_entries_are_counted_and_told() {
        let capture = read(log(&[r#""x\ud83d""#, "{}", r#"{"request":{"url":" "}}"#, &entry("a"), "[]"]));
        assert_eq!((capture.entries, names(&capture)), (5, vec!["a".into()]));
        assert_eq!(
            warnings(&capture),
            [
                (Some(0), "the entry is not a JSON object"),
                (Some(1), "the entry has no request"),
                (Some(2), "the request has no URL"),
                (Some(4), "the entry is not a JSON object"),
            ]
        );
        assert_eq!(capture.exchanges[0].entry, 3);
    }

    #[test]
    fn no_good_entry_is_an_error() {
        assert_eq!(
            error(log(&["7", "{}"])),
            "none of the 2 entries could be read: the entry is not a JSON object (entry 0); export the capture again"
        );
    }

    #[test]
    fn an_empty_log_is_readable() {
        assert_eq!(warnings(&read(log(&[]))), [(None, "the file has no entries")]);
    }

    #[test]
    fn other_json_is_refused() {
        for text in ["{}", "[]", "[1,2]", r#"{"log":null}"#, r#"{"log":{"version":"1.2"}}"#] {
            assert!(error(text).contains("not a HAR"), "{text}");
        }
    }

    #[test]
    fn a_byte_order_mark_counts_in_places() {
        let mut bytes = b"\xEF\xBB\xBF".to_vec();
        bytes.extend(log(&[&entry("a")]).bytes());
        let end = bytes.len();
        assert_eq!(warnings(&read(&bytes)), []);
        bytes.push(b'x');
        let place = format!(
            "something follows the end of the document after entry 0, at byte {end} (line 1, column {}); the rest was not read",
            end - 2
        );
        assert_eq!(warnings(&read(&bytes)), [(None, &*place)]);
    }

    #[test]
    fn a_cut_file_is_read_up_to_there() {
        let text = log(&[&entry("a"), &entry("b")]);
        let cut = text.find("/b").unwrap();
        let capture = read(&text[..cut]);
        assert_eq!(names(&capture), ["a"]);
        let expected = format!("the file is cut off after entry 0, at byte {cut} (line 1, column {}); the rest was not read", cut + 1);
        assert_eq!(warnings(&capture), [(None, &*expected)]);
        assert!(error(&text[..60]).starts_with("no entry could be read: the JSON ends too early at byte 60"));
    }

    #[test]
    fn a_broken_file_is_read_up_to_there() {
        let text = log(&[&entry("a"), "{\"request\"\n garbage}", &entry("b")]);
        let at = text.find("garbage").unwrap();
        let capture = read(&text);
        assert_eq!((names(&capture), capture.entries), (vec!["a".into()], 1));
        let expected = format!("the JSON is broken after entry 0, at byte {at} (line 2, column 2); the rest was not read");
        assert_eq!(warnings(&capture), [(None, &*expected)]);
    }

    #[test]
    fn a_hundred_thousand_brackets() {
        assert!(error("[".repeat(100_000)).contains("ends too early at byte 100000"));
        assert!(error("{\"a\":".repeat(100_000)).contains("ends too early at byte 500000"));
        assert!(error("[".repeat(100_000) + &"]".repeat(100_000)).contains("not a HAR"));
        let deep = log(&[&entry("a").replace("200", &("[".repeat(100_000) + &"]".repeat(100_000)))]);
        assert_eq!(read(deep).exchanges.len(), 1);
    }

    #[test]
    fn lone_surrogates_cost_nothing() {
        let script = r#"{"startedDateTime":"2026-11-20T12:00:00Z","_x\ud83d":"\ud83d","request":{"method":"GET","url":"https://app.example/\ud83d"},"response":{"status":200,"content":{"text":"\ud83d"}}}"#;
        let capture = read(log(&[script, &script.replace("app.example", "login.live.com")]));
        assert_eq!(warnings(&capture), []);
        assert_eq!(capture.exchanges[0].request.url.raw(), "https://app.example/\u{FFFD}");
        assert_eq!(capture.exchanges[1].response.body.kept().unwrap().raw(), "\u{FFFD}");
    }

    #[test]
    fn bad_bytes_in_strings_are_repaired_and_told() {
        let text = log(&[&entry("a"), &entry("b")]);
        let at = text.find("/b\"").unwrap() + 1;
        for (bad, message) in [
            (b"\xFF" as &[u8], "a byte that is not UTF-8 was replaced"),
            (b"\\x", "an escape that JSON does not know was replaced"),
            (b"\\uD8", "an escape that JSON does not know was replaced"),
            (b"\n", "a control character inside a string was replaced"),
        ] {
            let bytes = [&text.as_bytes()[..at], bad, &text.as_bytes()[at..]].concat();
            let capture = read(&bytes);
            let expected = format!("{message} (byte {at})");
            assert_eq!(warnings(&capture), [(Some(1), &*expected)]);
            assert_eq!((capture.exchanges.len(), capture.warnings.len()), (2, 1));
        }
    }

    #[test]
    fn repairs_behind_a_break_are_not_told() {
        let text = log(&[&entry("a"), &entry("b")]).replace("/b\"", "/b\\x\" garbage");
        let capture = read(&text);
        assert_eq!(names(&capture), ["a"]);
        assert_eq!(capture.warnings.len(), 1);
    }

    #[test]
    fn many_repairs_are_counted() {
        let mut bytes = log(&[&entry("a")]).into_bytes();
        let at = bytes.iter().rposition(|byte| *byte == b'm').unwrap();
        bytes.splice(at..at, b"\xFF-".repeat(500));
        let capture = read(&bytes);
        assert_eq!(capture.warnings.len(), 11);
        assert_eq!(capture.warnings[10].message, "a byte that is not UTF-8 was replaced: and 490 more");
    }

    #[test]
    fn numbers_that_json_does_not_know() {
        let text = log(&[&entry("a").replace("\"request\"", "\"time\":NaN,\"request\"")]);
        let capture = read(&text);
        assert_eq!(capture.exchanges[0].duration_ms, None);
        assert!(capture.warnings[0].message.starts_with("a number that JSON does not know was read as unknown"));
    }

    #[test]
    fn every_cut_reads_what_is_complete() {
        let text = log(&[&entry("a"), "7", &entry("b\\u00e9"), &entry("c")]);
        let ends: Vec<_> = text.match_indices("}}").map(|(at, _)| at + 2).collect();
        for cut in 0..text.len() {
            let complete = ends.iter().take(3).filter(|end| **end <= cut).count();
            match read_places(&text.as_bytes()[..cut]) {
                Ok((capture, _)) => {
                    assert_eq!(capture.exchanges.len(), complete, "cut at {cut}");
                    let told: Vec<&Warning> = capture.warnings.iter().filter(|warning| warning.entry.is_none()).collect();
                    assert_eq!(told.len(), 1, "cut at {cut}");
                }
                Err(_) => assert_eq!(complete, 0, "cut at {cut}"),
            }
        }
    }

    #[test]
    fn stretches_make_no_difference() {
        let entries: Vec<String> = (0..60)
            .map(|number| match number % 7 {
                0 => r#"{"startedDateTime":"x","request":{"url":"https://login.live.com/"}}"#.to_owned(),
                3 => r#"{"startedDateTime":1}"#.to_owned(),
                _ => at(&number.to_string(), &format!("2026-11-20T12:00:{:02}Z", 59 - number)),
            })
            .collect();
        let bytes: Arc<dyn ReadAt> = Arc::new(log(&entries.iter().map(|entry| &**entry).collect::<Vec<_>>()).into_bytes());
        let read = |stretches| {
            let nowhere = Attachments::nowhere();
            let mut reading = Reading::new(&nowhere, Keep::Har);
            let shared = Some((Arc::clone(&bytes), stretches));
            let walked = document::walk(&mut Scanner::new(Input::Places(Arc::clone(&bytes)), 0), &mut reading, &shared);
            let bad = reading.first_bad;
            let (capture, places) = reading.finish(&walked, |at| Place { byte: at, line: 0, column: 0 }).ok().unwrap();
            assert_eq!(places.len(), entries.len());
            let numbers: Vec<_> = capture.exchanges.iter().map(|exchange| exchange.entry).collect();
            (names(&capture), numbers, capture.warnings, capture.entries, bad)
        };
        let alone = read(1);
        for stretches in 2..5 {
            assert_eq!(read(stretches), alone);
        }
    }

    proptest! {
        #[test]
        fn damage_never_panics_and_is_never_quoted(
            at in 0_usize..1000,
            damage in proptest::collection::vec(any::<u8>(), 0..4),
            removed in 0_usize..4,
        ) {
            let kept = entry("SECRET").replace("app.example", "login.live.com");
            let mut bytes = log(&[&kept, &kept, r#"{"request":{"url":"SECRET","headers":["SECRET",["SECRET"]]},"startedDateTime":"SECRET"}"#]).into_bytes();
            let at = at.min(bytes.len());
            bytes.splice(at..(at + removed).min(bytes.len()), damage);
            match read_places(&bytes) {
                Ok((capture, _)) => {
                    prop_assert!(capture.warnings.iter().all(|warning| !warning.message.contains("SECRET")));
                    prop_assert!(capture.exchanges.len() <= capture.entries);
                }
                Err(error) => prop_assert!(!error.to_string().contains("SECRET")),
            }
        }
    }
}
