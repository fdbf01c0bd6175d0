//! The people in a capture, known by number: `account 1 (…@contoso.com)`.

use super::known::Known;
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
    names: Vec<Known>,
    object_ids: Vec<Known>,
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

    /// Whether another, of this capture or of another one, is the same person; `None` where one is known by names alone and
    /// the other by ids alone.
    pub fn is_same_as(&self, other: &Self) -> Option<bool> {
        let known = [(&self.names, &other.names), (&self.object_ids, &other.object_ids)];
        if known.iter().any(|(one, other)| one.iter().any(|name| other.contains(name))) {
            return Some(true);
        }
        known.iter().any(|(one, other)| !one.is_empty() && !other.is_empty()).then_some(false)
    }
}

/// Everybody in a capture.
#[derive(Clone, Default)]
pub struct Accounts {
    /// Everybody, each with the number; of those that turned out to be one, all but one place are empty.
    all: Vec<(AccountId, Account)>,
    /// The place of each number, from 1.
    places: Vec<usize>,
    /// The place of each name; a name belongs to one person.
    of_name: HashMap<Known, usize>,
    /// The place of each object id.
    of_object_id: HashMap<Known, usize>,
}

impl Accounts {
    /// The person of that name (a UPN or e-mail address), new or known.
    pub(super) fn by_name(&mut self, name: &str) -> Option<AccountId> {
        let name = at_home(name);
        let (domain, known) = domain_of(&name).zip(Known::of(&name))?;
        if let Some(&at) = self.of_name.get(&known) {
            return self.number(at);
        }
        let at = self.add();
        let (number, account) = self.all.get_mut(at)?;
        account.names.push(known.clone());
        account.domain.get_or_insert(domain);
        self.of_name.insert(known, at);
        Some(*number)
    }

    /// The person of that object id, new or known.
    pub(super) fn by_object_id(&mut self, id: &Secret, home: Option<&Guid>) -> Option<AccountId> {
        let id = known_id(id)?;
        let at = self.of_object_id.get(&id).copied().unwrap_or_else(|| self.add());
        let (number, account) = self.all.get_mut(at)?;
        if let Entry::Vacant(place) = self.of_object_id.entry(id) {
            account.object_ids.push(place.key().clone());
            place.insert(at);
        }
        if account.home.is_none() {
            account.home = home.cloned();
        }
        Some(*number)
    }

    /// Joins a name and an object id that one token holds.
    pub(super) fn join(&mut self, name: Option<&Secret>, object_id: Option<&Secret>, home: Option<&Guid>) {
        let id = object_id.and_then(known_id);
        let known = id.as_ref().and_then(|id| self.of_object_id.get(id).copied());
        let named = name.and_then(|name| self.by_name(name.expose())).and_then(|number| self.place(number));
        let at = match (known, named) {
            (Some(one), Some(other)) if one != other => self.one_person(one, other),
            (Some(at), _) | (None, Some(at)) => at,
            (None, None) if id.is_some() => self.add(),
            (None, None) => return,
        };
        if let Some((_, account)) = self.all.get_mut(at) {
            if let Some(Entry::Vacant(place)) = id.map(|id| self.of_object_id.entry(id)) {
                account.object_ids.push(place.key().clone());
                place.insert(at);
            }
            if home.is_some() {
                account.home = home.cloned();
            }
        }
    }

    /// Makes one person of what was sighted as two, under the earlier number; its place. The one that is known by fewer names
    /// and ids moves, so that those that are joined again and again are not moved each time.
    fn one_person(&mut self, one: usize, other: usize) -> usize {
        let known_by = |at: usize| self.all.get(at).map_or(0, |(_, account)| account.names.len() + account.object_ids.len());
        let (stays, moves) = if known_by(one) >= known_by(other) { (one, other) } else { (other, one) };
        let Some((its_number, mut moved)) = self.all.get_mut(moves).map(|(number, account)| (*number, std::mem::take(account))) else {
            return stays;
        };
        let Some((number, account)) = self.all.get_mut(stays) else { return stays };
        let (earlier, later) = (its_number.min(*number), its_number.max(*number));
        if earlier == its_number {
            // What the earlier sighting told counts.
            std::mem::swap(&mut account.domain, &mut moved.domain);
            std::mem::swap(&mut account.home, &mut moved.home);
        }
        account.domain = account.domain.take().or(moved.domain);
        account.home = account.home.take().or(moved.home);
        self.of_name.extend(moved.names.iter().map(|name| (name.clone(), stays)));
        self.of_object_id.extend(moved.object_ids.iter().map(|id| (id.clone(), stays)));
        account.names.extend(moved.names);
        account.object_ids.extend(moved.object_ids);
        for (number, at) in [(earlier, stays), (later, moves)] {
            if let Some((own, _)) = self.all.get_mut(at) {
                *own = number;
            }
            if let Some(place) = self.places.get_mut(number.0.saturating_sub(1)) {
                *place = at;
            }
        }
        stays
    }

