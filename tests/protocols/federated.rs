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

const TRUST: &str = "https://sts.contoso.example/adfs/services/trust/2005/usernamemixed";
const SAML11: &str = "urn:ietf:params:oauth:grant-type:saml1_1-bearer";

/// MSAL asks whose the account is, and how its provider may be asked.
fn looked_up() -> CaptureBuilder {
    let realm = json!({
        "ver": "1.0", "account_type": "Federated", "domain_name": "contoso.example", "federation_protocol": "WSTrust",
        "federation_metadata_url": "https://sts.contoso.example/adfs/services/trust/mex", "federation_active_auth_url": TRUST,
        "cloud_instance_name": "microsoftonline.com", "cloud_audience_urn": "urn:federation:MicrosoftOnline"
    });
    let address = format!("{ENTRA}/common/UserRealm/{}?api-version=1.0", ADA.name);
    capture().exchange("realm", served(get(&address).header("user-agent", "python-requests/2.32").json(&realm)))
}

fn mex() -> Entry {
    get("https://sts.contoso.example/adfs/services/trust/mex").header("user-agent", "python-requests/2.32")
}

/// A program asks AD FS for an assertion for Entra ID, or for another application.
fn asks_trust(for_whom: &str) -> Entry {
    let body = format!(
        r#"<s:Envelope xmlns:s="http://www.w3.org/2003/05/soap-envelope" xmlns:a="http://www.w3.org/2005/08/addressing"><s:Header><o:Security xmlns:o="http://docs.oasis-open.org/wss/2004/01/oasis-200401-wss-wssecurity-secext-1.0.xsd"><o:UsernameToken><o:Username>{}</o:Username><o:Password>Velvet-Harbor-1</o:Password></o:UsernameToken></o:Security></s:Header><s:Body><trust:RequestSecurityToken xmlns:trust="http://schemas.xmlsoap.org/ws/2005/02/trust"><wsp:AppliesTo xmlns:wsp="http://schemas.xmlsoap.org/ws/2004/09/policy"><a:EndpointReference><a:Address>{for_whom}</a:Address></a:EndpointReference></wsp:AppliesTo></trust:RequestSecurityToken></s:Body></s:Envelope>"#,
        ADA.name
    );
    program(TRUST, &[]).posted("application/soap+xml; charset=utf-8", body)
}

const FOR_ENTRA: &str = "urn:federation:MicrosoftOnline";

fn fault(code: &str, reason: &str) -> String {
    format!(
        r#"<s:Envelope xmlns:s="http://www.w3.org/2003/05/soap-envelope" xmlns:a="http://www.w3.org/2005/08/addressing"><s:Body><s:Fault><s:Code><s:Value>s:Sender</s:Value><s:Subcode><s:Value>a:{code}</s:Value></s:Subcode></s:Code><s:Reason><s:Text xml:lang="en-US">{reason}</s:Text></s:Reason></s:Fault></s:Body></s:Envelope>"#
    )
}

fn gives_assertion(entry: Entry) -> Entry {
    let token = r#"<s:Envelope xmlns:s="http://www.w3.org/2003/05/soap-envelope"><s:Body><t:RequestSecurityTokenResponse xmlns:t="http://schemas.xmlsoap.org/ws/2005/02/trust"><t:RequestedSecurityToken><saml:Assertion xmlns:saml="urn:oasis:names:tc:SAML:1.0:assertion" AssertionID="_a1"/></t:RequestedSecurityToken></t:RequestSecurityTokenResponse></s:Body></s:Envelope>"#;
    entry.html(token)
}

fn turns_in() -> Entry {
    let form = [("client_id", APP.client_id), ("grant_type", SAML11), ("assertion", "PHNhbWw+"), ("scope", "openid")];
    program(&format!("{ENTRA}/organizations/oauth2/v2.0/token"), &form)
}

fn tokens() -> serde_json::Value {
    json!({"token_type": "Bearer", "access_token": jwt(&json!({"tid": CONTOSO, "sub": "ada0ada0-0000-4000-8000-000000000001"}))})
}

const BY_PROGRAM: (&str, &str, &str) = ("server-side", "", "");

#[test]
fn ad_fs_refuses_the_password_that_a_program_sends() {
    let refused = |code: &str, reason: &str| {
        looked_up()
            .exchange("mex", mex().html("<definitions/>"))
            .exchange("trust", asks_trust(FOR_ENTRA).status(500).html(fault(code, reason)))
    };
    for (code, reason, cause) in [
        ("FailedAuthentication", "ID3242: The security token could not be authenticated or authorized.", "federated-credentials-refused"),
        ("RequestFailed", "MSIS3126: Access denied.", "federated-access-denied"),
        ("RequestFailed", "MSIS3127: The specified request failed.", "identity-provider-failed"),
    ] {
        failing(&refused(code, reason), &Failure { code: "", cause, at: "trust", attempt: BY_PROGRAM });
    }
}

#[test]
fn a_program_that_is_refused_by_ad_fs_is_told_without_the_lookup_or_without_the_bodies() {
    let refused =
        || asks_trust(FOR_ENTRA).status(500).html(fault("FailedAuthentication", "ID3242: The security token could not be authenticated."));
    let alone = capture().exchange("trust", refused());
    failing(&alone, &Failure { code: "", cause: "federated-credentials-refused", at: "trust", attempt: BY_PROGRAM });
    let bare = looked_up().exchange("trust", program(TRUST, &[]).status(500));
    failing(&bare, &Failure { code: "", cause: "identity-provider-failed", at: "trust", attempt: BY_PROGRAM });
}

