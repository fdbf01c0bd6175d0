//! A silent sign-in finds nobody signed in: AADSTS50058, and AADB2C90077, its twin. Rows 1 to 19.

use super::case::{Case, case};
use crate::support::{ADA, Authorize, BOB, CaptureBuilder, FABRIKAM, GRACE, OTHER_APP, SESSION, Window, capture, get, user_agents, words};
use entrace::analysis::Verdict;
use entrace::diagnosis::Confidence::{Certain, Likely};

const INTERNET_EXPLORER: &str = "Mozilla/5.0 (Windows NT 10.0; WOW64; Trident/7.0; rv:11.0) like Gecko";
const EDGE_LEGACY: &str =
    "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/70.0.3538.102 Safari/537.36 Edge/18.19582";
const IPHONE: &str = "Mozilla/5.0 (iPhone; CPU iPhone OS 17_4 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/17.4 \
                      Mobile/15E148 Safari/604.1";
const OLD_SAFARI: &str =
    "Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_1) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/13.0.4 Safari/605.1.15";

/// The service says that no session cookie arrived, and the request has none.
fn without_session(request: Authorize) -> Authorize {
    request.without_cookies().fails(50058, words::NO_COOKIES)
}

/// A browser from before Sec-Fetch-Storage-Access.
fn older(request: Authorize) -> Authorize {
    without_session(request.without_header("sec-fetch-storage-access"))
}

fn told_by_the_application() -> CaptureBuilder {
    let page = "<html><body><pre>{\"errorCode\":\"login_required\",\"errorMessage\":\"AADSTS50058: A silent sign-in request was sent \
                but no user is signed in. Trace ID: 77770000-0000-4000-8000-000000000099 Correlation ID: cccc0000-0000-4000-8000-000000000099 \
                Timestamp: 2026-11-20 14:00:00Z\",\"subError\":\"\",\"errorNo\":\"50058\",\"name\":\"InteractionRequiredAuthError\"}</pre></body></html>";
    let entry = get("https://app.example/signed-out").in_window(Window::Page, "same-origin").html(page);
    capture().user_agent(IPHONE).exchange("page", entry)
}

/// The silent call, then the person's sign-in, then the silent call …
fn silent_and_sign_in_by_turns(times: usize) -> CaptureBuilder {
    (0..times).fold(capture().blocking_third_party_cookies().sign_in(|s| s), |capture, _| {
        capture.silent_frame(without_session).sign_in(|s| s.without_credentials())
    })
}

fn b2c(request: Authorize) -> Authorize {
    request.host("contoso.b2clogin.com").tenant("contoso.example/b2c_1_signin")
}

fn b2c_without_session(request: Authorize) -> Authorize {
    let text = "AADB2C90077: User does not have an existing session and request prompt parameter has a value of 'None'. Correlation ID: \
                cccc0000-0000-4000-8000-000000000099 Timestamp: 2026-11-20 14:00:00Z";
    b2c(request).fails_without_code("login_required", text)
}

