//! Client credentials (RFC 6749 4.4): an application asks for itself, with a secret, a certificate or a federated
//! credential.

use crate::support::wire::{ENTRA, program, refused_in_json, served};
use crate::support::{APP, CONTOSO, Entry, capture};
use crate::told::{Failure, failing, healthy};
use serde_json::json;

const SERVER: (&str, &str, &str) = ("server-side", CONTOSO, APP.client_id);

#[test]
fn with_a_secret() {
    healthy(&capture().client_credentials(|t| t.succeeds()), &[SERVER]);
}

fn with_certificate() -> Entry {
    let form = [
        ("client_id", APP.client_id),
        ("grant_type", "client_credentials"),
        ("scope", "https://graph.microsoft.com/.default"),
        ("client_assertion_type", "urn:ietf:params:oauth:client-assertion-type:jwt-bearer"),
        ("client_assertion", "eyJhbGciOiJQUzI1NiJ9.e30.c2lnbmF0dXJl"),
    ];
    program(&format!("{ENTRA}/{CONTOSO}/oauth2/v2.0/token"), &form)
}

#[test]
fn with_a_certificate_or_a_federated_credential() {
    let token = json!({"token_type": "Bearer", "expires_in": 3599, "access_token": "opaque"});
    healthy(&capture().exchange("token", served(with_certificate().json(&token))), &[SERVER]);
}

#[test]
fn at_the_older_endpoint_and_by_domain() {
    let form = [
        ("client_id", APP.client_id),
        ("grant_type", "client_credentials"),
        ("client_secret", "s"),
        ("resource", "https://management.azure.com/"),
    ];
    let token =
        json!({"token_type": "Bearer", "expires_in": "3599", "resource": "https://management.azure.com/", "access_token": "opaque"});
    let request = program(&format!("{ENTRA}/contoso.example/oauth2/token"), &form);
    healthy(&capture().exchange("token", served(request.json(&token))), &[("server-side", "contoso.example", APP.client_id)]);
}

#[test]
fn a_wrong_and_an_expired_secret() {
    let failure = |code, cause| Failure { code, cause, at: "server/token", attempt: SERVER };
    failing(&capture().client_credentials(|t| t), &failure("AADSTS7000215", "client-secret-invalid"));
    let expired =
        capture().client_credentials(|t| t.fails(7000222, "The provided client secret keys are expired.").error("invalid_client"));
    failing(&expired, &failure("AADSTS7000222", "client-secret-expired"));
}

#[test]
fn a_federated_credential_that_nothing_matches() {
    let sentence = "No matching federated identity record found for presented assertion issuer 'https://ci.example'.";
    let refused = refused_in_json(with_certificate(), "invalid_client", 70021, sentence);
    let failure = Failure { code: "AADSTS70021", cause: "federated-credential-mismatch", at: "token", attempt: SERVER };
    failing(&capture().exchange("token", refused), &failure);
}
