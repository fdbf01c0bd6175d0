//! A sentence in which somebody else's words stand.

use std::fmt;

/// A sentence of our own words, in which a name may stand that somebody else gave: the path of a log, the program that
/// wrote a capture. A report may have to write that in another way.
pub(in crate::report) struct Told<'l> {
    /// All of it where no name is in it, else what comes before the name.
    pub(in crate::report) before: String,
    /// The name, as it was given.
    pub(in crate::report) name: Option<&'l str>,
    /// What follows the name.
    pub(in crate::report) after: String,
}

impl<'l> Told<'l> {
    /// A sentence with a name in it.
    pub(super) fn of(before: impl Into<String>, name: &'l str, after: impl Into<String>) -> Self {
        Self { before: before.into(), name: Some(name), after: after.into() }
    }
}

impl From<String> for Told<'_> {
    fn from(words: String) -> Self {
        Self { before: words, name: None, after: String::new() }
    }
}

impl fmt::Display for Told<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}{}{}", self.before, self.name.unwrap_or_default(), self.after)
    }
}
