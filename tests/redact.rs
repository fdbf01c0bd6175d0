//! Redaction, from the outside: nothing of what was planted in the labelled captures is left, whatever it is
//! encoded in, and the diagnosis stays; and where that cannot be held, nothing is written.

#![allow(clippy::unwrap_used, clippy::panic, clippy::indexing_slicing, reason = "tests say what is wrong by stopping")]

mod planted;
mod program;
mod unwrapped;

use base64::Engine;
use base64::engine::general_purpose::{STANDARD, URL_SAFE_NO_PAD};
use entrace::capture::{self, Document};
use entrace::redact::{self, RedactError};
use entrace::{Analysis, Knowledge, analyze};
use planted::{CODINGS, KINDS, PLACES, with_planted};
use program::{entrace, fixture, labelled, password};
use proptest::prelude::*;
use serde_json::{Value, json};
use std::fs;
use std::io::Write;
use std::path::Path;
use std::process::Output;
use std::sync::LazyLock;
use unwrapped::unwrapped;

static KNOWLEDGE: LazyLock<Knowledge> = LazyLock::new(Knowledge::builtin);

const SHORTEST: usize = 6;

fn truth(file: &str) -> Value {
    serde_json::from_slice(&fixture(file)).unwrap()
}

/// The values planted in a capture: what kind, and the value.
fn planted(truth: &Value) -> Vec<(String, String)> {
    let secrets = truth.get("secrets").and_then(Value::as_array).cloned().unwrap_or_default();
    let text = |secret: &Value, name: &str| secret.get(name).unwrap().as_str().unwrap().to_owned();
    secrets.iter().map(|secret| (text(secret, "kind"), text(secret, "value"))).filter(|(_, value)| value.len() >= SHORTEST).collect()
}

fn survivors(text: &str, truth: &Value) -> Vec<String> {
    let all = unwrapped(text);
    let lower = all.to_lowercase();
    let stands_alone = |value: &str| {
        let joins = |c: Option<char>| c.is_some_and(|c| c.is_alphanumeric() || c == '_' || c == '.');
        all.match_indices(value).any(|(at, _)| {
            !joins(all.get(..at).and_then(|before| before.chars().next_back()))
                && !joins(all.get(at + value.len()..).and_then(|after| after.chars().next()))
        })
    };
    let is_left = |(kind, value): &(String, String)| match value {
        code if code.len() <= 8 && code.bytes().all(|byte| byte.is_ascii_digit()) => stands_alone(code),
        _ if kind == "personal" => lower.contains(&value.to_lowercase()),
        _ => all.contains(value),
    };
    planted(truth).into_iter().filter(is_left).map(|(kind, value)| format!("{kind} of {} bytes", value.len())).collect()
}

fn document(capture: &str) -> Document {
    let options = capture::Options { password: password(capture).map(entrace::exchange::Secret::new), ..Default::default() };
    match Document::from_bytes(fixture(capture), &options) {
        Ok(document) => document,
        Err(error) => panic!("{capture}: {error}"),
    }
}

fn redacted(document: &Document, options: &redact::Options) -> (Value, Analysis) {
    let redacted = match redact::redact(document, &KNOWLEDGE, options) {
        Ok(redacted) => redacted,
        Err(error) => panic!("{error}"),
    };
    let har: Value = serde_json::from_slice(&redacted.har).unwrap();
    let output = Document::from_bytes(redacted.har, &capture::Options::default()).ok().unwrap();
    (har, analyze(&output.capture, &KNOWLEDGE))
}

fn options(strict: bool, hide_tenant: bool, keep_bodies: bool) -> redact::Options {
    let mut options = redact::Options::default();
    (options.strict, options.hide_tenant, options.keep_bodies) = (strict, hide_tenant, keep_bodies);
    options
}

