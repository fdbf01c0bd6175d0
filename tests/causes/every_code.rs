//! Whatever carries it, every code that the program knows is diagnosed as itself.

use super::row::{diagnoses, in_frame, knowledge, on_page, on_refresh, on_saml};
use crate::support::{CaptureBuilder, capture};
use entrace::checks::Expectation;
use entrace::diagnosis::{Diagnosis, NOT_MODELLED};
use entrace::entra::{ErrorCode, Family};
use entrace::knowledge::Code;

/// Polling for a device code is answered with it until the person has typed the code in: no failure.
const PENDING: &str = "AADSTS70016";

/// Lets something fail with a code and a text.
type Fail = fn(u32, &str) -> CaptureBuilder;

/// How the service tells an error.
const CARRIERS: [(&str, Fail); 5] = [
    ("a redirect", in_frame),
    ("a page that posts itself", |code, text| capture().silent_frame(|r| r.by_form_post().fails(code, text))),
    ("an error page", on_page),
    ("the token endpoint", on_refresh),
    ("the page that answers a SAML request", on_saml),
];

#[test]
fn every_code_is_diagnosed_with_its_own_causes_whatever_carries_it() {
    let mut wrong = Vec::new();
    let codes = knowledge().codes().map(|code| (code, ErrorCode::parse(&code.code).unwrap()));
    let of_entra = codes.filter(|(code, number)| number.family == Family::Aadsts && code.code != PENDING);
    for (code, number) in of_entra {
        for (carrier, fail) in CARRIERS {
            let told = diagnoses(&fail(number.number, "Something is not as it should be."), &Expectation::default()).unwrap();
            let [diagnosis] = told.as_slice() else {
                wrong.push(format!("{} in {carrier} comes to {} diagnoses", code.code, told.len()));
                continue;
            };
            if !is_told_as_itself(diagnosis, code) {
                wrong.push(format!("{} in {carrier} is told as {:?}", code.code, diagnosis.title));
            }
        }
    }
    assert!(wrong.is_empty(), "{} are wrong:\n{}", wrong.len(), wrong.join("\n"));
}

/// Whether a code is told with its own causes or, where no capture could tell them apart, with its own meaning.
fn is_told_as_itself(diagnosis: &Diagnosis, code: &Code) -> bool {
    let is_code = diagnosis.code.is_some_and(|told| told.to_string() == code.code);
    let own_cause = diagnosis.causes.iter().any(|cause| code.causes.contains(&cause.id));
    let modelled = diagnosis.causes.iter().all(|cause| cause.id != NOT_MODELLED);
    let own_words =
        matches!(diagnosis.causes.as_slice(), [only] if only.id == NOT_MODELLED && only.summary == code.meaning && !only.fixes.is_empty());
    let explained = if code.causes.is_empty() {
        own_words && diagnosis.usual == code.usual
    } else {
        modelled && (own_cause || !diagnosis.ruled_out.is_empty())
    };
    is_code && explained && diagnosis.title == code.title
}

#[test]
fn every_code_of_b2c_is_diagnosed_with_its_own_causes() {
    let of_b2c = knowledge().codes().filter(|code| code.code.starts_with("AADB2C"));
    let mut wrong = Vec::new();
    for code in of_b2c {
        let error = code.error.as_deref().unwrap_or("server_error");
        let failing = capture().redirect(|r| r.fails_without_code(error, &format!("{}: Something is not as it should be.", code.code)));
        let told = diagnoses(&failing, &Expectation::default()).unwrap();
        if !matches!(told.as_slice(), [only] if is_told_as_itself(only, code)) {
            wrong.push(format!("{}: {:?}", code.code, told.iter().map(|diagnosis| &diagnosis.title).collect::<Vec<_>>()));
        }
    }
    assert!(wrong.is_empty(), "{} are wrong:\n{}", wrong.len(), wrong.join("\n"));
}

#[test]
fn a_code_that_nobody_knows_is_told_with_what_the_capture_says() {
    let told = diagnoses(&in_frame(9_999_999, "Something new."), &Expectation::default()).unwrap();
    let [diagnosis] = told.as_slice() else { panic!("{} diagnoses", told.len()) };
    assert_eq!(diagnosis.code, Some(ErrorCode::aadsts(9_999_999)));
    assert_eq!((diagnosis.causes[0].id.as_str(), &diagnosis.meaning), (NOT_MODELLED, &None));
    let occurrence = &diagnosis.occurrences[0];
    assert!(occurrence.correlation_id.is_some() && occurrence.trace_id.is_some() && occurrence.timestamp.is_some());
}

#[test]
fn a_device_code_that_is_pending_is_no_failure() {
    let pending = on_refresh(70016, "Nobody has entered the code yet.");
    assert!(diagnoses(&pending, &Expectation::default()).unwrap().is_empty());
}
