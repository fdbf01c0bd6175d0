//! Whether a popup window lost its link to the page that opened it.

use super::case::{Case, at, not_recorded, not_seen, only_the_callback, seen};
use crate::support::capture;
use crate::support::wire::navigate;

const POLICY: &str = "cross-origin-opener-policy";
const VERSION: &str = "request.url.query.x-client-VER";
const HEADER: &str = "response.header.cross-origin-opener-policy";

pub(crate) fn cases() -> Vec<Case> {
    let popup = || capture().redirect(|r| r.in_popup().fails(65004, "User declined to consent to access the app."));
    let page = || capture().redirect(|r| r.fails(65004, "User declined to consent to access the app."));
    let by_library = |version: &'static str| {
        capture().redirect(move |r| r.in_popup().param("x-client-VER", version).fails(65004, "User declined to consent to access the app."))
    };
    let opened_by = |policy: &'static str| {
        let page = navigate("https://app.example/", &[]).html("<html></html>");
        let page = if policy.is_empty() { page } else { page.reply_header(POLICY, policy) };
        capture().exchange("page", page).redirect(|r| r.in_popup().fails(65004, "User declined to consent to access the app."))
    };
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
        seen(
            "popup.opener-isolated",
            "the page says same-origin",
            opened_by("same-origin"),
            [at("page", HEADER).shows("same-origin")],
        ),
        not_seen("popup.opener-isolated", "the page keeps the windows that it opens", opened_by("same-origin-allow-popups"), [at("page", HEADER)]),
        not_seen("popup.opener-isolated", "the page says nothing", opened_by(""), [at("page", HEADER)]),
        not_recorded("popup.opener-isolated", "the page is not in the capture", popup(), "is not in the capture"),
        not_recorded(
            "popup.opener-isolated",
            "the browser had the page already",
            opened_by("").edit("page", |entry| entry.status(304)),
            "cache",
        ),
        seen("popup.library-needs-link", "it is MSAL 4", by_library("4.21.0"), [at("redirect/authorize", VERSION).shows("4.21.0")]),
        not_seen("popup.library-needs-link", "it is MSAL 5", popup(), [at("redirect/authorize", VERSION)]),
        not_recorded("popup.library-needs-link", "the library does not name itself", by_library(""), "does not tell"),
    ]
}
