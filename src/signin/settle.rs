//! What the steps of an attempt tell together: its failures, how it ended, and for whom it was.

use super::lost_reply::is_lost;
use super::{Attempt, FailureEvent, Kind, Outcome, Symptom};
use crate::entra::{
    Address, Anchor, Carrier, Claims, Endpoint, ErrorCode, Failure, Guid, Handed, Handover, OAuthError, ProtocolError, Step, Traffic,
};
use std::collections::HashMap;

/// Fills in what the steps of an attempt tell together.
pub(super) fn settle(attempt: &mut Attempt, traffic: &Traffic<'_>) {
    attempt.failures = failures(attempt, traffic);
    // Where another tenant took its reply, it came to what it was for.
    let is_taken = attempt.outcome == Outcome::Succeeded && attempt.failures.is_empty();
    attempt.outcome = if is_taken { Outcome::Succeeded } else { outcome(attempt, traffic) };
    attempt.resolved_tenant = resolved_tenant(attempt, traffic);
    attempt.account = account(attempt, traffic);
    if attempt.correlation_id.is_none() {
        let found = attempt.steps(traffic).find_map(correlation_id);
        attempt.correlation_id = found;
    }
}

fn correlation_id(step: &Step<'_>) -> Option<Guid> {
    let page = || step.reply.page.as_ref().and_then(|page| page.correlation_id.clone());
    step.correlation_id().or_else(page).or_else(|| step.returned_correlation_id())
}

/// A failure that a page shows in the course of an ordinary sign-in is a step.
pub(super) fn is_step(step: &Step<'_>, failure: &Failure) -> bool {
    let telemetry_of_page = failure.carrier == Carrier::Telemetry && step.endpoint != Endpoint::Token;
    let on_page = failure.carrier == Carrier::SignInPage || telemetry_of_page;
    let error_page = step.reply.page.as_ref().is_some_and(|page| page.is_error_page());
    let asked_not_to_show = step.is_silent() && step.endpoint == Endpoint::Authorize;
    let is_of_page = on_page && !error_page && !asked_not_to_show && failure.code().is_some_and(|code| code.is_step_of_a_page());
    is_of_page && !asks_to_register(step, failure)
}

/// Whether a page stands in the way of a sign-in until the person has registered a second factor, which they do elsewhere: only where
/// the sign-in goes on is it a step of it.
fn asks_to_register(step: &Step<'_>, failure: &Failure) -> bool {
    let is_proof_up = step.reply.page.as_ref().is_some_and(|page| page.id.as_deref() == Some("ConvergedProofUpRedirect"));
    is_proof_up && failure.code() == Some(ErrorCode::SECOND_FACTOR_TO_REGISTER)
}

pub(super) fn is_pending(failure: &Failure) -> bool {
    let is_asked_to_wait = matches!(failure.error, Some(ProtocolError::OAuth(OAuthError::AuthorizationPending | OAuthError::SlowDown)));
    is_asked_to_wait || failure.code() == Some(ErrorCode::AUTHORIZATION_PENDING)
}

