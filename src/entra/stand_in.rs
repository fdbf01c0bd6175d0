//! What programs and people who clean captures write in the place of values. It tells nothing of the value: two that differ may
//! stand for one, and two that are equal for several.
//!
//! The placeholders that entrace writes have a number, the same for the same value: they are as good as values.

use aho_corasick::{AhoCorasick, AhoCorasickBuilder};
use std::sync::LazyLock;

/// Words that say that a value was taken out.
const WORDS: [&str; 10] =
    ["redacted", "removed", "masked", "scrubbed", "sanitized", "sanitised", "anonymized", "anonymised", "censored", "obfuscated"];
/// Words that say so in brackets alone.
const BRACKETED: [&str; 10] = ["guid", "uuid", "hidden", "filtered", "stripped", "omitted", "deleted", "private", "sensitive", "snip"];
/// What is written in the place of letters.
const BLANKS: [char; 9] = ['*', '•', '█', 'x', 'X', '0', '#', '_', '.'];
/// What shows within a text that letters of it, or ids, were taken out.
const TRACES: [&str; 10] =
    ["***", "•••", "███", "xxxx-xxxx", "00000000-0000-0000-0000-000000000000", "...", "…", "<guid>", "<redacted>", "[redacted"];
/// What is written here in the place of an id that stands for several.
pub(super) const MARK: &str = "[redacted]";
/// No mark is longer; values are.
const LONGEST: usize = 64;

/// Tokens are long and asked for again and again: all traces are looked for at once.
static IN_TEXT: LazyLock<Option<AhoCorasick>> = LazyLock::new(|| AhoCorasickBuilder::new().ascii_case_insensitive(true).build(TRACES).ok());

/// Whether a value stands for another that was taken out.
pub(crate) fn is_one(value: &str) -> bool {
    let has_trace = || IN_TEXT.as_ref().is_some_and(|traces| traces.is_match(value));
    is_nothing_else(value) || has_trace()
}

/// The same of a value of which nothing is left: it holds no part that may be somebody's.
pub(crate) fn is_nothing_else(value: &str) -> bool {
    is_mark(value) || in_brackets(value.trim()).is_some_and(is_plain)
}

/// The same of a text that may also be what a developer forgot to fill in, such as `<tenant>`.
pub(crate) fn is_mark(value: &str) -> bool {
    let value = value.trim();
    let inner = in_brackets(value);
    let names_it = |word: String| WORDS.contains(&&*word) || inner.is_some() && BRACKETED.contains(&&*word);
    // What has a number tells one value from the next.
    let is_numbered = || value.bytes().any(|byte| byte.is_ascii_digit());
    let is_said = value.len() <= LONGEST && words(inner.unwrap_or(value)).any(names_it) && !is_numbered();
    is_said || is_blank(value)
}

/// Whether a value is a mark that nobody can take for a value: no secret is lost where it is shown.
pub(crate) fn is_bare_mark(value: &str) -> bool {
    let word = in_brackets(value).unwrap_or(value);
    let is_starred = value.len() >= 3 && value.bytes().all(|byte| byte == b'*');
    WORDS.iter().take(2).any(|known| word.eq_ignore_ascii_case(known)) || is_starred || value.len() == GUID_LENGTH && is_blank(value)
}

const GUID_LENGTH: usize = 36;

/// Whether nothing is left but one character again and again.
fn is_blank(value: &str) -> bool {
    let mut letters = value.chars().filter(|&letter| letter != '-');
    let Some(first) = letters.next().filter(|first| BLANKS.contains(first)) else { return false };
    letters.clone().all(|letter| letter == first) && (matches!(first, '*' | '•' | '█') || letters.count() >= 2)
}

fn in_brackets(value: &str) -> Option<&str> {
    let pairs = [('[', ']'), ('<', '>'), ('(', ')'), ('{', '}'), ('%', '%')];
    pairs.into_iter().find_map(|(open, close)| value.strip_prefix(open)?.strip_suffix(close))
}

fn words(text: &str) -> impl Iterator<Item = String> {
    let words = text.split(|letter: char| !letter.is_ascii_alphanumeric()).filter(|word| !word.is_empty());
    words.map(str::to_ascii_lowercase)
}

/// Whether a text in brackets consists of words, as `[state]` and `<session id>`, and is no list or object.
fn is_plain(inner: &str) -> bool {
    inner.len() <= LONGEST && !inner.is_empty() && inner.chars().all(|letter| letter.is_ascii_alphabetic() || " _-:/#".contains(letter))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_stands_for_a_value_is_known() {
        for mark in [
            "REDACTED",
            "[REDACTED]",
            "<redacted>",
            "[state redacted]",
            "redacted-state",
            "removed by a script",
            "***",
            "*",
            "ada***",
            "xxxxxxxx-xxxx-xxxx-xxxx-xxxxxxxxxxxx",
            "9188040d-xxxx-xxxx-xxxx-xxxxxxxxxxxx",
            "00000000-0000-0000-0000-000000000000",
            "00000000-0000-0000-0000-000000000000|https://app.example",
            "<GUID>",
            "<nonce>",
            "[session id]",
            "(hidden)",
            "xxxx",
            "•••••",
        ] {
            assert!(is_one(mark), "{mark}");
        }
        for value in [
            "0",
            "x",
            "s",
            "5e555e55-0000-4000-8000-000000000001",
            "00000000-0000-4000-8005-000000000001",
            "redacted-state-4",
            "12345",
            "{\"page\":\"/home\"}",
            "[\"a\"]",
            "eyJpZCI6IjAxIn0=",
            "hidden",
            "x-y",
        ] {
            assert!(!is_one(value), "{value}");
        }
    }

    #[test]
    fn what_a_developer_forgot_to_fill_in_is_no_mark() {
        for text in ["{tenantId}", "<tenant>", "%7Btenant%7D", "undefined", "null", "<script>", "[your tenant]"] {
            assert!(!is_mark(text), "{text}");
        }
        for text in ["<guid>", "REDACTED", "00000000-0000-0000-0000-000000000000", "xxxxxxxx-xxxx-xxxx-xxxx-xxxxxxxxxxxx"] {
            assert!(is_mark(text), "{text}");
        }
    }

    #[test]
    fn no_secret_is_a_bare_mark() {
        for secret in ["masked-avenger", "[hunter]", "000000", "xxxxxx", "hunter2"] {
            assert!(!is_bare_mark(secret), "{secret}");
        }
        assert!(is_bare_mark("[REDACTED]") && is_bare_mark("***") && is_bare_mark("00000000-0000-0000-0000-000000000000"));
    }
}
