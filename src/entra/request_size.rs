//! What servers say of a request that is longer than they take.

use super::markup::without_scripts;
use super::step::Step;
use crate::exchange::{Exchange, RawText, Recorded};

/// What most servers take of one header, in bytes.
pub(crate) const LONGEST_HEADER: usize = 8 * 1024;

/// How many bytes of cookies a request carries; `None` where none are recorded.
pub(crate) fn cookie_bytes(exchange: &Exchange) -> Option<usize> {
    exchange.request.headers.value("cookie").map(|cookies| cookies.raw().len())
}

impl Step<'_> {
    /// Whether the cookies of the request are longer than many servers take.
    pub(crate) fn has_too_large_cookies(&self) -> bool {
        cookie_bytes(self.exchange).is_some_and(|bytes| bytes > LONGEST_HEADER)
    }

    /// Where the server says that the headers of the request are too long: its status (RFC 6585, 5) or its own words.
    pub fn finds_too_long(&self) -> Option<&'static str> {
        // nginx has a number of its own for it, 494.
        if matches!(self.status, Some(431 | 494)) {
            return Some("response.status");
        }
        let body = self.exchange.response.body.kept().filter(|_| self.is_bad_request())?;
        sentences_in(body.raw()).next().map(|_| "response.body")
    }

    /// Whether the server gives a reason for its refusal, and the length of the request is not it. A page that only says that
    /// the request is bad gives none.
    pub fn finds_other_fault(&self) -> bool {
        let body = self.exchange.response.body.kept().map(RawText::raw);
        body.is_some_and(|body| sentences_in(body).next().is_none() && names_a_fault(body) == Some(true))
    }

    /// Whether the web server refused a request before anybody behind it saw it, as it does where the headers are too long, and
    /// neither its words nor the cookies are recorded. HTTP.sys of Windows, which names itself, stands in front of the sign-in
    /// service too.
    pub fn is_refused_unread(&self) -> bool {
        let server = self.response_header("server").kept().map(|server| server.raw());
        let says_nothing = self.status == Some(400) && self.exchange.response.body.kept().is_none();
        says_nothing
            && server.is_some_and(|server| server.starts_with("Microsoft-HTTPAPI"))
            && matches!(self.cookies_sent, Recorded::NotKept(_))
    }

    fn is_bad_request(&self) -> bool {
        matches!(self.status, Some(400 | 413))
    }
}

/// How nginx, IIS, Apache, Tomcat, Jetty, Kestrel and Node say it, lower case.
const SENTENCES: &[&str] = &[
    "request header or cookie too large",
    "request header fields too large",
    "request header is too large",
    "request headers is too long",
    "request headers too long",
    "header field exceeds server limit",
    "header too large",
    "headers too large",
    "request too long",
    "header is too long",
    "cookie too large",
    "cookies too large",
];

/// Which of these sentences a body holds.
pub(super) fn sentences_in(body: &str) -> impl Iterator<Item = &'static str> {
    let text = visible(body);
    SENTENCES.iter().copied().filter(move |sentence| text.contains(sentence))
}

/// Whether a body says more than that a request is bad; `None` where it says nothing at all.
pub(super) fn names_a_fault(body: &str) -> Option<bool> {
    let text = visible(body);
    let mut words = text.split_whitespace().peekable();
    words.peek()?;
    Some(words.any(|word| !is_generic(word)))
}

/// The words of a page that says no more than that a request is bad, and the names of servers under it.
const GENERIC: &[&str] = &[
    "a",
    "an",
    "apache",
    "application",
    "awselb",
    "azure",
    "bad",
    "browser",
    "client",
    "cloudflare",
    "code",
    "could",
    "error",
    "gateway",
    "has",
    "html",
    "http",
    "https",
    "illegal",
    "invalid",
    "issued",
    "malformed",
    "microsoft",
    "nginx",
    "not",
    "openresty",
    "or",
    "port",
    "request",
    "sent",
    "server",
    "status",
    "that",
    "the",
    "this",
    "title",
    "understand",
    "v2",
    "your",
];

/// Numbers are those of statuses and versions.
fn is_generic(word: &str) -> bool {
    GENERIC.contains(&word) || word.bytes().all(|byte| byte.is_ascii_digit())
}

/// The words of a page that are shown, lower case, with a blank between them.
fn visible(body: &str) -> String {
    let body = without_scripts(body);
    let mut text = String::with_capacity(body.len());
    let mut in_tag = false;
    for c in body.chars() {
        match c {
            '<' => in_tag = true,
            '>' => in_tag = false,
            _ if in_tag => continue,
            c if c.is_alphanumeric() => {
                text.extend(c.to_lowercase());
                continue;
            }
            _ => {}
        }
        if !text.ends_with(' ') {
            text.push(' ');
        }
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_page_is_read_without_its_tags() {
        assert_eq!(visible("<h1>Bad  Request</h1>\n<p>nginx/1.2").trim(), "bad request nginx 1 2");
        let says_too_long = |body| sentences_in(body).next().is_some();
        assert!(says_too_long("<center>Request Header Or Cookie Too Large</center>"));
        assert!(says_too_long("<h2>Bad Request - Request Too Long</h2>"));
        assert!(!says_too_long("<b>Bad Request: invalid state</b>"));
    }
}
