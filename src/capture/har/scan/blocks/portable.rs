//! The vector step in plain Rust, for processors that no faster way is written for.

use super::{BLOCK, Bits, Block};

pub(super) struct Portable([u8; BLOCK]);

impl Block for Portable {
    #[inline(always)]
    fn load(bytes: &[u8; BLOCK]) -> Self {
        Self(*bytes)
    }

    #[inline(always)]
    fn quotes(&self) -> Bits {
        self.mark(|byte| byte == b'"')
    }

    #[inline(always)]
    fn backslashes(&self) -> Bits {
        self.mark(|byte| byte == b'\\')
    }

    #[inline(always)]
    fn controls(&self) -> Bits {
        self.mark(|byte| byte < 0x20)
    }

    #[inline(always)]
    fn has_quote_backslash_or_control(&self) -> bool {
        let marked = self.0.map(|byte| u8::from(byte == b'"') | u8::from(byte == b'\\') | u8::from(byte < 0x20));
        marked.as_chunks().0.iter().fold(0, |all, word| all | u64::from_le_bytes(*word)) != 0
    }

    #[inline(always)]
    fn operators(&self) -> Bits {
        self.mark(|byte| matches!(byte, b'{' | b'}' | b'[' | b']' | b':' | b','))
    }

    #[inline(always)]
    fn white_space(&self) -> Bits {
        self.mark(|byte| matches!(byte, b' ' | b'\t' | b'\n' | b'\r'))
    }

    #[inline(always)]
    fn escapes(&self) -> Bits {
        self.mark(|byte| matches!(byte, b'"' | b'\\' | b'/' | b'b' | b'f' | b'n' | b'r' | b't' | b'u'))
    }

    #[inline(always)]
    fn us(&self) -> Bits {
        self.mark(|byte| byte == b'u')
    }

    #[inline(always)]
    fn ns(&self) -> Bits {
        self.mark(|byte| byte == b'n')
    }

    #[inline(always)]
    fn digits(&self) -> Bits {
        self.mark(|byte| byte.is_ascii_hexdigit())
    }
}

impl Portable {
    /// For each byte of a block the bit of the word of eight that it stands in.
    #[expect(clippy::indexing_slicing, reason = "evaluated by the compiler, which refuses a bad index")]
    const WORD: [u8; BLOCK] = {
        let mut bits = [1; BLOCK];
        let mut index = 0;
        while index < BLOCK {
            bits[index] = 1 << (index / 8);
            index += 1;
        }
        bits
    };

    /// Comparisons and "or" alone are what compilers turn into vector instructions; they give bits in another order
    /// (bit 8·a+b for byte 8·b+a), so the 8 by 8 matrix is transposed at the end (Warren, "Hacker's Delight", 7-3).
    #[inline(always)]
    fn mark(&self, is: impl Fn(u8) -> bool) -> Bits {
        let mut marked = [0; BLOCK];
        for ((mark, byte), word) in marked.iter_mut().zip(&self.0).zip(&Self::WORD) {
            *mark = if is(*byte) { *word } else { 0 };
        }
        let bits = marked.as_chunks().0.iter().fold(0, |all, word| all | u64::from_le_bytes(*word));
        let swap = |bits: u64, distance: u32, mask: u64| {
            let different = (bits ^ bits >> distance) & mask;
            bits ^ different ^ different << distance
        };
        let bits = swap(bits, 7, 0x00AA_00AA_00AA_00AA);
        let bits = swap(bits, 14, 0x0000_CCCC_0000_CCCC);
        swap(bits, 28, 0x0000_0000_F0F0_F0F0)
    }
}
