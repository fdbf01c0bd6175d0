//! Whether a popup window lost its link to the page that opened it.

use super::case::{Case, at, not_recorded, not_seen, only_the_callback, seen};
use crate::support::capture;

const POLICY: &str = "cross-origin-opener-policy";
const HEADER: &str = "response.header.cross-origin-opener-policy";

pub(crate) fn cases() -> Vec<Case> {
    let popup = || capture().redirect(|r| r.in_popup().fails(65004, "User declined to consent to access the app."));
    let page = || capture().redirect(|r| r.fails(65004, "User declined to consent to access the app."));
    vec![
        seen("popup.used", "the library says so", popup(), [at("redirect/authorize", "request.url.query.state").shows("state #1")]),
        not_seen("popup.used", "the library says redirect", page(), [at("redirect/authorize", "request.url.query.state")]),
        not_recorded("popup.used", "no authorization request is in the capture", only_the_callback(), "not in the capture"),
        seen(
            "popup.link-cut",
            "a page of the service says same-origin",
            popup().edit("redirect/authorize", |entry| entry.reply_header(POLICY, "same-origin")),
            [at("redirect/authorize", HEADER).shows("same-origin")],
        ),
        not_seen(
            "popup.link-cut",
            "the page says unsafe-none",
            popup().edit("redirect/authorize", |entry| entry.reply_header(POLICY, "unsafe-none")),
            [at("redirect/authorize", HEADER)],
        ),
        not_recorded("popup.link-cut", "there is no popup", page(), "did not run in a popup"),
    ]
}
