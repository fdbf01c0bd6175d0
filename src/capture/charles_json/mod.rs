//! Charles's sessions as JSON (`.chlsj`): an array of transactions.
//!
//! Transactions are taken from the file one by one ([`parts`]), each made an exchange ([`transaction`]) with its
//! bodies ([`content`]). A proxy has no pages and sees no fragments. The file does not name Charles's version.

mod content;
mod parts;
mod transaction;

use super::har::{Break, Cursor};
use super::json_entries::{self, Layout, Taken, Warn};
use super::{Capture, CaptureError, Exporter, Format, Limits};
use parts::Parts;
use std::cell::Cell;

const LAYOUT: Layout = Layout {
    format: Format::CharlesJson,
    creator: "Charles",
    exporter: Exporter::Charles,
    walk: |cursor, visit| cursor.array(|cursor| visit(cursor)),
    take,
};

/// Reads a session.
pub(super) fn read(bytes: Vec<u8>, limits: &Limits) -> Result<Capture, CaptureError> {
    json_entries::read(bytes, limits, &LAYOUT)
}

fn take(cursor: &mut Cursor<'_>, entry: usize, left: &Cell<usize>, mut warn: Warn<'_>) -> Result<Taken, Break> {
    Ok(transaction::exchange(Parts::take(cursor)?, entry, left, &mut warn))
}

#[cfg(test)]
mod tests;
