//! What is known of a capture as the members of a HAR 1.2, for the formats that are none.
//!
//! <http://www.softwareishard.com/blog/har-12-spec/>. The reader of this room reads the same exchange out of it;
//! what HAR has no place for goes into [`note`].

use super::names::Named;
use super::note::{EMPTY, ENDS, KEPT, MEMBER, SUMMARY, WHOLE, part};
use crate::capture::{Capture, Page};
use crate::exchange::{Exchange, Headers, Initiator, RawText, RawUrl, Recorded, Request, Resource, Response, WithheldCookie};
use chrono::{DateTime, SecondsFormat, Utc};
use serde_json::{Map, Value, json};
use url::form_urlencoded;

/// What HAR writes for a number that is not known.
const UNKNOWN: i64 = -1;

/// The log of a capture without its entries. `_entrace` comes first in it, as the reader needs it.
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
    let end = capture.warnings.iter().find(|warning| warning.ends_the_reading());
    let ended = end.and_then(|warning| ENDS.iter().find(|(beginning, _)| warning.message.starts_with(beginning)));
    if let Some((_, ended)) = ended {
        set(&mut note, "ended", *ended);
    }
    if capture.redacted {
        set(&mut note, "redacted", true);
    }
    note
}

/// An exchange as an entry.
pub(in crate::capture) fn entry(exchange: &Exchange) -> Value {
    let duration = exchange.duration_ms;
    let mut entry = json!({
        "startedDateTime": exchange.started.map(date),
        "time": duration.map_or(json!(UNKNOWN), Value::from),
        "request": request(&exchange.request),
        "response": response(&exchange.response),
        "cache": {},
        "timings": {"send": 0, "wait": duration.unwrap_or_default(), "receive": 0},
        MEMBER: entry_note(exchange),
    });
    if let Some(page) = exchange.page.kept() {
        set(&mut entry, "pageref", page.as_str());
    }
    if let Some(Initiator { kind, url }) = exchange.initiator.kept() {
        let mut initiator = json!({"type": kind});
        if let Some(url) = url {
            set(&mut initiator, "url", url.raw());
        }
        set(&mut entry, "_initiator", initiator);
    }
    if let Some(resource) = exchange.resource.kept() {
        set(&mut entry, "_resourceType", resource_name(*resource));
    }
    entry
}

fn set(object: &mut Value, name: &str, value: impl Into<Value>) {
    if let Value::Object(members) = object {
        members.insert(name.to_owned(), value.into());
    }
}

fn page(page: &Page) -> Value {
    json!({"id": page.id, "title": page.title.raw(), "startedDateTime": page.started.map(date), "pageTimings": {}})
}

fn request(request: &Request) -> Value {
    let mut written = json!({
        "method": request.method,
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
        set(&mut written, "_error", failure.raw());
    }
    written
}

fn headers(headers: &Headers) -> Vec<Value> {
    headers.lines().iter().map(|line| json!({"name": line.name, "value": line.value.raw()})).collect()
}

/// The cookies that the recorder lists by name. Those of the headers are not repeated.
fn cookies(names: &[String]) -> Vec<Value> {
    names.iter().map(|name| json!({"name": name, "value": ""})).collect()
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
    let mut note = json!({"kept": if exchange.kept_whole { WHOLE } else { SUMMARY }, "parts": parts});
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
    // A text without characters is one that HAR does not tell from none.
    state(body).or_else(|| body.kept().filter(|text| text.is_empty()).map(|_| KEPT))
}

fn date(date: DateTime<Utc>) -> String {
    date.to_rfc3339_opts(SecondsFormat::AutoSi, true)
}

fn resource_name(resource: Resource) -> &'static str {
    match resource {
        Resource::Document => "document",
        Resource::Fetch => "fetch",
        Resource::Script => "script",
        Resource::Preflight => "preflight",
        Resource::Ping => "ping",
        Resource::WebSocket => "websocket",
        Resource::Other => "other",
    }
}
