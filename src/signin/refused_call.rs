//! Calls of APIs that were refused and never worked afterwards: attempts of their own.

use super::afterwards::Afterwards;
use super::site::site;
use super::{Attempt, FailureEvent, Kind, Outcome, Symptom};
use crate::entra::{Address, Challenge, ClientId, Complaint, Endpoint, Grant, Known, Step, Traffic};
use crate::exchange::hosts::{cloud_of_api, is_azure_store, is_graph, sign_in_host};
use std::collections::{HashMap, HashSet};

/// Adds an attempt for each of them, on the tenant and application of the sign-in that gave the token; where the capture does not
/// show that one, because the application had its token from before, of what the call itself tells. Returns the entries of those that
/// were denied for want of a permission and are no failure.
pub(super) fn find<'c>(attempts: &mut Vec<Attempt>, traffic: &Traffic<'c>, afterwards: &Afterwards<'c>) -> Vec<usize> {
    let mut found: Vec<Attempt> = Vec::new();
    let mut denied = Vec::new();
    let givers = Givers::of(attempts, traffic);
    let renewals = Renewals::of(traffic);
    for (at, step) in traffic.steps.iter().enumerate() {
        let refuses = refuses_token(step, afterwards)
            || (step.status == Some(401) && givers.gave_token_of(step))
            || refuses_application(step, attempts, &givers, traffic);
        let denies = !refuses && misses_permission(step);
        // Whether the same program got what it asked for later: not where it is nobody's success but another's.
        let works = if refuses || denies { afterwards.calls.works(step) } else { Some(true) };
        if works == Some(true) {
            continue;
        }
        let origin = givers.of_call(attempts, at, step);
        if origin.is_none() && !is_of_entra(step) {
            continue;
        }
        if denies {
            denied.push(step.entry);
            continue;
        }
        let client = origin.map_or_else(|| step.bearer_client(), |origin| origin.client.clone());
        let renewed = if is_outdated(step) { renewals.accepted(at, step, &client, afterwards) } else { Some(false) };
        if renewed == Some(true) {
            continue;
        }
        let is_told = works == Some(false) && renewed == Some(false);
        let told = Attempt {
            id: attempts.len() + found.len() + 1,
            kind: Kind::ApiCall,
            tenant: None,
            client,
            resolved_tenant: step.bearer_claims().and_then(|claims| claims.tenant),
            correlation_id: None,
            account: None,
            steps: vec![at],
            begin: at,
            outcome: if is_told { Outcome::Failed } else { Outcome::Unknown },
            failures: if is_told { vec![refusal(step, at)] } else { Vec::new() },
        };
        found.push(match origin {
            Some(origin) => Attempt {
                tenant: origin.tenant.clone(),
                resolved_tenant: origin.resolved_tenant.clone(),
                correlation_id: origin.correlation_id.clone(),
                account: origin.account,
                ..told
            },
            None => told,
        });
    }
    attempts.extend(found);
    denied
}

/// The refusal of a call, in the part of its reply that says most of it.
fn refusal(call: &Step<'_>, at: usize) -> FailureEvent {
    let by_header = call.reply.challenge.as_ref().map(|_| "response.header.www-authenticate");
    match by_header.or(call.reply.complaint.map(|(_, place)| place.part())) {
        Some(part) => Symptom::ApiRefused.shown_by(part, at),
        None => Symptom::ApiRefused.event(at),
    }
}

/// A 401, or a 403 that says what the token lacks or that it is none, to a call that carried a token. Some APIs say it in the body
/// alone.
fn refuses_token(step: &Step<'_>, afterwards: &Afterwards<'_>) -> bool {
    if step.endpoint != Endpoint::App || step.method == "OPTIONS" {
        return false;
    }
    let challenge = step.reply.challenge.as_ref();
    let says = challenge.is_some_and(|challenge| challenge.error.is_some()) || step.reply.complaint.is_some();
    let asks_consent = challenge.is_some_and(|challenge| challenge.consent);
    // A scheme with nothing behind it asks for the challenge; a password or a round of NTLM is no token.
    if step.sends_token() == Some(false) && !afterwards.calls.loses_tokens() {
        return false;
    }
    let carried = || step.exchange.request.headers.has("authorization") || afterwards.calls.is_preflighted(step);
    match step.status {
        // A preflight tells of the token that the recorder left out of the call.
        Some(401) => {
            says || (challenge.is_some() && carried())
                || carries_token_to_microsoft(step)
                || carries_token_of_entra(step)
                || afterwards.calls.lacks_token_of(step)
        }
        Some(403) if challenge.is_some() => says || asks_consent,
        // What may not be done with a token is a matter of the API's own rules.
        Some(403) => step.bearer().is_some() && step.reply.complaint.is_some() && !misses_permission(step),
        _ => false,
    }
}

