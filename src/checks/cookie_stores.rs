//! Which requests came from the same store of cookies. A private window, a profile, and the browser inside of another program
//! call themselves as the browser beside them does, and have cookies of their own; proxies record all of them.

use super::session_place::SessionPlace;
use crate::entra::{Known, Traffic};
use std::collections::{HashMap, HashSet};

/// The stores of a capture, as far as the values of cookies tell them.
#[derive(Default)]
pub(super) struct CookieStores {
    /// Whether the recorder sees but one.
    is_one: bool,
    /// The store that each step sent cookies from.
    sent_from: HashMap<usize, usize>,
    /// The store that the cookies went to which each step's reply set.
    set_in: HashMap<usize, usize>,
    /// For each store one that it was found to be the same as, or itself.
    same: Vec<usize>,
}

impl CookieStores {
    pub(super) fn of(traffic: &Traffic<'_>) -> Self {
        let mut stores = Self { is_one: traffic.capture.exporter.records_one_cookie_store(), ..Self::default() };
        if stores.is_one {
            return stores;
        }
        let untelling = untelling(traffic);
        let mut owners: HashMap<SessionPlace, HashMap<Known, usize>> = HashMap::new();
        for (at, step) in traffic.steps.iter().enumerate().filter(|(_, step)| step.at_entra()) {
            let owners = owners.entry(SessionPlace::of_step(step, traffic)).or_default();
            let sent: Vec<Known> = step.store_cookies_sent().map(|(_, value)| value).filter(|value| !untelling.contains(value)).collect();
            let set: Vec<Known> = step.store_cookies_set().map(|(_, value)| value).filter(|value| !untelling.contains(value)).collect();
            if sent.is_empty() && set.is_empty() {
                continue;
            }
            let mut known = sent.iter().filter_map(|value| owners.get(value).copied()).collect::<Vec<_>>().into_iter();
            let store = known.next().unwrap_or_else(|| stores.begin());
            known.for_each(|other| stores.join(store, other));
            if !sent.is_empty() {
                stores.sent_from.insert(at, store);
            }
            stores.set_in.insert(at, store);
            owners.extend(sent.into_iter().chain(set).map(|value| (value, store)));
        }
        stores
    }

    /// Whether a request came from the store that another step's cookies came from, or went to; `None` where nothing tells.
    /// Cookies that have nothing in common may be what became of a store that was emptied.
    pub(super) fn is_same(&self, request: usize, other: usize) -> Option<bool> {
        if self.is_one {
            return Some(true);
        }
        let own = self.found(*self.sent_from.get(&request)?);
        let others = self.sent_from.get(&other).or_else(|| self.set_in.get(&other))?;
        (own == self.found(*others)).then_some(true)
    }

    /// Whether the recorder sees but one store.
    pub(super) fn is_one(&self) -> bool {
        self.is_one
    }

    fn begin(&mut self) -> usize {
        self.same.push(self.same.len());
        self.same.len() - 1
    }

    fn found(&self, mut store: usize) -> usize {
        while let Some(&same) = self.same.get(store).filter(|&&same| same != store) {
            store = same;
        }
        store
    }

    /// The younger of two goes into the older.
    fn join(&mut self, one: usize, other: usize) {
        let (one, other) = (self.found(one), self.found(other));
        if let Some(same) = self.same.get_mut(one.max(other)) {
            *same = one.min(other);
        }
    }
}

/// Values that several cookies have: what programs that clean captures write in the place of all, where it looks like a value.
fn untelling(traffic: &Traffic<'_>) -> HashSet<Known> {
    let mut names: HashMap<Known, String> = HashMap::new();
    let mut untelling = HashSet::new();
    for step in &traffic.steps {
        for (name, value) in step.store_cookies_sent().chain(step.store_cookies_set()) {
            let first = names.entry(value.clone()).or_insert_with(|| name.to_owned());
            if first != name {
                untelling.insert(value);
            }
        }
    }
    untelling
}
