//! Whether the request pins one particular session, and what became of that session.

use super::case::{Case, at, not_recorded, not_seen, only_the_callback, seen, signed_in_without_end};
use crate::support::{ADA, BOB, CaptureBuilder, OTHER_SESSION, SESSION, capture, words};

const HANDED: &str = "response.header.location.fragment.session_state";

fn asks_for_session(capture: CaptureBuilder) -> CaptureBuilder {
    capture.silent_frame(|r| r.sid(SESSION).fails(160021, words::SESSION_GONE))
}

pub(crate) fn cases() -> Vec<Case> {
    let asks_for_none = || capture().silent_frame(|r| r);
    let signed_in_with = |session| capture().sign_in(move |s| s.session(session));
    vec![
        seen(
            "session-id.requested",
            "the query names one",
            asks_for_session(capture()),
            [at("silent/authorize", "request.url.query.sid").shows("session #1")],
        ),
        seen(
            "session-id.requested",
            "a posted request names one",
            capture().silent_frame(|r| r.sid(SESSION).posted()),
            [at("silent/authorize", "request.body.sid").shows("session #1")],
        ),
        not_seen(
            "session-id.requested",
            "a posted request names none",
            capture().silent_frame(|r| r.posted()),
            [at("silent/authorize", "request.body.sid")],
        ),
        not_seen("session-id.requested", "the request names none", asks_for_none(), [at("silent/authorize", "request.url.query.sid")]),
        not_seen(
            "session-id.requested",
            "the request names an empty one",
            capture().silent_frame(|r| r.sid("")),
            [at("silent/authorize", "request.url.query.sid")],
        ),
        not_recorded(
            "session-id.seen-earlier",
            "somebody took the id out",
            signed_in_with(SESSION).silent_frame(|r| r.sid("REDACTED").fails(160021, words::SESSION_GONE)),
            "took the session's id out",
        ),
        not_recorded(
            "session-id.replaced",
            "somebody took the id out",
            signed_in_with(SESSION).silent_frame(|r| r.sid("REDACTED").fails(160021, words::SESSION_GONE)),
            "took the session's id out",
        ),
        not_recorded(
            "session-id.current",
            "somebody took the id out",
            signed_in_with(SESSION).silent_frame(|r| r.sid("REDACTED").fails(160021, words::SESSION_GONE)),
            "took the session's id out",
        ),
        seen(
            "session-id.requested",
            "it names one that somebody took out",
            capture().silent_frame(|r| r.sid("REDACTED").fails(160021, words::SESSION_GONE)),
            [at("silent/authorize", "request.url.query.sid").shows("(session)")],
        ),
        not_recorded("session-id.requested", "no authorization request is in the capture", only_the_callback(), "not in the capture"),
        seen(
            "session-id.seen-earlier",
            "a sign-in opened it",
            asks_for_session(signed_in_with(SESSION)),
            [at("sign-in/kmsi", HANDED).shows("session #1"), at("sign-in/token", "response.body.id_token.sid").shows("session #1")],
        ),
        not_seen(
            "session-id.seen-earlier",
            "a sign-in opened another",
            asks_for_session(signed_in_with(OTHER_SESSION)),
            [at("sign-in/kmsi", HANDED), at("sign-in/token", "response.body.id_token.sid")],
        ),
        not_seen(
            "session-id.seen-earlier",
            "nobody signed in in the capture",
            asks_for_session(capture()),
            [at("silent/authorize", "request.url")],
        ),
        not_recorded(
            "session-id.seen-earlier",
            "how an earlier sign-in ended is lost",
            asks_for_session(signed_in_without_end()),
            "how an earlier sign-in ended",
        ),
        not_recorded("session-id.seen-earlier", "the request names none", asks_for_none(), "names no session id"),
        seen(
            "session-id.replaced",
            "a later sign-in opened another",
            asks_for_session(signed_in_with(SESSION)).sign_in(|s| s.named("fallback").session(OTHER_SESSION)),
            [at("fallback/kmsi", HANDED).shows("session #2"), at("fallback/token", "response.body.id_token.sid").shows("session #2")],
        ),
        seen(
            "session-id.replaced",
            "the last sign-in before opened another",
            asks_for_session(signed_in_with(SESSION).sign_in(|s| s.session(OTHER_SESSION))),
            [at("sign-in 2/token", "response.body.id_token.sid").shows("session #2")],
        ),
        not_seen(
            "session-id.replaced",
            "a later sign-in came back with the same",
            asks_for_session(signed_in_with(SESSION)).sign_in(|s| s.named("fallback").without_credentials()),
            [
                at("sign-in/kmsi", HANDED),
                at("sign-in/token", "response.body.id_token.sid"),
                at("fallback/authorize", HANDED),
                at("fallback/token", "response.body.id_token.sid"),
            ],
        ),
        not_seen(
            "session-id.replaced",
            "the last sign-in before was that of another account",
            signed_in_with(SESSION)
                .sign_in(|s| s.account(BOB).session(OTHER_SESSION))
                .silent_frame(|r| r.sid(SESSION).cached_account(ADA).fails(160021, words::SESSION_GONE)),
            [
                at("sign-in/kmsi", HANDED),
                at("sign-in/token", "response.body.id_token.sid"),
                at("sign-in 2/kmsi", HANDED),
                at("sign-in 2/token", "response.body.id_token.sid"),
            ],
        ),
        seen(
            "session-id.current",
            "the service's own list has it",
            asks_for_session(signed_in_with(SESSION)),
            [at("silent/authorize", "request.header.cookie").shows("ESTSAUTHLIGHT")],
        ),
        seen(
            "session-id.current",
            "the session's cookie is the one that came with it",
            asks_for_session(signed_in_with(SESSION)).edit("silent/authorize", |entry| entry.without_header("cookie").header("cookie", "ESTSAUTH=1.session")),
            [at("silent/authorize", "request.header.cookie").shows("ESTSAUTH")],
        ),
        not_seen(
            "session-id.current",
            "the service's own list has another",
            asks_for_session(signed_in_with(OTHER_SESSION)),
            [at("silent/authorize", "request.header.cookie")],
        ),
        not_seen(
            "session-id.current",
            "the browser sends no session",
            capture().silent_frame(|r| r.sid(SESSION).without_cookies().fails(160021, words::SESSION_GONE)),
            [at("silent/authorize", "request.header.cookie")],
        ),
        not_recorded("session-id.current", "the cookies are removed", asks_for_session(signed_in_with(SESSION)).sanitized(), "cookies"),
        not_recorded(
            "session-id.current",
            "the session is from before the recording",
            asks_for_session(capture().cookies_from_before(["ESTSAUTH"])),
            "do not tell which session",
        ),
        not_recorded("session-id.current", "the request names none", asks_for_none(), "names no session id"),
        not_recorded("session-id.replaced", "no sign-in is in the capture", asks_for_session(capture()), "no sign-in in this capture"),
    ]
}
