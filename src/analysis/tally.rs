//! How many failures of a capture the logs beside it tell.

use crate::diagnosis::Logged;

/// How many failures of a capture were found in the logs of one kind.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct Tally {
    /// Of how many a row or error was found.
    pub joined: usize,
    /// How many several rows or errors could be.
    pub ambiguous: usize,
    /// Of how many none was found.
    pub not_found: usize,
}

impl Tally {
    pub(super) fn add<P, B>(&mut self, logged: &Logged<P, B>) {
        match logged {
            Logged::At { .. } => self.joined += 1,
            Logged::Several { .. } => self.ambiguous += 1,
            Logged::Nowhere => self.not_found += 1,
        }
    }
}
