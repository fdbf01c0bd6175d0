//! The same traffic in another format comes to the same diagnosis.
//!
//! Labelled HARs are written down here as Charles and Burp would have recorded them, and as exporters write HARs that bend the
//! rules.

#![allow(clippy::unwrap_used, clippy::panic, clippy::indexing_slicing, reason = "tests say what is wrong by stopping")]

mod program;

mod same_traffic {
    pub(crate) mod burp_xml;
    pub(crate) mod charles_json;
    pub(crate) mod har;
    pub(crate) mod saml_tracer;
}

use chrono::{DateTime, Utc};
use entrace::diagnosis::Diagnosis;
use entrace::{Analysis, Capture, Knowledge, analyze};
use program::fixture;
use same_traffic::{burp_xml, charles_json, har, saml_tracer};
use serde_json::Value;

/// HARs whose failures do not need what a proxy cannot see.
const CAPTURES: &[&str] = &[
    "account-not-in-tenant-50020.v4.devtools-full.har",
    "client-credentials-success.python.mitm.har",
    "client-secret-invalid.node.mitm.har",
    "no-session-cookies-blocked.v5.devtools-full.har",
    "pkce-verifier-mismatch-token.node.mitm.har",
    "redirect-uri-not-spa.v4.devtools-full.har",
    "requested-session-missing.v4.devtools-full.har",
    "session-cookies-lost.v4.devtools-full.har",
    "signed-out.v5.devtools-full.har",
    "wrong-password.v4.devtools-full.har",
];

/// Those of them whose failures stand in redirects, and need neither times nor what came back.
const IN_REDIRECTS: &[&str] = &[
    "no-session-cookies-blocked.v5.devtools-full.har",
    "requested-session-missing.v4.devtools-full.har",
    "session-cookies-lost.v4.devtools-full.har",
    "signed-out.v5.devtools-full.har",
];

/// A request and its response, as any proxy sees them.
pub(crate) struct Seen<'h> {
    pub(crate) started: DateTime<Utc>,
    /// In milliseconds.
    pub(crate) duration: f64,
    pub(crate) method: &'h str,
    /// Without its fragment.
    pub(crate) url: &'h str,
    /// Names and values, with HTTP/2's pseudo headers.
    pub(crate) request_headers: Vec<(&'h str, &'h str)>,
    pub(crate) posted: Option<&'h str>,
    /// `None` where no response came.
    pub(crate) status: Option<u64>,
    pub(crate) response_headers: Vec<(&'h str, &'h str)>,
    /// Decoded; `None` where the HAR does not have it.
    pub(crate) received: Option<Vec<u8>>,
}

impl<'h> Seen<'h> {
    fn of(entry: &'h Value) -> Self {
        let text = |pointer: &str| entry.pointer(pointer).and_then(Value::as_str);
        let headers = |pointer: &str| -> Vec<(&'h str, &'h str)> {
            let lines = entry.pointer(pointer).and_then(Value::as_array).into_iter().flatten();
            lines.map(|line| (line.get("name").unwrap().as_str().unwrap(), line.get("value").unwrap().as_str().unwrap())).collect()
        };
        let received = text("/response/content/text").map(|body| match text("/response/content/encoding") {
            Some(_) => base64::Engine::decode(&base64::engine::general_purpose::STANDARD, body).unwrap(),
            None => body.as_bytes().to_vec(),
        });
        Self {
            started: text("/startedDateTime").unwrap().parse().unwrap(),
            duration: entry.get("time").and_then(Value::as_f64).unwrap(),
            method: text("/request/method").unwrap(),
            url: text("/request/url").and_then(|url| url.split('#').next()).unwrap(),
            request_headers: headers("/request/headers"),
            posted: text("/request/postData/text"),
            status: entry.pointer("/response/status").and_then(Value::as_u64).filter(|status| *status >= 100),
            response_headers: headers("/response/headers"),
            received,
        }
    }
}

/// All of a HAR, in order of time.
fn seen(har: &Value) -> Vec<Seen<'_>> {
    let entries = har.pointer("/log/entries").and_then(Value::as_array).unwrap();
    let mut seen: Vec<Seen<'_>> = entries.iter().map(Seen::of).collect();
    seen.sort_by_key(|seen| seen.started);
    seen
}

/// What is compared of a failure.
fn told(diagnosis: &Diagnosis) -> [Option<String>; 6] {
    let correlation_ids = diagnosis.occurrences.iter().map(|occurrence| format!("{:?}", occurrence.correlation_id)).collect::<Vec<_>>();
    [
        diagnosis.code.map(|code| code.to_string()),
        diagnosis.causes.first().map(|cause| cause.id.clone()),
        diagnosis.tenant.clone(),
        diagnosis.client_id.clone(),
        Some(correlation_ids.join(" ")),
        Some(diagnosis.is_handled().to_string()),
    ]
}

fn analysis(capture: Vec<u8>) -> Analysis {
    analyze(&Capture::from_bytes(capture).unwrap_or_else(|error| panic!("{error}")), &Knowledge::builtin())
}

