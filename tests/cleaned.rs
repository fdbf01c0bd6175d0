//! Captures that somebody cleaned, filtered or cut before sharing them: what is missing then is no failure.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing, reason = "tests say what is wrong by stopping")]

mod support;
mod told;

use entrace::analysis::{Analysis, Verdict};
use entrace::diagnosis::Confidence;
use support::{CaptureBuilder, SESSION, capture, words};
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
        let (taken, left) = rest.split_at(found.map_or(letter.len_utf8(), str::len));
        cleaned.push_str(found.map_or(taken, |_| stand_in));
        rest = left;
    }
    cleaned.into_bytes()
}

/// The file with a text in the place of a parameter's value, in addresses.
fn without_value(capture: &CaptureBuilder, name: &str, stand_in: &str) -> Vec<u8> {
    let text = String::from_utf8(capture.bytes()).unwrap();
    let name = format!("{name}=");
    let cleaned = text.split(&name).enumerate().map(|(at, part)| match at {
        0 => part.to_owned(),
        _ => format!("{name}{stand_in}{}", part.split_at(part.find(['&', '"', '#']).unwrap()).1),
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

const GRAPH: &str = "https://graph.microsoft.com/v1.0/me";

#[test]
fn a_token_that_came_last_was_not_left_unused_because_of_a_clock() {
    for ahead in [-20, 60, 120] {
        let signed_in = || capture().clock_ahead(ahead).app_page().sign_in(|s| s);
        let used = || signed_in().api_call(|c| c.url(GRAPH).succeeds()).app_page();
        assert_eq!(analysis(&used()).verdict, Verdict::Healthy, "{ahead}");
        for cut in [signed_in(), used().only_to(SERVICE), used().only_to(SERVICE).sanitized()] {
            let told = analysis(&cut);
            assert_eq!(causes(&told), [], "{ahead}");
            assert_eq!(told.verdict.name(), "inconclusive", "{ahead}: nothing shows that it was used either");
        }
        let left = analysis(&signed_in().app_page());
        assert_eq!(causes(&left), [("clock-skew", Confidence::Certain)], "{ahead}");
    }
}

#[test]
fn a_token_in_use_shows_that_a_code_was_turned_in_whose_request_was_taken_out() {
    let taken_out =
        || capture().app_page().sign_in(|s| s).api_call(|c| c.url(GRAPH).succeeds()).without("sign-in/token").wait(1).app_page();
    for capture in [taken_out(), taken_out().sanitized()] {
        let told = analysis(&capture);
        assert_eq!((causes(&told), told.verdict), (vec![], Verdict::Healthy));
    }
}

#[test]
fn a_code_that_is_left_is_told_where_no_token_is_in_use() {
    let left = capture().app_page().sign_in(|s| s.without_token()).wait(1).app_page();
    assert_eq!(causes(&analysis(&left))[0].0, "redirect-response-unhandled");
}

#[test]
fn a_token_from_before_leaves_it_open_whether_a_code_was_turned_in() {
    let call = |capture: CaptureBuilder, name: &'static str| capture.api_call(move |c| c.named(name).url(GRAPH).succeeds());
    let again = call(capture().sign_in(|s| s), "first").sign_in(|s| s.without_credentials().session(SESSION).without_token());
    let told = analysis(&call(again, "second").wait(1).app_page());
    assert_eq!(causes(&told), []);
    assert_eq!(told.attempts.iter().map(|attempt| attempt.outcome.name()).collect::<Vec<_>>(), ["succeeded", "unknown"]);
}

#[test]
fn a_password_that_was_taken_out_is_no_session_that_existed() {
    let fails = |capture: CaptureBuilder| capture.silent_frame(|r| r.fails(50058, words::NO_COOKIES)).sign_in(|s| s);
    let whole = analysis(&fails(capture()));
    let cut = analysis(&fails(capture()).without("sign-in/login"));
    let first = |told: &Analysis| told.diagnoses[0].causes[0].id.clone();
    assert!([first(&whole), "undetermined".to_owned()].contains(&first(&cut)), "{}", first(&cut));
}

#[test]
fn an_application_whose_id_was_taken_out_may_be_the_one_that_sends_the_token() {
    let audience = || capture().clock_ahead(60).sign_in(|s| s.token(|t| t.audience(GRAPH))).api_call(|c| c.url(GRAPH).succeeds());
    assert_eq!(analysis(&audience()).verdict, Verdict::Healthy);
    for stand_in in STAND_INS {
        assert_eq!(causes(&analysis_of(without_ids(&audience(), stand_in))), [], "{stand_in}");
    }
}
