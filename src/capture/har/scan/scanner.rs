//! The walk over a HAR: pulls one value after the other out of the window and checks JSON's grammar on the way.
//!
//! Nothing is built. What the caller wants of an entry it gets as spans of the bytes that are held since the entry
//! began; all else is passed by. Nothing recurses, whatever the nesting.

use super::flaws::Flaw;
use super::input::Input;
use super::nesting::{Container, Nesting};
use super::window::Window;
use super::{Break, word};
use crate::capture::error::Place;
use std::io;
use std::num::NonZeroU32;

/// How much is held, in bytes. Of an entry that is larger, the long values that end beyond it are let go.
#[cfg(not(any(fuzzing, test)))]
const MOST_HELD: usize = 8 << 20;
/// So little where it is tested, but enough for the pages of the fixtures.
#[cfg(all(test, not(fuzzing)))]
const MOST_HELD: usize = 64 << 10;
#[cfg(fuzzing)]
const MOST_HELD: usize = 4 << 10;

/// The shortest value that is let go, in bytes.
const LEAST_LET_GO: usize = MOST_HELD / 128;

/// The longest number or word; a longer one is taken for a break.
#[cfg(not(any(fuzzing, test)))]
const LONGEST_WORD: usize = 1 << 20;
#[cfg(any(fuzzing, test))]
const LONGEST_WORD: usize = 64 << 10;

/// A stretch of the bytes that are held.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::capture::har) struct Span {
    start: u32,
    /// No value is empty, so that one that is not there needs no room of its own.
    end: NonZeroU32,
}

impl Span {
    /// A value that was too large to be held.
    const LET_GO: Self = Self { start: u32::MAX, end: NonZeroU32::MAX };

    #[inline(always)]
    fn new(start: u32, end: u32) -> Self {
        Self { start, end: NonZeroU32::new(end).unwrap_or(NonZeroU32::MIN) }
    }

    /// The bytes, of those that are held.
    pub(in crate::capture::har) fn of(self, held: &[u8]) -> &[u8] {
        held.get(self.start as usize..self.end.get() as usize).unwrap_or_default()
    }
}

/// What is taken of an object's members.
pub(in crate::capture::har) trait Members {
    /// What a key may mean.
    type Name: Copy;
    /// What a key means, by the bytes between its quotes.
    fn name(key: &[u8]) -> Self::Name;
    /// Whether the value of a member is taken apart.
    fn is_taken_apart(name: Self::Name) -> bool;
    /// Takes such a value.
    fn take_apart(&mut self, name: Self::Name, scanner: &mut Scanner<'_>) -> Result<(), Break>;
    /// Any other value; `None` for `null`.
    fn put(&mut self, name: Self::Name, value: Option<Span>);
}

/// Some marks: which, and how many bits they have.
#[derive(Clone, Copy)]
struct Marks(u64, u32);

const fn marks_of(marks: &[u8]) -> Marks {
    let (mut all, mut rest) = (0, marks);
    while let [others @ .., last] = rest {
        all = all << 8 | *last as u64;
        rest = others;
    }
    Marks(all, 8 * marks.len() as u32)
}

/// Whether eight marks begin with others, which are fewer.
#[inline(always)]
fn begins(eight: u64, Marks(marks, bits): Marks) -> bool {
    eight << (u64::BITS - bits) == marks << (u64::BITS - bits)
}

impl Default for Span {
    fn default() -> Self {
        Self::LET_GO
    }
}

/// A place in a HAR, and the window around it.
pub(in crate::capture::har) struct Scanner<'s> {
    window: Window<'s>,
    /// The place from which on bytes are held.
    held: Option<usize>,
    /// Within the value that begins there, counted from what is held, everything may be let go.
    let_go: Option<usize>,
    /// How often something was.
    times_let_go: usize,
}

