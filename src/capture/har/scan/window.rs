//! The part of a HAR that is in memory: read, checked to be UTF-8, and indexed, chunk after chunk.
//!
//! A HAR may be larger than memory. What is before the window is forgotten unless somebody holds it; what a chunk
//! holds that is no JSON is repaired before anybody sees it, and remembered as a flaw.

use super::blocks::{self, AHEAD, BLOCK, State, Tokens};
use super::flaws::{self, Flaw};
use super::input::Input;
use crate::capture::error::Place;
use std::collections::VecDeque;
use std::io;

/// How much is read at a time, in bytes: what a core's own cache holds beside the index of it.
#[cfg(not(any(fuzzing, test)))]
const CHUNK: usize = 128 << 10;
/// So little where it is tested that the edges of chunks fall everywhere.
#[cfg(any(fuzzing, test))]
const CHUNK: usize = 4 * BLOCK;

/// How many bytes behind an escape have to be known to judge it.
const LONGEST_ESCAPE: usize = 6;

/// How many bytes a character has at most.
const LONGEST_CHARACTER: usize = 4;

/// A window over a HAR. Places inside it are counted from its first byte and move when it does.
pub(super) struct Window<'s> {
    input: Input<'s>,
    buffer: Vec<u8>,
    /// The byte of the file with which the buffer begins.
    base: u64,
    /// How many bytes were read, how many of these are whole characters, and how many of those are indexed.
    read: usize,
    whole: usize,
    indexed: usize,
    /// How many are known to be UTF-8.
    valid: usize,
    state: State,
    tokens: Tokens,
    next_token: usize,
    /// Whether there is nothing left to read.
    is_read_out: bool,
    flaws: Vec<(u64, Flaw)>,
    failure: Option<io::Error>,
    /// Of a stream, the line and its first byte up to which lines are counted, and the place up to which they are.
    line: Option<(u64, u64)>,
    counted: usize,
    /// Of a stream, the line feeds from there on that were repaired because they stand in strings.
    repaired_lines: VecDeque<u64>,
}

impl<'s> Window<'s> {
    /// A window that begins at a byte of the file: of a stream, the one with which its text begins.
    pub(super) fn new(input: Input<'s>, at: u64) -> Self {
        let line = matches!(input, Input::Stream(_)).then_some((1, at));
        Self {
            input,
            buffer: Vec::new(),
            base: at,
            read: 0,
            whole: 0,
            indexed: 0,
            valid: 0,
            state: State::default(),
            tokens: Tokens::default(),
            next_token: 0,
            is_read_out: false,
            flaws: Vec::new(),
            failure: None,
            line,
            counted: 0,
            repaired_lines: VecDeque::new(),
        }
    }

    /// The place of the next token, or of one further on, as far as they are known.
    #[inline(always)]
    pub(super) fn token(&self, further: usize) -> Option<usize> {
        self.tokens.get(self.next_token + further).map(|place| place as usize)
    }

    /// The place of the token that was passed last, until more is read.
    pub(super) fn passed_token(&self) -> Option<usize> {
        self.tokens.get(self.next_token.checked_sub(1)?).map(|place| place as usize)
    }

    /// Goes past so many tokens.
    #[inline(always)]
    pub(super) fn pass(&mut self, count: usize) {
        self.next_token += count;
    }

    /// The places of the tokens that were not passed yet, as far as they are known.
    #[inline(always)]
    pub(super) fn tokens(&self) -> &[u32] {
        self.tokens.from(self.next_token)
    }

    /// The bytes that stand there, and noughts behind the last. A nought may also be a byte of the file.
    #[inline(always)]
    pub(super) fn marks(&self) -> &[u8] {
        self.tokens.marks(self.next_token)
    }

    /// The next few places of tokens; those of which the marks are not nought count.
    #[inline(always)]
    pub(super) fn next_places(&self) -> &[u32; AHEAD] {
        self.tokens.next_places(self.next_token)
    }

    /// The next few marks.
    #[inline(always)]
    pub(super) fn next_marks(&self) -> &[u8; AHEAD] {
        self.tokens.next_marks(self.next_token)
    }

    /// The byte at a place.
    #[inline(always)]
    pub(super) fn byte(&self, place: usize) -> Option<u8> {
        self.buffer.get(place).copied()
    }

    /// The eight bytes from a place on, if all of them are indexed.
    #[inline(always)]
    pub(super) fn eight_bytes(&self, place: usize) -> Option<&[u8; 8]> {
        self.buffer.get(place..self.indexed).and_then(<[u8]>::first_chunk)
    }

    /// The bytes from a place up to another.
    #[inline(always)]
    pub(super) fn bytes(&self, from: usize, to: usize) -> &[u8] {
        self.buffer.get(from..to.min(self.read)).unwrap_or_default()
    }

    /// The end of what is indexed.
    pub(super) fn end(&self) -> usize {
        self.indexed
    }

