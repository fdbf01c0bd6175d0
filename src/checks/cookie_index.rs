//! Session cookies host by host: which replies set them, which requests of a page carry them.

use super::positions::Positions;
use super::session_place::SessionPlace;
use crate::entra::{Endpoint, Known, Step, Traffic, cookies};
use crate::exchange::{Loss, Recorded};
use std::collections::{BTreeMap, HashMap};

/// What happens to session cookies at one host.
#[derive(Default)]
pub(super) struct HostCookies {
    /// Replies of which it is known which cookies they set.
    pub(super) replies: Positions,
    /// Replies of which it is not known, and why: the first few.
    pub(super) lost_replies: Vec<(usize, Loss)>,
    /// After each reply that sets or deletes a session cookie: the cookies held, each with the step that set it.
    held: Vec<(usize, BTreeMap<String, usize>)>,
    /// The last step that set each session cookie, by its value.
    set: HashMap<Known, usize>,
    /// Requests that carry a session cookie as a reply had set it, each with that reply; after [`read`] with the earliest such
    /// reply of that request and all that follow, and the request of it.
    returned: Vec<(usize, (usize, usize))>,
    /// Authorization requests that were answered with a code or token because of the session that they carry.
    pub(super) let_in: Positions,
    /// Steps in which a person signs in anew.
    pub(super) renewed: Positions,
    /// Requests of a page that carry a session cookie: the first few.
    pub(super) carried: Vec<usize>,
    /// Requests of a page of which it is known that they carry none.
    pub(super) without: Positions,
    /// Requests of a page of which it is not known, and why: the first few.
    pub(super) lost_requests: Vec<(usize, Loss)>,
    /// Requests of which nothing tells whether a page made them: the first few.
    pub(super) windows_unknown: Vec<usize>,
}

/// A check leaves out the failing step and the request that began the attempt; of three first ones one remains.
const FIRST: usize = 3;
/// How many session cookies of one host are followed; the sign-in service has four, and one for each policy of B2C.
const COOKIES: usize = 16;

/// The cookies of each host and browser.
pub(super) type Jars = HashMap<SessionPlace, HostCookies>;

pub(super) fn read(traffic: &Traffic<'_>) -> Jars {
    let mut hosts = Jars::new();
    // What a page asks beside the sign-in tells nothing, but where it ends a session.
    let counts = |step: &Step<'_>| step.at_entra() || (step.endpoint == Endpoint::Probe && step.deletes_session());
    for (at, step) in traffic.steps.iter().enumerate().filter(|(_, step)| counts(step)) {
        let host = hosts.entry(SessionPlace::of_step(step, traffic)).or_default();
        host.add_returned(at, step);
        host.add_reply(at, step);
        host.add_request(at, step);
    }
    for host in hosts.values_mut() {
        let mut earliest = (usize::MAX, 0);
        for (_, first) in host.returned.iter_mut().rev() {
            earliest = earliest.min(*first);
            *first = earliest;
        }
    }
    hosts
}

impl HostCookies {
    fn add_returned(&mut self, at: usize, step: &Step<'_>) {
        let carried = step.store_cookies_sent().filter(|(name, _)| cookies::holds_session(name));
        if let Some(set) = carried.filter_map(|(_, value)| self.set.get(&value)).min() {
            self.returned.push((at, (*set, at)));
        }
        let set = step.store_cookies_set().filter(|(name, _)| cookies::holds_session(name));
        self.set.extend(set.map(|(_, value)| (value, at)));
    }

    /// A request after a step that carries a session cookie as it had been set before that step, and not again since.
    pub(super) fn came_back(&self, step: usize) -> Option<usize> {
        let (_, (set, request)) = self.returned.get(self.returned.partition_point(|(at, _)| *at <= step))?;
        (*set < step).then_some(*request)
    }

    fn add_reply(&mut self, at: usize, step: &Step<'_>) {
        match &step.cookies_set {
            Recorded::NotKept(why) => first(&mut self.lost_replies, (at, *why)),
            Recorded::Empty => self.replies.push(at),
            Recorded::Kept(_) => {
                self.replies.push(at);
                if changes(step) {
                    let mut held = self.held.last().map(|(_, held)| held.clone()).unwrap_or_default();
                    change(&mut held, at, step);
                    self.held.push((at, held));
                }
            }
        }
    }

    fn add_request(&mut self, at: usize, step: &Step<'_>) {
        if matches!(step.endpoint, Endpoint::Authorize | Endpoint::Saml | Endpoint::WsFederation) && step.is_let_in_by_session() {
            self.let_in.push(at);
        }
        if step.endpoint.continues_interactively() {
            self.renewed.push(at);
        }
        match step.is_of_page() {
            None => first(&mut self.windows_unknown, at),
            Some(false) => {}
            Some(true) => match &step.cookies_sent {
                Recorded::Kept(names) if names.iter().any(|name| cookies::holds_session(name)) => first(&mut self.carried, at),
                Recorded::Kept(_) | Recorded::Empty => self.without.push(at),
                Recorded::NotKept(why) => first(&mut self.lost_requests, (at, *why)),
            },
        }
    }

    /// The step that set the session cookie held before a step, the last of several; `except` has no part in it.
    pub(super) fn held_before(&self, traffic: &Traffic<'_>, step: usize, except: usize) -> Option<usize> {
        let from = self.held.partition_point(|(at, _)| *at < step.min(except));
        let mut held = from.checked_sub(1).and_then(|last| self.held.get(last)).map(|(_, held)| held.clone()).unwrap_or_default();
        let since = self.held.get(from..).unwrap_or_default().iter().map(|(at, _)| *at);
        for at in since.take_while(|&at| at < step).filter(|&at| at != except) {
            if let Some(step) = traffic.steps.get(at) {
                change(&mut held, at, step);
            }
        }
        held.into_values().max_by_key(|&at| traffic.steps.get(at).map(|step| step.entry))
    }
}

fn first<T>(list: &mut Vec<T>, one: T) {
    if list.len() < FIRST {
        list.push(one);
    }
}

fn session_lines<'s>(step: &'s Step<'_>) -> impl Iterator<Item = &'s cookies::SetCookie> {
    step.cookies_set.kept().into_iter().flatten().filter(|line| cookies::holds_session(&line.name))
}

fn changes(step: &Step<'_>) -> bool {
    session_lines(step).next().is_some()
}

/// Each cookie by itself: a sign-in may delete one while it sets another.
fn change(held: &mut BTreeMap<String, usize>, at: usize, step: &Step<'_>) {
    for line in session_lines(step) {
        if line.deletes {
            held.remove(&line.name);
        } else if held.len() < COOKIES || held.contains_key(&line.name) {
            held.insert(line.name.clone(), at);
        }
    }
}
