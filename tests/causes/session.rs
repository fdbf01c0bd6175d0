//! Causes that lie in the session between a browser and the sign-in service.

use super::row::{Row, certain, in_frame, less_sure, likely, lost, neighbour, sibling};
use crate::support::{
    ADA, Authorize, BOB, CLAIMS, CONTOSO, CaptureBuilder, FABRIKAM, GRACE, OTHER_SESSION, SESSION, capture, get, user_agents, words,
};

/// Nobody's session, in a frame that may use cookies.
fn no_cookies(request: Authorize) -> Authorize {
    request.fails(50058, words::NO_COOKIES)
}

/// One particular session is asked, and is not there.
fn session_gone(request: Authorize) -> Authorize {
    request.sid(SESSION).fails(160021, words::SESSION_GONE)
}

fn signed_in() -> CaptureBuilder {
    capture().sign_in(|s| s)
}

fn blocking() -> CaptureBuilder {
    capture().blocking_third_party_cookies()
}

/// Recorded by what sees private windows, other profiles and programs with a browser inside as one browser.
fn behind_a_proxy() -> CaptureBuilder {
    capture().written_by("mitmproxy", "12.1.2")
}

fn signing_out() -> CaptureBuilder {
    let page = "<!DOCTYPE html>\n<html><head><script>//<![CDATA[\n$Config={\"pgid\":\"ConvergedError\",\"iErrorCode\":16002,\
                \"strServiceExceptionMessage\":\"AADSTS16002: That session is not here.\"};\n//]]></script></head></html>";
    capture().exchange("logout", get("https://login.microsoftonline.com/common/oauth2/v2.0/logout?sid=a").html(page))
}

/// Two sessions stand in the service's own list of them.
fn two_listed() -> CaptureBuilder {
    let list = format!("ESTSAUTHPERSISTENT=a; ESTSAUTHLIGHT=+{SESSION}+{OTHER_SESSION}");
    let refused = capture().silent_frame(|r| r.fails(160021, words::SESSION_GONE));
    refused.edit("silent/authorize", |entry| entry.header("cookie", list))
}

