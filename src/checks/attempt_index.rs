//! Attempts by what checks look for, so that none has to walk over all of them for each failure.

use super::api_calls::ApiCalls;
use super::session_place::SessionPlace;
use crate::entra::{AccountId, ClientId, Endpoint, ErrorCode, Guid, Known, Step, Tenant, Traffic};
use crate::signin::{Attempt, Kind, Outcome, SignIns, Symptom};
use std::collections::{BTreeMap, HashMap, HashSet};

/// An application; those that are not told count as one.
type Client = Option<ClientId>;
/// The host that an attempt began at.
type Host = Option<String>;
/// Indices in [`SignIns::attempts`], in the order in which the attempts began.
type Attempts = Vec<usize>;

/// The attempts of a capture by what they are.
#[derive(Default)]
pub(super) struct AttemptIndex {
    /// By application and kind.
    pub(super) of_kind: HashMap<(Client, Kind), Attempts>,
    /// Those of them that are rounds of a loop.
    pub(super) rounds: HashMap<(Client, Kind), Attempts>,
    /// By application, kind and the code of a failure.
    pub(super) failed_with: HashMap<(Client, Kind, Option<ErrorCode>), Attempts>,
    /// Those that lead a person to the sign-in page, by application.
    pub(super) interactive: HashMap<Client, Attempts>,
    /// Those of them in which the service let the person in.
    pub(super) interactive_success: HashMap<Client, Attempts>,
    /// Those that worked and named a redirect URI when they began, which nobody took out of the capture, by application.
    pub(super) with_redirect_uri: HashMap<Client, Attempts>,
    /// The first of them for each redirect URI.
    pub(super) first_with_redirect_uri: HashMap<Client, Attempts>,
    /// Sign-ins in which the service let a person in, by browser and host.
    pub(super) sign_ins: HashMap<SessionPlace, Attempts>,
    /// The first end of them, in whatever browser.
    pub(super) first_sign_in: HashMap<Host, usize>,
    /// Those of them that tell the account.
    pub(super) with_account: HashMap<SessionPlace, Attempts>,
    /// The same by account.
    pub(super) of_account: HashMap<SessionPlace, BTreeMap<AccountId, Attempts>>,
    /// The first end of those that do not.
    pub(super) first_without_account: HashMap<SessionPlace, usize>,
    /// The attempt of each entry.
    pub(super) of_entry: HashMap<usize, usize>,
    /// The account of each entry of an attempt that tells it.
    pub(super) account_of_entry: HashMap<usize, AccountId>,
    /// Sign-outs by browser and host.
    pub(super) sign_outs: HashMap<SessionPlace, Attempts>,
    /// The first end of a sign-in in which somebody typed and whose outcome is not shown, by browser and host.
    pub(super) first_unknown_end: HashMap<SessionPlace, usize>,
    /// The first end of an attempt in which a code was turned in whose request is not in the capture, by browser and host.
    pub(super) first_code_from_before: HashMap<SessionPlace, usize>,
    /// The first end of an attempt that began with a token request and names no application.
    pub(super) first_nameless_token: Option<usize>,
    /// Those with tokens, by account.
    pub(super) with_tokens: HashMap<AccountId, Attempts>,
    /// The same, by the tenant of a token as well.
    pub(super) with_tokens_of: HashMap<(AccountId, Guid), Attempts>,
    /// The directory that each tenant's name was found to stand for.
    pub(super) resolved: HashMap<Tenant, Guid>,
    /// Steps that gave out an access token, by application.
    pub(super) access_tokens: HashMap<Client, Vec<usize>>,
    /// Calls of APIs by host and application.
    pub(super) calls: HashMap<(Host, Client), ApiCalls>,
    redirect_uris: HashSet<(Client, Known)>,
    /// The correlation ids of all.
    pub(super) correlation_ids: HashSet<Guid>,
}

impl AttemptIndex {
    pub(super) fn of(traffic: &Traffic<'_>, sign_ins: &SignIns) -> Self {
        let mut all = Self::default();
        let mut calls: HashMap<(Host, Client), Vec<usize>> = HashMap::new();
        for (index, attempt) in sign_ins.attempts.iter().enumerate() {
            all.add_by_client(index, attempt, traffic);
            all.add_by_host(index, attempt, traffic);
            all.add_tokens(index, attempt, traffic);
            if let Some(call) = attempt.begin(traffic).filter(|step| step.endpoint == Endpoint::App) {
                let host = call.address.as_ref().map(|address| address.host.clone());
                calls.entry((host, attempt.client.clone())).or_default().push(attempt.begin);
            }
            all.correlation_ids.extend(attempt.correlation_id.clone());
            all.of_entry.extend(attempt.steps(traffic).map(|step| (step.entry, index)));
            if let Some(account) = attempt.account {
                all.account_of_entry.extend(attempt.steps(traffic).map(|step| (step.entry, account)));
            }
            if let (Some(tenant), Some(id)) = (&attempt.tenant, &attempt.resolved_tenant) {
                all.resolved.entry(tenant.clone()).or_insert_with(|| id.clone());
            }
        }
        // The tenant's own metadata says the same of tenants of which nobody got a token.
        for step in &traffic.steps {
            if let (Some(tenant), Some(id)) = (&step.tenant, &step.reply.directory) {
                all.resolved.entry(tenant.clone()).or_insert_with(|| id.clone());
            }
        }
        for (of, mut calls) in calls {
            calls.sort_unstable();
            all.calls.insert(of, ApiCalls::of(&calls, traffic));
        }
        for steps in all.access_tokens.values_mut() {
            steps.sort_unstable();
        }
        all
    }

