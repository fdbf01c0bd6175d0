//! The vector step for x86-64 processors with AVX-512 as Intel's Ice Lake and AMD's Zen 4 have it (since 2019 and 2022).
//!
//! One comparison answers for a whole block, and the places of the bits that are set are written sixteen at a time, their bytes all at once. What
//! that is worth is in `docs/performance.md`.

#![allow(unsafe_code, reason = "vector instructions; the tests hold it to the portable way")]

use super::avx2::{DIGITS_HIGH, DIGITS_LOW, ESCAPES_HIGH, ESCAPES_LOW, SPACES, counts_bits, parity};
use super::{BLOCK, Bits, Block, State, Tokens, index_by};
use std::arch::x86_64::{
    __m128i, __m512i, _mm_loadu_si128, _mm512_add_epi32, _mm512_and_si512, _mm512_broadcast_i32x4, _mm512_castsi512_si128,
    _mm512_cmpeq_epi8_mask, _mm512_cmplt_epu8_mask, _mm512_cvtepu8_epi32, _mm512_extracti32x4_epi32, _mm512_loadu_si512,
    _mm512_maskz_compress_epi8, _mm512_or_si512, _mm512_set1_epi8, _mm512_set1_epi32, _mm512_shuffle_epi8, _mm512_srli_epi16,
    _mm512_storeu_si512, _mm512_test_epi8_mask,
};

/// Indexes blocks, if this processor can.
pub(super) fn index(state: &mut State, blocks: &[[u8; BLOCK]], first: u32, tokens: &mut Tokens) -> Option<bool> {
    let can = is_x86_feature_detected!("avx512f")
        && is_x86_feature_detected!("avx512bw")
        && is_x86_feature_detected!("avx512vbmi2")
        && counts_bits();
    // SAFETY: the processor has what the function is compiled for.
    can.then(|| unsafe { index_here(state, blocks, first, tokens) })
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
        // `[` and `{`, `]` and `}` differ in one bit.
        // SAFETY: see `Avx512`.
        let lower = unsafe { _mm512_or_si512(self.0, splat(0x20)) };
        equal(lower, b'{') | equal(lower, b'}') | equal(self.0, b':') | equal(self.0, b',')
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
            _mm512_storeu_si512(marks.as_mut_ptr().cast(), _mm512_maskz_compress_epi8(bits, self.0));
            let numbers = _mm512_loadu_si512(NUMBERS.as_ptr().cast());
            let numbers = _mm512_maskz_compress_epi8(bits, numbers);
            let first = _mm512_set1_epi32(first.cast_signed());
            let [one, two, three, four] = places.as_chunks_mut::<16>().0 else {
                return;
            };
            write(one, _mm512_castsi512_si128(numbers), first);
            if count > 16 {
                write(two, _mm512_extracti32x4_epi32::<1>(numbers), first);
                if count > 32 {
                    write(three, _mm512_extracti32x4_epi32::<2>(numbers), first);
                    write(four, _mm512_extracti32x4_epi32::<3>(numbers), first);
                }
            }
        }
    }
}

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
