//! Who is told what is met on the way through a HAR document.

use super::json::Raw;
use super::note::LogNote;
use super::parts::EntryParts;
use super::scan::{Flaw, ReadAt};
use crate::capture::Exporter;
use std::ops::Range;
use std::sync::Arc;

/// A document that is read by several threads: its bytes and in how many stretches.
pub(super) type Shared = Option<(Arc<dyn ReadAt>, usize)>;

/// Who is told what the walk meets, in the order of the file.
pub(super) trait Visitor: Send + Sized {
    /// The program that wrote the file.
    fn creator(&mut self, creator: Option<String>, exporter: Exporter);
    /// What `_entrace` says of the whole file.
    fn note(&mut self, note: LogNote);
    /// One of `log.pages`.
    fn page(&mut self, page: Raw<'_>);
    /// One entry, complete.
    fn entry(&mut self, entry: Entry<'_>);
    /// Something that was repaired; whether it stands in the entry that comes next.
    fn flaw(&mut self, at: u64, flaw: Flaw, in_next_entry: bool);
    /// Another visitor, for entries further on.
    fn fork(&self) -> Self;
    /// Takes over what a fork was told, which comes right after what this one was told.
    fn join(&mut self, fork: Self);
}

/// An entry as the walk meets it.
pub(super) struct Entry<'a> {
    /// Its parts; `None` if it is no object.
    pub(super) parts: Option<EntryParts<Raw<'a>>>,
    /// Whether a value of it was too large to be held.
    pub(super) is_too_large: bool,
    /// Its bytes in the file.
    pub(super) bytes: Range<u64>,
}
