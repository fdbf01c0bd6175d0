//! One entry of a HAR.

use super::address::{form_decoded, is_of_service};
use super::body::{LONGEST_DROPPED, is_binary, told_by};
use super::coded::{Coded, codings_in};
use super::context::Context;
use super::headers::Message;
use super::{Prepared, Rewriter};
use crate::capture::note::{self, part};
use crate::capture::{Json, Members, decode_base64};
use crate::exchange::Loss;
use crate::redact::kind::Kind;
use crate::redact::names::Meaning;
use crate::redact::placeholder;
use aho_corasick::packed::Searcher;
use memchr::memmem;
use std::borrow::Cow;
use std::sync::LazyLock;

/// What becomes of the bodies of an entry.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(in crate::redact) enum Bodies {
    /// It is sign-in traffic or evidence: what is read of them stays.
    Whole,
    /// It is neither, and the user wants them nevertheless: what is not known to be a secret stays.
    Kept,
    /// It is neither: they are left out.
    Dropped,
}

impl Rewriter<'_> {
    /// An entry. One that cannot be read is left as a place holder, so that entries keep their numbers.
    pub(in crate::redact) fn entry<'t>(&mut self, entry: Json<'t>, bodies: Bodies) -> Json<'t> {
        self.entry_with(entry, bodies, None)
    }

    /// The same of an entry whose received body was rewritten before.
    pub(in crate::redact) fn entry_with<'t>(&mut self, entry: Json<'t>, bodies: Bodies, mut body: Option<Prepared<'t>>) -> Json<'t> {
        let Json::Object(members) = entry else {
            return note::unreadable();
        };
        self.lost.clear();
        let mut out = members.each(|name, value| {
            let value = match (name, value) {
                ("request", Json::Object(request)) => Json::Object(self.request(request, bodies)),
                ("response", Json::Object(response)) => Json::Object(self.response(response, bodies, body.take())),
                ("serverIPAddress", Json::String(ip)) => Json::String(self.server_address(&ip).into()),
                ("_webSocketMessages" | "_eventSourceMessages", value) if !self.keep_bodies => messages_left_out(value),
                (_, value) => self.member(name, value),
            };
            (None, value)
        });
        // What was there and is no more must not read as if it had never been.
        for (part, loss) in self.lost.drain(..) {
            note::mark_lost(&mut out, part, loss);
        }
        Json::Object(out)
    }

    /// The received body of an entry that is no sign-in traffic.
    pub(super) fn received<'t>(&mut self, entry: &Json<'t>) -> Option<Json<'t>> {
        let (text, coded) = received_text(entry)?;
        self.text(text.clone(), coded, Bodies::Kept, part::RESPONSE_BODY)
    }

    fn request<'t>(&mut self, request: Members<'t>, bodies: Bodies) -> Members<'t> {
        let mut url = None;
        let at_service = request.get("url").and_then(Json::as_str).is_some_and(is_of_service);
        let mut out = request.each(|name, value| {
            let value = match (name, value) {
                // Some write the body there as it is.
                ("postData", Json::String(text)) => ("postData", Json::Object(Members::from_iter([("text", Json::String(text))]))),
                other => other,
            };
            let value = match value {
                ("url", Json::String(text)) => {
                    let address = self.address(&text);
                    url = Some(address.clone());
                    Json::String(address.into())
                }
                ("headers", value) => self.headers(value, Message::Request),
                ("cookies", value) => self.cookies(value),
                ("queryString", value) => self.in_context(Context { at_service, ..self.context }, |rewriter| rewriter.pairs_list(value)),
                ("postData", Json::Object(body)) => match bodies {
                    Bodies::Whole | Bodies::Kept => {
                        let context = Context { at_service, is_asking: true, sends_numbers: true, ..self.context };
                        Json::Object(self.in_context(context, |rewriter| rewriter.posted(body, bodies)))
                    }
                    Bodies::Dropped => {
                        self.dropped_bodies += usize::from(holds_anything(&body));
                        self.lost.push((part::REQUEST_BODY, Loss::Stripped));
                        if let Some(text) = body.get("text").cloned().and_then(written) {
                            self.collect_from(&text);
                        }
                        let mime = body
                            .get("mimeType")
                            .and_then(Json::as_str)
                            .map_or(Json::Null, |mime| Json::String(self.media_type(mime).into()));
                        let comment = Json::String("dropped by entrace".into());
                        Json::Object(Members::from_iter([("mimeType", mime), ("comment", comment)]))
                    }
                },
                (_, value) => self.member(name, value),
            };
            (None, value)
        });
        // The list repeats the query, decoded by each exporter in its own way.
        if let Some(url) = url.filter(|_| out.contains_key("queryString")) {
            out.insert("queryString", query_list(&url));
        }
        out
    }

    fn response<'t>(&mut self, response: Members<'t>, bodies: Bodies, mut body: Option<Prepared<'t>>) -> Members<'t> {
        let codings = codings_in(response.get("headers"));
        response.each(|name, value| {
            let value = match (name, value) {
                ("headers", value) => self.headers(value, Message::Response),
                ("cookies", value) => self.cookies(value),
                ("redirectURL", Json::String(location)) => Json::String(self.address(&location).into()),
                ("content", Json::Object(content)) => Json::Object(self.content(content, &codings, bodies, body.take())),
                (_, value) => self.member(name, value),
            };
            (None, value)
        })
    }

    fn posted<'t>(&mut self, body: Members<'t>, bodies: Bodies) -> Members<'t> {
        let mut out = Members::with_capacity(body.len());
        let has_text = body.get("text").is_some_and(|text| !text.is_null() && text.as_str() != Some(""));
        let coded = ["encoding", "_encoding"].iter().find_map(|name| Coded::of(body.get(name), body.get("mimeType"), &[]));
        for (name, value) in body {
            match (&*name, value) {
                ("text", value) => {
                    if let Some(text) = self.text(value, coded.clone(), bodies, part::REQUEST_BODY) {
                        out.insert(name, text);
                    }
                }
                // It repeats the text.
                ("params", _) if has_text => {}
                ("params", value) => {
                    let value = self.pairs_list(value);
                    out.insert(name, value);
                }
                ("encoding" | "_encoding", _) => {}
                (_, value) => {
                    let value = self.member(&name, value);
                    out.insert(name, value);
                }
            }
        }
        out
    }

    fn content<'t>(&mut self, content: Members<'t>, codings: &[String], bodies: Bodies, mut body: Option<Prepared<'t>>) -> Members<'t> {
        let mut out = Members::with_capacity(content.len());
        let coded = Coded::of(content.get("encoding"), content.get("mimeType"), codings);
        for (name, value) in content {
            match (&*name, value) {
                ("text", value) => {
                    if bodies == Bodies::Dropped {
                        let Some(text) = written(value).filter(|text| !text.is_empty()) else { continue };
                        self.dropped_bodies += 1;
                        self.lost.push((part::RESPONSE_BODY, Loss::Stripped));
                        match body.take() {
                            Some(Prepared::Dropped(told)) => self.collect_told(told),
                            _ if coded.is_none() => self.collect_told(told_by_dropped(&text)),
                            _ => {}
                        }
                        continue;
                    }
                    let text = match body.take().filter(|_| bodies == Bodies::Kept) {
                        Some(Prepared::Done(text)) => Some(text),
                        Some(Prepared::Prose(text, waiting)) => Some(Json::String(self.after_waiting(text, waiting))),
                        Some(Prepared::Dropped(_)) | None => self.text(value, coded.clone(), bodies, part::RESPONSE_BODY),
                    };
                    if let Some(text) = text {
                        out.insert(name, text);
                    }
                }
                ("encoding", _) => {}
                (_, value) => {
                    let value = self.member(&name, value);
                    out.insert(name, value);
                }
            }
        }
        out
    }

    /// A body as text; `None` for one that is not there, or cannot be decoded. `coded` says how, where it is in base64.
    fn text<'t>(&mut self, value: Json<'t>, coded: Option<Coded>, bodies: Bodies, part: &'static str) -> Option<Json<'t>> {
        let text = written(value)?;
        let text = match coded {
            Some(_) if bodies == Bodies::Kept && decode_base64(text.as_bytes()).is_some_and(|bytes| is_binary(&bytes)) => {
                return Some(Json::String(placeholder::BODY.into()));
            }
            Some(coded) => match coded.read(text) {
                Some(text) => text,
                None => {
                    self.lost.push((part, Loss::Damaged));
                    return None;
                }
            },
            None => text,
        };
        Some(Json::String(if bodies == Bodies::Whole { self.body(&text).into() } else { self.other_body(text) }))
    }

    /// `[{name, value}]` of a query or a form.
    fn pairs_list<'t>(&mut self, list: Json<'t>) -> Json<'t> {
        let Json::Array(items) = list else { return Json::Array(Vec::new()) };
        let rewrite = |item: Json<'t>| {
            let (name, value) = match item {
                Json::Object(mut members) => (text_of(members.remove("name")), text_of(members.remove("value"))),
                _ => Default::default(),
            };
            let rewritten = self.field(&name, &value);
            // Chromium leaves these as they were sent, others decode them: it may be either.
            let rewritten = match form_decoded(&value) {
                decoded if value.contains('%') && *decoded != *value => self.field(&name, &decoded),
                _ => rewritten,
            };
            pair(self.prose_of(name), Json::String(rewritten.into()))
        };
        Json::Array(items.into_iter().map(rewrite).collect())
    }

    fn server_address(&mut self, ip: &str) -> String {
        let host = ip.trim_matches(['[', ']']);
        if host.is_empty() || host.parse::<std::net::IpAddr>().is_ok_and(|ip| ip.is_loopback()) {
            return ip.to_owned();
        }
        self.vault.replace(Kind::IpAddress, host)
    }
}

