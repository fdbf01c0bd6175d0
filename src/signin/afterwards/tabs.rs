//! What shows whether the sign-in page of a tab was complete.

use super::order::Order;
use crate::entra::{NoAnswer, is_top_level, purpose};
use crate::exchange::hosts::{Service, sign_in_host};
use crate::exchange::{Exchange, Resource};
use std::cell::OnceCell;
use std::rc::Rc;

/// The tabs and windows of a capture.
pub(in crate::signin) struct Tabs<'c> {
    order: Rc<Order<'c>>,
    pages: OnceCell<Pages>,
}

#[derive(Default)]
struct Pages {
    /// Documents of a tab or window.
    top_level: Vec<usize>,
    /// Scripts of the sign-in page that did not come.
    missing_scripts: Vec<usize>,
}

impl<'c> Tabs<'c> {
    pub(super) fn of(order: Rc<Order<'c>>) -> Self {
        Self { order, pages: OnceCell::new() }
    }

    fn pages(&self) -> &Pages {
        self.pages.get_or_init(|| {
            let mut pages = Pages::default();
            let mut unexplained = None;
            for (at, exchange) in self.order.all() {
                if is_top_level(exchange) {
                    unexplained = None;
                    pages.top_level.push(at);
                }
                if is_missing_script(exchange) {
                    // Without a reason it may have been under way still, until the page asks its other host for the same.
                    let host = exchange.request.url.host();
                    if tells_end(exchange) || unexplained.as_ref().is_some_and(|other| *other != host) {
                        pages.missing_scripts.push(at);
                    }
                    unexplained = Some(host);
                }
            }
            pages
        })
    }

    /// Where scripts of a sign-in page did not come, in the order of time.
    pub(in crate::signin) fn missing_scripts(&self) -> &[usize] {
        &self.pages().missing_scripts
    }

    /// Where tabs or windows went to another page, in the order of time.
    pub(in crate::signin) fn documents(&self) -> &[usize] {
        &self.pages().top_level
    }
}

/// Whether the recorder says how a request ended.
fn tells_end(exchange: &Exchange) -> bool {
    exchange.response.status.is_some() || exchange.response.failure.is_some()
}

/// A script of the sign-in page that did not come, though nobody left the page: no answer, a refusal, or somebody's page in its
/// place.
fn is_missing_script(exchange: &Exchange) -> bool {
    let service = || exchange.request.url.host().and_then(|host| sign_in_host(&host)).map(|host| host.service);
    // What never left the browser has no headers that tell.
    let by_name = || exchange.request.url.without_fragment().split('?').next().is_some_and(|path| path.ends_with(".js"));
    let is_script = || purpose(exchange).map_or_else(by_name, |resource| resource == Resource::Script);
    let did_not_come = match exchange.response.status {
        None => NoAnswer::of(exchange) != Some(NoAnswer::Left),
        Some(status) => status >= 400 || exchange.response.mime.as_deref() == Some("text/html"),
    };
    did_not_come && service() == Some(Service::StaticAssets) && is_script()
}
