//! Exports made up after the extension's own code (`SAMLTrace.js`, `SAMLTraceIO.js`, `filters.js`).

use super::*;
use crate::exchange::{Loss, Recorded};
use serde_json::{Value, json};

fn headers(lines: &[(&str, &str)]) -> Value {
    lines.iter().map(|(name, value)| json!({"name": name, "value": value})).collect()
}

/// The browser posts what the identity provider gave it.
fn posted() -> Value {
    json!({
        "method": "POST",
        "url": "https://login.microsoftonline.com/login.srf",
        "requestId": "7",
        "requestHeaders": headers(&[("Content-Type", "application/x-www-form-urlencoded"), ("Cookie", "fpc=a; ESTSAUTH=b")]),
        "post": [["wa", "wsignin1.0"], ["wresult", "<t:R x=\"1\"/>"], ["wctx", "a b&c"]],
        "postData": {"wa": ["wsignin1.0"], "wresult": ["<t:R x=\"1\"/>"], "wctx": ["a b&c"]},
        "protocol": "WS-Fed",
        "saml": "<t:R x=\"1\"/>",
        "responseStatus": 302,
        "responseStatusText": "HTTP/2.0 302",
        "responseHeaders": headers(&[("Location", "https://app.example/#code=x"), ("Set-Cookie", "a=b"), ("Set-Cookie", "c=d")]),
    })
}

fn export(requests: &[Value]) -> Vec<u8> {
    serde_json::to_vec_pretty(&json!({"requests": requests, "timestamp": "2026-11-20T14:00:00.000Z"})).unwrap()
}

fn read_all(bytes: Vec<u8>) -> Capture {
    read(bytes, &Limits::default()).unwrap()
}

#[test]
fn a_request_is_read_with_what_it_posted_and_where_it_led() {
    let capture = read_all(export(&[posted()]));
    assert_eq!((capture.format.name(), capture.creator.as_deref(), capture.entries), ("saml-tracer", Some("SAML-tracer"), 1));
    assert!(capture.warnings.is_empty());
    let exchange = &capture.exchanges[0];
    assert_eq!((&*exchange.request.method, exchange.response.status, exchange.started), ("POST", Some(302), None));
    let form = exchange.request.body.kept().unwrap().raw();
    assert_eq!(form, "wa=wsignin1.0&wresult=%3Ct%3AR+x%3D%221%22%2F%3E&wctx=a+b%26c");
    assert_eq!(exchange.response.headers.get("location").kept().unwrap().raw(), "https://app.example/#code=x");
    assert_eq!(exchange.response.headers.all("set-cookie").count(), 2);
    assert!(matches!(exchange.response.body, Recorded::NotKept(Loss::NotRecorded)));
}

#[test]
fn values_that_the_export_replaced_are_no_values() {
    let mut replaced = posted();
    replaced["post"] = json!([["wa", "{hash:ab}"], ["{obf:alternative_0}", ""]]);
    replaced["responseHeaders"] = headers(&[("Set-Cookie", "ESTSAUTH={hash:ab};expires={hash:cd}; path={hash:ef}"), ("Date", "x")]);
    let capture = read_all(export(&[replaced]));
    let exchange = &capture.exchanges[0];
    assert!(matches!(exchange.request.body, Recorded::NotKept(Loss::Stripped)));
    assert_eq!(exchange.response.headers.all("set-cookie").count(), 0, "a deletion would look like any other");
    assert_eq!(exchange.request.headers.all("cookie").count(), 1);
}

#[test]
fn what_is_no_form_is_not_told() {
    let mut other = posted();
    other.as_object_mut().unwrap().remove("post");
    let capture = read_all(export(&[other]));
    assert!(matches!(capture.exchanges[0].request.body, Recorded::NotKept(Loss::NotRecorded)));
}

#[test]
fn bad_entries_are_told_and_a_break_keeps_what_came_before() {
    let mut nameless = posted();
    nameless["url"] = json!("");
    let capture = read_all(export(&[nameless.clone(), json!(7), posted()]));
    assert_eq!((capture.entries, capture.exchanges.len(), capture.warnings.len()), (3, 1, 2));
    assert_eq!(capture.exchanges[0].entry, 2);
    assert!(read(export(&[nameless]), &Limits::default()).is_err());

    let whole = export(&[posted(), posted()]);
    let capture = read_all(whole[..whole.len() - 60].to_vec());
    assert_eq!((capture.exchanges.len(), capture.warnings.len()), (1, 1));
}
