//! The people in a capture, known by number: `account 1 (…@contoso.com)`.

use super::tenant::{CONSUMERS_TENANT, Guid};
use crate::exchange::Secret;

/// A person's number, by order of appearance, from 1.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct AccountId(pub usize);

/// One person, as far as names and ids can be joined.
#[derive(Clone, Default)]
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
pub struct Accounts(Vec<Account>);

impl Accounts {
    /// The person of that name (a UPN or e-mail address), new or known.
    pub(super) fn by_name(&mut self, name: &str) -> Option<AccountId> {
        let name = name.trim().to_lowercase();
        let domain = domain_of(&name)?;
        let secret = Secret::new(name.as_str());
        let at = self.0.iter().position(|account| account.names.contains(&secret));
        let at = at.unwrap_or_else(|| self.add());
        let account = self.0.get_mut(at)?;
        if !account.names.contains(&secret) {
            account.names.push(secret);
            account.domain.get_or_insert(domain);
        }
        Some(AccountId(at + 1))
    }

    /// The person of that object id, new or known.
    pub(super) fn by_object_id(&mut self, id: &Secret, home: Option<&Guid>) -> Option<AccountId> {
        let id = Secret::new(id.expose().to_ascii_lowercase());
        let at = self.0.iter().position(|account| account.object_ids.contains(&id));
        let at = at.unwrap_or_else(|| self.add());
        let account = self.0.get_mut(at)?;
        if !account.object_ids.contains(&id) {
            account.object_ids.push(id);
        }
        if account.home.is_none() {
            account.home = home.cloned();
        }
        Some(AccountId(at + 1))
    }

    /// Joins a name and an object id that one token holds.
    pub(super) fn join(&mut self, name: Option<&Secret>, object_id: Option<&Secret>, home: Option<&Guid>) {
        let id = object_id.map(|id| Secret::new(id.expose().to_ascii_lowercase()));
        let known = id.as_ref().and_then(|id| self.0.iter().position(|account| account.object_ids.contains(id)));
        let named = name.and_then(|name| self.by_name(name.expose()));
        let at = match (known, named) {
            (Some(at), Some(AccountId(number))) if at + 1 != number => {
                // Two sightings turn out to be one person: the earlier number stays.
                let (keep, drop) = (at.min(number - 1), at.max(number - 1));
                if drop < self.0.len() && self.0.get(drop).is_some_and(|account| account.names.len() + account.object_ids.len() > 0) {
                    let other = std::mem::take(self.0.get_mut(drop).unwrap_or(&mut Account::default()));
                    if let Some(account) = self.0.get_mut(keep) {
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
        if let Some(account) = self.0.get_mut(at) {
            if let Some(id) = id.filter(|id| !account.object_ids.contains(id)) {
                account.object_ids.push(id);
            }
            if home.is_some() {
                account.home = home.cloned();
            }
        }
    }

    fn add(&mut self) -> usize {
        self.0.push(Account::default());
        self.0.len() - 1
    }

    /// The number of a known name.
    pub fn find_name(&self, name: &Secret) -> Option<AccountId> {
        let lower = Secret::new(name.expose().trim().to_lowercase());
        self.0.iter().position(|account| account.names.contains(&lower)).map(|at| AccountId(at + 1))
    }

    /// The number of a known object id.
    pub fn find_object_id(&self, id: &Secret) -> Option<AccountId> {
        let lower = Secret::new(id.expose().to_ascii_lowercase());
        self.0.iter().position(|account| account.object_ids.contains(&lower)).map(|at| AccountId(at + 1))
    }

    /// The person of that number.
    pub fn get(&self, id: AccountId) -> Option<&Account> {
        self.0.get(id.0.checked_sub(1)?)
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
