//! Applications as requests name them.

use super::stand_in;
use super::tenant::Guid;
use crate::exchange::Written;
use std::fmt;
use std::hash::{Hash, Hasher};

/// An application by the id that a request, a token or a user names. Two are equal where the ids are the same: GUIDs in any
/// case, all others as they are written.
#[derive(Clone)]
pub struct ClientId {
    key: Key,
    shown: String,
}

/// What two ids have in common exactly where they are equal.
#[derive(Clone, PartialEq, Eq, Hash)]
enum Key {
    /// The application's own id.
    Guid(Guid),
    /// The identifier of a SAML or WS-Federation application, or whatever was sent in the place of an id: it is only compared.
    Other(Written),
    /// What somebody who cleaned the capture wrote in the place of the id.
    StandIn(Written),
}

impl ClientId {
    /// Reads an id as written in a parameter.
    pub fn parse(text: &str) -> Self {
        let other = if stand_in::is_one(text) { Key::StandIn } else { Key::Other };
        let key = Guid::parse(text).map_or_else(|| other(Written::new(text)), Key::Guid);
        Self { key, shown: shown(text) }
    }

    /// The id, where it is a GUID.
    pub fn guid(&self) -> Option<&Guid> {
        match &self.key {
            Key::Guid(id) => Some(id),
            Key::Other(_) | Key::StandIn(_) => None,
        }
    }

    /// Whether somebody who cleaned the capture wrote it in the place of the id.
    pub(crate) fn is_stand_in(&self) -> bool {
        match &self.key {
            Key::Guid(id) => stand_in::is_one(id.as_str()),
            Key::Other(_) => false,
            Key::StandIn(_) => true,
        }
    }

    /// What reports show: the id as written, where it has the form of one; other text is not repeated, it could be anything.
    pub fn shown(&self) -> &str {
        &self.shown
    }
}

/// An application's id as reports write it: a GUID, or the identifier URI of a SAML or WS-Federation application.
fn shown(text: &str) -> String {
    if Guid::parse(text).is_some() {
        return text.to_owned();
    }
    let harmless = |c: char| c.is_ascii_alphanumeric() || "-_./:{}".contains(c);
    if text.len() <= 200 && !text.is_empty() && text.chars().all(harmless) { text.to_owned() } else { "(unusual text)".to_owned() }
}

impl PartialEq for ClientId {
    fn eq(&self, other: &Self) -> bool {
        self.key == other.key
    }
}

impl Eq for ClientId {}

impl Hash for ClientId {
    fn hash<H: Hasher>(&self, state: &mut H) {
        self.key.hash(state);
    }
}

impl fmt::Debug for ClientId {
    /// What reports show.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("ClientId").field(&self.shown).finish()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::HashSet;

    const ID: &str = "a0a0a0a0-0000-4000-8000-00000000000b";

    #[test]
    fn ids_are_equal_in_any_case_and_identifiers_as_they_are_written() {
        for (one, other, are_equal) in [
            (ID, ID.to_uppercase().as_str(), true),
            (ID, "a0a0a0a0-0000-4000-8000-00000000000c", false),
            ("https://app.example/Expenses", "https://app.example/Expenses", true),
            ("https://app.example/Expenses", "https://app.example/expenses", false),
            ("the first application", "the second application", false),
        ] {
            let (one, other) = (ClientId::parse(one), ClientId::parse(other));
            assert_eq!(one == other, are_equal, "{one:?} {other:?}");
            assert_eq!(HashSet::from([one, other]).len() == 1, are_equal);
        }
    }

    #[test]
    fn an_id_is_shown_as_it_was_written_and_other_text_is_not() {
        let shown = |text: &str| ClientId::parse(text).shown().to_owned();
        assert_eq!(shown(&ID.to_uppercase()), ID.to_uppercase());
        assert_eq!(shown("https://app.example/Expenses"), "https://app.example/Expenses");
        assert_eq!(shown("ada@contoso.example's"), "(unusual text)");
        assert_eq!(format!("{:?}", ClientId::parse("ada@contoso.example's")), "ClientId(\"(unusual text)\")");
    }
}
