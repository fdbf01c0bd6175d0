//! Sessions made up after the layout that programs which read them agree on: no file by Charles itself was at hand.

use super::*;
use crate::capture::EarlyEnd;
use crate::capture::http_message::MOST_HEADERS;
use crate::exchange::{Exchange, Loss, NotAnswered, ProxyFailure, Recorded, Resource};
use proptest::prelude::*;
use serde_json::{Value, json};

fn headers(lines: &[(&str, &str)]) -> Value {
    let lines: Vec<Value> = lines.iter().map(|(name, value)| json!({ "name": name, "value": value })).collect();
    json!({ "firstLine": "made up", "headers": lines })
}

/// A sign-in page, complete.
fn transaction() -> Value {
    json!({
        "status": "COMPLETE",
        "method": "GET",
        "protocolVersion": "HTTP/1.1",
        "scheme": "https",
        "host": "login.microsoftonline.com",
        "port": null,
        "actualPort": 443,
        "path": "/common/oauth2/v2.0/authorize",
        "query": "client_id=x",
        "tunnel": false,
        "keptAlive": false,
        "webSocket": false,
        "remoteAddress": "login.microsoftonline.com/192.0.2.7",
        "clientAddress": "127.0.0.1",
        "clientPort": 50123,
        "times": { "start": "2026-11-20T13:44:47.878+01:00", "requestBegin": "2026-11-20T13:44:47.880+01:00" },
        "durations": { "total": 100, "dns": null },
        "request": {
            "sizes": { "headers": 90, "body": 0 },
            "mimeType": null,
            "charset": null,
            "contentEncoding": null,
            "header": headers(&[("Host", "login.microsoftonline.com"), ("User-Agent", "made up")]),
        },
        "response": {
            "status": 200,
            "sizes": { "headers": 90, "body": 14 },
            "mimeType": "text/html",
            "charset": "utf-8",
            "contentEncoding": "gzip",
            "header": headers(&[
                ("Content-Type", "text/html; charset=utf-8"), ("Content-Encoding", "gzip"), ("Transfer-Encoding", "chunked"),
                ("Set-Cookie", "a=b"), ("Set-Cookie", "c=d"),
            ]),
            "body": { "text": "<p>AADSTS50011", "charset": "UTF-8", "decoded": true },
        },
    })
}

/// The same with a part changed.
fn with(changes: &[(&str, Value)]) -> Value {
    let mut transaction = transaction();
    for (pointer, value) in changes {
        let (parent, name) = pointer.rsplit_once('/').unwrap();
        let parent = transaction.pointer_mut(parent).unwrap().as_object_mut().unwrap();
        parent.insert(name.to_owned(), value.clone());
    }
    transaction
}

fn file(transactions: &[Value]) -> Vec<u8> {
    serde_json::to_vec(transactions).unwrap()
}

fn load(bytes: Vec<u8>) -> Result<Capture, CaptureError> {
    super::read(bytes, &Limits::default())
}

#[track_caller]
fn read(bytes: &[u8]) -> Capture {
    match load(bytes.to_vec()) {
        Ok(capture) => capture,
        Err(error) => panic!("{error}"),
    }
}

#[track_caller]
fn one(changes: &[(&str, Value)]) -> (Exchange, Vec<String>) {
    let mut capture = read(&file(&[with(changes)]));
    assert_eq!((capture.entries, capture.exchanges.len()), (1, 1));
    (capture.exchanges.remove(0), capture.warnings.into_iter().map(|warning| warning.message).collect())
}

#[test]
fn a_transaction_of_charless() {
    let capture = read(&file(&[transaction()]));
    assert_eq!((capture.format, capture.exporter, capture.entries), (Format::CharlesJson, Exporter::Charles, 1));
    assert!(capture.warnings.is_empty() && capture.pages.is_empty());
    let exchange = &capture.exchanges[0];
    assert_eq!(exchange.request.url.raw(), "https://login.microsoftonline.com/common/oauth2/v2.0/authorize?client_id=x");
    assert_eq!((&*exchange.request.method, exchange.response.status, exchange.kept_whole), ("GET", Some(200), true));
    assert_eq!(exchange.started.unwrap().to_rfc3339(), "2026-11-20T12:44:47.878+00:00");
    assert_eq!(
        (exchange.duration_ms, exchange.response.size, exchange.response.mime.as_deref()),
        (Some(100.0), Some(14), Some("text/html"))
    );
    assert_eq!(exchange.response.body.kept().unwrap().raw(), "<p>AADSTS50011");
    assert_eq!(exchange.response.headers.all("set-cookie").count(), 2);
    assert_eq!((exchange.response.headers.absent(), exchange.request.headers.absent()), (None, None));
    assert!(exchange.request.body == Recorded::Empty && exchange.response.failure.is_none());
    assert_eq!(exchange.resource.loss(), Some(Loss::NotRecorded));
}

