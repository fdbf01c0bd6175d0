//! WS-Federation 1.2, passive requestor profile: Entra ID as the token service of an application.

use crate::support::wire::{ENTRA, navigate, refused_on_page, self_posting_page, served, submit};
use crate::support::{CONTOSO, CaptureBuilder, Entry, capture};
use crate::told::{Failure, failing, healthy};

const REALM: &str = "https://app.example/";
const ATTEMPT: (&str, &str, &str) = ("ws-federation", CONTOSO, REALM);

fn request(extra: &[(&str, &str)]) -> Entry {
    let mut params = vec![("wa", "wsignin1.0"), ("wtrealm", REALM), ("wctx", "rm=0&id=passive&ru=%2f"), ("wct", "2026-11-20T14:00:00Z")];
    params.extend(extra);
    navigate(&format!("{ENTRA}/{CONTOSO}/wsfed"), &params)
}

fn token() -> String {
    format!(
        r#"<t:RequestSecurityTokenResponse xmlns:t="http://schemas.xmlsoap.org/ws/2005/02/trust"><t:RequestedSecurityToken><Assertion xmlns="urn:oasis:names:tc:SAML:2.0:assertion"><Issuer>https://sts.windows.net/{CONTOSO}/</Issuer></Assertion></t:RequestedSecurityToken></t:RequestSecurityTokenResponse>"#
    )
}

fn answered(request: Entry, result: &str) -> CaptureBuilder {
    let params = [("wa", "wsignin1.0"), ("wresult", result), ("wctx", "rm=0&id=passive&ru=%2f")];
    let inputs: Vec<_> = params.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect();
    capture()
        .exchange("request", served(request.html(self_posting_page(REALM, &inputs))))
        .exchange("received", submit(REALM, &params).redirect(REALM))
}

#[test]
fn a_token_is_posted_to_the_application() {
    healthy(&answered(request(&[]), &token()), &[ATTEMPT]);
    healthy(&answered(request(&[("wfresh", "0"), ("whr", "contoso.example")]), &token()), &[ATTEMPT]);
}

#[test]
fn the_page_that_posts_the_token_is_often_lost() {
    healthy(&answered(request(&[]), &token()).edit("request", Entry::losing_response_body), &[ATTEMPT]);
}

#[test]
fn an_application_that_the_tenant_does_not_know() {
    let sentence = "Application with identifier 'https://app.example/' was not found in the directory 'Contoso'.";
    failing(
        &capture().exchange("request", refused_on_page(request(&[]), 700016, sentence)),
        &Failure { code: "AADSTS700016", cause: "app-not-in-tenant", at: "request", attempt: ATTEMPT },
    );
}

#[test]
fn a_fault_in_place_of_a_token() {
    let fault = r#"<S:Fault xmlns:S="http://www.w3.org/2003/05/soap-envelope"><S:Reason><S:Text>AADSTS50105: The signed in user is not assigned to a role for the application.</S:Text></S:Reason></S:Fault>"#;
    let told = failing(
        &answered(request(&[]), fault),
        &Failure { code: "AADSTS50105", cause: "user-not-assigned", at: "request", attempt: ATTEMPT },
    );
    assert_eq!(told.attempts.len(), 1);
}

#[test]
fn signing_out() {
    let request = |path: &str| {
        let params = [("wa", "wsignout1.0"), ("wreply", "https://app.example/bye")];
        served(navigate(&format!("{ENTRA}/{path}"), &params).redirect("https://app.example/bye"))
    };
    healthy(&capture().exchange("sign-out", request(&format!("{CONTOSO}/wsfed"))), &[("sign-out", CONTOSO, "")]);
    healthy(&capture().exchange("sign-out", request("common/wsfederation")), &[("sign-out", "common", "")]);
}
