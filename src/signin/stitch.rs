//! Which steps belong together.
//!
//! Keys first, guesses last: a code, a `state`, the sign-in's own context (`ctx`), a redirect's target, the
//! `Referer`, the correlation id; only where none of them is there, the sign-in page that is still open.
//! One pass, one lookup a key: linear in the traffic.

use super::assertions::Assertions;
use super::kind::Kind;
use super::open_codes::OpenCodes;
use super::open_pages::OpenPages;
use super::settle::{is_pending, is_step};
use super::{Attempt, Outcome};
use crate::entra::{Endpoint, ErrorCode, Grant, Guid, Handed, Known, NoAnswer, Params, Step, Tenant, Traffic, is_part_of_page};
use crate::exchange::hosts::{Service, sign_in_host};
use crate::exchange::{Secret, Written};
use std::collections::{HashMap, HashSet};

/// Parameters that an application sends along and gets back: OAuth 2.0, SAML, WS-Federation.
const STATES: [&str; 3] = ["state", "RelayState", "wctx"];

#[derive(Default)]
struct Keys {
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
    open_pages: OpenPages,
    /// What programs got from the identity providers of tenants.
    assertions: Assertions,
    /// Where each host answered last.
    last_answer: HashMap<String, usize>,
    /// The attempt that found a host out of reach.
    unreachable: HashMap<String, usize>,
}

/// What an application is handed and no other reply holds too.
fn handed_in(params: &Params) -> impl Iterator<Item = Known> {
    Handed::of(params).filter(|handed| handed.is_unique()).filter_map(|handed| params.get(handed.name())?.told())
}

pub(super) fn stitch(traffic: &Traffic<'_>) -> Vec<Attempt> {
    let mut attempts: Vec<Attempt> = Vec::new();
    let mut keys = Keys::default();
    for (at, step) in traffic.steps.iter().enumerate().filter(|(_, step)| step.is_sign_in() && step.status.is_some()) {
        keys.last_answer.insert(step.host_name().to_owned(), at);
    }
    // Steps of an application that led to a sign-in, before the attempt they led to exists.
    let mut leading: HashMap<Written, usize> = HashMap::new();
    for (at, step) in traffic.steps.iter().enumerate() {
        keys.assertions.look_up(step);
        let found = match belongs_to(at, step, &keys, &attempts, traffic) {
            Belongs::To(attempt) => Some(attempt),
            Belongs::ToNone => None,
            Belongs::Begins => {
                let id = attempts.len() + 1;
                let led_here = leading.remove(&step.address_key());
                attempts.push(begin(id, at, step, led_here));
                Some(id - 1)
            }
        };
        if let Some(attempt) = keys.taken_by_service(step).and_then(|(inner, _)| attempts.get_mut(inner)) {
            attempt.outcome = Outcome::Succeeded;
        }
        match found {
            Some(index) => {
                if let Some(attempt) = attempts.get_mut(index).filter(|attempt| attempt.steps.last() != Some(&at)) {
                    attempt.steps.push(at);
                }
                if let Some(attempt) =
                    attempts.get_mut(index).filter(|attempt| attempt.client.is_none() && keys.assertions.turned_in(step) == Some(index))
                {
                    attempt.tenant = step.tenant.clone();
                    attempt.client = step.client();
                }
                keys.learn(step, index, &attempts, traffic);
            }
            None => {
                if let Some(target) = step.redirect_key().filter(|_| step.leads_to_sign_in()) {
                    leading.insert(target, at);
                }
            }
        }
    }
    attempts
}

fn begin(id: usize, at: usize, step: &Step<'_>, led_here: Option<usize>) -> Attempt {
    Attempt {
        id,
        kind: Kind::of(step),
        tenant: step.tenant.clone().or_else(|| tenant_of_host(step)),
        client: step.client(),
        resolved_tenant: None,
        correlation_id: step.correlation_id(),
        account: None,
        steps: led_here.into_iter().collect(),
        begin: at,
        outcome: Outcome::Unknown,
        failures: Vec::new(),
    }
}

