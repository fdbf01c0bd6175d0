//! Continuous access evaluation: an API refuses a token that is still valid and asks for one with further claims.

use crate::support::{APP, CLAIMS, CONTOSO, CaptureBuilder, capture};
use crate::told::{Failure, failing, healthy};
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;

const SIGN_IN: (&str, &str, &str) = ("redirect", CONTOSO, APP.client_id);

fn challenged() -> CaptureBuilder {
    let claims = STANDARD.encode(r#"{"access_token":{"nbf":{"essential":true,"value":"1795183200"}}}"#);
    let header = format!(
        r#"Bearer realm="", authorization_uri="https://login.microsoftonline.com/common/oauth2/authorize", client_id="00000003-0000-0000-c000-000000000000", error="insufficient_claims", claims="{claims}""#
    );
    capture().sign_in(|s| s).api_call(move |call| call.url("https://graph.microsoft.com/v1.0/me").challenges(&header))
}

#[test]
fn the_application_passes_the_claims_on() {
    let works =
        |capture: CaptureBuilder| capture.api_call(|call| call.named("again").url("https://graph.microsoft.com/v1.0/me").succeeds());
    let by_refresh = works(challenged().refresh(|t| t.param("claims", CLAIMS).succeeds()));
    healthy(&by_refresh, &[SIGN_IN, ("refresh", CONTOSO, APP.client_id)]);
    let by_frame = works(challenged().silent_frame(|r| r.param("claims", CLAIMS).succeeds()));
    healthy(&by_frame, &[SIGN_IN, ("silent-iframe", CONTOSO, APP.client_id)]);
}

#[test]
fn the_application_does_not_pass_them_on() {
    let attempt = ("api-call", CONTOSO, APP.client_id);
    let failure = Failure { code: "", cause: "claims-challenge-unhandled", at: "api/call", attempt };
    failing(&challenged(), &failure);
    let same_token = challenged().refresh(|t| t.succeeds());
    failing(&same_token, &failure);
}

#[test]
fn the_answer_needs_the_person() {
    let sentence = "The session is not valid due to password expiration or recent password change.";
    let refused = challenged().refresh(|t| t.param("claims", CLAIMS).fails(50133, sentence).error("interaction_required"));
    let told = crate::told::analysis(&refused);
    let codes: Vec<_> = told.diagnoses.iter().map(|told| told.code.map(|code| code.to_string())).collect();
    assert!(codes.contains(&Some("AADSTS50133".to_owned())), "{codes:?}");
    assert_eq!(told.verdict.name(), "failing");
}