/// Whether an API takes the token and misses a permission. Applications ask for what a person may do, and expect this answer.
pub(crate) fn misses_permission(step: &Step<'_>) -> bool {
    let says = step.reply.complaint.is_some_and(|(complaint, _)| complaint == Complaint::Scope);
    step.endpoint == Endpoint::App && step.status == Some(403) && step.reply.challenge.is_none() && step.bearer().is_some() && says
}

/// Whether an API misses a permission in an application's own token, of which all permissions are the application's: nobody is there
/// whose rights it could have asked for. Microsoft Graph goes by them (but for roles in the directory), other APIs may go by rules
/// of their own where the token has any, and the APIs of Azure by its assignments of roles, which are in no token.
fn refuses_application(step: &Step<'_>, attempts: &[Attempt], givers: &Givers, traffic: &Traffic<'_>) -> bool {
    let Some(claims) = step.bearer_claims().filter(|_| misses_permission(step)) else { return false };
    let is_given_to_application = || {
        let giver = givers.of_token(attempts, step).and_then(|giver| giver.begin(traffic));
        claims.scopes.is_none() && giver.and_then(Step::grant) == Some(Grant::ClientCredentials)
    };
    let Some(host) = step.address.as_ref().map(|address| address.host.as_str()) else { return false };
    let goes_by_token = is_graph(host) || (!claims.has_roles && cloud_of_api(host).is_none() && !is_azure_store(host));
    goes_by_token && (claims.is_for_application || is_given_to_application())
}

/// Whether a token goes to one of Microsoft's own APIs, which take none but those of Entra ID.
fn carries_token_to_microsoft(call: &Step<'_>) -> bool {
    let is_api = || call.address.as_ref().is_some_and(|address| cloud_of_api(&address.host).is_some());
    call.sends_token() == Some(true) && is_api()
}

/// Whether the token of a call says that the sign-in service issued it.
fn carries_token_of_entra(call: &Step<'_>) -> bool {
    let issuer = call.bearer_claims().and_then(|claims| claims.issuer).as_deref().and_then(Address::parse);
    issuer.is_some_and(|issuer| sign_in_host(&issuer.host).is_some())
}

/// Whether a call tells by itself that it is about a token of Entra ID: by the token, or by where the API sends for another one, if
/// it says what it has against this one. What asks an API who it trusts, with no token at all, gets the same answer otherwise.
fn is_of_entra(call: &Step<'_>) -> bool {
    let says_why = |challenge: &Challenge| challenge.at_service && (challenge.error.is_some() || call.reply.complaint.is_some());
    carries_token_of_entra(call) || carries_token_to_microsoft(call) || call.reply.challenge.as_ref().is_some_and(says_why)
}

/// Whether a token was refused for being out of date: by its own word and the clock, or by that of the API.
fn is_outdated(call: &Step<'_>) -> bool {
    let by_challenge = || call.reply.challenge.as_ref().and_then(|challenge| challenge.complaint);
    let complaint = call.reply.complaint.map(|(complaint, _)| complaint).or_else(by_challenge);
    let has_expired = || {
        let expires = call.bearer_claims().and_then(|claims| claims.expires);
        expires.zip(call.date().or(call.started)).is_some_and(|(expires, now)| expires <= now.timestamp())
    };
    complaint == Some(Complaint::Lifetime) || (complaint.is_none() && has_expired())
}

/// The token of a call, where the capture tells it.
fn token_told(call: &Step<'_>) -> Option<Known> {
    call.bearer().and_then(|token| token.told())
}

/// Replies that gave out tokens, in the order of time, by the application that asked.
struct Renewals<'t, 'c> {
    traffic: &'t Traffic<'c>,
    of_client: HashMap<Option<ClientId>, Vec<usize>>,
}

impl<'t, 'c> Renewals<'t, 'c> {
    fn of(traffic: &'t Traffic<'c>) -> Self {
        let mut of_client: HashMap<Option<ClientId>, Vec<usize>> = HashMap::new();
        for (at, step) in traffic.steps.iter().enumerate().filter(|(_, step)| step.tokens().is_some()) {
            of_client.entry(step.client()).or_default().push(at);
        }
        Self { traffic, of_client }
    }

    /// Whether the application got new tokens after an outdated one was refused, and the API took its calls from then on.
    fn accepted(&self, at: usize, call: &Step<'c>, client: &Option<ClientId>, afterwards: &Afterwards<'c>) -> Option<bool> {
        let Some(all) = self.of_client.get(client) else { return Some(false) };
        let next = all.get(all.partition_point(|&given| given <= at)).and_then(|&given| self.traffic.steps.get(given));
        next.map_or(Some(false), |given| afterwards.calls.takes_new_token(call, given))
    }
}

