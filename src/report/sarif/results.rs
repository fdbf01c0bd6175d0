//! What failed: one failure, one result.

use super::locations::{File, number, telling};
use super::rules::{Rules, fixes};
use super::{message, properties};
use crate::analysis::Analysis;
use crate::diagnosis::{Diagnosis, Finding, NOT_MODELLED, RankedCause, UNDETERMINED};
use crate::knowledge::Severity;
use crate::report::json::diagnose_v1::time;
use crate::report::labels;
use crate::report::words::evidence::joined;
use crate::report::words::verdict::in_one_sentence;
use crate::report::words::{handled, kinds_of, sentence};
use serde_json::{Value, json};
use serde_sarif::sarif::{Location, ReportingDescriptorReference, Result, ResultLevel};
use std::collections::BTreeMap;

/// The name of the fingerprint, with its version.
const FINGERPRINT: &str = "signInFailure/v1";

/// One failure. What was handled is a note.
pub(super) fn result(file: &File, analysis: &Analysis, diagnosis: &Diagnosis, rules: &mut Rules) -> Result {
    let indices: Vec<usize> = diagnosis.causes.iter().map(|cause| rules.cause(cause)).collect();
    let first = diagnosis.causes.first();
    let findings = findings(&diagnosis.causes);
    let mut result = Result::builder()
        .message(message(&text(diagnosis)))
        .level(level(diagnosis.severity))
        .locations(diagnosis.occurrences.first().map(|first| file.part(first.entry, &first.part)).into_iter().collect::<Vec<_>>())
        .related_locations(related(file, diagnosis, &findings))
        .occurrence_count(number(diagnosis.occurrences.len().max(1)))
        .taxa(taxa(&findings, rules))
        .partial_fingerprints(BTreeMap::from([(FINGERPRINT.to_owned(), fingerprint(analysis, diagnosis))]))
        .properties(properties(facts(diagnosis)))
        .build();
    result.rule_id = first.map(|cause| cause.id.clone());
    result.rule_index = indices.first().copied().map(number);
    result
}

fn level(severity: Severity) -> ResultLevel {
    match severity {
        Severity::Error => ResultLevel::Error,
        Severity::Warning => ResultLevel::Warning,
        Severity::Info => ResultLevel::Note,
    }
}

/// The first sentence says it all, because lists of results show no more.
fn text(diagnosis: &Diagnosis) -> String {
    let summary = diagnosis.causes.first().map(|cause| cause.summary.as_str()).unwrap_or_default();
    let handled = handled::told(diagnosis).map(|how| format!(" {how}")).unwrap_or_default();
    let told = format!("{}{}", particular(diagnosis), without_causes(diagnosis));
    format!("{}{handled} {summary}{told} {}: {}", in_one_sentence(diagnosis), labels::NEXT, diagnosis.next)
}

/// The steps of the cause that fit this failure and not all of its kind.
fn particular(diagnosis: &Diagnosis) -> String {
    let steps = diagnosis.causes.first().map(|cause| fixes(cause.fixes.iter().filter(|fix| !fix.helps_always()))).unwrap_or_default();
    if steps.is_empty() { steps } else { format!(" {}: {steps}", labels::TO_DO) }
}

/// The usual causes and what to do, where the rule cannot say it because it is that of many codes.
fn without_causes(diagnosis: &Diagnosis) -> String {
    let Some(cause) = diagnosis.causes.first().filter(|first| first.id == NOT_MODELLED) else { return String::new() };
    let usual: Vec<String> = diagnosis.usual.iter().map(|cause| sentence(cause)).collect();
    let mut text = String::new();
    for (label, told) in
        [(labels::USUAL, usual.join(" ")), (labels::TO_DO, fixes(&cause.fixes)), (labels::REFERENCES, cause.references.join(" "))]
    {
        if !told.is_empty() {
            text.push_str(&format!(" {label}: {told}"));
        }
    }
    text
}

