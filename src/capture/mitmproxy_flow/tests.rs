//! Flow files made up after the layout of mitmproxy 12.

use super::*;
use crate::capture::http_message::MOST_HEADERS;
use crate::exchange::{Exchange, Loss, NotAnswered, ProxyFailure, Recorded};

type Bytes = Vec<u8>;

fn value(kind: char, data: &[u8]) -> Bytes {
    let mut bytes = format!("{}:", data.len()).into_bytes();
    bytes.extend(data);
    bytes.push(kind as u8);
    bytes
}

fn bytes(data: &[u8]) -> Bytes {
    value(',', data)
}

fn words(data: &str) -> Bytes {
    value(';', data.as_bytes())
}

fn null() -> Bytes {
    value('~', b"")
}

fn dict(members: &[(&str, Bytes)]) -> Bytes {
    value('}', &members.iter().flat_map(|(key, value)| [words(key), value.clone()].concat()).collect::<Bytes>())
}

fn headers(lines: &[(&str, &str)]) -> Bytes {
    let pair = |(name, text): &(&str, &str)| value(']', &[bytes(name.as_bytes()), bytes(text.as_bytes())].concat());
    value(']', &lines.iter().flat_map(pair).collect::<Bytes>())
}

fn request_of(method: &str, authority: &str, path: &str, lines: &[(&str, &str)], content: Bytes, start: &str) -> Bytes {
    dict(&[
        ("path", bytes(path.as_bytes())),
        ("authority", bytes(authority.as_bytes())),
        ("scheme", bytes(b"https")),
        ("method", bytes(method.as_bytes())),
        ("port", value('#', b"8443")),
        ("host", words("127.0.0.1")),
        ("timestamp_end", value('^', b"1795178687.9")),
        ("timestamp_start", value('^', start.as_bytes())),
        ("trailers", null()),
        ("content", content),
        ("headers", headers(lines)),
        ("http_version", bytes(b"HTTP/1.1")),
    ])
}

fn request() -> Bytes {
    let lines = [("Host", "login.microsoftonline.com"), ("User-Agent", "made up")];
    request_of("GET", "", "/common/oauth2/v2.0/authorize?client_id=x", &lines, bytes(b""), "1795178687.878978")
}

fn response_of(status: &str, lines: &[(&str, &str)], content: Bytes) -> Bytes {
    dict(&[
        ("reason", bytes(b"OK")),
        ("status_code", value('#', status.as_bytes())),
        ("timestamp_end", value('^', b"1795178687.978978")),
        ("content", content),
        ("headers", headers(lines)),
    ])
}

fn response() -> Bytes {
    response_of(
        "200",
        &[("Content-Type", "text/html; charset=utf-8"), ("Set-Cookie", "a=b"), ("Set-Cookie", "c=d")],
        bytes(b"<p>AADSTS50011"),
    )
}

fn flow(request: Bytes, response: Bytes, error: Bytes) -> Bytes {
    dict(&[
        ("websocket", null()),
        ("response", response),
        ("request", request),
        ("metadata", dict(&[])),
        ("intercepted", value('!', b"false")),
        ("error", error),
        ("type", words("http")),
        ("version", value('#', b"21")),
    ])
}

fn read(bytes: &[u8]) -> Capture {
    match super::read(bytes, &Limits::default()) {
        Ok(capture) => capture,
        Err(error) => panic!("{error}"),
    }
}

fn one(bytes: &[u8]) -> (Exchange, Vec<String>) {
    let mut capture = read(bytes);
    assert_eq!((capture.entries, capture.exchanges.len()), (1, 1));
    (capture.exchanges.remove(0), capture.warnings.into_iter().map(|warning| warning.message).collect())
}

#[test]
fn a_flow_of_mitmproxys() {
    let capture = read(&flow(request(), response(), null()));
    assert_eq!((capture.format, capture.exporter, capture.entries), (Format::MitmproxyFlow, Exporter::Mitmproxy, 1));
    assert!(capture.warnings.is_empty() && capture.pages.is_empty());
    let exchange = &capture.exchanges[0];
    assert_eq!(exchange.request.url.raw(), "https://login.microsoftonline.com/common/oauth2/v2.0/authorize?client_id=x");
    assert_eq!((&*exchange.request.method, exchange.response.status, exchange.kept_whole), ("GET", Some(200), true));
    assert_eq!(exchange.started.unwrap().to_rfc3339(), "2026-11-20T12:44:47.878978+00:00");
    assert!((exchange.duration_ms.unwrap() - 100.0).abs() < 0.01);
    assert_eq!(exchange.response.body.kept().unwrap().raw(), "<p>AADSTS50011");
    assert_eq!((exchange.response.size, exchange.response.mime.as_deref()), (Some(14), Some("text/html")));
    assert!(exchange.response.failure.is_none() && exchange.request.body == Recorded::Empty);
}

