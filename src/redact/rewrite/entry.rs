//! One entry of a HAR.

use super::Rewriter;
use super::address::percent_decoded;
use super::body::{LONGEST_DROPPED, REPLACED, is_binary};
use crate::capture::decode_base64;
use crate::redact::kind::Kind;
use crate::redact::names::{self, Meaning};
use memchr::memmem::Finder;
use serde_json::{Map, Value, json};
use std::sync::LazyLock;

/// The bodies, as `_entrace` names them.
const POSTED: &str = "request.body";
const RECEIVED: &str = "response.body";

/// Why one did not go over: it was dropped, or could not be decoded.
const DROPPED: &str = "stripped";
const DAMAGED: &str = "damaged";

/// The longest text of a member that no specification names, in letters.
const LONGEST: usize = 2000;

type Members = Map<String, Value>;

impl Rewriter<'_> {
    /// An entry; `whole` says whether it is sign-in traffic or evidence. One that cannot be read is left as a
    /// place holder, so that entries keep their numbers.
    pub(in crate::redact) fn entry(&mut self, entry: Value, whole: bool) -> Value {
        let Value::Object(members) = entry else {
            return json!({ "_entrace": { "unreadable": true } });
        };
        self.lost.clear();
        let mut out = Map::new();
        for (name, value) in members {
            let value = match (name.as_str(), value) {
                ("request", Value::Object(request)) => Value::Object(self.request(request, whole)),
                ("response", Value::Object(response)) => Value::Object(self.response(response, whole)),
                ("serverIPAddress", Value::String(ip)) => Value::String(self.server_address(&ip)),
                ("_webSocketMessages" | "_eventSourceMessages", value) if !self.keep_bodies => {
                    json!({ "redacted": value.as_array().map(Vec::len) })
                }
                (_, value) => self.member(&name, value),
            };
            out.insert(name, value);
        }
        // What was there and is no more must not read as if it had never been.
        if !self.lost.is_empty()
            && let Some(note) = out.entry("_entrace").or_insert_with(|| json!({})).as_object_mut()
            && let Some(parts) = note.entry("parts").or_insert_with(|| json!({})).as_object_mut()
        {
            for (part, loss) in self.lost.drain(..) {
                parts.entry(part).or_insert_with(|| json!(loss));
            }
        }
        Value::Object(out)
    }

    /// A member of the log besides its entries: pages, the creator, what an exporter added.
    pub(in crate::redact) fn log_member(&mut self, name: &str, value: Value) -> Value {
        match name {
            // Somebody wrote it by hand, or an exporter says what we say in our own words.
            "comment" => Value::Null,
            "creator" | "browser" => match value {
                Value::Object(members) => Value::Object(
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

    fn request(&mut self, request: Members, whole: bool) -> Members {
        let mut out = Map::new();
        let mut url = None;
        for (name, value) in request {
            let value = match (name.as_str(), value) {
                ("url", Value::String(text)) => {
                    let address = self.address(&text);
                    url = Some(address.clone());
                    Value::String(address)
                }
                ("headers", value) => self.headers(value, true),
                ("cookies", value) => self.cookies(value),
                ("queryString", value) => self.pairs_list(value),
                ("postData", Value::Object(body)) => match whole || self.keep_bodies {
                    true => Value::Object(self.posted(body, whole)),
                    false => {
                        self.dropped_bodies += 1;
                        self.lost.push((POSTED, DROPPED));
                        if let Some(text) = body.get("text").cloned().and_then(written) {
                            self.collect_from(&text);
                        }
                        json!({ "mimeType": body.get("mimeType").and_then(Value::as_str).map(|mime| self.prose(mime)), "comment": "dropped by entrace" })
                    }
                },
                (_, value) => self.member(&name, value),
            };
            out.insert(name, value);
        }
        // The list repeats the query, decoded by each exporter in its own way.
        if let Some(url) = url.filter(|_| out.contains_key("queryString")) {
            out.insert("queryString".to_owned(), query_list(&url));
        }
        out
    }

    fn response(&mut self, response: Members, whole: bool) -> Members {
        let mut out = Map::new();
        for (name, value) in response {
            let value = match (name.as_str(), value) {
                ("headers", value) => self.headers(value, false),
                ("cookies", value) => self.cookies(value),
                ("redirectURL", Value::String(location)) => Value::String(self.address(&location)),
                ("content", Value::Object(content)) => Value::Object(self.content(content, whole)),
                (_, value) => self.member(&name, value),
            };
            out.insert(name, value);
        }
        out
    }

    fn posted(&mut self, body: Members, whole: bool) -> Members {
        let mut out = Map::new();
        let has_text = body.get("text").is_some_and(|text| !text.is_null() && text.as_str() != Some(""));
        let coded = ["encoding", "_encoding"].iter().any(|name| is_base64(body.get(*name)));
        for (name, value) in body {
            match (name.as_str(), value) {
                ("text", value) => {
                    if let Some(text) = self.text(value, coded, whole, POSTED) {
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

    fn content(&mut self, content: Members, whole: bool) -> Members {
        let mut out = Map::new();
        let coded = is_base64(content.get("encoding"));
        for (name, value) in content {
            match (name.as_str(), value) {
                ("text", value) => {
                    if !whole && !self.keep_bodies {
                        let Some(text) = written(value).filter(|text| !text.is_empty()) else { continue };
                        self.dropped_bodies += 1;
                        self.lost.push((RECEIVED, DROPPED));
                        if !coded && text.len() <= LONGEST_DROPPED && tells_of_a_person(text.as_bytes()) {
                            self.collect_from(&text);
                        }
                        continue;
                    }
                    if let Some(text) = self.text(value, coded, whole, RECEIVED) {
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
    fn text(&mut self, value: Value, coded: bool, whole: bool, part: &'static str) -> Option<Value> {
        let text = written(value)?;
        let text = match coded {
            true => match decode_base64(text.as_bytes()) {
                Some(bytes) if !whole && is_binary(&bytes) => return Some(Value::String(REPLACED.to_owned())),
                Some(bytes) => String::from_utf8(bytes).unwrap_or_else(|error| String::from_utf8_lossy(error.as_bytes()).into_owned()),
                None => {
                    self.lost.push((part, DAMAGED));
                    return None;
                }
            },
            false => text,
        };
        Some(Value::String(if whole { self.body(&text) } else { self.other_body(text) }))
    }

    /// Header lines: `[{name, value}]`, pairs, or an object.
    fn headers(&mut self, headers: Value, of_request: bool) -> Value {
        match headers {
            Value::Array(lines) => Value::Array(lines.into_iter().map(|line| self.header_line(line, of_request)).collect()),
            Value::Object(members) => Value::Object(
                members
                    .into_iter()
                    .map(|(name, value)| {
                        let value = self.header_value(&name, value, of_request);
                        (self.prose(&name), value)
                    })
                    .collect(),
            ),
            _ => Value::Array(Vec::new()),
        }
    }

    fn header_line(&mut self, line: Value, of_request: bool) -> Value {
        match line {
            Value::Object(mut members) => {
                let name = members.get("name").and_then(Value::as_str).unwrap_or_default().to_owned();
                let value = members.remove("value").unwrap_or(Value::Null);
                let value = self.header_value(&name, value, of_request);
                let mut out = Map::new();
                out.insert("name".to_owned(), Value::String(self.prose(&name)));
                out.insert("value".to_owned(), value);
                Value::Object(out)
            }
            Value::Array(pair) => {
                let mut items = pair.into_iter();
                let name = items.next().and_then(|name| name.as_str().map(str::to_owned)).unwrap_or_default();
                let value = self.header_value(&name, items.next().unwrap_or(Value::Null), of_request);
                json!([self.prose(&name), value])
            }
            _ => Value::Null,
        }
    }

    fn header_value(&mut self, name: &str, value: Value, of_request: bool) -> Value {
        match value {
            Value::String(text) => {
                // Old exporters join repeated headers with line feeds.
                let lines: Vec<String> = text.split('\n').map(|line| self.header(name, line, of_request)).collect();
                Value::String(lines.join("\n"))
            }
            Value::Array(items) => Value::Array(items.into_iter().map(|item| self.header_value(name, item, of_request)).collect()),
            Value::Object(_) => Value::Null,
            other => other,
        }
    }

    fn header(&mut self, name: &str, value: &str, of_request: bool) -> String {
        // What Chromium's log writes in the place of what it does not keep.
        if value.starts_with('[') && value.ends_with(" bytes were stripped]") && value.len() < 40 {
            return value.to_owned();
        }
        match name.to_ascii_lowercase().as_str() {
            "cookie" if of_request => self.cookie_header(value),
            "set-cookie" if !of_request => self.set_cookie(value),
            "authorization" | "proxy-authorization" => self.authorization(value),
            "www-authenticate" | "proxy-authenticate" => self.challenge_header(value),
            "content-security-policy" | "content-security-policy-report-only" => self.security_policy(value),
            _ => self.meaning(names::of_header(name), value),
        }
    }

    fn cookie_header(&mut self, value: &str) -> String {
        let cookies: Vec<String> = value.split(';').map(|pair| self.cookie_pair(pair.trim())).collect();
        cookies.join("; ")
    }

    fn cookie_pair(&mut self, pair: &str) -> String {
        match pair.split_once('=') {
            Some((name, value)) => format!("{}={}", self.cookie_name(name), self.cookie(value)),
            None => self.cookie(pair),
        }
    }

    /// Names of cookies stay: some carry an id of the client in them, and those that carry a person do not.
    fn cookie_name(&mut self, name: &str) -> String {
        if name.len() > 200 { self.vault.replace(Kind::Opaque, name) } else { self.prose(name) }
    }

    fn cookie(&mut self, value: &str) -> String {
        let inner = value.trim().trim_matches('"');
        let decoded = percent_decoded(inner);
        if decoded.starts_with('{') {
            self.collect_from(&decoded);
        }
        if inner.len() <= 2 { value.to_owned() } else { self.vault.replace(Kind::Cookie, inner) }
    }

    fn set_cookie(&mut self, line: &str) -> String {
        let mut parts = line.split(';');
        let cookie = self.cookie_pair(parts.next().unwrap_or_default().trim());
        let mut out = vec![cookie];
        for attribute in parts {
            let attribute = attribute.trim();
            let name = attribute.split('=').next().unwrap_or_default().trim().to_ascii_lowercase();
            let known = ["domain", "path", "expires", "max-age", "secure", "httponly", "samesite", "partitioned", "priority", "version"];
            out.push(if known.contains(&name.as_str()) { self.prose(attribute) } else { "redacted".to_owned() });
        }
        out.join("; ")
    }

    /// Of a policy only who may frame the page stays.
    fn security_policy(&mut self, value: &str) -> String {
        let directives = value.split(';').map(str::trim).filter(|directive| directive.to_ascii_lowercase().starts_with("frame-ancestors"));
        let kept: Vec<String> = directives.map(|directive| self.prose(directive)).collect();
        if kept.is_empty() { "redacted".to_owned() } else { kept.join("; ") }
    }

    /// `cookies`: names and attributes stay.
    fn cookies(&mut self, cookies: Value) -> Value {
        let Value::Array(items) = cookies else { return Value::Array(Vec::new()) };
        let cookie = |item: Value| {
            let Value::Object(members) = item else { return Value::Null };
            let mut out = Map::new();
            for (name, value) in members {
                let value = match (name.as_str(), value) {
                    ("name", Value::String(text)) => Value::String(self.cookie_name(&text)),
                    ("value", Value::String(text)) => Value::String(self.cookie(&text)),
                    ("value", value) => Value::String(self.vault.replace(Kind::Cookie, &value.to_string())),
                    (_, value) => self.other(value),
                };
                out.insert(name, value);
            }
            Value::Object(out)
        };
        Value::Array(items.into_iter().map(cookie).collect())
    }

    /// `[{name, value}]` of a query or a form.
    fn pairs_list(&mut self, list: Value) -> Value {
        let Value::Array(items) = list else { return Value::Array(Vec::new()) };
        let pair = |item: Value| {
            let text = |name: &str| item.get(name).and_then(Value::as_str).unwrap_or_default().to_owned();
            let (name, value) = (text("name"), text("value"));
            let rewritten = self.field(&name, &value);
            // Chromium leaves these as they were sent, others decode them: it may be either.
            let sent = value.replace('=', "%3D").replace('&', "%26");
            let decoded = url::form_urlencoded::parse(sent.as_bytes()).next().map(|(decoded, _)| decoded.into_owned());
            let rewritten = match decoded.filter(|decoded| value.contains('%') && *decoded != value) {
                Some(decoded) => self.field(&name, &decoded),
                None => rewritten,
            };
            json!({ "name": self.prose(&name), "value": rewritten })
        };
        Value::Array(items.into_iter().map(pair).collect())
    }

    fn server_address(&mut self, ip: &str) -> String {
        let host = ip.trim_matches(['[', ']']);
        if host.is_empty() || host.parse::<std::net::IpAddr>().is_ok_and(|ip| ip.is_loopback()) {
            return ip.to_owned();
        }
        self.vault.replace(Kind::IpAddress, host)
    }

    /// A member of an exporter's own, by its name where that leaves no doubt.
    fn member(&mut self, name: &str, value: Value) -> Value {
        match (names::of_field(name), value) {
            // The names of people and functions are both called `name`.
            (Meaning::Named | Meaning::Unknown | Meaning::Keep | Meaning::KeepId | Meaning::Url | Meaning::Text, value) => {
                self.other(value)
            }
            (meaning, Value::String(text)) => Value::String(self.meaning(meaning, &text)),
            (Meaning::Secret(kind @ (Kind::Password | Kind::OneTimeCode)), Value::Number(number)) => {
                Value::String(self.vault.replace(kind, &number.to_string()))
            }
            (_, value) => self.other(value),
        }
    }

    /// A member that no table names: its texts are looked at as prose, addresses as addresses.
    fn other(&mut self, value: Value) -> Value {
        match value {
            Value::String(text) if text.len() > LONGEST => Value::String("redacted".to_owned()),
            Value::String(text) if text.starts_with("http://") || text.starts_with("https://") => Value::String(self.address(&text)),
            Value::String(text) if text.starts_with(['{', '[']) => match self.json_text(&text) {
                Some(json) => Value::String(json),
                None => Value::String(self.text_with_members(text)),
            },
            Value::String(text) => Value::String(self.text_with_members(text)),
            Value::Array(items) => Value::Array(items.into_iter().map(|item| self.other(item)).collect()),
            Value::Object(members) => {
                let mut out = Map::new();
                for (name, value) in members {
                    let value = self.member(&name, value);
                    out.insert(self.prose(&name), value);
                }
                Value::Object(out)
            }
            other => other,
        }
    }
}

fn is_version(text: &str) -> bool {
    text.len() <= 40 && text.chars().all(|c| c.is_ascii_alphanumeric() || ".-+_ ()".contains(c))
}

fn is_base64(encoding: Option<&Value>) -> bool {
    encoding.and_then(Value::as_str).is_some_and(|encoding| encoding.eq_ignore_ascii_case("base64"))
}

/// What a member for text holds; some tools write JSON there as it is. `None` for null.
fn written(value: Value) -> Option<String> {
    match value {
        Value::Null => None,
        Value::String(text) => Some(text),
        other => Some(other.to_string()),
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
    static NAMES: LazyLock<[Finder<'static>; 4]> =
        LazyLock::new(|| ["userPrincipalName", "preferred_username", "displayName", "email"].map(Finder::new));
    NAMES.iter().any(|name| name.find(body).is_some())
}

fn query_list(url: &str) -> Value {
    let query = url.split('#').next().and_then(|url| url.split_once('?')).map(|(_, query)| query).unwrap_or_default();
    let pairs = url::form_urlencoded::parse(query.as_bytes());
    Value::Array(pairs.map(|(name, value)| json!({ "name": name, "value": value })).collect())
}