fn failures(attempt: &Attempt, traffic: &Traffic<'_>) -> Vec<FailureEvent> {
    let mut events: Vec<FailureEvent> = Vec::new();
    // The first event of each reply, of each code and error, and of each code: what hands an error on may leave its name out.
    let mut of_reply: HashMap<Guid, usize> = HashMap::new();
    let mut of_codes: HashMap<Vec<ErrorCode>, usize> = HashMap::new();
    let mut of_error: HashMap<(Vec<ErrorCode>, Option<ProtocolError>), usize> = HashMap::new();
    // Where the service handed its reply to.
    let mut receiver: Option<&Address> = None;
    let succeeded_at = succeeded_at(attempt, traffic);
    for &at in &attempt.steps {
        let Some(step) = traffic.steps.get(at) else { continue };
        for failure in step.reply.failures.iter().chain(&step.reply.told_by_page) {
            let is_registered = || succeeded_at.is_some_and(|success| success > at) && asks_to_register(step, failure);
            if is_step(step, failure) || is_pending(failure) || is_registered() {
                continue;
            }
            let same_reply = failure.trace_id.as_ref().and_then(|id| of_reply.get(id));
            // The reply of another identity provider is passed on to the application too.
            let passed_on = failure.carrier == Carrier::Redirect && step.endpoint == Endpoint::Federation;
            let hands_on = passed_on || matches!(failure.carrier, Carrier::Callback | Carrier::AppPage) || received(step, failure);
            let error = (failure.codes.clone(), failure.error);
            let by_codes = || of_codes.get(&failure.codes).filter(|_| failure.carrier == Carrier::AppPage);
            let handed_on = of_error.get(&error).or_else(by_codes).filter(|_| hands_on);
            // The earlier of the two, where both are known.
            let shown =
                || of_codes.get(&failure.codes).filter(|index| events.get(**index).is_some_and(|event| is_shown(event, step, traffic)));
            let known = same_reply.into_iter().chain(handed_on).min().or_else(shown).copied();
            match known.and_then(|known| events.get_mut(known)) {
                None if receiver.is_some_and(|receiver| is_of_receiver(receiver, step, failure)) => {
                    events.push(Symptom::CallbackFailed.shown_by(&failure.part, at));
                }
                Some(event) if event.step == at => {}
                Some(event) if is_shown(event, step, traffic) => {
                    event.repeated_at.push(std::mem::replace(&mut event.step, at));
                    event.failure = failure.clone();
                    event.symptom = Symptom::of_error(step, failure);
                }
                Some(event) => event.repeated_at.push(at),
                None => {
                    if let Some(id) = failure.trace_id.clone() {
                        of_reply.entry(id).or_insert(events.len());
                    }
                    of_error.entry(error).or_insert(events.len());
                    if !failure.codes.is_empty() {
                        of_codes.entry(failure.codes.clone()).or_insert(events.len());
                    }
                    events.push(FailureEvent {
                        step: at,
                        failure: failure.clone(),
                        symptom: Symptom::of_error(step, failure),
                        repeated_at: Vec::new(),
                    });
                }
            }
        }
        let handover = step.reply.handover.as_ref().filter(|handover| handover.serves_application());
        receiver = handover.and_then(|handover| handover.target.as_ref()).or(receiver);
    }
    events
}

/// Whether the page that told of a failure was asked for before a token request was made, and answered after it: where the
/// application's server is recorded too, its page shows what that request came to.
fn is_shown(event: &FailureEvent, token: &Step<'_>, traffic: &Traffic<'_>) -> bool {
    let Some(page) = traffic.steps.get(event.step) else { return false };
    let is_page = event.failure.carrier == Carrier::AppPage && page.endpoint == Endpoint::AppCallback;
    let began = page.started.zip(token.started).map(|(page, token)| (token - page).num_milliseconds());
    let lasted = page.exchange.duration_ms;
    let is_within = began.zip(lasted).is_none_or(|(began, lasted)| (0..=lasted as i64).contains(&began));
    token.endpoint == Endpoint::Token && is_page && is_within
}

/// Whether an error that an application receives is of whoever got the service's reply, as a broker of identities does, which then
/// answers the application by its own protocol.
fn is_of_receiver(receiver: &Address, step: &Step<'_>, failure: &Failure) -> bool {
    let is_elsewhere =
        step.address.as_ref().is_some_and(|address| (address.origin(), &address.path) != (receiver.origin(), &receiver.path));
    failure.codes.is_empty() && failure.carrier == Carrier::Callback && is_elsewhere
}

/// A SAML response or a WS-Federation result that the application got repeats what the service's own page said.
fn received(step: &Step<'_>, failure: &Failure) -> bool {
    step.endpoint == Endpoint::AppCallback && matches!(failure.carrier, Carrier::SamlStatus | Carrier::SoapFault)
}

/// The last step with which an attempt came to what it was for.
fn succeeded_at(attempt: &Attempt, traffic: &Traffic<'_>) -> Option<usize> {
    attempt.steps.iter().rev().copied().find(|&at| traffic.steps.get(at).is_some_and(|step| succeeds(step, attempt.kind)))
}