#[test]
fn bodies_in_base64() {
    // `AADSTS50011` by gzip.
    let gzip = "H4sIAAAAAAAC/3N0dAkOCTY1MDA0BADBJ2wiCwAAAA==";
    let plain = "QUFEU1RTNTAwMTE=";
    for (encoded, decoded) in [(gzip, Some(false)), (gzip, None), (plain, Some(true))] {
        let body = json!({ "encoding": "base64", "encoded": encoded, "decoded": decoded });
        let (exchange, warnings) = one(&[("/response/body", body)]);
        assert_eq!((exchange.response.body.kept().unwrap().raw(), warnings.len()), ("AADSTS50011", 0), "{decoded:?}");
    }
    let (exchange, warnings) = one(&[("/response/body", json!({ "encoding": "base64", "encoded": "%" }))]);
    assert_eq!(warnings, ["a body is marked as base64 and is none"]);
    assert_eq!(exchange.response.body.loss(), Some(Loss::Unknown));
}

#[test]
fn bodies_that_are_not_there() {
    let response = |size: Value, body: Value| one(&[("/response/sizes/body", size), ("/response/body", body)]).0.response.body;
    assert!(response(json!(0), Value::Null) == Recorded::Empty);
    assert!(response(json!(0), json!({ "text": "" })) == Recorded::Empty);
    assert!(response(Value::Null, json!({ "text": "" })) == Recorded::Empty);
    assert_eq!(response(json!(7), Value::Null).loss(), Some(Loss::Unknown));
    assert_eq!(response(json!(7), json!({ "text": "" })).loss(), Some(Loss::Unknown));
    assert_eq!(response(Value::Null, Value::Null).loss(), Some(Loss::Unknown));
    let request = |method: &str, size: Value| one(&[("/method", json!(method)), ("/request/sizes/body", size)]).0.request.body;
    assert!(request("GET", Value::Null) == Recorded::Empty && request("POST", json!(0)) == Recorded::Empty);
    assert_eq!(request("POST", Value::Null).loss(), Some(Loss::Unknown));
    assert_eq!(request("POST", json!(7)).loss(), Some(Loss::Unknown));
}

#[test]
fn a_posted_code_is_kept_and_ballast_is_not() {
    let post = |text: &str| {
        let form = headers(&[("Host", "app.example"), ("Content-Type", "application/x-www-form-urlencoded")]);
        let changes = [("/request/header", form), ("/request/body", json!({ "text": text })), ("/response/body", json!({ "text": "hi" }))];
        one(&[&changes as &[_], &[("/method", json!("POST")), ("/path", json!("/cb")), ("/query", Value::Null)]].concat()).0
    };
    let kept = post("code=FAKE&state=x");
    assert!(kept.kept_whole && kept.request.body.kept().unwrap().raw() == "code=FAKE&state=x");
    assert_eq!(kept.request.url.raw(), "https://app.example/cb");
    let summary = post("a=b");
    assert!(!summary.kept_whole && summary.request.body == Recorded::NotKept(Loss::Summarised));
}

#[test]
fn failures_are_what_charless_words_mean() {
    let failed = |status: &str, error: Value| {
        let nothing = json!({ "status": null, "header": { "headers": [] }, "sizes": { "body": 0 } });
        one(&[("/status", json!(status)), ("/errorMessage", error), ("/response", nothing)])
    };
    for (status, error, told) in [
        ("FAILED", json!("java.net.UnknownHostException: SECRET"), Some(ProxyFailure::NoHost)),
        ("FAILED", json!("SSL handshake with SECRET failed"), Some(ProxyFailure::NoTls)),
        ("EXCEPTION", json!("Remote server closed the connection"), Some(ProxyFailure::NoResponse)),
        ("FAILED", json!("SECRET"), Some(ProxyFailure::Untold)),
        ("FAILED", Value::Null, Some(ProxyFailure::Untold)),
        ("RECEIVING_RESPONSE_BODY", Value::Null, None),
        ("COMPLETE", Value::Null, None),
    ] {
        let (exchange, warnings) = failed(status, error.clone());
        assert!(exchange.response.failure == told.map(NotAnswered::Proxy), "{status} {error}");
        assert_eq!((exchange.response.status, exchange.response.size, warnings.len()), (None, None, 0));
        assert_eq!((exchange.response.body.loss(), exchange.response.headers.absent()), (Some(Loss::Unknown), Some(Loss::Unknown)));
        assert!(exchange.kept_whole);
    }
}

