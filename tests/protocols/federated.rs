//! Sign-in at an identity provider of the tenant's own, AD FS or another, and what failed there.

use crate::support::wire::{
    BLANK, ENTRA, deflated, encoded, jwt, navigate, page, program, refused_on_page, self_posting_page, served, submit, with,
};
use crate::support::{ADA, APP, CONTOSO, CaptureBuilder, Entry, capture, get, post_json};
use crate::told::{Failure, failing, healthy, inconclusive};
use serde_json::json;

const ATTEMPT: (&str, &str, &str) = ("redirect", CONTOSO, APP.client_id);
const ADFS: &str = "https://sts.contoso.example/adfs/ls/";
const WCTX: &str = "LoginOptions=3&estsredirect=2&estsrequest=ctx-1";

fn begun() -> CaptureBuilder {
    let params = [
        ("client_id", APP.client_id),
        ("response_type", "code"),
        ("redirect_uri", "https://app.example/cb"),
        ("response_mode", "query"),
        ("scope", "openid"),
        ("state", "h7Qx2mVb9Lw4e"),
    ];
    let asks = page(&json!({"pgid": "ConvergedSignIn", "sErrorCode": "50058", "sCtx": "ctx-1"}));
    let lookup = post_json(format!("{ENTRA}/common/GetCredentialType"), &json!({"username": ADA.name, "originalRequest": "ctx-1"}));
    capture()
        .exchange("authorize", served(navigate(&format!("{ENTRA}/{CONTOSO}/oauth2/v2.0/authorize"), &params).html(asks)))
        .exchange("lookup", served(lookup.json(&json!({"IfExistsResult": 0, "Credentials": {"FederationRedirectUrl": ADFS}}))))
}

fn at_adfs() -> Entry {
    let params = [("client-request-id", "cccc0000-0000-4000-8000-000000000001"), ("username", ADA.name), ("wa", "wsignin1.0")];
    let more = [("wtrealm", "urn:federation:MicrosoftOnline"), ("wctx", WCTX)];
    navigate(ADFS, &[params.as_slice(), more.as_slice()].concat())
}

const FORM: &str = r#"<html><form method="post" id="loginForm"><input id="userNameInput" name="UserName" value=""/></form></html>"#;

fn password() -> Entry {
    submit(&with(ADFS, '?', &[("wa", "wsignin1.0"), ("wctx", WCTX)]), &[("UserName", ADA.name), ("Password", "Velvet-Harbor-1")])
}

fn posts_token() -> String {
    let result = r#"<t:RequestSecurityTokenResponse xmlns:t="http://schemas.xmlsoap.org/ws/2005/02/trust"><t:RequestedSecurityToken/></t:RequestSecurityTokenResponse>"#;
    let inputs = [("wa", "wsignin1.0"), ("wresult", result), ("wctx", WCTX)];
    self_posting_page(&format!("{ENTRA}/login.srf"), &inputs.map(|(name, value)| (name.to_owned(), value.to_owned())))
}

/// The provider's answer comes back to Entra ID.
fn returned() -> Entry {
    let result = r#"<t:RequestSecurityTokenResponse xmlns:t="http://schemas.xmlsoap.org/ws/2005/02/trust"><t:RequestedSecurityToken/></t:RequestSecurityTokenResponse>"#;
    submit(&format!("{ENTRA}/login.srf"), &[("wa", "wsignin1.0"), ("wresult", result), ("wctx", WCTX)])
}

fn code() -> String {
    with("https://app.example/cb", '?', &[("code", "1.code-1"), ("state", "h7Qx2mVb9Lw4e"), ("session_state", "s")])
}

fn finished(capture: CaptureBuilder, last: Entry) -> CaptureBuilder {
    capture.exchange("back", served(last.redirect(code()))).exchange("callback", navigate(&code(), &[]).redirect("https://app.example/"))
}