/// What a report says of each failure, without what names tenants.
fn told(analysis: &Analysis) -> Vec<Value> {
    let told = |diagnosis: &entrace::diagnosis::Diagnosis| {
        json!({
            "code": diagnosis.code.map(|code| code.to_string()),
            "handled": diagnosis.is_handled(),
            "causes": diagnosis.causes.iter().map(|cause| (cause.id.clone(), cause.confidence.name())).collect::<Vec<_>>(),
            "entries": diagnosis.occurrences.iter().map(|occurrence| occurrence.entry).collect::<Vec<_>>(),
            "correlation": diagnosis.occurrences.iter().map(|occurrence| occurrence.correlation_id.as_ref().map(ToString::to_string)).collect::<Vec<_>>(),
        })
    };
    analysis.diagnoses.iter().map(told).collect()
}

#[test]
fn nothing_planted_is_left_and_the_diagnosis_stays() {
    let mut planted_in_all = 0;
    for (capture, truth_file) in labelled() {
        let (truth, document) = (truth(&truth_file), document(&capture));
        planted_in_all += planted(&truth).len();
        let before = analyze(&document.capture, &KNOWLEDGE);
        for options in [options(false, false, false), options(true, true, true)] {
            let (har, after) = redacted(&document, &options);
            let left = survivors(&har.to_string(), &truth);
            assert!(left.is_empty(), "{capture}: {left:?}");
            assert_eq!(har["log"]["entries"].as_array().unwrap().len(), before.entries, "{capture}");
            assert_eq!(after.verdict, before.verdict, "{capture}");
            assert_eq!(told(&after), told(&before), "{capture}");
        }
    }
    assert!(planted_in_all > 500, "{planted_in_all}");
}

#[test]
fn bodies_in_a_coding_that_is_not_said_are_redacted_as_they_are_read() {
    let name = "wrong-password.v4.devtools-full.har";
    let secrets = truth(&name.replace(".har", ".truth.json"));
    let gzip = |text: &str| {
        let mut gzip = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::default());
        gzip.write_all(text.as_bytes()).unwrap();
        STANDARD.encode(gzip.finish().unwrap())
    };
    for written in [gzip, |text: &str| text.to_owned()] {
        let mut har: Value = serde_json::from_slice(&fixture(name)).unwrap();
        for entry in har["log"]["entries"].as_array_mut().unwrap() {
            let content = &mut entry["response"]["content"];
            if let Some(text) = content["text"].as_str().filter(|_| content["encoding"].is_null()) {
                (content["text"], content["encoding"]) = (json!(written(text)), json!("base64"));
            }
        }
        let document = Document::from_bytes(har.to_string().into_bytes(), &capture::Options::default()).ok().unwrap();
        let before = analyze(&document.capture, &KNOWLEDGE);
        assert_eq!(told(&before)[0]["code"], "AADSTS50126");
        let (har, after) = redacted(&document, &options(false, false, false));
        assert_eq!(survivors(&har.to_string(), &secrets), [""; 0]);
        assert_eq!((after.verdict, told(&after)), (before.verdict, told(&before)));
    }
}

#[test]
fn tenants_and_applications_stay_unless_they_are_hidden() {
    for (capture, truth_file) in labelled() {
        let (truth, document) = (truth(&truth_file), document(&capture));
        let aliases = ["common", "organizations", "consumers"];
        let named: Vec<String> = truth["expected"]
            .as_array()
            .unwrap()
            .iter()
            .flat_map(|expected| [&expected["tenant"], &expected["client_id"]])
            .filter_map(|id| id.as_str().filter(|id| !aliases.contains(id)).map(str::to_lowercase))
            .collect();
        let plain = unwrapped(&redacted(&document, &options(false, false, false)).0.to_string()).to_lowercase();
        let hidden = unwrapped(&redacted(&document, &options(false, true, false)).0.to_string()).to_lowercase();
        for id in named {
            assert!(plain.contains(&id), "{capture}: {id} is lost");
            // The identifier of a SAML application is an address, whose host stays.
            assert!(!hidden.contains(&id) || id.contains("://"), "{capture}: {id} is left");
        }
    }
}

