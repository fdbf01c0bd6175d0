//! What checks look up: made once for a capture, because every failure asks the same questions.

use super::attempt_index::AttemptIndex;
use super::cookie_index::{self, Jars};
use super::cookie_stores::CookieStores;
use super::step_index::StepIndex;
use super::token_use;
use crate::entra::{Address, Guid, Step, Tenant, Traffic, asking_page, cookie_bytes, is_document, is_within_page};
use crate::exchange::Exchange;
use crate::signin::SignIns;
use std::cell::OnceCell;
use std::collections::HashMap;

/// The steps, attempts and exchanges of a capture by what checks look for.
pub struct Index {
    pub(super) steps: StepIndex,
    pub(super) attempts: AttemptIndex,
    /// Session cookies by host and browser.
    pub(super) cookies: Jars,
    /// Which requests have their cookies from the same store.
    pub(super) stores: CookieStores,
    /// The first call with a token of the pages of each origin.
    pub(super) token_use: HashMap<String, usize>,
    /// The first step whose telemetry reports a failure that is not in the capture, and that failure.
    pub(super) reported: Option<(usize, Guid, Option<&'static str>)>,
    /// The positions of exchanges by entry, and by origin and path; few failures need them.
    exchanges: OnceCell<Exchanges>,
}

#[derive(Default)]
struct Exchanges {
    of_entry: HashMap<usize, usize>,
    of_address: HashMap<(String, String), Vec<usize>>,
    /// The request to each host with the longest cookies that was not refused, and their length in bytes.
    longest_cookies: HashMap<String, (usize, usize)>,
    /// The last request of the pages of each origin, or for one of them, and the last of what has no page.
    last_of_page: HashMap<Option<String>, usize>,
    /// The documents of each origin.
    documents: HashMap<String, Vec<usize>>,
}

impl Index {
    /// Looks through a capture.
    pub fn of(traffic: &Traffic<'_>, sign_ins: &SignIns) -> Self {
        let steps = StepIndex::of(traffic);
        let attempts = AttemptIndex::of(traffic, sign_ins);
        let reported = steps.telemetry.all().iter().find_map(|&at| {
            // What failed inside the capture is told by its own reply.
            let earlier = traffic.steps.get(at)?.telemetry().earlier;
            let (id, error) = earlier.into_iter().find(|(id, _)| !attempts.correlation_ids.contains(id))?;
            Some((at, id, error))
        });
        let stores = CookieStores::of(traffic);
        Self {
            steps,
            attempts,
            cookies: cookie_index::read(traffic),
            stores,
            token_use: token_use::read(traffic),
            reported,
            exchanges: OnceCell::new(),
        }
    }

    /// The directory that a tenant's name stands for: its id as written, or what the capture resolves the name to.
    pub fn directory(&self, tenant: &Tenant) -> Option<Guid> {
        self.attempts.directory(tenant)
    }

    /// How far the service's clock is ahead of the recorder's, in seconds, where replies tell.
    pub fn clock_offset(&self) -> Option<i64> {
        self.steps.clock_offset
    }

    fn exchanges(&self, traffic: &Traffic<'_>) -> &Exchanges {
        self.exchanges.get_or_init(|| Exchanges::of(&traffic.capture.exchanges))
    }

    /// The request to a host with the longest cookies that was not refused, and their length in bytes.
    pub(super) fn longest_cookies_taken<'c>(&self, traffic: &Traffic<'c>, host: &str) -> Option<(&'c Exchange, usize)> {
        let &(at, length) = self.exchanges(traffic).longest_cookies.get(host)?;
        Some((traffic.capture.exchanges.get(at)?, length))
    }

    /// The last exchange after a step that the same page, or program without pages, asked for.
    pub(super) fn last_of_page<'c>(&self, traffic: &Traffic<'c>, after: &Step<'c>) -> Option<&'c Exchange> {
        let &at = self.exchanges(traffic).last_of_page.get(&asking_page(after.exchange))?;
        traffic.capture.exchanges.get(at).filter(|last| last.entry > after.entry)
    }

    /// The document of the page that asked for a step: the last one of its origin before.
    pub(super) fn asking_document<'c>(&self, traffic: &Traffic<'c>, step: &Step<'c>) -> Option<&'c Exchange> {
        let all = self.exchanges(traffic);
        let before = *all.of_entry.get(&step.entry)?;
        let documents = all.documents.get(&asking_page(step.exchange)?)?;
        let last = documents.partition_point(|&at| at < before).checked_sub(1)?;
        traffic.capture.exchanges.get(*documents.get(last)?)
    }

    /// The page of an origin that was loaded last before a step: not the one that receives its reply, which a sign-in before may
    /// have loaded in another window.
    pub(super) fn opening_document<'c>(&self, traffic: &Traffic<'c>, before: &Step<'_>, origin: &str) -> Option<&'c Exchange> {
        let all = self.exchanges(traffic);
        let before_at = *all.of_entry.get(&before.entry)?;
        let documents = all.documents.get(origin)?;
        let earlier = documents.get(..documents.partition_point(|&at| at < before_at)).unwrap_or_default();
        let exchanges = earlier.iter().rev().take(LATEST).filter_map(|&at| traffic.capture.exchanges.get(at));
        let mut latest = exchanges.filter(|exchange| is_page_of_tab(exchange)).peekable();
        let last = latest.peek().copied();
        let receiver = before.reply_address().map(|address| address.path);
        let is_receiver = |page: &Exchange| Address::of(&page.request.url).map(|address| address.path) == receiver;
        latest.find(|page| !is_receiver(page)).or(last)
    }

    /// The first exchange after a step that went to an address.
    pub(super) fn visit<'c>(&self, traffic: &Traffic<'c>, after: &Step<'_>, target: &Address) -> Option<&'c Exchange> {
        let all = self.exchanges(traffic);
        let after = *all.of_entry.get(&after.entry)?;
        let visits = all.of_address.get(&(target.origin(), target.path.clone()))?;
        traffic.capture.exchanges.get(*visits.get(visits.partition_point(|&at| at <= after))?)
    }
}

/// Among how many of an origin's last documents the page is looked for that opened a window: each failure may ask.
const LATEST: usize = 20;

/// Whether a document was that of a tab or window, or may have been.
fn is_page_of_tab(exchange: &Exchange) -> bool {
    matches!(exchange.response.status, Some(200 | 304)) && !is_within_page(exchange)
}

impl Exchanges {
    fn of(exchanges: &[Exchange]) -> Self {
        let mut all = Self::default();
        for (at, exchange) in exchanges.iter().enumerate() {
            all.of_entry.entry(exchange.entry).or_insert(at);
            all.last_of_page.insert(asking_page(exchange), at);
            if is_document(exchange) {
                let origin = exchange.request.url.origin();
                all.documents.entry(origin.clone().unwrap_or_default()).or_default().push(at);
                all.last_of_page.insert(origin, at);
            }
            if let Some(address) = Address::of(&exchange.request.url) {
                all.note_cookies(at, exchange, &address.host);
                all.of_address.entry((address.origin(), address.path)).or_default().push(at);
            }
        }
        all
    }

    fn note_cookies(&mut self, at: usize, exchange: &Exchange, host: &str) {
        let is_taken = exchange.response.status.is_some_and(|status| status < 400);
        let Some(bytes) = cookie_bytes(exchange).filter(|_| is_taken) else { return };
        let longest = self.longest_cookies.entry(host.to_owned()).or_insert((at, 0));
        if bytes > longest.1 {
            *longest = (at, bytes);
        }
    }
}
