//! What the checks say of a failure, and of the same step where it works.

use super::NotShown;
use super::account::{self, Whose};
use super::align::Rows;
use super::pairing::Counterpart;
use super::side::Side;
use crate::checks::{self, Expectation, LooksAt, Observation, Observations, Scene};
use crate::diagnosis::Diagnosis;
use crate::entra::{Carrier, Failure};
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

    /// Adds what the causes of the failure rest on and only one of the captures shows. What neither shows the diagnosis
    /// itself says.
    pub(super) fn add_unknown(&self, diagnosis: &Diagnosis, unknown: &mut Vec<NotShown>) {
        let claims = diagnosis.causes.iter().flat_map(|cause| {
            let observed = cause.supporting.iter().chain(&cause.opposing).map(|finding| finding.claim);
            observed.chain(cause.unknown.iter().map(|unknown| unknown.claim))
        });
        for claim in claims {
            let why = |observations: &Observations| match observations.get(claim).map(|claim| &claim.observation) {
                Some(Observation::NotRecorded { why }) => Some(why.clone()),
                _ => None,
            };
            let (working, failing) = (why(&self.working), why(&self.failing));
            let Some(check) = self.failing.get(claim).map(|claim| claim.check) else { continue };
            // Where nothing fails, the others have nothing to look at.
            if working.is_some() == failing.is_some() || check.looks_at != LooksAt::Circumstances {
                continue;
            }
            let not_shown = NotShown { what: check.about.to_owned(), steps: Vec::new(), working, failing };
            if !unknown.contains(&not_shown) {
                unknown.push(not_shown);
            }
        }
    }
}

fn scene<'a, 'c>(side: &'a Side<'c>, attempt: &'a Attempt, event: &'a FailureEvent, expectation: &'a Expectation) -> Option<Scene<'a, 'c>> {
    let (sign_in_log, msal_log) = (Join::NoLog, msal_log::Join::NoLog);
    let (traffic, sign_ins, index) = (&side.traffic, &side.sign_ins, &side.index);
    let failing = side.step(event.step)?;
    Some(Scene { traffic, sign_ins, attempt, event, failing, expectation, sign_in_log, msal_log, index })
}
