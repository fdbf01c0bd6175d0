//! Files made up after those that Burp Suite wrote and others published: none by Burp itself was at hand.

use super::*;
use crate::exchange::{Loss, Recorded};
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use proptest::prelude::*;

const HEAD: &str = "<?xml version=\"1.0\"?>\n<!DOCTYPE items [\n<!ELEMENT items (item*)>\n<!ATTLIST items burpVersion CDATA \"\">\n\
    <!ATTLIST items exportTime CDATA \"\">\n<!ELEMENT item (time, url, host, port, protocol, method, path, extension, request, \
    status, responselength, mimetype, response, comment)>\n<!ATTLIST request base64 (true|false) \"false\">\n]>\n\
    <items burpVersion=\"2026.1.2\" exportTime=\"Sat Nov 21 10:00:00 CET 2026\">\n";

const REQUEST: &str = "GET /common/oauth2/v2.0/authorize?client_id=x HTTP/2\r\nHost: login.microsoftonline.com\r\n\r\n";
const RESPONSE: &str =
    "HTTP/2 200 OK\r\nContent-Type: text/html; charset=utf-8\r\nSet-Cookie: a=b\r\nSet-Cookie: c=d\r\n\r\n<p>AADSTS50011";

/// The elements before the request.
fn before(time: &str, url: &str) -> String {
    format!(
        "    <time>{time}</time>\n    <url><![CDATA[{url}]]></url>\n    <host ip=\"192.0.2.7\">login.microsoftonline.com</host>\n    \
         <port>443</port>\n    <protocol>https</protocol>\n    <method><![CDATA[GET]]></method>\n    \
         <path><![CDATA[/common/oauth2/v2.0/authorize?client_id=x]]></path>\n    <extension>null</extension>\n"
    )
}

fn holder(name: &str, message: &[u8]) -> String {
    format!("    <{name} base64=\"true\"><![CDATA[{}]]></{name}>\n", STANDARD.encode(message))
}

fn item_of(before: &str, request: &str, response: &str, length: &str) -> String {
    format!(
        "  <item>\n{before}{request}    <status>200</status>\n    <responselength>{length}</responselength>\n    \
         <mimetype>HTML</mimetype>\n{response}    <comment></comment>\n  </item>\n"
    )
}

const URL: &str = "https://login.microsoftonline.com/common/oauth2/v2.0/authorize?client_id=x";
const TIME: &str = "Fri Nov 20 12:44:47 UTC 2026";

fn item() -> String {
    messages(REQUEST.as_bytes(), RESPONSE.as_bytes())
}

fn messages(request: &[u8], response: &[u8]) -> String {
    item_of(&before(TIME, URL), &holder("request", request), &holder("response", response), "")
}

fn at(time: &str, name: &str) -> String {
    let url = format!("https://app.example/{name}");
    item_of(&before(time, &url), &holder("request", format!("GET /{name} HTTP/1.1\r\nA: b\r\n\r\n").as_bytes()), "", "")
}

fn file(items: &str) -> Vec<u8> {
    format!("{HEAD}{items}</items>\n").into_bytes()
}

fn load(bytes: &[u8]) -> Result<Capture, CaptureError> {
    super::read(bytes, &Limits::default())
}

#[track_caller]
fn read(bytes: &[u8]) -> Capture {
    match load(bytes) {
        Ok(capture) => capture,
        Err(error) => panic!("{error}"),
    }
}

#[track_caller]
fn one(item: &str) -> (Exchange, Vec<String>) {
    let mut capture = read(&file(item));
    assert_eq!((capture.entries, capture.exchanges.len()), (1, 1));
    (capture.exchanges.remove(0), capture.warnings.into_iter().map(|warning| warning.message).collect())
}

#[test]
fn an_item_of_burps() {
    let capture = read(&file(&item()));
    assert_eq!((capture.format, capture.exporter, capture.entries), (Format::BurpXml, Exporter::Burp, 1));
    assert_eq!(capture.creator.as_deref(), Some("Burp Suite 2026.1.2"));
    assert!(capture.warnings.is_empty() && capture.pages.is_empty());
    let exchange = &capture.exchanges[0];
    assert_eq!((exchange.request.url.raw(), &*exchange.request.method, exchange.kept_whole), (URL, "GET", true));
    assert_eq!(exchange.started.unwrap().to_rfc3339(), "2026-11-20T12:44:47+00:00");
    assert_eq!(
        (exchange.response.status, exchange.response.size, exchange.response.mime.as_deref()),
        (Some(200), Some(14), Some("text/html"))
    );
    assert_eq!(exchange.response.body.kept().unwrap().raw(), "<p>AADSTS50011");
    assert_eq!(exchange.response.headers.all("set-cookie").count(), 2);
    assert_eq!((exchange.response.headers.absent(), exchange.request.headers.absent()), (None, None));
    assert!(exchange.request.body == Recorded::Empty && exchange.duration_ms.is_none() && exchange.response.failure.is_none());
}

