//! Bytes that come a few at a time, stop coming, or are gone when they are asked for again.

use super::{CAPTURE, Place, fixture, program};
use entrace::redact::{self, RedactError, redact};
use entrace::{Knowledge, analyze, capture};
use proptest::prelude::*;
use std::fs;
use std::io::{self, Read, Write};
use std::path::Path;
use std::process::{Output, Stdio};
use std::sync::LazyLock;
use std::thread::sleep;
use std::time::Duration;

static KNOWLEDGE: LazyLock<Knowledge> = LazyLock::new(Knowledge::builtin);

/// One of each kind of file that is read.
const KINDS: [&str; 8] = [
    CAPTURE,
    "third-party-cookies-blocked.v5.netlog.json",
    "third-party-cookies-blocked.v4.saz.saz",
    "no-session-iframe.v4.zipped.zip",
    "consent-missing.v4.gzipped.har.gz",
    "wrong-password.v4.utf16.har",
    "samples/mitm.flow",
    "samples/pw-attach.har.zip",
];

/// Gives its bytes in parts, and may fail in the end.
struct Parts<'b> {
    bytes: &'b [u8],
    sizes: std::iter::Cycle<std::vec::IntoIter<usize>>,
    fails: bool,
}

impl<'b> Parts<'b> {
    fn new(bytes: &'b [u8], sizes: Vec<usize>, fails: bool) -> Self {
        Self { bytes, sizes: sizes.into_iter().cycle(), fails }
    }
}

impl Read for Parts<'_> {
    fn read(&mut self, into: &mut [u8]) -> io::Result<usize> {
        let size = self.sizes.next().unwrap_or(1);
        // Zero stands for a call that a signal interrupted.
        if size == 0 {
            return Err(io::ErrorKind::Interrupted.into());
        }
        if self.bytes.is_empty() && self.fails {
            // EIO; only what has a number is the system's own.
            return Err(io::Error::from_raw_os_error(5));
        }
        let count = size.min(into.len()).min(self.bytes.len());
        let (now, later) = self.bytes.split_at(count);
        into[..count].copy_from_slice(now);
        self.bytes = later;
        Ok(count)
    }
}

/// The files, and one in a Zstandard frame.
fn files() -> Vec<(&'static str, Vec<u8>)> {
    let mut files: Vec<_> = KINDS.iter().map(|kind| (*kind, fixture(kind))).collect();
    files.push(("Zstandard", zstandard(&fixture(CAPTURE))));
    files
}

/// A frame of blocks that are not compressed (RFC 8878, 3.1.1).
fn zstandard(bytes: &[u8]) -> Vec<u8> {
    let blocks = bytes.chunks(100 << 10);
    let last = blocks.len() - 1;
    // The magic number, no checksum and no size, a window of 1 MiB.
    let mut frame = vec![0x28, 0xB5, 0x2F, 0xFD, 0x00, 0x50];
    for (number, block) in blocks.enumerate() {
        let header = (block.len() as u32) << 3 | u32::from(number == last);
        frame.extend(header.to_le_bytes().iter().take(3));
        frame.extend(block);
    }
    frame
}

/// What is found in a file, as far as it matters here.
fn told(found: Vec<capture::Found>) -> Vec<String> {
    let one = |found: capture::Found| match found.capture {
        Ok(capture) => {
            let analysis = analyze(&capture, &KNOWLEDGE);
            let path = found.path.join("!");
            entrace::report::ndjson::render(&[entrace::report::CaptureReport::new(&path, Ok(&analysis))]).unwrap()
        }
        Err(error) => format!("{}: {error}", found.path.join("!")),
    };
    found.into_iter().map(one).collect()
}

fn read(reader: impl Read) -> Vec<String> {
    told(capture::Capture::all_from_reader(reader, &capture::Options::default()))
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(6))]
    #[test]
    fn however_few_bytes_come_at_once_the_analysis_is_the_same(sizes in prop::collection::vec(0..700_usize, 1..20)) {
        let sizes: Vec<usize> = std::iter::once(1).chain(sizes).collect();
        for (kind, bytes) in files() {
            let whole = told(capture::Capture::all_from_bytes(bytes.clone(), &capture::Options::default()));
            prop_assert_eq!(read(Parts::new(&bytes, sizes.clone(), false)), whole, "{}", kind);
        }
    }
}

