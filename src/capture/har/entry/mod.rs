//! One HAR entry as an exchange.

mod cookies;
mod request;
mod response;

use super::body::{Body, Read};
use super::date::{date, is_no_time, is_without_zone};
use super::headers::Keep;
use super::initiator;
use super::json::Raw;
use super::note::EntryNote;
use super::parts::{HeaderParts, ResponseParts};
use super::resource;
use super::visitor::Entry;
use crate::capture::Exporter;
use crate::capture::attachments::Attachments;
use crate::capture::selection::Sight;
use crate::capture::warnings::Warnings;
use crate::exchange::{ArcStr, Exchange, Interner, Loss, RawText, Recorded, Resource};
use chrono::{DateTime, Utc};
use request::{Sent, address_of};
use response::Received;

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
    let url = address_of(request)?;
    let mut warn = |kind| warnings.add(Some(entry), kind);

    let (no_response, no_headers) = (ResponseParts::default(), HeaderParts::default());
    let received = Received::read(parts, &no_response, &no_headers, exporter, &mut warn);
    let sent = Sent::read(request, url, &no_headers, exporter, &mut warn);
    let resource = parts.resource.and_then(Raw::string).map(|name| resource::of_name(&name));
    let note = parts.note.map(EntryNote::read).unwrap_or_default();
    let keep = keep(&sent, &received, resource, note.whole, beside);

    for headers in [sent.headers, received.headers] {
        if headers.damaged {
            warn("some headers could not be understood");
        }
    }
    let (posted, answered) = bodies(&sent, &received, keep, beside, &mut warn);
    // A page is also looked through for codes, so it matters that part of it was not there.
    if read.is_too_large && !matches!(keep, Keep::Summary) {
        warn("the entry is so large that its longest values were left out");
    }

    let mut exchange = Exchange {
        entry,
        label: None,
        started: started(parts.started, entry, warnings),
        duration_ms: parts.time.and_then(Raw::number).filter(|time| *time >= 0.0),
        page: page(parts.page, exporter, interner),
        initiator: initiator::initiator(parts.initiator.as_ref(), interner),
        resource: resource.map_or(Recorded::NotKept(Loss::NotRecorded), Recorded::Kept),
        request: sent.kept(keep, posted, exporter, interner),
        response: received.kept(keep, answered, interner),
        kept_whole: matches!(keep, Keep::Whole),
    };
    note.complete(&mut exchange);
    Ok(exchange)
}

/// How much of an entry is kept: what a note of ours says, else what can be seen of it.
fn keep(
    sent: &Sent<'_, '_>,
    received: &Received<'_, '_>,
    resource: Option<Resource>,
    noted: Option<bool>,
    beside: &Attachments<'_>,
) -> Keep {
    let form = sent.form(beside);
    let other = if form.is_none() { sent.handing_on(received.status, beside) } else { None };
    let cookies_set = received.cookies_beside_headers();
    let sight = Sight {
        method: &sent.method,
        url: &sent.url,
        status: received.status,
        failed: received.failure.is_some(),
        resource,
        request: sent.headers,
        response: received.headers,
        cookies_set: &cookies_set,
        redirect: received.redirect.as_deref(),
        form: form.as_ref().and_then(Recorded::kept).map(|form| &**form),
        posted: other.as_ref().and_then(Recorded::kept).map(|other| &**other),
        mime: received.mime.as_deref(),
        body: &|| received.body.bytes(received.around(beside)),
    };
    match (noted.unwrap_or_else(|| sight.is_kept_whole()), sight.is_document()) {
        (true, _) => Keep::Whole,
        (false, true) => Keep::DocumentSummary,
        (false, false) => Keep::Summary,
    }
}

/// What is kept of the bodies.
fn bodies(
    sent: &Sent<'_, '_>,
    received: &Received<'_, '_>,
    keep: Keep,
    beside: &Attachments<'_>,
    warn: &mut impl FnMut(&'static str),
) -> (Recorded<RawText>, Recorded<RawText>) {
    if !matches!(keep, Keep::Whole) {
        return (sent.body.summarize(), received.body.summarize());
    }
    let mut read = |body: Body<'_>, around| {
        let Read { body, flaw } = body.decode(around);
        flaw.into_iter().for_each(&mut *warn);
        body.map(RawText::new)
    };
    let posted = read(sent.body, sent.around(beside));
    let answered = read(received.body, received.around(beside));
    if [(sent.body, &posted), (received.body, &answered)].into_iter().any(|(body, read)| body.is_cut(read, beside)) {
        warn("a body that lies beside the capture is larger than any that matters; only its beginning was read");
    }
    (posted, answered)
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

fn page(page: Option<Raw<'_>>, exporter: Exporter, interner: &mut Interner) -> Recorded<ArcStr> {
    match page.and_then(|page| page.shared(interner)).filter(|id| !id.is_empty()) {
        Some(id) => Recorded::Kept(id),
        None => Recorded::NotKept(exporter.missing_page()),
    }
}

#[cfg(test)]
mod tests {
    use super::super::parts::parts_of;
    use super::*;
    use crate::exchange::{NotAnswered, ProxyFailure};

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