    /// The directory that a tenant's name stands for: its id as written, or what the capture resolves the name to.
    pub(super) fn directory(&self, tenant: &Tenant) -> Option<Guid> {
        match tenant.id() {
            Some(id) => Some(id.clone()),
            None if tenant.is_alias() => None,
            None => self.resolved.get(tenant).cloned(),
        }
    }

    fn add_by_client(&mut self, index: usize, attempt: &Attempt, traffic: &Traffic<'_>) {
        let client = || attempt.client.clone();
        self.of_kind.entry((client(), attempt.kind)).or_default().push(index);
        if attempt.failures.iter().any(|event| event.symptom == Some(Symptom::Loop)) {
            self.rounds.entry((client(), attempt.kind)).or_default().push(index);
        }
        for event in &attempt.failures {
            let same = self.failed_with.entry((client(), attempt.kind, event.failure.code())).or_default();
            if same.last() != Some(&index) {
                same.push(index);
            }
        }
        let succeeded = attempt.outcome == Outcome::Succeeded;
        if is_interactive(attempt) {
            self.interactive.entry(client()).or_default().push(index);
            if is_let_in(attempt) {
                self.interactive_success.entry(client()).or_default().push(index);
            }
        }
        let uri = attempt.begin(traffic).and_then(|step| step.params.get("redirect_uri")?.told());
        if let Some(uri) = uri.filter(|_| succeeded) {
            self.with_redirect_uri.entry(client()).or_default().push(index);
            if self.redirect_uris.insert((client(), uri)) {
                self.first_with_redirect_uri.entry(client()).or_default().push(index);
            }
        }
    }

    fn add_by_host(&mut self, index: usize, attempt: &Attempt, traffic: &Traffic<'_>) {
        let begin = attempt.begin(traffic);
        let end = attempt.steps.last().copied();
        let place = SessionPlace::of_attempt(attempt, traffic);
        let shown = |outcome| !matches!(outcome, Outcome::Unknown | Outcome::Abandoned);
        let typed = || attempt.steps(traffic).any(|step| matches!(step.endpoint, Endpoint::Login | Endpoint::Kmsi | Endpoint::Mfa));
        if let Some(end) = end.filter(|_| !shown(attempt.outcome) && typed()) {
            let first = self.first_unknown_end.entry(place.clone()).or_insert(end);
            *first = end.min(*first);
        }
        if let Some(end) = end.filter(|_| attempt.client.is_none() && begin.is_some_and(|step| step.endpoint == Endpoint::Token)) {
            self.first_nameless_token = Some(self.first_nameless_token.map_or(end, |first| first.min(end)));
        }
        // Whether its tokens were recorded does not matter.
        let redeemed = attempt.kind == Kind::CodeRedemption && attempt.failures.is_empty();
        if let Some(end) = end.filter(|_| redeemed && begin.is_some_and(|step| step.status == Some(200))) {
            let first = self.first_code_from_before.entry(place.clone()).or_insert(end);
            *first = end.min(*first);
        }
        if attempt.kind == Kind::SignOut {
            self.sign_outs.entry(place).or_default().push(index);
        } else if opens_session(attempt, traffic) && is_interactive(attempt) {
            if let Some(account) = attempt.account {
                self.with_account.entry(place.clone()).or_default().push(index);
                self.of_account.entry(place.clone()).or_default().entry(account).or_default().push(index);
            } else if let Some(end) = end {
                let first = self.first_without_account.entry(place.clone()).or_insert(end);
                *first = end.min(*first);
            }
            if let Some(end) = end {
                let first = self.first_sign_in.entry(place.host.clone()).or_insert(end);
                *first = end.min(*first);
            }
            self.sign_ins.entry(place).or_default().push(index);
        }
    }

    fn add_tokens(&mut self, index: usize, attempt: &Attempt, traffic: &Traffic<'_>) {
        for &at in &attempt.steps {
            let Some(tokens) = traffic.steps.get(at).and_then(|step| step.tokens()) else { continue };
            if tokens.access_token.is_some() {
                self.access_tokens.entry(attempt.client.clone()).or_default().push(at);
            }
            let Some(account) = attempt.account else { continue };
            push(self.with_tokens.entry(account).or_default(), index);
            for tenant in tokens.claims().filter_map(|claims| claims.tenant.clone()) {
                push(self.with_tokens_of.entry((account, tenant)).or_default(), index);
            }
        }
    }
}

fn push(attempts: &mut Attempts, index: usize) {
    if attempts.last() != Some(&index) {
        attempts.push(index);
    }
}

/// Whether the service let the person in: what an application makes of it, such as a loop of sign-ins, is another matter.
fn is_let_in(attempt: &Attempt) -> bool {
    let goes_round = || !attempt.failures.is_empty() && attempt.failures.iter().all(|event| event.symptom == Some(Symptom::Loop));
    attempt.outcome == Outcome::Succeeded || goes_round()
}

/// Whether the service opened a session: it gave the application its reply, whatever that made of it.
fn opens_session(attempt: &Attempt, traffic: &Traffic<'_>) -> bool {
    let hands_over = |step: &Step<'_>| step.reply.handover.as_ref().is_some_and(|handover| handover.succeeds());
    is_let_in(attempt) || attempt.steps(traffic).any(hands_over)
}

/// Whether a person went through a page of the attempt, or it began with one.
fn is_interactive(attempt: &Attempt) -> bool {
    matches!(attempt.kind, Kind::Redirect | Kind::Popup | Kind::Saml | Kind::WsFederation)
}
