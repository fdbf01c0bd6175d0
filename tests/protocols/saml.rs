//! SAML 2.0 (Web Browser SSO, Single Logout): Entra ID as the identity provider of an application.

use crate::support::wire::{ENTRA, deflated, encoded, navigate, page, refused_on_page, self_posting_page, served, submit, with};
use crate::support::{CONTOSO, CaptureBuilder, Entry, capture};
use crate::told::{Failure, failing, healthy};
use serde_json::json;

const ISSUER: &str = "https://app.example/saml";
const ACS: &str = "https://app.example/acs";
const ATTEMPT: (&str, &str, &str) = ("saml", CONTOSO, ISSUER);

fn authn_request(attributes: &str) -> String {
    format!(
        r#"<samlp:AuthnRequest xmlns:samlp="urn:oasis:names:tc:SAML:2.0:protocol" xmlns:saml="urn:oasis:names:tc:SAML:2.0:assertion" ID="_request1" Version="2.0" IssueInstant="2026-11-20T14:00:00Z" AssertionConsumerServiceURL="{ACS}"{attributes}><saml:Issuer>{ISSUER}</saml:Issuer><samlp:NameIDPolicy Format="urn:oasis:names:tc:SAML:1.1:nameid-format:emailAddress"/></samlp:AuthnRequest>"#
    )
}

/// A response of Entra ID; `status` holds what is in its `Status`.
fn response(status: &str, assertion: &str) -> String {
    format!(
        r#"<samlp:Response xmlns:samlp="urn:oasis:names:tc:SAML:2.0:protocol" ID="_response1" Version="2.0" IssueInstant="2026-11-20T14:00:09Z" Destination="{ACS}" InResponseTo="_request1"><Issuer xmlns="urn:oasis:names:tc:SAML:2.0:assertion">https://sts.windows.net/{CONTOSO}/</Issuer><samlp:Status>{status}</samlp:Status>{assertion}</samlp:Response>"#
    )
}

