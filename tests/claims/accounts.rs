//! How many people are signed in, and whether the request says which one it means.

use super::case::{Case, at, not_recorded, not_seen, only_the_callback, seen};
use crate::support::{ADA, BOB, CaptureBuilder, Entry, OTHER_SESSION, Person, SESSION, capture};

/// Two sign-ins whose names are only told by the password's post.
fn typed_in([first, second]: [Person; 2]) -> CaptureBuilder {
    let signed_in = capture().sign_in(|s| s.account(first)).sign_in(|s| s.account(second));
    signed_in.without("sign-in/lookup").without("sign-in 2/lookup")
}

fn two_sessions() -> String {
    format!("ESTSAUTHLIGHT=+{SESSION}+{OTHER_SESSION}")
}

/// A request with this list of the service's sessions.
fn listing(list: &str) -> CaptureBuilder {
    let cookies = format!("fpc=a; ESTSAUTHLIGHT={list}");
    capture().silent_frame(|r| r).edit("silent/authorize", |entry| entry.header("cookie", cookies))
}

pub(crate) fn cases() -> Vec<Case> {
    vec![
        seen(
            "accounts.several",
            "two people signed in",
            typed_in([ADA, BOB]).silent_frame(|r| r),
            [
                at("sign-in/login", "request.body.login").shows("account 1 (…@contoso.example)"),
                at("sign-in 2/login", "request.body.login").shows("account 2 (…@contoso.example)"),
            ],
        ),
        seen(
            "accounts.several",
            "a page of the service offers two that are signed in",
            capture().sign_in(|s| s.offering([ADA, BOB]).abandoned()).silent_frame(|r| r),
            [at("sign-in/authorize", "response.body.$Config.pgid").shows("ConvergedSignIn, 2 account tiles")],
        ),
        not_seen(
            "accounts.several",
            "one person signed in twice",
            typed_in([ADA, ADA]).silent_frame(|r| r),
            [at("sign-in/login", "request.body.login"), at("sign-in 2/login", "request.body.login")],
        ),
        seen(
            "accounts.several",
            "two names were looked up by the page",
            capture().sign_in(|s| s.account(ADA)).sign_in(|s| s.account(BOB)).silent_frame(|r| r),
            [at("sign-in/lookup", "request.body.username"), at("sign-in 2/lookup", "request.body.username")],
        ),
        seen(
            "accounts.several",
            "two names were shown by “Stay signed in?”",
            typed_in([ADA, BOB])
                .edit("sign-in/login", Entry::losing_request_body)
                .edit("sign-in 2/login", Entry::losing_request_body)
                .silent_frame(|r| r),
            [at("sign-in/login", "response.body.$Config.sPOST_Username"), at("sign-in 2/login", "response.body.$Config.sPOST_Username")],
        ),
        not_recorded(
            "accounts.several",
            "two people signed in, and nothing tells who the second one was",
            typed_in([ADA, BOB])
                .edit("sign-in 2/login", |entry| entry.losing_request_body().losing_response_body())
                .edit("sign-in 2/token", Entry::losing_response_body)
                .silent_frame(|r| r),
            "does not show who signed in",
        ),
        not_recorded(
            "accounts.several",
            "one person signed in, and the service lists two sessions",
            capture().sign_in(|s| s).silent_frame(|r| r).edit("silent/authorize", |entry| entry.header("cookie", two_sessions())),
            "lists several sessions",
        ),
        not_recorded("accounts.several", "nobody signed in in the capture", capture().silent_frame(|r| r), "nobody signed in earlier"),
        seen(
            "accounts.several-sessions",
            "the service's own list has two",
            listing(&format!("+{SESSION}+{OTHER_SESSION}")),
            [at("silent/authorize", "request.header.cookie").shows("ESTSAUTHLIGHT")],
        ),
        not_seen(
            "accounts.several-sessions",
            "the service's own list has one",
            listing(&format!("+{SESSION}")),
            [at("silent/authorize", "request.header.cookie")],
        ),
        not_recorded("accounts.several-sessions", "the list is of another form", listing("a-b-c"), "values of the request's cookies"),
        not_recorded("accounts.several-sessions", "there is no list", capture().silent_frame(|r| r.cookies(["fpc"])), "does not carry"),
        not_recorded("accounts.several-sessions", "cookies are removed", listing("+").sanitized(), "the exporter removed"),
        seen(
            "accounts.none-named",
            "the request has neither hint nor session nor cached account",
            capture().silent_frame(|r| r),
            [at("silent/authorize", "request.url")],
        ),
        not_seen(
            "accounts.none-named",
            "the request has a hint",
            capture().silent_frame(|r| r.login_hint(ADA)),
            [at("silent/authorize", "request.url.query.login_hint")],
        ),
        not_seen(
            "accounts.none-named",
            "a posted request has a hint",
            capture().silent_frame(|r| r.login_hint(ADA).posted()),
            [at("silent/authorize", "request.body.login_hint")],
        ),
        not_seen(
            "accounts.none-named",
            "the request has a session",
            capture().silent_frame(|r| r.sid(SESSION)),
            [at("silent/authorize", "request.url.query.sid")],
        ),
        not_seen(
            "accounts.none-named",
            "the request has the library's cached account",
            capture().silent_frame(|r| r.cached_account(ADA)),
            [at("silent/authorize", "request.url.query.X-AnchorMailbox")],
        ),
        not_recorded("accounts.none-named", "no authorization request is in the capture", only_the_callback(), "not in the capture"),
        seen(
            "accounts.other-signed-in",
            "the library asks for Ada, and Bob signed in",
            capture().sign_in(|s| s.account(BOB)).silent_frame(|r| r.cached_account(ADA)),
            [at("sign-in/lookup", "request.body.username")],
        ),
        not_seen(
            "accounts.other-signed-in",
            "the library asks for who signed in",
            capture().sign_in(|s| s.account(ADA)).silent_frame(|r| r.cached_account(ADA)),
            [at("sign-in/lookup", "request.body.username")],
        ),
        not_recorded(
            "accounts.other-signed-in",
            "the name that was typed and the id of the cached account may be one person's",
            capture()
                .sign_in(|s| s.account(ADA))
                .edit("sign-in/token", Entry::losing_response_body)
                .silent_frame(|r| r.cached_account(ADA)),
            "whether they are the same",
        ),
        not_recorded(
            "accounts.other-signed-in",
            "the request names nobody",
            capture().sign_in(|s| s.account(BOB)).silent_frame(|r| r),
            "names no account",
        ),
        not_recorded(
            "accounts.other-signed-in",
            "nobody signed in in the capture",
            capture().silent_frame(|r| r.cached_account(ADA)),
            "does not show who signed in",
        ),
    ]
}
