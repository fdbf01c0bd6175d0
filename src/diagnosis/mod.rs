//! What it means: which causes lie behind each failure, how sure that is, and how the failures hang together.

mod blanks;
mod grants;
mod logged;
mod msal_log;
mod next;
mod story;
mod success;
mod weigh;

pub use logged::{Logged, LoggedError, LoggedRow, join, join_msal};
pub(crate) use msal_log::{NEXT as NEXT_TO_MSAL_LOG, diagnose_log, of_library_alone};
pub use weigh::{Confidence, Finding, RankedCause, RuledOut, Unknown};
pub(crate) use weigh::{causes_by_words, holds};

use crate::checks::{self, Beside, Check, Index, Scene};
use crate::entra::{ErrorCode, Guid, ProtocolError, Step, Traffic};
use crate::knowledge::{Audience, Fix, Knowledge, Severity, Topic, by_audience};
use crate::signin::{Attempt, FailureEvent, SignIns, Symptom};
use blanks::Blanks;
use chrono::{DateTime, Utc};
use logged::{logged, logged_by_msal};
use std::collections::{HashMap, HashSet};
use story::Story;
pub use success::Handled;
use success::Successes;
use weigh::Ranked;

/// The id of "the capture can't tell".
pub const UNDETERMINED: &str = "undetermined";
/// The id of "no causes are known that a capture could tell apart".
pub const NOT_MODELLED: &str = "not-modelled";

/// One failure with its causes.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Diagnosis {
    /// From 1, in the order in which they are told.
    pub id: usize,
    /// The code; `None` for a failure that never got one.
    pub code: Option<ErrorCode>,
    /// What was seen, where there is no code.
    pub symptom: Option<Symptom>,
    /// Codes that wrap it.
    pub also: Vec<ErrorCode>,
    /// What OAuth, SAML or, where its log alone tells, MSAL calls the error.
    pub error: Option<&'static str>,
    /// What happened, in a few words.
    pub title: String,
    /// What the code means, where it is known.
    pub meaning: Option<String>,
    /// The usual causes in words, where none is modelled.
    pub usual: Vec<String>,
    /// How bad it is.
    pub severity: Severity,
    /// Why nobody has to do anything about it, where that is so: the same application got what it asked for later in the
    /// capture, or had it.
    pub handled: Option<Handled>,
    /// The ids of the attempts that failed so.
    pub attempts: Vec<usize>,
    /// The diagnosis of the failure that led to this one.
    pub triggered_by: Option<usize>,
    /// The tenant that the beginning request named.
    pub tenant: Option<String>,
    /// The directory that a token, page or reply tells.
    pub resolved_tenant: Option<Guid>,
    /// The application that the beginning request named.
    pub client_id: Option<String>,
    /// Its name, if it is a well-known one.
    pub client: Option<String>,
    /// Every time it happened, in the order of time; at least one.
    pub occurrences: Vec<Occurrence>,
    /// The causes, ranked; at least one.
    pub causes: Vec<RankedCause>,
    /// Causes that the evidence rules out.
    pub ruled_out: Vec<RuledOut>,
    /// What to record or check to be surer.
    pub next: String,
}

/// One time that a failure happened.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Occurrence {
    /// The entry whose reply failed.
    pub entry: usize,
    /// The recorder's own number for it: the session of a SAZ.
    pub label: Option<String>,
    /// The part of it that tells the error.
    pub part: String,
    /// The correlation id.
    pub correlation_id: Option<Guid>,
    /// The trace id (request id).
    pub trace_id: Option<Guid>,
    /// When, UTC: the reply's own time, else its `Date`, else the recorder's clock.
    pub timestamp: Option<DateTime<Utc>>,
    /// What the sign-in logs say of it, where any was given.
    pub logged: Option<Logged<LoggedRow, crate::sign_in_log::By>>,
    /// What the logs of MSAL say of it, where any was given.
    pub logged_by_msal: Option<Logged<LoggedError, crate::msal_log::By>>,
}

