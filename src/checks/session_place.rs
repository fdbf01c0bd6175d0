//! Where a session of the sign-in service may be kept.

use crate::entra::{Step, Traffic};
use crate::exchange::Written;
use crate::signin::Attempt;

/// A host and a browser: each browser keeps a session of its own for each host. Behind the name of one browser may be several
/// windows with cookies of their own, which [`CookieStores`](super::cookie_stores::CookieStores) tells apart.
#[derive(Clone, Default, PartialEq, Eq, Hash)]
pub(super) struct SessionPlace {
    pub(super) host: Option<String>,
    /// Where the capture has several.
    pub(super) browser: Option<Written>,
}

impl SessionPlace {
    /// That of an attempt, where it began.
    pub(super) fn of_attempt(attempt: &Attempt, traffic: &Traffic<'_>) -> Self {
        attempt.begin(traffic).map(|begin| Self::of_step(begin, traffic)).unwrap_or_default()
    }

    /// That of a step.
    pub(super) fn of_step(step: &Step<'_>, traffic: &Traffic<'_>) -> Self {
        Self { host: step.address.as_ref().map(|address| address.host.clone()), browser: traffic.browser_of(step) }
    }
}
