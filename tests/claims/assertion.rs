//! The tokens that a token request hands in.

use super::case::{Case, at, not_recorded, not_seen, seen};
use crate::support::wire::jwt;
use crate::support::{APP, CONTOSO, CaptureBuilder, Entry, FABRIKAM, OTHER_APP, capture};
use serde_json::{Value, json};

const HANDED_IN: &str = "on-behalf-of/token";
const PROOF: &str = "server/token";

/// Long before and long after every capture.
const PAST: i64 = 1_700_000_000;
const FUTURE: i64 = 2_000_000_000;

/// An API hands in a token with these claims.
fn exchanged(claims: &Value) -> CaptureBuilder {
    let assertion = jwt(claims);
    capture().on_behalf_of(|t| t.fails(50013, "Assertion failed signature validation.").param("assertion", assertion))
}

/// An application proves itself by an assertion with these claims.
fn proved(claims: &Value) -> CaptureBuilder {
    let assertion = jwt(claims);
    let refused = "Client assertion is not within its valid time range.";
    capture().client_credentials(|t| t.without_param("client_secret").fails(700_024, refused).param("client_assertion", assertion))
}

fn lost(capture: CaptureBuilder, entry: &str) -> CaptureBuilder {
    capture.edit(entry, Entry::losing_request_body)
}

pub(crate) fn cases() -> Vec<Case> {
    let for_api = |audience: &str| exchanged(&json!({"aud": audience, "tid": CONTOSO, "exp": FUTURE}));
    let by = |issuer: &str, audience: &str| proved(&json!({"iss": issuer, "sub": issuer, "aud": audience, "exp": FUTURE}));
    let outside = "https://token.actions.githubusercontent.com";
    let entra = "https://login.microsoftonline.com/common/oauth2/v2.0/token";
    let aud = "request.body.assertion.aud";
    let proof_aud = "request.body.client_assertion.aud";
    let (no_claims, unreadable) = (exchanged(&json!({})), exchanged(&json!({})).edit(HANDED_IN, |entry| entry.without_reply_header("date")));
    vec![
        seen(
            "assertion.for-another-api",
            "it is for Microsoft Graph",
            for_api("https://graph.microsoft.com"),
            [at(HANDED_IN, aud).shows("graph.microsoft.com")],
        ),
        seen("assertion.for-another-api", "it is for another application", for_api(OTHER_APP.client_id), [at(HANDED_IN, aud).shows("-")]),
        not_seen("assertion.for-another-api", "it is for the application", for_api(APP.client_id), [at(HANDED_IN, aud)]),
        not_seen(
            "assertion.for-another-api",
            "it is for the application by the address of its API",
            for_api(&format!("api://{}", APP.client_id)),
            [at(HANDED_IN, aud)],
        ),
        not_recorded(
            "assertion.for-another-api",
            "an address does not tell whose it is",
            for_api("https://api.contoso.example"),
            "cannot be compared",
        ),
        not_recorded("assertion.for-another-api", "the body is lost", lost(for_api(APP.client_id), HANDED_IN), "with its body"),
        seen(
            "assertion.of-another-tenant",
            "its tenant was not asked",
            exchanged(&json!({"tid": FABRIKAM})),
            [at(HANDED_IN, "request.body.assertion.tid").shows(FABRIKAM)],
        ),
        not_seen(
            "assertion.of-another-tenant",
            "its tenant was asked",
            for_api(APP.client_id),
            [at(HANDED_IN, "request.body.assertion.tid")],
        ),
        not_recorded("assertion.of-another-tenant", "it tells no tenant", no_claims, "tells no tenant"),
        seen(
            "assertion.out-of-time",
            "it has expired",
            exchanged(&json!({"exp": PAST})),
            [at(HANDED_IN, "request.body.assertion.exp").shows("2023-"), at(HANDED_IN, "response.header.date").shows("GMT")],
        ),
        seen(
            "assertion.out-of-time",
            "its time has not begun",
            exchanged(&json!({"nbf": FUTURE, "exp": FUTURE + 3600})),
            [at(HANDED_IN, "request.body.assertion.nbf").shows("2033-"), at(HANDED_IN, "response.header.date").shows("GMT")],
        ),
        not_seen(
            "assertion.out-of-time",
            "its time is not over",
            for_api(APP.client_id),
            [at(HANDED_IN, "request.body.assertion.exp"), at(HANDED_IN, "request.body.assertion.nbf")],
        ),
        not_recorded("assertion.out-of-time", "no reply tells the time", unreadable, "the service's time"),
        not_recorded(
            "assertion.out-of-time",
            "it is no token that can be read",
            capture().on_behalf_of(|t| t.fails(50013, "No.").param("assertion", "PHNhbWw+")),
            "cannot be read",
        ),
        seen(
            "assertion.proof-out-of-time",
            "it has expired",
            proved(&json!({"exp": PAST})),
            [at(PROOF, "request.body.client_assertion.exp").shows("2023-"), at(PROOF, "response.header.date").shows("GMT")],
        ),
        not_seen(
            "assertion.proof-out-of-time",
            "its time is not over",
            by(APP.client_id, entra),
            [at(PROOF, "request.body.client_assertion.exp"), at(PROOF, "request.body.client_assertion.nbf")],
        ),
        not_recorded("assertion.proof-out-of-time", "a secret is sent", capture().client_credentials(|t| t), "no such token"),
        seen(
            "assertion.proof-for-another-app",
            "it names another one",
            by(OTHER_APP.client_id, entra),
            [at(PROOF, "request.body.client_assertion.iss").shows(OTHER_APP.client_id)],
        ),
        not_seen(
            "assertion.proof-for-another-app",
            "it names the application",
            by(APP.client_id, entra),
            [at(PROOF, "request.body.client_assertion.iss")],
        ),
        not_seen(
            "assertion.proof-for-another-app",
            "it comes from elsewhere",
            by(outside, "api://AzureADTokenExchange"),
            [at(PROOF, "request.body.client_assertion.iss")],
        ),
        not_recorded("assertion.proof-for-another-app", "the body is lost", lost(by(APP.client_id, entra), PROOF), "with its body"),
        seen(
            "assertion.proof-audience-unusual",
            "the pipeline asked for another one",
            by(outside, "https://github.com/contoso"),
            [at(PROOF, proof_aud).shows("github.com")],
        ),
        not_seen("assertion.proof-audience-unusual", "it is the usual one", by(outside, "api://AzureADTokenExchange"), [at(PROOF, proof_aud)]),
        not_seen("assertion.proof-audience-unusual", "the application made it", by(APP.client_id, entra), [at(PROOF, proof_aud)]),
        not_recorded("assertion.proof-audience-unusual", "it names none", proved(&json!({"exp": PAST})), "names no audience"),
    ]
}
