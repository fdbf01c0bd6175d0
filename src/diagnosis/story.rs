//! How failures hang together: retries are one story, a trigger comes before its echo, and a later success
//! makes a failure handled.

use super::Diagnosis;
use super::success::Successes;
use crate::checks::CHALLENGE_REFUSED;
use crate::entra::{ClientId, ErrorCode, Tenant};
use crate::knowledge::{Knowledge, Said};
use crate::signin::{Attempt, Kind, Symptom};
use std::collections::{HashMap, HashSet};

/// The failures of a capture as they are told: in the order of time, retries joined.
pub(super) struct Story<'k> {
    knowledge: &'k Knowledge,
    diagnoses: Vec<Diagnosis>,
    /// The diagnosis of each story, by what makes failures one.
    of_key: HashMap<Retry, usize>,
    /// The attempts of each diagnosis.
    attempts: HashSet<(usize, usize)>,
    /// The diagnosis of the last failure of each attempt.
    of_attempt: HashMap<usize, usize>,
    /// The diagnosis of the last round of a loop, by application.
    of_loop: HashMap<ClientId, usize>,
    /// The diagnosis of the last refresh token that was refused, and the step, by application.
    of_refresh: HashMap<ClientId, (usize, usize)>,
    /// The diagnosis of the last claims challenge that the application answered in vain, and the step, by application.
    of_challenge: HashMap<ClientId, (usize, usize)>,
    /// The diagnosis of the last sign-in with pages that was refused, and the step, by application and tenant.
    of_refusal: HashMap<(ClientId, Option<Tenant>), (usize, usize)>,
}

impl<'k> Story<'k> {
    /// A story of which nothing is told yet.
    pub(super) fn new(knowledge: &'k Knowledge) -> Self {
        Self {
            knowledge,
            diagnoses: Vec::new(),
            of_key: HashMap::new(),
            attempts: HashSet::new(),
            of_attempt: HashMap::new(),
            of_loop: HashMap::new(),
            of_refresh: HashMap::new(),
            of_challenge: HashMap::new(),
            of_refusal: HashMap::new(),
        }
    }

    /// Tells the next failure, that of the step `at`: joins it with what it repeats, or links it to what led to it.
    pub(super) fn tell(&mut self, at: usize, attempt: &Attempt, diagnosis: Diagnosis, successes: &Successes) {
        let trigger = self.trigger(attempt, &diagnosis, successes);
        let looping = diagnosis.symptom == Some(Symptom::Loop);
        let is_not_met = is_not_met(&diagnosis);
        let index = self.join(attempt, diagnosis);
        if let Some(told) = self.diagnoses.get_mut(index)
            // What was told before is only repeated: it cannot follow from what it may have led to.
            && let Some(by) = trigger.filter(|&by| by < index)
        {
            told.triggered_by.get_or_insert(by + 1);
        }
        self.of_attempt.insert(attempt.id, index);
        let Some(client) = &attempt.client else { return };
        if looping {
            self.of_loop.insert(client.clone(), index);
        }
        if matches!(attempt.kind, Kind::Redirect | Kind::Popup) && !looping {
            self.of_refusal.insert(authority(client, attempt), (index, at));
        }
        if is_not_met {
            self.of_challenge.insert(client.clone(), (index, at));
        }
        if attempt.kind == Kind::Refresh {
            self.of_refresh.insert(client.clone(), (index, at));
        }
    }

    /// Numbers what was told.
    pub(super) fn end(mut self) -> Vec<Diagnosis> {
        for (index, diagnosis) in self.diagnoses.iter_mut().enumerate() {
            diagnosis.id = index + 1;
        }
        self.diagnoses
    }

    fn join(&mut self, attempt: &Attempt, diagnosis: Diagnosis) -> usize {
        let key = Retry::of(attempt, &diagnosis);
        match self.of_key.get(&key).and_then(|&index| Some((index, self.diagnoses.get_mut(index)?))) {
            Some((index, known)) => {
                known.occurrences.extend(diagnosis.occurrences);
                if self.attempts.insert((index, attempt.id)) {
                    known.attempts.push(attempt.id);
                }
                // The last one counts: nothing excuses a failure after the success.
                known.handled = diagnosis.handled;
                known.severity = diagnosis.severity;
                index
            }
            None => {
                let index = self.diagnoses.len();
                self.of_key.insert(key, index);
                self.attempts.insert((index, attempt.id));
                self.diagnoses.push(diagnosis);
                index
            }
        }
    }

    /// The diagnosis of the earlier failure that led to this one: a refresh token was refused, so the client tried silently.
    fn trigger(&self, attempt: &Attempt, echo: &Diagnosis, successes: &Successes) -> Option<usize> {
        // What failed earlier in the same attempt led here: a wrong password to a lock-out.
        if let Some(&same_attempt) = self.of_attempt.get(&attempt.id) {
            return Some(same_attempt);
        }
        let client = attempt.client.as_ref()?;
        // The service ends a loop with a code of its own.
        if echo.code == Some(ErrorCode::CLIENT_LOOP) {
            return self.of_loop.get(client).copied();
        }
        let ended = |at: usize| successes.lie_between(&attempt.client, at, attempt.begin);
        if let Some(&(index, _)) = self.of_challenge.get(client).filter(|&&(_, at)| at < attempt.begin && !ended(at)) {
            return Some(index);
        }
        if !attempt.is_silent() {
            return None;
        }
        // Who was refused has no session afterwards, and a silent attempt says no more than that.
        let refused = self.of_refusal.get(&authority(client, attempt)).filter(|_| self.finds_nobody(echo));
        let &(index, at) = self.of_refresh.get(client).into_iter().chain(refused).max_by_key(|(_, at)| *at)?;
        // A success in between ends the story.
        (!ended(at)).then_some(index)
    }

    /// Whether all that a failure says is that nobody is signed in.
    fn finds_nobody(&self, diagnosis: &Diagnosis) -> bool {
        diagnosis.symptom == Some(Symptom::LoginRequired) || self.knowledge.says(diagnosis.code, Said::NobodySignedIn)
    }
}

/// Whether a challenge was answered in vain: what refused the answer is told next.
fn is_not_met(diagnosis: &Diagnosis) -> bool {
    let first = diagnosis.causes.first().map(|cause| cause.supporting.as_slice()).unwrap_or_default();
    first.iter().any(|finding| finding.seen && finding.claim == CHALLENGE_REFUSED)
}

fn authority(client: &ClientId, attempt: &Attempt) -> (ClientId, Option<Tenant>) {
    (client.clone(), attempt.tenant.clone())
}

/// What makes two failures one story.
#[derive(PartialEq, Eq, Hash)]
struct Retry {
    code: Option<ErrorCode>,
    symptom: Option<Symptom>,
    error: Option<&'static str>,
    client: Option<ClientId>,
    tenant: Option<Tenant>,
    /// The first cause.
    cause: Option<String>,
}

impl Retry {
    fn of(attempt: &Attempt, diagnosis: &Diagnosis) -> Self {
        Self {
            code: diagnosis.code,
            symptom: diagnosis.symptom,
            error: diagnosis.error,
            client: attempt.client.clone(),
            tenant: attempt.tenant.clone(),
            cause: diagnosis.causes.first().map(|cause| cause.id.clone()),
        }
    }
}
