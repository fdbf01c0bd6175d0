//! Calls with a token: whose they are, and whether an API took them.

use super::order::{Order, next, without_parameters};
use super::own_pages::OwnPages;
use crate::entra::{
    Callers, Calls, Coverage, Step, Traffic, any_told, asks_to_send_token, carries_token, is_preflight, lacks_token, worked,
};
use crate::exchange::RawUrl;
use crate::signin::Attempt;
use crate::signin::near_pages::NearPages;
use std::cell::{OnceCell, RefCell};
use std::collections::{HashMap, HashSet};
use std::rc::Rc;

/// The calls of a capture.
pub(in crate::signin) struct TokenCalls<'c> {
    order: Rc<Order<'c>>,
    /// Which program made a request.
    callers: Callers,
    /// How much of `Authorization` is there.
    authorization: Coverage,
    tokens: OnceCell<Tokens<'c>>,
    /// The calls with a token by the site of the page.
    near: OnceCell<NearPages>,
    /// The pages of the attempt that was asked for last: each of its steps may ask.
    own_pages: RefCell<Option<(usize, Rc<OwnPages>)>>,
    successes: OnceCell<Successes<'c>>,
}

/// Calls with a token.
#[derive(Default)]
struct Tokens<'c> {
    /// Those that have one, or are a preflight that asks for it, by who made them.
    calls: Calls<'c>,
    /// All of them.
    all: Vec<usize>,
    /// Addresses for which a preflight asked to send one.
    preflighted: HashSet<&'c RawUrl>,
}

/// Calls that worked and may have carried a token.
#[derive(Default)]
struct Successes<'c> {
    /// By the address without parameters.
    of_address: HashMap<&'c str, Calls<'c>>,
    /// By the API.
    of_api: HashMap<String, Calls<'c>>,
}

impl<'c> TokenCalls<'c> {
    pub(super) fn of(traffic: &Traffic<'c>, order: Rc<Order<'c>>) -> Self {
        Self {
            order,
            callers: Callers::of(traffic),
            authorization: traffic.recording.authorization.coverage,
            tokens: OnceCell::new(),
            near: OnceCell::new(),
            own_pages: RefCell::new(None),
            successes: OnceCell::new(),
        }
    }