#[test]
fn a_compressed_body_that_was_chunked() {
    use std::io::Write;
    let mut gzip = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::default());
    gzip.write_all(b"AADSTS50011").unwrap();
    let lines = [("Transfer-Encoding", "chunked"), ("Content-Encoding", "gzip"), ("Content-Type", "text/html")];
    let (exchange, warnings) = one(&flow(request(), response_of("400", &lines, bytes(&gzip.finish().unwrap())), null()));
    assert_eq!(exchange.response.body.kept().unwrap().raw(), "AADSTS50011");
    assert!(warnings.is_empty(), "{warnings:?}");
}

#[test]
fn a_flow_without_a_response() {
    let error = |msg: &str| dict(&[("msg", words(msg)), ("timestamp", value('^', b"1795178688.878978"))]);
    let (exchange, warnings) = one(&flow(request(), null(), error("Client disconnected.")));
    assert_eq!((exchange.response.status, exchange.response.size, warnings.len()), (None, None, 0));
    assert!(exchange.response.failure == Some(NotAnswered::Proxy(ProxyFailure::ClientLeft)));
    assert!(exchange.kept_whole && exchange.response.body == Recorded::NotKept(Loss::Unknown));
    assert!((exchange.duration_ms.unwrap() - 1000.0).abs() < 0.01);
    for error in [error("SECRET"), null()] {
        let (exchange, _) = one(&flow(request(), null(), error));
        assert!(exchange.response.failure == Some(NotAnswered::Proxy(ProxyFailure::Untold)));
    }
}

#[test]
fn a_response_that_broke_off() {
    let error = dict(&[("msg", words("SECRET"))]);
    let (exchange, warnings) = one(&flow(request(), response_of("200", &[("A", "b")], null()), error));
    assert_eq!((exchange.response.status, exchange.response.failure.is_none()), (Some(200), true));
    assert!(exchange.response.body == Recorded::NotKept(Loss::Unknown) && exchange.response.size.is_none());
    assert_eq!(warnings, ["the response came with an error; it may be incomplete"]);
}

#[test]
fn addresses() {
    let url = |method: &str, authority: &str, path: &str, lines: &[(&str, &str)]| {
        one(&flow(request_of(method, authority, path, lines, bytes(b""), "1"), response(), null())).0.request.url.raw().to_owned()
    };
    assert_eq!(url("GET", "a.example:443", "/x", &[("host", "b.example")]), "https://a.example/x");
    assert_eq!(url("get", "", "/x?y", &[("HOST", "b.example:8443")]), "https://b.example:8443/x?y");
    assert_eq!(url("GET", "", "*", &[]), "https://127.0.0.1:8443/");
    assert_eq!(url("CONNECT", "login.microsoftonline.com:443", "", &[]), "https://login.microsoftonline.com:443/");
    let tunnel = request_of("CONNECT", "login.microsoftonline.com:443", "", &[], bytes(b""), "1");
    assert!(!one(&flow(tunnel, response(), null())).0.kept_whole);
}

#[test]
fn a_posted_code_is_kept_and_ballast_is_not() {
    let lines = [("Host", "app.example"), ("Content-Type", "application/x-www-form-urlencoded")];
    let post = |body: &[u8]| one(&flow(request_of("POST", "", "/cb", &lines, bytes(body), "1"), response_of("200", &[], null()), null())).0;
    let kept = post(b"code=FAKE&state=x");
    assert!(kept.kept_whole && kept.request.body.kept().unwrap().raw() == "code=FAKE&state=x");
    let summary = post(b"a=b");
    assert!(!summary.kept_whole && summary.request.body == Recorded::NotKept(Loss::Summarised));
}

#[test]
fn other_flows_are_passed_over() {
    let dns = dict(&[("type", words("dns")), ("request", null())]);
    let old = value('}', &[bytes(b"type"), bytes(b"http"), bytes(b"request"), request()].concat());
    let capture = read(&[dns.clone(), flow(request(), response(), null()), b"\r\n".to_vec(), old].concat());
    assert_eq!((capture.entries, capture.exchanges.len(), capture.warnings.len()), (2, 2, 0));
    let capture = read(&dns);
    assert_eq!((capture.entries, &*capture.warnings[0].message), (0, NO_FLOWS));
}

