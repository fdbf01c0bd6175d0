//! Seamless SSO: the computer's Kerberos ticket in place of a password.

use crate::support::wire::{ENTRA, navigate, page, program, refused_on_page, served, submit, with};
use crate::support::{ADA, APP, CONTOSO, CaptureBuilder, Entry, Window, capture, get, post_json};
use crate::told::{Failure, failing, healthy};
use serde_json::json;

const ATTEMPT: (&str, &str, &str) = ("redirect", CONTOSO, APP.client_id);
const AUTOLOGON: &str = "https://autologon.microsoftazuread-sso.com/contoso.example/winauth";

/// The page has asked for a name, and tries the computer's ticket.
fn tried() -> CaptureBuilder {
    let params = [
        ("client_id", APP.client_id),
        ("response_type", "code"),
        ("redirect_uri", "https://app.example/cb"),
        ("scope", "openid"),
        ("state", "h7Qx2mVb9Lw4e"),
        ("response_mode", "query"),
    ];
    let asks = page(&json!({"pgid": "ConvergedSignIn", "sErrorCode": "50058", "sCtx": "ctx-1"}));
    let lookup = post_json(format!("{ENTRA}/common/GetCredentialType"), &json!({"username": ADA.name, "originalRequest": "ctx-1"}));
    capture()
        .exchange("authorize", served(navigate(&format!("{ENTRA}/{CONTOSO}/oauth2/v2.0/authorize"), &params).html(asks)))
        .exchange("lookup", served(lookup.json(&json!({"IfExistsResult": 0, "EstsProperties": {"DesktopSsoEnabled": true}}))))
        .exchange("probe", sso("ssoprobe").status(401).reply_header("www-authenticate", "Negotiate"))
        .exchange("asked", sso("sso").status(401).reply_header("www-authenticate", "Negotiate"))
}

fn sso(what: &str) -> Entry {
    get(format!("{AUTOLOGON}/{what}?client-request-id=cccc0000-0000-4000-8000-000000000001")).in_window(Window::Script, "cross-site")
}

fn went_on(entry: Entry) -> Entry {
    let code = with("https://app.example/cb", '?', &[("code", "1.code-1"), ("state", "h7Qx2mVb9Lw4e")]);
    served(entry.redirect(code))
}

fn login(params: &[(&str, &str)]) -> Entry {
    submit(&format!("{ENTRA}/common/login"), &[[("login", ADA.name), ("ctx", "ctx-1")].as_slice(), params].concat())
}

#[test]
fn a_ticket_signs_the_person_in() {
    let ticket = sso("sso").header("authorization", "Negotiate YII").html("<html>token</html>");
    let capture = tried().exchange("ticket", ticket).exchange("login", went_on(login(&[("dssoToken", "token"), ("type", "23")])));
    healthy(&capture, &[ATTEMPT]);
}

#[test]
fn a_computer_outside_the_domain_is_asked_for_the_password() {
    healthy(&tried().exchange("login", went_on(login(&[("passwd", "Velvet-Harbor-1")]))), &[ATTEMPT]);
}

#[test]
fn a_ticket_that_the_service_cannot_use() {
    let ticket = sso("sso").header("authorization", "Negotiate YII").html("<html>token</html>");
    let refused = refused_on_page(login(&[("dssoToken", "token")]), 81009, "Unable to validate user's Kerberos ticket.");
    failing(
        &tried().exchange("ticket", ticket).exchange("login", refused),
        &Failure { code: "AADSTS81009", cause: "kerberos-ticket-refused", at: "login", attempt: ATTEMPT },
    );
}

#[test]
fn a_program_asks_with_a_password() {
    let address = format!("{AUTOLOGON}/trust/2005/usernamemixed");
    let attempt = ("ws-federation", "contoso.example", "");
    let fault = "<S:Envelope xmlns:S=\"http://www.w3.org/2003/05/soap-envelope\"><S:Body><S:Fault><S:Detail><psf:error \
                 xmlns:psf=\"http://schemas.microsoft.com/Passport/SoapServices/SOAPFault\"><psf:internalerror><psf:text>AADSTS50126: Error \
                 validating credentials due to invalid username or password.</psf:text></psf:internalerror></psf:error></S:Detail></S:Fault>\
                 </S:Body></S:Envelope>";
    let refused = program(&address, &[("x", "y")]).status(400).html(fault);
    failing(&capture().exchange("trust", refused), &Failure { code: "AADSTS50126", cause: "wrong-password", at: "trust", attempt });
    let token = "<S:Envelope xmlns:S=\"http://www.w3.org/2003/05/soap-envelope\"><S:Body><wst:RequestSecurityTokenResponse \
                 xmlns:wst=\"http://schemas.xmlsoap.org/ws/2005/02/trust\"><wst:RequestedSecurityToken><DesktopSsoToken>t</DesktopSsoToken>\
                 </wst:RequestedSecurityToken></wst:RequestSecurityTokenResponse></S:Body></S:Envelope>";
    healthy(&capture().exchange("trust", program(&address, &[("x", "y")]).html(token)), &[attempt]);
}