impl<'s> Scanner<'s> {
    /// A scanner that begins at a byte of the file.
    pub(in crate::capture::har) fn new(input: Input<'s>, at: u64) -> Self {
        Self { window: Window::new(input, at), held: None, let_go: None, times_let_go: 0 }
    }

    /// The first byte of what comes next; `None` at the end.
    #[inline(always)]
    pub(in crate::capture::har) fn peek(&mut self) -> Option<u8> {
        match self.window.next_marks() {
            [0, ..] => self.peek_further(),
            [mark, ..] => Some(*mark),
        }
    }

    /// The same where it is not known yet, or no byte that text has.
    #[cold]
    #[inline(never)]
    fn peek_further(&mut self) -> Option<u8> {
        loop {
            if let Some(place) = self.window.token(0) {
                return self.window.byte(place);
            }
            if !self.more() {
                return None;
            }
        }
    }

    /// The byte of the file with which what comes next begins, or the end.
    pub(in crate::capture::har) fn offset(&mut self) -> u64 {
        self.peek();
        self.window.offset(self.window.token(0).unwrap_or(self.window.end()))
    }

    /// Holds the bytes of what comes next and of what follows.
    pub(in crate::capture::har) fn hold(&mut self) {
        self.peek();
        self.held = self.window.token(0);
    }

    /// Lets go of what is held.
    pub(in crate::capture::har) fn release(&mut self) {
        self.held = None;
        self.let_go = None;
    }

    /// The bytes that are held.
    pub(in crate::capture::har) fn held(&self) -> &[u8] {
        self.held.map_or(&[], |from| self.window.bytes(from, usize::MAX))
    }

    /// A string's or key's bytes without its quotes.
    pub(in crate::capture::har) fn inside(&self, span: Span) -> &[u8] {
        let bytes = span.of(self.held());
        bytes.get(1..bytes.len().saturating_sub(1)).unwrap_or_default()
    }

    /// Takes what comes next if it begins with that bracket, colon or comma.
    #[inline(always)]
    pub(in crate::capture::har) fn take(&mut self, byte: u8) -> bool {
        let found = self.peek() == Some(byte);
        if found {
            self.window.pass(1);
        }
        found
    }

    /// Takes what comes next, which must be that bracket, colon or comma.
    #[inline(always)]
    pub(in crate::capture::har) fn expect(&mut self, byte: u8) -> Result<(), Break> {
        if self.take(byte) { Ok(()) } else { Err(self.broken()) }
    }

    /// Takes one whole value.
    #[inline]
    pub(in crate::capture::har) fn value(&mut self) -> Result<Span, Break> {
        let (span, tokens) = match self.window.next_marks() {
            // A string, or a container without anything in it.
            [b'"', b'"', ..] | [b'{', b'}', ..] | [b'[', b']', ..] => (Some(self.pair_here()), 2),
            [b'0'..=b'9' | b'-' | b't' | b'f' | b'n', ..] => (self.word_here(), 1),
            _ => (None, 0),
        };
        match span {
            Some(span) if !self.is_beyond(span) => {
                self.window.pass(tokens);
                Ok(span)
            }
            _ => Ok(self.value_and_end()?.0),
        }
    }

    /// Whether a value ends beyond what is held, so that it may have to be let go.
    #[inline(always)]
    fn is_beyond(&self, span: Span) -> bool {
        span.end.get() as usize > MOST_HELD && self.held.is_some()
    }

    /// What begins with the next token and ends with the one behind.
    #[inline(always)]
    fn pair_here(&self) -> Span {
        let [opening, closing, ..] = self.window.next_places();
        self.span(*opening, *closing)
    }

    /// The number or word that comes next, if all of it is in the window.
    #[inline(always)]
    fn word_here(&self) -> Option<Span> {
        let [place, ..] = self.window.next_places();
        self.word_span(*place)
    }

