//! Texts that nobody can guess: what lets somebody in, and what uploads are called.

use std::io;
use subtle::ConstantTimeEq;

/// How many random bytes stand behind one.
const BYTES: usize = 16;

/// 128 random bits, written as 32 hexadecimal digits. It cannot be printed by accident.
pub(super) struct Token(String);

impl Token {
    /// A new one.
    ///
    /// # Errors
    /// When the system has no randomness to give.
    pub(super) fn new() -> io::Result<Self> {
        let mut bytes = [0; BYTES];
        getrandom::fill(&mut bytes).map_err(|error| io::Error::other(error.to_string()))?;
        Ok(Self(bytes.iter().map(|byte| format!("{byte:02x}")).collect()))
    }

    /// The text itself.
    pub(super) fn text(&self) -> &str {
        &self.0
    }

    /// Whether a text is this one. How long it takes does not tell how much of it is right.
    pub(super) fn is(&self, text: &str) -> bool {
        self.0.as_bytes().ct_eq(text.as_bytes()).into()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_two_are_alike_and_only_the_whole_text_is_right() {
        let (one, other) = (Token::new().unwrap(), Token::new().unwrap());
        assert_eq!(one.text().len(), 2 * BYTES);
        assert!(one.is(one.text()));
        for wrong in ["", other.text(), one.text().get(1..).unwrap(), &format!("{}0", one.text())] {
            assert!(!one.is(wrong), "{wrong}");
        }
    }
}
