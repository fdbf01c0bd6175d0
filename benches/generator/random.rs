//! Data that only looks random, so that the same size gives the same file.

/// xorshift64*: enough for data that should only look random.
pub(super) struct Random(u64);

impl Random {
    pub(super) fn new() -> Self {
        Self(0x9E37_79B9_7F4A_7C15)
    }

    fn next(&mut self) -> u64 {
        self.0 ^= self.0 >> 12;
        self.0 ^= self.0 << 25;
        self.0 ^= self.0 >> 27;
        self.0.wrapping_mul(0x2545_F491_4F6C_DD1D)
    }

    /// A number below `end`.
    pub(super) fn below(&mut self, end: u64) -> u64 {
        (self.next() >> 11) % end
    }

    /// So many letters, digits, hyphens and underscores.
    pub(super) fn word(&mut self, length: usize) -> String {
        const LETTERS: &[u8; 64] = b"abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-_";
        (0..length).map(|_| char::from(LETTERS.get((self.next() >> 58) as usize).copied().unwrap_or(b'x'))).collect()
    }

    /// A GUID of the fourth version.
    pub(super) fn guid(&mut self) -> String {
        let [a, b, c, d, e] = [1 << 32, 1 << 16, 1 << 12, 1 << 12, 1 << 48].map(|end| self.below(end));
        format!("{a:08x}-{b:04x}-4{c:03x}-8{d:03x}-{e:012x}")
    }
}