fn outcome(attempt: &Attempt, traffic: &Traffic<'_>) -> Outcome {
    let succeeded_at = succeeded_at(attempt, traffic);
    let failed_at = attempt.failures.iter().map(|event| event.step).max();
    match (succeeded_at, failed_at) {
        (Some(success), Some(failure)) if failure >= success => Outcome::Failed,
        (Some(_), _) => Outcome::Succeeded,
        (None, Some(_)) => Outcome::Failed,
        (None, None) => unfinished(attempt, traffic),
    }
}

fn succeeds(step: &Step<'_>, kind: Kind) -> bool {
    let got_tokens = step.tokens().is_some() || step.reply.sealed_token;
    let handed = step.reply.handover.as_ref().is_some_and(Handover::serves_application);
    // What only looks like it (a fault, a SAML status) is a failure by now. A form that posted itself is seen at the application even where the page's body was lost.
    let received = step.endpoint == Endpoint::AppCallback
        && Handed::of(&step.params).next().is_some()
        && step.reply.failures.is_empty()
        && step.status.is_none_or(|status| status < 500);
    let signed_out = kind == Kind::SignOut && step.endpoint == Endpoint::Logout && step.status.is_some_and(|status| status < 400);
    got_tokens || handed || received || signed_out || gives_unread_tokens(step)
}

/// Whether the token endpoint gave tokens that were not recorded: it answers 200 with nothing else (RFC 6749 §5.1), and errors with
/// another status (§5.2).
pub(super) fn gives_unread_tokens(step: &Step<'_>) -> bool {
    let is_answered = step.endpoint == Endpoint::Token && step.method == "POST" && step.status == Some(200);
    let response = &step.exchange.response;
    is_answered && response.mime.as_deref() == Some("application/json") && response.body.loss().is_some() && step.reply.failures.is_empty()
}

fn unfinished(attempt: &Attempt, traffic: &Traffic<'_>) -> Outcome {
    let Some(last) = attempt.steps(traffic).next_back() else { return Outcome::Unknown };
    let shows_page = last.status == Some(200) && last.reply.redirect.is_none() && last.is_sign_in();
    let interactive = !attempt.is_silent() && last.endpoint != Endpoint::Token;
    // Of a reply whose body is lost nobody knows whether it was a page.
    if shows_page && interactive && !is_lost(last) { Outcome::Abandoned } else { Outcome::Unknown }
}

fn resolved_tenant(attempt: &Attempt, traffic: &Traffic<'_>) -> Option<Guid> {
    let of_tokens =
        attempt.steps(traffic).filter_map(Step::tokens).flat_map(|tokens| tokens.claims()).find_map(|claims| claims.tenant.clone());
    let of_pages = || attempt.steps(traffic).filter_map(|step| step.reply.page.as_ref()).find_map(|page| page.tenant.clone());
    let asked = || attempt.tenant.as_ref().and_then(|tenant| tenant.id().cloned());
    of_tokens.or_else(of_pages).or_else(asked)
}

fn account(attempt: &Attempt, traffic: &Traffic<'_>) -> Option<crate::entra::AccountId> {
    let accounts = &traffic.names.accounts;
    let of_claims = |claims: &[&Claims]| {
        let named = claims.iter().find_map(|claims| claims.username.as_ref()).and_then(|name| accounts.find_name(name));
        named.or_else(|| claims.iter().find_map(|claims| claims.object_id.as_ref()).and_then(|id| accounts.find_object_id(id)))
    };
    let of_token = |step: &Step<'_>| of_claims(&step.tokens()?.claims().collect::<Vec<_>>());
    let of_assertion = |step: &Step<'_>| of_claims(&[&step.assertion().or_else(|| step.id_token_hint())?]);
    let of_request = |step: &Step<'_>| step.person().and_then(|name| accounts.find_name(&name));
    let of_anchor = |step: &Step<'_>| match step.anchor()? {
        Anchor::Username(name) => accounts.find_name(&name),
        Anchor::ObjectId { account, .. } => accounts.find_object_id(&account),
    };
    attempt
        .steps(traffic)
        .find_map(of_token)
        .or_else(|| attempt.steps(traffic).find_map(of_assertion))
        .or_else(|| attempt.steps(traffic).filter(|step| step.endpoint != Endpoint::AccountLookup).find_map(of_request))
        .or_else(|| attempt.steps(traffic).find_map(of_anchor))
        .or_else(|| attempt.steps(traffic).find_map(of_request))
}