/// The calls of a flow file that a signal interrupts, here all between two flows too.
#[test]
fn a_signal_between_two_flows_does_not_end_the_reading() {
    let bytes = fixture("samples/mitm.flow");
    let whole = told(capture::Capture::all_from_bytes(bytes.clone(), &capture::Options::default()));
    for sizes in [vec![1, 299, 362, 654, 324, 0, 306, 132, 111], vec![1, 0], vec![1 << 16, 0]] {
        assert_eq!(read(Parts::new(&bytes, sizes, false)), whole);
    }
}

#[test]
fn a_read_that_fails_is_told_as_that_and_never_taken_for_an_end() {
    for (kind, bytes) in files() {
        // What is whole may be read without going on to where reading fails.
        for part in 0..7 {
            let there = &bytes[..bytes.len() * part / 7];
            let told = read(Parts::new(there, vec![1 << 16], true));
            // What of an archive came before may have been read.
            let last = told.last().unwrap();
            assert!(last.contains("the file cannot be read: ") && last.contains("os error 5"), "{kind}, {} bytes: {last}", there.len());
        }
    }
}

#[test]
fn a_capture_that_shrinks_while_it_is_read_is_told() {
    let place = Place::new();
    let whole = many();
    for wait in [0, 5, 10, 20, 40, 80, 160] {
        fs::write(place.path("login.har"), &whole).unwrap();
        let output = shrunk_after(&place, wait, &["diagnose", "--format", "json", "login.har"]);
        let (text, stderr) = (String::from_utf8(output.stdout).unwrap(), String::from_utf8(output.stderr).unwrap());
        let report: serde_json::Value = serde_json::from_str(&text).unwrap_or_else(|error| panic!("{error}: {stderr}"));
        let capture = &report["captures"][0];
        let is_whole = capture["exchanges"] == ENTRIES;
        assert!(is_whole || capture["warnings"].to_string().contains("cut off"), "{stderr} {}", capture["warnings"]);
    }
}

#[test]
fn of_a_capture_that_shrinks_before_it_is_read_again_no_copy_is_made() {
    let place = Place::new();
    let path = place.path("login.har");
    fs::write(&path, many()).unwrap();
    let document = capture::Document::open(&path, &capture::Options::default()).ok().unwrap();
    assert_eq!(document.capture.entries, ENTRIES);
    halve(&path);
    let outcome = redact(&document, &KNOWLEDGE, &redact::Options::default());
    assert!(matches!(outcome, Err(RedactError::Changed)), "{outcome:?}");
}

#[test]
fn a_capture_that_grows_while_it_is_read_is_read_up_to_somewhere() {
    let place = Place::new();
    let whole = many();
    for wait in [0, 20, 60] {
        let (first, rest) = whole.split_at(whole.len() / 2);
        fs::write(place.path("login.har"), first).unwrap();
        let mut command = place.entrace();
        let child =
            command.args(["diagnose", "--format", "json", "login.har"]).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
        sleep(Duration::from_millis(wait));
        fs::OpenOptions::new().append(true).open(place.path("login.har")).unwrap().write_all(rest).unwrap();
        let output = child.wait_with_output().unwrap();
        let report: serde_json::Value = serde_json::from_slice(&output.stdout).unwrap();
        let capture = &report["captures"][0];
        let is_whole = capture["exchanges"] == ENTRIES;
        assert!(is_whole || capture["warnings"].to_string().contains("cut off"), "{}", capture["warnings"]);
    }
}

/// How many entries the capture of [`many`] has.
const ENTRIES: usize = 3700;

/// A capture large enough to be read by several threads.
fn many() -> Vec<u8> {
    let mut capture: serde_json::Value = serde_json::from_slice(&program::fixture(CAPTURE)).unwrap();
    let entries = capture["log"]["entries"].as_array().unwrap().clone();
    capture["log"]["entries"] = entries.iter().cycle().take(ENTRIES).cloned().collect();
    capture.to_string().into_bytes()
}

/// What comes of a command that reads `login.har`, of which half is gone after so many milliseconds.
fn shrunk_after(place: &Place, wait: u64, arguments: &[&str]) -> Output {
    let child = place.entrace().args(arguments).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
    sleep(Duration::from_millis(wait));
    halve(&place.path("login.har"));
    child.wait_with_output().unwrap()
}

/// Takes the second half of a file away.
fn halve(path: &Path) {
    let file = fs::OpenOptions::new().write(true).open(path).unwrap();
    file.set_len(file.metadata().unwrap().len() / 2).unwrap();
}
