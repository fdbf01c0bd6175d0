//! What a token request turns in.

use super::case::{Case, at, not_recorded, not_seen, seen};
use crate::support::{CaptureBuilder, Entry, capture};

const GRANT: &str = "request.body.grant_type";

pub(crate) fn cases() -> Vec<Case> {
    let refresh = || capture().refresh(|t| t);
    let code = || capture().sign_in(|s| s).redeem_again(|t| t.fails(54005, "The code was already redeemed."));
    let lost = || refresh().edit("refresh/token", Entry::losing_request_body);
    let no_token: fn() -> CaptureBuilder = || capture().silent_frame(|r| r);
    let older = || capture().refresh(|t| t.param("grant_type", "device_code").param("code", "D"));
    let device_code = || capture().refresh(|t| t.param("grant_type", "urn:ietf:params:oauth:grant-type:device_code").param("device_code", "D"));
    let by = |grant: &'static str| capture().refresh(move |t| t.param("grant_type", grant));
    vec![
        seen("grant.refresh-token", "a refresh token", refresh(), [at("refresh/token", GRANT).shows("refresh_token")]),
        not_seen("grant.refresh-token", "a code", code(), [at("redemption/token", GRANT)]),
        not_seen(
            "grant.refresh-token",
            "a code was handed over just before, and the body is lost",
            capture().sign_in(|s| s.token(|t| t.fails(70008, "Too late."))).edit("sign-in/token", Entry::losing_request_body),
            [at("sign-in/kmsi", "response.header.location.fragment.code")],
        ),
        not_seen(
            "grant.refresh-token",
            "a page of the application that was handed a code tells of it",
            capture()
                .sign_in(|s| s.without_token().request(|r| r.by_server_library().redirect_uri("https://app.example/signin-oidc")))
                .edit("sign-in/callback", |entry| entry.status(500).html("<h1>AADSTS70008: Too late.</h1>")),
            [at("sign-in/callback", "request.body.code")],
        ),
        not_recorded("grant.refresh-token", "the body is lost", lost(), "with its body"),
        seen("grant.authorization-code", "a code", code(), [at("redemption/token", GRANT).shows("authorization_code")]),
        not_seen("grant.authorization-code", "a refresh token", refresh(), [at("refresh/token", GRANT)]),
        not_seen("grant.authorization-code", "what failed is no token request", no_token(), [at("silent/authorize", "request.url")]),
        not_recorded("grant.authorization-code", "the body is lost", lost(), "with its body"),
        seen("grant.device-code", "a device code", device_code(), [at("refresh/token", GRANT).shows("device_code")]),
        seen("grant.device-code", "a device code at the older endpoint", older(), [at("refresh/token", GRANT).shows("device_code")]),
        not_seen("grant.device-code", "a refresh token", refresh(), [at("refresh/token", GRANT)]),
        not_recorded("grant.device-code", "the body is lost", lost(), "with its body"),
        seen("grant.password", "a password", by("password"), [at("refresh/token", GRANT).shows("password")]),
        not_seen("grant.password", "a refresh token", refresh(), [at("refresh/token", GRANT)]),
        not_seen("grant.password", "what failed is no token request", no_token(), [at("silent/authorize", "request.url")]),
        not_recorded("grant.password", "the body is lost", lost(), "with its body"),
        seen("grant.client-credentials", "a program's own", capture().client_credentials(|t| t), [at("server/token", GRANT)]),
        not_seen("grant.client-credentials", "a refresh token", refresh(), [at("refresh/token", GRANT)]),
        not_recorded("grant.client-credentials", "the body is lost", lost(), "with its body"),
        seen("grant.on-behalf-of", "a caller's token", by("urn:ietf:params:oauth:grant-type:jwt-bearer"), [at("refresh/token", GRANT)]),
        not_seen("grant.on-behalf-of", "a password", by("password"), [at("refresh/token", GRANT)]),
        not_recorded("grant.on-behalf-of", "the body is lost", lost(), "with its body"),
    ]
}
