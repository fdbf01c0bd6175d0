//! What led to which page: redirects, links, and people who opened one.

use super::order::{Order, next};
use crate::entra::{Step, asking_page, is_opened_by_person, is_top_level, redirect_target};
use crate::exchange::hosts::sign_in_host;
use crate::signin::patience::is_later;
use std::cell::OnceCell;
use std::collections::{HashMap, HashSet};
use std::rc::Rc;

/// What led to the pages of a capture.
pub(in crate::signin) struct Navigations<'c> {
    order: Rc<Order<'c>>,
    /// The positions that a redirect led to, each with the position that redirected.
    redirected: OnceCell<HashMap<usize, usize>>,
    opened: OnceCell<Opened>,
    /// Where requests to the sign-in service were answered, by address.
    answered: OnceCell<HashMap<&'c str, Vec<usize>>>,
}

/// Pages that a person opened in a tab or window, by `Sec-Fetch-Site: none` (typed in, from a bookmark, restored), and those to
/// which one of them may have led by a link or a redirect. By origin, each with the last page that was opened and led there or to
/// one before it.
type Opened = HashMap<String, Vec<(usize, usize)>>;

impl<'c> Navigations<'c> {
    pub(super) fn of(order: Rc<Order<'c>>) -> Self {
        Self { order, redirected: OnceCell::new(), opened: OnceCell::new(), answered: OnceCell::new() }
    }

    /// The exchange that redirects to a position, if one does: each redirect leads to the next request for its address.
    fn leading_to(&self, at: usize) -> Option<usize> {
        let redirected = || {
            let mut leading: HashMap<usize, usize> = HashMap::new();
            let mut awaited: HashMap<String, usize> = HashMap::new();
            for (at, exchange) in self.order.all() {
                if !awaited.is_empty()
                    && let Some(from) = awaited.remove(exchange.request.url.without_fragment())
                {
                    leading.insert(at, from);
                }
                if exchange.response.status.is_some_and(|status| (300..400).contains(&status)) {
                    awaited.extend(redirect_target(exchange).map(|target| (target, at)));
                }
            }
            leading
        };
        self.redirected.get_or_init(redirected).get(&at).copied()
    }

    fn opened(&self) -> &Opened {
        self.opened.get_or_init(|| {
            let mut opened = Opened::new();
            // The last page of each origin that was opened, and all of them.
            let mut last: HashMap<String, usize> = HashMap::new();
            let mut all = HashSet::new();
            for (at, exchange) in self.order.all().filter(|(_, exchange)| is_top_level(exchange)) {
                let origin = exchange.request.url.origin();
                let leading = self.leading_to(at);
                let by_link = asking_page(exchange).and_then(|page| last.get(&page).copied());
                let mut from = leading.filter(|leading| all.contains(leading)).max(by_link);
                // What a redirect leads to has the site of what was opened.
                if leading.is_none() && is_opened_by_person(exchange) {
                    from = Some(at);
                    all.insert(at);
                    last.extend(origin.clone().map(|origin| (origin, at)));
                }
                if let Some((origin, from)) = origin.zip(from) {
                    let pages = opened.entry(origin).or_default();
                    let from = pages.last().map_or(from, |(_, last)| from.max(*last));
                    pages.push((at, from));
                }
            }
            opened
        })
    }

    fn answered(&self) -> &HashMap<&'c str, Vec<usize>> {
        self.answered.get_or_init(|| {
            let mut answered: HashMap<&str, Vec<usize>> = HashMap::new();
            for (at, exchange) in self.order.all() {
                let is_answered = exchange.response.status.is_some() && &*exchange.request.method == "GET";
                if is_answered && exchange.request.url.host().is_some_and(|host| sign_in_host(&host).is_some()) {
                    answered.entry(exchange.request.url.without_fragment()).or_default().push(at);
                }
            }
            answered
        })
    }

    /// Whether a person opened a page after a step and before another, to which it may have led, or the page that led to the
    /// other began before the first was over: in another tab. What else a person opens there shows nothing.
    pub(in crate::signin) fn is_begun_apart(&self, step: &Step<'_>, after: &Step<'_>) -> bool {
        let (Some(at), Some(after_at)) = (self.order.place(step), self.order.place(after)) else { return false };
        let own = [step.exchange.request.url.origin(), asking_page(step.exchange), step.reply_address().map(|address| address.origin())];
        let is_opened = |origin: &String| {
            let pages = self.opened().get(origin).map(Vec::as_slice).unwrap_or_default();
            let before = pages.get(..pages.partition_point(|(page, _)| *page < at)).unwrap_or_default();
            before.last().is_some_and(|(_, opened)| *opened > after_at)
        };
        let leading = self.leading_to(at).and_then(|leading| self.order.exchange(leading)?.started);
        own.iter().flatten().any(is_opened) || leading.zip(after.started).is_some_and(|(leading, after)| leading < after)
    }

    /// Whether the very same request was made once more at once, and answered: the browser broke a navigation off and began it anew.
    pub(in crate::signin) fn is_begun_anew(&self, step: &Step<'_>) -> bool {
        let again = || self.answered().get(step.exchange.request.url.without_fragment());
        let next = || self.order.exchange(next(again()?, self.order.place(step)?)?);
        step.method == "GET" && next().is_some_and(|next| next.started.is_some() && !is_later(step, next.started))
    }
}
