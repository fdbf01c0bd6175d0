//! Another identity provider in the course of the sign-in.

use super::case::{Case, at, not_recorded, not_seen, seen};
use crate::support::wire::{ENTRA, navigate, program, refused_on_page, submit};
use crate::support::{CaptureBuilder, Entry, capture};

fn adfs() -> Entry {
    navigate("https://sts.contoso.example/adfs/ls/", &[("wa", "wsignin1.0"), ("wtrealm", "urn:federation:MicrosoftOnline")])
}

/// The person is sent on to AD FS, which answers.
fn sent_to(adfs: Entry) -> CaptureBuilder {
    capture().sign_in(|s| s.abandoned()).exchange("adfs", adfs)
}

/// AD FS refuses a program, with these words in its fault.
fn refused(words: &str) -> CaptureBuilder {
    let request = "<s:Envelope><a:Address>urn:federation:MicrosoftOnline</a:Address></s:Envelope>";
    let address = "https://sts.contoso.example/adfs/services/trust/13/usernamemixed";
    let fault = format!("<s:Envelope><s:Body><s:Fault><s:Text>{words}</s:Text></s:Fault></s:Body></s:Envelope>");
    capture().exchange("trust", program(address, &[]).posted("application/soap+xml", request).status(500).html(fault))
}

/// The person types a password into the form of AD FS, which answers with this page.
fn typed(page: &str) -> CaptureBuilder {
    let address = "https://sts.contoso.example/adfs/ls/?wa=wsignin1.0";
    let form = [("UserName", "ada@contoso.example"), ("Password", "of-ada"), ("AuthMethod", "FormsAuthentication")];
    sent_to(adfs().html(FORM)).exchange("typed", submit(address, &form).html(page))
}

const FORM: &str = "<html><form method=post><input name=\"UserName\" type=\"email\" value=\"\"><input name=\"Password\" type=\"password\"></form></html>";

const CREDENTIALS: &str = "ID3242: The security token could not be authenticated or authorized.";
const ACCESS: &str = "MSIS3126: Access denied.";

pub(crate) fn cases() -> Vec<Case> {
    let back = refused_on_page(submit(&format!("{ENTRA}/login.srf"), &[("wa", "wsignin1.0"), ("wresult", "<t/>")]), 50107, "No realm.");
    vec![
        seen("identity-provider.failed", "AD FS is out of order", sent_to(adfs().status(503)), [at("adfs", "request.url").shows("503")]),
        seen(
            "identity-provider.failed",
            "AD FS names an event",
            sent_to(adfs().html("<html><p>MSIS7065: no handler</p></html>")),
            [at("adfs", "request.url")],
        ),
        seen(
            "identity-provider.failed",
            "AD FS is not reached",
            sent_to(adfs().no_response("net::ERR_NAME_NOT_RESOLVED")),
            [at("adfs", "request.url").shows("no response")],
        ),
        not_seen(
            "identity-provider.failed",
            "it is Entra ID that refuses",
            sent_to(adfs()).exchange("back", back),
            [at("adfs", "response"), at("back", "response")],
        ),
        seen(
            "identity-provider.credentials-refused",
            "AD FS does not accept the password",
            refused(CREDENTIALS),
            [at("trust", "response.body").shows("credentials")],
        ),
        not_seen("identity-provider.credentials-refused", "AD FS denies access", refused(ACCESS), [at("trust", "response.body")]),
        not_seen("identity-provider.credentials-refused", "a page of AD FS fails", sent_to(adfs().status(503)), [at("adfs", "request.url")]),
        not_recorded("identity-provider.credentials-refused", "nobody is sent elsewhere", capture().silent_frame(|r| r), "no program was refused"),
        not_recorded(
            "identity-provider.credentials-refused",
            "the reply has lost its body",
            refused(CREDENTIALS).without_response_bodies(),
            "the body of the identity provider's reply",
        ),
        seen(
            "identity-provider.access-denied",
            "AD FS denies access",
            refused(ACCESS),
            [at("trust", "response.body").shows("access denied")],
        ),
        not_seen("identity-provider.access-denied", "it is the password", refused(CREDENTIALS), [at("trust", "response.body")]),
        not_seen("identity-provider.access-denied", "a page of AD FS fails", sent_to(adfs().status(503)), [at("adfs", "request.url")]),
        not_recorded("identity-provider.access-denied", "nobody is sent elsewhere", capture().silent_frame(|r| r), "no program was refused"),
        seen("identity-provider.password-asked-again", "the form comes again", typed(FORM), [at("typed", "request.url").shows("200")]),
        not_seen(
            "identity-provider.password-asked-again",
            "a page that asks for something else",
            typed("<html><p>MSIS7012: no</p><form method=post><input name=\"Code\" type=\"password\"></form></html>"),
            [at("typed", "response.body")],
        ),
        not_seen("identity-provider.password-asked-again", "nobody typed one", sent_to(adfs().status(503)), [at("adfs", "request.url")]),
        not_recorded(
            "identity-provider.password-asked-again",
            "nobody is sent elsewhere",
            capture().silent_frame(|r| r),
            "no other identity provider",
        ),
        not_recorded(
            "identity-provider.password-asked-again",
            "the page is lost",
            typed(FORM).edit("typed", |typed| typed.status(500)).without_response_bodies(),
            "what was posted to the identity provider, or its answer",
        ),
        not_recorded("identity-provider.failed", "nobody is sent elsewhere", capture().silent_frame(|r| r), "no other identity provider"),
    ]
}
