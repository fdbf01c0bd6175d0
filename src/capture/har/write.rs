//! What is known of a capture as the members of a HAR 1.2, for the formats that are none.
//!
//! <http://www.softwareishard.com/blog/har-12-spec/>. The reader of this room reads the same exchange out of it;
//! what HAR has no place for goes into [`note`].

use super::date::NO_TIME;
use super::names::Named;
use super::note::{BLANK, EMPTY, KEPT, MEMBER, PARTS, REDACTED, SUMMARY, WHOLE, part};
use super::resource;
use crate::capture::{Capture, Page, sorted_by};
use crate::exchange::{ArcStr, Exchange, Headers, Initiator, NotAnswered, RawText, RawUrl, Recorded, Request, Response, WithheldCookie};
use chrono::{DateTime, SecondsFormat, Utc};
use serde_json::{Map, Value, json};
use url::form_urlencoded;

/// What is said of an entry or a page that has no time.
pub(crate) const UNKNOWN_TIME: &str = "The time is not known.";

/// What HAR writes for a number that is not known.
const UNKNOWN: i64 = -1;

/// The log of a capture without its entries. `_entrace` has to be written before them.
pub(in crate::capture) fn log(capture: &Capture) -> Map<String, Value> {
    let creator = capture.creator.as_deref().unwrap_or_default();
    let pages: Vec<Value> = capture.pages.iter().map(page).collect();
    let members = [
        (MEMBER, log_note(capture, &capture.format.to_string())),
        ("version", "1.2".into()),
        ("creator", json!({"name": creator, "version": ""})),
        ("pages", pages.into()),
    ];
    members.into_iter().map(|(name, value)| (name.to_owned(), value)).collect()
}

/// What is said of a capture that was first written in that format.
pub(super) fn log_note(capture: &Capture, format: &str) -> Value {
    let mut note = json!({"version": 1, "recorded_by": capture.exporter.name(), "format": format});
    if let Some(end) = capture.warnings.iter().find_map(|warning| warning.early_end) {
        set(&mut note, "ended", end.name());
    }
    if capture.redacted {
        set(&mut note, REDACTED, true);
    }
    if let Some(order) = order(capture) {
        set(&mut note, "order", order);
    }
    note
}

/// The numbers of the entries in order of time, where neither the numbers nor the dates tell it: a recorder may
/// list the latest first and have a clock of an unknown zone.
fn order(capture: &Capture) -> Option<Vec<usize>> {
    let mut entries: Vec<_> = capture.exchanges.iter().map(|exchange| (exchange.entry, exchange.started)).collect();
    let order: Vec<usize> = entries.iter().map(|(entry, _)| *entry).collect();
    entries.sort_by_key(|(entry, _)| *entry);
    let told = sorted_by(entries, |(_, started)| *started);
    let is_told = told.iter().map(|(entry, _)| entry).eq(&order);
    (!is_told).then_some(order)
}

/// An exchange as an entry.
pub(in crate::capture) fn entry(exchange: &Exchange) -> Value {
    let duration = exchange.duration_ms;
    let mut entry = json!({
        "startedDateTime": date_or_none(exchange.started),
        "time": duration.map_or(json!(UNKNOWN), Value::from),
        "request": request(&exchange.request),
        "response": response(&exchange.response),
        "cache": {},
        "timings": {"send": 0, "wait": duration.unwrap_or_default(), "receive": 0},
        MEMBER: entry_note(exchange),
    });
    if exchange.started.is_none() {
        set(&mut entry, "comment", UNKNOWN_TIME);
    }
    if let Some(page) = exchange.page.kept() {
        set(&mut entry, "pageref", &**page);
    }
    if let Some(Initiator { kind, url }) = exchange.initiator.kept() {
        let mut initiator = json!({"type": &**kind});
        if let Some(url) = url {
            set(&mut initiator, "url", url.raw());
        }
        set(&mut entry, "_initiator", initiator);
    }
    if let Some(resource) = exchange.resource.kept() {
        set(&mut entry, "_resourceType", resource::name(*resource));
    }
    entry
}

fn set(object: &mut Value, name: &str, value: impl Into<Value>) {
    if let Value::Object(members) = object {
        members.insert(name.to_owned(), value.into());
    }
}

fn page(page: &Page) -> Value {
    let mut written = json!({"id": page.id, "title": page.title.raw(), "startedDateTime": date_or_none(page.started), "pageTimings": {}});
    if page.started.is_none() {
        set(&mut written, "comment", UNKNOWN_TIME);
    }
    written
}

