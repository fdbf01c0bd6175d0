//! The vector step for x86-64 processors with AVX-512 as Intel's Ice Lake and AMD's Zen 4 have it (since 2019 and 2022).
//!
//! One comparison answers for a whole block, and the places of the bits that are set are written sixteen at a time, the
//! bytes that stand there all at once. What that is worth is in `docs/performance.md`.

#![allow(unsafe_code, reason = "vector instructions; the tests hold it to the portable way")]

use super::avx2::{DIGITS_HIGH, DIGITS_LOW, ESCAPES_HIGH, ESCAPES_LOW, SPACES, counts_bits, parity};
use super::{BLOCK, Bits, Block, State, Tokens, index_by};
use std::arch::x86_64::{
    __m128i, __m512i, _mm_loadu_si128, _mm_storeu_si128, _mm512_add_epi32, _mm512_alignr_epi8, _mm512_alignr_epi32, _mm512_and_si512,
    _mm512_broadcast_i32x4, _mm512_castsi512_si128, _mm512_cmpeq_epi8_mask, _mm512_cmplt_epu8_mask, _mm512_cvtepu8_epi32,
    _mm512_extracti32x4_epi32, _mm512_loadu_si512, _mm512_maskz_compress_epi8, _mm512_maskz_set1_epi32, _mm512_movepi8_mask,
    _mm512_or_si512, _mm512_set1_epi8, _mm512_set1_epi32, _mm512_shuffle_epi8, _mm512_srli_epi16, _mm512_storeu_si512, _mm512_subs_epu8,
    _mm512_test_epi8_mask, _mm512_xor_si512,
};

/// Whether this processor can.
pub(super) fn is_here() -> bool {
    is_x86_feature_detected!("avx512f") && is_x86_feature_detected!("avx512bw") && is_x86_feature_detected!("avx512vbmi2") && counts_bits()
}

/// Indexes blocks, if this processor can.
pub(super) fn index(state: &mut State, blocks: &[[u8; BLOCK]], first: u32, tokens: &mut Tokens) -> Option<bool> {
    // SAFETY: the processor has what the function is compiled for.
    is_here().then(|| unsafe { index_here(state, blocks, first, tokens) })
}

#[target_feature(enable = "avx512f,avx512bw,avx512vbmi2,bmi1,bmi2,lzcnt,pclmulqdq,popcnt")]
fn index_here(state: &mut State, blocks: &[[u8; BLOCK]], first: u32, tokens: &mut Tokens) -> bool {
    index_by::<Avx512>(state, blocks, first, tokens)
}

/// A block in one register. Only [`index_here`] makes one, so that its methods run where AVX-512 is.
struct Avx512(__m512i);

impl Block for Avx512 {
    #[inline(always)]
    fn load(bytes: &[u8; BLOCK]) -> Self {
        // SAFETY: there are the 64 bytes that are read, and the load asks for no alignment.
        Self(unsafe { _mm512_loadu_si512(bytes.as_ptr().cast()) })
    }

    #[inline(always)]
    fn quotes(&self) -> Bits {
        equal(self.0, b'"')
    }

    #[inline(always)]
    fn backslashes(&self) -> Bits {
        equal(self.0, b'\\')
    }

    #[inline(always)]
    fn controls(&self) -> Bits {
        // SAFETY: see `Avx512`.
        unsafe { _mm512_cmplt_epu8_mask(self.0, splat(0x20)) }
    }

    #[inline(always)]
    fn has_quote_backslash_or_control(&self) -> bool {
        self.quotes() | self.backslashes() | self.controls() != 0
    }

    #[inline(always)]
    fn operators(&self) -> Bits {
        // With that bit `[` and `]` are `{` and `}`, and two control characters are `:` and `,`, which they are not.
        // SAFETY: see `Avx512`.
        let found = unsafe {
            let lower = _mm512_or_si512(self.0, splat(0x20));
            _mm512_cmpeq_epi8_mask(_mm512_shuffle_epi8(table(&OPERATORS), self.0), lower)
        };
        found & !self.controls()
    }

    #[inline(always)]
    fn white_space(&self) -> Bits {
        // SAFETY: see `Avx512`.
        unsafe { _mm512_cmpeq_epi8_mask(_mm512_shuffle_epi8(table(&SPACES), self.0), self.0) }
    }

    #[inline(always)]
    fn escapes(&self) -> Bits {
        in_some(self.0, table(&ESCAPES_LOW), table(&ESCAPES_HIGH))
    }

    #[inline(always)]
    fn us(&self) -> Bits {
        equal(self.0, b'u')
    }

    #[inline(always)]
    fn ns(&self) -> Bits {
        equal(self.0, b'n')
    }

