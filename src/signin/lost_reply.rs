//! Attempts of which the last reply is not in the capture: a page may have been shown, or an error, and how it went on is not
//! known.

use super::{Attempt, Outcome};
use crate::entra::{Endpoint, Grant, Step, Traffic};

/// A reply that would tell how an attempt went on, and of which the capture has the status and not the body.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub struct LostReply {
    /// Its entry, counted from 0.
    pub entry: usize,
    /// Whether it answers a password.
    pub answers_password: bool,
}

impl Attempt {
    /// The reply on which its end depends, where that was not recorded.
    pub fn lost_reply(&self, traffic: &Traffic<'_>) -> Option<LostReply> {
        let last = self.steps(traffic).next_back().filter(|_| self.outcome == Outcome::Unknown)?;
        is_lost(last).then(|| LostReply {
            entry: last.entry,
            answers_password: last.method == "POST" && (last.endpoint == Endpoint::Login || last.grant() == Some(Grant::Password)),
        })
    }
}

/// Whether a reply of the sign-in service came that led nowhere else, and its body was not recorded.
pub(super) fn is_lost(step: &Step<'_>) -> bool {
    let stays = step.status == Some(200) && step.reply.redirect.is_none() && step.reply.handover.is_none();
    stays && step.is_sign_in() && step.exchange.response.body.loss().is_some()
}