    /// The number or word at a place, if it is one and all of it is in the window.
    #[inline(always)]
    fn word_span(&self, place: u32) -> Option<Span> {
        match self.window.eight_bytes(place as usize).and_then(word::short_number) {
            Some(length) => Some(self.span(place, place + length - 1)),
            None => self.word_at(place as usize).map(|end| Span::new(self.relative(place as usize) as u32, end as u32)),
        }
    }

    /// What stands from one place to another, counted from what is held.
    #[inline(always)]
    fn span(&self, first: u32, last: u32) -> Span {
        let held = self.held.unwrap_or_default() as u32;
        Span::new(first.wrapping_sub(held), last.wrapping_sub(held).wrapping_add(1))
    }

    /// Takes items of an array, and the commas behind them, as long as they are objects of two strings of these names in this
    /// order, given with their quotes, as nearly every header line is written, and end in the window. `pair` gets the first string,
    /// the bytes between its quotes, and the second. Whether the last item was taken whole; if not, one is expected.
    #[inline]
    pub(in crate::capture::har) fn pairs<const FIRST: usize, const SECOND: usize>(
        &mut self,
        first: &[u8; FIRST],
        second: &[u8; SECOND],
        mut pair: impl FnMut(Span, &[u8], Span),
    ) -> bool {
        let (places, marks) = (self.window.tokens(), self.window.marks());
        let text = self.window.bytes(0, usize::MAX);
        // The place behind the last object that need not be let go.
        let end = self.held.map_or(usize::MAX, |held| held + MOST_HELD);
        let mut at = 0;
        let mut is_last = false;
        while let Some([object @ .., behind]) = marks.get(at..).and_then(<[u8]>::first_chunk::<14>)
            && object == br#"{"":"","":""}"#
            && let Some([_, key, _, _, one, one_end, _, key2, _, _, other, other_end, closing]) =
                places.get(at..).and_then(<[u32]>::first_chunk)
            && text.get(*key as usize..).and_then(<[u8]>::first_chunk) == Some(first)
            && text.get(*key2 as usize..).and_then(<[u8]>::first_chunk) == Some(second)
            && (*closing as usize) < end
            && *behind != 0
        {
            let written = text.get(*one as usize + 1..*one_end as usize).unwrap_or_default();
            pair(self.span(*one, *one_end), written, self.span(*other, *other_end));
            at += 13;
            if *behind != b',' {
                is_last = true;
                break;
            }
            at += 1;
        }
        self.window.pass(at);
        is_last
    }

    /// Takes one whole value; the byte of the file behind it.
    pub(in crate::capture::har) fn value_and_end(&mut self) -> Result<(Span, u64), Break> {
        let Some(first) = self.peek() else {
            return Err(self.broken());
        };
        let place = self.window.token(0).unwrap_or_default();
        let (start, first_byte) = (self.relative(place), self.window.offset(place));
        self.let_go = Some(start);
        let end = self.pass(first);
        self.let_go = None;
        let end = end?;
        let end_place = end.wrapping_add(self.held.unwrap_or_default());
        let end_byte = self.window.offset(end_place);
        let length = usize::try_from(end_byte - first_byte).unwrap_or(usize::MAX);
        // Asked of the file alone: how much of it is read at a time decides nothing.
        if let Some(held) = self.held
            && start.saturating_add(length) > MOST_HELD
            && length >= LEAST_LET_GO
        {
            self.window.forget(held + start, end_place);
            self.times_let_go += 1;
            return Ok((Span::LET_GO, end_byte));
        }
        Ok((Span::new(start as u32, end as u32), end_byte))
    }

    /// The byte of the file behind the bracket that was taken last.
    pub(in crate::capture::har) fn end_of_bracket(&self) -> u64 {
        self.window.offset(self.window.passed_token().map_or(0, |place| place + 1))
    }

    /// How often something was let go because it was too large.
    pub(in crate::capture::har) fn times_let_go(&self) -> usize {
        self.times_let_go
    }