    /// Whether nothing follows what is indexed.
    pub(super) fn is_complete(&self) -> bool {
        self.is_read_out && self.indexed >= self.read
    }

    /// The byte of the file that a place is.
    pub(super) fn offset(&self, place: usize) -> u64 {
        self.base + place as u64
    }

    /// The flaws that were found before a byte of the file, in order.
    pub(super) fn flaws_before(&mut self, end: u64) -> impl Iterator<Item = (u64, Flaw)> {
        self.flaws.sort_by_key(|(at, _)| *at);
        let count = self.flaws.partition_point(|(at, _)| *at < end);
        self.flaws.drain(..count)
    }

    /// Why reading ended, if it was not the end.
    pub(super) fn failure(&mut self) -> Option<io::Error> {
        self.failure.take()
    }

    /// Reads on. What is before `keep` is forgotten, and places move by as much as is returned; `None` at the end.
    /// At most one token, a word whose end was not known yet, may not have been passed.
    pub(super) fn more(&mut self, keep: usize) -> Option<usize> {
        if self.is_complete() {
            return None;
        }
        let pending = self.token(0);
        let keep = keep.min(self.indexed).min(pending.unwrap_or(usize::MAX));
        let moved = self.make_room(keep);
        self.tokens.clear();
        self.next_token = 0;
        if let Some(pending) = pending {
            let place = pending - moved;
            self.tokens.add(place as u32, self.byte(place).unwrap_or_default());
        }
        self.fill();
        self.index();
        Some(moved)
    }

    /// Forgets the bytes between two places; behind them stand all tokens that were not passed yet. Places that follow
    /// move, those before are no longer places of the file.
    pub(super) fn forget(&mut self, from: usize, to: usize) {
        let to = to.min(self.indexed);
        let count = to.saturating_sub(from);
        self.count_lines(to);
        self.counted -= count;
        self.tokens.move_back(self.next_token, count as u32);
        self.buffer.copy_within(to..self.read, from);
        self.base += count as u64;
        self.read -= count;
        self.whole -= count;
        self.indexed -= count;
        self.valid -= count;
    }

    /// Replaces the constant at a place, of that length, that JSON does not know; whether there was one.
    pub(super) fn repair_number(&mut self, place: usize, length: usize) -> bool {
        let word = self.buffer.get_mut(place..place + length).filter(|word| flaws::NOT_NUMBERS.contains(&&**word));
        let repaired = word.is_some_and(flaws::repair_number);
        if repaired {
            self.flaws.push((self.offset(place), Flaw::NotANumber));
            if let (Some(mark), true) = (self.byte(place), self.token(0) == Some(place)) {
                self.tokens.replace(self.next_token, mark);
            }
        }
        repaired
    }

    /// The line and column of a byte of the file that is in the window; `None` where lines are not counted.
    pub(super) fn place(&self, at: u64) -> Option<Place> {
        let (mut line, mut start) = self.line?;
        let before = usize::try_from(at.saturating_sub(self.base)).unwrap_or(usize::MAX);
        for newline in memchr::memchr_iter(b'\n', self.bytes(self.counted, before)) {
            line += 1;
            start = self.offset(self.counted + newline + 1);
        }
        for newline in self.repaired_lines.iter().take_while(|newline| **newline < at) {
            line += 1;
            start = start.max(newline + 1);
        }
        Some(Place { byte: at, line, column: at.saturating_sub(start) + 1 })
    }

    /// Makes room for a chunk; by how many bytes places have moved.
    fn make_room(&mut self, keep: usize) -> usize {
        if self.buffer.len() - self.read >= CHUNK + BLOCK {
            return 0;
        }
        if keep > 0 {
            self.count_lines(keep);
            self.counted -= keep;
            self.buffer.copy_within(keep..self.read, 0);
            self.base += keep as u64;
            self.read -= keep;
            self.whole -= keep;
            self.indexed -= keep;
            self.valid -= keep;
        }
        let needed = self.read + CHUNK + BLOCK;
        if self.buffer.len() < needed {
            self.buffer.resize(needed.max(2 * CHUNK + 2 * BLOCK).max(self.read * 2), 0);
        }
        keep
    }

    /// Counts the lines before a place.
    fn count_lines(&mut self, before: usize) {
        let from = self.counted.min(before);
        self.counted = self.counted.max(before);
        let Some((mut line, mut start)) = self.line else {
            return;
        };
        let bytes = self.bytes(from, before);
        if let Some(last) = memchr::memrchr(b'\n', bytes) {
            line += memchr::memchr_iter(b'\n', bytes).count() as u64;
            start = self.offset(from + last + 1);
        }
        let end = self.offset(before);
        while let Some(newline) = self.repaired_lines.front().copied().filter(|newline| *newline < end) {
            self.repaired_lines.pop_front();
            line += 1;
            start = start.max(newline + 1);
        }
        self.line = Some((line, start));
    }

