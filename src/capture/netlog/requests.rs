//! The requests of a log, put together of events as they come.

use super::constants::{Constants, What};
use super::event::Event;
use super::hop::Hop;
use crate::capture::warnings::Warnings;
use crate::exchange::Exchange;
use std::collections::HashMap;

/// What is gathered. A request is held as events only until it ends; nothing is held of other sources.
#[derive(Default)]
pub(super) struct Requests {
    open: HashMap<u64, Hop>,
    pub(super) exchanges: Vec<Exchange>,
    /// How many requests began, each redirect counted.
    pub(super) entries: usize,
    pub(super) warnings: Warnings,
}

impl Requests {
    /// Takes an event.
    pub(super) fn event(&mut self, event: &Event<'_>, constants: &Constants) {
        let Some(what) = event.kind.and_then(|kind| constants.event(kind)) else {
            return;
        };
        let Some(id) = event.source.id.filter(|_| constants.is_request(event.source.kind)) else {
            return;
        };
        let params = &event.params;
        if what == What::Job && !params.url.is_nothing() {
            self.finish(id, constants);
            if let Some(hop) = Hop::begin(params, self.entries, event.time) {
                self.entries += 1;
                self.open.insert(id, hop);
            }
            return;
        }
        // A second attempt after an answer, and no redirect: a challenge was answered (Negotiate, NTLM).
        if what == What::Sent
            && let Some(again) = self.open.get(&id).and_then(|hop| hop.again(self.entries, event.time))
        {
            self.finish(id, constants);
            self.entries += 1;
            self.open.insert(id, again);
        }
        let Some(hop) = self.open.get_mut(&id) else {
            return;
        };
        match what {
            What::Sent => hop.send(params),
            What::Received => hop.receive(params),
            What::Redirected => hop.redirect = params.location.text().map(str::to_owned),
            What::Cookie => hop.cookies.status(params, hop.cross_site),
            What::CookiesBlocked => hop.cookies.blocked(),
            What::Privacy => hop.cookies.privacy(params.privacy_mode.text().unwrap_or_default()),
            What::Body => hop.body.take(params, hop.entry, &mut self.warnings),
            What::Job | What::Alive | What::Failed | What::Cancelled => {
                let told = params.net_error.number().and_then(|number| constants.error(number as i64));
                // Without a number, the caller left before an answer came.
                let left = what == What::Cancelled && !hop.is_answered();
                let told = told.or_else(|| left.then(|| "net::ERR_ABORTED".to_owned()));
                hop.failure = hop.failure.take().or(told);
            }
        }
        // A page may hold on to a request that is long over.
        if what != What::Alive {
            hop.ended = event.time.or(hop.ended);
        }
        if what == What::Alive && constants.is_end(event.phase) {
            self.finish(id, constants);
        }
    }

    fn finish(&mut self, id: u64, constants: &Constants) {
        if let Some(hop) = self.open.remove(&id) {
            self.exchanges.push(hop.finish(constants));
        }
    }

    /// Ends what the log's end found open, and gives everything out in the order in which it began.
    pub(super) fn end(&mut self, constants: &Constants) {
        self.exchanges.extend(self.open.drain().map(|(_, hop)| hop.finish(constants)));
        self.exchanges.sort_by_key(|exchange| exchange.entry);
    }
}
