//! The sign-in traffic of a capture: [`Traffic::read`] decodes every exchange that was kept whole, and numbers who and
//! what comes in them.

use super::client::Anchor;
use super::client_id::ClientId;
use super::document::is_document;
use super::endpoint::Endpoint;
use super::excerpt::{self, Names};
use super::params::Address;
use super::posted_reply::PostedReplies;
use super::recording::Recording;
use super::shared_ids;
use super::stand_in;
use super::step::Step;
use super::tenant::Guid;
use crate::capture::Capture;
use crate::exchange::Written;
use crate::exchange::hosts::{Service, sign_in_host};
use std::collections::HashSet;

/// The sign-in traffic of a capture, decoded.
#[non_exhaustive]
pub struct Traffic<'c> {
    /// The capture.
    pub capture: &'c Capture,
    /// What the capture can show.
    pub recording: Recording,
    /// Every exchange that was kept whole, in the order of time.
    pub steps: Vec<Step<'c>>,
    /// Whether replies of the service in this capture have the headers that it alone sets.
    tells_whose_reply: bool,
    /// Whether the sign-in service was asked by more than one browser.
    has_several_browsers: bool,
    /// Ids that somebody wrote in the place of several, lower case.
    shared_ids: HashSet<String>,
    /// Who and what is known by number.
    pub names: Names,
}

impl<'c> Traffic<'c> {
    /// Decodes a capture.
    pub fn read(capture: &'c Capture) -> Self {
        let recording = Recording::of(capture);
        let mut posted = PostedReplies::default();
        let mut steps: Vec<Step<'c>> =
            capture.exchanges.iter().filter(|exchange| exchange.kept_whole).map(|exchange| Step::read(exchange, &recording)).collect();
        steps.iter_mut().for_each(|step| posted.follow(step));
        let shared_ids = shared_ids::mark_shared(&mut steps);
        let is_own = |step: &Step<'_>| step.tokens().is_some() || step.reply.page.is_some();
        let tells_whose_reply = !steps.iter().any(|step| step.at_entra() && is_own(step) && !step.is_answered_by_service());
        let mut browsers = steps.iter().filter(|step| step.is_sign_in()).filter_map(Step::browser_key);
        let first = browsers.next();
        // A browser that records itself may call itself otherwise for a while (the device mode of developer tools).
        let has_several_browsers = !capture.exporter.is_browser() && browsers.any(|browser| Some(browser) != first);
        let mut traffic = Self { capture, recording, steps, tells_whose_reply, has_several_browsers, shared_ids, names: Names::default() };
        traffic.name_everybody();
        traffic
    }

    /// Whether something in between, a proxy or a filter, answered in the place of the sign-in service: nothing in the answer is
    /// the service's own, and it asks for the proxy's credentials, refuses, leads elsewhere or is a page where tokens are due.
    pub fn is_answered_by_another(&self, step: &Step<'_>) -> bool {
        let is_asked = step.endpoint.begins_attempt() || step.endpoint == Endpoint::Token || step.endpoint.continues_interactively();
        if !step.at_entra() || !is_asked || !step.reply.failures.is_empty() {
            return false;
        }
        // RFC 9110 §15.5.8.
        if step.status == Some(407) {
            return true;
        }
        let leads_elsewhere = || {
            let is_of_protocol = |target: &Address| ["wtrealm", "SAMLRequest"].iter().any(|name| target.params.has(name));
            let elsewhere = |target: &Address| !target.host.is_empty() && sign_in_host(&target.host).is_none() && !is_of_protocol(target);
            step.endpoint != Endpoint::Logout && step.reply.handover.is_none() && step.reply.redirect.as_ref().is_some_and(elsewhere)
        };
        let is_page = || step.exchange.response.body.kept().is_some_and(|body| body.raw().trim_start().starts_with('<'));
        let bears_no_sign = || self.tells_whose_reply && !step.is_answered_by_service();
        match (step.endpoint, step.status) {
            // The token endpoint gives out JSON and redirects nobody.
            (Endpoint::Token, Some(200..300)) => is_page() && !step.reply.sealed_token,
            (Endpoint::Token, Some(300..400)) => true,
            (_, Some(300..400)) => leads_elsewhere() && bears_no_sign(),
            (_, Some(429)) => false,
            (_, Some(400..500)) => bears_no_sign() && !step.is_refused_unread(),
            _ => false,
        }
    }

    /// Which browser made a request, where the capture has several and the request tells: none has the cookies of another.
    pub fn browser_of(&self, step: &Step<'_>) -> Option<Written> {
        if self.has_several_browsers { step.browser_key() } else { None }
    }

    /// Whether sign-in traffic went through tunnels that the recorder did not look into.
    pub fn has_closed_tunnels(&self) -> bool {
        self.capture.exchanges.iter().any(|exchange| {
            &*exchange.request.method == "CONNECT"
                && exchange
                    .request
                    .url
                    .host()
                    .and_then(|host| sign_in_host(&host))
                    .is_some_and(|host| host.service != Service::StaticAssets)
        })
    }

    /// Whether an id tells one application from another: not where somebody wrote it in the place of others.
    pub(super) fn tells_client(&self, client: &ClientId) -> bool {
        !client.is_stand_in() && client.guid().is_none_or(|id| self.tells_id(id))
    }

    /// Whether an id tells one thing from another, as an application's does.
    pub(crate) fn tells_id(&self, id: &Guid) -> bool {
        !stand_in::is_one(id.as_str()) && !self.shared_ids.contains(id.as_str())
    }

    /// Whether there is nothing but documents: a list of requests that was filtered before it was saved.
    pub fn holds_only_documents(&self) -> bool {
        self.capture.exchanges.iter().all(is_document)
    }

    /// How many exchanges went to the sign-in service, probes and assets left out.
    pub fn sign_in_exchanges(&self) -> usize {
        self.steps.iter().filter(|step| step.is_sign_in()).count()
    }

    fn name_everybody(&mut self) {
        let names = &mut self.names;
        for step in &self.steps {
            let handed = step.reply.handover.iter().flat_map(|handover| handover.params.iter());
            for param in step.params.iter().chain(handed) {
                if let Some(kind) = excerpt::secret_kind(&param.name) {
                    names.labels.add(kind, &param.value);
                }
            }
            if let Some(name) = step.person() {
                names.accounts.by_name(name.expose());
            }
            match step.anchor() {
                Some(Anchor::Username(name)) => {
                    names.accounts.by_name(name.expose());
                }
                Some(Anchor::ObjectId { account, tenant }) => {
                    names.accounts.by_object_id(&account, Some(&tenant));
                    // Beside the id of a cached account MSAL sends no other name than that account's.
                    if let Some(name) = step.params.get("login_hint").filter(|name| name.expose().contains('@')) {
                        names.accounts.join(Some(name), Some(&account), Some(&tenant));
                    }
                }
                None => {}
            }
            if let Some(claims) = step.assertion().or_else(|| step.id_token_hint()) {
                names.accounts.join(claims.username.as_ref(), claims.object_id.as_ref(), None);
            }
            if let Some(tokens) = &step.reply.tokens {
                for claims in tokens.claims() {
                    if let Some(session) = &claims.session {
                        names.labels.add("session", session);
                    }
                    let home = tokens.home_tenant.clone().or_else(|| claims.home());
                    names.accounts.join(claims.username.as_ref(), claims.object_id.as_ref(), home.as_ref());
                }
                let uid = tokens.home_account.as_ref();
                let name = tokens.claims().find_map(|claims| claims.username.as_ref());
                names.accounts.join(name, uid, tokens.home_tenant.as_ref());
            }
        }
    }
}
