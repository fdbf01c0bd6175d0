//! What the exchanges of a capture show after a given one, looked up instead of searched for.
//!
//! Every attempt asks such questions; walking over the rest of the capture for each would take time by the square.

use super::symptom::{is_asset_missing, is_document, is_top_level};
use crate::entra::{Address, Step, Traffic};
use crate::exchange::{Exchange, Resource};
use chrono::{DateTime, Utc};
use std::cell::OnceCell;
use std::collections::{HashMap, HashSet};

/// Positions in the exchanges of a capture, all in ascending order. Each index is made when the first question needs it:
/// most captures ask few, and most of their exchanges have nothing to do with signing in.
pub(super) struct Afterwards<'c> {
    exchanges: &'c [Exchange],
    /// The position of each entry.
    position: OnceCell<HashMap<usize, usize>>,
    tokens: OnceCell<Tokens<'c>>,
    /// The last call that worked, by origin.
    last_success: OnceCell<HashMap<Option<String>, usize>>,
    documents: OnceCell<Documents>,
    pages: OnceCell<Pages>,
    end: OnceCell<Option<DateTime<Utc>>>,
}

/// Calls with a token.
#[derive(Default)]
struct Tokens<'c> {
    /// Those that have one, or are a preflight that asks for it.
    calls: Vec<usize>,
    /// Addresses for which a preflight asked to send one.
    preflighted: HashSet<&'c str>,
}

/// What an application loads.
#[derive(Default)]
struct Documents {
    /// Documents by origin and path.
    by_address: HashMap<(String, String), Vec<usize>>,
    /// What shows that an application went on, by origin: documents and calls of scripts.
    going_on: HashMap<Option<String>, Vec<usize>>,
}

/// What shows whether a sign-in page was complete.
#[derive(Default)]
struct Pages {
    /// Documents of a tab or window.
    top_level: Vec<usize>,
    /// Scripts of the sign-in page that did not come.
    missing_assets: Vec<usize>,
}

impl<'c> Afterwards<'c> {
    pub(super) fn of(traffic: &Traffic<'c>) -> Self {
        Self {
            exchanges: traffic.capture.exchanges.as_slice(),
            position: OnceCell::new(),
            tokens: OnceCell::new(),
            last_success: OnceCell::new(),
            documents: OnceCell::new(),
            pages: OnceCell::new(),
            end: OnceCell::new(),
        }
    }

    fn tokens(&self) -> &Tokens<'c> {
        self.tokens.get_or_init(|| {
            let mut tokens = Tokens::default();
            for (at, exchange) in self.exchanges.iter().enumerate() {
                let headers = &exchange.request.headers;
                let asked = headers.value("access-control-request-headers");
                let asks = asked.is_some_and(|names| names.raw().to_ascii_lowercase().contains("authorization"));
                if asks || headers.has("authorization") {
                    tokens.calls.push(at);
                }
                if asks && is_preflight(exchange) {
                    tokens.preflighted.insert(exchange.request.url.raw());
                }
            }
            tokens
        })
    }

    fn last_success(&self) -> &HashMap<Option<String>, usize> {
        self.last_success.get_or_init(|| {
            let worked = |exchange: &Exchange| {
                !is_preflight(exchange) && exchange.response.status.is_some_and(|status| (200..300).contains(&status))
            };
            let successes = self.exchanges.iter().enumerate().filter(|(_, exchange)| worked(exchange));
            successes.map(|(at, exchange)| (exchange.request.url.origin(), at)).collect()
        })
    }

    fn documents(&self) -> &Documents {
        self.documents.get_or_init(|| {
            let mut documents = Documents::default();
            for (at, exchange) in self.exchanges.iter().enumerate() {
                let document = is_document(exchange);
                if document && let Some(address) = Address::of(&exchange.request.url) {
                    documents.by_address.entry((address.origin(), address.path)).or_default().push(at);
                }
                if document || exchange.resource.kept() == Some(&Resource::Fetch) {
                    documents.going_on.entry(exchange.request.url.origin()).or_default().push(at);
                }
            }
            documents
        })
    }

    fn pages(&self) -> &Pages {
        self.pages.get_or_init(|| {
            let mut pages = Pages::default();
            for (at, exchange) in self.exchanges.iter().enumerate() {
                if is_top_level(exchange) {
                    pages.top_level.push(at);
                }
                if is_asset_missing(exchange) {
                    pages.missing_assets.push(at);
                }
            }
            pages
        })
    }

    /// When the last request of the capture began.
    pub(super) fn end(&self) -> Option<DateTime<Utc>> {
        *self.end.get_or_init(|| self.exchanges.iter().filter_map(|exchange| exchange.started).max())
    }

    /// Whether a token was sent somewhere after a step, and before the step `end`.
    pub(super) fn sends_token(&self, after: &Step<'_>, end: Option<&Step<'_>>) -> bool {
        let Some(after) = self.place(after) else { return false };
        let end = end.and_then(|end| self.place(end)).filter(|&end| end > after);
        next(&self.tokens().calls, after).is_some_and(|call| end.is_none_or(|end| call < end))
    }

    /// Whether a call of the same origin works after a step.
    pub(super) fn works(&self, after: &Step<'_>) -> bool {
        let last = self.last_success().get(&after.exchange.request.url.origin());
        self.place(after).is_some_and(|after| last.is_some_and(|&last| last > after))
    }

    /// Whether a preflight asked to send a token to the address of a step.
    pub(super) fn is_preflighted(&self, step: &Step<'_>) -> bool {
        self.tokens().preflighted.contains(step.exchange.request.url.raw())
    }

    /// Whether scripts of the sign-in page did not come, before the next document.
    pub(super) fn lacks_assets(&self, after: &Step<'_>) -> bool {
        let Some(after) = self.place(after) else { return false };
        let Pages { top_level, missing_assets } = self.pages();
        let left = next(top_level, after);
        next(missing_assets, after).is_some_and(|asset| left.is_none_or(|left| asset < left))
    }

    /// The document of an address that came after a step, and whether its application went on from there.
    pub(super) fn document(&self, after: &Step<'_>, target: &Address) -> Option<(&'c Exchange, bool)> {
        let after = self.place(after)?;
        let origin = Some(target.origin());
        let Documents { by_address, going_on } = self.documents();
        let documents = by_address.get(&(target.origin(), target.path.clone()))?;
        let later = documents.get(documents.partition_point(|&at| at <= after)..)?.iter();
        let (at, document) =
            later.filter_map(|&at| Some((at, self.exchanges.get(at)?))).find(|(_, exchange)| exchange.request.url.origin() == origin)?;
        let went_on = going_on.get(&origin).is_some_and(|going_on| next(going_on, at).is_some());
        Some((document, went_on))
    }

    /// The last that shows that the application of an origin went on.
    pub(super) fn last_of_origin(&self, origin: &str) -> Option<&'c Exchange> {
        self.exchanges.get(*self.documents().going_on.get(&Some(origin.to_owned()))?.last()?)
    }

    fn place(&self, step: &Step<'_>) -> Option<usize> {
        let all = || self.exchanges.iter().enumerate().rev().map(|(at, exchange)| (exchange.entry, at)).collect();
        self.position.get_or_init(all).get(&step.entry).copied()
    }
}

fn is_preflight(exchange: &Exchange) -> bool {
    &*exchange.request.method == "OPTIONS"
}

/// The first of ascending positions after a place.
fn next(positions: &[usize], after: usize) -> Option<usize> {
    positions.get(positions.partition_point(|&at| at <= after)).copied()
}
