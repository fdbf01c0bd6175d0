//! What a check sees: the whole capture, all attempts, and the one in question.

use crate::entra::{Endpoint, Evidence, Names, Recording, Step, Tenant, Traffic};
use crate::signin::{Attempt, FailureEvent, Outcome, SignIns};

/// What the user expects to see, from `--expect-tenant` and `--expect-client`.
#[derive(Clone, Debug, Default)]
pub struct Expectation {
    /// The tenant that should have been asked.
    pub tenant: Option<Tenant>,
    /// The application that should have asked.
    pub client: Option<String>,
}

/// One attempt that failed, in its surroundings.
pub struct Scene<'a, 'c> {
    /// The traffic of the capture.
    pub traffic: &'a Traffic<'c>,
    /// All attempts.
    pub sign_ins: &'a SignIns,
    /// The attempt in question.
    pub attempt: &'a Attempt,
    /// The failure in question.
    pub event: &'a FailureEvent,
    /// What the user expects.
    pub expectation: &'a Expectation,
}

impl<'a, 'c> Scene<'a, 'c> {
    /// The request that began the attempt, where it is an authorization or SAML request of the capture.
    pub fn request(&self) -> Option<&'a Step<'c>> {
        self.attempt
            .begin(self.traffic)
            .filter(|step| matches!(step.endpoint, Endpoint::Authorize | Endpoint::Saml | Endpoint::WsFederation))
    }

    /// The step whose reply failed.
    pub fn failing(&self) -> Option<&'a Step<'c>> {
        self.traffic.steps.get(self.event.step)
    }

    /// Who and what is known by number.
    pub fn names(&self) -> &'a Names {
        &self.traffic.names
    }

    /// What the capture can show.
    pub fn recording(&self) -> &'a Recording {
        &self.traffic.recording
    }

    /// The steps before the failing one, in the order of time, with their attempts' ids unknown.
    pub fn before(&self) -> impl DoubleEndedIterator<Item = &'a Step<'c>> {
        self.traffic.steps.get(..self.event.step).unwrap_or_default().iter()
    }

    /// The steps after the failing one.
    pub fn after(&self) -> impl DoubleEndedIterator<Item = &'a Step<'c>> {
        self.traffic.steps.get(self.event.step + 1..).unwrap_or_default().iter()
    }

    /// Attempts that ended before the failing step, newest first.
    pub fn earlier_attempts(&self) -> impl Iterator<Item = &'a Attempt> {
        let step = self.event.step;
        self.sign_ins.attempts.iter().rev().filter(move |other| other.steps.last().is_some_and(|&last| last < step))
    }

    /// Attempts that began after the failing step.
    pub fn later_attempts(&self) -> impl Iterator<Item = &'a Attempt> {
        let step = self.event.step;
        self.sign_ins.attempts.iter().filter(move |other| other.begin > step)
    }

    /// Whether both attempts went to the same sign-in host: sessions are kept host by host.
    pub fn same_host(&self, other: &Attempt) -> bool {
        let host =
            |attempt: &Attempt| attempt.begin(self.traffic).and_then(|step| step.address.as_ref()).map(|address| address.host.clone());
        host(self.attempt) == host(other)
    }

    /// Interactive sign-ins that worked before the failing step, newest first.
    pub fn earlier_sign_ins(&self) -> impl Iterator<Item = &'a Attempt> {
        self.earlier_attempts().filter(|other| {
            !other.is_silent() && other.outcome == Outcome::Succeeded && self.is_interactive(other) && self.same_host(other)
        })
    }

    /// Whether a person went through a page of the attempt, or it began with one.
    pub fn is_interactive(&self, attempt: &Attempt) -> bool {
        use crate::signin::Kind;
        matches!(attempt.kind, Kind::Redirect | Kind::Popup | Kind::Saml | Kind::WsFederation)
    }

    /// The place where the beginning request would carry a parameter, as a place that was searched.
    pub fn searched(&self, parameter: &str) -> Option<Evidence> {
        self.request().map(|step| Evidence::searched(step.entry, step.param_part(parameter)))
    }

    /// Whether somebody was signing in before at the same host, and the capture does not show how that ended.
    pub fn earlier_end_unknown(&self) -> bool {
        self.earlier_attempts().any(|other| {
            let typed = other.steps(self.traffic).any(|step| matches!(step.endpoint, Endpoint::Login | Endpoint::Kmsi | Endpoint::Mfa));
            typed && self.same_host(other) && matches!(other.outcome, Outcome::Unknown | Outcome::Abandoned)
        })
    }

    /// Everything up to the failing request, as places that were searched for what may have come before.
    pub fn searched_before(&self) -> Vec<Evidence> {
        let before = self.before().filter(|step| step.is_sign_in());
        before.chain(self.failing()).map(|step| Evidence::searched(step.entry, "request.url")).collect()
    }

    /// Why nothing can be said of the request: it is not in the capture.
    pub fn no_request(&self) -> &'static str {
        match self.attempt.begin(self.traffic).map(|step| step.endpoint) {
            Some(Endpoint::Token) => "the authorization request of this attempt is not in the capture",
            _ => "the request that began this attempt is not in the capture",
        }
    }
}
