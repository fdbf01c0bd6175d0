//! One request on the wire: a redirect begins the next.

use super::body::Body;
use super::constants::Constants;
use super::cookies::{Cookies, is_cross_site};
use super::event::Params;
use crate::capture::http_message::{Message, headers};
use crate::capture::selection::{self, Sight};
use crate::exchange::{Exchange, Headers, Loss, NotAnswered, RawText, RawUrl, Recorded, Request, Response, writable};
use chrono::{DateTime, Utc};
use std::borrow::Cow;

/// How often one request is told apart from its own repetition. Each keeps the address anew, so a log that says
/// it was repeated without end could otherwise fill the memory; challenges take two or three rounds.
const MOST_ATTEMPTS: u8 = 8;

/// What is known so far of one request.
#[derive(Default)]
pub(super) struct Hop {
    pub(super) entry: usize,
    method: String,
    url: String,
    /// Whether the page that it was made in is of another site.
    pub(super) cross_site: bool,
    has_upload: bool,
    /// How often the same was sent before.
    attempt: u8,
    started: Option<f64>,
    /// When the last thing happened to it.
    pub(super) ended: Option<f64>,
    sent: Option<Message<'static>>,
    received: Option<Message<'static>>,
    status: Option<u16>,
    pub(super) redirect: Option<String>,
    pub(super) failure: Option<String>,
    pub(super) cookies: Cookies,
    pub(super) body: Body,
}

/// The head that "Name: value" lines make. Of a value that the log leaves out it tells the length, which [`Header`] knows for
/// what it is.
///
/// [`Header`]: crate::exchange::Header
fn head<'a>(lines: impl Iterator<Item = &'a Cow<'a, str>>) -> Message<'static> {
    let pairs = lines.filter(|line| !line.starts_with(':')).filter_map(|line| line.split_once(':'));
    let headers = pairs.map(|(name, value)| (name.trim().to_owned().into(), value.trim().to_owned().into())).collect();
    Message { start: Cow::Borrowed(""), headers, damaged: false, body: b"" }
}

impl Hop {
    /// Begins with a job; `None` for what is no HTTP.
    pub(super) fn begin(params: &Params<'_>, entry: usize, time: Option<f64>) -> Option<Self> {
        let url = params.url.text()?;
        let scheme = url.split(':').next().unwrap_or_default();
        if !["http", "https"].iter().any(|known| scheme.eq_ignore_ascii_case(known)) {
            return None;
        }
        let method = params.method.text().map(str::trim).filter(|method| !method.is_empty()).unwrap_or("GET");
        let mut hop = Self {
            entry,
            method: method.to_ascii_uppercase(),
            url: url.to_owned(),
            cross_site: is_cross_site(url, params.network_isolation_key.text(), params.request_type.text()),
            has_upload: !params.upload_id.is_nothing(),
            started: time,
            ..Self::default()
        };
        // Until 2020 the job itself told it.
        if let Some(mode) = params.privacy_mode.text() {
            hop.cookies.privacy(mode);
        }
        Some(hop)
    }

    /// The same request once more, if it was answered: the browser answers some challenges by itself.
    pub(super) fn again(&self, entry: usize, time: Option<f64>) -> Option<Self> {
        (self.is_answered() && self.attempt < MOST_ATTEMPTS).then(|| Self {
            entry,
            method: self.method.clone(),
            url: self.url.clone(),
            cross_site: self.cross_site,
            has_upload: self.has_upload,
            attempt: self.attempt + 1,
            started: time,
            ..Self::default()
        })
    }

    /// Whether an answer came.
    pub(super) fn is_answered(&self) -> bool {
        self.received.is_some()
    }

    /// Takes the headers that were sent.
    pub(super) fn send(&mut self, params: &Params<'_>) {
        self.sent = Some(head(params.headers.lines().iter()));
    }

    /// Takes the headers that came back, the first being the status line.
    pub(super) fn receive(&mut self, params: &Params<'_>) {
        let lines = params.headers.lines();
        let code = lines.first().and_then(|line| line.strip_prefix("HTTP/")).and_then(|line| line.split_ascii_whitespace().nth(1));
        self.status = code.and_then(|code| code.parse().ok()).filter(|code| (100..1000).contains(code));
        self.received = Some(head(lines.iter().skip(usize::from(code.is_some()))));
    }

    /// The exchange that it makes.
    pub(super) fn finish(self, constants: &Constants) -> Exchange {
        let none = Message::parse(b"");
        let (sent, received) = (self.sent.as_ref().unwrap_or(&none), self.received.as_ref().unwrap_or(&none));
        let mime = received.mime();
        let sight = Sight {
            method: &self.method,
            url: &self.url,
            status: self.status,
            failed: self.failure.is_some(),
            resource: None,
            request: sent,
            response: received,
            cookies_set: &[],
            redirect: self.redirect.as_deref(),
            form: None,
            posted: None,
            mime: mime.as_deref(),
            body: &|| Cow::Borrowed(self.body.bytes()),
        };
        let kept_whole = sight.is_kept_whole();
        let document = sight.is_document();

        let lacks_body = self.method == "HEAD" || matches!(self.status, Some(204 | 304)) || received.header("content-length") == Some("0");
        let received_body = match self.body.text(received.header("content-type")) {
            Some(_) if !kept_whole => Recorded::NotKept(Loss::Summarised),
            Some(text) => Recorded::Kept(RawText::new(text)),
            None if lacks_body => Recorded::Empty,
            None => Recorded::NotKept(Loss::NotRecorded),
        };
        let posted = self.has_upload || matches!(&*self.method, "POST" | "PUT" | "PATCH");
        let started = self.started.and_then(|tick| constants.unix_ms(tick)).and_then(date);
        let duration_ms = self.started.zip(self.ended).map(|(start, end)| end - start).filter(|time| *time >= 0.0);
        let was_sent = self.sent.is_some();
        let request_headers = if kept_whole && !was_sent {
            // What never left the browser has no headers of the wire.
            Headers::partial(Vec::new(), Loss::Provisional)
        } else {
            headers(sent, kept_whole, true, |name| selection::summary_keeps_of_request(name.as_bytes(), document))
        };
        let response_headers =
            headers(received, kept_whole, self.received.is_some(), |name| selection::summary_keeps_of_response(name.as_bytes(), document));
        Exchange {
            entry: self.entry,
            label: None,
            started,
            duration_ms,
            page: Recorded::NotKept(Loss::NotRecorded),
            initiator: Recorded::NotKept(Loss::NotRecorded),
            resource: Recorded::NotKept(Loss::NotRecorded),
            request: Request {
                headers: request_headers,
                listed_cookies: Box::default(),
                withheld_cookies: self.cookies.finish(self.cross_site, was_sent, constants.tells_of_cookies()),
                body: if posted { Recorded::NotKept(Loss::NotRecorded) } else { Recorded::Empty },
                url: RawUrl::new(self.url.as_str()),
                method: self.method.as_str().into(),
            },
            response: Response {
                status: self.status,
                headers: response_headers,
                listed_cookies: Box::default(),
                redirect: self.redirect.map(RawText::new),
                mime: mime.map(Into::into),
                size: self.body.size(),
                body: received_body,
                failure: self.failure.map(|name| NotAnswered::Browser(RawText::new(name))),
            },
            kept_whole,
        }
    }
}

fn date(unix_ms: f64) -> Option<DateTime<Utc>> {
    unix_ms.is_finite().then(|| DateTime::from_timestamp_micros((unix_ms * 1000.0) as i64)).flatten().and_then(writable)
}