fn request(request: &Request) -> Value {
    let mut written = json!({
        "method": &*request.method,
        "url": request.url.raw(),
        "httpVersion": "",
        "headers": headers(&request.headers),
        "queryString": query(&request.url),
        "cookies": cookies(&request.listed_cookies),
        "headersSize": UNKNOWN,
        // With a size, the reader takes a body that is not there for lost.
        "bodySize": if request.body == Recorded::Empty { 0 } else { UNKNOWN },
    });
    if let Some(body) = request.body.kept() {
        let mime = request.headers.value("content-type").map(RawText::raw).unwrap_or_default();
        set(&mut written, "postData", json!({"mimeType": mime, "text": body.raw()}));
    }
    written
}

fn response(response: &Response) -> Value {
    let mut content = json!({
        "size": response.size.map_or(json!(UNKNOWN), Value::from),
        "mimeType": response.mime.as_deref().unwrap_or_default(),
    });
    if let Some(body) = response.body.kept() {
        set(&mut content, "text", body.raw());
    }
    let mut written = json!({
        "status": response.status.unwrap_or_default(),
        "statusText": "",
        "httpVersion": "",
        "headers": headers(&response.headers),
        "cookies": cookies(&response.listed_cookies),
        "content": content,
        "redirectURL": response.redirect.as_ref().map(RawText::raw).unwrap_or_default(),
        "headersSize": UNKNOWN,
        "bodySize": UNKNOWN,
    });
    if let Some(failure) = &response.failure {
        set(
            &mut written,
            "_error",
            match failure {
                NotAnswered::Browser(words) => words.raw(),
                NotAnswered::Proxy(why) => why.name(),
            },
        );
    }
    written
}

fn headers(headers: &Headers) -> Vec<Value> {
    headers.lines().iter().map(|line| json!({"name": &*line.name, "value": line.written().raw()})).collect()
}

/// The cookies that the recorder lists by name. Those of the headers are not repeated.
fn cookies(names: &[ArcStr]) -> Vec<Value> {
    names.iter().map(|name| json!({"name": name.as_str(), "value": ""})).collect()
}

fn query(url: &RawUrl) -> Vec<Value> {
    let query = url.without_fragment().split_once('?').map_or("", |(_, query)| query);
    form_urlencoded::parse(query.as_bytes()).map(|(name, value)| json!({"name": name, "value": value})).collect()
}

fn entry_note(exchange: &Exchange) -> Value {
    let (request, response) = (&exchange.request, &exchange.response);
    let states = [
        (part::PAGE, state(&exchange.page)),
        (part::INITIATOR, state(&exchange.initiator)),
        (part::RESOURCE, state(&exchange.resource)),
        (part::REQUEST_HEADERS, Some(request.headers.absent().map_or(KEPT, Named::name))),
        (part::REQUEST_BODY, body_state(&request.body)),
        (part::WITHHELD_COOKIES, state(&request.withheld_cookies)),
        (part::RESPONSE_HEADERS, Some(response.headers.absent().map_or(KEPT, Named::name))),
        (part::RESPONSE_BODY, body_state(&response.body)),
    ];
    let parts: Map<String, Value> = states.into_iter().filter_map(|(part, state)| Some((part.to_owned(), state?.into()))).collect();
    let mut note = json!({"kept": if exchange.kept_whole { WHOLE } else { SUMMARY }, PARTS: parts});
    if let Some(label) = &exchange.label {
        set(&mut note, "label", label.as_str());
    }
    if let Some(cookies) = request.withheld_cookies.kept() {
        let cookie = |WithheldCookie { name, reason, as_third_party }: &WithheldCookie| json!({"name": name, "reason": reason, "as_third_party": as_third_party});
        let cookies: Vec<Value> = cookies.iter().map(cookie).collect();
        set(&mut note, "withheld_cookies", cookies);
    }
    note
}

/// What is said of a part that the entry has not.
fn state<T>(part: &Recorded<T>) -> Option<&'static str> {
    match part {
        Recorded::Kept(_) => None,
        Recorded::Empty => Some(EMPTY),
        Recorded::NotKept(loss) => Some(loss.name()),
    }
}

fn body_state(body: &Recorded<RawText>) -> Option<&'static str> {
    state(body).or_else(|| body.kept().filter(|text| text.is_empty()).map(|_| BLANK))
}

/// A time, or what is read back as none: HAR asks for a date.
fn date_or_none(time: Option<DateTime<Utc>>) -> String {
    time.map_or_else(|| NO_TIME.to_owned(), date)
}

