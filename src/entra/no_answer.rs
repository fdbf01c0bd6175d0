//! What it means that a request got no answer: by what a proxy told of it, or by the browser's own name for it.
//!
//! Chromium has `net::ERR_…`, Firefox `NS_ERROR_…`; Safari, and tools that are no browsers, have sentences.

use crate::exchange::{Exchange, NotAnswered, ProxyFailure};

/// Why a request got no answer.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum NoAnswer {
    /// Something inside the browser stopped it: an extension, a content blocker, a policy.
    BlockedByClient,
    /// The page's own Content-Security-Policy stopped it.
    BlockedByPagePolicy,
    /// The browser does not let the page reach an address of the local network (Local Network Access).
    BlockedFromLocalNetwork,
    /// The server was reached, and TLS failed over the certificate that the browser was to present: none was, or one that the
    /// server does not accept.
    ClientCertificate,
    /// A server answered in TLS with a certificate that whoever asked does not trust.
    ServerNotTrusted,
    /// The same: by the clock of whoever asked its time is over, or has not begun.
    ServerCertificateDate,
    /// The computer was connected to no network.
    Offline,
    /// The network became another one while the request was under way.
    NetworkChanged,
    /// The network, or the way to the server, did.
    Unreachable,
    /// Nothing came in time, of the network or of the server.
    TimedOut,
    /// Whoever sent it took it back: the page was left, a frame was taken away.
    Left,
    /// An answer came, which may not be shown in a frame: it says so itself, or does not say what the page around the frame
    /// demands. Chromium has one name for all of it, and most recordings hold no more.
    FramingRefused,
    /// An answer came without the leave that the page around the frame demands (Cross-Origin-Embedder-Policy, HTML §7.1.4).
    EmbeddingRefused,
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
    (NoAnswer::BlockedFromLocalNetwork, &["ERR_BLOCKED_BY_LOCAL_NETWORK_ACCESS_CHECKS", "ERR_BLOCKED_BY_PRIVATE_NETWORK_ACCESS_CHECKS"]),
    (NoAnswer::BlockedByClient, &["ERR_BLOCKED_BY_CLIENT", "ERR_BLOCKED_BY_ADMINISTRATOR", "ERR_BLOCKED_BY_ORB", "blocked:"]),
    (
        NoAnswer::EmbeddingRefused,
        &[
            "ERR_BLOCKED_BY_RESPONSE.CoepFrameResourceNeedsCoepHeader",
            "ERR_BLOCKED_BY_RESPONSE.NotSameOriginAfterDefaultedToSameOriginByCoep",
            "ERR_BLOCKED_BY_RESPONSE.CorpNotSameOriginAfterDefaultedToSameOriginByCoep",
        ],
    ),
    (NoAnswer::FramingRefused, &["ERR_BLOCKED_BY_RESPONSE"]),
    (NoAnswer::TimedOut, &["ERR_TIMED_OUT", "ERR_CONNECTION_TIMED_OUT", "NS_ERROR_NET_TIMEOUT", "ETIMEDOUT"]),
    (
        NoAnswer::ClientCertificate,
        &[
            "ERR_BAD_SSL_CLIENT_AUTH_CERT",
            "ERR_SSL_CLIENT_AUTH_",
            "SSL_ERROR_BAD_CERT_ALERT",
            "SSL_ERROR_NO_CERTIFICATE",
            "SSL_ERROR_RX_CERTIFICATE_REQUIRED_ALERT",
        ],
    ),
    (
        NoAnswer::ServerCertificateDate,
        &["ERR_CERT_DATE_INVALID", "SEC_ERROR_EXPIRED_", "MOZILLA_PKIX_ERROR_NOT_YET_VALID_", "CERT_HAS_EXPIRED", "CERT_NOT_YET_VALID"],
    ),
    (
        NoAnswer::ServerNotTrusted,
        &[
            "ERR_CERT_",
            "ERR_CERTIFICATE_TRANSPARENCY_REQUIRED",
            "SEC_ERROR_UNKNOWN_ISSUER",
            "SEC_ERROR_UNTRUSTED_",
            "SSL_ERROR_BAD_CERT_DOMAIN",
            "MOZILLA_PKIX_ERROR_",
            "UNABLE_TO_VERIFY_LEAF_SIGNATURE",
            "UNABLE_TO_GET_ISSUER_CERT",
            "SELF_SIGNED_CERT",
        ],
    ),
    (NoAnswer::Offline, &["ERR_INTERNET_DISCONNECTED", "NS_ERROR_OFFLINE"]),
    (NoAnswer::NetworkChanged, &["ERR_NETWORK_CHANGED", "ERR_NETWORK_IO_SUSPENDED"]),
    (
        NoAnswer::Unreachable,
        &[
            "ERR_NAME_NOT_RESOLVED",
            "ERR_CONNECTION_",
            "ERR_TUNNEL_CONNECTION_FAILED",
            "ERR_PROXY_",
            "ERR_SSL_",
            "ERR_ADDRESS_UNREACHABLE",
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
        ],
    ),
    (NoAnswer::Left, &["ERR_ABORTED", "NS_BINDING_ABORTED"]),
    (NoAnswer::KeptFromPage, &["ERR_FAILED", "CORS", "NS_ERROR_DOM_BAD_URI"]),
];

/// Parts of sentences, lower case: those of Safari, and those of the system and of OpenSSL that tools hand on.
const SENTENCES: &[(NoAnswer, &[&str])] = &[
    (NoAnswer::TimedOut, &["timed out"]),
    (NoAnswer::ServerCertificateDate, &["certificate has expired", "certificate is not yet valid"]),
    (
        NoAnswer::ServerNotTrusted,
        &["certificate verify failed", "self-signed certificate", "self signed certificate", "local issuer certificate"],
    ),
    (NoAnswer::Offline, &["internet connection appears to be offline"]),
    (NoAnswer::Unreachable, &["getaddrinfo", "name or service not known", "tls", "certificate", "connection refused"]),
];

