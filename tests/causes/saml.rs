//! Causes that lie in SAML messages and in federation.

use super::row::{Row, certain, less_sure, likely, named_by_code, neighbour, on_saml, sibling};
use crate::support::{CaptureBuilder, capture};

pub(crate) fn rows() -> Vec<Row> {
    const PASSWORD: &str = "urn:oasis:names:tc:SAML:2.0:ac:classes:PasswordProtectedTransport";
    let too_old = |capture: CaptureBuilder| capture.saml(|s| s.fails(76026, "The request is too old."));
    let skewed = || too_old(too_old(too_old(capture().clock_ahead(20))));
    let garbled = || capture().saml(|s| s.garbled().fails(75005, "The request is not understood."));
    let mut rows = named_by_code(
        on_saml,
        &[
            ("saml-request-not-signed", 76021, "The request is not signed."),
            ("saml-request-too-old", 76026, "The request is too old."),
            ("federated-assertion-invalid", 5000811, "The key is none of those."),
            ("federated-realm-unknown", 50107, "No such realm."),
            ("federated-assertion-invalid", 50008, "The assertion is no good."),
            ("federated-email-missing", 5000819, "The assertion has no address."),
            ("federated-assertion-invalid", 20012, "The message is no good."),
            ("federated-issuer-mismatch", 399284, "The token has another issuer."),
        ],
    );
    rows.extend([
        certain(
            "saml-request-invalid",
            "it insists on a password",
            capture().saml(|s| s.insisting_on(PASSWORD).fails(75011, "Signed in another way.")),
        ),
        sibling("saml-request-invalid", "saml-request-malformed", "it cannot be decoded", garbled()),
        certain("saml-request-malformed", "it cannot be decoded", garbled()),
        less_sure("saml-request-malformed", "it is not in the capture", garbled().edit("saml/request", |entry| entry.address_without_query())),
        neighbour("saml-request-malformed", "saml-request-invalid", "there is none", on_saml(750054, "There is no request.")),
        less_sure(
            "saml-request-invalid",
            "the recorder damaged the request",
            capture().saml(|s| s.insisting_on(PASSWORD).garbled().fails(75011, "Signed in another way.")),
        ),
        likely("saml-request-invalid", "the service says AADSTS750054", on_saml(750054, "There is no request.")),
        neighbour("saml-request-invalid", "saml-request-not-signed", "it is not signed", on_saml(76021, "The request is not signed.")),
        sibling("saml-request-too-old", "clock-skew", "the clock is twenty minutes ahead", skewed()),
    ]);
    rows
}
