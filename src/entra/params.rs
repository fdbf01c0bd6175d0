//! Parameters of a request or reply, wherever they stand: query, fragment, `#/` route, posted form.

use super::client_id::ClientId;
use super::references::named_character;
use crate::exchange::{RawText, RawUrl, Secret};
use std::collections::BTreeSet;
use url::Url;

/// Where a parameter stood.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Source {
    /// After the `?` of an address.
    Query,
    /// After the `#` of an address, a `#/route?` included.
    Fragment,
    /// In a posted form.
    Form,
    /// In a hidden input of a page that posts itself (`response_mode=form_post`).
    Page,
}

impl Source {
    /// How the place is written in evidence, after the message it belongs to.
    pub fn part(self) -> &'static str {
        match self {
            Self::Query => "query",
            Self::Fragment => "fragment",
            Self::Form => "form",
            Self::Page => "body.input",
        }
    }
}

/// One parameter. Its value may be a code or a name, so it is a [`Secret`] until the allow-list shows it.
#[derive(Clone)]
#[non_exhaustive]
pub struct Param {
    /// The name as sent.
    pub name: String,
    /// The decoded value.
    pub value: Secret,
    /// Where it stood.
    pub source: Source,
}

impl Param {
    /// Whether another parameter of the same name asks for the same: scopes have no order, names of people and
    /// domains no case, nor have ids of applications.
    pub fn means_the_same(&self, other: &Self) -> bool {
        let (one, other) = (self.value.expose(), other.value.expose());
        let words = |text: &str| text.split_whitespace().map(str::to_lowercase).collect::<BTreeSet<_>>();
        match self.name.as_str() {
            "scope" => words(one) == words(other),
            "client_id" | "brk_client_id" => ClientId::parse(one) == ClientId::parse(other),
            "login_hint" | "domain_hint" | "whr" => one.eq_ignore_ascii_case(other),
            _ => one == other,
        }
    }
}

/// The parameters of one message, in order.
#[derive(Clone, Default)]
pub struct Params(Vec<Param>);

impl Params {
    /// The first parameter of that name, in any case: OAuth's are case-sensitive, but gateways and
    /// MSAL spell `X-AnchorMailbox` and `client-request-id` both ways. One without a value counts as one that was not
    /// sent (RFC 6749 §3.1, §3.2).
    pub fn find(&self, name: &str) -> Option<&Param> {
        self.0.iter().find(|param| param.name.eq_ignore_ascii_case(name) && !param.value.is_empty())
    }

    /// The value of the first parameter of that name.
    pub fn get(&self, name: &str) -> Option<&Secret> {
        self.find(name).map(|param| &param.value)
    }

    /// Whether a parameter of that name is there.
    pub fn has(&self, name: &str) -> bool {
        self.find(name).is_some()
    }

    /// Every parameter, in order.
    pub fn iter(&self) -> impl Iterator<Item = &Param> {
        self.0.iter()
    }

    /// The text of a parameter, for the decoders of this room.
    pub(super) fn text(&self, name: &str) -> Option<&str> {
        self.get(name).map(Secret::expose)
    }

    /// Adds one parameter.
    pub(super) fn push(&mut self, name: impl Into<String>, value: impl Into<String>, source: Source) {
        self.0.push(Param { name: name.into(), value: Secret::new(value), source });
    }

    /// Writes a mark in the place of the values of some parameters that stand for others.
    pub(super) fn mark(&mut self, stands_for_another: impl Fn(&Param) -> bool) {
        for param in self.0.iter_mut().filter(|param| stands_for_another(param)) {
            param.value = Secret::new(super::stand_in::MARK);
        }
    }

    /// Adds what an `application/x-www-form-urlencoded` text holds.
    pub(super) fn extend_encoded(&mut self, text: &str, source: Source) {
        for (name, value) in url::form_urlencoded::parse(text.as_bytes()) {
            if !name.is_empty() {
                self.push(name, value, source);
            }
        }
    }
}

/// An address taken apart.
#[derive(Clone)]
#[non_exhaustive]
pub struct Address {
    /// `https`, `http`, or an app's own scheme.
    pub scheme: String,
    /// The host, lower case; empty for schemes that have none.
    pub host: String,
    /// The port where it is not the scheme's default.
    pub port: Option<u16>,
    /// The path, as sent.
    pub path: String,
    /// The parameters of query and fragment.
    pub params: Params,
}

impl Address {
    /// Takes an absolute address apart; `None` for what is none.
    pub fn parse(text: &str) -> Option<Self> {
        let url = Url::parse(text).ok()?;
        let mut params = Params::default();
        if let Some(query) = url.query() {
            params.extend_encoded(query, Source::Query);
        }
        if let Some(fragment) = url.fragment() {
            // A hash router puts the reply behind its own route: `#/error=…` and `#/login?error=…`
            // (msal-js issue 1287).
            let inner = match fragment.strip_prefix('/') {
                Some(route) => route.split_once('?').map_or(route, |(_, query)| query),
                None => fragment,
            };
            params.extend_encoded(inner.trim_start_matches('?'), Source::Fragment);
        }
        Some(Self {
            scheme: url.scheme().to_owned(),
            host: url.host_str().unwrap_or_default().to_ascii_lowercase(),
            port: url.port(),
            path: url.path().to_owned(),
            params,
        })
    }

