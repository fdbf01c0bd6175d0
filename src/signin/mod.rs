//! Attempts: which exchanges belong to one try to sign in or to get a token, and how it ended.

mod afterwards;
mod assertions;
mod keys;
mod kind;
mod loops;
mod lost_reply;
mod metadata;
mod near_pages;
mod no_answer;
mod open_codes;
mod open_pages;
mod outcome;
mod page_assets;
mod patience;
mod redemption;
mod redirected_call;
mod refused_call;
mod reply_cookie;
mod settle;
mod silence;
mod site;
mod stitch;
mod symptom;
mod unread_client;

pub use kind::Kind;
pub use lost_reply::LostReply;
pub use outcome::Outcome;
pub(crate) use patience::PATIENCE_MS;
pub(crate) use refused_call::misses_permission;
pub(crate) use reply_cookie::{known_by, led_to};
pub(crate) use silence::ClockOff;
pub use symptom::Symptom;

use crate::entra::{AccountId, ClientId, Endpoint, Failure, Guid, Step, Tenant, Traffic, leads_to_sign_in_page};
use std::collections::HashMap;

/// Every attempt of a capture.
#[non_exhaustive]
pub struct SignIns {
    /// In the order in which they began.
    pub attempts: Vec<Attempt>,
    /// The entries of calls to which an API answered that a permission is missing, in the order of time, where that is no failure
    /// and the same call did not work later.
    pub permission_denied: Vec<usize>,
    /// A token reply of which nobody knows whether the client's clock accepts what it brought.
    pub(crate) clock_off: Option<ClockOff>,
    /// The first scripts that did not come to each sign-in page that lacks some: their positions among the capture's exchanges, by the
    /// page's position in [`Traffic::steps`].
    pub(crate) missing_scripts: HashMap<usize, Vec<usize>>,
}

/// One try to sign in or to get a token.
#[non_exhaustive]
pub struct Attempt {
    /// From 1, in the order of time.
    pub id: usize,
    /// How it was made.
    pub kind: Kind,
    /// The tenant that the beginning request named.
    pub tenant: Option<Tenant>,
    /// The application that the beginning request named.
    pub client: Option<ClientId>,
    /// The directory that a token, page or reply tells.
    pub resolved_tenant: Option<Guid>,
    /// The correlation id of the beginning request.
    pub correlation_id: Option<Guid>,
    /// Who it was made for, as far as the traffic tells.
    pub account: Option<AccountId>,
    /// Its steps, as positions in [`Traffic::steps`], in the order of time.
    pub steps: Vec<usize>,
    /// The position of the request that began it.
    pub begin: usize,
    /// How it ended.
    pub outcome: Outcome,
    /// The failures in it, each once.
    pub failures: Vec<FailureEvent>,
}

/// One failure of an attempt, with every place that tells it.
#[derive(Clone)]
#[non_exhaustive]
pub struct FailureEvent {
    /// The position of the step whose reply failed.
    pub step: usize,
    /// The error, as its first carrier tells it; without codes where there is only a symptom.
    pub failure: Failure,
    /// What went wrong, where no error tells it.
    pub symptom: Option<Symptom>,
    /// The positions of later steps that only repeat it (the application's callback).
    pub repeated_at: Vec<usize>,
}

impl SignIns {
    /// Stitches the traffic of a capture into attempts.
    pub fn stitch(traffic: &Traffic<'_>) -> Self {
        let mut attempts = stitch::stitch(traffic);
        for attempt in &mut attempts {
            settle::settle(attempt, traffic);
        }
        unread_client::name(&mut attempts, traffic);
        let silence::Beside { permission_denied, clock_off, missing_scripts } = silence::find(&mut attempts, traffic);
        // Calls of APIs were found last.
        attempts.sort_by_key(|attempt| attempt.begin);
        for (index, attempt) in attempts.iter_mut().enumerate() {
            attempt.id = index + 1;
        }
        Self { attempts, permission_denied, clock_off, missing_scripts }
    }

    /// The attempt of that id.
    pub fn get(&self, id: usize) -> Option<&Attempt> {
        self.attempts.get(id.checked_sub(1)?)
    }
}

impl Attempt {
    /// Its steps.
    pub fn steps<'t, 'c>(&'t self, traffic: &'t Traffic<'c>) -> impl DoubleEndedIterator<Item = &'t Step<'c>> {
        self.steps.iter().filter_map(|&at| traffic.steps.get(at))
    }

    /// The request that began it.
    pub fn begin<'t, 'c>(&self, traffic: &'t Traffic<'c>) -> Option<&'t Step<'c>> {
        traffic.steps.get(self.begin)
    }

    /// The step in which the application received the reply and led the person to its own page for signing in.
    pub(crate) fn sent_back<'t, 'c>(&'t self, traffic: &'t Traffic<'c>) -> Option<&'t Step<'c>> {
        let received = self.steps(traffic).rev().find(|step| step.endpoint == Endpoint::AppCallback)?;
        Some(received).filter(|step| step.reply.failures.is_empty() && leads_to_sign_in_page(step))
    }

    /// Whether it asked for an answer without showing anything.
    pub fn is_silent(&self) -> bool {
        matches!(self.kind, Kind::SilentIframe | Kind::SilentTopLevel)
    }
}
