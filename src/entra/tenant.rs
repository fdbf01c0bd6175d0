//! Tenants as requests and tokens name them.

use super::stand_in;
use std::borrow::Cow;
use std::fmt;
use std::hash::{Hash, Hasher};

/// A GUID, lower case.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Guid(String);

impl Guid {
    /// Reads a GUID in its usual 8-4-4-4-12 form, in any case; `None` for anything else.
    pub fn parse(text: &str) -> Option<Self> {
        Self::is_one(text).then(|| Self(text.to_ascii_lowercase()))
    }

    /// Whether a text is a GUID.
    pub(crate) fn is_one(text: &str) -> bool {
        text.len() == 36
            && text.bytes().enumerate().all(|(at, byte)| match at {
                8 | 13 | 18 | 23 => byte == b'-',
                _ => byte.is_ascii_hexdigit(),
            })
    }

    /// The text.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for Guid {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// The tenant of all personal Microsoft accounts (msal-js, `CONSUMER_UTID`).
pub const CONSUMERS_TENANT: &str = "9188040d-6c67-4c5b-b112-36a304b66dad";

/// What a tenant name is.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum TenantName {
    /// A directory by its id.
    Id(Guid),
    /// A directory by one of its domains.
    Domain,
    /// `common`: any work, school or personal account.
    Common,
    /// `organizations`: any work or school account.
    Organizations,
    /// `consumers`: personal accounts.
    Consumers,
    /// What somebody who cleaned the capture wrote in the place of the name.
    Hidden,
    /// A placeholder that was never filled in, or text that is no tenant.
    Unusable,
}

/// A tenant as a request named it. Two are equal where their names say the same: in whatever case, and the personal accounts
/// by either name.
#[derive(Clone, Debug)]
pub struct Tenant {
    written: String,
    name: TenantName,
}

impl Tenant {
    /// Reads a tenant as written in a path or parameter.
    pub fn parse(text: &str) -> Self {
        let name = match text.to_ascii_lowercase().as_str() {
            "common" => TenantName::Common,
            "organizations" => TenantName::Organizations,
            "consumers" => TenantName::Consumers,
            lower if stand_in::is_mark(lower) => TenantName::Hidden,
            lower => match Guid::parse(lower) {
                Some(id) => TenantName::Id(id),
                None if is_domain(lower) => TenantName::Domain,
                None => TenantName::Unusable,
            },
        };
        Self { written: text.to_owned(), name }
    }

    /// The tenant of that id.
    pub fn from_id(id: &Guid) -> Self {
        Self { written: id.as_str().to_owned(), name: TenantName::Id(id.clone()) }
    }

    /// Takes the name for one that was written in the place of others.
    pub(super) fn hide(&mut self) {
        self.name = TenantName::Hidden;
    }

    /// What kind of name it is.
    pub fn name(&self) -> &TenantName {
        &self.name
    }

    /// The directory's id, where the name is one.
    pub fn id(&self) -> Option<&Guid> {
        match &self.name {
            TenantName::Id(id) => Some(id),
            _ => None,
        }
    }

    /// Whether it stands for several directories.
    pub fn is_alias(&self) -> bool {
        matches!(self.name, TenantName::Common | TenantName::Organizations | TenantName::Consumers)
    }

    /// Whether it is the tenant of personal Microsoft accounts.
    pub fn is_consumers(&self) -> bool {
        self.name == TenantName::Consumers || self.id().is_some_and(|id| id.as_str() == CONSUMERS_TENANT)
    }

    /// What two tenants have in common exactly where they are equal.
    fn key(&self) -> Cow<'_, str> {
        match &self.name {
            TenantName::Consumers => CONSUMERS_TENANT.into(),
            TenantName::Id(id) => id.as_str().into(),
            _ => self.written.to_ascii_lowercase().into(),
        }
    }

    /// The name as written, where it has the form of a tenant name; other text is not repeated, it could
    /// be anything.
    pub fn shown(&self) -> &str {
        let harmless = |c: char| c.is_ascii_alphanumeric() || "-_.{}$%:".contains(c);
        if self.written.len() <= 80 && self.written.chars().all(harmless) { &self.written } else { "(unusual text)" }
    }
}

impl PartialEq for Tenant {
    fn eq(&self, other: &Self) -> bool {
        self.key() == other.key()
    }
}

impl Eq for Tenant {}

impl Hash for Tenant {
    fn hash<H: Hasher>(&self, state: &mut H) {
        self.key().hash(state);
    }
}

fn is_domain(text: &str) -> bool {
    let labels: Vec<&str> = text.split('.').collect();
    labels.len() >= 2
        && text.len() <= 253
        && labels.iter().all(|label| !label.is_empty() && label.chars().all(|c| c.is_alphanumeric() || c == '-') && !label.starts_with('-'))
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::HashSet;

    #[test]
    fn tenants_are_told_apart() {
        let id = "0a8d399d-d43c-4134-a6cd-a5b5f6df0467";
        assert_eq!(Tenant::parse(id).id().unwrap().as_str(), id);
        assert_eq!(Tenant::parse("contoso.onmicrosoft.com").name(), &TenantName::Domain);
        assert!(Tenant::parse("Common").is_alias());
        for text in ["undefined", "{tenantId}", "null", "%7Btenant%7D", "a b"] {
            assert_eq!(Tenant::parse(text).name(), &TenantName::Unusable, "{text}");
        }
        assert_eq!(Tenant::parse("<script>").shown(), "(unusual text)");
    }

    #[test]
    fn tenants_are_equal_where_their_names_say_the_same() {
        let id = "0a8d399d-d43c-4134-a6cd-a5b5f6df0467";
        for (one, other, are_equal) in [
            ("consumers", CONSUMERS_TENANT, true),
            ("Consumers", &CONSUMERS_TENANT.to_uppercase(), true),
            (id, &id.to_uppercase(), true),
            ("contoso.example", "Contoso.Example", true),
            ("a b", "A B", true),
            ("common", "organizations", false),
            ("consumers", "common", false),
            ("a b", "a c", false),
        ] {
            let (one, other) = (Tenant::parse(one), Tenant::parse(other));
            assert_eq!(one == other, are_equal, "{one:?} {other:?}");
            assert_eq!(HashSet::from([one, other]).len() == 1, are_equal);
        }
    }
}
