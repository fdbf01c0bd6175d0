//! What joins a step to the attempt that it belongs to: one lookup a key.

use super::Attempt;
use super::assertions::Assertions;
use super::metadata::{self, MetadataUse};
use super::open_codes::OpenCodes;
use super::open_pages::OpenPages;
use super::settle::{is_pending, is_step};
use crate::entra::{Endpoint, ErrorCode, Grant, Guid, Handed, Known, NoAnswer, Params, Step, Traffic};
use crate::exchange::hosts::sign_in_host;
use crate::exchange::{Secret, Written};
use std::collections::{HashMap, HashSet};

/// Parameters that an application sends along and gets back: OAuth 2.0, SAML, WS-Federation.
const STATES: [&str; 3] = ["state", "RelayState", "wctx"];

/// Which attempt each key is of.
#[derive(Default)]
pub(super) struct Keys {
    state: HashMap<Known, usize>,
    /// What was handed to the application: codes, assertions, tokens.
    handed: HashMap<Known, usize>,
    /// SAML requests by their id.
    saml: HashMap<String, usize>,
    /// What an application asked to stand in its ID token (`nonce`).
    nonce: HashMap<Known, usize>,
    ctx: HashMap<Known, usize>,
    /// Where a step redirected to, and whether the sign-in service did it.
    redirected_to: HashMap<Written, (usize, bool)>,
    address: HashMap<Written, usize>,
    /// Where applications receive replies, by origin and path.
    receiver: HashMap<(String, String), usize>,
    correlation: HashMap<Guid, usize>,
    /// The attempt that began last at each host.
    begun_at: HashMap<String, usize>,
    /// The last attempt that failed with a code, and the correlation id that its reply named.
    failed_with: HashMap<ErrorCode, (usize, Option<Guid>)>,
    /// Device codes, and what people type in their place.
    device: HashMap<Known, usize>,
    /// The codes that were handed to applications, and the device codes.
    open_codes: OpenCodes,
    open_device_codes: OpenCodes,
    /// The attempt that last waited for its device code to be typed in.
    open_device: Option<usize>,
    /// Token requests that were asked for a proof of the device's key, by address and refresh token.
    challenged: HashMap<(Written, Known), usize>,
    /// Those of them whose refresh token was taken out of the capture.
    challenged_untold: HashSet<usize>,
    /// The attempts that got tokens from the token endpoint.
    served: HashSet<usize>,
    /// The attempts whose pages people are on.
    pub(super) open_pages: OpenPages,
    /// What programs got from the identity providers of tenants.
    pub(super) assertions: Assertions,
    /// Where each host answered last.
    last_answer: HashMap<String, usize>,
    /// The attempt that found a host out of reach.
    unreachable: HashMap<String, usize>,
    /// What pages did with the metadata that they asked for.
    metadata: MetadataUse,
    /// The attempt that found no metadata that its page takes, by host and page.
    without_metadata: HashMap<(String, Option<String>), usize>,
}

/// What an application is handed and no other reply holds too.
fn handed_in(params: &Params) -> impl Iterator<Item = Known> {
    Handed::of(params).filter(|handed| handed.is_unique()).filter_map(|handed| params.get(handed.name())?.told())
}

/// Whether somebody took out of the capture what would tell whose reply an application received.
fn is_untold(params: &Params) -> bool {
    let state = STATES.iter().find_map(|name| params.get(name));
    let handed = || Handed::of(params).filter_map(|handed| params.get(handed.name()));
    state.map_or_else(|| handed().any(Secret::is_stand_in), Secret::is_stand_in)
}

/// Whether a program that polled with a device code got its answer.
fn ends_polling(step: &Step<'_>) -> bool {
    step.tokens().is_some() || step.reply.failures.iter().any(|failure| !is_pending(failure))
}

impl Keys {
    pub(super) fn of(traffic: &Traffic<'_>) -> Self {
        let mut keys = Self { metadata: MetadataUse::of(traffic), ..Self::default() };
        for (at, step) in traffic.steps.iter().enumerate().filter(|(_, step)| step.is_sign_in() && step.status.is_some()) {
            keys.last_answer.insert(step.host_name().to_owned(), at);
        }
        keys
    }

    /// An authorization request that the service itself sent the browser back to (the `sso_nonce` bounce,
    /// `sso_reload`), or the reload of a page that is still open: no new attempt.
    pub(super) fn bounced(&self, step: &Step<'_>, attempts: &[Attempt]) -> Option<usize> {
        self.by_service_redirect(step).or_else(|| {
            let index = self.state.get(&step.params.get("state")?.told()?).copied()?;
            let attempt = attempts.get(index)?;
            let same = attempt.client == step.client() && (step.params.has("sso_nonce") || step.params.has("sso_reload"));
            same.then_some(index)
        })
    }

