//! What came after.

use super::case::{Case, at, not_recorded, not_seen, only_the_callback, seen, somewhere_in};
use crate::support::{CaptureBuilder, OTHER_APP, OTHER_SESSION, SESSION, capture, words};

fn fails_then(later: impl FnOnce(CaptureBuilder) -> CaptureBuilder) -> CaptureBuilder {
    later(capture().sign_in(|s| s).silent_frame(|r| r.sid(SESSION).fails(160021, words::SESSION_GONE)))
}

pub(crate) fn cases() -> Vec<Case> {
    let nothing = || fails_then(|c| c);
    let abandoned = || fails_then(|c| c.sign_in(|s| s.named("fallback").abandoned()));
    let with_credentials = || fails_then(|c| c.sign_in(|s| s.named("fallback").session(OTHER_SESSION)));
    let without_credentials = || fails_then(|c| c.sign_in(|s| s.named("fallback").without_credentials()));
    vec![
        seen("fallback.interactive", "a sign-in follows", abandoned(), [at("fallback/authorize", "request.url")]),
        not_seen("fallback.interactive", "nothing follows", nothing(), []),
        not_seen(
            "fallback.interactive",
            "a sign-in of another application follows",
            fails_then(|c| c.sign_in(|s| s.named("other").app(OTHER_APP).abandoned())),
            [at("other/authorize", "request.url")],
        ),
        not_recorded(
            "fallback.interactive",
            "the request that failed does not tell its application",
            only_the_callback(),
            "not in the capture",
        ),
        seen("fallback.succeeded", "a sign-in follows and works", with_credentials(), [at("fallback/authorize", "request.url")]),
        not_seen("fallback.succeeded", "a sign-in follows and is left", abandoned(), [at("fallback/authorize", "request.url")]),
        not_recorded(
            "fallback.succeeded",
            "the request that failed does not tell its application",
            only_the_callback(),
            "not in the capture",
        ),
        seen(
            "fallback.without-credentials",
            "the sign-in that follows shows no page",
            without_credentials(),
            [at("fallback/authorize", "request.url")],
        ),
        not_seen(
            "fallback.without-credentials",
            "the sign-in that follows asks for the password",
            with_credentials(),
            [at("fallback/login", "request.url")],
        ),
        not_recorded(
            "fallback.without-credentials",
            "the request with the password was taken out",
            with_credentials().without("fallback/login"),
            "what was posted from there",
        ),
        not_recorded(
            "fallback.without-credentials",
            "the request with the password was taken out, and nobody was asked whether to stay",
            capture().silent_frame(|r| r).sign_in(|s| s.not_asked_to_stay()).without("sign-in/login").without("sign-in/lookup"),
            "what was posted from there",
        ),
        not_recorded(
            "fallback.without-credentials",
            "the device vouched for the person",
            without_credentials().edit("fallback/authorize", |entry| entry.header("x-ms-refreshtokencredential", "a.b.c")),
            "needed no session",
        ),
        not_recorded("fallback.without-credentials", "no sign-in follows", nothing(), "no sign-in that worked"),
        not_recorded("fallback.without-credentials", "the sign-in that follows is left", abandoned(), "no sign-in that worked"),
        seen(
            "fallback.same-session",
            "the sign-in that follows comes back with it",
            without_credentials(),
            [at("fallback/authorize", "response.header.location.fragment.session_state").shows("session #1")],
        ),
        not_seen(
            "fallback.same-session",
            "the sign-in that follows comes back with another",
            with_credentials(),
            [at("fallback/kmsi", "response.header.location.fragment.session_state")],
        ),
        not_recorded(
            "fallback.same-session",
            "the failed request asked for no session",
            capture().silent_frame(|r| r).sign_in(|s| s.named("fallback")),
            "names no session id",
        ),
        not_recorded("fallback.same-session", "no sign-in follows", nothing(), "no sign-in that worked"),
        seen(
            "fallback.second-factor",
            "the sign-in that follows asks for one",
            fails_then(|c| c.sign_in(|s| s.named("fallback").with_second_factor())),
            [somewhere_in("fallback/second-factor")],
        ),
        not_seen(
            "fallback.second-factor",
            "the sign-in that follows needs only the session",
            without_credentials(),
            [at("fallback/authorize", "request.url"), at("fallback/token", "request.url")],
        ),
        not_recorded("fallback.second-factor", "no sign-in follows", nothing(), "no sign-in that worked"),
    ]
}
