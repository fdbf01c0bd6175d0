//! The sign-in traffic, step by step: who asked whom for what, and what came back.
//!
//! A picture or a list of a sign-in is made from these alone. Whatever text they hold went through the allow-list of
//! `entra`: names always, values only where they are listed.

mod clock;
mod missing;
mod party;
mod words;

pub(super) use clock::spans;
pub use clock::{GAP_MS, Gap, Span};
pub use missing::{Missing, MissingPart};
pub use party::{Asker, Party};

use crate::diagnosis::Diagnosis;
use crate::entra::{ErrorCode, ProtocolError, ShownParameter, Step, Traffic, cookies, shown_label, shown_method, shown_place};
use crate::exchange::{Recorded, Written};
use crate::signin::{Attempt, SignIns};
use chrono::{DateTime, Utc};
use clock::Clock;
use std::collections::{HashMap, HashSet};

/// How many cookies of one message are named.
const COOKIES: usize = 40;

/// One request with what came back.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct StepSummary {
    /// The entry, counted from 0.
    pub entry: usize,
    /// The recorder's own name for the entry where it shows one: a SAZ's session number.
    pub label: Option<String>,
    /// The id of the attempt that it belongs to, if any.
    pub attempt: Option<usize>,
    /// When it began by the recorder's clock, UTC.
    pub started: Option<DateTime<Utc>>,
    /// When it began in milliseconds since the first step of its attempt; `None` outside the attempts, or without a time.
    pub since_begin_ms: Option<u64>,
    /// The time before it in which nothing of its attempt happened, if it was long.
    pub gap: Option<Gap>,
    /// From start to end in milliseconds, where recorded.
    pub duration_ms: Option<u64>,
    /// Who asked.
    pub asked_by: Asker,
    /// Who was asked.
    pub answered_by: Party,
    /// What for, in the words of the protocol: `authorize, prompt=none`, `token: refresh token`.
    pub what: String,
    /// The HTTP method.
    pub method: String,
    /// Host and path, without directory ids and without what could be a name or a key; `None` where the address is none.
    pub place: Option<String>,
    /// The parameters sent, the first 40: names always, values where they are listed.
    pub parameters: Vec<ShownParameter>,
    /// The names of the cookies sent, the first 40.
    pub cookies_sent: Recorded<Vec<String>>,
    /// What came back.
    pub answer: Answer,
    /// The ids of the diagnoses of the failures that it tells, or tells again.
    pub diagnoses: Vec<usize>,
    /// What of it the capture does not hold, and why.
    pub not_recorded: Vec<Missing>,
}

/// What came back.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Answer {
    /// The HTTP status; `None` where no answer came.
    pub status: Option<u16>,
    /// What it was, in the words of the protocol: `redirect with code`, `page ConvergedSignIn`; empty where the status says it all.
    pub what: String,
    /// Whom it sends the browser to, where it redirects or posts a form.
    pub leads_to: Option<Party>,
    /// The entry that asked for the address that it redirects to, where that is a step too.
    pub followed_by: Option<usize>,
    /// OAuth's `error`, where it tells a failure with a known one.
    pub error: Option<&'static str>,
    /// The codes of the failure that it tells, wrappers first. Codes that pages of an ordinary sign-in hold are none.
    pub codes: Vec<ErrorCode>,
    /// Whether an attempt failed here.
    pub fails: bool,
    /// Whether it only repeats a failure that was told before.
    pub repeats: bool,
    /// The parameters of the reply to the application, the first 40.
    pub parameters: Vec<ShownParameter>,
    /// The names of the cookies set, the first 40; of a deleted one with `(deleted)`.
    pub cookies_set: Recorded<Vec<String>>,
}

/// The steps of a capture: those of every attempt, and what else went to the sign-in service or came back from it.
pub(super) fn read(traffic: &Traffic<'_>, sign_ins: &SignIns, diagnoses: &[Diagnosis]) -> Vec<StepSummary> {
    let mut attempts: HashMap<usize, &Attempt> = HashMap::new();
    let mut failures = Failures::of(traffic, diagnoses);
    for attempt in &sign_ins.attempts {
        for &at in &attempt.steps {
            attempts.entry(at).or_insert(attempt);
        }
        for event in &attempt.failures {
            failures.here.insert(event.step);
            event.repeated_at.iter().for_each(|&at| failures.again.entry(at).or_default().push(event.step));
        }
    }
    let told = |at: &usize, step: &Step<'_>| {
        failures.here.contains(at) || ((attempts.contains_key(at) || step.is_sign_in()) && !step.is_asset_of_provider())
    };
    let followers = followers(traffic);
    let mut clock = Clock::of(traffic.capture);
    let mut steps = Vec::new();
    for (at, step) in traffic.steps.iter().enumerate().filter(|(at, step)| told(at, step)) {
        let mut summary = summarize(traffic, step, attempts.get(&at).copied(), &failures.at(at));
        (summary.since_begin_ms, summary.gap) = clock.tick(summary.attempt, summary.started, summary.duration_ms);
        summary.answer.followed_by = followers.get(&at).copied();
        steps.push(summary);
    }
    steps
}