/// What speaks for and against the cause; where the cause is open, for and against all that are in question.
fn findings(causes: &[RankedCause]) -> Vec<&Finding> {
    let open = causes.first().is_some_and(|first| first.id == UNDETERMINED);
    let told = if open { causes } else { causes.get(..1).unwrap_or_default() };
    let mut findings: Vec<&Finding> = Vec::new();
    for finding in told.iter().flat_map(|cause| cause.supporting.iter().chain(&cause.opposing)) {
        if !findings.contains(&finding) {
            findings.push(finding);
        }
    }
    findings
}

/// The repetitions, then each place that the evidence names.
fn related(file: &File, diagnosis: &Diagnosis, findings: &[&Finding]) -> Vec<Location> {
    let mut related = Vec::new();
    for again in diagnosis.occurrences.iter().skip(1) {
        related.push(telling(file.part(again.entry, &again.part), related.len(), "The same failure again."));
    }
    for finding in findings {
        for place in joined(&finding.evidence) {
            for entry in place.entries {
                let mut location = telling(file.part(entry, place.part), related.len(), finding.statement);
                let facts = [
                    ("entry", json!(entry)),
                    ("row", json!(place.row)),
                    ("part", json!(place.part)),
                    ("excerpt", json!(place.excerpt)),
                    ("check", json!(finding.check)),
                    ("claim", json!(finding.claim)),
                    ("seen", json!(finding.seen)),
                ];
                location.properties = Some(properties(facts));
                related.push(location);
            }
        }
    }
    related
}

fn taxa(findings: &[&Finding], rules: &mut Rules) -> Vec<ReportingDescriptorReference> {
    let mut checks: Vec<&str> = Vec::new();
    for finding in findings {
        if !checks.contains(&finding.check) {
            checks.push(finding.check);
        }
    }
    let reference = |check: &str| ReportingDescriptorReference::builder().id(check).index(number(rules.check(check))).build();
    checks.into_iter().map(reference).collect()
}

/// What stays the same when the same failure is recorded again: what failed, how it was tried, by which
/// application and where. All of it stands in the report in the open, nothing is computed from a secret.
fn fingerprint(analysis: &Analysis, diagnosis: &Diagnosis) -> String {
    let code = diagnosis.code.map(|code| code.to_string());
    let what = code.as_deref().or(diagnosis.symptom.map(|symptom| symptom.id())).unwrap_or("unknown");
    let kinds: Vec<&str> = kinds_of(analysis, diagnosis).into_iter().map(|kind| kind.name()).collect();
    let known = |value: &Option<String>| value.clone().unwrap_or_else(|| "-".to_owned());
    format!("{what} {} {} {}", kinds.join("+"), known(&diagnosis.tenant), known(&diagnosis.client_id))
}

/// What programs want to know, under the names of the JSON report.
fn facts(diagnosis: &Diagnosis) -> Vec<(&'static str, Value)> {
    let first = diagnosis.occurrences.first();
    let candidates: Vec<Value> =
        diagnosis.causes.iter().map(|cause| json!({"id": cause.id, "confidence": cause.confidence.name()})).collect();
    vec![
        ("id", json!(diagnosis.id)),
        ("code", json!(diagnosis.code.map(|code| code.to_string()))),
        ("symptom", json!(diagnosis.symptom.map(|symptom| symptom.id()))),
        ("also", json!(diagnosis.also.iter().map(ToString::to_string).collect::<Vec<_>>())),
        ("error", json!(diagnosis.error)),
        ("meaning", json!(diagnosis.meaning)),
        ("usual", json!(diagnosis.usual)),
        ("handled", json!(diagnosis.is_handled())),
        ("triggered_by", json!(diagnosis.triggered_by)),
        ("tenant", json!(diagnosis.tenant)),
        ("resolved_tenant", json!(diagnosis.resolved_tenant.as_ref().map(|id| id.as_str()))),
        ("client_id", json!(diagnosis.client_id)),
        ("client", json!(diagnosis.client)),
        ("correlation_id", json!(first.and_then(|first| first.correlation_id.as_ref()).map(|id| id.as_str()))),
        ("trace_id", json!(first.and_then(|first| first.trace_id.as_ref()).map(|id| id.as_str()))),
        ("timestamp", json!(time(first.and_then(|first| first.timestamp)))),
        ("causes", json!(candidates)),
    ]
}
