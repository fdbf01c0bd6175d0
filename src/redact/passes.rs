//! The two passes over a capture's entries. The first fills the vault, one entry after the other, for values are
//! numbered in the order in which they are met, and keeps what came of each entry as a draft. The second looks for the
//! values in the drafts and takes those as they are that hold none, which are nearly all; it takes several at once,
//! for values are only looked up in it.

use super::draft::{Draft, Drafted, Read, Rewritten};
use super::rewrite::{Apart, Bodies, Rewriter, reads_dropped};
use super::search::{Looking, Search};
use super::searched::Searched;
use super::sweep::Sweep;
use super::turns::Turns;
use super::writing::{Writing, Written};
use crate::capture::{Document, Json, Members, Room, note};
use rayon::prelude::*;
use std::ops::Range;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Mutex, PoisonError};

/// How many bytes of entries are read at a time, about.
const READ_AT_A_TIME: usize = 1 << 20;

/// For how many bytes an entry counts that does not stand in a file, but is made of an exchange.
const MADE: usize = 64 << 10;

/// The most entries that are taken at a time.
const MOST_ENTRIES: usize = 512;

/// The first pass: every value goes into the vault. What the entries come to by what is known then mostly stays.
pub(super) fn collect(document: &Document, rewriter: &mut Rewriter<'_>) -> Vec<Draft> {
    let whole = whole_entries(document);
    for (name, value) in document.log() {
        rewriter.log_member(name, value.clone().into());
    }
    // The second pass asks that once more.
    rewriter.vault.take_asked();
    let wants = Wants { keep_bodies: rewriter.keep_bodies, whole: &whole };
    let (apart, batches) = (rewriter.apart(), batches(document));
    let turns = Turns::new(rewriter);
    let drafts = Mutex::new(Vec::new());
    // What a thread reads it also rewrites and writes: memory that goes from one to the other is given back slowly.
    let next = AtomicUsize::new(0);
    let work = || {
        let mut room = Room::default();
        loop {
            let number = next.fetch_add(1, Ordering::Relaxed);
            let Some(batch) = batches.get(number) else { break };
            let read = wants.read(document, apart, batch.clone(), &mut room);
            let rewritten = turns.take(number, |rewriter| -> Vec<Rewritten<'_>> {
                let one = |(entry, value)| Rewritten::of(rewriter, value, wants.bodies(entry));
                batch.clone().zip(read).map(one).collect()
            });
            let draft = Draft::of(batch.start, rewritten);
            drafts.lock().unwrap_or_else(PoisonError::into_inner).push((number, draft));
        }
    };
    std::thread::scope(|scope| {
        for _ in 1..rayon::current_num_threads().min(batches.len()) {
            scope.spawn(work);
        }
        work();
    });
    let mut drafts = drafts.into_inner().unwrap_or_else(PoisonError::into_inner);
    drafts.sort_unstable_by_key(|(number, _)| *number);
    drafts.into_iter().filter_map(|(_, draft)| draft).collect()
}

/// The entries, so many at a time.
fn batches(document: &Document) -> Vec<Range<usize>> {
    let length = |entry| document.place(entry).map_or(MADE, |place| usize::try_from(place.end - place.start).unwrap_or(usize::MAX));
    let mut batches: Vec<Range<usize>> = Vec::new();
    let mut size: usize = 0;
    for entry in 0..document.entries() {
        match batches.last_mut().filter(|batch| size < READ_AT_A_TIME && batch.len() < MOST_ENTRIES) {
            Some(batch) => batch.end = entry + 1,
            None => {
                batches.push(entry..entry + 1);
                size = 0;
            }
        }
        size = size.saturating_add(length(entry));
    }
    batches
}

/// What of an entry has to be read.
#[derive(Clone, Copy)]
struct Wants<'w> {
    keep_bodies: bool,
    /// Which entries are sign-in traffic or evidence.
    whole: &'w [bool],
}

impl Wants<'_> {
    /// What becomes of the bodies of an entry.
    fn bodies(self, entry: usize) -> Bodies {
        match self.whole.get(entry) {
            Some(true) => Bodies::Whole,
            _ if self.keep_bodies => Bodies::Kept,
            _ => Bodies::Dropped,
        }
    }

    /// Entries; of a received body that is dropped mostly no more than that there is one.
    fn entries<'r>(self, document: &Document, entries: Range<usize>, room: &'r mut Room) -> Vec<Json<'r>> {
        let wanted = |entry, body: &[u8]| self.bodies(entry) != Bodies::Dropped || reads_dropped(body);
        document.entries_with(entries, &wanted, room)
    }

    /// Entries, and with them what takes no vault.
    fn read<'r>(self, document: &Document, apart: Apart<'_>, entries: Range<usize>, room: &'r mut Room) -> Vec<Read<'r>> {
        let read = |(entry, value)| {
            let body = match self.bodies(entry) {
                Bodies::Kept => apart.body(&value),
                Bodies::Dropped => apart.dropped(&value),
                Bodies::Whole => None,
            };
            Read { value, body }
        };
        entries.clone().zip(self.entries(document, entries, room)).map(read).collect()
    }
}

