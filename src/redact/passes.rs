//! The two passes over a capture's entries. The first fills the vault, one entry after the other, for values are
//! numbered in the order in which they are met. The second only looks values up, so it takes several entries at once.

use super::check::RedactError;
use super::rewrite::{Rewriter, reads_dropped};
use super::search::Search;
use super::searched::{Digest, Digests, Searched};
use crate::capture::Document;
use rayon::prelude::*;
use serde_json::{Map, Value, json};
use std::ops::Range;

/// The member that says what HAR has no place for; `capture` reads it.
const NOTE: &str = "_entrace";

/// How many bytes of the output are made at a time, about.
const AT_A_TIME: usize = 4 << 20;

/// How many bytes of entries are read at a time, about.
const READ_AT_A_TIME: usize = 1 << 20;

/// The most entries that are taken at a time.
const MOST_ENTRIES: usize = 512;

/// What stands between two entries.
const BETWEEN: &[u8] = b",\n";

/// The first pass: every value goes into the vault.
pub(super) fn collect(document: &Document, rewriter: &mut Rewriter<'_>) {
    let whole = whole_entries(document);
    for (name, value) in document.log() {
        rewriter.log_member(name, value.clone());
    }
    let wants = Wants { keep_bodies: rewriter.keep_bodies, whole: &whole };
    // While some entries are looked through, the next are read.
    let mut next = wants.some(document, 0);
    let mut from = 0;
    while !next.is_empty() {
        let entries = std::mem::take(&mut next);
        let to = from + entries.len();
        let look = || {
            for (entry, value) in (from..).zip(entries) {
                rewriter.entry(value, is_whole(&whole, entry));
            }
        };
        ((), next) = rayon::join(look, || wants.some(document, to));
        from = to;
    }
}

/// What of an entry has to be read.
#[derive(Clone, Copy)]
struct Wants<'w> {
    keep_bodies: bool,
    /// Which entries are sign-in traffic or evidence.
    whole: &'w [bool],
}

impl Wants<'_> {
    /// An entry; of a received body that is dropped mostly no more than that there is one.
    fn entry(self, document: &Document, entry: usize) -> Value {
        let wants_all = self.keep_bodies || is_whole(self.whole, entry);
        document.entry_with(entry, &|body| wants_all || reads_dropped(body))
    }

    /// The next few entries: one that is large, or some that are not.
    fn some(self, document: &Document, from: usize) -> Vec<Value> {
        let mut size = 0;
        let mut entries = Vec::new();
        for entry in from..document.entries() {
            let value = self.entry(document, entry);
            size += length(&value);
            entries.push(value);
            if size >= READ_AT_A_TIME || entries.len() >= MOST_ENTRIES {
                break;
            }
        }
        entries
    }
}

/// About how much memory a value takes, in bytes.
fn length(value: &Value) -> usize {
    match value {
        Value::String(text) => text.len(),
        Value::Array(items) => items.iter().map(|item| 32 + length(item)).sum(),
        Value::Object(members) => members.iter().map(|(name, value)| 100 + name.len() + length(value)).sum(),
        Value::Null | Value::Bool(_) | Value::Number(_) => 0,
    }
}

/// The second pass.
pub(super) fn write(document: &Document, rewriter: &mut Rewriter<'_>, search: &Search) -> Result<Outcome, RedactError> {
    let digests = Digests::default();
    let pass = Pass { document, search, digests: &digests, whole: whole_entries(document) };
    let mut output = Output::new(search, &digests);
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
    let mut found_elsewhere = output.found_elsewhere;
    let mut har = Writing::begin(&log, note)?;
    let (mut from, mut count) = (0, 8);
    let mut searched = Vec::new();
    while from < document.entries() {
        let to = (from + count).min(document.entries());
        let written = pass.some(rewriter, from..to)?;
        let mut size = 0;
        for written in &written {
            har.entry(&written.json);
            size += written.json.len();
            found_elsewhere += written.found_elsewhere;
            searched.extend_from_slice(&written.searched);
        }
        count = (AT_A_TIME / (size / (to - from)).max(1)).clamp(4, MOST_ENTRIES);
        from = to;
    }
    Ok(Outcome { har: har.end(), found_elsewhere, searched: Searched { digests, entries: searched } })
}

/// What comes of the second pass.
pub(super) struct Outcome {
    pub(super) har: Vec<u8>,
    /// How many values were found where their names had not told them.
    pub(super) found_elsewhere: usize,
    pub(super) searched: Searched,
}