    /// Takes one whole value; `None` for `null`.
    pub(in crate::capture::har) fn present(&mut self) -> Result<Option<Span>, Break> {
        let is_word = self.peek() == Some(b'n');
        let span = self.value()?;
        Ok((!is_word).then_some(span))
    }

    /// Walks an array; `item` must take exactly one value.
    #[inline]
    pub(in crate::capture::har) fn array(&mut self, mut item: impl FnMut(&mut Self) -> Result<(), Break>) -> Result<(), Break> {
        self.expect(b'[')?;
        if self.take(b']') {
            return Ok(());
        }
        loop {
            item(self)?;
            if !self.take(b',') {
                return self.expect(b']');
            }
        }
    }

    /// Walks an object; `member` gets each key and must take exactly one value.
    #[inline]
    pub(in crate::capture::har) fn object(&mut self, mut member: impl FnMut(&mut Self, Span) -> Result<(), Break>) -> Result<(), Break> {
        self.expect(b'{')?;
        if self.take(b'}') {
            return Ok(());
        }
        loop {
            let key = self.key()?;
            member(self, key)?;
            if !self.take(b',') {
                return self.expect(b'}');
            }
        }
    }

    /// Walks an object; `member` gets what each key means, told by the bytes between its quotes, and must take exactly one
    /// value.
    #[inline]
    pub(in crate::capture::har) fn object_by<M>(
        &mut self,
        meaning: impl Fn(&[u8]) -> M,
        mut member: impl FnMut(&mut Self, M) -> Result<(), Break>,
    ) -> Result<(), Break> {
        self.expect(b'{')?;
        if self.take(b'}') {
            return Ok(());
        }
        let key = self.key()?;
        let mut meant = meaning(self.inside(key));
        loop {
            member(self, meant)?;
            meant = match self.further_key_here() {
                Some((key, bytes)) if !self.is_beyond(key) => {
                    let meant = meaning(bytes);
                    self.window.pass(4);
                    meant
                }
                _ => {
                    if !self.take(b',') {
                        return self.expect(b'}');
                    }
                    let key = self.key()?;
                    meaning(self.inside(key))
                }
            };
        }
    }

    /// Walks an object and takes of its members what is wanted.
    pub(in crate::capture::har) fn take_object<M: Members>(&mut self, into: &mut M) -> Result<(), Break> {
        if !self.plain_members(b'{', into) {
            self.expect(b'{')?;
            if self.take(b'}') {
                return Ok(());
            }
            self.member(into)?;
        }
        loop {
            self.plain_members(b',', into);
            if !self.take(b',') {
                return self.expect(b'}');
            }
            self.member(into)?;
        }
    }

    /// Takes a member.
    fn member<M: Members>(&mut self, into: &mut M) -> Result<(), Break> {
        let key = self.key()?;
        let name = M::name(self.inside(key));
        if M::is_taken_apart(name) {
            return into.take_apart(name, self);
        }
        into.put(name, self.present()?);
        Ok(())
    }

    /// Takes members as long as none of their values is taken apart or a container with something in it, and all end in the
    /// window. Before the first stands a comma or an opening bracket. Whether there were any.
    #[inline]
    fn plain_members<M: Members>(&mut self, mut before: u8, into: &mut M) -> bool {
        let (places, marks) = (self.window.tokens(), self.window.marks());
        let mut at = 0;
        while let Some([first, b'"', b'"', b':', opening, closing]) = marks.get(at..).and_then(<[u8]>::first_chunk)
            && *first == before
            && let Some([_, key, key_end, _, place, end]) = places.get(at..).and_then(<[u32]>::first_chunk)
        {
            let (value, tokens) = match [*opening, *closing] {
                [b'"', b'"'] | [b'{', b'}'] | [b'[', b']'] => (Some(self.span(*place, *end)), 6),
                [b'0'..=b'9' | b'-' | b't' | b'f' | b'n', _] => (self.word_span(*place), 5),
                _ => break,
            };
            let Some(value) = value.filter(|value| !self.is_beyond(*value)) else {
                break;
            };
            let name = M::name(self.window.bytes(*key as usize + 1, *key_end as usize));
            if M::is_taken_apart(name) {
                break;
            }
            into.put(name, (*opening != b'n').then_some(value));
            before = b',';
            at += tokens;
        }
        self.window.pass(at);
        at > 0
    }