    fn add(&mut self) -> usize {
        let at = self.all.len();
        self.all.push((AccountId(at + 1), Account::default()));
        self.places.push(at);
        at
    }

    /// The number of who has that place.
    fn number(&self, at: usize) -> Option<AccountId> {
        self.all.get(at).map(|(number, _)| *number)
    }

    /// The place of who has that number.
    fn place(&self, number: AccountId) -> Option<usize> {
        self.places.get(number.0.checked_sub(1)?).copied()
    }

    /// The number of a known name.
    pub fn find_name(&self, name: &Secret) -> Option<AccountId> {
        self.of_name.get(&Known::of(&at_home(name.expose()))?).and_then(|&at| self.number(at))
    }

    /// The number of a known object id.
    pub fn find_object_id(&self, id: &Secret) -> Option<AccountId> {
        self.of_object_id.get(&known_id(id)?).and_then(|&at| self.number(at))
    }

    /// The person of that number.
    pub fn get(&self, id: AccountId) -> Option<&Account> {
        self.all.get(self.place(id)?).map(|(_, account)| account)
    }

    /// Whether two are the same person; `None` where one is known by names alone and the other by ids alone.
    pub fn are_one(&self, one: AccountId, other: AccountId) -> Option<bool> {
        if one == other {
            return Some(true);
        }
        self.get(one)?.is_same_as(self.get(other)?)
    }

    /// How reports name the person.
    pub fn label(&self, id: AccountId) -> String {
        match self.get(id).and_then(|account| account.domain.as_deref()) {
            Some(domain) => format!("account {} (…@{domain})", id.0),
            None => format!("account {}", id.0),
        }
    }
}

/// An object id, in any case.
fn known_id(id: &Secret) -> Option<Known> {
    Known::of(&id.expose().to_ascii_lowercase())
}

/// A name as people write it. A guest has the own name inside of another, as
/// `ada_contoso.com#EXT#@fabrikam.onmicrosoft.com`.
fn at_home(name: &str) -> String {
    let name = name.trim().to_lowercase();
    let own = name.split_once("#ext#").and_then(|(own, _)| own.rsplit_once('_'));
    own.map_or_else(|| name.clone(), |(user, domain)| format!("{user}@{domain}"))
}

/// The domain of a name, where it has the form of one.
fn domain_of(name: &str) -> Option<String> {
    let (local, domain) = name.rsplit_once('@')?;
    let plain = domain.len() <= 100 && domain.contains('.') && domain.chars().all(|c| c.is_ascii_alphanumeric() || "-.".contains(c));
    (!local.is_empty() && plain).then(|| domain.to_owned())
}

/// Mail domains that only personal accounts have, without their endings.
const PERSONAL_DOMAINS: &[&str] = &["outlook", "hotmail", "live", "msn", "passport", "windowslive"];

/// Whether only personal accounts have addresses of a (lower case) domain: `outlook.com`, `hotmail.fr`, `live.co.uk`; not
/// `live.contoso.example`.
pub(crate) fn is_personal_domain(domain: &str) -> bool {
    let labels: Vec<&str> = domain.split('.').collect();
    match labels.as_slice() {
        [name, _] => PERSONAL_DOMAINS.contains(name),
        [name, "co" | "com", country] => PERSONAL_DOMAINS.contains(name) && country.len() == 2,
        _ => false,
    }
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

    /// From the last to the first, so that the person who has grown is always the later one.
    #[test]
    fn people_who_are_one_after_the_other_keep_the_first_number() {
        let mut accounts = Accounts::default();
        let id = |number: usize| Secret::new(format!("id-{number}"));
        let name = |number: usize| format!("ada{number}@contoso{number}.example");
        let count = 20_000;
        (0..count).for_each(|number| {
            assert_eq!(accounts.by_name(&name(number)), Some(AccountId(number + 1)));
        });
        for number in (0..count).rev() {
            accounts.join(Some(&Secret::new(name(number))), Some(&id(number)), None);
            if number + 1 < count {
                accounts.join(Some(&Secret::new(name(number))), Some(&id(number + 1)), None);
            }
        }
        for number in [0, 1, count / 2, count - 1] {
            assert_eq!(accounts.find_name(&Secret::new(name(number))), Some(AccountId(1)));
            assert_eq!(accounts.find_object_id(&id(number)), Some(AccountId(1)));
        }
        assert_eq!(accounts.label(AccountId(1)), "account 1 (…@contoso0.example)");
        assert_eq!(accounts.label(AccountId(count)), format!("account {count}"));
    }
}
