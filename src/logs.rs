//! What exports of sign-in logs and logs of libraries have in common: a file is read whole, and what it tells is found
//! again by ids.

use crate::capture::LARGEST_LOG;
use crate::entra::Guid;
use std::borrow::Cow;
use std::collections::HashMap;
use std::fs::File;
use std::io::{self, Read};
use std::path::Path;

/// How many of the things that a log tells are looked at for one failure. A loop may share one correlation id a hundred
/// thousand times.
pub(crate) const MOST: usize = 2000;

/// What a log says of a failure: `T` is what the log consists of, and `B` by what that is found.
#[non_exhaustive]
pub enum Join<'l, T, B> {
    /// No log was given.
    NoLog,
    /// This is the failure.
    Found {
        /// What the log tells of it.
        told: &'l T,
        /// By what it was found.
        by: B,
    },
    /// Several could be it.
    Several {
        /// How many.
        count: usize,
        /// By what they were found.
        by: B,
    },
    /// Nothing is it.
    None,
}

impl<T, B: Copy> Clone for Join<'_, T, B> {
    fn clone(&self) -> Self {
        *self
    }
}

impl<T, B: Copy> Copy for Join<'_, T, B> {}

/// What can stand in a log more than once: an export may hold a sign-in twice.
pub(crate) trait Repeatable {
    /// Whether another says the same, wherever each of them stands.
    fn says_the_same(&self, other: &Self) -> bool;
}

/// The failure among these: the one, where there is one, or where all say the same. Where they say different things, none is taken.
pub(crate) fn one_of<T: Repeatable, B>(found: Vec<&T>, by: B) -> Join<'_, T, B> {
    match found.as_slice() {
        [] => Join::None,
        [first, further @ ..] if further.iter().all(|other| other.says_the_same(first)) => Join::Found { told: first, by },
        several => Join::Several { count: several.len(), by },
    }
}

/// Why a file has no text.
#[derive(Debug)]
pub(crate) enum Unread {
    /// It cannot be opened or read.
    Open(io::Error),
    /// It is larger than what is read.
    TooLarge,
    /// It holds nothing.
    Empty,
}

/// The bytes of a file, of one that is too large its beginning.
pub(crate) fn bytes_of(path: &Path) -> Result<Vec<u8>, Unread> {
    let mut bytes = Vec::new();
    let file = File::open(path).map_err(Unread::Open)?;
    file.take(LARGEST_LOG + 1).read_to_end(&mut bytes).map_err(Unread::Open)?;
    Ok(bytes)
}

/// The text of a file, whatever Unicode it is in: PowerShell writes UTF-16, the portal UTF-8 with a byte order mark.
pub(crate) fn text_of(bytes: &[u8]) -> Result<Cow<'_, str>, Unread> {
    if bytes.len() as u64 > LARGEST_LOG {
        return Err(Unread::TooLarge);
    }
    let (text, ..) = encoding_rs::UTF_8.decode(bytes);
    if text.trim().is_empty() { Err(Unread::Empty) } else { Ok(text) }
}

/// What logs tell, in the order of the files, and where each id stands in it.
#[derive(Clone, Debug)]
pub(crate) struct Told<T> {
    all: Vec<T>,
    by_trace_id: HashMap<Guid, Vec<usize>>,
    by_correlation_id: HashMap<Guid, Vec<usize>>,
}

impl<T> Default for Told<T> {
    fn default() -> Self {
        Self { all: Vec::new(), by_trace_id: HashMap::new(), by_correlation_id: HashMap::new() }
    }
}

impl<T> Told<T> {
    /// Adds what has these ids, and says where it stands.
    pub(crate) fn add(&mut self, one: T, trace_id: Option<Guid>, correlation_id: Option<Guid>) -> usize {
        let at = self.all.len();
        if let Some(id) = trace_id {
            self.by_trace_id.entry(id).or_default().push(at);
        }
        if let Some(id) = correlation_id {
            self.by_correlation_id.entry(id).or_default().push(at);
        }
        self.all.push(one);
        at
    }

    /// All of it.
    pub(crate) fn all(&self) -> &[T] {
        &self.all
    }

    /// Where a trace id stands, which sign-in logs call the request id.
    pub(crate) fn of_trace(&self, id: Option<&Guid>) -> &[usize] {
        id.and_then(|id| self.by_trace_id.get(id)).map(Vec::as_slice).unwrap_or_default()
    }

    /// Where a correlation id stands.
    pub(crate) fn of_correlation(&self, id: Option<&Guid>) -> &[usize] {
        id.and_then(|id| self.by_correlation_id.get(id)).map(Vec::as_slice).unwrap_or_default()
    }

    /// The failure among what stands at some places, as far as it fits. Of too many, nothing is looked at.
    pub(crate) fn one_of<'t, B>(&'t self, places: &[usize], by: B, fitting: impl FnOnce(Vec<&'t T>) -> Vec<&'t T>) -> Join<'t, T, B>
    where
        T: Repeatable,
    {
        if places.len() > MOST {
            return Join::Several { count: places.len(), by };
        }
        one_of(fitting(places.iter().filter_map(|&at| self.all.get(at)).collect()), by)
    }
}
