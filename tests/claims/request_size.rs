//! Whether the request was too long for the server that it went to.

use super::case::{Case, at, not_recorded, not_seen, seen};
use crate::support::{CaptureBuilder, Window, capture, get};

const SENT: &str = "request.header.cookie";

fn pile(of: usize) -> String {
    (0..of).map(|number| format!("esctx-{number:03}={}; ", "N".repeat(120))).collect()
}

/// The host of the sign-in takes as many bytes of cookies as these make before it refuses as many as eighty make.
fn taken_before(of: usize) -> CaptureBuilder {
    let page = get("https://login.microsoftonline.com/savedusers").in_window(Window::Page, "none").header("cookie", pile(of)).html("<p>");
    let refused = capture().exchange("before", page).redirect(|r| r.gets_status(400));
    refused.edit("redirect/authorize", |entry| entry.header("cookie", pile(80)).html("<h1>Bad Request</h1>"))
}

pub(crate) fn cases() -> Vec<Case> {
    let refused = |page: &'static str| {
        let refused = capture().redirect(|r| r.gets_status(400));
        refused.edit("redirect/authorize", move |entry| entry.header("cookie", pile(80)).html(page))
    };
    vec![
        seen(
            "request-size.cookies-too-large",
            "eighty cookies",
            refused("<h1>Bad Request</h1>"),
            [at("redirect/authorize", SENT).shows("80 cookies")],
        ),
        not_seen(
            "request-size.cookies-too-large",
            "one cookie",
            capture().redirect(|r| r.cookies(["fpc"]).gets_status(431)),
            [at("redirect/authorize", SENT)],
        ),
        not_recorded(
            "request-size.cookies-too-large",
            "the export has no cookies",
            capture().sanitized().redirect(|r| r.gets_status(431)),
            "the exporter removed",
        ),
        seen(
            "request-size.found-too-long",
            "the status says so",
            capture().redirect(|r| r.gets_status(431)),
            [at("redirect/authorize", "response.status").shows("431")],
        ),
        seen(
            "request-size.found-too-long",
            "a page of the server says so",
            refused("<h1>400 Bad Request</h1><center>Request Header Or Cookie Too Large</center>"),
            [at("redirect/authorize", "response.body").shows("too long")],
        ),
        not_seen(
            "request-size.found-too-long",
            "a page of the server says only that the request is bad",
            refused("<h1>400 Bad Request</h1><hr>nginx/1.27"),
            [at("redirect/authorize", "response.body")],
        ),
        not_recorded(
            "request-size.found-too-long",
            "the page is lost",
            refused("<h1>400 Bad Request</h1>").without_response_bodies(),
            "the body of the refusal",
        ),
        seen(
            "request-size.as-long-accepted",
            "a page came to a request with more of them",
            taken_before(90),
            [at("before", "request.url").shows("200")],
        ),
        not_seen(
            "request-size.as-long-accepted",
            "a page came to a request with fewer",
            taken_before(70),
            [at("redirect/authorize", SENT)],
        ),
        not_recorded(
            "request-size.as-long-accepted",
            "the export has no cookies",
            capture().sanitized().redirect(|r| r.gets_status(431)),
            "the exporter removed",
        ),
    ]
}
