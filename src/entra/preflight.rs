//! What the answer to a preflight allows (Fetch, "CORS-preflight fetch"). Browsers' tools show that the request behind it came
//! to nothing; a proxy sees the preflight alone.

use super::authorization::{asks_to_send_token, headers_asked_for};
use super::client_id::ClientId;
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

/// By what the answer to a preflight keeps the browser from sending a request.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum PreflightRefusal<'s> {
    /// Its status is none of success.
    Status,
    /// It does not allow the page's origin.
    Origin,
    /// It does not allow these headers.
    Headers(Vec<&'s str>),
}

impl Step<'_> {
    /// Whether this is a preflight, and its answer keeps the browser from sending the request that it asked for.
    pub(crate) fn is_refused_preflight(&self) -> bool {
        self.refused_by_preflight().is_some()
    }

    /// By what the answer to a preflight keeps the browser from sending the request that it asked for.
    pub(crate) fn refused_by_preflight(&self) -> Option<PreflightRefusal<'_>> {
        let asked = &self.exchange.request.headers;
        let status = self.status.filter(|_| self.method == "OPTIONS" && asked.has("access-control-request-method"))?;
        if !(200..300).contains(&status) {
            return Some(PreflightRefusal::Status);
        }
        if self.exchange.response.headers.absent().is_some() {
            return None;
        }
        let origin = asked.value("origin").map(|origin| origin.raw());
        if !self.allows("access-control-allow-origin", |allowed| Some(allowed) == origin) {
            return Some(PreflightRefusal::Origin);
        }
        let allows_header = |wanted: &str| self.allows("access-control-allow-headers", |allowed| allowed.eq_ignore_ascii_case(wanted));
        let refused: Vec<&str> = self.headers_asked_for().filter(|name| !allows_header(name)).collect();
        (!refused.is_empty()).then_some(PreflightRefusal::Headers(refused))
    }

    /// The names of the headers that a preflight asks to send.
    pub(crate) fn headers_asked_for(&self) -> impl Iterator<Item = &str> {
        headers_asked_for(self.exchange)
    }

    /// Whether this is a preflight that asks to send a token.
    pub(crate) fn asks_to_send_token(&self) -> bool {
        self.method == "OPTIONS" && asks_to_send_token(self.exchange)
    }

    /// The authorization request at the sign-in service that the answer redirects to.
    pub(crate) fn authorization_led_to(&self) -> Option<LedTo> {
        let target = self.reply.redirect.as_ref().filter(|_| self.status.is_some_and(|status| (300..400).contains(&status)))?;
        let host = sign_in_host(&target.host).filter(|host| matches!(host.service, Service::Entra | Service::B2c | Service::ExternalId));
        let (step, tenant) = host.map(|_| endpoint::at_entra(target))?;
        let begins = matches!(step, Endpoint::Authorize | Endpoint::Saml | Endpoint::WsFederation);
        begins.then(|| LedTo { tenant, client: target.params.text("client_id").filter(|id| !id.is_empty()).map(ClientId::parse) })
    }

    /// Whether a header of the answer lists what is wanted, or everything.
    fn allows(&self, header: &str, wanted: impl Fn(&str) -> bool) -> bool {
        let listed = self.exchange.response.headers.all(header).flat_map(|value| value.raw().split(',')).map(str::trim);
        listed.into_iter().any(|allowed| allowed == "*" || wanted(allowed))
    }
}
