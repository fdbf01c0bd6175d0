//! What the checks say of a failure, and of the same step where it works.

use super::NotShown;
use super::account::{self, Whose};
use super::align::Rows;
use super::pairing::Counterpart;
use super::side::Side;
use crate::checks::{self, Expectation, Lack, LooksAt, Observation, Observations, Scene, is_premise};
use crate::diagnosis::Diagnosis;
use crate::entra::{Carrier, Failure};
use crate::knowledge::Rule;
use crate::msal_log;
use crate::sign_in_log::Join;
use crate::signin::{Attempt, FailureEvent};

/// The claims of two scenes, and whose sign-ins they are.
pub(super) struct Both {
    pub(super) working: Observations,
    pub(super) failing: Observations,
    /// Whose the two are.
    pub(super) whose: Whose,
}

impl Both {
    /// Observes the failure, and the working attempt at the same step as if that were the one in question.
    pub(super) fn observe(working: &Side<'_>, failing: &Side<'_>, counterpart: &Counterpart<'_>, rows: &Rows) -> Option<Self> {
        let at = rows.beside(counterpart.event.step).unwrap_or(counterpart.working.begin);
        let failure = Failure::without_code(Carrier::Silence, "response.status");
        let event = FailureEvent { step: at, failure, symptom: None, repeated_at: Vec::new() };
        let expectation = Expectation::default();
        let of_working = scene(working, counterpart.working, &event, &expectation)?;
        let of_failing = scene(failing, counterpart.failing, counterpart.event, &expectation)?;
        let begun = Scene { attempt: counterpart.compared(), ..scene(failing, counterpart.failing, counterpart.event, &expectation)? };
        Some(Self {
            working: checks::observe(&of_working),
            failing: checks::observe(&of_failing),
            whose: account::compare((working, &of_working), (failing, &begun)),
        })
    }

    /// What the working capture says of a claim.
    pub(super) fn in_working(&self, claim: &str) -> Option<&Observation> {
        self.working.get(claim).map(|claim| &claim.observation)
    }

    /// What the working capture says of a claim, where that is the opposite of what the failing one says and can explain
    /// something: what only repeats the reply does not, nor what sign-ins that work show as well.
    pub(super) fn otherwise(&self, claim: &str, seen: bool) -> Option<&Observation> {
        let repeats_reply = self.failing.get(claim).is_some_and(|own| own.check.looks_at == LooksAt::FailingReply);
        let there = self.in_working(claim)?;
        let differs = match there {
            Observation::Seen { .. } => !seen,
            Observation::NotSeen { .. } => seen,
            Observation::NotRecorded { .. } => false,
        };
        (differs && !repeats_reply && !is_premise(claim, seen)).then_some(there)
    }

    /// Whether a rule that holds for the failing capture does not hold for the working one because of a claim in which the
    /// two differ: of alternatives none may be left there.
    pub(super) fn is_contradicted(&self, rule: &Rule, claim: &str) -> bool {
        let names = |claims: &[String]| claims.iter().any(|name| name == claim);
        let is_gone = |name: &String| matches!(self.in_working(name), Some(Observation::NotSeen { .. }));
        names(&rule.all) || names(&rule.none) || (names(&rule.any) && rule.any.iter().all(is_gone))
    }

    /// Adds what the causes of the failure rest on and only one of the captures lost. What neither shows the diagnosis
    /// itself says, and what the explanation is about is shown.
    pub(super) fn add_unknown(&self, diagnosis: &Diagnosis, explained: Option<&str>, unknown: &mut Vec<NotShown>) {
        let claims = diagnosis.causes.iter().flat_map(|cause| {
            let observed = cause.supporting.iter().chain(&cause.opposing).map(|finding| finding.claim);
            observed.chain(cause.unknown.iter().map(|unknown| unknown.claim))
        });
        for claim in claims {
            let why = |observations: &Observations| match observations.get(claim).map(|claim| &claim.observation) {
                Some(Observation::NotRecorded { why, lack: Lack::Lost(_), .. }) => Some(why.clone()),
                _ => None,
            };
            let (working, failing) = (why(&self.working), why(&self.failing));
            let Some(check) = self.failing.get(claim).map(|claim| claim.check) else { continue };
            // Where nothing fails, the others have nothing to look at.
            if working.is_some() == failing.is_some() || check.looks_at != LooksAt::Circumstances || explained == Some(check.name) {
                continue;
            }
            match unknown.iter_mut().find(|known| known.what == check.about) {
                Some(known) => {
                    add_reason(&mut known.working, working);
                    add_reason(&mut known.failing, failing);
                }
                None => unknown.push(NotShown { what: check.about.to_owned(), steps: Vec::new(), working, failing }),
            }
        }
    }
}

/// Adds one reason to others.
fn add_reason(known: &mut Option<String>, why: Option<String>) {
    let Some(why) = why else { return };
    match known {
        Some(known) if known.split("; ").any(|reason| reason == why) => {}
        Some(known) => *known = format!("{known}; {why}"),
        None => *known = Some(why),
    }
}

fn scene<'a, 'c>(side: &'a Side<'c>, attempt: &'a Attempt, event: &'a FailureEvent, expectation: &'a Expectation) -> Option<Scene<'a, 'c>> {
    let (sign_in_log, msal_log) = (Join::NoLog, msal_log::Join::NoLog);
    let (traffic, sign_ins, index) = (&side.traffic, &side.sign_ins, &side.index);
    let failing = side.step(event.step)?;
    Some(Scene { traffic, sign_ins, attempt, event, failing, expectation, sign_in_log, msal_log, index })
}