/// Diagnoses every failure of a capture.
pub fn diagnose(traffic: &Traffic<'_>, sign_ins: &SignIns, knowledge: &Knowledge, beside: &Beside) -> Vec<Diagnosis> {
    let index = Index::of(traffic, sign_ins);
    let successes = Successes::of(sign_ins, traffic, &index);
    let failures = sign_ins
        .attempts
        .iter()
        .flat_map(|attempt| attempt.failures.iter().filter_map(move |event| Some((traffic.steps.get(event.step)?, attempt, event))));
    let mut failures: Vec<(&Step<'_>, &Attempt, &FailureEvent)> = failures.collect();
    failures.sort_by_key(|(_, _, event)| event.step);
    let mut wanted = Wanted::default();
    let mut story = Story::new(knowledge);
    for (step, attempt, event) in failures {
        let mut occurrence = Occurrence::of(step, attempt, event);
        let sign_in_log = join(traffic, attempt, event, &occurrence, &index, &beside.sign_in_logs);
        let msal_log = join_msal(event, &occurrence, &beside.msal_logs);
        occurrence.logged = logged(&beside.sign_in_logs, sign_in_log);
        occurrence.logged_by_msal = logged_by_msal(&beside.msal_logs, msal_log);
        let expectation = &beside.expectation;
        let scene = Scene { traffic, sign_ins, attempt, event, failing: step, expectation, sign_in_log, msal_log, index: &index };
        let diagnosis = one(&scene, occurrence, knowledge, successes.handle(attempt, event, traffic, &index, knowledge), &mut wanted);
        story.tell(event.step, attempt, diagnosis, &successes);
    }
    story.end()
}

/// The checks whose claims the causes of each kind of failure are weighed by.
#[derive(Default)]
struct Wanted(HashMap<(Option<ErrorCode>, Option<Symptom>), Vec<&'static Check>>);

impl Wanted {
    fn by(&mut self, topic: Topic<'_>, code: Option<ErrorCode>, symptom: Option<Symptom>, knowledge: &Knowledge) -> &[&'static Check] {
        self.0.entry((code, symptom)).or_insert_with(|| {
            let causes = topic.causes.iter().filter_map(|id| knowledge.cause(id));
            let rules = causes.clone().flat_map(|cause| &cause.rules).filter(|rule| rule.applies_to(code));
            let of_fixes = causes.clone().flat_map(|cause| &cause.fixes).flat_map(Fix::claims);
            let claims: HashSet<&str> = rules.flat_map(|rule| rule.claims()).chain(of_fixes).collect();
            let wanted = |check: &&&'static Check| check.claims.iter().any(|claim| claims.contains(claim.name));
            checks::ALL.iter().filter(wanted).copied().collect()
        })
    }
}

fn one(scene: &Scene<'_, '_>, occurrence: Occurrence, knowledge: &Knowledge, handled: Option<Handled>, wanted: &mut Wanted) -> Diagnosis {
    let failure = &scene.event.failure;
    let code = failure.code();
    let symptom = scene.event.symptom;
    let known = knowledge.topic(code, symptom.map(|symptom| symptom.id()));
    let (ranked, next) = match known {
        // A failure without a code that has no causes is one whose code the capture lost.
        Some(known) if known.causes.is_empty() && known.meaning.is_some() => {
            let next = next::advice(known, &[], &checks::observe_with(scene, &[]), scene, handled);
            (Ranked::only(without_causes(known)), next)
        }
        Some(known) => {
            let number = knowledge.known_form(code);
            let observations = checks::observe_with(scene, wanted.by(known, number, symptom, knowledge));
            let ranked = weigh::rank(known, number, knowledge, &observations);
            let next = next::advice(known, &ranked.causes, &observations, scene, handled);
            (ranked, next)
        }
        None => (Ranked::only(not_modelled(code)), next::without_knowledge()),
    };
    let blanks = Blanks::of(scene);
    let (mut ranked, next) = (ranked, blanks.fill(&next).unwrap_or(next));
    ranked.causes.iter_mut().for_each(|cause| fill(cause, &blanks));
    let told = Diagnosis::of(code, failure.error.map(ProtocolError::name), known, ranked, next);
    Diagnosis {
        symptom,
        also: failure.codes.iter().copied().filter(|also| Some(*also) != code).collect(),
        severity: if handled.is_some() { Severity::Info } else { told.severity },
        handled,
        attempts: vec![scene.attempt.id],
        tenant: scene.attempt.tenant.as_ref().map(|tenant| tenant.shown().to_owned()),
        resolved_tenant: scene.attempt.resolved_tenant.clone(),
        client_id: scene.attempt.client.as_ref().map(|client| client.shown().to_owned()),
        client: scene.attempt.client.as_ref().and_then(|client| knowledge.app(client.guid()?)).map(str::to_owned),
        occurrences: vec![occurrence],
        ..told
    }
}

impl Diagnosis {
    /// Whether nobody has to do anything about it.
    pub fn is_handled(&self) -> bool {
        self.handled.is_some()
    }

    /// A failure with what is known of it and its causes, of which no attempt and no time is told yet.
    fn of(code: Option<ErrorCode>, error: Option<&'static str>, topic: Option<Topic<'_>>, ranked: Ranked, next: String) -> Self {
        Self {
            id: 0,
            code,
            symptom: None,
            also: Vec::new(),
            error,
            title: topic.map_or_else(|| title(code, error), |topic| topic.title.to_owned()),
            meaning: topic.and_then(|topic| topic.meaning).map(str::to_owned),
            usual: topic.map(|topic| topic.usual.to_vec()).unwrap_or_default(),
            severity: topic.map_or(Severity::Error, |topic| topic.severity),
            handled: None,
            attempts: Vec::new(),
            triggered_by: None,
            tenant: None,
            resolved_tenant: None,
            client_id: None,
            client: None,
            occurrences: Vec::new(),
            causes: ranked.causes,
            ruled_out: ranked.ruled_out,
            next,
        }
    }
}

/// Fills in what the steps of a cause leave blank.
fn fill(cause: &mut RankedCause, blanks: &Blanks<'_>) {
    let filled: Vec<Option<String>> = cause.fixes.iter().map(|fix| blanks.fill(&fix.action)).collect();
    if filled.iter().any(Option::is_some) {
        cause.fixes_of_all.get_or_insert_with(|| cause.fixes.clone());
    }
    for (fix, filled) in cause.fixes.iter_mut().zip(filled) {
        if let Some(filled) = filled {
            fix.action = filled;
        }
    }
}

fn title(code: Option<ErrorCode>, error: Option<&'static str>) -> String {
    match (code, error) {
        (Some(code), _) => format!("The service answered with {code}"),
        (None, Some(error)) => format!("The service answered with “{error}”"),
        (None, None) => "The sign-in failed".to_owned(),
    }
}

/// What is known of a code that has no causes which a capture could tell apart.
fn without_causes(topic: Topic<'_>) -> RankedCause {
    RankedCause {
        fixes: by_audience(topic.fixes).into_iter().cloned().collect(),
        references: topic.references.to_vec(),
        ..RankedCause::told(NOT_MODELLED, topic.meaning.unwrap_or(topic.title))
    }
}

/// All that can be said of a code that is not known.
fn not_modelled(code: Option<ErrorCode>) -> RankedCause {
    let what = code.map_or_else(|| "this error".to_owned(), |code| code.to_string());
    RankedCause {
        fixes: vec![Fix::always(
            Audience::Admin,
            "Look the sign-in up in the sign-in logs under its correlation id: the failure reason there says more.",
        )],
        references: vec!["https://login.microsoftonline.com/error".to_owned()],
        ..RankedCause::told(NOT_MODELLED, format!("entrace found {what} but does not know its causes yet."))
    }
}

impl Occurrence {
    /// A failure as the step that failed tells it, without the logs beside it.
    pub fn of(step: &Step<'_>, attempt: &Attempt, event: &FailureEvent) -> Self {
        let failure = &event.failure;
        // A page of the application repeats the ids that the service gave to the application's server.
        let sent = || step.correlation_id();
        Self {
            entry: step.entry,
            label: step.exchange.label.as_deref().map(str::to_owned),
            part: failure.part.clone(),
            correlation_id: failure.correlation_id.clone().or_else(sent).or_else(|| attempt.correlation_id.clone()),
            trace_id: failure.trace_id.clone().or_else(|| step.request_id()),
            timestamp: failure.timestamp.or_else(|| step.date().or(step.started)),
            logged: None,
            logged_by_msal: None,
        }
    }
}
