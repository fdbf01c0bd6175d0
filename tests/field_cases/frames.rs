//! Frames and popups that never answer. Rows 36 to 50.

use super::case::{Case, case};
use crate::support::{ADA, Authorize, CaptureBuilder, Entry, Window, capture, get, user_agents, words};
use entrace::diagnosis::Confidence::{Certain, Likely};

const REFUSED: &str = "net::ERR_CONNECTION_REFUSED";
const ABORTED: &str = "net::ERR_ABORTED";
const SSO_RELOAD: &str =
    "<!DOCTYPE html>\n<html><head><title>Redirecting</title><script>//<![CDATA[\n$Config={\"pgid\":\"BssoInterrupt\",\"sErrorCode\":\"50058\"};\n//]]></script></head></html>";

/// A hidden frame whose redirect leads to this address, where this befalls it.
fn code_sent_to(address: &'static str, befalls: impl Fn(Entry) -> Entry + 'static) -> CaptureBuilder {
    let silent = capture().sign_in(|s| s).silent_frame(|r| r.redirect_uri(address).succeeds().without_token());
    silent.edit("silent/callback", befalls)
}

/// The page goes on, as it does when the library's patience is over.
fn gives_up(capture: CaptureBuilder) -> CaptureBuilder {
    capture.wait(1).app_page()
}

fn script(number: usize) -> (String, Entry) {
    let entry = get(format!("https://app.example/static/chunk-{number}.js")).in_window(Window::Script, "same-origin").kind("script");
    (format!("chunk {number}"), entry.header("referer", "https://app.example/blank.html"))
}

fn with_scripts(capture: CaptureBuilder, number: usize) -> CaptureBuilder {
    (0..number).map(script).fold(capture, |capture, (name, entry)| capture.exchange(&name, entry))
}

/// Implicit grant: the token itself comes back in the fragment.
fn token_in_fragment(befalls: impl Fn(Entry) -> Entry + 'static) -> CaptureBuilder {
    let target = "https://app.example/frame.html";
    let silent = capture().sign_in(|s| s).silent_frame(move |r| {
        r.redirect_uri(target).param("response_type", "token").without_param("code_challenge").succeeds().without_token()
    });
    silent
        .edit("silent/authorize", move |entry| entry.redirect(format!("{target}#access_token=e30.e30.e30&token_type=Bearer&expires_in=3599&state=s")))
        .edit("silent/callback", befalls)
}

fn framed_page(request: Authorize) -> Authorize {
    request.gets_sign_in_page()
}

