//! One failure: what a support request needs, the story, why, what to do.

use super::document::Document;
use super::escape::{code, prose, told};
use super::evidence::{Told, in_words};
use super::explain::write_references;
use crate::analysis::Analysis;
use crate::diagnosis::{Diagnosis, Occurrence, RankedCause, UNDETERMINED};
use crate::knowledge::Fix;
use crate::report::labels;
use crate::report::words::evidence::{findings, questions, still_open};
use crate::report::words::failure::{attempts, session, tenant};
use crate::report::words::{
    application_marked, audience, code as code_of, confidence_behind, count, handled, msal_log, sentence, sign_in_log, time,
};

/// How many repetitions are listed.
const REPETITIONS: usize = 50;

/// Writes one failure under a heading of that level.
pub(super) fn write(document: &mut Document, level: usize, analysis: &Analysis, diagnosis: &Diagnosis) {
    let title = match diagnosis.code.map(|code| code.to_string()) {
        Some(code) if !diagnosis.title.contains(&code) => format!("{code}: {}", diagnosis.title),
        _ => diagnosis.title.clone(),
    };
    let handled = handled::aside(diagnosis).map(|how| format!(" ({how})")).unwrap_or_default();
    document.heading(level, &format!("Failure {}{handled}. {}", diagnosis.id, prose(&title)));
    write_reference(document, diagnosis);
    write_story(document, analysis, diagnosis);
    write_causes(document, diagnosis);
}

/// What somebody who answers a support request asks for first.
fn write_reference(document: &mut Document, diagnosis: &Diagnosis) {
    let mut about = vec![code_of(diagnosis)];
    about.extend(diagnosis.error.map(str::to_owned));
    about.push(diagnosis.severity.name().to_owned());
    about.extend(handled::aside(diagnosis).map(str::to_owned));
    let mut rows = vec![("Code", prose(&about.join(" · ")))];
    if !diagnosis.also.is_empty() {
        let wrappers: Vec<String> = diagnosis.also.iter().map(ToString::to_string).collect();
        rows.push(("Wrapped in", prose(&wrappers.join(", "))));
    }
    let first = diagnosis.occurrences.first();
    rows.extend(first.and_then(|first| first.correlation_id.as_ref()).map(|id| ("Correlation id", code(id.as_str()))));
    rows.extend(first.and_then(|first| first.trace_id.as_ref()).map(|id| ("Trace id", code(id.as_str()))));
    rows.extend(first.and_then(|first| first.timestamp).map(|at| ("Time", prose(&time(at)))));
    rows.extend(first.and_then(sign_in_log::row).map(|row| ("Sign-in log", told(&row))));
    rows.extend(first.and_then(msal_log::row).map(|row| ("MSAL log", told(&row))));
    rows.extend(tenant(diagnosis, code).map(|tenant| ("Tenant", tenant)));
    rows.extend(application(diagnosis.client.as_deref(), diagnosis.client_id.as_deref()).map(|name| ("Application", name)));
    let rows = rows.into_iter().map(|(label, value)| [format!("**{label}**"), value]);
    document.table(["For support", ""], rows);
}

/// An application by its name and id.
pub(super) fn application(name: Option<&str>, id: Option<&str>) -> Option<String> {
    application_marked(name, id, prose, code)
}

/// What happened, in the order in which it happened.
fn write_story(document: &mut Document, analysis: &Analysis, diagnosis: &Diagnosis) {
    let mut told = Vec::new();
    if let Some(trigger) = diagnosis.triggered_by {
        let by = analysis.diagnosis(trigger).map(|other| format!(", {}", code_of(other)));
        told.push(format!("It follows from failure {trigger}{}.", prose(&by.unwrap_or_default())));
    }
    let noun = if diagnosis.attempts.len() == 1 { "Attempt" } else { "Attempts" };
    if !diagnosis.attempts.is_empty() {
        told.push(format!("{noun} {}.", prose(&attempts(analysis, diagnosis))));
    }
    if let Some(first) = diagnosis.occurrences.first() {
        // In a log without traffic the part says what is counted.
        told.push(match diagnosis.attempts.as_slice() {
            [] => format!("The error is told by {} {} of the log.", prose(&first.part), first.entry + 1),
            _ => format!("The error is told by entry {}{}, {}.", first.entry, prose(&session(first)), code(&first.part)),
        });
    }
    let again = diagnosis.occurrences.get(1..).unwrap_or_default();
    if !again.is_empty() {
        let entries: Vec<usize> = again.iter().map(|occurrence| occurrence.entry).collect();
        told.push(format!("It happened {} ({}).", count(again.len(), "more time", "more times"), in_words(&entries)));
    }
    let then: Vec<String> = analysis
        .diagnoses
        .iter()
        .filter(|other| other.triggered_by == Some(diagnosis.id))
        .map(|other| format!("failure {}, {}", other.id, prose(&code_of(other))))
        .collect();
    if !then.is_empty() {
        told.push(format!("It led to {}.", then.join("; ")));
    }
    told.extend(handled::told(diagnosis).map(str::to_owned));
    document.block(&format!("**What happened:** {}", told.join(" ")));
    if !again.is_empty() {
        document.folded(&count(again.len(), "repetition", "repetitions"), |inner| write_repetitions(inner, again));
    }
}

