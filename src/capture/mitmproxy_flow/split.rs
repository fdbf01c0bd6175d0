//! The flows of a file one at a time, so that only one is held.

use super::tnetstring::MOST_DIGITS;
use std::io::{self, BufRead, Read};

/// Takes a file's flows from its front.
pub(super) struct Flows<R> {
    file: R,
    /// The bytes of the flow that was taken last.
    flow: Vec<u8>,
    /// What is held of one flow, in bytes.
    most: u64,
    /// Bytes of the file before the flow that was taken last.
    pub(super) at: u64,
    /// Bytes of the file that were taken.
    taken: u64,
}

impl<R: BufRead> Flows<R> {
    pub(super) fn new(file: R, most: u64) -> Self {
        Self { file, flow: Vec::new(), most, at: 0, taken: 0 }
    }

    /// The bytes of the next flow, or what is left of it where the file is cut off; `None` at the end.
    pub(super) fn next(&mut self) -> io::Result<Option<&[u8]>> {
        self.flow.clear();
        // Nothing belongs between flows; an editor or a shell may leave a line end.
        loop {
            match self.file.fill_buf() {
                Ok(bytes) if bytes.first().is_some_and(u8::is_ascii_whitespace) => {
                    self.file.consume(1);
                    self.taken = self.taken.saturating_add(1);
                }
                Ok(_) => break,
                // A signal came in between: everything else here takes such a call up again by itself.
                Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
                Err(error) => return Err(error),
            }
        }
        self.at = self.taken;
        // The length, the colon, and the letter behind the data.
        let mut digits = (&mut self.file).take(MOST_DIGITS as u64 + 1);
        digits.read_until(b':', &mut self.flow)?;
        if self.flow.is_empty() {
            return Ok(None);
        }
        let length = self.flow.strip_suffix(b":").and_then(|digits| std::str::from_utf8(digits).ok()?.parse::<u64>().ok());
        if let Some(length) = length.filter(|length| *length < self.most) {
            // The declared length is nothing to go by: memory grows with what comes.
            (&mut self.file).take(length.saturating_add(1)).read_to_end(&mut self.flow)?;
        }
        self.taken = self.taken.saturating_add(self.flow.len() as u64);
        Ok(Some(&self.flow))
    }
}
