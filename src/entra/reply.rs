//! What came back: where it leads, what it hands to the application, and what it tells of errors. `read_reply` reads it.

use super::challenge::Challenge;
use super::complaint::{Complaint, ComplaintPlace};
use super::failure::Failure;
use super::handed::Handed;
use super::markup::is_fault;
use super::page::SignInPage;
use super::params::{Address, Params};
use super::refusal::Refusal;
use super::saml;
use super::tenant::Guid;
use super::token::TokenReply;
use crate::exchange::hosts::{Cloud, sign_in_host};
use crate::exchange::{Exchange, Secret, Written};

/// What came back, decoded.
#[derive(Default)]
#[non_exhaustive]
pub struct Reply {
    /// Where the response redirects to.
    pub redirect: Option<Address>,
    /// The reply to the application: a code, tokens, an assertion or an error.
    pub handover: Option<Handover>,
    /// The page of the sign-in service.
    pub page: Option<SignInPage>,
    /// The tokens given out.
    pub tokens: Option<TokenReply>,
    /// Every error it tells, or that the request carried to the application.
    pub failures: Vec<Failure>,
    /// The error that a page of an application names without a sign that it happened here: to be believed only where the
    /// page came in answer to the sign-in's reply.
    pub told_by_page: Option<Failure>,
    /// An API's challenge.
    pub challenge: Option<Challenge>,
    /// What an API that refuses the call does not like about the token, and the part of the exchange that says so: the
    /// challenge, or the body. `None` where neither says it, or both say different things.
    pub complaint: Option<(Complaint, ComplaintPlace)>,
    /// The cloud that a tenant's metadata names as the tenant's own, or in which the code that is handed over is good.
    pub cloud: Option<Cloud>,
    /// The directory of which a tenant's metadata says that it is the tenant's (`issuer`).
    pub directory: Option<Guid>,
    /// The host of the issuer that a tenant's metadata names, lower case.
    pub issuer_host: Option<String>,
    /// The device code that was given out.
    pub device: Option<DeviceCode>,
    /// Whether a token came that is no JSON: an assertion in SOAP, or a reply that is encrypted for a device.
    pub sealed_token: bool,
    /// Where it shows that another identity provider failed or refused, if it does: a part of the exchange.
    pub provider_failed: Option<&'static str>,
    /// What the other identity provider says of a request that it refuses, where that is known.
    pub refusal: Option<Refusal>,
    /// The host of the identity provider that the account is looked up to have, for programs.
    pub named_provider: Option<String>,
    /// Where the service sends a device to prove its key (PKeyAuth); `None` where it does not ask, or asks for the same
    /// request once more.
    pub device_proof: Option<Written>,
    /// Whether the service asks for a proof of the device's key (PKeyAuth).
    pub asks_device_proof: bool,
}

/// What a device gets to show and to ask with (RFC 8628, 3.2).
#[derive(Clone)]
#[non_exhaustive]
pub struct DeviceCode {
    /// What it polls with.
    pub device_code: Secret,
    /// What a person types in, upper case, letters and digits alone.
    pub user_code: Option<Secret>,
}

/// A reply on its way to the application.
#[non_exhaustive]
pub struct Handover {
    /// The part of the exchange that holds it.
    pub part: &'static str,
    /// Where it goes.
    pub target: Option<Address>,
    /// Its parameters.
    pub params: Params,
}

impl Handover {
    /// The part where a page holds it that posts itself.
    pub(super) const IN_PAGE: &str = "response.body";

    /// Whether a page holds it that posts itself (`response_mode=form_post`, SAML's POST binding, WS-Federation).
    pub fn is_in_page(&self) -> bool {
        self.part == Self::IN_PAGE
    }

    /// Whether it carries what the application asked for, and to the application: not what one service of Microsoft's hands to
    /// another, unless it is the page that native clients wait for.
    pub(crate) fn serves_application(&self) -> bool {
        let to_service = |target: &Address| sign_in_host(&target.host).is_some() && !target.path.ends_with("/nativeclient");
        self.succeeds() && !self.target.as_ref().is_some_and(to_service)
    }

    /// Whether it carries what the application asked for.
    pub fn succeeds(&self) -> bool {
        let says = |handed: Handed, wanted: fn(&str) -> bool| self.params.text(handed.name()).is_some_and(wanted);
        let is_good = |handed: Handed| match handed {
            Handed::Code | Handed::IdToken | Handed::AccessToken | Handed::EncryptedReply => true,
            Handed::SamlResponse => says(handed, saml::is_success),
            Handed::WsResult => says(handed, |result| !is_fault(result)),
            Handed::AdminConsent => says(handed, |given| given.eq_ignore_ascii_case("true")),
        };
        Handed::of(&self.params).any(is_good) && !self.params.has("error")
    }
}

/// A device code as it is compared: people type it in any case, with spaces or dashes.
pub(super) fn user_code(text: &str) -> Secret {
    Secret::new(text.chars().filter(char::is_ascii_alphanumeric).map(|c| c.to_ascii_uppercase()).collect::<String>())
}

/// Where the response redirects to, as the next request's address is written: whole, and without its fragment.
pub(crate) fn redirect_target(exchange: &Exchange) -> Option<String> {
    let (_, location) = location(exchange)?;
    exchange.request.url.join(location).split('#').next().map(str::to_owned)
}

/// The part and text of what the response redirects to. The recorder's own field is preferred where it
/// keeps the fragment that the header has lost, the header otherwise.
pub(super) fn location(exchange: &Exchange) -> Option<(&'static str, &str)> {
    let header = exchange.response.headers.get("location").kept().map(|value| value.raw());
    let listed = exchange.response.redirect.as_ref().map(|value| value.raw());
    match (header, listed) {
        (Some(header), Some(listed)) if listed.contains('#') && !header.contains('#') => Some(("response.redirectURL", listed)),
        (Some(header), _) => Some(("response.header.location", header)),
        (None, Some(listed)) => Some(("response.redirectURL", listed)),
        (None, None) => None,
    }
}