fn write_repetitions(document: &mut Document, again: &[Occurrence]) {
    let row = |occurrence: &Occurrence| {
        [
            format!("{}{}", occurrence.entry, prose(&session(occurrence))),
            occurrence.timestamp.map(|at| prose(&time(at))).unwrap_or_default(),
            occurrence.correlation_id.as_ref().map(|id| code(id.as_str())).unwrap_or_default(),
            occurrence.trace_id.as_ref().map(|id| code(id.as_str())).unwrap_or_default(),
        ]
    };
    document.table(["Entry", "Time", "Correlation id", "Trace id"], again.iter().take(REPETITIONS).map(row));
    if again.len() > REPETITIONS {
        document.block(&format!("and {} more", again.len() - REPETITIONS));
    }
}

fn write_causes(document: &mut Document, diagnosis: &Diagnosis) {
    let Some((first, others)) = diagnosis.causes.split_first() else { return };
    let mut told = Told::default();
    document.block(&format!("**Cause: {}{}.** {}", code(&first.id), confidence_behind(first), prose(&first.summary)));
    if first.id == UNDETERMINED {
        write_open(document, diagnosis, others, &mut told);
    } else {
        if !diagnosis.usual.is_empty() {
            document.label(labels::USUAL);
            document.list(&diagnosis.usual.iter().map(|cause| prose(&sentence(cause))).collect::<Vec<_>>());
        }
        told.write(document, labels::WHY, &first.supporting);
        told.write(document, labels::AGAINST, &first.opposing);
        write_unknown(document, questions(&first.unknown, findings(diagnosis)));
        if !first.fixes.is_empty() {
            document.label(labels::to_do(diagnosis.is_handled()));
            document.list(&fixes(&first.fixes));
        }
        write_next(document, diagnosis);
    }
    document.folded("Other causes, and what to read", |inner| {
        if first.id != UNDETERMINED {
            write_candidates(inner, labels::LESS_PROBABLE, (diagnosis, others), false, &mut told);
        }
        write_ruled_out(inner, diagnosis, &mut told);
        let told_of = if first.id == UNDETERMINED { &diagnosis.causes[..] } else { std::slice::from_ref(first) };
        write_references(inner, told_of.iter().flat_map(|cause| &cause.references));
    });
}

/// The capture can't tell: what it shows stands once, and the candidates refer to it.
fn write_open(document: &mut Document, diagnosis: &Diagnosis, candidates: &[RankedCause], told: &mut Told) {
    let shown = candidates.iter().flat_map(|cause| cause.supporting.iter().chain(&cause.opposing));
    told.write(document, labels::SHOWN, shown);
    write_unknown(document, questions(candidates.iter().flat_map(|cause| &cause.unknown), findings(diagnosis)));
    write_candidates(document, labels::CANDIDATES, (diagnosis, candidates), true, told);
    write_next(document, diagnosis);
}

fn write_candidates(
    document: &mut Document,
    label: &str,
    (diagnosis, causes): (&Diagnosis, &[RankedCause]),
    with_fixes: bool,
    told: &mut Told,
) {
    if causes.is_empty() {
        return;
    }
    document.label(label);
    let items: Vec<String> = causes.iter().map(|cause| candidate(diagnosis, cause, with_fixes, told)).collect();
    document.list(&items);
}

/// A candidate with what speaks for and against it, as an item of a list with items in it.
fn candidate(diagnosis: &Diagnosis, cause: &RankedCause, with_fixes: bool, told: &mut Told) -> String {
    let mut lines = vec![format!("{}{}: {}", code(&cause.id), confidence_behind(cause), prose(&cause.summary))];
    for (label, findings) in [(labels::FOR_IT, &cause.supporting), (labels::AGAINST_IT, &cause.opposing)] {
        let text = told.inline(findings);
        if !text.is_empty() {
            lines.push(format!("{label}: {text}"));
        }
    }
    if !with_fixes && let Some(question) = still_open(cause, findings(diagnosis)) {
        lines.push(format!("{}: {}", labels::OPEN, prose(&question)));
    }
    if with_fixes {
        lines.extend(fixes(&cause.fixes));
    }
    lines.join("\n  - ")
}

fn write_ruled_out(document: &mut Document, diagnosis: &Diagnosis, told: &mut Told) {
    if diagnosis.ruled_out.is_empty() {
        return;
    }
    document.label(labels::RULED_OUT);
    let item = |id: &str, because: String| if because.is_empty() { code(id) } else { format!("{}: {because}", code(id)) };
    let items: Vec<String> =
        diagnosis.ruled_out.iter().map(|out| item(&out.id, told.inline(out.because.get(..1).unwrap_or_default()))).collect();
    document.list(&items);
}

fn write_unknown(document: &mut Document, questions: Vec<String>) {
    if !questions.is_empty() {
        document.label(labels::UNKNOWN);
        document.list(&questions.iter().map(|question| prose(question)).collect::<Vec<_>>());
    }
}

fn fixes(fixes: &[Fix]) -> Vec<String> {
    fixes.iter().map(|fix| format!("**{}:** {}", audience(fix.who), prose(&fix.action))).collect()
}

fn write_next(document: &mut Document, diagnosis: &Diagnosis) {
    document.block(&format!("**{}:** {}", labels::NEXT, prose(&diagnosis.next)));
}
