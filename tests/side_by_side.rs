//! Several tabs, windows, browsers and programs in one capture: what belongs to one is not told of another.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing, reason = "tests say what is wrong by stopping")]

mod support;
mod told;

use serde_json::json;
use support::wire::{ENTRA, navigate, page, served, submit, with};
use support::{APP, App, CONTOSO, CaptureBuilder, Entry, FABRIKAM, OTHER_APP, capture, user_agents};
use told::{Failure, failing};

const FIRST: (&str, &str, &str) = ("redirect", CONTOSO, APP.client_id);
const REQUEST_ID: &str = "cccc0000-0000-4000-8000-000000000007";

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
    capture()
        .written_by("mitmproxy", "12.1.2")
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
