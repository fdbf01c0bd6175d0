//! What is known of one failure: the facts that a ticket needs.

use super::{application, code, kinds_explained, msal_log, runs, sign_in_log, time};
use crate::analysis::Analysis;
use crate::diagnosis::{Diagnosis, Occurrence};

/// How many runs of attempts are named.
const ATTEMPTS: usize = 8;

/// The facts of one failure, each with its label.
pub(in crate::report) fn fields(analysis: &Analysis, diagnosis: &Diagnosis) -> Vec<(&'static str, String)> {
    let mut fields: Vec<(&'static str, String)> = Vec::new();
    if let Some(trigger) = diagnosis.triggered_by {
        let by = analysis.diagnosis(trigger).map(|other| format!(", {}", code(other)));
        fields.push(("Follows from", format!("failure {trigger}{}", by.unwrap_or_default())));
    }
    if !diagnosis.also.is_empty() {
        let wrappers: Vec<String> = diagnosis.also.iter().map(ToString::to_string).collect();
        fields.push(("Wrapped in", wrappers.join(", ")));
    }
    if !diagnosis.attempts.is_empty() {
        let label = if diagnosis.attempts.len() == 1 { "Attempt" } else { "Attempts" };
        fields.push((label, attempts(analysis, diagnosis)));
    }
    fields.extend(application(diagnosis.client.as_deref(), diagnosis.client_id.as_deref()).map(|name| ("Application", name)));
    fields.extend(tenant(diagnosis, str::to_owned).map(|tenant| ("Tenant", tenant)));
    if let Some(first) = diagnosis.occurrences.first() {
        fields.push(match diagnosis.attempts.is_empty() {
            true => ("Place", format!("{} {} of the log", first.part, first.entry + 1)),
            false => ("Entry", format!("{} {}", entry(first), first.part)),
        });
        fields.extend(first.timestamp.map(|at| ("Time", time(at))));
        fields.extend(first.correlation_id.as_ref().map(|id| ("Correlation id", id.to_string())));
        fields.extend(first.trace_id.as_ref().map(|id| ("Trace id", id.to_string())));
        fields.extend(sign_in_log::row(first).map(|row| ("Sign-in log", row.to_string())));
        fields.extend(msal_log::row(first).map(|row| ("MSAL log", row.to_string())));
    }
    fields
}

/// The entry of an occurrence, with the number that the recorder shows for it.
pub(in crate::report) fn entry(occurrence: &Occurrence) -> String {
    format!("#{}{}", occurrence.entry, session(occurrence))
}

/// The recorder's own number for the entry of an occurrence, in brackets; empty where it has none.
pub(in crate::report) fn session(occurrence: &Occurrence) -> String {
    occurrence.label.as_ref().map(|label| format!(" (session {label})")).unwrap_or_default()
}

/// How it was tried, with the numbers of the attempts.
pub(in crate::report) fn attempts(analysis: &Analysis, diagnosis: &Diagnosis) -> String {
    let numbers = runs(ATTEMPTS, &diagnosis.attempts);
    let kinds = kinds_explained(analysis, diagnosis);
    match kinds.as_slice() {
        [] => numbers,
        kinds => format!("{numbers}: {}", kinds.join("; ")),
    }
}

/// The tenant that was asked, and the one that answered where that is told apart.
pub(in crate::report) fn tenant(diagnosis: &Diagnosis, marked: impl Fn(&str) -> String) -> Option<String> {
    let resolved = diagnosis.resolved_tenant.as_ref().map(|id| id.as_str());
    match (diagnosis.tenant.as_deref(), resolved) {
        (Some(asked), Some(resolved)) if !asked.eq_ignore_ascii_case(resolved) => {
            Some(format!("{}, which here is {}", marked(asked), marked(resolved)))
        }
        (asked, resolved) => asked.or(resolved).map(marked),
    }
}
