//! The pages of an application that may use what an attempt gives it.

use crate::entra::{Address, Endpoint, Step, Traffic, asking_page};
use crate::exchange::hosts::sign_in_host;
use crate::signin::Attempt;
use std::collections::HashSet;

/// The pages of an application that may use what an attempt gives it; none where it is a program without pages.
#[derive(Default)]
pub(super) struct OwnPages {
    pub(super) origins: Vec<String>,
    /// Their hosts.
    pub(super) hosts: HashSet<String>,
    /// Whether there are more than are looked at.
    pub(super) has_more: bool,
}

/// How many of them are looked at: whatever turns a code in has an origin, and each of its replies may ask who used it.
const OWN_PAGES: usize = 40;

impl OwnPages {
    pub(super) fn of(attempt: &Attempt, traffic: &Traffic<'_>) -> Self {
        let redeeming = || attempt.steps(traffic).filter(|step| step.endpoint == Endpoint::Token);
        let mut own = Self::default();
        let mut known = HashSet::new();
        let asking = redeeming().filter_map(|step| asking_page(step.exchange));
        own.origins.extend(asking.filter(|page| known.insert(page.clone())).take(OWN_PAGES + 1));
        let has_none = |step: &Step<'_>| step.request_header("origin").loss().is_none() && step.request_header("referer").loss().is_none();
        // Who turns a code in without a page is a program, which may have let a browser show the sign-in page.
        if own.origins.is_empty() && redeeming().any(has_none) {
            return own;
        }
        own.has_more = own.origins.len() > OWN_PAGES;
        own.origins.truncate(OWN_PAGES);
        let received = attempt.begin(traffic).and_then(Step::redirect_address);
        let received = received.filter(|page| matches!(&*page.scheme, "http" | "https") && sign_in_host(&page.host).is_none());
        own.origins.extend(received.map(|page| page.origin()).filter(|page| !known.contains(page)));
        own.hosts = own.origins.iter().filter_map(|page| Address::parse(page)).map(|page| page.host).collect();
        own
    }
}
