//! Whatever carries it, every code that the program knows is diagnosed as itself.

use super::row::{diagnoses, in_frame, knowledge, on_page, on_refresh, on_saml};
use crate::support::{CaptureBuilder, capture};
use entrace::checks::Expectation;
use entrace::diagnosis::NOT_MODELLED;
use entrace::entra::ErrorCode;

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
    for code in knowledge().codes().filter(|code| code.code != PENDING) {
        let number = ErrorCode::parse(&code.code).map(|code| code.number).unwrap();
        for (carrier, fail) in CARRIERS {
            let told = diagnoses(&fail(number, "Something is not as it should be."), &Expectation::default()).unwrap();
            let [diagnosis] = told.as_slice() else {
                wrong.push(format!("{} in {carrier} comes to {} diagnoses", code.code, told.len()));
                continue;
            };
            let own = diagnosis.causes.iter().map(|cause| &cause.id).any(|cause| code.causes.contains(cause));
            let known = diagnosis.causes.iter().all(|cause| cause.id != NOT_MODELLED);
            if diagnosis.code.is_none_or(|told| told.to_string() != code.code) || !own && diagnosis.ruled_out.is_empty() || !known {
                wrong.push(format!("{} in {carrier} is told as {:?}", code.code, diagnosis.title));
            }
        }
    }
    assert!(wrong.is_empty(), "{} are wrong:\n{}", wrong.len(), wrong.join("\n"));
}

#[test]
fn a_device_code_that_is_pending_is_no_failure() {
    let pending = on_refresh(70016, "Nobody has entered the code yet.");
    assert!(diagnoses(&pending, &Expectation::default()).unwrap().is_empty());
}
