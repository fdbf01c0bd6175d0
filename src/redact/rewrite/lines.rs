//! Lines that name what they hold, where they stand in prose: headers, and a name with a word.

use super::Rewriter;
use super::body::is_scheme;
use super::json::is_certain;
use super::named::{LONGEST_NAME, last_name};
use super::spliced::Spliced;
use crate::redact::kind::{Kind, mixes};
use crate::redact::names::{self, Meaning};

/// The shortest value without quotation marks that is taken for a secret, in letters.
pub(super) const SHORTEST_WORD: usize = 4;

/// The longest, in bytes.
pub(super) const LONGEST_WORD: usize = 256;

/// Headers that hold a secret, as far as they end a name that stands in a text.
const HEADERS: [&str; 5] = ["authorization", "cookie", "api-key", "subscription-key", "functions-key"];

/// What ends the line of a header in a text, be the text a member of JSON or not.
pub(super) const LINE_ENDS: [char; 7] = ['\n', '\r', '\\', '"', '<', '>', '`'];

impl Rewriter<'_> {
    /// Headers, and lines that are a name and a word; `None` where nothing is replaced.
    pub(super) fn lines(&mut self, text: &str) -> Option<String> {
        let mut spliced = Spliced::new(text);
        // Up to where there is no pair of a cookie.
        let mut without_pairs = 0;
        for colon in memchr::memchr_iter(b':', text.as_bytes()) {
            let (Some(before), Some(behind)) = (text.get(spliced.written()..colon), text.get(colon + 1..)) else { continue };
            let value = behind.trim_start_matches(' ');
            let at = text.len() - value.len();
            let changed = match header_before(before) {
                Some("authorization") => self.authorization_in_prose(value),
                Some("cookie") if at < without_pairs => None,
                Some("cookie") => {
                    let line = value.get(..value.find(LINE_ENDS).unwrap_or(value.len())).unwrap_or_default();
                    if !line.contains('=') {
                        without_pairs = at + line.len();
                        continue;
                    }
                    Some((line.len(), self.cookie_header(line)))
                }
                Some(_) => self.word_of_a_line(value, Meaning::Token),
                None if behind.starts_with(' ') => {
                    let meaning = name_of_line(before).map(names::of_field).filter(|meaning| is_certain(*meaning));
                    let meaning = meaning.filter(|meaning| *meaning != Meaning::Account);
                    meaning.and_then(|meaning| self.word_of_a_line(value, meaning))
                }
                None => None,
            };
            let Some((length, changed)) = changed else { continue };
            spliced.put(at..at + length, &changed);
        }
        spliced.end()
    }

    /// What the value of an `Authorization` header in a text is replaced by, and how long it is.
    fn authorization_in_prose(&mut self, text: &str) -> Option<(usize, String)> {
        let scheme = text.get(..text.bytes().take(LONGEST_NAME).position(|byte| byte == b' ').unwrap_or_default())?;
        if !is_scheme(scheme) {
            return self.word_of_a_line(text, Meaning::Secret(Kind::Authorization));
        }
        let said = text.get(scheme.len()..)?.trim_start_matches(' ');
        let end = said.find(|c: char| LINE_ENDS.contains(&c) || matches!(c, ' ' | ';' | ',' | '\'')).unwrap_or(said.len());
        let value = text.get(..text.len() - said.len() + end)?;
        Some((value.len(), self.authorization(value)))
    }

    /// What a line is replaced by that is one word and no plain one, and how long it is.
    fn word_of_a_line(&mut self, text: &str, meaning: Meaning) -> Option<(usize, String)> {
        let is_end = |byte: u8| LINE_ENDS.contains(&char::from(byte)) || byte == b';';
        let mut bytes = text.bytes().take(LONGEST_WORD);
        let end = bytes.position(is_end).or((text.len() <= LONGEST_WORD).then_some(text.len()))?;
        let word = text.get(..end)?.trim_end();
        let is_secret = word.len() >= SHORTEST_WORD && mixes(word) && !word.contains([' ', '(', ')']) && !word.ends_with([',', '{']);
        is_secret.then(|| (word.len(), self.meaning(meaning, word)))
    }
}

/// The header whose name a text ends with.
fn header_before(text: &str) -> Option<&'static str> {
    let text = text.as_bytes();
    // All of them end so.
    if !matches!(text.last()?.to_ascii_lowercase(), b'n' | b'e' | b'y') {
        return None;
    }
    HEADERS.into_iter().find(|name| {
        let Some(start) = text.len().checked_sub(name.len()) else { return false };
        let is_other = start.checked_sub(1).and_then(|at| text.get(at)).is_some_and(u8::is_ascii_alphanumeric);
        !is_other && text.get(start..).is_some_and(|end| end.eq_ignore_ascii_case(name.as_bytes()))
    })
}

/// The name that is all of a line so far.
fn name_of_line(text: &str) -> Option<&str> {
    let name = last_name(text)?;
    let before = text.get(..text.len() - name.len())?.trim_end_matches([' ', '\t']);
    (before.is_empty() || before.ends_with('\n')).then_some(name.trim_start_matches('-'))
}