    /// Whether a request failed on its way to a host that answers nothing in the capture from then on.
    pub(super) fn is_unreachable(&self, step: &Step<'_>, at: usize) -> bool {
        let failed = NoAnswer::of(step.exchange).is_some_and(|why| why != NoAnswer::Left);
        step.status.is_none() && failed && self.last_answer.get(step.host_name()).is_none_or(|&last| last < at)
    }

    /// Whether the service could not serve a request, and its host answers nothing in the capture from then on.
    pub(super) fn is_left_at(&self, step: &Step<'_>, at: usize) -> bool {
        step.is_service_error() && self.last_answer.get(step.host_name()) == Some(&at)
    }

    pub(super) fn by_service_redirect(&self, step: &Step<'_>) -> Option<usize> {
        self.redirected_to.get(&step.address_key()).filter(|(_, by_service)| *by_service).map(|(index, _)| *index)
    }

    pub(super) fn by_redirect(&self, step: &Step<'_>) -> Option<usize> {
        self.redirected_to.get(&step.address_key()).map(|(index, _)| *index)
    }

    /// The attempt whose reply was posted to the application, where only that is known of it.
    pub(super) fn by_receiver(&self, step: &Step<'_>) -> Option<usize> {
        self.receiver.get(&step.receiver()?).copied().filter(|_| step.is_body_unread() || is_untold(&step.params))
    }

    /// The attempt that gave the application the code which it turns in, where somebody took one of the two out, or where the code
    /// was altered on its way.
    pub(super) fn by_open_code(&self, step: &Step<'_>) -> Option<usize> {
        let client = step.client()?;
        let code = step.params.get("code")?;
        self.open_codes.only(&client, code).or_else(|| self.open_codes.altered(&client, code))
    }

    pub(super) fn by_device_code(&self, step: &Step<'_>) -> Option<usize> {
        let code = step.polled_device_code()?;
        let by_code = code.told().and_then(|code| self.device.get(&code)).copied();
        by_code.or_else(|| {
            let client = step.client()?;
            self.open_device_codes.only(&client, code)
        })
    }

    /// The attempt whose reply a tenant takes that had sent the person to another tenant to sign in, as an application would, and
    /// the attempt at the first of them, which goes on.
    pub(super) fn taken_by_service(&self, step: &Step<'_>) -> Option<(usize, usize)> {
        let inner = step.returns_to_service().and_then(|place| self.receiver.get(&place)).copied()?;
        let told = step.reply.page.as_ref().and_then(|page| self.correlation.get(page.correlation_id.as_ref()?));
        let outer = told.or_else(|| self.begun_at.get(step.host_name())).copied()?;
        (inner != outer).then_some((inner, outer))
    }

    pub(super) fn by_state(&self, step: &Step<'_>) -> Option<usize> {
        let key = STATES.iter().find_map(|name| step.params.get(name))?;
        self.state.get(&key.told()?).copied()
    }

    /// The attempt whose own state the reply gives back to the application.
    pub(super) fn by_state_handed_back(&self, step: &Step<'_>) -> Option<usize> {
        let params = &step.reply.handover.as_ref()?.params;
        STATES.iter().find_map(|name| self.state.get(&params.get(name)?.told()?)).copied()
    }

    pub(super) fn by_handed(&self, step: &Step<'_>) -> Option<usize> {
        let in_json = || self.handed.get(&step.code_in_json()?.told()?);
        handed_in(&step.params).find_map(|value| self.handed.get(&value)).or_else(in_json).copied()
    }

    /// The attempt whose own nonce stands in the ID token that came back, whether or not the posted code was recorded.
    pub(super) fn by_nonce(&self, step: &Step<'_>) -> Option<usize> {
        self.nonce.get(&step.tokens()?.id_token.as_ref()?.nonce.as_ref()?.told()?).copied()
    }

    pub(super) fn by_saml(&self, step: &Step<'_>) -> Option<usize> {
        self.saml.get(step.saml_response.as_ref()?.answers.as_ref()?).copied()
    }

    /// The same token request once more, after the service asked for a proof of the device's key.
    pub(super) fn by_challenge(&self, step: &Step<'_>) -> Option<usize> {
        match step.params.get("refresh_token")?.told() {
            Some(token) => self.challenged.get(&(step.address_key(), token)).copied(),
            None => self.by_correlation(step).filter(|index| self.challenged_untold.contains(index)),
        }
    }

    pub(super) fn by_ctx(&self, step: &Step<'_>) -> Option<usize> {
        [step.ctx_sent(), step.ctx_shown()].into_iter().flatten().find_map(|ctx| self.ctx.get(&ctx.told()?)).copied()
    }