#[test]
fn a_response_that_was_not_over() {
    let (exchange, warnings) =
        one(&[("/status", json!("RECEIVING_RESPONSE_BODY")), ("/response/body", Value::Null), ("/response/sizes/body", json!(0))]);
    assert_eq!((exchange.response.status, exchange.response.failure.is_none()), (Some(200), true));
    assert_eq!(exchange.response.body.loss(), Some(Loss::Unknown));
    assert_eq!(warnings, ["the response is not complete"]);
}

#[test]
fn addresses() {
    let url = |changes: &[(&str, Value)]| {
        let nameless = ("/request/header", headers(&[]));
        one(&[&[nameless], changes].concat()).0.request.url.raw().to_owned()
    };
    let path = [("/path", json!("/x")), ("/query", json!("y=%20"))];
    assert_eq!(url(&[&path as &[_], &[("/host", json!("::1")), ("/port", json!(8443))]].concat()), "https://[::1]:8443/x?y=%20");
    assert_eq!(
        url(&[("/path", Value::Null), ("/query", Value::Null), ("/scheme", json!("http")), ("/actualPort", json!(80))]),
        "http://login.microsoftonline.com/"
    );
    let named = |lines: &[(&str, &str)]| url(&[&path as &[_], &[("/request/header", headers(lines))]].concat());
    assert_eq!(named(&[(":authority", "a.example"), ("host", "b.example")]), "https://a.example/x?y=%20");
    assert_eq!(named(&[("Host", "b.example:443")]), "https://b.example/x?y=%20");
    let error = load(file(&[with(&[("/host", Value::Null), ("/request/header", Value::Null)])])).err().unwrap();
    assert!(matches!(error, CaptureError::NoUsableEntry { why: "the request has no URL", .. }));
}

#[test]
fn pseudo_headers_are_no_headers() {
    let lines = [(":method", "GET"), (":authority", "login.microsoftonline.com"), ("accept", "*/*")];
    let (exchange, _) = one(&[("/request/header", headers(&lines))]);
    assert_eq!(exchange.request.headers.lines().len(), 1);
}

#[test]
fn a_tunnel_is_a_summary() {
    let common = [("/tunnel", json!(true)), ("/path", Value::Null), ("/query", Value::Null)];
    for method in ["CONNECT", "GET"] {
        let (exchange, _) = one(&[&common as &[_], &[("/method", json!(method))]].concat());
        assert!(!exchange.kept_whole);
        assert_eq!((&*exchange.request.method, exchange.request.url.raw()), ("CONNECT", "https://login.microsoftonline.com:443/"));
    }
}

#[test]
fn a_web_socket_has_no_body() {
    let (exchange, _) =
        one(&[("/webSocket", json!(true)), ("/tunnel", json!(true)), ("/response/status", json!(101)), ("/response/body", Value::Null)]);
    assert!(exchange.resource == Recorded::Kept(Resource::WebSocket) && &*exchange.request.method == "GET");
    assert_eq!(exchange.response.body.loss(), Some(Loss::Unknown));
}

#[test]
fn damaged_parts_are_warnings() {
    let lines = json!({ "headers": [{ "name": "Host", "value": "login.live.com" }, { "value": "x" }, 7, { "name": " " }] });
    let (exchange, warnings) = one(&[
        ("/request/header", lines),
        ("/times/start", json!("yesterday")),
        ("/response/status", json!(70_000)),
        ("/durations", json!([])),
    ]);
    assert_eq!(warnings, ["the start time is not a date", "some headers could not be understood"]);
    assert_eq!(exchange.request.headers.absent(), Some(Loss::Damaged));
    assert!(exchange.started.is_none() && exchange.response.status.is_none() && exchange.duration_ms.is_none());
}

