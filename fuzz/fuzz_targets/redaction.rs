//! Changes texts of a capture, plants secrets in it (each under its own name, and once more, written in some way, where no
//! name tells it), and redacts it: the outcome is JSON, is diagnosed the same, and no secret can be read out of it.
//! To refuse is no leak, but a habit of it would be no redaction: it may only refuse where a text was changed.

#![no_main]

use entrace::capture::{self, Document};
use entrace::diagnosis::Diagnosis;
use entrace::redact::{Options, RedactError, redact};
use entrace::{Analysis, Capture, analyze};
use entrace_fuzz::KNOWLEDGE;
use entrace_fuzz::captures::{SMALL, put};
use entrace_fuzz::input::Input;
use entrace_fuzz::planting::{is_left, plant, value};
use libfuzzer_sys::{Corpus, fuzz_target};
use serde_json::Value;

/// What a report says of each failure, without what names tenants and people.
fn told(analysis: &Analysis) -> Vec<String> {
    let causes = |diagnosis: &Diagnosis| {
        diagnosis.causes.iter().map(|cause| format!("{} {}", cause.id, cause.confidence.name())).collect::<Vec<_>>()
    };
    let entries = |diagnosis: &Diagnosis| diagnosis.occurrences.iter().map(|occurrence| occurrence.entry).collect::<Vec<_>>();
    let one =
        |diagnosis: &Diagnosis| format!("{:?} {:?} {:?} {:?}", diagnosis.code, diagnosis.handled, causes(diagnosis), entries(diagnosis));
    analysis.diagnoses.iter().map(one).collect()
}

fuzz_target!(|bytes: &[u8]| -> Corpus {
    let mut input = Input(bytes);
    let seed = &SMALL[input.below(SMALL.len())];
    let mut har = seed.har.clone();
    let flags = input.below(8);
    let mut options = Options::default();
    (options.strict, options.hide_tenant, options.keep_bodies) = (flags & 1 > 0, flags & 2 > 0, flags & 4 > 0);
    let changes = input.below(4);
    for _ in 0..changes {
        let text = input.text();
        put(&mut har, seed, &mut input, &text);
    }
    let mut values = Vec::new();
    for _ in 0..1 + input.below(3) {
        let value = value(&input.text());
        plant(&mut har, &mut input, &value);
        values.push(value);
    }
    let Ok(document) = Document::from_bytes(har.to_string().into_bytes(), &capture::Options::default()) else {
        return Corpus::Reject;
    };
    let redacted = match redact(&document, &KNOWLEDGE, &options) {
        Ok(redacted) => redacted.har,
        Err(RedactError::Survivor { .. } | RedactError::OtherDiagnosis(_)) if changes > 0 => return Corpus::Keep,
        Err(error) => panic!("{error}"),
    };
    let text = String::from_utf8(redacted).expect("the outcome is UTF-8");
    let outcome: Value = serde_json::from_str(&text).expect("the outcome is JSON");
    assert_eq!(outcome["log"]["entries"].as_array().map(Vec::len), Some(document.entries()));
    for value in values {
        assert!(!is_left(&text, &value), "{value:?} is left in {text}");
    }
    let again = Capture::from_bytes(text.into_bytes()).expect("the outcome is a capture");
    assert_eq!(told(&analyze(&again, &KNOWLEDGE)), told(&analyze(&document.capture, &KNOWLEDGE)));
    Corpus::Keep
});