#[test]
fn nothing_usable() {
    let flow = dict(&[("type", words("http")), ("request", null())]);
    assert!(matches!(super::read(flow.as_slice(), &Limits::default()), Err(CaptureError::NoUsableEntry { entries: 1, entry: 0, .. })));
    for bad in [b"" as &[u8], b"  ", b"3:abc,", b"99:a}", b"hello"] {
        assert!(matches!(super::read(bad, &Limits::default()), Err(CaptureError::BrokenWrapper { what: "mitmproxy flow file" })));
    }
}

#[test]
fn damaged_parts_are_warnings() {
    let broken = request_of("GET", "", "/x", &[("Host", "login.live.com"), ("", "x")], bytes(b""), "inf");
    let (exchange, warnings) = one(&flow(broken, response_of("70000", &[], bytes(b"")), null()));
    assert_eq!(warnings, ["the response has no status", "the start time is not a date", "some headers could not be understood"]);
    assert!(exchange.started.is_none() && exchange.response.status.is_none());
    // The last would be in the year 33658, which no HAR could write: found by a fuzzer, because the order of time was lost there.
    for start in ["-1", "0", "1e300", "nan", "1e12"] {
        assert!(one(&flow(request_of("GET", "a.example", "/", &[], bytes(b""), start), response(), null())).0.started.is_none());
    }
}

#[test]
fn a_cut_at_every_byte() {
    let one = flow(request(), response(), null());
    let two = [one.clone(), one.clone()].concat();
    for end in 0..two.len() {
        match super::read(&two[..end], &Limits::default()) {
            Err(error) => assert!(end < one.len() && matches!(error, CaptureError::BrokenWrapper { .. })),
            Ok(capture) => {
                assert_eq!((end >= one.len(), capture.exchanges.len(), capture.warnings.len()), (true, 1, usize::from(end > one.len())));
                let place = format!("the file is cut off in flow 1 (counted from 0), at byte {}; what came before was read", one.len());
                assert!(capture.warnings.iter().all(|warning| warning.message == place));
            }
        }
    }
}

#[test]
fn a_changed_byte_is_no_panic() {
    let whole = flow(request(), response(), null());
    for at in 0..whole.len() {
        for byte in [b'0', b'9', b':', b'}', b']', b'~', b'#', 0xFF] {
            let mut changed = whole.clone();
            changed[at] = byte;
            let _ = super::read(changed.as_slice(), &Limits::default());
        }
    }
}

#[test]
fn depth_is_no_danger() {
    let deep = (0..20_000).fold(null(), |inner, _| value(']', &inner));
    let (_, warnings) = one(&flow(request(), response(), deep));
    assert!(warnings.is_empty());
}

#[test]
fn all_bodies_together_and_one_flow_have_an_end() {
    let flow = || flow(request(), response_of("200", &[("Content-Type", "text/html")], bytes(&[b'a'; 1000])), null());
    let file = [flow(), flow()].concat();
    let capture = super::read(file.as_slice(), &Limits { bodies: 1500, ..Limits::default() }).ok().unwrap();
    let lengths: Vec<usize> = capture.exchanges.iter().map(|exchange| exchange.response.body.kept().unwrap().raw().len()).collect();
    assert_eq!((lengths, capture.warnings.len()), (vec![1000, 500], 1));
    let longer = flow_of_length(flow().len() as u64 * 2);
    let file = [flow(), longer, flow()].concat();
    let capture = super::read(file.as_slice(), &Limits { unpacked: flow().len() as u64 + 1, ..Limits::default() }).ok().unwrap();
    assert_eq!((capture.exchanges.len(), capture.warnings.len()), (1, 1));
    assert!(capture.warnings[0].ends_the_reading());
}

/// A flow whose one body makes it at least so long.
#[test]
fn a_header_is_one_line() {
    let lines = [("Set-Cookie", "a=b\r\n c=d; path=/\0"), ("\u{a0}Location", "/x\n/y")];
    let (exchange, _) = one(&flow(request(), response_of("302", &lines, bytes(b"")), null()));
    let found: Vec<_> = exchange.response.headers.lines().iter().map(|line| (&*line.name, line.written().raw())).collect();
    assert_eq!(found, [("set-cookie", "a=b   c=d; path=/"), ("\u{a0}location", "/x /y")]);
}

fn flow_of_length(length: u64) -> Bytes {
    flow(request(), response_of("200", &[], bytes(&vec![b'a'; length as usize])), null())
}

#[test]
fn there_is_an_end_to_headers() {
    let lines = vec![("a", "b"); MOST_HEADERS + 7];
    let (exchange, warnings) = one(&flow(request(), response_of("200", &lines, bytes(b"")), null()));
    assert_eq!((exchange.response.headers.lines().len(), warnings.len()), (MOST_HEADERS, 1));
}
