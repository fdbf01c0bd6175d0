//! Entra External ID for customers: `ciamlogin.com`, and domains of one's own.

use crate::support::wire::{navigate, program, refused_in_json, refused_on_page, served, with};
use crate::support::{APP, CONTOSO, CaptureBuilder, Entry, capture};
use crate::told::{Failure, failing, healthy};
use serde_json::json;

const CALLBACK: &str = "https://app.example/cb";

fn authorize(authority: &str) -> Entry {
    let params = [
        ("client_id", APP.client_id),
        ("response_type", "code"),
        ("redirect_uri", CALLBACK),
        ("response_mode", "query"),
        ("scope", "openid"),
        ("state", "h7Qx2mVb9Lw4e"),
    ];
    navigate(&format!("{authority}/oauth2/v2.0/authorize"), &params)
}

fn answered(authority: &str) -> CaptureBuilder {
    let code = with(CALLBACK, '?', &[("code", "1.code-1"), ("state", "h7Qx2mVb9Lw4e")]);
    capture().exchange("authorize", served(authorize(authority).redirect(&*code))).exchange("callback", navigate(&code, &[]))
}

#[test]
fn at_the_services_own_hosts() {
    let by_domain = "https://contoso.ciamlogin.com/contoso.onmicrosoft.com";
    healthy(&answered(by_domain), &[("redirect", "contoso.onmicrosoft.com", APP.client_id)]);
    let by_id = format!("https://contoso.ciamlogin.com/{CONTOSO}");
    healthy(&answered(&by_id), &[("redirect", CONTOSO, APP.client_id)]);
    healthy(&answered("https://contoso.ciamlogin.com"), &[("redirect", "contoso.onmicrosoft.com", APP.client_id)]);
}

#[test]
fn under_a_domain_of_ones_own() {
    let authority = format!("https://login.contoso.example/{CONTOSO}");
    healthy(&answered(&authority), &[("redirect", CONTOSO, APP.client_id)]);
    healthy(&answered(&authority).sanitized(), &[("redirect", CONTOSO, APP.client_id)]);
}

#[test]
fn a_customer_at_the_host_for_employees() {
    let refused = refused_on_page(
        authorize(&format!("https://login.microsoftonline.com/{CONTOSO}")),
        500208,
        "The domain is not a valid login domain for the account type.",
    );
    failing(
        &capture().exchange("authorize", refused),
        &Failure {
            code: "AADSTS500208",
            cause: "account-type-not-allowed",
            at: "authorize",
            attempt: ("redirect", CONTOSO, APP.client_id),
        },
    );
}

#[test]
fn an_application_that_the_external_tenant_does_not_know() {
    let attempt = ("redirect", CONTOSO, APP.client_id);
    let failure = Failure { code: "AADSTS700016", cause: "app-not-in-tenant", at: "authorize", attempt };
    for host in ["contoso.ciamlogin.com", "login.contoso.example"] {
        let sentence = "Application with identifier 'a0a0a0a0-0000-4000-8000-000000000001' was not found in the directory 'Contoso'.";
        let refused = refused_on_page(authorize(&format!("https://{host}/{CONTOSO}")), 700016, sentence);
        failing(&capture().exchange("authorize", refused), &failure);
    }
}

#[test]
fn native_authentication() {
    let base = format!("https://contoso.ciamlogin.com/{CONTOSO}/oauth2/v2.0");
    let initiate = || {
        program(&format!("{base}/initiate"), &[("client_id", APP.client_id), ("challenge_type", "password redirect"), ("username", "x")])
    };
    let challenge = program(&format!("{base}/challenge"), &[("client_id", APP.client_id), ("continuation_token", "c1")]);
    let token = program(
        &format!("{base}/token"),
        &[("client_id", APP.client_id), ("continuation_token", "c2"), ("grant_type", "password"), ("password", "p"), ("scope", "openid")],
    );
    let program = ("server-side", CONTOSO, APP.client_id);
    let works = capture()
        .exchange("initiate", served(initiate().json(&json!({"continuation_token": "c1"}))))
        .exchange("challenge", served(challenge.json(&json!({"challenge_type": "password", "continuation_token": "c2"}))))
        .exchange("token", served(token.json(&json!({"token_type": "Bearer", "access_token": "opaque", "id_token": "opaque"}))));
    healthy(&works, &[program]);
    let refused = refused_in_json(initiate(), "user_not_found", 50034, "The user account does not exist in the directory.");
    let told = crate::told::analysis(&capture().exchange("initiate", refused));
    let codes: Vec<String> = told.diagnoses.iter().filter_map(|told| Some(told.code?.to_string())).collect();
    assert_eq!((told.verdict.name(), codes.as_slice()), ("failing", ["AADSTS50034".to_owned()].as_slice()));
}
