//! What `entrace redact` once let through, or was brought down by: each test plants a value in a capture as it was
//! found there, and looks for it in what comes out.

#![allow(clippy::unwrap_used, clippy::panic, clippy::indexing_slicing, reason = "tests say what is wrong by stopping")]

mod program;

/// The leaks, one file a subject.
mod redact_leaks {
    mod addresses;
    mod bodies;
    mod errors;
    mod escapes;
    mod exporters;
    mod headers;
    mod hostile;
    mod parameters;
    mod people;
    mod programs;
    mod tenants;
    mod words;
}

use program::{entrace, fixture};
use serde_json::{Value, json};
use std::fs;
use std::process::Output;

const CAPTURE: &str = "wrong-password.v4.devtools-full.har";
const APP: &str = "https://app.contoso.example";
const LOGIN: &str = "https://login.microsoftonline.com/common/login";
/// Makes an entry evidence, so that its bodies are kept.
const REPLY: &str = "?code=0.AXzz9Qkzz9Qkzz9Qkzz9Qk&state=abc123def";

fn get(url: &str) -> Value {
    json!({
        "startedDateTime": "2026-11-20T14:42:31.000Z", "time": 5, "cache": {}, "timings": {"send": 0, "wait": 1, "receive": 1},
        "request": {"method": "GET", "url": url, "httpVersion": "h2", "headers": [], "queryString": [], "cookies": [], "headersSize": -1, "bodySize": 0},
        "response": {"status": 200, "statusText": "OK", "httpVersion": "h2", "headers": [], "cookies": [], "redirectURL": "",
                     "content": {"size": 0, "mimeType": "text/plain"}, "headersSize": -1, "bodySize": 0},
    })
}

fn post(url: &str, body: &str) -> Value {
    let mut entry = get(url);
    entry["request"]["method"] = json!("POST");
    entry["request"]["postData"] = json!({"mimeType": "text/plain", "text": body});
    entry
}

fn replied(url: &str, body: &str) -> Value {
    let mut entry = get(url);
    entry["response"]["content"]["text"] = json!(body);
    entry
}

fn with_header(name: &str, value: &str) -> Value {
    let mut entry = get(APP);
    entry["request"]["headers"] = json!([{"name": name, "value": value}]);
    entry
}

/// A text that stays but for what is found in it, in which a value stands that its name does not tell.
fn remark(text: &str) -> Value {
    let mut entry = get(APP);
    entry["_initiator"] = json!({"type": "other", "description": text});
    entry
}

fn redact(test: &str, entries: &[Value], options: &[&str]) -> (Output, String) {
    let mut capture: Value = serde_json::from_slice(&fixture(CAPTURE)).unwrap();
    capture["log"]["entries"].as_array_mut().unwrap().extend_from_slice(entries);
    let file = |end: &str| std::env::temp_dir().join(format!("entrace-leaks-{test}-{}{end}.har", std::process::id()));
    let (source, target) = (file(""), file("-out"));
    fs::write(&source, capture.to_string()).unwrap();
    let output = entrace().arg("redact").args(options).arg(&source).arg("--output").arg(&target).output().unwrap();
    let text = fs::read_to_string(&target).unwrap_or_default();
    let _ = (fs::remove_file(&source), fs::remove_file(&target));
    (output, text)
}

/// What is left of the added entries, as text without escapes of JSON that are not needed.
#[track_caller]
fn gone_from(test: &str, entries: &[Value], options: &[&str], values: &[&str]) {
    let (output, text) = redact(test, entries, options);
    assert_eq!(output.status.code(), Some(0), "{}", String::from_utf8_lossy(&output.stderr));
    let har: Value = serde_json::from_str(&text).unwrap();
    let text = har.to_string();
    for value in values {
        assert!(!text.contains(value), "{value} is left");
    }
}

#[track_caller]
fn gone(test: &str, entries: &[Value], values: &[&str]) {
    gone_from(test, entries, &[], values);
}

/// What somebody needs who is to help.
#[track_caller]
fn stays(test: &str, entries: &[Value], values: &[&str]) {
    let (output, text) = redact(test, entries, &[]);
    assert_eq!(output.status.code(), Some(0), "{}", String::from_utf8_lossy(&output.stderr));
    let har: Value = serde_json::from_str(&text).unwrap();
    let text = har.to_string();
    for value in values {
        assert!(text.contains(value), "{value} is lost");
    }
}

/// A refused silent sign-in of an application of a tenant.
fn refused_silently(tenant: &str, app: &str) -> Value {
    let mut entry = get(&format!(
        "https://login.microsoftonline.com/{tenant}/oauth2/v2.0/authorize?client_id=379a2321-4f24-4e45-81e9-85f7b492cbfe&response_type=code&prompt=none&redirect_uri=https%3A%2F%2F{app}%2Flogin&state=abc123def"
    ));
    entry["response"]["status"] = json!(302);
    let reply = "error=login_required&error_description=AADSTS50058%3a+A+silent+sign-in+request+was+sent+but+no+user+is+signed+in.+Timestamp%3a+2026-11-20+14%3a43%3a47Z&state=abc123def";
    entry["response"]["headers"] = json!([{"name": "Location", "value": format!("https://{app}/login?{reply}")}, {"name": "Date", "value": "Fri, 20 Nov 2026 14:43:47 GMT"}]);
    entry
}

/// An error reply, whose text stays.
fn refused_by_api(text: &str) -> Value {
    let mut entry = replied(&format!("{APP}/api"), &json!({"error": {"code": "Unauthorized", "message": text}}).to_string());
    entry["response"]["status"] = json!(401);
    entry["response"]["headers"] = json!([{"name": "WWW-Authenticate", "value": "Bearer"}]);
    entry
}

/// What stands around values in prose, with the value as `¤`.
const SURROUNDINGS: &[&str] = &[
    "¤?",
    "¤'s",
    "„¤“",
    "「¤」",
    "（¤）",
    "«¤»",
    "**¤**",
    "*¤*",
    "_¤_",
    "#¤#",
    "$¤$",
    "¤…",
    "–¤–",
    "→¤→",
    "\u{200b}¤\u{200b}",
    r"x\n¤\nTel",
    r"x\t¤\t",
    r#"{\"u\":\"¤\"}"#,
    r"x\\n¤\\n",
    "x/¤/y",
    "x:¤:y",
    "x=¤",
    "x=¤&y=¤",
    "x&¤&y",
    "＊¤",
    "mail:¤",
    "a=b/¤",
    "(¤)",
    "<¤>",
    "¤!",
];
