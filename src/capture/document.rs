//! A capture with all that its file holds, as the members of a HAR: what a redaction reads.

use super::attachments::Attachments;
use super::har::{self, HarFile};
use super::source::Source;
use super::{Capture, CaptureError, Found, Keep, Options, only, wrapper};
use crate::exchange::Exchange;
use serde_json::{Map, Value};
use std::io::Read;
use std::path::Path;

/// One capture with everything its file holds of it, as the members of a HAR.
///
/// Of a HAR they are those of the file, parsed one entry at a time. Those of every other format are made of the
/// exchanges.
pub struct Document {
    /// The capture.
    pub capture: Capture,
    har: Option<HarFile>,
    log: Map<String, Value>,
    /// Where the exchange of each entry stands in the capture.
    places: Vec<Option<usize>>,
}

impl Document {
    /// Reads a file that holds one capture.
    ///
    /// # Errors
    /// When the file can't be read, is not a capture, holds several, or not one entry of it is readable.
    pub fn open(path: &Path, options: &Options) -> Result<Self, CaptureError> {
        Self::new(only(super::open(path, options, Keep::Har)?)?)
    }

    /// Reads a file's content that holds one capture.
    ///
    /// # Errors
    /// When it is not a capture, holds several, or not one entry of it is readable.
    pub fn from_bytes(bytes: Vec<u8>, options: &Options) -> Result<Self, CaptureError> {
        Self::new(only(wrapper::open(Source::Bytes(bytes), &Attachments::nowhere(), options, Keep::Har))?)
    }

    /// Reads what comes through a pipe and holds one capture.
    ///
    /// # Errors
    /// When it is not a capture, holds several, or not one entry of it is readable.
    pub fn from_reader(reader: impl Read, options: &Options) -> Result<Self, CaptureError> {
        let source = Source::Stream(Box::new(reader));
        Self::new(only(wrapper::open(source, &Attachments::nowhere(), options, Keep::Har))?)
    }

    fn new(found: Found) -> Result<Self, CaptureError> {
        let Found { capture, har, .. } = found;
        let capture = capture?;
        let mut places = vec![None; capture.entries];
        for (place, exchange) in capture.exchanges.iter().enumerate() {
            if let Some(entry) = places.get_mut(exchange.entry) {
                *entry = Some(place);
            }
        }
        let log = har.as_ref().map_or_else(|| har::log(&capture), |har| har.log(&capture));
        Ok(Self { capture, har, log, places })
    }

    /// The log's members but its entries: version, creator, browser, pages, comment and what an exporter added;
    /// and `_entrace`, which has to stand before the entries.
    #[allow(dead_code, reason = "a redaction reads it")]
    pub(crate) fn log(&self) -> &Map<String, Value> {
        &self.log
    }

    /// How many entries there are, unreadable ones included.
    pub fn entries(&self) -> usize {
        self.capture.entries
    }

    /// One entry by its number, as the file has it; `Null` for one that is no JSON object.
    #[allow(dead_code, reason = "a redaction reads it")]
    pub(crate) fn entry(&self, entry: usize) -> Value {
        let exchange = self.exchange(entry);
        match &self.har {
            Some(har) => har.entry(entry, exchange),
            None => exchange.map_or(Value::Null, har::entry),
        }
    }

    fn exchange(&self, entry: usize) -> Option<&Exchange> {
        let place = self.places.get(entry).copied().flatten()?;
        self.capture.exchanges.get(place)
    }
}
