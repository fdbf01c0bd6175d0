//! `entrace/explain/1`: what a code, a cause, a check or a pasted message means. Changes here are additive only.
//!
//! Every field is described in `docs/json.md`.

use super::diagnose_v1::{Tool, time};
use super::harmless;
use crate::entra::{ErrorCode, Guid, OAuthError, Pasted, SamlStatus};
use crate::explain::{CauseSubject, CheckSubject, CodeSubject, Explanation, Subject, SymptomSubject};
use crate::knowledge::{Cause, Fix, Rule, by_audience};
use crate::report::words::explain::condition;
use serde::Serialize;
use std::io;

const SCHEMA: &str = "entrace/explain/1";

#[derive(Serialize)]
struct ReportV1<'a> {
    schema: &'static str,
    tool: Tool,
    message: Option<MessageV1<'a>>,
    unknown: Vec<String>,
    codes: Vec<CodeV1<'a>>,
    symptoms: Vec<SymptomV1<'a>>,
    causes: Vec<WholeCauseV1<'a>>,
    checks: Vec<CheckV1<'a>>,
}

#[derive(Serialize)]
struct MessageV1<'a> {
    codes: Vec<String>,
    error: Option<&'static str>,
    suberror: Option<&'static str>,
    correlation_id: Option<&'a str>,
    trace_id: Option<&'a str>,
    timestamp: Option<String>,
    status: Option<&'static str>,
    correlation_ids: Vec<&'a str>,
    trace_ids: Vec<&'a str>,
    timestamps: Vec<String>,
}

#[derive(Serialize)]
struct CodeV1<'a> {
    code: &'a str,
    name: Option<&'a str>,
    error: Option<&'a str>,
    grade: &'static str,
    step: bool,
    title: &'a str,
    meaning: &'a str,
    severity: &'static str,
    causes: Vec<CauseV1<'a>>,
    usual: &'a [String],
    sign_in_again: Option<bool>,
    other_account: bool,
    retry: Option<bool>,
    echoes: &'a [String],
    next: &'a str,
    fixes: Vec<StepV1<'a>>,
    references: &'a [String],
}

#[derive(Serialize)]
struct SymptomV1<'a> {
    symptom: &'a str,
    title: &'a str,
    severity: &'static str,
    causes: Vec<CauseV1<'a>>,
    next: &'a str,
}

#[derive(Serialize)]
struct CauseV1<'a> {
    id: &'a str,
    summary: &'a str,
    fixes: Vec<StepV1<'a>>,
    references: &'a [String],
}

#[derive(Serialize)]
struct StepV1<'a> {
    who: &'static str,
    #[serde(rename = "do")]
    action: &'a str,
    condition: Option<String>,
    when: &'a [String],
    unless: &'a [String],
    codes: Vec<String>,
}

#[derive(Serialize)]
struct WholeCauseV1<'a> {
    #[serde(flatten)]
    cause: CauseV1<'a>,
    codes: Vec<&'a str>,
    symptoms: Vec<&'a str>,
    rules: Vec<RuleV1<'a>>,
}

#[derive(Serialize)]
struct RuleV1<'a> {
    side: &'static str,
    strength: &'static str,
    all: &'a [String],
    any: &'a [String],
    none: &'a [String],
    codes: Vec<String>,
}

#[derive(Serialize)]
struct CheckV1<'a> {
    check: &'static str,
    about: &'static str,
    claims: Vec<ClaimV1<'a>>,
}

#[derive(Serialize)]
struct ClaimV1<'a> {
    claim: &'static str,
    seen: &'static str,
    not_seen: &'static str,
    record: Option<String>,
    causes: &'a [&'a str],
}

/// Renders version 1 of the explanation, pretty-printed, with a final line break.
///
/// # Errors
/// None is known: every part of it can be written as JSON.
pub fn render_explanation(explanation: &Explanation<'_>) -> io::Result<String> {
    let mut report = ReportV1 {
        schema: SCHEMA,
        tool: Tool::this(),
        message: explanation.message.as_ref().map(MessageV1::new),
        unknown: explanation.unknown.iter().map(ToString::to_string).chain(explanation.unknown_words.iter().cloned()).collect(),
        codes: Vec::new(),
        symptoms: Vec::new(),
        causes: Vec::new(),
        checks: Vec::new(),
    };
    for subject in &explanation.subjects {
        match subject {
            Subject::Code(subject) => report.codes.push(CodeV1::new(subject)),
            Subject::Symptom(subject) => report.symptoms.push(SymptomV1::new(subject)),
            Subject::Cause(subject) => report.causes.push(WholeCauseV1::new(subject)),
            Subject::Check(subject) => report.checks.push(CheckV1::new(subject)),
        }
    }
    let mut text = harmless(serde_json::to_string_pretty(&report)?);
    text.push('\n');
    Ok(text)
}

