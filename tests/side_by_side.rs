//! Several tabs, windows, browsers and programs in one capture: what belongs to one is not told of another.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing, reason = "tests say what is wrong by stopping")]

mod support;
mod told;

use entrace::diagnosis::Confidence;
use serde_json::json;
use support::wire::{ENTRA, navigate, page, served, submit, with};
use support::{
    ADA, APP, App, BOB, CONTOSO, CaptureBuilder, Entry, FABRIKAM, OTHER_APP, OTHER_SESSION, SESSION, SignIn, capture, post, user_agents,
    words,
};
use told::{Failure, analysis, failing};

const FIRST: (&str, &str, &str) = ("redirect", CONTOSO, APP.client_id);
const REQUEST_ID: &str = "cccc0000-0000-4000-8000-000000000007";

/// The first cause of each failure, and how sure it is.
fn causes(capture: &CaptureBuilder) -> Vec<(String, Confidence)> {
    analysis(capture).diagnoses.iter().map(|diagnosis| (diagnosis.causes[0].id.clone(), diagnosis.causes[0].confidence)).collect()
}

fn one(cause: &str, confidence: Confidence) -> Vec<(String, Confidence)> {
    vec![(cause.to_owned(), confidence)]
}

/// Recorded by what sees every window and program of a computer.
fn behind_a_proxy() -> CaptureBuilder {
    capture().written_by("mitmproxy", "12.1.2")
}

/// The sign-in page that an application sends a person to.
fn asks(app: App, tenant: &str, ctx: &str) -> Entry {
    let redirect_uri = format!("{}/cb", app.origin);
    let params = [
        ("client_id", app.client_id),
        ("response_type", "code"),
        ("redirect_uri", &*redirect_uri),
        ("response_mode", "query"),
        ("scope", "openid"),
        ("state", ctx),
    ];
    let shown = page(&json!({"pgid": "ConvergedSignIn", "sErrorCode": "50058", "sCtx": ctx}));
    served(navigate(&format!("{ENTRA}/{tenant}/oauth2/v2.0/authorize"), &params).html(shown))
}

/// Refused on a page that has a state of its own.
fn refused(entry: Entry, code: u32) -> Entry {
    let shown = json!({"pgid": "ConvergedError", "iErrorCode": code, "strServiceExceptionMessage": format!("AADSTS{code}: No."), "sCtx": "ctx-of-the-error"});
    served(entry.html(page(&shown)))
}

/// Two tabs behind a proxy: the first is refused somewhere while the second stands on its sign-in page, and then goes on well.
fn beside_another_tab(first: Entry, refused: Entry) -> CaptureBuilder {
    let code = with("https://other.example/cb", '?', &[("code", "1.code-2"), ("state", "ctx-2"), ("session_state", "s")]);
    let login = submit(&format!("{ENTRA}/{FABRIKAM}/login"), &[("login", "bo@fabrikam.example"), ("ctx", "ctx-2")]);
    behind_a_proxy()
        .exchange("first", first)
        .exchange("second", asks(OTHER_APP, FABRIKAM, "ctx-2"))
        .exchange("refused", refused)
        .exchange("login", served(login.redirect(&*code)))
        .exchange("callback", navigate(&code, &[]).redirect("https://other.example/"))
}

fn back(url: &str, carried: &[(&str, &str)]) -> Entry {
    submit(&format!("{ENTRA}/{url}"), carried)
}

#[test]
fn a_failed_sign_in_at_an_identity_provider_is_not_that_of_the_page_which_stands_open_beside_it() {
    let given_along = "LoginOptions=3&estsredirect=2&estsrequest=ctx-1";
    for (code, cause, back) in [
        (51004, "account-not-in-tenant", back("login.srf", &[("wa", "wsignin1.0"), ("wresult", "<t/>"), ("wctx", given_along)])),
        (51004, "account-not-in-tenant", back("login.srf", &[("SAMLResponse", "PHNhbWxwOlJlc3BvbnNlLz4="), ("RelayState", given_along)])),
        (51004, "account-not-in-tenant", back("login.srf", &[("SAMLResponse", "PHNhbWxwOlJlc3BvbnNlLz4="), ("RelayState", "ctx-1")])),
        (50020, "account-not-in-tenant", back("common/federation/oauth2msa", &[("code", "M.C1"), ("state", "ctx-1")])),
    ] {
        let expected = Failure { code: &format!("AADSTS{code}"), cause, at: "refused", attempt: FIRST };
        failing(&beside_another_tab(asks(APP, CONTOSO, "ctx-1"), refused(back, code)), &expected);
    }
}

#[test]
fn the_id_that_the_reply_names_tells_whose_it_is_where_the_form_is_lost() {
    let first = asks(APP, CONTOSO, "ctx-1").header("client-request-id", REQUEST_ID);
    let shown = json!({"pgid": "ConvergedError", "iErrorCode": 53003, "correlationId": REQUEST_ID, "sCtx": "ctx-of-the-error"});
    let refused = served(back("kmsi", &[("ctx", "ctx-1")]).losing_request_body().html(page(&shown)));
    let expected = Failure { code: "AADSTS53003", cause: "blocked-by-conditional-access", at: "refused", attempt: FIRST };
    failing(&beside_another_tab(first, refused), &expected);
}