#[test]
fn a_redaction_is_the_same_every_time_and_can_be_redacted_again() {
    let document = document("third-party-cookies-blocked.v4.devtools-full.har");
    let once = redact::redact(&document, &KNOWLEDGE, &options(false, false, false)).ok().unwrap().har;
    let again = redact::redact(&document, &KNOWLEDGE, &options(false, false, false)).ok().unwrap().har;
    assert!(once == again);
    let second = Document::from_bytes(once, &capture::Options::default()).ok().unwrap();
    assert!(second.capture.redacted);
    let (_, after) = redacted(&second, &options(false, false, false));
    assert_eq!(told(&after), told(&analyze(&document.capture, &KNOWLEDGE)));
}

#[test]
fn what_the_recorder_alone_knew_stays() {
    let capture = "third-party-cookies-blocked.v5.netlog.json";
    let document = document(capture);
    let (har, after) = redacted(&document, &options(false, false, false));
    assert_eq!(har["log"]["_entrace"]["redacted"], json!(true));
    // The browser's own reason is what makes this certain.
    let confidence = after.diagnoses.first().unwrap().causes.first().unwrap().confidence.name();
    assert_eq!(confidence, "certain");
}

/// The parts of a capture by which one is joined with the other.
#[test]
fn what_belonged_together_still_does() {
    let document = document("healthy-silent-iframe.v4.devtools-full.har");
    let (har, after) = redacted(&document, &options(false, false, false));
    assert_eq!(after.verdict.name(), "healthy");
    let text = har.to_string();
    assert!(text.contains("code_verifier=redacted-code-verifier-1"), "no verifier");
    assert!(text.contains("\"name\":\"ESTSAUTH"), "names of cookies stay");
    let entries = har["log"]["entries"].as_array().unwrap();
    let param = |wanted: &str| -> Vec<String> {
        entries
            .iter()
            .filter_map(|entry| url::Url::parse(entry["request"]["url"].as_str()?).ok())
            .flat_map(|url| url.query_pairs().filter(|(name, _)| name == wanted).map(|(_, value)| value.into_owned()).collect::<Vec<_>>())
            .collect()
    };
    // MSAL's state still tells how it asked.
    let states: Vec<String> = param("state").iter().filter_map(|state| String::from_utf8(STANDARD.decode(state).ok()?).ok()).collect();
    assert!(states.iter().any(|state| state.contains("\"interactionType\":\"silent\"")), "{states:?}");
    // A verifier that matched its challenge matches it.
    let verifiers = text.match_indices("code_verifier=").filter_map(|(at, name)| text.get(at + name.len()..)?.split(['&', '"']).next());
    let challenges = param("code_challenge");
    use sha2::Digest;
    for verifier in verifiers {
        let hash = URL_SAFE_NO_PAD.encode(sha2::Sha256::digest(verifier.as_bytes()));
        assert!(challenges.contains(&hash), "{verifier}");
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 600, ..ProptestConfig::default() })]
    #[test]
    fn what_is_planted_anywhere_is_found(
        kind in 0..KINDS, place in 0..PLACES, coding in 0..CODINGS, keep_bodies: bool,
        value in "[A-Za-z]{3}[0-9]{2}[A-Za-z0-9+/=_.~!&%<\"' äß-]{4,40}[0-9A-Za-z]{4}",
    ) {
        let har = with_planted(kind, place, coding, &value);
        let document = Document::from_bytes(har.to_string().into_bytes(), &capture::Options::default()).ok().unwrap();
        match redact::redact(&document, &KNOWLEDGE, &options(false, false, keep_bodies)) {
            Ok(redacted) => {
                let text = String::from_utf8(redacted.har).unwrap();
                prop_assert!(!unwrapped(&text).contains(&value), "{kind} at {place} in {coding}: {text}");
            }
            // To refuse is no leak, but a habit of it would be no redaction.
            Err(error) => prop_assert!(false, "{kind} at {place} in {coding}: {error}"),
        }
    }
}

fn run(arguments: &[&str], folder: &Path) -> Output {
    entrace().current_dir(folder).args(arguments).output().unwrap()
}

