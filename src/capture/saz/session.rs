//! One session of a SAZ as an exchange.

use super::metadata::Metadata;
use crate::capture::http_message::{Body, Message, Transfer, address};
use crate::exchange::{Exchange, Loss, ProxyFailure, Recorded};
use std::cell::Cell;

/// Why Fiddler itself answered a session, by the beginning of its own words.
const FAILURES: &[(&str, ProxyFailure)] = &[
    ("Fiddler - DNS", ProxyFailure::NoHost),
    ("Fiddler - Connection", ProxyFailure::NoConnection),
    ("Fiddler - Receive", ProxyFailure::NoResponse),
];

/// The parts of a session, unpacked.
pub(super) struct Parts<'a> {
    /// What the client sent.
    pub(super) request: &'a [u8],
    /// What the server sent; empty where nothing came.
    pub(super) response: &'a [u8],
    /// What Fiddler noted.
    pub(super) metadata: Metadata,
    /// The session's number in the archive.
    pub(super) number: u64,
}

/// Makes an exchange of a session; without a request that has an address, there is none. What `left` holds may
/// still be decoded of bodies.
pub(super) fn exchange(
    parts: Parts<'_>,
    entry: usize,
    left: &Cell<usize>,
    warn: &mut impl FnMut(&'static str),
) -> Result<Exchange, &'static str> {
    let request = Message::parse(parts.request);
    let line = request.request_line().ok_or("the request does not begin as HTTP")?;
    let method = line.method.to_ascii_uppercase();
    let is_tunnel = method == "CONNECT";
    let url = if is_tunnel { address::tunnel(line.target) } else { address(line.target, request.header("host"), &parts.metadata) };
    let url = url.ok_or("the request has no URL")?;

    let response = Message::parse_response(parts.response);
    let line = response.status_line();
    if line.is_none() && !parts.response.is_empty() {
        warn("the response does not begin as HTTP");
    }
    let failure = line.as_ref().and_then(|line| failure(line.status, line.reason));
    // What Fiddler answered is no word of a server.
    let arrived = failure.is_none() && line.is_some();
    let status = line.map(|line| line.status).filter(|_| arrived);
    let nothing = Message::parse(b"");
    let response = if arrived { &response } else { &nothing };
    if parts.metadata.bad_start {
        warn("the start time is not a date");
    }

    let transfer = Transfer {
        entry,
        started: parts.metadata.started,
        duration_ms: parts.metadata.duration_ms(),
        resource: Recorded::NotKept(Loss::NotRecorded),
        method,
        url,
        request: &request,
        posted: Body::new(&request, true, left),
        status,
        response,
        has_response: arrived,
        received: Body::new(response, arrived, left),
        mime: response.mime(),
        failure,
    };
    let label = parts.metadata.id.clone().unwrap_or_else(|| parts.number.to_string());
    Ok(Exchange { label: Some(label.into()), ..transfer.exchange(warn) })
}

/// The address of a request: absolute as proxies are asked, or a path at the host of the Host header.
fn address(target: &str, host: Option<&str>, metadata: &Metadata) -> Option<String> {
    if let Some(told) = address::absolute(target) {
        return Some(told.to_owned());
    }
    let host = host.map(str::trim).filter(|host| !host.is_empty())?;
    let port = host.rsplit_once(':').map(|(_, port)| port);
    let scheme = match (port, metadata.is_https) {
        (Some("443"), _) => "https",
        (Some("80"), _) | (_, Some(false)) => "http",
        _ => "https",
    };
    Some(address::address(scheme, host, Some(target)))
}

