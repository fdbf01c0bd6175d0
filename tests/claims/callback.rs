//! What the application did with the reply of the sign-in.

use super::case::{Case, at, not_recorded, not_seen, only_the_callback, seen, somewhere_in};
use crate::support::{Authorize, CaptureBuilder, Entry, Window, capture, get};

const LOST: &str = "Nothing is as it should be.";

/// A silent request that works, and the application goes on without turning the code in.
fn code_left() -> CaptureBuilder {
    capture().sign_in(|s| s).silent_frame(|r| r.succeeds().without_token())
}

/// The same, with the code in a form that the redirect page receives.
fn posted_and_left() -> CaptureBuilder {
    capture().sign_in(|s| s).silent_frame(|r| r.by_form_post().succeeds().without_token())
}

/// A silent request whose code is refused, received by a redirect page with this header.
fn received_with(name: &'static str, value: &'static str) -> CaptureBuilder {
    let refused = capture().sign_in(|s| s).silent_frame(|r| r.succeeds().token(|t| t.fails(54005, LOST)));
    refused.edit("silent/callback", |entry| entry.reply_header("cache-control", "no-store").reply_header(name, value))
}

/// A sign-in whose ID token names this nonce, or the one that was sent.
fn with_nonce(nonce: Option<&'static str>) -> CaptureBuilder {
    capture()
        .sign_in(move |s| s.token(move |t| if let Some(nonce) = nonce { t.nonce(nonce) } else { t }))
        .redeem_again(|t| t.fails(54005, LOST))
}

const URI: &str = "request.url.query.redirect_uri";
const NONCE: &str = "Nonce=N; path=/; secure; SameSite=None";

/// A sign-in that Azure App Service may have begun, with this cookie, and its answer to the reply.
fn by_platform(cookie: &'static str) -> CaptureBuilder {
    let uri = "https://app.example/.auth/login/aad/callback";
    let signed_in = capture().sign_in(|s| s.without_token().request(|r| r.by_server_library().redirect_uri(uri).sent_by_server(cookie)));
    signed_in.edit("sign-in/callback", |entry| entry.status(401))
}

