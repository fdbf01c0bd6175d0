//! Members that HAR does not have, or leaves to those who write one: of the log, and of an exporter's own. Of what is not listed
//! a text is replaced.

use super::Rewriter;
use super::context::Context;
use super::entry::is_base64;
use super::headers::{Message, is_header_line};
use super::json::largest;
use super::unchanged::Sort;
use crate::capture::Json;
use crate::redact::kind::Kind;
use crate::redact::names::{self, Meaning};
use crate::redact::placeholder;
use std::borrow::Cow;

/// Members of HAR and of exporters of which it is known what they hold: words of protocols, ids of connections and frames,
/// what a browser says of a request's end, and the scripts that made it.
const LISTED: [&str; 19] = [
    "_initiator",
    "_priority",
    "_resourceType",
    "_error",
    "_failureText",
    "_fromCache",
    "_connectionId",
    "_securityState",
    "_charlesStatus",
    "_frameref",
    "_entrace",
    "_monotonicTime",
    "_fetchType",
    "connection",
    "pageref",
    "method",
    "httpVersion",
    "version",
    "startedDateTime",
];

/// Comments that exporters write into every file, and our own.
const COMMENTS: [&str; 4] = ["", "dropped by entrace", "Response bodies are not included.", crate::capture::UNKNOWN_TIME];

/// What servers write behind a status (RFC 9110 §15, and what was usual before), in small letters.
const REASON_PHRASES: [&str; 54] = [
    "",
    "accepted",
    "bad gateway",
    "bad request",
    "conflict",
    "connected",
    "connection established",
    "content too large",
    "continue",
    "created",
    "early hints",
    "expectation failed",
    "failed dependency",
    "forbidden",
    "found",
    "gateway timeout",
    "gone",
    "http version not supported",
    "internal redirect",
    "internal server error",
    "length required",
    "locked",
    "method not allowed",
    "misdirected request",
    "moved permanently",
    "moved temporarily",
    "multi-status",
    "multiple choices",
    "network authentication required",
    "no content",
    "non-authoritative information",
    "not acceptable",
    "not found",
    "not implemented",
    "not modified",
    "object moved",
    "ok",
    "partial content",
    "payload too large",
    "permanent redirect",
    "precondition failed",
    "proxy authentication required",
    "redirect",
    "request header fields too large",
    "request timeout",
    "reset content",
    "see other",
    "service unavailable",
    "switching protocols",
    "temporary redirect",
    "too many requests",
    "unauthorized",
    "unprocessable entity",
    "unsupported media type",
];

/// The longest text of a member that no specification names, in letters.
const LONGEST: usize = 2000;

