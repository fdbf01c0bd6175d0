//! A SAML request, answered with an error page.

use super::browser::{CaptureBuilder, SERVICE, from_service};
use super::entry::{Window, encode, get, post};
use super::ids::{APP, CONTOSO};
use super::replies::Failing;
use super::wire::self_posting_page;
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use flate2::Compression;
use flate2::write::DeflateEncoder;
use std::io::Write as _;

/// A SAML request, answered with an error page.
pub(crate) struct SamlSignIn {
    attributes: &'static str,
    context: Option<&'static str>,
    garbled: bool,
    fails: Failing,
    assertion: Option<String>,
}

impl SamlSignIn {
    pub(super) fn new() -> Self {
        let fails = Failing::new(Some(75011), "", "Authentication method by which the user authenticated doesn't match.");
        Self { attributes: "", context: None, garbled: false, fails, assertion: None }
    }

    /// `IsPassive`: no page may be shown.
    pub(crate) fn passive(mut self) -> Self {
        self.attributes = r#" IsPassive="true""#;
        self
    }

    /// The attribute with the address that the answer shall go to.
    pub(crate) fn replying_to(mut self, attribute: &'static str) -> Self {
        self.attributes = attribute;
        self
    }

    /// `RequestedAuthnContext`: one way of signing in.
    pub(crate) fn insisting_on(mut self, context: &'static str) -> Self {
        self.context = Some(context);
        self
    }

    /// The message is damaged.
    pub(crate) fn garbled(mut self) -> Self {
        self.garbled = true;
        self
    }

    /// Fails with another code and sentence.
    pub(crate) fn fails(mut self, code: u32, sentence: &str) -> Self {
        self.fails = Failing::new(Some(code), "", sentence);
        self
    }

    /// The service answers with this assertion, and the application's server fails on it: `saml/acs`.
    pub(crate) fn answered(mut self, assertion: &str) -> Self {
        self.assertion = Some(assertion.to_owned());
        self
    }

    /// The same, with a person who signed in at this time, and made out to this audience. The response is of noon, 2026-11-20.
    pub(crate) fn answered_for(self, authenticated: &str, audience: &str) -> Self {
        self.answered(&format!(
            r#"<Conditions><AudienceRestriction><Audience>{audience}</Audience></AudienceRestriction></Conditions><AuthnStatement AuthnInstant="{authenticated}"/>"#
        ))
    }

    pub(super) fn happen(self, browser: &mut CaptureBuilder) {
        let flow = browser.flow("saml");
        let stamp = browser.stamp();
        let context = self.context.map(|context| {
            format!("<p:RequestedAuthnContext><a:AuthnContextClassRef>{context}</a:AuthnContextClassRef></p:RequestedAuthnContext>")
        });
        let message = format!(
            r#"<p:AuthnRequest xmlns:p="urn:oasis:names:tc:SAML:2.0:protocol" xmlns:a="urn:oasis:names:tc:SAML:2.0:assertion" ID="_1" Version="2.0"{}><a:Issuer>{}/saml</a:Issuer>{}</p:AuthnRequest>"#,
            self.attributes,
            APP.origin,
            context.unwrap_or_default(),
        );
        let mut deflated = DeflateEncoder::new(Vec::new(), Compression::default());
        deflated.write_all(message.as_bytes()).unwrap();
        let request = if self.garbled { "!garbled!".to_owned() } else { STANDARD.encode(deflated.finish().unwrap()) };
        let query = encode(&[("SAMLRequest", &*request), ("RelayState", "relay")]);
        let entry = browser.in_browser(get(format!("{SERVICE}/{CONTOSO}/saml2?{query}")), Window::Page, "cross-site");
        let page = self.fails.page(&stamp);
        let Some(assertion) = self.assertion else {
            browser.record(format!("{flow}/request"), from_service(browser.send_cookies(entry).html(page), &stamp));
            return;
        };
        let acs = format!("{}/acs", APP.origin);
        let response = format!(
            r#"<p:Response xmlns:p="urn:oasis:names:tc:SAML:2.0:protocol" ID="_2" Version="2.0" IssueInstant="2026-11-20T12:00:00Z" InResponseTo="_1" Destination="{acs}"><Issuer xmlns="urn:oasis:names:tc:SAML:2.0:assertion">https://sts.windows.net/{CONTOSO}/</Issuer><p:Status><p:StatusCode Value="urn:oasis:names:tc:SAML:2.0:status:Success"/></p:Status><Assertion xmlns="urn:oasis:names:tc:SAML:2.0:assertion" ID="_3" Version="2.0">{assertion}</Assertion></p:Response>"#
        );
        let form = [("SAMLResponse".to_owned(), STANDARD.encode(response)), ("RelayState".to_owned(), "relay".to_owned())];
        let page = self_posting_page(&acs, &form);
        browser.record(format!("{flow}/request"), from_service(browser.send_cookies(entry).html(page), &stamp));
        let form: Vec<_> = form.iter().map(|(name, value)| (name.as_str(), value.as_str())).collect();
        browser.record(format!("{flow}/acs"), browser.in_browser(post(acs, &form), Window::Page, "cross-site").status(500));
    }
}
