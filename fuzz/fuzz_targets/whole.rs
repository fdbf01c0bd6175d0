//! Reads bytes as a file of whatever format, diagnoses what is in it and writes the report and the timeline: nothing may panic.

#![no_main]

use entrace::capture::{Limits, Options};
use entrace::report::{CaptureReport, Growing, text};
use entrace::{Capture, Knowledge, analyze};
use libfuzzer_sys::fuzz_target;
use std::sync::LazyLock;

static KNOWLEDGE: LazyLock<Knowledge> = LazyLock::new(Knowledge::builtin);

fuzz_target!(|bytes: &[u8]| {
    // A few bytes may unpack to gigabytes, as they are allowed to: that would only be slow.
    let limits = Limits { unpacked: 4 << 20, part: 1 << 20, bodies: 4 << 20, ..Limits::default() };
    let options = Options { limits, ..Options::default() };
    for found in Capture::all_from_bytes(bytes.to_vec(), &options) {
        let analysis = found.capture.map(|capture| analyze(&capture, &KNOWLEDGE)).map_err(|error| error.to_string());
        let report = CaptureReport { path: "fuzzed", outcome: analysis.as_ref().map_err(String::clone) };
        // A timeline is lines at one width, and a table at the other.
        for width in [100, 200] {
            let _ = text::Timelines::new(&text::Options { width, color: false, links: true }).add(&report);
        }
        text::render(&[report], &text::Options { width: 100, color: false, links: true });
    }
});
