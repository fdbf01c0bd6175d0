//! What the SAML response tells an application that it may not take.

use super::case::{Case, at, not_recorded, not_seen, seen};
use crate::support::{APP, capture};

const INSTANT: &str = "request.body.SAMLResponse.AuthnInstant";
const ISSUED: &str = "request.body.SAMLResponse.IssueInstant";
const AUDIENCE: &str = "request.body.SAMLResponse.Audience";

pub(crate) fn cases() -> Vec<Case> {
    let own = format!("{}/saml", APP.origin);
    let answered = |authenticated: &str, audience: &str| capture().saml(|s| s.answered_for(authenticated, audience));
    let fresh = || answered("2026-11-20T11:59:50Z", &own);
    let old = || answered("2026-11-12T08:00:00Z", &own);
    let encrypted = || capture().saml(|s| s.answered("<EncryptedData/>"));
    vec![
        seen("saml-response.old-session", "it is eight days old", old(), [at("saml/acs", INSTANT).shows("2026-11-12 08:00:00"), at("saml/acs", ISSUED).shows("2026-11-20")]),
        not_seen("saml-response.old-session", "the person has just signed in", fresh(), [at("saml/acs", INSTANT)]),
        not_recorded("saml-response.old-session", "the assertion is encrypted", encrypted(), "is encrypted"),
        not_recorded("saml-response.old-session", "it is no SAML", capture().silent_frame(|r| r), "did not ask by SAML"),
        seen(
            "saml-response.other-audience",
            "the service writes spn: before an id",
            answered("2026-11-20T11:59:50Z", "spn:c0c0c0c0-0000-4000-8000-0000000000aa"),
            [at("saml/acs", AUDIENCE).shows("spn:c0c0c0c0"), at("saml/request", "request.url.query.SAMLRequest.Issuer").shows("/saml")],
        ),
        not_seen("saml-response.other-audience", "it is the one that asked", fresh(), [at("saml/acs", AUDIENCE)]),
        not_recorded("saml-response.other-audience", "the assertion is encrypted", encrypted(), "names no audience"),
        not_recorded("saml-response.other-audience", "it is no SAML", capture().silent_frame(|r| r), "did not ask by SAML"),
    ]
}
