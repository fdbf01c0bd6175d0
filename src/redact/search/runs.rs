//! Runs of letters that may be base64, and a quick look at what they stand for.

use super::needles::Grams;

/// The shortest run of letters that is taken for base64: shorter ones hold no value that is sought.
pub(super) const SHORTEST_RUN: usize = 8;

/// What stands for no letter of base64.
const NONE: u8 = 0xFF;

/// What each byte stands for as a letter of base64, of either alphabet.
#[expect(clippy::indexing_slicing, reason = "a place outside would not compile")]
const LETTERS: [u8; 256] = {
    let mut letters = [NONE; 256];
    let mut value = 0;
    while value < 26 {
        letters[b'A' as usize + value as usize] = value;
        letters[b'a' as usize + value as usize] = value + 26;
        value += 1;
    }
    let mut digit = 0;
    while digit < 10 {
        letters[b'0' as usize + digit as usize] = digit + 52;
        digit += 1;
    }
    letters[b'+' as usize] = 62;
    letters[b'-' as usize] = 62;
    letters[b'/' as usize] = 63;
    letters[b'_' as usize] = 63;
    letters
};

/// What a letter of base64 stands for.
#[inline(always)]
pub(super) fn letter(byte: u8) -> Option<u8> {
    LETTERS.get(usize::from(byte)).copied().filter(|value| *value != NONE)
}

/// Whether a byte is a letter of base64.
#[inline(always)]
pub(super) fn is_letter(byte: u8) -> bool {
    letter(byte).is_some()
}

/// A byte under base64: one that is left out of wide text, the beginning of an escape, a letter of base64 itself.
const ZERO: u8 = 1;
const MARK: u8 = 2;
const LETTER: u8 = 4;

/// For two letters of base64: what the byte is of which they are the first two letters, the middle or the end,
/// three bits each.
#[expect(clippy::indexing_slicing, reason = "a place outside would not compile")]
const BYTES: [u16; 4096] = {
    let mut bytes = [0; 4096];
    let mut pair: u16 = 0;
    while pair < 4096 {
        bytes[pair as usize] = sort((pair >> 4) as u8) | sort((pair >> 2) as u8) << 3 | sort(pair as u8) << 6;
        pair += 1;
    }
    bytes
};

/// What a byte may be the beginning of; only called while this is compiled.
#[expect(clippy::indexing_slicing, reason = "a place outside would not compile")]
const fn sort(byte: u8) -> u16 {
    let sort = match byte {
        0 => ZERO,
        b'%' | b'&' | b'\\' => MARK,
        _ if LETTERS[byte as usize] != NONE => LETTER,
        _ => 0,
    };
    sort as u16
}

/// Whether two bytes may begin an escape.
fn begins_escape(pair: u64) -> bool {
    let [.., first, second] = pair.to_be_bytes();
    match first {
        b'%' => second.is_ascii_hexdigit(),
        b'&' => matches!(second, b'#' | b'a' | b'l' | b'g' | b'q' | b'n'),
        b'\\' => matches!(second, b'u' | b'x' | b'n' | b'r' | b't' | b'b' | b'f' | b'"' | b'\'' | b'\\' | b'/'),
        _ => false,
    }
}

