//! Metadata with which a page could not begin: it asks for it, and no sign-in follows.

use super::patience::is_after;
use crate::entra::{Endpoint, MetadataFlaw, Step, Traffic, asking_page};
use chrono::{DateTime, Utc};
use std::collections::HashMap;

/// How long a library takes at most to go on with metadata that it has, in milliseconds: it does so at once.
const GOES_ON_MS: i64 = 3000;

/// What the pages of a capture did with the metadata that they asked for.
#[derive(Default)]
pub(super) struct MetadataUse {
    /// Where each page last sent somebody to sign in or asked for tokens; `None` where nothing tells which page it was.
    begun: HashMap<Option<String>, usize>,
    /// Where a page last got metadata of a host without a flaw.
    read: HashMap<(String, Option<String>), usize>,
    /// When the capture ends.
    end: Option<DateTime<Utc>>,
}

impl MetadataUse {
    pub(super) fn of(traffic: &Traffic<'_>) -> Self {
        let mut used = Self { end: traffic.capture.exchanges.iter().filter_map(|exchange| exchange.started).max(), ..Self::default() };
        for (at, step) in traffic.steps.iter().enumerate() {
            if step.endpoint.begins_attempt() || step.endpoint == Endpoint::Token {
                let pages: Vec<String> = [asking_page(step.exchange), step.redirect_origin()].into_iter().flatten().collect();
                if pages.is_empty() {
                    used.begun.insert(None, at);
                }
                used.begun.extend(pages.into_iter().map(|page| (Some(page), at)));
            } else if step.is_metadata_for_page() && step.status == Some(200) && step.metadata_flaw().is_none() {
                used.read.insert(key(step), at);
            }
        }
        used
    }

    /// Whether the page that asked for metadata got none that it takes, and began nothing.
    pub(super) fn is_refused(&self, step: &Step<'_>, at: usize) -> bool {
        let Some(flaw) = step.metadata_flaw() else { return false };
        let comes_later = |last: Option<&usize>| last.is_some_and(|&last| last > at);
        let page = asking_page(step.exchange);
        if [&page, &None].into_iter().any(|page| comes_later(self.begun.get(page))) || comes_later(self.read.get(&key(step))) {
            return false;
        }
        // A library that takes it goes on at once, and one that has gone on with it takes it.
        flaw != MetadataFlaw::IssuerElsewhere || (!self.begun.contains_key(&page) && is_after(step, GOES_ON_MS, self.end))
    }
}

/// The host that was asked, and the page that asked.
pub(super) fn key(step: &Step<'_>) -> (String, Option<String>) {
    (step.address.as_ref().map(|address| address.host.clone()).unwrap_or_default(), asking_page(step.exchange))
}
