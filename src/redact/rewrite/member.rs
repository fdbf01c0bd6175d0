//! Members that HAR does not have, or leaves to those who write one: of the log, and of an exporter's own.

use super::Rewriter;
use super::entry::is_base64;
use super::headers::{Message, is_header_line};
use super::json::largest;
use super::unchanged::Sort;
use crate::capture::Json;
use crate::redact::kind::Kind;
use crate::redact::names::{self, Meaning};
use crate::redact::placeholder;
use std::borrow::Cow;

/// The longest text of a member that no specification names, in letters.
const LONGEST: usize = 2000;

impl Rewriter<'_> {
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

    /// A member of an exporter's own, by its name where that leaves no doubt.
    pub(super) fn member<'t>(&mut self, name: &str, value: Json<'t>) -> Json<'t> {
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

    /// A member that no table names: its texts are looked at as prose, addresses as addresses.
    pub(super) fn other<'t>(&mut self, value: Json<'t>) -> Json<'t> {
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
            Json::Array(items) if is_header_line(&items) => self.header_line(Json::Array(items), Message::Request),
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
            _ => self.header(name, value, Message::Request),
        }
    }
}

fn is_version(text: &str) -> bool {
    text.len() <= 40 && text.chars().all(|c| c.is_ascii_alphanumeric() || ".-+_ ()".contains(c))
}
