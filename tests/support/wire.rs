//! Exchanges as browsers and services write them, one at a time: for protocols that no flow tells.

use super::browser::{SERVICE, from_service};
use super::entry::{Entry, Window, encode, get, post};
use super::ids::{CORRELATION, TRACE, guid};
use super::replies::{Failing, Stamp};
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use flate2::Compression;
use flate2::write::DeflateEncoder;
use std::io::Write as _;
use std::sync::atomic::{AtomicUsize, Ordering};

pub(crate) use super::replies::{jwt, page, self_posting_page};

/// The worldwide sign-in service.
pub(crate) const ENTRA: &str = SERVICE;

/// A page that says nothing.
pub(crate) const BLANK: &str = "<html><body>One moment</body></html>";

/// The page goes to an address.
pub(crate) fn navigate(url: &str, params: &[(&str, &str)]) -> Entry {
    let url = if params.is_empty() { url.to_owned() } else { format!("{url}?{}", encode(params)) };
    get(url).in_window(Window::Page, "cross-site").html(BLANK)
}

/// The page posts a form to an address.
pub(crate) fn submit(url: &str, form: &[(&str, &str)]) -> Entry {
    post(url, form).in_window(Window::Page, "cross-site").html(BLANK)
}

/// A program without a browser posts a form to an address.
pub(crate) fn program(url: &str, form: &[(&str, &str)]) -> Entry {
    post(url, form).header("user-agent", "python-requests/2.32")
}

/// Parameters behind an address: in its query (`?`) or fragment (`#`).
pub(crate) fn with(url: &str, mark: char, params: &[(&str, &str)]) -> String {
    format!("{url}{mark}{}", encode(params))
}

/// Answered by the sign-in service.
pub(crate) fn served(entry: Entry) -> Entry {
    from_service(entry, &stamp())
}

/// Refused by the sign-in service, on a page.
pub(crate) fn refused_on_page(entry: Entry, code: u32, sentence: &str) -> Entry {
    let stamp = stamp();
    from_service(entry.html(Failing::new(Some(code), "", sentence).page(&stamp)), &stamp)
}

/// Refused by the sign-in service, in the JSON of the token endpoint.
pub(crate) fn refused_in_json(entry: Entry, error: &str, code: u32, sentence: &str) -> Entry {
    let stamp = stamp();
    from_service(entry.status(400).json(&Failing::new(Some(code), error, sentence).json(&stamp)), &stamp)
}

/// Refused by the sign-in service, in a redirect to the application.
pub(crate) fn refused_by_redirect(entry: Entry, target: &str, mark: char, error: &str, code: u32, sentence: &str, state: &str) -> Entry {
    let stamp = stamp();
    let params = Failing::new(Some(code), error, sentence).params(&stamp, Some(state));
    from_service(entry.redirect(format!("{target}{mark}{}", encode(&params))), &stamp)
}

/// A message of the HTTP-Redirect binding: deflated, in base64.
pub(crate) fn deflated(xml: &str) -> String {
    let mut deflated = DeflateEncoder::new(Vec::new(), Compression::default());
    deflated.write_all(xml.as_bytes()).unwrap();
    STANDARD.encode(deflated.finish().unwrap())
}

/// A message of the HTTP-POST binding: in base64.
pub(crate) fn encoded(xml: &str) -> String {
    STANDARD.encode(xml)
}

fn stamp() -> Stamp {
    static REPLIES: AtomicUsize = AtomicUsize::new(0x5000);
    let number = REPLIES.fetch_add(1, Ordering::Relaxed);
    Stamp { trace: guid(TRACE, number), correlation: guid(CORRELATION, number), at: "2026-11-20T14:00:00Z".parse().unwrap() }
}