    /// Walks an object of which nothing is held; `member` gets each key, decoded by nobody, without its quotes.
    pub(in crate::capture::har) fn members(
        &mut self,
        mut member: impl FnMut(&mut Self, Vec<u8>) -> Result<(), Break>,
    ) -> Result<(), Break> {
        self.expect(b'{')?;
        if self.take(b'}') {
            return Ok(());
        }
        loop {
            self.hold();
            let key = self.key()?;
            let key = self.inside(key).to_vec();
            self.release();
            member(self, key)?;
            if !self.take(b',') {
                return self.expect(b'}');
            }
        }
    }

    /// Where the text breaks: at what comes next, or at its end.
    #[cold]
    pub(in crate::capture::har) fn broken(&mut self) -> Break {
        let cut = self.peek().is_none();
        Break { at: self.offset(), cut }
    }

    /// The flaws that were repaired before a byte of the file, in order.
    pub(in crate::capture::har) fn flaws_before(&mut self, end: u64) -> impl Iterator<Item = (u64, Flaw)> {
        self.window.flaws_before(end)
    }

    /// Why reading ended, if it was not the end of the file.
    pub(in crate::capture::har) fn failure(&mut self) -> Option<io::Error> {
        self.window.failure()
    }

    /// The line and column of a byte near by; `None` where lines are not counted.
    pub(in crate::capture::har) fn place(&self, at: u64) -> Option<Place> {
        self.window.place(at)
    }

    /// The key that comes next, and the bytes between its quotes, if it and its colon are in the window.
    #[inline(always)]
    fn key_here(&self) -> Option<(Span, &[u8])> {
        let ([b'"', b'"', b':', ..], [opening, closing, ..]) = (self.window.next_marks(), self.window.next_places()) else {
            return None;
        };
        Some((self.span(*opening, *closing), self.window.bytes(*opening as usize + 1, *closing as usize)))
    }

    /// The key behind the comma that comes next, if both and the key's colon are in the window.
    #[inline(always)]
    fn further_key_here(&self) -> Option<(Span, &[u8])> {
        let ([b',', b'"', b'"', b':', ..], [_, opening, closing, ..]) = (self.window.next_marks(), self.window.next_places()) else {
            return None;
        };
        Some((self.span(*opening, *closing), self.window.bytes(*opening as usize + 1, *closing as usize)))
    }

    fn key(&mut self) -> Result<Span, Break> {
        if let Some((key, _)) = self.key_here()
            && !self.is_beyond(key)
        {
            self.window.pass(3);
            return Ok(key);
        }
        if self.peek() != Some(b'"') {
            return Err(self.broken());
        }
        let key = self.value()?;
        self.expect(b':')?;
        Ok(key)
    }

    /// A place, counted from what is held.
    #[inline(always)]
    fn relative(&self, place: usize) -> usize {
        place.wrapping_sub(self.held.unwrap_or_default())
    }

    /// Reads on; `false` at the end.
    #[cold]
    #[inline(never)]
    fn more(&mut self) -> bool {
        if let (Some(held), Some(let_go)) = (self.held, self.let_go)
            && self.window.end() - held > MOST_HELD
            && self.window.end() - held - let_go >= LEAST_LET_GO
            && self.window.token(0).is_none()
        {
            // The value ends further on, so that nothing of it will be held.
            self.window.forget(held + let_go, self.window.end());
        }
        let Some(moved) = self.window.more(self.held.unwrap_or(usize::MAX)) else {
            return false;
        };
        self.held = self.held.map(|held| held - moved);
        true
    }

