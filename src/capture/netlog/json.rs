//! JSON taken member by member: a value of an unexpected kind is passed over instead of ending the file.
//!
//! What is passed over is skipped without recursion, so that no nesting is too deep.

use serde::de::{Deserialize, DeserializeSeed, Deserializer, IgnoredAny, MapAccess, SeqAccess, Visitor};
use std::borrow::Cow;
use std::fmt;

/// What is filled from an object's members or an array's items.
pub(super) trait Fill<'de> {
    /// Takes the value of a member from `map`.
    fn member<A: MapAccess<'de>>(&mut self, _name: &str, map: &mut A) -> Result<(), A::Error> {
        map.next_value::<IgnoredAny>().map(|_| ())
    }

    /// Takes an item from `items`; false where there is no more.
    fn item<A: SeqAccess<'de>>(&mut self, items: &mut A) -> Result<bool, A::Error> {
        items.next_element::<IgnoredAny>().map(|item| item.is_some())
    }
}

/// Fills something from a value; a value that is neither object nor array leaves it as it is.
pub(super) struct Into<'s, T>(pub(super) &'s mut T);

impl<'de, T: Fill<'de>> DeserializeSeed<'de> for Into<'_, T> {
    type Value = ();

    fn deserialize<D: Deserializer<'de>>(self, from: D) -> Result<(), D::Error> {
        from.deserialize_any(self)
    }
}

impl<'de, T: Fill<'de>> Visitor<'de> for Into<'_, T> {
    type Value = ();

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a value")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<(), A::Error> {
        while let Some(name) = map.next_key::<Loose<'de>>()? {
            self.0.member(name.text().unwrap_or_default(), &mut map)?;
        }
        Ok(())
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut items: A) -> Result<(), A::Error> {
        while self.0.item(&mut items)? {}
        Ok(())
    }

    fn visit_bool<E>(self, _: bool) -> Result<(), E> {
        Ok(())
    }

    fn visit_i64<E>(self, _: i64) -> Result<(), E> {
        Ok(())
    }

    fn visit_u64<E>(self, _: u64) -> Result<(), E> {
        Ok(())
    }

    fn visit_f64<E>(self, _: f64) -> Result<(), E> {
        Ok(())
    }

    fn visit_str<E>(self, _: &str) -> Result<(), E> {
        Ok(())
    }

    fn visit_unit<E>(self) -> Result<(), E> {
        Ok(())
    }
}

/// A value of whatever kind, as far as a log's parameters use it.
#[derive(Default)]
pub(super) enum Loose<'a> {
    /// A text, borrowed from the file where it has no escapes.
    Text(Cow<'a, str>),
    /// A number.
    Number(f64),
    /// The texts of a list; of an object its members as "name: value".
    Lines(Vec<Cow<'a, str>>),
    /// Anything else.
    #[default]
    Nothing,
}

impl<'a> Loose<'a> {
    /// The text.
    pub(super) fn text(&self) -> Option<&str> {
        match self {
            Self::Text(text) => Some(text),
            _ => None,
        }
    }

    /// The number, also where it is written as a text.
    pub(super) fn number(&self) -> Option<f64> {
        match self {
            Self::Number(number) => Some(*number),
            Self::Text(text) => text.trim().parse().ok().filter(|number: &f64| number.is_finite()),
            Self::Lines(_) | Self::Nothing => None,
        }
    }

    /// The number of an event type, a source, a phase.
    pub(super) fn id(&self) -> Option<u64> {
        // Beyond 2^53 an f64 does not tell neighbours apart; no log counts so far.
        self.number().filter(|number| *number >= 0.0 && *number < 9e15).map(|number| number as u64)
    }

    /// The lines of a list.
    pub(super) fn lines(&self) -> &[Cow<'a, str>] {
        match self {
            Self::Lines(lines) => lines,
            _ => &[],
        }
    }

    /// Whether there is a value at all.
    pub(super) fn is_nothing(&self) -> bool {
        matches!(self, Self::Nothing)
    }
}

impl<'de> Deserialize<'de> for Loose<'de> {
    fn deserialize<D: Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
        from.deserialize_any(LooseVisitor { nested: false })
    }
}

/// A text inside a list; other things in it are nothing.
struct Nested;

impl<'de> DeserializeSeed<'de> for Nested {
    type Value = Loose<'de>;

    fn deserialize<D: Deserializer<'de>>(self, from: D) -> Result<Loose<'de>, D::Error> {
        from.deserialize_any(LooseVisitor { nested: true })
    }
}

struct LooseVisitor {
    nested: bool,
}

impl<'de> Visitor<'de> for LooseVisitor {
    type Value = Loose<'de>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a value")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Loose<'de>, A::Error> {
        let mut lines = Vec::new();
        if self.nested {
            while map.next_entry::<IgnoredAny, IgnoredAny>()?.is_some() {}
            return Ok(Loose::Nothing);
        }
        while let Some(name) = map.next_key::<Loose<'de>>()? {
            if let (Some(name), Some(value)) = (name.text(), map.next_value_seed(Nested)?.text()) {
                lines.push(format!("{name}: {value}").into());
            }
        }
        Ok(Loose::Lines(lines))
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut items: A) -> Result<Loose<'de>, A::Error> {
        let mut lines = Vec::new();
        if self.nested {
            while items.next_element::<IgnoredAny>()?.is_some() {}
            return Ok(Loose::Nothing);
        }
        while let Some(item) = items.next_element_seed(Nested)? {
            if let Loose::Text(text) = item {
                lines.push(text);
            }
        }
        Ok(Loose::Lines(lines))
    }

    fn visit_borrowed_str<E>(self, text: &'de str) -> Result<Loose<'de>, E> {
        Ok(Loose::Text(text.into()))
    }

    fn visit_str<E>(self, text: &str) -> Result<Loose<'de>, E> {
        Ok(Loose::Text(text.to_owned().into()))
    }

    fn visit_i64<E>(self, number: i64) -> Result<Loose<'de>, E> {
        Ok(Loose::Number(number as f64))
    }

    fn visit_u64<E>(self, number: u64) -> Result<Loose<'de>, E> {
        Ok(Loose::Number(number as f64))
    }

    fn visit_f64<E>(self, number: f64) -> Result<Loose<'de>, E> {
        Ok(Loose::Number(number))
    }

    fn visit_bool<E>(self, _: bool) -> Result<Loose<'de>, E> {
        Ok(Loose::Nothing)
    }

    fn visit_unit<E>(self) -> Result<Loose<'de>, E> {
        Ok(Loose::Nothing)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn loose(json: &str) -> Loose<'_> {
        serde_json::from_str(json).unwrap()
    }

    #[test]
    fn numbers_are_numbers_or_texts() {
        assert_eq!(loose("17").id(), Some(17));
        assert_eq!(loose(r#""1795177519174""#).number(), Some(1_795_177_519_174.0));
        for none in [r#""x""#, "-1", r#""NaN""#, "true", "null", "1e300"] {
            assert_eq!(loose(none).id(), None, "{none}");
        }
    }

    #[test]
    fn lists_and_objects_are_lines() {
        assert_eq!(loose(r#"["a: b",1,[["x"]],{"y":{}},"c: d"]"#).lines(), ["a: b", "c: d"]);
        assert_eq!(loose(r#"{":method":"GET","a":[1],"c":"d"}"#).lines(), [":method: GET", "c: d"]);
        assert!(loose("null").is_nothing() && loose("null").lines().is_empty());
    }
}