#[track_caller]
fn come_to_the_same(format: &str, captures: &[&str], write: fn(&[Seen<'_>]) -> Vec<u8>) {
    for name in captures {
        let bytes = fixture(name);
        let har: Value = serde_json::from_slice(&bytes).unwrap();
        let expected = analysis(bytes);
        let found = analysis(write(&seen(&har)));
        assert_eq!((found.format.name(), found.entries), (format, expected.entries), "{name}");
        assert!(found.warnings.is_empty(), "{name} as {format}: {:?}", found.warnings);
        assert_eq!(found.verdict, expected.verdict, "{name} as {format}");
        let tell = |analysis: &Analysis| analysis.diagnoses.iter().map(told).collect::<Vec<_>>();
        assert_eq!(tell(&found), tell(&expected), "{name} as {format}");
    }
}

/// Holds that every capture comes to the same when its entries are written otherwise; the warnings are of that kind.
#[track_caller]
fn written_otherwise_come_to_the_same(write: fn(&mut Value), warning: Option<&str>) {
    let mut warned = false;
    for name in CAPTURES {
        let bytes = fixture(name);
        let mut otherwise: Value = serde_json::from_slice(&bytes).unwrap();
        let entries = otherwise.pointer_mut("/log/entries").and_then(Value::as_array_mut).unwrap();
        entries.iter_mut().for_each(write);
        let (expected, found) = (analysis(bytes), analysis(serde_json::to_vec(&otherwise).unwrap()));
        let is_expected = |message: &str| warning.is_some_and(|warning| message.starts_with(warning));
        assert!(found.warnings.iter().all(|warning| is_expected(&warning.message)), "{name}: {:?}", found.warnings);
        warned |= !found.warnings.is_empty();
        assert_eq!(found.verdict, expected.verdict, "{name}");
        let tell = |analysis: &Analysis| analysis.diagnoses.iter().map(told_with_evidence).collect::<Vec<_>>();
        assert_eq!(tell(&found), tell(&expected), "{name}");
    }
    assert_eq!(warned, warning.is_some());
}

/// The same with how sure it is and how much speaks for it.
fn told_with_evidence(diagnosis: &Diagnosis) -> (Vec<Option<String>>, Vec<String>) {
    let causes = diagnosis.causes.iter().map(|cause| format!("{} {} {}", cause.id, cause.confidence, cause.supporting.len()));
    (told(diagnosis).to_vec(), causes.collect())
}

#[test]
fn as_exporters_write_it_that_join_cookies_by_commas() {
    written_otherwise_come_to_the_same(har::join_cookies, None);
}

#[test]
fn as_exporters_write_it_that_leave_bodies_compressed() {
    written_otherwise_come_to_the_same(har::leave_compressed, None);
}

#[test]
fn as_firefox_writes_it_that_takes_text_for_base64() {
    written_otherwise_come_to_the_same(har::mark_text_as_base64, Some("a body is marked as base64 and is text"));
}

#[test]
fn as_exporters_write_it_that_have_no_date_of_a_redirect() {
    written_otherwise_come_to_the_same(har::date_redirects_by_uptime, Some("some start times are years away"));
}

#[test]
fn a_client_is_known_by_its_tokens_where_nothing_posted_is_recorded() {
    for name in ["healthy-silent-iframe.v4.devtools-full.har", "wrong-tenant-token.v2.devtools-full.har"] {
        let bytes = fixture(name);
        let mut without: Value = serde_json::from_slice(&bytes).unwrap();
        without["log"]["creator"]["name"] = "Firefox".into();
        without["log"]["entries"].as_array_mut().unwrap().iter_mut().for_each(har::leave_out_what_was_posted);
        // Of the attempts that ended with tokens: which client got them, in how many steps.
        let attempts = |bytes: Vec<u8>| -> Vec<(Option<String>, usize)> {
            analysis(bytes).attempts.iter().map(|attempt| (attempt.client_id.clone(), attempt.entries.len())).collect()
        };
        assert_eq!(attempts(serde_json::to_vec(&without).unwrap()), attempts(bytes), "{name}");
    }
}

#[test]
fn a_reply_that_is_not_in_the_file_is_named_with_how_to_record_it() {
    let said = |creator: &str, name: &str| {
        let mut lost: Value = serde_json::from_slice(&fixture(name)).unwrap();
        lost["log"]["creator"]["name"] = creator.into();
        lost["log"]["entries"].as_array_mut().unwrap().iter_mut().for_each(har::drop_text);
        let analysis = analysis(serde_json::to_vec(&lost).unwrap());
        analysis.verdict.inconclusive().unwrap().sentence().into_owned()
    };
    let wrong_password = "wrong-password.v4.devtools-full.har";
    let posted = said("Fiddler", wrong_password);
    assert!(posted.starts_with("A password was posted in entry 16, ") && posted.contains("SAZ"), "{posted}");
    assert!(said("WebInspector", wrong_password).contains("NetLog"));
    let page = said("Fiddler", "redirect-uri-mismatch.v4.devtools-sanitized.har");
    assert!(page.starts_with("The body of the reply to entry ") && page.contains("a page or an error"), "{page}");
}

#[test]
fn as_a_session_of_charles() {
    come_to_the_same("charles-json", CAPTURES, charles_json::write);
}

#[test]
fn as_items_saved_by_burp() {
    come_to_the_same("burp-xml", CAPTURES, burp_xml::write);
}

#[test]
fn as_items_saved_by_burp_with_the_messages_as_text() {
    come_to_the_same("burp-xml", CAPTURES, burp_xml::write_as_text);
}

#[test]
fn as_an_export_of_saml_tracer() {
    come_to_the_same("saml-tracer", IN_REDIRECTS, saml_tracer::write);
}