/// The failure that Fiddler's own answer stands for.
fn failure(status: u16, reason: &str) -> Option<ProxyFailure> {
    let is_own = status >= 400 && reason.get(..9).is_some_and(|start| start.eq_ignore_ascii_case("Fiddler -"));
    let known = FAILURES.iter().find(|(begin, _)| reason.starts_with(begin));
    is_own.then(|| known.map_or(ProxyFailure::Untold, |(_, failure)| *failure))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::exchange::NotAnswered;

    fn read_with(metadata: Metadata, request: &str, response: &str) -> (Result<Exchange, &'static str>, Vec<&'static str>) {
        let mut warnings = Vec::new();
        let parts = Parts { request: request.as_bytes(), response: response.as_bytes(), metadata, number: 7 };
        let exchange = exchange(parts, 3, &Cell::new(usize::MAX), &mut |kind| warnings.push(kind));
        (exchange, warnings)
    }

    /// A session that is read without a warning.
    fn read(request: &str, response: &str) -> Exchange {
        let (exchange, warnings) = read_with(Metadata::default(), request, response);
        assert!(warnings.is_empty(), "{warnings:?}");
        exchange.ok().unwrap()
    }

    fn url(request: &str) -> String {
        read(request, "").request.url.raw().to_owned()
    }

    const SIGN_IN: &str =
        "get https://login.microsoftonline.com/common/oauth2/v2.0/authorize HTTP/1.1\r\nHost: login.microsoftonline.com\r\n\r\n";
    const APP: &str = "GET https://app.example/ HTTP/1.1\r\nHost: app.example\r\nCookie: a=b\r\nReferer: x\r\n\r\n";

    #[test]
    fn a_sign_in_is_kept_whole() {
        let exchange = read(SIGN_IN, "HTTP/1.1 200 OK\r\nSet-Cookie: a\r\nSet-Cookie: b\r\nContent-Type: text/html\r\n\r\n<p>hi");
        assert!(exchange.kept_whole);
        assert_eq!((&*exchange.request.method, exchange.entry, exchange.label.as_deref()), ("GET", 3, Some("7")));
        assert_eq!(exchange.response.body.kept().unwrap().raw(), "<p>hi");
        assert_eq!((exchange.response.size, exchange.response.mime.as_deref()), (Some(5), Some("text/html")));
        assert_eq!(exchange.response.headers.all("set-cookie").count(), 2);
        assert_eq!((exchange.request.headers.absent(), exchange.response.headers.absent()), (None, None));
        assert!(exchange.request.body == Recorded::Empty);
        assert_eq!((exchange.page.loss(), exchange.resource.loss()), (Some(Loss::NotRecorded), Some(Loss::NotRecorded)));
    }

    #[test]
    fn anything_else_leaves_a_summary() {
        let exchange = read(APP, "HTTP/1.1 200 OK\r\nContent-Type: image/png\r\nX: y\r\n\r\nabc");
        assert!(!exchange.kept_whole && exchange.request.headers.has("referer") && !exchange.request.headers.has("cookie"));
        assert_eq!(exchange.request.headers.absent(), Some(Loss::Summarised));
        assert!(exchange.request.body == Recorded::Empty && !exchange.response.headers.has("x"));
        assert_eq!((exchange.response.body.loss(), exchange.response.size), (Some(Loss::Summarised), Some(3)));
    }

    #[test]
    fn a_page_that_names_a_code_is_kept() {
        let exchange =
            read(APP, "HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nTransfer-Encoding: chunked\r\n\r\nb\r\nAADSTS50011\r\n0\r\n\r\n");
        assert!(exchange.kept_whole);
        assert_eq!((exchange.response.body.kept().unwrap().raw(), exchange.response.size), ("AADSTS50011", Some(11)));
    }

    #[test]
    fn a_posted_sign_in_is_kept() {
        let post = "POST https://app.example/cb HTTP/1.1\r\nContent-Type: application/x-www-form-urlencoded\r\n\r\ncode=x";
        let exchange = read(post, "HTTP/1.1 200 OK\r\nA: b\r\n\r\n");
        assert_eq!(exchange.request.body.kept().unwrap().raw(), "code=x");
        assert!(!read(&post.replace("code=", "barcode="), "HTTP/1.1 200 OK\r\nA: b\r\n\r\n").kept_whole);
    }

    #[test]
    fn addresses() {
        assert_eq!(url("GET HTTPS://a.example:8443/x?y HTTP/1.1\r\nHost: b\r\n\r\n"), "HTTPS://a.example:8443/x?y");
        assert_eq!(url("GET /x?y=https://z HTTP/1.1\r\nHost: a.example\r\n\r\n"), "https://a.example/x?y=https://z");
        assert_eq!(url("GET /x HTTP/1.1\r\nHost: a.example:80\r\n\r\n"), "http://a.example/x");
        assert_eq!(url("GET /x HTTP/1.1\r\nHost: a.example:8080\r\n\r\n"), "https://a.example:8080/x");
        assert_eq!(url("OPTIONS * HTTP/1.1\r\nHost: a.example\r\n\r\n"), "https://a.example/");
        let plain = || Metadata { is_https: Some(false), ..Metadata::default() };
        let with = |host: &str| {
            let (exchange, _) = read_with(plain(), &format!("GET /x HTTP/1.1\r\nHost: {host}\r\n\r\n"), "");
            exchange.ok().unwrap().request.url.raw().to_owned()
        };
        assert_eq!((&*with("a.example"), &*with("a.example:443")), ("http://a.example/x", "https://a.example/x"));
        assert_eq!(url("GET /x HTTP/1.1\r\nHost: 2001:db8::1\r\n\r\n"), "https://[2001:db8::1]/x");
    }

    #[test]
    fn no_address_is_no_exchange() {
        let error = |request| read_with(Metadata::default(), request, "").0.err();
        assert_eq!(error("GET /x HTTP/1.1\r\n\r\n"), Some("the request has no URL"));
        assert_eq!(error("CONNECT / HTTP/1.1\r\n\r\n"), Some("the request has no URL"));
        assert_eq!(error(""), Some("the request does not begin as HTTP"));
    }

    #[test]
    fn a_tunnel_is_a_summary() {
        let request = "CONNECT login.microsoftonline.com:443 HTTP/1.1\r\nHost: login.microsoftonline.com:443\r\n\r\n";
        let exchange = read(request, "HTTP/1.1 200 Connection Established\r\n\r\nThis is a CONNECT tunnel, …");
        assert!(!exchange.kept_whole);
        assert_eq!((&*exchange.request.method, exchange.request.url.raw()), ("CONNECT", "https://login.microsoftonline.com:443/"));
        assert_eq!((exchange.response.status, exchange.response.body.loss()), (Some(200), Some(Loss::Summarised)));
        let failed = read(request, "HTTP/1.1 502 Fiddler - DNS Lookup Failed\r\n\r\n[Fiddler] …");
        assert!(!failed.kept_whole && failed.response.status.is_none() && failed.response.failure.is_some());
    }

    #[test]
    fn fiddlers_own_pages_are_no_responses() {
        for (line, told) in [
            ("502 Fiddler - DNS Lookup Failed", ProxyFailure::NoHost),
            ("502 Fiddler - Connection Failed", ProxyFailure::NoConnection),
            ("504 Fiddler - Receive Failure", ProxyFailure::NoResponse),
            ("502 Fiddler - Something else", ProxyFailure::Untold),
        ] {
            let exchange = read(SIGN_IN, &format!("HTTP/1.1 {line}\r\nContent-Type: text/html\r\n\r\n[Fiddler] AADSTS50011"));
            assert!(exchange.response.status.is_none() && exchange.response.failure == Some(NotAnswered::Proxy(told)), "{line}");
            assert_eq!((exchange.response.body.loss(), exchange.response.mime), (Some(Loss::Unknown), None));
            assert_eq!(exchange.response.headers.absent(), Some(Loss::Unknown));
        }
        assert_eq!(read(SIGN_IN, "HTTP/1.1 502 Bad Gateway\r\nA: b\r\n\r\n").response.status, Some(502));
        assert_eq!(read(SIGN_IN, "HTTP/1.1 200 Fiddler - rule\r\nA: b\r\n\r\n").response.status, Some(200));
    }

    #[test]
    fn no_response() {
        let exchange = read(SIGN_IN, "");
        assert!(exchange.kept_whole && exchange.response.status.is_none() && exchange.response.failure.is_none());
        assert_eq!((exchange.response.body.loss(), exchange.response.size), (Some(Loss::Unknown), None));
        let (exchange, warnings) = read_with(Metadata::default(), SIGN_IN, "<p>hi");
        assert_eq!((exchange.ok().unwrap().response.status, warnings), (None, vec!["the response does not begin as HTTP"]));
    }

    #[test]
    fn flaws_are_warnings() {
        let (exchange, warnings) = read_with(
            Metadata { bad_start: true, ..Metadata::default() },
            SIGN_IN,
            "HTTP/1.1 200 OK\r\nnothing\r\nContent-Encoding: gzip\r\n\r\n<p>hi",
        );
        let exchange = exchange.ok().unwrap();
        assert_eq!(warnings.len(), 3, "{warnings:?}");
        assert_eq!(exchange.response.headers.absent(), Some(Loss::Damaged));
        assert_eq!(exchange.response.body.kept().unwrap().raw(), "<p>hi");
    }
}
