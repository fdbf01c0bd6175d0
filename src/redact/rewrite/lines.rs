//! Lines that name what they hold, where they stand in prose: headers, and a name with a word.

use super::Rewriter;
use super::error_text::value_in_sentence;
use super::json::is_certain;
use super::named::{self, LONGEST_NAME, Names, last_name, name_before_arrow};
use super::spliced::Spliced;
use crate::entra::is_scheme;
use crate::redact::kind::{Kind, mixes};
use crate::redact::names::{self, Meaning};
use memchr::memmem;

/// The shortest value without quotation marks that is taken for a secret, in letters.
pub(super) const SHORTEST_WORD: usize = 4;

/// The longest, in bytes.
pub(super) const LONGEST_WORD: usize = 256;

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
            // `-H 'name: value'`
            let value = if is_in_apostrophes(before) { value.split('\'').next().unwrap_or(value) } else { value };
            let changed = match Header::at_end(before.trim_end_matches(CLOSING)) {
                // It was looked at as a member.
                Some(_) if value.starts_with(['"', '\'', '`']) => None,
                Some(Header::Cookie | Header::SetCookie) if at < without_pairs => None,
                Some(Header::Cookie | Header::SetCookie) if !line_of(value).contains('=') => {
                    without_pairs = at + line_of(value).len();
                    None
                }
                Some(header) => self.header_of_line(header, value),
                None => {
                    let meaning = name_of_line(before).map(names::of_field).filter(|meaning| is_certain(*meaning));
                    let meaning = meaning.filter(|meaning| *meaning != Meaning::Account);
                    meaning.and_then(|meaning| self.word_of_a_line(value, meaning))
                }
            };
            let Some((length, changed)) = changed else { continue };
            spliced.put(at..at + length, &changed);
        }
        spliced.end()
    }

    /// Members as PHP and Ruby print them, without quotation marks: `[name] => value`; `None` where nothing is replaced.
    pub(super) fn arrows(&mut self, text: &str, which: Names) -> Option<String> {
        let mut spliced = Spliced::new(text);
        for arrow in memmem::find_iter(text.as_bytes(), b"=>") {
            let (Some(before), Some(behind)) = (text.get(spliced.written()..arrow), text.get(arrow + 2..)) else { continue };
            let value = behind.trim_start_matches(' ');
            let at = text.len() - value.len();
            let Some(name) = name_before_arrow(before).filter(|_| !value.starts_with(['"', '\'', '\\', '[', '{'])) else { continue };
            let changed = match (named::meaning(name, line_of(value), which), Header::at_end(name)) {
                (Some(meaning), _) => {
                    let length = value_in_sentence(value, meaning);
                    length.map(|length| (length, self.meaning(meaning, value.get(..length).unwrap_or_default())))
                }
                (None, Some(header)) if header.holds(line_of(value)) => self.header_of_line(header, value),
                _ => None,
            };
            let Some((length, changed)) = changed else { continue };
            spliced.put(at..at + length, &changed);
        }
        spliced.end()
    }

    /// What the value of a header is replaced by that a text goes on with, and how long it is.
    fn header_of_line(&mut self, header: Header, value: &str) -> Option<(usize, String)> {
        // Go prints the values of a header so.
        let inner = value.strip_prefix('[').unwrap_or(value);
        let is_list = inner.len() < value.len();
        let (length, changed) = match header {
            Header::Authorization => self.authorization_in_prose(inner)?,
            Header::Cookie | Header::SetCookie => {
                let line = line_of(inner);
                let line = if is_list { line.split(']').next().unwrap_or(line) } else { line };
                (line.len(), self.header_in_prose(header, line))
            }
            Header::Key => self.word_of_a_line(inner, Meaning::Token)?,
        };
        Some(if is_list { (length + 1, format!("[{changed}")) } else { (length, changed) })
    }

    /// The value of a header that stands in a text.
    pub(super) fn header_in_prose(&mut self, header: Header, value: &str) -> String {
        match header {
            Header::Authorization => self.authorization(value),
            Header::Cookie => self.cookie_header(value),
            Header::SetCookie => self.set_cookie(value),
            Header::Key => self.meaning(Meaning::Token, value),
        }
    }

    /// What the value of an `Authorization` header in a text is replaced by, and how long it is.
    fn authorization_in_prose(&mut self, text: &str) -> Option<(usize, String)> {
        let scheme = text.get(..text.bytes().take(LONGEST_NAME).position(|byte| byte == b' ').unwrap_or_default())?;
        if !is_scheme(scheme) {
            return self.word_of_a_line(text, Meaning::Secret(Kind::Authorization));
        }
        let said = text.get(scheme.len()..)?.trim_start_matches(' ');
        let end = said.find(|c: char| LINE_ENDS.contains(&c) || matches!(c, ' ' | ';' | ',' | '\'' | ']')).unwrap_or(said.len());
        let value = text.get(..text.len() - said.len() + end)?;
        Some((value.len(), self.authorization(value)))
    }

    /// What a line is replaced by that is one word and no plain one, and how long it is.
    fn word_of_a_line(&mut self, text: &str, meaning: Meaning) -> Option<(usize, String)> {
        let is_end = |byte: u8| LINE_ENDS.contains(&char::from(byte)) || matches!(byte, b';' | b']');
        let mut bytes = text.bytes().take(LONGEST_WORD);
        let end = bytes.position(is_end).or((text.len() <= LONGEST_WORD).then_some(text.len()))?;
        let word = text.get(..end)?.trim_end();
        let is_quoted = word.starts_with(['"', '\'']);
        let is_secret =
            !is_quoted && word.len() >= SHORTEST_WORD && mixes(word) && !word.contains([' ', '(', ')']) && !word.ends_with([',', '{']);
        is_secret.then(|| (word.len(), self.meaning(meaning, word)))
    }
}

