//! SAML 2.0 messages: what a request asked for, what a response says.

use super::failure::{Carrier, Failure};
use super::protocol_error::{ProtocolError, SamlStatus};
use crate::capture::parse_xml;
use crate::exchange::Secret;
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use chrono::{DateTime, Utc};
use flate2::read::DeflateDecoder;
use roxmltree::Node;
use std::io::Read as _;

/// The longest message that is read, in bytes, deflated ones as they were before. Real ones are a few KiB. Redaction has
/// the same bounds, so that what it replaces was not read either.
pub(crate) const LONGEST_SAML_MESSAGE: u64 = 1 << 20;

/// How many nodes of a message are read. Real ones have some hundred.
pub(crate) const MOST_SAML_NODES: u32 = 20_000;

/// An `AuthnRequest` or `LogoutRequest`.
#[derive(Clone)]
#[non_exhaustive]
pub struct SamlRequest {
    /// The id that a response refers to (`ID`).
    pub id: Option<String>,
    /// The application that asks (`Issuer`).
    pub issuer: Option<String>,
    /// `IsPassive`: SAML's `prompt=none`.
    pub passive: bool,
    /// `ForceAuthn`: SAML's `prompt=login`.
    pub force_authn: bool,
    /// Whether it asks to sign out.
    pub is_logout: bool,
    /// The authentication methods it insists on (`RequestedAuthnContext`).
    pub requested_contexts: Vec<String>,
    /// Where the response shall go.
    pub reply_url: Option<Secret>,
}

impl SamlRequest {
    /// Reads the value of a `SAMLRequest` parameter: base64, deflated in the redirect binding.
    pub(super) fn read(value: &str) -> Option<Self> {
        let xml = message(value)?;
        let document = parse_xml(&xml, MOST_SAML_NODES)?;
        let root = document.root_element();
        let flag = |name: &str| matches!(root.attribute(name), Some("true" | "1"));
        Some(Self {
            id: root.attribute("ID").map(str::to_owned),
            issuer: text_of(&root, "Issuer"),
            passive: flag("IsPassive"),
            force_authn: flag("ForceAuthn"),
            is_logout: root.tag_name().name() == "LogoutRequest",
            requested_contexts: texts_of(&root, "AuthnContextClassRef").collect(),
            reply_url: root.attribute("AssertionConsumerServiceURL").map(Secret::new),
        })
    }
}

/// The failure that a `SAMLResponse` carries; `None` for a success or for what cannot be read.
pub(super) fn response_failure(value: &str, part: String) -> Option<Failure> {
    let xml = message(value)?;
    let document = parse_xml(&xml, MOST_SAML_NODES)?;
    let mut statuses =
        document.descendants().filter(|node| node.tag_name().name() == "StatusCode").filter_map(|node| node.attribute("Value"));
    let outer = statuses.next()?;
    if outer.ends_with(":Success") {
        return None;
    }
    let root = document.root_element();
    let mut failure = Failure::from_text(&text_of(&root, "StatusMessage").unwrap_or_default(), Carrier::SamlStatus, part);
    // The second one says more than the first, which only tells whose fault it is.
    failure.error = statuses.next().and_then(SamlStatus::of).or_else(|| SamlStatus::of(outer)).map(ProtocolError::Saml);
    Some(failure)
}

/// A `Response` or `LogoutResponse`, as far as it is read apart from its status.
#[derive(Clone)]
#[non_exhaustive]
pub struct SamlResponse {
    /// The request that it says it answers (`InResponseTo`).
    pub answers: Option<String>,
    /// Who sends it (`Issuer`).
    pub issuer: Option<String>,
    /// When it was written (`IssueInstant`), UTC.
    pub issued: Option<DateTime<Utc>>,
    /// When the person signed in to the session that it rests on (`AuthnInstant`), UTC.
    pub authenticated: Option<DateTime<Utc>>,
    /// Whom its assertion is made out to (`Audience`).
    pub audience: Option<String>,
}

impl SamlResponse {
    /// Reads the value of a `SAMLResponse` parameter.
    pub(super) fn read(value: &str) -> Option<Self> {
        let xml = message(value)?;
        let document = parse_xml(&xml, MOST_SAML_NODES)?;
        let root = document.root_element();
        let statement = root.descendants().find(|node| node.tag_name().name() == "AuthnStatement");
        Some(Self {
            answers: root.attribute("InResponseTo").map(str::to_owned),
            issuer: text_of(&root, "Issuer"),
            issued: root.attribute("IssueInstant").and_then(instant),
            authenticated: statement.and_then(|statement| statement.attribute("AuthnInstant")).and_then(instant),
            audience: text_of(&root, "Audience"),
        })
    }
}

