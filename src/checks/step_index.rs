//! Steps by what checks look for, so that none has to walk over the whole capture for each failure.

use super::asker_index::ByAsker;
use super::positions::Positions;
use crate::entra::{Endpoint, ErrorCode, Grant, Guid, Known, Step, Tenant, Traffic};
use crate::exchange::hosts::Cloud;
use crate::exchange::{Loss, Secret};
use std::collections::HashMap;

/// The steps of a capture by what they are.
#[derive(Default)]
pub(super) struct StepIndex {
    /// Requests to the sign-in service.
    pub(super) sign_in: Positions,
    /// Pages that show two accounts or more as signed in.
    pub(super) account_tiles: Positions,
    /// Authorization and token requests.
    pub(super) asking: ByAsker,
    /// Those that ask for claims in the access token.
    pub(super) asking_claims: ByAsker,
    /// Token requests that turn a code in.
    pub(super) codes: Positions,
    /// The first request that turns in each code.
    pub(super) first_use: HashMap<Known, usize>,
    /// The first request that turns in a code which somebody took out of the capture.
    pub(super) untold_code: Option<usize>,
    /// The first token request without a body.
    pub(super) unreadable_token: Option<usize>,
    /// Requests to the Microsoft account service.
    pub(super) microsoft_account: Positions,
    /// The first token of a personal account.
    pub(super) personal_token: Option<usize>,
    /// Passwords that were sent.
    pub(super) passwords: Positions,
    /// The first of them whose answer was not recorded.
    pub(super) lost_password_page: Option<usize>,
    /// Passwords that were refused.
    pub(super) refused_passwords: Positions,
    /// The last password that the page posted in each sign-in, by the sign-in's own state and the person.
    last_password: HashMap<(Known, Known), usize>,
    /// Passwords that the page posted once more in the same sign-in, each with the one before, which was answered with a page
    /// that is lost: it was refused.
    pub(super) repeated_passwords: Vec<(usize, usize)>,
    /// The first token that tells each home directory.
    pub(super) homes: HashMap<Guid, usize>,
    /// The first metadata of each tenant.
    pub(super) metadata: HashMap<Tenant, usize>,
    /// The first authorization request to the hosts of each cloud.
    pub(super) first_of_cloud: HashMap<Cloud, usize>,
    /// The first reply that gives out tokens of each tenant.
    pub(super) tokens_of_tenant: HashMap<Tenant, usize>,
    /// The preflights to each address.
    pub(super) preflights: HashMap<String, Positions>,
    /// Replies that give out an access token for scopes that the request names.
    pub(super) tokens_for_scopes: Positions,
    /// The first reply that gives out each access token.
    pub(super) givers: HashMap<Known, usize>,
    /// Requests with the library's telemetry.
    pub(super) telemetry: Positions,
    /// Replies with a `Date`, and by how many seconds it is ahead of the recorder's clock.
    pub(super) dated: Vec<(usize, i64)>,
    /// The middle of those differences.
    pub(super) clock_offset: Option<i64>,
    /// By entry, why what was posted is not there.
    pub(super) unread: HashMap<usize, Loss>,
    /// Accounts that were taken off the service's list.
    pub(super) forgotten: Positions,
    /// Steps that open or confirm a session.
    pub(super) sessions: Positions,
    /// The same by session.
    pub(super) of_session: HashMap<Known, Positions>,
}

impl StepIndex {
    pub(super) fn of(traffic: &Traffic<'_>) -> Self {
        let mut index = Self::default();
        for (at, step) in traffic.steps.iter().enumerate() {
            index.add_request(at, step, traffic);
            index.add_reply(at, step);
        }
        let mut offsets: Vec<i64> = index.dated.iter().map(|(_, offset)| *offset).collect();
        offsets.sort_unstable();
        index.clock_offset = offsets.get(offsets.len() / 2).copied();
        index
    }

