//! What a reply of the sign-in service is known by, whatever host it came from: a custom domain, a proxy, a new cloud.

use crate::exchange::Exchange;
use crate::exchange::hosts::{Service, sign_in_host};

/// Whether the reply came from the sign-in service itself, by its own headers.
pub(super) fn is_sign_in_reply(exchange: &Exchange) -> bool {
    let headers = &exchange.response.headers;
    let at_entra = || {
        let service = exchange.request.url.host().and_then(|host| sign_in_host(&host)).map(|host| host.service);
        matches!(service, Some(Service::Entra | Service::B2c | Service::ExternalId))
    };
    headers.has("x-ms-ests-server") || (headers.has("x-ms-request-id") && at_entra())
}
