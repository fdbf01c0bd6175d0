//! One entry of a HAR.

use super::Rewriter;
use super::address::{form_decoded, is_of_service, percent_decoded};
use super::body::{LONGEST_DROPPED, is_binary};
use super::context::Context;
use super::json::largest;
use super::unchanged::Sort;
use crate::capture::note::{self, part};
use crate::capture::{Json, Members, decode_base64};
use crate::entra::cookies;
use crate::exchange::Loss;
use crate::redact::kind::Kind;
use crate::redact::names::{self, Meaning};
use crate::redact::placeholder;
use aho_corasick::packed::Searcher;
use memchr::memmem;
use std::borrow::Cow;
use std::sync::LazyLock;

/// The shortest random part of a cookie's name that is replaced; the parts of one that is cut in pieces are numbered.
const SHORTEST_RANDOM: usize = 8;

/// The longest text of a member that no specification names, in letters.
const LONGEST: usize = 2000;

impl Rewriter<'_> {
    /// An entry; `whole` says whether it is sign-in traffic or evidence. One that cannot be read is left as a
    /// place holder, so that entries keep their numbers.
    pub(in crate::redact) fn entry<'t>(&mut self, entry: Json<'t>, whole: bool) -> Json<'t> {
        self.entry_with(entry, whole, None)
    }

    /// The same of an entry whose received body was rewritten before.
    pub(in crate::redact) fn entry_with<'t>(&mut self, entry: Json<'t>, whole: bool, mut body: Option<Json<'t>>) -> Json<'t> {
        let Json::Object(members) = entry else {
            return note::unreadable();
        };
        self.lost.clear();
        let mut out = members.each(|name, value| {
            let value = match (name, value) {
                ("request", Json::Object(request)) => Json::Object(self.request(request, whole)),
                ("response", Json::Object(response)) => Json::Object(self.response(response, whole, body.take())),
                ("serverIPAddress", Json::String(ip)) => Json::String(self.server_address(&ip).into()),
                ("_webSocketMessages" | "_eventSourceMessages", value) if !self.keep_bodies => {
                    let count = if let Json::Array(messages) = value { Json::Number(messages.len().into()) } else { Json::Null };
                    Json::Object(Members::from_iter([("redacted", count)]))
                }
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
        let content = entry.get("response")?.get("content")?;
        let text = content.get("text").filter(|text| text.as_str().is_some_and(|text| !text.is_empty()))?;
        self.text(text.clone(), is_base64(content.get("encoding")), false, part::RESPONSE_BODY)
    }

    /// A member of the log besides its entries: pages, the creator, what an exporter added.
    pub(in crate::redact) fn log_member<'t>(&mut self, name: &str, value: Json<'t>) -> Json<'t> {
        match name {
            // Somebody wrote it by hand, or an exporter says what we say in our own words.
            "comment" => Json::Null,
            "creator" | "browser" => match value {
                Json::Object(members) => Json::Object(
                    members
                        .into_iter()
                        .map(|(name, value)| {
                            let is_version = name == "version" && value.as_str().is_some_and(is_version);
                            let value = if is_version { value } else { self.other(value) };
                            (name, value)
                        })
                        .collect(),
                ),
                other => self.other(other),
            },
            _ => self.other(value),
        }
    }

    fn request<'t>(&mut self, request: Members<'t>, whole: bool) -> Members<'t> {
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
                ("headers", value) => self.headers(value, true),
                ("cookies", value) => self.cookies(value),
                ("queryString", value) => self.in_context(Context { at_service, ..self.context }, |rewriter| rewriter.pairs_list(value)),
                ("postData", Json::Object(body)) => match whole || self.keep_bodies {
                    true => {
                        let context = Context { at_service, is_asking: true, ..self.context };
                        Json::Object(self.in_context(context, |rewriter| rewriter.posted(body, whole)))
                    }
                    false => {
                        self.dropped_bodies += 1;
                        self.lost.push((part::REQUEST_BODY, Loss::Stripped));
                        if let Some(text) = body.get("text").cloned().and_then(written) {
                            self.collect_from(&text);
                        }
                        let mime =
                            body.get("mimeType").and_then(Json::as_str).map_or(Json::Null, |mime| Json::String(self.prose(mime).into()));
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

    fn response<'t>(&mut self, response: Members<'t>, whole: bool, mut body: Option<Json<'t>>) -> Members<'t> {
        response.each(|name, value| {
            let value = match (name, value) {
                ("headers", value) => self.headers(value, false),
                ("cookies", value) => self.cookies(value),
                ("redirectURL", Json::String(location)) => Json::String(self.address(&location).into()),
                ("content", Json::Object(content)) => Json::Object(self.content(content, whole, body.take())),
                (_, value) => self.member(name, value),
            };
            (None, value)
        })
    }

    fn posted<'t>(&mut self, body: Members<'t>, whole: bool) -> Members<'t> {
        let mut out = Members::with_capacity(body.len());
        let has_text = body.get("text").is_some_and(|text| !text.is_null() && text.as_str() != Some(""));
        let coded = ["encoding", "_encoding"].iter().any(|name| is_base64(body.get(name)));
        for (name, value) in body {
            match (&*name, value) {
                ("text", value) => {
                    if let Some(text) = self.text(value, coded, whole, part::REQUEST_BODY) {
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
                    let value = self.other(value);
                    out.insert(name, value);
                }
            }
        }
        out
    }

    fn content<'t>(&mut self, content: Members<'t>, whole: bool, mut body: Option<Json<'t>>) -> Members<'t> {
        let mut out = Members::with_capacity(content.len());
        let coded = is_base64(content.get("encoding"));
        for (name, value) in content {
            match (&*name, value) {
                ("text", value) => {
                    if !whole && !self.keep_bodies {
                        let Some(text) = written(value).filter(|text| !text.is_empty()) else { continue };
                        self.dropped_bodies += 1;
                        self.lost.push((part::RESPONSE_BODY, Loss::Stripped));
                        if !coded && text.len() <= LONGEST_DROPPED && tells_of_a_person(text.as_bytes()) {
                            self.collect_from(&text);
                        }
                        continue;
                    }
                    if let Some(text) = body.take().filter(|_| !whole).or_else(|| self.text(value, coded, whole, part::RESPONSE_BODY)) {
                        out.insert(name, text);
                    }
                }
                ("encoding", _) => {}
                (_, value) => {
                    let value = self.other(value);
                    out.insert(name, value);
                }
            }
        }
        out
    }

    /// A body as text; `None` for one that is not there, or cannot be decoded.
    fn text<'t>(&mut self, value: Json<'t>, coded: bool, whole: bool, part: &'static str) -> Option<Json<'t>> {
        let text = written(value)?;
        let text = match coded {
            true => match decode_base64(text.as_bytes()) {
                Some(bytes) if !whole && is_binary(&bytes) => return Some(Json::String(placeholder::BODY.into())),
                Some(bytes) => {
                    String::from_utf8(bytes).unwrap_or_else(|error| String::from_utf8_lossy(error.as_bytes()).into_owned()).into()
                }
                None => {
                    self.lost.push((part, Loss::Damaged));
                    return None;
                }
            },
            false => text,
        };
        Some(Json::String(if whole { self.body(&text).into() } else { self.other_body(text) }))
    }

    /// Header lines: `[{name, value}]`, pairs, or an object.
    fn headers<'t>(&mut self, headers: Json<'t>, of_request: bool) -> Json<'t> {
        match headers {
            Json::Array(lines) => Json::Array(lines.into_iter().map(|line| self.header_line(line, of_request)).collect()),
            Json::Object(members) => Json::Object(
                members
                    .into_iter()
                    .map(|(name, value)| {
                        let value = self.header_value(&name, value, of_request);
                        (self.prose_of(name), value)
                    })
                    .collect(),
            ),
            _ => Json::Array(Vec::new()),
        }
    }

    fn header_line<'t>(&mut self, line: Json<'t>, of_request: bool) -> Json<'t> {
        match line {
            Json::Object(mut members) => {
                let name = text_of(members.remove("name"));
                let value = members.remove("value").unwrap_or_default();
                let value = self.header_value(&name, value, of_request);
                pair(self.prose_of(name), value)
            }
            Json::Array(pair) => {
                let mut items = pair.into_iter();
                let name = text_of(items.next());
                let value = self.header_value(&name, items.next().unwrap_or(Json::Null), of_request);
                Json::Array(vec![Json::String(self.prose_of(name)), value])
            }
            _ => Json::Null,
        }
    }

    fn header_value<'t>(&mut self, name: &str, value: Json<'t>, of_request: bool) -> Json<'t> {
        match value {
            Json::String(text) => {
                if !text.contains('\n') {
                    let sort = if of_request { Sort::RequestHeader } else { Sort::ResponseHeader };
                    return Json::String(self.unless_unchanged(sort, name, text, |rewriter, text| rewriter.header(name, text, of_request)));
                }
                // Old exporters join repeated headers with line feeds.
                let lines: Vec<String> = text.split('\n').map(|line| self.header(name, line, of_request)).collect();
                Json::String(lines.join("\n").into())
            }
            Json::Array(items) => Json::Array(items.into_iter().map(|item| self.header_value(name, item, of_request)).collect()),
            Json::Object(_) => Json::Null,
            // Written by hand, or by a tool that takes all numbers for such.
            Json::Number(number) => {
                let text = number.to_string();
                let header = self.header(name, &text, of_request);
                if header == text { Json::Number(number) } else { Json::String(header.into()) }
            }
            other => other,
        }
    }

    fn header(&mut self, name: &str, value: &str, of_request: bool) -> String {
        // What Chromium's log writes in the place of what it does not keep.
        if value.starts_with('[') && value.ends_with(" bytes were stripped]") && value.len() < 40 {
            return value.to_owned();
        }
        match &*names::lower(name) {
            "cookie" if of_request => self.cookie_header(value),
            "set-cookie" if !of_request => self.set_cookie(value),
            "authorization" | "proxy-authorization" => self.authorization(value),
            "www-authenticate" | "proxy-authenticate" => self.challenge_header(value),
            "content-security-policy" | "content-security-policy-report-only" => self.security_policy(value),
            _ => self.meaning(names::of_header(name), value),
        }
    }

    pub(super) fn cookie_header(&mut self, value: &str) -> String {
        let cookies: Vec<String> = value.split(';').map(|pair| self.cookie_pair(pair.trim())).collect();
        cookies.join("; ")
    }

    fn cookie_pair(&mut self, pair: &str) -> String {
        match pair.split_once('=') {
            Some((name, value)) => format!("{}={}", self.cookie_name(name), self.cookie(value)),
            None => self.cookie(pair),
        }
    }

    /// Names of cookies stay, but for what is random in them and those that carry a person.
    fn cookie_name(&mut self, name: &str) -> String {
        if let Some((beginning, random)) = cookies::beginning(name).filter(|(_, random)| random.len() >= SHORTEST_RANDOM) {
            return format!("{beginning}{}", self.vault.replace(Kind::Opaque, random));
        }
        if name.len() > 200 { self.vault.replace(Kind::Opaque, name) } else { self.prose(name) }
    }

    fn cookie(&mut self, value: &str) -> String {
        let inner = value.trim().trim_matches('"');
        let decoded = percent_decoded(inner);
        if decoded.starts_with('{') {
            self.collect_from(&decoded);
        }
        if inner.len() <= 2 { value.to_owned() } else { self.replaced(Kind::Cookie, inner) }
    }

    fn set_cookie(&mut self, line: &str) -> String {
        // Some exporters join repeated headers with commas.
        let cookies: Vec<String> = joined_cookies(line).map(|cookie| self.one_cookie(cookie)).collect();
        cookies.join(", ")
    }

    fn one_cookie(&mut self, line: &str) -> String {
        let mut parts = line.split(';');
        let cookie = self.cookie_pair(parts.next().unwrap_or_default().trim());
        let mut out = vec![cookie];
        for attribute in parts {
            let attribute = attribute.trim();
            let name = attribute.split('=').next().unwrap_or_default().trim().to_ascii_lowercase();
            let known = ["domain", "path", "expires", "max-age", "secure", "httponly", "samesite", "partitioned", "priority", "version"];
            out.push(if known.contains(&name.as_str()) { self.prose(attribute) } else { placeholder::LEFT_OUT.to_owned() });
        }
        out.join("; ")
    }

    /// Of a policy only who may frame the page stays.
    fn security_policy(&mut self, value: &str) -> String {
        let directives = value.split(';').map(str::trim).filter(|directive| directive.to_ascii_lowercase().starts_with("frame-ancestors"));
        let kept: Vec<String> = directives.map(|directive| self.prose(directive)).collect();
        if kept.is_empty() { placeholder::LEFT_OUT.to_owned() } else { kept.join("; ") }
    }

    /// `cookies`: names and attributes stay.
    fn cookies<'t>(&mut self, cookies: Json<'t>) -> Json<'t> {
        let Json::Array(items) = cookies else { return Json::Array(Vec::new()) };
        let cookie = |item: Json<'t>| {
            let Json::Object(members) = item else { return Json::Null };
            Json::Object(members.each(|name, value| {
                let value = match (name, value) {
                    ("name", Json::String(text)) => Json::String(self.cookie_name(&text).into()),
                    ("value", Json::String(text)) => Json::String(self.cookie(&text).into()),
                    ("value", value) => Json::String(self.vault.replace(Kind::Cookie, &value.to_string()).into()),
                    (_, value) => self.other(value),
                };
                (None, value)
            }))
        };
        Json::Array(items.into_iter().map(cookie).collect())
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

    /// A member of an exporter's own, by its name where that leaves no doubt.
    fn member<'t>(&mut self, name: &str, value: Json<'t>) -> Json<'t> {
        let value = match self.member_of_message(name, value) {
            Ok(known) => return known,
            Err(value) => value,
        };
        match (names::of_field(name), value) {
            // The names of people and functions are both called `name`.
            (Meaning::Named | Meaning::Url, value) => self.other(value),
            (meaning, value) if meaning.says_little() => self.other(value),
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
            (_, value) => self.other(value),
        }
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
        let of_request = !name.to_ascii_lowercase().contains("response");
        Ok(match value {
            value @ Json::Object(_) if ends("headers") => self.headers(value, of_request),
            Json::Array(lines) if ends("headers") && lines.iter().all(is_line) => self.headers(Json::Array(lines), of_request),
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
                    true => Json::String(self.header(name, &text, true).into()),
                    false => return Err(Json::String(text)),
                }
            }
            other => return Err(other),
        })
    }

    /// A member that no table names: its texts are looked at as prose, addresses as addresses.
    fn other<'t>(&mut self, value: Json<'t>) -> Json<'t> {
        match value {
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
            Json::Array(items) if is_header_line(&items) => self.header_line(Json::Array(items), true),
            Json::Array(items) => Json::Array(items.into_iter().map(|item| self.other(item)).collect()),
            Json::Object(members) => {
                let named = members.get("name").and_then(Json::as_str).map(str::to_owned).filter(|_| members.contains_key("value"));
                let coded = is_base64(members.get("encoding"));
                Json::Object(members.each(|name, value| {
                    let value = match (name, &named, value) {
                        // A header, a parameter or a field.
                        ("value", Some(named), Json::String(text)) => Json::String(self.value_named(named, &text).into()),
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
            _ => self.header(name, value, true),
        }
    }
}

/// The cookies of a `Set-Cookie` line: a comma ends one where a name and an equals sign follow. In a date they do not.
fn joined_cookies(line: &str) -> impl Iterator<Item = &str> {
    let begins_one = |text: &str| {
        let text = text.trim_start();
        let name = text.find(['=', ';', ',', ' ', '"']).map_or("", |end| text.get(..end).unwrap_or_default());
        !name.is_empty() && text.get(name.len()..).is_some_and(|rest| rest.starts_with('='))
    };
    let mut rest = Some(line);
    std::iter::from_fn(move || {
        let text = rest.take()?;
        let end = memchr::memchr_iter(b',', text.as_bytes()).find(|at| text.get(at + 1..).is_some_and(begins_one));
        rest = end.and_then(|end| text.get(end + 1..));
        text.get(..end.unwrap_or(text.len()))
    })
}

/// Whether two texts are a header that holds a secret, and its name before it.
fn is_header_line(items: &[Json<'_>]) -> bool {
    let [Json::String(name), Json::String(_)] = items else { return false };
    ["cookie", "authorization", "proxy-authorization"].iter().any(|known| known.eq_ignore_ascii_case(name))
        || name.contains('-') && matches!(names::of_header(name), Meaning::Token | Meaning::Secret(Kind::FlowToken | Kind::IpAddress))
}

/// A header, a parameter or a field.
fn pair<'t>(name: Cow<'t, str>, value: Json<'t>) -> Json<'t> {
    Json::Object(Members::of_two(("name", Json::String(name)), ("value", value)))
}

/// A text; of what is none, an empty one.
fn text_of(value: Option<Json<'_>>) -> Cow<'_, str> {
    if let Some(Json::String(text)) = value { text } else { Cow::default() }
}

fn is_version(text: &str) -> bool {
    text.len() <= 40 && text.chars().all(|c| c.is_ascii_alphanumeric() || ".-+_ ()".contains(c))
}

fn is_base64(encoding: Option<&Json<'_>>) -> bool {
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
