//! The vector step for x86-64 processors with AVX2: those since 2013 and 2015.
//!
//! This and `avx512` are the only unsafe code of the project: the compiler does not find these instructions by itself.
//! What they are worth is in `docs/performance.md`.

#![allow(unsafe_code, reason = "vector instructions; the tests hold it to the portable way")]

use super::{BLOCK, Bits, Block, State, Tokens, index_by};
use std::arch::x86_64::{
    __m256i, _mm_clmulepi64_si128, _mm_cvtsi64_si128, _mm_cvtsi128_si64, _mm_loadu_si128, _mm_set1_epi8, _mm256_and_si256,
    _mm256_broadcastsi128_si256, _mm256_cmpeq_epi8, _mm256_loadu_si256, _mm256_min_epu8, _mm256_movemask_epi8, _mm256_or_si256,
    _mm256_set1_epi8, _mm256_setzero_si256, _mm256_shuffle_epi8, _mm256_srli_epi16, _mm256_testz_si256,
};

/// Indexes blocks, if this processor can.
pub(super) fn index(state: &mut State, blocks: &[[u8; BLOCK]], first: u32, tokens: &mut Tokens) -> Option<bool> {
    let can = is_x86_feature_detected!("avx2") && counts_bits();
    // SAFETY: the processor has what the function is compiled for.
    can.then(|| unsafe { index_here(state, blocks, first, tokens) })
}

/// Whether the processor has the instructions for single bits and for products without carry, which every way needs.
pub(super) fn counts_bits() -> bool {
    is_x86_feature_detected!("bmi1")
        && is_x86_feature_detected!("bmi2")
        && is_x86_feature_detected!("lzcnt")
        && is_x86_feature_detected!("pclmulqdq")
        && is_x86_feature_detected!("popcnt")
}

#[target_feature(enable = "avx2,bmi1,bmi2,lzcnt,pclmulqdq,popcnt")]
fn index_here(state: &mut State, blocks: &[[u8; BLOCK]], first: u32, tokens: &mut Tokens) -> bool {
    index_by::<Avx2>(state, blocks, first, tokens)
}

/// A block in two registers. Only [`index_here`] makes one, so that its methods run where AVX2 is.
struct Avx2 {
    low: __m256i,
    high: __m256i,
}

impl Block for Avx2 {
    #[inline(always)]
    fn load(bytes: &[u8; BLOCK]) -> Self {
        let (low, high) = bytes.split_at(BLOCK / 2);
        // SAFETY: each half has the 32 bytes that are read, and the load asks for no alignment.
        unsafe { Self { low: _mm256_loadu_si256(low.as_ptr().cast()), high: _mm256_loadu_si256(high.as_ptr().cast()) } }
    }

    #[inline(always)]
    fn quotes(&self) -> Bits {
        bits(equal(self.low, b'"'), equal(self.high, b'"'))
    }

    #[inline(always)]
    fn backslashes(&self) -> Bits {
        bits(equal(self.low, b'\\'), equal(self.high, b'\\'))
    }

    #[inline(always)]
    fn controls(&self) -> Bits {
        bits(control(self.low), control(self.high))
    }

    #[inline(always)]
    fn has_quote_backslash_or_control(&self) -> bool {
        let low = or(or(equal(self.low, b'"'), equal(self.low, b'\\')), control(self.low));
        let high = or(or(equal(self.high, b'"'), equal(self.high, b'\\')), control(self.high));
        // SAFETY: see `Avx2`.
        unsafe { _mm256_testz_si256(or(low, high), or(low, high)) == 0 }
    }

    #[inline(always)]
    fn operators(&self) -> Bits {
        bits(operator(self.low), operator(self.high))
    }

    #[inline(always)]
    fn white_space(&self) -> Bits {
        let spaces = table(&SPACES);
        bits(same(look_up(spaces, self.low), self.low), same(look_up(spaces, self.high), self.high))
    }

    #[inline(always)]
    fn escapes(&self) -> Bits {
        let (low, high) = (table(&ESCAPES_LOW), table(&ESCAPES_HIGH));
        !bits(in_none(self.low, low, high), in_none(self.high, low, high))
    }

    #[inline(always)]
    fn us(&self) -> Bits {
        bits(equal(self.low, b'u'), equal(self.high, b'u'))
    }

    #[inline(always)]
    fn ns(&self) -> Bits {
        bits(equal(self.low, b'n'), equal(self.high, b'n'))
    }

    #[inline(always)]
    fn digits(&self) -> Bits {
        let (low, high) = (table(&DIGITS_LOW), table(&DIGITS_HIGH));
        !bits(in_none(self.low, low, high), in_none(self.high, low, high))
    }

    #[inline(always)]
    fn parity(bits: Bits) -> Bits {
        parity(bits)
    }
}

// In what follows there are no closures: they would not be compiled for the processor that the function around them is
// compiled for, and every instruction in them would become a call.

