//! The response of an entry.

use super::cookies::{listed_cookies, names};
use crate::capture::Exporter;
use crate::capture::attachments::Attachments;
use crate::capture::har::body::{self, Around, Body};
use crate::capture::har::headers::{self, Keep};
use crate::capture::har::json::Raw;
use crate::capture::har::names::Named;
use crate::capture::har::parts::{EntryParts, HeaderParts, ResponseParts};
use crate::capture::mitmproxy_flow::failure::meant as meant_by_mitmproxy;
use crate::capture::selection::{self, Lines};
use crate::exchange::{Interner, NotAnswered, ProxyFailure, RawText, Recorded, Response};
use std::borrow::Cow;

/// A response, as far as it has to be read to tell how much of it matters.
pub(super) struct Received<'e, 'a> {
    parts: &'e ResponseParts<Raw<'a>>,
    /// The status; `None` where no response came.
    pub(super) status: Option<u16>,
    /// Why none came.
    pub(super) failure: Option<NotAnswered>,
    /// The headers, be there any or not.
    pub(super) headers: &'e HeaderParts<'a>,
    /// The MIME type, lower case, without parameters.
    pub(super) mime: Option<Cow<'e, str>>,
    /// Where the recorder itself says that the response redirects to.
    pub(super) redirect: Option<Cow<'a, str>>,
    /// The body.
    pub(super) body: Body<'a>,
}

impl<'e, 'a> Received<'e, 'a> {
    /// Reads the response of an entry, or what an entry has that is without one.
    pub(super) fn read(
        entry: &'e EntryParts<Raw<'a>>,
        none: &'e ResponseParts<Raw<'a>>,
        no_headers: &'e HeaderParts<'a>,
        exporter: Exporter,
        warn: &mut impl FnMut(&'static str),
    ) -> Self {
        let parts = entry.response.as_ref().unwrap_or(none);
        if entry.response.is_none() {
            warn("the entry has no response");
        }
        Self {
            parts,
            status: if entry.response.is_some() { status(parts, warn) } else { None },
            failure: failure(entry, parts, exporter),
            headers: parts.headers.as_ref().unwrap_or(no_headers),
            mime: mime(parts),
            redirect: parts.redirect.and_then(Raw::string).filter(|location| !location.is_empty()),
            body: body::of_response(parts.body.as_ref(), exporter),
        }
    }

    /// What has to be known to read the body.
    pub(super) fn around<'s, 'b>(&'s self, beside: &'s Attachments<'b>) -> Around<'s, 'b, 'a> {
        Around { beside, headers: self.headers, mime: self.mime.as_deref() }
    }

    /// The names of the cookies set that are listed beside the headers: the list repeats these, and matters where they are missing.
    pub(super) fn cookies_beside_headers(&self) -> Vec<Cow<'a, str>> {
        if self.sets_cookies() {
            return Vec::new();
        }
        names(self.parts.cookies.filter(|cookies| selection::may_name_a_cookie_that_tells(cookies.bytes())))
    }

    fn sets_cookies(&self) -> bool {
        self.headers.all("set-cookie").next().is_some()
    }

    /// What is kept of it, with what is kept of its body.
    pub(super) fn kept(self, keep: Keep, body: Recorded<RawText>, interner: &mut Interner) -> Response {
        Response {
            headers: headers::of_response(self.parts.headers.as_ref(), self.status.is_some(), keep, interner),
            listed_cookies: listed_cookies(self.parts.cookies, || self.sets_cookies(), keep),
            redirect: self.redirect.map(RawText::new),
            size: size(self.parts),
            body,
            failure: self.failure,
            mime: self.mime.map(|mime| interner.text(&mime)),
            status: self.status,
        }
    }
}

/// The status; `None` where no response came, which exporters write as 0, -1 or -2.
fn status(response: &ResponseParts<Raw<'_>>, warn: &mut impl FnMut(&'static str)) -> Option<u16> {
    match response.status.and_then(Raw::number) {
        Some(status) if status < 100.0 => None,
        Some(status) if status < 1000.0 => Some(status as u16),
        Some(_) | None => {
            warn("the response has no usable status");
            None
        }
    }
}

/// Why no response came: Chromium, mitmproxy and Safari write `_error`, as do we, Playwright `_failureText`, Charles a word
/// other than "COMPLETE", which tells no more than that.
fn failure(entry: &EntryParts<Raw<'_>>, response: &ResponseParts<Raw<'_>>, exporter: Exporter) -> Option<NotAnswered> {
    let told = [response.error, response.failure_text, entry.error].into_iter().flatten().filter_map(Raw::string);
    let meant = |words: Cow<'_, str>| match ProxyFailure::of_name(&words) {
        Some(why) => NotAnswered::Proxy(why),
        None if exporter == Exporter::Mitmproxy => NotAnswered::Proxy(meant_by_mitmproxy(&words)),
        None => NotAnswered::Browser(RawText::new(words)),
    };
    let is_incomplete = |status: &Cow<'_, str>| !status.is_empty() && status != "COMPLETE";
    let charles = || response.charles_status.and_then(Raw::string).filter(is_incomplete);
    told.filter(|why| !why.is_empty()).map(meant).next().or_else(|| charles().map(|_| NotAnswered::Proxy(ProxyFailure::Untold)))
}

fn mime<'a>(response: &'a ResponseParts<Raw<'_>>) -> Option<Cow<'a, str>> {
    let told = response.body.as_ref().and_then(|content| content.mime).and_then(Raw::string);
    let header = || response.headers.as_ref()?.all("content-type").next();
    // "x-unknown" is what Chromium writes when it does not know.
    let mime = told.filter(|mime| !mime.is_empty() && mime != "x-unknown").or_else(header)?;
    let mime = match mime {
        Cow::Borrowed(mime) => lower_case(essence(mime)),
        Cow::Owned(mime) => Cow::Owned(essence(&mime).to_ascii_lowercase()),
    };
    (!mime.is_empty()).then_some(mime)
}

/// A MIME type without its parameters.
fn essence(mime: &str) -> &str {
    let end = memchr::memchr(b';', mime.as_bytes()).unwrap_or(mime.len());
    mime.get(..end).unwrap_or_default().trim()
}

/// A text in lower case, copied only if it is not.
fn lower_case(text: &str) -> Cow<'_, str> {
    if text.bytes().any(|byte| byte.is_ascii_uppercase()) { Cow::Owned(text.to_ascii_lowercase()) } else { Cow::Borrowed(text) }
}

fn size(response: &ResponseParts<Raw<'_>>) -> Option<u64> {
    let size = response.body.as_ref()?.size?.number()?;
    (size >= 0.0).then_some(size as u64)
}
