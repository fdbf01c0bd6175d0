//! What the SAML request insists on.

use super::case::{Case, at, not_recorded, not_seen, seen};
use crate::support::capture;

const REQUEST: &str = "request.url.query.SAMLRequest";
const PASSWORD: &str = "urn:oasis:names:tc:SAML:2.0:ac:classes:PasswordProtectedTransport";

pub(crate) fn cases() -> Vec<Case> {
    let insisting = || capture().saml(|s| s.insisting_on(PASSWORD));
    let garbled = || capture().saml(|s| s.garbled().fails(750054, "SAMLRequest or SAMLResponse must be present."));
    let no_saml = || capture().silent_frame(|r| r);
    vec![
        seen(
            "saml-request.insists-on-method",
            "it names a class of context",
            insisting(),
            [at("saml/request", REQUEST).shows("(not shown)")],
        ),
        not_seen("saml-request.insists-on-method", "it names none", capture().saml(|s| s), [at("saml/request", REQUEST)]),
        not_recorded("saml-request.insists-on-method", "it cannot be decoded", garbled(), "cannot be decoded"),
        not_recorded("saml-request.insists-on-method", "there is none", no_saml(), "no SAML request"),
        seen("saml-request.unreadable", "it is damaged", garbled(), [at("saml/request", REQUEST).shows("(not shown)")]),
        not_seen("saml-request.unreadable", "it is whole", insisting(), [at("saml/request", REQUEST)]),
        not_recorded("saml-request.unreadable", "there is none", no_saml(), "no SAML request"),
    ]
}