pub(crate) fn cases() -> Vec<Case> {
    let page_not_there = || code_left().without("silent/callback");
    let posted_back = || capture().sign_in(|s| s.by_form_post());
    let at_server = |status: u16| {
        let signed_in = capture().sign_in(|s| s.request(|r| r.by_server_library()).without_token());
        signed_in.edit("sign-in/callback", move |entry| entry.status(status))
    };
    vec![
        not_recorded("callback.code-not-used", "the application asked by SAML", capture().saml(|s| s), "hand no code"),
        not_recorded("callback.other-state", "the application asked by SAML", capture().saml(|s| s), "no state"),
        not_recorded("callback.other-nonce", "the application asked by SAML", capture().saml(|s| s), "no nonce"),
        seen("callback.at-server", "a server's library asks", at_server(500), [somewhere_in("sign-in/authorize")]),
        not_seen(
            "callback.at-server",
            "MSAL asks from a page",
            posted_back().without("sign-in/token").edit("sign-in/callback", |entry| entry.status(500)),
            [somewhere_in("sign-in/authorize")],
        ),
        not_recorded("callback.at-server", "the request is not in the capture", only_the_callback(), "not in the capture"),
        seen("callback.person-refused", "the server answers with 403", at_server(403), [somewhere_in("sign-in/callback")]),
        not_recorded(
            "callback.person-refused",
            "a page that was asked for without the reply is forbidden",
            code_left().edit("silent/callback", |entry| entry.status(403)).wait(1).app_page(),
            "without the reply",
        ),
        not_seen(
            "callback.error-status",
            "the page in which the reply was handed over loads",
            code_left().wait(1).app_page(),
            [at("silent/callback", "response.status")],
        ),
        not_seen("callback.person-refused", "the server answers with 500", at_server(500), [at("sign-in/callback", "response.status")]),
        not_recorded("callback.person-refused", "no reply was handed out", capture().silent_frame(|r| r), "is not in the capture"),
        seen(
            "callback.code-not-used",
            "the page goes on without a token request",
            code_left().wait(1).app_page(),
            [at("silent/authorize", "response.header.location.fragment.code").shows("code #2")],
        ),
        not_seen(
            "callback.code-not-used",
            "a token request follows",
            received_with("x-frame-options", "SAMEORIGIN"),
            [at("silent/token", "request.url")],
        ),
        not_recorded("callback.code-not-used", "no code was handed out", capture().silent_frame(|r| r), "no reply was handed"),
        not_recorded(
            "callback.code-not-used",
            "a server turns its codes in",
            capture().sign_in(|s| s.request(|r| r.by_server_library()).without_token()).edit("sign-in/callback", |entry| entry.status(500)),
            "a server turns its codes in",
        ),
        seen(
            "callback.refuses-framing",
            "the redirect page says DENY",
            posted_and_left().edit("silent/callback", |entry| entry.reply_header("x-frame-options", "DENY")),
            [at("silent/callback", "response.header.x-frame-options").shows("DENY")],
        ),
        seen(
            "callback.refuses-framing",
            "the redirect page's policy names no page that may frame it",
            posted_and_left().edit("silent/callback", |entry| {
                entry.reply_header("content-security-policy", "default-src 'self'; frame-ancestors 'none'")
            }),
            [at("silent/callback", "response.header.content-security-policy").shows("frame-ancestors 'none'")],
        ),
        not_seen(
            "callback.refuses-framing",
            "the redirect page says SAMEORIGIN",
            received_with("x-frame-options", "SAMEORIGIN"),
            [at("silent/callback", "response.header.x-frame-options")],
        ),
        not_recorded(
            "callback.refuses-framing",
            "the redirect page is not in the capture",
            received_with("x-a", "b").without("silent/callback"),
            "redirect page is not",
        ),
        seen(
            "callback.cuts-opener",
            "the redirect page says same-origin",
            posted_and_left().edit("silent/callback", |entry| entry.reply_header("cross-origin-opener-policy", "same-origin").status(500)),
            [at("silent/callback", "response.header.cross-origin-opener-policy").shows("same-origin")],
        ),
        not_seen(
            "callback.cuts-opener",
            "the redirect page says unsafe-none",
            received_with("cross-origin-opener-policy", "unsafe-none"),
            [at("silent/callback", "response.header.cross-origin-opener-policy")],
        ),
        not_recorded(
            "callback.cuts-opener",
            "the redirect page is not in the capture",
            received_with("x-a", "b").without("silent/callback"),
            "redirect page is not",
        ),
        seen(
            "callback.error-status",
            "the application answers the posted code with 500",
            posted_back().without("sign-in/token").edit("sign-in/callback", |entry| entry.status(500)),
            [at("sign-in/callback", "request.url")],
        ),
        not_seen(
            "callback.error-status",
            "the application answers the error with a page",
            only_the_callback(),
            [at("silent/callback", "response.status")],
        ),
        not_recorded(
            "callback.error-status",
            "what failed never came to the application",
            capture().silent_frame(|r| r),
            "brings the reply",
        ),
        seen(
            "callback.not-reached",
            "the redirect page did not load",
            posted_and_left().edit("silent/callback", |entry| entry.no_response("net::ERR_CONNECTION_REFUSED")),
            [at("silent/callback", "response._error").shows("net::ERR_CONNECTION_REFUSED"), at("silent/callback", "request.url")],
        ),
        not_seen("callback.not-reached", "the redirect page loaded", received_with("x-a", "b"), [at("silent/callback", "response.status")]),
        not_recorded("callback.not-reached", "no code was handed out", capture().silent_frame(|r| r), "redirect page is not"),
        seen(
            "callback.nobody-answers",
            "the connection is refused",
            posted_and_left().edit("silent/callback", |entry| entry.no_response("net::ERR_CONNECTION_REFUSED")),
            [at("silent/callback", "response._error").shows("net::ERR_CONNECTION_REFUSED"), at("silent/callback", "request.url")],
        ),
        not_seen(
            "callback.nobody-answers",
            "the browser does not let the page reach it",
            posted_and_left().edit("silent/callback", |entry| entry.no_response("net::ERR_BLOCKED_BY_LOCAL_NETWORK_ACCESS_CHECKS")),
            [at("silent/callback", "response._error")],
        ),
        not_recorded(
            "callback.nobody-answers",
            "nothing tells why it did not load",
            capture()
                .sign_in(|s| s)
                .silent_frame(|r| r.redirect_uri("http://10.20.30.40/auth").succeeds().without_token())
                .edit("silent/callback", |entry| entry.no_response("")),
            "how the request for the redirect page ended",
        ),
        seen(
            "callback.other-nonce",
            "the ID token names another",
            capture().sign_in(|s| s.token(|t| t.nonce("0ce00ce0-another"))),
            [at("sign-in/authorize", "request.url.query.nonce").shows("nonce #1"), somewhere_in("sign-in/token")],
        ),
        not_seen(
            "callback.other-nonce",
            "the ID token names the one that was sent",
            with_nonce(None),
            [at("sign-in/token", "response.body.id_token.nonce")],
        ),
        not_recorded(
            "callback.other-nonce",
            "the token reply is lost",
            with_nonce(None).edit("sign-in/token", Entry::losing_response_body),
            "no ID token with a nonce",
        ),
        not_recorded(
            "callback.other-nonce",
            "somebody took out the one that was sent",
            capture().sign_in(|s| s.request(|r| r.param("nonce", "[REDACTED]"))).redeem_again(|t| t.fails(54005, LOST)),
            "took the value out",
        ),
        not_recorded("callback.other-state", "somebody took out the one that came back", posted_back_with_state("***").redeem_again(|t| t.fails(54005, LOST)), "took the value out"),
        seen(
            "callback.other-state",
            "the application receives another",
            posted_back_with_state("another-state"),
            [
                at("sign-in/authorize", "request.url.query.state").shows("state #1"),
                at("sign-in/callback", "request.body.state").shows("state #2"),
            ],
        ),
        not_seen(
            "callback.other-state",
            "the application receives the one that was sent",
            posted_back().redeem_again(|t| t.fails(54005, LOST)),
            [at("sign-in/callback", "request.body.state")],
        ),
        not_seen(
            "callback.other-state",
            "the application's receiving it is not in the capture, and the service's reply has the one that was sent",
            page_not_there().app_page().silent_frame(|r| r),
            [at("silent 2/authorize", "response.header.location.fragment.state")],
        ),
        not_recorded("callback.other-state", "the request that sent one is not in the capture", only_the_callback(), "not in the capture"),
        seen(
            "callback.private-address",
            "a public page's redirect page is in a local network",
            capture().silent_frame(|r| r.redirect_uri("http://10.20.30.40/auth")),
            [at("silent/authorize", "request.url.query.redirect_uri").shows("10.20.30.40")],
        ),
        not_seen(
            "callback.private-address",
            "both are public",
            capture().silent_frame(|r| r),
            [at("silent/authorize", "request.url.query.redirect_uri")],
        ),
        not_seen(
            "callback.private-address",
            "both are on the computer itself",
            capture().silent_frame(|r| r.redirect_uri("http://localhost:4200/auth").header("referer", "http://localhost:4200/")),
            [at("silent/authorize", "request.url.query.redirect_uri")],
        ),
        not_recorded("callback.private-address", "the request is not in the capture", only_the_callback(), "redirect URI is not in the capture"),
        seen(
            "callback.reserved-path",
            "it belongs to the host's own sign-in",
            capture().silent_frame(|r| r.redirect_uri("https://app.example/.auth/login/aad/callback")),
            [at("silent/authorize", "request.url.query.redirect_uri").shows("/.auth/login/aad/callback")],
        ),
        not_seen("callback.reserved-path", "the hosting itself began the sign-in", by_platform(NONCE), [at("sign-in/authorize", URI)]),
        seen("callback.of-platform", "it had set its cookie", by_platform(NONCE), [at("sign-in/start", "response.header.set-cookie").shows("Nonce")]),
        not_seen("callback.of-platform", "another cookie was set", by_platform("sid=a; secure"), [at("sign-in/authorize", URI)]),
        not_recorded("callback.of-platform", "the request is not in the capture", only_the_callback(), "redirect URI is not in the capture"),
        not_seen("callback.reserved-path", "it is the application's own", capture().silent_frame(|r| r), [at("silent/authorize", "request.url.query.redirect_uri")]),
        not_recorded("callback.reserved-path", "the request is not in the capture", only_the_callback(), "redirect URI is not in the capture"),
        seen(
            "callback.broker-refuses",
            "it sends the browser on with an error",
            refused_by_broker("access_denied"),
            [at("application", "request.url.query.error").shows("access_denied")],
        ),
        not_seen("callback.broker-refuses", "the server answers with an error status", at_server(500), [somewhere_in("sign-in/callback")]),
        not_recorded(
            "callback.broker-refuses",
            "the request that brings the reply is not in the capture",
            capture().silent_frame(|r| r),
            "brings the reply",
        ),
    ]
}

/// A broker of identities gets the code, and answers the application by its own protocol.
fn refused_by_broker(error: &str) -> CaptureBuilder {
    let request = |r: Authorize| r.by_server_library().redirect_uri("https://id.broker.example/login/callback");
    let address = format!("https://shop.example/callback?error={error}&error_description=Not%20assigned&state=of-the-broker");
    let signed_in = capture().cookies_from_before(["ESTSAUTHPERSISTENT"]).sign_in(|s| s.without_token().request(request));
    let answered = signed_in.edit("sign-in/callback", |entry| entry.redirect(address.clone()));
    answered.exchange("application", get(address).in_window(Window::Page, "cross-site").html("<p>Sorry</p>"))
}

fn posted_back_with_state(state: &'static str) -> CaptureBuilder {
    capture().sign_in(move |s| s.request(move |r| r.by_form_post().returning_state(state)))
}