impl<'a> MessageV1<'a> {
    fn new(message: &'a Pasted) -> Self {
        let ids = |ids: &'a [Guid]| ids.iter().map(Guid::as_str).collect::<Vec<_>>();
        let (correlation_ids, trace_ids) = (ids(&message.correlation_ids), ids(&message.trace_ids));
        let timestamps: Vec<String> = message.timestamps.iter().filter_map(|at| time(Some(*at))).collect();
        Self {
            codes: message.codes.iter().map(ToString::to_string).collect(),
            error: message.error.map(OAuthError::name),
            suberror: message.suberror,
            correlation_id: only(&correlation_ids),
            trace_id: only(&trace_ids),
            timestamp: only(&timestamps),
            status: message.status.map(SamlStatus::name),
            correlation_ids,
            trace_ids,
            timestamps,
        }
    }
}

/// The value where it is one alone: of several nobody knows which is meant.
fn only<T: Clone>(values: &[T]) -> Option<T> {
    match values {
        [only] => Some(only.clone()),
        _ => None,
    }
}

impl<'a> CodeV1<'a> {
    fn new(subject: &CodeSubject<'a>) -> Self {
        let code = subject.code;
        let parsed = ErrorCode::parse(&code.code);
        Self {
            code: &code.code,
            name: code.name.as_deref(),
            error: code.error.as_deref(),
            grade: code.grade.name(),
            step: code.step,
            title: &code.title,
            meaning: &code.meaning,
            severity: code.severity.name(),
            causes: subject.causes.iter().map(|cause| CauseV1::of_failure(cause, parsed)).collect(),
            usual: &code.usual,
            sign_in_again: code.sign_in_again,
            other_account: code.other_account,
            retry: code.retry,
            echoes: &code.echoes,
            next: &code.next,
            fixes: fixes(&code.fixes),
            references: &code.references,
        }
    }
}

impl<'a> SymptomV1<'a> {
    fn new(subject: &SymptomSubject<'a>) -> Self {
        let symptom = subject.symptom;
        Self {
            symptom: &symptom.id,
            title: &symptom.title,
            severity: symptom.severity.name(),
            causes: subject.causes.iter().map(|cause| CauseV1::of_failure(cause, None)).collect(),
            next: &symptom.next,
        }
    }
}

impl<'a> CauseV1<'a> {
    fn new(cause: &'a Cause, fixes: Vec<StepV1<'a>>) -> Self {
        Self { id: &cause.id, summary: &cause.summary, fixes, references: &cause.references }
    }

    /// As a cause of failures with that code, or without any: without the steps that are for other codes.
    fn of_failure(cause: &'a Cause, code: Option<ErrorCode>) -> Self {
        let fixes = by_audience(cause.fixes.iter().filter(|fix| fix.applies_to(code))).into_iter().map(StepV1::new);
        Self::new(cause, fixes.collect())
    }
}

impl<'a> WholeCauseV1<'a> {
    fn new(subject: &CauseSubject<'a>) -> Self {
        let rule = |rule: &'a Rule| RuleV1 {
            side: rule.side.name(),
            strength: rule.strength.name(),
            all: &rule.all,
            any: &rule.any,
            none: &rule.none,
            codes: rule.codes.iter().map(ToString::to_string).collect(),
        };
        Self {
            cause: CauseV1::new(subject.cause, fixes(&subject.cause.fixes)),
            codes: subject.codes.iter().map(|code| code.code.as_str()).collect(),
            symptoms: subject.symptoms.iter().map(|symptom| symptom.id.as_str()).collect(),
            rules: subject.cause.rules.iter().map(rule).collect(),
        }
    }
}

impl<'a> CheckV1<'a> {
    fn new(subject: &'a CheckSubject<'a>) -> Self {
        let claims = subject.claims.iter().map(|(claim, causes)| ClaimV1 {
            claim: claim.name,
            seen: claim.seen,
            not_seen: claim.not_seen,
            record: Some(claim.record.to_string()).filter(|record| !record.is_empty()),
            causes,
        });
        Self { check: subject.check.name, about: subject.check.about, claims: claims.collect() }
    }
}

impl<'a> StepV1<'a> {
    fn new(fix: &'a Fix) -> Self {
        Self {
            who: fix.who.name(),
            action: &fix.action,
            condition: condition(fix),
            when: &fix.when,
            unless: &fix.unless,
            codes: fix.codes.iter().map(ToString::to_string).collect(),
        }
    }
}

fn fixes(fixes: &[Fix]) -> Vec<StepV1<'_>> {
    by_audience(fixes).into_iter().map(StepV1::new).collect()
}
