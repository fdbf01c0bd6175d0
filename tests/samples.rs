//! One sign-in site, visited with several recorders: what each could show, side by side, and what is left of a
//! file that was cut.

#![allow(clippy::unwrap_used, clippy::panic, reason = "tests say what is wrong by stopping")]

mod program;

use entrace::analysis::{Analysis, Verdict};
use entrace::capture::{Format, Limits, Options, Warning};
use entrace::entra::Coverage;
use entrace::{Capture, Knowledge, analyze};
use program::fixture;
use proptest::prelude::*;
use std::sync::LazyLock;

/// What a recorder could show of the reply that names the expired code.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Reply {
    /// Its body, and so the code.
    Whole,
    /// Not its body: the refusal without its reason.
    Lost,
    /// The file ends before it.
    Cut,
}

/// A sample, written by the real program.
struct Sample {
    name: &'static str,
    format: &'static str,
    creator: &'static str,
    entries: usize,
    sign_in_entries: usize,
    reply: Reply,
    /// The cause of the silent failure in the frame; the proxies see no frame and say so.
    silent: &'static str,
}

const SAMPLES: [Sample; 11] = [
    sample("chrome-full.har", "har", "WebInspector", (13, 5), Reply::Whole, "third-party-cookies-blocked"),
    sample("chrome-sanitized.har", "har", "WebInspector", (13, 5), Reply::Whole, "third-party-cookies-blocked"),
    sample("pw-embed.har", "har", "Playwright", (11, 5), Reply::Whole, "third-party-cookies-blocked"),
    sample("pw-attach.har.zip", "har", "Playwright", (11, 5), Reply::Whole, "third-party-cookies-blocked"),
    sample("pw-minimal.har", "har", "Playwright", (11, 5), Reply::Lost, "third-party-cookies-blocked"),
    sample("netlog-everything.trimmed.json", "netlog", "Chromium", (12, 5), Reply::Whole, "third-party-cookies-blocked"),
    sample("netlog-default.trimmed.json", "netlog", "Chromium", (12, 5), Reply::Lost, "third-party-cookies-blocked"),
    sample("netlog-default.truncated.json", "netlog", "Chromium", (10, 5), Reply::Cut, ""),
    // Firefox sent the session's cookie into the frame.
    sample("firefox.har", "har", "Firefox", (10, 4), Reply::Whole, "session-expired"),
    sample("mitm.har", "har", "mitmproxy", (6, 6), Reply::Whole, "undetermined"),
    sample("mitm.flow", "mitmproxy-flow", "mitmproxy", (6, 6), Reply::Whole, "undetermined"),
];

const fn sample(
    name: &'static str,
    format: &'static str,
    creator: &'static str,
    (entries, sign_in_entries): (usize, usize),
    reply: Reply,
    silent: &'static str,
) -> Sample {
    Sample { name, format, creator, entries, sign_in_entries, reply, silent }
}

static KNOWLEDGE: LazyLock<Knowledge> = LazyLock::new(Knowledge::builtin);
static FILES: LazyLock<Vec<Vec<u8>>> =
    LazyLock::new(|| SAMPLES.iter().map(|sample| fixture(&format!("samples/{}", sample.name))).collect());

fn read(bytes: &[u8]) -> Analysis {
    let mut found = Capture::all_from_bytes(bytes.to_vec(), &Options::default());
    assert_eq!(found.len(), 1);
    match found.remove(0).capture {
        Ok(capture) => analyze(&capture, &KNOWLEDGE),
        Err(error) => panic!("{error}"),
    }
}

/// The top causes of a code, or of the refusal without one.
fn causes<'a>(analysis: &'a Analysis, code: Option<&str>) -> Vec<&'a str> {
    let is_it = |found: &Option<String>| found.as_deref() == code;
    let of = |diagnosis: &entrace::diagnosis::Diagnosis| diagnosis.code.map(|code| code.to_string());
    let found = analysis.diagnoses.iter().filter(|diagnosis| is_it(&of(diagnosis)));
    found.map(|diagnosis| diagnosis.causes.first().unwrap().id.as_str()).collect()
}

#[test]
fn every_recorders_file_is_read() {
    for (sample, bytes) in SAMPLES.iter().zip(FILES.iter()) {
        let analysis = read(bytes);
        assert_eq!(analysis.format.name(), sample.format, "{}", sample.name);
        assert!(analysis.creator.as_deref().unwrap().starts_with(sample.creator), "{}", sample.name);
        assert_eq!((analysis.entries, analysis.sign_in_exchanges), (sample.entries, sample.sign_in_entries), "{}", sample.name);
        assert_eq!(analysis.warnings.len(), usize::from(sample.reply == Reply::Cut), "{}", sample.name);
    }
}

