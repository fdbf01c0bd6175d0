//! `entrace/compare/1`: where a working sign-in and a failing one part. Changes here are additive only.
//!
//! Every field is described in `docs/json.md`.

use super::diagnose_v1::{EvidenceV1, Tool};
use super::harmless;
use crate::analysis::Analysis;
use crate::compare::{Comparison, Difference, Explanation, NoLesson, NotShown, Outcome, Pair, Parting};
use crate::diagnosis::Diagnosis;
use crate::entra::Evidence;
use crate::report::ComparisonReport;
use serde::Serialize;
use std::io;

const SCHEMA: &str = "entrace/compare/1";

#[derive(Serialize)]
struct ReportV1<'a> {
    schema: &'static str,
    tool: Tool,
    outcome: &'static str,
    same_failure: bool,
    captures: [CaptureV1<'a>; 2],
    pairs: Vec<PairV1<'a>>,
    alone: Vec<DiagnosisV1<'a>>,
    not_compared: usize,
    context: Vec<DifferenceV1<'a>>,
}

#[derive(Serialize)]
struct CaptureV1<'a> {
    path: &'a str,
    format: &'static str,
    creator: Option<&'a str>,
    verdict: &'static str,
}

#[derive(Serialize)]
struct PairV1<'a> {
    working: AttemptV1,
    failing: AttemptV1,
    diagnosis: Option<DiagnosisV1<'a>>,
    same_failure: bool,
    working_fails: Option<DiagnosisV1<'a>>,
    same_event: bool,
    no_lesson: Option<NoLessonV1>,
    application_hidden: bool,
    parted_at: Option<PartingV1<'a>>,
    explains: Option<ExplanationV1<'a>>,
    differences: Vec<DifferenceV1<'a>>,
    unknown: Vec<NotShownV1<'a>>,
}

#[derive(Serialize)]
struct NoLessonV1 {
    why: &'static str,
    attempt: Option<usize>,
}

#[derive(Serialize)]
struct AttemptV1 {
    capture: usize,
    attempt: usize,
}

#[derive(Serialize)]
struct DiagnosisV1<'a> {
    id: usize,
    code: Option<String>,
    symptom: Option<&'static str>,
    title: &'a str,
    handled: bool,
    cause: Option<&'a str>,
    confidence: Option<&'static str>,
}

#[derive(Serialize)]
struct PartingV1<'a> {
    step: &'a str,
    working: Option<usize>,
    failing: Option<usize>,
}

#[derive(Serialize)]
struct ExplanationV1<'a> {
    cause: &'a str,
    confidence: &'static str,
    basis: &'static str,
    step: &'a str,
    statement: &'a str,
    working: Option<EvidenceV1<'a>>,
    failing: Option<EvidenceV1<'a>>,
}

#[derive(Serialize)]
struct DifferenceV1<'a> {
    aspect: &'static str,
    subject: Option<&'static str>,
    role: &'static str,
    step: &'a str,
    statement: &'a str,
    working: Vec<EvidenceV1<'a>>,
    failing: Vec<EvidenceV1<'a>>,
}

#[derive(Serialize)]
struct NotShownV1<'a> {
    what: &'a str,
    steps: &'a [String],
    working: Option<&'a str>,
    failing: Option<&'a str>,
}

/// Renders version 1 of the comparison, pretty-printed, with a final line break.
///
/// # Errors
/// None is known: every part of the report can be written as JSON.
pub fn render_comparison(report: &ComparisonReport<'_>) -> io::Result<String> {
    let json = serde_json::to_string_pretty(&ReportV1::new(report))?;
    Ok(harmless(json + "\n"))
}

