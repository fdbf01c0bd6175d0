//! A capture with all that its file holds, as the members of a HAR: what a redaction reads.

use super::attachments::Attachments;
use super::har::{HarFile, Json, Room, Wanted, write};
use super::source::Source;
use super::{Capture, CaptureError, Format, Found, Keep, Options, only, wrapper};
use crate::exchange::Exchange;
use serde_json::{Map, Value};
use std::fmt;
use std::fs::File;
use std::io::Read;
use std::ops::Range;
use std::path::Path;
use std::sync::Arc;

/// One capture with everything its file holds of it, as the members of a HAR.
///
/// Of a HAR they are those of the file, parsed one entry at a time. Those of every other format are made of the
/// exchanges.
pub struct Document {
    /// The capture.
    pub capture: Capture,
    har: Option<HarFile>,
    log: Map<String, Value>,
    /// Where the exchange of each entry stands in the capture.
    places: Vec<Option<usize>>,
}

/// Tells what kind of capture it is and how much it holds, and nothing of what was sent.
impl fmt::Debug for Document {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Document").field("capture", &self.capture).finish_non_exhaustive()
    }
}

impl Document {
    /// Reads a file that holds one capture.
    ///
    /// # Errors
    /// When the file can't be read, is not a capture, holds several, or not one entry of it is readable.
    pub fn open(path: &Path, options: &Options) -> Result<Self, CaptureError> {
        Self::new(only(super::open(path, options, Keep::Har)?)?)
    }

    /// Reads a file that is open already, and may have no name, from its beginning; it holds one capture.
    ///
    /// # Errors
    /// When the file can't be read, is not a capture, holds several, or not one entry of it is readable.
    pub fn from_file(file: File, options: &Options) -> Result<Self, CaptureError> {
        Self::new(only(super::opened(file, options, Keep::Har)?)?)
    }

    /// Reads a file's content that holds one capture.
    ///
    /// # Errors
    /// When it is not a capture, holds several, or not one entry of it is readable.
    pub fn from_bytes(bytes: Vec<u8>, options: &Options) -> Result<Self, CaptureError> {
        Self::from_shared(Arc::new(bytes), options)
    }

    /// The same, of bytes that somebody else holds too.
    pub(crate) fn from_shared(bytes: Arc<Vec<u8>>, options: &Options) -> Result<Self, CaptureError> {
        Self::new(only(wrapper::open(Source::Bytes(bytes), &Attachments::nowhere(), options, Keep::Har))?)
    }

    /// Reads what comes through a pipe and holds one capture.
    ///
    /// # Errors
    /// When it is not a capture, holds several, or not one entry of it is readable.
    pub fn from_reader(reader: impl Read, options: &Options) -> Result<Self, CaptureError> {
        let source = Source::Stream(Box::new(reader));
        Self::new(only(wrapper::open(source, &Attachments::nowhere(), options, Keep::Har))?)
    }

    fn new(found: Found) -> Result<Self, CaptureError> {
        let Found { capture, har, .. } = found;
        let capture = capture?;
        if capture.format == Format::MsalLog {
            return Err(CaptureError::NoTraffic);
        }
        let mut places = vec![None; capture.entries];
        for (place, exchange) in capture.exchanges.iter().enumerate() {
            if let Some(entry) = places.get_mut(exchange.entry) {
                *entry = Some(place);
            }
        }
        let log = har.as_ref().map_or_else(|| write::log(&capture), |har| har.log(&capture));
        Ok(Self { capture, har, log, places })
    }

    /// Whether it is a HAR's own text, and not made of exchanges.
    #[cfg(any(fuzzing, test))]
    pub(super) fn is_har(&self) -> bool {
        self.har.is_some()
    }

    /// The log's members but its entries: version, creator, browser, pages, comment and what an exporter added;
    /// and `_entrace`, which has to stand before the entries.
    pub(crate) fn log(&self) -> &Map<String, Value> {
        &self.log
    }

    /// How many entries there are, unreadable ones included.
    pub fn entries(&self) -> usize {
        self.capture.entries
    }

