//! What became of the metadata that a page asked for before it could begin.

use super::case::{Case, at, not_recorded, not_seen, seen};
use crate::support::{CONTOSO, CaptureBuilder, Entry, Window, capture, get};
use serde_json::json;

const STATUS: &str = "response.status";
const SHARED: &str = "response.header.access-control-allow-origin";
const ISSUER: &str = "response.body.issuer";

pub(crate) fn cases() -> Vec<Case> {
    let asked = |answer: fn(Entry) -> Entry| -> CaptureBuilder {
        let address = "https://contoso.ciamlogin.com/contoso.onmicrosoft.com/v2.0/.well-known/openid-configuration";
        let asked = get(address).in_window(Window::Script, "cross-site").header("origin", "https://app.example").reply_header("cache-control", "no-cache");
        capture().app_page().exchange("metadata", answer(asked)).wait(1).app_page()
    };
    let elsewhere = || {
        let told = json!({"issuer": format!("https://{CONTOSO}.ciamlogin.com/{CONTOSO}/v2.0")});
        move |entry: Entry| entry.json(&told).reply_header("access-control-allow-origin", "*")
    };
    let hidden = |entry: Entry| entry.json(&json!({"issuer": "https://contoso.ciamlogin.com/"}));
    let none = |entry: Entry| entry.status(404).html("Not found");
    let refused = |entry: Entry| entry.status(403).html("No");
    let unread = || asked(|entry| entry.json(&json!({}))).without_response_bodies();
    let other = || capture().silent_frame(|r| r);
    let not_trusted = || asked(|entry| entry).edit("metadata", elsewhere());
    vec![
        seen("metadata.not-found", "the host knows no such address", asked(none), [at("metadata", "request.url").shows("404")]),
        not_seen("metadata.not-found", "the host refuses", asked(refused), [at("metadata", STATUS)]),
        not_recorded("metadata.not-found", "something else failed", other(), "no request of a page for metadata"),
        seen(
            "metadata.kept-from-page",
            "the reply names no origin",
            asked(hidden),
            [at("metadata", SHARED).shows("(none)"), at("metadata", "request.url").shows("200")],
        ),
        not_seen("metadata.kept-from-page", "there is nothing to keep", asked(none), [at("metadata", SHARED)]),
        not_recorded("metadata.kept-from-page", "something else failed", other(), "no request of a page for metadata"),
        seen("metadata.issuer-elsewhere", "the issuer is at the host of the tenant's id", not_trusted(), [at("metadata", ISSUER).shows("another host")]),
        not_seen("metadata.issuer-elsewhere", "the issuer is at the host that was asked", asked(hidden), [at("metadata", ISSUER)]),
        not_recorded("metadata.issuer-elsewhere", "the body was not recorded", unread(), "body"),
    ]
}