#[test]
fn compressed_and_chunked() {
    use std::io::Write;
    let mut gzip = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::default());
    gzip.write_all(b"AADSTS50011").unwrap();
    let gzip = gzip.finish().unwrap();
    let head = "HTTP/1.1 400 Bad Request\r\nContent-Encoding: gzip\r\nTransfer-Encoding: chunked\r\nContent-Type: text/html\r\n\r\n";
    let response = [head.as_bytes(), format!("{:x}\r\n", gzip.len()).as_bytes(), &gzip, b"\r\n0\r\n\r\n"].concat();
    let (exchange, warnings) = one(&messages(REQUEST.as_bytes(), &response));
    assert_eq!((exchange.response.body.kept().unwrap().raw(), warnings.len()), ("AADSTS50011", 0));
    // Saved as text, nothing can be said of it any more.
    let text = String::from_utf8_lossy(&response).into_owned();
    let plain = format!("<response base64=\"false\"><![CDATA[{text}]]></response>");
    let (exchange, warnings) = one(&item_of(&before(TIME, URL), &holder("request", REQUEST.as_bytes()), &plain, ""));
    assert_eq!((exchange.response.status, exchange.response.body.loss()), (Some(400), Some(Loss::Unknown)));
    assert_eq!(warnings, ["a body that is no text was saved as text; save the items with the messages in base64"]);
}

#[test]
fn messages_as_text() {
    let page = "HTTP/1.1 200 OK\r\nContent-Type: text/html\r\n\r\n<script>//<![CDATA[\n$Config=\"AADSTS50011\";\n//]]></script><item>";
    for page in [page.to_owned(), page.replace("]]>", "]]]]><![CDATA[>")] {
        let request = format!("<request base64=\"false\"><![CDATA[{REQUEST}]]></request>");
        let response = format!("<response><![CDATA[{page}]]>\n</response>");
        let (exchange, warnings) = one(&item_of(&before(TIME, URL), &request, &response, ""));
        assert!(warnings.is_empty(), "{warnings:?}");
        let body = exchange.response.body.kept().unwrap().raw().to_owned();
        assert!(body.starts_with("<script>//<![CDATA[") && body.ends_with("//]]></script><item>"), "{body}");
    }
}

#[test]
fn messages_without_sections() {
    let request = format!("<request base64='true'>\n{}\n</request>", STANDARD.encode(REQUEST));
    let (exchange, warnings) =
        one(&item_of(&before(TIME, URL), &request, &format!("<response base64='true'>{}</response>", STANDARD.encode(RESPONSE)), ""));
    assert!(warnings.is_empty() && exchange.response.body.kept().is_some());
    let escaped = "<request>GET /?a=b&amp;c=&#100; HTTP/1.1&#13;\nHost: app.example\n\n</request>";
    assert_eq!(
        one(&item_of(&before(TIME, ""), escaped, "", "")).0.request.url.raw(),
        "https://app.example/common/oauth2/v2.0/authorize?client_id=x"
    );
}

#[test]
fn a_response_that_is_not_there() {
    for response in [
        "",
        "<response/>",
        "<response></response>",
        "<response base64=\"true\"></response>",
        "<response base64=\"true\"><![CDATA[]]></response>",
    ] {
        let item = item_of(&before(TIME, URL), &holder("request", REQUEST.as_bytes()), response, "");
        for (item, status) in [(item.replace("<status>200</status>", "<status></status>"), None), (item, Some(200))] {
            let (exchange, warnings) = one(&item);
            assert_eq!((exchange.response.status, exchange.response.failure.is_none(), warnings.len()), (status, true, 0), "{response}");
            assert_eq!((exchange.response.body.loss(), exchange.response.size), (Some(Loss::Unknown), None));
            assert_eq!(exchange.response.headers.absent(), Some(Loss::Unknown));
        }
    }
}

#[test]
fn a_response_that_is_cut_off() {
    let head = "HTTP/1.1 200 OK\r\nA: b\r\n\r\n";
    for (body, there) in [("", false), ("begun", true)] {
        let response = format!("{head}{body}");
        let item = item_of(&before(TIME, URL), &holder("request", REQUEST.as_bytes()), &holder("response", response.as_bytes()), "4096");
        let (exchange, warnings) = one(&item);
        assert_eq!(warnings, ["the response is shorter than Burp says that it was"]);
        assert_eq!(exchange.response.body.kept().is_some(), there);
        assert!(exchange.response.body != Recorded::Empty);
    }
}

