//! The names of headers: which are the same, and a quick way past those that nobody asks for.

/// Whether two names are the same, whatever their case. Most that are asked for are, and are written alike.
#[inline]
pub(super) fn is_same(one: &[u8], other: &[u8]) -> bool {
    let last = |name: &[u8]| name.last().map(u8::to_ascii_lowercase);
    one.len() == other.len() && (one == other || last(one) == last(other) && one.eq_ignore_ascii_case(other))
}

/// How a name begins, whatever its case: one of 64 kinds. Names that begin alike have the same, some others share it.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) struct Beginning(u8);

/// How some names begin.
#[derive(Clone, Copy, Default)]
pub(super) struct Beginnings(u64);

/// How many bytes of a name are looked at.
const LENGTH: usize = 8;

/// One in each byte.
const ONES: u64 = u64::MAX / 0xFF;

/// The bit in which a small letter differs from the capital one, in each byte.
const CASE: u64 = ONES * 0x20;

/// Parts the names that summaries keep from nearly all others that browsers and servers send.
const FACTOR: u64 = 0x9BAE_4BF4_75E3_9C13;

impl Beginning {
    /// How a name begins.
    #[inline(always)]
    pub(super) const fn of(name: &[u8]) -> Self {
        Self::of_first(first(name))
    }

    /// How a name begins that is written so between the quotes of JSON; `None` where an escape stands there.
    #[inline(always)]
    pub(super) fn of_written(name: &[u8]) -> Option<Self> {
        let first = first(name);
        // Only a byte that is zero then borrows from its highest bit, or one that follows it.
        let differing = first ^ (ONES * b'\\' as u64);
        let has_escape = differing.wrapping_sub(ONES) & !differing & (ONES << 7) != 0;
        (!has_escape).then(|| Self::of_first(first))
    }

    #[inline(always)]
    const fn of_first(first: u64) -> Self {
        Self(((first | CASE).wrapping_mul(FACTOR) >> (u64::BITS - 6)) as u8)
    }
}

/// The first bytes of a name, in one word.
#[inline(always)]
const fn first(name: &[u8]) -> u64 {
    match (name.first_chunk::<LENGTH>(), name.first_chunk::<4>(), name.last_chunk::<4>()) {
        (Some(eight), ..) => u64::from_le_bytes(*eight),
        // The two overlap where they hold the same bytes.
        (None, Some(four), Some(last)) => u32::from_le_bytes(*four) as u64 | (u32::from_le_bytes(*last) as u64) << (8 * (name.len() - 4)),
        _ => {
            let (mut first, mut rest) = (0, name);
            while let [others @ .., last] = rest {
                first = first << 8 | *last as u64;
                rest = others;
            }
            first
        }
    }
}

impl Beginnings {
    /// Those of all names.
    pub(super) const ALL: Self = Self(u64::MAX);

    /// Those of some names, or of all names that begin with these, which then have eight bytes or more.
    pub(super) const fn of(names: &[&str]) -> Self {
        let (mut all, mut rest) = (Self(0), names);
        while let [name, others @ ..] = rest {
            all = all.with(Beginning::of(name.as_bytes()));
            rest = others;
        }
        all
    }

    /// These and one more.
    #[inline(always)]
    pub(super) const fn with(self, beginning: Beginning) -> Self {
        Self(self.0 | 1 << beginning.0)
    }

    /// These and others.
    pub(super) const fn and(self, others: Self) -> Self {
        Self(self.0 | others.0)
    }

    /// Whether one is among them.
    #[inline(always)]
    pub(super) const fn has(self, beginning: Beginning) -> bool {
        self.0 >> beginning.0 & 1 != 0
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn case_and_what_follows_eight_bytes_make_no_difference() {
        for (one, other) in [("", ""), ("a", "A"), ("Age", "age"), ("DATE", "date"), ("Origin", "oRIGIN"), ("Sec-Fetch-Dest", "sec-fetch-")]
        {
            assert!(Beginning::of(one.as_bytes()) == Beginning::of(other.as_bytes()), "{one}");
        }
    }

    #[test]
    fn every_length_is_read_whole() {
        let name = "location-";
        let kinds: Vec<_> = (0..=name.len()).map(|length| Beginning::of(name.get(..length).unwrap().as_bytes()).0).collect();
        let written = |length: usize| name.bytes().take(length.min(8)).rev().fold(0_u64, |bytes, byte| bytes << 8 | u64::from(byte));
        let expected: Vec<_> = (0..=name.len()).map(|length| ((written(length) | CASE).wrapping_mul(FACTOR) >> 58) as u8).collect();
        assert_eq!(kinds, expected);
    }
}
