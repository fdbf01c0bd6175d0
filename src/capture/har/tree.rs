//! JSON as a tree that is quickly made and taken apart: most of a redaction is that.
//!
//! The members of an object are a list, for they are few, and the names that HAR gives them take no memory of their own.
//! `serde_json` makes a table of every object and a string of every name, which took three times as long.

use serde::ser::{Serialize, Serializer};
use serde_json::{Number, Value};
use std::borrow::Cow;
use std::collections::HashMap;
use std::fmt;

/// A value of JSON.
#[derive(Clone, Default)]
pub(crate) enum Json {
    /// `null`.
    #[default]
    Null,
    /// `true` or `false`.
    Bool(bool),
    /// A number.
    Number(Number),
    /// A text.
    String(String),
    /// A list.
    Array(Vec<Json>),
    /// Members by their names.
    Object(Members),
}

/// The name of a member.
pub(crate) type Name = Cow<'static, str>;

/// The members of an object, in order. Each name is there once.
#[derive(Clone, Default)]
pub(crate) struct Members {
    list: Vec<(Name, Json)>,
    /// A bit for each name that was ever put in, as of some others: most names are new, and then nobody has to look for them.
    names: u64,
    /// Where each name stands; only of objects that are large, so that looking for names takes no time by the square.
    places: Option<HashMap<Name, usize>>,
}

/// From how many members on there is a table of their names.
const LARGE: usize = 32;

/// The bit of a name.
fn bit(name: &str) -> u64 {
    let bytes = name.as_bytes();
    let [first, middle, last] = [0, bytes.len() / 2, bytes.len().saturating_sub(1)].map(|at| bytes.get(at).copied().unwrap_or_default());
    let letters = u64::from_le_bytes([bytes.len() as u8, first, middle, last, 0, 0, 0, 0]);
    1 << (letters.wrapping_mul(0x9E37_79B9_7F4A_7C15) >> 58)
}

impl Json {
    /// The text, if it is one.
    pub(crate) fn as_str(&self) -> Option<&str> {
        match self {
            Self::String(text) => Some(text),
            _ => None,
        }
    }

    /// A member of an object.
    pub(crate) fn get(&self, name: &str) -> Option<&Self> {
        match self {
            Self::Object(members) => members.get(name),
            _ => None,
        }
    }

    /// The members of an object.
    pub(crate) fn members_mut(&mut self) -> Option<&mut Members> {
        match self {
            Self::Object(members) => Some(members),
            _ => None,
        }
    }

    /// Whether it is `null`.
    pub(crate) fn is_null(&self) -> bool {
        matches!(self, Self::Null)
    }
}

impl Members {
    /// An object that will have so many.
    pub(crate) fn with_capacity(count: usize) -> Self {
        Self { list: Vec::with_capacity(count), ..Self::default() }
    }

    /// How many there are.
    pub(crate) fn len(&self) -> usize {
        self.list.len()
    }

    fn place(&self, name: &str) -> Option<usize> {
        if self.names & bit(name) == 0 {
            return None;
        }
        match &self.places {
            Some(places) => places.get(name).copied(),
            None => self.list.iter().position(|(known, _)| known == name),
        }
    }

    /// A member by its name.
    pub(crate) fn get(&self, name: &str) -> Option<&Json> {
        self.list.get(self.place(name)?).map(|(_, value)| value)
    }

    /// The same, to be changed.
    pub(crate) fn get_mut(&mut self, name: &str) -> Option<&mut Json> {
        let place = self.place(name)?;
        self.list.get_mut(place).map(|(_, value)| value)
    }

    /// The same; one that is not there is put in.
    pub(crate) fn get_or_insert(&mut self, name: &'static str, value: impl FnOnce() -> Json) -> Option<&mut Json> {
        if self.place(name).is_none() {
            self.insert(name, value());
        }
        self.get_mut(name)
    }

    /// Adds a member; one of the same name is replaced where it stands.
    pub(crate) fn insert(&mut self, name: impl Into<Name>, value: Json) {
        let name = name.into();
        if let Some((_, known)) = self.place(&name).and_then(|place| self.list.get_mut(place)) {
            *known = value;
            return;
        }
        match &mut self.places {
            Some(places) => drop(places.insert(name.clone(), self.list.len())),
            None if self.list.len() >= LARGE => {
                let names = self.list.iter().map(|(name, _)| name).chain([&name]);
                self.places = Some(names.cloned().zip(0..).collect());
            }
            None => {}
        }
        self.names |= bit(&name);
        self.list.push((name, value));
    }

    /// Takes a member out; the last takes its place.
    pub(crate) fn remove(&mut self, name: &str) -> Option<Json> {
        let place = self.place(name)?;
        let (_, value) = self.list.swap_remove(place);
        if let Some(places) = &mut self.places {
            places.remove(name);
            if let Some((moved, _)) = self.list.get(place) {
                places.insert(moved.clone(), place);
            }
        }
        Some(value)
    }

    /// Whether there is one of a name.
    pub(crate) fn contains_key(&self, name: &str) -> bool {
        self.place(name).is_some()
    }

    /// Names and values.
    pub(crate) fn iter(&self) -> impl Iterator<Item = (&str, &Json)> {
        self.list.iter().map(|(name, value)| (&**name, value))
    }