/// The entries that redirects led to, by the position of the step that redirected.
fn followers(traffic: &Traffic<'_>) -> HashMap<usize, usize> {
    // From the end, so that what is found is the next that asked for the address.
    let mut later: HashMap<Written, usize> = HashMap::new();
    let mut found = HashMap::new();
    for (at, step) in traffic.steps.iter().enumerate().rev() {
        found.extend(step.redirect_key().and_then(|target| later.get(&target)).map(|entry| (at, *entry)));
        later.insert(step.address_key(), step.entry);
    }
    found
}

/// Where attempts failed, by the position of the step.
struct Failures<'t, 'c> {
    traffic: &'t Traffic<'c>,
    /// The diagnoses by the entry that tells the failure.
    diagnoses: HashMap<usize, Vec<usize>>,
    /// At these steps.
    here: HashSet<usize>,
    /// These steps only tell again what those had told.
    again: HashMap<usize, Vec<usize>>,
}

/// What a step tells of failures.
struct Failing {
    here: bool,
    again: bool,
    diagnoses: Vec<usize>,
}

impl<'t, 'c> Failures<'t, 'c> {
    fn of(traffic: &'t Traffic<'c>, diagnoses: &[Diagnosis]) -> Self {
        let mut by_entry: HashMap<usize, Vec<usize>> = HashMap::new();
        for diagnosis in diagnoses {
            for occurrence in &diagnosis.occurrences {
                let ids = by_entry.entry(occurrence.entry).or_default();
                if ids.last() != Some(&diagnosis.id) {
                    ids.push(diagnosis.id);
                }
            }
        }
        Self { traffic, diagnoses: by_entry, here: HashSet::new(), again: HashMap::new() }
    }

    fn at(&self, at: usize) -> Failing {
        let here = self.here.contains(&at);
        let again = self.again.get(&at).filter(|_| !here);
        let told: Vec<usize> = again.cloned().unwrap_or_else(|| vec![at]);
        let entries = told.into_iter().filter_map(|at| self.traffic.steps.get(at)).map(|step| step.entry);
        let mut diagnoses: Vec<usize> = entries.filter_map(|entry| self.diagnoses.get(&entry)).flatten().copied().collect();
        diagnoses.sort_unstable();
        diagnoses.dedup();
        Failing { here, again: again.is_some(), diagnoses }
    }
}

fn summarize(traffic: &Traffic<'_>, step: &Step<'_>, attempt: Option<&Attempt>, fails: &Failing) -> StepSummary {
    let asked_by = Asker::of(step, attempt);
    let answered_by = Party::asked(step, attempt);
    let handed = step.reply.handover.as_ref();
    let failure = step.reply.failures.first().filter(|_| fails.here || fails.again);
    let set = step.cookies_set.as_ref().map(|set| named(set.iter().map(|cookie| (cookie.name.as_str(), cookie.deletes))));
    StepSummary {
        entry: step.entry,
        label: shown_label(step),
        attempt: attempt.map(|attempt| attempt.id),
        started: step.started,
        since_begin_ms: None,
        gap: None,
        duration_ms: step.exchange.duration_ms.and_then(whole),
        asked_by,
        answered_by,
        what: words::asked(step, answered_by),
        method: shown_method(step).to_owned(),
        place: shown_place(step),
        parameters: traffic.names.parameters(&step.params),
        cookies_sent: step.cookies_sent.as_ref().map(|sent| named(sent.iter().map(|name| (name.as_str(), false)))),
        answer: Answer {
            status: step.status,
            what: words::answered(step, fails.here || fails.again),
            leads_to: Party::led_to(step, asked_by),
            followed_by: None,
            error: failure.and_then(|failure| failure.error).map(ProtocolError::name),
            codes: failure.map(|failure| failure.codes.clone()).unwrap_or_default(),
            fails: fails.here,
            repeats: fails.again,
            parameters: handed.map(|handed| traffic.names.parameters(&handed.params)).unwrap_or_default(),
            cookies_set: set,
        },
        diagnoses: fails.diagnoses.clone(),
        not_recorded: missing::of(step, asked_by),
    }
}

/// Names of cookies as they may be shown, each once; those that hold a session first, for they are looked for.
fn named<'n>(cookies: impl Iterator<Item = (&'n str, bool)>) -> Vec<String> {
    let mut shown: Vec<String> = Vec::new();
    let (sessions, others): (Vec<_>, Vec<_>) = cookies.partition(|(name, _)| cookies::holds_session(name));
    for (name, deleted) in sessions.into_iter().chain(others) {
        let name = cookies::shown(name);
        let name = if deleted { format!("{name} (deleted)") } else { name };
        if !shown.contains(&name) && shown.len() < COOKIES {
            shown.push(name);
        }
    }
    shown
}

/// Milliseconds as a whole number; `None` for what no recording lasts (a day).
fn whole(milliseconds: f64) -> Option<u64> {
    const LONGEST: f64 = 86_400_000.0;
    (0.0..=LONGEST).contains(&milliseconds).then(|| milliseconds.round() as u64)
}
