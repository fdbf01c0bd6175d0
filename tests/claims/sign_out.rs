//! Whether somebody signed out before.

use super::case::{Case, at, not_recorded, not_seen, only_the_callback, seen};
use crate::support::wire::{navigate, served};
use crate::support::{ADA, BOB, CaptureBuilder, Entry, Person, capture, get};

const SENT: &str = "request.header.cookie";

const OVER: &str = "<!DOCTYPE html>\n<html><head><script>//<![CDATA[\n$Config={\"pgid\":\"ConvergedError\",\"iErrorCode\":16002,\
                    \"strServiceExceptionMessage\":\"AADSTS16002: That session is not here.\"};\n//]]></script></head></html>";

/// Somebody signs out who is named.
fn signed_out_by_hint(person: Person) -> CaptureBuilder {
    let url = "https://login.microsoftonline.com/common/oauth2/v2.0/logout";
    capture().exchange("logout", served(navigate(url, &[("logout_hint", person.name)])))
}

/// Recorded by a proxy, which sees private windows and other profiles too.
fn proxied() -> CaptureBuilder {
    capture().written_by("mitmproxy", "12.1.2").cookies_from_before(["buid"])
}

/// Bob signs in with other cookies than Ada, who then signs out.
fn other_window() -> CaptureBuilder {
    let sets_others = |entry: Entry| entry.without_reply_header("set-cookie").reply_header("set-cookie", "ESTSAUTH=1.of-bob; path=/; secure");
    let both = proxied().sign_in(|s| s.account(ADA)).sign_in(|s| s.named("bob").account(BOB));
    let both = both.edit("bob/login", sets_others).edit("bob/kmsi", sets_others);
    both.sign_out().silent_frame(|r| r.login_hint(BOB).without_cookies())
}

pub(crate) fn cases() -> Vec<Case> {
    vec![
        seen(
            "sign-out.seen",
            "somebody signed out after signing in",
            capture().sign_in(|s| s).sign_out().silent_frame(|r| r),
            [at("sign-out/logout", "request.url")],
        ),
        seen(
            "sign-out.seen",
            "the capture begins with a sign-out",
            capture().sign_out().silent_frame(|r| r),
            [at("sign-out/logout", "request.url")],
        ),
        not_seen(
            "sign-out.seen",
            "nobody signed out",
            capture().sign_in(|s| s.not_asked_to_stay()).silent_frame(|r| r),
            [
                at("sign-in/authorize", "request.url"),
                at("sign-in/lookup", "request.url"),
                at("sign-in/login", "request.url"),
                at("sign-in/token", "request.url"),
                at("silent/authorize", "request.url"),
            ],
        ),
        not_seen(
            "sign-out.seen",
            "somebody signed in again after it",
            capture()
                .sign_in(|s| s.account(ADA).abandoned())
                .sign_out()
                .sign_in(|s| s.account(BOB).not_asked_to_stay())
                .silent_frame(|r| r),
            [
                at("sign-in/authorize", "request.url"),
                at("sign-out/logout", "request.url"),
                at("sign-in 2/authorize", "request.url"),
                at("sign-in 2/lookup", "request.url"),
                at("sign-in 2/login", "request.url"),
                at("sign-in 2/token", "request.url"),
                at("silent/authorize", "request.url"),
            ],
        ),
        not_seen(
            "sign-out.seen",
            "somebody else signed out",
            signed_out_by_hint(BOB).silent_frame(|r| r.login_hint(ADA)),
            [at("logout", "request.url"), at("silent/authorize", "request.url")],
        ),
        seen(
            "sign-out.seen",
            "the account that is asked for signed out",
            signed_out_by_hint(BOB).silent_frame(|r| r.login_hint(BOB)),
            [at("logout", "request.url")],
        ),
        not_recorded(
            "sign-out.seen",
            "the sign-out got no answer",
            capture().sign_out().edit("sign-out/logout", |entry| entry.no_response("net::ERR_ABORTED")).silent_frame(|r| r),
            "whether the service got",
        ),
        not_recorded("sign-out.seen", "no authorization request is in the capture", only_the_callback(), "not in the capture"),
        seen(
            "sign-out.cookie-sent",
            "the request carries the mark of one before the capture",
            capture().cookies_from_before(["fpc", "ESTSSSOTILES"]).silent_frame(|r| r),
            [at("silent/authorize", SENT).shows("ESTSSSOTILES")],
        ),
        not_seen(
            "sign-out.cookie-sent",
            "the request carries other cookies",
            capture().cookies_from_before(["fpc"]).silent_frame(|r| r),
            [at("silent/authorize", SENT)],
        ),
        not_recorded(
            "sign-out.cookie-sent",
            "the export has no cookies",
            capture().sanitized().silent_frame(|r| r),
            "the exporter removed the",
        ),
        seen(
            "sign-out.cookie-since",
            "somebody signed out in another tab, which is not recorded",
            capture().sign_in(|s| s).sign_out().silent_page(|r| r).without("sign-out/logout"),
            [at("silent/authorize", SENT).shows("ESTSSSOTILES")],
        ),
        not_seen(
            "sign-out.cookie-since",
            "somebody signed in again since",
            capture().sign_in(|s| s).sign_out().sign_in(|s| s.not_asked_to_stay()).silent_page(|r| r),
            [at("sign-in 2/login", SENT)],
        ),
        not_seen("sign-out.cookie-since", "nobody signed out", capture().sign_in(|s| s).silent_page(|r| r), [at("silent/authorize", SENT)]),
        not_recorded(
            "sign-out.cookie-since",
            "the session is from before the capture, if there was one",
            capture().cookies_from_before(["fpc", "ESTSSSOTILES"]).silent_page(|r| r),
            "no reply of the capture opened a session",
        ),
        seen(
            "sign-out.is-request",
            "it names a session that is over",
            capture().exchange("logout", get("https://login.microsoftonline.com/common/oauth2/v2.0/logout?sid=a").html(OVER)),
            [at("logout", "request.url")],
        ),
        not_seen("sign-out.is-request", "it is a sign-in", capture().silent_frame(|r| r), [at("silent/authorize", "request.url")]),
        seen(
            "sign-out.same-store",
            "the developer tools record one window",
            capture().sign_in(|s| s).sign_out().silent_frame(|r| r.without_cookies()),
            [at("silent/authorize", "request.url")],
        ),
        seen(
            "sign-out.same-store",
            "a proxy recorded it, and the request sends a cookie of the window in which somebody signed out",
            proxied().sign_in(|s| s).sign_out().silent_frame(|r| r),
            [at("silent/authorize", SENT).shows("buid")],
        ),
        not_seen("sign-out.same-store", "another session was signed out than the one opened last", other_window(), [at("sign-out/logout", SENT)]),
        not_recorded("sign-out.seen", "another session was signed out than the one opened last", other_window(), "where other cookies are kept"),
        not_recorded(
            "sign-out.same-store",
            "a proxy recorded it, and the request sends no cookie",
            proxied().sign_in(|s| s).sign_out().silent_frame(|r| r.without_cookies()),
            "private windows",
        ),
    ]
}
