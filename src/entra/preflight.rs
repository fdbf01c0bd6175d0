//! What the answer to a preflight allows (Fetch, "CORS-preflight fetch"). Browsers' tools show that the request behind it came
//! to nothing; a proxy sees the preflight alone.

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

impl Step<'_> {
    /// Whether this is a preflight, and its answer keeps the browser from sending the request that it asked for.
    pub(crate) fn is_refused_preflight(&self) -> bool {
        let asked = &self.exchange.request.headers;
        let Some(status) = self.status.filter(|_| self.method == "OPTIONS" && asked.has("access-control-request-method")) else {
            return false;
        };
        if !(200..300).contains(&status) {
            return true;
        }
        if self.exchange.response.headers.absent().is_some() {
            return false;
        }
        let origin = asked.value("origin").map(|origin| origin.raw());
        let allows_origin = self.allows("access-control-allow-origin", |allowed| Some(allowed) == origin);
        let wanted = asked.all("access-control-request-headers").flat_map(|names| names.raw().split(',')).map(str::trim);
        let allows_header = |wanted: &str| self.allows("access-control-allow-headers", |allowed| allowed.eq_ignore_ascii_case(wanted));
        !allows_origin || !wanted.filter(|name| !name.is_empty()).all(allows_header)
    }

    /// Whether this is a preflight that asks to send a token.
    pub(crate) fn asks_to_send_token(&self) -> bool {
        let names = self.exchange.request.headers.all("access-control-request-headers").flat_map(|names| names.raw().split(','));
        self.method == "OPTIONS" && names.map(str::trim).any(|name| name.eq_ignore_ascii_case("authorization"))
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
