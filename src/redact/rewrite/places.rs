//! Where bytes stand in a text that are of interest beside those before and behind them, found many at a time.

/// How many bytes are looked at in a step.
const BLOCK: usize = 64;

/// A block with the byte before it and the one behind.
const WINDOW: usize = BLOCK + 2;

/// The places at which a byte is of interest, in order, by the byte before it, itself and the one behind it. Before the first and
/// behind the last stand zeros. The question must have no branches: then it is asked of many bytes at once.
pub(super) struct Places<'t, F> {
    text: &'t [u8],
    is_of_interest: F,
    /// Where the block at hand begins, and a bit for each place in it that is not told yet.
    block: usize,
    bits: u64,
    /// Where the next block begins.
    next: usize,
}

impl<'t, F: Fn(u8, u8, u8) -> bool> Places<'t, F> {
    pub(super) fn of(text: &'t str, is_of_interest: F) -> Self {
        Self { text: text.as_bytes(), is_of_interest, block: 0, bits: 0, next: 0 }
    }

    /// The bits of the block that begins at a place.
    #[inline]
    fn bits_from(&self, start: usize) -> u64 {
        let whole = start.checked_sub(1).and_then(|before| self.text.get(before..)?.first_chunk::<WINDOW>());
        if let Some(window) = whole {
            return bits(window, &self.is_of_interest);
        }
        let mut window = [0; WINDOW];
        let given = self.text.get(start.saturating_sub(1)..).unwrap_or_default();
        for (byte, given) in window.iter_mut().skip(usize::from(start == 0)).zip(given) {
            *byte = *given;
        }
        let count = (self.text.len() - start).min(BLOCK);
        bits(&window, &self.is_of_interest) & (u64::MAX >> (BLOCK - count))
    }
}

impl<F: Fn(u8, u8, u8) -> bool> Iterator for Places<'_, F> {
    type Item = usize;

    #[inline]
    fn next(&mut self) -> Option<usize> {
        while self.bits == 0 {
            if self.next >= self.text.len() {
                return None;
            }
            self.block = self.next;
            self.bits = self.bits_from(self.block);
            self.next += BLOCK;
        }
        let place = self.block + self.bits.trailing_zeros() as usize;
        self.bits &= self.bits - 1;
        Some(place)
    }
}

/// A bit for each byte of a block that is of interest, the first lowest.
#[inline]
fn bits(window: &[u8; WINDOW], is_of_interest: &impl Fn(u8, u8, u8) -> bool) -> u64 {
    let bytes = |from: usize| window.get(from..).and_then(<[u8]>::first_chunk::<BLOCK>);
    let (Some(before), Some(at), Some(behind)) = (bytes(0), bytes(1), bytes(2)) else { return 0 };
    let mut flags = [0_u8; BLOCK];
    for (((flag, before), at), behind) in flags.iter_mut().zip(before).zip(at).zip(behind) {
        *flag = u8::from(is_of_interest(*before, *at, *behind));
    }
    // Of eight bytes that are one or zero, the product has a bit each in its highest byte.
    let eight = |flags: &[u8; 8]| u64::from_le_bytes(*flags).wrapping_mul(0x0102_0408_1020_4080) >> 56;
    flags.as_chunks().0.iter().rev().fold(0, |bits, flags| bits << 8 | eight(flags))
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn places_are_those_byte_by_byte(text in "[ab.é]{0,200}", from in 0_usize..3) {
            let is_of_interest = |before: u8, at: u8, behind: u8| (at == b'a') & ((before == b'.') | (behind == 0) | (behind >= 0x80)) | (at == b'b') & (before == 0);
            let text = text.get(from..).unwrap_or_default();
            let bytes = text.as_bytes();
            let byte = |at: Option<usize>| at.and_then(|at| bytes.get(at)).copied().unwrap_or_default();
            let expected = (0..bytes.len()).filter(|at| is_of_interest(byte(at.checked_sub(1)), byte(Some(*at)), byte(Some(at + 1))));
            prop_assert_eq!(Places::of(text, is_of_interest).collect::<Vec<_>>(), expected.collect::<Vec<_>>());
        }
    }
}
