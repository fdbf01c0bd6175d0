//! What a capture is told to be: healthy with its attempts, or failing with code, cause and attempt.

#![allow(dead_code, reason = "no test needs all of it")]

use crate::support::CaptureBuilder;
use entrace::analysis::{Analysis, AttemptSummary, Verdict, analyze};
use entrace::capture::Document;
use entrace::diagnosis::Diagnosis;
use entrace::redact::{Options, redact};
use entrace::{Capture, Knowledge};
use std::sync::OnceLock;

/// An attempt as reports list it: kind, tenant and application, each empty where there is none.
pub(crate) type Attempt<'a> = (&'a str, &'a str, &'a str);

/// A failure as reports tell it.
pub(crate) struct Failure<'a> {
    /// The code; empty where there is none.
    pub(crate) code: &'a str,
    /// The first of its causes.
    pub(crate) cause: &'a str,
    /// The entry whose reply failed, by its name.
    pub(crate) at: &'a str,
    /// The attempt.
    pub(crate) attempt: Attempt<'a>,
}

/// What comes of a capture.
#[track_caller]
pub(crate) fn analysis(capture: &CaptureBuilder) -> Analysis {
    analysis_of(capture.bytes())
}

/// What comes of a file.
#[track_caller]
pub(crate) fn analysis_of(bytes: Vec<u8>) -> Analysis {
    static KNOWLEDGE: OnceLock<Knowledge> = OnceLock::new();
    let knowledge = KNOWLEDGE.get_or_init(Knowledge::builtin);
    let told = |bytes: Vec<u8>| {
        let capture = Capture::from_bytes(bytes).unwrap();
        assert!(capture.warnings.is_empty(), "the capture is damaged: {:?}", capture.warnings);
        analyze(&capture, knowledge)
    };
    let document = Document::from_bytes(bytes.clone(), &entrace::capture::Options::default()).unwrap();
    let analysis = told(bytes);
    let redacted = told(redact(&document, knowledge, &Options::default()).unwrap().har);
    assert_eq!(outcome(&redacted), outcome(&analysis), "the redacted copy is told otherwise");
    analysis
}

/// What a redacted copy has to show as well: verdict, attempts, failures with their causes. Names are stand-ins there.
fn outcome(told: &Analysis) -> (Verdict, Vec<(&str, &str)>, Vec<String>) {
    let attempts = told.attempts.iter().map(|attempt| (attempt.kind.name(), attempt.outcome.name())).collect();
    (told.verdict, attempts, in_words(&told.diagnoses))
}

/// Every attempt works, these are all, and nothing is diagnosed.
#[track_caller]
pub(crate) fn healthy(capture: &CaptureBuilder, attempts: &[Attempt<'_>]) {
    let told = analysis(capture);
    let expected: Vec<String> = attempts.iter().map(|attempt| format!("{attempt:?} succeeded")).collect();
    let found: Vec<String> = told.attempts.iter().map(|attempt| format!("{:?} {}", of(attempt), attempt.outcome.name())).collect();
    assert_eq!(in_words(&told.diagnoses), [""; 0], "something is diagnosed; the attempts: {found:#?}");
    assert_eq!(found, expected);
    assert_eq!(told.verdict, Verdict::Healthy);
}

/// One failure is told, and it is this one.
#[track_caller]
pub(crate) fn failing(capture: &CaptureBuilder, expected: &Failure<'_>) -> Analysis {
    let told = analysis(capture);
    assert_failure(capture, &told, expected);
    assert_eq!(told.verdict, Verdict::Failing);
    told
}

/// One failure is told, it is this one, and later in the capture the application got what it asked for.
#[track_caller]
pub(crate) fn handled(capture: &CaptureBuilder, expected: &Failure<'_>) -> Analysis {
    let told = analysis(capture);
    assert_failure(capture, &told, expected);
    assert_eq!(told.verdict, Verdict::Handled);
    told
}

/// Nothing is diagnosed, and the capture does not show how the sign-in ended.
#[track_caller]
pub(crate) fn inconclusive(capture: &CaptureBuilder, attempts: &[Attempt<'_>]) {
    let told = analysis(capture);
    let found: Vec<Attempt<'_>> = told.attempts.iter().map(of).collect();
    assert_eq!(in_words(&told.diagnoses), [""; 0], "something is diagnosed");
    assert_eq!(found, attempts);
    assert_eq!(told.verdict.name(), "inconclusive");
}

#[track_caller]
fn assert_failure(capture: &CaptureBuilder, told: &Analysis, expected: &Failure<'_>) {
    let [diagnosis] = told.diagnoses.as_slice() else {
        panic!("not one failure is told but {:#?}", in_words(&told.diagnoses));
    };
    let attempt = diagnosis.attempts.first().and_then(|id| told.attempts.get(id - 1)).unwrap();
    let entries: Vec<usize> = diagnosis.occurrences.iter().map(|occurrence| occurrence.entry).collect();
    let code = diagnosis.code.map(|code| code.to_string()).unwrap_or_default();
    let found = (code.as_str(), diagnosis.causes[0].id.as_str(), entries.contains(&capture.entry(expected.at)), of(attempt));
    let words = in_words(&told.diagnoses);
    assert_eq!(found, (expected.code, expected.cause, true, expected.attempt), "{words:#?} in the entries {:?}", capture.entry_names());
}

fn of(attempt: &AttemptSummary) -> Attempt<'_> {
    (attempt.kind.name(), attempt.tenant.as_deref().unwrap_or_default(), attempt.client_id.as_deref().unwrap_or_default())
}

fn in_words(diagnoses: &[Diagnosis]) -> Vec<String> {
    let words = diagnoses.iter().map(|diagnosis| {
        let code = diagnosis.code.map(|code| code.to_string());
        let symptom = diagnosis.symptom.map(|symptom| symptom.id());
        let causes: Vec<String> = diagnosis.causes.iter().map(|cause| format!("{} ({})", cause.id, cause.confidence.name())).collect();
        let entries: Vec<usize> = diagnosis.occurrences.iter().map(|occurrence| occurrence.entry).collect();
        format!("{code:?} {symptom:?} {:?} at {entries:?}: {}", diagnosis.error, causes.join(", "))
    });
    words.collect()
}
