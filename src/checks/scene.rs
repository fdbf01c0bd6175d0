//! What a check sees: the whole capture, all attempts, and the one in question.

use super::positions::Positions;
use super::session_place::SessionPlace;
use super::{Index, Observation};
use crate::entra::{AccountId, ClientId, Endpoint, Evidence, Grant, Names, Step, Tenant, Traffic, asking_page};
use crate::exchange::Exchange;
use crate::msal_log::{self, MsalLogs};
use crate::sign_in_log::{Join, SignInLogs};
use crate::signin::{Attempt, FailureEvent, Kind, Outcome, SignIns};

/// What the user expects to see, from `--expect-tenant` and `--expect-client`.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Expectation {
    /// The tenant that should have been asked.
    pub tenant: Option<Tenant>,
    /// The application that should have asked.
    pub client: Option<ClientId>,
}

/// What the user gives beside the capture.
#[derive(Clone, Debug, Default)]
pub struct Beside {
    /// What should be seen in it.
    pub expectation: Expectation,
    /// The service's own record of the sign-ins, from `--sign-in-logs`.
    pub sign_in_logs: SignInLogs,
    /// What the library logged, from `--msal-log`.
    pub msal_logs: MsalLogs,
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
    /// The step whose reply failed: that of the failure.
    pub failing: &'a Step<'c>,
    /// What the user expects.
    pub expectation: &'a Expectation,
    /// What the sign-in logs say of the failure.
    pub sign_in_log: Join<'a>,
    /// What the logs of MSAL say of the failure.
    pub msal_log: msal_log::Join<'a>,
    /// Where to find what happened elsewhere in the capture.
    pub index: &'a Index,
}

impl<'a, 'c> Scene<'a, 'c> {
    /// The request that began the attempt, where it is an authorization or SAML request of the capture.
    pub fn request(&self) -> Option<&'a Step<'c>> {
        self.attempt
            .begin(self.traffic)
            .filter(|step| matches!(step.endpoint, Endpoint::Authorize | Endpoint::Saml | Endpoint::WsFederation))
    }

