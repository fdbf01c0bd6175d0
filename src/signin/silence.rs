//! Finds the failures that never got a code: what is missing where something should have come.
//!
//! An attempt that already has an error gets no symptom on top.

use super::afterwards::Afterwards;
use super::no_answer::{answered_by_another, overcome, refused_step, refused_token, service_error, unanswered, waits_for_tokens};
use super::page_assets::PageAssets;
use super::redemption::{Redemptions, not_taken_up};
use super::reply_cookie::stayed_behind;
use super::settle::gives_unread_tokens;
use super::{Attempt, FailureEvent, Kind, Outcome, Symptom, loops, redirected_call, refused_call};
use crate::entra::{
    Address, CLOCK_TOLERANCE_S, Endpoint, Frame, NoAnswer, Step, Traffic, holds_error, keeps_error_in_cookie, leads_to_error_page,
    leads_to_sign_in_page, names_error,
};
use crate::exchange::Recorded;
use crate::exchange::hosts::sign_in_host;
use std::collections::HashMap;

/// How long an ID token lives, in seconds.
const ID_TOKEN_LIVES_S: i64 = 3600;

/// A difference between clocks that is measured on fewer replies could be one slow reply.
const ENOUGH_DATES: usize = 3;

/// What time zones differ by, in seconds, and how long a reply may take on its way.
const QUARTER_S: i64 = 900;
const ZONE_TOLERANCE_S: i64 = 60;

/// A token reply of which nobody knows whether the client's clock accepts what it brought: its body is not in the capture, and
/// nothing shows that a token was used.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct ClockOff {
    /// Its entry.
    pub(crate) entry: usize,
    /// By how many seconds the recorder's clock is ahead of the servers'.
    pub(crate) ahead_s: i64,
}

/// What is seen on the way, and is a symptom of no attempt.
pub(super) struct Beside {
    /// The entries of calls that an API denied for want of a permission.
    pub(super) permission_denied: Vec<usize>,
    /// A token reply of which nobody knows whether the client's clock accepts what it brought.
    pub(super) clock_off: Option<ClockOff>,
    /// The first scripts that did not come to each sign-in page, as [`PageAssets::of_page`].
    pub(super) missing_scripts: HashMap<usize, Vec<usize>>,
}

/// Finds every symptom and notes it on its attempt; calls of APIs become attempts of their own.
pub(super) fn find(attempts: &mut Vec<Attempt>, traffic: &Traffic<'_>) -> Beside {
    let afterwards = Afterwards::of(traffic);
    loops::find(attempts, traffic, &afterwards);
    let redemptions = Redemptions::of(attempts, traffic, &afterwards);
    let assets = PageAssets::of(attempts, traffic, &afterwards);
    let mut clock_off = None;
    for index in 0..attempts.len() {
        let Some(attempt) = attempts.get(index) else { continue };
        if !attempt.failures.is_empty() {
            continue;
        }
        let event = of_attempt(attempt, traffic, &afterwards, &redemptions, &assets);
        // What was overcome within an attempt that worked is told, and does not make it fail.
        let overcome = if event.is_none() { overcome(attempt, traffic) } else { Vec::new() };
        if event.is_none()
            && (redemptions.is_open(attempt, traffic)
                || waits_for_tokens(attempt, traffic)
                || may_be_unused(attempt, traffic, &afterwards, &redemptions)
                || may_be_sent_back(attempt, traffic, &afterwards))
            && let Some(attempt) = attempts.get_mut(index)
        {
            attempt.outcome = Outcome::Unknown;
            continue;
        }
        let is_ended = attempts.get(index).filter(|_| event.is_none());
        let off = is_ended.and_then(|attempt| unread_token_off(attempt, traffic, &afterwards));
        let Some(attempt) = attempts.get_mut(index) else { continue };
        if off.is_some() {
            clock_off = off;
            attempt.outcome = Outcome::Unknown;
        }
        attempt.failures.extend(overcome.into_iter().map(|step| Symptom::ServiceError.event(step)));
        if let Some(event) = event {
            // A preflight is no step of an attempt until it is what failed.
            if let Err(place) = attempt.steps.binary_search(&event.step) {
                attempt.steps.insert(place, event.step);
            }
            attempt.outcome = Outcome::Failed;
            attempt.failures.push(event);
        }
    }
    let permission_denied = refused_call::find(attempts, traffic, &afterwards);
    redirected_call::find(attempts, traffic, &afterwards);
    Beside { permission_denied, clock_off, missing_scripts: assets.of_page }
}

