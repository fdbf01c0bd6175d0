//! What the first pass made of the entries.
//!
//! Rewriting an entry takes longer than looking through what came of it, and comes to the same once more unless
//! something was met later that would have changed it.

use super::rewrite::{Bodies, Prepared, Rewriter};
use super::vault::Asked;
use super::writing::BETWEEN;
use crate::capture::Json;
use std::ops::Range;

/// An entry that was read.
pub(super) struct Read<'t> {
    pub(super) value: Json<'t>,
    /// What its received body comes to, where that is known already.
    pub(super) body: Option<Prepared<'t>>,
}

/// An entry that was rewritten.
pub(super) struct Rewritten<'t> {
    value: Json<'t>,
    asked: Asked,
    dropped_bodies: usize,
}

impl<'t> Rewritten<'t> {
    pub(super) fn of(rewriter: &mut Rewriter<'_>, entry: Read<'t>, bodies: Bodies) -> Self {
        let value = rewriter.entry_with(entry.value, bodies, entry.body);
        Self { value, asked: rewriter.vault.take_asked(), dropped_bodies: std::mem::take(&mut rewriter.dropped_bodies) }
    }
}

/// Some entries that follow each other, as JSON.
pub(super) struct Draft {
    /// The number of the first.
    pub(super) first: usize,
    pub(super) json: Vec<u8>,
    pub(super) entries: Vec<Drafted>,
}

/// An entry of a draft.
pub(super) struct Drafted {
    /// Where it stands in the JSON.
    pub(super) place: Range<usize>,
    /// What the vault was asked for it.
    pub(super) asked: Asked,
    pub(super) dropped_bodies: usize,
}

impl Draft {
    /// Writes entries; `None` where there are none.
    pub(super) fn of(first: usize, rewritten: Vec<Rewritten<'_>>) -> Option<Self> {
        let mut draft = Self { first, json: Vec::new(), entries: Vec::with_capacity(rewritten.len()) };
        for Rewritten { value, asked, dropped_bodies } in rewritten {
            if !draft.entries.is_empty() {
                draft.json.extend(BETWEEN);
            }
            let start = draft.json.len();
            value.write(&mut draft.json);
            draft.entries.push(Drafted { place: start..draft.json.len(), asked, dropped_bodies });
        }
        // It is kept until the end.
        draft.json.shrink_to_fit();
        Some(draft).filter(|draft| !draft.entries.is_empty())
    }
}
