//! JSON, walked over without building anything.
//!
//! A HAR is pulled through a [`window`] by the [`scanner`]: what lies between the values that are wanted, bodies
//! above all, is checked as strictly and never kept. [`blocks`] is where that spends its time. What was taken whole
//! is walked again, in memory, by the functions here. The tests hold both to what serde_json accepts; lone surrogates
//! pass, they are legal JSON. Nothing here recurses, whatever the nesting.

mod blocks;
mod flaws;
mod indexed;
mod input;
mod nesting;
mod scanner;
mod string;
mod window;
mod word;

#[cfg(any(fuzzing, test))]
pub(super) use blocks::PORTABLY;
pub(super) use blocks::Tokens;
pub(in crate::capture) use flaws::Flaw;
pub(super) use flaws::{repair_number, repair_strings, repair_utf8};
pub(super) use indexed::Indexed;
pub(in crate::capture) use input::{Input, ReadAt};
pub(super) use scanner::{Members, Scanner, Span};
pub(super) use string::string_end;

use crate::capture::error::Place;
use nesting::{Container, Nesting};

/// The line and column of a byte of a file whose text begins at `first`: read again from there, for it is asked once.
pub(super) fn place_in(bytes: &dyn ReadAt, first: u64, at: u64) -> Place {
    let mut part = vec![0; 1 << 18];
    let (mut line, mut start) = (1, first);
    let mut read = first;
    while read < at
        && let Ok(count @ 1..) = bytes.read_at(read, &mut part)
    {
        let count = count.min(usize::try_from(at - read).unwrap_or(usize::MAX));
        for newline in memchr::memchr_iter(b'\n', part.get(..count).unwrap_or_default()) {
            line += 1;
            start = read + newline as u64 + 1;
        }
        read += count as u64;
    }
    Place { byte: at, line, column: at.saturating_sub(start) + 1 }
}

/// Where the grammar breaks.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::capture) struct Break {
    /// The byte in the text.
    pub(in crate::capture) at: u64,
    /// Whether the text just ends, as a file does that was cut off.
    pub(in crate::capture) cut: bool,
}

impl Break {
    /// A break at a byte; past the end of the text it is a cut.
    pub(super) fn at(text: &[u8], at: usize) -> Self {
        Self { at: at.min(text.len()) as u64, cut: at >= text.len() }
    }
}

/// The first byte from `at` on that is no white space.
pub(super) fn white_space_end(text: &[u8], mut at: usize) -> usize {
    while matches!(text.get(at), Some(b' ' | b'\n' | b'\r' | b'\t')) {
        at += 1;
        // Indentation, mostly: eight spaces at a time.
        while text.get(at..).is_some_and(|rest| rest.first_chunk() == Some(b"        ")) {
            at += 8;
        }
    }
    at
}

/// The end of the value that begins at `at`.
pub(super) fn value_end(text: &[u8], mut at: usize) -> Result<usize, Break> {
    let mut nesting = Nesting::default();
    loop {
        at = match text.get(at) {
            Some(b'"') => string_end(text, at)?,
            Some(b'{') => match white_space_end(text, at + 1) {
                end if text.get(end) == Some(&b'}') => end + 1,
                key => {
                    nesting.push(Container::Object);
                    at = key_end(text, key)?;
                    continue;
                }
            },
            Some(b'[') => match white_space_end(text, at + 1) {
                end if text.get(end) == Some(&b']') => end + 1,
                item => {
                    nesting.push(Container::Array);
                    at = item;
                    continue;
                }
            },
            _ => word_end(text, at)?,
        };
        // A value is complete, and with it perhaps what it stands in.
        loop {
            let Some(container) = nesting.top() else {
                return Ok(at);
            };
            at = white_space_end(text, at);
            match (text.get(at), container) {
                (Some(b','), Container::Object) => {
                    at = key_end(text, white_space_end(text, at + 1))?;
                    break;
                }
                (Some(b','), Container::Array) => {
                    at = white_space_end(text, at + 1);
                    break;
                }
                (Some(b'}'), Container::Object) | (Some(b']'), Container::Array) => {
                    nesting.pop();
                    at += 1;
                }
                _ => return Err(Break::at(text, at)),
            }
        }
    }
}

