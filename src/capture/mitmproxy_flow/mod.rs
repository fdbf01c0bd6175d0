//! mitmproxy's flow files: one dict of tnetstrings after another, each a flow.
//!
//! Only HTTP flows are entries; what mitmproxy keeps of DNS, TCP and UDP is passed over. A proxy has no pages
//! and sees no fragments. Its file names no version of the program, only one of the format.

mod flow;
mod tnetstring;

use super::warnings::{CUT_OFF, Warnings};
use super::{Capture, CaptureError, Exporter, Format, sorted_by_start};
use std::cell::Cell;
use tnetstring::Value;

/// The most that is decoded of all bodies together.
const LARGEST_BODIES: usize = 1 << 30;

const NO_FLOWS: &str = "the file has no HTTP flows";

/// Reads a flow file.
pub(super) fn read(bytes: &[u8]) -> Result<Capture, CaptureError> {
    let mut warnings = Warnings::default();
    let mut exchanges = Vec::new();
    let mut first_bad = None;
    let mut entries: usize = 0;
    let mut flows: usize = 0;
    let left = Cell::new(LARGEST_BODIES);
    // Nothing belongs between flows; an editor or a shell may leave a line end.
    let mut rest = bytes.trim_ascii_start();
    while !rest.is_empty() {
        let at = bytes.len().saturating_sub(rest.len());
        let Some(flow) = Value::take(&mut rest).filter(|value| value.is_dict()) else {
            if flows == 0 {
                break;
            }
            // Of what kind the cut flow is may stand in the part that is missing.
            warnings.add_at(None, CUT_OFF, format!(" in flow {flows} (counted from 0), at byte {at}; what came before was read"));
            break;
        };
        flows = flows.saturating_add(1);
        rest = rest.trim_ascii_start();
        if flow.get("type").and_then(Value::bytes) != Some(b"http") {
            continue;
        }
        let entry = entries;
        entries = entries.saturating_add(1);
        let mut warn = |kind| warnings.add(Some(entry), kind);
        match flow::exchange(flow, entry, &left, &mut warn) {
            Ok(exchange) => exchanges.push(exchange),
            Err(why) => {
                warn(why);
                first_bad.get_or_insert((entry, why));
            }
        }
    }
    if flows == 0 {
        return Err(CaptureError::BrokenWrapper { what: "mitmproxy flow file" });
    }
    if exchanges.is_empty() {
        if let Some((entry, why)) = first_bad {
            return Err(CaptureError::NoUsableEntry { entries, entry, why });
        }
        warnings.add(None, NO_FLOWS);
    }
    Ok(Capture {
        format: Format::MitmproxyFlow,
        creator: Some("mitmproxy".to_owned()),
        exporter: Exporter::Mitmproxy,
        pages: Vec::new(),
        exchanges: sorted_by_start(exchanges),
        entries,
        warnings: warnings.finish(),
    })
}

#[cfg(test)]
mod tests;