    /// Who and what is known by number.
    pub fn names(&self) -> &'a Names {
        &self.traffic.names
    }

    /// Seen: that a request got no answer, with the recorder's own word for it.
    pub(super) fn unanswered(&self, exchange: &Exchange) -> Observation {
        let names = self.names();
        match names.no_answer(exchange) {
            Some(why) => Observation::seen_with(why, [names.exchange(exchange)]),
            None => Observation::seen(names.exchange(exchange)),
        }
    }

    /// Not to be told: the error's text does not name it, or there is no text.
    pub(super) fn unnamed_in_text(&self, why: &str) -> Observation {
        let failure = &self.event.failure;
        match (failure.text.is_some(), failure.has_whole_text()) {
            (false, _) => Observation::not_recorded("only the error's number was recorded, not its text"),
            (true, true) => Observation::untold(why),
            (true, false) => Observation::not_recorded(why),
        }
    }

    /// The steps at some positions.
    pub(super) fn steps_at(&self, positions: &'a [usize]) -> impl DoubleEndedIterator<Item = &'a Step<'c>> {
        let steps = &self.traffic.steps;
        positions.iter().filter_map(|&at| steps.get(at))
    }

    /// Those of some steps that come before the failing one.
    pub(super) fn before(&self, steps: &'a Positions) -> impl DoubleEndedIterator<Item = &'a Step<'c>> {
        self.steps_at(steps.before(self.event.step))
    }

    /// Those of some steps that come after the failing one.
    pub(super) fn after(&self, steps: &'a Positions) -> impl DoubleEndedIterator<Item = &'a Step<'c>> {
        self.steps_at(steps.after(self.event.step))
    }

    /// The preflight of a request to an address: the last before it, or where a recorder puts it behind the request, the next.
    pub(super) fn preflight_of(&self, url: &str) -> Option<&'a Step<'c>> {
        let preflights = self.index.steps.preflights.get(url)?;
        self.before(preflights).next_back().or_else(|| self.after(preflights).next())
    }

    /// Whether a position is that of a step before the failing one.
    pub(super) fn is_before(&self, step: Option<&usize>) -> bool {
        step.is_some_and(|&step| step < self.event.step)
    }

    /// Those of some attempts that ended before the failing step, oldest first.
    pub(super) fn earlier(&self, attempts: Option<&'a Vec<usize>>) -> impl DoubleEndedIterator<Item = &'a Attempt> {
        let (all, step) = (&self.sign_ins.attempts, self.event.step);
        let attempts = attempts.map(Vec::as_slice).unwrap_or_default();
        let begun = attempts.partition_point(|&index| all.get(index).is_some_and(|attempt| attempt.begin < step));
        let ended = move |attempt: &&'a Attempt| attempt.steps.last().is_some_and(|&last| last < step);
        attempts.get(..begun).unwrap_or_default().iter().filter_map(|&index| all.get(index)).filter(ended)
    }

    /// The first of some attempts that began after the failing step.
    pub(super) fn next(&self, attempts: Option<&'a Vec<usize>>) -> Option<&'a Attempt> {
        let (all, step) = (&self.sign_ins.attempts, self.event.step);
        let attempts = attempts?;
        let begun = attempts.partition_point(|&index| all.get(index).is_some_and(|attempt| attempt.begin <= step));
        all.get(*attempts.get(begun)?)
    }

    /// Some attempts.
    pub(super) fn attempts_at(&self, attempts: Option<&'a Vec<usize>>) -> impl Iterator<Item = &'a Attempt> {
        let all = &self.sign_ins.attempts;
        attempts.into_iter().flatten().filter_map(|&index| all.get(index))
    }

    /// Where the session that the attempt would use is kept.
    pub(super) fn session_place(&self) -> SessionPlace {
        SessionPlace::of_attempt(self.attempt, self.traffic)
    }

    /// Whether somebody signed in before at the same host, in this browser or, where the capture has several, in another.
    pub(super) fn somebody_signed_in(&self) -> bool {
        self.is_before(self.index.attempts.first_sign_in.get(&self.session_place().host))
    }

    /// The last interactive sign-in at the same host and in the same browser that worked before the failing step.
    pub fn earlier_sign_in(&self) -> Option<&'a Attempt> {
        self.earlier(self.index.attempts.sign_ins.get(&self.session_place())).next_back()
    }

    /// The last of them that tells the account.
    pub(crate) fn earlier_sign_in_with_account(&self) -> Option<(&'a Attempt, AccountId)> {
        let attempt = self.earlier(self.index.attempts.with_account.get(&self.session_place())).next_back()?;
        Some((attempt, attempt.account?))
    }

    /// The account that the attempt was made for: the one it names, else the one whose session it asks for (`sid`), where a
    /// sign-in before tells whose that is.
    pub fn account(&self) -> Option<AccountId> {
        self.attempt.account.or_else(|| {
            let opened = self.index.steps.of_session.get(&self.request()?.params.get("sid")?.told()?)?;
            self.before(opened).find_map(|step| self.index.attempts.account_of_entry.get(&step.entry)).copied()
        })
    }

    /// The place where the beginning request would carry a parameter, as a place that was searched.
    pub fn searched(&self, parameter: &str) -> Option<Evidence> {
        self.request().map(|step| Evidence::searched(step.entry, step.param_part(parameter)))
    }

    /// Whether somebody was signing in before at the same host, and the capture does not show how that ended.
    pub fn earlier_end_unknown(&self) -> bool {
        self.is_before(self.index.attempts.first_unknown_end.get(&self.session_place()))
    }

    /// Whether a code was turned in before at the same host whose request is not in the capture: somebody had signed in.
    pub fn earlier_begin_unknown(&self) -> bool {
        self.is_before(self.index.attempts.first_code_from_before.get(&self.session_place()))
    }

    /// Whether the application had a token before that no sign-in of the capture need have brought it: its page sent one, or it
    /// turned in a refresh token.
    pub fn token_from_before(&self) -> bool {
        let pages = self.request().into_iter().flat_map(|step| [asking_page(step.exchange), step.redirect_origin()]).flatten();
        let mut uses = pages.filter_map(|page| self.index.token_use.get(&page));
        let refreshes = self.index.attempts.of_kind.get(&(self.attempt.client.clone(), Kind::Refresh));
        let refreshed = || self.attempt.client.is_some() && self.earlier(refreshes).any(|attempt| attempt.outcome == Outcome::Succeeded);
        uses.any(|&next| next <= self.event.step) || refreshed()
    }

    /// Everything up to the failing request, as places that were searched for what may have come before.
    pub fn searched_before(&self) -> impl Iterator<Item = Evidence> {
        let before = self.before(&self.index.steps.sign_in);
        before.chain([self.failing]).map(|step| Evidence::searched(step.entry, "request.url"))
    }

    /// What can be said of a request that is not in the capture, or that nobody ever made.
    pub(super) fn without_request(&self) -> Observation {
        match self.grant_without_page() {
            Some(grant) => Observation::moot(format!("{grant}, for which there is no authorization request")),
            None => Observation::not_recorded(self.no_request()),
        }
    }

    /// Why a request is not in the capture.
    pub fn no_request(&self) -> &'static str {
        match self.attempt.begin(self.traffic).map(|step| step.endpoint) {
            Some(Endpoint::Token) => "the authorization request of this attempt is not in the capture",
            _ => "the request that began this attempt is not in the capture",
        }
    }

    /// What can be said of an authorization code where something else is turned in.
    pub(super) fn without_code(&self) -> Option<Observation> {
        Some(Observation::moot(format!("{}, and no authorization code", self.grant_without_page()?)))
    }

    /// What is turned in by an attempt that began with a token request and no page, where the capture tells.
    pub(super) fn grant_without_page(&self) -> Option<&'static str> {
        match self.attempt.begin(self.traffic).filter(|step| step.endpoint == Endpoint::Token)?.grant()? {
            Grant::AuthorizationCode => None,
            Grant::RefreshToken => Some("a refresh token is turned in"),
            Grant::DeviceCode => Some("a device code is turned in"),
            _ => Some("the token is asked for without a sign-in page"),
        }
    }
}
