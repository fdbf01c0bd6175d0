//! WS-Trust at a federated identity provider: a program hands in a name and a password, or a Kerberos ticket, and gets an
//! assertion for Entra ID, which it turns in at the token endpoint.
//!
//! The addresses are those of AD FS (`/adfs/services/trust/2005/usernamemixed`, `…/13/windowstransport`), the request is SOAP, and
//! so is the refusal. Whatever its reason, it comes with the status 500.

use super::endpoint::{Endpoint, NAME_OF_ENTRA};
use super::markup::is_fault;
use super::params::Address;
use super::refusal::Refusal;
use super::saml::MOST_SAML_NODES;
use super::step::Step;
use crate::capture::parse_xml;
use crate::exchange::Secret;
use memchr::memmem;
use serde_json::Value;

/// What the fault in a reply says; `None` where it says nothing that is known.
///
/// The subcode is of WS-Trust 1.3 (§11), the numbers are those of the .NET identity library (ID3242) and of AD FS (MSIS3126).
pub(super) fn refusal(step: &Step<'_>) -> Option<Refusal> {
    let body = step.exchange.response.body.kept().filter(|body| step.is_ws_trust() && is_fault(body.raw()))?.raw();
    let has = |word: &str| memmem::find(body.as_bytes(), word.as_bytes()).is_some();
    if has("MSIS3126:") { Some(Refusal::Access) } else { (has("FailedAuthentication") || has("ID3242:")).then_some(Refusal::Credentials) }
}

/// The host of the identity provider that a lookup of an account names for programs (`userrealm`).
pub(super) fn named_provider(step: &Step<'_>, json: &Value) -> Option<String> {
    let address = json.get("federation_active_auth_url").or_else(|| json.get("federation_metadata_url"))?.as_str()?;
    Address::parse(address).map(|address| address.host).filter(|_| step.endpoint == Endpoint::AccountLookup)
}

impl Step<'_> {
    /// Whether a program asks a federated identity provider for an assertion, or how it may be asked for one.
    pub fn is_ws_trust(&self) -> bool {
        let path = || self.address.as_ref().map(|address| address.path.to_ascii_lowercase());
        self.endpoint == Endpoint::FederatedProvider && path().is_some_and(|path| path.contains("/services/trust/"))
    }

    /// Whether it is the provider's description of how it may be asked (WS-MetadataExchange).
    pub fn is_trust_metadata(&self) -> bool {
        self.is_ws_trust() && self.method == "GET"
    }

    /// Whether the assertion that is asked for is for Entra ID.
    pub fn asks_assertion_for_entra(&self) -> bool {
        let body = self.exchange.request.body.kept().filter(|_| self.is_ws_trust() && self.method == "POST");
        body.is_some_and(|body| memmem::find(body.raw().as_bytes(), NAME_OF_ENTRA.as_bytes()).is_some())
    }

    /// Whether Entra ID answers a request of WS-Trust with a fault, or may do so where the body is lost: a fault comes with the
    /// status 500, whatever is wrong (SOAP 1.2, part 2, 7.5.2).
    pub fn may_be_answered_by_fault(&self) -> bool {
        let is_one = || self.exchange.response.body.kept().is_none_or(|body| is_fault(body.raw()));
        self.endpoint == Endpoint::WsTrust && matches!(self.status, Some(400..=500)) && is_one()
    }

    /// Whether the provider gave the assertion.
    pub fn is_given_assertion(&self) -> bool {
        self.is_ws_trust() && self.method == "POST" && self.reply.provider_failed.is_none() && matches!(self.status, Some(200..300))
    }

    /// The name in a request of WS-Trust (WS-Security's `UsernameToken`).
    pub(super) fn name_in_trust_request(&self) -> Option<Secret> {
        let body = self.exchange.request.body.kept().filter(|_| self.is_ws_trust())?;
        let document = parse_xml(body.raw().trim(), MOST_SAML_NODES)?;
        let named = document.descendants().find(|node| node.tag_name().name() == "Username")?;
        named.text().map(|name| Secret::new(name.trim()))
    }
}