/// What is certain to be a secret or a person in the received body of an entry that is dropped.
pub(super) fn told_by_received(entry: &Json<'_>) -> Option<Vec<(Meaning, String)>> {
    let (text, coded) = received_text(entry)?;
    coded.is_none().then(|| told_by_dropped(text.as_str().unwrap_or_default()))
}

/// The same of the text of such a body.
fn told_by_dropped(text: &str) -> Vec<(Meaning, String)> {
    match text.len() <= LONGEST_DROPPED && tells_of_a_person(text.as_bytes()) {
        true => told_by(text),
        false => Vec::new(),
    }
}

/// A received body that is a text and not empty, and how it is coded.
fn received_text<'e, 't>(entry: &'e Json<'t>) -> Option<(&'e Json<'t>, Option<Coded>)> {
    let content = entry.get("response")?.get("content")?;
    let text = content.get("text").filter(|text| text.as_str().is_some_and(|text| !text.is_empty()))?;
    Some((text, Coded::of(content.get("encoding"), content.get("mimeType"), &[])))
}

/// What stands in the place of messages: how many there were. An earlier redaction has said it already.
fn messages_left_out(messages: Json<'_>) -> Json<'_> {
    const COUNT: &str = "redacted";
    let count = match messages {
        Json::Null => return Json::Null,
        Json::Array(messages) => Json::Number(messages.len().into()),
        other => match other.get(COUNT) {
            Some(Json::Number(count)) => Json::Number(count.clone()),
            _ => Json::Null,
        },
    };
    Json::Object(Members::from_iter([(COUNT, count)]))
}

/// A header, a parameter or a field.
pub(super) fn pair<'t>(name: Cow<'t, str>, value: Json<'t>) -> Json<'t> {
    Json::Object(Members::of_two(("name", Json::String(name)), ("value", value)))
}

/// A text; of what is none, an empty one.
pub(super) fn text_of(value: Option<Json<'_>>) -> Cow<'_, str> {
    if let Some(Json::String(text)) = value { text } else { Cow::default() }
}

/// Whether a body is in base64, by what its member says of it.
pub(super) fn is_base64(encoding: Option<&Json<'_>>) -> bool {
    encoding.and_then(Json::as_str).is_some_and(|encoding| encoding.eq_ignore_ascii_case("base64"))
}

/// What a member for text holds; some tools write JSON there as it is. `None` for null.
fn written(value: Json<'_>) -> Option<Cow<'_, str>> {
    match value {
        Json::Null => None,
        Json::String(text) => Some(text),
        other => Some(other.to_string().into()),
    }
}

/// Whether anything is read of the text of a received body that is dropped, by its bytes as the file has them: what may tell
/// of a person.
pub(in crate::redact) fn reads_dropped(body: &[u8]) -> bool {
    // An escape takes at most six times the bytes of its character.
    body.len() <= 6 * LONGEST_DROPPED && tells_of_a_person(body)
}

/// Whether a reply may tell of a person.
fn tells_of_a_person(body: &[u8]) -> bool {
    const NAMES: [&str; 4] = ["userPrincipalName", "preferred_username", "displayName", "email"];
    // All at once, where the processor has the instructions for it.
    static SEARCHER: LazyLock<Option<Searcher>> = LazyLock::new(|| Searcher::new(NAMES));
    match &*SEARCHER {
        Some(searcher) => searcher.find(body).is_some(),
        None => NAMES.iter().any(|name| memmem::find(body, name.as_bytes()).is_some()),
    }
}

fn query_list(url: &str) -> Json<'static> {
    let query = url.split('#').next().and_then(|url| url.split_once('?')).map(|(_, query)| query).unwrap_or_default();
    let pairs = url::form_urlencoded::parse(query.as_bytes());
    Json::Array(pairs.map(|(name, value)| pair(name.into_owned().into(), Json::String(value.into_owned().into()))).collect())
}

/// Whether a posted body has anything in it: what an earlier redaction dropped has not.
fn holds_anything(body: &Members<'_>) -> bool {
    let is_text = body.get("text").and_then(Json::as_str).is_some_and(|text| !text.is_empty());
    is_text || matches!(body.get("params"), Some(Json::Array(params)) if !params.is_empty())
}