/// Hosts of B2C and External ID name the tenant in their first label where the path does not.
fn tenant_of_host(step: &Step<'_>) -> Option<Tenant> {
    let (tenant, rest) = step.address.as_ref()?.host.split_once('.')?;
    let is_tenants_own = matches!(step.host?.service, Service::B2c | Service::ExternalId) && sign_in_host(rest).is_none();
    is_tenants_own.then(|| Tenant::parse(&format!("{tenant}.onmicrosoft.com")))
}

enum Belongs {
    To(usize),
    Begins,
    ToNone,
}

fn belongs_to(at: usize, step: &Step<'_>, keys: &Keys, attempts: &[Attempt], traffic: &Traffic<'_>) -> Belongs {
    let to_or = |found: Option<usize>, otherwise: Belongs| found.map_or(otherwise, Belongs::To);
    // A preflight asks the browser's question, not the application's.
    if step.method == "OPTIONS" || step.method == "CONNECT" {
        return Belongs::ToNone;
    }
    // A server sends to sign in whatever comes without its cookie: browsers fetch a manifest and fonts without cookies.
    if matches!(step.endpoint, Endpoint::Authorize | Endpoint::Saml | Endpoint::WsFederation) && is_part_of_page(step.exchange) {
        return Belongs::ToNone;
    }
    // An error is told even where the request it answers is not in the capture, unless it may be another service's.
    let fails = || {
        let elsewhere = matches!(step.endpoint, Endpoint::App | Endpoint::AppCallback | Endpoint::FederatedProvider);
        step.reply.failures.iter().any(|failure| !is_step(step, failure)) && (!elsewhere || step.receives_reply_of_entra())
    };
    let unclaimed = || if fails() { Belongs::Begins } else { Belongs::ToNone };
    match step.endpoint {
        Endpoint::Authorize | Endpoint::AdminConsent | Endpoint::Saml => to_or(keys.bounced(step, attempts), Belongs::Begins),
        Endpoint::Logout => to_or(keys.by_service_redirect(step), Belongs::Begins),
        Endpoint::DeviceCode => Belongs::Begins,
        Endpoint::DeviceLogin => {
            let typed = step.typed_device_code().and_then(|code| keys.device.get(&code.told()?).copied());
            let found = typed.or_else(|| keys.by_ctx(step)).or_else(|| keys.by_redirect(step)).or_else(|| keys.by_referer(step));
            to_or(found.or(keys.open_device), Belongs::Begins)
        }
        Endpoint::WsFederation if is_ws_federation_request(step) => to_or(keys.by_service_redirect(step), Belongs::Begins),
        Endpoint::WsTrust => to_or(keys.by_correlation(step), Belongs::Begins),
        Endpoint::Token => match step.grant() {
            Some(Grant::AuthorizationCode) | None => {
                let found = keys.by_handed(step).or_else(|| keys.by_nonce(step));
                // What comes after the tokens turns in something else, be its body recorded or not.
                let is_served = |index: &usize| step.grant().is_none() && keys.served.contains(index);
                let awaiting = || keys.by_correlation(step).filter(|&index| awaits_token(attempts, index));
                let found = found.or_else(|| awaiting().filter(|index| !is_served(index)));
                to_or(found.or_else(|| keys.by_open_code(step)), Belongs::Begins)
            }
            Some(Grant::DeviceCode) => to_or(keys.by_device_code(step), Belongs::Begins),
            // A nonce for a proof that follows.
            Some(Grant::ServerChallenge) => Belongs::ToNone,
            Some(Grant::RefreshToken) => to_or(keys.by_challenge(step), Belongs::Begins),
            Some(Grant::SamlBearer | Grant::Saml11Bearer) => to_or(keys.assertions.turned_in(step), Belongs::Begins),
            Some(_) => Belongs::Begins,
        },
        Endpoint::FederatedProvider if step.is_ws_trust() => {
            let begins = keys.assertions.is_for_entra(step);
            to_or(keys.assertions.goes_on(step), if begins { Belongs::Begins } else { Belongs::ToNone })
        }
        Endpoint::AppCallback | Endpoint::NativeClient => {
            let found = keys.by_handed(step).or_else(|| keys.by_saml(step)).or_else(|| keys.by_state(step));
            let found = found.or_else(|| keys.by_redirect(step)).or_else(|| keys.by_receiver(step));
            // A sign-in that begins at the identity provider has no request.
            let otherwise = if step.receives_saml_of_entra() { Belongs::Begins } else { unclaimed() };
            to_or(found.or_else(|| keys.by_failure(step)), otherwise)
        }
        Endpoint::App => {
            let redirected = keys.by_redirect(step);
            // The reply led to a page that tells of an error.
            let told = redirected.filter(|_| step.reply.told_by_page.is_some());
            let failed = || redirected.or_else(|| keys.by_handed(step)).or_else(|| keys.by_failure(step));
            // The page has its server turn the code in, and the server does not.
            let not_taken = || keys.by_handed(step).filter(|_| step.hands_code_on() && step.status.is_some_and(|status| status >= 400));
            to_or(told.or_else(|| failed().filter(|_| !step.reply.failures.is_empty())).or_else(not_taken), unclaimed())
        }
        // A host that cannot be reached shows in its metadata, before any sign-in begins; so does a tenant that does not exist.
        Endpoint::Metadata if keys.is_unreachable(step, at) || keys.is_left_at(step, at) => {
            to_or(keys.unreachable.get(step.host_name()).copied(), Belongs::Begins)
        }
        Endpoint::Metadata => unclaimed(),
        Endpoint::Probe => Belongs::ToNone,
        Endpoint::MicrosoftAccountAuthorize if step.asks_microsoft_account() => to_or(keys.by_redirect(step), Belongs::Begins),
        endpoint => {
            let returned = || keys.taken_by_service(step).map(|(_, outer)| outer);
            let found = keys.by_ctx(step).or_else(returned).or_else(|| keys.by_redirect(step)).or_else(|| keys.by_referer(step));
            let found = found.or_else(|| keys.by_correlation(step)).or_else(|| keys.by_state_handed_back(step));
            let found = found.or_else(|| keys.by_correlation_of_reply(step));
            // What a federated identity provider sends back comes to the endpoint of WS-Federation.
            let goes_on = endpoint.continues_interactively() || endpoint == Endpoint::WsFederation;
            // A failure that may be another application's is told as nobody's.
            let open = &keys.open_pages;
            let guess = || if fails() { open.only(step, attempts, traffic) } else { open.last(step, attempts, traffic) };
            to_or(found.or_else(|| guess().filter(|_| goes_on)), unclaimed())
        }
    }
}

