//! One failure as a story: what, where, why, what to do.

use super::causes;
use super::columns::Columns;
use super::page::{Page, Tone};
use super::words::{application, code, count, kind_explained, kinds_of, runs, severity, time};
use crate::analysis::Analysis;
use crate::diagnosis::{Diagnosis, Occurrence};

/// How far the story stands in from its number.
pub(super) const INDENT: usize = 3;

/// How many runs of attempts are named.
const ATTEMPTS: usize = 8;
/// How many repetitions are listed.
const REPETITIONS: usize = 4;

/// Writes one failure.
pub(super) fn write(page: &mut Page, analysis: &Analysis, diagnosis: &Diagnosis) {
    write_heading(page, diagnosis);
    page.blank();
    write_place(page, analysis, diagnosis);
    page.blank();
    causes::write(page, diagnosis);
}

fn write_heading(page: &mut Page, diagnosis: &Diagnosis) {
    let number = format!("{}. ", diagnosis.id);
    let code = code(diagnosis);
    let tone = if diagnosis.handled { Tone::Doubtful } else { Tone::Bad };
    let mut about = vec![severity(diagnosis.severity)];
    about.extend(diagnosis.error);
    about.extend(diagnosis.handled.then_some("handled later"));
    let about = format!(" · {}", about.join(" · "));
    page.line(0, &[(Tone::Heading, &number), (tone, &code), (Tone::Plain, &about)]);
    // A title that only repeats the code says nothing.
    if !diagnosis.title.contains(&code) {
        page.heading(INDENT, &diagnosis.title);
    }
}

fn write_place(page: &mut Page, analysis: &Analysis, diagnosis: &Diagnosis) {
    let mut fields: Vec<(&str, String)> = Vec::new();
    if let Some(trigger) = diagnosis.triggered_by {
        let by = analysis.diagnoses.iter().find(|other| other.id == trigger).map(|other| format!(", {}", code(other)));
        fields.push(("Follows from", format!("failure {trigger}{}", by.unwrap_or_default())));
    }
    if !diagnosis.also.is_empty() {
        let wrappers: Vec<String> = diagnosis.also.iter().map(ToString::to_string).collect();
        fields.push(("Wrapped in", wrappers.join(", ")));
    }
    fields.push(("Attempt", attempts(analysis, diagnosis)));
    fields.extend(application(diagnosis.client.as_deref(), diagnosis.client_id.as_deref()).map(|name| ("Application", name)));
    fields.extend(tenant(diagnosis).map(|tenant| ("Tenant", tenant)));
    if let Some(first) = diagnosis.occurrences.first() {
        fields.push(("Entry", format!("#{} {}", first.entry, first.part)));
        fields.extend(first.timestamp.map(|at| ("Time", time(at))));
        fields.extend(first.correlation_id.as_ref().map(|id| ("Correlation id", id.to_string())));
        fields.extend(first.trace_id.as_ref().map(|id| ("Trace id", id.to_string())));
    }
    page.fields(INDENT, fields.iter().map(|(label, value)| (*label, value.as_str())));
    write_repetitions(page, diagnosis.occurrences.get(1..).unwrap_or_default());
}

fn write_repetitions(page: &mut Page, again: &[Occurrence]) {
    if again.is_empty() {
        return;
    }
    let label = format!("{}:", count(again.len(), "repetition", "repetitions"));
    page.line(INDENT, &[(Tone::Label, &label)]);
    let row = |occurrence: &Occurrence| {
        let id = occurrence.correlation_id.as_ref().map(ToString::to_string);
        [format!("#{}", occurrence.entry), occurrence.timestamp.map(time).unwrap_or_default(), id.unwrap_or_default()]
    };
    let rows: Vec<[String; 3]> = again.iter().take(REPETITIONS).map(row).collect();
    let indent = INDENT + 2;
    let columns = Columns::fit(&rows, page.room(indent));
    page.rows(indent, &columns, &rows);
    if again.len() > REPETITIONS {
        page.paragraph(indent, &format!("and {} more", again.len() - REPETITIONS));
    }
}

/// How it was tried, with the numbers of the attempts.
pub(in crate::report) fn attempts(analysis: &Analysis, diagnosis: &Diagnosis) -> String {
    let numbers = runs(ATTEMPTS, &diagnosis.attempts);
    let kinds: Vec<&str> = kinds_of(analysis, diagnosis).into_iter().map(kind_explained).collect();
    match kinds.as_slice() {
        [] => numbers,
        kinds => format!("{numbers}: {}", kinds.join("; ")),
    }
}

/// The tenant that was asked, and the one that answered where that is told apart.
fn tenant(diagnosis: &Diagnosis) -> Option<String> {
    let resolved = diagnosis.resolved_tenant.as_ref().map(ToString::to_string);
    match (diagnosis.tenant.clone(), resolved) {
        (Some(asked), Some(resolved)) if !asked.eq_ignore_ascii_case(&resolved) => Some(format!("{asked}, which here is {resolved}")),
        (asked, resolved) => asked.or(resolved),
    }
}
