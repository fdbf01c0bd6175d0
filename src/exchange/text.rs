//! Text as it stood in a capture: not to be printed, only to be read.

use std::borrow::Cow;

/// A header value, a body, a recorder's own words. Without `Display`, `Debug` and `Serialize`: what may be
/// shown of it goes through the allow-list in `entra`.
#[derive(Clone, PartialEq, Eq, Hash)]
pub struct RawText(Box<str>);

impl RawText {
    /// Wraps text from a capture.
    pub fn new(text: impl Into<Box<str>>) -> Self {
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
}

/// An address as it stood in a capture, with query and fragment if the recorder kept them.
#[derive(Clone, PartialEq, Eq, Hash)]
pub struct RawUrl(RawText);

impl RawUrl {
    /// Wraps an address from a capture.
    pub fn new(text: impl Into<Box<str>>) -> Self {
        Self(RawText::new(text))
    }

    /// The host, lower case, by the URL standard's own parsing; `None` for what is no absolute URL.
    pub fn host(&self) -> Option<String> {
        let url = url::Url::parse(self.raw()).ok()?;
        url.host_str().map(str::to_ascii_lowercase)
    }

    /// The address without its fragment: what was on the wire.
    pub(crate) fn without_fragment(&self) -> &str {
        self.raw().split('#').next().unwrap_or_default()
    }

    /// Scheme, host and port, as `https://host:8443`; `None` for what is no absolute http(s) URL.
    pub fn origin(&self) -> Option<String> {
        let url = url::Url::parse(self.raw()).ok()?;
        let origin = url.origin();
        origin.is_tuple().then(|| origin.ascii_serialization())
    }

    /// The address that a `Location` of this request's response leads to.
    pub(crate) fn join<'a>(&self, location: &'a str) -> Cow<'a, str> {
        if location.contains("://") {
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
