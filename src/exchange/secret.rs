//! A value that must never be printed.

/// A cookie value, a code, a token, a password, an account name: whatever could be replayed or names a
/// person. It has no `Display`, no `Debug` and no `Serialize`; it can only be compared.
#[derive(Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
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

    /// The value itself. Only `entra`, which decodes, `redact`, which searches, and the reader that opens an
    /// archive with its password may call this; a test lists the callers.
    pub(crate) fn expose(&self) -> &str {
        &self.0
    }
}
