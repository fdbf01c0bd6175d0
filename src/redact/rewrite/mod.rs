//! Rewrites one entry: every value by what its name says it is.
//!
//! What is written is only what is known to be harmless; all else is replaced. Each file does one kind of text.
//! What is asked of the vault for an entry decides whether what comes out stays (`draft`).

mod address;
mod body;
mod coded;
mod commands;
mod commonplace;
mod context;
mod cookies;
mod csv;
mod entry;
mod error_text;
mod field;
mod headers;
mod json;
mod lines;
mod media_type;
mod member;
mod named;
mod page;
mod person;
mod places;
mod prose;
mod remains;
mod spliced;
mod stretches;
mod tables;
mod tenant;
mod tenant_names;
mod token;
mod unchanged;
mod within;
mod xml;

pub(super) use entry::{Bodies, reads_dropped};

use super::Options;
use super::names::Meaning;
use super::placeholder;
use super::vault::Vault;
use crate::capture::{Capture, Json};
use crate::exchange::Loss;
use crate::knowledge::Knowledge;
use context::Context;
use std::borrow::Cow;
use std::collections::HashSet;
use std::ops::Range;
use unchanged::{Sort, Unchanged};

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
    /// Bodies of the entry at hand that did not go over, and why.
    lost: Vec<(&'static str, Loss)>,
    /// What need not be rewritten again.
    unchanged: Unchanged,
    /// How many texts the one at hand stands in.
    depth: usize,
    /// Where the one at hand stands.
    context: Context,
    /// Hosts of the addresses that were met: they stay.
    hosts: HashSet<String>,
    /// Whether what comes out is thrown away as soon as the vault was asked something.
    is_apart: bool,
    /// What of the prose of a body waits for its turn.
    waiting: Option<Vec<Range<usize>>>,
}

/// What a body came to before its turn.
pub(super) enum Prepared<'t> {
    /// All of it, whatever the vault holds.
    Done(Json<'t>),
    /// Prose in which nothing has to be looked at but the words in some places.
    Prose(Cow<'t, str>, Vec<Range<usize>>),
    /// It is dropped, and this is what it tells of people and their secrets.
    Dropped(Vec<(Meaning, String)>),
}

/// Rewrites what needs no vault.
#[derive(Clone, Copy)]
pub(super) struct Apart<'k> {
    knowledge: &'k Knowledge,
    hide_tenant: bool,
    strict: bool,
}

impl Apart<'_> {
    /// What the received body of an entry that is dropped tells; `None` where that is still to be seen.
    pub(super) fn dropped<'t>(self, entry: &Json<'_>) -> Option<Prepared<'t>> {
        entry::told_by_received(entry).map(Prepared::Dropped)
    }

    /// What the received body of an entry comes to that is no sign-in traffic; `None` where the vault is asked something.
    /// Where it is not, the body comes to the same whatever the vault holds, so it need not wait for its turn. Of prose only what
    /// asks does.
    pub(super) fn body<'t>(self, entry: &Json<'t>) -> Option<Prepared<'t>> {
        let mut rewriter = Rewriter::with(self.knowledge, Vault::apart(self.strict), self.hide_tenant, true);
        rewriter.is_apart = true;
        let body = rewriter.received(entry)?;
        match (body, rewriter.waiting.take()) {
            _ if !rewriter.vault.is_untouched() || !rewriter.lost.is_empty() => None,
            (Json::String(text), Some(waiting)) => Some(Prepared::Prose(text, waiting)),
            (body, _) => Some(Prepared::Done(body)),
        }
    }
}

impl<'k> Rewriter<'k> {
    pub(super) fn new(knowledge: &'k Knowledge, options: &Options) -> Self {
        // The domain of somebody's address is mostly that of a tenant.
        let vault = Vault::new(options.strict || options.hide_tenant);
        Self::with(knowledge, vault, options.hide_tenant, options.keep_bodies)
    }

    /// One for a capture. Where entrace has not redacted it, what is written as a placeholder is may be a value.
    pub(super) fn of_capture(capture: &Capture, knowledge: &'k Knowledge, options: &Options) -> Self {
        let rewriter = Self::new(knowledge, options);
        match capture.redacted {
            true => rewriter,
            false => Self { vault: rewriter.vault.without_placeholders(), ..rewriter },
        }
    }

    fn with(knowledge: &'k Knowledge, vault: Vault<'k>, hide_tenant: bool, keep_bodies: bool) -> Self {
        Self {
            knowledge,
            hide_tenant,
            vault,
            keep_bodies,
            dropped_bodies: 0,
            lost: Vec::new(),
            unchanged: Unchanged::default(),
            depth: 0,
            context: Context::default(),
            hosts: HashSet::new(),
            is_apart: false,
            waiting: None,
        }
    }

    /// One that knows all values that this one has met.
    pub(super) fn over(&'k self) -> Self {
        Self::with(self.knowledge, self.vault.over(), self.hide_tenant, self.keep_bodies)
    }

    /// One that answers what this one has met, and tells whether it was asked for more.
    fn asking(&'k self) -> Self {
        Self::with(self.knowledge, self.vault.asking(), self.hide_tenant, self.keep_bodies)
    }

    /// One that rewrites what needs no vault.
    pub(super) fn apart(&self) -> Apart<'k> {
        Apart { knowledge: self.knowledge, hide_tenant: self.hide_tenant, strict: self.vault.is_strict() }
    }

    /// Whether the rest need not be looked at.
    fn gives_up(&self) -> bool {
        self.is_apart && !self.vault.is_untouched()
    }

    /// Rewrites a value, unless it is known to come out as it is. What comes out depends on nothing but the value and its name,
    /// and on what the vault answers.
    fn unless_unchanged<'t>(
        &mut self,
        sort: Sort,
        name: &str,
        value: Cow<'t, str>,
        rewrite: impl FnOnce(&mut Self, &str) -> String,
    ) -> Cow<'t, str> {
        if self.depth > 0 || self.is_apart {
            return rewrite(self, &value).into();
        }
        if self.unchanged.has(sort, name, &value) {
            return value;
        }
        let questions = self.vault.questions();
        let rewritten = rewrite(self, &value);
        if rewritten == value && self.vault.questions() == questions {
            self.unchanged.add(sort, name, &value);
        }
        rewritten.into()
    }

    /// Rewrites a text that stands in another; what is too deep is left out.
    fn nested(&mut self, rewrite: impl FnOnce(&mut Self) -> String) -> String {
        if self.depth >= DEEPEST {
            return placeholder::LEFT_OUT.to_owned();
        }
        self.depth += 1;
        let out = rewrite(self);
        self.depth -= 1;
        out
    }
}
