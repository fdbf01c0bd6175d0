//! Calls by who made them. Each may have a caller of its own, and many ask whether one of them was theirs: so what [`Caller::is`]
//! compares is looked up here.

use super::caller::{Caller, Holder, Owner};
use std::cell::RefCell;
use std::collections::HashMap;

/// So few callers are compared one by one.
const FEW: usize = 16;

/// Positions of calls, by who made them.
#[derive(Default)]
pub(crate) struct Calls<'c> {
    /// In ascending order, if they were added so.
    of: HashMap<Caller<'c>, Vec<usize>>,
    /// The same by no more than some parts of what tells callers, all else left out: made when it is first asked for. There are
    /// some thirty such parts at most.
    by: RefCell<HashMap<Parts, HashMap<Caller<'c>, Vec<usize>>>>,
}

/// The parts of a caller by which calls are looked up.
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
struct Parts {
    /// Which page made it; else whether one did.
    page: bool,
    agent: bool,
    holder: HolderParts,
}

/// The parts of the holder of a token.
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
enum HolderParts {
    /// What tells of the application: what has a token that tells nothing is like what has none.
    Application { client: bool, tenant: bool, account: bool },
    /// The very token.
    Bearer,
}

/// How one part of two callers has to compare.
#[derive(Clone, Copy)]
enum Alike {
    /// It may be any.
    Any,
    /// Both tell the same.
    Same,
    /// They do not tell different ones.
    NotOther,
}

/// What made a call.
#[derive(Clone, Copy)]
enum Page<'p> {
    None,
    Any,
    This(&'p str),
}

impl<'c> Calls<'c> {
    /// Adds a call, by its position.
    pub(crate) fn add(&mut self, caller: Caller<'c>, at: usize) {
        self.of.entry(caller).or_default().push(at);
    }

    /// The calls of pages, by their origins.
    pub(crate) fn of_pages(&self) -> HashMap<&str, Vec<usize>> {
        let mut pages: HashMap<&str, Vec<usize>> = HashMap::new();
        for (caller, calls) in &self.of {
            if let Some(page) = &caller.page {
                pages.entry(page).or_default().extend(calls);
            }
        }
        pages.values_mut().for_each(|calls| calls.sort_unstable());
        pages
    }

    /// Whether one of the calls in question was made by the same program, for the same application and account, as `own`: what
    /// [`Caller::is`] says of any of them; `None` where it is said of none, and of one it is not told. `is_in` says whether some
    /// positions, in ascending order, hold one in question.
    pub(crate) fn made_by(&self, own: &Caller<'c>, is_in: impl Fn(&[usize]) -> bool) -> Option<bool> {
        if self.of.len() <= FEW { self.compared(own, is_in) } else { self.looked_up(own, is_in) }
    }

    fn compared(&self, own: &Caller<'c>, is_in: impl Fn(&[usize]) -> bool) -> Option<bool> {
        any_told(self.of.iter().filter(|(_, calls)| is_in(calls)).map(|(caller, _)| own.is(caller)))
    }

    fn looked_up(&self, own: &Caller<'c>, is_in: impl Fn(&[usize]) -> bool) -> Option<bool> {
        use Alike::{Any, NotOther, Same};
        let has = |page: Page<'_>, agent: Alike, holder: Alike| self.has(own, page, agent, holder, &is_in);
        let is = match &own.page {
            Some(page) => has(Page::This(page), NotOther, NotOther) || has(Page::None, NotOther, Same),
            // One program may call itself by several names.
            None => has(Page::None, Any, Same) || has(Page::None, Same, NotOther) || has(Page::Any, NotOther, Same),
        };
        // Those of which it is told are out by now.
        let may_be = || has(Page::None, NotOther, NotOther) || (own.page.is_none() && has(Page::Any, NotOther, NotOther));
        if is || !may_be() { Some(is) } else { None }
    }

    /// Whether a call in question compares so with one of `own`.
    fn has(&self, own: &Caller<'c>, page: Page<'_>, agent: Alike, holder: Alike, is_in: impl Fn(&[usize]) -> bool) -> bool {
        let (agent_told, agents) = match agent {
            Alike::Any => (false, vec![None]),
            Alike::Same if own.agent.is_none() => return false,
            Alike::Same => (true, vec![own.agent]),
            Alike::NotOther => not_other(own.agent.as_ref()),
        };
        let Some((holder, holders)) = holders(own.holder.as_ref(), holder) else { return false };
        let parts = Parts { page: matches!(page, Page::This(_)), agent: agent_told, holder };
        let page = match page {
            Page::None => None,
            Page::Any => Some(String::new()),
            Page::This(page) => Some(page.to_owned()),
        };
        let mut by = self.by.borrow_mut();
        let calls = by.entry(parts).or_insert_with(|| self.parted(parts));
        let wanted = agents.iter().flat_map(|agent| holders.iter().map(|holder| (*agent, holder.clone())));
        wanted.into_iter().any(|(agent, holder)| {
            let wanted = Caller { page: page.clone(), agent, holder };
            calls.get(&wanted).is_some_and(|calls| is_in(calls))
        })
    }