pub(crate) fn cases() -> Vec<Case> {
    let in_teams = |r: Authorize| r.header("referer", "https://teams.microsoft.com/");
    let popup = capture().sign_in(|s| s).redirect(|r| r.in_popup().by_form_post().succeeds().without_token());
    vec![
        case(
            36,
            "the redirect page of a public site is at a private address, and the browser does not go there",
            gives_up(code_sent_to("http://10.20.30.40/auth", |entry| entry.no_response("net::ERR_BLOCKED_BY_PRIVATE_NETWORK_ACCESS_CHECKS"))),
        )
        .finds("code-not-used", "redirect-page-not-reached", Certain)
        .says("callback.private-address")
        .advises("under a public name"),
        case(36, "the same, and the recorder names no reason", gives_up(code_sent_to("http://10.20.30.40/auth", |entry| entry.no_response(""))))
            .finds("code-not-used", "redirect-page-not-reached", Likely)
            .says("callback.private-address"),
        case(36, "the same, and no request is recorded at all", gives_up(code_sent_to("http://10.20.30.40/auth", |entry| entry)).without("silent/callback"))
            .finds("code-not-used", "redirect-page-not-reached", Likely)
            .says("callback.private-address"),
        case(36, "the redirect page at the private address loads, and drops the code", code_sent_to("http://10.20.30.40/auth", |entry| entry).wait(1).silent_frame(|r| r.gets_no_answer(ABORTED)))
            .finds("code-not-used", "redirect-response-unhandled", Likely)
            .despite("redirect-page-not-reached"),
        case(
            37,
            "the browser's check of local networks says no",
            gives_up(code_sent_to("https://intranet.example/auth", |entry| entry.no_response("net::ERR_BLOCKED_BY_LOCAL_NETWORK_ACCESS_CHECKS"))),
        )
        .finds("code-not-used", "redirect-page-not-reached", Certain)
        .advises("Allow access to the local network"),
        case(38, "an application on a phone, which serves nothing at its redirect URI", gives_up(code_sent_to("http://localhost/auth", |entry| entry.no_response(REFUSED))))
            .finds("code-not-used", "redirect-page-not-reached", Certain)
            .says("callback.nobody-answers")
            .advises("Let something answer"),
        case(
            39,
            "the redirect page loads a router, which goes elsewhere",
            with_scripts(code_sent_to("https://app.example/auth", |entry| entry), 1).wait(1).exchange(
                "elsewhere",
                get("https://app.example/home").in_window(Window::Frame, "same-origin").html("<html></html>").header("referer", "https://app.example/auth"),
            ),
        )
        .finds("code-not-used", "redirect-response-unhandled", Likely)
        .advises("before any router"),
        case(40, "the frame loads the whole application", with_scripts(code_sent_to("https://app.example/", |entry| entry), 30).wait(1).silent_frame(|r| r.gets_no_answer(ABORTED)))
            .finds("code-not-used", "redirect-response-unhandled", Likely)
            .advises("blank redirect page"),
        case(
            41,
            "six silent calls at once",
            (0..6).fold(capture().sign_in(|s| s).wait(600), |capture, _| capture.silent_frame(|r| r.gets_no_answer(ABORTED))),
        )
        .finds("no-answer", "iframe-no-response", Likely)
        .advises("many silent calls at once"),
        case(42, "the sign-in host's name leads to the computer itself", capture().silent_frame(|r| r.gets_no_answer(REFUSED)))
            .finds("no-answer", "sign-in-host-unreachable", Certain)
            .advises("hosts file"),
        case(43, "no answer is recorded", capture().silent_frame(|r| r.login_hint(ADA).gets_no_answer("")).app_page())
            .unresolved("no-answer")
            .lists("iframe-no-response")
            .settled_by(&["NetLog"]),
        case(44, "the redirect page forbids to be framed", code_sent_to("https://app.example/frame.html", |entry| entry.reply_header("x-frame-options", "DENY")))
            .finds("code-not-used", "redirect-response-unhandled", Certain)
            .says("callback.refuses-framing"),
        case(44, "the same, where the token itself comes back", gives_up(token_in_fragment(|entry| entry.reply_header("x-frame-options", "deny"))))
            .finds("code-not-used", "redirect-response-unhandled", Likely)
            .says("callback.refuses-framing"),
        case(45, "several accounts, and the service wants to ask which", capture().sign_in(|s| s).silent_frame(framed_page))
            .unresolved("AADSTS50058")
            .despite("session-expired")
            .settled_by(&["keep recording"]),
        case(45, "a policy of Azure AD B2C wants a second factor", capture().silent_frame(|r| framed_page(r.host("contoso.b2clogin.com").tenant("contoso.example/b2c_1_mfa"))))
            .unresolved("AADSTS50058")
            .despite("third-party-cookies-blocked")
            .settled_by(&["Keep recording"]),
        case(
            45,
            "the frame's page is none of the sign-in's own",
            capture().sign_in(|s| s).silent_frame(|r| r.gets_status(200)).edit("silent/authorize", |entry| entry.reply_header("x-frame-options", "DENY")),
        )
        .finds("page-in-frame", "iframe-refused-to-load", Certain)
        .says("transport.framing-refused"),
        case(
            45,
            "what the frame hides is an error page",
            capture()
                .silent_frame(|r| r.fails_on_a_page(50011, "The redirect URI 'https://app.example/blank.html' specified in the request does not match."))
                .edit("silent/authorize", |entry| entry.reply_header("x-frame-options", "DENY")),
        )
        .finds("AADSTS50011", "redirect-uri-mismatch", Certain),
        case(
            46,
            "the service lets the device try once more, inside the frame",
            capture().sign_in(|s| s).silent_frame(|r| r.param("sso_reload", "true").gets_status(200)).edit("silent/authorize", |entry| {
                entry.html(SSO_RELOAD).reply_header("x-frame-options", "DENY")
            }),
        )
        .unresolved("AADSTS50058")
        .despite("session-expired")
        .settled_by(&["keep recording"]),
        case(
            47,
            "in Teams, and consent is missing",
            capture().sign_in(|s| s).silent_frame(move |r| in_teams(r).fails(65001, "The user or administrator has not consented to use the application.")),
        )
        .finds("AADSTS65001", "consent-missing", Likely)
        .advises("ask interactively"),
        case(47, "in Teams, and a policy blocks", capture().sign_in(|s| s).silent_frame(move |r| in_teams(r).fails(53003, "Access has been blocked by Conditional Access policies.")))
            .finds("AADSTS53003", "blocked-by-conditional-access", Likely),
        case(
            47,
            "in Teams, and no session is there",
            capture().user_agent(user_agents::CHROME).silent_frame(move |r| in_teams(r).without_header("sec-fetch-storage-access").fails(50058, words::NO_COOKIES)),
        )
        .unresolved("AADSTS50058")
        .settled_by(&["storage-access.blocked", "session-cookie.set-earlier"]),
        case(
            48,
            "the redirect page starts a silent call of its own inside the frame",
            code_sent_to("https://app.example/", |entry| entry).wait(1).silent_frame(|r| r.header("referer", "https://app.example/").gets_no_answer(ABORTED)),
        )
        .finds("code-not-used", "redirect-response-unhandled", Likely)
        .advises("blank redirect page"),
        case(
            49,
            "the address is without its fragment when the library looks",
            code_sent_to("https://app.example/auth", |entry| entry).keeping_fragments().written_by("Firefox", "153.0").wait(1).exchange(
                "without fragment",
                get("https://app.example/auth/").in_window(Window::Frame, "same-origin").html("<html></html>"),
            ),
        )
        .finds("code-not-used", "redirect-response-unhandled", Likely)
        .advises("change the address"),
        case(50, "the redirect page isolates itself from the page that opened the popup", popup.edit("redirect/callback", |entry| entry.reply_header("cross-origin-opener-policy", "same-origin")).wait(1).app_page())
            .finds("code-not-used", "popup-cut-off", Certain)
            .says("callback.cuts-opener"),
    ]
}