#[test]
fn the_tenant_of_the_path_tells_whose_it_is_where_the_form_is_lost() {
    let login = back(&format!("{CONTOSO}/login"), &[("ctx", "ctx-1")]).losing_request_body();
    let expected = Failure { code: "AADSTS53003", cause: "blocked-by-conditional-access", at: "refused", attempt: FIRST };
    failing(&beside_another_tab(asks(APP, CONTOSO, "ctx-1"), refused(login, 53003)), &expected);
}

#[test]
fn the_browser_tells_whose_it_is_where_the_form_is_lost() {
    let of_firefox = |entry: Entry| entry.header("user-agent", user_agents::FIREFOX);
    let kmsi = back("kmsi", &[("ctx", "ctx-1")]).losing_request_body();
    let expected = Failure { code: "AADSTS53003", cause: "blocked-by-conditional-access", at: "refused", attempt: FIRST };
    failing(&beside_another_tab(of_firefox(asks(APP, CONTOSO, "ctx-1")), refused(of_firefox(kmsi), 53003)), &expected);
}

#[test]
fn a_failure_of_which_nothing_tells_whose_it_is_belongs_to_nobody() {
    let kmsi = back("kmsi", &[("ctx", "ctx-1")]).losing_request_body();
    let both = beside_another_tab(asks(APP, CONTOSO, "ctx-1"), refused(kmsi.clone(), 53003));
    let expected = Failure { code: "AADSTS53003", cause: "blocked-by-conditional-access", at: "refused", attempt: ("redirect", "", "") };
    failing(&both, &expected);
    // A browser's own tools record one tab, and a page that is opened there takes the place of the one before.
    let one_tab = capture().exchange("left", asks(OTHER_APP, FABRIKAM, "ctx-2")).exchange("first", asks(APP, CONTOSO, "ctx-1"));
    failing(&one_tab.exchange("refused", refused(kmsi, 53003)), &Failure { attempt: FIRST, ..expected });
}

#[test]
fn a_private_window_without_cookies_lost_none_of_those_that_the_window_beside_it_has() {
    let silent = |capture: CaptureBuilder| capture.silent_page(|r| r.app(OTHER_APP).fails(50058, words::NO_COOKIES).without_cookies());
    let beside = || silent(behind_a_proxy().sign_in(|s| s));
    assert_eq!(causes(&beside()), one("session-cookies-lost", Confidence::Likely), "nothing shows that there are two");
    let goes_on = beside().silent_frame(|r| r.named("later").succeeds());
    assert_eq!(causes(&goes_on), one("undetermined", Confidence::Possible));
}

#[test]
fn a_sign_out_in_a_private_window_ends_no_session_of_the_window_beside_it() {
    let of_bob = |entry: Entry| entry.without_reply_header("set-cookie").reply_header("set-cookie", "ESTSAUTH=1.of-bob; path=/; secure");
    let bob = |s: SignIn| s.named("bob").account(BOB).app(OTHER_APP);
    let two = behind_a_proxy().blocking_third_party_cookies().sign_in(|s| s.account(ADA)).sign_in(bob);
    let two = two.edit("bob/login", of_bob).edit("bob/kmsi", of_bob).sign_out();
    let silent = two.silent_frame(|r| r.app(OTHER_APP).fails(50058, words::NO_COOKIES));
    assert_eq!(causes(&silent), one("third-party-cookies-blocked", Confidence::Likely));
}

#[test]
fn a_token_request_without_a_body_turns_in_no_code_of_another_page_directory_or_browser() {
    let left = || behind_a_proxy().sign_in(|s| s).silent_frame(|r| r.by_form_post().succeeds().without_token()).wait(1).app_page();
    let unread = |tenant: &str, origin: &str| {
        let request = post(format!("{ENTRA}/{tenant}/oauth2/v2.0/token"), &[("code", "1.code")]).header("origin", origin);
        served(request.reply_header("access-control-allow-origin", origin).losing_request_body().losing_response_body())
    };
    let own = left().exchange("token", unread(CONTOSO, APP.origin));
    assert_eq!(causes(&own), []);
    let firefox = unread(CONTOSO, APP.origin).header("user-agent", user_agents::FIREFOX);
    for other in [unread(FABRIKAM, APP.origin), unread(CONTOSO, OTHER_APP.origin), firefox] {
        assert_eq!(causes(&left().exchange("token", other)), one("redirect-response-unhandled", Confidence::Likely));
    }
}

#[test]
fn a_session_that_another_browser_or_application_opens_replaces_none() {
    let gone = |capture: CaptureBuilder| capture.silent_frame(|r| r.sid(SESSION).cached_account(ADA).fails(160021, words::SESSION_GONE));
    let missing = |confidence| one("requested-session-missing", confidence);
    let own = gone(behind_a_proxy()).sign_in(|s| s.named("other").session(OTHER_SESSION));
    assert_eq!(causes(&own), missing(Confidence::Certain));
    let names: Vec<String> = own.entry_names().into_iter().filter(|name| name.starts_with("other/")).map(str::to_owned).collect();
    let firefox = names.iter().fold(own, |own, name| own.edit(name, |entry| entry.header("user-agent", user_agents::FIREFOX)));
    assert_eq!(causes(&firefox), missing(Confidence::Likely));
    let of_bob = gone(behind_a_proxy()).sign_in(|s| s.account(BOB).app(OTHER_APP).session(OTHER_SESSION));
    assert_ne!(causes(&of_bob), missing(Confidence::Certain));
}
