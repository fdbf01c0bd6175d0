//! How failures hang together: retries are one story, a trigger comes before its echo, and a later success
//! makes a failure handled.

use super::Diagnosis;
use crate::checks::Scene;
use crate::signin::{Attempt, Kind, Outcome, SignIns, Symptom};
use std::collections::HashMap;

/// One failure as it was diagnosed, before the retries are told together.
pub(super) struct Told {
    /// The attempt's id.
    pub(super) attempt: usize,
    /// The position of the failing step.
    pub(super) at: usize,
    /// What it was.
    pub(super) diagnosis: Diagnosis,
}

/// Whether the same application got what it asked for later in the capture: at the same authority or
/// directory, and for no other account. Another application's success excuses nothing, an earlier one
/// neither.
pub(super) fn is_handled(scene: &Scene<'_, '_>) -> bool {
    let failed = scene.attempt;
    let later = |other: &&Attempt| other.outcome == Outcome::Succeeded && other.steps.last().is_some_and(|&last| last > scene.event.step);
    scene.sign_ins.attempts.iter().filter(later).any(|other| {
        if other.id == failed.id {
            return true;
        }
        let same_client = failed.client.is_some() && failed.client == other.client;
        let same_authority = match (&failed.tenant, &other.tenant) {
            (Some(failed), Some(other)) => failed.same(other),
            _ => false,
        };
        let same_directory = failed.resolved_tenant.is_some() && failed.resolved_tenant == other.resolved_tenant;
        let other_account = matches!((failed.account, other.account), (Some(a), Some(b)) if a != b);
        let began_later = other.begin > scene.event.step;
        same_client && (same_authority || same_directory) && !other_account && began_later && other.kind != Kind::SignOut
    })
}

/// Joins retries, links echoes to their triggers, and numbers what is left.
pub(super) fn tell(mut told: Vec<Told>, sign_ins: &SignIns) -> Vec<Diagnosis> {
    told.sort_by_key(|one| one.at);
    let triggers: Vec<Option<usize>> = (0..told.len()).map(|at| trigger(at, &told, sign_ins)).collect();
    let mut diagnoses: Vec<Diagnosis> = Vec::new();
    let mut index_of: HashMap<String, usize> = HashMap::new();
    let mut place: Vec<usize> = Vec::with_capacity(told.len());
    for one in told {
        let key = retry_key(&one.diagnosis);
        match index_of.get(&key).and_then(|&index| Some((index, diagnoses.get_mut(index)?))) {
            Some((index, known)) => {
                known.occurrences.extend(one.diagnosis.occurrences);
                if !known.attempts.contains(&one.attempt) {
                    known.attempts.push(one.attempt);
                }
                // The last one counts: nothing excuses a failure after the success.
                known.handled = one.diagnosis.handled;
                known.severity = one.diagnosis.severity;
                place.push(index);
            }
            None => {
                index_of.insert(key, diagnoses.len());
                place.push(diagnoses.len());
                diagnoses.push(one.diagnosis);
            }
        }
    }
    for (at, trigger) in triggers.into_iter().enumerate() {
        let (Some(&index), Some(&by)) = (place.get(at), trigger.and_then(|trigger| place.get(trigger))) else { continue };
        if let Some(diagnosis) = diagnoses.get_mut(index).filter(|_| by != index) {
            diagnosis.triggered_by.get_or_insert(by + 1);
        }
    }
    for (index, diagnosis) in diagnoses.iter_mut().enumerate() {
        diagnosis.id = index + 1;
    }
    diagnoses
}

/// What makes two failures one story: same code and error, same application, tenant and first cause.
fn retry_key(diagnosis: &Diagnosis) -> String {
    let cause = diagnosis.causes.first().map(|cause| cause.id.as_str()).unwrap_or_default();
    let code = diagnosis.code.map(|code| code.to_string()).unwrap_or_default();
    let parts = [
        code.as_str(),
        diagnosis.error.unwrap_or_default(),
        diagnosis.client_id.as_deref().unwrap_or_default(),
        diagnosis.tenant.as_deref().unwrap_or_default(),
        cause,
        diagnosis.symptom.map(|symptom| symptom.id()).unwrap_or_default(),
    ];
    parts.join("\n").to_lowercase()
}

/// The earlier failure that led to this one: a refresh token was refused, so the client tried silently.
fn trigger(at: usize, told: &[Told], sign_ins: &SignIns) -> Option<usize> {
    let echo = told.get(at)?;
    let attempt = sign_ins.get(echo.attempt)?;
    // What failed earlier in the same attempt led here: a wrong password to a lock-out.
    let same_attempt = told.get(..at)?.iter().rposition(|one| one.attempt == echo.attempt);
    if same_attempt.is_some() {
        return same_attempt;
    }
    let of_client = |one: &Told| one.diagnosis.client_id.is_some() && one.diagnosis.client_id == echo.diagnosis.client_id;
    // The service ends a loop with a code of its own.
    if echo.diagnosis.code.is_some_and(|code| code.number == 50196) {
        return told.get(..at)?.iter().rposition(|one| of_client(one) && one.diagnosis.symptom == Some(Symptom::Loop));
    }
    if !attempt.is_silent() {
        return None;
    }
    let before = told.get(..at)?;
    let (index, one) = before
        .iter()
        .enumerate()
        .rev()
        .find(|(_, one)| of_client(one) && sign_ins.get(one.attempt).is_some_and(|earlier| earlier.kind == Kind::Refresh))?;
    // A success in between ends the story.
    let between = |other: &Attempt| other.begin > one.at && other.steps.last().is_some_and(|&last| last < attempt.begin);
    let succeeded = |other: &Attempt| other.client == attempt.client && other.outcome == Outcome::Succeeded;
    (!sign_ins.attempts.iter().any(|other| between(other) && succeeded(other))).then_some(index)
}
