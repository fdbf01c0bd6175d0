//! One HAR entry as an exchange.

use super::body::{self, Around, Body, Read};
use super::date::{date, is_no_time, is_without_zone};
use super::headers::{self, Keep};
use super::initiator;
use super::json::Raw;
use super::names::Named;
use super::note::EntryNote;
use super::parts::{EntryParts, HeaderParts, RequestParts, ResponseParts};
use super::resource;
use super::visitor::Entry;
use crate::capture::Exporter;
use crate::capture::attachments::Attachments;
use crate::capture::http_message::address;
use crate::capture::mitmproxy_flow::failure::meant as meant_by_mitmproxy;
use crate::capture::selection::{self, Lines, Sight};
use crate::capture::warnings::Warnings;
use crate::exchange::{ArcStr, Exchange, Interner, Loss, NotAnswered, ProxyFailure, RawText, RawUrl, Recorded, Request, Response};
use chrono::{DateTime, Utc};
use std::borrow::Cow;

/// Makes an exchange of an entry's parts; without a request that has an address, there is none.
pub(super) fn exchange(
    read: &Entry<'_>,
    entry: usize,
    exporter: Exporter,
    beside: &Attachments<'_>,
    interner: &mut Interner,
    warnings: &mut Warnings,
) -> Result<Exchange, &'static str> {
    let parts = read.parts.as_ref().ok_or("the entry is not a JSON object")?;
    let request = parts.request.as_ref().ok_or("the entry has no request")?;
    if request.url.is_some_and(Raw::is_let_go) {
        return Err("the request has a URL that is too large to be held");
    }
    let url = request.url.and_then(Raw::string).filter(|url| !url.trim().is_empty());
    let url = with_host(url.ok_or("the request has no URL")?, request);
    let mut warn = |kind| warnings.add(Some(entry), kind);

    let no_response = ResponseParts::default();
    let response = parts.response.as_ref().unwrap_or_else(|| {
        warn("the entry has no response");
        &no_response
    });
    let status = if parts.response.is_some() { status(response, &mut warn) } else { None };
    let method = method(request, &mut warn);
    let failure = failure(parts, response, exporter);
    let resource = parts.resource.and_then(Raw::string).map(|name| resource::of_name(&name));
    let mime = mime(response);
    let redirect = response.redirect.and_then(Raw::string).filter(|location| !location.is_empty());
    let posted = body::of_request(request, &method, exporter);
    let received = body::of_response(response.body.as_ref(), exporter);

    let no_headers = HeaderParts::default();
    let request_headers = request.headers.as_ref().unwrap_or(&no_headers);
    let response_headers = response.headers.as_ref().unwrap_or(&no_headers);
    let posted_mime = request.body.as_ref().and_then(|posted| posted.mime).and_then(Raw::string).and_then(|mime| body::mime_of(&mime));
    let around_posted = Around { beside, headers: request_headers, mime: posted_mime.as_deref() };
    let around_received = Around { beside, headers: response_headers, mime: mime.as_deref() };
    let form = request.body.as_ref().filter(|posted| body::is_form(posted)).map(|_| posted.decode(around_posted).body);
    let other = Some(posted).filter(|_| form.is_none() && selection::may_hand_code_on(&method, status));
    let other = other.map(|posted| posted.decode(around_posted).body);
    // The list repeats the headers: it matters where they are missing.
    let has_cookies = response_headers.all("set-cookie").next().is_some();
    let tells_something = |cookies: &Raw<'_>| selection::may_name_a_cookie_that_tells(cookies.bytes());
    let cookies_set = if has_cookies { Vec::new() } else { cookie_names(response.cookies.filter(tells_something)) };
    let sight = Sight {
        method: &method,
        url: &url,
        status,
        failed: failure.is_some(),
        resource,
        request: request_headers,
        response: response_headers,
        cookies_set: &cookies_set,
        redirect: redirect.as_deref(),
        form: form.as_ref().and_then(Recorded::kept).map(|form| &**form),
        posted: other.as_ref().and_then(Recorded::kept).map(|other| &**other),
        mime: mime.as_deref(),
        body: &|| received.bytes(around_received),
    };
    let note = parts.note.map(EntryNote::read).unwrap_or_default();
    let keep = match (note.whole.unwrap_or_else(|| sight.is_kept_whole()), sight.is_document()) {
        (true, _) => Keep::Whole,
        (false, true) => Keep::DocumentSummary,
        (false, false) => Keep::Summary,
    };
    let kept_whole = matches!(keep, Keep::Whole);

    for headers in [request_headers, response_headers] {
        if headers.damaged {
            warn("some headers could not be understood");
        }
    }
    let bodies = [posted, received];
    let (posted, received) = if kept_whole {
        let mut read = |body: Body<'_>, around| {
            let Read { body, flaw } = body.decode(around);
            flaw.into_iter().for_each(&mut warn);
            raw_text(body)
        };
        (read(posted, around_posted), read(received, around_received))
    } else {
        (posted.summarize(), received.summarize())
    };
    if kept_whole && bodies.into_iter().zip([&posted, &received]).any(|(body, read)| body.is_cut(read, beside)) {
        warn("a body that lies beside the capture is larger than any that matters; only its beginning was read");
    }
    // A page is also looked through for codes, so it matters that part of it was not there.
    if read.is_too_large && !matches!(keep, Keep::Summary) {
        warn("the entry is so large that its longest values were left out");
    }
    let listed_cookies = |cookies, headers: &HeaderParts<'_>, header: &str| match keep {
        Keep::Whole => cookie_names(cookies).into_iter().map(ArcStr::from).collect(),
        Keep::DocumentSummary if headers.all(header).next().is_none() => cookie_names(cookies).into_iter().map(ArcStr::from).collect(),
        Keep::DocumentSummary | Keep::Summary => Box::default(),
    };

    let mut exchange = Exchange {
        entry,
        label: None,
        started: started(parts.started, entry, warnings),
        duration_ms: parts.time.and_then(Raw::number).filter(|time| *time >= 0.0),
        page: page(parts.page, exporter, interner),
        initiator: initiator::initiator(parts.initiator.as_ref(), interner),
        resource: resource.map_or(Recorded::NotKept(Loss::NotRecorded), Recorded::Kept),
        request: Request {
            url: RawUrl::new(if kept_whole { &*url } else { without_data(&url) }),
            headers: headers::of_request(request.headers.as_ref(), exporter, keep, interner),
            listed_cookies: listed_cookies(request.cookies, request_headers, "cookie"),
            withheld_cookies: Recorded::NotKept(Loss::NotRecorded),
            body: posted,
            method: interner.text(&method),
        },
        response: Response {
            headers: headers::of_response(response.headers.as_ref(), status.is_some(), keep, interner),
            listed_cookies: listed_cookies(response.cookies, response_headers, "set-cookie"),
            redirect: redirect.map(RawText::new),
            size: size(response),
            body: received,
            failure,
            mime: mime.map(|mime| interner.text(&mime)),
            status,
        },
        kept_whole,
    };
    note.complete(&mut exchange);
    Ok(exchange)
}

