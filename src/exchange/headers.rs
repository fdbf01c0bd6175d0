//! HTTP headers, with what is known of those that are missing.

use super::{ArcStr, Loss, RawText, Recorded};
use std::sync::Arc;

/// One header line.
#[derive(Clone)]
#[non_exhaustive]
pub struct Header {
    /// The name, lower case.
    pub name: ArcStr,
    /// The value, as recorded.
    pub value: RawText,
}

/// The headers of one message.
#[derive(Clone)]
pub struct Headers {
    lines: Arc<[Header]>,
    /// What it means when a header is not among the lines: `None` means that it was not there.
    absent: Option<Loss>,
}

impl Headers {
    /// All headers of a message: one that is not among `lines` was not sent.
    pub fn complete(lines: impl Into<Arc<[Header]>>) -> Self {
        Self { lines: lines.into(), absent: None }
    }

    /// Some headers of a message: nothing follows from one that is not among `lines`.
    pub fn partial(lines: impl Into<Arc<[Header]>>, why: Loss) -> Self {
        Self { lines: lines.into(), absent: Some(why) }
    }

    /// The first header of that (lower case) name.
    pub fn get(&self, name: &str) -> Recorded<&RawText> {
        match (self.lines.iter().find(|line| &*line.name == name).map(|line| &line.value), self.absent) {
            (Some(value), _) => Recorded::Kept(value),
            (None, None) => Recorded::Empty,
            (None, Some(loss)) => Recorded::NotKept(loss),
        }
    }

    /// Every header of that (lower case) name, in order.
    pub fn all<'a>(&'a self, name: &'a str) -> impl Iterator<Item = &'a RawText> {
        self.lines.iter().filter(move |line| &*line.name == name).map(|line| &line.value)
    }

    /// The first header of that (lower case) name, where it was kept.
    pub fn value(&self, name: &str) -> Option<&RawText> {
        self.lines.iter().find(|line| &*line.name == name).map(|line| &line.value)
    }

    /// Whether a header of that (lower case) name is here.
    pub fn has(&self, name: &str) -> bool {
        self.all(name).next().is_some()
    }

    /// All lines, in order.
    pub fn lines(&self) -> &[Header] {
        &self.lines
    }

    /// Why a header may be missing; `None` where all were kept.
    pub fn absent(&self) -> Option<Loss> {
        self.absent
    }
}
