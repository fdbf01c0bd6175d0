//! JSON as a tree that is quickly made and taken apart: most of a redaction is that.
//!
//! The members of an object are a list, for they are few. Names and texts are those of the text that was read, wherever
//! they have no escapes. `serde_json` makes a table of every object and a string of every name, which took three times as
//! long.

use serde_json::{Number, Value};
use std::borrow::Cow;
use std::collections::HashMap;
use std::fmt;
use std::io::Write as _;

/// A value of JSON, of some text.
#[derive(Clone, Default)]
pub(crate) enum Json<'t> {
    /// `null`.
    #[default]
    Null,
    /// `true` or `false`.
    Bool(bool),
    /// A number.
    Number(Number),
    /// A text.
    String(Cow<'t, str>),
    /// A list.
    Array(Vec<Json<'t>>),
    /// Members by their names.
    Object(Members<'t>),
}

/// The name of a member.
pub(crate) type Name<'t> = Cow<'t, str>;

/// The members of an object, in order. Each name is there once.
#[derive(Clone, Default)]
pub(crate) struct Members<'t> {
    list: Vec<(Name<'t>, Json<'t>)>,
    /// A bit for each name that was ever put in, as of some others: most names are new, and then nobody has to look for them.
    names: u64,
    /// Where each name stands; only of objects that are large, so that looking for names takes no time by the square.
    places: Option<HashMap<Name<'t>, usize>>,
}

/// From how many members on there is a table of their names.
const LARGE: usize = 32;

/// The bit of a name.
fn bit(name: &str) -> u64 {
    let bytes = name.as_bytes();
    let at = |place: usize| u32::from(bytes.get(place).copied().unwrap_or_default());
    let letters = at(0) | at(bytes.len() / 2) << 8 | at(bytes.len().saturating_sub(1)) << 16 | (bytes.len() as u32) << 24;
    1 << (letters.wrapping_mul(0x9E37_79B9) >> 26)
}

impl<'t> Json<'t> {
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
    pub(crate) fn members_mut(&mut self) -> Option<&mut Members<'t>> {
        match self {
            Self::Object(members) => Some(members),
            _ => None,
        }
    }

    /// Whether it is a number.
    pub(crate) fn is_number(&self) -> bool {
        matches!(self, Self::Number(_))
    }

    /// Whether it is `null`.
    pub(crate) fn is_null(&self) -> bool {
        matches!(self, Self::Null)
    }

    /// Writes it as JSON without white space.
    pub(crate) fn write(&self, out: &mut Vec<u8>) {
        match self {
            Self::Null => out.extend_from_slice(b"null"),
            Self::Bool(true) => out.extend_from_slice(b"true"),
            Self::Bool(false) => out.extend_from_slice(b"false"),
            // Memory takes everything.
            Self::Number(number) => drop(write!(out, "{number}")),
            Self::String(text) => write_text(text, out),
            Self::Array(items) => {
                out.push(b'[');
                for (place, item) in items.iter().enumerate() {
                    if place > 0 {
                        out.push(b',');
                    }
                    item.write(out);
                }
                out.push(b']');
            }
            Self::Object(members) => {
                out.push(b'{');
                for (place, (name, value)) in members.iter().enumerate() {
                    if place > 0 {
                        out.push(b',');
                    }
                    write_text(name, out);
                    out.push(b':');
                    value.write(out);
                }
                out.push(b'}');
            }
        }
    }
}

impl<'t> Members<'t> {
    /// An object that will have so many.
    pub(crate) fn with_capacity(count: usize) -> Self {
        Self { list: Vec::with_capacity(count), ..Self::default() }
    }

    /// An object of two, of different names.
    pub(crate) fn of_two(first: (impl Into<Name<'t>>, Json<'t>), second: (impl Into<Name<'t>>, Json<'t>)) -> Self {
        let list = vec![(first.0.into(), first.1), (second.0.into(), second.1)];
        let names = list.iter().fold(0, |names, (name, _)| names | bit(name));
        Self { list, names, places: None }
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
    pub(crate) fn get(&self, name: &str) -> Option<&Json<'t>> {
        self.list.get(self.place(name)?).map(|(_, value)| value)
    }

