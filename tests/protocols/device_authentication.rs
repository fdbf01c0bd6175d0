//! What a device shows of itself: primary refresh token, PKeyAuth, TLS certificate, broker.

use crate::support::wire::{ENTRA, jwt, navigate, page, program, refused_in_json, refused_on_page, served, with};
use crate::support::{APP, CONTOSO, CaptureBuilder, Entry, capture};
use crate::told::{Failure, failing, healthy};
use serde_json::json;

const ATTEMPT: (&str, &str, &str) = ("redirect", CONTOSO, APP.client_id);

fn authorize(extra: &[(&str, &str)]) -> Entry {
    let mut params = vec![
        ("client_id", APP.client_id),
        ("response_type", "code"),
        ("redirect_uri", "https://app.example/cb"),
        ("scope", "openid"),
        ("state", "h7Qx2mVb9Lw4e"),
        ("response_mode", "query"),
    ];
    params.extend(extra);
    navigate(&format!("{ENTRA}/{CONTOSO}/oauth2/v2.0/authorize"), &params)
}

fn code() -> String {
    with("https://app.example/cb", '?', &[("code", "1.code-1"), ("state", "h7Qx2mVb9Lw4e")])
}

fn received(capture: CaptureBuilder) -> CaptureBuilder {
    capture.exchange("callback", navigate(&code(), &[]))
}

#[test]
fn a_primary_refresh_token_signs_the_person_in_without_a_page() {
    let by_header = authorize(&[]).header("x-ms-refreshtokencredential", "eyJ.eyJ.c2ln");
    healthy(&received(capture().exchange("authorize", served(by_header.redirect(code())))), &[ATTEMPT]);
    let by_cookie = authorize(&[]).header("cookie", "x-ms-RefreshTokenCredential=eyJ.eyJ.c2ln");
    healthy(&received(capture().exchange("authorize", served(by_cookie.redirect(code())))), &[ATTEMPT]);
}

#[test]
fn the_service_asks_for_a_fresh_proof_first() {
    let again = [("sso_nonce", "AwAB"), ("mscrid", "cccc0000-0000-4000-8000-000000000001")];
    let url = authorize(&again);
    let bounced = with(
        &format!("{ENTRA}/{CONTOSO}/oauth2/v2.0/authorize"),
        '?',
        &[
            ("client_id", APP.client_id),
            ("response_type", "code"),
            ("redirect_uri", "https://app.example/cb"),
            ("scope", "openid"),
            ("state", "h7Qx2mVb9Lw4e"),
            ("response_mode", "query"),
            again[0],
            again[1],
        ],
    );
    let capture = capture().exchange("authorize", served(authorize(&[]).redirect(bounced))).exchange("again", served(url.redirect(code())));
    healthy(&received(capture), &[ATTEMPT]);
}

const SUBMIT: &str = "https://login.microsoftonline.com/common/DeviceAuthPKeyAuth";

fn challenged() -> Entry {
    let submit = with(SUBMIT, '?', &[("ctx", "ctx-7")]);
    let challenge = with("urn:http-auth:PKeyAuth", '?', &[("Version", "1.0"), ("nonce", "n"), ("Context", "c"), ("SubmitUrl", &*submit)]);
    served(authorize(&[]).header("x-ms-pkeyauth", "1.0").redirect(challenge))
}

fn proved() -> Entry {
    navigate(SUBMIT, &[("ctx", "ctx-7")]).header("authorization", "PKeyAuth AuthToken=\"eyJ\",Context=\"c\",Version=\"1.0\"")
}

#[test]
fn a_device_proves_its_key() {
    let capture = capture().exchange("authorize", challenged()).exchange("proof", served(proved().redirect(code())));
    healthy(&received(capture), &[ATTEMPT]);
}

#[test]
fn a_device_whose_proof_is_not_accepted() {
    let refused = refused_on_page(proved(), 50155, "Device authentication failed for this user.");
    failing(
        &capture().exchange("authorize", challenged()).exchange("proof", refused),
        &Failure { code: "AADSTS50155", cause: "device-authentication-failed", at: "proof", attempt: ATTEMPT },
    );
}

