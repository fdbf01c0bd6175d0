//! Burp Suite's saved items: XML with the raw bytes of every request and response.
//!
//! Items are found one by one ([`items`]) and made exchanges of ([`item`]); the messages are taken apart by
//! [`crate::capture::http_message`]. The file tells neither why a request got no response nor how long one took,
//! and its times have a second's precision in a zone that may not say which it is ([`time`]).

mod item;
mod items;
mod time;

use super::warnings::{EarlyEnd, Warnings};
use super::{Capture, CaptureError, Exporter, Format, Limits, creator, parse_xml, sorted_by_start};
use crate::exchange::Exchange;
use items::{Items, Next};
use std::cell::Cell;
use time::LocalTime;

/// Reads a file of saved items.
pub(super) fn read(bytes: &[u8], limits: &Limits) -> Result<Capture, CaptureError> {
    let broken = CaptureError::BrokenWrapper { what: "file of items saved by Burp" };
    let Some((mut items, list)) = Items::of(bytes) else {
        return Err(broken);
    };
    let mut warnings = Warnings::default();
    let mut exchanges = Vec::new();
    let mut first_bad = None;
    let mut entries: usize = 0;
    let left = Cell::new(usize::try_from(limits.bodies).unwrap_or(usize::MAX));
    loop {
        let entry = entries;
        let outcome = match items.next() {
            Next::Item(item) => item::exchange(&item, entry, &left, &mut |kind| warnings.add(Some(entry), kind)),
            Next::Bad(why) => Err(why),
            Next::End(after) => {
                if !after.trim_ascii().is_empty() {
                    warnings.add(None, "something follows the end of the items; it was not read");
                }
                break;
            }
            Next::Cut(_) if exchanges.is_empty() && first_bad.is_none() => return Err(broken),
            Next::Cut(at) => {
                warnings.add_early_end_at(EarlyEnd::CutOff, entries, format_args!("byte {at}"));
                break;
            }
        };
        entries = entries.saturating_add(1);
        match outcome {
            Ok(exchange) => exchanges.push(exchange),
            Err(why) => {
                warnings.add(Some(entry), why);
                first_bad.get_or_insert((entry, why));
            }
        }
    }
    if exchanges.is_empty() {
        if let Some((entry, why)) = first_bad {
            return Err(CaptureError::NoUsableEntry { entries, entry, why });
        }
        warnings.add(None, "the file has no items");
    }
    if exchanges.iter().any(|(_, time)| time.as_ref().is_some_and(|time| time.utc().is_none())) {
        warnings.add(None, "the times are in a zone that does not say how far it is from UTC; they order the items and are not told");
    }
    Ok(Capture {
        format: Format::BurpXml,
        creator: creator(&list),
        exporter: Exporter::Burp,
        pages: Vec::new(),
        exchanges: sorted_by_start(sorted_by_clock(exchanges), &mut warnings),
        entries,
        warnings: warnings.finish(),
        redacted: false,
        library_log: None,
    })
}

/// In order of Burp's clock, as far as that one can be compared. Its table may be saved with the latest on top,
/// and a second holds several requests: then what stands lower came first.
fn sorted_by_clock(mut exchanges: Vec<(Exchange, Option<LocalTime>)>) -> Vec<Exchange> {
    let times: Vec<&LocalTime> = exchanges.iter().filter_map(|(_, time)| time.as_ref()).collect();
    let zone = times.first().map(|time| &*time.zone);
    let is_one_zone = times.len() == exchanges.len() && times.iter().all(|time| Some(&*time.zone) == zone);
    if is_one_zone {
        let is_falling = times.is_sorted_by(|earlier, later| earlier.clock >= later.clock);
        let is_rising = times.is_sorted_by(|earlier, later| earlier.clock <= later.clock);
        if is_falling && !is_rising {
            exchanges.reverse();
        }
        exchanges.sort_by_key(|(_, time)| time.as_ref().map(|time| time.clock));
    }
    exchanges.into_iter().map(|(exchange, _)| exchange).collect()
}

/// The program with its version, by the start tag of the list.
fn creator(list: &[u8]) -> Option<String> {
    let tag = String::from_utf8_lossy(list);
    let document = parse_xml(&tag, 8);
    let version = document.as_ref().and_then(|document| document.root_element().attribute("burpVersion")).unwrap_or_default();
    creator::told(&format!("Burp Suite {version}"))
}

#[cfg(test)]
mod tests;
