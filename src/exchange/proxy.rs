//! What is told as the failure of an exchange that a proxy recorded without a response. The proxies' own words
//! may name hosts, so readers put these in their place, and the checks know what they mean.

/// The host's name could not be resolved.
pub const NO_HOST: &str = "proxy: the host name could not be resolved";
/// No connection came about.
pub const NO_CONNECTION: &str = "proxy: no connection to the server";
/// TCP worked, TLS did not.
pub const NO_TLS: &str = "proxy: no TLS connection to the server";
/// The request was sent and nothing came.
pub const NO_RESPONSE: &str = "proxy: the server sent no response";
/// The client went away first.
pub const CLIENT_LEFT: &str = "proxy: the client closed the connection before a response came";
/// Somebody ended the connection in the proxy.
pub const STOPPED: &str = "proxy: the connection was ended in the proxy";
/// The proxy does not say why.
pub const UNTOLD: &str = "proxy: no response";

/// What is told as the failure of a flow without a response, by a part of mitmproxy's own words.
const OF_MITMPROXY: &[(&str, &str)] = &[
    ("client disconnected", CLIENT_LEFT),
    ("connection killed", STOPPED),
    ("getaddrinfo", NO_HOST),
    ("name or service not known", NO_HOST),
    ("tls", NO_TLS),
    ("certificate", NO_TLS),
    ("server disconnected", NO_RESPONSE),
    ("server closed", NO_RESPONSE),
    ("timed out", NO_CONNECTION),
    ("connect call failed", NO_CONNECTION),
    ("refused", NO_CONNECTION),
];

/// What mitmproxy's own words say, in its own files and in the HAR that it exports.
pub fn meant_by_mitmproxy(words: &str) -> Option<&'static str> {
    let words = words.to_ascii_lowercase();
    OF_MITMPROXY.iter().find(|(part, _)| words.contains(part)).map(|(_, failure)| *failure)
}
