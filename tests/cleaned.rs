//! Captures that somebody cleaned, filtered or cut before sharing them: what is missing then is no failure.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing, reason = "tests say what is wrong by stopping")]

mod support;
mod told;

use entrace::analysis::{Analysis, Verdict};
use entrace::diagnosis::Confidence;
use support::{CaptureBuilder, capture};
use told::{analysis, analysis_of};

const SERVICE: &str = "https://login.microsoftonline.com";
/// What people and programs write in the place of an id.
const STAND_INS: [&str; 6] = [
    "00000000-0000-0000-0000-000000000000",
    "xxxxxxxx-xxxx-xxxx-xxxx-xxxxxxxxxxxx",
    "<GUID>",
    "REDACTED",
    "***",
    "1d4efcd6-1128-475b-a69b-34026272cf00",
];

/// The first cause of each failure, and how sure it is.
fn causes(analysis: &Analysis) -> Vec<(&str, Confidence)> {
    analysis.diagnoses.iter().map(|diagnosis| (&*diagnosis.causes[0].id, diagnosis.causes[0].confidence)).collect()
}

/// The file with a text in the place of each GUID, as a search and replace writes it: inside of tokens they stay.
fn without_ids(capture: &CaptureBuilder, stand_in: &str) -> Vec<u8> {
    let text = String::from_utf8(capture.bytes()).unwrap();
    let is_guid = |text: &str| {
        text.bytes().enumerate().all(|(at, byte)| if [8, 13, 18, 23].contains(&at) { byte == b'-' } else { byte.is_ascii_hexdigit() })
    };
    let (mut cleaned, mut rest) = (String::new(), &*text);
    while let Some(letter) = rest.chars().next() {
        let found = rest.get(..36).filter(|text| is_guid(text));
        cleaned.push_str(found.map_or(&rest[..letter.len_utf8()], |_| stand_in));
        rest = &rest[found.map_or(letter.len_utf8(), str::len)..];
    }
    cleaned.into_bytes()
}

/// The file with a text in the place of a parameter's value, in addresses.
fn without_value(capture: &CaptureBuilder, name: &str, stand_in: &str) -> Vec<u8> {
    let text = String::from_utf8(capture.bytes()).unwrap();
    let name = format!("{name}=");
    let cleaned = text.split(&name).enumerate().map(|(at, part)| match at {
        0 => part.to_owned(),
        _ => format!("{name}{stand_in}{}", &part[part.find(['&', '"', '#']).unwrap()..]),
    });
    cleaned.collect::<String>().into_bytes()
}

#[test]
fn a_nonce_that_somebody_took_out_is_no_other_nonce() {
    let whole = || capture().app_page().sign_in(|s| s);
    for stand_in in STAND_INS {
        for capture in [whole(), whole().only_to(SERVICE), whole().sanitized()] {
            let told = analysis_of(without_ids(&capture, stand_in));
            assert_eq!((causes(&told), told.verdict), (vec![], Verdict::Healthy), "{stand_in}");
        }
    }
    for stand_in in ["REDACTED", "%5BREDACTED%5D", "***", "xxxx", "<nonce>"] {
        let told = analysis_of(without_value(&whole().only_to(SERVICE), "nonce", stand_in));
        assert_eq!(told.verdict, Verdict::Healthy, "{stand_in}");
    }
}

#[test]
fn one_value_in_the_place_of_every_nonce_is_no_other_nonce() {
    let twice = capture().sign_in(|s| s).sign_in(|s| s.without_credentials());
    assert_eq!(analysis_of(without_value(&twice, "nonce", "abc")).verdict, Verdict::Healthy);
}

#[test]
fn a_state_that_somebody_took_out_on_one_side_is_no_other_state() {
    let returned =
        |state: &'static str| capture().sign_in(move |s| s.request(move |r| r.by_form_post().returning_state(state)).without_token());
    assert_eq!(causes(&analysis(&returned("another"))), [("state-mismatch", Confidence::Certain)]);
    for stand_in in ["[REDACTED]", "<state>", "***", "eyJpZCI6IjAx..."] {
        assert_eq!(causes(&analysis(&returned(stand_in))), [], "{stand_in}");
    }
}

#[test]
fn a_nonce_that_is_another_is_told_as_before() {
    let other = capture().sign_in(|s| s.token(|t| t.nonce("another")));
    assert_eq!(causes(&analysis(&other)), [("state-mismatch", Confidence::Certain)]);
}