/// Whether somebody took out of the capture what would tell whose reply an application received.
fn is_untold(params: &Params) -> bool {
    let state = STATES.iter().find_map(|name| params.get(name));
    let handed = || Handed::of(params).filter_map(|handed| params.get(handed.name()));
    state.map_or_else(|| handed().any(Secret::is_stand_in), Secret::is_stand_in)
}

/// A request, and not the answer of a federated identity provider.
fn is_ws_federation_request(step: &Step<'_>) -> bool {
    step.params.has("wtrealm") && !step.params.has("wresult")
}

/// Whether a program that polled with a device code got its answer.
fn ends_polling(step: &Step<'_>) -> bool {
    step.tokens().is_some() || step.reply.failures.iter().any(|failure| !is_pending(failure))
}

/// A code redemption joins an attempt by correlation id only where that attempt got a code.
fn awaits_token(attempts: &[Attempt], index: usize) -> bool {
    attempts.get(index).is_some_and(|attempt| !matches!(attempt.kind, Kind::Refresh | Kind::SignOut | Kind::ServerSide))
}

impl Keys {
    /// An authorization request that the service itself sent the browser back to (the `sso_nonce` bounce,
    /// `sso_reload`), or the reload of a page that is still open: no new attempt.
    fn bounced(&self, step: &Step<'_>, attempts: &[Attempt]) -> Option<usize> {
        self.by_service_redirect(step).or_else(|| {
            let index = self.state.get(&step.params.get("state")?.told()?).copied()?;
            let attempt = attempts.get(index)?;
            let same = attempt.client == step.client() && (step.params.has("sso_nonce") || step.params.has("sso_reload"));
            same.then_some(index)
        })
    }

    /// Whether a request failed on its way to a host that answers nothing in the capture from then on.
    fn is_unreachable(&self, step: &Step<'_>, at: usize) -> bool {
        let failed = NoAnswer::of(step.exchange).is_some_and(|why| why != NoAnswer::Left);
        step.status.is_none() && failed && self.last_answer.get(step.host_name()).is_none_or(|&last| last < at)
    }