    fn add_request(&mut self, at: usize, step: &Step<'_>, traffic: &Traffic<'_>) {
        if let Some(loss) = step.exchange.request.body.loss().filter(|_| step.method == "POST") {
            self.unread.insert(step.entry, loss);
        }
        let token = step.endpoint == Endpoint::Token;
        if step.is_sign_in() {
            self.sign_in.push(at);
        }
        if step.endpoint == Endpoint::Authorize
            && let Some(host) = step.host
        {
            self.first_of_cloud.entry(host.cloud).or_insert(at);
        }
        if token || step.endpoint == Endpoint::Authorize {
            self.asking.push(at, step, traffic);
            if step.asks_access_token_claims() {
                self.asking_claims.push(at, step, traffic);
            }
        }
        if token && let Some(code) = step.params.get("code") {
            self.codes.push(at);
            match code.told() {
                Some(code) => *self.first_use.entry(code).or_insert(at),
                None => *self.untold_code.get_or_insert(at),
            };
        }
        if token && step.method == "POST" && !step.params.has("grant_type") {
            self.unreadable_token.get_or_insert(at);
        }
        if step.visits_microsoft_account() {
            self.microsoft_account.push(at);
        }
        if step.endpoint == Endpoint::Login || step.grant() == Some(Grant::Password) {
            self.passwords.push(at);
            if step.exchange.response.body.loss().is_some() {
                self.lost_password_page.get_or_insert(at);
            }
        }
        if step.endpoint == Endpoint::Login && step.params.has("passwd") {
            self.add_password(at, step, traffic);
        }
        if step.method == "OPTIONS" {
            self.preflights.entry(step.exchange.request.url.without_fragment().to_owned()).or_default().push(at);
        }
        if step.forgets_account() {
            self.forgotten.push(at);
        }
        if step.params.has("x-client-last-telemetry") {
            self.telemetry.push(at);
        }
    }

    fn add_password(&mut self, at: usize, step: &Step<'_>, traffic: &Traffic<'_>) {
        let told = |secret: Option<Secret>| secret.and_then(|secret| secret.told());
        let Some(sign_in) = told(step.ctx()).zip(told(step.person())) else { return };
        let is_lost_page = |step: &Step<'_>| step.status == Some(200) && step.exchange.response.body.loss().is_some();
        let before = self.last_password.insert(sign_in, at);
        if let Some(before) = before.filter(|&before| traffic.steps.get(before).is_some_and(is_lost_page)) {
            self.repeated_passwords.push((at, before));
        }
    }

    fn add_reply(&mut self, at: usize, step: &Step<'_>) {
        if let Some(token) = step.tokens().and_then(|tokens| tokens.access_token_value.as_ref()?.told()) {
            self.givers.entry(token).or_insert(at);
        }
        if step.reply.page.as_ref().and_then(|page| page.signed_in).is_some_and(|count| count >= 2) {
            self.account_tiles.push(at);
        }
        if step.reply.failures.iter().any(|failure| failure.code() == Some(ErrorCode::WRONG_PASSWORD)) {
            self.refused_passwords.push(at);
        }
        if let (Some(_), Some(tenant), Endpoint::Metadata) = (step.reply.cloud, &step.tenant, step.endpoint) {
            self.metadata.entry(tenant.clone()).or_insert(at);
        }
        if let (Some(date), Some(started)) = (step.date(), step.started) {
            self.dated.push((at, (date - started).num_seconds()));
        }
        if let Some(session) = step.session() {
            self.sessions.push(at);
            if let Some(session) = session.told() {
                self.of_session.entry(session).or_default().push(at);
            }
        }
        let Some(tokens) = step.tokens() else { return };
        for tenant in tokens.claims().filter_map(|claims| claims.tenant.as_ref()).filter(|_| step.host.is_some()) {
            self.tokens_of_tenant.entry(Tenant::from_id(tenant)).or_insert(at);
        }
        if let Some(home) = &tokens.home_tenant {
            self.homes.entry(home.clone()).or_insert(at);
        }
        if step.gives_personal_token() {
            self.personal_token.get_or_insert(at);
        }
        if step.params.has("scope") && tokens.access_token.is_some() {
            self.tokens_for_scopes.push(at);
        }
    }
}
