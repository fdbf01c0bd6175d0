//! Which exchanges are documents, and which of them may be shown in a frame.

use super::no_answer::NoAnswer;
use super::params::Address;
use crate::exchange::{Exchange, Resource};

/// Whether an exchange brought a page, to a tab or a frame.
pub(crate) fn is_document(exchange: &Exchange) -> bool {
    match purpose(exchange) {
        Some(resource) => resource == Resource::Document,
        // Proxies and older browsers do not tell.
        None => exchange.response.mime.as_deref() == Some("text/html"),
    }
}

/// What the browser wanted a resource for: by the recorder, else by the request's own headers (Fetch Metadata Request Headers
/// §2.1, Fetch §4.8), else by the reply, where it is one that scripts alone ask for.
pub(crate) fn purpose(exchange: &Exchange) -> Option<Resource> {
    let headers = &exchange.request.headers;
    let is = |name: &str, value: &str| headers.value(name).is_some_and(|header| header.raw() == value);
    let by_destination = |destination: &str| match destination {
        "document" | "iframe" | "frame" => Resource::Document,
        "script" => Resource::Script,
        // What a script sends without wanting to read the answer.
        "empty" if is("sec-fetch-mode", "no-cors") => Resource::Ping,
        "empty" => Resource::Fetch,
        _ => Resource::Other,
    };
    let is_preflight = &*exchange.request.method == "OPTIONS" && headers.has("access-control-request-method");
    let by_request = || match headers.value("sec-fetch-dest") {
        _ if is_preflight => Some(Resource::Preflight),
        destination => destination.map(|destination| by_destination(destination.raw())),
    };
    let by_reply = || (exchange.response.mime.as_deref() == Some("application/json")).then_some(Resource::Fetch);
    exchange.resource.kept().copied().or_else(by_request).or_else(by_reply)
}

/// Where the browser says what it fetches for, all that is no page and asked for by no script (Fetch §5.4, `RequestDestination`).
const PARTS_OF_A_PAGE: [&str; 14] = [
    "audio",
    "font",
    "image",
    "manifest",
    "paintworklet",
    "report",
    "script",
    "serviceworker",
    "sharedworker",
    "style",
    "track",
    "video",
    "worker",
    "xslt",
];

/// Whether an exchange was for a part of a page, such as its manifest or a picture: nobody can sign in by it.
pub(crate) fn is_part_of_page(exchange: &Exchange) -> bool {
    exchange.request.headers.value("sec-fetch-dest").is_some_and(|dest| PARTS_OF_A_PAGE.contains(&dest.raw()))
}

/// The origin of the page that made a request, where the request tells.
pub(crate) fn asking_page(exchange: &Exchange) -> Option<String> {
    let headers = &exchange.request.headers;
    let header = |name: &str| headers.value(name).and_then(|header| Address::parse(header.raw()));
    // A page may keep its address to itself; the browser says all the same that it is one of that origin.
    let is_own = || headers.value("sec-fetch-site").is_some_and(|site| site.raw() == "same-origin");
    let named = header("origin").or_else(|| header("referer")).map(|address| address.origin());
    named.or_else(|| exchange.request.url.origin().filter(|_| is_own()))
}

/// Whether an exchange brought the page of a tab or window, by the browser's word.
pub(crate) fn is_top_level(exchange: &Exchange) -> bool {
    exchange.request.headers.value("sec-fetch-dest").is_some_and(|header| header.raw() == "document")
}

/// Whether no page made the request: a person typed its address, chose a bookmark or had the browser restore it.
pub(crate) fn is_opened_by_person(exchange: &Exchange) -> bool {
    exchange.request.headers.value("sec-fetch-site").is_some_and(|site| site.raw() == "none")
}

/// Whether a page cuts itself off from the window that opened it (`Cross-Origin-Opener-Policy`).
pub(crate) fn cuts_opener(exchange: &Exchange) -> bool {
    let policy = exchange.response.headers.value("cross-origin-opener-policy");
    policy.is_some_and(|policy| policy.raw().to_ascii_lowercase().starts_with("same-origin"))
}

/// Whether a page cuts itself off from the windows that it opens itself, too (HTML, "Cross-origin opener policies").
pub(crate) fn isolates_windows(page: &Exchange) -> bool {
    let policy = page.response.headers.value("cross-origin-opener-policy").and_then(|policy| policy.raw().split(';').next());
    policy.is_some_and(|policy| policy.trim().eq_ignore_ascii_case("same-origin"))
}

/// Whether the browser says that it asked for an exchange for something within a page, and not for a tab or window.
pub(crate) fn is_within_page(exchange: &Exchange) -> bool {
    exchange.request.headers.has("sec-fetch-dest") && !is_top_level(exchange)
}

/// What keeps a page from being shown in a frame of another page.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum NoFrames {
    /// `X-Frame-Options`.
    Options,
    /// `Content-Security-Policy`, with `frame-ancestors`.
    Policy,
    /// The browser says that it may not be shown there.
    Told,
}

/// Whether a page does not let itself be shown in a frame of another page, and by what: its own headers, or the browser's word.
pub(crate) fn refuses_framing(exchange: &Exchange) -> Option<NoFrames> {
    let is_told = || NoAnswer::of(exchange) == Some(NoAnswer::FramingRefused);
    forbids_framing(exchange).or_else(|| is_told().then_some(NoFrames::Told))
}

/// Whether a page's own headers forbid to show it in a frame of another page, and which.
pub(crate) fn forbids_framing(exchange: &Exchange) -> Option<NoFrames> {
    let headers = &exchange.response.headers;
    let options = headers.value("x-frame-options").is_some_and(|value| value.raw().eq_ignore_ascii_case("deny"));
    let policy = || {
        let mut policies = headers.all("content-security-policy");
        policies.any(|value| value.raw().split(';').any(|part| part.trim().to_ascii_lowercase().starts_with("frame-ancestors 'none'")))
    };
    match () {
        () if options => Some(NoFrames::Options),
        () if policy() => Some(NoFrames::Policy),
        () => None,
    }
}

/// Whether a page shuts out of its frames whatever does not say that it may be embedded (HTML §7.1.4).
pub(crate) fn shuts_out_frames(page: &Exchange) -> bool {
    let policy = page.response.headers.value(EMBEDDER_POLICY).map(|policy| policy.raw().trim().to_ascii_lowercase());
    policy.is_some_and(|policy| ["require-corp", "credentialless"].iter().any(|demand| policy.starts_with(demand)))
}

/// The header by which it does.
pub(crate) const EMBEDDER_POLICY: &str = "cross-origin-embedder-policy";

/// Whether a browser made a request on the chance that somebody opens the page: it drops it where nobody does.
pub(crate) fn is_speculative(exchange: &Exchange) -> bool {
    let purpose = exchange.request.headers.value("sec-purpose").or_else(|| exchange.request.headers.value("purpose"));
    purpose.is_some_and(|purpose| purpose.raw().trim_start().starts_with("prefetch"))
}
