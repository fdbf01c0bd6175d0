//! The people in a capture, known by number: `account 1 (…@contoso.com)`.

use super::tenant::{CONSUMERS_TENANT, Guid};
use crate::exchange::Secret;
use std::collections::HashMap;
use std::collections::hash_map::Entry;

/// A person's number, by order of appearance, from 1.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct AccountId(pub usize);

/// One person, as far as names and ids can be joined.
#[derive(Clone, Default)]
#[non_exhaustive]
pub struct Account {
    names: Vec<Secret>,
    object_ids: Vec<Secret>,
    /// The domain of the first name seen.
    pub domain: Option<String>,
    /// The home directory, where a token or routing hint tells it.
    pub home: Option<Guid>,
}

impl Account {
    /// Whether it is a personal Microsoft account, by its home directory; `None` where that is not known.
    pub fn is_personal(&self) -> Option<bool> {
        self.home.as_ref().map(|home| home.as_str() == CONSUMERS_TENANT)
    }
}

/// Everybody in a capture.
#[derive(Clone, Default)]
pub struct Accounts {
    all: Vec<Account>,
    /// The place of each name; a name belongs to one person.
    of_name: HashMap<Secret, usize>,
    /// The place of each object id.
    of_object_id: HashMap<Secret, usize>,
}

impl Accounts {
    /// The person of that name (a UPN or e-mail address), new or known.
    pub(super) fn by_name(&mut self, name: &str) -> Option<AccountId> {
        let name = name.trim().to_lowercase();
        let domain = domain_of(&name)?;
        let secret = Secret::new(name.as_str());
        if let Some(&at) = self.of_name.get(&secret) {
            return Some(AccountId(at + 1));
        }
        let at = self.add();
        let account = self.all.get_mut(at)?;
        account.names.push(secret.clone());
        account.domain.get_or_insert(domain);
        self.of_name.insert(secret, at);
        Some(AccountId(at + 1))
    }

    /// The person of that object id, new or known.
    pub(super) fn by_object_id(&mut self, id: &Secret, home: Option<&Guid>) -> Option<AccountId> {
        let id = Secret::new(id.expose().to_ascii_lowercase());
        let at = self.of_object_id.get(&id).copied().unwrap_or_else(|| self.add());
        let account = self.all.get_mut(at)?;
        if let Entry::Vacant(place) = self.of_object_id.entry(id) {
            account.object_ids.push(place.key().clone());
            place.insert(at);
        }
        if account.home.is_none() {
            account.home = home.cloned();
        }
        Some(AccountId(at + 1))
    }

    /// Joins a name and an object id that one token holds.
    pub(super) fn join(&mut self, name: Option<&Secret>, object_id: Option<&Secret>, home: Option<&Guid>) {
        let id = object_id.map(|id| Secret::new(id.expose().to_ascii_lowercase()));
        let known = id.as_ref().and_then(|id| self.of_object_id.get(id).copied());
        let named = name.and_then(|name| self.by_name(name.expose()));
        let at = match (known, named) {
            (Some(at), Some(AccountId(number))) if at + 1 != number => {
                // Two sightings turn out to be one person: the earlier number stays.
                let (keep, drop) = (at.min(number - 1), at.max(number - 1));
                if self.all.get(drop).is_some_and(|account| account.names.len() + account.object_ids.len() > 0) {
                    let other = self.all.get_mut(drop).map(std::mem::take).unwrap_or_default();
                    self.of_name.extend(other.names.iter().map(|name| (name.clone(), keep)));
                    self.of_object_id.extend(other.object_ids.iter().map(|id| (id.clone(), keep)));
                    if let Some(account) = self.all.get_mut(keep) {
                        account.names.extend(other.names);
                        account.object_ids.extend(other.object_ids);
                        account.domain = account.domain.take().or(other.domain);
                        account.home = account.home.take().or(other.home);
                    }
                }
                keep
            }
            (Some(at), _) => at,
            (None, Some(AccountId(number))) => number - 1,
            (None, None) if id.is_some() => self.add(),
            (None, None) => return,
        };
        if let Some(account) = self.all.get_mut(at) {
            if let Some(Entry::Vacant(place)) = id.map(|id| self.of_object_id.entry(id)) {
                account.object_ids.push(place.key().clone());
                place.insert(at);
            }
            if home.is_some() {
                account.home = home.cloned();
            }
        }
    }

    fn add(&mut self) -> usize {
        self.all.push(Account::default());
        self.all.len() - 1
    }

    /// The number of a known name.
    pub fn find_name(&self, name: &Secret) -> Option<AccountId> {
        let lower = Secret::new(name.expose().trim().to_lowercase());
        self.of_name.get(&lower).map(|&at| AccountId(at + 1))
    }

    /// The number of a known object id.
    pub fn find_object_id(&self, id: &Secret) -> Option<AccountId> {
        let lower = Secret::new(id.expose().to_ascii_lowercase());
        self.of_object_id.get(&lower).map(|&at| AccountId(at + 1))
    }

    /// The person of that number.
    pub fn get(&self, id: AccountId) -> Option<&Account> {
        self.all.get(id.0.checked_sub(1)?)
    }

    /// How reports name the person.
    pub fn label(&self, id: AccountId) -> String {
        match self.get(id).and_then(|account| account.domain.as_deref()) {
            Some(domain) => format!("account {} (…@{domain})", id.0),
            None => format!("account {}", id.0),
        }
    }
}

/// The domain of a name, where it has the form of one.
fn domain_of(name: &str) -> Option<String> {
    let (local, domain) = name.rsplit_once('@')?;
    let plain = domain.len() <= 100 && domain.contains('.') && domain.chars().all(|c| c.is_ascii_alphanumeric() || "-.".contains(c));
    (!local.is_empty() && plain).then(|| domain.to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_person_has_one_number() {
        let mut accounts = Accounts::default();
        let ada = accounts.by_name("Ada@contoso.example").unwrap();
        let oid = Secret::new("AAAA");
        let by_id = accounts.by_object_id(&oid, None).unwrap();
        assert_ne!(ada, by_id);
        accounts.join(Some(&Secret::new("ada@contoso.example")), Some(&oid), None);
        assert_eq!(accounts.find_object_id(&Secret::new("aaaa")), Some(ada));
        assert_eq!(accounts.label(ada), "account 1 (…@contoso.example)");
        assert_eq!(accounts.by_name("no address"), None);
    }
}