#[test]
fn damaged_messages() {
    let bad = "    <response base64=\"true\"><![CDATA[%%%]]></response>\n";
    let (exchange, warnings) = one(&item_of(&before("yesterday", URL), &holder("request", REQUEST.as_bytes()), bad, ""));
    assert_eq!(warnings, ["a message is marked as base64 and is none", "the start time is not a date"]);
    assert_eq!((exchange.response.body.loss(), exchange.started), (Some(Loss::Unknown), None));
    let (_, warnings) = one(&messages(REQUEST.as_bytes(), b"<p>hi"));
    assert_eq!(warnings, ["the response does not begin as HTTP"]);
}

#[test]
fn addresses() {
    let request = |line: &str| holder("request", format!("{line} HTTP/1.1\r\nA: b\r\n\r\n").as_bytes());
    let url = |before: &str, line: &str| one(&item_of(before, &request(line), "", "")).0.request.url.raw().to_owned();
    assert_eq!(url(&before(TIME, "HTTPS://a.example/x?y"), "GET /other"), "HTTPS://a.example/x?y");
    assert_eq!(url("<host>a.example</host><port>8443</port><protocol>https</protocol>", "GET /x?y"), "https://a.example:8443/x?y");
    assert_eq!(url("<host>::1</host><port>80</port><protocol>http</protocol>", "GET *"), "http://[::1]/");
    assert_eq!(url("<host>a.example</host><port>80</port><protocol>https</protocol>", "GET /x"), "https://a.example:80/x");
    assert_eq!(url("", "CONNECT login.microsoftonline.com:443"), "https://login.microsoftonline.com:443/");
    assert!(!one(&item_of("", &request("CONNECT login.microsoftonline.com:443"), "", "")).0.kept_whole);
    let error = load(&file(&item_of("", &request("GET /x"), "", ""))).err().unwrap();
    assert!(matches!(error, CaptureError::NoUsableEntry { why: "the request has no URL", .. }));
}

#[test]
fn ballast_leaves_a_summary() {
    let (exchange, _) = one(&at(TIME, "picture.png"));
    assert!(!exchange.kept_whole);
    assert_eq!(exchange.request.headers.absent(), Some(Loss::Summarised));
}

fn order(items: &[String]) -> (Vec<String>, usize) {
    let capture = read(&file(&items.concat()));
    let names = capture.exchanges.iter().map(|exchange| exchange.request.url.raw().replace("https://app.example/", "")).collect();
    (names, capture.warnings.len())
}

#[test]
fn the_order_is_that_of_burps_clock() {
    let time = |second: u8, zone: &str| format!("Fri Nov 20 12:44:{second:02} {zone} 2026");
    let items =
        |zone: &str, seconds: &[(u8, &str)]| seconds.iter().map(|(second, name)| at(&time(*second, zone), name)).collect::<Vec<_>>();
    for (zone, warnings) in [("UTC", 0), ("CEST", 1)] {
        assert_eq!(order(&items(zone, &[(2, "c"), (1, "a"), (1, "b")])).0, ["b", "a", "c"], "the latest on top");
        assert_eq!(order(&items(zone, &[(1, "a"), (1, "b")])).0, ["a", "b"]);
        assert_eq!(order(&items(zone, &[(3, "c"), (1, "a"), (2, "b")])), (vec!["a".into(), "b".into(), "c".into()], warnings));
    }
    let (names, _) = order(&[at(&time(9, "CEST"), "a"), at(&time(1, "CET"), "b")]);
    assert_eq!(names, ["a", "b"], "clocks of two zones cannot be compared");
}

#[test]
fn a_bad_item_does_not_cost_the_others() {
    let good = item();
    for (bad, why) in [
        ("  <item><time></item>\n".to_owned(), "the item is no sound XML"),
        ("  <item><request>&bomb;</request></item>\n".to_owned(), "the item is no sound XML"),
        ("  <item><time>x</time>\n".to_owned(), "the item has no end"),
        ("  <item/>\n".to_owned(), "the item has no end"),
        ("  <item></item>\n".to_owned(), "the item has no request"),
        (format!("  <item><a {}/></item>\n", "b=''".repeat(500)), "the item has a tag that is longer than any that matters"),
        (item_of("", &holder("request", b"\x01\x02"), "", ""), "the request does not begin as HTTP"),
        (format!("  <item>{}</item>\n", "<a>".repeat(5000)), "the item is no sound XML"),
        (format!("  <item>{}{}</item>\n", "<a>".repeat(5000), "</a>".repeat(5000)), "the item is no sound XML"),
    ] {
        let capture = read(&file(&format!("{good}{bad}{good}")));
        let warnings: Vec<_> = capture.warnings.iter().map(|warning| (warning.entry, &*warning.message)).collect();
        assert_eq!((capture.entries, capture.exchanges.len(), warnings), (3, 2, vec![(Some(1), why)]));
        assert_eq!(capture.exchanges[1].entry, 2);
    }
}