#[test]
fn a_device_shows_its_certificate_in_tls() {
    let interrupt = page(&json!({"pgid": "ConvergedDeviceAuth", "sErrorCode": "50097", "sCtx": "ctx-8"}));
    let hop = navigate("https://device.login.microsoftonline.com/common/DeviceAuthTls/reprocess", &[("ctx", "ctx-8")]);
    let capture = capture().exchange("authorize", served(authorize(&[]).html(interrupt))).exchange("tls", served(hop.redirect(code())));
    healthy(&received(capture), &[ATTEMPT]);
}

#[test]
fn a_device_that_is_not_managed() {
    let sentence = "Device is not in required device state: compliant.";
    let capture = capture().exchange("authorize", refused_on_page(authorize(&[]), 53000, sentence));
    failing(&capture, &Failure { code: "AADSTS53000", cause: "device-not-compliant", at: "authorize", attempt: ATTEMPT });
}

#[test]
fn a_token_request_that_is_asked_for_the_device_key_first() {
    let form = [("client_id", APP.client_id), ("grant_type", "refresh_token"), ("refresh_token", "1.refresh"), ("scope", "openid")];
    let request = || program(&format!("{ENTRA}/{CONTOSO}/oauth2/v2.0/token"), &form);
    let asked = request().status(401).reply_header("www-authenticate", "PKeyAuth Nonce=\"n\", Version=\"1.0\", Context=\"c\"");
    let again = request().header("authorization", "PKeyAuth AuthToken=\"eyJ\"");
    let tokens = json!({"token_type": "Bearer", "access_token": "opaque"});
    let capture = capture().exchange("asked", served(asked)).exchange("token", served(again.json(&tokens)));
    healthy(&capture, &[("refresh", CONTOSO, APP.client_id)]);
}

/// The broker's request for a token is a signed object; its reply may be encrypted for the device.
fn by_broker(client: &str) -> Entry {
    let signed = jwt(
        &json!({"client_id": client, "grant_type": "refresh_token", "refresh_token": "1.AVkAprimaryrefreshtoken", "scope": "openid aza", "aud": "https://login.microsoftonline.com"}),
    );
    let form = [
        ("windows_api_version", "2.2"),
        ("grant_type", "urn:ietf:params:oauth:grant-type:jwt-bearer"),
        ("request", &*signed),
        ("client_info", "1"),
    ];
    program(&format!("{ENTRA}/common/oauth2/token"), &form).header("user-agent", "Windows-AzureAD-Authentication-Provider/1.0")
}

#[test]
fn a_broker_gets_a_token_with_the_primary_refresh_token() {
    let nonce = program(&format!("{ENTRA}/common/oauth2/token"), &[("grant_type", "srv_challenge")]).json(&json!({"Nonce": "AwAB"}));
    let encrypted = by_broker(APP.client_id).html("eyJhbGciOiJkaXIifQ..aXY.Y2lwaGVy.dGFn").reply_header("content-type", "application/jose");
    let capture = capture().exchange("nonce", served(nonce)).exchange("token", served(encrypted));
    healthy(&capture, &[("server-side", "common", APP.client_id)]);
}

#[test]
fn a_broker_whose_device_was_disabled() {
    let refused = refused_in_json(by_broker(APP.client_id), "invalid_grant", 135011, "Device used during the authentication is disabled.");
    failing(
        &capture().exchange("token", refused),
        &Failure { code: "AADSTS135011", cause: "device-disabled", at: "token", attempt: ("server-side", "common", APP.client_id) },
    );
}

#[test]
fn a_native_application_is_answered_through_its_broker() {
    let target = "ms-appx-web://microsoft.aad.brokerplugin/a0a0a0a0-0000-4000-8000-000000000001";
    let request = navigate(
        &format!("{ENTRA}/{CONTOSO}/oauth2/v2.0/authorize"),
        &[
            ("client_id", APP.client_id),
            ("response_type", "code"),
            ("redirect_uri", target),
            ("state", "h7Qx2mVb9Lw4e"),
            ("haschrome", "1"),
        ],
    );
    let answered = request.redirect(with(target, '?', &[("code", "1.code-1"), ("state", "h7Qx2mVb9Lw4e")]));
    healthy(&capture().exchange("authorize", served(answered)), &[ATTEMPT]);
}
