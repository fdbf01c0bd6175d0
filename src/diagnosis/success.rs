//! Which applications got what they asked for, and when: what excuses a failure.

use super::grants::{Grants, TurnedIn};
use crate::checks::Index;
use crate::entra::{
    AccountId, ClientId, Grant, Guid, OAuthError, ProtocolError, Step, Tenant, Traffic, asking_page, carries_token, lacks_token, worked,
};
use crate::exchange::{Exchange, Written};
use crate::knowledge::{Excuse, Knowledge, Said};
use crate::signin::{Attempt, FailureEvent, Kind, Outcome, SignIns, Symptom};
use chrono::{DateTime, Utc};
use std::collections::HashMap;

/// Why nobody has to do anything about a failure.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Handled {
    /// The application got what it asked for afterwards.
    Later,
    /// It had it already: the code that was refused had been turned in before.
    Before,
    /// There was nothing left to do: the session that was to be ended is over.
    NothingLeft,
}

/// The attempts that worked, by what a failed one has in common with them.
#[derive(Default)]
pub(super) struct Successes {
    /// By application: where each began and ended, in the order of time.
    of_client: HashMap<Option<ClientId>, Vec<(usize, usize)>>,
    /// By application and the tenant asked.
    of_authority: HashMap<(ClientId, Tenant), Latest>,
    /// By application and directory.
    of_directory: HashMap<(ClientId, Guid), Latest>,
    /// By application and resource: where the last of them began.
    of_resource: HashMap<(ClientId, String), usize>,
    /// By the origin of a page: when a call of it with a token worked last.
    of_page: HashMap<String, DateTime<Utc>>,
    grants: Grants,
}

/// Where the last of some attempts began.
#[derive(Default)]
struct Latest {
    all: ByAccount,
    /// Without those that turned in a refresh token that is recorded.
    sign_ins: ByAccount,
    /// Those, by what the token came of.
    of_grant: HashMap<usize, usize>,
    /// Where the last sign-in began of which a token was turned in later.
    last_grant: Option<usize>,
    /// The same of each browser, where the capture has several.
    of_browser: HashMap<Option<Written>, Latest>,
}

/// Where the last of some attempts began, by the account.
#[derive(Default)]
struct ByAccount {
    of_any: Option<usize>,
    of_nobody: Option<usize>,
    of_account: HashMap<AccountId, usize>,
}

impl Successes {
    pub(super) fn of(sign_ins: &SignIns, traffic: &Traffic<'_>, index: &Index) -> Self {
        let mut all = Self { grants: Grants::of(traffic), ..Self::default() };
        for call in traffic.capture.exchanges.iter().filter(|exchange| works_with_token(exchange, traffic)) {
            if let Some((page, started)) = asking_page(call).zip(call.started) {
                let last = all.of_page.entry(page).or_insert(started);
                *last = started.max(*last);
            }
        }
        for attempt in sign_ins.attempts.iter().filter(|attempt| attempt.outcome == Outcome::Succeeded) {
            if let Some(&last) = attempt.steps.last() {
                all.of_client.entry(attempt.client.clone()).or_default().push((attempt.begin, last));
            }
            let Some(client) = attempt.client.clone().filter(|_| attempt.kind != Kind::SignOut) else { continue };
            for resource in attempt.begin(traffic).map(Step::asked_resources).unwrap_or_default() {
                all.of_resource.insert((client.clone(), resource), attempt.begin);
            }
            let turned_in = all.grants.of_attempt(attempt, traffic);
            if let Some(tenant) = &attempt.tenant {
                all.of_authority.entry((client.clone(), tenant.clone())).or_default().add(attempt, turned_in, browser(attempt, traffic));
            }
            if let Some(directory) = directory(attempt, index) {
                all.of_directory.entry((client, directory)).or_default().add(attempt, turned_in, browser(attempt, traffic));
            }
        }
        all
    }

