//! Header lines, each by its name.

use super::Rewriter;
use super::entry::{pair, text_of};
use super::unchanged::Sort;
use crate::capture::Json;
use crate::exchange::is_stripped;
use crate::redact::kind::Kind;
use crate::redact::names::{self, Meaning};
use crate::redact::placeholder;

/// Which message a header is of.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Message {
    Request,
    Response,
}

impl Rewriter<'_> {
    /// Header lines: `[{name, value}]`, pairs, or an object.
    pub(super) fn headers<'t>(&mut self, headers: Json<'t>, message: Message) -> Json<'t> {
        match headers {
            Json::Array(lines) => Json::Array(lines.into_iter().map(|line| self.header_line(line, message)).collect()),
            Json::Object(members) => Json::Object(
                members
                    .into_iter()
                    .map(|(name, value)| {
                        let value = self.header_value(&name, value, message);
                        (self.prose_of(name), value)
                    })
                    .collect(),
            ),
            _ => Json::Array(Vec::new()),
        }
    }

    /// One of them, as an object or a pair.
    pub(super) fn header_line<'t>(&mut self, line: Json<'t>, message: Message) -> Json<'t> {
        match line {
            Json::Object(mut members) => {
                let name = text_of(members.remove("name"));
                let value = members.remove("value").unwrap_or_default();
                let value = self.header_value(&name, value, message);
                pair(self.prose_of(name), value)
            }
            Json::Array(pair) => {
                let mut items = pair.into_iter();
                let name = text_of(items.next());
                let value = self.header_value(&name, items.next().unwrap_or(Json::Null), message);
                Json::Array(vec![Json::String(self.prose_of(name)), value])
            }
            _ => Json::Null,
        }
    }

    fn header_value<'t>(&mut self, name: &str, value: Json<'t>, message: Message) -> Json<'t> {
        match value {
            Json::String(text) => {
                if !text.contains('\n') {
                    let sort = match message {
                        Message::Request => Sort::RequestHeader,
                        Message::Response => Sort::ResponseHeader,
                    };
                    return Json::String(self.unless_unchanged(sort, name, text, |rewriter, text| rewriter.header(name, text, message)));
                }
                // Old exporters join repeated headers with line feeds.
                let lines: Vec<String> = text.split('\n').map(|line| self.header(name, line, message)).collect();
                Json::String(lines.join("\n").into())
            }
            Json::Array(items) => Json::Array(items.into_iter().map(|item| self.header_value(name, item, message)).collect()),
            Json::Object(_) => Json::Null,
            // Written by hand, or by a tool that takes all numbers for such.
            Json::Number(number) => {
                let text = number.to_string();
                let header = self.header(name, &text, message);
                if header == text { Json::Number(number) } else { Json::String(header.into()) }
            }
            other => other,
        }
    }

    /// The value of a header.
    pub(super) fn header(&mut self, name: &str, value: &str, message: Message) -> String {
        // Nothing is in it, and that tells what the recorder kept.
        if is_stripped(value.as_bytes()) {
            return value.to_owned();
        }
        match &*names::lower(name) {
            "cookie" if message == Message::Request => self.cookie_header(value),
            "set-cookie" if message == Message::Response => self.set_cookie(value),
            "authorization" | "proxy-authorization" => self.authorization(value),
            "www-authenticate" | "proxy-authenticate" => self.challenge_header(value),
            "content-type" => self.media_type(value),
            "content-security-policy" | "content-security-policy-report-only" => self.security_policy(value),
            _ => self.meaning(names::of_header(name), value),
        }
    }

    /// Of a policy only who may frame the page stays.
    fn security_policy(&mut self, value: &str) -> String {
        let directives = value.split(';').map(str::trim).filter(|directive| directive.to_ascii_lowercase().starts_with("frame-ancestors"));
        let kept: Vec<String> = directives.map(|directive| self.prose(directive)).collect();
        if kept.is_empty() { placeholder::LEFT_OUT.to_owned() } else { kept.join("; ") }
    }
}

/// Whether two texts are a header that is known, and its name before it.
pub(super) fn is_header_line(items: &[Json<'_>]) -> bool {
    let [Json::String(name), Json::String(_)] = items else { return false };
    ["cookie", "authorization", "proxy-authorization"].iter().any(|known| known.eq_ignore_ascii_case(name))
        || name.contains('-') && matches!(names::of_header(name), Meaning::Token | Meaning::Secret(Kind::FlowToken | Kind::IpAddress))
        || matches!(names::of_header(name), Meaning::Keep | Meaning::Versions | Meaning::Products)
}
