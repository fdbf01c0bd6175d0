//! Implicit grant (RFC 6749 4.2; OpenID Connect Core 3.2): tokens in the fragment.

use crate::support::wire::{ENTRA, jwt, navigate, refused_by_redirect, self_posting_page, served, with};
use crate::support::{ADA, APP, CONTOSO, CaptureBuilder, Entry, Window, capture, get, post};
use crate::told::{Failure, failing, healthy};
use serde_json::json;

const CALLBACK: &str = "https://app.example/";

fn request(response_type: &str) -> Entry {
    asked(response_type, "fragment")
}

fn asked(response_type: &str, response_mode: &str) -> Entry {
    let params = [
        ("client_id", APP.client_id),
        ("response_type", response_type),
        ("redirect_uri", CALLBACK),
        ("scope", "openid profile User.Read"),
        ("response_mode", response_mode),
        ("state", "h7Qx2mVb9Lw4e"),
        ("nonce", "nVq81LpXe73w"),
    ];
    navigate(&format!("{ENTRA}/{CONTOSO}/oauth2/v2.0/authorize"), &params)
}

fn tokens() -> Vec<(&'static str, String)> {
    let claims = json!({"tid": CONTOSO, "oid": ADA.object_id, "aud": APP.client_id, "nonce": "nVq81LpXe73w", "exp": 1_795_186_800});
    vec![("access_token", jwt(&claims)), ("token_type", "Bearer".to_owned()), ("expires_in", "3599".to_owned()), ("id_token", jwt(&claims))]
}

fn answered(request: Entry) -> CaptureBuilder {
    let mut params = tokens();
    params.push(("state", "h7Qx2mVb9Lw4e".to_owned()));
    let params: Vec<_> = params.iter().map(|(name, value)| (*name, value.as_str())).collect();
    let back = with(CALLBACK, '#', &params);
    capture().exchange("authorize", served(request.redirect(&*back))).exchange("callback", navigate(&back, &[]))
}

#[test]
fn tokens_come_in_the_fragment() {
    healthy(&answered(request("id_token token")), &[("redirect", CONTOSO, APP.client_id)]);
    healthy(&answered(request("id_token token")).sanitized(), &[("redirect", CONTOSO, APP.client_id)]);
}

#[test]
fn an_access_token_or_an_encrypted_reply_may_be_all_that_is_posted() {
    let access_token = tokens().remove(0);
    for (response_type, reply) in
        [("token", access_token), ("ear_jwe_jwk", ("ear_jwe", "eyJhbGciOiJkaXIifQ..aXY.Y2lwaGVy.dGFn".to_owned()))]
    {
        let params = [reply, ("state", "h7Qx2mVb9Lw4e".to_owned())].map(|(name, value)| (name.to_owned(), value));
        let page = served(asked(response_type, "form_post").html(self_posting_page(CALLBACK, &params)));
        let posted = capture().exchange("authorize", page).exchange("callback", post(CALLBACK, &params));
        healthy(&posted, &[("redirect", CONTOSO, APP.client_id)]);
        let of_callback_alone = posted.edit("authorize", Entry::losing_response_body);
        healthy(&of_callback_alone, &[("redirect", CONTOSO, APP.client_id)]);
    }
}

#[test]
fn a_token_is_renewed_in_a_hidden_frame() {
    let url = format!(
        "{ENTRA}/{CONTOSO}/oauth2/v2.0/authorize?client_id={}&response_type=token&prompt=none&state=h7Qx2mVb9Lw4e&response_mode=fragment",
        APP.client_id
    );
    healthy(&answered(get(url).in_window(Window::Frame, "cross-site")), &[("silent-iframe", CONTOSO, APP.client_id)]);
}

#[test]
fn the_grant_is_not_enabled() {
    let sentence = "response_type 'token' is not enabled for the application.";
    let refused = refused_by_redirect(request("token"), CALLBACK, '#', "unsupported_response_type", 700051, sentence, "h7Qx2mVb9Lw4e");
    failing(
        &capture().exchange("authorize", refused),
        &Failure {
            code: "AADSTS700051",
            cause: "implicit-grant-not-enabled",
            at: "authorize",
            attempt: ("redirect", CONTOSO, APP.client_id),
        },
    );
}

#[test]
fn the_frame_finds_nobody_signed_in() {
    let capture = capture().blocking_third_party_cookies().sign_in(|s| s).silent_frame(|r| r.param("response_type", "token"));
    let attempt = ("silent-iframe", CONTOSO, APP.client_id);
    failing(&capture, &Failure { code: "AADSTS50058", cause: "third-party-cookies-blocked", at: "silent/authorize", attempt });
}