/// For the lower half of a byte the white space that has it; a byte is white space if it finds itself. What is above
/// 127 finds nothing, so that no byte finds `NONE`.
pub(super) const SPACES: [u8; 16] = [b' ', NONE, NONE, NONE, NONE, NONE, NONE, NONE, NONE, b'\t', b'\n', NONE, NONE, b'\r', NONE, NONE];
const NONE: u8 = 0x80;

/// What may stand behind a backslash. Each kind of upper half is a bit, and each lower half has the kinds with which it
/// makes an escape: 2_ `"` `/` is 1, 5_ `\` is 2, 6_ `b` `f` `n` is 4, 7_ `r` `t` `u` is 8.
pub(super) const ESCAPES_LOW: [u8; 16] = [0, 0, 1 | 4 | 8, 0, 8, 8, 4, 0, 0, 0, 0, 0, 2, 0, 4, 1];
pub(super) const ESCAPES_HIGH: [u8; 16] = [0, 0, 1, 0, 0, 2, 4, 8, 0, 0, 0, 0, 0, 0, 0, 0];

/// Hexadecimal digits in the same way: 3_ `0` to `9` is 1, 4_ and 6_ `a` to `f` is 2.
pub(super) const DIGITS_LOW: [u8; 16] = [1, 3, 3, 3, 3, 3, 3, 1, 1, 1, 0, 0, 0, 0, 0, 0];
pub(super) const DIGITS_HIGH: [u8; 16] = [0, 0, 0, 1, 2, 0, 2, 0, 0, 0, 0, 0, 0, 0, 0, 0];

/// For each bit whether it or an odd number of bits below it are set together: the product with all ones, without carry.
/// Only where PCLMULQDQ is.
#[inline(always)]
pub(super) fn parity(bits: Bits) -> Bits {
    // SAFETY: see `Avx2`.
    unsafe { _mm_cvtsi128_si64(_mm_clmulepi64_si128::<0>(_mm_cvtsi64_si128(bits.cast_signed()), _mm_set1_epi8(-1))).cast_unsigned() }
}

#[inline(always)]
fn bits(low: __m256i, high: __m256i) -> Bits {
    // SAFETY: see `Avx2`, here and below.
    let (low, high) = unsafe { (_mm256_movemask_epi8(low), _mm256_movemask_epi8(high)) };
    low.cast_unsigned() as Bits | (high.cast_unsigned() as Bits) << 32
}

#[inline(always)]
fn splat(byte: u8) -> __m256i {
    // SAFETY: see `Avx2`.
    unsafe { _mm256_set1_epi8(byte.cast_signed()) }
}

#[inline(always)]
fn same(one: __m256i, other: __m256i) -> __m256i {
    // SAFETY: see `Avx2`.
    unsafe { _mm256_cmpeq_epi8(one, other) }
}

#[inline(always)]
fn equal(half: __m256i, byte: u8) -> __m256i {
    same(half, splat(byte))
}

#[inline(always)]
fn or(one: __m256i, other: __m256i) -> __m256i {
    // SAFETY: see `Avx2`.
    unsafe { _mm256_or_si256(one, other) }
}

#[inline(always)]
fn control(half: __m256i) -> __m256i {
    // SAFETY: see `Avx2`.
    same(unsafe { _mm256_min_epu8(half, splat(0x1F)) }, half)
}

#[inline(always)]
fn operator(half: __m256i) -> __m256i {
    // `[` and `{`, `]` and `}` differ in one bit.
    let lower = or(half, splat(0x20));
    or(or(equal(lower, b'{'), equal(lower, b'}')), or(equal(half, b':'), equal(half, b',')))
}

/// The entry of a table for the lower half of each byte; nothing for bytes above 127.
#[inline(always)]
fn look_up(table: __m256i, half: __m256i) -> __m256i {
    // SAFETY: see `Avx2`.
    unsafe { _mm256_shuffle_epi8(table, half) }
}

/// The bytes whose halves have no bit in common in the two tables.
#[inline(always)]
fn in_none(half: __m256i, low: __m256i, high: __m256i) -> __m256i {
    // SAFETY: see `Avx2`.
    unsafe {
        let lower = _mm256_shuffle_epi8(low, _mm256_and_si256(half, splat(0x0F)));
        let upper = _mm256_shuffle_epi8(high, _mm256_and_si256(_mm256_srli_epi16(half, 4), splat(0x0F)));
        same(_mm256_and_si256(lower, upper), _mm256_setzero_si256())
    }
}

/// A table of sixteen, once for each half of a register.
#[inline(always)]
fn table(entries: &[u8; 16]) -> __m256i {
    // SAFETY: see `Avx2`; there are the 16 bytes that are read.
    unsafe { _mm256_broadcastsi128_si256(_mm_loadu_si128(entries.as_ptr().cast())) }
}
