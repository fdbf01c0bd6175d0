//! SAML and WS-Federation messages: what tells of the request and its outcome stays, assertions do not.

use super::Rewriter;
use crate::capture::parse_xml;
use crate::entra::{LONGEST_SAML_MESSAGE, MOST_SAML_NODES, base64url};
use crate::redact::kind::Kind;
use crate::redact::names::Meaning;
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use flate2::read::DeflateDecoder;
use flate2::{Compression, write::DeflateEncoder};
use roxmltree::Node;
use std::io::{Read as _, Write as _};

/// How deep elements are followed.
const DEEPEST: usize = 40;

/// Elements that say who somebody is, or prove it.
const LEFT_OUT: &[&str] =
    &["Signature", "EncryptedAssertion", "AttributeStatement", "RequestedSecurityToken", "KeyInfo", "EncryptedID", "Extensions"];

/// Attributes that stay, and what they are.
const ATTRIBUTES: &[(&str, Meaning)] = &[
    ("ID", Meaning::KeepId),
    ("InResponseTo", Meaning::KeepId),
    ("Version", Meaning::Keep),
    ("IssueInstant", Meaning::Keep),
    ("Destination", Meaning::Url),
    ("AssertionConsumerServiceURL", Meaning::Url),
    ("Recipient", Meaning::Url),
    ("ProtocolBinding", Meaning::Keep),
    ("IsPassive", Meaning::Keep),
    ("ForceAuthn", Meaning::Keep),
    ("Format", Meaning::Keep),
    ("AllowCreate", Meaning::Keep),
    ("Comparison", Meaning::Keep),
    ("NotBefore", Meaning::Keep),
    ("NotOnOrAfter", Meaning::Keep),
    ("AuthnInstant", Meaning::Keep),
];

/// Attributes that stay on one element alone.
const ATTRIBUTES_OF: &[(&str, &str, Meaning)] = &[
    ("StatusCode", "Value", Meaning::Keep),
    ("SubjectConfirmation", "Method", Meaning::Keep),
    ("AuthnRequest", "ProviderName", Meaning::Text),
];

/// Elements whose text stays, and what it is.
const TEXTS: &[(&str, Meaning)] = &[
    ("Issuer", Meaning::Url),
    ("Audience", Meaning::Url),
    // Of WS-Addressing: whom a request of WS-Trust asks a token for.
    ("Address", Meaning::Url),
    ("AuthnContextClassRef", Meaning::Keep),
    ("StatusMessage", Meaning::Text),
    ("faultstring", Meaning::Text),
    ("Text", Meaning::Text),
    ("NameID", Meaning::Account),
    // WS-Security's UsernameToken.
    ("Username", Meaning::Account),
    ("Password", Meaning::Secret(Kind::Password)),
    ("SessionIndex", Meaning::Secret(Kind::Id)),
];

impl Rewriter<'_> {
    /// A SAML message in base64, deflated or not. It is cleaned and written in the same way again.
    pub(super) fn saml(&mut self, value: &str) -> String {
        let compact: String = value.chars().filter(|c| !c.is_whitespace()).collect();
        let cleaned = base64url(&compact).and_then(|bytes| {
            if bytes.starts_with(b"<") {
                return Some(STANDARD.encode(self.xml(std::str::from_utf8(&bytes).ok()?)?));
            }
            let mut xml = String::new();
            DeflateDecoder::new(bytes.as_slice()).take(LONGEST_SAML_MESSAGE).read_to_string(&mut xml).ok()?;
            let xml = self.xml(&xml)?;
            let mut encoder = DeflateEncoder::new(Vec::new(), Compression::default());
            encoder.write_all(xml.as_bytes()).ok()?;
            Some(STANDARD.encode(encoder.finish().ok()?))
        });
        match cleaned {
            // What was met since it was met first is gone from this one too.
            Some(cleaned) => {
                self.vault.replace_with(Kind::Assertion, value, |_| cleaned.clone());
                cleaned
            }
            None => self.vault.replace(Kind::Assertion, value),
        }
    }

    /// A message in XML; `None` for what is none.
    pub(super) fn xml(&mut self, text: &str) -> Option<String> {
        if text.len() as u64 > LONGEST_SAML_MESSAGE {
            return None;
        }
        let document = parse_xml(text.trim_start_matches('\u{FEFF}').trim(), MOST_SAML_NODES)?;
        let mut out = String::new();
        self.element(document.root_element(), &mut out, DEEPEST);
        // No search reaches a message in its coding without destroying it.
        Some(if self.hide_tenant { self.vault.without_tenants(out) } else { out })
    }

    /// What an assertion that is left out says of a person may stand elsewhere too.
    fn collect_attributes(&mut self, node: Node<'_, '_>) {
        for attribute in node.descendants().filter(|node| node.tag_name().name() == "Attribute") {
            let Some(name) = attribute.attribute("Name").or_else(|| attribute.attribute("AttributeName")) else { continue };
            let name = last_part(name);
            for value in attribute.children().filter_map(|value| value.text()).map(str::trim).filter(|text| !text.is_empty()) {
                match crate::redact::names::of_field(name) {
                    Meaning::Named => drop(self.meaning(Meaning::Account, value)),
                    _ => self.collect_member(name, value),
                }
            }
        }
    }

    fn element(&mut self, node: Node<'_, '_>, out: &mut String, depth: usize) {
        let name = node.tag_name().name();
        let Some(depth) = depth.checked_sub(1) else { return };
        if LEFT_OUT.contains(&name) {
            self.collect_attributes(node);
            // That a token was given is the outcome; the token is not.
            if name == "RequestedSecurityToken" {
                out.push_str("<RequestedSecurityToken></RequestedSecurityToken>");
            }
            return;
        }
        // Local names are what is read; one namespace on each element keeps the prefix out of it.
        out.push('<');
        out.push_str(name);
        if let Some(namespace) = node.tag_name().namespace() {
            let namespace = self.prose(namespace);
            attribute(out, "xmlns", &namespace);
        }
        for given in node.attributes() {
            let of_any = ATTRIBUTES.iter().find(|(known, _)| *known == given.name()).map(|(_, meaning)| *meaning);
            let of_this = || ATTRIBUTES_OF.iter().find(|known| (known.0, known.1) == (name, given.name())).map(|known| known.2);
            if let Some(meaning) = of_any.or_else(of_this) {
                let value = self.meaning(meaning, given.value());
                attribute(out, given.name(), &value);
            }
        }
        out.push('>');
        if let Some(text) = node.text().map(str::trim).filter(|text| !text.is_empty()) {
            let meaning = TEXTS.iter().find(|(known, _)| *known == name).map_or(Meaning::Unknown, |(_, meaning)| *meaning);
            out.push_str(&escaped(&self.meaning(meaning, text)));
        }
        for child in node.children().filter(Node::is_element) {
            self.element(child, out, depth);
        }
        out.push_str("</");
        out.push_str(name);
        out.push('>');
    }
}