pub(crate) fn rows() -> Vec<Row> {
    let untold = |r: Authorize| no_cookies(r.without_header("sec-fetch-storage-access"));
    let expired = || capture().cookies_from_before(["ESTSAUTHPERSISTENT"]);
    let replaced = || signed_in().silent_frame(|r| session_gone(r.cached_account(ADA))).sign_in(|s| s.named("fallback").session(OTHER_SESSION));
    let stepped_up = || {
        let asked = signed_in().silent_frame(|r| session_gone(r).asking_for_claims());
        asked.sign_in(|s| s.named("fallback").session(SESSION).request(|r| r.param("claims", CLAIMS)))
    };
    let two_signed_in = || capture().sign_in(|s| s.account(ADA)).sign_in(|s| s.account(BOB).session(OTHER_SESSION));
    let none_singled_out = || two_signed_in().silent_frame(|r| r.fails(160021, words::SESSION_GONE));
    let personal = |capture: CaptureBuilder| capture.silent_frame(|r| session_gone(r.cached_account(GRACE)));
    let of_elsewhere = |capture: CaptureBuilder| capture.silent_frame(|r| session_gone(r.tenant(FABRIKAM).cached_account(ADA)));
    vec![
        certain(
            "third-party-cookies-blocked",
            "the browser says so, and a session exists",
            blocking().sign_in(|s| s).silent_frame(no_cookies),
        ),
        certain(
            "third-party-cookies-blocked",
            "the service asks for the session by its id, and the browser withholds it",
            blocking().sign_in(|s| s).silent_frame(session_gone).sign_in(|s| s.named("fallback").without_credentials()),
        ),
        sibling(
            "third-party-cookies-blocked",
            "session-cookies-lost",
            "the browser lets the frame use cookies",
            signed_in().silent_frame(|r| no_cookies(r.without_cookies())),
        ),
        lost(
            "third-party-cookies-blocked",
            "neither cookies nor the browser's word on them nor the sign-in are recorded",
            capture().sanitized().silent_frame(untold),
        ),
        likely("no-session", "the frame may use cookies, and none arrived", capture().silent_frame(no_cookies)),
        sibling("no-session", "signed-out", "the person signed out before", signed_in().sign_out().silent_frame(no_cookies)),
        lost("no-session", "the browser does not say whether the frame may use cookies", capture().sanitized().silent_frame(untold)),
        certain("signed-out", "the sign-out is in the capture", signed_in().sign_out().silent_frame(no_cookies)),
        certain(
            "signed-out",
            "a proxy recorded it, and the request has cookies of the window in which somebody signed out",
            behind_a_proxy().cookies_from_before(["buid"]).sign_in(|s| s).sign_out().silent_frame(no_cookies),
        ),
        likely(
            "signed-out",
            "a proxy recorded it, and another window may have made the request",
            behind_a_proxy().sign_in(|s| s).sign_out().silent_frame(|r| no_cookies(r.without_cookies())),
        ),
        likely(
            "signed-out",
            "the sign-out left its marks before the capture",
            capture().cookies_from_before(["ESTSSSOTILES", "AADSSOTILES"]).silent_frame(|r| r.fails(50058, words::NOBODY)),
        ),
        sibling("signed-out", "no-session", "nobody ever signed in", capture().silent_frame(no_cookies)),
        lost(
            "signed-out",
            "the sign-out is not in the capture, and its marks are removed with the cookies",
            capture().sanitized().cookies_from_before(["ESTSSSOTILES", "AADSSOTILES"]).silent_frame(|r| r.fails(50058, words::NOBODY)),
        ),
        certain(
            "session-expired",
            "a session cookie arrived, and nobody is signed in by it",
            expired().silent_frame(|r| r.fails(50058, words::NOBODY)),
        ),
        certain(
            "session-expired",
            "a session cookie arrived that had been opened in the same tenant just before",
            signed_in().silent_frame(|r| r.fails(50058, words::NOBODY)),
        ),
        sibling("session-expired", "no-session", "no session cookie arrived", capture().silent_frame(no_cookies)),
        lost("session-expired", "the session has just been opened, in another tenant", signed_in().silent_frame(|r| r.tenant(FABRIKAM).fails(50058, words::NOBODY))),
        lost(
            "session-expired",
            "a hint was sent, and the service's sentence is in another language",
            expired().silent_frame(|r| r.param("login_hint", "countess@contoso.example").fails(50058, "Niemand passt zum Hinweis.")),
        ),
        lost("session-expired", "the cookies are removed", expired().sanitized().silent_frame(|r| r.fails(50058, words::NOBODY))),
        certain(
            "login-hint-mismatch",
            "the service says that the hint fits nobody",
            signed_in().silent_frame(|r| r.login_hint(BOB).fails(50058, words::HINT_MATCHES_NOBODY)),
        ),
        sibling(
            "login-hint-mismatch",
            "session-cookies-lost",
            "the session of the very account that is named did not arrive",
            signed_in().silent_frame(|r| no_cookies(r.login_hint(ADA).without_cookies())),
        ),
        lost(
            "login-hint-mismatch",
            "the error's text is cut short, and the sign-in before is not in the capture",
            capture().silent_frame(|r| r.login_hint(BOB).fails(50058, words::NOBODY).cut_short()),
        ),
        certain(
            "session-cookies-lost",
            "the service had set one, and the page itself did not send it",
            signed_in().silent_page(|r| no_cookies(r.without_cookies())),
        ),
        sibling(
            "session-cookies-lost",
            "third-party-cookies-blocked",
            "the browser withholds them from the frame",
            blocking().sign_in(|s| s).silent_frame(no_cookies),
        ),
        certain(
            "session-cookies-lost",
            "a proxy recorded it, and the other cookies of the window that signed in were sent",
            behind_a_proxy()
                .cookies_from_before(["buid"])
                .sign_in(|s| s)
                .silent_page(no_cookies)
                .edit("silent/authorize", |entry| entry.header("cookie", "buid=buid-from-before")),
        ),
        likely(
            "session-cookies-lost",
            "a proxy recorded it, and another window may have made the request",
            behind_a_proxy().sign_in(|s| s).silent_page(|r| no_cookies(r.without_cookies())),
        ),
        lost(
            "session-cookies-lost",
            "neither cookies nor the browser's word on them are recorded",
            signed_in().sanitized().silent_frame(|r| r.without_header("sec-fetch-storage-access").fails(50058, words::NOBODY).cut_short()),
        ),
        certain("requested-session-missing", "the next sign-in opens another one", replaced()),
        likely("requested-session-missing", "the frame may use cookies", capture().silent_frame(session_gone)),
        sibling(
            "requested-session-missing",
            "fresh-interaction-required",
            "the next sign-in goes on with the same one",
            stepped_up(),
        ),
        lost(
            "requested-session-missing",
            "neither cookies nor the browser's word on them are recorded",
            capture().sanitized().silent_frame(|r| session_gone(r.without_header("sec-fetch-storage-access"))),
        ),
        certain("fresh-interaction-required", "more proof is given in the same session", stepped_up()),
        sibling("fresh-interaction-required", "requested-session-missing", "the next sign-in opens another one", replaced()),
        lost(
            "fresh-interaction-required",
            "the sign-in that followed is not in the capture",
            capture().sanitized().silent_frame(|r| session_gone(r.without_header("sec-fetch-storage-access"))),
        ),
        certain("conflicting-sessions", "two are signed in, and the request names neither", none_singled_out()),
        sibling(
            "conflicting-sessions",
            "requested-session-missing",
            "two are signed in, and the request names a session that is gone",
            two_signed_in().silent_frame(|r| r.sid("5e555e55-0000-4000-8000-000000000009").fails(160021, words::SESSION_GONE)),
        ),
        likely("conflicting-sessions", "a cookie lists two sessions, and the request names neither", two_listed()),
        lost("conflicting-sessions", "the cookie that lists them is removed", two_listed().sanitized()),
        lost(
            "conflicting-sessions",
            "the sign-ins are not in the capture",
            capture().silent_frame(|r| r.fails(160021, words::SESSION_GONE)),
        ),
        likely("account-not-in-tenant", "the account's home is another tenant", of_elsewhere(signed_in())),
        sibling("account-not-in-tenant", "personal-account-in-work-tenant", "the account is a personal one", personal(capture())),
        lost(
            "account-not-in-tenant",
            "nothing tells where the account is at home",
            capture().sanitized().silent_frame(|r| session_gone(r.without_header("sec-fetch-storage-access").login_hint(ADA))),
        ),
        certain(
            "personal-account-in-work-tenant",
            "a personal account that signed in at home is asked for at a work tenant",
            personal(capture().sign_in(|s| s.account(GRACE).tenant("consumers"))),
        ),
        certain(
            "personal-account-in-work-tenant",
            "only the session's id tells that the account is a personal one",
            capture().sign_in(|s| s.account(GRACE).tenant("consumers")).silent_frame(session_gone),
        ),
        likely("personal-account-in-work-tenant", "a personal account is asked for at a work tenant", personal(capture())),
        sibling("personal-account-in-work-tenant", "account-not-in-tenant", "the account is another tenant's", of_elsewhere(signed_in())),
        lost(
            "personal-account-in-work-tenant",
            "nothing tells where the account is at home",
            capture().sanitized().silent_frame(|r| session_gone(r.without_header("sec-fetch-storage-access"))),
        ),
        likely("external-refresh-token-missing", "the service says AADSTS50139", in_frame(50139, words::EXTERNAL_TOKEN_MISSING)),
        neighbour(
            "external-refresh-token-missing",
            "personal-account-in-work-tenant",
            "the service finds no session of a personal account",
            personal(capture()),
        ),
        likely(
            "requested-session-missing",
            "a sign-in of the same kind is refused on AADSTS16002",
            capture().silent_frame(|r| r.sid(SESSION).fails(16002, "That session is not here.")),
        ),
        likely(
            "third-party-cookies-blocked",
            "the browser is Safari, and its page sent a session that the frame did not",
            blocking()
                .user_agent(user_agents::SAFARI)
                .cookies_from_before(["ESTSAUTH"])
                .sign_in(|s| s.abandoned())
                .silent_frame(|r| untold(r.without_cookies())),
        ),
        less_sure(
            "external-refresh-token-missing",
            "everything but the code is lost",
            capture().sanitized().without_sec_fetch().silent_frame(|r| r.tenant(CONTOSO).fails(50139, "No token.").cut_short()),
        ),
        likely("session-already-over", "a sign-out names a session that is gone", signing_out()),
        sibling(
            "session-already-over",
            "requested-session-missing",
            "a silent request names it",
            capture().silent_frame(|r| r.sid(OTHER_SESSION).fails(16002, "That session is not here.")),
        ),
    ]
}
