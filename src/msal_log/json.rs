//! JSON: errors as applications write them (`JSON.stringify(error)`, an exception's fields), alone, in an array, or one a
//! line; and messages of MSAL in the strings of an application's own log.
//!
//! Errors are taken as they come, so that those before a break are kept.

use super::event::{Event, Piece};
use super::head::Head;
use super::{Contents, beginning};
use serde::de::{DeserializeSeed, Deserializer, Error, MapAccess, SeqAccess, Visitor};
use serde_json::{Map, Value};
use std::fmt;

/// What an error has: the fields of msal-js, of the service's reply, and of the exceptions of MSAL.NET and MSAL4J.
const FIELDS: &[&str] =
    &["errorCode", "errorMessage", "errorNo", "subError", "error", "error_description", "error_codes", "ErrorCode", "SubError"];

/// Where the JSON of a text ends before the text does.
pub(super) struct Break {
    /// The byte from which nothing was read.
    pub(super) byte: usize,
    /// The line of that, counted from 0.
    pub(super) line: usize,
    /// How many errors, messages or other values were read before.
    pub(super) values: usize,
}

/// Reads as much of a text as is JSON.
pub(super) fn read(text: &str, contents: &mut Contents) -> Option<Break> {
    let mut seen = 0;
    let mut documents = serde_json::Deserializer::from_str(text);
    while documents.end().is_err() {
        if let Err(error) = (Document { contents: &mut *contents, seen: &mut seen }).deserialize(&mut documents) {
            let mut line = error.line().saturating_sub(1);
            let mut start = text.match_indices('\n').nth(line.wrapping_sub(1)).map_or(0, |(at, _)| at + 1);
            let mut broken = text.len().min(start + error.column());
            if error.column() == 0 && line > 0 {
                // A line feed in a string ends a line that is broken; with the line ends of Windows it stands on that one.
                line -= 1;
                broken = start.saturating_sub(1);
                start = text.get(..broken).and_then(|before| before.rfind('\n')).map_or(0, |at| at + 1);
            }
            // A line that never was JSON is read from its beginning.
            let has_json = text.get(start..broken).is_none_or(|line| line.contains('{'));
            let byte = if has_json { beginning(text, broken).len() } else { start };
            return Some(Break { byte, line, values: seen });
        }
    }
    None
}

/// A list of values, or one.
struct Document<'c> {
    contents: &'c mut Contents,
    seen: &'c mut usize,
}

impl Document<'_> {
    fn take(self, value: &Value) {
        take(*self.seen, value, self.contents);
        *self.seen += 1;
    }
}

/// Looks for errors in a value that has this number.
fn take(number: usize, value: &Value, contents: &mut Contents) {
    match value {
        Value::Object(fields) => {
            let is_error = fields.iter().any(|(name, value)| FIELDS.contains(&name.as_str()) && !value.is_object() && !value.is_null());
            if is_error {
                let piece = Event::read(number, "error", None, &value.to_string());
                let is_named = matches!(piece, Piece::Error(_));
                contents.add(piece);
                if is_named {
                    return;
                }
            }
            fields.values().for_each(|value| take(number, value, contents));
        }
        Value::Array(values) => values.iter().for_each(|value| take(number, value, contents)),
        Value::String(text) => {
            let head = Head::of(text);
            contents.saw(head.as_ref());
            contents.add(Event::read(number, "error", head.as_ref(), text));
        }
        Value::Null | Value::Bool(_) | Value::Number(_) => {}
    }
}

impl<'de> DeserializeSeed<'de> for Document<'_> {
    type Value = ();

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<(), D::Error> {
        deserializer.deserialize_any(self)
    }
}

impl<'de> Visitor<'de> for Document<'_> {
    type Value = ();

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("errors")
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut values: A) -> Result<(), A::Error> {
        while let Some(value) = values.next_element::<Value>()? {
            Document { contents: &mut *self.contents, seen: &mut *self.seen }.take(&value);
        }
        Ok(())
    }

    fn visit_map<A: MapAccess<'de>>(self, mut fields: A) -> Result<(), A::Error> {
        let mut object = Map::new();
        while let Some((name, value)) = fields.next_entry::<String, Value>()? {
            object.insert(name, value);
        }
        self.take(&Value::Object(object));
        Ok(())
    }

    fn visit_str<E: Error>(self, text: &str) -> Result<(), E> {
        self.take(&Value::String(text.to_owned()));
        Ok(())
    }

    fn visit_unit<E: Error>(self) -> Result<(), E> {
        self.take(&Value::Null);
        Ok(())
    }

    fn visit_bool<E: Error>(self, _: bool) -> Result<(), E> {
        self.visit_unit()
    }

    fn visit_i64<E: Error>(self, _: i64) -> Result<(), E> {
        self.visit_unit()
    }

    fn visit_u64<E: Error>(self, _: u64) -> Result<(), E> {
        self.visit_unit()
    }

    fn visit_f64<E: Error>(self, _: f64) -> Result<(), E> {
        self.visit_unit()
    }
}
