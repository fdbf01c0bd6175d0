//! Authorization code (RFC 6749 4.1), with PKCE (RFC 7636) and without.

use crate::support::wire::{ENTRA, navigate, refused_in_json, served, submit, with};
use crate::support::{APP, CONTOSO, Entry, capture};
use crate::told::{Failure, failing, healthy};
use serde_json::json;

const REDIRECT: (&str, &str, &str) = ("redirect", CONTOSO, APP.client_id);

#[test]
fn a_single_page_application_signs_in() {
    healthy(&capture().sign_in(|s| s), &[REDIRECT]);
    healthy(&capture().sanitized().sign_in(|s| s), &[REDIRECT]);
    healthy(&capture().sign_in(|s| s.request(|r| r.in_popup())), &[("popup", CONTOSO, APP.client_id)]);
}

#[test]
fn a_web_application_redeems_its_code_where_no_browser_sees_it() {
    healthy(&capture().sign_in(|s| s.request(|r| r.by_server_library()).without_token()), &[REDIRECT]);
}

#[test]
fn silent_requests_in_a_frame_and_by_the_page() {
    let signed_in = || capture().sign_in(|s| s);
    healthy(&signed_in().silent_frame(|r| r.succeeds()), &[REDIRECT, ("silent-iframe", CONTOSO, APP.client_id)]);
    healthy(&signed_in().silent_page(|r| r.succeeds()), &[REDIRECT, ("silent-top-level", CONTOSO, APP.client_id)]);
}

/// The older endpoint: `resource` in place of scopes, the answer in the query.
fn version_one() -> Entry {
    let params = [
        ("client_id", APP.client_id),
        ("response_type", "code"),
        ("redirect_uri", "https://app.example/cb"),
        ("resource", "https://graph.microsoft.com"),
        ("state", "h7Qx2mVb9Lw4e"),
    ];
    navigate(&format!("{ENTRA}/contoso.example/oauth2/authorize"), &params)
}

#[test]
fn the_older_endpoint() {
    let back = with("https://app.example/cb", '?', &[("code", "1.code-1"), ("state", "h7Qx2mVb9Lw4e"), ("session_state", "s")]);
    let capture = capture()
        .exchange("authorize", served(version_one().redirect(&*back)))
        .exchange("callback", navigate(&back, &[]).redirect("https://app.example/"));
    healthy(&capture, &[("redirect", "contoso.example", APP.client_id)]);
}

#[test]
fn the_parameters_may_be_posted() {
    healthy(&capture().sign_in(|s| s.request(|r| r.posted())), &[REDIRECT]);
}

#[test]
fn a_redirect_uri_that_is_not_registered() {
    let sentence = "The redirect URI 'https://app.example/' specified in the request does not match the redirect URIs configured.";
    failing(
        &capture().redirect(|r| r.fails_on_a_page(50011, sentence)),
        &Failure { code: "AADSTS50011", cause: "redirect-uri-mismatch", at: "redirect/authorize", attempt: REDIRECT },
    );
}

#[test]
fn a_code_that_is_refused() {
    let capture = capture().sign_in(|s| s.token(|t| t.fails(54005, "OAuth2 Authorization code was already redeemed.")));
    let failure = Failure { code: "AADSTS54005", cause: "code-reused", at: "sign-in/token", attempt: REDIRECT };
    failing(&capture, &failure);
}

#[test]
fn a_code_redeemed_by_a_program_whose_authorization_request_was_not_recorded() {
    let form = [
        ("client_id", APP.client_id),
        ("grant_type", "authorization_code"),
        ("code", "1.code-1"),
        ("redirect_uri", "https://app.example/cb"),
        ("client_secret", "s"),
    ];
    let request = || crate::support::wire::program(&format!("{ENTRA}/{CONTOSO}/oauth2/v2.0/token"), &form);
    let redemption = ("code-redemption", CONTOSO, APP.client_id);
    let tokens = json!({"token_type": "Bearer", "access_token": "opaque", "expires_in": 3599});
    healthy(&capture().exchange("token", served(request().json(&tokens))), &[redemption]);
    let refused = refused_in_json(request(), "invalid_client", 7000215, "Invalid client secret provided.");
    failing(
        &capture().exchange("token", refused),
        &Failure { code: "AADSTS7000215", cause: "client-secret-invalid", at: "token", attempt: redemption },
    );
}

#[test]
fn an_error_that_only_the_application_received() {
    let form =
        [("error", "access_denied"), ("error_description", "AADSTS65004: User declined to consent to access the app."), ("state", "s")];
    let capture = capture().exchange("callback", submit("https://app.example/signin-oidc", &form).status(500));
    failing(&capture, &Failure { code: "AADSTS65004", cause: "consent-declined", at: "callback", attempt: ("redirect", "", "") });
}

#[test]
fn a_failure_on_a_page_whose_first_request_was_not_recorded() {
    let login = submit(&format!("{ENTRA}/{CONTOSO}/login"), &[("login", "ada@contoso.example"), ("ctx", "ctx-1")]);
    let sentence = "Your administrator has configured the application Desk to block users unless they are specifically granted access.";
    let capture = capture().exchange("login", crate::support::wire::refused_on_page(login, 50105, sentence));
    failing(&capture, &Failure { code: "AADSTS50105", cause: "user-not-assigned", at: "login", attempt: ("redirect", CONTOSO, "") });
}