#[test]
fn entities_are_never_expanded() {
    let bomb = "<!DOCTYPE items [<!ENTITY a \"AADSTS50011\"><!ENTITY b \"&a;&a;&a;&a;\"><!ENTITY c SYSTEM \"file:///etc/hostname\">]>";
    let items = format!("{}{}", item(), item().replace("<comment></comment>", "<comment>&b;&c;</comment>"));
    let capture = read(format!("<?xml version=\"1.0\"?>{bomb}<items burpVersion=\"&b;\">{items}</items>").as_bytes());
    assert_eq!((capture.exchanges.len(), capture.creator.as_deref()), (1, Some("Burp Suite")));
    assert_eq!(&*capture.warnings[0].message, "the item is no sound XML");
}

#[test]
fn nothing_usable() {
    for bad in ["", "<items", "<items burpVersion=\"1\">", "<!DOCTYPE items [", "<itemsets></itemsets>"] {
        let error = load(bad.as_bytes()).err().unwrap();
        assert!(matches!(error, CaptureError::BrokenWrapper { .. }), "{bad}: {error}");
    }
    for empty in ["<items></items>", "<items/>", "<items burpVersion=\"2\"/>", "<items><!-- <item> --></items>"] {
        let capture = read(empty.as_bytes());
        assert_eq!((capture.entries, &*capture.warnings[0].message), (0, "the file has no items"), "{empty}");
    }
    let error = load(&file("<item></item>")).err().unwrap();
    assert!(matches!(error, CaptureError::NoUsableEntry { entries: 1, entry: 0, why: "the item has no request" }));
}

#[test]
fn tags_without_an_end_take_no_time() {
    for piece in ["<request ", "<item ", "<!--", "<![CDATA[", "]]>", "<request><![CDATA["] {
        let _ = load(&file(&format!("<item>{}", piece.repeat(200_000))));
    }
}

#[test]
fn what_follows_is_told() {
    let capture = read(&[file(&item()), b"<items>".to_vec()].concat());
    assert_eq!(&*capture.warnings[0].message, "something follows the end of the items; it was not read");
}

#[test]
fn a_cut_at_every_byte() {
    let text = format!("<request><![CDATA[{REQUEST}]]></request>");
    let second = item_of(&before(TIME, URL), &text, &holder("response", RESPONSE.as_bytes()), "");
    let whole = file(&format!("{}{second}", item()));
    let first_end = HEAD.len() + item().trim_end().len();
    let end = whole.len() - 1;
    for cut in 0..end {
        match load(&whole[..cut]) {
            Err(error) => assert!(cut < first_end && matches!(error, CaptureError::BrokenWrapper { .. }), "{cut}: {error}"),
            Ok(capture) => {
                assert!(cut >= first_end && !capture.exchanges.is_empty(), "{cut}");
                assert_eq!(capture.warnings.len(), 1, "{cut}: {:?}", capture.warnings);
                assert!(capture.warnings[0].ends_the_reading(), "{cut}");
            }
        }
    }
    assert_eq!((read(&whole[..end]).exchanges.len(), read(&whole[..end]).warnings.len()), (2, 0));
}

#[test]
fn there_is_an_end_to_an_item_and_to_bodies() {
    // Beside the messages: what stands in their CDATA is not counted.
    let large = item().replace("<comment></comment>", &format!("<comment>{}</comment>", "a".repeat(32 << 20)));
    let capture = read(&file(&format!("{large}{}", item())));
    assert_eq!((capture.entries, capture.exchanges.len()), (2, 1));
    assert_eq!(&*capture.warnings[0].message, "the item is larger than any that matters");
    let long = messages(REQUEST.as_bytes(), RESPONSE.replace("AADSTS50011", &"a".repeat(997)).as_bytes());
    let limits = Limits { bodies: 1500, ..Limits::default() };
    let capture = super::read(&file(&format!("{long}{long}")), &limits).ok().unwrap();
    let lengths: Vec<usize> = capture.exchanges.iter().map(|exchange| exchange.response.body.kept().unwrap().raw().len()).collect();
    assert_eq!((lengths, capture.warnings.len()), (vec![1000, 500], 1));
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(128))]

    #[test]
    fn changed_bytes_are_no_panic(changes in prop::collection::vec((any::<prop::sample::Index>(), any::<u8>()), 1..8)) {
        let mut bytes = file(&format!("{}{}", item(), item()));
        for (index, byte) in changes {
            let length = bytes.len();
            bytes[index.index(length)] = byte;
        }
        let _ = load(&bytes);
    }
}
