//! Finds where JSON values end, and validates all that lies between.
//!
//! Captures are mostly the bodies of unrelated responses, so this is where reading spends its time, and
//! nearly all of it in [`string`]. The tests hold it to what serde_json accepts, which skips a body only
//! twice as fast as it builds one. Lone surrogates pass: they are legal JSON. Nothing here recurses, whatever the
//! nesting.

mod nesting;
mod string;

pub(super) use string::string_end;

use nesting::{Container, Nesting};

/// Where the grammar breaks.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::capture) struct Break {
    /// The byte in the text.
    pub(in crate::capture) at: usize,
    /// Whether the text just ends, as a file does that was cut off.
    pub(in crate::capture) cut: bool,
}

impl Break {
    /// A break at a byte; past the end of the text it is a cut.
    pub(super) fn at(text: &[u8], at: usize) -> Self {
        Self { at: at.min(text.len()), cut: at >= text.len() }
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
            Some(b'-' | b'0'..=b'9') => number_end(text, at)?,
            Some(b't') => word_end(text, at, b"true")?,
            Some(b'f') => word_end(text, at, b"false")?,
            Some(b'n') => word_end(text, at, b"null")?,
            _ => return Err(Break::at(text, at)),
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

fn number_end(text: &[u8], mut at: usize) -> Result<usize, Break> {
    let digits_end = |at: usize| {
        let digits = text.get(at..).unwrap_or_default();
        match digits.iter().take_while(|byte| byte.is_ascii_digit()).count() {
            0 => Err(Break::at(text, at)),
            count => Ok(at + count),
        }
    };
    if text.get(at) == Some(&b'-') {
        at += 1;
    }
    at = if text.get(at) == Some(&b'0') { at + 1 } else { digits_end(at)? };
    if text.get(at) == Some(&b'.') {
        at = digits_end(at + 1)?;
    }
    if matches!(text.get(at), Some(b'e' | b'E')) {
        let sign = matches!(text.get(at + 1), Some(b'+' | b'-'));
        at = digits_end(at + 1 + usize::from(sign))?;
    }
    Ok(at)
}

fn word_end(text: &[u8], at: usize, word: &[u8]) -> Result<usize, Break> {
    let rest = text.get(at..).unwrap_or_default();
    let same = rest.iter().zip(word).take_while(|(byte, letter)| byte == letter).count();
    if same == word.len() { Ok(at + same) } else { Err(Break::at(text, at + same)) }
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
        assert_eq!(value_end(text, 0), Err(Break { at, cut }), "{}", String::from_utf8_lossy(text));
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