fn of_attempt<'c>(
    attempt: &Attempt,
    traffic: &Traffic<'c>,
    afterwards: &Afterwards<'c>,
    redemptions: &Redemptions<'_, 'c>,
    assets: &PageAssets,
) -> Option<FailureEvent> {
    let at = |symptom: Symptom, found: Option<usize>| found.map(|step| symptom.event(step));
    let find = |wanted: fn(&Attempt, &Step<'_>) -> bool| {
        attempt.steps.iter().copied().find(|&at| traffic.steps.get(at).is_some_and(|step| wanted(attempt, step)))
    };
    let unused = |step: &Step<'c>| afterwards.calls.sends_token(attempt, traffic, step, None) == Some(false);
    let left_unused = |step: &Step<'c>| afterwards.leaves_unused(attempt, traffic, step) == Some(true);
    at(Symptom::CallRedirected, find(is_redirected_call))
        .or_else(|| at(Symptom::RequestTooLong, find(|_, step| is_too_long(step))))
        .or_else(|| at(Symptom::PageInFrame, find(is_page_in_frame)))
        .or_else(|| at(Symptom::NoAnswer, answered_by_another(attempt, traffic)))
        .or_else(|| at(Symptom::TokenReplyBlocked, blocked_token_reply(attempt, traffic, redemptions, &unused)))
        .or_else(|| at(Symptom::TokenReplyBlocked, redemptions.refused_preflight(attempt, traffic)))
        .or_else(|| at(Symptom::NoAnswer, unanswered(attempt, traffic, afterwards)))
        .or_else(|| at(Symptom::ServiceError, service_error(attempt, traffic)))
        .or_else(|| metadata_refused(attempt, traffic))
        .or_else(|| provider_failed(attempt, traffic))
        .or_else(|| at(Symptom::TokenRefused, refused_token(attempt, traffic)))
        .or_else(|| at(Symptom::StepRefused, refused_step(attempt, traffic)))
        .or_else(|| callback_failed(attempt, traffic, afterwards))
        .or_else(|| at(Symptom::PageAssetsMissing, assets.missing(attempt)))
        .or_else(|| at(Symptom::ReplyMismatch, reply_mismatch(attempt, traffic, &unused)))
        .or_else(|| at(Symptom::TokenNotUsable, token_not_usable(attempt, traffic, afterwards, &left_unused)))
        .or_else(|| at(Symptom::CodeNotUsed, not_taken_up(attempt, traffic, afterwards, redemptions)))
}

/// A fetch that ended at the authorization endpoint: an API answered it with a redirect instead of 401.
fn is_redirected_call(_: &Attempt, step: &Step<'_>) -> bool {
    step.endpoint == Endpoint::Authorize && step.frame() == Recorded::Kept(Frame::Script)
}

fn is_page_in_frame(attempt: &Attempt, step: &Step<'_>) -> bool {
    let framed = attempt.kind == Kind::SilentIframe && step.endpoint == Endpoint::Authorize;
    let refused = NoAnswer::of(step.exchange).is_some_and(|why| why.is_case_of(NoAnswer::FramingRefused));
    let html = step.exchange.response.mime.as_deref() == Some("text/html");
    let self_posting = step.reply.handover.is_some();
    // A page that takes the frame along to the reply (the single sign-on reload) has done its work.
    let went_on = attempt.outcome == Outcome::Succeeded;
    // An error of the service is a page too, and its status says more.
    framed && !went_on && !step.is_service_error() && (refused || (step.status == Some(200) && html && !self_posting))
}

