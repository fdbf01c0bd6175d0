//! `entrace/timeline/1`: the sign-in traffic step by step. Changes here are additive only.
//!
//! Every field is described in `docs/json.md`.

use super::diagnose_v1::{HeadV1, time};
use crate::analysis::{Answer, AttemptSummary, Gap, Missing, StepSummary};
use crate::diagnosis::{Diagnosis, RankedCause};
use crate::entra::ShownParameter;
use crate::exchange::Recorded;
use crate::report::CaptureReport;
use serde::Serialize;

pub(super) const SCHEMA: &str = "entrace/timeline/1";

#[derive(Serialize)]
pub(super) struct TimelineV1<'a> {
    #[serde(flatten)]
    head: HeadV1<'a>,
    attempts: Vec<AttemptV1<'a>>,
    steps: Vec<StepV1<'a>>,
    diagnoses: Vec<DiagnosisV1<'a>>,
}

#[derive(Serialize)]
struct AttemptV1<'a> {
    id: usize,
    kind: &'static str,
    tenant: Option<&'a str>,
    client_id: Option<&'a str>,
    client: Option<&'a str>,
    outcome: &'static str,
    started: Option<String>,
    ended: Option<String>,
    during: Option<usize>,
    entries: &'a [usize],
}

#[derive(Serialize)]
struct StepV1<'a> {
    entry: usize,
    label: Option<&'a str>,
    attempt: Option<usize>,
    started: Option<String>,
    since_begin_ms: Option<u64>,
    duration_ms: Option<u64>,
    gap: Option<GapV1>,
    asked_by: &'static str,
    answered_by: &'static str,
    what: &'a str,
    method: &'a str,
    place: Option<&'a str>,
    parameters: Vec<ParameterV1<'a>>,
    cookies_sent: CookiesV1<'a>,
    answer: AnswerV1<'a>,
    diagnoses: &'a [usize],
    not_recorded: Vec<MissingV1>,
}

#[derive(Serialize)]
struct GapV1 {
    ms: u64,
    at_most: bool,
    other_entries: usize,
}

#[derive(Serialize)]
struct ParameterV1<'a> {
    name: &'a str,
    source: &'static str,
    value: Option<&'a str>,
}

#[derive(Serialize)]
struct CookiesV1<'a> {
    recorded: bool,
    names: &'a [String],
}

#[derive(Serialize)]
struct AnswerV1<'a> {
    status: Option<u16>,
    what: &'a str,
    leads_to: Option<&'static str>,
    followed_by: Option<usize>,
    error: Option<&'static str>,
    codes: Vec<String>,
    fails: bool,
    repeats: bool,
    parameters: Vec<ParameterV1<'a>>,
    cookies_set: CookiesV1<'a>,
}

#[derive(Serialize)]
struct MissingV1 {
    part: &'static str,
    why: String,
}

#[derive(Serialize)]
struct DiagnosisV1<'a> {
    id: usize,
    code: Option<String>,
    symptom: Option<&'static str>,
    error: Option<&'static str>,
    title: &'a str,
    severity: &'static str,
    handled: bool,
    triggered_by: Option<usize>,
    attempts: &'a [usize],
    cause: Option<CauseV1<'a>>,
}

#[derive(Serialize)]
struct CauseV1<'a> {
    id: &'a str,
    confidence: &'static str,
}

impl<'a> TimelineV1<'a> {
    pub(super) fn new(report: &'a CaptureReport<'a>) -> Self {
        let analysis = report.outcome.as_ref().ok();
        Self {
            head: HeadV1::new(report),
            attempts: analysis.map(|analysis| analysis.attempts.iter().map(AttemptV1::new).collect()).unwrap_or_default(),
            steps: analysis.map(|analysis| analysis.steps.iter().map(StepV1::new).collect()).unwrap_or_default(),
            diagnoses: analysis.map(|analysis| analysis.diagnoses.iter().map(DiagnosisV1::new).collect()).unwrap_or_default(),
        }
    }
}

impl<'a> AttemptV1<'a> {
    fn new(attempt: &'a AttemptSummary) -> Self {
        Self {
            id: attempt.id,
            kind: attempt.kind.name(),
            tenant: attempt.tenant.as_deref(),
            client_id: attempt.client_id.as_deref(),
            client: attempt.client.as_deref(),
            outcome: attempt.outcome.name(),
            started: time(attempt.span.map(|span| span.started)),
            ended: time(attempt.span.map(|span| span.ended)),
            during: attempt.span.and_then(|span| span.during),
            entries: &attempt.entries,
        }
    }
}

impl<'a> StepV1<'a> {
    fn new(step: &'a StepSummary) -> Self {
        Self {
            entry: step.entry,
            label: step.label.as_deref(),
            attempt: step.attempt,
            started: time(step.started),
            since_begin_ms: step.since_begin_ms,
            duration_ms: step.duration_ms,
            gap: step.gap.map(GapV1::new),
            asked_by: step.asked_by.name(),
            answered_by: step.answered_by.id(),
            what: &step.what,
            method: &step.method,
            place: step.place.as_deref(),
            parameters: step.parameters.iter().map(ParameterV1::new).collect(),
            cookies_sent: CookiesV1::new(&step.cookies_sent),
            answer: AnswerV1::new(&step.answer),
            diagnoses: &step.diagnoses,
            not_recorded: step.not_recorded.iter().copied().map(MissingV1::new).collect(),
        }
    }
}

impl GapV1 {
    fn new(gap: Gap) -> Self {
        Self { ms: gap.milliseconds, at_most: gap.at_most, other_entries: gap.others }
    }
}

impl<'a> ParameterV1<'a> {
    fn new(parameter: &'a ShownParameter) -> Self {
        Self { name: &parameter.name, source: parameter.source.part(), value: parameter.value.as_deref() }
    }
}

impl<'a> CookiesV1<'a> {
    fn new(names: &'a Recorded<Vec<String>>) -> Self {
        Self { recorded: names.loss().is_none(), names: names.kept().map(Vec::as_slice).unwrap_or_default() }
    }
}

impl<'a> AnswerV1<'a> {
    fn new(answer: &'a Answer) -> Self {
        Self {
            status: answer.status,
            what: &answer.what,
            leads_to: answer.leads_to.map(|party| party.id()),
            followed_by: answer.followed_by,
            error: answer.error,
            codes: answer.codes.iter().map(ToString::to_string).collect(),
            fails: answer.fails,
            repeats: answer.repeats,
            parameters: answer.parameters.iter().map(ParameterV1::new).collect(),
            cookies_set: CookiesV1::new(&answer.cookies_set),
        }
    }
}

impl MissingV1 {
    fn new(missing: Missing) -> Self {
        Self { part: missing.part.id(), why: missing.explain() }
    }
}

impl<'a> DiagnosisV1<'a> {
    fn new(diagnosis: &'a Diagnosis) -> Self {
        Self {
            id: diagnosis.id,
            code: diagnosis.code.map(|code| code.to_string()),
            symptom: diagnosis.symptom.map(|symptom| symptom.id()),
            error: diagnosis.error,
            title: &diagnosis.title,
            severity: diagnosis.severity.name(),
            handled: diagnosis.is_handled(),
            triggered_by: diagnosis.triggered_by,
            attempts: &diagnosis.attempts,
            cause: diagnosis.causes.first().map(CauseV1::new),
        }
    }
}

impl<'a> CauseV1<'a> {
    fn new(cause: &'a RankedCause) -> Self {
        Self { id: &cause.id, confidence: cause.confidence.name() }
    }
}
