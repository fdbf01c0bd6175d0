//! The last step of every text of a redaction: the search for all values that were met.

use super::measure;
use super::search::{Looking, Search};
use crate::capture::Json;
use serde::de::IgnoredAny;
use serde_json::Value;

/// The values, and how many of them were found.
pub(super) struct Sweep<'s> {
    search: &'s Search,
    /// How many stood where their names had not told them.
    pub(super) found_elsewhere: usize,
    looking: Looking,
}

impl<'s> Sweep<'s> {
    pub(super) fn new(search: &'s Search) -> Self {
        Self { search, found_elsewhere: 0, looking: Looking::default() }
    }

    /// JSON with every value replaced, in names and numbers too.
    pub(super) fn swept<'t>(&mut self, mut value: Json<'t>) -> Json<'t> {
        self.sweep(&mut value);
        value
    }

    /// Whether no value is in JSON as it was written.
    pub(super) fn is_clean(&mut self, json: &[u8]) -> bool {
        !self.search.may_find_in_json(json, &mut self.looking)
    }

    fn sweep(&mut self, value: &mut Json<'_>) {
        match value {
            Json::String(text) => {
                if let Some(replaced) = self.replaced(text) {
                    *text = replaced.into();
                }
            }
            Json::Array(items) => items.iter_mut().for_each(|item| self.sweep(item)),
            Json::Object(members) => {
                // The names are mostly those of HAR.
                if members.iter().any(|(name, _)| self.search.finds(name).is_some()) {
                    let swept = std::mem::take(members).into_iter().map(|(name, value)| {
                        let name = self.search.replace(&name).map_or(name, |(replaced, found)| {
                            self.found_elsewhere += found;
                            replaced.into()
                        });
                        (name, value)
                    });
                    *members = swept.collect();
                }
                for (name, value) in members.iter_mut() {
                    if !measure::is_one(name, value.is_number(), value.as_str()) {
                        self.sweep(value);
                    }
                }
            }
            Json::Number(number) => {
                let written = number.to_string();
                if let Some(text) = self.replaced(&written) {
                    *value = Json::String(text.into());
                }
            }
            Json::Null | Json::Bool(_) => {}
        }
    }

    fn replaced(&mut self, text: &str) -> Option<String> {
        let (replaced, found) = self.search.replace(text)?;
        // A number of JSON becomes a text, which needs quotation marks.
        let is_json = |text: &str| text.starts_with(['{', '[']) && serde_json::from_str::<IgnoredAny>(text).is_ok();
        if !is_json(&replaced)
            && let Some(mut json) = Some(text).filter(|text| is_json(text)).and_then(|text| serde_json::from_str(text).ok())
        {
            self.sweep_numbers(&mut json);
            return Some(self.replaced(&json.to_string()).unwrap_or_else(|| json.to_string()));
        }
        self.found_elsewhere += found;
        Some(replaced)
    }

    fn sweep_numbers(&mut self, json: &mut Value) {
        match json {
            Value::Number(number) => {
                if let Some((replaced, found)) = self.search.replace(&number.to_string()) {
                    self.found_elsewhere += found;
                    *json = Value::String(replaced);
                }
            }
            Value::Array(items) => items.iter_mut().for_each(|item| self.sweep_numbers(item)),
            Value::Object(members) => members.values_mut().for_each(|member| self.sweep_numbers(member)),
            _ => {}
        }
    }
}