/// An address of which a tool left only the path, or all but the scheme, with the host that it was sent to.
fn with_host<'a>(url: Cow<'a, str>, request: &RequestParts<Raw<'a>>) -> Cow<'a, str> {
    if address::absolute(&url).is_some() || url.starts_with("//") {
        return url;
    }
    let header = |name| request.headers.as_ref()?.all(name).next().filter(|value| !value.trim().is_empty());
    let Some(host) = header(":authority").or_else(|| header("host")) else { return url };
    let path = if url.starts_with('/') { Some(&*url) } else { url.strip_prefix(host.trim()) };
    match path.filter(|path| path.starts_with('/')) {
        Some(path) => Cow::Owned(address::address(address::scheme(header(":scheme").as_deref()), &host, Some(path))),
        None => url,
    }
}

/// When an entry began.
fn started(written: Option<Raw<'_>>, entry: usize, warnings: &mut Warnings) -> Option<DateTime<Utc>> {
    let written = written.filter(|written| !is_no_time(*written))?;
    let started = date(written);
    if started.is_none() && written.string().is_some_and(|text| is_without_zone(&text)) {
        warnings.add_to_all("start times do not say their zone and are not used; the entries stay in the order of the file");
    } else if started.is_none() {
        warnings.add(Some(entry), "the start time is not a date");
    }
    started
}

