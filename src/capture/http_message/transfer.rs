//! What a proxy recorded of one request, made an exchange.

use super::{Body, Message, headers, is_form};
use crate::capture::selection::{self, Sight};
use crate::exchange::{Exchange, Loss, NotAnswered, ProxyFailure, RawUrl, Recorded, Request, Resource, Response};
use chrono::{DateTime, Utc};
use std::borrow::Cow;

/// A request and what came back, taken apart.
pub(in crate::capture) struct Transfer<'a> {
    pub(in crate::capture) entry: usize,
    pub(in crate::capture) started: Option<DateTime<Utc>>,
    pub(in crate::capture) duration_ms: Option<f64>,
    pub(in crate::capture) resource: Recorded<Resource>,
    /// Upper case; a `CONNECT` is a tunnel, which carries a sign-in and is none.
    pub(in crate::capture) method: String,
    pub(in crate::capture) url: String,
    pub(in crate::capture) request: &'a Message<'a>,
    pub(in crate::capture) posted: Body<'a>,
    /// `None` where no response came.
    pub(in crate::capture) status: Option<u16>,
    /// Empty where it is not there.
    pub(in crate::capture) response: &'a Message<'a>,
    /// Whether the file has the head of the response.
    pub(in crate::capture) has_response: bool,
    pub(in crate::capture) received: Body<'a>,
    /// Lower case, without parameters.
    pub(in crate::capture) mime: Option<String>,
    /// Why no response came.
    pub(in crate::capture) failure: Option<ProxyFailure>,
}

impl Transfer<'_> {
    /// The exchange, whole where it may belong to a sign-in, else a summary. A proxy knows no page and not what made
    /// a browser send a request.
    pub(in crate::capture) fn exchange(self, warn: &mut impl FnMut(&'static str)) -> Exchange {
        let Self { request, response, posted, received, .. } = self;
        for message in [request, response] {
            if message.damaged {
                warn("some headers could not be understood");
            }
        }
        let form = is_form(request).then(|| posted.text());
        let other = (form.is_none() && selection::may_hand_code_on(&self.method, self.status)).then(|| posted.text());
        let sight = Sight {
            method: &self.method,
            url: &self.url,
            status: self.status,
            failed: self.failure.is_some(),
            resource: self.resource.kept().copied(),
            request,
            response,
            cookies_set: &[],
            redirect: None,
            form: form.as_deref(),
            posted: other.as_deref(),
            mime: self.mime.as_deref(),
            body: &|| Cow::Borrowed(received.bytes()),
        };
        let kept_whole = self.method != "CONNECT" && sight.is_kept_whole();
        let document = sight.is_document();
        let (posted_text, received_text) = match kept_whole {
            true => (posted.keep(), received.keep()),
            false => (posted.summarize(), received.summarize()),
        };
        for flaw in [posted.flaw(), received.flaw()].into_iter().flatten() {
            warn(flaw);
        }
        Exchange {
            entry: self.entry,
            label: None,
            started: self.started,
            duration_ms: self.duration_ms,
            page: Recorded::NotKept(Loss::NotRecorded),
            initiator: Recorded::NotKept(Loss::NotRecorded),
            resource: self.resource,
            request: Request {
                url: RawUrl::new(self.url),
                headers: headers(request, kept_whole, true, |name| selection::summary_keeps_of_request(name.as_bytes(), document)),
                listed_cookies: Box::default(),
                withheld_cookies: Recorded::NotKept(Loss::NotRecorded),
                body: posted_text,
                method: self.method.into(),
            },
            response: Response {
                status: self.status,
                headers: headers(response, kept_whole, self.has_response, |name| {
                    selection::summary_keeps_of_response(name.as_bytes(), document)
                }),
                listed_cookies: Box::default(),
                redirect: None,
                size: received.size(),
                body: received_text,
                failure: self.failure.map(NotAnswered::Proxy),
                mime: self.mime.map(Into::into),
            },
            kept_whole,
        }
    }
}
