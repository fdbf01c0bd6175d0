//! A HAR as it stands in its file, of which entries are built when they are asked for.

use super::note::MEMBER;
use super::scan::{ReadAt, Tokens};
use super::source;
use super::tree::Json;
use super::value::{self, Wanted};
use super::write;
use crate::capture::Capture;
use crate::exchange::{Exchange, RawText, Recorded};
use serde_json::{Map, Value};
use std::ops::Range;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::SystemTime;

/// The file with the places of what is in it.
pub(in crate::capture) struct HarFile {
    bytes: Arc<dyn ReadAt>,
    /// Whether there was something to repair when it was read first.
    was_repaired: bool,
    /// The bytes of every entry.
    entries: Vec<Range<u64>>,
    /// The bytes of the log's other members by their names.
    members: Vec<(String, Range<u64>)>,
    /// How long the file was when it was read first, and when it had been changed last.
    state: (u64, Option<SystemTime>),
    /// Whether something that was read once could not be read again.
    is_lost: AtomicBool,
}

/// What entries need while they are looked at, and their texts as long as they are. To ask for the memory again and again
/// takes longer than to fill it.
#[derive(Default)]
pub(crate) struct Room {
    text: Vec<u8>,
    tokens: Tokens,
}

/// The largest room that is used once more, in bytes.
const LARGEST_KEPT: usize = 4 << 20;

impl HarFile {
    pub(in crate::capture) fn new(
        bytes: Arc<dyn ReadAt>,
        was_repaired: bool,
        entries: Vec<Range<u64>>,
        members: Vec<(String, Range<u64>)>,
    ) -> Self {
        let state = state(&*bytes);
        Self { bytes, was_repaired, entries, members, state, is_lost: AtomicBool::new(false) }
    }

    /// Whether the file is no longer what it was when it was read first: it was written to, cut off or replaced, or the
    /// system does not give it out any more.
    pub(in crate::capture) fn has_changed(&self) -> bool {
        self.is_lost.load(Ordering::Relaxed) || self.state != state(&*self.bytes)
    }

    /// The log's members but its entries, with what is said of the capture now.
    pub(in crate::capture) fn log(&self, capture: &Capture) -> Map<String, Value> {
        let mut log = write::log(capture);
        let told = self.members.iter().map(|(name, bytes)| (name.clone(), value::value(&self.text(bytes))));
        let (own, others): (Vec<_>, Vec<_>) = told.partition(|(name, _)| name == MEMBER);
        log.extend(others);
        // Of what was a HAR twice, the first format counts.
        let format = own.last().and_then(|(_, note)| note.get("format")?.as_str()).filter(|format| is_format(format));
        if let Some(format) = format {
            log.insert(MEMBER.to_owned(), write::log_note(capture, format));
        }
        log
    }

    /// Entries, with the bodies that the exchanges made of them found beside the file; `Null` for what is no object.
    ///
    /// The text of a received body that is not wanted is only there in name.
    pub(in crate::capture) fn entries<'r, 'e>(
        &self,
        entries: Range<usize>,
        exchange: impl Fn(usize) -> Option<&'e Exchange>,
        wanted: Wanted<'_>,
        room: &'r mut Room,
    ) -> Vec<Json<'r>> {
        if room.text.len() > LARGEST_KEPT {
            *room = Room::default();
        }
        let Room { text, tokens } = room;
        let places = self.entries.get(entries.clone()).unwrap_or_default();
        let mut end = 0;
        let mut read = |place| {
            end = self.read(place, text, end);
            end
        };
        let ends: Vec<usize> = places.iter().map(&mut read).collect();
        let mut start = 0;
        let mut built = |(entry, end)| {
            let text = text.get(start..end).unwrap_or_default();
            start = end;
            self.whole(value::of_entry(text, tokens, &|body| wanted(entry, body)), exchange(entry))
        };
        entries.zip(ends).map(&mut built).collect()
    }

    /// An entry with the bodies beside it.
    fn whole<'r>(&self, mut value: Json<'r>, exchange: Option<&Exchange>) -> Json<'r> {
        if !matches!(value, Json::Object(_)) {
            // What was read of it was an object.
            self.is_lost.fetch_or(exchange.is_some(), Ordering::Relaxed);
            return Json::Null;
        }
        if let Some(exchange) = exchange.filter(|exchange| exchange.kept_whole) {
            put_in(part(&mut value, ["request", "postData"]), &exchange.request.body);
            put_in(part(&mut value, ["response", "content"]), &exchange.response.body);
        }
        value
    }

    /// Where an entry stands; `None` where there was something to repair.
    pub(in crate::capture) fn place(&self, entry: usize) -> Option<Range<u64>> {
        self.entries.get(entry).filter(|_| !self.was_repaired).cloned()
    }

    /// The bytes from a place.
    fn text(&self, place: &Range<u64>) -> Vec<u8> {
        let mut text = Vec::new();
        let end = self.read(place, &mut text, 0);
        text.truncate(end);
        text
    }

    /// Reads the bytes from a place to another one in a text, which grows where it is too short for them; where they end there.
    fn read(&self, place: &Range<u64>, text: &mut Vec<u8>, start: usize) -> usize {
        let length = usize::try_from(place.end - place.start).unwrap_or_default();
        if text.len() < start + length {
            text.resize(start + length, 0);
        }
        let room = text.get_mut(start..start + length).unwrap_or_default();
        let count = self.bytes.fill(place.start, room);
        self.is_lost.fetch_or(count < length, Ordering::Relaxed);
        let read = room.get_mut(..count).unwrap_or_default();
        if self.was_repaired {
            source::repair(read, |_, _| {});
        }
        start + count
    }
}

/// By what a file is known to be the same.
fn state(bytes: &dyn ReadAt) -> (u64, Option<SystemTime>) {
    (bytes.length(), bytes.changed())
}

/// Whether a text may be the name of a format, of which there will be others.
fn is_format(format: &str) -> bool {
    (1..=32).contains(&format.len()) && format.bytes().all(|byte| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'-')
}

/// A member of a member.
fn part<'v, 't>(value: &'v mut Json<'t>, names: [&str; 2]) -> Option<&'v mut Json<'t>> {
    names.iter().try_fold(value, |value, name| value.members_mut()?.get_mut(name))
}

/// Puts a body where the file only names the file that it is in. One that was not found stays named.
fn put_in(place: Option<&mut Json<'_>>, body: &Recorded<RawText>) {
    let Some(Json::Object(place)) = place else {
        return;
    };
    let text = match body {
        Recorded::Kept(text) => text.raw(),
        Recorded::Empty => "",
        Recorded::NotKept(_) => return,
    };
    let named = ["_file", "_sha1"].map(|name| place.remove(name));
    if named.iter().flatten().any(|name| !name.is_null()) {
        place.remove("encoding");
        place.remove("_encoding");
        place.insert("text", Json::String(text.to_owned().into()));
    }
}