#[test]
fn ad_fs_signs_the_person_in() {
    let through = begun().exchange("form", at_adfs().html(FORM)).exchange("password", password().html(posts_token()));
    healthy(&finished(through, returned()), &[ATTEMPT]);
}

#[test]
fn ad_fs_signs_in_by_kerberos() {
    let wia = || navigate("https://sts.contoso.example/adfs/ls/wia", &[("wa", "wsignin1.0"), ("wctx", WCTX)]);
    let through = begun()
        .exchange("adfs", at_adfs().redirect(with("https://sts.contoso.example/adfs/ls/wia", '?', &[("wa", "wsignin1.0"), ("wctx", WCTX)])))
        .exchange("asked", wia().status(401).reply_header("www-authenticate", "Negotiate"))
        .exchange("ticket", wia().html(posts_token()));
    healthy(&finished(through, returned()), &[ATTEMPT]);
}

#[test]
fn ad_fs_refused_a_password_before_it_took_one() {
    let through = begun()
        .exchange("form", at_adfs().html(FORM))
        .exchange("wrong", password().html(FORM))
        .exchange("password", password().html(posts_token()));
    healthy(&finished(through, returned()), &[ATTEMPT]);
}

#[test]
fn nobody_goes_on_at_ad_fs() {
    inconclusive(&begun().exchange("form", at_adfs().html(FORM)), &[ATTEMPT]);
}

/// A picture of AD FS's page.
fn logo(status: u16) -> Entry {
    get("https://sts.contoso.example/adfs/portal/logo/logo.png").kind("image").header("sec-fetch-dest", "image").status(status)
}

#[test]
fn a_picture_that_is_missing_at_ad_fs_is_no_failure() {
    inconclusive(&begun().exchange("form", at_adfs().html(FORM)).exchange("logo", logo(404)), &[ATTEMPT]);
}

#[test]
fn ad_fs_is_not_reached_from_here() {
    let unreachable = begun().exchange("adfs", at_adfs().no_response("net::ERR_NAME_NOT_RESOLVED"));
    failing(&unreachable, &Failure { code: "", cause: "identity-provider-failed", at: "adfs", attempt: ATTEMPT });
}

#[test]
fn ad_fs_fails_and_entra_id_hears_nothing() {
    let failure = |at| Failure { code: "", cause: "identity-provider-failed", at, attempt: ATTEMPT };
    let broken = begun().exchange("adfs", at_adfs().status(503).html("<h2>Service Unavailable</h2>"));
    failing(&broken, &failure("adfs"));
    let refused = "<html><div id=\"errorMessage\">An error occurred. Activity ID: 00000000-0000-4000-8000-000000000001 MSIS7065: There are \
                   no registered protocol handlers on path /adfs/ls/.</div></html>";
    failing(
        &begun().exchange("form", at_adfs().html(FORM)).exchange("password", password().html(refused)).exchange("logo", logo(200)),
        &failure("password"),
    );
}

#[test]
fn entra_id_does_not_accept_what_ad_fs_says() {
    let through = begun().exchange("form", at_adfs().html(FORM)).exchange("password", password().html(posts_token()));
    let sentence =
        "Unable to verify token signature. No trusted realm was found with identifier 'http://sts.contoso.example/adfs/services/trust'.";
    failing(
        &through.exchange("back", refused_on_page(returned(), 50107, sentence)),
        &Failure { code: "AADSTS50107", cause: "federated-realm-unknown", at: "back", attempt: ATTEMPT },
    );
}

/// Another provider, by SAML.
const PROVIDER: &str = "https://idp.contoso.example/sso/saml";

fn at_provider() -> Entry {
    let request = r#"<samlp:AuthnRequest xmlns:samlp="urn:oasis:names:tc:SAML:2.0:protocol" ID="_r1" Version="2.0"><Issuer xmlns="urn:oasis:names:tc:SAML:2.0:assertion">urn:federation:MicrosoftOnline</Issuer></samlp:AuthnRequest>"#;
    navigate(PROVIDER, &[("SAMLRequest", &deflated(request)), ("RelayState", WCTX)])
}