    /// Takes the address of a request apart.
    pub fn of(url: &RawUrl) -> Option<Self> {
        Self::parse(url.raw())
    }

    /// Scheme, host and port.
    pub fn origin(&self) -> String {
        match self.port {
            Some(port) => format!("{}://{}:{port}", self.scheme, self.host),
            None => format!("{}://{}", self.scheme, self.host),
        }
    }

    /// Whether the host is the computer itself or lies in a local network, by its name or number (RFC 1918, RFC 4193,
    /// RFC 6762, RFC 8375).
    pub fn is_local(&self) -> bool {
        let host = self.host.trim_start_matches('[').trim_end_matches(']');
        match host.parse::<std::net::IpAddr>() {
            Ok(std::net::IpAddr::V4(ip)) => ip.is_private() || ip.is_loopback() || ip.is_link_local(),
            Ok(std::net::IpAddr::V6(ip)) => ip.is_loopback() || ip.is_unique_local() || ip.is_unicast_link_local(),
            Err(_) => host == "localhost" || [".localhost", ".local", ".home.arpa"].iter().any(|end| host.ends_with(end)),
        }
    }

    /// Whether the host is the computer itself.
    pub fn is_loopback(&self) -> bool {
        let host = self.host.trim_start_matches('[').trim_end_matches(']');
        host.parse::<std::net::IpAddr>().map_or_else(|_| host == "localhost" || host.ends_with(".localhost"), |ip| ip.is_loopback())
    }

    /// The path's segments, empty ones left out.
    pub fn segments(&self) -> impl DoubleEndedIterator<Item = &str> {
        self.path.split('/').filter(|segment| !segment.is_empty())
    }
}

/// The parameters of a posted form; empty for JSON, XML and binary bodies.
pub(super) fn form(body: &RawText) -> Params {
    let mut params = Params::default();
    let text = body.raw().trim();
    if looks_like_form(text) {
        params.extend_encoded(text, Source::Form);
    }
    params
}

pub(super) fn looks_like_form(text: &str) -> bool {
    let Some((name, _)) = text.split_once('=') else { return false };
    !name.is_empty() && name.len() < 128 && name.chars().all(|c| c.is_ascii_alphanumeric() || "-_.%+&".contains(c))
}

/// The inputs of a page that posts itself to the application: how `response_mode=form_post`, SAML and
/// WS-Federation replies travel.
pub(super) fn page_inputs(html: &str) -> Params {
    let mut params = Params::default();
    for tag in elements(html, "input") {
        if let (Some(name), Some(value)) = (attribute(tag, "name"), attribute(tag, "value")) {
            params.push(unescape_html(name), unescape_html(value), Source::Page);
        }
    }
    params
}

/// The address that a self-posting page posts to.
pub(super) fn form_action(html: &str) -> Option<String> {
    let tag = elements(html, "form").next()?;
    attribute(tag, "action").map(unescape_html)
}

/// What follows the name in every tag that begins an element of that name.
pub(super) fn elements<'h>(html: &'h str, name: &str) -> impl Iterator<Item = &'h str> {
    let mut tags = memchr::memchr_iter(b'<', html.as_bytes()).peekable();
    std::iter::from_fn(move || {
        loop {
            let start = tags.next()? + 1;
            // Pages have thousands of others.
            let Some(written) = html.get(start..start + name.len()).filter(|written| written.eq_ignore_ascii_case(name)) else { continue };
            let end = tags.peek().copied().unwrap_or(html.len());
            let rest = html.get(start + written.len()..end).filter(|rest| rest.starts_with(|c: char| c.is_ascii_whitespace()));
            if rest.is_some() {
                return rest;
            }
        }
    })
}

/// The attributes of a tag in their order: name and value as they are written (HTML, 13.2.5.32 and following). .NET does
/// not escape `>` inside of quotation marks.
fn attributes(tag: &str) -> impl Iterator<Item = (&str, &str)> {
    let mut rest = tag;
    std::iter::from_fn(move || {
        rest = rest.trim_start_matches(|c: char| c.is_ascii_whitespace() || c == '/');
        if rest.is_empty() || rest.starts_with('>') {
            return None;
        }
        // An equals sign at the beginning is part of the name.
        let ends = |(at, c): &(usize, char)| (c.is_ascii_whitespace() || matches!(c, '/' | '>' | '=')) && *at > 0;
        let (name, after) = rest.split_at_checked(rest.char_indices().find(ends).map_or(rest.len(), |(at, _)| at))?;
        let Some(value) = after.trim_ascii_start().strip_prefix('=').map(str::trim_ascii_start) else {
            rest = after;
            return Some((name, ""));
        };
        let quote = value.chars().next().filter(|c| matches!(c, '"' | '\''));
        let (value, behind) = match quote {
            Some(quote) => value.get(1..)?.split_once(quote).unwrap_or_else(|| (value.get(1..).unwrap_or_default(), "")),
            None => value.split_at_checked(value.find(|c: char| c.is_ascii_whitespace() || c == '>').unwrap_or(value.len()))?,
        };
        rest = behind;
        Some((name, value))
    })
}

