//! How attempts end.

use std::fmt;

/// How an attempt ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Outcome {
    /// The application got what it asked for.
    Succeeded,
    /// It got an error, or the person did; or it got nothing, or could not use or keep what it got.
    Failed,
    /// A page was left without an answer.
    Abandoned,
    /// The capture does not show the end.
    Unknown,
}

impl Outcome {
    /// The word in reports.
    pub fn name(self) -> &'static str {
        match self {
            Self::Succeeded => "succeeded",
            Self::Failed => "failed",
            Self::Abandoned => "abandoned",
            Self::Unknown => "unknown",
        }
    }
}

impl fmt::Display for Outcome {
    /// The word in reports.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.name())
    }
}
