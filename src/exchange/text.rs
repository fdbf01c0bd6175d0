//! Text as it stood in a capture: not to be printed, only to be read.

use super::ArcStr;
use std::borrow::Cow;

/// A header value, a body, a recorder's own words. Without `Display`, `Debug` and `Serialize`: what may be
/// shown of it goes through the allow-list in `entra`.
#[derive(Clone, PartialEq, Eq, Hash)]
pub struct RawText(ArcStr);

impl RawText {
    /// Wraps text from a capture.
    pub fn new(text: impl Into<ArcStr>) -> Self {
        Self(text.into())
    }

    /// Length in bytes.
    pub fn len(&self) -> usize {
        self.0.len()
    }

    /// Whether there is nothing in it.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// The text, for those who decode it.
    pub(crate) fn raw(&self) -> &str {
        &self.0
    }

    /// Whether there is no other holder of the copy.
    pub(super) fn is_unshared(&self) -> bool {
        ArcStr::strong_count(&self.0) == Some(1)
    }
}

/// The host of an address, lower case, by the URL standard's own parsing; `None` for what is no absolute URL.
pub(crate) fn host(address: &str) -> Option<Cow<'_, str>> {
    if let Some(host) = plain_host(address) {
        let is_lower = !host.bytes().any(|byte| byte.is_ascii_uppercase());
        return Some(if is_lower { Cow::Borrowed(host) } else { Cow::Owned(host.to_ascii_lowercase()) });
    }
    let url = url::Url::parse(address).ok()?;
    url.host_str().map(|host| Cow::Owned(host.to_ascii_lowercase()))
}

/// The host of an address that is written so plainly that the URL standard leaves nothing to interpret in it: no user,
/// no escapes, nothing beyond ASCII, no number that may be an address. Nearly all are, and parsing takes a
/// microsecond.
fn plain_host(address: &str) -> Option<&str> {
    let rest = ["https://", "http://", "wss://", "ws://"].into_iter().find_map(|scheme| address.strip_prefix(scheme))?;
    let is_plain = |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'.');
    let end = rest.bytes().position(|byte| !is_plain(byte)).unwrap_or(rest.len());
    let (host, after) = rest.split_at_checked(end)?;
    let port = match after.bytes().next() {
        None | Some(b'/' | b'?' | b'#') => "",
        Some(b':') => after.get(1..)?.split(['/', '?', '#']).next().unwrap_or_default(),
        Some(_) => return None,
    };
    let last = memchr::memrchr(b'.', host.as_bytes()).map_or(0, |dot| dot + 1);
    let is_name = host.as_bytes().get(last).is_some_and(u8::is_ascii_alphabetic);
    // What Punycode stands for has to be valid, in whatever letters it is marked.
    let is_marked = |host: &[u8]| host.windows(4).any(|mark| mark.eq_ignore_ascii_case(b"xn--"));
    let is_encoded = memchr::memchr(b'-', host.as_bytes()).is_some() && is_marked(host.as_bytes());
    (is_name && !is_encoded && port.len() <= 4 && port.bytes().all(|byte| byte.is_ascii_digit())).then_some(host)
}

/// Whether an address begins with its scheme (RFC 3986, 3.1) and a host. One within the site often holds another in its
/// query, as `/sign-in?returnUrl=https://app.example/`.
fn is_absolute(address: &str) -> bool {
    let scheme = address.split_once("://").map(|(scheme, _)| scheme.as_bytes());
    matches!(scheme, Some([b'a'..=b'z' | b'A'..=b'Z', rest @ ..]) if rest.iter().all(|byte| byte.is_ascii_alphanumeric() || b"+-.".contains(byte)))
}

/// An address as it stood in a capture, with query and fragment if the recorder kept them.
#[derive(Clone, PartialEq, Eq, Hash)]
pub struct RawUrl(RawText);

impl RawUrl {
    /// Wraps an address from a capture.
    pub fn new(text: impl Into<ArcStr>) -> Self {
        Self(RawText::new(text))
    }

    /// The host, lower case, by the URL standard's own parsing; `None` for what is no absolute URL.
    pub fn host(&self) -> Option<String> {
        host(self.raw()).map(Cow::into_owned)
    }

    /// The address without its fragment: what was on the wire.
    pub(crate) fn without_fragment(&self) -> &str {
        self.raw().split('#').next().unwrap_or_default()
    }

    /// Scheme, host and port, as `https://host:8443`; `None` for what is no absolute http(s) URL.
    pub fn origin(&self) -> Option<String> {
        if let Some(host) = plain_host(self.raw())
            && let Some((scheme, after)) = self.raw().split_once("://")
            && !after.get(host.len()..).is_some_and(|after| after.starts_with(':'))
        {
            return Some(format!("{scheme}://{}", host.to_ascii_lowercase()));
        }
        let url = url::Url::parse(self.raw()).ok()?;
        let origin = url.origin();
        origin.is_tuple().then(|| origin.ascii_serialization())
    }

    /// The address that a `Location` of this request's response leads to.
    pub(crate) fn join<'a>(&self, location: &'a str) -> Cow<'a, str> {
        if is_absolute(location) {
            return Cow::Borrowed(location);
        }
        match url::Url::parse(self.raw()).and_then(|base| base.join(location)) {
            Ok(url) => Cow::Owned(url.into()),
            Err(_) => Cow::Borrowed(location),
        }
    }

    /// The text, for those who decode it.
    pub(crate) fn raw(&self) -> &str {
        self.0.raw()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn a_plain_host_is_what_the_standard_says(
            address in r#"(https?|wss?|HTTP|data)(://|:/|:)([a-zA-Z0-9.%@\\_é-]|[Xx][Nn]--|0x1|	| ){0,9}(:[0-9]{0,6})?([/?#\\][a-z:@]{0,4})?"#
        ) {
            if let Some(host) = plain_host(&address) {
                let parsed = url::Url::parse(&address).ok().and_then(|url| url.host_str().map(str::to_owned));
                prop_assert_eq!(parsed, Some(host.to_ascii_lowercase()), "{}", address);
            }
        }
    }

    #[test]
    fn a_location_within_the_site_may_hold_an_address() {
        let join = |location: &str| RawUrl::new("https://app.example/a/b?c").join(location).into_owned();
        assert_eq!(join("/sign-in?returnUrl=https://app.example/"), "https://app.example/sign-in?returnUrl=https://app.example/");
        assert_eq!(join("//login.example/?u=http://a/"), "https://login.example/?u=http://a/");
        assert_eq!(join("d?u=https://a/"), "https://app.example/a/d?u=https://a/");
        assert_eq!(join("msauth.app://auth/?u=a"), "msauth.app://auth/?u=a");
        assert_eq!(join("https://login.example"), "https://login.example");
    }

    #[test]
    fn hosts_of_addresses() {
        let host = |address: &str| RawUrl::new(address).host();
        assert_eq!(host("https://Login.Example:8443/x").as_deref(), Some("login.example"));
        assert_eq!(host("https://user@login.example/").as_deref(), Some("login.example"));
        assert_eq!(host("https://login%2eexample/").as_deref(), Some("login.example"));
        assert_eq!(host("https://login.example\\@other.example/").as_deref(), Some("login.example"));
        assert_eq!(host("/x"), None);
        for invalid in ["https://xn--bc/", "https://Xn--bc/", "https://a.XN--bc.example/"] {
            assert_eq!(host(invalid), None, "{invalid}");
        }
    }
}
