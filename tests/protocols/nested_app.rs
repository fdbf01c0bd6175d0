//! Nested app authentication: a host (Teams, Outlook) gets tokens for an application that runs in it.

use crate::support::wire::{ENTRA, navigate, refused_by_redirect, refused_in_json, served, with};
use crate::support::{APP, CONTOSO, Entry, OTHER_APP, Window, capture, post};
use crate::told::{Failure, failing, healthy};
use serde_json::json;

const NESTED: &str = "brk-multihub://app.example";

fn token() -> Entry {
    let form = [
        ("client_id", APP.client_id),
        ("grant_type", "refresh_token"),
        ("refresh_token", "1.refresh-of-the-host"),
        ("redirect_uri", NESTED),
        ("brk_client_id", OTHER_APP.client_id),
        ("brk_redirect_uri", "https://other.example/blank.html"),
        ("scope", "User.Read openid profile offline_access"),
        ("x-client-SKU", "msal.js.browser"),
    ];
    post(format!("{ENTRA}/{CONTOSO}/oauth2/v2.0/token"), &form)
        .in_window(Window::Script, "cross-site")
        .header("origin", OTHER_APP.origin)
        .reply_header("access-control-allow-origin", "*")
}

#[test]
fn the_host_asks_for_the_application_that_runs_in_it() {
    let tokens = json!({"token_type": "Bearer", "access_token": "opaque", "scope": "User.Read"});
    healthy(&capture().exchange("token", served(token().json(&tokens))), &[("refresh", CONTOSO, APP.client_id)]);
}

fn authorize(prompt: &str, window: Window) -> Entry {
    let params = [
        ("client_id", APP.client_id),
        ("response_type", "code"),
        ("redirect_uri", NESTED),
        ("brk_client_id", OTHER_APP.client_id),
        ("brk_redirect_uri", "https://other.example/blank.html"),
        ("scope", "User.Read openid"),
        ("response_mode", "fragment"),
        ("state", "h7Qx2mVb9Lw4e"),
        ("prompt", prompt),
        ("x-client-SKU", "msal.js.browser"),
    ];
    navigate(&format!("{ENTRA}/{CONTOSO}/oauth2/v2.0/authorize"), &params).in_window(window, "cross-site")
}

#[test]
fn the_answer_goes_to_the_host() {
    let back = with("https://other.example/blank.html", '#', &[("code", "1.code-1"), ("state", "h7Qx2mVb9Lw4e")]);
    let form = [
        ("client_id", APP.client_id),
        ("grant_type", "authorization_code"),
        ("code", "1.code-1"),
        ("redirect_uri", NESTED),
        ("brk_client_id", OTHER_APP.client_id),
    ];
    let redeemed = post(format!("{ENTRA}/{CONTOSO}/oauth2/v2.0/token"), &form)
        .in_window(Window::Script, "cross-site")
        .header("origin", OTHER_APP.origin)
        .reply_header("access-control-allow-origin", "*");
    let capture = capture()
        .exchange("authorize", served(authorize("none", Window::Frame).redirect(back)))
        .exchange("token", served(redeemed.json(&json!({"token_type": "Bearer", "access_token": "opaque"}))));
    healthy(&capture, &[("silent-iframe", CONTOSO, APP.client_id)]);
}

#[test]
fn consent_to_the_nested_application_is_missing() {
    let sentence = "The user or administrator has not consented to use the application.";
    let failure = |at, kind| Failure { code: "AADSTS65001", cause: "consent-missing", at, attempt: (kind, CONTOSO, APP.client_id) };
    failing(&capture().exchange("token", refused_in_json(token(), "invalid_grant", 65001, sentence)), &failure("token", "refresh"));
    let target = "https://other.example/blank.html";
    let refused =
        refused_by_redirect(authorize("none", Window::Frame), target, '#', "interaction_required", 65001, sentence, "h7Qx2mVb9Lw4e");
    failing(&capture().exchange("authorize", refused), &failure("authorize", "silent-iframe"));
}

#[test]
fn the_redirect_uri_of_the_broker_is_not_registered() {
    let sentence = "The redirect URI 'brk-multihub://app.example' specified in the request does not match the redirect URIs configured.";
    let refused = crate::support::wire::refused_on_page(authorize("select_account", Window::Popup), 50011, sentence);
    failing(
        &capture().exchange("authorize", refused),
        &Failure { code: "AADSTS50011", cause: "redirect-uri-mismatch", at: "authorize", attempt: ("redirect", CONTOSO, APP.client_id) },
    );
}
