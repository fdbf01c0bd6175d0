//! Takes the bytes that the fuzzer gives for choices and texts. Where they end, every choice is the first and every text
//! is empty, so that shorter bytes mean less.

/// What is left of the bytes.
pub struct Input<'b>(pub &'b [u8]);

impl<'b> Input<'b> {
    /// Whether nothing is left.
    pub fn is_over(&self) -> bool {
        self.0.is_empty()
    }

    /// A number below `many`, which is at most 65,536; 0 where there is nothing to choose from.
    pub fn below(&mut self, many: usize) -> usize {
        let byte = self.byte();
        let number = if many > 256 { usize::from(byte) << 8 | usize::from(self.byte()) } else { usize::from(byte) };
        number.checked_rem(many).unwrap_or_default()
    }

    /// One of several.
    pub fn one_of<T: Copy>(&mut self, several: &[T]) -> T {
        several[self.below(several.len())]
    }

    fn byte(&mut self) -> u8 {
        let (first, rest) = self.0.split_first().unwrap_or((&0, &[]));
        self.0 = rest;
        *first
    }

    /// The bytes up to the next zero, without it.
    pub fn bytes(&mut self) -> &'b [u8] {
        let end = self.0.iter().position(|byte| *byte == 0).unwrap_or(self.0.len());
        let (bytes, rest) = self.0.split_at(end);
        self.0 = rest.get(1..).unwrap_or_default();
        bytes
    }

    /// The same as text.
    pub fn text(&mut self) -> String {
        String::from_utf8_lossy(self.bytes()).into_owned()
    }
}
