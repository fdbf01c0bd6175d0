//! Steps by who asked: which application, in which browser. What a step does not tell may be anybody's, so that those of one
//! asker stand in up to four lists; they are put together as far as they are read.

use super::positions::{Positions, in_order};
use crate::entra::{ClientId, Step, Traffic};
use crate::exchange::Written;
use std::collections::HashMap;

/// The application and browser of a step or attempt, as far as they are told.
pub(super) struct Asker<'a> {
    pub(super) client: Option<&'a ClientId>,
    pub(super) browser: Option<Written>,
}

/// Positions of steps by asker.
#[derive(Default)]
pub(super) struct ByAsker {
    all: Positions,
    of_client: HashMap<Option<ClientId>, Positions>,
    of_browser: HashMap<Option<Written>, Positions>,
    of_both: HashMap<(Option<ClientId>, Option<Written>), Positions>,
}

impl ByAsker {
    pub(super) fn push(&mut self, at: usize, step: &Step<'_>, traffic: &Traffic<'_>) {
        let (client, browser) = (step.client(), traffic.browser_of(step));
        self.all.push(at);
        self.of_client.entry(client.clone()).or_default().push(at);
        self.of_browser.entry(browser.clone()).or_default().push(at);
        self.of_both.entry((client, browser)).or_default().push(at);
    }

    /// Those after a step that may be of an asker, in the order of time.
    pub(super) fn after(&self, step: usize, asker: &Asker<'_>) -> impl Iterator<Item = usize> {
        let client = asker.client.cloned();
        let browser = asker.browser.clone();
        let lists = match (client, browser) {
            (None, None) => [Some(&self.all), None, None, None],
            (client @ Some(_), None) => [self.of_client.get(&client), self.of_client.get(&None), None, None],
            (None, browser @ Some(_)) => [self.of_browser.get(&browser), self.of_browser.get(&None), None, None],
            (client, browser) => [(&client, &browser), (&client, &None), (&None, &browser), (&None, &None)]
                .map(|(client, browser)| self.of_both.get(&(client.clone(), browser.clone()))),
        };
        in_order(lists.map(|list| list.map(|list| list.after(step)).unwrap_or_default()))
    }
}