/// A HAR of entries of an application, each with these headers of its request.
fn har_of(headers: &[&[(&str, &str)]]) -> Vec<u8> {
    let entry = |headers: &&[(&str, &str)]| {
        let headers: Vec<Value> = headers.iter().map(|(name, value)| json!({"name": name, "value": value})).collect();
        let request = json!({"method": "GET", "url": "https://app.example/api", "headers": headers});
        json!({"startedDateTime": "2026-11-20T14:42:29Z", "request": request, "response": {"status": 200, "headers": []}})
    };
    json!({"log": {"version": "1.2", "entries": headers.iter().map(entry).collect::<Vec<_>>()}}).to_string().into_bytes()
}

/// The value of the first header of each request, and the receipt.
fn first_headers(har: Vec<u8>) -> (Vec<String>, Value) {
    let document = Document::from_bytes(har, &capture::Options::default()).ok().unwrap();
    let redacted = redact::redact(&document, &KNOWLEDGE, &redact::Options::default()).ok().unwrap();
    let har: Value = serde_json::from_slice(&redacted.har).unwrap();
    let first = |entry: &Value| entry["request"]["headers"][0]["value"].as_str().unwrap().to_owned();
    (har["log"]["entries"].as_array().unwrap().iter().map(first).collect(), serde_json::to_value(&redacted.receipt).unwrap())
}

#[test]
fn an_id_that_stays_stays_in_entries_before_it_too() {
    const ID: &str = "5b1f6f1c-71e5-44c8-9c1d-2d7b7a6c0f11";
    const COOKIE: &str = "s3ss10nVa1ueOfC00kie";
    let cookies: [&[(&str, &str)]; 3] = [&[("Cookie", ID)], &[("Cookie", COOKIE)], &[("client-request-id", ID)]];
    let (values, receipt) = first_headers(har_of(&cookies));
    assert_eq!(values, [ID, "redacted-cookie-2", ID]);
    assert_eq!(receipt["replaced"]["cookie"], json!({"values": 2, "places": 1}));
}

/// Nothing is in it, and it tells that there was the header. What only looks like it may hold anything.
#[test]
fn what_a_recorder_wrote_in_the_place_of_a_value_stays() {
    let stripped: [&[(&str, &str)]; 3] = [
        &[("Cookie", "[123 bytes were stripped]")],
        &[("Authorization", "[7 bytes were stripped]")],
        &[("Cookie", "[s3cr3t bytes were stripped]")],
    ];
    let (values, _) = first_headers(har_of(&stripped));
    assert_eq!(values.get(..2).unwrap(), ["[123 bytes were stripped]", "[7 bytes were stripped]"]);
    assert!(!values.get(2).unwrap().contains("s3cr3t"), "{values:?}");
}

/// Of a browser, in mitmproxy's own HAR, and in a HAR that was made of a proxy's file.
#[test]
fn why_no_answer_came_is_diagnosed_the_same_after_a_redaction() {
    let url = "https://login.microsoftonline.com/common/oauth2/v2.0/authorize?client_id=00990000-0000-4000-8000-0000000000a1&response_type=code&prompt=none";
    let headers = json!([{"name": "Host", "value": "x"}, {"name": "Sec-Fetch-Dest", "value": "iframe"}]);
    let har = |creator: &str, error: &str| {
        let request = json!({"method": "GET", "url": url, "headers": headers});
        let response = json!({"status": 0, "headers": [], "_error": error});
        let entry = json!({"startedDateTime": "2026-11-20T14:42:29Z", "time": 90, "request": request, "response": response});
        json!({"log": {"version": "1.2", "creator": {"name": creator, "version": "1"}, "entries": [entry]}}).to_string().into_bytes()
    };
    let words = [
        ("WebInspector", "net::ERR_NAME_NOT_RESOLVED", "sign-in-host-unreachable"),
        ("WebInspector", "net::ERR_BLOCKED_BY_CLIENT", "request-blocked-by-client"),
        ("mitmproxy", "[Errno -2] Name or service not known", "sign-in-host-unreachable"),
        ("Fiddler", "proxy: no TLS connection to the server", "sign-in-host-unreachable"),
        ("mitmproxy", "Connection killed.", "undetermined"),
        ("Charles", "proxy: no response", "undetermined"),
    ];
    for (creator, error, cause) in words {
        let document = Document::from_bytes(har(creator, error), &capture::Options::default()).ok().unwrap();
        let before = analyze(&document.capture, &KNOWLEDGE);
        assert_eq!(before.diagnoses.first().unwrap().causes.first().unwrap().id, cause, "{creator}: {error}");
        let (_, after) = redacted(&document, &options(false, false, false));
        assert_eq!(told(&after), told(&before), "{creator}: {error}");
    }
}

