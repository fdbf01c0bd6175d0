//! Which steps belong together.
//!
//! Keys first, guesses last: a code, a `state`, the sign-in's own context (`ctx`), a redirect's target, the
//! `Referer`, the correlation id; only where none of them is there, the sign-in page that is still open.
//! One pass, one lookup a key: linear in the traffic.

use super::keys::Keys;
use super::kind::Kind;
use super::settle::is_step;
use super::{Attempt, Outcome};
use crate::entra::{Endpoint, Grant, Step, Tenant, Traffic, is_part_of_page};
use crate::exchange::Written;
use crate::exchange::hosts::{Service, sign_in_host};
use std::collections::HashMap;

pub(super) fn stitch(traffic: &Traffic<'_>) -> Vec<Attempt> {
    let mut attempts: Vec<Attempt> = Vec::new();
    let mut keys = Keys::of(traffic);
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

impl Belongs {
    fn to_or(found: Option<usize>, otherwise: Self) -> Self {
        found.map_or(otherwise, Self::To)
    }

    /// Where nothing claims a step: an error is told even where the request it answers is not in the capture, unless it may be
    /// another service's.
    fn unclaimed(step: &Step<'_>) -> Self {
        if fails_at_entra(step) { Self::Begins } else { Self::ToNone }
    }
}

/// Whether the reply to a step fails, and is Entra ID's.
fn fails_at_entra(step: &Step<'_>) -> bool {
    let elsewhere = matches!(step.endpoint, Endpoint::App | Endpoint::AppCallback | Endpoint::FederatedProvider);
    step.reply.failures.iter().any(|failure| !is_step(step, failure)) && (!elsewhere || step.receives_reply_of_entra())
}

/// Whether a request is asked by the browser, and by no application.
fn is_browsers_own(step: &Step<'_>) -> bool {
    let begins = matches!(step.endpoint, Endpoint::Authorize | Endpoint::Saml | Endpoint::WsFederation);
    // A server sends to sign in whatever comes without its cookie: browsers fetch a manifest and fonts without cookies.
    step.method == "OPTIONS" || step.method == "CONNECT" || (begins && is_part_of_page(step.exchange))
}

fn belongs_to(at: usize, step: &Step<'_>, keys: &Keys, attempts: &[Attempt], traffic: &Traffic<'_>) -> Belongs {
    if is_browsers_own(step) {
        return Belongs::ToNone;
    }
    let to_or_begins = |found: Option<usize>| Belongs::to_or(found, Belongs::Begins);
    match step.endpoint {
        Endpoint::Authorize | Endpoint::AdminConsent | Endpoint::Saml => to_or_begins(keys.bounced(step, attempts)),
        Endpoint::Logout => to_or_begins(keys.by_service_redirect(step)),
        Endpoint::WsFederation if is_ws_federation_request(step) => to_or_begins(keys.by_service_redirect(step)),
        Endpoint::WsTrust => to_or_begins(keys.by_correlation(step)),
        Endpoint::DeviceCode => Belongs::Begins,
        Endpoint::DeviceLogin => {
            let found = keys.by_typed_code(step).or_else(|| keys.by_ctx(step)).or_else(|| keys.by_redirect(step));
            to_or_begins(found.or_else(|| keys.by_referer(step)).or_else(|| keys.awaiting_typing()))
        }
        Endpoint::Token => asking_for_tokens(step, keys, attempts),
        Endpoint::FederatedProvider if step.is_ws_trust() => {
            let begins = keys.assertions.is_for_entra(step);
            Belongs::to_or(keys.assertions.goes_on(step), if begins { Belongs::Begins } else { Belongs::ToNone })
        }
        Endpoint::AppCallback | Endpoint::NativeClient => receiving(step, keys),
        Endpoint::App => at_application(step, keys),
        // A host that cannot be reached shows in its metadata, before any sign-in begins; so does a tenant that does not exist.
        Endpoint::Metadata if keys.is_unreachable(step, at) || keys.is_left_at(step, at) => to_or_begins(keys.by_unreachable_host(step)),
        Endpoint::Metadata if keys.is_metadata_refused(step, at) => to_or_begins(keys.by_refused_metadata(step)),
        Endpoint::Metadata => Belongs::unclaimed(step),
        Endpoint::Probe => Belongs::ToNone,
        Endpoint::MicrosoftAccountAuthorize if step.asks_microsoft_account() => to_or_begins(keys.by_redirect(step)),
        _ => going_on(step, keys, attempts, traffic),
    }
}

/// A request to the token endpoint: what it turns in tells which attempt got that.
fn asking_for_tokens(step: &Step<'_>, keys: &Keys, attempts: &[Attempt]) -> Belongs {
    let found = match step.grant() {
        Some(Grant::AuthorizationCode) | None => {
            // What comes after the tokens turns in something else, be its body recorded or not.
            let is_served = |index: usize| step.grant().is_none() && keys.is_served(index);
            let awaiting = || keys.by_correlation(step).filter(|&index| awaits_token(attempts, index) && !is_served(index));
            let found = keys.by_handed(step).or_else(|| keys.by_nonce(step)).or_else(awaiting);
            found.or_else(|| keys.by_open_code(step))
        }
        Some(Grant::DeviceCode) => keys.by_device_code(step),
        // A nonce for a proof that follows.
        Some(Grant::ServerChallenge) => return Belongs::ToNone,
        Some(Grant::RefreshToken) => keys.by_challenge(step),
        Some(Grant::SamlBearer | Grant::Saml11Bearer) => keys.assertions.turned_in(step),
        Some(_) => None,
    };
    Belongs::to_or(found, Belongs::Begins)
}

/// The application receives the reply of the service.
fn receiving(step: &Step<'_>, keys: &Keys) -> Belongs {
    let found = keys.by_handed(step).or_else(|| keys.by_saml(step)).or_else(|| keys.by_state(step));
    let found = found.or_else(|| keys.by_redirect(step)).or_else(|| keys.by_receiver(step)).or_else(|| keys.by_failure(step));
    // A sign-in that begins at the identity provider has no request.
    let otherwise = if step.receives_saml_of_entra() { Belongs::Begins } else { Belongs::unclaimed(step) };
    Belongs::to_or(found, otherwise)
}

/// A page or an API of the application, which may tell how its sign-in ended.
fn at_application(step: &Step<'_>, keys: &Keys) -> Belongs {
    let redirected = keys.by_redirect(step);
    // The reply led to a page that tells of an error.
    let told = redirected.filter(|_| step.reply.told_by_page.is_some());
    let failed = || redirected.or_else(|| keys.by_handed(step)).or_else(|| keys.by_failure(step));
    // The page has its server turn the code in, and the server does not.
    let not_taken = || keys.by_handed(step).filter(|_| step.hands_code_on() && step.status.is_some_and(|status| status >= 400));
    let found = told.or_else(|| failed().filter(|_| !step.reply.failures.is_empty())).or_else(not_taken);
    Belongs::to_or(found, Belongs::unclaimed(step))
}

/// A step in the course of a sign-in: where no key tells, of the sign-in whose page is open.
fn going_on(step: &Step<'_>, keys: &Keys, attempts: &[Attempt], traffic: &Traffic<'_>) -> Belongs {
    let returned = || keys.taken_by_service(step).map(|(_, outer)| outer);
    let found = keys.by_ctx(step).or_else(returned).or_else(|| keys.by_redirect(step)).or_else(|| keys.by_referer(step));
    let found = found.or_else(|| keys.by_correlation(step)).or_else(|| keys.by_state_handed_back(step));
    let found = found.or_else(|| keys.by_correlation_of_reply(step));
    // What a federated identity provider sends back comes to the endpoint of WS-Federation.
    let goes_on = step.endpoint.continues_interactively() || step.endpoint == Endpoint::WsFederation;
    // A failure that may be another application's is told as nobody's.
    let open = &keys.open_pages;
    let guess = || if fails_at_entra(step) { open.only(step, attempts, traffic) } else { open.last(step, attempts, traffic) };
    Belongs::to_or(found.or_else(|| guess().filter(|_| goes_on)), Belongs::unclaimed(step))
}

/// A request, and not the answer of a federated identity provider.
fn is_ws_federation_request(step: &Step<'_>) -> bool {
    step.params.has("wtrealm") && !step.params.has("wresult")
}

/// A code redemption joins an attempt by correlation id only where that attempt got a code.
fn awaits_token(attempts: &[Attempt], index: usize) -> bool {
    attempts.get(index).is_some_and(|attempt| !matches!(attempt.kind, Kind::Refresh | Kind::SignOut | Kind::ServerSide))
}