    fn tokens(&self) -> &Tokens<'c> {
        self.tokens.get_or_init(|| {
            let mut tokens = Tokens::default();
            for (at, exchange) in self.order.all() {
                let asks = asks_to_send_token(exchange);
                if asks || carries_token(exchange) || lacks_token(exchange, self.authorization) {
                    tokens.calls.add(self.callers.caller(exchange), at);
                    tokens.all.push(at);
                }
                if asks && is_preflight(exchange) {
                    tokens.preflighted.insert(&exchange.request.url);
                }
            }
            tokens
        })
    }

    fn successes(&self) -> &Successes<'c> {
        self.successes.get_or_init(|| {
            let mut successes = Successes::default();
            for (at, exchange) in self.order.all() {
                let asked_for = || self.tokens().preflighted.contains(&exchange.request.url);
                let carries = || !self.records_tokens() || carries_token(exchange) || asked_for();
                if worked(exchange) && carries() {
                    let caller = self.callers.caller(exchange);
                    if let Some(api) = exchange.request.url.origin() {
                        successes.of_api.entry(api).or_default().add(caller.clone(), at);
                    }
                    successes.of_address.entry(without_parameters(&exchange.request.url)).or_default().add(caller, at);
                }
            }
            successes
        })
    }

    /// Whether the application of an attempt sent a token somewhere after a step of it, and before the step `end`; `None` where
    /// the capture does not tell whose calls there are.
    pub(in crate::signin) fn sends_token(
        &self,
        attempt: &Attempt,
        traffic: &Traffic<'c>,
        after: &Step<'c>,
        end: Option<&Step<'_>>,
    ) -> Option<bool> {
        let after_at = self.order.place(after)?;
        let end = end.and_then(|end| self.order.place(end)).filter(|&end| end > after_at);
        self.token_sent(attempt, traffic, after, |calls| next(calls, after_at).is_some_and(|call| end.is_none_or(|end| call < end)))
    }

    /// The same of whether it had sent one before the step.
    pub(in crate::signin) fn sent_token_before(&self, attempt: &Attempt, traffic: &Traffic<'c>, step: &Step<'c>) -> Option<bool> {
        let at = self.order.place(step)?;
        self.token_sent(attempt, traffic, step, |calls| calls.first().is_some_and(|&first| first < at))
    }

    /// Whether one of the calls with a token in question was made by the application of an attempt; its pages may have several
    /// origins of a site.
    fn token_sent(&self, attempt: &Attempt, traffic: &Traffic<'c>, step: &Step<'c>, is_in: impl Fn(&[usize]) -> bool) -> Option<bool> {
        let tokens = self.tokens();
        if !is_in(&tokens.all) {
            return Some(false);
        }
        let client = attempt.client.as_ref();
        let own = self.own_pages(attempt, traffic);
        let is_of = |page: Option<String>| tokens.calls.made_by(&self.callers.asking(step, page, client), &is_in);
        if own.origins.is_empty() {
            return is_of(None);
        }
        let near = self.near.get_or_init(|| NearPages::of(&tokens.calls, &self.callers));
        let by_page = own.origins.iter().map(|page| is_of(Some(page.clone())));
        let by_site = own.hosts.iter().map(|host| near.made(host, client, &self.callers, &is_in));
        any_told(by_page.chain(by_site).chain(own.has_more.then_some(None)))
    }

    fn own_pages(&self, attempt: &Attempt, traffic: &Traffic<'c>) -> Rc<OwnPages> {
        let mut known = self.own_pages.borrow_mut();
        if let Some((_, pages)) = known.as_ref().filter(|(begin, _)| *begin == attempt.begin) {
            return Rc::clone(pages);
        }
        let pages = Rc::new(OwnPages::of(attempt, traffic));
        *known = Some((attempt.begin, Rc::clone(&pages)));
        pages
    }

    /// Whether a request without `Authorization` had none.
    pub(super) fn records_tokens(&self) -> bool {
        self.authorization == Coverage::Recorded
    }

    /// Whether `Authorization` may have held a token where the capture shows none in it.
    pub(in crate::signin) fn loses_tokens(&self) -> bool {
        self.authorization == Coverage::Partly
    }

    /// Whether a preflight asked to send a token to the address of a step.
    pub(in crate::signin) fn is_preflighted(&self, step: &Step<'_>) -> bool {
        self.tokens().preflighted.contains(&step.exchange.request.url)
    }

    /// Whether a call had a token that the recorder left out: a preflight asked to send one.
    pub(in crate::signin) fn lacks_token_of(&self, step: &Step<'_>) -> bool {
        !self.records_tokens() && !step.exchange.request.headers.has("authorization") && self.is_preflighted(step)
    }

    /// Whether the same call of the same program works after a step: one to the same address, with a token where the capture
    /// tells. Another application's success shows nothing, and neither does what an API tells everybody. `None` where the capture
    /// does not tell whose success it is.
    pub(in crate::signin) fn works(&self, after: &Step<'c>) -> Option<bool> {
        let at = self.order.place(after)?;
        let calls = self.successes().of_address.get(without_parameters(&after.exchange.request.url));
        self.worked_for(after, calls, at)
    }

    /// Whether an API takes calls of the same program after the program got other tokens than the one that was refused.
    pub(in crate::signin) fn takes_new_token(&self, refused: &Step<'c>, new: &Step<'_>) -> Option<bool> {
        let calls = self.successes().of_api.get(&refused.exchange.request.url.origin()?);
        self.worked_for(refused, calls, self.order.place(new)?)
    }

    /// Whether one of some calls came after a position and was made by the program that made the call `own`.
    fn worked_for(&self, own: &Step<'c>, calls: Option<&Calls<'c>>, after: usize) -> Option<bool> {
        let Some(calls) = calls else { return Some(false) };
        let told = calls.made_by(&self.callers.caller(own.exchange), |calls| calls.last().is_some_and(|&last| last > after));
        told.or(self.callers.are_one().then_some(true))
    }
}