#[test]
fn a_bad_entry_does_not_cost_the_others() {
    for (bad, why) in [
        (json!(7), "the entry is not a JSON object"),
        (json!({}), "the request has no method"),
        (json!({ "method": "GET" }), "the request has no URL"),
    ] {
        let capture = read(&file(&[transaction(), bad, transaction()]));
        let warnings: Vec<_> = capture.warnings.iter().map(|warning| (warning.entry, &*warning.message)).collect();
        assert_eq!((capture.entries, capture.exchanges.len(), warnings), (3, 2, vec![(Some(1), why)]));
    }
    let error = load(file(&[json!({})])).err().unwrap();
    assert!(matches!(error, CaptureError::NoUsableEntry { entries: 1, entry: 0, .. }));
}

#[test]
fn text_that_is_no_json_is_repaired_and_told() {
    let text = String::from_utf8(file(&[transaction(), transaction()])).unwrap();
    let at = text.rfind("AADSTS50011").unwrap();
    let bytes = [&text.as_bytes()[..at], b"\xFF", &text.as_bytes()[at..]].concat();
    let capture = read(&bytes);
    let warnings: Vec<_> = capture.warnings.iter().map(|warning| (warning.entry, warning.message.clone())).collect();
    assert_eq!((capture.exchanges.len(), warnings), (2, vec![(Some(1), format!("a byte that is not UTF-8 was replaced (byte {at})"))]));
    let lone = text.replace("<p>AADSTS50011", "\\ud83d");
    assert_eq!(read(lone.as_bytes()).warnings.len(), 0);
}

#[test]
fn depth_is_no_danger() {
    let deep = format!("[{{\"a\":{}{},", "[".repeat(100_000), "]".repeat(100_000));
    let whole = String::from_utf8(file(&[transaction()])).unwrap().replacen("[{", &deep, 1);
    assert_eq!(read(whole.as_bytes()).exchanges.len(), 1);
    assert!(matches!(load("[".repeat(100_000).into_bytes()), Err(CaptureError::Broken { cut: true, .. })));
}

#[test]
fn what_follows_is_told() {
    let capture = read(&[file(&[transaction()]), b"\n[]".to_vec()].concat());
    assert!(capture.warnings[0].message.starts_with("something follows the end of the document after entry 0, at byte "));
}

#[test]
fn a_cut_at_every_byte() {
    let whole = file(&[transaction(), transaction()]);
    let first_end = 1 + transaction().to_string().len();
    for cut in 0..whole.len() {
        match load(whole[..cut].to_vec()) {
            Err(error) => assert!(cut < first_end && matches!(error, CaptureError::Broken { cut: true, .. }), "{cut}: {error}"),
            Ok(capture) => {
                assert!(cut >= first_end && !capture.exchanges.is_empty(), "{cut}");
                assert_eq!(capture.warnings.len(), 1, "{cut}: {:?}", capture.warnings);
                assert!(capture.warnings[0].early_end == Some(EarlyEnd::CutOff), "{cut}");
            }
        }
    }
    assert_eq!((read(&whole).exchanges.len(), read(&whole).warnings.len()), (2, 0));
}

#[test]
fn there_is_an_end_to_headers_and_bodies() {
    let lines = vec![("a", "b"); MOST_HEADERS + 7];
    let (exchange, warnings) = one(&[("/response/header", headers(&lines))]);
    assert_eq!((exchange.response.headers.lines().len(), warnings.len()), (MOST_HEADERS, 1));
    let long = with(&[("/response/body", json!({ "text": "a".repeat(1000) }))]);
    let limits = Limits { bodies: 1500, ..Limits::default() };
    let capture = super::read(file(&[long.clone(), long]), &limits).ok().unwrap();
    let lengths: Vec<usize> = capture.exchanges.iter().map(|exchange| exchange.response.body.kept().unwrap().raw().len()).collect();
    assert_eq!((lengths, capture.warnings.len()), (vec![1000, 500], 1));
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(128))]

    #[test]
    fn changed_bytes_are_no_panic(changes in prop::collection::vec((any::<prop::sample::Index>(), any::<u8>()), 1..8)) {
        let mut bytes = file(&[transaction(), transaction()]);
        for (index, byte) in changes {
            let length = bytes.len();
            bytes[index.index(length)] = byte;
        }
        let _ = load(bytes);
    }
}