fn provider_says(status: &str) -> Entry {
    let response = format!(
        r#"<samlp:Response xmlns:samlp="urn:oasis:names:tc:SAML:2.0:protocol" ID="_r2" InResponseTo="_r1" Version="2.0"><Issuer xmlns="urn:oasis:names:tc:SAML:2.0:assertion">https://idp.contoso.example</Issuer><samlp:Status>{status}</samlp:Status></samlp:Response>"#
    );
    submit(&format!("{ENTRA}/login.srf"), &[("SAMLResponse", &encoded(&response)), ("RelayState", WCTX)])
}

#[test]
fn another_provider_signs_the_person_in() {
    let status = r#"<samlp:StatusCode Value="urn:oasis:names:tc:SAML:2.0:status:Success"/>"#;
    healthy(&finished(begun().exchange("provider", at_provider().html(BLANK)), provider_says(status)), &[ATTEMPT]);
}

#[test]
fn another_provider_refuses() {
    let status = r#"<samlp:StatusCode Value="urn:oasis:names:tc:SAML:2.0:status:Responder"><samlp:StatusCode Value="urn:oasis:names:tc:SAML:2.0:status:AuthnFailed"/></samlp:StatusCode>"#;
    let back = served(provider_says(status).status(200).html(page(&json!({"pgid": "ConvergedSignIn", "sCtx": "ctx-1"}))));
    failing(
        &begun().exchange("provider", at_provider().html(BLANK)).exchange("back", back),
        &Failure { code: "", cause: "identity-provider-failed", at: "back", attempt: ATTEMPT },
    );
}

#[test]
fn a_program_signs_in_at_ad_fs_and_turns_its_assertion_in() {
    for version in ["saml1_1", "saml2"] {
        turned_in(version);
    }
}

fn turned_in(version: &str) {
    let grant = format!("urn:ietf:params:oauth:grant-type:{version}-bearer");
    let trust = program("https://sts.contoso.example/adfs/services/trust/2005/usernamemixed", &[("x", "y")]).html("<s:Envelope/>");
    let form = [("client_id", APP.client_id), ("grant_type", &*grant), ("assertion", "PHNhbWw+"), ("scope", "openid")];
    let request = || program(&format!("{ENTRA}/{CONTOSO}/oauth2/v2.0/token"), &form);
    let tokens =
        json!({"token_type": "Bearer", "access_token": jwt(&json!({"tid": CONTOSO, "sub": "ada0ada0-0000-4000-8000-000000000001"}))});
    let program = ("server-side", CONTOSO, APP.client_id);
    healthy(&capture().exchange("trust", trust.clone()).exchange("token", served(request().json(&tokens))), &[program]);
    let sentence = "SAML assertion validation failed.";
    let refused = crate::support::wire::refused_in_json(request(), "invalid_grant", 50008, sentence);
    failing(
        &capture().exchange("trust", trust).exchange("token", refused),
        &Failure { code: "AADSTS50008", cause: "federated-assertion-invalid", at: "token", attempt: program },
    );
}

#[test]
fn an_application_of_ad_fs_alone_is_none_of_entra_ids() {
    let params = [("client_id", "a0"), ("response_type", "code"), ("redirect_uri", "https://app.example/cb"), ("state", "s")];
    let capture = capture()
        .exchange("authorize", navigate("https://sts.contoso.example/adfs/oauth2/authorize", &params).html(FORM))
        .exchange("token", program("https://sts.contoso.example/adfs/oauth2/token", &[("grant_type", "password")]).status(400));
    let told = crate::told::analysis(&capture);
    assert_eq!((told.verdict.name(), told.attempts.len(), told.diagnoses.len()), ("no-entra-traffic", 0, 0));
}
