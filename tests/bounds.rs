//! Captures made to take long: what could grow by the square of their size would take minutes or more here, and is done in
//! a moment. What comes out is what counts; `docs/limits.md` says how the time itself was measured.

#![allow(clippy::unwrap_used, clippy::panic, clippy::indexing_slicing, reason = "tests say what is wrong by stopping")]

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use entrace::capture::{Capture, Document, Options};
use entrace::{Analysis, Knowledge, analyze, redact};
use serde_json::{Value, json};
use std::fmt::Write as _;
use std::io::{Cursor, Write as _};
use std::sync::LazyLock;

static KNOWLEDGE: LazyLock<Knowledge> = LazyLock::new(Knowledge::builtin);

const TENANT: &str = "https://login.microsoftonline.com/c0c0c0c0-0000-4000-8000-000000000001";

fn entry(method: &str, url: &str, posted: Option<&str>, status: u16, received: &str) -> Value {
    let mut entry = json!({
        "startedDateTime": "2026-11-20T14:00:00Z",
        "request": {"method": method, "url": url, "headers": [], "cookies": []},
        "response": {"status": status, "headers": [], "cookies": [], "content": {"mimeType": "text/html", "text": received}},
    });
    if let Some(posted) = posted {
        entry["request"]["postData"] = json!({"mimeType": "application/x-www-form-urlencoded", "text": posted});
    }
    entry
}

fn har(entries: &[Value]) -> Vec<u8> {
    json!({"log": {"version": "1.2", "creator": {"name": "WebInspector", "version": "537.36"}, "entries": entries}})
        .to_string()
        .into_bytes()
}

fn analysed(har: Vec<u8>) -> Analysis {
    analyze(&Capture::from_bytes(har).ok().unwrap(), &KNOWLEDGE)
}

fn redacted(har: Vec<u8>) -> Document {
    let document = Document::from_bytes(har, &Options::default()).ok().unwrap();
    let redacted = redact::redact(&document, &KNOWLEDGE, &redact::Options::default()).unwrap_or_else(|error| panic!("{error}"));
    Document::from_bytes(redacted.har, &Options::default()).ok().unwrap()
}

#[test]
fn a_page_that_names_errors_without_end_is_redacted() {
    let page = |count: usize| (0..count).fold(String::new(), |page, number| page + &format!("AADSTS{}: x ", 50_000 + number % 9000));
    let authorize = format!("{TENANT}/oauth2/v2.0/authorize?client_id=a&state=b");
    let document = redacted(har(&[entry("GET", &authorize, None, 200, &page(250_000))]));
    assert_eq!(document.entries(), 1);
}

#[test]
fn a_page_of_escapes_and_attributes_that_never_end_is_read() {
    let page = ["<html>", &"&x".repeat(1_500_000), "<input ", &"name ".repeat(400_000), &"<form action".repeat(200_000)].concat();
    let login = entry("POST", &format!("{TENANT}/login"), Some("login=a&passwd=b"), 200, &page);
    assert_eq!(analysed(har(&[login])).diagnoses.len(), 0);
}

/// Attributes without end in one element, which the parser would compare with each other.
#[test]
fn a_message_of_attributes_without_end_is_not_parsed() {
    let mut message = r#"<samlp:Response xmlns:samlp="urn:oasis:names:tc:SAML:2.0:protocol""#.to_owned();
    (0..400_000).for_each(|number| write!(message, " a{number}=''").unwrap());
    message.push_str(
        "><samlp:Status><samlp:StatusCode Value=\"urn:oasis:names:tc:SAML:2.0:status:Responder\"/></samlp:Status></samlp:Response>",
    );
    let posted = |name: &str| {
        let value: String = url::form_urlencoded::byte_serialize(STANDARD.encode(&message).as_bytes()).collect();
        format!("{name}={value}")
    };
    let entries = [
        entry("POST", &format!("{TENANT}/saml2"), Some(&posted("SAMLRequest")), 200, ""),
        entry("POST", "https://app.example/acs", Some(&posted("SAMLResponse")), 200, ""),
        entry("POST", &format!("{TENANT}/wsfed"), Some(&format!("wa=wsignin1.0&wresult={}", message.replace(' ', "+"))), 200, ""),
    ];
    assert_eq!(analysed(har(&entries)).diagnoses.len(), 0);
    assert_eq!(redacted(har(&entries)).entries(), entries.len());
}

#[test]
fn every_member_of_a_large_archive_is_read_beside_all_others() {
    const EACH: usize = 12_000;
    let mut zip = zip::ZipWriter::new(Cursor::new(Vec::new()));
    let options = zip::write::SimpleFileOptions::default().compression_method(zip::CompressionMethod::Stored);
    let one = har(&[entry("GET", "https://app.example/", None, 200, "")]);
    for number in 0..EACH {
        zip.start_file(format!("{number}.har"), options).unwrap();
        zip.write_all(&one).unwrap();
        zip.start_file(format!("{number}.txt"), options).unwrap();
    }
    let found = Capture::all_from_bytes(zip.finish().unwrap().into_inner(), &Options::default());
    assert_eq!(found.iter().filter(|found| found.capture.is_ok()).count(), EACH);
}

/// As many redirect URIs as nobody can register worked, and as many sign-ins with others are refused.
#[test]
fn redirect_uris_without_end_are_compared_with_so_many() {
    let number = 700;
    let authorize = |uri: String, state: usize| {
        let uri: String = url::form_urlencoded::byte_serialize(uri.as_bytes()).collect();
        format!(
            "{TENANT}/oauth2/v2.0/authorize?client_id=a0a0a0a0-0000-4000-8000-000000000001&response_type=code&scope=openid&redirect_uri={uri}&state={state}"
        )
    };
    let worked = (0..number).flat_map(|state| {
        let uri = format!("https://app{state}.example/signin");
        let landed = format!("{uri}?code=c&state={state}");
        let mut asked = entry("GET", &authorize(uri, state), None, 302, "");
        asked["response"]["headers"] = json!([{"name": "Location", "value": landed}]);
        [asked, entry("GET", &landed, None, 200, "")]
    });
    let page = r#"<script>$Config={"strServiceExceptionMessage":"AADSTS50011: The redirect URI does not match","pgid":"ConvergedError"};</script>"#;
    let refused = (0..number)
        .map(|state| entry("GET", &authorize(format!("https://other{state}.example/elsewhere"), number + state), None, 400, page));
    let analysis = analysed(har(&worked.chain(refused).collect::<Vec<_>>()));
    let [diagnosis] = &*analysis.diagnoses else { panic!("{} diagnoses", analysis.diagnoses.len()) };
    let unknown = diagnosis.causes.iter().flat_map(|cause| &cause.unknown);
    let why: Vec<_> = unknown.filter(|unknown| unknown.claim == "redirect-uri.near-miss").map(|unknown| &*unknown.why).collect();
    assert_eq!(why, ["so many redirect URIs worked that not all were compared"]);
}
