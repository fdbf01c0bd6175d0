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
mod tenant;
mod token;
mod xml;

pub(super) use entry::reads_dropped;

use super::Options;
use super::vault::Vault;
use crate::knowledge::Knowledge;

/// How deep texts are followed that hold texts: an address in a parameter of an address, a pair in a pair.
const DEEPEST: usize = 48;

/// Rewrites text into what may leave.
pub(super) struct Rewriter<'k> {
    knowledge: &'k Knowledge,
    /// Whether ids and domains of tenants and ids of applications are replaced too.
    hide_tenant: bool,
    /// The values that were met.
    pub(super) vault: Vault<'k>,
    /// Whether bodies without sign-in traffic are kept.
    pub(super) keep_bodies: bool,
    /// How many bodies were dropped.
    pub(super) dropped_bodies: usize,
    /// Bodies of the entry at hand that did not go over, and why: the part and the loss as `_entrace` names them.
    lost: Vec<(&'static str, &'static str)>,
    /// How many texts the one at hand stands in.
    depth: usize,
}

impl<'k> Rewriter<'k> {
    pub(super) fn new(knowledge: &'k Knowledge, options: &Options) -> Self {
        Self {
            knowledge,
            hide_tenant: options.hide_tenant,
            // The domain of somebody's address is mostly that of a tenant.
            vault: Vault::new(options.strict || options.hide_tenant),
            keep_bodies: options.keep_bodies,
            dropped_bodies: 0,
            lost: Vec::new(),
            depth: 0,
        }
    }

    /// One that knows all values that this one has met.
    pub(super) fn over(&'k self) -> Self {
        Self {
            knowledge: self.knowledge,
            hide_tenant: self.hide_tenant,
            vault: self.vault.over(),
            keep_bodies: self.keep_bodies,
            dropped_bodies: 0,
            lost: Vec::new(),
            depth: 0,
        }
    }

    /// Rewrites a text that stands in another; what is too deep is left out.
    fn nested(&mut self, rewrite: impl FnOnce(&mut Self) -> String) -> String {
        if self.depth >= DEEPEST {
            return "redacted".to_owned();
        }
        self.depth += 1;
        let out = rewrite(self);
        self.depth -= 1;
        out
    }
}