/// Whether a `SAMLResponse` says that the sign-in worked.
pub(super) fn is_success(value: &str) -> bool {
    message(value).is_some_and(|xml| xml.contains("status:Success"))
}

/// A time of a message (SAML core 1.3.3).
fn instant(text: &str) -> Option<DateTime<Utc>> {
    DateTime::parse_from_rfc3339(text).ok().map(|time| time.to_utc())
}

fn message(value: &str) -> Option<String> {
    let compact: String = value.chars().filter(|c| !c.is_whitespace()).collect();
    let bytes = STANDARD.decode(&compact).ok()?;
    if bytes.starts_with(b"<") {
        return String::from_utf8(bytes).ok().filter(|xml| xml.len() as u64 <= LONGEST_SAML_MESSAGE);
    }
    let mut xml = String::new();
    DeflateDecoder::new(bytes.as_slice()).take(LONGEST_SAML_MESSAGE).read_to_string(&mut xml).ok()?;
    Some(xml)
}

fn texts_of<'a>(root: &'a Node<'a, 'a>, name: &'a str) -> impl Iterator<Item = String> + 'a {
    let wanted = move |node: &Node<'_, '_>| node.is_element() && node.tag_name().name() == name;
    root.descendants().filter(wanted).filter_map(|node| node.text()).map(|text| text.trim().to_owned())
}

fn text_of(root: &Node<'_, '_>, name: &str) -> Option<String> {
    let wanted = |node: &Node<'_, '_>| node.is_element() && node.tag_name().name() == name;
    root.descendants().find(wanted).and_then(|node| node.text()).map(|text| text.trim().to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;
    use flate2::{Compression, write::DeflateEncoder};
    use std::io::Write as _;

    const REQUEST: &str = r#"<samlp:AuthnRequest xmlns:samlp="urn:oasis:names:tc:SAML:2.0:protocol" xmlns:saml="urn:oasis:names:tc:SAML:2.0:assertion" IsPassive="true"><saml:Issuer>https://app.example/saml</saml:Issuer><samlp:RequestedAuthnContext><saml:AuthnContextClassRef>urn:x:Password</saml:AuthnContextClassRef></samlp:RequestedAuthnContext></samlp:AuthnRequest>"#;

    #[test]
    fn both_bindings_are_read() {
        let mut encoder = DeflateEncoder::new(Vec::new(), Compression::default());
        encoder.write_all(REQUEST.as_bytes()).unwrap();
        for value in [STANDARD.encode(encoder.finish().unwrap()), STANDARD.encode(REQUEST)] {
            let request = SamlRequest::read(&value).unwrap();
            assert_eq!(request.issuer.as_deref(), Some("https://app.example/saml"));
            assert_eq!(request.requested_contexts, ["urn:x:Password"]);
            assert!(request.passive && !request.force_authn);
        }
    }

    #[test]
    fn a_failed_response_names_its_code() {
        let xml = r#"<p:Response xmlns:p="urn:p"><p:Status><p:StatusCode Value="urn:oasis:names:tc:SAML:2.0:status:Responder"/><p:StatusMessage>AADSTS75011: no</p:StatusMessage></p:Status></p:Response>"#;
        let failure = response_failure(&STANDARD.encode(xml), "x".to_owned()).unwrap();
        assert_eq!(failure.code().unwrap().number, 75011);
    }

    #[test]
    fn hostile_messages_are_not_read() {
        assert!(SamlRequest::read("!!!").is_none());
        let bomb = r#"<!DOCTYPE a [<!ENTITY b "xxxxxxxxxx">]><a>&b;</a>"#;
        assert!(SamlRequest::read(&STANDARD.encode(bomb)).is_none());
        // What begins behind the longest message is not reached.
        let behind = |blanks: usize| {
            let mut encoder = DeflateEncoder::new(Vec::new(), Compression::fast());
            encoder.write_all(&vec![b' '; blanks]).and_then(|()| encoder.write_all(REQUEST.as_bytes())).unwrap();
            SamlRequest::read(&STANDARD.encode(encoder.finish().unwrap()))
        };
        assert!(behind(1000).is_some() && behind(LONGEST_SAML_MESSAGE as usize).is_none());
        let long = |comment: usize| STANDARD.encode(format!("<!--{}-->{REQUEST}", "x".repeat(comment)));
        assert!(SamlRequest::read(&long(1000)).is_some() && SamlRequest::read(&long(LONGEST_SAML_MESSAGE as usize)).is_none());
        let many =
            |nodes: u32| STANDARD.encode(REQUEST.replace("<saml:Issuer>", &format!("{}<saml:Issuer>", "<a/>".repeat(nodes as usize))));
        assert!(SamlRequest::read(&many(1000)).is_some() && SamlRequest::read(&many(MOST_SAML_NODES)).is_none());
    }
}
