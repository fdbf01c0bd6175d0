//! How the application proves itself at the token endpoint, and whether it should.

use super::{Check, Claim, ClaimInfo, LooksAt, Observation, Record, Scene};
use crate::entra::{Endpoint, Evidence};

/// How the application proves itself at the token endpoint.
pub(super) static CHECK: Check = Check {
    name: "client-credential",
    about: "Whether the token request carries a secret or assertion, and of what form",
    looks_at: LooksAt::Circumstances,
    claims: &CLAIMS,
    observe,
};

static CLAIMS: [ClaimInfo; 4] = [
    ClaimInfo {
        name: "client-credential.sent",
        seen: "The token request carries a client secret or assertion.",
        not_seen: "The token request carries neither a client secret nor an assertion.",
        question: "Whether the token request carries a secret or assertion",
        record: RECORD,
    },
    ClaimInfo {
        name: "client-credential.is-assertion",
        seen: "The application proves itself by an assertion, not by a secret.",
        not_seen: "The application proves itself by a secret, not by an assertion.",
        question: "Whether the application proves itself by a secret or by an assertion",
        record: RECORD,
    },
    ClaimInfo {
        name: "client-credential.from-browser",
        seen: "A browser sent the client secret: everybody who uses the application can read it.",
        not_seen: "No browser sent a client secret.",
        question: "Whether a browser sent the client secret",
        record: RECORD,
    },
    ClaimInfo {
        name: "client-credential.looks-like-id",
        seen: "The client secret has the form of a GUID: that is a secret's id in the portal, not its value.",
        not_seen: "The client secret has not the form of a secret's id.",
        question: "Whether the client secret has the form of a secret's id",
        record: RECORD,
    },
];

const RECORD: Record = Record::Told("Record the token request with its body (on the server, where it is made there).");

fn observe(scene: &Scene<'_, '_>) -> Vec<Claim> {
    let [sent, is_assertion, from_browser, looks_like_id] = &CLAIMS;
    let token = Some(scene.failing).filter(|step| step.endpoint == Endpoint::Token && step.params.has("grant_type"));
    let Some(token) = token else {
        let none = || Observation::not_recorded("the token request with its body is not in the capture");
        return CLAIMS.iter().map(|claim| claim.is(none())).collect();
    };
    let place = |name: &str| Evidence::searched(token.entry, format!("request.body.{name}"));
    let basic = scene.names().request_header(token, "authorization").filter(|_| token.has_basic_credential());
    let credential =
        ["client_secret", "client_assertion"].iter().find_map(|name| scene.names().request_param(token, name)).or_else(|| basic.clone());
    let carries = Observation::seen_or(credential.clone(), Observation::not_seen([place("client_secret"), place("client_assertion")]));
    let by_assertion = match (scene.names().request_param(token, "client_assertion"), &credential) {
        (Some(assertion), _) => Observation::seen(assertion),
        (None, Some(_)) => Observation::not_seen([place("client_assertion")]),
        (None, None) => Observation::not_recorded("the token request carries neither a client secret nor an assertion"),
    };
    let browser = match (credential.clone(), token.from_browser()) {
        (None, _) => Observation::not_seen([place("client_secret")]),
        (Some(_), None) => Observation::not_recorded("nothing tells whether a browser made the request"),
        (Some(evidence), Some(true)) => Observation::seen(evidence),
        (Some(_), Some(false)) => Observation::not_seen([place("client_secret")]),
    };
    let of_secret = scene.names().request_param(token, "client_secret").or(basic);
    let shaped = match (of_secret, token.secret_is_guid()) {
        (None, _) => Observation::not_recorded("the token request carries no client secret"),
        (Some(_), None) => Observation::not_recorded("what stands in the place of the client secret cannot be read"),
        (Some(secret), Some(true)) => Observation::seen(secret),
        (Some(secret), Some(false)) => Observation::not_seen([Evidence::searched(token.entry, secret.part().to_owned())]),
    };
    vec![sent.is(carries), is_assertion.is(by_assertion), from_browser.is(browser), looks_like_id.is(shaped)]
}