/// Whether some value, an escape, a zero or another run may be in the bytes that a run stands for, from whichever of
/// its letters it is read.
pub(super) fn may_hold(run: &[u8], grams: &Grams) -> bool {
    if !grams.sees_in_base64() {
        return true;
    }
    // Neither another run nor anything that is shorter yet is in bytes that are just as many as a value has.
    let most = run.len() * 3 / 4;
    let is_short = most < SHORTEST_RUN && most <= grams.shortest();
    if is_short && most < grams.shortest() {
        return false;
    }
    const ALL: u16 = 0o777;
    const ZEROS: u16 = 0o111;
    const MARKS: u16 = 0o222;
    let mut bits: u64 = 0;
    // Marks that wait for the byte behind them: their places in the letters at hand and in those before.
    let (mut waiting, mut waited) = (0, 0);
    // Whether three bytes that end here were letters of base64, for each of the last places.
    let mut threes: u32 = 0;
    let (mut first, mut second) = (0_u16, 0_u16);
    for (at, byte) in run.iter().enumerate() {
        let Some(value) = letter(*byte) else { return true };
        bits = bits << 6 | u64::from(value);
        if at == 0 {
            continue;
        }
        if is_short {
            if grams.knows_last(bits, at + 1) {
                return true;
            }
            continue;
        }
        let known = BYTES.get((bits & 0xFFF) as usize).copied().unwrap_or(ALL);
        // At the beginning there is no byte that ends here.
        let known = match at {
            1 => known & 0o7,
            2 => known & 0o77,
            _ => known,
        };
        if known & ZEROS != 0 {
            return true;
        }
        if waiting | waited != 0 {
            let begins = waiting & 0o2 != 0 && begins_escape(bits >> 2 & 0xFFFF)
                || waiting & 0o20 != 0 && begins_escape(bits & 0xFFFF)
                || waited & 0o200 != 0 && begins_escape(bits >> 4 & 0xFFFF);
            if begins {
                return true;
            }
        }
        waited = waiting;
        waiting = known & MARKS;
        let three = first & 0o4 != 0 && second & 0o40 != 0 && known & 0o400 != 0;
        (first, second) = (second, known);
        threes = threes << 1 | u32::from(three);
        if threes & 0b1_0001 == 0b1_0001 || grams.knows_last(bits, at + 1) {
            return true;
        }
    }
    false
}

/// The longest run that is remembered, in bytes.
const LONGEST_REMEMBERED: usize = 40;

/// How many runs are remembered.
const MOST_REMEMBERED: usize = 1 << 10;

/// Runs in which nothing was found. Most are words of the format, of scripts and of pages, and come again and again.
#[derive(Default)]
pub(super) struct Harmless {
    /// Each run at the place that its letters tell, with its length; empty as long as there is none.
    runs: Vec<(u8, [u8; LONGEST_REMEMBERED])>,
}

impl Harmless {
    /// Whether a run is remembered.
    pub(super) fn has(&self, run: &[u8]) -> bool {
        let Some((length, known)) = place(run).and_then(|place| self.runs.get(place)) else { return false };
        known.get(..usize::from(*length)) == Some(run)
    }

    /// Remembers a run, in the place of another.
    pub(super) fn add(&mut self, run: &[u8]) {
        let Some(place) = place(run) else { return };
        if self.runs.is_empty() {
            self.runs.resize(MOST_REMEMBERED, (0, [0; LONGEST_REMEMBERED]));
        }
        if let Some((length, known)) = self.runs.get_mut(place) {
            *length = u8::try_from(run.len()).unwrap_or_default();
            for (known, byte) in known.iter_mut().zip(run) {
                *known = *byte;
            }
        }
    }
}

/// Where a run is remembered; `None` for one that is not.
fn place(run: &[u8]) -> Option<usize> {
    let (first, last) = (run.first_chunk()?, run.last_chunk()?);
    if run.len() > LONGEST_REMEMBERED {
        return None;
    }
    let middle = run.get(run.len() / 2 - 4..).and_then(<[u8]>::first_chunk)?;
    let hash = [first, middle, last]
        .iter()
        .fold(run.len() as u64, |hash, eight| (hash.rotate_left(5) ^ u64::from_le_bytes(**eight)).wrapping_mul(0x9E37_79B9_7F4A_7C15));
    Some((hash >> 32) as usize % MOST_REMEMBERED)
}

/// Runs of letters that may be base64, of either alphabet.
pub(super) fn runs(bytes: &[u8]) -> impl Iterator<Item = (usize, usize)> {
    let mut at = 0;
    std::iter::from_fn(move || {
        loop {
            // What is no letter ends every run that has it in it, so that the last place of one is looked at first.
            let window = bytes.get(at..at + SHORTEST_RUN)?;
            if let Some(other) = window.iter().rposition(|byte| !is_letter(*byte)) {
                at += other + 1;
                continue;
            }
            let start = at;
            let rest = bytes.get(start + SHORTEST_RUN..).unwrap_or_default();
            at = start + SHORTEST_RUN + rest.iter().position(|byte| !is_letter(*byte)).unwrap_or(rest.len());
            return Some((start, at));
        }
    })
}