/// The name of an attribute, without the namespace of the claim: `…/claims/givenname`.
fn last_part(name: &str) -> &str {
    name.rsplit(['/', ':']).next().unwrap_or(name)
}

fn attribute(out: &mut String, name: &str, value: &str) {
    out.extend([" ", name, "=\"", &escaped(value), "\""]);
}

/// Text as it stands in markup.
pub(super) fn escaped(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '"' => out.push_str("&quot;"),
            '\'' => out.push_str("&#39;"),
            other => out.push(other),
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::knowledge::Knowledge;
    use crate::redact::Options;

    static KNOWLEDGE: std::sync::LazyLock<Knowledge> = std::sync::LazyLock::new(Knowledge::builtin);

    fn rewriter() -> Rewriter<'static> {
        Rewriter::new(&KNOWLEDGE, &Options::default())
    }

    #[test]
    fn a_request_keeps_what_it_asks() {
        let xml = r#"<samlp:AuthnRequest xmlns:samlp="urn:p" xmlns:saml="urn:a" ID="id1234567890" IsPassive="true" Odd="secret"><saml:Issuer>https://app.example/saml?x=secretvalue1</saml:Issuer><saml:Subject><saml:NameID>ada@contoso.example</saml:NameID></saml:Subject><ds:Signature xmlns:ds="urn:d">abc</ds:Signature></samlp:AuthnRequest>"#;
        let expected = r#"<AuthnRequest xmlns="urn:p" ID="id1234567890" IsPassive="true"><Issuer xmlns="urn:a">https://app.example/saml?x=redacted-parameter-1</Issuer><Subject xmlns="urn:a"><NameID xmlns="urn:a">account-1@contoso.example</NameID></Subject></AuthnRequest>"#;
        assert_eq!(rewriter().xml(xml).unwrap(), expected);
    }

    #[test]
    fn both_bindings_stay_what_they_are() {
        let xml = r#"<AuthnRequest ID="id1234567890"><Issuer>https://app.example/</Issuer></AuthnRequest>"#;
        let mut encoder = DeflateEncoder::new(Vec::new(), Compression::default());
        encoder.write_all(xml.as_bytes()).unwrap();
        let deflated = STANDARD.encode(encoder.finish().unwrap());
        assert_eq!(rewriter().saml(&STANDARD.encode(xml)), STANDARD.encode(xml));
        assert_eq!(rewriter().saml(&deflated), deflated);
        assert_eq!(rewriter().saml("no message at all"), "redacted-assertion-1");
    }

    #[test]
    fn hostile_markup_is_not_read() {
        assert!(rewriter().xml(r#"<!DOCTYPE a [<!ENTITY b "x">]><a>&b;</a>"#).is_none());
        assert!(rewriter().xml(&"<a>".repeat(100)).is_none());
    }

    #[test]
    fn messages_have_an_end() {
        let nodes = |count: u32| format!("<a>{}</a>", "<b/>".repeat(count as usize));
        assert!(rewriter().xml(&nodes(MOST_SAML_NODES / 2)).is_some() && rewriter().xml(&nodes(MOST_SAML_NODES)).is_none());
        let long = |length: u64| format!("<a>{}</a>", "x ".repeat(length as usize / 2));
        assert!(rewriter().xml(&long(LONGEST_SAML_MESSAGE / 2)).is_some() && rewriter().xml(&long(LONGEST_SAML_MESSAGE)).is_none());
        let deep = |depth: usize| "<a>".repeat(depth) + "<Issuer/>" + &"</a>".repeat(depth);
        let has_issuer = |depth: usize| rewriter().xml(&deep(depth)).unwrap().contains("Issuer");
        assert!(has_issuer(DEEPEST - 1) && !has_issuer(DEEPEST));
    }
}
