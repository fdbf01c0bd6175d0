//! Whole logs, made up.

use super::*;
use crate::exchange::{Exchange, NotAnswered};
use crate::exchange::{Loss, Recorded};
use proptest::prelude::*;

const CONSTANTS: &str = r#"{"constants":{"clientInfo":{"name":"Chromium","version":"156.0"},"logEventPhase":{"PHASE_BEGIN":1,"PHASE_END":2,"PHASE_NONE":0},"logEventTypes":{"REQUEST_ALIVE":1,"URL_REQUEST_START_JOB":2,"HTTP_TRANSACTION_SEND_REQUEST_HEADERS":3,"HTTP_TRANSACTION_HTTP2_SEND_REQUEST_HEADERS":4,"HTTP_TRANSACTION_READ_RESPONSE_HEADERS":5,"URL_REQUEST_REDIRECTED":6,"FAILED":7,"CANCELLED":8,"COOKIE_INCLUSION_STATUS":9,"COOKIE_GET_BLOCKED_BY_NETWORK_DELEGATE":10,"COMPUTED_PRIVACY_MODE":11,"URL_REQUEST_JOB_FILTERED_BYTES_READ":12,"SOCKET_ALIVE":13},"logSourceType":{"URL_REQUEST":1,"SOCKET":2},"netError":{"ERR_ABORTED":-3,"ERR_NAME_NOT_RESOLVED":-105},"timeTickOffset":1795177519174},"#;

const ALIVE: u64 = 1;
const JOB: u64 = 2;
const SENT: u64 = 3;
const SENT2: u64 = 4;
const RECEIVED: u64 = 5;
const REDIRECTED: u64 = 6;
const FAILED: u64 = 7;
const CANCELLED: u64 = 8;
const COOKIE: u64 = 9;
const BLOCKED: u64 = 10;
const PRIVACY: u64 = 11;
const BODY: u64 = 12;

