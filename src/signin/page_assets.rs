//! Sign-in pages whose scripts did not come.

use super::afterwards::Afterwards;
use super::{Attempt, Outcome};
use crate::entra::{Address, Step, Traffic, asking_page, is_document};
use crate::exchange::Exchange;
use crate::exchange::hosts::sign_in_host;
use std::collections::{BTreeMap, HashMap};

/// The pages that lack scripts, by the attempt that they belong to.
pub(super) struct PageAssets {
    /// The attempt's id, and the step that brought the page.
    of_attempt: HashMap<usize, usize>,
    /// The first scripts that did not come to each page, by its step: their positions among the exchanges.
    pub(super) of_page: HashMap<usize, Vec<usize>>,
}

/// How many of the scripts that a page lacks are told.
const MOST_SCRIPTS: usize = 3;

/// How many pages that were left open a script is looked for in.
const MOST_TABS: usize = 40;

impl PageAssets {
    /// Gives each script that did not come to the page that asked for it: the last that was brought and from which nobody has
    /// gone on yet. There may be many tabs.
    pub(super) fn of<'c>(attempts: &[Attempt], traffic: &Traffic<'c>, afterwards: &Afterwards<'c>) -> Self {
        let (missing, top_level) = (afterwards.tabs.missing_scripts(), afterwards.tabs.documents());
        let mut of_attempt = HashMap::new();
        let mut of_page: HashMap<usize, Vec<usize>> = HashMap::new();
        let Some(&last) = missing.last() else { return Self { of_attempt, of_page } };
        let step_at = |at: usize| traffic.steps.get(at).and_then(|step| Some((afterwards.order.place(step)?, step)));
        let steps =
            attempts.iter().flat_map(|attempt| attempt.steps.iter().filter_map(|&at| Some((step_at(at)?.0, Event::Step(attempt, at)))));
        let mut events: Vec<(usize, Event<'_>)> = steps.filter(|(place, _)| *place <= last).collect();
        events.extend(top_level.iter().map(|&place| (place, Event::Document)));
        events.extend(missing.iter().map(|&place| (place, Event::Missing)));
        // What tells most of an exchange comes first.
        events.sort_by_key(|(place, event)| (*place, event.order()));
        let mut open = Open { one_tab: traffic.capture.exporter.records_one_tab(), ..Open::default() };
        for (place, event) in events {
            let Some(exchange) = afterwards.order.exchange(place) else { continue };
            match event {
                Event::Step(attempt, at) => open.goes_on(attempt, at, place, traffic.steps.get(at)),
                Event::Document => open.leaves(exchange, place),
                Event::Missing => {
                    if let Some((attempt, page)) = open.asks(exchange, afterwards) {
                        of_attempt.insert(attempt, page);
                        let scripts = of_page.entry(page).or_default();
                        scripts.extend((scripts.len() < MOST_SCRIPTS).then_some(place));
                    }
                }
            }
        }
        Self { of_attempt, of_page }
    }

    /// The page of an attempt that lacks scripts, where nobody went on from it.
    pub(super) fn missing(&self, attempt: &Attempt) -> Option<usize> {
        let is_open = attempt.outcome != Outcome::Succeeded && !attempt.is_silent();
        self.of_attempt.get(&attempt.id).copied().filter(|_| is_open)
    }
}

/// What happens to sign-in pages.
enum Event<'a> {
    /// A step of an attempt.
    Step(&'a Attempt, usize),
    /// A tab or window goes to another page.
    Document,
    /// A script does not come.
    Missing,
}

impl Event<'_> {
    fn order(&self) -> usize {
        match self {
            Self::Document => 0,
            Self::Step(..) => 1,
            Self::Missing => 2,
        }
    }
}

/// The sign-in pages from which nobody has gone on.
#[derive(Default)]
struct Open {
    /// Whether the recorder sees one tab alone.
    one_tab: bool,
    /// The attempt's id and its step, by position.
    pages: BTreeMap<usize, (usize, usize)>,
    /// The positions of each attempt's last.
    of_attempt: HashMap<usize, usize>,
}

impl Open {
    fn goes_on(&mut self, attempt: &Attempt, at: usize, place: usize, step: Option<&Step<'_>>) {
        if let Some(before) = self.of_attempt.remove(&attempt.id) {
            self.pages.remove(&before);
        }
        if step.is_some_and(|step| step.status == Some(200) && step.at_entra() && is_document(step.exchange)) {
            self.pages.insert(place, (attempt.id, at));
            self.of_attempt.insert(attempt.id, place);
        }
    }

    fn leaves(&mut self, document: &Exchange, place: usize) {
        let from_sign_in = || {
            let host = asking_page(document).and_then(|page| Address::parse(&page)).map(|page| page.host);
            host.is_some_and(|host| sign_in_host(&host).is_some())
        };
        let leads_on = || document.request.url.host().is_none_or(|host| sign_in_host(&host).is_none());
        if self.one_tab {
            self.pages = self.pages.split_off(&place);
        } else if leads_on() && from_sign_in() {
            self.pages.pop_last();
        }
    }

    /// The page that asked for a script.
    fn asks(&self, script: &Exchange, afterwards: &Afterwards<'_>) -> Option<(usize, usize)> {
        let is_of = |place: usize| {
            let page = afterwards.order.exchange(place).and_then(|page| page.page.kept());
            page.zip(script.page.kept()).is_none_or(|(page, script)| page == script)
        };
        self.pages.iter().rev().take(MOST_TABS).find(|(place, _)| is_of(**place)).map(|(_, page)| *page)
    }
}
