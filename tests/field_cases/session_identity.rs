//! The session that is asked for is not there, or it is not clear whose is meant: AADSTS160021, 16000, 16002, 165000.
//! Rows 20 to 30.

use super::case::{Case, case};
use crate::support::{ADA, Authorize, BOB, CaptureBuilder, GRACE, OTHER_SESSION, SESSION, Window, capture, get, post, words};
use entrace::analysis::Verdict;
use entrace::diagnosis::Confidence::{Certain, Likely};

const ERROR_PAGE: &str = "<!DOCTYPE html>\n<html><head><script>//<![CDATA[\n$Config={\"pgid\":\"ConvergedError\",\"iErrorCode\":16002,\
                          \"strServiceExceptionMessage\":\"AADSTS16002: Application requested to sign out of a user session which does not exist.\"};\n//]]></script></head></html>";

const LOST_CONTEXT: &str = "<!DOCTYPE html>\n<html><head><script>//<![CDATA[\n$Config={\"pgid\":\"ConvergedError\",\"iErrorCode\":165000,\
                            \"strServiceExceptionMessage\":\"AADSTS165000: Invalid Request: The request did not include the required tokens for the user context. \
                            One or more of the user context values (cookies; form fields; headers) were incorrect or invalid, these values should not be copied between \
                            requests or user sessions. Failure Reasons:[Token was not provided;]\"};\n//]]></script></head></html>";

/// One particular session is asked, in a browser from before Sec-Fetch-Storage-Access.
fn session_gone(request: Authorize) -> Authorize {
    request.sid(SESSION).without_header("sec-fetch-storage-access").fails(160021, words::SESSION_GONE)
}

fn signing_out() -> CaptureBuilder {
    let address = format!("https://login.microsoftonline.com/common/oauth2/v2.0/logout?sid={SESSION}&post_logout_redirect_uri=https%3A%2F%2Fapp.example%2F");
    let entry = get(address).in_window(Window::Page, "cross-site").html(ERROR_PAGE).reply_header("x-ms-ests-server", "2.1.1.1 - TEST ProdSlices");
    capture().sign_in(|s| s).exchange("logout", entry)
}

fn lost_context() -> CaptureBuilder {
    let form = [("ctx", "ctx-1"), ("login", "ada@contoso.example")];
    let entry = post("https://login.microsoftonline.com/common/federation/redirecttoexternalprovider", &form);
    let entry = entry.in_window(Window::Page, "same-origin").html(LOST_CONTEXT).reply_header("x-ms-ests-server", "2.1.1.1 - TEST ProdSlices");
    capture().sign_in(|s| s.abandoned()).exchange("provider", entry)
}

pub(crate) fn cases() -> Vec<Case> {
    let days_later = || capture().app_page().silent_frame(|r| session_gone(r).cached_account(ADA));
    let hop = get("https://login.live.com/oauth20_authorize.srf?response_type=code&state=ctx").in_window(Window::Page, "cross-site");
    let two_signed_in = || capture().sign_in(|s| s.account(ADA)).sign_in(|s| s.account(BOB).session(OTHER_SESSION));
    let stale = || capture().cookies_from_before(["ESTSAUTH", "ESTSAUTHPERSISTENT"]).silent_frame(|r| r.sid(SESSION).fails(160021, words::SESSION_GONE));
    vec![
        case(20, "an application is opened again the next day and asks for yesterday's session", days_later())
            .unresolved("AADSTS160021")
            .lists("requested-session-missing")
            .settled_by(&["storage-access.blocked", "session-cookie.sent", "session-id.replaced", "fallback.same-session"]),
        case(
            21,
            "a portal, in which a personal account was at the sign-in host of personal accounts before",
            capture().exchange("live", hop.html("<html></html>")).silent_frame(session_gone),
        )
        .unresolved("AADSTS160021")
        .lists("personal-account-in-work-tenant")
        .lists("requested-session-missing")
        .settled_by(&["microsoft-account.is-account", "tenant.not-home", "storage-access.blocked", "session-cookie.sent"]),
        case(
            22,
            "a page that was open for days asks for its session, in the words of older years",
            capture().silent_frame(|r| session_gone(r).fails(16002, words::SESSION_GONE)),
        )
        .leads("AADSTS16002", "requested-session-missing")
        .candidate_advises("send the person to sign in"),
        case(23, "a sign-out from a session that is over, after a sign-in that works", signing_out())
            .unresolved("AADSTS16002")
            .handled()
            .verdict(Verdict::Handled),
        case(25, "clearing the cookies helps: the session that is sent is not the one that is asked", stale())
            .finds("AADSTS160021", "requested-session-missing", Likely)
            .says("session-cookie.sent"),
        case(25, "the same in a private window", capture().sign_in(|s| s)).does_not_tell("AADSTS160021").verdict(Verdict::Healthy),
        case(
            26,
            "two are signed in, and the frame names neither",
            two_signed_in().silent_frame(|r| r.fails(16000, "Either multiple user identities are available for the current request or selected account is not supported for the scenario.")),
        )
        .finds("AADSTS16000", "account-selection-required", Certain)
        .says("accounts.several")
        .advises("login_hint"),
        case(
            27,
            "Azure AD B2C passes on what its provider says",
            capture().silent_frame(|r| {
                let text = "AADB2C90273: An invalid response was received : 'Error: interaction_required, Error Description: AADSTS16000: Either multiple user \
                            identities are available for the current request or selected account is not supported for the scenario.'";
                r.host("contoso.b2clogin.com").tenant("contoso.example/b2c_1_signin").fails_without_code("server_error", text)
            }),
        )
        .unresolved("AADSTS16000")
        .also("AADB2C90273"),
        case(
            29,
            "an old wording",
            capture().silent_frame(|r| r.without_header("sec-fetch-storage-access").fails(16000, "Session is invalid due to expiration or recent password change.")),
        )
        .unresolved("AADSTS16000")
        .settled_by(&["accounts.several", "Record"]),
        case(30, "on the way to another provider the values of the sign-in are lost", lost_context())
            .finds("AADSTS165000", "sign-in-context-lost", Likely)
            .advises("third party's second factor"),
        case(
            30,
            "the same for a personal account",
            capture().sign_in(|s| s.account(GRACE).abandoned()).exchange(
                "provider",
                get("https://login.microsoftonline.com/common/federation/redirecttoexternalprovider").in_window(Window::Page, "none").html(LOST_CONTEXT),
            ),
        )
        .finds("AADSTS165000", "sign-in-context-lost", Likely),
    ]
}
