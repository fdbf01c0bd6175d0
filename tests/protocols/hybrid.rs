//! Hybrid flow (OpenID Connect Core 3.3): an ID token and a code at once, posted to the application.

use crate::support::wire::{ENTRA, jwt, navigate, self_posting_page, served, submit};
use crate::support::{ADA, APP, CONTOSO, Entry, capture};
use crate::told::{Failure, failing, healthy};
use serde_json::json;

const ATTEMPT: (&str, &str, &str) = ("redirect", CONTOSO, APP.client_id);
const CALLBACK: &str = "https://app.example/signin-oidc";

fn request() -> Entry {
    let params = [
        ("client_id", APP.client_id),
        ("response_type", "code id_token"),
        ("redirect_uri", CALLBACK),
        ("scope", "openid profile offline_access"),
        ("response_mode", "form_post"),
        ("state", "h7Qx2mVb9Lw4e"),
        ("nonce", "nVq81LpXe73w"),
        ("x-client-SKU", "ID_NET8_0"),
    ];
    navigate(&format!("{ENTRA}/{CONTOSO}/oauth2/v2.0/authorize"), &params)
}

fn reply() -> Vec<(String, String)> {
    let claims = json!({"tid": CONTOSO, "oid": ADA.object_id, "aud": APP.client_id, "nonce": "nVq81LpXe73w", "c_hash": "x"});
    [
        ("code", "1.code-1"),
        ("id_token", &jwt(&claims)),
        ("state", "h7Qx2mVb9Lw4e"),
        ("session_state", "5e555e55-0000-4000-8000-000000000009"),
    ]
    .map(|(name, value)| (name.to_owned(), value.to_owned()))
    .to_vec()
}

fn received(reply: &[(String, String)]) -> Entry {
    let form: Vec<_> = reply.iter().map(|(name, value)| (name.as_str(), value.as_str())).collect();
    submit(CALLBACK, &form).redirect("https://app.example/")
}

#[test]
fn code_and_id_token_are_posted() {
    let reply = reply();
    let capture =
        capture().exchange("authorize", served(request().html(self_posting_page(CALLBACK, &reply)))).exchange("callback", received(&reply));
    healthy(&capture, &[ATTEMPT]);
    healthy(&capture.sanitized(), &[ATTEMPT]);
}

#[test]
fn the_page_that_posts_itself_is_often_lost() {
    let reply = reply();
    let capture = capture()
        .exchange("authorize", served(request().html(self_posting_page(CALLBACK, &reply))).losing_response_body())
        .exchange("callback", received(&reply));
    healthy(&capture, &[ATTEMPT]);
}

#[test]
fn id_tokens_are_not_enabled() {
    let error = |name: &str, value: &str| (name.to_owned(), value.to_owned());
    let reply = [
        error("error", "unsupported_response_type"),
        error(
            "error_description",
            "AADSTS700054: response_type 'id_token' is not enabled for the application. Trace ID: 77770000-0000-4000-8000-000000000001 \
             Correlation ID: cccc0000-0000-4000-8000-000000000001 Timestamp: 2026-11-20 14:00:00Z",
        ),
        error("state", "h7Qx2mVb9Lw4e"),
    ];
    let failure = Failure { code: "AADSTS700054", cause: "implicit-grant-not-enabled", at: "authorize", attempt: ATTEMPT };
    let answered = served(request().html(self_posting_page(CALLBACK, &reply)));
    let capture = || crate::support::capture();
    failing(&capture().exchange("authorize", answered.clone()).exchange("callback", received(&reply)), &failure);
    failing(
        &capture().exchange("authorize", answered.losing_response_body()).exchange("callback", received(&reply)),
        &Failure { at: "callback", ..failure },
    );
}