/// The status; `None` where no response came, which exporters write as 0, -1 or -2.
fn status(response: &ResponseParts<Raw<'_>>, warn: &mut impl FnMut(&'static str)) -> Option<u16> {
    match response.status.and_then(Raw::number) {
        Some(status) if status < 100.0 => None,
        Some(status) if status < 1000.0 => Some(status as u16),
        Some(_) | None => {
            warn("the response has no usable status");
            None
        }
    }
}

fn method<'a>(request: &RequestParts<Raw<'a>>, warn: &mut impl FnMut(&'static str)) -> Cow<'a, str> {
    match request.method.and_then(Raw::string) {
        Some(Cow::Borrowed(method)) if !method.is_empty() && method.bytes().all(|letter| letter.is_ascii_uppercase()) => method.into(),
        Some(method) if !method.trim().is_empty() => method.trim().to_ascii_uppercase().into(),
        _ => {
            warn("the request has no method");
            if request.body.is_some() { "POST" } else { "GET" }.into()
        }
    }
}

/// Why no response came: Chromium, mitmproxy and Safari write `_error`, as do we, Playwright `_failureText`, Charles a word
/// other than "COMPLETE", which tells no more than that.
fn failure(entry: &EntryParts<Raw<'_>>, response: &ResponseParts<Raw<'_>>, exporter: Exporter) -> Option<NotAnswered> {
    let told = [response.error, response.failure_text, entry.error].into_iter().flatten().filter_map(Raw::string);
    let meant = |words: Cow<'_, str>| match ProxyFailure::of_name(&words) {
        Some(why) => NotAnswered::Proxy(why),
        None if exporter == Exporter::Mitmproxy => NotAnswered::Proxy(meant_by_mitmproxy(&words)),
        None => NotAnswered::Browser(RawText::new(words)),
    };
    let is_incomplete = |status: &Cow<'_, str>| !status.is_empty() && status != "COMPLETE";
    let charles = || response.charles_status.and_then(Raw::string).filter(is_incomplete);
    told.filter(|why| !why.is_empty()).map(meant).next().or_else(|| charles().map(|_| NotAnswered::Proxy(ProxyFailure::Untold)))
}

fn mime<'a>(response: &'a ResponseParts<Raw<'_>>) -> Option<Cow<'a, str>> {
    let told = response.body.as_ref().and_then(|content| content.mime).and_then(Raw::string);
    let header = || response.headers.as_ref()?.all("content-type").next();
    // "x-unknown" is what Chromium writes when it does not know.
    let mime = told.filter(|mime| !mime.is_empty() && mime != "x-unknown").or_else(header)?;
    let mime = match mime {
        Cow::Borrowed(mime) => lower_case(essence(mime)),
        Cow::Owned(mime) => Cow::Owned(essence(&mime).to_ascii_lowercase()),
    };
    (!mime.is_empty()).then_some(mime)
}

/// A MIME type without its parameters.
fn essence(mime: &str) -> &str {
    let end = memchr::memchr(b';', mime.as_bytes()).unwrap_or(mime.len());
    mime.get(..end).unwrap_or_default().trim()
}

/// A text in lower case, copied only if it is not.
fn lower_case(text: &str) -> Cow<'_, str> {
    if text.bytes().any(|byte| byte.is_ascii_uppercase()) { Cow::Owned(text.to_ascii_lowercase()) } else { Cow::Borrowed(text) }
}

fn size(response: &ResponseParts<Raw<'_>>) -> Option<u64> {
    let size = response.body.as_ref()?.size?.number()?;
    (size >= 0.0).then_some(size as u64)
}

