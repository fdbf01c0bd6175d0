//! The address of a request, put together of what a recorder keeps of it.

use std::borrow::Cow;

/// The address that a text is already, as proxies are asked for it.
pub(in crate::capture) fn absolute(text: &str) -> Option<&str> {
    let begins_with = |scheme: &&str| text.get(..scheme.len()).is_some_and(|start| start.eq_ignore_ascii_case(scheme));
    ["http://", "https://", "ws://", "wss://"].iter().any(begins_with).then_some(text)
}

/// The scheme; what is not said to be plain was encrypted.
pub(in crate::capture) fn scheme(told: Option<&str>) -> &'static str {
    let is_plain = told.is_some_and(|told| ["http", "ws"].iter().any(|plain| told.eq_ignore_ascii_case(plain)));
    if is_plain { "http" } else { "https" }
}

/// The authority of what was connected to.
pub(in crate::capture) fn authority(host: &str, port: Option<u16>) -> Option<String> {
    let host = in_brackets(host.trim());
    let port = port.filter(|port| *port != 0);
    (!host.is_empty()).then(|| port.map_or_else(|| host.to_string(), |port| format!("{host}:{port}")))
}

/// The address of a request at a host, which may have a port. The one that the scheme has anyway is left out, as
/// browsers do it.
pub(in crate::capture) fn address(scheme: &str, authority: &str, path: Option<&str>) -> String {
    let authority = in_brackets(authority.trim());
    let default = if scheme == "http" { ":80" } else { ":443" };
    let authority = authority.strip_suffix(default).unwrap_or(&authority);
    let path = path.filter(|path| path.starts_with('/')).unwrap_or("/");
    format!("{scheme}://{authority}{path}")
}

/// The address of a tunnel: it has a host and a port and no more.
pub(in crate::capture) fn tunnel(authority: &str) -> Option<String> {
    let authority = authority.split_once("://").map_or(authority, |(_, rest)| rest);
    let authority = authority.split(['/', '?', '#']).next().filter(|authority| !authority.is_empty())?;
    Some(format!("https://{}/", in_brackets(authority)))
}

/// A host as it stands in an address: one of IPv6 has brackets, without which its end would be a port.
fn in_brackets(authority: &str) -> Cow<'_, str> {
    let is_bare = !authority.starts_with('[') && authority.bytes().filter(|byte| *byte == b':').count() > 1;
    if is_bare { format!("[{authority}]").into() } else { authority.into() }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_host_and_a_path_make_an_address() {
        for (scheme, host, path, expected) in [
            ("https", "a.example", Some("/x?y"), "https://a.example/x?y"),
            ("https", " a.example:443 ", Some("*"), "https://a.example/"),
            ("https", "a.example:80", None, "https://a.example:80/"),
            ("http", "a.example:80", None, "http://a.example/"),
            ("http", "a.example:443", None, "http://a.example:443/"),
            ("https", "[::1]:443", None, "https://[::1]/"),
            ("https", "[::1]:8443", None, "https://[::1]:8443/"),
            ("https", "fe80::443", None, "https://[fe80::443]/"),
        ] {
            assert_eq!(address(scheme, host, path), expected);
        }
    }

    #[test]
    fn what_was_connected_to_is_an_authority() {
        assert_eq!(authority("::1", Some(8443)).as_deref(), Some("[::1]:8443"));
        assert_eq!(authority("a.example", Some(0)).as_deref(), Some("a.example"));
        assert_eq!((authority(" ", Some(443)), authority("", None)), (None, None));
    }

    #[test]
    fn a_tunnel_has_a_host_and_a_port_and_no_more() {
        for (told, expected) in [
            ("a.example:443", Some("https://a.example:443/")),
            ("https://a.example:8443/x?y", Some("https://a.example:8443/")),
            ("::1", Some("https://[::1]/")),
            ("", None),
            ("/x", None),
        ] {
            assert_eq!(tunnel(told).as_deref(), expected, "{told}");
        }
    }

    #[test]
    fn schemes() {
        let told = ["HTTP", "ws", "https", "wss", "h2", ""].map(|told| scheme(Some(told)));
        assert_eq!((told, scheme(None)), (["http", "http", "https", "https", "https", "https"], "https"));
        assert_eq!(absolute("HTTPS://a.example/x"), Some("HTTPS://a.example/x"));
        assert_eq!((absolute("/x?https://"), absolute("ftp://a.example")), (None, None));
    }
}
