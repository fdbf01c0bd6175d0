//! Whom the request names, against who is signed in.

use super::case::{Case, at, not_recorded, not_seen, only_the_callback, seen};
use crate::support::{ADA, BOB, capture, words};

const HINT: &str = "request.url.query.login_hint";

pub(crate) fn cases() -> Vec<Case> {
    vec![
        seen(
            "login-hint.sent",
            "the query names a person",
            capture().silent_frame(|r| r.login_hint(ADA)),
            [at("silent/authorize", HINT).shows("account 1 (…@contoso.example)")],
        ),
        seen(
            "login-hint.sent",
            "the query has an opaque hint",
            capture().silent_frame(|r| r.param("login_hint", "O.CiQxMjM0")),
            [at("silent/authorize", HINT).shows("(an opaque hint)")],
        ),
        seen(
            "login-hint.sent",
            "the service names it in its answer",
            capture().silent_frame(|r| r.fails(50058, words::HINT_MATCHES_NOBODY)),
            [at("silent/authorize", "response.header.location.fragment.error_description")],
        ),
        not_seen("login-hint.sent", "the query has none", capture().silent_frame(|r| r), [at("silent/authorize", HINT)]),
        not_seen(
            "login-hint.sent",
            "a posted request has none",
            capture().silent_frame(|r| r.posted()),
            [at("silent/authorize", "request.body.login_hint")],
        ),
        not_recorded("login-hint.sent", "no authorization request is in the capture", only_the_callback(), "not in the capture"),
        seen(
            "login-hint.names-another",
            "the hint is Bob and Ada signed in",
            capture()
                .sign_in(|s| s.account(ADA))
                .without("sign-in/lookup")
                .silent_frame(|r| r.login_hint(BOB).fails(50058, words::HINT_MATCHES_NOBODY)),
            [
                at("silent/authorize", HINT).shows("account 2 (…@contoso.example)"),
                at("sign-in/login", "request.body.login").shows("account 1 (…@contoso.example)"),
            ],
        ),
        seen(
            "login-hint.names-another",
            "the hint is Bob, and the page looked Ada up",
            capture().sign_in(|s| s.account(ADA)).silent_frame(|r| r.login_hint(BOB).fails(50058, words::HINT_MATCHES_NOBODY)),
            [at("silent/authorize", HINT).shows("account 2"), at("sign-in/lookup", "request.body.username").shows("account 1")],
        ),
        not_seen(
            "login-hint.names-another",
            "the hint is Ada and Ada signed in",
            capture().sign_in(|s| s.account(ADA)).silent_frame(|r| r.login_hint(ADA)),
            [at("silent/authorize", HINT)],
        ),
        not_recorded(
            "login-hint.names-another",
            "nobody signed in in the capture",
            capture().silent_frame(|r| r.login_hint(ADA)),
            "nobody signed in earlier",
        ),
        not_recorded(
            "login-hint.names-another",
            "the hint is opaque",
            capture().sign_in(|s| s).silent_frame(|r| r.param("login_hint", "O.CiQxMjM0")),
            "opaque",
        ),
        not_recorded(
            "login-hint.names-another",
            "the request has no hint",
            capture().sign_in(|s| s).silent_frame(|r| r),
            "names no account",
        ),
    ]
}
