//! Causes that lie in the application's own credential.

use super::row::{Row, at_server, certain, less_sure, likely, lost, named_by_code, neighbour, on_refresh, sibling};
use crate::support::wire::{jwt, navigate};
use crate::support::{Authorize, CaptureBuilder, Entry, OTHER_APP, capture};
use serde_json::json;

/// A server gets the reply of a sign-in.
fn server_receives(answers: impl FnOnce(Entry) -> Entry) -> CaptureBuilder {
    capture().sign_in(|s| s.without_token().request(Authorize::by_server_library)).edit("sign-in/callback", answers)
}

pub(crate) fn rows() -> Vec<Row> {
    const SECRET_ID: &str = "5ec5ec5e-0000-4000-8000-000000000001";
    let secret_id = |code| capture().client_credentials(move |t| t.param("client_secret", SECRET_ID).fails(code, "That is no secret."));
    let with_secret = |code| capture().refresh(move |t| t.param("client_secret", "a~secret").fails(code, "No secret, please."));
    let asserted = |code| {
        let assertion = "eyJ.assertion.x";
        capture().client_credentials(move |t| t.without_param("client_secret").param("client_assertion", assertion).fails(code, "Invalid."))
    };
    let proved = |code| {
        let assertion = jwt(&json!({"iss": OTHER_APP.client_id, "sub": OTHER_APP.client_id, "exp": 1_700_000_000}));
        capture().client_credentials(|t| t.without_param("client_secret").param("client_assertion", assertion).fails(code, "Invalid."))
    };
    let body_lost = |capture: CaptureBuilder, entry| capture.edit(entry, Entry::losing_request_body);
    let skewed = |code: u32| {
        let twice = |capture: CaptureBuilder| capture.client_credentials(move |t| t.fails(code, "The assertion is outside its time."));
        twice(twice(twice(capture().clock_ahead(20))))
    };
    let mut rows = named_by_code(
        at_server,
        &[
            ("client-secret-invalid", 7000215, "That is not the secret."),
            ("client-secret-expired", 7000222, "The secret's time is over."),
            ("client-assertion-invalid", 700027, "The signature does not fit."),
            ("client-assertion-time-wrong", 700024, "The assertion is outside its time."),
            ("client-assertion-for-another-app", 700021, "The assertion names another application."),
            ("client-certificate-revoked", 7000214, "The certificate was taken back."),
            ("federated-credential-mismatch", 70021, "No federated credential fits."),
        ],
    );
    rows.extend([
        certain("client-secret-invalid", "the secret's id was sent in place of its value", secret_id(7000215)),
        less_sure("client-secret-invalid", "the request's body is lost", body_lost(secret_id(7000215), "server/token")),
        certain("client-credential-missing", "the request carries none", on_refresh(7000218, "A credential, please.")),
        less_sure(
            "client-credential-missing",
            "the request's body is lost",
            body_lost(on_refresh(7000218, "A credential, please."), "refresh/token"),
        ),
        neighbour("client-credential-missing", "public-client-sent-credential", "a credential is one too many", with_secret(700025)),
        certain("public-client-sent-credential", "the request carries a secret", with_secret(700025)),
        less_sure("public-client-sent-credential", "the request's body is lost", body_lost(with_secret(700025), "refresh/token")),
        neighbour("public-client-sent-credential", "client-credential-missing", "a credential is wanted", on_refresh(7000218, "Please.")),
        sibling("client-assertion-invalid", "client-secret-invalid", "a secret's id was sent", secret_id(70002)),
        likely("client-secret-invalid", "the code of the first endpoint for a credential, and a secret was sent", at_server(50012, "Invalid.")),
        likely("client-assertion-invalid", "the code of the first endpoint for a credential, and an assertion was sent", asserted(50012)),
        sibling("client-secret-invalid", "client-assertion-invalid", "an assertion was sent", asserted(50012)),
        lost("client-secret-invalid", "what was sent is lost", body_lost(at_server(50012, "Invalid."), "server/token")),
        lost("client-assertion-invalid", "what was sent is lost", body_lost(asserted(50012), "server/token")),
        certain("client-assertion-time-wrong", "by its own word its time is over", proved(700024)),
        less_sure("client-assertion-time-wrong", "what was sent is lost", body_lost(proved(700024), "server/token")),
        certain("client-assertion-for-another-app", "it names another one", proved(700021)),
        less_sure("client-assertion-for-another-app", "what was sent is lost", body_lost(proved(700021), "server/token")),
        sibling("client-assertion-time-wrong", "clock-skew", "the clock is twenty minutes ahead", skewed(700024)),
        likely("clock-skew", "an assertion is outside its time, and the clock is twenty minutes ahead", skewed(700024)),
        likely("federated-issuer-unreachable", "a program proves itself by an assertion", asserted(50166)),
        lost("federated-issuer-unreachable", "what was sent is lost", body_lost(asserted(50166), "server/token")),
        sibling(
            "federated-issuer-unreachable",
            "external-control-unreachable",
            "a person signs in",
            capture().redirect(|r| r.fails_on_a_page(50166, "The outside control is away.")),
        ),
        likely("federated-credential-mismatch", "no issuer fits", at_server(700211, "No such issuer.")),
        likely(
            "client-secret-expired",
            "the server passes the error on to a page of its own",
            server_receives(|entry| entry.redirect("https://app.example/Error?message=AADSTS7000222%3A+It+is+over.")),
        ),
        likely(
            "client-secret-expired",
            "the page that receives the reply says so, as if nothing were wrong",
            server_receives(|entry| entry.html("<p>We could not sign you in. AADSTS7000222: It is over.</p>")),
        ),
        likely(
            "client-secret-expired",
            "the page to which the reply leads says so",
            server_receives(|entry| entry.redirect("https://app.example/login?failed"))
                .exchange("told", navigate("https://app.example/login?failed", &[]).html("<p>AADSTS7000222: It is over.</p>")),
        ),
    ]);
    rows
}
