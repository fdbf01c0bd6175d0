//! Requests that got no answer, or that the service could not answer.

use super::afterwards::Afterwards;
use super::patience::{PATIENCE_MS, is_later};
use super::{Attempt, Kind, Outcome};
use crate::capture::Exporter;
use crate::entra::{Endpoint, NoAnswer, Step, Traffic, is_document, is_speculative};

/// Where an attempt may have come to nothing.
enum Ends {
    /// Anywhere: it did.
    Anywhere,
    /// Where it asked for tokens after the last that it got: a code that was handed over is worth nothing until it is turned in.
    AskingForTokens { got: Option<usize> },
}

impl Ends {
    fn of(attempt: &Attempt, traffic: &Traffic<'_>) -> Self {
        let gives_tokens = |step: &Step<'_>| step.tokens().is_some() || step.reply.sealed_token;
        match attempt.outcome {
            Outcome::Succeeded => Self::AskingForTokens {
                got: attempt.steps.iter().copied().rev().find(|&at| traffic.steps.get(at).is_some_and(gives_tokens)),
            },
            _ => Self::Anywhere,
        }
    }

    fn may_be(&self, at: usize, step: &Step<'_>) -> bool {
        match self {
            Self::Anywhere => true,
            Self::AskingForTokens { got } => step.endpoint == Endpoint::Token && *got < Some(at),
        }
    }
}

pub(super) fn unanswered(attempt: &Attempt, traffic: &Traffic<'_>, afterwards: &Afterwards<'_>) -> Option<usize> {
    let ends = Ends::of(attempt, traffic);
    // A NetLog says of every request how it ended; what has no end there was still under way when the log ended. So may be
    // what an application waits for that was handed a code, unless it went on without it.
    let names_every_end = traffic.capture.exporter == Exporter::ChromiumNetLog;
    let waits = |step: &Step<'_>| attempt.outcome == Outcome::Succeeded && !is_later(step, afterwards.order.end());
    let under_way = |step: &Step<'_>| step.exchange.response.failure.is_none() && (names_every_end || waits(step));
    // Where the recorder does not say why.
    let begun_anew = |step: &Step<'_>| {
        let untold = NoAnswer::of(step.exchange).is_none_or(|why| matches!(why, NoAnswer::Untold | NoAnswer::UntoldByProxy));
        untold && attempt.kind != Kind::SilentIframe && afterwards.navigations.is_begun_anew(step)
    };
    let is_wanted =
        |at: usize, step: &Step<'_>| ends.may_be(at, step) && has_no_answer(attempt, step) && !under_way(step) && !begun_anew(step);
    attempt.steps.iter().copied().find(|&at| traffic.steps.get(at).is_some_and(|step| is_wanted(at, step)))
}

/// Where something in between answered in the place of the service.
pub(super) fn answered_by_another(attempt: &Attempt, traffic: &Traffic<'_>) -> Option<usize> {
    let ends = Ends::of(attempt, traffic);
    let is_wanted = |at: usize, step: &Step<'_>| traffic.is_answered_by_another(step) && ends.may_be(at, step);
    attempt.steps.iter().copied().find(|&at| traffic.steps.get(at).is_some_and(|step| is_wanted(at, step)))
}

/// Whether an application that was handed a code may still have waited for its tokens when the capture ended.
pub(super) fn waits_for_tokens(attempt: &Attempt, traffic: &Traffic<'_>) -> bool {
    let ends = Ends::of(attempt, traffic);
    let waits = |at: usize, step: &Step<'_>| step.endpoint == Endpoint::Token && step.status.is_none() && ends.may_be(at, step);
    attempt.steps.iter().any(|&at| traffic.steps.get(at).is_some_and(|step| waits(at, step)))
}

fn has_no_answer(attempt: &Attempt, step: &Step<'_>) -> bool {
    // A page that is left takes its requests along; only a frame that is taken away when a library's patience is over tells
    // of a time-out.
    let left = NoAnswer::of(step.exchange) == Some(NoAnswer::Left);
    let begins = step.endpoint.begins_attempt() || step.endpoint == Endpoint::Token;
    let waited = step.exchange.duration_ms.is_none_or(|duration| duration <= 0.0 || duration >= PATIENCE_MS as f64);
    let framed = attempt.kind == Kind::SilentIframe && waited;
    let left = left || is_speculative(step.exchange);
    step.is_sign_in() && step.status.is_none() && (!left || framed) && (begins || !left) && attempt.kind != Kind::SignOut
}

pub(super) fn service_error(attempt: &Attempt, traffic: &Traffic<'_>) -> Option<usize> {
    let ends = Ends::of(attempt, traffic);
    let is_wanted = |at: usize, step: &Step<'_>| step.is_service_error() && ends.may_be(at, step);
    attempt.steps.iter().copied().find(|&at| traffic.steps.get(at).is_some_and(|step| is_wanted(at, step)))
}

/// Where the service refused the page that a sign-in had come to, without a code, and nothing more came of it. What asks for
/// credentials, or for less haste, is none of these.
pub(super) fn refused_step(attempt: &Attempt, traffic: &Traffic<'_>) -> Option<usize> {
    let last = attempt.steps.last().copied().filter(|_| attempt.outcome != Outcome::Succeeded && attempt.kind != Kind::SignOut)?;
    let step = traffic.steps.get(last)?;
    let is_page = is_document(step.exchange) && !is_speculative(step.exchange);
    let is_of_sign_in =
        step.endpoint.begins_attempt() || step.endpoint.continues_interactively() || step.endpoint == Endpoint::WsFederation;
    let is_refused =
        matches!(step.status, Some(400..500)) && !matches!(step.status, Some(401 | 407 | 429)) && !step.may_be_answered_by_fault();
    let says_nothing = step.reply.failures.is_empty() && step.reply.handover.is_none() && step.reply.redirect.is_none();
    (step.at_entra() && is_page && is_of_sign_in && is_refused && says_nothing).then_some(last)
}

/// Where the token endpoint refused without a word of it in the capture, and gave no tokens to whoever asked the same again: a
/// first refusal may be a step (a device code that is polled for, a proof that wants the service's nonce).
pub(super) fn refused_token(attempt: &Attempt, traffic: &Traffic<'_>) -> Option<usize> {
    let ends = Ends::of(attempt, traffic);
    let is_wanted = |at: usize, step: &Step<'_>| match step.endpoint {
        Endpoint::Token => matches!(step.status, Some(400..500)) && !step.is_service_error() && ends.may_be(at, step),
        _ => step.may_be_answered_by_fault() && attempt.outcome != Outcome::Succeeded,
    };
    // A reply that says why has said it; what is left says nothing.
    let is_final = |step: &Step<'_>| step.reply.failures.is_empty() && !step.reply.asks_device_proof;
    attempt.steps.iter().copied().find(|&at| traffic.steps.get(at).is_some_and(|step| is_final(step) && is_wanted(at, step)))
}

/// Where the service was out of order in an attempt that worked all the same, because the same was asked once more.
pub(super) fn overcome(attempt: &Attempt, traffic: &Traffic<'_>) -> Vec<usize> {
    let is_wanted = |step: &Step<'_>| {
        // What a page asks beside the sign-in may fail without anybody noticing.
        let counts = step.endpoint.begins_attempt() || step.endpoint == Endpoint::Token || step.endpoint.continues_interactively();
        counts && step.is_service_error() && attempt.outcome == Outcome::Succeeded
    };
    attempt.steps.iter().copied().filter(|&at| traffic.steps.get(at).is_some_and(is_wanted)).collect()
}