impl Rewriter<'_> {
    /// A member of the log besides its entries: pages, the creator, what an exporter added.
    pub(in crate::redact) fn log_member<'t>(&mut self, name: &str, value: Json<'t>) -> Json<'t> {
        match (name, value) {
            // Somebody wrote it by hand, or an exporter says what we say in our own words.
            ("comment", _) => Json::Null,
            ("creator" | "browser", Json::Object(members)) => Json::Object(members.each(|name, value| {
                let is_version = name == "version" && value.as_str().is_some_and(is_version);
                let value = match name {
                    _ if is_version => value,
                    "name" | "version" => self.other(value),
                    _ => self.member(name, value),
                };
                (None, value)
            })),
            ("pages", Json::Array(pages)) => Json::Array(pages.into_iter().map(|page| self.recorded_page(page)).collect()),
            (name, value) => self.member(name, value),
        }
    }

    /// A page that was recorded. Of its title, which may be that of a letter, nothing stays but an address.
    fn recorded_page<'t>(&mut self, page: Json<'t>) -> Json<'t> {
        let Json::Object(members) = page else { return self.other(page) };
        Json::Object(members.each(|name, value| {
            let value = match (name, value) {
                ("id", value) => self.other(value),
                ("title", Json::String(title)) => Json::String(self.unlisted(title)),
                (name, value) => self.member(name, value),
            };
            (None, value)
        }))
    }

    /// A member of HAR of which nothing is read, or of an exporter's own. One that is not listed is replaced.
    pub(super) fn member<'t>(&mut self, name: &str, value: Json<'t>) -> Json<'t> {
        let value = match self.member_of_message(name, value) {
            Ok(known) => return known,
            Err(value) => value,
        };
        if LISTED.contains(&name) {
            return self.other(value);
        }
        match (name, value) {
            ("mimeType", Json::String(sort)) => Json::String(self.media_type(&sort).into()),
            ("comment", Json::String(comment)) => Json::String(comment_of_har(comment)),
            ("statusText", Json::String(phrase)) => {
                Json::String(if is_reason_phrase(&phrase) { phrase } else { placeholder::LEFT_OUT.into() })
            }
            ("expires" | "lastAccess", Json::String(time)) => Json::String(self.meaning(Meaning::Moment, &time).into()),
            ("protocol" | "cipher" | "keyExchange" | "keyExchangeGroup", Json::String(text)) if is_version(&text) => Json::String(text),
            // The host that a certificate is for.
            ("subjectName", Json::String(host)) if is_host(&host) => Json::String(self.tenant_host(&host).into()),
            (_, value) => self.named_member(name, value),
        }
    }

    /// A member by its name where that leaves no doubt.
    fn named_member<'t>(&mut self, name: &str, value: Json<'t>) -> Json<'t> {
        let of_exporter = self.context.of_exporter;
        match (names::of_field(name), value) {
            // The names of people and functions are both called `name`.
            (Meaning::Named | Meaning::Url, value) if of_exporter => self.inner(value),
            (meaning, value) if of_exporter && meaning.says_little() => self.inner(value),
            (Meaning::Unknown, Json::String(text)) => Json::String(self.unlisted(text)),
            // Certificates have an issuer too.
            (Meaning::Url, Json::String(text)) if !text.contains("://") => Json::String(self.unlisted(text)),
            (meaning, Json::String(text)) => Json::String(self.meaning(meaning, &text).into()),
            (meaning @ Meaning::Secret(kind), Json::Number(number)) if number.as_f64().is_none_or(|number| number > largest(meaning)) => {
                Json::String(self.vault.replace(kind, &number.to_string()).into())
            }
            // Who it was.
            (Meaning::Account, Json::Object(members)) => Json::Object(members.each(|name, value| {
                let value = match value {
                    Json::String(text) => Json::String(self.field(name, &text).into()),
                    value => self.member(name, value),
                };
                (None, value)
            })),
            (_, value) => self.inner(value),
        }
    }

    /// A text of which nothing tells that it is harmless. Of JSON the members are looked at.
    fn unlisted<'t>(&mut self, text: Cow<'t, str>) -> Cow<'t, str> {
        if text.len() > LONGEST {
            return placeholder::LEFT_OUT.into();
        }
        if text.starts_with(['{', '['])
            && let Some(json) = self.json_text(&text)
        {
            return json.into();
        }
        let meaning = if text.parse::<std::net::IpAddr>().is_ok() { Meaning::Secret(Kind::IpAddress) } else { Meaning::Unknown };
        self.meaning(meaning, &text).into()
    }

    /// A member that is called as a header is, or as all headers, cookies or parameters of a query are; otherwise the value as
    /// it was.
    fn member_of_message<'t>(&mut self, name: &str, value: Json<'t>) -> Result<Json<'t>, Json<'t>> {
        let ends = |end: &str| {
            let start = name.len().checked_sub(end.len());
            start.and_then(|start| name.get(start..)).is_some_and(|letters| letters.eq_ignore_ascii_case(end))
        };
        // Most end otherwise.
        let last = name.bytes().last().unwrap_or_default().to_ascii_lowercase();
        if !matches!(last, b's' | b'e' | b'n' | b'l' | b'y' | b'g') {
            return Err(value);
        }
        let is_line = |line: &Json<'_>| matches!(line, Json::Array(_)) || line.get("name").is_some();
        let message = || if name.to_ascii_lowercase().contains("response") { Message::Response } else { Message::Request };
        Ok(match value {
            value @ Json::Object(_) if ends("headers") => self.headers(value, message()),
            Json::Array(lines) if ends("headers") && lines.iter().all(is_line) => self.headers(Json::Array(lines), message()),
            Json::Object(cookies) if ends("cookies") => Json::Object(cookies.each(|name, value| {
                let value = match value {
                    Json::String(text) => Json::String(self.cookie(&text).into()),
                    Json::Number(number) => Json::String(self.vault.replace(Kind::Cookie, &number.to_string()).into()),
                    other => self.other(other),
                };
                (Some(self.cookie_name(name).into()), value)
            })),
            value @ Json::Array(_) if ends("cookies") => self.cookies(value),
            Json::Object(pairs) if ends("query") || ends("querystring") => Json::Object(pairs.each(|name, value| {
                let value = match value {
                    Json::String(text) => Json::String(self.field(name, &text).into()),
                    other => self.member(name, other),
                };
                (self.changed_prose(name).map(Cow::Owned), value)
            })),
            Json::String(text) => {
                let name = name.trim_start_matches('_');
                let is_header = ["cookie", "set-cookie"].iter().any(|known| known.eq_ignore_ascii_case(name))
                    || ends("authorization")
                    || matches!(names::of_header(name), Meaning::Token if names::of_field(name) == Meaning::Unknown);
                match is_header {
                    true if name.eq_ignore_ascii_case("set-cookie") => Json::String(self.set_cookie(&text).into()),
                    true => Json::String(self.header(name, &text, Message::Request).into()),
                    false => return Err(Json::String(text)),
                }
            }
            other => return Err(other),
        })
    }

    /// What stands in a member that is known: its texts are looked at as prose, addresses as addresses.
    pub(super) fn other<'t>(&mut self, value: Json<'t>) -> Json<'t> {
        self.in_context(Context { of_exporter: true, ..self.context }, |rewriter| rewriter.inner(value))
    }

    /// What stands in a member. In one that is not known a text is replaced, unless its name says what it is.
    fn inner<'t>(&mut self, value: Json<'t>) -> Json<'t> {
        match value {
            Json::String(text) if !self.context.of_exporter => Json::String(self.unlisted(text)),
            Json::String(text) if text.len() > LONGEST => Json::String(placeholder::LEFT_OUT.into()),
            Json::String(text) if text.starts_with("http://") || text.starts_with("https://") => {
                Json::String(self.unless_unchanged(Sort::Address, "", text, Self::address))
            }
            Json::String(text) if text.starts_with(['{', '[']) => match self.json_text(&text) {
                Some(json) => Json::String(json.into()),
                None => Json::String(self.text_with_members(text)),
            },
            Json::String(text) => Json::String(self.text_with_members(text)),
            // A header, as a pair of texts.
            Json::Array(items) if is_header_line(&items) => self.header_line(Json::Array(items), Message::Request),
            Json::Array(items) => Json::Array(items.into_iter().map(|item| self.inner(item)).collect()),
            Json::Object(members) => {
                let named = members.get("name").and_then(Json::as_str).map(str::to_owned).filter(|_| members.contains_key("value"));
                let coded = is_base64(members.get("encoding"));
                Json::Object(members.each(|name, value| {
                    let value = match (name, &named, value) {
                        // A header, a parameter or a field.
                        ("value", Some(named), Json::String(text)) => Json::String(self.value_named(named, &text).into()),
                        ("name", Some(_), Json::String(text)) => Json::String(self.prose_of(text)),
                        ("text", _, Json::String(_)) if coded => Json::String(placeholder::BODY.into()),
                        (_, _, value) => self.member(name, value),
                    };
                    (self.changed_prose(name).map(Cow::Owned), value)
                }))
            }
            other => other,
        }
    }

    /// A value by a name of which it is not known whether it is a header's or a field's.
    fn value_named(&mut self, name: &str, value: &str) -> String {
        match names::of_header(name) {
            Meaning::Secret(Kind::Header) => self.field(name, value),
            _ => self.header(name, value, Message::Request),
        }
    }
}

/// A comment on an entry or a part of it, which somebody may have written by hand.
fn comment_of_har(comment: Cow<'_, str>) -> Cow<'_, str> {
    if COMMENTS.contains(&&*comment) { comment } else { placeholder::LEFT_OUT.into() }
}

fn is_host(text: &str) -> bool {
    text.contains('.') && text.bytes().all(|byte| byte.is_ascii_alphanumeric() || b".-*".contains(&byte))
}

fn is_reason_phrase(text: &str) -> bool {
    REASON_PHRASES.binary_search(&&*text.to_ascii_lowercase()).is_ok()
}

fn is_version(text: &str) -> bool {
    text.len() <= 40 && text.chars().all(|c| c.is_ascii_alphanumeric() || ".-+_ ()".contains(c))
}
