//! Rewrites one entry: every value by what its name says it is.
//!
//! What is written is only what is known to be harmless; all else is replaced. Each file does one kind of text.
//! The first pass over a capture rewrites too, to fill the vault, and throws away what comes out.

mod address;
mod body;
mod entry;
mod field;
mod json;
mod page;
mod prose;
mod token;
mod xml;

use super::vault::Vault;

/// Rewrites text into what may leave.
pub(super) struct Rewriter {
    /// The values that were met.
    pub(super) vault: Vault,
    /// Whether bodies without sign-in traffic are kept.
    pub(super) keep_bodies: bool,
    /// How many bodies were dropped.
    pub(super) dropped_bodies: usize,
}

impl Rewriter {
    pub(super) fn new(vault: Vault, keep_bodies: bool) -> Self {
        Self { vault, keep_bodies, dropped_bodies: 0 }
    }
}
