//! The application's own cookie, by which its server knows the reply.

use super::case::{Case, at, not_recorded, not_seen, seen};
use crate::support::{CaptureBuilder, capture, get};

const LAX: &str = ".AspNetCore.Correlation.abc=N; path=/signin-oidc; secure; SameSite=Lax";
const NONE: &str = ".AspNetCore.Correlation.abc=N; path=/signin-oidc; secure; SameSite=None";
const NOT_SECURE: &str = ".AspNetCore.Correlation.abc=N; path=/signin-oidc; SameSite=None";
const DELETED: &str = ".AspNetCore.Correlation.abc=; expires=Thu, 01 Jan 1970 00:00:00 GMT";
const STRICT: &str = ".AspNetCore.Correlation.abc=N; path=/; secure; SameSite=Strict";
const OF_DOMAIN: &str = ".AspNetCore.Correlation.abc=N; path=/; domain=app.example; secure; SameSite=None";
const AT_HTTP: &str = "http://app.example/signin-oidc";
const AT_HTTPS: &str = "https://app.example/signin-oidc";
const SET: &str = "response.header.set-cookie";
const SENT: &str = "request.header.cookie";
const NAME: &str = ".AspNetCore.Correlation.…";

/// A server sets this cookie, sends the person to sign in, and fails on the reply.
fn server(cookie: &'static str, uri: &'static str) -> CaptureBuilder {
    let capture = capture().cookies_from_before(["ESTSAUTHPERSISTENT"]);
    let signed_in = capture.sign_in(|s| {
        s.without_credentials().without_token().request(|r| r.by_server_library().redirect_uri(uri).sent_by_server(cookie))
    });
    signed_in.edit("sign-in/callback", |entry| entry.status(500))
}

/// The same, where the sign-in began at another host of the domain.
fn elsewhere(cookie: &'static str) -> CaptureBuilder {
    server(cookie, AT_HTTPS).edit("sign-in/start", |entry| entry.at_host("desk.app.example"))
}

fn returned(capture: CaptureBuilder) -> CaptureBuilder {
    capture.edit("sign-in/callback", |entry| entry.header("cookie", ".AspNetCore.Correlation.abc=N"))
}

/// The application takes the reply, sets its own cookie, and sends the person to sign in again, with these cookies.
fn round(attributes: &'static str, sent: &'static str) -> CaptureBuilder {
    let set = format!(".AspNet.Cookies=N; secure; HttpOnly{attributes}");
    let capture = server(LAX, AT_HTTPS).edit("sign-in/callback", |entry| entry.reply_header("set-cookie", set));
    let again = get("https://app.example/").redirect("https://login.microsoftonline.com/common/oauth2/v2.0/authorize?client_id=x");
    capture.exchange("again", if sent.is_empty() { again } else { again.header("cookie", sent) })
}