/// What closes a name before its colon: `"Cookie": …`.
const CLOSING: [char; 4] = ['"', '\'', ']', '\\'];

/// A header that holds a secret.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Header {
    Authorization,
    Cookie,
    SetCookie,
    Key,
}

/// Their names, as far as they end a name that stands in a text; of two that end alike the longer one comes first.
const HEADERS: [(&str, Header); 6] = [
    ("authorization", Header::Authorization),
    ("set-cookie", Header::SetCookie),
    ("cookie", Header::Cookie),
    ("api-key", Header::Key),
    ("subscription-key", Header::Key),
    ("functions-key", Header::Key),
];

impl Header {
    /// The header whose name a text ends with, written as it is or as servers hand it to programs (`HTTP_COOKIE`).
    pub(super) fn at_end(text: &str) -> Option<Self> {
        let text = text.as_bytes();
        // All of them end so.
        if !matches!(text.last()?.to_ascii_lowercase(), b'n' | b'e' | b'y') {
            return None;
        }
        let is_same = |one: &u8, other: u8| one.eq_ignore_ascii_case(&other) || *one == b'_' && other == b'-';
        let ends = |name: &str| {
            let Some(start) = text.len().checked_sub(name.len()) else { return false };
            let is_other = start.checked_sub(1).and_then(|at| text.get(at)).is_some_and(u8::is_ascii_alphanumeric);
            !is_other && text.get(start..).is_some_and(|end| end.iter().zip(name.bytes()).all(|(one, other)| is_same(one, other)))
        };
        HEADERS.iter().find(|(name, _)| ends(name)).map(|(_, header)| *header)
    }

    /// Whether a value is one that such a header has: programs have words under these names too.
    pub(super) fn holds(self, value: &str) -> bool {
        match self {
            Self::Authorization => value.trim().split_once(' ').map_or_else(|| mixes(value), |(scheme, _)| is_scheme(scheme)),
            Self::Cookie | Self::SetCookie => value.contains('='),
            Self::Key => value.len() >= SHORTEST_WORD && mixes(value),
        }
    }
}

/// Whether the name that a text ends with is the first behind an apostrophe.
fn is_in_apostrophes(text: &str) -> bool {
    last_name(text).and_then(|name| text.get(..text.len() - name.len())).is_some_and(|before| before.ends_with('\''))
}

/// The text up to where the line of a header ends.
fn line_of(text: &str) -> &str {
    text.get(..text.find(LINE_ENDS).unwrap_or(text.len())).unwrap_or_default()
}

/// The name that is all of a line so far.
fn name_of_line(text: &str) -> Option<&str> {
    let name = last_name(text)?;
    let before = text.get(..text.len() - name.len())?.trim_end_matches([' ', '\t']);
    (before.is_empty() || before.ends_with('\n')).then_some(name.trim_start_matches('-'))
}
