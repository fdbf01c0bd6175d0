//! Whether the page's own Content-Security-Policy stopped the request.

use super::case::{Case, at, not_recorded, not_seen, seen};
use crate::support::capture;

pub(crate) fn cases() -> Vec<Case> {
    let failing = |error: &'static str| capture().silent_frame(move |r| r.gets_no_answer(error));
    let error = || [at("silent/authorize", "response._error")];
    let blocked = "page-policy.blocked";
    vec![
        seen(blocked, "Chromium says so", failing("net::ERR_BLOCKED_BY_CSP"), [at("silent/authorize", "request.url")]),
        not_seen(blocked, "an extension did", failing("net::ERR_BLOCKED_BY_CLIENT"), error()),
        not_seen(blocked, "an answer came", capture().silent_frame(|r| r), [at("silent/authorize", "response.status")]),
        not_recorded(blocked, "the browser names no reason", failing("net::ERR_FAILED"), "does not say why"),
        not_recorded(blocked, "the recorder gives no reason", failing(""), "does not say why"),
    ]
}