pub(crate) fn cases() -> Vec<Case> {
    let says = |page: &'static str| server(LAX, AT_HTTPS).sanitized().edit("sign-in/callback", move |entry| entry.html(page));
    let started_before = || server(LAX, AT_HTTPS).without("sign-in/start");
    vec![
        seen("app-cookie.not-returned", "the reply comes without it", server(LAX, AT_HTTPS), [at("sign-in/start", SET).shows(NAME)]),
        seen(
            "app-cookie.not-returned",
            "others come back",
            server(LAX, AT_HTTPS).edit("sign-in/callback", |entry| entry.header("cookie", "theme=dark")),
            [at("sign-in/start", SET).shows(NAME)],
        ),
        not_seen("app-cookie.not-returned", "it comes back", returned(server(LAX, AT_HTTPS)), [at("sign-in/callback", SENT)]),
        not_recorded("app-cookie.not-returned", "the application's start is not in the capture", started_before(), "led to the sign-in"),
        not_recorded("app-cookie.not-returned", "the export has no cookies", server(LAX, AT_HTTPS).sanitized(), "the exporter removed"),
        not_recorded("app-cookie.not-returned", "the application deletes one and sets none", server(DELETED, AT_HTTPS), "set no cookie"),
        seen("app-cookie.same-site-lost", "it is limited to its site", server(LAX, AT_HTTPS), [at("sign-in/start", SET).shows(NAME)]),
        not_seen("app-cookie.same-site-lost", "it is limited to no site", server(NONE, AT_HTTPS), [at("sign-in/callback", SENT)]),
        not_seen("app-cookie.same-site-lost", "it comes back", returned(server(LAX, AT_HTTPS)), [at("sign-in/callback", SENT)]),
        not_recorded("app-cookie.same-site-lost", "the application's start is not in the capture", started_before(), "led to the sign-in"),
        seen("app-cookie.secure-on-http", "the reply goes to an http address", server(NONE, AT_HTTP), [at("sign-in/start", SET).shows(NAME)]),
        not_seen("app-cookie.secure-on-http", "the reply goes to an https address", server(NONE, AT_HTTPS), [at("sign-in/callback", SENT)]),
        not_recorded("app-cookie.secure-on-http", "the application's start is not in the capture", started_before(), "led to the sign-in"),
        seen("app-cookie.refused", "it is for every site and not for https alone", server(NOT_SECURE, AT_HTTPS), [at("sign-in/start", SET).shows(NAME)]),
        not_seen("app-cookie.refused", "it is for https alone", server(NONE, AT_HTTPS), [at("sign-in/callback", SENT)]),
        seen(
            "app-cookie.same-site-strict",
            "it says Strict",
            server(STRICT, AT_HTTPS),
            [at("sign-in/start", SET).shows(NAME)],
        ),
        not_seen("app-cookie.same-site-strict", "it says Lax", server(LAX, AT_HTTPS), [at("sign-in/callback", SENT)]),
        not_seen(
            "app-cookie.same-site-strict",
            "the page before is of the same site",
            server(STRICT, AT_HTTPS).edit("sign-in/callback", |entry| entry.without_header("sec-fetch-site").header("sec-fetch-site", "same-site")),
            [at("sign-in/callback", SENT)],
        ),
        not_recorded("app-cookie.same-site-strict", "the export has no cookies", server(STRICT, AT_HTTPS).sanitized(), "the exporter removed"),
        seen("app-cookie.other-host", "the reply goes elsewhere", elsewhere(NONE), [at("sign-in/start", SET).shows(NAME)]),
        not_seen("app-cookie.other-host", "the cookie is for all hosts of the domain", elsewhere(OF_DOMAIN), [at("sign-in/callback", SENT)]),
        not_seen("app-cookie.other-host", "the reply goes to the host that set it", server(NONE, AT_HTTPS), [at("sign-in/callback", SENT)]),
        not_recorded("app-cookie.other-host", "the export has no cookies", elsewhere(NONE).sanitized(), "the exporter removed"),
        seen(
            "app-cookie.reply-unknown",
            "its error page says so",
            says("<h1>Exception: Correlation failed.</h1>"),
            [at("sign-in/callback", "response.body").shows("500")],
        ),
        not_seen(
            "app-cookie.reply-unknown",
            "its error page speaks of something else",
            says("<h1>The database is not there.</h1>"),
            [at("sign-in/callback", "response.body")],
        ),
        not_recorded(
            "app-cookie.reply-unknown",
            "its error page is lost",
            says("<h1>Correlation failed.</h1>").without_response_bodies(),
            "the application's answer",
        ),
        not_recorded("app-cookie.reply-unknown", "it refused nothing", capture().silent_frame(|r| r), "did not refuse the reply"),
        not_recorded("app-cookie.refused", "the application's start is not in the capture", started_before(), "led to the sign-in"),
        seen("app-cookie.sign-in-not-kept", "it does not come back", round("", ""), [at("sign-in/callback", SET).shows(".AspNet.Cookies")]),
        not_seen("app-cookie.sign-in-not-kept", "it comes back", round("", ".AspNet.Cookies=N"), [at("again", SENT)]),
        not_recorded("app-cookie.sign-in-not-kept", "it is for another path", round("; path=/desk", ""), "no cookie for that address"),
        not_recorded("app-cookie.sign-in-not-kept", "the export has no cookies", round("", "").sanitized(), "leaves out the cookies"),
        not_recorded(
            "app-cookie.sign-in-not-kept",
            "it leads to another of its pages",
            round("", "").edit("again", |again| again.redirect("https://app.example/home")),
            "again in this capture",
        ),
        not_recorded("app-cookie.sign-in-not-kept", "the application asks nobody again", server(LAX, AT_HTTPS), "again in this capture"),
    ]
}
