//! Makes a capture that gives nothing away and is still diagnosed the same.
//!
//! Two passes over the source. The first collects: it rewrites each entry by what its names say (`names`,
//! `rewrite`) and keeps every value that must not leave in the vault. The second rewrites again and then looks
//! for all those values in what is left, whatever they are encoded in (`search`). At the end the output is
//! read again (`check`): what was collected and is still there, an entry that is lost, or another diagnosis
//! is an error, and nothing is handed out.

mod check;
mod escapes;
mod kind;
mod names;
mod placeholder;
mod receipt;
mod rewrite;
mod search;
mod vault;

pub use check::RedactError;
pub use kind::Kind;
pub use receipt::{Kept, Receipt, Replaced};

use crate::capture::Document;
use crate::knowledge::Knowledge;
use rewrite::Rewriter;
use search::Search;
use serde::Serialize;
use serde_json::{Map, Value, json};
use sha2::{Digest as _, Sha256};

/// The member that says what HAR has no place for; `capture` reads it.
const NOTE: &str = "_entrace";

/// How a capture is redacted.
#[derive(Clone, Debug, Default, Serialize)]
pub struct Options {
    /// Also replace the domains of e-mail addresses.
    pub strict: bool,
    /// Also replace the ids and domains of tenants and the ids of applications.
    pub hide_tenant: bool,
    /// Keep bodies that hold neither sign-in traffic nor evidence, and look through them.
    pub keep_bodies: bool,
}

/// A redacted capture.
pub struct Redacted {
    /// The HAR.
    pub har: Vec<u8>,
    /// What was done.
    pub receipt: Receipt,
    search: Search,
}

impl Redacted {
    /// A text that goes with the capture, such as the name of its file, with the values that were replaced in the
    /// capture replaced in it too.
    pub fn replaced_in(&self, text: &str) -> String {
        self.search.replace(text).map_or_else(|| text.to_owned(), |(text, _)| text)
    }
}

/// Redacts a capture and checks the outcome.
///
/// # Errors
/// When the outcome still holds a value that was to be replaced, has lost an entry, or is diagnosed otherwise.
/// Nothing is handed out then.
pub fn redact(document: &Document, knowledge: &Knowledge, options: &Options) -> Result<Redacted, RedactError> {
    let whole = whole_entries(document);
    let is_whole = |entry: usize| whole.get(entry).copied().unwrap_or(false);
    let mut rewriter = Rewriter::new(knowledge, options);
    for (name, value) in document.log() {
        rewriter.log_member(name, value.clone());
    }
    for entry in 0..document.entries() {
        rewriter.entry(document.entry(entry), is_whole(entry));
    }
    let search = Search::of(&rewriter.vault).ok_or(RedactError::TooManyValues)?;
    rewriter.dropped_bodies = 0;
    rewriter.vault.forget_places();

    let mut output = Output { search: &search, found_elsewhere: 0 };
    let mut log = Map::new();
    for (name, value) in document.log() {
        let value = rewriter.log_member(name, value.clone());
        log.insert(name.clone(), output.swept(value));
    }
    log.entry("version").or_insert_with(|| json!("1.2"));
    if let Some(note) = log.entry(NOTE).or_insert_with(|| json!({})).as_object_mut() {
        note.insert("redacted".to_owned(), json!(true));
    }
    let note = json!(format!("redacted by entrace {}", env!("CARGO_PKG_VERSION")));
    let mut har = Writing::begin(&log, note)?;
    for entry in 0..document.entries() {
        let rewritten = rewriter.entry(document.entry(entry), is_whole(entry));
        har.entry(&output.swept(rewritten))?;
    }
    let har = har.end();

    check::check(document, &har, &search, knowledge, options)?;
    let mut receipt = Receipt::of(&rewriter.vault, &document.capture.format.to_string(), document.entries(), options);
    receipt.found_elsewhere = output.found_elsewhere;
    receipt.dropped_bodies = rewriter.dropped_bodies;
    receipt.sha256 = Some(Sha256::digest(&har).iter().map(|byte| format!("{byte:02x}")).collect());
    Ok(Redacted { har, receipt, search })
}

/// Which entries are sign-in traffic or evidence, by their numbers.
fn whole_entries(document: &Document) -> Vec<bool> {
    let mut whole = vec![false; document.entries()];
    for exchange in document.capture.exchanges.iter().filter(|exchange| exchange.kept_whole) {
        if let Some(place) = whole.get_mut(exchange.entry) {
            *place = true;
        }
    }
    whole
}

/// The last step of every text: the search for collected values.
struct Output<'s> {
    search: &'s Search,
    found_elsewhere: usize,
}

impl Output<'_> {
    fn swept(&mut self, value: Value) -> Value {
        match value {
            Value::String(text) => Value::String(self.text(text)),
            Value::Array(items) => Value::Array(items.into_iter().map(|item| self.swept(item)).collect()),
            Value::Object(members) => {
                Value::Object(members.into_iter().map(|(name, value)| (self.text(name), self.swept(value))).collect())
            }
            Value::Number(number) => {
                let text = number.to_string();
                if self.search.finds(&text).is_some() { Value::String(self.text(text)) } else { Value::Number(number) }
            }
            other => other,
        }
    }

    fn text(&mut self, text: String) -> String {
        match self.search.replace(&text) {
            Some((text, found)) => {
                self.found_elsewhere += found;
                text
            }
            None => text,
        }
    }
}

/// A HAR in the making: the log's members first, because readers want to know who wrote the entries.
struct Writing {
    har: Vec<u8>,
    is_first: bool,
}

impl Writing {
    fn begin(log: &Map<String, Value>, note: Value) -> Result<Self, RedactError> {
        let mut har = b"{\"log\":{".to_vec();
        for (name, value) in log.iter().filter(|(name, _)| *name != "entries" && *name != "comment") {
            serde_json::to_writer(&mut har, name).map_err(RedactError::from_writing)?;
            har.push(b':');
            serde_json::to_writer(&mut har, value).map_err(RedactError::from_writing)?;
            har.extend(b",\n");
        }
        har.extend(b"\"comment\":");
        serde_json::to_writer(&mut har, &note).map_err(RedactError::from_writing)?;
        har.extend(b",\n\"entries\":[\n");
        Ok(Self { har, is_first: true })
    }

    fn entry(&mut self, entry: &Value) -> Result<(), RedactError> {
        if !std::mem::take(&mut self.is_first) {
            self.har.extend(b",\n");
        }
        serde_json::to_writer(&mut self.har, entry).map_err(RedactError::from_writing)
    }

    fn end(mut self) -> Vec<u8> {
        self.har.extend(b"\n]}}\n");
        self.har
    }
}