    /// Whether the service could not serve a request, and its host answers nothing in the capture from then on.
    fn is_left_at(&self, step: &Step<'_>, at: usize) -> bool {
        step.is_service_error() && self.last_answer.get(step.host_name()) == Some(&at)
    }

    fn by_service_redirect(&self, step: &Step<'_>) -> Option<usize> {
        self.redirected_to.get(&step.address_key()).filter(|(_, by_service)| *by_service).map(|(index, _)| *index)
    }

    fn by_redirect(&self, step: &Step<'_>) -> Option<usize> {
        self.redirected_to.get(&step.address_key()).map(|(index, _)| *index)
    }

    /// The attempt whose reply was posted to the application, where only that is known of it.
    fn by_receiver(&self, step: &Step<'_>) -> Option<usize> {
        self.receiver.get(&step.receiver()?).copied().filter(|_| step.is_body_unread() || is_untold(&step.params))
    }

    /// The attempt that gave the application the code which it turns in, where somebody took one of the two out.
    fn by_open_code(&self, step: &Step<'_>) -> Option<usize> {
        let client = step.client()?;
        self.open_codes.only(&client, step.params.get("code")?)
    }

    fn by_device_code(&self, step: &Step<'_>) -> Option<usize> {
        let code = step.polled_device_code()?;
        let by_code = code.told().and_then(|code| self.device.get(&code)).copied();
        by_code.or_else(|| {
            let client = step.client()?;
            self.open_device_codes.only(&client, code)
        })
    }

    /// The attempt whose reply a tenant takes that had sent the person to another tenant to sign in, as an application would, and
    /// the attempt at the first of them, which goes on.
    fn taken_by_service(&self, step: &Step<'_>) -> Option<(usize, usize)> {
        let inner = step.returns_to_service().and_then(|place| self.receiver.get(&place)).copied()?;
        let told = step.reply.page.as_ref().and_then(|page| self.correlation.get(page.correlation_id.as_ref()?));
        let outer = told.or_else(|| self.begun_at.get(step.host_name())).copied()?;
        (inner != outer).then_some((inner, outer))
    }

    fn by_state(&self, step: &Step<'_>) -> Option<usize> {
        let key = STATES.iter().find_map(|name| step.params.get(name))?;
        self.state.get(&key.told()?).copied()
    }

    /// The attempt whose own state the reply gives back to the application.
    fn by_state_handed_back(&self, step: &Step<'_>) -> Option<usize> {
        let params = &step.reply.handover.as_ref()?.params;
        STATES.iter().find_map(|name| self.state.get(&params.get(name)?.told()?)).copied()
    }

    fn by_handed(&self, step: &Step<'_>) -> Option<usize> {
        let in_json = || self.handed.get(&step.code_in_json()?.told()?);
        handed_in(&step.params).find_map(|value| self.handed.get(&value)).or_else(in_json).copied()
    }

    /// The attempt whose own nonce stands in the ID token that came back, whether or not the posted code was recorded.
    fn by_nonce(&self, step: &Step<'_>) -> Option<usize> {
        self.nonce.get(&step.tokens()?.id_token.as_ref()?.nonce.as_ref()?.told()?).copied()
    }

    fn by_saml(&self, step: &Step<'_>) -> Option<usize> {
        self.saml.get(step.saml_response.as_ref()?.answers.as_ref()?).copied()
    }

    /// The same token request once more, after the service asked for a proof of the device's key.
    fn by_challenge(&self, step: &Step<'_>) -> Option<usize> {
        match step.params.get("refresh_token")?.told() {
            Some(token) => self.challenged.get(&(step.address_key(), token)).copied(),
            None => self.by_correlation(step).filter(|index| self.challenged_untold.contains(index)),
        }
    }

    fn by_ctx(&self, step: &Step<'_>) -> Option<usize> {
        [step.ctx_sent(), step.ctx_shown()].into_iter().flatten().find_map(|ctx| self.ctx.get(&ctx.told()?)).copied()
    }

    fn by_referer(&self, step: &Step<'_>) -> Option<usize> {
        self.address.get(&step.referer_key()?).copied()
    }