/// Metadata that a page could not begin with: an attempt of its own begins with it.
fn metadata_refused(attempt: &Attempt, traffic: &Traffic<'_>) -> Option<FailureEvent> {
    let flaw = attempt.begin(traffic)?.metadata_flaw()?;
    Some(Symptom::MetadataRefused.shown_by(flaw.part(), attempt.begin))
}

/// A token reply that the page's origin may not read: the browser hides it from the application.
fn blocked_token_reply<'c>(
    attempt: &Attempt,
    traffic: &Traffic<'c>,
    redemptions: &Redemptions<'_, 'c>,
    unused: &impl Fn(&Step<'c>) -> bool,
) -> Option<usize> {
    let is_blocked = |at: usize, step: &Step<'c>| is_hidden_from_page(at, step, redemptions) && unused(step);
    attempt.steps.iter().copied().find(|&at| traffic.steps.get(at).is_some_and(|step| is_blocked(at, step)))
}

/// Whether an attempt came to nothing, unless a token that was sent is its own: whose it is, the capture does not tell.
fn may_be_unused<'c>(attempt: &Attempt, traffic: &Traffic<'c>, afterwards: &Afterwards<'c>, redemptions: &Redemptions<'_, 'c>) -> bool {
    let untold = |step: &Step<'c>| afterwards.calls.sends_token(attempt, traffic, step, None).is_none();
    let may_be_left = |step: &Step<'c>| afterwards.leaves_unused(attempt, traffic, step).is_none();
    blocked_token_reply(attempt, traffic, redemptions, &untold).is_some()
        || reply_mismatch(attempt, traffic, &untold).is_some()
        || token_not_usable(attempt, traffic, afterwards, &may_be_left).is_some()
}

fn is_hidden_from_page<'c>(at: usize, step: &Step<'c>, redemptions: &Redemptions<'_, 'c>) -> bool {
    let headers = &step.exchange.response.headers;
    // What fails on the way to the service, or in it, names no origin either.
    let from_page = step.endpoint == Endpoint::Token && step.exchange.request.headers.has("origin") && !step.is_service_error();
    // Firefox does not say why a request came to nothing.
    let failed = match NoAnswer::of(step.exchange) {
        Some(why) => why == NoAnswer::KeptFromPage,
        None => redemptions.holds_back(at, step),
    };
    let not_allowed = step.status.is_some() && headers.absent().is_none() && !headers.has("access-control-allow-origin");
    from_page && (failed || not_allowed)
}

/// A request that the server found too long: it says so (RFC 6585), or calls it bad and gives no reason where its cookies are
/// as long as servers commonly take, or not recorded.
fn is_too_long(step: &Step<'_>) -> bool {
    (step.at_entra() || step.endpoint == Endpoint::AppCallback) && finds_too_long(step)
}

fn finds_too_long(step: &Step<'_>) -> bool {
    let may_be = || step.status == Some(400) && step.has_too_large_cookies() && !step.finds_other_fault();
    step.reply.failures.is_empty() && (step.finds_too_long().is_some() || step.is_refused_unread() || may_be())
}

/// What another identity provider, or its answer to Entra ID, shows last of all.
fn provider_failed(attempt: &Attempt, traffic: &Traffic<'_>) -> Option<FailureEvent> {
    let last = attempt.steps.iter().copied().rev().find(|&at| traffic.steps.get(at).is_some_and(Step::is_at_provider))?;
    let part = traffic.steps.get(last)?.reply.provider_failed.filter(|_| attempt.outcome != Outcome::Succeeded)?;
    Some(Symptom::ProviderFailed.shown_by(part, last))
}

