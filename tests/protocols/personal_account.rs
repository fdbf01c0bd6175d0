//! Personal Microsoft accounts: through Entra ID, and at the Microsoft account service itself.

use crate::support::wire::{ENTRA, navigate, page, program, served, submit, with};
use crate::support::{APP, CONTOSO, CaptureBuilder, Entry, GRACE, capture};
use crate::told::{Failure, failing, healthy};
use serde_json::json;

const LIVE: &str = "https://login.live.com";
const COMMON: (&str, &str, &str) = ("redirect", "common", APP.client_id);
const CALLBACK: &str = "https://app.example/cb";
const BACK: &str = "https://login.microsoftonline.com/common/federation/oauth2msa";

#[test]
fn through_entra_id() {
    healthy(&capture().sign_in(|s| s.account(GRACE).tenant("common").through_microsoft_account()), &[COMMON]);
    let consumers = capture().sign_in(|s| s.account(GRACE).tenant("consumers").through_microsoft_account());
    healthy(&consumers, &[("redirect", "consumers", APP.client_id)]);
}

/// The person typed the name of a personal account and is sent to the Microsoft account service.
fn sent_there() -> CaptureBuilder {
    let params = [
        ("client_id", APP.client_id),
        ("response_type", "code"),
        ("redirect_uri", CALLBACK),
        ("scope", "openid"),
        ("state", "h7Qx2mVb9Lw4e"),
        ("response_mode", "query"),
    ];
    let asks = page(&json!({"pgid": "ConvergedSignIn", "sErrorCode": "50058", "sCtx": "ctx-1"}));
    let there = [
        ("client_id", "51483342-085c-4d86-bf88-cf50c7252078"),
        ("scope", "openid profile email offline_access"),
        ("response_type", "code"),
        ("redirect_uri", BACK),
        ("response_mode", "form_post"),
        ("state", "ctx-1"),
        ("estsfed", "1"),
    ];
    capture()
        .exchange("authorize", served(navigate(&format!("{ENTRA}/common/oauth2/v2.0/authorize"), &params).html(asks)))
        .exchange("there", navigate(&format!("{LIVE}/oauth20_authorize.srf"), &there).html(LIVE_PAGE))
}

const LIVE_PAGE: &str = "<html><script>var ServerData = {sErrorCode:'',sErrTxt:''};</script></html>";

fn password(answer: &str) -> Entry {
    submit(&with(&format!("{LIVE}/ppsecure/post.srf"), '?', &[("state", "ctx-1")]), &[("login", GRACE.name), ("passwd", "Velvet-Harbor-1")])
        .html(answer)
}

#[test]
fn a_wrong_password_there_has_a_number_that_is_no_code_of_entra_id() {
    for wrong in [
        page(&json!({"sErrorCode": "80041012", "sErrTxt": "That password is incorrect."})),
        "<html><script>var ServerData = {sErrorCode:'80041012',sErrTxt:'That password is incorrect.'};</script></html>".to_owned(),
    ] {
        refused_there(&wrong);
    }
}

fn refused_there(wrong: &str) {
    let code = with(CALLBACK, '?', &[("code", "M.C1"), ("state", "h7Qx2mVb9Lw4e")]);
    let capture = || sent_there().exchange("wrong", password(wrong));
    let works = capture()
        .exchange("password", password(LIVE_PAGE))
        .exchange("back", served(submit(BACK, &[("code", "M.C2"), ("state", "ctx-1")]).redirect(&*code)))
        .exchange("callback", navigate(&code, &[]));
    healthy(&works, &[COMMON]);
    failing(&capture(), &Failure { code: "", cause: "identity-provider-failed", at: "wrong", attempt: COMMON });
}

#[test]
fn the_person_turns_back_there() {
    let error = [("error", "access_denied"), ("error_subcode", "cancel"), ("state", "ctx-1")];
    let told_app = [("error", "access_denied"), ("error_subcode", "cancel"), ("state", "h7Qx2mVb9Lw4e")];
    let capture = sent_there()
        .exchange(
            "cancel",
            navigate(&format!("{LIVE}/oauth20_authorize.srf"), &[("state", "ctx-1"), ("res", "cancel")]).redirect(with(BACK, '?', &error)),
        )
        .exchange("back", served(navigate(BACK, &error).redirect(with(CALLBACK, '?', &told_app))))
        .exchange("callback", navigate(CALLBACK, &told_app));
    failing(&capture, &Failure { code: "", cause: "sign-in-declined", at: "cancel", attempt: COMMON });
}

/// An application of the Microsoft account service alone.
fn directly() -> Entry {
    let params = [
        ("client_id", APP.client_id),
        ("scope", "XboxLive.signin offline_access"),
        ("response_type", "code"),
        ("redirect_uri", CALLBACK),
        ("state", "k3Wn8Tz5Rc1dv"),
    ];
    navigate(&format!("{LIVE}/oauth20_authorize.srf"), &params)
}

#[test]
fn at_the_microsoft_account_service_itself() {
    let code = with(CALLBACK, '?', &[("code", "M.C3"), ("state", "k3Wn8Tz5Rc1dv")]);
    let form = [("client_id", APP.client_id), ("grant_type", "authorization_code"), ("code", "M.C3"), ("redirect_uri", CALLBACK)];
    let token = || program(&format!("{LIVE}/oauth20_token.srf"), &form);
    let signed_in = || {
        capture()
            .exchange("authorize", directly().html(LIVE_PAGE))
            .exchange(
                "password",
                submit(&format!("{LIVE}/ppsecure/post.srf?state=k3Wn8Tz5Rc1dv"), &[("login", GRACE.name)]).redirect(&*code),
            )
            .exchange("callback", navigate(&code, &[]))
    };
    let attempt = ("redirect", "", APP.client_id);
    let tokens = json!({"token_type": "bearer", "access_token": "EwBwA", "refresh_token": "M.R3", "expires_in": 3600});
    healthy(&signed_in().exchange("token", token().json(&tokens)), &[attempt]);
    let refused = json!({"error": "invalid_grant", "error_description": "The provided value for the 'code' parameter is not valid.",
        "correlation_id": "cccc0000-0000-4000-8000-000000000077"});
    failing(
        &signed_in().exchange("token", token().status(400).json(&refused)),
        &Failure { code: "", cause: "not-modelled", at: "token", attempt },
    );
}

#[test]
fn the_probe_of_every_sign_in_page_is_no_sign_in() {
    let probe = navigate(&format!("{LIVE}/Me.htm"), &[("v", "3")]);
    healthy(&capture().exchange("probe", probe).sign_in(|s| s), &[("redirect", CONTOSO, APP.client_id)]);
}