#[test]
fn a_value_is_found_in_entries_before_the_one_that_names_it() {
    const COOKIE: &str = "s3ss10nVa1ueOfC00kie";
    // In prose, which no name and no length tells to be a secret.
    let plain = format!("text/html {COOKIE}");
    let coded = format!("text/html {}", STANDARD.encode(format!("id={COOKIE};")));
    let entries: [&[(&str, &str)]; 4] = [&[("accept", &plain)], &[("accept", "text/html")], &[("accept", &coded)], &[("Cookie", COOKIE)]];
    let (values, receipt) = first_headers(har_of(&entries));
    assert_eq!(values, ["text/html redacted-cookie-1", "text/html", "text/html redacted-encoded", "redacted-cookie-1"]);
    assert_eq!((&receipt["found_elsewhere"], &receipt["replaced"]["cookie"]["places"]), (&json!(2), &json!(1)));
}

#[test]
fn standard_output_is_no_file() {
    let folder = tempfile::tempdir().unwrap();
    fs::write(folder.path().join("login.har"), fixture("third-party-cookies-blocked.v4.devtools-full.har")).unwrap();
    let output = run(&["redact", "login.har", "--output", "-"], folder.path());
    assert_eq!(output.status.code(), Some(2));
    assert!(String::from_utf8(output.stderr).unwrap().contains("this is a stream; name a file"));
    assert!(!folder.path().join("-").exists());
}

#[test]
fn the_program_writes_the_har_and_the_receipt() {
    let folder = tempfile::tempdir().unwrap();
    let capture = "third-party-cookies-blocked.v4.devtools-full.har";
    fs::write(folder.path().join("login.har"), fixture(capture)).unwrap();
    let output = run(&["redact", "login.har", "--output", "safe.har", "--receipt", "receipt.json"], folder.path());
    assert_eq!(output.status.code(), Some(0));
    assert!(output.stdout.is_empty());
    let told = String::from_utf8(output.stderr).unwrap();
    assert!(told.contains("values replaced in 37 entries") && told.contains("cookie"), "{told}");
    let receipt: Value = serde_json::from_slice(&fs::read(folder.path().join("receipt.json")).unwrap()).unwrap();
    assert_eq!(receipt["schema"], "entrace/redact/1");
    use sha2::Digest;
    let hash: String =
        sha2::Sha256::digest(fs::read(folder.path().join("safe.har")).unwrap()).iter().map(|byte| format!("{byte:02x}")).collect();
    assert_eq!(receipt["sha256"], json!(hash));
    let of_cookies = receipt["replaced"]["cookie"].clone();
    assert!(of_cookies["places"].as_u64() > of_cookies["values"].as_u64() && of_cookies["values"].as_u64() > Some(5), "{receipt}");
    // Reports of the copy say what it is.
    let report = String::from_utf8(run(&["safe.har"], folder.path()).stdout).unwrap();
    assert!(report.contains("redacted by entrace") && report.contains("third-party-cookies-blocked"), "{report}");
    let truth = truth("third-party-cookies-blocked.v4.devtools-full.truth.json");
    for text in [told, receipt.to_string()] {
        assert!(survivors(&text, &truth).is_empty());
    }
}

#[test]
fn a_dry_run_writes_nothing() {
    let folder = tempfile::tempdir().unwrap();
    fs::write(folder.path().join("login.har"), fixture("third-party-cookies-blocked.v4.devtools-full.har")).unwrap();
    let output = run(&["redact", "login.har", "--output", "safe.har", "--dry-run"], folder.path());
    assert_eq!(output.status.code(), Some(0));
    assert!(String::from_utf8_lossy(&output.stderr).contains("Nothing was written"));
    assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 1);
}