    /// How a failure was handled. The same application got what it asked for later in the capture: at the same authority or
    /// directory, and for no other account. Another application's success excuses nothing, an earlier one neither, except
    /// by the same code.
    pub(super) fn handle(
        &self,
        failed: &Attempt,
        event: &FailureEvent,
        traffic: &Traffic<'_>,
        index: &Index,
        knowledge: &Knowledge,
    ) -> Option<Handled> {
        let code = event.failure.code();
        // A sign-out from a session that is over has nothing left to do.
        if failed.kind == Kind::SignOut && knowledge.says(code, Said::SessionOver) {
            return Some(Handled::NothingLeft);
        }
        // Only the API itself can show that it takes another token; then its refusal is no failure in the first place.
        if failed.kind == Kind::ApiCall {
            return None;
        }
        if let Some(how) = self.has_tokens_of_code(failed, event, traffic) {
            return Some(how);
        }
        if failed.outcome == Outcome::Succeeded && failed.steps.last().is_some_and(|&last| last > event.step) {
            return Some(Handled::Later);
        }
        let client = failed.client.as_ref()?;
        if code.and_then(|code| knowledge.code(code)).is_some_and(|code| code.excused_by == Excuse::SameResource) {
            // For what resource, a body tells that is not in the capture.
            if failed.begin(traffic).is_some_and(Step::is_body_unread) {
                return None;
            }
            let asked = failed.begin(traffic).map(Step::asked_resources).unwrap_or_default();
            let got = |resource: String| self.of_resource.get(&(client.clone(), resource)) > Some(&event.step);
            if !asked.is_empty() && !asked.into_iter().any(got) {
                return None;
            }
        }
        let authority = failed.tenant.as_ref().and_then(|tenant| self.of_authority.get(&(client.clone(), tenant.clone())));
        let directory = directory(failed, index).and_then(|id| self.of_directory.get(&(client.clone(), id)));
        let browser = browser(failed, traffic);
        let turned_in = if is_of_grant(event) { self.grants.of_attempt(failed, traffic) } else { TurnedIn::None };
        let latest = |latest: &Latest| latest.in_browser(browser.as_ref(), failed.account, turned_in);
        [authority, directory].into_iter().flatten().any(|all| latest(all) > Some(event.step)).then_some(Handled::Later)
    }

    /// Whether a code was turned in for the tokens that it stands for, and once more to no effect (a component that runs twice): the
    /// page that has them goes on to use them.
    fn has_tokens_of_code(&self, failed: &Attempt, event: &FailureEvent, traffic: &Traffic<'_>) -> Option<Handled> {
        let again = traffic.steps.get(event.step).filter(|step| step.grant() == Some(Grant::AuthorizationCode))?;
        let code = again.params.get("code")?;
        let is_same = |step: &Step<'_>| step.params.get("code").and_then(|other| other.is_same_as(code)) == Some(true);
        let has_tokens = |step: &Step<'_>| step.tokens().is_some() && is_same(step);
        let used = asking_page(again.exchange)
            .and_then(|page| self.of_page.get(&page))
            .zip(again.started)
            .is_some_and(|(last, again)| *last > again);
        let got = failed.steps.iter().find(|&&at| traffic.steps.get(at).is_some_and(has_tokens)).filter(|_| used)?;
        Some(if *got < event.step { Handled::Before } else { Handled::Later })
    }

    /// Whether an attempt of an application lies between two steps.
    pub(super) fn lie_between(&self, client: &Option<ClientId>, after: usize, before: usize) -> bool {
        let attempts = self.of_client.get(client).map(Vec::as_slice).unwrap_or_default();
        let later = attempts.get(attempts.partition_point(|(begin, _)| *begin <= after)..).unwrap_or_default();
        later.iter().take_while(|(begin, _)| *begin < before).any(|(_, last)| *last < before)
    }
}