#[test]
fn a_body_beside_a_har_that_is_not_read_to_its_end_is_told() {
    let warned = |part: u64| {
        let options = Options { limits: Limits { part, ..Limits::default() }, ..Options::default() };
        let found = Capture::all_from_bytes(fixture("samples/pw-attach.har.zip"), &options);
        let capture = found.into_iter().next().unwrap().capture.ok().unwrap();
        capture.warnings.iter().filter(|warning| warning.message.contains("only its beginning was read")).count()
    };
    assert!(warned(100) > 0);
    assert_eq!(warned(1 << 20), 0);
}

#[test]
fn the_same_failure_is_found_wherever_it_was_recorded() {
    for (sample, bytes) in SAMPLES.iter().zip(FILES.iter()) {
        let analysis = read(bytes);
        let name = sample.name;
        match sample.reply {
            Reply::Whole => {
                // The laboratory's server finds a code expired that it gave out in the same second, which rules that out. Some
                // recorders do not show when the code was handed over, or which it was.
                let found = causes(&analysis, Some("AADSTS70008"));
                assert!(found == ["undetermined"] || found == ["code-expired"], "{name}: {found:?}");
                assert!(causes(&analysis, None).is_empty(), "{name}");
            }
            // What the recorder lost is said, and nothing is concluded from it.
            Reply::Lost => {
                assert!(causes(&analysis, Some("AADSTS70008")).is_empty(), "{name}");
                assert_eq!(causes(&analysis, None), ["undetermined"], "{name}");
                assert_eq!(analysis.recording.response_bodies.coverage, Coverage::Stripped, "{name}");
            }
            Reply::Cut => {
                assert_eq!((analysis.verdict.name(), analysis.diagnoses.len()), ("inconclusive", 0), "{name}");
                continue;
            }
        }
        assert_eq!(analysis.verdict, Verdict::Failing, "{name}");
        let silent = causes(&analysis, Some("AADSTS50058"));
        assert!(silent.contains(&sample.silent), "{name}: {silent:?}");
    }
}

#[test]
fn cookies_are_missing_from_the_export_and_not_from_the_wire() {
    let coverage = |name: &str| read(&fixture(&format!("samples/{name}"))).recording.cookies();
    assert_eq!(coverage("chrome-full.har"), Coverage::Recorded);
    assert_eq!(coverage("chrome-sanitized.har"), Coverage::Stripped);
    assert_eq!(coverage("netlog-default.trimmed.json"), Coverage::Partly);
    assert_eq!(coverage("mitm.flow"), Coverage::Recorded);
}

#[test]
fn a_flow_file_says_what_its_har_says() {
    let [har, flow] = ["mitm.har", "mitm.flow"].map(|name| read(&fixture(&format!("samples/{name}"))));
    let told = |analysis: &Analysis| -> Vec<_> {
        let told = |diagnosis: &entrace::diagnosis::Diagnosis| {
            let causes: Vec<_> = diagnosis.causes.iter().map(|cause| (cause.id.clone(), cause.confidence)).collect();
            (diagnosis.code, diagnosis.tenant.clone(), diagnosis.client_id.clone(), causes)
        };
        analysis.diagnoses.iter().map(told).collect()
    };
    assert_eq!(told(&har), told(&flow));
}

/// What has to hold of a file that ends at a byte.
fn cut(sample: usize, end: usize) {
    let (name, whole) = (SAMPLES.get(sample).unwrap().name, FILES.get(sample).unwrap());
    let found = Capture::all_from_bytes(whole.get(..end).unwrap().to_vec(), &Options::default());
    assert!(!found.is_empty(), "{name} cut at {end}");
    for found in found {
        match found.capture {
            Ok(capture) => {
                let tells = |warning: &&Warning| warning.message.contains("cut off") || warning.message.contains("damaged");
                let breaks = capture.warnings.iter().filter(tells).count();
                let is_whole = whole.get(end..).unwrap().trim_ascii().is_empty();
                // A flow file that ends between two flows is a flow file.
                let is_flow_file =
                    capture.format == Format::MitmproxyFlow && Capture::from_bytes(whole.get(end..).unwrap().to_vec()).is_ok();
                assert!(breaks == 1 || (is_whole || is_flow_file) && breaks == 0, "{name} cut at {end}: {:?}", capture.warnings);
                let _ = analyze(&capture, &KNOWLEDGE);
            }
            Err(error) => assert!(error.to_string().len() > 20, "{name} cut at {end}: {error}"),
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 400, ..ProptestConfig::default() })]
    #[test]
    fn a_cut_gives_a_warning_or_a_clear_error(sample in 0..SAMPLES.len(), at: proptest::sample::Index) {
        cut(sample, at.index(FILES.get(sample).unwrap().len()));
    }
}

#[test]
#[ignore = "takes minutes: run it when a reader has changed"]
fn a_cut_at_every_byte_of_every_sample() {
    for (sample, whole) in FILES.iter().enumerate() {
        (0..whole.len()).for_each(|end| cut(sample, end));
    }
}