    /// By the tables of Keiser and Lemire, "Validating UTF-8 in less than one instruction per byte" (2021): three halves of
    /// two neighbouring bytes tell what is wrong with them, but for a third and fourth byte, which those before ask for.
    #[inline(always)]
    fn is_utf8_behind(&self, before: u32) -> bool {
        const LAST_THREE: u32 = 0x8080_8000;
        // SAFETY: see `Avx512`.
        unsafe {
            if _mm512_movepi8_mask(self.0) == 0 && before & LAST_THREE == 0 {
                return true;
            }
            let before = _mm512_maskz_set1_epi32(1 << 15, before.cast_signed());
            // Each quarter the one before it.
            let quarters = _mm512_alignr_epi32::<12>(self.0, before);
            let one_before = _mm512_alignr_epi8::<15>(self.0, quarters);
            let two_before = _mm512_alignr_epi8::<14>(self.0, quarters);
            let three_before = _mm512_alignr_epi8::<13>(self.0, quarters);
            let lower_of_first = _mm512_and_si512(one_before, splat(0x0F));
            let upper_of_first = _mm512_and_si512(_mm512_srli_epi16::<4>(one_before), splat(0x0F));
            let upper_of_second = _mm512_and_si512(_mm512_srli_epi16::<4>(self.0), splat(0x0F));
            let wrong = _mm512_and_si512(
                _mm512_and_si512(
                    _mm512_shuffle_epi8(table(&UPPER_OF_FIRST), upper_of_first),
                    _mm512_shuffle_epi8(table(&LOWER_OF_FIRST), lower_of_first),
                ),
                _mm512_shuffle_epi8(table(&UPPER_OF_SECOND), upper_of_second),
            );
            // The highest bit where a third byte is due two behind 0xE0 or more, or a fourth three behind 0xF0 or more.
            let third = _mm512_subs_epu8(two_before, splat(0xE0 - 0x80));
            let fourth = _mm512_subs_epu8(three_before, splat(0xF0 - 0x80));
            let due = _mm512_and_si512(_mm512_or_si512(third, fourth), splat(0x80));
            _mm512_test_epi8_mask(_mm512_xor_si512(due, wrong), splat(0xFF)) == 0
        }
    }

    #[inline(always)]
    fn digits(&self) -> Bits {
        in_some(self.0, table(&DIGITS_LOW), table(&DIGITS_HIGH))
    }

    #[inline(always)]
    fn parity(bits: Bits) -> Bits {
        parity(bits)
    }

    #[inline(always)]
    fn write(&self, _: &[u8; BLOCK], first: u32, bits: Bits, places: &mut [u32; BLOCK], marks: &mut [u8; BLOCK]) {
        let count = bits.count_ones();
        // SAFETY: see `Avx512`; the stores ask for no alignment, and each is as long as the part of the room it is for.
        unsafe {
            let found = _mm512_maskz_compress_epi8(bits, self.0);
            // Seldom more than sixteen, and a store of all 64 crosses a line of the cache nearly always.
            _mm_storeu_si128(marks.as_mut_ptr().cast(), _mm512_castsi512_si128(found));
            let numbers = _mm512_loadu_si512(NUMBERS.as_ptr().cast());
            let numbers = _mm512_maskz_compress_epi8(bits, numbers);
            let first = _mm512_set1_epi32(first.cast_signed());
            let [one, two, three, four] = places.as_chunks_mut::<16>().0 else {
                return;
            };
            write(one, _mm512_castsi512_si128(numbers), first);
            if count > 16 {
                _mm512_storeu_si512(marks.as_mut_ptr().cast(), found);
                write(two, _mm512_extracti32x4_epi32::<1>(numbers), first);
                if count > 32 {
                    write(three, _mm512_extracti32x4_epi32::<2>(numbers), first);
                    write(four, _mm512_extracti32x4_epi32::<3>(numbers), first);
                }
            }
        }
    }
}

/// A colon, a comma and the brackets, each in the place that its lower half is.
const OPERATORS: [u8; 16] = [0, 0, 0, 0, 0, 0, 0, 0, 0, 0, b':', b'{', b',', b'}', 0, 0];

/// What can be wrong with two bytes in a row, a bit each. `TWO_FURTHER` is wrong unless a third or fourth byte is due.
const TOO_SHORT: u8 = 1;
const TOO_LONG: u8 = 1 << 1;
const THREE_FOR_TWO: u8 = 1 << 2;
const BEYOND_UNICODE: u8 = 1 << 3;
const SURROGATE: u8 = 1 << 4;
const TWO_FOR_ONE: u8 = 1 << 5;
const FOUR_FOR_THREE: u8 = 1 << 6;
const FAR_BEYOND_UNICODE: u8 = 1 << 6;
const TWO_FURTHER: u8 = 1 << 7;
/// What the lower half of the first byte says nothing of.
const ANY_LOWER: u8 = TOO_SHORT | TOO_LONG | TWO_FURTHER;

/// What may be wrong by the upper half of the first byte: 0_ to 7_ ASCII, 8_ to B_ a further byte, C_ and D_ the first of
/// two, E_ of three, F_ of four.
const UPPER_OF_FIRST: [u8; 16] = [
    TOO_LONG,
    TOO_LONG,
    TOO_LONG,
    TOO_LONG,
    TOO_LONG,
    TOO_LONG,
    TOO_LONG,
    TOO_LONG,
    TWO_FURTHER,
    TWO_FURTHER,
    TWO_FURTHER,
    TWO_FURTHER,
    TOO_SHORT | TWO_FOR_ONE,
    TOO_SHORT,
    TOO_SHORT | THREE_FOR_TWO | SURROGATE,
    TOO_SHORT | BEYOND_UNICODE | FAR_BEYOND_UNICODE | FOUR_FOR_THREE,
];