/// The attempts that may have given out the token of a call, by index, in the order in which they began.
struct Givers {
    /// By the token itself.
    by_token: HashMap<Known, Vec<usize>>,
    /// By the origin of the application's page.
    by_page: HashMap<Option<String>, Vec<usize>>,
    /// Whether those without a page are of several applications.
    are_several: bool,
    /// The hosts of the sign-in service in the capture, custom domains too.
    hosts: HashSet<String>,
}

impl Givers {
    fn of(attempts: &[Attempt], traffic: &Traffic<'_>) -> Self {
        let at_entra = traffic.steps.iter().filter(|step| step.at_entra()).filter_map(|step| step.address.as_ref());
        let hosts = at_entra.map(|address| address.host.clone()).collect();
        let mut givers = Self { by_token: HashMap::new(), by_page: HashMap::new(), are_several: false, hosts };
        let gives = |attempt: &Attempt| attempt.kind != Kind::SignOut && attempt.outcome == Outcome::Succeeded;
        for (index, attempt) in attempts.iter().enumerate().filter(|(_, attempt)| gives(attempt)) {
            for token in attempt.steps(traffic).filter_map(|step| step.tokens()?.access_token_value.as_ref()?.told()) {
                givers.by_token.entry(token).or_default().push(index);
            }
            let page = attempt.begin(traffic).and_then(Step::redirect_origin);
            let is_pageless = page.is_none();
            let same = givers.by_page.entry(page).or_default();
            same.push(index);
            let first = same.first().and_then(|&first| attempts.get(first));
            givers.are_several |= is_pageless && first.is_some_and(|first| first.client != attempt.client);
        }
        givers
    }

    /// Whether a call of an API carries a token that this capture shows being given out.
    fn gave_token_of(&self, call: &Step<'_>) -> bool {
        call.endpoint == Endpoint::App && token_told(call).is_some_and(|token| self.by_token.contains_key(&token))
    }

    /// The last attempt that gave out the very token of a call.
    fn of_token<'a>(&self, attempts: &'a [Attempt], call: &Step<'_>) -> Option<&'a Attempt> {
        let given = self.by_token.get(&token_told(call)?)?;
        attempts.get(*given.last()?)
    }

    /// The last attempt that began before a call and gave out its token: the very token, or one to the same page.
    fn of_call<'a>(&self, attempts: &'a [Attempt], at: usize, call: &Step<'_>) -> Option<&'a Attempt> {
        let last = |known: Option<&Vec<usize>>| {
            let known = known?;
            let before = known.partition_point(|&index| attempts.get(index).is_some_and(|attempt| attempt.begin < at));
            known.get(before.checked_sub(1)?).copied()
        };
        let by_token = token_told(call).and_then(|token| last(self.by_token.get(&token)));
        let page = call.exchange.request.headers.value("origin").map(|origin| origin.raw().to_owned());
        let by_page = last(self.by_page.get(&page)).filter(|_| by_token.is_some() || self.may_have_given(call));
        // Programs without pages have nothing in common.
        let is_taken_out = || call.bearer().is_some() && token_told(call).is_none() && call.bearer_claims().is_none();
        let is_anybodys = || page.is_none() && self.are_several && is_taken_out();
        let by_page = by_page.filter(|_| (page.is_some() || by_token.is_none()) && !is_anybodys());
        attempts.get(by_token.max(by_page)?)
    }

    /// Whether the token of a call may come from Entra ID, though the capture does not show how: a page may hold tokens of
    /// others for other APIs.
    fn may_have_given(&self, call: &Step<'_>) -> bool {
        let host = call.address.as_ref().map(|address| address.host.as_str());
        let challenge = call.reply.challenge.as_ref();
        // Microsoft's own APIs take tokens that nobody else can read.
        let for_entra =
            || challenge.is_some_and(|challenge| challenge.tenant.is_some()) || host.is_some_and(|host| cloud_of_api(host).is_some());
        let claims = call.bearer_claims();
        if claims.is_none() && token_told(call).is_none() {
            // Nothing tells which token was sent. An API of somebody else's tells no more than that it wants one.
            let says = || challenge.is_some_and(|challenge| challenge.error.is_some()) || call.reply.complaint.is_some();
            let page = || call.exchange.request.headers.value("origin").and_then(|origin| Address::parse(origin.raw()));
            let is_near = || host.zip(page()).is_some_and(|(host, page)| site(host) == site(&page.host));
            return for_entra() || says() || is_near();
        }
        let Some(claims) = claims else { return for_entra() };
        let issuer = claims.issuer.as_deref().and_then(Address::parse).map(|issuer| issuer.host);
        claims.tenant.is_some() || issuer.is_none_or(|host| sign_in_host(&host).is_some() || self.hosts.contains(&host))
    }
}