fn date(date: DateTime<Utc>) -> String {
    date.to_rfc3339_opts(SecondsFormat::AutoSi, true)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::capture::attachments::Attachments;
    use crate::capture::{CaptureError, EarlyEnd, Exporter, Format, Keep, Warning, har, selection};
    use crate::exchange::{Header, Loss, ProxyFailure, Resource};
    use proptest::collection::vec;
    use proptest::option;
    use proptest::prelude::*;
    use proptest::sample::select;

    fn capture() -> Capture {
        Capture {
            format: Format::NetLog,
            creator: Some("Chromium 143".to_owned()),
            exporter: Exporter::ChromiumNetLog,
            pages: Vec::new(),
            exchanges: Vec::new(),
            entries: 0,
            warnings: Vec::new(),
            redacted: false,
            library_log: None,
        }
    }

    fn har(capture: &Capture, entries: Vec<Value>) -> String {
        let mut log = log(capture);
        log.insert("entries".to_owned(), entries.into());
        json!({"log": log}).to_string()
    }

    fn read_back(bytes: Vec<u8>) -> Result<Capture, CaptureError> {
        let input = har::Input::Places(std::sync::Arc::new(bytes));
        Ok(har::read(input, 0, &Attachments::nowhere(), Keep::Capture)?.0)
    }

    fn read(har: &str) -> Capture {
        match read_back(har.as_bytes().to_vec()) {
            Ok(capture) => capture,
            Err(error) => panic!("{error}"),
        }
    }

    /// What was made at random. What it is made of can't be shown, and the test shows it its own way.
    struct Made<T>(T);

    impl<T> std::fmt::Debug for Made<T> {
        fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
            f.write_str("made")
        }
    }

    /// All of an exchange, to be compared and shown.
    fn told(exchange: &Exchange) -> String {
        let Exchange { entry, label, started, duration_ms, page, initiator, resource, request, response, kept_whole } = exchange;
        let initiator = initiator.as_ref().map(|Initiator { kind, url }| (kind, url.as_ref().map(RawUrl::raw)));
        let lines = |headers: &Headers| -> Vec<(String, String)> {
            headers.lines().iter().map(|line| (line.name.to_string(), line.written().raw().to_owned())).collect()
        };
        let raw = |text: &Option<RawText>| text.as_ref().map(|text| text.raw().to_owned());
        let Request { method, url, headers, listed_cookies, withheld_cookies, body } = request;
        let (url, sent, body) = (url.raw(), lines(headers), body.as_ref().map(RawText::raw));
        let asked = format!("{method} {url} {sent:?} {:?} {listed_cookies:?} {withheld_cookies:?} {body:?}", headers.absent());
        let Response { status, headers, listed_cookies, redirect, mime, size, body, failure } = response;
        let (received, body) = (lines(headers), body.as_ref().map(RawText::raw));
        let failure = failure.as_ref().map(|failure| match failure {
            NotAnswered::Browser(words) => words.raw().to_owned(),
            NotAnswered::Proxy(why) => format!("{why:?}"),
        });
        let (absent, redirect) = (headers.absent(), raw(redirect));
        let answered = format!("{status:?} {received:?} {absent:?} {listed_cookies:?} {redirect:?} {mime:?} {size:?} {body:?} {failure:?}");
        format!("{entry} {label:?} {started:?} {duration_ms:?} {page:?} {initiator:?} {resource:?} {kept_whole}\n  {asked}\n  {answered}")
    }

    fn loss() -> impl Strategy<Value = Loss> + Clone {
        select(vec![
            Loss::Stripped,
            Loss::Evicted,
            Loss::Apart,
            Loss::NotRecorded,
            Loss::Provisional,
            Loss::Summarised,
            Loss::Damaged,
            Loss::Unknown,
        ])
    }

    fn recorded<T: Clone + std::fmt::Debug + 'static>(kept: impl Strategy<Value = T> + 'static) -> impl Strategy<Value = Recorded<T>> {
        prop_oneof![kept.prop_map(Recorded::Kept), Just(Recorded::Empty), loss().prop_map(Recorded::NotKept)]
    }

    fn lines(names: &'static [&'static str]) -> impl Strategy<Value = (Vec<(&'static str, String)>, Option<Loss>)> {
        let value = |name| if name == "set-cookie" { "[a-z]{1,4}=[!-+.-~-]{0,9}".boxed() } else { any::<String>().boxed() };
        (vec(select(names).prop_flat_map(move |name| (Just(name), value(name))), 0..5), option::of(loss()))
    }

    type Keeps = fn(&[u8], bool) -> bool;

    fn headers_of((lines, absent): (Vec<(&str, String)>, Option<Loss>), whole: bool, keeps: Keeps) -> Headers {
        let kept = lines.into_iter().filter(|(name, _)| whole || keeps(name.as_bytes(), false));
        let lines: Vec<_> = kept.map(|(name, value)| Header::new(name.into(), value)).collect();
        match absent {
            Some(loss) => Headers::partial(lines, loss),
            None => Headers::complete(lines),
        }
    }

    /// A body as readers make them: of a summary none is kept.
    fn body(body: Recorded<String>, whole: bool) -> Recorded<RawText> {
        match body {
            Recorded::Kept(_) if !whole => Recorded::NotKept(Loss::Summarised),
            other => other.map(RawText::new),
        }
    }

    fn withheld_cookie() -> impl Strategy<Value = WithheldCookie> {
        (option::of("[!-~]{1,9}"), "EXCLUDE_[A-Z]{1,9}(, EXCLUDE_[A-Z_]{1,9}){0,2}", any::<bool>())
            .prop_map(|(name, reason, as_third_party)| WithheldCookie { name, reason, as_third_party })
    }

    fn request_of(whole: bool) -> impl Strategy<Value = Made<Request>> {
        let names: &[&str] = &["host", "cookie", "referer", "sec-fetch-mode", "content-type", "x-client-sku"];
        let url = prop_oneof!["https://app\\.example/[ -~é]{0,20}", "https://login\\.microsoftonline\\.com/[a-z?=&]{0,9}"];
        ("[A-Z]{1,7}", url, lines(names), vec("[!-~]{1,9}", 0..3), recorded(vec(withheld_cookie(), 0..3)), recorded(any::<String>()))
            .prop_map(move |(method, url, lines, listed_cookies, withheld_cookies, posted)| {
                Made(Request {
                    method: method.into(),
                    url: RawUrl::new(url),
                    headers: headers_of(lines, whole, selection::summary_keeps_of_request),
                    listed_cookies: if whole { listed_cookies.into_iter().map(Into::into).collect() } else { Box::default() },
                    withheld_cookies,
                    body: body(posted, whole),
                })
            })
    }

    fn response_of(whole: bool) -> impl Strategy<Value = Made<Response>> {
        let names: &[&str] = &["location", "set-cookie", "date", "x-ms-request-id", "www-authenticate"];
        let text = || option::of(any::<String>().prop_filter("empty", |text| !text.is_empty()));
        let plain = (option::of(100_u16..1000), option::of("[a-z]{1,5}/[a-z]{1,5}"), option::of(0_u64..1 << 53));
        let failure = prop_oneof![
            any::<String>().prop_filter("empty", |text| !text.is_empty()).prop_map(|words| Made(NotAnswered::Browser(RawText::new(words)))),
            select(vec![ProxyFailure::NoHost, ProxyFailure::NoConnection, ProxyFailure::NoTls, ProxyFailure::NoResponse])
                .prop_map(|why| Made(NotAnswered::Proxy(why))),
            select(vec![ProxyFailure::ClientLeft, ProxyFailure::Stopped, ProxyFailure::Untold])
                .prop_map(|why| Made(NotAnswered::Proxy(why))),
        ];
        (plain, lines(names), vec("[!-~]{1,9}", 0..3), text(), recorded(any::<String>()), option::of(failure)).prop_map(
            move |((status, mime, size), lines, listed_cookies, redirect, received, failure)| {
                Made(Response {
                    status,
                    headers: headers_of(lines, whole, selection::summary_keeps_of_response),
                    listed_cookies: if whole { listed_cookies.into_iter().map(Into::into).collect() } else { Box::default() },
                    redirect: redirect.map(RawText::new),
                    mime: mime.map(Into::into),
                    size,
                    body: body(received, whole),
                    failure: failure.map(|failure| failure.0),
                })
            },
        )
    }

    fn exchange() -> impl Strategy<Value = Made<Exchange>> {
        let resources = vec![
            Resource::Document,
            Resource::Fetch,
            Resource::Script,
            Resource::Preflight,
            Resource::Ping,
            Resource::WebSocket,
            Resource::Other,
        ];
        let initiator = recorded(("[a-z]{1,8}", option::of("[!-~]{1,20}")));
        let started = option::of((0_i64..4_000_000_000, 0_u32..1_000_000_000)).prop_map(|at| {
            let (seconds, nanos) = at?;
            DateTime::from_timestamp(seconds, nanos)
        });
        let told = (option::of("[!-~]{1,10}"), started, option::of(0.0..1e9), recorded("[a-z0-9_]{1,8}"), recorded(select(resources)));
        let messages = any::<bool>().prop_flat_map(|whole| (Just(whole), request_of(whole), response_of(whole)));
        (told, initiator, messages).prop_map(
            |((label, started, duration_ms, page, resource), initiator, (kept_whole, request, response))| {
                Made(Exchange {
                    entry: 0,
                    label: label.map(Into::into),
                    started,
                    duration_ms,
                    page: page.map(Into::into),
                    initiator: initiator.map(|(kind, url)| Initiator { kind: kind.into(), url: url.map(RawUrl::new) }),
                    resource,
                    request: request.0,
                    response: response.0,
                    kept_whole,
                })
            },
        )
    }

    proptest! {
        #[test]
        fn what_is_written_is_read_again(exchange in exchange()) {
            let found = read(&har(&capture(), vec![entry(&exchange.0)]));
            prop_assert_eq!(told(&found.exchanges[0]), told(&exchange.0));
            prop_assert_eq!((found.exporter, found.warnings), (Exporter::ChromiumNetLog, vec![]));
        }

        #[test]
        fn whatever_becomes_of_the_notes_the_rest_is_read(
            exchange in exchange(),
            damage in vec(any::<u8>(), 0..4),
            (at, removed) in (any::<prop::sample::Index>(), 0_usize..40),
        ) {
            let text = har(&capture(), vec![entry(&exchange.0)]);
            let notes: Vec<usize> = text.match_indices("\"_entrace\"").map(|(at, _)| at).collect();
            for note in notes {
                let end = text.get(note..).and_then(|rest| rest.find("}}")).map_or(text.len(), |length| note + length);
                let at = note + at.index(end - note);
                let mut bytes = text.clone().into_bytes();
                bytes.splice(at..(at + removed).min(end), damage.clone());
                if let Ok(capture) = read_back(bytes) {
                    let labels = capture.exchanges.iter().filter_map(|exchange| exchange.label.as_deref());
                    prop_assert!(labels.into_iter().all(|label| label.len() <= 64 && !label.contains(char::is_control)));
                }
            }
        }
    }

    #[test]
    fn a_lost_end_and_a_redaction_are_told_again() {
        let cut = Warning { early_end: Some(EarlyEnd::CutOff), ..Warning::of_file("the file is cut off after entry 3") };
        let written = har(&Capture { warnings: vec![cut], redacted: true, ..capture() }, vec![]);
        let found = read(&written);
        assert!(found.redacted && found.warnings.iter().any(Warning::ends_the_reading), "{:?}", found.warnings);
        assert_eq!(
            log(&found)[MEMBER],
            json!({"version": 1, "recorded_by": "chromium-netlog", "format": "har", "ended": "cut-off", "redacted": true})
        );
        assert!(!read(&har(&capture(), vec![])).redacted);
    }

    #[test]
    fn an_order_that_no_date_tells_is_told() {
        let entries: Vec<Value> = ["a", "b", "c"].map(|name| json!({"request": {"url": format!("https://app.example/{name}")}})).into();
        let mut first = read(&har(&capture(), entries.clone()));
        assert!(log(&first)[MEMBER].get("order").is_none());
        first.exchanges.reverse();
        let numbers = |capture: &Capture| -> Vec<usize> { capture.exchanges.iter().map(|exchange| exchange.entry).collect() };
        assert_eq!(numbers(&read(&har(&first, entries.clone()))), [2, 1, 0]);
        // Numbers that are none are passed over.
        for (odd, expected) in [(json!([2, 2, "0", -1, 1e9, {}]), [2, 0, 1]), (json!({"2": 0}), [0, 1, 2]), (json!([9, 1.5]), [0, 1, 2])] {
            let har = json!({"log": {MEMBER: {"order": odd}, "entries": entries}}).to_string();
            assert_eq!(numbers(&read(&har)), expected, "{har}");
        }
    }

    #[test]
    fn pages_are_told() {
        let page = Page { id: "page_1".to_owned(), title: RawText::new("https://app.example/"), started: DateTime::from_timestamp(9, 0) };
        let found = read(&har(&Capture { pages: vec![page], ..capture() }, vec![]));
        assert_eq!((&*found.pages[0].id, found.pages[0].title.raw()), ("page_1", "https://app.example/"));
        assert_eq!((found.pages[0].started, found.creator.as_deref()), (DateTime::from_timestamp(9, 0), Some("Chromium 143")));
    }
}
