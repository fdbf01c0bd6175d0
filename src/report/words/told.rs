//! A sentence that names a file.

use std::fmt;

/// A sentence of our own words, in which the path of a log may stand. Its path is somebody else's, and a report may have to
/// write it in another way.
pub(in crate::report) struct Told<'l> {
    /// All of it where no path is in it, else what comes before the path.
    pub(in crate::report) before: String,
    /// The path, as it was given.
    pub(in crate::report) path: Option<&'l str>,
    /// What follows the path.
    pub(in crate::report) after: String,
}

impl<'l> Told<'l> {
    /// A sentence that names a file.
    pub(super) fn of(before: impl Into<String>, path: &'l str, after: impl Into<String>) -> Self {
        Self { before: before.into(), path: Some(path), after: after.into() }
    }
}

impl From<String> for Told<'_> {
    fn from(words: String) -> Self {
        Self { before: words, path: None, after: String::new() }
    }
}

impl fmt::Display for Told<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}{}{}", self.before, self.path.unwrap_or_default(), self.after)
    }
}
