//! The request of an entry.

use super::cookies::listed_cookies;
use crate::capture::Exporter;
use crate::capture::attachments::Attachments;
use crate::capture::har::body::{self, Around, Body};
use crate::capture::har::headers::{self, Keep};
use crate::capture::har::json::Raw;
use crate::capture::har::parts::{HeaderParts, RequestParts};
use crate::capture::http_message::address;
use crate::capture::selection::{self, Lines};
use crate::exchange::{Interner, Loss, RawText, RawUrl, Recorded, Request};
use std::borrow::Cow;

/// A request, as far as it has to be read to tell how much of it matters.
pub(super) struct Sent<'e, 'a> {
    parts: &'e RequestParts<Raw<'a>>,
    /// The address.
    pub(super) url: Cow<'a, str>,
    /// The method, upper case.
    pub(super) method: Cow<'a, str>,
    /// The headers, be there any or not.
    pub(super) headers: &'e HeaderParts<'a>,
    /// What was posted.
    pub(super) body: Body<'a>,
    mime: Option<String>,
}

impl<'e, 'a> Sent<'e, 'a> {
    pub(super) fn read(
        parts: &'e RequestParts<Raw<'a>>,
        url: Cow<'a, str>,
        no_headers: &'e HeaderParts<'a>,
        exporter: Exporter,
        warn: &mut impl FnMut(&'static str),
    ) -> Self {
        let method = method(parts, warn);
        let body = body::of_request(parts, &method, exporter);
        let mime = parts.body.as_ref().and_then(|posted| posted.mime).and_then(Raw::string).and_then(|mime| body::mime_of(&mime));
        Self { parts, url, method, headers: parts.headers.as_ref().unwrap_or(no_headers), body, mime }
    }

    /// What has to be known to read what was posted.
    pub(super) fn around<'s, 'b>(&'s self, beside: &'s Attachments<'b>) -> Around<'s, 'b, 'a> {
        Around { beside, headers: self.headers, mime: self.mime.as_deref() }
    }

    /// What was posted, if it is a form.
    pub(super) fn form(&self, beside: &Attachments<'_>) -> Option<Recorded<Cow<'a, str>>> {
        let form = self.parts.body.as_ref().filter(|posted| body::is_form(posted));
        form.map(|_| self.body.decode(self.around(beside)).body)
    }

    /// What was posted and is no form, where it may hand a code on.
    pub(super) fn handing_on(&self, status: Option<u16>, beside: &Attachments<'_>) -> Option<Recorded<Cow<'a, str>>> {
        let may_be = selection::may_hand_code_on(&self.method, status);
        may_be.then(|| self.body.decode(self.around(beside)).body)
    }

    /// What is kept of it, with what is kept of its body.
    pub(super) fn kept(self, keep: Keep, body: Recorded<RawText>, exporter: Exporter, interner: &mut Interner) -> Request {
        Request {
            url: RawUrl::new(if matches!(keep, Keep::Whole) { &*self.url } else { without_data(&self.url) }),
            headers: headers::of_request(self.parts.headers.as_ref(), exporter, keep, interner),
            listed_cookies: listed_cookies(self.parts.cookies, || self.headers.all("cookie").next().is_some(), keep),
            withheld_cookies: Recorded::NotKept(Loss::NotRecorded),
            body,
            method: interner.text(&self.method),
        }
    }
}

/// The address of a request.
pub(super) fn address_of<'a>(request: &RequestParts<Raw<'a>>) -> Result<Cow<'a, str>, &'static str> {
    if request.url.is_some_and(Raw::is_let_go) {
        return Err("the request has a URL that is too large to be held");
    }
    let url = request.url.and_then(Raw::string).filter(|url| !url.trim().is_empty());
    Ok(with_host(url.ok_or("the request has no URL")?, request))
}

/// An address of which a tool left only the path, or all but the scheme, with the host that it was sent to.
fn with_host<'a>(url: Cow<'a, str>, request: &RequestParts<Raw<'a>>) -> Cow<'a, str> {
    if address::absolute(&url).is_some() || url.starts_with("//") {
        return url;
    }
    let header = |name| request.headers.as_ref()?.all(name).next().filter(|value| !value.trim().is_empty());
    let Some(host) = header(":authority").or_else(|| header("host")) else { return url };
    let path = if url.starts_with('/') { Some(&*url) } else { url.strip_prefix(host.trim()) };
    match path.filter(|path| path.starts_with('/')) {
        Some(path) => Cow::Owned(address::address(address::scheme(header(":scheme").as_deref()), &host, Some(path))),
        None => url,
    }
}

fn method<'a>(request: &RequestParts<Raw<'a>>, warn: &mut impl FnMut(&'static str)) -> Cow<'a, str> {
    match request.method.and_then(Raw::string) {
        Some(Cow::Borrowed(method)) if !method.is_empty() && method.bytes().all(|letter| letter.is_ascii_uppercase()) => method.into(),
        Some(method) if !method.trim().is_empty() => method.trim().to_ascii_uppercase().into(),
        _ => {
            warn("the request has no method");
            if request.body.is_some() { "POST" } else { "GET" }.into()
        }
    }
}

/// A `data:` address without its data, which may be megabytes of picture.
fn without_data(url: &str) -> &str {
    if url.starts_with("data:") { url.split_inclusive(',').next().unwrap_or(url) } else { url }
}
