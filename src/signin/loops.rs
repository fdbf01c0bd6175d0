//! Sign-ins that work and follow each other without end: the application does not keep them.

use super::afterwards::Afterwards;
use super::{Attempt, Kind, Outcome, Symptom};
use crate::entra::{Address, ClientId, Endpoint, ErrorCode, Step, Traffic};
use chrono::{DateTime, Utc};
use std::collections::HashMap;

/// The rounds that make a loop: MSAL itself repeats a sign-in at most once.
const LOOP_ROUNDS: usize = 3;

/// For each attempt, the begin of the next one of the same application.
fn next_of_client(attempts: &[Attempt]) -> Vec<Option<usize>> {
    let mut seen: HashMap<Option<&ClientId>, usize> = HashMap::new();
    let mut next: Vec<Option<usize>> = attempts.iter().rev().map(|attempt| seen.insert(attempt.client.as_ref(), attempt.begin)).collect();
    next.reverse();
    next
}

/// How long an application may take for one round of a loop, in seconds.
const ROUND_S: i64 = 60;

/// Sign-ins of one application that each worked, one after the other.
struct Rounds {
    /// Where the application took its reply, where any round tells.
    target: Option<String>,
    attempts: Vec<usize>,
}

impl Rounds {
    /// Whether a round whose reply went to an origin may be one of them: a recorder may not tell where it went.
    fn lead_to(&self, target: Option<&str>) -> bool {
        self.target.as_deref().zip(target).is_none_or(|(known, target)| known == target)
    }

    /// Whether the end of the last round led to another attempt: at once, and without a person who opened a page. Where the
    /// times are not known it may have.
    fn are_followed_by(&self, next: &Attempt, attempts: &[Attempt], traffic: &Traffic<'_>, afterwards: &Afterwards<'_>) -> bool {
        let last = self.attempts.last().and_then(|last| attempts.get(*last)).and_then(|round| traffic.steps.get(*round.steps.last()?));
        let Some((last, begin)) = last.zip(next.begin(traffic)) else { return true };
        let is_at_once = |(end, begin): (DateTime<Utc>, DateTime<Utc>)| end <= begin && (begin - end).num_seconds() <= ROUND_S;
        last.started.zip(begin.started).is_none_or(is_at_once) && !afterwards.navigations.is_begun_apart(begin, last)
    }
}

/// The origin at which the application took the reply of an attempt: where it was sent or received, or else where the request
/// wanted it. A browser keeps of the pages that post replies only the last.
fn target(attempt: &Attempt, traffic: &Traffic<'_>) -> Option<String> {
    let handed = |step: &Step<'_>| step.reply.handover.as_ref()?.target.as_ref().map(Address::origin);
    let received = |step: &Step<'_>| step.address.as_ref().filter(|_| step.endpoint == Endpoint::AppCallback).map(Address::origin);
    let taken = attempt.steps(traffic).rev().find_map(|step| handed(step).or_else(|| received(step)));
    taken.or_else(|| attempt.begin(traffic)?.reply_address().as_ref().map(Address::origin))
}

/// Sign-ins of one application that each work, without a person doing anything, one right after the other.
pub(super) fn find<'c>(attempts: &mut [Attempt], traffic: &Traffic<'c>, afterwards: &Afterwards<'c>) {
    let next_of_client = next_of_client(attempts);
    let mut rounds: HashMap<ClientId, Rounds> = HashMap::new();
    let mut loops: Vec<Vec<usize>> = Vec::new();
    for (index, attempt) in attempts.iter().enumerate() {
        let Some(client) = attempt.client.clone() else { continue };
        let automatic = matches!(attempt.kind, Kind::Redirect | Kind::Saml | Kind::WsFederation | Kind::SilentTopLevel);
        let asked = attempt.steps(traffic).any(|step| step.endpoint == Endpoint::Login);
        // Tokens that somebody used are no round of a loop; tokens that were only fetched again and again are.
        let is_used = || {
            let next = next_of_client.get(index).copied().flatten().and_then(|begin| traffic.steps.get(begin));
            let token = attempt.steps(traffic).find(|step| step.endpoint == Endpoint::Token);
            token.is_some_and(|step| afterwards.calls.sends_token(attempt, traffic, step, next) != Some(false))
        };
        let stopped = attempt.failures.iter().any(|event| event.failure.code() == Some(ErrorCode::CLIENT_LOOP));
        let known = rounds.get_mut(&client);
        let at_once = known.as_ref().is_some_and(|known| known.are_followed_by(attempt, attempts, traffic, afterwards));
        if automatic && attempt.outcome == Outcome::Succeeded && !is_used() {
            let target = target(attempt, traffic);
            match known {
                // A person in between is a new sign-in, not another round; the loop may begin with one.
                Some(known) if at_once && !asked && known.lead_to(target.as_deref()) => {
                    known.target = known.target.take().or(target);
                    known.attempts.push(index);
                }
                _ => loops.extend(rounds.insert(client, Rounds { target, attempts: vec![index] }).map(|ended| ended.attempts)),
            }
        } else if attempt.is_silent() && attempt.outcome == Outcome::Failed && at_once {
            // An application that asks silently, is refused and signs in again goes round all the same.
        } else if attempt.kind != Kind::Refresh && !stopped {
            rounds.remove(&client);
        }
    }
    loops.extend(rounds.into_values().map(|rounds| rounds.attempts));
    loops.retain(|rounds| rounds.len() >= LOOP_ROUNDS);
    loops.sort();
    for indices in loops {
        for index in indices {
            let Some(attempt) = attempts.get_mut(index) else { continue };
            let Some(&last) = attempt.steps.last() else { continue };
            attempt.outcome = Outcome::Failed;
            attempt.failures.push(Symptom::Loop.event(last));
        }
    }
}
