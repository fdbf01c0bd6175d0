//! Captures that somebody cleaned, filtered or cut before sharing them: what is missing then is no failure.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::string_slice,
    reason = "tests say what is wrong by stopping"
)]

mod support;
mod told;

use entrace::analysis::{Analysis, Verdict};
use entrace::diagnosis::{Confidence, RankedCause};
use serde_json::json;
use support::wire::{ENTRA, program, refused_in_json, served};
use support::{APP, CONTOSO, CaptureBuilder, Entry, OTHER_APP, SESSION, capture, get, words};
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

/// What people and programs write in the place of codes, tokens and other secrets.
const MARKS: [&str; 9] = [
    "REDACTED",
    "[REDACTED]",
    "<redacted>",
    "redacted-token",
    "removed by a script",
    "***",
    "xxxxxxxx",
    "eyJ0eXAi...",
    "00000000-0000-0000-0000-000000000000",
];

/// The file with a text in the place of every value of a parameter: in addresses, forms, pages and JSON.
fn without_values(text: &str, name: &str, stand_in: &str) -> Vec<u8> {
    let written = [format!("{name}="), format!(r#"{name}\":\""#), format!(r#"name=\"{name}\" value=\""#), format!("{name} ")];
    let mut values: Vec<&str> = Vec::new();
    for written in &written {
        let is_whole = |at: usize| !text[..at].ends_with(|letter: char| letter.is_alphanumeric() || letter == '_');
        for (at, _) in text.match_indices(written.as_str()).filter(|(at, _)| is_whole(*at)) {
            let value = &text[at + written.len()..];
            values.push(&value[..value.find(['&', '"', '#', '\\', ' ']).unwrap()]);
        }
    }
    values.retain(|value| !value.is_empty());
    assert!(!values.is_empty(), "no {name}");
    values.sort_by_key(|value| std::cmp::Reverse(value.len()));
    values.iter().fold(text.to_owned(), |text, value| text.replace(value, stand_in)).into_bytes()
}

/// A cleaned capture tells less. What it does tell, of a failure and its application, the whole one tells as well.
#[track_caller]
fn tells_nothing_else(cleaned: &Analysis, whole: &Analysis, what: &str) {
    let told = |told: &Analysis| -> Vec<_> { told.diagnoses.iter().map(|one| (one.code, one.handled, one.title.clone())).collect() };
    assert_eq!(told(cleaned), told(whole), "{what}");
    assert_eq!(cleaned.verdict, whole.verdict, "{what}");
    for (own, whole) in cleaned.diagnoses.iter().zip(&whole.diagnoses) {
        assert!(own.client_id.is_none() || own.client_id == whole.client_id, "{what}: of another application");
        let sure = |cause: &&RankedCause| cause.confidence == Confidence::Certain;
        for cause in own.causes.iter().filter(sure) {
            assert!(whole.causes.iter().filter(sure).any(|other| other.id == cause.id), "{what}: {} is not certain", cause.id);
        }
        let first = &whole.causes[0];
        let own = own.causes.iter().find(|cause| cause.id == first.id);
        assert!(own.is_some() || first.id == "undetermined", "{what}: {} is ruled out", first.id);
    }
}

/// The code was turned in too late; the one of the sign-in before it had been taken.
fn expired_code() -> CaptureBuilder {
    let late = "The provided authorization code has expired.";
    capture().app_page().sign_in(|s| s).wait(30).app_page().sign_in(move |s| s.without_credentials().token(move |t| t.fails(70008, late)))
}

/// The verifier is that of the challenge.
fn refused_verifier() -> CaptureBuilder {
    let mismatch = "The Code_Verifier does not match the code_challenge supplied in the authorization request.";
    capture().app_page().sign_in(move |s| s.token(move |t| t.fails(501_481, mismatch)))
}

/// Of two refresh tokens of one application one is taken.
fn two_refresh_tokens() -> CaptureBuilder {
    let expired = "The refresh token has expired due to inactivity.";
    let grant = |token: &str| {
        [("client_id", APP.client_id), ("grant_type", "refresh_token"), ("refresh_token", token)].map(|(n, v)| (n.to_owned(), v.to_owned()))
    };
    let asks = move |token: &str| {
        program(&format!("{ENTRA}/{CONTOSO}/oauth2/v2.0/token"), &grant(token).each_ref().map(|(n, v)| (n.as_str(), v.as_str())))
    };
    let tokens = json!({"token_type": "Bearer", "access_token": "opaque-1", "refresh_token": "1.AWc-other-next", "expires_in": 4000});
    capture()
        .exchange("refused", refused_in_json(asks("1.AWc-first"), "invalid_grant", 700_082, expired))
        .exchange("taken", served(asks("1.AWc-other").json(&tokens)))
}

/// Of two programs' tokens for one API one is refused.
fn two_access_tokens() -> CaptureBuilder {
    let asks = |app: &str, token: &str| {
        let form = [("client_id", app), ("grant_type", "refresh_token"), ("refresh_token", "1.AWc")];
        let tokens = json!({"token_type": "Bearer", "access_token": token, "expires_in": 4000});
        served(program(&format!("{ENTRA}/{CONTOSO}/oauth2/v2.0/token"), &form).json(&tokens))
    };
    let calls = |agent: &str, token: &str| {
        let call = get("https://api.contoso.example/items").header("user-agent", agent);
        call.header("authorization", format!("Bearer {token}"))
    };
    let refused = format!(r#"Bearer authorization_uri="{ENTRA}/{CONTOSO}/oauth2/authorize", error="invalid_token""#);
    capture()
        .written_by("mitmproxy har_dump", "1")
        .exchange("first token", asks(APP.client_id, "opaque-access-1"))
        .exchange("second token", asks(OTHER_APP.client_id, "opaque-access-2"))
        .exchange("refused", calls("first/1", "opaque-access-1").status(401).reply_header("www-authenticate", refused))
        .exchange("taken", calls("second/1", "opaque-access-2").json(&json!({"value": []})))
}

/// Two applications are given their replies, and the first that was asked for fails to take its own.
fn two_posted_replies() -> CaptureBuilder {
    let first = capture().sign_in(|s| s.named("first").app(APP).request(|r| r.by_server_library().by_form_post()));
    let both = first.sign_in(|s| s.named("second").app(OTHER_APP).without_credentials().request(|r| r.by_server_library().by_form_post()));
    both.moved("first/callback", 30).edit("first/callback", |entry| entry.status(500).html("<html><body>Correlation failed.</body></html>"))
}

fn device(device_code: &str) -> Entry {
    let form = [("client_id", APP.client_id), ("scope", "User.Read offline_access")];
    served(program(&format!("{ENTRA}/{CONTOSO}/oauth2/v2.0/devicecode"), &form).json(&json!({
        "user_code": format!("U{device_code}"), "device_code": device_code, "expires_in": 900, "interval": 5,
    })))
}

fn poll(device_code: &str) -> Entry {
    let grant = "urn:ietf:params:oauth:grant-type:device_code";
    let form = [("client_id", APP.client_id), ("grant_type", grant), ("device_code", device_code)];
    program(&format!("{ENTRA}/{CONTOSO}/oauth2/v2.0/token"), &form)
}

fn pending(device_code: &str) -> Entry {
    refused_in_json(poll(device_code), "authorization_pending", 70016, "Authorization is pending. Continue polling.")
}

/// A device code runs out while another waits.
fn expired_device_code() -> CaptureBuilder {
    let expired = refused_in_json(poll("dAQAB-1"), "expired_token", 70020, "Device code expired. Request a new one.");
    capture()
        .exchange("device", device("dAQAB-1"))
        .exchange("poll", pending("dAQAB-1"))
        .exchange("device 2", device("dAQAB-2"))
        .exchange("expired", expired)
        .exchange("poll 2", pending("dAQAB-2"))
}

#[test]
fn a_secret_that_somebody_took_out_is_not_the_same_as_another() {
    type Case = (fn() -> CaptureBuilder, &'static [&'static [&'static str]]);
    let cases: [Case; 6] = [
        (expired_code, &[&["code"], &["code", "code_verifier", "state", "nonce"], &["access_token", "refresh_token"]]),
        (refused_verifier, &[&["code_verifier"], &["code_challenge"], &["code_verifier", "code_challenge"]]),
        (two_refresh_tokens, &[&["refresh_token"], &["refresh_token", "access_token"]]),
        (two_access_tokens, &[&["access_token"]]),
        (two_posted_replies, &[&["code"], &["state"], &["code", "state"], &["code", "state", "nonce"]]),
        (expired_device_code, &[&["device_code"]]),
    ];
    for (whole, taken_out) in cases {
        let told = analysis(&whole());
        assert!(!told.diagnoses.is_empty());
        for names in taken_out {
            for mark in MARKS {
                let cleaned =
                    names.iter().fold(whole().bytes(), |bytes, name| without_values(&String::from_utf8(bytes).unwrap(), name, mark));
                tells_nothing_else(&analysis_of(cleaned), &told, &format!("{names:?} {mark}"));
            }
        }
    }
}

#[test]
fn polls_with_a_device_code_that_was_taken_out_are_one_attempt() {
    let tokens = served(poll("dAQAB-1").json(&json!({"token_type": "Bearer", "access_token": "opaque", "expires_in": 4000})));
    let polled = capture().exchange("poll", pending("dAQAB-1")).exchange("poll 2", pending("dAQAB-1")).exchange("tokens", tokens.clone());
    let begun = capture().exchange("device", device("dAQAB-1")).exchange("poll", pending("dAQAB-1")).exchange("tokens", tokens);
    for capture in [polled, begun] {
        for mark in MARKS {
            let told = analysis_of(without_values(&String::from_utf8(capture.bytes()).unwrap(), "device_code", mark));
            assert_eq!((told.verdict, told.attempts.len()), (Verdict::Healthy, 1), "{mark}");
        }
    }
}

#[test]
fn a_sign_in_whose_code_was_taken_out_on_one_side_is_one_attempt() {
    for mark in MARKS {
        let told = analysis(&capture().app_page().sign_in(move |s| s.token(move |t| t.param("code", mark))));
        assert_eq!((told.verdict, told.attempts.len()), (Verdict::Healthy, 1), "{mark}");
    }
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
