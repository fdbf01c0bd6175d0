//! JSON of a HAR as a value, so that nothing of it can fail: strings are decoded as everywhere in this reader,
//! and what is nested too deeply or is too much is left out.
//!
//! `serde_json` refuses lone surrogates and reads decimals less exactly than it could.

use super::scan::{Indexed, Tokens};
use super::text::unescape_text;
use super::tree::{Json, Members};
use serde_json::{Number, Value};

/// How deep arrays and objects are built; `null` stands for what lies deeper.
const DEEPEST: usize = 128;

/// How many values are built of one text. A value takes many times the memory of its text, and entries have some
/// thousands.
const MOST: usize = 1 << 20;

/// Whether the text of an entry's received body is wanted, by the entry's number and the text's bytes as the file has them.
pub(in crate::capture) type Wanted<'w> = &'w dyn Fn(usize, &[u8]) -> bool;

/// What stands for the text of a body that is not wanted: that there is one.
const NOT_BUILT: &str = "-";

/// The members that lead from an entry to the text of its received body.
const TO_RECEIVED_TEXT: [&str; 3] = ["response", "content", "text"];

/// The value of a JSON text. Of a text that breaks, `null`.
pub(super) fn value(text: &[u8]) -> Value {
    of_entry(text, &mut Tokens::default(), &|_| true).into()
}

/// The value of an entry. The text of its received body is built only if it is wanted: most of most captures is the text of
/// such bodies. Of what is no UTF-8, which no file is when it was read, `null`.
///
/// The tokens are room that entries may share one after the other.
pub(super) fn of_entry<'t>(text: &'t [u8], tokens: &mut Tokens, wanted: &dyn Fn(&[u8]) -> bool) -> Json<'t> {
    let text = simdutf8::basic::from_utf8(text).ok();
    let indexed = text.and_then(|text| Indexed::of(text, tokens));
    indexed.and_then(|mut text| Building { left: MOST, wanted }.take(&mut text, 0, 0)).unwrap_or_default()
}

struct Building<'w> {
    /// How many values may still be built.
    left: usize,
    wanted: &'w dyn Fn(&[u8]) -> bool,
}

impl Building<'_> {
    /// Takes one value, that many levels deep, and so many members on the way to the text of the received body. `None`
    /// where there is none.
    fn take<'t>(&mut self, text: &mut Indexed<'t, '_>, depth: usize, on_the_way: usize) -> Option<Json<'t>> {
        self.left = self.left.saturating_sub(1);
        match text.mark()? {
            b'{' | b'[' if depth >= DEEPEST => text.skip().map(|()| Json::Null),
            b'{' => {
                let mut members = Members::default();
                text.pass(b'{')?;
                while text.mark()? != b'}' {
                    let key = unescape_text(text.string()?);
                    text.pass(b':')?;
                    if self.left == 0 {
                        text.skip()?;
                    } else {
                        let is_next = on_the_way == depth && TO_RECEIVED_TEXT.get(depth).is_some_and(|name| *name == key);
                        let value = self.take(text, depth + 1, on_the_way + usize::from(is_next))?;
                        members.insert(key, value);
                    }
                    if text.mark()? != b'}' {
                        text.pass(b',')?;
                    }
                }
                text.pass(b'}')?;
                Some(Json::Object(members))
            }
            b'[' => {
                let mut items = Vec::new();
                text.pass(b'[')?;
                while text.mark()? != b']' {
                    if self.left == 0 {
                        text.skip()?;
                    } else {
                        items.push(self.take(text, depth + 1, on_the_way)?);
                    }
                    if text.mark()? != b']' {
                        text.pass(b',')?;
                    }
                }
                text.pass(b']')?;
                Some(Json::Array(items))
            }
            b'"' => {
                let string = text.string()?;
                let is_received_text = on_the_way == TO_RECEIVED_TEXT.len() && depth == on_the_way;
                if is_received_text && !string.is_empty() && !(self.wanted)(string.as_bytes()) {
                    return Some(Json::String(NOT_BUILT.into()));
                }
                Some(Json::String(unescape_text(string)))
            }
            _ => Some(match text.word()? {
                "true" => Json::Bool(true),
                "false" => Json::Bool(false),
                "null" => Json::Null,
                number => of_number(number),
            }),
        }
    }
}

