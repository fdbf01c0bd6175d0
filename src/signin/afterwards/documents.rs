//! What an application loads: its documents, and the data of its scripts.

use super::order::{Order, later, next, without_parameters};
use crate::entra::{Address, Step, is_document, purpose, worked};
use crate::exchange::{Exchange, Resource};
use crate::signin::site::site;
use std::cell::OnceCell;
use std::collections::HashMap;
use std::rc::Rc;

/// What the applications of a capture load.
pub(in crate::signin) struct Documents<'c> {
    order: Rc<Order<'c>>,
    loads: OnceCell<Loads>,
    /// Where data was got, by site.
    data: OnceCell<HashMap<String, Vec<usize>>>,
}

#[derive(Default)]
struct Loads {
    /// Documents by origin and path.
    by_address: HashMap<(String, String), Vec<usize>>,
    /// What shows that an application went on, by origin: documents and calls of scripts.
    going_on: HashMap<Option<String>, Vec<usize>>,
}

impl<'c> Documents<'c> {
    pub(super) fn of(order: Rc<Order<'c>>) -> Self {
        Self { order, loads: OnceCell::new(), data: OnceCell::new() }
    }

    fn loads(&self) -> &Loads {
        self.loads.get_or_init(|| {
            let mut loads = Loads::default();
            for (at, exchange) in self.order.all() {
                let document = is_document(exchange);
                if document && let Some(address) = Address::of(&exchange.request.url) {
                    loads.by_address.entry((address.origin(), address.path)).or_default().push(at);
                }
                if document || purpose(exchange) == Some(Resource::Fetch) {
                    loads.going_on.entry(exchange.request.url.origin()).or_default().push(at);
                }
            }
            loads
        })
    }

    fn data(&self) -> &HashMap<String, Vec<usize>> {
        let is_data = |exchange: &Exchange| exchange.response.mime.as_deref().is_some_and(|mime| mime.ends_with("json"));
        let is_file = |exchange: &Exchange| without_parameters(&exchange.request.url).ends_with(".json");
        let is_got = |exchange: &Exchange| worked(exchange) && is_data(exchange) && !is_document(exchange) && !is_file(exchange);
        self.data.get_or_init(|| {
            let mut data: HashMap<String, Vec<usize>> = HashMap::new();
            for (at, exchange) in self.order.all().filter(|(_, exchange)| is_got(exchange)) {
                if let Some(host) = exchange.request.url.host() {
                    data.entry(site(&host).to_owned()).or_default().push(at);
                }
            }
            data
        })
    }

    /// Where documents of an address were loaded after a position.
    fn later_loads(&self, target: &Address, after: usize) -> &[usize] {
        self.loads().by_address.get(&(target.origin(), target.path.clone())).map(|loads| later(loads, after)).unwrap_or_default()
    }

    /// The document of an address that came after a step, and whether its application went on from there.
    pub(in crate::signin) fn document(&self, after: &Step<'_>, target: &Address) -> Option<(&'c Exchange, bool)> {
        let origin = Some(target.origin());
        let loads = self.later_loads(target, self.order.place(after)?).iter();
        let mut loads =
            loads.filter_map(|&at| Some((at, self.order.exchange(at)?))).filter(|(_, exchange)| exchange.request.url.origin() == origin);
        let first = loads.next()?;
        // One that was not reached may be by and by.
        let (at, document) =
            if first.1.response.status.is_some() { first } else { loads.find(|(_, load)| load.response.status.is_some()).unwrap_or(first) };
        let went_on = self.loads().going_on.get(&origin).is_some_and(|going_on| next(going_on, at).is_some());
        Some((document, went_on))
    }

    /// Whether the page that a step leads to was answered with a refusal or an error of its server, and never came.
    pub(in crate::signin) fn page_fails(&self, after: &Step<'_>, target: &Address) -> bool {
        let Some(at) = self.order.place(after) else { return false };
        let loads = self.later_loads(target, at).iter();
        let mut answers = loads.filter_map(|&load| self.order.exchange(load)?.response.status).peekable();
        // What a gateway could not reach has failed on nothing, and an application without a page there may be none with pages.
        answers.peek().is_some() && answers.all(|status| matches!(status, 400 | 401 | 403 | 413 | 431 | 494 | 500))
    }

    /// Whether the application at the address of a step went on from there.
    pub(in crate::signin) fn goes_on(&self, step: &Step<'_>) -> bool {
        let going_on = self.loads().going_on.get(&step.exchange.request.url.origin());
        self.order.place(step).is_some_and(|at| going_on.is_some_and(|going_on| next(going_on, at).is_some()))
    }

    /// The last that shows that the application of an origin went on.
    pub(in crate::signin) fn last_of_origin(&self, origin: &str) -> Option<&'c Exchange> {
        self.order.exchange(*self.loads().going_on.get(&Some(origin.to_owned()))?.last()?)
    }

    /// Whether the application of a host went on after a step: scripts got data of its own site.
    pub(in crate::signin) fn gets_data(&self, after: &Step<'_>, host: &str) -> bool {
        let data = self.data().get(site(host));
        self.order.place(after).zip(data).is_some_and(|(after, data)| next(data, after).is_some())
    }
}
