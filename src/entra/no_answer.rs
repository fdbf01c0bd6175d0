//! Why a request got no answer, by the browser's or the proxy's own name for it.
//!
//! Chromium writes `net::ERR_…` into `_error`; Firefox and others write less. What proxies say is told by [`proxy`]'s words.

use crate::exchange::{Exchange, proxy};

/// Why a request got no answer.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum NoAnswer {
    /// Something inside the browser stopped it: an extension, a content blocker, a policy.
    BlockedByClient,
    /// The page's own Content-Security-Policy stopped it.
    BlockedByPagePolicy,
    /// The network, or the way to the server, did.
    Unreachable,
    /// Nothing came in time, of the network or of the server.
    TimedOut,
    /// Whoever sent it took it back: the page was left, a frame was taken away.
    Left,
    /// An answer came, which may not be shown in a frame.
    FramingRefused,
    /// An answer may have come, which the page must not read. Chromium gives every CORS failure the name of failures of any
    /// kind; Firefox names the rule.
    KeptFromPage,
    /// The proxy does not say why, or somebody ended the connection in it: nothing follows for the network.
    UntoldByProxy,
    /// The browser's error is none that tells.
    Untold,
}

/// Parts of names, the narrower before the wider.
const NAMES: &[(NoAnswer, &[&str])] = &[
    (NoAnswer::BlockedByPagePolicy, &["ERR_BLOCKED_BY_CSP", "csp"]),
    (
        NoAnswer::BlockedByClient,
        &[
            "ERR_BLOCKED_BY_CLIENT",
            "ERR_BLOCKED_BY_ADMINISTRATOR",
            "ERR_BLOCKED_BY_ORB",
            "ERR_BLOCKED_BY_LOCAL_NETWORK_ACCESS_CHECKS",
            "blocked:",
        ],
    ),
    (NoAnswer::FramingRefused, &["ERR_BLOCKED_BY_RESPONSE"]),
    (NoAnswer::TimedOut, &["ERR_TIMED_OUT", "ERR_CONNECTION_TIMED_OUT", "NS_ERROR_NET_TIMEOUT", "ETIMEDOUT"]),
    (
        NoAnswer::Unreachable,
        &[
            "ERR_NAME_NOT_RESOLVED",
            "ERR_CONNECTION_",
            "ERR_TUNNEL_CONNECTION_FAILED",
            "ERR_PROXY_",
            "ERR_CERT_",
            "ERR_SSL_",
            "ERR_BAD_SSL_CLIENT_AUTH_CERT",
            "ERR_ADDRESS_UNREACHABLE",
            "ERR_INTERNET_DISCONNECTED",
            "ERR_NETWORK_CHANGED",
            "ERR_EMPTY_RESPONSE",
            "ERR_HTTP2_",
            "ERR_QUIC_",
            "ERR_SOCKET",
            "NS_ERROR_UNKNOWN_HOST",
            "NS_ERROR_CONNECTION_REFUSED",
            "NS_ERROR_NET_",
            "NS_ERROR_PROXY_",
            "SSL_ERROR",
            "ECONNREFUSED",
            "ENOTFOUND",
            "ECONNRESET",
            proxy::NO_HOST,
            proxy::NO_CONNECTION,
            proxy::NO_TLS,
            proxy::NO_RESPONSE,
        ],
    ),
    (NoAnswer::Left, &["ERR_ABORTED", "NS_BINDING_ABORTED", proxy::CLIENT_LEFT]),
    (NoAnswer::KeptFromPage, &["ERR_FAILED", "CORS", "NS_ERROR_DOM_BAD_URI"]),
    (NoAnswer::UntoldByProxy, &[proxy::STOPPED, proxy::UNTOLD]),
];

impl NoAnswer {
    /// What the recorder says of an exchange; `None` where it says nothing, or an answer came.
    pub fn of(exchange: &Exchange) -> Option<Self> {
        exchange.response.failure.as_ref().map(|failure| Self::named(failure.raw()))
    }

    fn named(failure: &str) -> Self {
        let named = |failure: &str| NAMES.iter().find(|(_, names)| names.iter().any(|name| failure.contains(name)));
        // mitmproxy's HAR has its own words in the place of a name.
        let named = named(failure).or_else(|| named(proxy::meant_by_mitmproxy(failure)?));
        named.map_or(Self::Untold, |(why, _)| *why)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_is_one_reason() {
        for (failure, why) in [
            ("net::ERR_CONNECTION_ABORTED", NoAnswer::Unreachable),
            ("net::ERR_ABORTED", NoAnswer::Left),
            ("net::ERR_CONNECTION_TIMED_OUT", NoAnswer::TimedOut),
            ("net::ERR_CONNECTION_RESET", NoAnswer::Unreachable),
            ("NS_BINDING_ABORTED", NoAnswer::Left),
            ("net::ERR_BLOCKED_BY_CSP", NoAnswer::BlockedByPagePolicy),
            ("net::ERR_BLOCKED_BY_CLIENT", NoAnswer::BlockedByClient),
            ("net::ERR_FAILED", NoAnswer::KeptFromPage),
            (proxy::UNTOLD, NoAnswer::UntoldByProxy),
            ("Client disconnected.", NoAnswer::Left),
            ("[Errno -2] Name or service not known", NoAnswer::Unreachable),
            ("Connection killed.", NoAnswer::UntoldByProxy),
            ("net::ERR_SOMETHING_NEW", NoAnswer::Untold),
        ] {
            assert_eq!(NoAnswer::named(failure), why, "{failure}");
        }
    }
}