    fn parted(&self, parts: Parts) -> HashMap<Caller<'c>, Vec<usize>> {
        let mut by: HashMap<Caller<'c>, Vec<usize>> = HashMap::new();
        for (caller, calls) in &self.of {
            by.entry(parts.of(caller)).or_default().extend(calls);
        }
        by.values_mut().for_each(|calls| calls.sort_unstable());
        by
    }
}

impl Parts {
    /// These parts of a caller.
    fn of<'c>(self, caller: &Caller<'c>) -> Caller<'c> {
        let page = caller.page.as_ref().map(|page| if self.page { page.clone() } else { String::new() });
        let holder = match (self.holder, &caller.holder) {
            (HolderParts::Bearer, Some(Holder::Bearer(token))) => Some(Holder::Bearer(token.clone())),
            (HolderParts::Bearer, _) => None,
            (HolderParts::Application { client, tenant, account }, Some(Holder::Application(owner))) => Some(Holder::Application(Owner {
                client: owner.client.clone().filter(|_| client),
                tenant: owner.tenant.clone().filter(|_| tenant),
                account: owner.account.clone().filter(|_| account),
            })),
            (HolderParts::Application { .. }, _) => Some(Holder::Application(Owner::default())),
        };
        Caller { page, agent: caller.agent.filter(|_| self.agent), holder }
    }
}

/// Whether a part is looked at so that none tells another than `own`, and what it may be then.
fn not_other<T: Clone>(own: Option<&T>) -> (bool, Vec<Option<T>>) {
    match own {
        Some(own) => (true, vec![Some(own.clone()), None]),
        None => (false, vec![None]),
    }
}

/// The holders that compare so with one, and the parts by which they do; `None` where none can.
fn holders(own: Option<&Holder>, alike: Alike) -> Option<(HolderParts, Vec<Option<Holder>>)> {
    let unknown = Owner::default();
    let own = match (own, alike) {
        (Some(Holder::Bearer(token)), Alike::Same) => return Some((HolderParts::Bearer, vec![Some(Holder::Bearer(token.clone()))])),
        (Some(Holder::Application(owner)), Alike::Same) if owner.client.is_some() => owner,
        (_, Alike::Same) => return None,
        (Some(Holder::Application(owner)), Alike::NotOther) => owner,
        (_, Alike::NotOther | Alike::Any) => &unknown,
    };
    let (client, clients) = match alike {
        Alike::Same => (true, vec![own.client.clone()]),
        _ => not_other(own.client.as_ref()),
    };
    let (tenant, tenants) = not_other(own.tenant.as_ref());
    let (account, accounts) = not_other(own.account.as_ref());
    let mut holders = Vec::new();
    for client in &clients {
        for tenant in &tenants {
            for account in &accounts {
                let owner = Owner { client: client.clone(), tenant: tenant.clone(), account: account.clone() };
                holders.push(Some(Holder::Application(owner)));
            }
        }
    }
    Some((HolderParts::Application { client, tenant, account }, holders))
}

/// Whether one of some answers is yes; `None` where none is, and one is not known.
pub(crate) fn any_told(answers: impl Iterator<Item = Option<bool>>) -> Option<bool> {
    let mut all = Some(false);
    for answer in answers {
        match answer {
            Some(true) => return answer,
            Some(false) => {}
            None => all = None,
        }
    }
    all
}

#[cfg(test)]
mod tests {
    use super::super::client_id::ClientId;
    use super::super::known::Known;
    use super::super::tenant::Guid;
    use super::*;
    use proptest::prelude::*;

    fn guid(number: u8) -> String {
        format!("00000000-0000-4000-8000-00000000000{number}")
    }

    /// A caller by numbers: its page, agent, kind of holder, and what is told of that.
    type Numbers = ((Option<u8>, Option<u8>, u8), (Option<u8>, Option<u8>, Option<u8>));

    fn numbers() -> impl Strategy<Value = Numbers> {
        let part = || prop::option::of(0_u8..2);
        ((part(), part(), 0_u8..5), (part(), part(), part()))
    }

    fn caller(((page, agent, kind), (client, tenant, account)): Numbers) -> Caller<'static> {
        let owner = Owner {
            client: client.map(|number| ClientId::parse(&guid(number))),
            tenant: tenant.and_then(|number| Guid::parse(&guid(number))),
            account: account.and_then(|number| Known::of(&guid(number))),
        };
        let holder = match kind {
            0 => None,
            1 => Known::of(&guid(client.unwrap_or_default())).map(Holder::Bearer),
            _ => Some(Holder::Application(owner)),
        };
        Caller { page: page.map(guid), agent: agent.map(|agent| if agent == 0 { "one" } else { "other" }), holder }
    }

    proptest! {
        #[test]
        fn who_made_a_call_is_looked_up_as_it_is_compared(
            own in prop::collection::vec(numbers(), 1..4),
            made in prop::collection::vec(numbers(), 0..8),
            from in 0_usize..4,
        ) {
            let mut calls = Calls::default();
            for (at, made) in made.iter().enumerate() {
                calls.add(caller(*made), at);
            }
            for own in own.into_iter().map(caller) {
                let is_in = |calls: &[usize]| calls.last().is_some_and(|&last| last >= from);
                prop_assert_eq!(calls.looked_up(&own, is_in), calls.compared(&own, is_in));
            }
        }
    }
}