    /// The attempt whose error an application repeats: the same correlation id, else the last one that failed
    /// with the same code, unless another id or a `state` that no request had sent shows that it is another one's.
    fn by_failure(&self, step: &Step<'_>) -> Option<usize> {
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

    fn by_correlation(&self, step: &Step<'_>) -> Option<usize> {
        self.correlation.get(&step.correlation_id()?).copied()
    }

    /// The attempt whose correlation id the reply names: its error does, or its page.
    fn by_correlation_of_reply(&self, step: &Step<'_>) -> Option<usize> {
        let of_page = step.reply.page.as_ref().and_then(|page| page.correlation_id.as_ref());
        let of_failures = step.reply.failures.iter().filter_map(|failure| failure.correlation_id.as_ref());
        of_failures.chain(of_page).find_map(|id| self.correlation.get(id)).copied()
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

    fn learn(&mut self, step: &Step<'_>, index: usize, attempts: &[Attempt], traffic: &Traffic<'_>) {
        self.assertions.learn(step, index);
        let begins_or_receives =
            !matches!(step.endpoint, Endpoint::MicrosoftAccount | Endpoint::MicrosoftAccountAuthorize | Endpoint::Federation);
        if begins_or_receives || step.asks_microsoft_account() {
            for name in STATES {
                if let Some(state) = step.params.get(name).and_then(Secret::told) {
                    self.state.insert(state, index);
                }
            }
        }
        let handed = step.reply.handover.as_ref().map(|handover| &handover.params);
        let received = (step.endpoint == Endpoint::AppCallback).then_some(&step.params);
        for value in handed.into_iter().chain(received).flat_map(handed_in) {
            self.handed.insert(value, index);
        }
        self.learn_codes(step, index, attempts);
        if let Some(id) = step.saml.as_ref().and_then(|request| request.id.clone()) {
            self.saml.insert(id, index);
        }
        if let Some(nonce) = step.params.get("nonce").filter(|_| step.endpoint == Endpoint::Authorize).and_then(Secret::told) {
            self.nonce.insert(nonce, index);
        }
        self.ctx.extend([step.ctx_sent(), step.ctx_shown()].into_iter().flatten().filter_map(|ctx| Some((ctx.told()?, index))));
        if step.endpoint.begins_attempt() {
            self.begun_at.insert(step.host_name().to_owned(), index);
        }
        if let Some(target) = step.redirect_key() {
            self.redirected_to.insert(target, (index, step.is_sign_in()));
        }
        self.address.insert(step.address_key(), index);
        self.receiver.extend(step.receivers().map(|receiver| (receiver, index)));
        // A later attempt with the same id (MSAL's refresh and the frame that follows it) takes over.
        let tells = |id: &Guid| traffic.tells_id(id);
        if let Some(id) = step.correlation_id().filter(tells) {
            self.correlation.insert(id, index);
        }
        for failure in &step.reply.failures {
            if let Some(id) = failure.correlation_id.clone().filter(tells) {
                self.correlation.entry(id).or_insert(index);
            }
            if let Some(code) = failure.code().filter(|_| !is_step(step, failure)) {
                self.failed_with.insert(code, (index, failure.correlation_id.clone()));
            }
        }
        if let Some(id) = step.reply.page.as_ref().and_then(|page| page.correlation_id.clone()).filter(tells) {
            self.correlation.entry(id).or_insert(index);
        }
        if step.endpoint == Endpoint::Metadata && step.status.is_none() {
            self.unreachable.insert(step.host_name().to_owned(), index);
        }
        // With tokens, also where the body that held them is lost.
        if step.endpoint == Endpoint::Token && step.method == "POST" && step.status == Some(200) {
            self.served.insert(index);
        }
        let given = step.reply.device.as_ref();
        let polled = step.polled_device_code();
        for code in given.map(|given| &given.device_code).into_iter().chain(given.and_then(|given| given.user_code.as_ref())).chain(polled)
        {
            self.device.extend(code.told().map(|code| (code, index)));
        }
        if given.is_some() || polled.is_some() {
            self.open_device = step.tokens().is_none().then_some(index);
        }
        if step.reply.asks_device_proof {
            if let Some(proof) = &step.reply.device_proof {
                self.redirected_to.insert(proof.clone(), (index, true));
            }
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
}
