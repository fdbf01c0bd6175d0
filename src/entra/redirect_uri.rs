//! How two redirect URIs differ.

use super::params::Address;
use crate::exchange::Secret;

/// The one thing in which two redirect URIs differ; `None` where they are equal or differ in more, and where one was taken out of
/// the capture.
pub(crate) fn only_difference(one: &Secret, other: &Secret) -> Option<&'static str> {
    if one.is_same_as(other) != Some(false) {
        return None;
    }
    let (one, other) = (Address::parse(one.expose())?, Address::parse(other.expose())?);
    let same_path = one.path == other.path;
    let port = |address: &Address| address.port;
    let differences = [
        (one.scheme != other.scheme, "the scheme (http or https)"),
        (one.host != other.host, "the host"),
        (one.scheme == other.scheme && port(&one) != port(&other), "the port"),
        (!same_path && one.path.trim_end_matches('/') == other.path.trim_end_matches('/'), "a slash at the end"),
        (!same_path && one.path.eq_ignore_ascii_case(&other.path), "upper and lower case in the path"),
    ];
    let mut found = differences.iter().filter(|(differs, _)| *differs).map(|(_, what)| *what);
    let path_explained =
        same_path || one.path.trim_end_matches('/') == other.path.trim_end_matches('/') || one.path.eq_ignore_ascii_case(&other.path);
    match (found.next(), found.next(), path_explained) {
        (Some(only), None, true) => Some(only),
        (None, None, false) if one.origin() == other.origin() => Some("the path"),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_one_difference_is_named() {
        let base = Secret::new("https://app.example/signin-oidc");
        for (other, difference) in [
            ("http://app.example/signin-oidc", Some("the scheme (http or https)")),
            ("https://www.app.example/signin-oidc", Some("the host")),
            ("https://app.example:8443/signin-oidc", Some("the port")),
            ("https://app.example/signin-oidc/", Some("a slash at the end")),
            ("https://app.example/Signin-OIDC", Some("upper and lower case in the path")),
            ("https://app.example/callback", Some("the path")),
            ("http://www.app.example/callback", None),
            ("https://app.example/signin-oidc", None),
        ] {
            assert_eq!(only_difference(&base, &Secret::new(other)), difference, "{other}");
        }
    }
}
