//! Where each exchange stands in the capture.

use crate::entra::{Step, Traffic};
use crate::exchange::hosts::sign_in_host;
use crate::exchange::{Exchange, RawUrl};
use chrono::{DateTime, Utc};
use std::cell::OnceCell;
use std::collections::HashMap;

/// The exchanges of a capture. All positions are positions in it.
pub(in crate::signin) struct Order<'c> {
    exchanges: &'c [Exchange],
    /// The position of each entry.
    position: OnceCell<HashMap<usize, usize>>,
    end: OnceCell<Option<DateTime<Utc>>>,
    /// Where the last request went to another host than those of the sign-in service.
    last_elsewhere: OnceCell<Option<usize>>,
}

impl<'c> Order<'c> {
    pub(super) fn of(traffic: &Traffic<'c>) -> Self {
        Self {
            exchanges: traffic.capture.exchanges.as_slice(),
            position: OnceCell::new(),
            end: OnceCell::new(),
            last_elsewhere: OnceCell::new(),
        }
    }

    /// The position of a step.
    pub(in crate::signin) fn place(&self, step: &Step<'_>) -> Option<usize> {
        let all = || self.exchanges.iter().enumerate().rev().map(|(at, exchange)| (exchange.entry, at)).collect();
        self.position.get_or_init(all).get(&step.entry).copied()
    }

    /// The exchange at a position.
    pub(in crate::signin) fn exchange(&self, at: usize) -> Option<&'c Exchange> {
        self.exchanges.get(at)
    }

    /// All of them, with their positions.
    pub(super) fn all(&self) -> impl Iterator<Item = (usize, &'c Exchange)> + use<'c> {
        self.exchanges.iter().enumerate()
    }

    /// When the last request of the capture began.
    pub(in crate::signin) fn end(&self) -> Option<DateTime<Utc>> {
        *self.end.get_or_init(|| self.exchanges.iter().filter_map(|exchange| exchange.started).max())
    }

    /// Whether the capture goes on after a step with a request to another host than those of the sign-in service.
    pub(super) fn goes_on_elsewhere(&self, step: &Step<'_>) -> bool {
        let is_elsewhere = |exchange: &Exchange| exchange.request.url.host().is_some_and(|host| sign_in_host(&host).is_none());
        let last = self.last_elsewhere.get_or_init(|| self.exchanges.iter().rposition(is_elsewhere));
        self.place(step).is_some_and(|at| last.is_some_and(|last| last > at))
    }
}

/// Those of ascending positions that come after a place.
pub(super) fn later(positions: &[usize], after: usize) -> &[usize] {
    positions.get(positions.partition_point(|&at| at <= after)..).unwrap_or_default()
}

/// The first of them.
pub(super) fn next(positions: &[usize], after: usize) -> Option<usize> {
    later(positions, after).first().copied()
}

/// The address up to its query.
pub(super) fn without_parameters(url: &RawUrl) -> &str {
    let url = url.without_fragment();
    url.split_once('?').map_or(url, |(address, _)| address)
}