fn page(page: Option<Raw<'_>>, exporter: Exporter, interner: &mut Interner) -> Recorded<ArcStr> {
    match page.and_then(|page| page.shared(interner)).filter(|id| !id.is_empty()) {
        Some(id) => Recorded::Kept(id),
        None => Recorded::NotKept(exporter.missing_page()),
    }
}

/// A `data:` address without its data, which may be megabytes of picture.
fn without_data(url: &str) -> &str {
    if url.starts_with("data:") { url.split_inclusive(',').next().unwrap_or(url) } else { url }
}

fn cookie_names(cookies: Option<Raw<'_>>) -> Vec<Cow<'_, str>> {
    let Some(cookies) = cookies.filter(|cookies| cookies.bytes() != b"[]") else {
        return Vec::new();
    };
    cookies.items().iter().filter_map(|cookie| cookie.field("name").and_then(Raw::string)).collect()
}

fn raw_text(body: Recorded<Cow<'_, str>>) -> Recorded<RawText> {
    body.map(RawText::new)
}

#[cfg(test)]
mod tests {
    use super::super::parts::parts_of;
    use super::*;
    use crate::exchange::Resource;

    /// An entry of an exporter, and the warnings it caused.
    fn read_as(exporter: Exporter, json: &str) -> (Exchange, Vec<String>) {
        let mut warnings = Warnings::default();
        let read = Entry { parts: Some(parts_of(json)), is_too_large: false, bytes: 0..0 };
        let exchange = exchange(&read, 7, exporter, &Attachments::nowhere(), &mut Interner::new(), &mut warnings).ok().unwrap();
        let warnings = warnings.finish();
        assert!(warnings.iter().all(|warning| warning.entry == Some(7)));
        (exchange, warnings.into_iter().map(|warning| warning.message).collect())
    }

    fn read(json: &str) -> Exchange {
        let (exchange, warnings) = read_as(Exporter::Other, json);
        assert!(warnings.is_empty(), "{warnings:?}");
        exchange
    }

    /// An entry with further fields, of itself, its request and its response.
    fn json(entry: &str, request: &str, response: &str) -> String {
        format!(
            r#"{{"_":0{entry},"request":{{"method":"GET","url":"https://login.live.com/x"{request}}},"response":{{"status":200{response}}}}}"#
        )
    }

    fn with_response(response: &str) -> Exchange {
        read(&json("", "", response))
    }

    #[test]
    fn almost_nothing_is_enough() {
        let (exchange, warnings) = read_as(Exporter::Unknown, r#"{"request":{"url":"https://app.example/"}}"#);
        assert_eq!((&*exchange.request.method, exchange.response.status, exchange.entry), ("GET", None, 7));
        assert_eq!(warnings, ["the entry has no response", "the request has no method"]);
    }

    #[test]
    fn missing_times_are_no_damage() {
        let exchange = read(&json("", "", ""));
        assert!(exchange.started.is_none() && exchange.duration_ms.is_none());
        // What we write ourselves where a time is not known.
        let exchange = read(&json(r#","startedDateTime":"1970-01-01T00:00:00.000Z""#, "", ""));
        assert!(exchange.started.is_none());
        let exchange = read(&json(r#","time":null,"startedDateTime":null"#, r#","headersSize":null"#, r#","content":{}"#));
        assert!(exchange.started.is_none() && exchange.duration_ms.is_none());
    }

    #[test]
    fn dates_of_every_exporter() {
        for (written, expected) in [
            ("2026-11-20T12:49:56.485Z", "2026-11-20T12:49:56.485+00:00"),
            ("2026-11-20T05:49:56.485-07:00", "2026-11-20T12:49:56.485+00:00"),
            ("2026-11-20T12:44:47.944705+00:00", "2026-11-20T12:44:47.944705+00:00"),
            ("2026-11-20T12:44:47.9447051+00:00", "2026-11-20T12:44:47.944705100+00:00"),
            ("2026-11-20T12:44:47.123456789012Z", "2026-11-20T12:44:47.123456789+00:00"),
            ("2026-11-20T12:44:47Z", "2026-11-20T12:44:47+00:00"),
            ("2026-11-20T12:44:47.5+0000", "2026-11-20T12:44:47.500+00:00"),
            ("2026-11-20 12:44:47.5Z", "2026-11-20T12:44:47.500+00:00"),
            ("1795178687.5", "2026-11-20T12:44:47.500+00:00"),
            ("1795178687500", "2026-11-20T12:44:47.500+00:00"),
        ] {
            let exchange = read(&json(&format!(r#","startedDateTime":"{written}""#), "", ""));
            assert_eq!(exchange.started.unwrap().to_rfc3339(), expected);
        }
    }

    #[test]
    fn a_date_may_be_a_number() {
        for written in ["1795178687.5", "1795178687500"] {
            let exchange = read(&json(&format!(r#","startedDateTime":{written}"#), "", ""));
            assert_eq!(exchange.started.unwrap().to_rfc3339(), "2026-11-20T12:44:47.500+00:00");
        }
    }

    #[test]
    fn dates_without_a_zone_are_one_warning() {
        let mut warnings = Warnings::default();
        for _ in 0..3 {
            let json = json(r#","startedDateTime":"2026-11-20T12:44:47.5""#, "", "");
            let read = Entry { parts: Some(parts_of(&json)), is_too_large: false, bytes: 0..0 };
            let nowhere = Attachments::nowhere();
            let exchange = exchange(&read, 7, Exporter::Other, &nowhere, &mut Interner::new(), &mut warnings).ok().unwrap();
            assert!(exchange.started.is_none());
        }
        let told: Vec<_> = warnings.finish().into_iter().map(|warning| (warning.entry, warning.message)).collect();
        assert_eq!(told.len(), 1);
        assert!(told[0].0.is_none() && told[0].1.starts_with("3 start times do not say their zone"), "{told:?}");
    }

    #[test]
    fn an_address_without_its_host_has_it_from_the_headers() {
        let url = |url: &str, headers: &str| {
            let json = json("", &format!(r#","headers":[{headers}]"#), "").replace("https://login.live.com/x", url);
            read_as(Exporter::Other, &json).0.request.url.raw().to_owned()
        };
        let host = r#"{"name":"Host","value":"login.live.com"}"#;
        assert_eq!(url("/x?y", host), "https://login.live.com/x?y");
        let plain = r#"{"name":":authority","value":"a.example"},{"name":":scheme","value":"http"}"#;
        assert_eq!(url("/x", &format!("{host},{plain}")), "http://a.example/x");
        assert_eq!(url("login.live.com/x?y", host), "https://login.live.com/x?y");
        assert_eq!(url("about:blank", host), "about:blank");
        assert_eq!(url("/x", ""), "/x");
        assert_eq!(url("//b.example/x", host), "//b.example/x");
    }

    #[test]
    fn a_bad_date_is_a_warning() {
        for written in [r#""2009-16-02T00:00:00Z""#, r#""yesterday""#, "-1", "true", r#""""#] {
            let (exchange, warnings) = read_as(Exporter::Charles, &json(&format!(r#","startedDateTime":{written}"#), "", ""));
            assert!(exchange.started.is_none());
            assert_eq!(warnings, ["the start time is not a date"], "{written}");
        }
    }

    #[test]
    fn statuses() {
        let status = |status: &str| read_as(Exporter::Other, &json("", "", "").replace("200", status));
        for none in ["0", "-1", "-2", "99"] {
            let (exchange, warnings) = status(none);
            assert_eq!((exchange.response.status, warnings.len()), (None, 0), "{none}");
        }
        for odd in ["null", "\"x\"", "{}", "4040"] {
            let (exchange, warnings) = status(odd);
            assert_eq!(exchange.response.status, None, "{odd}");
            assert_eq!(warnings, ["the response has no usable status"]);
        }
        assert_eq!(status("302").0.response.status, Some(302));
        assert_eq!(status("\"302\"").0.response.status, Some(302));
    }

    #[test]
    fn sizes_are_told_only_if_they_are_sizes() {
        assert_eq!(with_response(r#","content":{"size":-1}"#).response.size, None);
        assert_eq!(with_response(r#","bodySize":-790,"content":{"size":271}"#).response.size, Some(271));
        assert_eq!(with_response(r#","content":{}"#).response.size, None);
    }

    #[test]
    fn mime_types() {
        let mime = |response| with_response(response).response.mime;
        assert_eq!(mime(r#","content":{"mimeType":"Text/HTML; charset=utf-8"}"#).as_deref(), Some("text/html"));
        let header = r#","content":{"mimeType":"x-unknown"},"headers":[{"name":"Content-Type","value":"application/json"}]"#;
        assert_eq!(mime(header).as_deref(), Some("application/json"));
        assert_eq!(mime(r#","content":{"mimeType":""}"#), None);
    }

    #[test]
    fn failures_in_every_exporters_words() {
        let failure = |entry: &str, response: &str| read(&json(entry, "", response)).response.failure;
        let words = |text: &str| Some(NotAnswered::Browser(RawText::new(text)));
        let is = |entry: &str, response: &str, expected: Option<NotAnswered>| {
            assert!(failure(entry, response) == expected, "{entry} {response}");
        };
        is("", r#","_error":"net::ERR_ABORTED""#, words("net::ERR_ABORTED"));
        is("", r#","_failureText":"net::ERR_FAILED""#, words("net::ERR_FAILED"));
        is(r#","_error":"timeout""#, "", words("timeout"));
        is("", r#","_charlesStatus":"EXCEPTION""#, Some(NotAnswered::Proxy(ProxyFailure::Untold)));
        is("", r#","_charlesStatus":"COMPLETE","_error":null"#, None);
        is("", r#","_error":"""#, None);
        // What we wrote ourselves of a proxy's file.
        is("", r#","_error":"proxy: the host name could not be resolved""#, Some(NotAnswered::Proxy(ProxyFailure::NoHost)));
    }

    #[test]
    fn mitmproxys_words_mean_in_a_har_what_they_mean_in_its_files() {
        for (words, why) in [
            ("Client disconnected.", ProxyFailure::ClientLeft),
            ("[Errno -2] Name or service not known", ProxyFailure::NoHost),
            ("Connection killed.", ProxyFailure::Stopped),
            ("something new", ProxyFailure::Untold),
            ("proxy: no TLS connection to the server", ProxyFailure::NoTls),
        ] {
            let (exchange, _) = read_as(Exporter::Mitmproxy, &json("", "", &format!(r#","_error":"{words}""#)));
            assert!(exchange.response.failure == Some(NotAnswered::Proxy(why)), "{words}");
        }
    }

    #[test]
    fn redirects() {
        let redirect = |response| with_response(response).response.redirect.map(|redirect| redirect.raw().to_owned());
        assert_eq!(redirect(r#","redirectURL":"/cb#error=x""#).as_deref(), Some("/cb#error=x"));
        assert_eq!(redirect(r#","redirectURL":"""#), None);
    }

    #[test]
    fn pages() {
        let page = |exporter, entry: &str| read_as(exporter, &json(entry, "", "")).0.page;
        assert_eq!(page(Exporter::Firefox, r#","pageref":"page_3""#), Recorded::Kept("page_3".into()));
        assert_eq!(page(Exporter::Mitmproxy, ""), Recorded::NotKept(Loss::NotRecorded));
        assert_eq!(page(Exporter::ChromiumDevTools, ""), Recorded::NotKept(Loss::Unknown));
    }

    #[test]
    fn resources() {
        let resource = |entry: &str| read(&json(entry, "", "")).resource;
        assert_eq!(resource(r#","_resourceType":"document""#), Recorded::Kept(Resource::Document));
        assert_eq!(resource(""), Recorded::NotKept(Loss::NotRecorded));
    }

    #[test]
    fn listed_cookies() {
        let cookies = r#","cookies":[{"name":"fpc","value":"x"},{"name":"esctx"},7]"#;
        let exchange = read(&json("", cookies, cookies));
        assert_eq!(*exchange.request.listed_cookies, ["fpc", "esctx"]);
        assert_eq!(*exchange.response.listed_cookies, ["fpc", "esctx"]);
        assert!(read(&json("", "", r#","cookies":null"#)).response.listed_cookies.is_empty());
    }

    #[test]
    fn damaged_headers_are_a_warning() {
        let (exchange, warnings) = read_as(Exporter::Other, &json("", r#","headers":[{"name":"Host","value":"x"},"Cookie: a=b"]"#, ""));
        assert_eq!(warnings, ["some headers could not be understood"]);
        assert_eq!(exchange.request.headers.get("cookie").loss(), Some(Loss::Damaged));
        assert!(exchange.request.headers.has("host"));
    }

    #[test]
    fn a_damaged_body_is_a_warning() {
        let (exchange, warnings) = read_as(Exporter::Other, &json("", "", r#","content":{"text":"aGkaG","encoding":"base64"}"#));
        assert_eq!(warnings, ["a body is marked as base64 and is none"]);
        assert_eq!(exchange.response.body.loss(), Some(Loss::Damaged));
    }

    #[test]
    fn what_is_kept_whole_has_bodies() {
        let exchange = read(&json("", r#","postData":{"text":"a=b"}"#, r#","content":{"size":5,"text":"<p>hi"}"#));
        assert!(exchange.kept_whole);
        assert_eq!(exchange.request.body.kept().unwrap().raw(), "a=b");
        assert_eq!(exchange.response.body.kept().unwrap().raw(), "<p>hi");
    }

    #[test]
    fn what_is_summarised_has_none() {
        let json = json("", r#","postData":{"text":"a=b"},"cookies":[{"name":"x"}]"#, r#","content":{"size":5,"text":"<p>hi"}"#);
        let exchange = read(&json.replace("login.live.com", "app.example"));
        assert!(!exchange.kept_whole);
        assert_eq!(exchange.request.body.loss(), Some(Loss::Summarised));
        assert_eq!(exchange.response.body.loss(), Some(Loss::Summarised));
        assert!(exchange.request.listed_cookies.is_empty());
        assert_eq!(exchange.request.headers.absent(), Some(Loss::Summarised));
    }

    #[test]
    fn a_summary_says_what_was_empty() {
        let json = json("", "", r#","content":{"size":0}"#).replace("login.live.com", "app.example");
        let exchange = read(&json);
        assert!(exchange.request.body == Recorded::Empty && exchange.response.body == Recorded::Empty);
    }

    #[test]
    fn a_document_keeps_a_little_more() {
        let headers =
            r#","headers":[{"name":"Sec-Fetch-Dest","value":"document"},{"name":"Cookie","value":"x=1"}],"cookies":[{"name":"x"}]"#;
        let exchange = read(&json("", headers, "").replace("login.live.com", "app.example"));
        assert!(!exchange.kept_whole && exchange.request.headers.has("cookie"));
        assert!(exchange.request.listed_cookies.is_empty(), "the list repeats the header");
        let without = headers.replace("Cookie", "Accept");
        let exchange = read(&json("", &without, "").replace("login.live.com", "app.example"));
        assert_eq!(*exchange.request.listed_cookies, ["x"]);
    }

    #[test]
    fn a_form_by_its_params_decides_too() {
        let posted =
            r#","postData":{"mimeType":"application/x-www-form-urlencoded","params":[{"name":"SAMLResponse","value":"PHNhbWw+"}]}"#;
        let exchange = read(&json("", posted, "").replace("login.live.com", "app.example"));
        assert_eq!(exchange.request.body.kept().unwrap().raw(), "SAMLResponse=PHNhbWw%2B");
        let other = posted.replace("x-www-form-urlencoded", "json");
        assert!(!read(&json("", &other, "").replace("login.live.com", "app.example")).kept_whole);
    }

    #[test]
    fn the_data_of_a_data_address_is_dropped() {
        let exchange = read(&json("", "", "").replace("https://login.live.com/x", "data:image/png;base64,AAAA"));
        assert_eq!(exchange.request.url.raw(), "data:image/png;base64,");
    }
}
