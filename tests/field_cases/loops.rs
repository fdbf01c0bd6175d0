//! Loops, lost cookies of the application, and requests that grew too long. Rows 51 to 61.

use super::case::{Case, case};
use crate::support::{Authorize, CaptureBuilder, Entry, SESSION, capture, user_agents};
use entrace::diagnosis::Confidence::{Certain, Likely};

const NOT_LONG: &str = "; path=/signin-oidc; HttpOnly";

fn b2c(request: Authorize) -> Authorize {
    request.host("contoso.b2clogin.com").tenant("contoso.example/b2c_1_signin")
}

fn rounds(first: CaptureBuilder, times: usize, round: impl Fn(CaptureBuilder, usize) -> CaptureBuilder) -> CaptureBuilder {
    (0..times).fold(first, round)
}

/// A server sends the person to sign in and sets a cookie to know the reply by.
fn server_round(capture: CaptureBuilder, number: usize, scheme: &'static str, cookie: &str) -> CaptureBuilder {
    let line = format!(".AspNetCore.Correlation.{number:02}abc=N; {cookie}");
    let uri = format!("{scheme}://app.example/signin-oidc");
    let request = |r: Authorize| r.by_server_library().redirect_uri(&uri).sent_by_server(&line);
    capture.sign_in(|s| s.without_credentials().session(SESSION).without_token().request(request))
}

/// The name of the callback of a round.
fn callback_of(number: usize) -> String {
    if number == 0 { "sign-in/callback".to_owned() } else { format!("sign-in {}/callback", number + 1) }
}

/// A browser that has a session at the sign-in service.
fn signed_in() -> CaptureBuilder {
    capture().cookies_from_before(["ESTSAUTHPERSISTENT"])
}

/// The callback of the first round, which the application fails on.
fn failed_callback(cookie: &str, change: impl Fn(Entry) -> Entry + 'static) -> CaptureBuilder {
    server_round(signed_in(), 0, "https", cookie).edit("sign-in/callback", move |entry| change(entry.status(500).html("<html>Correlation failed.</html>")))
}

fn pile(prefix: &str, number: usize) -> String {
    (0..number).map(|at| format!("{prefix}{at:03}={}", "N".repeat(120))).collect::<Vec<_>>().join("; ")
}

fn too_long(entry: Entry) -> Entry {
    let page = "<!DOCTYPE HTML><HTML><HEAD><TITLE>Bad Request</TITLE></HEAD><BODY><h2>Bad Request - Request Too Long</h2></BODY></HTML>";
    entry.status(400).html(page)
}