/// The value of the first attribute of that name.
pub(super) fn attribute<'a>(tag: &'a str, name: &str) -> Option<&'a str> {
    attributes(tag).find(|(written, _)| written.eq_ignore_ascii_case(name)).map(|(_, value)| value)
}

/// The longest name or number of an HTML escape that is undone.
const LONGEST_ESCAPE: usize = 8;

/// Undoes the HTML escapes that sign-in pages use in attribute values.
pub(super) fn unescape_html(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut rest = text;
    while let Some((before, after)) = rest.split_once('&') {
        out.push_str(before);
        // The end is not looked for further away than names are long, so that many beginnings take no time by the square.
        let end = after.bytes().take(LONGEST_ESCAPE + 1).position(|byte| byte == b';');
        let decoded = end.and_then(|end| Some((after.get(..end)?, after.get(end + 1..)?))).and_then(|(name, tail)| {
            let c = match name {
                name if !name.starts_with('#') => named_character(name.as_bytes())?,
                _ => {
                    let number = name.strip_prefix('#')?;
                    let code = match number.strip_prefix(['x', 'X']) {
                        Some(hex) => u32::from_str_radix(hex, 16).ok()?,
                        None => number.parse().ok()?,
                    };
                    char::from_u32(code)?
                }
            };
            Some((c, tail))
        });
        match decoded {
            Some((c, tail)) => {
                out.push(c);
                rest = tail;
            }
            None => {
                out.push('&');
                rest = after;
            }
        }
    }
    out.push_str(rest);
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_reply_behind_a_hash_route_is_read() {
        for text in [
            "https://app.example/#error=login_required&state=s",
            "https://app.example/#/error=login_required&state=s",
            "https://app.example/#/signin?error=login_required&state=s",
            "https://app.example/?error=login_required&state=s",
        ] {
            let address = Address::parse(text).unwrap();
            assert!(address.params.has("error") && address.params.has("state"), "{text}");
        }
    }

    #[test]
    fn inputs_of_a_self_posting_page_are_read() {
        let html = r#"<form method="POST" name="hiddenform" action="https://app.example/cb&#47;"><input type="hidden" name="code" value="a&amp;b" /><INPUT value='s' name=state></form>"#;
        let params = page_inputs(html);
        assert_eq!(params.text("code"), Some("a&b"));
        assert_eq!(params.text("state"), Some("s"));
        assert_eq!(form_action(html).as_deref(), Some("https://app.example/cb/"));
    }

    #[test]
    fn a_value_may_hold_the_end_of_a_tag() {
        let params = page_inputs(r#"<input type="hidden" name="wresult" value="&lt;a b=&quot;c&quot;>d&lt;/a>" /> <p>it's</p>"#);
        assert_eq!(params.text("wresult"), Some(r#"<a b="c">d</a>"#));
    }

    #[test]
    fn tags_are_read_as_html_is() {
        let of = |tag: &str| {
            let params = page_inputs(tag);
            params.iter().map(|param| format!("{}={}", param.name, param.value.expose())).collect::<Vec<_>>().join(" ")
        };
        assert_eq!(of("<input\ntype=hidden\tname=\"code\"\r\nvalue=a>"), "code=a");
        assert_eq!(of(r#"<input title=' name="other" ' name="code"value='a'/>"#), "code=a");
        assert_eq!(of("<input name=code value=a/b disabled>"), "code=a/b");
        assert_eq!(of("<input name = code data-value=b value=>"), "code=");
        assert_eq!(of("<inputs name=code value=a><input name='' value=''>"), "=");
        assert_eq!(form_action("<form\n action = ' /cb '>").as_deref(), Some(" /cb "));
    }

    #[test]
    fn a_page_of_nothing_but_beginnings_takes_time_by_its_length() {
        const LONG: usize = 1 << 20;
        assert_eq!(unescape_html(&"&".repeat(LONG)).len(), LONG);
        assert!(!page_inputs(&format!("<input {}", "name ".repeat(LONG / 5))).has("name"));
        assert!(!page_inputs(&"<input name='".repeat(LONG / 13)).has("code"));
    }

    #[test]
    fn json_is_no_form() {
        assert!(!form(&RawText::new(r#"{"a":"b=c"}"#)).has("a"));
        assert!(form(&RawText::new("grant_type=refresh_token&x=1")).has("x"));
    }
}
