//! Whether the sign-in service's session cookies travelled.

use super::case::{Case, at, not_recorded, not_seen, only_the_callback, seen};
use super::sign_in::token_in_use;
use crate::support::{CaptureBuilder, FABRIKAM, OTHER_APP, capture, words};

const SENT: &str = "request.header.cookie";
const SET: &str = "response.header.set-cookie";

/// Another application is refused with the session, so many minutes after its opening.
fn other_refused(minutes: i64) -> CaptureBuilder {
    let opened = capture().sign_in(|s| s).wait(minutes);
    opened.silent_frame(|r| r.named("other").app(OTHER_APP).tenant(FABRIKAM).fails(50058, words::NOBODY))
}

/// Recorded by a proxy, in a browser that has some cookies.
fn proxied<const N: usize>(cookies: [&str; N]) -> CaptureBuilder {
    capture().written_by("mitmproxy", "12.1.2").cookies_from_before(cookies)
}

pub(crate) fn cases() -> Vec<Case> {
    vec![
        seen(
            "session-cookie.good-later",
            "the next frame is given a code with it",
            other_refused(60).silent_frame(|r| r.named("later").succeeds()),
            [at("later/authorize", SENT).shows("ESTSAUTH")],
        ),
        not_seen(
            "session-cookie.good-later",
            "the person signs in anew first",
            other_refused(60).sign_in(|s| s.named("anew")).silent_frame(|r| r.named("later").succeeds()),
            [at("later/authorize", SENT)],
        ),
        not_seen("session-cookie.good-later", "nothing follows", other_refused(60), [at("other/authorize", SENT)]),
        not_recorded(
            "session-cookie.good-later",
            "the export has no cookies",
            other_refused(60).silent_frame(|r| r.named("later").succeeds()).sanitized(),
            "the exporter removed",
        ),
        seen(
            "session-cookie.good-elsewhere",
            "the person has just signed in, in another tenant",
            other_refused(1),
            [at("sign-in/login", SET).shows("ESTSAUTH")],
        ),
        not_seen(
            "session-cookie.good-elsewhere",
            "the person has just signed in, in the same tenant",
            capture().sign_in(|s| s).silent_frame(|r| r.fails(50058, words::NOBODY)),
            [at("silent/authorize", SENT)],
        ),
        not_seen("session-cookie.good-elsewhere", "the person signed in an hour ago", other_refused(60), [at("other/authorize", SENT)]),
        not_recorded("session-cookie.good-elsewhere", "the export has no cookies", other_refused(1).sanitized(), "the exporter removed"),
        seen(
            "session-cookie.just-opened",
            "the person has just signed in, in the same tenant",
            capture().sign_in(|s| s).silent_frame(|r| r.fails(50058, words::NOBODY)),
            [at("sign-in/login", SET).shows("ESTSAUTH")],
        ),
        not_seen("session-cookie.just-opened", "the person signed in an hour ago", other_refused(60), [at("other/authorize", SENT)]),
        not_recorded("session-cookie.just-opened", "the export has no cookies", other_refused(1).sanitized(), "the exporter removed"),
        seen(
            "session-cookie.sent",
            "the frame's request carries one from before the capture",
            capture().cookies_from_before(["ESTSAUTHPERSISTENT", "fpc"]).silent_frame(|r| r),
            [at("silent/authorize", SENT).shows("ESTSAUTHPERSISTENT")],
        ),
        not_seen(
            "session-cookie.sent",
            "the frame's request carries others only",
            capture().cookies_from_before(["fpc", "buid"]).silent_frame(|r| r),
            [at("silent/authorize", SENT)],
        ),
        not_seen(
            "session-cookie.sent",
            "the export has cookies, and the frame's request none",
            capture().sign_in(|s| s).silent_frame(|r| r.without_cookies()),
            [at("silent/authorize", SENT)],
        ),
        not_seen(
            "session-cookie.sent",
            "the export has no cookies, and the browser says that it withholds them",
            capture().sanitized().blocking_third_party_cookies().silent_frame(|r| r),
            [at("silent/authorize", "request.header.sec-fetch-storage-access")],
        ),
        not_recorded(
            "session-cookie.sent",
            "the export has no cookies, and the browser lets them through",
            capture().sanitized().sign_in(|s| s).silent_frame(|r| r),
            "the exporter removed the",
        ),
        not_recorded("session-cookie.sent", "no authorization request is in the capture", only_the_callback(), "not in the capture"),
        seen(
            "session-cookie.others-sent",
            "the frame's request carries some",
            capture().cookies_from_before(["fpc", "buid"]).silent_frame(|r| r),
            [at("silent/authorize", SENT).shows("fpc, buid")],
        ),
        not_seen(
            "session-cookie.others-sent",
            "the frame's request carries none",
            capture().sign_in(|s| s).silent_frame(|r| r.without_cookies()),
            [at("silent/authorize", SENT)],
        ),
        not_recorded(
            "session-cookie.others-sent",
            "the export has no cookies",
            capture().sanitized().silent_frame(|r| r),
            "the exporter removed the",
        ),
        seen(
            "session-cookie.set-earlier",
            "a sign-in set one",
            capture().sign_in(|s| s.not_asked_to_stay()).silent_frame(|r| r),
            [at("sign-in/login", SET).shows("ESTSAUTH")],
        ),
        seen(
            "session-cookie.set-earlier",
            "one reply sets one and deletes another",
            capture().sign_in(|s| s.not_staying()).silent_frame(|r| r),
            [at("sign-in/kmsi", SET).shows("ESTSAUTH")],
        ),
        not_recorded("session-cookie.set-earlier", "the page has a token from before", token_in_use(), "came from before the capture"),
        not_seen(
            "session-cookie.set-earlier",
            "nothing comes before the request",
            capture().silent_frame(|r| r),
            [at("silent/authorize", "request.url")],
        ),
        not_seen(
            "session-cookie.set-earlier",
            "replies set others only",
            capture().sign_in(|s| s.abandoned()).silent_frame(|r| r),
            [at("sign-in/authorize", SET)],
        ),
        not_seen(
            "session-cookie.set-earlier",
            "a sign-out deleted what a sign-in had set",
            capture().sign_in(|s| s.not_asked_to_stay()).sign_out().silent_frame(|r| r),
            [
                at("sign-in/authorize", SET),
                at("sign-in/lookup", SET),
                at("sign-in/login", SET),
                at("sign-in/token", SET),
                at("sign-out/logout", SET),
            ],
        ),
        not_recorded(
            "session-cookie.set-earlier",
            "the export has no cookies",
            capture().sanitized().sign_in(|s| s).silent_frame(|r| r),
            "the exporter removed the",
        ),
        seen(
            "session-cookie.sent-by-page",
            "the page's own request carries one before",
            capture().sign_in(|s| s).silent_frame(|r| r.without_cookies()),
            [at("sign-in/kmsi", SENT).shows("ESTSAUTH")],
        ),
        seen(
            "session-cookie.sent-by-page",
            "the page's own request carries one afterwards",
            capture()
                .cookies_from_before(["ESTSAUTHPERSISTENT"])
                .silent_frame(|r| r.without_cookies())
                .sign_in(|s| s.named("fallback").without_credentials()),
            [at("fallback/authorize", SENT).shows("ESTSAUTHPERSISTENT")],
        ),
        not_seen(
            "session-cookie.sent-by-page",
            "the page's own request carries others only",
            capture().cookies_from_before(["fpc"]).sign_in(|s| s.abandoned()).silent_frame(|r| r),
            [at("sign-in/authorize", SENT)],
        ),
        not_recorded(
            "session-cookie.sent-by-page",
            "the page itself asked nothing of this host",
            capture().silent_frame(|r| r),
            "no request that the page itself made",
        ),
        not_recorded(
            "session-cookie.sent-by-page",
            "nothing tells which window made the other requests",
            capture().without_sec_fetch().cookies_from_before(["fpc"]).sign_in(|s| s.abandoned()).silent_frame(|r| r),
            "nothing tells which of the other requests",
        ),
        not_recorded(
            "session-cookie.sent-by-page",
            "the export has no cookies",
            capture().sanitized().sign_in(|s| s).silent_frame(|r| r),
            "the exporter removed the",
        ),
        seen(
            "session-cookie.same-store",
            "the developer tools record one window",
            capture().sign_in(|s| s).silent_frame(|r| r.without_cookies()),
            [at("silent/authorize", "request.url")],
        ),
        seen(
            "session-cookie.same-store",
            "a proxy recorded it, and the request sends another cookie of the window that signed in",
            proxied(["buid"])
                .sign_in(|s| s)
                .silent_frame(|r| r)
                .edit("silent/authorize", |entry| entry.header("cookie", "buid=buid-from-before")),
            [at("silent/authorize", SENT).shows("buid")],
        ),
        not_seen(
            "session-cookie.same-store",
            "the cookie that was set before comes back later",
            capture().sign_in(|s| s).silent_frame(|r| r.without_cookies()).silent_frame(|r| r.named("later").succeeds()),
            [at("later/authorize", SENT)],
        ),
        not_recorded(
            "session-cookie.same-store",
            "a proxy recorded it, and the request sends no cookie",
            proxied(["buid"]).sign_in(|s| s).silent_frame(|r| r.without_cookies()),
            "private windows",
        ),
        not_recorded(
            "session-cookie.same-store",
            "what cleaned the capture wrote the same in the place of all cookies",
            proxied(["buid"])
                .sign_in(|s| s)
                .silent_frame(|r| r.cookies(["buid"]))
                .edit("sign-in/kmsi", |entry| entry.header("cookie", "buid=removed; fpc=removed"))
                .edit("silent/authorize", |entry| entry.header("cookie", "buid=removed; fpc=removed")),
            "private windows",
        ),
    ]
}
