//! What was posted, and taken.

use super::order::{Order, next, without_parameters};
use crate::entra::{Step, purpose};
use crate::exchange::{Exchange, Resource};
use std::cell::OnceCell;
use std::collections::HashMap;
use std::rc::Rc;

/// What was posted in a capture, and taken.
pub(in crate::signin) struct Posts<'c> {
    order: Rc<Order<'c>>,
    /// By origin, without what a page sends and does not wait for.
    of_origin: OnceCell<HashMap<Option<String>, Vec<usize>>>,
    /// The last, by address without parameters.
    last_of_address: OnceCell<HashMap<&'c str, usize>>,
}

impl<'c> Posts<'c> {
    pub(super) fn of(order: Rc<Order<'c>>) -> Self {
        Self { order, of_origin: OnceCell::new(), last_of_address: OnceCell::new() }
    }

    /// All that was posted and taken.
    fn all(&self) -> impl Iterator<Item = (usize, &'c Exchange)> + use<'c> {
        let is_taken = |exchange: &Exchange| exchange.response.status.is_some_and(|status| status < 400);
        self.order.all().filter(move |(_, exchange)| &*exchange.request.method == "POST" && is_taken(exchange))
    }

    /// What was posted to an origin after a step, and taken: the first of it.
    pub(in crate::signin) fn first_to(&self, origin: &str, after: &Step<'_>) -> Option<&'c Exchange> {
        let of_origin = self.of_origin.get_or_init(|| {
            let mut of_origin: HashMap<Option<String>, Vec<usize>> = HashMap::new();
            for (at, exchange) in self.all().filter(|(_, exchange)| purpose(exchange) != Some(Resource::Ping)) {
                of_origin.entry(exchange.request.url.origin()).or_default().push(at);
            }
            of_origin
        });
        self.order.exchange(next(of_origin.get(&Some(origin.to_owned()))?, self.order.place(after)?)?)
    }

    /// Whether something was posted to the address of a step, and taken, after another.
    pub(in crate::signin) fn are_taken_at(&self, step: &Step<'_>, after: &Step<'_>) -> bool {
        let all = || self.all().map(|(at, exchange)| (without_parameters(&exchange.request.url), at)).collect();
        let last = self.last_of_address.get_or_init(all).get(without_parameters(&step.exchange.request.url));
        last.zip(self.order.place(after)).is_some_and(|(&last, after)| last > after)
    }
}