pub(crate) fn cases() -> Vec<Case> {
    let signed_in_before = || capture().cookies_from_before(["ESTSAUTHPERSISTENT", "fpc"]).sign_in(|s| s.without_credentials());
    let hinted = |hint: &'static str| move |r: Authorize| r.param("login_hint", hint).fails(50058, words::HINT_MATCHES_NOBODY);
    let mail_as_hint = |r: Authorize| {
        let request = r.host("login.windows.net").param("response_type", "id_token").cookies(["ESTSAUTH"]);
        request.param("login_hint", "ada.lovelace@mail.contoso.example").fails(50058, words::HINT_MATCHES_NOBODY)
    };
    let spfx = |r: Authorize| r.redirect_uri("https://contoso.example/_forms/spfxsinglesignon.aspx").without_param("x-client-SKU").opaque_state();
    let other_directory = "User account 'ada@contoso.example' from identity provider 'https://sts.windows.net/c0c0c0c0-0000-4000-8000-000000000001/' \
                           does not exist in tenant 'Fabrikam' and cannot access the application \
                           'a0a0a0a0-0000-4000-8000-000000000001'(Desk) in that tenant.";
    let desktop = |r: Authorize| {
        let library = r.param("x-client-SKU", "MSAL.Desktop").param("x-client-VER", "4.50.0").param("instance_aware", "true").opaque_state();
        without_session(library.redirect_uri("http://localhost:8400/"))
    };
    vec![
        case(1, "the frame has no cookie, the page sends a session that stays", signed_in_before().silent_frame(older))
            .finds("AADSTS50058", "third-party-cookies-blocked", Likely)
            .says("session-cookie.sent-by-page")
            .advises("by redirect or popup")
            .keeps_quiet_of("security zone"),
        case(2, "a page shows what the library says, and nothing else is recorded", told_by_the_application())
            .unresolved("AADSTS50058")
            .settled_by(&["reply.cookies-not-sent", "Record"])
            .despite("third-party-cookies-blocked"),
        case(
            3,
            "a page in a frame of another server, in Safari",
            capture().user_agent(user_agents::SAFARI).without_sec_fetch().silent_frame(|r| older(r).login_hint(ADA)),
        )
        .leads("AADSTS50058", "third-party-cookies-blocked")
        .says_of_candidate("browser.blocks-by-default")
        .settled_by(&["storage-access.blocked", "frame.inside-page"]),
        case(
            4,
            "a private window",
            capture().blocking_third_party_cookies().sign_in(|s| s).silent_frame(|r| r.fails(50058, words::NO_COOKIES)),
        )
        .finds("AADSTS50058", "third-party-cookies-blocked", Certain)
        .says("storage-access.blocked"),
        case(4, "the same in an ordinary window", capture().sign_in(|s| s).silent_frame(|r| r.succeeds()))
            .does_not_tell("AADSTS50058")
            .verdict(Verdict::Healthy),
        case(
            5,
            "Brave, which gives itself away by its brand alone",
            capture().silent_frame(|r| older(r).header("sec-ch-ua", "\"Chromium\";v=\"142\", \"Brave\";v=\"142\", \"Not_A Brand\";v=\"99\"")),
        )
        .leads("AADSTS50058", "third-party-cookies-blocked")
        .says_of_candidate("browser.blocks-by-default"),
        case(6, "an old Safari", capture().user_agent(OLD_SAFARI).without_sec_fetch().silent_frame(older))
            .leads("AADSTS50058", "third-party-cookies-blocked"),
        case(
            7,
            "Internet Explorer, with application and sign-in host in different security zones",
            capture().user_agent(INTERNET_EXPLORER).without_sec_fetch().cookies_from_before(["ESTSAUTH"]).sign_in(|s| s.without_credentials()).silent_frame(older),
        )
        .leads("AADSTS50058", "third-party-cookies-blocked")
        .says_of_candidate("browser.security-zones")
        .candidate_advises("security zone"),
        case(7, "the old Edge, and nothing tells whether somebody is signed in", capture().user_agent(EDGE_LEGACY).without_sec_fetch().silent_frame(older))
            .leads("AADSTS50058", "third-party-cookies-blocked")
            .says_of_candidate("browser.security-zones"),
        case(8, "the mail address as hint, which is not the user name", capture().silent_frame(mail_as_hint))
            .finds("AADSTS50058", "login-hint-mismatch", Certain)
            .says("reply.hint-matches-nobody")
            .despite("third-party-cookies-blocked"),
        case(
            9,
            "the error is in the fragment of the redirect alone, and cut short",
            capture().silent_frame(|r| spfx(r).fails(50058, "").cut_short()).without("silent/callback"),
        )
        .unresolved("AADSTS50058")
        .settled_by(&["reply.cookies-not-sent", "storage-access.blocked"]),
        case(
            10,
            "a guest's name as hint",
            capture().sign_in(|s| s.account(GRACE)).silent_frame(hinted("grace_outlook.example#EXT#@contoso.example")),
        )
        .finds("AADSTS50058", "login-hint-mismatch", Certain)
        .advises("guests"),
        case(
            11,
            "three times within seconds on an iPhone, and several accounts",
            (0..3).fold(capture().user_agent(IPHONE).without_sec_fetch(), |capture, _| capture.silent_frame(|r| older(r).login_hint(ADA))),
        )
        .unresolved("AADSTS50058")
        .times(3)
        .lists("third-party-cookies-blocked")
        .settled_by(&["storage-access.blocked", "frame.inside-page", "session-cookie.set-earlier"]),
        case(
            12,
            "a renewal in a frame that names person and domain",
            capture().sign_in(|s| s).silent_frame(|r| r.login_hint(BOB).param("domain_hint", "fabrikam.example").fails(50058, words::NOBODY)),
        )
        .unresolved("AADSTS50058")
        .lists("login-hint-mismatch"),
        case(13, "an alias as hint", capture().sign_in(|s| s).silent_frame(hinted("ada.l@contoso.example")))
            .finds("AADSTS50058", "login-hint-mismatch", Certain)
            .advises("Name the account that is signed in"),
        case(
            13,
            "an alias as hint, and the text is cut short",
            capture().sign_in(|s| s).silent_frame(|r| r.param("login_hint", "ada.l@contoso.example").fails(50058, "").cut_short()),
        )
        .finds("AADSTS50058", "login-hint-mismatch", Likely)
        .says("login-hint.names-another"),
        case(
            14,
            "person and session are named at once",
            capture().silent_frame(|r| r.sid(SESSION).login_hint(ADA).fails(90005, "SessionId and login hint cannot both be sent.").error("invalid_request")),
        )
        .finds("AADSTS90005", "sid-and-login-hint-together", Certain),
        case(
            15,
            "the authority is another organization's: first the page, then the silent call",
            capture()
                .redirect(|r| r.tenant(FABRIKAM).fails_on_a_page(50020, other_directory))
                .silent_frame(|r| without_session(r.tenant(FABRIKAM).cached_account(ADA))),
        )
        .finds("AADSTS50020", "account-not-in-tenant", Likely)
        .unresolved("AADSTS50058")
        .despite("third-party-cookies-blocked")
        .led_to_by("AADSTS50020"),
        case(
            15,
            "the same for two applications, which have nothing to do with each other",
            capture()
                .redirect(|r| r.app(OTHER_APP).tenant(FABRIKAM).fails_on_a_page(50020, other_directory))
                .silent_frame(|r| without_session(r.cached_account(ADA))),
        )
        .led_to_by_nothing("AADSTS50058"),
        case(
            16,
            "an add-in that signs in through its host",
            capture().silent_frame(|r| {
                older(r.param("brk_client_id", "b0b0b0b0-0000-4000-8000-000000000001").param("brk_redirect_uri", "https://outlook.example"))
                    .redirect_uri("brk-b0b0b0b0-0000-4000-8000-000000000001://app.example")
            }),
        )
        .unresolved("AADSTS50058")
        .settled_by(&["storage-access.blocked", "session-cookie.set-earlier"]),
        case(
            17,
            "a desktop program with a browser of its own",
            capture().written_by("Fiddler", "5.0").user_agent(INTERNET_EXPLORER).without_sec_fetch().silent_page(desktop),
        )
        .unresolved("AADSTS50058")
        .despite("third-party-cookies-blocked")
        .settled_by(&["Record", "Export"]),
        case(
            17,
            "a program without any browser, at the token endpoint",
            capture().refresh(|t| t.by_server().param("x-client-SKU", "MSAL.NetCore").fails(50058, words::NO_COOKIES).error("interaction_required")),
        )
        .unresolved("AADSTS50058")
        .does_not_list("third-party-cookies-blocked")
        .settled_by(&["Record", "Export"]),
        case(18, "the application sends the person to sign in after each silent failure, and asks silently again", silent_and_sign_in_by_turns(3))
            .finds("AADSTS50058", "third-party-cookies-blocked", Certain)
            .unhandled()
            .finds("sign-in-loop", "sign-in-loop", Likely)
            .verdict(Verdict::Failing),
        case(
            19,
            "at Azure AD B2C, and the sign-in that follows works",
            capture().silent_frame(b2c_without_session).sign_in(|s| s.without_credentials().session(SESSION).request(b2c)),
        )
        .unresolved("AADB2C90077")
        .handled(),
        case(19, "at Azure AD B2C, and nothing follows", capture().silent_frame(|r| b2c_without_session(r.without_header("sec-fetch-storage-access"))))
            .unresolved("AADB2C90077")
            .settled_by(&["storage-access.blocked", "session-cookie.set-earlier", "frame.inside-page"]),
    ]
}
