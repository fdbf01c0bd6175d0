//! Why a flow has no response, by mitmproxy's own words: in its files and in the HAR that it exports.

use crate::exchange::ProxyFailure;

/// Parts of its words, lower case. Much of what it says is the system's or OpenSSL's.
const WORDS: &[(&str, ProxyFailure)] = &[
    ("client disconnected", ProxyFailure::ClientLeft),
    ("connection killed", ProxyFailure::Stopped),
    ("getaddrinfo", ProxyFailure::NoHost),
    ("name or service not known", ProxyFailure::NoHost),
    ("tls", ProxyFailure::NoTls),
    ("certificate", ProxyFailure::NoTls),
    ("server disconnected", ProxyFailure::NoResponse),
    ("server closed", ProxyFailure::NoResponse),
    ("timed out", ProxyFailure::NoConnection),
    ("connect call failed", ProxyFailure::NoConnection),
    ("refused", ProxyFailure::NoConnection),
];

/// What its words say.
pub(in crate::capture) fn meant(words: &str) -> ProxyFailure {
    let words = words.to_ascii_lowercase();
    WORDS.iter().find(|(part, _)| words.contains(part)).map_or(ProxyFailure::Untold, |(_, failure)| *failure)
}
