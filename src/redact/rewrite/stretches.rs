//! The parts of prose that may hold more than words. Most of it is words, as of scripts, and nobody looks at these one by one: what
//! makes a word more than one is found first, and the word around it.

use super::places::Places;
use super::prose::{SHORTEST_KEY, begins_escape, is_divider, is_encoded, last_name};
use crate::redact::names::{self, Meaning};
use std::ops::Range;

/// The parts of a text, between what parts words in any case, in which a word may be more than a word: a long one, or one in which
/// something stands that only addresses, tokens, escapes and pairs of known names have.
pub(super) fn stretches(text: &str) -> impl Iterator<Item = Range<usize>> {
    let bytes = text.as_bytes();
    let mut marks = Places::of(text, may_mark);
    let mut mark = marks.next().unwrap_or(bytes.len());
    let mut long = long_one(bytes, 0);
    // Up to where the text is done with.
    let mut done = 0;
    std::iter::from_fn(move || {
        let start = loop {
            if mark >= long {
                break long;
            }
            if mark >= done && is_mark(bytes, mark) {
                let before = bytes.get(done..mark)?;
                break done + before.iter().rposition(|byte| is_divider(*byte)).map_or(0, |at| at + 1);
            }
            mark = marks.next().unwrap_or(bytes.len());
        };
        let rest = bytes.get(start..).filter(|rest| !rest.is_empty())?;
        done = start + rest.iter().position(|byte| is_divider(*byte)).unwrap_or(rest.len());
        if long < done {
            long = long_one(bytes, done);
        }
        Some(start..done)
    })
}

/// Where the next part begins that is as long as a key, from the end of another on; where the text ends, if there is none.
fn long_one(bytes: &[u8], mut from: usize) -> usize {
    while let Some(next) = bytes.get(from..from + SHORTEST_KEY) {
        match next.iter().rposition(|byte| is_divider(*byte)) {
            // What begins before it is shorter.
            Some(at) => from += at + 1,
            None => return from,
        }
    }
    bytes.len()
}

/// Whether a byte may make a word more than a word, for many at once.
#[inline(always)]
fn may_mark(before: u8, byte: u8, behind: u8) -> bool {
    let is_digit = |byte: u8| byte.wrapping_sub(b'0') < 10;
    (byte == b'@')
        | (byte == b'%')
        | (byte == b'\\')
        | (byte == b'=')
        | (byte == b':')
        | (byte == b'?')
        | (byte == b'J') & (before == b'y')
        | (byte == b'.') & is_digit(before) & is_digit(behind)
}

/// Whether the byte at a place does, in a part that is shorter than a key.
fn is_mark(bytes: &[u8], at: usize) -> bool {
    let (before, rest) = bytes.split_at_checked(at).unwrap_or_default();
    let near = before.iter().rev().take(SHORTEST_KEY).take_while(|byte| !is_divider(**byte));
    match rest {
        [b'@', ..] => true,
        [b'%', ..] => is_encoded(rest),
        [b'\\', ..] => begins_escape(rest),
        // RFC 4291 §2.2: the groups of an IP address have four digits at most.
        [b':', behind @ ..] => behind.starts_with(b"//") || before.ends_with(b"data") || behind.iter().take(5).any(|byte| *byte == b':'),
        // Those of version 4 have three, and there are four of them.
        [b'.', behind @ ..] => behind.iter().take(8).filter(|byte| **byte == b'.').count() >= 2,
        [b'?', ..] => near.into_iter().any(|byte| *byte == b'/'),
        [b'J', ..] => before.ends_with(b"ey"),
        [b'=', ..] => {
            let mut name = [0; SHORTEST_KEY];
            let mut length = 0;
            for (place, byte) in name.iter_mut().rev().zip(near) {
                match byte {
                    b'=' | b'&' => break,
                    // What is no letter may part words.
                    b'\'' | 0x80.. => return true,
                    _ => *place = *byte,
                }
                length += 1;
            }
            let name = name.get(SHORTEST_KEY - length..).and_then(|name| std::str::from_utf8(name).ok()).unwrap_or_default();
            names::of_field(last_name(name)) != Meaning::Unknown
        }
        _ => false,
    }
}
