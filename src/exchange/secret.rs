//! A value that must never be printed.

/// A cookie value, a code, a token, a password, an account name: whatever could be replayed or names a
/// person. It has no `Display`, no `Debug` and no `Serialize`.
///
/// It cannot be compared either, nor be a key: what somebody wrote in its place is no value. `Secret::told` gives what can.
#[derive(Clone)]
pub struct Secret(String);

impl Secret {
    /// Takes a value out of circulation.
    pub fn new(value: impl Into<String>) -> Self {
        Self(value.into())
    }

    /// Whether there is nothing in it.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// Whether two are written the same, be they values or what somebody wrote in their place: so the same record is known that
    /// stands in two files.
    pub(crate) fn is_written_as(&self, other: &Self) -> bool {
        self.0 == other.0
    }

    /// The value itself. Only `entra`, which decodes, `redact`, which searches, and the reader that opens an
    /// archive with its password may call this; a test lists the callers.
    pub(crate) fn expose(&self) -> &str {
        &self.0
    }
}

/// An address, or the name of a browser, as it is written: what was taken out of it is part of it, so that a redirect is
/// followed all the same. Like [`Secret`] it cannot be printed.
#[derive(Clone, PartialEq, Eq, Hash)]
pub struct Written(Box<str>);

impl Written {
    /// A text, to be compared.
    pub fn new(text: &str) -> Self {
        Self(text.into())
    }
}