fn event(source: u64, time: u64, kind: u64, phase: u64, params: &str) -> String {
    let params = if params.is_empty() { String::new() } else { format!(r#""params":{params},"#) };
    format!(r#"{{{params}"phase":{phase},"source":{{"id":{source},"start_time":"1","type":1}},"time":"{time}","type":{kind}}}"#)
}

fn log(events: &[String]) -> String {
    format!("{CONSTANTS}\n\"events\": [\n{}],\n\"polledData\": [{{}}]\n}}\n", events.join(",\n"))
}

fn job(source: u64, time: u64, method: &str, url: &str) -> String {
    let params = format!(
        r#"{{"method":"{method}","url":"{url}","network_isolation_key":"https://app.example https://x.example","request_type":"subframe"}}"#
    );
    event(source, time, JOB, 1, &params)
}

/// A request that is answered, whole.
fn plain(source: u64, time: u64, url: &str) -> Vec<String> {
    vec![
        job(source, time, "GET", url),
        event(
            source,
            time + 1,
            SENT,
            0,
            r#"{"headers":["Host: x","Accept: */*","Cookie: [123 bytes were stripped]"],"line":"GET / HTTP/1.1\r\n"}"#,
        ),
        event(
            source,
            time + 5,
            RECEIVED,
            0,
            r#"{"headers":["HTTP/1.1 200 OK","Content-Type: Text/HTML; charset=utf-8","Set-Cookie: [55 bytes were stripped]"]}"#,
        ),
        event(source, time + 9, ALIVE, 2, ""),
    ]
}

const SIGN_IN: &str = "https://login.microsoftonline.com/common/oauth2/v2.0/authorize?client_id=x";

fn read_bytes(bytes: &[u8]) -> Result<Capture, CaptureError> {
    super::read(Source::Bytes(bytes.to_vec().into()))
}

fn read(text: impl AsRef<[u8]>) -> Capture {
    match read_bytes(text.as_ref()) {
        Ok(capture) => capture,
        Err(error) => panic!("{error}"),
    }
}

#[track_caller]
fn one(events: &[String]) -> Exchange {
    let capture = read(log(events));
    assert!(capture.warnings.is_empty(), "{:?}", capture.warnings);
    assert_eq!(capture.exchanges.len(), 1);
    capture.exchanges.into_iter().next().unwrap()
}

fn urls(capture: &Capture) -> Vec<&str> {
    capture.exchanges.iter().map(|exchange| exchange.request.url.raw()).collect()
}

fn warnings(capture: &Capture) -> Vec<&str> {
    capture.warnings.iter().map(|warning| &*warning.message).collect()
}

#[test]
fn a_request() {
    let capture = read(log(&plain(7, 1000, SIGN_IN)));
    assert_eq!((capture.creator.as_deref(), capture.entries, capture.format), (Some("Chromium 156.0"), 1, Format::NetLog));
    assert!(capture.warnings.is_empty() && capture.exporter == Exporter::ChromiumNetLog);
    let exchange = &capture.exchanges[0];
    assert!(exchange.kept_whole);
    assert_eq!((&*exchange.request.method, exchange.request.url.raw()), ("GET", SIGN_IN));
    assert_eq!(exchange.started.unwrap().to_rfc3339(), "2026-11-20T12:25:20.174+00:00");
    assert_eq!((exchange.duration_ms, exchange.response.status), (Some(5.0), Some(200)));
    assert_eq!((exchange.response.mime.as_deref(), exchange.response.headers.absent()), (Some("text/html"), None));
    assert_eq!(exchange.request.headers.get("cookie").loss(), Some(Loss::Stripped));
    assert!(exchange.response.headers.has("set-cookie") && exchange.response.headers.is_stripped("set-cookie"));
    assert!(exchange.request.body == Recorded::Empty && exchange.request.headers.absent().is_none());
    assert_eq!(exchange.response.body.loss(), Some(Loss::NotRecorded));
    assert!(exchange.page.loss() == Some(Loss::NotRecorded) && exchange.response.failure.is_none());
}

#[test]
fn a_redirect_begins_the_next_request() {
    let callback = "https://app.example/cb#error=login_required";
    let mut events = plain(7, 1000, SIGN_IN);
    events.truncate(2);
    events.push(event(7, 1004, RECEIVED, 0, r#"{"headers":["HTTP/1.1 302","location: https://app.example/cb#error=login_required"]}"#));
    events.push(event(7, 1005, REDIRECTED, 0, &format!(r#"{{"location":"{callback}"}}"#)));
    events.push(event(7, 1005, JOB, 2, ""));
    events.extend(plain(7, 1006, callback));
    let capture = read(log(&events));
    assert_eq!(urls(&capture), [SIGN_IN, callback]);
    let [first, second] = &capture.exchanges[..] else { panic!() };
    assert_eq!((first.entry, second.entry, capture.entries), (0, 1, 2));
    assert_eq!((first.response.status, second.response.status), (Some(302), Some(200)));
    assert_eq!(first.response.redirect.as_ref().unwrap().raw(), callback);
    assert!(second.response.redirect.is_none() && second.kept_whole);
    assert_eq!(first.duration_ms, Some(5.0));
}

#[test]
fn an_answered_challenge_is_two_requests() {
    let mut events = plain(7, 1000, "https://autologon.microsoftazuread-sso.com/x");
    let again = events[1..].to_vec();
    events.pop();
    events[2] = events[2].replace("200 OK", "401 Unauthorized");
    events.extend(again);
    let capture = read(log(&events));
    let statuses: Vec<_> = capture.exchanges.iter().map(|exchange| exchange.response.status).collect();
    assert_eq!((statuses, capture.entries), (vec![Some(401), Some(200)], 2));
}

#[test]
fn a_request_that_is_repeated_without_end_is_bounded() {
    let mut events = plain(7, 1000, SIGN_IN);
    let again = events[1..3].to_vec();
    events.extend((0..100).flat_map(|_| again.clone()));
    events.retain(|event| !event.contains(r#""type":1}"#) || event.contains("params"));
    assert_eq!(read(log(&events)).entries, 9);
}

#[test]
fn http2_headers_and_old_ones_that_are_an_object() {
    for headers in [r#"[":method: GET",":path: /x","sec-fetch-dest: iframe"]"#, r#"{":method":"GET","sec-fetch-dest":"iframe"}"#] {
        let mut events = plain(7, 1000, SIGN_IN);
        events[1] = event(7, 1001, SENT2, 0, &format!(r#"{{"headers":{headers}}}"#));
        let headers = one(&events).request.headers;
        assert_eq!((headers.lines().len(), headers.value("sec-fetch-dest").unwrap().raw()), (1, "iframe"));
    }
}

#[test]
fn failures_in_the_browsers_words() {
    let end = |kind, phase, params: &str| {
        let exchange = one(&[job(7, 1000, "GET", SIGN_IN), event(7, 1002, kind, phase, params), event(7, 1003, ALIVE, 2, "")]);
        assert_eq!(exchange.response.status, None);
        assert_eq!(exchange.request.headers.absent(), Some(Loss::Provisional));
        match exchange.response.failure? {
            NotAnswered::Browser(words) => Some(words.raw().to_owned()),
            NotAnswered::Proxy(_) => panic!("no proxy told it"),
        }
    };
    assert_eq!(end(FAILED, 0, r#"{"net_error":-105}"#).as_deref(), Some("net::ERR_NAME_NOT_RESOLVED"));
    assert_eq!(end(ALIVE, 2, r#"{"net_error":-105}"#).as_deref(), Some("net::ERR_NAME_NOT_RESOLVED"));
    assert_eq!(end(JOB, 2, r#"{"net_error":-999}"#).as_deref(), Some("net error -999"));
    assert_eq!(end(CANCELLED, 0, "").as_deref(), Some("net::ERR_ABORTED"));
    assert_eq!(end(JOB, 2, r#"{"net_error":-1}"#), None);
    assert_eq!(end(JOB, 2, ""), None);
}

#[test]
fn what_is_given_up_after_the_answer_did_not_fail() {
    let mut events = plain(7, 1000, SIGN_IN);
    events.insert(3, event(7, 1006, CANCELLED, 0, ""));
    assert!(one(&events).response.failure.is_none());
}

#[test]
fn cookies_that_were_held_back() {
    let mut events = plain(7, 1000, SIGN_IN);
    let status = r#"{"operation":"send","partition_key":"(none)","status":"EXCLUDE_USER_PREFERENCES, DO_NOT_WARN, NO_EXEMPTION"}"#;
    let named = status.replace(r#""op"#, r#""name":"ESTSAUTH","op"#);
    events.insert(1, event(7, 1000, PRIVACY, 0, r#"{"privacy_mode":"enabled partitioned state allowed"}"#));
    events.insert(2, event(7, 1000, BLOCKED, 0, ""));
    events.insert(3, event(7, 1000, COOKIE, 0, status));
    events.insert(4, event(7, 1000, COOKIE, 0, &named));
    let exchange = one(&events);
    let Recorded::Kept(withheld) = exchange.request.withheld_cookies else { panic!() };
    assert_eq!(withheld.len(), 2);
    assert!(withheld.iter().all(|cookie| cookie.reason == "EXCLUDE_USER_PREFERENCES" && cookie.as_third_party));
    assert_eq!((withheld[0].name.as_deref(), withheld[1].name.as_deref()), (None, Some("ESTSAUTH")));
    events.drain(3..5);
    assert_eq!(one(&events).request.withheld_cookies, Recorded::Empty);
    events.drain(1..3);
    assert_eq!(one(&events).request.withheld_cookies, Recorded::NotKept(Loss::NotRecorded));
}

#[test]
fn bodies_of_what_is_kept_whole() {
    let with_body = |url: &str| {
        let mut events = plain(7, 1000, url);
        events.insert(3, event(7, 1006, BODY, 0, r#"{"byte_count":3,"bytes":"PGh0"}"#));
        events.insert(4, event(7, 1007, BODY, 0, r#"{"byte_count":3,"bytes":"bWw+"}"#));
        one(&events).response
    };
    let response = with_body(SIGN_IN);
    assert_eq!((response.body.kept().unwrap().raw(), response.size), ("<html>", Some(6)));
    assert_eq!(with_body("https://app.example/x").body.loss(), Some(Loss::Summarised));
}

#[test]
fn a_page_that_names_a_code_is_kept_by_its_body() {
    let mut events = plain(7, 1000, "https://app.example/x");
    events.insert(3, event(7, 1006, BODY, 0, r#"{"bytes":"QUFEU1RTNTAwMTE="}"#));
    assert!(one(&events).kept_whole);
}

#[test]
fn what_is_posted_is_not_recorded() {
    let mut events = plain(7, 1000, SIGN_IN);
    events[0] = job(7, 1000, "post", SIGN_IN);
    let exchange = one(&events);
    assert_eq!((&*exchange.request.method, exchange.request.body.loss()), ("POST", Some(Loss::NotRecorded)));
}

#[test]
fn an_empty_answer_is_empty() {
    let mut events = plain(7, 1000, SIGN_IN);
    events[2] = events[2].replace("200 OK", "204");
    assert!(one(&events).response.body == Recorded::Empty);
}

#[test]
fn other_traffic_leaves_a_summary() {
    let exchange = one(&plain(7, 1000, "https://app.example/x"));
    assert!(!exchange.kept_whole && !exchange.request.headers.has("accept"));
    assert_eq!(exchange.request.headers.absent(), Some(Loss::Summarised));
    assert!(exchange.response.headers.has("content-type"));
}

#[test]
fn what_is_no_web_request_is_passed_over() {
    let mut events = plain(7, 1000, "chrome-extension://abc/x.js");
    events.extend(plain(8, 1000, "data:text/html,x"));
    events.extend(plain(9, 1000, SIGN_IN).iter().map(|event| event.replace(r#""type":1}"#, r#""type":2}"#)));
    events.extend(["7", "null", "[]", r#""x""#, "{}", r#"{"type":"x","source":7,"params":[]}"#].map(str::to_owned));
    let capture = read(log(&events));
    assert_eq!((capture.entries, warnings(&capture)), (0, vec!["the log has no web requests"]));
}

#[test]
fn requests_that_overlap_come_in_the_order_of_their_start() {
    let (mut first, second) = (plain(7, 1000, SIGN_IN), plain(8, 1002, "https://app.example/x"));
    let end = first.split_off(2);
    let events: Vec<_> = first.into_iter().chain(second).chain(end).collect();
    assert_eq!(urls(&read(log(&events))), [SIGN_IN, "https://app.example/x"]);
}

#[test]
fn minified_pretty_and_turned_around() {
    let text = log(&plain(7, 1000, SIGN_IN));
    let minified = text.replace('\n', "");
    let pretty = text.replace(",\"", ",\n  \"");
    let events = text.find("\"events\"").unwrap();
    let polled = text.find(",\n\"polledData\"").unwrap();
    let constants = CONSTANTS.trim_start_matches('{').trim_end_matches(',');
    let turned = format!("{{{},{constants}}}", text.get(events..polled).unwrap());
    for text in [minified, pretty, turned, format!("\u{FEFF}{text}"), text.replace("[{}]", "{}")] {
        let capture = read(&text);
        assert_eq!((capture.entries, warnings(&capture).len()), (1, 0), "{text}");
    }
}

#[test]
fn a_missing_tail_is_told_once_with_its_place() {
    let text = log(&plain(7, 1000, SIGN_IN));
    let cut = text.find("],\n\"polled").unwrap();
    let capture = read(format!("{},\n", text.get(..cut).unwrap()));
    assert_eq!(capture.exchanges.len(), 1);
    let expected = format!("the file is cut off after entry 0, at byte {} (line 7, column 1); the rest was not read", cut + 2);
    assert_eq!(warnings(&capture), [&*expected]);
}

#[test]
fn a_broken_line_is_told_with_its_place() {
    let mut events = plain(7, 1000, SIGN_IN);
    events.push("@".to_owned());
    events.extend(plain(8, 1010, SIGN_IN));
    let text = log(&events);
    let capture = read(&text);
    assert_eq!(capture.entries, 1);
    let at = text.find('@').unwrap();
    let expected = format!("the JSON is broken after entry 0, at byte {at} (line 7, column 1); the rest was not read");
    assert_eq!(warnings(&capture), [&*expected]);
}

#[test]
fn what_follows_is_told() {
    let text = log(&plain(7, 1000, SIGN_IN));
    let capture = read(format!("{text}x"));
    assert!(warnings(&capture)[0].starts_with(&format!("something follows the end of the document after entry 0, at byte {}", text.len())));
}

#[test]
fn nothing_before_the_break_is_an_error() {
    let error = read_bytes(CONSTANTS.as_bytes()).err().unwrap().to_string();
    assert!(error.starts_with("no entry could be read: the JSON ends too early"), "{error}");
}

#[test]
fn a_log_without_a_legend() {
    let capture = read(r#"{"constants":{},"events":[{"type":2}]}"#);
    assert_eq!(warnings(&capture), ["the log does not say what its events are"]);
}

#[test]
fn bytes_that_are_no_utf8_cost_nothing() {
    let text = log(&plain(7, 1000, SIGN_IN));
    let at = text.find("Accept").unwrap();
    let mut bytes = text.into_bytes();
    bytes[at] = 0xFF;
    let capture = read(bytes);
    assert_eq!((capture.entries, warnings(&capture)), (1, vec!["bytes that are not UTF-8 were replaced"]));
}

#[test]
fn a_hundred_thousand_brackets() {
    let deep = "[".repeat(100_000) + &"]".repeat(100_000);
    let mut events = plain(7, 1000, SIGN_IN);
    events.push(event(7, 1, JOB, 1, &format!(r#"{{"url":{deep},"x":{deep}}}"#)));
    events.push(format!(r#"{{"type":{deep},"source":{{"id":[{deep}]}},"params":{{"headers":{{"a":{deep}}},"x":{deep}}}}}"#));
    events.push(deep);
    assert_eq!(read(log(&events)).entries, 1);
}

#[test]
fn cutting_anywhere_keeps_what_was_complete() {
    let mut events = plain(7, 1000, SIGN_IN);
    let text = log(&events);
    let complete = text.find("],\n\"polled").unwrap();
    events.extend(plain(8, 2000, "https://app.example/cb?code=x"));
    let text = log(&events);
    for cut in 0..text.len() {
        match read_bytes(&text.as_bytes()[..cut]) {
            Ok(capture) => {
                assert_eq!(capture.exchanges[0].request.url.raw(), SIGN_IN);
                // The line end and the closing brace are the last two bytes.
                assert_eq!(capture.warnings.len(), usize::from(cut < text.len() - 1), "{cut}");
            }
            Err(error) => assert!(cut < complete, "{cut}: {error}"),
        }
    }
}

proptest! {
    #[test]
    fn no_byte_makes_it_panic(at in 0_usize..4000, byte: u8, cut in 0_usize..4000) {
        let mut events = plain(7, 1000, SIGN_IN);
        events.insert(3, event(7, 1006, BODY, 0, r#"{"byte_count":3,"bytes":"PGh0"}"#));
        events.insert(1, event(7, 1000, COOKIE, 0, r#"{"operation":"send","status":"EXCLUDE_USER_PREFERENCES"}"#));
        events.extend(plain(8, 2000, SIGN_IN));
        let mut bytes = log(&events).into_bytes();
        let length = bytes.len();
        bytes[at % length] = byte;
        let _ = read_bytes(&bytes);
        let _ = read_bytes(&bytes[..cut % length]);
    }
}

#[test]
fn the_form_of_the_lines_changes_nothing() {
    let mut events = plain(7, 1000, SIGN_IN);
    events.extend(plain(8, 2000, "https://app.example/x"));
    let lines = log(&events);
    let value: serde_json::Value = serde_json::from_str(&lines).unwrap();
    let told = |text: &str| {
        let capture = read(text);
        let told =
            |exchange: &Exchange| (exchange.entry, exchange.request.url.raw().to_owned(), exchange.response.status, exchange.started);
        (capture.entries, capture.exchanges.iter().map(told).collect::<Vec<_>>(), capture.warnings)
    };
    let expected = told(&lines);
    assert_eq!((expected.0, expected.2.len()), (2, 0));
    for other in [
        value.to_string(),
        serde_json::to_string_pretty(&value).unwrap(),
        lines.replace('\n', "\r\n"),
        format!("\u{feff}{lines}"),
        lines.replacen(",\n{", ",\n\n{", 3),
    ] {
        assert_eq!(told(&other), expected);
    }
}

#[test]
fn a_break_behind_events_is_placed_in_the_file() {
    let text = log(&plain(7, 1000, SIGN_IN));
    let at = text.rfind("\n{").unwrap() + 1;
    let line = text.get(..at).unwrap().matches('\n').count() + 1;
    for (prefix, skipped) in [("", 0), ("\u{feff}", 3)] {
        let broken = format!("{prefix}{}!{}", text.get(..at).unwrap(), text.get(at..).unwrap());
        let expected = format!("the JSON is broken after entry 0, at byte {} (line {line}, column 1); the rest was not read", at + skipped);
        assert_eq!(read(broken).warnings[0].message, expected);
    }
}