    /// One entry by its number, as the file has it; `Null` for one that is no JSON object.
    pub(crate) fn entry(&self, entry: usize) -> Value {
        let mut room = Room::default();
        self.entries_with(entry..entry + 1, &|_, _| true, &mut room).pop().unwrap_or_default().into()
    }

    /// Entries that follow each other; the text of a received body that is not wanted is only there in name. Their texts are
    /// in the room.
    pub(crate) fn entries_with<'r>(&self, entries: Range<usize>, wanted: Wanted<'_>, room: &'r mut Room) -> Vec<Json<'r>> {
        match &self.har {
            Some(har) => har.entries(entries, |entry| self.exchange(entry), wanted, room),
            None => entries.map(|entry| self.exchange(entry).map_or(Json::Null, |exchange| write::entry(exchange).into())).collect(),
        }
    }

    /// Where an entry stands in the bytes of a HAR; `None` where it was not read from there as it stands.
    pub(crate) fn place(&self, entry: usize) -> Option<Range<u64>> {
        self.har.as_ref()?.place(entry)
    }

    /// Whether what was read first could not be read again: then the entries are not those of the capture.
    pub(crate) fn has_changed(&self) -> bool {
        self.har.as_ref().is_some_and(HarFile::has_changed)
    }

    fn exchange(&self, entry: usize) -> Option<&Exchange> {
        let place = self.places.get(entry).copied().flatten()?;
        self.capture.exchanges.get(place)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::analysis::{Analysis, analyze};
    use crate::capture::{Exporter, Format};
    use crate::exchange::{Loss, Secret};
    use crate::knowledge::Knowledge;
    use serde_json::json;
    use std::fs;
    use std::path::PathBuf;

    /// A document as a HAR file.
    fn written(document: &Document) -> Vec<u8> {
        let mut log = document.log().clone();
        let entries: Vec<Value> = (0..document.entries()).map(|entry| document.entry(entry)).collect();
        log.insert("entries".to_owned(), entries.into());
        serde_json::to_vec(&json!({"log": log})).unwrap()
    }

    fn read(bytes: impl Into<Vec<u8>>) -> Document {
        match Document::from_bytes(bytes.into(), &Options::default()) {
            Ok(document) => document,
            Err(error) => panic!("{error}"),
        }
    }

    /// Every labelled capture and every sample, with its password.
    fn fixtures() -> Vec<(PathBuf, Options)> {
        let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("fixtures");
        let files = [folder.clone(), folder.join("samples")].into_iter().flat_map(|folder| fs::read_dir(folder).unwrap());
        let mut paths: Vec<PathBuf> = files.map(|file| file.unwrap().path()).filter(|path| path.is_file()).collect();
        paths.sort();
        let is_truth = |path: &PathBuf| path.display().to_string().ends_with(".truth.json");
        let (truths, captures): (Vec<PathBuf>, Vec<PathBuf>) = paths.into_iter().partition(is_truth);
        let password = |path: &PathBuf| {
            let stem = path.with_extension("").display().to_string();
            let truth = truths.iter().find(|truth| truth.display().to_string() == format!("{stem}.truth.json"))?;
            let truth: Value = serde_json::from_slice(&fs::read(truth).unwrap()).unwrap();
            Some(Secret::new(truth.get("password")?.as_str()?))
        };
        captures.into_iter().map(|path| (path.clone(), Options { password: password(&path), ..Options::default() })).collect()
    }

    /// What an analysis says, but for the format and how its words are put.
    fn told(analysis: &Analysis) -> String {
        let diagnoses: Vec<String> = analysis
            .diagnoses
            .iter()
            .map(|diagnosis| {
                let causes: Vec<_> = diagnosis.causes.iter().map(|cause| (&cause.id, cause.confidence)).collect();
                let occurrences: Vec<_> = diagnosis.occurrences.iter().map(|o| (o.entry, &o.correlation_id, &o.trace_id)).collect();
                format!(
                    "{:?} {:?} {} {:?} {:?} {causes:?} {occurrences:?}",
                    diagnosis.code,
                    diagnosis.symptom,
                    diagnosis.is_handled(),
                    diagnosis.tenant,
                    diagnosis.client_id
                )
            })
            .collect();
        let attempts: Vec<_> = analysis.attempts.iter().map(|attempt| (attempt.kind, attempt.outcome, &attempt.entries)).collect();
        let Analysis { creator, entries, sign_in_exchanges, recording, verdict, .. } = analysis;
        format!("{creator:?} {entries} {sign_in_exchanges} {verdict:?}\n{recording:?}\n{attempts:?}\n{diagnoses:#?}")
    }

    #[test]
    fn every_capture_comes_to_the_same_as_a_har() {
        let knowledge = Knowledge::builtin();
        let mut formats = Vec::new();
        for (path, options) in fixtures() {
            let document = Document::open(&path, &options).unwrap_or_else(|error| panic!("{}: {error}", path.display()));
            let again = read(written(&document));
            let (first, second) = (&document.capture, &again.capture);
            assert_eq!(told(&analyze(second, &knowledge)), told(&analyze(first, &knowledge)), "{}", path.display());
            assert_eq!(
                (second.exporter, second.format, second.entries),
                (first.exporter, Format::Har, first.entries),
                "{}",
                path.display()
            );
            // Writing tells all of an exchange.
            let entries = |capture: &Capture| -> Vec<Value> { capture.exchanges.iter().map(write::entry).collect() };
            assert_eq!(entries(second), entries(first), "{}", path.display());
            formats.push(first.format);
        }
        for format in [Format::Har, Format::NetLog, Format::Saz, Format::MitmproxyFlow] {
            assert!(formats.contains(&format), "{format}");
        }
    }

    const ENTRY: &str =
        r#"{"_x":[1.10,"y"],"request":{"method":"GET","url":"https://login.live.com/a","_":"\ud83d"},"response":{"status":200}}"#;

    fn entry() -> Value {
        json!({
            "_x": [1.1, "y"],
            "request": {"method": "GET", "url": "https://login.live.com/a", "_": "\u{FFFD}"},
            "response": {"status": 200},
        })
    }

    #[test]
    fn a_har_keeps_what_is_not_understood() {
        let text = format!(
            "\u{feff}{{\"_root\":1,\"log\":{{\"version\":\"1.1\",\"_own\":{{\"a\":\"\\ud83d\"}},\"creator\":{{\"name\":\"X\"}},\"entries\":[{ENTRY},7],\"comment\":\"c\"}},\"_late\":2}}"
        );
        let document = read(text);
        assert_eq!((document.entries(), document.entry(0), document.entry(1), document.entry(2)), (2, entry(), Value::Null, Value::Null));
        let note = json!({"version": 1, "recorded_by": "other", "format": "har"});
        let log =
            json!({"_entrace": note, "_own": {"a": "\u{FFFD}"}, "version": "1.1", "creator": {"name": "X"}, "comment": "c", "pages": []});
        assert_eq!(Value::Object(document.log().clone()), log);
    }

    #[test]
    fn entries_without_a_log() {
        for text in [format!("[{ENTRY},{ENTRY}]"), ENTRY.to_owned(), format!(r#"{{"entries":[{ENTRY}]}}"#)] {
            let document = read(text);
            assert_eq!((document.entry(0), document.log()["version"].as_str()), (entry(), Some("1.2")));
            assert!(document.log().get("request").is_none() && document.log().get("entries").is_none());
        }
    }

    #[test]
    fn a_damaged_har_is_kept_as_far_as_it_was_read() {
        let whole = format!(r#"{{"log":{{"comment":"a\xb","entries":[{ENTRY},{ENTRY}]}}}}"#);
        for end in 0..whole.len() {
            let Ok(document) = Document::from_bytes(whole.as_bytes()[..end].to_vec(), &Options::default()) else {
                continue;
            };
            assert_eq!((document.entry(0), document.log()["comment"].as_str()), (entry(), Some("a?xb")));
            let again = read(written(&document));
            assert!(again.capture.warnings.iter().any(crate::capture::Warning::ends_the_reading), "cut at {end}");
        }
    }

    #[test]
    fn an_entry_of_any_depth_is_kept() {
        let deep = ENTRY.replace("[1.10,\"y\"]", &("[".repeat(10_000) + &"]".repeat(10_000)));
        let document = read(format!("[{deep}]"));
        assert_eq!(document.entry(0)["request"], entry()["request"]);
        assert_eq!(read(written(&document)).capture.exchanges.len(), 1);
    }

    #[test]
    fn the_bodies_beside_a_har_are_put_in() {
        let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("fixtures/samples/pw-attach.har.zip");
        let document = Document::open(&path, &Options::default()).ok().unwrap();
        let kept = |exchange: &&Exchange| exchange.kept_whole && exchange.response.body.kept().is_some();
        let found: Vec<_> = document.capture.exchanges.iter().filter(kept).collect();
        assert!(!found.is_empty());
        for exchange in found {
            let content = &document.entry(exchange.entry)["response"]["content"];
            assert_eq!(content["text"].as_str(), exchange.response.body.kept().map(crate::exchange::RawText::raw));
            assert!(content.get("_file").is_none() && content.get("_sha1").is_none());
        }
        // One that is not there stays named.
        let lost = ENTRY.replace("200", r#"200,"content":{"size":3,"_file":"a.html"}"#);
        let document = read(format!("[{lost}]"));
        assert_eq!(document.entry(0)["response"]["content"]["_file"], "a.html");
        assert_eq!(read(written(&document)).capture.exchanges[0].response.body.loss(), Some(Loss::Apart));
    }

    #[test]
    fn what_was_a_har_twice_keeps_its_first_format() {
        let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("fixtures/samples/mitm.flow");
        let once = read(written(&Document::open(&path, &Options::default()).ok().unwrap()));
        let twice = read(written(&once));
        assert_eq!(once.log()["_entrace"], json!({"version": 1, "recorded_by": "mitmproxy", "format": "mitmproxy-flow"}));
        assert_eq!((twice.log(), twice.capture.exporter), (once.log(), Exporter::Mitmproxy));
        assert_eq!(written(&twice), written(&once));
        let hostile = format!(r#"{{"_entrace":{{"format":"A\n","recorded_by":[]}},"entries":[{ENTRY}]}}"#);
        assert_eq!(read(hostile).log()["_entrace"], json!({"version": 1, "recorded_by": "unknown", "format": "har"}));
    }

    #[test]
    fn a_file_that_changes_after_it_was_read_is_noticed() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("login.har");
        let two = format!("[{ENTRY},{ENTRY}]");
        let read = || {
            fs::write(&path, &two).unwrap();
            Document::open(&path, &Options::default()).ok().unwrap()
        };
        let document = read();
        assert!(document.entry(1) == entry() && !document.has_changed());
        for other in [two.get(..two.len() - 5).unwrap().to_owned(), two.replace("/a", "/b"), format!("{two} ")] {
            let document = read();
            // A file that is written at once again may have the same time.
            let later = std::time::SystemTime::now() + std::time::Duration::from_secs(5);
            fs::write(&path, other).unwrap();
            fs::File::options().write(true).open(&path).unwrap().set_modified(later).unwrap();
            assert!(document.has_changed());
        }
        // What is lost is noticed where its time and length are not known.
        let lost = HarFile::new(std::sync::Arc::new(b"[{}".to_vec()), false, std::iter::once(1..9).collect(), Vec::new());
        assert!(!lost.has_changed());
        lost.entries(0..1, |_| None, &|_, _| true, &mut Room::default());
        assert!(lost.has_changed());
    }

    #[test]
    fn a_pipe_reads_like_a_file() {
        let document = Document::from_reader(ENTRY.as_bytes(), &Options::default()).ok().unwrap();
        assert_eq!(document.entry(0), entry());
        assert!(matches!(Document::open(&std::env::temp_dir(), &Options::default()), Err(CaptureError::Folder)));
    }
}
