//! The sign-in pages that people are on. Where a person goes on and nothing in the request tells from which page, it may be
//! guessed, as long as it can be from one only.

use super::Attempt;
use crate::entra::{Step, Traffic};
use crate::exchange::Written;
use std::collections::HashMap;

/// How many pages of a browser are kept in mind: with more of them nothing can be guessed anyway.
const PAGES: usize = 8;

/// The attempts whose pages people were seen on and did not leave, the last shown at the end, by browser.
#[derive(Default)]
pub(super) struct OpenPages(HashMap<Option<Written>, Vec<usize>>);

impl OpenPages {
    /// A page of an attempt is shown.
    pub(super) fn show(&mut self, attempt: usize, step: &Step<'_>, traffic: &Traffic<'_>) {
        let open = self.0.entry(traffic.browser_of(step)).or_default();
        open.retain(|&other| other != attempt && !traffic.capture.exporter.records_one_tab());
        if open.len() == PAGES {
            open.remove(0);
        }
        open.push(attempt);
    }

    /// Nobody goes on from the page of an attempt any more.
    pub(super) fn close(&mut self, attempt: usize, step: &Step<'_>, traffic: &Traffic<'_>) {
        if let Some(open) = self.0.get_mut(&traffic.browser_of(step)) {
            open.retain(|&other| other != attempt);
        }
    }

    /// The attempt from whose page a step goes on, if it is from any: the last that was shown in the step's browser and does
    /// not stand on another tenant.
    pub(super) fn last(&self, step: &Step<'_>, attempts: &[Attempt], traffic: &Traffic<'_>) -> Option<usize> {
        self.fitting(step, attempts, traffic).last()
    }

    /// The same where all of them ask the same for the same application, so that none is taken for another.
    pub(super) fn only(&self, step: &Step<'_>, attempts: &[Attempt], traffic: &Traffic<'_>) -> Option<usize> {
        let asked = |index: usize| attempts.get(index).map(|attempt| (&attempt.client, &attempt.tenant));
        let last = self.last(step, attempts, traffic)?;
        self.fitting(step, attempts, traffic).all(|index| asked(index) == asked(last)).then_some(last)
    }

    fn fitting(&self, step: &Step<'_>, attempts: &[Attempt], traffic: &Traffic<'_>) -> impl Iterator<Item = usize> {
        let own = step.tenant.as_ref().and_then(|tenant| tenant.id());
        let may_be = move |index: &&usize| {
            let asked = attempts.get(**index).and_then(|attempt| attempt.tenant.as_ref()?.id());
            own.zip(asked).is_none_or(|(own, asked)| own == asked)
        };
        self.0.get(&traffic.browser_of(step)).into_iter().flatten().filter(may_be).copied()
    }
}
