//! Several things that are asked for at once: codes, ids and names of errors, in any mixture.

use super::{Explanation, Subject, one};
use crate::knowledge::Knowledge;

/// How many things a list has at most; more words are a text.
const MOST: usize = 40;
/// How long what is written like an id is at most, in bytes: longer than any code or id.
pub(super) const LONGEST_ID: usize = 48;

/// Explains each word of a list, where all of it is known, or all of it is numbers. Codes alone are a text like others.
pub(super) fn all_known<'k>(asked: &str, knowledge: &'k Knowledge) -> Option<Explanation<'k>> {
    let words = words(asked)?;
    if words.iter().all(|word| word.bytes().all(|byte| byte.is_ascii_digit())) {
        return Explained::of(&words, knowledge).explanation();
    }
    // Most texts are told from lists by their first word.
    one(words.first()?, knowledge)?;
    let has_id = |explained: &Explained<'_>| explained.subjects.iter().any(|subject| !matches!(subject, Subject::Code(_)));
    let explained = Explained::of(&words, knowledge);
    (explained.unknown.is_empty() && has_id(&explained)).then(|| explained.explanation()).flatten()
}

/// Explains what is known of a list in which something is not: one that begins with what is known, and of which that is half.
pub(super) fn known_in_part<'k>(asked: &str, knowledge: &'k Knowledge) -> Option<Explanation<'k>> {
    let words = words(asked)?;
    one(words.first()?, knowledge)?;
    let explained = Explained::of(&words, knowledge);
    (explained.unknown.len() * 2 <= words.len()).then(|| explained.explanation()).flatten()
}

/// The words of what may be a list, each once.
fn words(asked: &str) -> Option<Vec<&str>> {
    let is_id = |word: &str| word.len() <= LONGEST_ID && word.bytes().all(is_of_id);
    let mut words: Vec<&str> = Vec::new();
    for word in asked.split(|c: char| c.is_ascii_whitespace() || c == ',').filter(|word| !word.is_empty()) {
        if words.len() == MOST || !is_id(word) {
            return None;
        }
        if !words.iter().any(|known| known.eq_ignore_ascii_case(word)) {
            words.push(word);
        }
    }
    (words.len() > 1).then_some(words)
}

fn is_of_id(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'.' | b'_')
}

/// What is known of the words of a list, and what is not.
struct Explained<'k> {
    subjects: Vec<Subject<'k>>,
    unknown: Vec<String>,
}

impl<'k> Explained<'k> {
    fn of(words: &[&str], knowledge: &'k Knowledge) -> Self {
        let mut explained = Self { subjects: Vec::new(), unknown: Vec::new() };
        for word in words {
            match one(word, knowledge) {
                Some(known) => explained.subjects.extend(known.subjects),
                None => explained.unknown.push((*word).to_owned()),
            }
        }
        explained
    }

    /// The explanation, if there is anything in it.
    fn explanation(self) -> Option<Explanation<'k>> {
        let Self { subjects, unknown } = self;
        (!subjects.is_empty()).then(|| Explanation { subjects, unknown_words: unknown, ..Explanation::default() })
    }
}