#[test]
fn a_capture_is_never_written_over() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("login.har");
    fs::write(&path, fixture("third-party-cookies-blocked.v4.devtools-full.har")).unwrap();
    for arguments in [["--output", "login.har"], ["--output", "./login.har"], ["--receipt", "login.har"]] {
        let mut all = vec!["redact", "login.har", "--dry-run"];
        all.extend(arguments);
        let output = run(&all, folder.path());
        assert_eq!(output.status.code(), Some(2));
        assert!(String::from_utf8_lossy(&output.stderr).contains("is the capture itself"));
    }
    assert_eq!(fs::read(&path).unwrap(), fixture("third-party-cookies-blocked.v4.devtools-full.har"));
}

#[test]
fn what_cannot_be_read_is_not_redacted() {
    let folder = tempfile::tempdir().unwrap();
    fs::write(folder.path().join("page.har"), "<html>").unwrap();
    for capture in ["page.har", "none.har", "."] {
        let output = run(&["redact", capture, "--output", "safe.har"], folder.path());
        assert_eq!(output.status.code(), Some(2), "{capture}");
        assert!(!folder.path().join("safe.har").exists());
    }
}

/// A capture whose password is the address of the sign-in service: it cannot be replaced everywhere and the diagnosis stay.
#[test]
fn where_it_cannot_be_held_nothing_is_written() {
    let mut har: Value = serde_json::from_slice(&fixture("third-party-cookies-blocked.v4.devtools-full.har")).unwrap();
    let entries = har["log"]["entries"].as_array_mut().unwrap();
    let posted = json!({ "mimeType": "application/x-www-form-urlencoded", "text": "login=ada%40contoso.example&passwd=https://login.microsoftonline.com/" });
    let mut entry = entries.first().unwrap().clone();
    entry["request"] =
        json!({ "method": "POST", "url": "https://login.microsoftonline.com/common/login", "headers": [], "postData": posted });
    entries.push(entry);
    let document = Document::from_bytes(har.to_string().into_bytes(), &capture::Options::default()).ok().unwrap();
    let error = redact::redact(&document, &KNOWLEDGE, &options(false, false, false)).err().unwrap();
    assert!(matches!(error, RedactError::OtherDiagnosis(_) | RedactError::Survivor { .. } | RedactError::NotReadable(_)), "{error}");

    let folder = tempfile::tempdir().unwrap();
    fs::write(folder.path().join("login.har"), har.to_string()).unwrap();
    let output = run(&["redact", "login.har", "--output", "safe.har", "--receipt", "receipt.json"], folder.path());
    assert_eq!(output.status.code(), Some(2));
    assert!(String::from_utf8_lossy(&output.stderr).contains("nothing was written"));
    assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 1);
}

#[test]
fn what_is_wrong_is_said_of_the_file_that_it_is_wrong_with() {
    let folder = tempfile::tempdir().unwrap();
    fs::write(folder.path().join("login.har"), fixture("third-party-cookies-blocked.v4.devtools-full.har")).unwrap();
    let same = run(&["redact", "login.har", "--output", "safe.har", "--receipt", "safe.har"], folder.path());
    let said = String::from_utf8(same.stderr).unwrap();
    assert!(said.starts_with("entrace: safe.har: the receipt would be written over"), "{said}");
    let without = run(&["redact", "login.har"], folder.path());
    let said = String::from_utf8(without.stderr).unwrap();
    assert!(said.contains("--output <FILE> <CAPTURE>") && said.contains("--dry-run <CAPTURE>"), "{said}");
}

#[test]
fn a_copy_in_which_nothing_is_left_to_replace_is_told_as_that() {
    let folder = tempfile::tempdir().unwrap();
    fs::write(folder.path().join("login.har"), fixture("third-party-cookies-blocked.v4.devtools-full.har")).unwrap();
    run(&["redact", "login.har", "--output", "first.har"], folder.path());
    let again = run(&["redact", "first.har", "--output", "second.har"], folder.path());
    let said = String::from_utf8(again.stderr).unwrap();
    assert!(said.starts_with("Nothing had to be replaced in 37 entries\n"), "{said}");
}