/// Names of those where nobody is there to answer: no such host, or nothing that takes connections at that port.
const NO_SERVER: &[&str] = &[
    "ERR_CONNECTION_REFUSED",
    "ERR_NAME_NOT_RESOLVED",
    "NS_ERROR_CONNECTION_REFUSED",
    "NS_ERROR_UNKNOWN_HOST",
    "ECONNREFUSED",
    "ENOTFOUND",
];

impl NoAnswer {
    /// Whether the recorder says that nothing is there to answer.
    pub fn is_for_want_of_server(exchange: &Exchange) -> bool {
        match &exchange.response.failure {
            Some(NotAnswered::Browser(words)) => NO_SERVER.iter().any(|name| words.raw().contains(name)),
            Some(NotAnswered::Proxy(why)) => *why == ProxyFailure::NoHost,
            None => false,
        }
    }

    /// What the recorder says of an exchange; `None` where it says nothing, or an answer came.
    pub fn of(exchange: &Exchange) -> Option<Self> {
        exchange.response.failure.as_ref().map(|failure| match failure {
            NotAnswered::Browser(words) => Self::named(words.raw()),
            NotAnswered::Proxy(why) => Self::told_by_proxy(*why),
        })
    }

    fn told_by_proxy(why: ProxyFailure) -> Self {
        match why {
            ProxyFailure::NoHost | ProxyFailure::NoConnection | ProxyFailure::NoTls | ProxyFailure::NoResponse => Self::Unreachable,
            ProxyFailure::ClientLeft => Self::Left,
            ProxyFailure::Stopped | ProxyFailure::Untold => Self::UntoldByProxy,
        }
    }

    /// Whether it is a case of another: there are several ways in which a connection fails, and in which a browser stops a request.
    pub(crate) fn is_case_of(self, wider: Self) -> bool {
        match wider {
            Self::BlockedByClient => matches!(self, Self::BlockedByClient | Self::BlockedByPagePolicy | Self::BlockedFromLocalNetwork),
            Self::Unreachable => matches!(
                self,
                Self::Unreachable | Self::ServerNotTrusted | Self::ServerCertificateDate | Self::Offline | Self::NetworkChanged
            ),
            Self::FramingRefused => matches!(self, Self::FramingRefused | Self::EmbeddingRefused),
            _ => self == wider,
        }
    }

    /// What a browser's own name for it says, where one stands in a text; its sentences may be about anything there.
    pub(super) fn by_name_in(text: &str) -> Option<Self> {
        let is_name =
            |part: &&&str| part.contains('_') && part.bytes().all(|byte| byte.is_ascii_uppercase() || matches!(byte, b'_' | b'2'));
        let found = NAMES.iter().find(|(_, parts)| parts.iter().filter(is_name).any(|part| text.contains(part)));
        found.map(|(why, _)| *why).filter(|why| *why != Self::KeptFromPage)
    }

    /// The word that told it, of those that are known.
    pub(super) fn word(failure: &str) -> Option<&'static str> {
        Self::found(failure).map(|(_, word)| word)
    }

    fn named(failure: &str) -> Self {
        Self::found(failure).map_or(Self::Untold, |(why, _)| why)
    }

    fn found(failure: &str) -> Option<(Self, &'static str)> {
        let in_table = |table: &[(Self, &[&'static str])], text: &str| {
            table.iter().find_map(|(why, parts)| Some((*why, *parts.iter().find(|part| text.contains(**part))?)))
        };
        in_table(NAMES, failure).or_else(|| in_table(SENTENCES, &failure.to_ascii_lowercase()))
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
            ("net::ERR_SSL_PROTOCOL_ERROR", NoAnswer::Unreachable),
            ("net::ERR_SSL_CLIENT_AUTH_CERT_NEEDED", NoAnswer::ClientCertificate),
            ("net::ERR_BAD_SSL_CLIENT_AUTH_CERT", NoAnswer::ClientCertificate),
            ("NS_BINDING_ABORTED", NoAnswer::Left),
            ("net::ERR_BLOCKED_BY_CSP", NoAnswer::BlockedByPagePolicy),
            ("net::ERR_BLOCKED_BY_CLIENT", NoAnswer::BlockedByClient),
            ("net::ERR_FAILED", NoAnswer::KeptFromPage),
            ("The request timed out.", NoAnswer::TimedOut),
            ("A TLS error caused the secure connection to fail.", NoAnswer::Unreachable),
            ("[Errno -2] Name or service not known", NoAnswer::Unreachable),
            ("Refused to frame the page", NoAnswer::Untold),
            ("net::ERR_SOMETHING_NEW", NoAnswer::Untold),
            ("net::ERR_CERT_AUTHORITY_INVALID", NoAnswer::ServerNotTrusted),
            ("net::ERR_CERT_DATE_INVALID", NoAnswer::ServerCertificateDate),
            ("self-signed certificate in certificate chain", NoAnswer::ServerNotTrusted),
            ("net::ERR_INTERNET_DISCONNECTED", NoAnswer::Offline),
            ("net::ERR_NETWORK_CHANGED", NoAnswer::NetworkChanged),
            ("net::ERR_BLOCKED_BY_LOCAL_NETWORK_ACCESS_CHECKS", NoAnswer::BlockedFromLocalNetwork),
        ] {
            assert_eq!(NoAnswer::named(failure), why, "{failure}");
        }
    }
}