    pub(super) fn by_referer(&self, step: &Step<'_>) -> Option<usize> {
        self.address.get(&step.referer_key()?).copied()
    }

    /// The attempt whose error an application repeats: the same correlation id, else the last one that failed
    /// with the same code, unless another id or a `state` that no request had sent shows that it is another one's.
    pub(super) fn by_failure(&self, step: &Step<'_>) -> Option<usize> {
        let other_state = step.params.get("state").is_some_and(|state| !state.is_stand_in()) && self.by_state(step).is_none();
        step.reply.failures.iter().find_map(|failure| {
            let by_id = failure.correlation_id.as_ref().and_then(|id| self.correlation.get(id)).copied();
            let by_code = || {
                let (index, id) = self.failed_with.get(&failure.code()?)?;
                let other_id = matches!((id, &failure.correlation_id), (Some(one), Some(other)) if one != other);
                (!other_id && !other_state).then_some(*index)
            };
            by_id.or_else(by_code)
        })
    }

    pub(super) fn by_correlation(&self, step: &Step<'_>) -> Option<usize> {
        self.correlation.get(&step.correlation_id()?).copied()
    }

    /// The attempt whose correlation id the reply names: its error does, or its page.
    pub(super) fn by_correlation_of_reply(&self, step: &Step<'_>) -> Option<usize> {
        let of_page = step.reply.page.as_ref().and_then(|page| page.correlation_id.as_ref());
        let of_failures = step.reply.failures.iter().filter_map(|failure| failure.correlation_id.as_ref());
        of_failures.chain(of_page).find_map(|id| self.correlation.get(id)).copied()
    }

    /// The attempt whose device code a person types in.
    pub(super) fn by_typed_code(&self, step: &Step<'_>) -> Option<usize> {
        step.typed_device_code().and_then(|code| self.device.get(&code.told()?).copied())
    }

    /// The attempt that waits for its device code to be typed in.
    pub(super) fn awaiting_typing(&self) -> Option<usize> {
        self.open_device
    }

    /// The attempt that found the host of a request out of reach.
    pub(super) fn by_unreachable_host(&self, step: &Step<'_>) -> Option<usize> {
        self.unreachable.get(step.host_name()).copied()
    }

    /// Whether the page that asked for metadata got none that it takes, and began nothing.
    pub(super) fn is_metadata_refused(&self, step: &Step<'_>, at: usize) -> bool {
        self.metadata.is_refused(step, at)
    }

    /// The attempt of the same page that got none before.
    pub(super) fn by_refused_metadata(&self, step: &Step<'_>) -> Option<usize> {
        self.without_metadata.get(&metadata::key(step)).copied()
    }

    /// Whether an attempt got tokens from the token endpoint.
    pub(super) fn is_served(&self, index: usize) -> bool {
        self.served.contains(&index)
    }

    /// Notes what a step of an attempt tells of those that follow it.
    pub(super) fn learn(&mut self, step: &Step<'_>, index: usize, attempts: &[Attempt], traffic: &Traffic<'_>) {
        self.assertions.learn(step, index);
        self.learn_parameters(step, index);
        self.learn_codes(step, index, attempts);
        self.learn_addresses(step, index);
        self.learn_ids(step, index, traffic);
        self.learn_failures(step, index);
        self.learn_device_codes(step, index);
        self.learn_proof(step, index);
        self.learn_pages(step, index, traffic);
        // With tokens, also where the body that held them is lost.
        if step.endpoint == Endpoint::Token && step.method == "POST" && step.status == Some(200) {
            self.served.insert(index);
        }
    }

    /// What an application sends along, and what it is handed.
    fn learn_parameters(&mut self, step: &Step<'_>, index: usize) {
        let begins_or_receives =
            !matches!(step.endpoint, Endpoint::MicrosoftAccount | Endpoint::MicrosoftAccountAuthorize | Endpoint::Federation);
        if begins_or_receives || step.asks_microsoft_account() {
            let told = STATES.iter().filter_map(|name| step.params.get(name)?.told());
            self.state.extend(told.map(|state| (state, index)));
        }
        let handed = step.reply.handover.as_ref().map(|handover| &handover.params);
        let received = (step.endpoint == Endpoint::AppCallback).then_some(&step.params);
        self.handed.extend(handed.into_iter().chain(received).flat_map(handed_in).map(|value| (value, index)));
        self.saml.extend(step.saml.as_ref().and_then(|request| request.id.clone()).map(|id| (id, index)));
        let nonce = step.params.get("nonce").filter(|_| step.endpoint == Endpoint::Authorize);
        self.nonce.extend(nonce.and_then(Secret::told).map(|nonce| (nonce, index)));
        self.ctx.extend([step.ctx_sent(), step.ctx_shown()].into_iter().flatten().filter_map(|ctx| Some((ctx.told()?, index))));
    }