/// The second pass: of the drafts, what holds no value by itself and would come out the same stays. The rest is rewritten
/// once more and searched text by text.
pub(super) fn write(document: &Document, rewriter: &mut Rewriter<'_>, search: &Search, drafts: Vec<Draft>) -> Outcome {
    let mut sweep = Sweep::new(search);
    let mut log = Members::default();
    for (name, value) in document.log() {
        let value = rewriter.log_member(name, value.clone().into());
        log.insert(name, sweep.swept(value));
    }
    log.get_or_insert("version", || Json::String("1.2".into()));
    note::mark_redacted(&mut log);
    let comment = concat!("redacted by entrace ", env!("CARGO_PKG_VERSION"));
    let mut found_elsewhere = sweep.found_elsewhere;

    let pass = Pass { document, search, whole: whole_entries(document), contested: rewriter.vault.contested() };
    let known = &*rewriter;
    let settled: Vec<Settled> = drafts.into_par_iter().map(|draft| pass.settle(known, draft)).collect();
    let length: usize = settled.iter().map(|settled| settled.written.length()).sum();
    let mut har = Writing::begin(&log, comment, length);
    let mut add = |written: Written| {
        found_elsewhere += written.found_elsewhere;
        har.add(&written);
    };
    let mut is_altered = false;
    for Settled { mut written, entries, asked, over } in settled {
        // Where the vault changes, what comes behind has to know.
        is_altered |= over.as_ref().is_some_and(|(_, met)| met.is_none());
        if is_altered {
            written = pass.one_by_one(rewriter, entries);
        } else {
            asked.met.iter().for_each(|number| rewriter.vault.count(*number));
            rewriter.dropped_bodies += asked.dropped_bodies;
            if let Some((dropped_bodies, met)) = over {
                rewriter.vault.add(&met.unwrap_or_default());
                rewriter.dropped_bodies += dropped_bodies;
            }
        }
        add(written);
    }
    let (har, searched) = har.end();
    Outcome { har, found_elsewhere, searched }
}

/// What comes of the second pass.
pub(super) struct Outcome {
    pub(super) har: Vec<u8>,
    /// How many values were found where their names had not told them.
    pub(super) found_elsewhere: usize,
    pub(super) searched: Searched,
}

/// A draft of which nothing has to change any more.
struct Settled {
    written: Written,
    entries: Range<usize>,
    /// What the vault was asked when the entries that stay were rewritten.
    asked: Counted,
    /// How many bodies were dropped of the entries that were rewritten again, and what of the vault was met; `None` where
    /// it would have to change.
    over: Option<(usize, Option<Vec<u32>>)>,
}

/// What is counted of entries that stay.
#[derive(Default)]
struct Counted {
    met: Vec<u32>,
    dropped_bodies: usize,
}

/// What the second pass needs of the first.
struct Pass<'p> {
    document: &'p Document,
    search: &'p Search,
    whole: Vec<bool>,
    /// For each value, whether it turned out to be an id that stays.
    contested: Vec<bool>,
}

impl Pass<'_> {
    fn settle(&self, known: &Rewriter<'_>, draft: Draft) -> Settled {
        let entries = draft.first..draft.first + draft.entries.len();
        let mut looking = Looking::default();
        let is_settled: Vec<bool> = draft.entries.iter().map(|entry| self.is_settled(&draft, entry, &mut looking)).collect();
        let mut asked = Counted::default();
        for (entry, _) in draft.entries.iter().zip(&is_settled).filter(|(_, is_settled)| **is_settled) {
            asked.met.extend(&entry.asked.met);
            asked.dropped_bodies += entry.dropped_bodies;
        }
        if is_settled.iter().all(|is_settled| *is_settled) {
            let written = Written::clean(draft.json, draft.entries.into_iter().map(|entry| entry.place));
            return Settled { written, entries, asked, over: None };
        }
        let mut rewriter = known.over();
        let mut sweep = Sweep::new(self.search);
        let mut written = Written::default();
        let mut room = Room::default();
        for ((number, entry), is_settled) in entries.clone().zip(&draft.entries).zip(is_settled) {
            if is_settled {
                written.add_clean(draft.json.get(entry.place.clone()).unwrap_or_default());
            } else {
                self.entry(&mut rewriter, number, &mut room, &mut sweep, &mut written);
            }
        }
        written.found_elsewhere = sweep.found_elsewhere;
        Settled { written, entries, asked, over: Some((rewriter.dropped_bodies, rewriter.vault.met())) }
    }

    /// Whether an entry came out as it would now that all values are known, and none of them is in it.
    fn is_settled(&self, draft: &Draft, entry: &Drafted, looking: &mut Looking) -> bool {
        let is_contested = |number: &u32| self.contested.get(*number as usize).copied().unwrap_or(true);
        !entry.asked.is_provisional
            && !entry.asked.met.iter().any(is_contested)
            && !self.search.may_find_in_json(draft.json.get(entry.place.clone()).unwrap_or_default(), looking)
    }

    fn one_by_one(&self, rewriter: &mut Rewriter<'_>, entries: Range<usize>) -> Written {
        let mut sweep = Sweep::new(self.search);
        let mut written = Written::default();
        let mut room = Room::default();
        for entry in entries {
            self.entry(rewriter, entry, &mut room, &mut sweep, &mut written);
        }
        written.found_elsewhere = sweep.found_elsewhere;
        written
    }

    fn entry(&self, rewriter: &mut Rewriter<'_>, entry: usize, room: &mut Room, sweep: &mut Sweep<'_>, written: &mut Written) {
        let wants = Wants { keep_bodies: rewriter.keep_bodies, whole: &self.whole };
        for value in wants.entries(self.document, entry..entry + 1, room) {
            let rewritten = rewriter.entry(value, wants.bodies(entry));
            written.add(&sweep.swept(rewritten), sweep);
        }
    }
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
