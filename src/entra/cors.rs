//! Preflights as they are written (Fetch, "CORS-preflight fetch"): what a browser asks before it sends a request of a page, and
//! whether the answer lets it.

use crate::exchange::Exchange;
use std::collections::HashSet;

/// By what the answer to a preflight keeps the browser from sending a request.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum PreflightRefusal<'c> {
    /// Its status is none of success.
    Status,
    /// It does not allow the page's origin.
    Origin,
    /// It does not allow these headers.
    Headers(Vec<&'c str>),
}

/// What a preflight asks and is answered. It is read once with its step: many calls may follow one preflight, and its headers may
/// be as many.
#[derive(Default)]
pub(super) struct Preflight<'c> {
    /// Whether it asks to send a token.
    pub(super) asks_to_send_token: bool,
    /// By what the answer keeps the browser from sending the request.
    pub(super) refusal: Option<PreflightRefusal<'c>>,
}

impl<'c> Preflight<'c> {
    pub(super) fn of(exchange: &'c Exchange) -> Self {
        if !is_preflight(exchange) {
            return Self::default();
        }
        Self { asks_to_send_token: asks_to_send_token(exchange), refusal: refusal(exchange) }
    }
}

/// By what the answer keeps the browser from sending the request that was asked for.
fn refusal(preflight: &Exchange) -> Option<PreflightRefusal<'_>> {
    let asked = &preflight.request.headers;
    let status = preflight.response.status.filter(|_| asked.has("access-control-request-method"))?;
    if !(200..300).contains(&status) {
        return Some(PreflightRefusal::Status);
    }
    if preflight.response.headers.absent().is_some() {
        return None;
    }
    let origin = asked.value("origin").map(|origin| origin.raw());
    if !listed(preflight, "access-control-allow-origin").any(|allowed| allowed == "*" || Some(allowed) == origin) {
        return Some(PreflightRefusal::Origin);
    }
    let allowed: HashSet<String> = listed(preflight, "access-control-allow-headers").map(str::to_ascii_lowercase).collect();
    if allowed.contains("*") {
        return None;
    }
    let refused: Vec<&str> = headers_asked_for(preflight).filter(|name| !allowed.contains(&name.to_ascii_lowercase())).collect();
    (!refused.is_empty()).then_some(PreflightRefusal::Headers(refused))
}

/// Whether this is a preflight.
pub(crate) fn is_preflight(exchange: &Exchange) -> bool {
    &*exchange.request.method == "OPTIONS"
}

/// Whether the page of another origin that asked may read the answer (Fetch, "CORS check"); `None` where no such page asked, or
/// the answer's headers are not known.
pub(super) fn may_be_read(exchange: &Exchange) -> Option<bool> {
    let origin = exchange.request.headers.value("origin")?.raw();
    if exchange.response.headers.absent().is_some() || exchange.request.url.origin().as_deref() == Some(origin) {
        return None;
    }
    Some(listed(exchange, "access-control-allow-origin").any(|allowed| allowed == "*" || allowed == origin))
}

/// Whether a preflight asks to send a token.
pub(crate) fn asks_to_send_token(preflight: &Exchange) -> bool {
    headers_asked_for(preflight).any(|name| name.eq_ignore_ascii_case("authorization"))
}

/// The names of the headers that a preflight asks to send.
pub(super) fn headers_asked_for(preflight: &Exchange) -> impl Iterator<Item = &str> {
    let lines = preflight.request.headers.all("access-control-request-headers");
    lines.flat_map(|names| names.raw().split(',')).map(str::trim).filter(|name| !name.is_empty())
}

/// What a header of the answer lists.
fn listed<'c>(preflight: &'c Exchange, header: &'c str) -> impl Iterator<Item = &'c str> {
    preflight.response.headers.all(header).flat_map(|value| value.raw().split(',')).map(str::trim)
}
