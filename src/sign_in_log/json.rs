//! JSON: what Microsoft Graph returns (`{"value": […]}`), what the portal downloads (`[…]`), and one row a line, as
//! diagnostic settings and Log Analytics export them (the fields then stand in `properties`, or under names with a capital).
//!
//! Rows are taken as they come, so that those before a break are kept.

use super::row::Fields;
use super::{Contents, SignInLogError};
use serde::de::{DeserializeSeed, Deserializer, Error, MapAccess, SeqAccess, Visitor};
use serde_json::{Map, Value};
use std::fmt;

/// Reads a log.
pub(super) fn read(text: &str) -> Result<Contents, SignInLogError> {
    let mut sink = Sink::default();
    let mut documents = serde_json::Deserializer::from_str(text);
    while documents.end().is_err() {
        if let Err(error) = (Document { sink: &mut sink }).deserialize(&mut documents) {
            if sink.contents.rows.is_empty() {
                return Err(SignInLogError::Broken { line: error.line() });
            }
            let line = error.line();
            sink.contents.warnings.push(format!("the log breaks off or is damaged in line {line}; the sign-ins before that were read"));
            break;
        }
    }
    if sink.contents.rows.is_empty() {
        return Err(SignInLogError::NoSignIns);
    }
    sink.contents.tell_strange(sink.strange);
    Ok(sink.contents)
}

#[derive(Default)]
struct Sink {
    contents: Contents,
    /// How many rows came so far.
    seen: usize,
    strange: usize,
}

impl Sink {
    fn row(&mut self, value: &Value) {
        let row = value.as_object().and_then(|object| Fields::of(object).row());
        self.contents.add(self.seen, row, &mut self.strange);
        self.seen += 1;
    }
}

/// A list of rows, an object that has one under `value` or `records`, or a row.
struct Document<'s> {
    sink: &'s mut Sink,
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
        f.write_str("sign-ins")
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut rows: A) -> Result<(), A::Error> {
        while let Some(row) = rows.next_element::<Value>()? {
            self.sink.row(&row);
        }
        Ok(())
    }

    fn visit_map<A: MapAccess<'de>>(self, mut fields: A) -> Result<(), A::Error> {
        let mut row = Map::new();
        let mut listed = false;
        while let Some(name) = fields.next_key::<String>()? {
            if name == "value" || name == "records" {
                fields.next_value_seed(Document { sink: &mut *self.sink })?;
                listed = true;
            } else {
                row.insert(name, fields.next_value()?);
            }
        }
        if !listed {
            self.sink.row(&Value::Object(row));
        }
        Ok(())
    }

    fn visit_str<E: Error>(self, _: &str) -> Result<(), E> {
        self.sink.row(&Value::Null);
        Ok(())
    }

    fn visit_unit<E: Error>(self) -> Result<(), E> {
        self.sink.row(&Value::Null);
        Ok(())
    }
}
