//! Exports of SAML-tracer, the browser extension: an object with a list of requests (its `SAMLTraceIO.js`).
//!
//! It writes what the browser's `webRequest` interface told it: headers of both sides, with cookies, and posted forms, whose
//! parameters are taken apart and decoded. It has no times, and of what came back no body. Who exports may have the values of
//! cookies and forms replaced (`filters.js`); the names stay.

mod request;

use super::har::{Break, Cursor};
use super::json_entries::{self, Layout, Taken, Visit, Warn, object};
use super::{Capture, CaptureError, Exporter, Format, Limits};
use request::Parts;
use std::cell::Cell;

const LAYOUT: Layout = Layout { format: Format::SamlTracer, creator: "SAML-tracer", exporter: Exporter::SamlTracer, walk, take };

/// Reads an export.
pub(super) fn read(bytes: Vec<u8>, limits: &Limits) -> Result<Capture, CaptureError> {
    json_entries::read(bytes, limits, &LAYOUT)
}

fn walk(cursor: &mut Cursor<'_>, visit: Visit<'_>) -> Result<(), Break> {
    cursor.object(|key, cursor| {
        if *key == *b"requests" && cursor.peek() == Some(b'[') {
            return cursor.array(|cursor| visit(cursor));
        }
        cursor.value()?;
        Ok(())
    })
}

fn take(cursor: &mut Cursor<'_>, entry: usize, left: &Cell<usize>, warn: Warn<'_>) -> Result<Taken, Break> {
    let mut parts = Parts::default();
    let taken = object(cursor, |key, cursor| parts.take(&key, cursor))?;
    Ok(if taken { request::exchange(&parts, entry, left, warn) } else { Err("the entry is not a JSON object") })
}

#[cfg(test)]
mod tests;