    /// Passes one whole value; the place behind it, counted from what is held.
    #[inline]
    fn pass(&mut self, first: u8) -> Result<usize, Break> {
        match first {
            b'"' => self.pass_string(),
            b'{' | b'[' => self.pass_container(),
            _ => self.pass_word(),
        }
    }

    #[inline(always)]
    fn pass_string(&mut self) -> Result<usize, Break> {
        if let Some(closing) = self.window.token(1) {
            self.window.pass(2);
            return Ok(self.relative(closing) + 1);
        }
        self.window.pass(1);
        while self.window.token(0).is_none() {
            if !self.more() {
                return Err(self.broken());
            }
        }
        let closing = self.window.token(0).unwrap_or_default();
        self.window.pass(1);
        Ok(self.relative(closing) + 1)
    }

    /// Whether one short number is at a place that may be known, and its end in the window.
    #[inline(always)]
    fn is_short_number_at(&self, place: Option<&u32>) -> bool {
        place.and_then(|place| self.window.eight_bytes(*place as usize)).and_then(word::short_number).is_some()
    }

    /// Whether one word is at a place, and its end in the window: nearly always.
    #[inline(always)]
    fn is_word_at(&self, place: usize) -> bool {
        self.window.eight_bytes(place).and_then(word::short_number).is_some() || self.word_at(place).is_some()
    }

    /// The place behind the word at a place, counted from what is held: nearly always it is one, and its end is in the
    /// window.
    #[inline]
    fn word_at(&self, place: usize) -> Option<usize> {
        let bytes = self.window.bytes(place, self.window.end());
        match word::length(bytes) {
            Ok(length @ ..=LONGEST_WORD) if bytes.get(length).copied().is_some_and(word::ends) => Some(self.relative(place) + length),
            _ => None,
        }
    }

    fn pass_word(&mut self) -> Result<usize, Break> {
        loop {
            let place = self.window.token(0).unwrap_or_default();
            if let Some(end) = self.word_at(place) {
                self.window.pass(1);
                return Ok(end);
            }
            let bytes = self.window.bytes(place, self.window.end());
            let length = bytes.iter().take(LONGEST_WORD + 1).position(|byte| word::ends(*byte));
            let (length, ends) = match length {
                Some(length) => (length, true),
                None if bytes.len() > LONGEST_WORD => (LONGEST_WORD, false),
                None if self.window.is_complete() => (bytes.len(), true),
                None => {
                    self.more();
                    continue;
                }
            };
            let written = bytes.get(..length).unwrap_or_default();
            let sound = word::length(written);
            if ends && sound == Ok(length) {
                self.window.pass(1);
                return Ok(self.relative(place) + length);
            }
            if ends && self.window.repair_number(place, length) {
                continue;
            }
            let (Ok(at) | Err(at)) = sound;
            let cut = place + at >= self.window.end() && self.window.is_complete();
            return Err(Break { at: self.window.offset(place + at), cut });
        }
    }

    fn pass_container(&mut self) -> Result<usize, Break> {
        let mut nesting = Nesting::default();
        let mut is_complete = false;
        loop {
            is_complete = self.pass_known(&mut nesting, is_complete);
            is_complete = match (is_complete, nesting.top()) {
                (true, None) => return Ok(self.relative(self.window.passed_token().unwrap_or_default()) + 1),
                (true, Some(container)) => self.pass_what_follows(container, &mut nesting)?,
                (false, _) => self.pass_beginning(&mut nesting)?,
            };
        }
    }