impl<'a> ReportV1<'a> {
    fn new(report: &'a ComparisonReport<'a>) -> Self {
        let comparison = report.comparison;
        let diagnosis = |id: &usize| comparison.failing.diagnosis(*id);
        Self {
            schema: SCHEMA,
            tool: Tool::this(),
            outcome: comparison.outcome.name(),
            same_failure: comparison.outcome == Outcome::SameFailure,
            captures: [CaptureV1::new(report.working, &comparison.working), CaptureV1::new(report.failing, &comparison.failing)],
            pairs: comparison.pairs.iter().map(|pair| PairV1::new(comparison, pair)).collect(),
            alone: comparison.alone.iter().filter_map(diagnosis).map(DiagnosisV1::new).collect(),
            not_compared: comparison.not_compared,
            context: comparison.context.iter().map(DifferenceV1::new).collect(),
        }
    }
}

impl<'a> CaptureV1<'a> {
    fn new(path: &'a str, analysis: &'a Analysis) -> Self {
        Self { path, format: analysis.format.name(), creator: analysis.creator.as_deref(), verdict: analysis.verdict.name() }
    }
}

impl<'a> PairV1<'a> {
    fn new(comparison: &'a Comparison, pair: &'a Pair) -> Self {
        let diagnosis = comparison.failing.diagnosis(pair.diagnosis);
        Self {
            working: AttemptV1 { capture: 0, attempt: pair.working },
            failing: AttemptV1 { capture: 1, attempt: pair.failing },
            diagnosis: diagnosis.map(DiagnosisV1::new),
            same_failure: pair.is_same_failure,
            working_fails: pair.working_fails.and_then(|id| comparison.working.diagnosis(id)).map(DiagnosisV1::new),
            same_event: pair.is_same_event,
            no_lesson: pair.no_lesson.map(NoLessonV1::new),
            application_hidden: pair.is_application_hidden,
            parted_at: pair.parted.as_ref().map(PartingV1::new),
            explains: pair.explains.as_ref().map(ExplanationV1::new),
            differences: pair.differences.iter().map(DifferenceV1::new).collect(),
            unknown: pair.unknown.iter().map(NotShownV1::new).collect(),
        }
    }
}

impl NoLessonV1 {
    fn new(no_lesson: NoLesson) -> Self {
        let attempt = match no_lesson {
            NoLesson::EndNotShown => None,
            NoLesson::MayShowPages { works_too } => Some(works_too),
        };
        Self { why: no_lesson.name(), attempt }
    }
}

impl<'a> DiagnosisV1<'a> {
    fn new(diagnosis: &'a Diagnosis) -> Self {
        let first = diagnosis.causes.first();
        Self {
            id: diagnosis.id,
            code: diagnosis.code.map(|code| code.to_string()),
            symptom: diagnosis.symptom.map(|symptom| symptom.id()),
            title: &diagnosis.title,
            handled: diagnosis.is_handled(),
            cause: first.map(|cause| cause.id.as_str()),
            confidence: first.map(|cause| cause.confidence.name()),
        }
    }
}

impl<'a> PartingV1<'a> {
    fn new(parting: &'a Parting) -> Self {
        Self { step: &parting.step, working: parting.working, failing: parting.failing }
    }
}

impl<'a> ExplanationV1<'a> {
    fn new(explanation: &'a Explanation) -> Self {
        Self {
            cause: &explanation.cause,
            confidence: explanation.confidence.name(),
            basis: explanation.basis.name(),
            step: &explanation.step,
            statement: &explanation.statement,
            working: explanation.working.first().map(EvidenceV1::new),
            failing: explanation.failing.first().map(EvidenceV1::new),
        }
    }
}

impl<'a> DifferenceV1<'a> {
    fn new(difference: &'a Difference) -> Self {
        let places = |evidence: &'a [Evidence]| evidence.iter().map(EvidenceV1::new).collect();
        Self {
            aspect: difference.aspect.name(),
            subject: difference.subject,
            role: difference.role.name(),
            step: &difference.step,
            statement: &difference.statement,
            working: places(&difference.working),
            failing: places(&difference.failing),
        }
    }
}

impl<'a> NotShownV1<'a> {
    fn new(unknown: &'a NotShown) -> Self {
        Self { what: &unknown.what, steps: &unknown.steps, working: unknown.working.as_deref(), failing: unknown.failing.as_deref() }
    }
}
