//! What the answer to a preflight allows (Fetch, "CORS-preflight fetch"). Browsers' tools show that the request behind it came
//! to nothing; a proxy sees the preflight alone.

use super::client_id::ClientId;
use super::cors::{PreflightRefusal, headers_asked_for};
use super::endpoint::{self, Endpoint};
use super::step::Step;
use super::tenant::Tenant;
use crate::exchange::hosts::{Service, sign_in_host};

/// The authorization request that an answer leads to.
pub(crate) struct LedTo {
    /// The tenant in its path.
    pub(crate) tenant: Option<Tenant>,
    /// The application.
    pub(crate) client: Option<ClientId>,
}

impl<'c> Step<'c> {
    /// Whether this is a preflight, and its answer keeps the browser from sending the request that it asked for.
    pub(crate) fn is_refused_preflight(&self) -> bool {
        self.refused_by_preflight().is_some()
    }

    /// By what the answer to a preflight keeps the browser from sending the request that it asked for.
    pub(crate) fn refused_by_preflight(&self) -> Option<&PreflightRefusal<'c>> {
        self.preflight.refusal.as_ref()
    }

    /// The names of the headers that a preflight asks to send.
    pub(crate) fn headers_asked_for(&self) -> impl Iterator<Item = &'c str> {
        headers_asked_for(self.exchange)
    }

    /// Whether this is a preflight that asks to send a token.
    pub(crate) fn asks_to_send_token(&self) -> bool {
        self.preflight.asks_to_send_token
    }

    /// The authorization request at the sign-in service that the answer redirects to.
    pub(crate) fn authorization_led_to(&self) -> Option<LedTo> {
        let target = self.reply.redirect.as_ref().filter(|_| self.status.is_some_and(|status| (300..400).contains(&status)))?;
        let host = sign_in_host(&target.host).filter(|host| matches!(host.service, Service::Entra | Service::B2c | Service::ExternalId));
        let (step, tenant) = host.map(|_| endpoint::at_entra(target))?;
        let begins = matches!(step, Endpoint::Authorize | Endpoint::Saml | Endpoint::WsFederation);
        begins.then(|| LedTo { tenant, client: target.params.text("client_id").filter(|id| !id.is_empty()).map(ClientId::parse) })
    }
}
