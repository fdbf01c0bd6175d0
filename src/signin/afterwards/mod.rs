//! What the exchanges of a capture show after a given one, looked up instead of searched for.
//!
//! Every attempt asks such questions; walking over the rest of the capture for each would take time by the square. A file is an
//! index with its questions. Each index is made when the first question needs it: most captures ask few, and most of their
//! exchanges have nothing to do with signing in.

mod calls;
mod documents;
mod navigations;
mod order;
mod own_pages;
mod posts;
mod tabs;

use super::Attempt;
use crate::entra::{Step, Traffic};
use calls::TokenCalls;
use documents::Documents;
use navigations::Navigations;
use order::Order;
use posts::Posts;
use std::rc::Rc;
use tabs::Tabs;

/// The indexes, by what they know of.
pub(super) struct Afterwards<'c> {
    pub(super) order: Rc<Order<'c>>,
    pub(super) calls: TokenCalls<'c>,
    pub(super) documents: Documents<'c>,
    pub(super) navigations: Navigations<'c>,
    pub(super) posts: Posts<'c>,
    pub(super) tabs: Tabs<'c>,
}

impl<'c> Afterwards<'c> {
    pub(super) fn of(traffic: &Traffic<'c>) -> Self {
        let order = Rc::new(Order::of(traffic));
        Self {
            calls: TokenCalls::of(traffic, Rc::clone(&order)),
            documents: Documents::of(Rc::clone(&order)),
            navigations: Navigations::of(Rc::clone(&order)),
            posts: Posts::of(Rc::clone(&order)),
            tabs: Tabs::of(Rc::clone(&order)),
            order,
        }
    }

    /// Whether an application makes no use of a token that a step gives it; `None` also where the recording does not go on after
    /// it with anything but the sign-in service's own: it was stopped, or filtered by host.
    pub(super) fn leaves_unused(&self, attempt: &Attempt, traffic: &Traffic<'c>, step: &Step<'c>) -> Option<bool> {
        let sends = self.calls.sends_token(attempt, traffic, step, None)?;
        (sends || self.order.goes_on_elsewhere(step)).then_some(!sends)
    }

    /// Whether a token may have been sent to the application's own site after a step, though nothing shows it: the recorder leaves
    /// `Authorization` out, and no preflight comes before such a call, or a while after another.
    pub(super) fn may_send_token_home(&self, after: &Step<'_>, host: &str) -> bool {
        !self.calls.records_tokens() && self.documents.gets_data(after, host)
    }
}
