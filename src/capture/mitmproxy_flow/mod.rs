//! mitmproxy's flow files: one dict of tnetstrings after another, each a flow.
//!
//! Only HTTP flows are entries; what mitmproxy keeps of DNS, TCP and UDP is passed over. A proxy has no pages
//! and sees no fragments. Its file names no version of the program, only one of the format.

pub(super) mod failure;
mod flow;
mod split;
mod tnetstring;

use super::warnings::{EarlyEnd, Warnings};
use super::{Capture, CaptureError, Exporter, Format, Limits, sorted_by_start};
use split::Flows;
use std::cell::Cell;
use std::io::{BufReader, Read};
use tnetstring::Value;

const NO_FLOWS: &str = "the file has no HTTP flows";

/// Reads a flow file.
pub(super) fn read(file: impl Read, limits: &Limits) -> Result<Capture, CaptureError> {
    let mut warnings = Warnings::default();
    let mut exchanges = Vec::new();
    let mut first_bad = None;
    let mut entries: usize = 0;
    let mut flows: usize = 0;
    let left = Cell::new(usize::try_from(limits.bodies).unwrap_or(usize::MAX));
    let mut file = Flows::new(BufReader::new(file), limits.unpacked);
    loop {
        let place = |at| format!(" in flow {flows} (counted from 0), at byte {at}; what came before was read");
        let Some(mut bytes) = file.next().map_err(CaptureError::of)? else { break };
        let Some(flow) = Value::take(&mut bytes).filter(|value| value.is_dict()) else {
            if flows > 0 {
                // Of what kind the cut flow is may stand in the part that is missing.
                warnings.add_early_end(EarlyEnd::CutOff, place(file.at));
            }
            break;
        };
        flows = flows.saturating_add(1);
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
        exchanges: sorted_by_start(exchanges, &mut warnings),
        entries,
        warnings: warnings.finish(),
        redacted: false,
        library_log: None,
    })
}

#[cfg(test)]
mod tests;
