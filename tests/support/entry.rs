//! One exchange, and how DevTools writes it.

use chrono::{DateTime, Duration, SecondsFormat, Utc};
use serde_json::{Value, json};
use std::borrow::Cow;

/// Which window of the browser sends a request.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Window {
    /// The tab itself.
    Page,
    /// A window that the page opened.
    Popup,
    /// A frame in the page.
    Frame,
    /// A script's `fetch`.
    Script,
}

/// One exchange.
#[derive(Clone)]
pub(crate) struct Entry {
    name: String,
    started: DateTime<Utc>,
    method: &'static str,
    url: String,
    resource: &'static str,
    request: Vec<(String, String)>,
    posted: Option<(&'static str, String)>,
    posted_lost: bool,
    status: u16,
    response: Vec<(String, String)>,
    content: (&'static str, String),
    content_lost: bool,
    error: Option<String>,
    lasted_ms: u32,
    withheld: Option<Vec<&'static str>>,
}

/// What the recorder keeps.
#[derive(Clone)]
pub(super) struct Kept {
    pub(super) cookies: bool,
    pub(super) sec_fetch: bool,
    pub(super) response_bodies: bool,
    pub(super) fragments: bool,
}

/// A `GET`, answered with an empty 200 as long as nothing else is said.
pub(crate) fn get(url: impl Into<String>) -> Entry {
    Entry::new("GET", url.into(), None)
}

/// A `POST` of a form.
pub(crate) fn post(url: impl Into<String>, form: &[(impl AsRef<str>, impl AsRef<str>)]) -> Entry {
    Entry::new("POST", url.into(), Some(("application/x-www-form-urlencoded", encode(form))))
}

/// A `POST` of JSON.
pub(crate) fn post_json(url: impl Into<String>, body: &Value) -> Entry {
    Entry::new("POST", url.into(), Some(("application/json", body.to_string())))
}

/// Parameters as a query, fragment or form writes them.
pub(super) fn encode(params: &[(impl AsRef<str>, impl AsRef<str>)]) -> String {
    url::form_urlencoded::Serializer::new(String::new()).extend_pairs(params).finish()
}

impl Entry {
    fn new(method: &'static str, url: String, posted: Option<(&'static str, String)>) -> Self {
        let mut entry = Self {
            name: String::new(),
            started: DateTime::UNIX_EPOCH,
            method,
            url,
            resource: "other",
            request: Vec::new(),
            posted_lost: false,
            status: 200,
            response: Vec::new(),
            content: ("text/html", String::new()),
            content_lost: false,
            error: None,
            lasted_ms: 90,
            withheld: None,
            posted,
        };
        entry.request.push(("accept".to_owned(), "*/*".to_owned()));
        if let Some((mime, _)) = &entry.posted {
            entry.request.push(("content-type".to_owned(), (*mime).to_owned()));
        }
        entry
    }

    /// Another method.
    pub(crate) fn method(mut self, method: &'static str) -> Self {
        self.method = method;
        self
    }

    /// Posts something else than a form.
    pub(crate) fn posted(mut self, mime: &'static str, body: impl Into<String>) -> Self {
        self.posted = Some((mime, body.into()));
        self.header("content-type", mime)
    }

    /// What DevTools calls the resource.
    pub(crate) fn kind(mut self, resource: &'static str) -> Self {
        self.resource = resource;
        self
    }

    /// Sets a request header.
    pub(crate) fn header(mut self, name: &str, value: impl Into<String>) -> Self {
        self = self.without_header(name);
        self.request.push((name.to_owned(), value.into()));
        self
    }

    /// Takes a request header away.
    pub(crate) fn without_header(mut self, name: &str) -> Self {
        self.request.retain(|(known, _)| known != name);
        self
    }

    /// Sends the request from a window, with the headers that a browser writes about it.
    pub(crate) fn in_window(mut self, window: Window, site: &str) -> Self {
        let (dest, mode, resource) = match window {
            Window::Page | Window::Popup => ("document", "navigate", "document"),
            Window::Frame => ("iframe", "navigate", "document"),
            Window::Script => ("empty", "cors", "fetch"),
        };
        self.resource = resource;
        self.header("sec-fetch-dest", dest).header("sec-fetch-mode", mode).header("sec-fetch-site", site)
    }

    /// Answers with a status.
    pub(crate) fn status(mut self, status: u16) -> Self {
        self.status = status;
        self
    }

    /// Adds a response header.
    pub(crate) fn reply_header(mut self, name: &str, value: impl Into<String>) -> Self {
        self.response.push((name.to_owned(), value.into()));
        self
    }

    /// Takes a response header away.
    pub(crate) fn without_reply_header(mut self, name: &str) -> Self {
        self.response.retain(|(known, _)| known != name);
        self
    }

    /// Answers with a redirect.
    pub(crate) fn redirect(self, location: impl Into<String>) -> Self {
        self.status(302).without_reply_header("location").reply_header("location", location)
    }

    /// Answers with a page.
    pub(crate) fn html(mut self, page: impl Into<String>) -> Self {
        self.content = ("text/html", page.into());
        self
    }

    /// Answers with JSON.
    pub(crate) fn json(mut self, body: &Value) -> Self {
        self.content = ("application/json", body.to_string());
        self
    }

    /// Gets no answer, for a reason like `net::ERR_BLOCKED_BY_CLIENT`, or for none that the recorder tells.
    pub(crate) fn no_response(mut self, error: &str) -> Self {
        (self.status, self.error) = (0, (!error.is_empty()).then(|| error.to_owned()));
        self.response.clear();
        self.html("")
    }

    /// How long it lasts.
    pub(super) fn lasted_ms(&self) -> u32 {
        self.lasted_ms
    }

    /// Lasts this long, from the request to the end of its answer.
    pub(crate) fn lasting_ms(mut self, lasted_ms: u32) -> Self {
        self.lasted_ms = lasted_ms;
        self
    }

    /// Begins so much later.
    pub(super) fn later(mut self, time: Duration) -> Self {
        self.started += time;
        self
    }

    /// Goes to another host.
    pub(crate) fn at_host(mut self, host: &str) -> Self {
        let mut url = url::Url::parse(&self.url).expect("an entry has a web address");
        url.set_host(Some(host)).expect("a host has a name");
        self.url = url.into();
        self
    }

    /// Posts no more than so many characters of a field.
    pub(crate) fn cutting(mut self, field: &str, characters: usize) -> Self {
        let (mime, body) = self.posted.take().expect("something is posted");
        let cut = |(name, value): (Cow<'_, str>, Cow<'_, str>)| {
            let value = if name == field { value.chars().take(characters).collect() } else { value.into_owned() };
            (name.into_owned(), value)
        };
        let fields: Vec<(String, String)> = url::form_urlencoded::parse(body.as_bytes()).map(cut).collect();
        self.posted = Some((mime, encode(&fields)));
        self
    }

    /// Leaves the query out of the address.
    pub(crate) fn address_without_query(mut self) -> Self {
        self.url = self.url.split('?').next().unwrap_or_default().to_owned();
        self
    }

    /// Leaves the request's headers out of the file, as DevTools does with provisional ones.
    pub(crate) fn losing_request_headers(mut self) -> Self {
        self.request.clear();
        self
    }

    /// Is said, as in a HAR that was made of a NetLog, to have been sent without these cookies of the browser, because they are
    /// a third party's; without names, to have been sent with all.
    pub(crate) fn withholding<const N: usize>(mut self, cookies: [&'static str; N]) -> Self {
        self.withheld = Some(cookies.into());
        self
    }

    /// Leaves the posted body out of the file, as DevTools does with what it could not read again.
    pub(crate) fn losing_request_body(mut self) -> Self {
        self.posted_lost = true;
        self
    }

    /// Leaves the response's body out of the file, as DevTools does with a page that the tab has left.
    pub(crate) fn losing_response_body(mut self) -> Self {
        self.content_lost = true;
        self
    }

    pub(super) fn name(&self) -> &str {
        &self.name
    }

    pub(super) fn address(&self) -> &str {
        &self.url
    }

    pub(super) fn named(mut self, name: String, started: DateTime<Utc>) -> Self {
        (self.name, self.started) = (name, started);
        self
    }

    /// The value of a request header.
    pub(super) fn sends(&self, name: &str) -> Option<&str> {
        self.request.iter().find(|(known, _)| known == name).map(|(_, value)| value.as_str())
    }

    pub(super) fn set_cookies(&self) -> impl Iterator<Item = &str> {
        self.response.iter().filter(|(name, _)| name == "set-cookie").map(|(_, line)| line.as_str())
    }

    /// The entry as the file has it.
    pub(super) fn write(&self, kept: &Kept) -> Value {
        let secret = |name: &str| !kept.cookies && matches!(name, "cookie" | "set-cookie" | "authorization");
        let unsent = |name: &str| !kept.sec_fetch && name.starts_with("sec-fetch-");
        let lines = |lines: &[(String, String)]| -> Vec<Value> {
            let kept = lines.iter().filter(|(name, _)| !secret(name) && !unsent(name));
            kept.map(|(name, value)| json!({"name": name, "value": value})).collect()
        };
        let sent = self.sends("cookie").filter(|_| kept.cookies).unwrap_or_default();
        let set = self.set_cookies().filter(|_| kept.cookies).filter_map(|line| line.split(';').next());
        let url = if kept.fragments { &*self.url } else { self.url.split('#').next().unwrap_or_default() };
        let location = self.response.iter().find(|(name, _)| name == "location").map_or("", |(_, value)| value);
        let (mime, text) = &self.content;
        let mut content = json!({"size": text.len(), "mimeType": mime});
        if kept.response_bodies && !self.content_lost && !text.is_empty() {
            content["text"] = json!(text);
        }
        let mut request = json!({
            "method": self.method, "url": url, "httpVersion": "http/2.0", "headers": lines(&self.request), "queryString": [],
            "cookies": cookies(sent.split("; ")), "headersSize": -1, "bodySize": self.posted.as_ref().map_or(0, |(_, body)| body.len()),
        });
        if let Some((mime, body)) = self.posted.as_ref().filter(|_| !self.posted_lost) {
            request["postData"] = json!({"mimeType": mime, "text": body});
        }
        let response = json!({
            "status": self.status, "statusText": "", "httpVersion": "http/2.0", "headers": lines(&self.response),
            "cookies": cookies(set), "content": content, "redirectURL": location, "headersSize": -1, "bodySize": -1,
            "_transferSize": text.len(), "_error": self.error,
        });
        let mut entry = json!({
            "_initiator": {"type": "other"}, "_priority": "VeryHigh", "_resourceType": self.resource, "cache": {}, "pageref": "page_1",
            "startedDateTime": self.started.to_rfc3339_opts(SecondsFormat::Millis, true), "time": self.lasted_ms,
            "timings": {"send": 1, "wait": self.lasted_ms.saturating_sub(2), "receive": 1}, "request": request, "response": response,
        });
        match self.withheld.as_deref() {
            Some([]) => entry["_entrace"] = json!({"parts": {"request.withheld_cookies": "empty"}}),
            Some(names) => entry["_entrace"] = json!({"withheld_cookies": names.iter().map(|name| withheld(name)).collect::<Vec<_>>()}),
            None => {}
        }
        entry
    }
}

fn withheld(name: &str) -> Value {
    json!({"name": name, "reason": "EXCLUDE_THIRD_PARTY_PHASEOUT", "as_third_party": true})
}

fn cookies<'a>(pairs: impl Iterator<Item = &'a str>) -> Vec<Value> {
    pairs.filter_map(|pair| pair.split_once('=')).map(|(name, value)| json!({"name": name, "value": value})).collect()
}