/// By its lower half: what is encoded too long begins with C0, C1, E0 or F0, surrogates with ED, what is beyond Unicode with
/// F4 or more.
const LOWER_OF_FIRST: [u8; 16] = [
    ANY_LOWER | THREE_FOR_TWO | TWO_FOR_ONE | FOUR_FOR_THREE,
    ANY_LOWER | TWO_FOR_ONE,
    ANY_LOWER,
    ANY_LOWER,
    ANY_LOWER | BEYOND_UNICODE,
    ANY_LOWER | BEYOND_UNICODE | FAR_BEYOND_UNICODE,
    ANY_LOWER | BEYOND_UNICODE | FAR_BEYOND_UNICODE,
    ANY_LOWER | BEYOND_UNICODE | FAR_BEYOND_UNICODE,
    ANY_LOWER | BEYOND_UNICODE | FAR_BEYOND_UNICODE,
    ANY_LOWER | BEYOND_UNICODE | FAR_BEYOND_UNICODE,
    ANY_LOWER | BEYOND_UNICODE | FAR_BEYOND_UNICODE,
    ANY_LOWER | BEYOND_UNICODE | FAR_BEYOND_UNICODE,
    ANY_LOWER | BEYOND_UNICODE | FAR_BEYOND_UNICODE,
    ANY_LOWER | BEYOND_UNICODE | FAR_BEYOND_UNICODE | SURROGATE,
    ANY_LOWER | BEYOND_UNICODE | FAR_BEYOND_UNICODE,
    ANY_LOWER | BEYOND_UNICODE | FAR_BEYOND_UNICODE,
];

/// By the upper half of the second byte: only 8_ to B_ go on with what a byte above 127 began.
const UPPER_OF_SECOND: [u8; 16] = [
    TOO_SHORT,
    TOO_SHORT,
    TOO_SHORT,
    TOO_SHORT,
    TOO_SHORT,
    TOO_SHORT,
    TOO_SHORT,
    TOO_SHORT,
    TOO_LONG | TWO_FOR_ONE | TWO_FURTHER | THREE_FOR_TWO | FAR_BEYOND_UNICODE | FOUR_FOR_THREE,
    TOO_LONG | TWO_FOR_ONE | TWO_FURTHER | THREE_FOR_TWO | BEYOND_UNICODE,
    TOO_LONG | TWO_FOR_ONE | TWO_FURTHER | SURROGATE | BEYOND_UNICODE,
    TOO_LONG | TWO_FOR_ONE | TWO_FURTHER | SURROGATE | BEYOND_UNICODE,
    TOO_SHORT,
    TOO_SHORT,
    TOO_SHORT,
    TOO_SHORT,
];

/// The number of each byte of a block.
#[expect(clippy::indexing_slicing, reason = "evaluated by the compiler, which refuses a bad index")]
const NUMBERS: [u8; BLOCK] = {
    let mut numbers = [0; BLOCK];
    let mut index = 0;
    while index < BLOCK {
        numbers[index] = index as u8;
        index += 1;
    }
    numbers
};

/// Sixteen places, each of them so far behind the first.
#[inline(always)]
fn write(room: &mut [u32; 16], places: __m128i, first: __m512i) {
    // SAFETY: see `Avx512`; the room is as long as what is written.
    unsafe { _mm512_storeu_si512(room.as_mut_ptr().cast(), _mm512_add_epi32(_mm512_cvtepu8_epi32(places), first)) }
}

#[inline(always)]
fn splat(byte: u8) -> __m512i {
    // SAFETY: see `Avx512`.
    unsafe { _mm512_set1_epi8(byte.cast_signed()) }
}

#[inline(always)]
fn equal(block: __m512i, byte: u8) -> Bits {
    // SAFETY: see `Avx512`.
    unsafe { _mm512_cmpeq_epi8_mask(block, splat(byte)) }
}

/// The bytes whose halves have a bit in common in the two tables.
#[inline(always)]
fn in_some(block: __m512i, low: __m512i, high: __m512i) -> Bits {
    // SAFETY: see `Avx512`.
    unsafe {
        let lower = _mm512_shuffle_epi8(low, _mm512_and_si512(block, splat(0x0F)));
        let upper = _mm512_shuffle_epi8(high, _mm512_and_si512(_mm512_srli_epi16::<4>(block), splat(0x0F)));
        _mm512_test_epi8_mask(lower, upper)
    }
}

/// A table of sixteen, once for each quarter of a register.
#[inline(always)]
fn table(entries: &[u8; 16]) -> __m512i {
    // SAFETY: see `Avx512`; there are the 16 bytes that are read.
    unsafe { _mm512_broadcast_i32x4(_mm_loadu_si128(entries.as_ptr().cast())) }
}
