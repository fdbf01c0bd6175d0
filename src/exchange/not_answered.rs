//! Why no response came.

use super::RawText;

/// Why no response came, as far as the recorder tells.
#[derive(Clone, PartialEq, Eq)]
#[non_exhaustive]
pub enum NotAnswered {
    /// In the words of the browser, or of a tool that has names of its own (`net::ERR_BLOCKED_BY_CLIENT`).
    Browser(RawText),
    /// A proxy says it. Its words may name hosts, so readers put the meaning in their place.
    Proxy(ProxyFailure),
}

/// What a proxy can tell of a request that it got no response for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum ProxyFailure {
    /// The host's name could not be resolved.
    NoHost,
    /// No connection came about.
    NoConnection,
    /// TCP worked, TLS did not.
    NoTls,
    /// The request was sent and nothing came.
    NoResponse,
    /// The client went away first.
    ClientLeft,
    /// Somebody ended the connection in the proxy.
    Stopped,
    /// The proxy does not say why.
    Untold,
}

impl ProxyFailure {
    /// The same in our words.
    pub(crate) fn phrase(self) -> &'static str {
        match self {
            Self::NoHost => "the host name could not be resolved",
            Self::NoConnection => "no connection to the server",
            Self::NoTls => "no TLS connection to the server",
            Self::NoResponse => "the server sent no response",
            Self::ClientLeft => "the client closed the connection",
            Self::Stopped => "the connection was ended in the proxy",
            Self::Untold => "no response",
        }
    }
}