/// The application answers the reply with an error, or leads on to its page for errors; or back to its page for signing in, where
/// the cookie by which it would know the reply did not come with it. Its server may be answering its own page, which has sent on
/// what it got.
fn callback_failed(attempt: &Attempt, traffic: &Traffic<'_>, afterwards: &Afterwards<'_>) -> Option<FailureEvent> {
    attempt.steps.iter().copied().find_map(|at| {
        let step = traffic.steps.get(at)?;
        if step.hands_code_on() {
            return is_code_refused(step, attempt, traffic, afterwards).then(|| Symptom::CallbackFailed.event(at));
        }
        if step.endpoint != Endpoint::AppCallback {
            return None;
        }
        if step.status.is_some_and(|status| status >= 400) {
            return Some(Symptom::CallbackFailed.event(at));
        }
        let target = step.reply.redirect.as_ref()?;
        if let Some(page) = page_too_long(traffic, at, target) {
            return Some(Symptom::RequestTooLong.event(page));
        }
        let begins_anew = || leads_to_sign_in_page(step) && stayed_behind(attempt, step, traffic);
        let page_fails = || sign_in_host(&target.host).is_none() && afterwards.documents.page_fails(step, target);
        let is_told = leads_to_error_page(step) || keeps_error_in_cookie(step) || begins_anew() || page_fails();
        (is_told && !lets_in(step, afterwards)).then(|| Symptom::CallbackFailed.shown_by("response.header.location", at))
    })
}

/// The page that the application leads on to after the reply of the step at this position, where its server finds the request
/// too long: the cookies that came with the reply are what makes it so.
fn page_too_long(traffic: &Traffic<'_>, at: usize, target: &Address) -> Option<usize> {
    let next = traffic.steps.iter().enumerate().skip(at + 1).take(NEXT);
    let is_page =
        |step: &Step<'_>| step.address.as_ref().is_some_and(|page| (page.origin(), &page.path) == (target.origin(), &target.path));
    next.filter(|(_, step)| is_page(step)).map(|(page, step)| finds_too_long(step).then_some(page)).next()?
}

/// Within how many steps the browser asks for the page that a reply leads it on to.
const NEXT: usize = 8;

/// Whether the application's server did not turn in the code that its page sent it: not where the page did so itself, nor where
/// the server took one sent to the same place. Pages may send the same code twice, which works once.
fn is_code_refused(step: &Step<'_>, attempt: &Attempt, traffic: &Traffic<'_>, afterwards: &Afterwards<'_>) -> bool {
    let by_page = || attempt.steps(traffic).any(|step| step.endpoint == Endpoint::Token);
    let taken = || attempt.begin(traffic).is_some_and(|begin| afterwards.posts.are_taken_at(step, begin));
    step.status.is_some_and(|status| status >= 400) && !by_page() && !taken()
}

/// Whether the application let the person in, whatever it calls the page that it leads on to: it sets a cookie, says nothing of
/// an error, and its scripts get their data.
fn lets_in(step: &Step<'_>, afterwards: &Afterwards<'_>) -> bool {
    let sets_cookie = match &step.cookies_set {
        Recorded::Kept(lines) => lines.iter().any(|line| !line.deletes && !holds_error(line)),
        Recorded::Empty => false,
        Recorded::NotKept(_) => true,
    };
    let target = step.reply.redirect.as_ref().filter(|target| !names_error(target));
    sets_cookie && target.is_some_and(|target| afterwards.documents.gets_data(step, &target.host))
}

/// Whether the application answers the reply with its page for signing in, and shows nothing else from then on: it may have
/// refused the person, or let them in there.
fn may_be_sent_back(attempt: &Attempt, traffic: &Traffic<'_>, afterwards: &Afterwards<'_>) -> bool {
    let shows_nothing_else = |step: &Step<'_>| {
        let target = step.reply.redirect.as_ref();
        let page = target.and_then(|target| afterwards.documents.document(step, target));
        page.is_some_and(|(page, went_on)| page.response.status == Some(200) && !went_on)
    };
    attempt.sent_back(traffic).is_some_and(shows_nothing_else)
}