#[test]
fn an_assertion_for_another_application_is_none_of_entra_ids() {
    let refused = asks_trust("https://orders.contoso.example/").status(500).html(fault("FailedAuthentication", "ID3242: x"));
    let told = crate::told::analysis(&capture().exchange("trust", refused));
    assert_eq!((told.attempts.len(), told.diagnoses.len()), (0, 0));
}

#[test]
fn what_ad_fs_gave_a_program_is_turned_in_in_the_same_attempt() {
    let whole = ("server-side", "organizations", APP.client_id);
    let given = || looked_up().exchange("mex", mex().html("<definitions/>")).exchange("trust", gives_assertion(asks_trust(FOR_ENTRA)));
    healthy(&given().exchange("token", served(turns_in().json(&tokens()))), &[whole]);
    inconclusive(&given(), &[BY_PROGRAM]);
    let refused = crate::support::wire::refused_in_json(turns_in(), "invalid_grant", 50008, "SAML assertion validation failed.");
    let told = failing(
        &given().exchange("token", refused),
        &Failure { code: "AADSTS50008", cause: "federated-assertion-invalid", at: "token", attempt: whole },
    );
    assert_eq!(told.attempts.len(), 1);
}

#[test]
fn of_two_assertions_that_were_given_nothing_tells_which_is_turned_in() {
    let given = || gives_assertion(asks_trust(FOR_ENTRA));
    let capture = looked_up()
        .exchange("first", given())
        .exchange("second", given())
        .exchange("token", served(turns_in().json(&tokens())))
        .exchange("again", served(turns_in().json(&tokens())));
    let told = crate::told::analysis(&capture);
    let outcomes: Vec<_> = told.attempts.iter().map(|attempt| attempt.outcome.name()).collect();
    assert_eq!(outcomes, ["unknown", "unknown", "succeeded", "succeeded"]);
}

#[test]
fn a_program_proves_itself_to_ad_fs_by_kerberos() {
    let whole = ("server-side", "organizations", APP.client_id);
    let windows = || program("https://sts.contoso.example/adfs/services/trust/13/windowstransport", &[]);
    let through = looked_up()
        .exchange("asked", windows().status(401).reply_header("www-authenticate", "Negotiate"))
        .exchange("trust", gives_assertion(windows().header("authorization", "Negotiate YII")));
    healthy(&through.exchange("token", served(turns_in().json(&tokens()))), &[whole]);
}

#[test]
fn the_description_of_ad_fs_that_does_not_come_is_a_failure_unless_it_is_done_without() {
    let down = || looked_up().exchange("mex", mex().status(503));
    failing(&down(), &Failure { code: "", cause: "identity-provider-failed", at: "mex", attempt: BY_PROGRAM });
    let whole = ("server-side", "organizations", APP.client_id);
    let without = down().exchange("trust", gives_assertion(asks_trust(FOR_ENTRA))).exchange("token", served(turns_in().json(&tokens())));
    healthy(&without, &[whole]);
}

#[test]
fn a_fault_of_entra_id_that_names_no_code_is_a_refusal() {
    let refused =
        |body: &str| capture().exchange("trust", served(program(&format!("{ENTRA}/rst2.srf"), &[("x", "y")]).status(500).html(body)));
    let told = crate::told::analysis(&refused(&fault("FailedAuthentication", "Authentication Failure")));
    let symptoms: Vec<_> = told.diagnoses.iter().filter_map(|diagnosis| diagnosis.symptom).map(|symptom| symptom.id()).collect();
    assert_eq!(symptoms, ["token-refused"]);
    let told = crate::told::analysis(&refused("<h1>Service unavailable</h1>"));
    let symptoms: Vec<_> = told.diagnoses.iter().filter_map(|diagnosis| diagnosis.symptom).map(|symptom| symptom.id()).collect();
    assert_eq!(symptoms, ["service-error"]);
}

/// What a page of the provider loads is no step of its own: of its host nothing but the path says that it has to do with signing in.
#[test]
fn pictures_and_styles_of_the_providers_page_are_no_steps() {
    let asset = |path: &str, dest: &str| {
        get(format!("https://sts.contoso.example/adfs/portal/{path}"))
            .header("sec-fetch-dest", dest)
            .header("sec-fetch-site", "same-origin")
    };
    let through = begun()
        .exchange("form", at_adfs().html(FORM))
        .exchange("style", asset("css/style.css", "style"))
        .exchange("picture", asset("illustration/illustration.png", "image"))
        .exchange("script", asset("script/onload.js", "script"))
        .exchange("font", asset("font/segoe.woff", "font"))
        .exchange("password", password().html(posts_token()));
    let capture = finished(through, returned());
    let assets = ["style", "picture", "script", "font"].map(|name| capture.entry(name));
    let steps: Vec<usize> = crate::told::analysis(&capture).steps.iter().map(|step| step.entry).collect();
    assert!(steps.contains(&capture.entry("form")) && steps.contains(&capture.entry("password")), "{steps:?}");
    assert!(!steps.iter().any(|entry| assets.contains(entry)), "{steps:?}");
    healthy(&capture, &[ATTEMPT]);
}
