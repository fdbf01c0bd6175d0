//! Reads bytes as a file of whatever format, diagnoses what is in it and writes the report and the timeline: nothing may
//! panic, nothing may steer the terminal, and a pipe comes to the same as a file.

#![no_main]

use entrace::report::{CaptureReport, Growing, text};
use entrace::{Capture, analyze};
use entrace_fuzz::files::options;
use entrace_fuzz::reading::unsteered;
use entrace_fuzz::{KNOWLEDGE, holds};
use libfuzzer_sys::fuzz_target;

fuzz_target!(|bytes: &[u8]| {
    let found = Capture::all_from_bytes(bytes.to_vec(), &options());
    let piped = Capture::all_from_reader(bytes, &options());
    assert_eq!(found.len(), piped.len());
    for (found, piped) in found.into_iter().zip(piped) {
        let [analysis, of_pipe] =
            [found, piped].map(|found| found.capture.map(|capture| analyze(&capture, &KNOWLEDGE)));
        let report = CaptureReport::of("fuzzed", &analysis);
        // A timeline is lines at one width, and a table at the other.
        for width in [100, 200] {
            let told =
                text::Timelines::new(&text::Options { width, color: false, links: false }).add(&report).expect("a timeline is written");
            holds(unsteered("timeline", &told));
        }
        let options = text::Options { width: 100, color: false, links: false };
        let told = text::render(&[report], &options);
        holds(unsteered("text", &told));
        let of_pipe = CaptureReport::of("fuzzed", &of_pipe);
        assert_eq!(text::render(&[of_pipe], &options), told);
    }
});