/// A number; one that is larger than any is none.
fn of_number(text: &str) -> Json<'static> {
    let float = || text.parse().ok().and_then(Number::from_f64);
    let whole = || text.parse::<i64>().map(Number::from).or_else(|_| text.parse::<u64>().map(Number::from)).ok();
    whole().or_else(float).map_or(Json::Null, Json::Number)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;
    use serde_json::json;

    #[test]
    fn every_kind_of_value() {
        let text = r#" {"a":[1,-2.5,18446744073709551615,true,false,null,"x\ud83d\n"],"\u0062":{},"b":{"c":[]}} "#;
        let expected = json!({"a": [1, -2.5, u64::MAX, true, false, null, "x\u{FFFD}\n"], "b": {"c": []}});
        assert_eq!(value(text.as_bytes()), expected);
    }

    #[test]
    fn numbers_are_those_of_the_file() {
        for text in ["0.1", "123.45600000000013", "1e22", "2.2250738585072014e-308", "1763642995000.123"] {
            assert_eq!(value(text.as_bytes()).as_f64(), text.parse().ok(), "{text}");
        }
        assert_eq!(value(b"1e999"), Value::Null);
        assert_eq!(value(b"123456789012345678901234567890").as_f64(), Some(123456789012345678901234567890.0));
    }

    #[test]
    fn what_is_too_deep_or_too_much_is_left_out() {
        let deep = value(("[".repeat(100_000) + &"]".repeat(100_000)).as_bytes());
        assert_eq!(deep.to_string(), "[".repeat(DEEPEST) + "null" + &"]".repeat(DEEPEST));
        let many = value(format!("[{}0]", "0,".repeat(MOST + 10)).as_bytes());
        assert_eq!(many.as_array().unwrap().len(), MOST - 1);
        assert_eq!(value(b"{\"a\":"), Value::Null);
    }

    #[test]
    fn only_the_text_of_a_received_body_is_left_out() {
        let entry = json!({
            "text": "a", "request": {"content": {"text": "b"}},
            "response": {"text": "c", "content": {"text": "long body", "x": {"text": "d"}}, "headers": [{"text": "e"}]}
        });
        let mut expected = entry.clone();
        expected["response"]["content"]["text"] = json!(NOT_BUILT);
        assert_eq!(Value::from(of_entry(entry.to_string().as_bytes(), &mut Tokens::default(), &|_| false)), expected);
        assert_eq!(Value::from(of_entry(entry.to_string().as_bytes(), &mut Tokens::default(), &|text| text == b"long body")), entry);
        for end in ["\\", "\\\"", "\"\\", "\"", "é\\\\\""] {
            let entry = json!({"response": {"content": {"text": format!("a \" b{end}")}, "x": end}});
            assert_eq!(Value::from(of_entry(entry.to_string().as_bytes(), &mut Tokens::default(), &|_| true)), entry);
        }
        assert!(of_entry(br#"{"response":{"content":{"text":"a\""#, &mut Tokens::default(), &|_| true).is_null());
        let empty = json!({"response": {"content": {"text": ""}}});
        assert_eq!(Value::from(of_entry(empty.to_string().as_bytes(), &mut Tokens::default(), &|_| false)), empty);
    }

    proptest! {
        #[test]
        fn is_what_was_written(text in any::<String>(), number in any::<f64>(), whole in any::<i64>()) {
            let written = json!({"text": text, text.clone(): [number, whole, {"x": text}]});
            prop_assert_eq!(value(written.to_string().as_bytes()), written);
        }
    }
}
