//! Which exchanges are documents, and which of them may be shown in a frame.

use super::no_answer::NoAnswer;
use super::params::Address;
use crate::exchange::{Exchange, Resource};

/// Whether an exchange brought a page, to a tab or a frame.
pub(crate) fn is_document(exchange: &Exchange) -> bool {
    match (exchange.resource.kept(), exchange.request.headers.value("sec-fetch-dest")) {
        (Some(resource), _) => *resource == Resource::Document,
        (None, Some(header)) => ["document", "iframe"].contains(&header.raw()),
        // Proxies and older browsers tell neither.
        (None, None) => exchange.response.mime.as_deref() == Some("text/html"),
    }
}

/// The origin of the page that made a request, where the request tells.
pub(crate) fn asking_page(exchange: &Exchange) -> Option<String> {
    let header = |name: &str| exchange.request.headers.value(name).and_then(|header| Address::parse(header.raw()));
    header("origin").or_else(|| header("referer")).map(|address| address.origin())
}

/// Whether an exchange brought the page of a tab or window, by the browser's word.
pub(crate) fn is_top_level(exchange: &Exchange) -> bool {
    exchange.request.headers.value("sec-fetch-dest").is_some_and(|header| header.raw() == "document")
}

/// Whether a page does not let itself be shown in a frame of another page.
pub(crate) fn refuses_framing(exchange: &Exchange) -> bool {
    let headers = &exchange.response.headers;
    let options = headers.value("x-frame-options").is_some_and(|value| value.raw().eq_ignore_ascii_case("deny"));
    let policy = headers
        .all("content-security-policy")
        .any(|value| value.raw().split(';').any(|directive| directive.trim().to_ascii_lowercase().starts_with("frame-ancestors 'none'")));
    options || policy || NoAnswer::of(exchange) == Some(NoAnswer::FramingRefused)
}
