//! What the exchanges of a capture show after a given one, looked up instead of searched for.
//!
//! Every attempt asks such questions; walking over the rest of the capture for each would take time by the square.

use super::symptom::{is_asset_missing, is_document, is_top_level};
use crate::entra::{Address, Step, Traffic};
use crate::exchange::{Exchange, Resource};
use std::collections::{HashMap, HashSet};

/// Positions in the exchanges of a capture, all in ascending order.
pub(super) struct Afterwards<'c> {
    exchanges: &'c [Exchange],
    /// The position of each entry.
    position: HashMap<usize, usize>,
    /// Calls with a token, by the header or by a preflight that asks for it.
    calls_with_token: Vec<usize>,
    /// The last call that worked, by origin.
    last_success: HashMap<Option<String>, usize>,
    /// Addresses for which a preflight asked to send a token.
    preflighted: HashSet<&'c str>,
    /// Documents by origin and path.
    documents: HashMap<(String, String), Vec<usize>>,
    /// What shows that an application went on, by origin: documents and calls of scripts.
    going_on: HashMap<Option<String>, Vec<usize>>,
    /// Documents of a tab or window.
    top_level: Vec<usize>,
    /// Scripts of the sign-in page that did not come.
    missing_assets: Vec<usize>,
}

impl<'c> Afterwards<'c> {
    pub(super) fn of(traffic: &Traffic<'c>) -> Self {
        let exchanges = traffic.capture.exchanges.as_slice();
        let mut all = Self {
            exchanges,
            position: HashMap::with_capacity(exchanges.len()),
            calls_with_token: Vec::new(),
            last_success: HashMap::new(),
            preflighted: HashSet::new(),
            documents: HashMap::new(),
            going_on: HashMap::new(),
            top_level: Vec::new(),
            missing_assets: Vec::new(),
        };
        for (at, exchange) in exchanges.iter().enumerate() {
            all.add(at, exchange);
        }
        all
    }

    fn add(&mut self, at: usize, exchange: &'c Exchange) {
        self.position.entry(exchange.entry).or_insert(at);
        let headers = &exchange.request.headers;
        let asked = headers.value("access-control-request-headers");
        let asks = asked.is_some_and(|names| names.raw().to_ascii_lowercase().contains("authorization"));
        if asks || headers.has("authorization") {
            self.calls_with_token.push(at);
        }
        let preflight = &*exchange.request.method == "OPTIONS";
        if preflight && asks {
            self.preflighted.insert(exchange.request.url.raw());
        }
        let worked = !preflight && exchange.response.status.is_some_and(|status| (200..300).contains(&status));
        let goes_on = exchange.resource.kept() == Some(&Resource::Fetch);
        let document = is_document(exchange);
        if document && let Some(address) = Address::of(&exchange.request.url) {
            self.documents.entry((address.origin(), address.path)).or_default().push(at);
        }
        if worked || document || goes_on {
            let origin = exchange.request.url.origin();
            if document || goes_on {
                self.going_on.entry(origin.clone()).or_default().push(at);
            }
            if worked {
                self.last_success.insert(origin, at);
            }
        }
        if is_top_level(exchange) {
            self.top_level.push(at);
        }
        if is_asset_missing(exchange) {
            self.missing_assets.push(at);
        }
    }

    /// Whether a token was sent somewhere after a step, and before the step `end`.
    pub(super) fn sends_token(&self, after: &Step<'_>, end: Option<&Step<'_>>) -> bool {
        let Some(after) = self.place(after) else { return false };
        let end = end.and_then(|end| self.place(end)).filter(|&end| end > after);
        next(&self.calls_with_token, after).is_some_and(|call| end.is_none_or(|end| call < end))
    }

    /// Whether a call of the same origin works after a step.
    pub(super) fn works(&self, after: &Step<'_>) -> bool {
        let last = self.last_success.get(&after.exchange.request.url.origin());
        self.place(after).is_some_and(|after| last.is_some_and(|&last| last > after))
    }

    /// Whether a preflight asked to send a token to the address of a step.
    pub(super) fn is_preflighted(&self, step: &Step<'_>) -> bool {
        self.preflighted.contains(step.exchange.request.url.raw())
    }

    /// Whether scripts of the sign-in page did not come, before the next document.
    pub(super) fn lacks_assets(&self, after: &Step<'_>) -> bool {
        let Some(after) = self.place(after) else { return false };
        let left = next(&self.top_level, after);
        next(&self.missing_assets, after).is_some_and(|asset| left.is_none_or(|left| asset < left))
    }

    /// The document of an address that came after a step, and whether its application went on from there.
    pub(super) fn document(&self, after: &Step<'_>, target: &Address) -> Option<(&'c Exchange, bool)> {
        let after = self.place(after)?;
        let origin = Some(target.origin());
        let documents = self.documents.get(&(target.origin(), target.path.clone()))?;
        let later = documents.get(documents.partition_point(|&at| at <= after)..)?.iter();
        let (at, document) =
            later.filter_map(|&at| Some((at, self.exchanges.get(at)?))).find(|(_, exchange)| exchange.request.url.origin() == origin)?;
        let went_on = self.going_on.get(&origin).is_some_and(|going_on| next(going_on, at).is_some());
        Some((document, went_on))
    }

    fn place(&self, step: &Step<'_>) -> Option<usize> {
        self.position.get(&step.entry).copied()
    }
}

/// The first of ascending positions after a place.
fn next(positions: &[usize], after: usize) -> Option<usize> {
    positions.get(positions.partition_point(|&at| at <= after)).copied()
}