/// Entries that were written.
struct Written {
    json: Vec<u8>,
    found_elsewhere: usize,
    /// Of each entry.
    searched: Vec<u64>,
}

/// What the second pass needs of the first.
struct Pass<'p> {
    document: &'p Document,
    search: &'p Search,
    digests: &'p Digests,
    whole: Vec<bool>,
}

impl Pass<'_> {
    /// Writes entries, several at once. Where the vault would have to change it is done again in order.
    fn some(&self, rewriter: &mut Rewriter<'_>, entries: Range<usize>) -> Result<Vec<Written>, RedactError> {
        let parts = rayon::current_num_threads() * 2;
        let size = entries.len().div_ceil(parts).max(1);
        let starts: Vec<usize> = entries.clone().step_by(size).collect();
        let known = &*rewriter;
        let at_once = |start: usize| {
            let mut rewriter = known.over();
            let written = self.one_by_one(&mut rewriter, start..entries.end.min(start + size))?;
            Ok((written, rewriter.dropped_bodies, rewriter.vault.met()))
        };
        let written: Vec<_> = starts.into_par_iter().map(at_once).collect::<Result<_, _>>()?;
        if written.iter().any(|(_, _, met)| met.is_none()) {
            return Ok(vec![self.one_by_one(rewriter, entries)?]);
        }
        let add = |(written, dropped_bodies, met): (Written, usize, Option<Vec<u32>>)| {
            rewriter.vault.add(&met.unwrap_or_default());
            rewriter.dropped_bodies += dropped_bodies;
            written
        };
        Ok(written.into_iter().map(add).collect())
    }

    fn one_by_one(&self, rewriter: &mut Rewriter<'_>, entries: Range<usize>) -> Result<Written, RedactError> {
        let mut output = Output::new(self.search, self.digests);
        let mut json = Vec::new();
        let mut searched = Vec::with_capacity(entries.len());
        for entry in entries {
            if !json.is_empty() {
                json.extend(BETWEEN);
            }
            let wants = Wants { keep_bodies: rewriter.keep_bodies, whole: &self.whole };
            let rewritten = rewriter.entry(wants.entry(self.document, entry), is_whole(&self.whole, entry));
            serde_json::to_writer(&mut json, &output.swept(rewritten)).map_err(RedactError::from_writing)?;
            searched.push(output.digest.take(self.digests));
        }
        Ok(Written { json, found_elsewhere: output.found_elsewhere, searched })
    }
}

fn is_whole(whole: &[bool], entry: usize) -> bool {
    whole.get(entry).copied().unwrap_or_default()
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
    digest: Digest,
}

impl<'s> Output<'s> {
    fn new(search: &'s Search, digests: &Digests) -> Self {
        Self { search, found_elsewhere: 0, digest: digests.begin() }
    }

    fn swept(&mut self, mut value: Value) -> Value {
        self.sweep(&mut value);
        value
    }

    fn sweep(&mut self, value: &mut Value) {
        match value {
            Value::String(text) => self.text(text),
            Value::Array(items) => items.iter_mut().for_each(|item| self.sweep(item)),
            Value::Object(members) => {
                // The names are mostly those of HAR.
                if members.keys().any(|name| self.search.finds(name).is_some()) {
                    let swept = std::mem::take(members).into_iter().map(|(name, value)| {
                        let name = self.search.replace(&name).map_or(name, |(replaced, found)| {
                            self.found_elsewhere += found;
                            replaced
                        });
                        (name, value)
                    });
                    *members = swept.collect();
                }
                for (name, value) in members {
                    self.digest.add(name);
                    self.sweep(value);
                }
            }
            Value::Number(number) => {
                let written = number.to_string();
                let mut text = written.clone();
                self.text(&mut text);
                if text != written {
                    *value = Value::String(text);
                }
            }
            Value::Null | Value::Bool(_) => {}
        }
    }

    fn text(&mut self, text: &mut String) {
        if let Some((replaced, found)) = self.search.replace(text) {
            self.found_elsewhere += found;
            *text = replaced;
            // Nothing should be left in it; the check sees to that.
            if self.search.finds(text).is_some() {
                self.digest.spoil();
            }
        }
        self.digest.add(text);
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

    /// One entry or some of them.
    fn entry(&mut self, json: &[u8]) {
        if !std::mem::take(&mut self.is_first) {
            self.har.extend(BETWEEN);
        }
        self.har.extend(json);
    }

    fn end(mut self) -> Vec<u8> {
        self.har.extend(b"\n]}}\n");
        self.har
    }
}