    /// The same, to be changed.
    pub(crate) fn get_mut(&mut self, name: &str) -> Option<&mut Json<'t>> {
        let place = self.place(name)?;
        self.list.get_mut(place).map(|(_, value)| value)
    }

    /// The same; one that is not there is put in.
    pub(crate) fn get_or_insert(&mut self, name: &'static str, value: impl FnOnce() -> Json<'t>) -> Option<&mut Json<'t>> {
        if self.place(name).is_none() {
            self.insert(name, value());
        }
        self.get_mut(name)
    }

    /// Adds a member; one of the same name is replaced where it stands.
    pub(crate) fn insert(&mut self, name: impl Into<Name<'t>>, value: Json<'t>) {
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
    pub(crate) fn remove(&mut self, name: &str) -> Option<Json<'t>> {
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

    /// Makes another of every value, in order. Where another name comes with it, that takes the place of the name.
    pub(crate) fn each(mut self, mut change: impl FnMut(&str, Json<'t>) -> (Option<Name<'t>>, Json<'t>)) -> Self {
        let mut renamed = Vec::new();
        for (place, (name, value)) in self.list.iter_mut().enumerate() {
            let (other, changed) = change(name, std::mem::take(value));
            *value = changed;
            renamed.extend(other.map(|other| (place, other)));
        }
        if renamed.is_empty() {
            return self;
        }
        for (place, other) in renamed {
            if let Some((name, _)) = self.list.get_mut(place) {
                *name = other;
            }
        }
        self.list.into_iter().collect()
    }

    /// Names and values.
    pub(crate) fn iter(&self) -> impl Iterator<Item = (&str, &Json<'t>)> {
        self.list.iter().map(|(name, value)| (&**name, value))
    }

    /// The same, the values to be changed.
    pub(crate) fn iter_mut(&mut self) -> impl Iterator<Item = (&str, &mut Json<'t>)> {
        self.list.iter_mut().map(|(name, value)| (&**name, value))
    }
}

impl<'t> IntoIterator for Members<'t> {
    type Item = (Name<'t>, Json<'t>);
    type IntoIter = std::vec::IntoIter<(Name<'t>, Json<'t>)>;

    fn into_iter(self) -> Self::IntoIter {
        self.list.into_iter()
    }
}

impl<'t, N: Into<Name<'t>>> FromIterator<(N, Json<'t>)> for Members<'t> {
    fn from_iter<I: IntoIterator<Item = (N, Json<'t>)>>(members: I) -> Self {
        let members = members.into_iter();
        let mut out = Self::with_capacity(members.size_hint().0);
        members.for_each(|(name, value)| out.insert(name, value));
        out
    }
}

/// As it stands in a file, without white space.
impl fmt::Display for Json<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut json = Vec::new();
        self.write(&mut json);
        f.write_str(&String::from_utf8_lossy(&json))
    }
}

impl From<Value> for Json<'_> {
    fn from(value: Value) -> Self {
        match value {
            Value::Null => Self::Null,
            Value::Bool(value) => Self::Bool(value),
            Value::Number(number) => Self::Number(number),
            Value::String(text) => Self::String(text.into()),
            Value::Array(items) => Self::Array(items.into_iter().map(Self::from).collect()),
            Value::Object(members) => Self::Object(members.into_iter().map(|(name, value)| (name, Self::from(value))).collect()),
        }
    }
}

impl From<Json<'_>> for Value {
    fn from(json: Json<'_>) -> Self {
        match json {
            Json::Null => Self::Null,
            Json::Bool(value) => Self::Bool(value),
            Json::Number(number) => Self::Number(number),
            Json::String(text) => Self::String(text.into_owned()),
            Json::Array(items) => Self::Array(items.into_iter().map(Self::from).collect()),
            Json::Object(members) => {
                Self::Object(members.into_iter().map(|(name, value)| (name.into_owned(), Self::from(value))).collect())
            }
        }
    }
}

/// Writes a text with its quotation marks.
pub(crate) fn write_text(text: &str, out: &mut Vec<u8>) {
    // A few bytes at a time are compared at once.
    let has_escape =
        text.as_bytes().chunks(64).any(|bytes| bytes.iter().fold(false, |has, byte| has | (*byte < b' ' || matches!(byte, b'"' | b'\\'))));
    out.push(b'"');
    if has_escape {
        write_escaped(text.as_bytes(), out);
    } else {
        out.extend_from_slice(text.as_bytes());
    }
    out.push(b'"');
}