    /// The values, to be changed.
    pub(crate) fn values_mut(&mut self) -> impl Iterator<Item = &mut Json> {
        self.list.iter_mut().map(|(_, value)| value)
    }
}

impl IntoIterator for Members {
    type Item = (Name, Json);
    type IntoIter = std::vec::IntoIter<(Name, Json)>;

    fn into_iter(self) -> Self::IntoIter {
        self.list.into_iter()
    }
}

impl<N: Into<Name>> FromIterator<(N, Json)> for Members {
    fn from_iter<I: IntoIterator<Item = (N, Json)>>(members: I) -> Self {
        let members = members.into_iter();
        let mut out = Self::with_capacity(members.size_hint().0);
        members.for_each(|(name, value)| out.insert(name, value));
        out
    }
}

/// As it stands in a file, without white space.
impl fmt::Display for Json {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&serde_json::to_string(self).map_err(|_| fmt::Error)?)
    }
}

impl Serialize for Json {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match self {
            Self::Null => serializer.serialize_unit(),
            Self::Bool(value) => serializer.serialize_bool(*value),
            Self::Number(number) => number.serialize(serializer),
            Self::String(text) => serializer.serialize_str(text),
            Self::Array(items) => serializer.collect_seq(items),
            Self::Object(members) => serializer.collect_map(members.iter()),
        }
    }
}

impl From<Value> for Json {
    fn from(value: Value) -> Self {
        match value {
            Value::Null => Self::Null,
            Value::Bool(value) => Self::Bool(value),
            Value::Number(number) => Self::Number(number),
            Value::String(text) => Self::String(text),
            Value::Array(items) => Self::Array(items.into_iter().map(Self::from).collect()),
            Value::Object(members) => Self::Object(members.into_iter().map(|(name, value)| (name, Self::from(value))).collect()),
        }
    }
}

impl From<Json> for Value {
    fn from(json: Json) -> Self {
        match json {
            Json::Null => Self::Null,
            Json::Bool(value) => Self::Bool(value),
            Json::Number(number) => Self::Number(number),
            Json::String(text) => Self::String(text),
            Json::Array(items) => Self::Array(items.into_iter().map(Self::from).collect()),
            Json::Object(members) => {
                Self::Object(members.into_iter().map(|(name, value)| (name.into_owned(), Self::from(value))).collect())
            }
        }
    }
}

/// A name as it was decoded. Those that exporters write in every entry are not copied.
pub(super) fn name(bytes: &[u8]) -> Name {
    let of_length: &[&'static str] = match bytes.len() {
        3 => &["url", "dns", "ssl"],
        4 => &["name", "path", "type", "text", "time", "size", "send", "wait"],
        5 => &["value", "cache", "stack"],
        6 => &["domain", "secure", "method", "status", "_error", "parent"],
        7 => &["expires", "headers", "cookies", "content", "request", "timings", "blocked", "connect", "receive", "pageref"],
        8 => &["httpOnly", "sameSite", "mimeType", "bodySize", "response", "postData", "encoding", "scriptId"],
        9 => &["_priority"],
        10 => &["statusText", "callFrames", "connection", "lineNumber", "_initiator"],
        11 => &["httpVersion", "queryString", "headersSize", "redirectURL", "compression", "description"],
        12 => &["functionName", "columnNumber", "_workerStart"],
        13 => &["_transferSize", "_resourceType", "_connectionId"],
        15 => &["serverIPAddress", "startedDateTime"],
        17 => &["_blocked_queueing"],
        24 => &["_fetchedViaServiceWorker"],
        _ => &[],
    };
    match of_length.iter().find(|known| known.as_bytes() == bytes) {
        Some(known) => Cow::Borrowed(known),
        None => Cow::Owned(String::from_utf8_lossy(bytes).into_owned()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;
    use serde_json::{Map, json};

    #[test]
    fn names_of_har_are_not_copied() {
        for known in ["url", "headers", "startedDateTime", "_fetchedViaServiceWorker"] {
            assert!(matches!(name(known.as_bytes()), Cow::Borrowed(name) if name == known));
        }
        assert!(matches!(name(b"x\xFF"), Cow::Owned(name) if name == "x\u{FFFD}"));
    }

    #[test]
    fn a_tree_is_the_json_that_it_was_made_of() {
        let value = json!({"a": [1, -2.5, true, null, {"b": "ä\"\n"}], "": {}, "c": []});
        let tree = Json::from(value.clone());
        assert_eq!(tree.to_string(), value.to_string());
        assert_eq!(Value::from(tree), value);
    }

    proptest! {
        #[test]
        fn members_are_those_of_a_map(steps in prop::collection::vec((any::<bool>(), 0_u8..80), 0..200)) {
            let (mut members, mut map) = (Members::default(), Map::new());
            for (number, (is_removed, name)) in steps.into_iter().enumerate() {
                let name = format!("n{name}");
                if is_removed {
                    prop_assert_eq!(members.remove(&name).map(Value::from), map.swap_remove(&name));
                } else {
                    members.insert(name.clone(), Json::Number(number.into()));
                    map.insert(name.clone(), json!(number));
                }
                prop_assert_eq!(members.contains_key(&name), map.contains_key(&name));
                prop_assert_eq!(members.len(), map.len());
            }
            prop_assert_eq!(Json::Object(members).to_string(), Value::Object(map).to_string());
        }
    }
}