    /// Passes what is expected inside a container, value or what follows one, as far as tokens are known that are as they
    /// should be; whether a value is complete then. All else is left to those that take one step at a time: what is
    /// broken or goes on behind the window.
    fn pass_known(&mut self, nesting: &mut Nesting, mut is_complete: bool) -> bool {
        let (places, marks) = (self.window.tokens(), self.window.marks());
        let mut at = 0;
        let mut container = nesting.top();
        while let Some(next) = marks.get(at..).and_then(<[u8]>::first_chunk::<8>) {
            let next = u64::from_le_bytes(*next);
            if is_complete {
                match container {
                    // Another member, and its value if it is a string or a number; another item, if it is an object with
                    // members, and the first of them if it is a string.
                    Some(Container::Object) if begins(next, const { marks_of(b",\"\":") }) => {
                        let is_string = begins(next, const { marks_of(b",\"\":\"\"") });
                        is_complete = is_string || self.is_short_number_at(places.get(at + 4));
                        at += 4 + usize::from(is_complete) + usize::from(is_string);
                    }
                    Some(Container::Object) if begins(next, const { marks_of(b"},{\"\":") }) && nesting.is_item() => {
                        is_complete = begins(next, const { marks_of(b"},{\"\":\"\"") });
                        at += if is_complete { 8 } else { 6 };
                    }
                    Some(Container::Object) if next as u8 == b'}' => {
                        nesting.pop();
                        container = nesting.top();
                        at += 1;
                    }
                    Some(Container::Array) if next as u8 == b',' => {
                        is_complete = false;
                        at += 1;
                    }
                    Some(Container::Array) if next as u8 == b']' => {
                        nesting.pop();
                        container = nesting.top();
                        at += 1;
                    }
                    _ => break,
                }
                continue;
            }
            at += match (next as u16).to_le_bytes() {
                [b'"', b'"'] | [b'{', b'}'] | [b'[', b']'] => 2,
                [b'0'..=b'9' | b'-' | b't' | b'f' | b'n', _] => match places.get(at) {
                    Some(place) if self.is_word_at(*place as usize) => 1,
                    _ => break,
                },
                [b'{', _] if begins(next, const { marks_of(b"{\"\":") }) => {
                    nesting.push(Container::Object);
                    container = Some(Container::Object);
                    at += 4;
                    continue;
                }
                [b'[', 1..=u8::MAX] => {
                    nesting.push(Container::Array);
                    container = Some(Container::Array);
                    at += 1;
                    continue;
                }
                _ => break,
            };
            is_complete = true;
        }
        self.window.pass(at);
        is_complete
    }

    /// Passes a value, or the beginning of one that holds values; whether it is complete.
    fn pass_beginning(&mut self, nesting: &mut Nesting) -> Result<bool, Break> {
        let first = self.peek().ok_or_else(|| self.broken())?;
        let (container, closing) = match first {
            b'"' => return self.pass_string().map(|_| true),
            b'{' => (Container::Object, b'}'),
            b'[' => (Container::Array, b']'),
            _ => return self.pass_word().map(|_| true),
        };
        self.window.pass(1);
        if self.take(closing) {
            return Ok(true);
        }
        nesting.push(container);
        if container == Container::Object {
            self.pass_key()?;
        }
        Ok(false)
    }

    /// Passes what stands behind a value in a container; whether the container ends there, else a value is expected.
    fn pass_what_follows(&mut self, container: Container, nesting: &mut Nesting) -> Result<bool, Break> {
        match (self.peek(), container) {
            (Some(b','), Container::Object) => {
                self.window.pass(1);
                self.pass_key()?;
                Ok(false)
            }
            (Some(b','), Container::Array) => {
                self.window.pass(1);
                Ok(false)
            }
            (Some(b'}'), Container::Object) | (Some(b']'), Container::Array) => {
                nesting.pop();
                self.window.pass(1);
                Ok(true)
            }
            _ => Err(self.broken()),
        }
    }

    #[inline(always)]
    fn pass_key(&mut self) -> Result<(), Break> {
        if let [b'"', b'"', b':', ..] = self.window.next_marks() {
            self.window.pass(3);
            return Ok(());
        }
        if self.peek() != Some(b'"') {
            return Err(self.broken());
        }
        self.pass_string()?;
        self.expect(b':')
    }
}