/// The letter that stands for a byte behind a backslash (RFC 8259 §7); `u` where its number does, and zero where the byte stands for
/// itself.
#[expect(clippy::indexing_slicing, reason = "a place outside would not compile")]
const ESCAPES: [u8; 256] = {
    let mut escapes = [0; 256];
    let mut byte = 0;
    while byte < b' ' {
        escapes[byte as usize] = match byte {
            8 => b'b',
            b'\t' => b't',
            b'\n' => b'n',
            12 => b'f',
            b'\r' => b'r',
            _ => b'u',
        };
        byte += 1;
    }
    escapes[b'"' as usize] = b'"';
    escapes[b'\\' as usize] = b'\\';
    escapes
};

/// Writes the inside of a text in which are escapes, as `serde_json` does.
fn write_escaped(text: &[u8], out: &mut Vec<u8>) {
    const ONES: u64 = u64::MAX / 0xFF;
    let escape = |byte: u8| ESCAPES.get(usize::from(byte)).copied().unwrap_or_default();
    // Of the bytes below another one the first has its highest bit set, and behind it some that are not.
    let below = |eight: u64, byte: u8| eight.wrapping_sub(ONES * u64::from(byte)) & !eight & (ONES << 7);
    let escaped =
        |eight: u64| below(eight, b' ') | below(eight ^ (ONES * u64::from(b'"')), 1) | below(eight ^ (ONES * u64::from(b'\\')), 1);
    out.reserve(text.len() + text.len() / 8);
    let mut rest = text;
    loop {
        while let Some((eight, behind)) = rest.split_first_chunk() {
            // All eight are written, and what is too much is taken back: that is sooner done than to write as many as there are.
            out.extend_from_slice(eight);
            let escaped = escaped(u64::from_le_bytes(*eight));
            if escaped == 0 {
                rest = behind;
                continue;
            }
            let plain = escaped.trailing_zeros() as usize / 8;
            out.truncate(out.len() - eight.len() + plain);
            rest = rest.get(plain..).unwrap_or_default();
            break;
        }
        let Some((byte, behind)) = rest.split_first() else { break };
        match escape(*byte) {
            0 => out.push(*byte),
            // Memory takes everything.
            b'u' => drop(write!(out, "\\u{byte:04x}")),
            letter => out.extend_from_slice(&[b'\\', letter]),
        }
        rest = behind;
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;
    use serde_json::{Map, json};

    #[test]
    fn a_tree_is_the_json_that_it_was_made_of() {
        let value = json!({"a": [1, -2.5, true, null, {"b": "ä\"\n"}], "": {}, "c": []});
        let tree = Json::from(value.clone());
        assert_eq!(tree.to_string(), value.to_string());
        assert_eq!(Value::from(tree), value);
    }

    proptest! {
        #[test]
        fn texts_are_written_as_serde_json_writes_them(text in any::<String>(), control in "[\\x00-\\x2f\\\\]{0,90}") {
            for text in [text, control] {
                prop_assert_eq!(Json::String(text.as_str().into()).to_string(), serde_json::to_string(&text).unwrap());
            }
        }
    }

    #[test]
    fn each_member_becomes_another() {
        let members = || Members::from_iter([("a", Json::Null), ("b", Json::Bool(true)), ("c", Json::Bool(false))]);
        let kept = members().each(|name, value| (None, if name == "a" { Json::String("x".into()) } else { value }));
        assert_eq!(Json::Object(kept).to_string(), r#"{"a":"x","b":true,"c":false}"#);
        // What comes later counts, where the first of them stands.
        let renamed = members().each(|name, value| ((name == "c").then(|| "a".into()), value));
        assert_eq!(Json::Object(renamed).to_string(), r#"{"a":false,"b":true}"#);
        let two = Members::of_two(("name", Json::Null), ("value", Json::Null));
        assert!(two.contains_key("name") && two.contains_key("value") && !two.contains_key("other"));
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
