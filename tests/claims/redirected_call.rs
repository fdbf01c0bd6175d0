//! What the call carried that was redirected to the sign-in page.

use super::case::{Case, at, not_recorded, not_seen, seen};
use crate::support::{CONTOSO, CaptureBuilder, Entry, Window, capture, get};

pub(crate) fn cases() -> Vec<Case> {
    let silent = || capture().silent_frame(|r| r);
    vec![
        seen(
            "redirected-call.with-token",
            "the call carries one",
            redirected(|entry| entry.header("authorization", "Bearer of-the-page")),
            [at("call", "request.url").shows("302"), at("call", "request.header.authorization")],
        ),
        seen(
            "redirected-call.with-token",
            "the preflight asks to send one",
            capture().exchange("preflight", preflight().redirect(page_of_api())),
            [
                at("preflight", "request.url").shows("302"),
                at("preflight", "request.header.access-control-request-headers").shows("authorization"),
            ],
        ),
        not_seen(
            "redirected-call.with-token",
            "the call carries none, and calls of others have theirs",
            redirected(|entry| entry)
                .api_call(|c| c.url("https://graph.microsoft.com/v1.0/me").succeeds())
                .edit("api/call", |call| call.without_header("authorization").header("authorization", "Bearer of-another")),
            [at("call", "request.header.authorization")],
        )
        .of_first_failure(),
        not_recorded("redirected-call.with-token", "the exporter may have left it out", redirected(|entry| entry), "left out"),
        not_recorded("redirected-call.with-token", "the call itself is not in the capture", redirected(|entry| entry).without("call"), "call itself"),
        not_recorded("redirected-call.with-token", "no call was redirected", silent(), "no call was redirected"),
        seen(
            "redirected-call.preflight",
            "the preflight is",
            capture().exchange("preflight", preflight().redirect(page_of_api())),
            [at("preflight", "request.url").shows("302")],
        ),
        not_seen("redirected-call.preflight", "the call itself is", redirected(|entry| entry), [at("call", "request.method")]),
        not_recorded("redirected-call.preflight", "no call was redirected", silent(), "no call was redirected"),
    ]
}

const API: &str = "https://api.example/orders";

/// Where an API that wants a cookie leads those who have none.
fn page_of_api() -> String {
    format!("https://login.microsoftonline.com/{CONTOSO}/oauth2/v2.0/authorize?client_id=a&state=b&response_type=code")
}

fn preflight() -> Entry {
    let asks = get(API).method("OPTIONS").kind("preflight").header("access-control-request-method", "GET");
    asks.header("access-control-request-headers", "authorization").header("origin", "https://app.example")
}

/// A call that the API leads to the sign-in page.
fn redirected(change: fn(Entry) -> Entry) -> CaptureBuilder {
    let by_script = |url: &str| get(url).in_window(Window::Script, "cross-site").header("origin", "https://app.example");
    let led = capture().exchange("call", change(by_script(API).redirect(page_of_api())));
    led.exchange("page", by_script(&page_of_api()).no_response("net::ERR_FAILED"))
}