    fn fill(&mut self) {
        let at = self.offset(self.read);
        let Some(room) = self.buffer.get_mut(self.read..self.read + CHUNK) else {
            self.is_read_out = true;
            return;
        };
        match self.input.read(at, room) {
            Ok(0) => self.is_read_out = true,
            Ok(count) => self.read += count,
            Err(error) => {
                self.is_read_out = true;
                self.failure = Some(error);
            }
        }
    }

    /// Indexes the bytes that came; a character whose end is missing waits for it.
    fn index(&mut self) {
        self.whole = if self.is_read_out { self.read } else { self.read - incomplete(self.bytes(self.whole, self.read)) };
        let usable = self.whole - self.indexed;
        let usable = if self.is_read_out { usable } else { usable.saturating_sub(LONGEST_ESCAPE) / BLOCK * BLOCK };
        if !blocks::checks_utf8() {
            self.repair_utf8();
        }
        let mut sound = self.index_chunk(usable);
        if !sound && self.valid < self.whole {
            self.repair_utf8();
            sound = self.index_chunk(usable);
        }
        if !sound {
            self.repair_chunk(usable);
            if !self.index_chunk(usable) {
                // Nothing is known to come here. An error is better than entries that vanish.
                self.is_read_out = true;
                self.failure = Some(io::Error::other("a string could not be repaired"));
            }
        }
        self.indexed += usable;
    }

    /// Makes UTF-8 of all whole characters that came.
    fn repair_utf8(&mut self) {
        let base = self.offset(self.valid);
        let flaws = &mut self.flaws;
        if let Some(bytes) = self.buffer.get_mut(self.valid..self.whole)
            && simdutf8::basic::from_utf8(bytes).is_err()
        {
            flaws::repair_utf8(bytes, |at, flaw| flaws.push((base + at as u64, flaw)));
        }
        self.valid = self.whole;
    }

    /// Indexes so many bytes; `false` where a string holds what it must not.
    fn index_chunk(&mut self, length: usize) -> bool {
        let mut state = self.state;
        let end = self.indexed + length;
        let tokens_before = self.tokens.len();
        let (blocks, rest) = self.buffer.get(self.indexed..end).unwrap_or_default().as_chunks();
        let mut sound = blocks::index(&mut state, blocks, self.indexed as u32, &mut self.tokens);
        if sound && !rest.is_empty() {
            // What fills up the last block is no quote, so that a string that was cut off stays open.
            let mut last = [b' '; BLOCK];
            for (byte, given) in last.iter_mut().zip(rest) {
                *byte = *given;
            }
            let place = self.indexed + blocks.len() * BLOCK;
            sound = blocks::index(&mut state, &[last], place as u32, &mut self.tokens);
        }
        // An escape or a character that goes on behind the chunk is judged now, because what it begins with may be gone later.
        let next = self.bytes(end, end + LONGEST_ESCAPE);
        sound = sound && (self.is_read_out || state.is_well_continued_by(next));
        let character_end = if self.valid < end { self.character_end(end) } else { Some(self.valid) };
        sound = sound && character_end.is_some();
        if let (true, Some(character_end)) = (sound, character_end) {
            self.state = state;
            self.valid = character_end;
        } else {
            self.tokens.shorten(tokens_before);
        }
        sound
    }

    /// Where the character ends that a place is in, if it is in one and all of it is here and UTF-8; else the place.
    fn character_end(&self, place: usize) -> Option<usize> {
        let begun = place - incomplete(self.bytes(place.saturating_sub(LONGEST_CHARACTER), place));
        (place..place + LONGEST_CHARACTER).find(|end| std::str::from_utf8(self.bytes(begun, *end)).is_ok())
    }

    fn repair_chunk(&mut self, length: usize) {
        let begun = self.state.escape_goes_on_for(self.bytes(self.indexed, self.whole));
        let (from, end) = (self.indexed + begun, self.whole);
        let base = self.offset(from);
        let flaws = &mut self.flaws;
        if let Some(bytes) = self.buffer.get_mut(from..end) {
            let length = length.saturating_sub(begun);
            let mut line_feeds = self.line.is_some().then_some(&mut self.repaired_lines);
            flaws::repair_strings(bytes, length, self.state.is_in_string(), |at, flaw| {
                let at = base + at as u64;
                flaws.push((at, flaw));
                if let (Flaw::LineFeed, Some(line_feeds)) = (flaw, &mut line_feeds) {
                    line_feeds.push_back(at);
                }
            });
        }
    }
}

/// How many bytes at the end begin a character that is not complete.
fn incomplete(bytes: &[u8]) -> usize {
    for (count, byte) in bytes.iter().rev().take(3).enumerate() {
        let needed = match byte {
            0xC0..=0xDF => 2,
            0xE0..=0xEF => 3,
            0xF0..=0xFF => 4,
            0x80..=0xBF => continue,
            _ => 0,
        };
        return if needed > count + 1 { count + 1 } else { 0 };
    }
    0
}