fn success() -> String {
    let assertion = r#"<Assertion xmlns="urn:oasis:names:tc:SAML:2.0:assertion" ID="_assertion1" Version="2.0"><Subject><NameID>ada@contoso.example</NameID></Subject></Assertion>"#;
    response(r#"<samlp:StatusCode Value="urn:oasis:names:tc:SAML:2.0:status:Success"/>"#, assertion)
}

fn status(inner: &str, message: &str) -> String {
    let message = if message.is_empty() { String::new() } else { format!("<samlp:StatusMessage>{message}</samlp:StatusMessage>") };
    response(
        &format!(
            r#"<samlp:StatusCode Value="urn:oasis:names:tc:SAML:2.0:status:Responder"><samlp:StatusCode Value="urn:oasis:names:tc:SAML:2.0:status:{inner}"/></samlp:StatusCode>{message}"#
        ),
        "",
    )
}

/// The request in the HTTP-Redirect binding.
fn redirected(attributes: &str) -> Entry {
    let request = deflated(&authn_request(attributes));
    navigate(&format!("{ENTRA}/{CONTOSO}/saml2"), &[("SAMLRequest", &request), ("RelayState", "relay-1")])
}

/// The request in the HTTP-POST binding, without `RelayState`.
fn posted() -> Entry {
    submit(&format!("{ENTRA}/{CONTOSO}/saml2"), &[("SAMLRequest", &encoded(&authn_request("")))])
}

/// The response in the HTTP-POST binding, on the service's page and at the application.
fn answered(request: Entry, response: &str, relay: Option<&str>) -> CaptureBuilder {
    let mut params = vec![("SAMLResponse".to_owned(), encoded(response))];
    params.extend(relay.map(|relay| ("RelayState".to_owned(), relay.to_owned())));
    let form: Vec<_> = params.iter().map(|(name, value)| (name.as_str(), value.as_str())).collect();
    capture()
        .exchange("request", served(request.html(self_posting_page(ACS, &params))))
        .exchange("acs", submit(ACS, &form).redirect("https://app.example/"))
}

#[test]
fn both_bindings_of_the_request() {
    healthy(&answered(redirected(""), &success(), Some("relay-1")), &[ATTEMPT]);
    healthy(&answered(posted(), &success(), None), &[ATTEMPT]);
    let signed = navigate(
        &format!("{ENTRA}/{CONTOSO}/saml2"),
        &[
            ("SAMLRequest", &deflated(&authn_request(r#" ForceAuthn="true""#))),
            ("SigAlg", "http://www.w3.org/2001/04/xmldsig-more#rsa-sha256"),
            ("Signature", "c2lnbmF0dXJl"),
        ],
    );
    healthy(&answered(signed, &success(), None), &[ATTEMPT]);
}

#[test]
fn the_page_that_posts_the_response_is_often_lost() {
    let lost = |capture: CaptureBuilder| capture.edit("request", Entry::losing_response_body);
    healthy(&lost(answered(redirected(""), &success(), Some("relay-1"))), &[ATTEMPT]);
    // Without RelayState, the response names the request that it answers.
    healthy(&lost(answered(posted(), &success(), None)), &[ATTEMPT]);
}

#[test]
fn a_sign_in_that_the_identity_provider_begins() {
    let form = [("SAMLResponse", &*encoded(&success().replace(r#" InResponseTo="_request1""#, "")))];
    let begun_there = capture().exchange("acs", submit(ACS, &form).redirect("https://app.example/"));
    healthy(&begun_there, &[("saml", "", "")]);
    // The same by somebody else's identity provider is none of Entra ID's affairs.
    let other = success().replace(&format!("https://sts.windows.net/{CONTOSO}/"), "https://idp.fabrikam.example");
    let told = crate::told::analysis(&capture().exchange("acs", submit(ACS, &[("SAMLResponse", &*encoded(&other))])));
    assert_eq!((told.attempts.len(), told.diagnoses.len()), (0, 0));
}

#[test]
fn a_request_that_the_service_does_not_accept() {
    let sentence = "Authentication method 'X509, MultiFactor' by which the user authenticated with the service doesn't match requested \
                    authentication method 'Password, ProtectedTransport'.";
    failing(
        &capture().exchange("request", refused_on_page(redirected(""), 75011, sentence)),
        &Failure { code: "AADSTS75011", cause: "saml-request-invalid", at: "request", attempt: ATTEMPT },
    );
}

#[test]
fn a_response_that_names_its_codes() {
    let message = "AADSTS75006: An error occurred while processing a SAML2 Authentication request. AADSTS90011: The SAML authentication \
                   request property 'NameIdentifierPolicy/SPNameQualifier' is not supported.";
    let capture = answered(posted(), &status("RequestUnsupported", message), None);
    let told = failing(&capture, &Failure { code: "AADSTS90011", cause: "not-modelled", at: "request", attempt: ATTEMPT });
    assert_eq!(told.diagnoses[0].also.iter().map(ToString::to_string).collect::<Vec<_>>(), ["AADSTS75006"]);
    assert_eq!(told.attempts.len(), 1, "the application's receiving the response is no attempt of its own");
}

#[test]
fn a_passive_request_that_finds_nobody_signed_in() {
    let capture = answered(redirected(r#" IsPassive="true""#), &status("NoPassive", ""), Some("relay-1"));
    let told = failing(&capture, &Failure { code: "", cause: "undetermined", at: "request", attempt: ATTEMPT });
    let diagnosis = &told.diagnoses[0];
    assert_eq!((diagnosis.error, diagnosis.symptom.map(|symptom| symptom.id())), (Some("NoPassive"), Some("login-required")));
}

#[test]
fn a_response_that_names_a_status_and_no_code() {
    let denied = status("RequestDenied", "");
    let failure = Failure { code: "", cause: "undetermined", at: "request", attempt: ATTEMPT };
    for capture in [answered(redirected(""), &denied, Some("relay-1")), answered(posted(), &denied, None)] {
        let told = failing(&capture, &failure);
        assert_eq!(told.diagnoses[0].error, Some("RequestDenied"));
        assert_eq!(told.attempts.len(), 1);
    }
    let lost = answered(posted(), &denied, None).edit("request", Entry::losing_response_body);
    failing(&lost, &Failure { at: "acs", ..failure });
}

/// The second status says what the service could not give.
#[test]
fn a_kind_of_name_id_that_the_service_does_not_give() {
    let refused = status("InvalidNameIDPolicy", "");
    let capture = answered(redirected(""), &refused, Some("relay-1"));
    let told = failing(&capture, &Failure { code: "", cause: "saml-name-id-format-refused", at: "request", attempt: ATTEMPT });
    assert_eq!(told.diagnoses[0].error, Some("InvalidNameIDPolicy"));
}

#[test]
fn single_logout() {
    let request = format!(
        r#"<samlp:LogoutRequest xmlns:samlp="urn:oasis:names:tc:SAML:2.0:protocol" ID="_logout1" Version="2.0" IssueInstant="2026-11-20T14:00:00Z"><Issuer xmlns="urn:oasis:names:tc:SAML:2.0:assertion">{ISSUER}</Issuer><NameID xmlns="urn:oasis:names:tc:SAML:2.0:assertion">ada@contoso.example</NameID></samlp:LogoutRequest>"#
    );
    let response = r#"<samlp:LogoutResponse xmlns:samlp="urn:oasis:names:tc:SAML:2.0:protocol" ID="_1" InResponseTo="_logout1" Version="2.0"><samlp:Status><samlp:StatusCode Value="urn:oasis:names:tc:SAML:2.0:status:Success"/></samlp:Status></samlp:LogoutResponse>"#;
    let back = with("https://app.example/logged-out", '?', &[("SAMLResponse", &deflated(response))]);
    let sent = navigate(&format!("{ENTRA}/{CONTOSO}/saml2"), &[("SAMLRequest", &deflated(&request))]);
    let capture = || capture().exchange("request", served(sent.clone().redirect(&*back)));
    let attempt = ("sign-out", CONTOSO, ISSUER);
    healthy(&capture().exchange("logged-out", navigate(&back, &[])), &[attempt]);
    let page = page(
        &json!({"pgid": "ConvergedError", "iErrorCode": 750051, "strServiceExceptionMessage": "AADSTS75005: The request is not a valid Saml2 protocol message."}),
    );
    let refused = crate::support::capture().exchange("request", served(sent.html(page)));
    let told = crate::told::analysis(&refused);
    assert_eq!(told.verdict.name(), "failing");
    assert_eq!(told.attempts[0].kind.name(), "sign-out");
}