/// The beginning of the value whose key begins at `at`.
fn key_end(text: &[u8], at: usize) -> Result<usize, Break> {
    if text.get(at) != Some(&b'"') {
        return Err(Break::at(text, at));
    }
    let colon = white_space_end(text, string_end(text, at)?);
    if text.get(colon) == Some(&b':') { Ok(white_space_end(text, colon + 1)) } else { Err(Break::at(text, colon)) }
}

fn word_end(text: &[u8], at: usize) -> Result<usize, Break> {
    match word::length(text.get(at..).unwrap_or_default()) {
        Ok(length) => Ok(at + length),
        Err(length) => Err(Break::at(text, at + length)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;
    use serde::de::IgnoredAny;

    #[track_caller]
    fn ends(text: &str, end: usize) {
        assert_eq!(value_end(text.as_bytes(), 0), Ok(end), "{text}");
    }

    #[track_caller]
    fn breaks(text: impl AsRef<[u8]>, at: usize, cut: bool) {
        let text = text.as_ref();
        assert_eq!(value_end(text, 0), Err(Break { at: at as u64, cut }), "{}", String::from_utf8_lossy(text));
    }

    #[test]
    fn a_value_ends_where_it_ends() {
        ends(r#"{"a":[1,"]}"]} ,"#, 14);
        ends("[ ]x", 3);
        ends("{\n}", 3);
        ends("-12.5e+3,", 8);
        ends("0,", 1);
        ends("null", 4);
        ends(r#""a\"b\\"x"#, 8);
    }

    #[test]
    fn lone_surrogates_and_nul_pass() {
        ends(r#"["\ud83d","\u0000"]"#, 19);
    }

    #[test]
    fn breaks_are_placed() {
        breaks("", 0, true);
        breaks("[1,\n2,\n;]", 7, false);
        breaks("[1 2]", 3, false);
        breaks(r#"{"a" 1}"#, 5, false);
        breaks("{1:2}", 1, false);
        breaks("[1}", 2, false);
        breaks("[1,", 3, true);
        breaks("{\"a", 3, true);
        breaks("nul", 3, true);
        breaks("nulL", 3, false);
        breaks("-", 1, true);
        breaks("1.x", 2, false);
        breaks("\"a\nb\"", 2, false);
        breaks(r#""\x""#, 2, false);
        breaks(r#""\u12G4""#, 5, false);
        breaks(r#""\u12"#, 5, true);
        breaks(b"\"a\xFFb\"", 2, false);
    }

    #[test]
    fn a_hundred_thousand_brackets() {
        let open = "[{\"\":".repeat(50_000);
        breaks(&open, open.len(), true);
        let closed = format!("{open}1{}", "}]".repeat(50_000));
        ends(&closed, closed.len());
        breaks(closed.replace("1}]", "1]}"), open.len() + 1, false);
    }

    /// What the text should be by the judgement of others.
    fn is_json(text: &[u8]) -> bool {
        std::str::from_utf8(text).is_ok_and(|text| serde_json::from_str::<IgnoredAny>(text).is_ok())
    }

    fn is_json_here(text: &[u8]) -> bool {
        let end = value_end(text, white_space_end(text, 0));
        end.is_ok_and(|end| white_space_end(text, end) == text.len())
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(2000))]

        #[test]
        fn agrees_with_serde_json(text in r#"( |\n|\{|\}|\[|\]|,|:|"[a-z]{0,3}"|"|\\|\\\\|\\"|\\u[0-9a-g]{4}|-?[0-9]{1,2}(\.[0-9])?|e[+-]?[0-9]|true|null|é){0,30}"#) {
            prop_assert_eq!(is_json_here(text.as_bytes()), is_json(text.as_bytes()));
        }

        #[test]
        fn agrees_with_serde_json_on_damage(at in 0_usize..400, damage in any::<u8>(), length in 0_usize..140, removed in 0_usize..3) {
            let filler = "x".repeat(length);
            let mut text = format!(
                r#"{{"a\n":[1,-2.5e3,{{"{filler}":"\\\"\u00e9é中{filler}\\"}},[],{{}},null],"b":{{"c":true,"d":"{filler}\ud83d"}}}}"#
            ).into_bytes();
            let at = at.min(text.len());
            text.splice(at..(at + removed).min(text.len()), [damage]);
            prop_assert_eq!(is_json_here(&text), is_json(&text));
        }
    }
}