/// The directory of an attempt: what it resolved its tenant to, else what the rest of the capture does.
fn directory(attempt: &Attempt, index: &Index) -> Option<Guid> {
    attempt.resolved_tenant.clone().or_else(|| index.directory(attempt.tenant.as_ref()?))
}

/// Whether a call with a token was answered with what it asked for.
fn works_with_token(exchange: &Exchange, traffic: &Traffic<'_>) -> bool {
    worked(exchange) && (carries_token(exchange) || lacks_token(exchange, traffic.recording.authorization.coverage))
}

/// The browser of an attempt, where the capture has several and it tells.
fn browser(attempt: &Attempt, traffic: &Traffic<'_>) -> Option<Written> {
    traffic.browser_of(attempt.begin(traffic)?)
}

/// Whether a failure may be that of the token that was turned in. That the service is out of order, or does not take the
/// application's own credential, is the same for every token.
fn is_of_grant(event: &FailureEvent) -> bool {
    const OF_ALL: [OAuthError; 5] = [
        OAuthError::ServerError,
        OAuthError::TemporarilyUnavailable,
        OAuthError::RequestTimeout,
        OAuthError::InvalidClient,
        OAuthError::UnauthorizedClient,
    ];
    let is_of_all = OF_ALL.iter().any(|error| event.failure.error == Some(ProtocolError::OAuth(*error)));
    !is_of_all && event.symptom.is_none_or(|symptom| symptom == Symptom::TokenRefused)
}

impl Latest {
    fn add(&mut self, attempt: &Attempt, turned_in: TurnedIn, browser: Option<Written>) {
        self.note(attempt, turned_in);
        self.of_browser.entry(browser).or_default().note(attempt, turned_in);
    }

    fn note(&mut self, attempt: &Attempt, turned_in: TurnedIn) {
        self.all.note(attempt);
        match turned_in {
            TurnedIn::Of(grant) => {
                let latest = self.of_grant.entry(grant.number).or_default();
                *latest = attempt.begin.max(*latest);
                self.last_grant = self.last_grant.max(grant.begun);
            }
            TurnedIn::Untold => {}
            TurnedIn::None => self.sign_ins.note(attempt),
        }
    }

    /// For an account in a browser: what another browser gets excuses nothing. One that is not told may be any.
    fn in_browser(&self, browser: Option<&Written>, account: Option<AccountId>, turned_in: TurnedIn) -> Option<usize> {
        let Some(browser) = browser else { return self.excusing(account, turned_in) };
        let own = [Some(browser.clone()), None].into_iter().filter_map(|browser| self.of_browser.get(&browser));
        own.filter_map(|latest| latest.excusing(account, turned_in)).max()
    }

    /// What excuses the failure of an account. That another refresh token is taken shows nothing of the one that was refused,
    /// which may be somebody else's: only one that came of the same sign-in does, of a later one, or of the account by name.
    fn excusing(&self, account: Option<AccountId>, turned_in: TurnedIn) -> Option<usize> {
        let of_grant = match turned_in {
            TurnedIn::None => return self.all.for_account(account),
            TurnedIn::Untold => None,
            TurnedIn::Of(grant) => self.of_grant.get(&grant.number).copied(),
        };
        let of_account = account.and_then(|account| self.all.of_account.get(&account).copied());
        [self.sign_ins.for_account(account), of_account, of_grant, self.last_grant].into_iter().max().flatten()
    }
}

impl ByAccount {
    fn note(&mut self, attempt: &Attempt) {
        let begin = Some(attempt.begin);
        self.of_any = self.of_any.max(begin);
        match attempt.account {
            Some(account) => {
                let latest = self.of_account.entry(account).or_default();
                *latest = attempt.begin.max(*latest);
            }
            None => self.of_nobody = self.of_nobody.max(begin),
        }
    }

    /// For an account, or one that is not told.
    fn for_account(&self, account: Option<AccountId>) -> Option<usize> {
        match account {
            Some(account) => self.of_nobody.max(self.of_account.get(&account).copied()),
            None => self.of_any,
        }
    }
}