    /// Where it went, where it leads, and where the application receives what comes of it.
    fn learn_addresses(&mut self, step: &Step<'_>, index: usize) {
        if step.endpoint.begins_attempt() {
            self.begun_at.insert(step.host_name().to_owned(), index);
        }
        if step.endpoint == Endpoint::Metadata && step.status.is_none() {
            self.unreachable.insert(step.host_name().to_owned(), index);
        }
        if step.metadata_flaw().is_some() {
            self.without_metadata.insert(metadata::key(step), index);
        }
        self.redirected_to.extend(step.redirect_key().map(|target| (target, (index, step.is_sign_in()))));
        self.address.insert(step.address_key(), index);
        self.receiver.extend(step.receivers().map(|receiver| (receiver, index)));
    }

    /// The correlation ids of a request and its reply.
    fn learn_ids(&mut self, step: &Step<'_>, index: usize, traffic: &Traffic<'_>) {
        let tells = |id: &Guid| traffic.tells_id(id);
        // A later attempt with the same id (MSAL's refresh and the frame that follows it) takes over.
        self.correlation.extend(step.correlation_id().filter(tells).map(|id| (id, index)));
        let of_failures = step.reply.failures.iter().filter_map(|failure| failure.correlation_id.clone());
        let of_page = step.reply.page.as_ref().and_then(|page| page.correlation_id.clone());
        for id in of_failures.chain(of_page).filter(tells) {
            self.correlation.entry(id).or_insert(index);
        }
    }

    fn learn_failures(&mut self, step: &Step<'_>, index: usize) {
        for failure in &step.reply.failures {
            if let Some(code) = failure.code().filter(|_| !is_step(step, failure)) {
                self.failed_with.insert(code, (index, failure.correlation_id.clone()));
            }
        }
    }

    /// The device code of a program, and what a person types in its place.
    fn learn_device_codes(&mut self, step: &Step<'_>, index: usize) {
        let given = step.reply.device.as_ref();
        let polled = step.polled_device_code();
        let codes = given.into_iter().flat_map(|given| [Some(&given.device_code), given.user_code.as_ref()]).chain([polled]);
        self.device.extend(codes.flatten().filter_map(|code| Some((code.told()?, index))));
        if given.is_some() || polled.is_some() {
            self.open_device = step.tokens().is_none().then_some(index);
        }
    }

    /// That the service asks for a proof of the device's key, and where.
    fn learn_proof(&mut self, step: &Step<'_>, index: usize) {
        if !step.reply.asks_device_proof {
            return;
        }
        self.redirected_to.extend(step.reply.device_proof.clone().map(|proof| (proof, (index, true))));
        match step.params.get("refresh_token").map(Secret::told) {
            Some(Some(token)) => {
                self.challenged.insert((step.address_key(), token), index);
            }
            Some(None) => {
                self.challenged_untold.insert(index);
            }
            None => {}
        }
    }

    /// The pages that people are on.
    fn learn_pages(&mut self, step: &Step<'_>, index: usize, traffic: &Traffic<'_>) {
        let shows_page = step.reply.handover.is_none() && step.reply.redirect.is_none() && step.endpoint != Endpoint::Token;
        if step.is_sign_in() && shows_page {
            self.open_pages.show(index, step, traffic);
        }
        // Nobody goes on from a page that has handed its reply to the application.
        let target = step.reply.handover.as_ref().and_then(|handover| handover.target.as_ref());
        if target.is_some_and(|target| sign_in_host(&target.host).is_none()) {
            self.open_pages.close(index, step, traffic);
        }
    }

    /// Which codes applications hold.
    fn learn_codes(&mut self, step: &Step<'_>, index: usize, attempts: &[Attempt]) {
        let handed = step.reply.handover.as_ref().and_then(|handover| handover.params.get("code"));
        let given = step.reply.device.as_ref().map(|given| &given.device_code);
        let turned_in = step.params.get("code").filter(|_| step.grant() == Some(Grant::AuthorizationCode));
        let polled = step.polled_device_code();
        if [handed, given, turned_in, polled].iter().all(Option::is_none) {
            return;
        }
        let of_attempt = || attempts.get(index)?.client.clone();
        let Some(client) = step.client().or_else(of_attempt) else { return };
        if let Some(code) = handed {
            self.open_codes.give(index, client.clone(), code);
        }
        if let Some(code) = turned_in {
            self.open_codes.take(index, &client, code);
        }
        match polled {
            Some(code) if ends_polling(step) => self.open_device_codes.take(index, &client, code),
            Some(code) => self.open_device_codes.hold(index, client.clone(), code),
            None => {}
        }
        if let Some(code) = given {
            self.open_device_codes.give(index, client, code);
        }
    }
}