pub(crate) fn cases() -> Vec<Case> {
    let safari = || capture().user_agent(user_agents::SAFARI).without_sec_fetch();
    let denied = |name: &'static str| {
        move |capture: CaptureBuilder| {
            capture.edit(name, |entry| entry.redirect("https://app.example/#/error=login_required&error_description=Silent+authentication+was+denied"))
        }
    };
    let flicker = denied("silent/authorize")(capture().silent_frame(|r| r.without_cookies().without_header("sec-fetch-storage-access")).without("silent/callback"));
    let flicker = denied("silent 2/authorize")(flicker.silent_frame(|r| r.without_cookies().without_header("sec-fetch-storage-access")).without("silent 2/callback"));
    let polling = rounds(capture(), 10, |capture, _| capture.refresh(|t| t.succeeds()));
    let missing = "The user or administrator has not consented to use the application with ID 'a0a0a0a0-0000-4000-8000-000000000001'.";
    vec![
        case(51, "Azure AD B2C in Safari", rounds(safari(), 4, |capture, _| capture.sign_in(|s| s.without_credentials().session(SESSION).without_token().request(b2c))))
            .finds("sign-in-loop", "sign-in-loop", Likely),
        case(52, "the error stands behind a route, without a code", flicker)
            .unresolved("login-required")
            .times(2)
            .settled_by(&["Record", "storage-access.blocked"]),
        case(
            53,
            "the redirect page is left at once for the start page",
            capture().sign_in(|s| s.without_token().request(|r| r.redirect_uri("https://app.example/auth"))).app_page().wait(1).app_page(),
        )
        .finds("code-not-used", "redirect-response-unhandled", Likely)
        .advises("do not navigate away"),
        case(54, "the application is opened with http, and its cookie is for https alone", rounds(signed_in(), 3, |capture, number| {
                let capture = server_round(capture, number, "http", &format!("secure{NOT_LONG}"));
                capture.edit(&callback_of(number), |entry| entry.redirect("/"))
            }))
            .finds("sign-in-loop", "sign-in-loop", Likely)
            .says("app-cookie.not-returned")
            .says("app-cookie.secure-on-http")
            .advises("Redirect http to https"),
        case(
            55,
            "the application sets its session, and the next request is without it",
            rounds(signed_in(), 3, |capture, number| {
                let capture = server_round(capture, number, "https", "secure; SameSite=None; path=/signin-oidc");
                let knows = format!(".AspNetCore.Correlation.{number:02}abc=N");
                capture.edit(&callback_of(number), |entry| entry.header("cookie", knows).redirect("/").reply_header("set-cookie", ".AspNet.Cookies=session; path=/; secure; HttpOnly"))
            }),
        )
        .finds("sign-in-loop", "sign-in-loop", Likely)
        .says("app-cookie.sign-in-not-kept")
        .advises("why does the browser not keep or send that cookie"),
        case(
            56,
            "cookies of sign-ins that never ended pile up until the request is too long",
            server_round(signed_in(), 0, "https", "secure; SameSite=None").edit("sign-in/callback", |entry| too_long(entry.header("cookie", pile("OpenIdConnect.nonce.", 80)))),
        )
        .finds("request-too-long", "cookies-too-large", Certain)
        .says("request-size.cookies-too-large")
        .advises("cookies"),
        case(
            57,
            "the same with cookies of Azure AD B2C",
            capture().redirect(|r| b2c(r).gets_status(400)).edit("redirect/authorize", |entry| too_long(entry.header("cookie", pile("x-ms-cpim-cache|", 80)))),
        )
        .finds("request-too-long", "cookies-too-large", Certain),
        case(57, "the same, and the cookies are not in the export", capture().sanitized().redirect(|r| b2c(r).gets_status(431)))
            .leads("request-too-long", "cookies-too-large")
            .settled_by(&["request-size.cookies-too-large"]),
        case(
            58,
            "the redirect URI is one that the host's own sign-in keeps for itself",
            capture()
                .sign_in(|s| s.without_token().request(|r| r.by_server_library().redirect_uri("https://app.example/.auth/login/aad/callback")))
                .edit("sign-in/callback", |entry| entry.status(401).html("<html>You do not have permission to view this directory or page.</html>")),
        )
        .finds("callback-failed", "redirect-response-unhandled", Likely)
        .says("callback.reserved-path")
        .advises("/.auth/"),
        case(59, "the same token again and again, until the service has enough", polling.refresh(|t| t.fails(50196, "The server terminated an operation because it encountered a client request loop.")))
            .finds("AADSTS50196", "client-request-loop", Likely)
            .advises("cache"),
        case(
            60,
            "the application does not know the reply, because its cookie stays behind when another site posts",
            failed_callback("secure; HttpOnly; path=/signin-oidc; SameSite=Lax", |entry| entry),
        )
        .finds("callback-failed", "app-cookie-lost", Certain)
        .says("app-cookie.not-returned")
        .says("app-cookie.same-site-lost")
        .advises("SameSite=None"),
        case(60, "the cookie comes back, and the application fails all the same", failed_callback("secure; path=/signin-oidc; SameSite=None", |entry| entry.header("cookie", ".AspNetCore.Correlation.00abc=N")))
            .finds("callback-failed", "redirect-response-unhandled", Likely)
            .despite("app-cookie-lost"),
        case(60, "nothing tells which cookies were sent", failed_callback("secure; path=/signin-oidc; SameSite=Lax", |entry| entry).sanitized())
            .finds("callback-failed", "app-cookie-lost", Likely)
            .says("app-cookie.reply-unknown"),
        case(
            61,
            "a permission is missing, and the application starts over",
            rounds(capture(), 3, |capture, _| capture.sign_in(move |s| s.without_credentials().session(SESSION).token(move |t| t.fails(65001, missing).suberror("consent_required")))),
        )
        .finds("AADSTS65001", "consent-missing", Likely)
        .times(3)
        .unhandled(),
    ]
}