/// A token that the client's clock holds for expired, or for not yet valid, and that nobody used.
fn token_not_usable<'c>(
    attempt: &Attempt,
    traffic: &Traffic<'c>,
    afterwards: &Afterwards<'c>,
    unused: &impl Fn(&Step<'c>) -> bool,
) -> Option<usize> {
    let is_off = |step: &Step<'c>| step.gives_token_out_of_time() && !is_posted_on(step);
    unused_token(attempt, traffic, afterwards, is_off, unused)
}

/// The first step that brings a token of some kind which nobody used.
fn unused_token<'c>(
    attempt: &Attempt,
    traffic: &Traffic<'c>,
    afterwards: &Afterwards<'c>,
    brings: impl Fn(&Step<'c>) -> bool,
    unused: &impl Fn(&Step<'c>) -> bool,
) -> Option<usize> {
    let own = |step: &Step<'_>| step.page().or_else(|| attempt.begin(traffic)?.redirect_address());
    let is_used_at_home = |step: &Step<'_>| own(step).is_some_and(|own| afterwards.may_send_token_home(step, &own.host));
    let is_found = |step: &Step<'c>| brings(step) && !is_used_at_home(step) && unused(step);
    attempt.steps.iter().copied().find(|&at| traffic.steps.get(at).is_some_and(is_found))
}

/// A token reply whose body is not in the capture, by a clock that is off for longer than an ID token lives, where nobody used what it
/// brought.
fn unread_token_off<'c>(attempt: &Attempt, traffic: &Traffic<'c>, afterwards: &Afterwards<'c>) -> Option<ClockOff> {
    let ahead_s = clock_off(attempt, traffic).filter(|_| attempt.outcome == Outcome::Succeeded)?;
    let unused = |step: &Step<'c>| afterwards.leaves_unused(attempt, traffic, step) == Some(true);
    // Servers read their tokens by their own clocks.
    let brings_unread = |step: &Step<'c>| gives_unread_tokens(step) && step.page_origin().is_some();
    let at = unused_token(attempt, traffic, afterwards, brings_unread, &unused)?;
    Some(ClockOff { entry: traffic.steps.get(at)?.entry, ahead_s })
}

/// By how many seconds the recorder's clock is ahead of the servers' in every reply of an attempt, where that is longer than an ID
/// token lives. What lies about so many quarters of an hour is the time zone of a recorder that writes none.
fn clock_off(attempt: &Attempt, traffic: &Traffic<'_>) -> Option<i64> {
    let offsets = attempt.steps(traffic).filter_map(|step| Some((step.started? - step.date()?).num_seconds()));
    let mut offsets: Vec<i64> = offsets.collect();
    offsets.sort_unstable();
    let (least, most) = (*offsets.first()?, *offsets.last()?);
    let middle = *offsets.get(offsets.len() / 2)?;
    let past_quarter = middle.rem_euclid(QUARTER_S);
    let is_zone = past_quarter.min(QUARTER_S - past_quarter) < ZONE_TOLERANCE_S;
    let is_off = least.signum() == most.signum() && most - least <= CLOCK_TOLERANCE_S && middle.abs() > ID_TOKEN_LIVES_S;
    (offsets.len() >= ENOUGH_DATES && is_off && !is_zone).then_some(middle)
}

/// Whether a page posts the reply on to the application: its server reads it then, by its own clock.
fn is_posted_on(step: &Step<'_>) -> bool {
    step.reply.handover.as_ref().is_some_and(|handover| handover.is_in_page())
}

/// A `state` or `nonce` that is not the one sent (OpenID Connect Core 3.1.2.7, 3.1.3.7): libraries refuse the reply.
fn reply_mismatch<'c>(attempt: &Attempt, traffic: &Traffic<'c>, unused: &impl Fn(&Step<'c>) -> bool) -> Option<usize> {
    let begin = attempt.begin(traffic).filter(|step| step.endpoint == Endpoint::Authorize)?;
    let mismatches = |step: &Step<'_>| step.receives_other_state_than(begin) || step.gives_other_nonce_than(begin);
    let at = attempt.steps.iter().copied().find(|&at| traffic.steps.get(at).is_some_and(mismatches))?;
    unused(traffic.steps.get(at)?).then_some(at)
}
