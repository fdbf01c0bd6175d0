//! Why it failed: the ranked causes with what speaks for and against them, and what to do.

use super::findings::Told;
use super::page::{Page, Tone};
use crate::diagnosis::{Diagnosis, Finding, RankedCause, RuledOut, UNDETERMINED};
use crate::knowledge::Fix;
use crate::report::labels;
use crate::report::words::evidence::{findings, questions, still_open};
use crate::report::words::{audience, confidence_behind, sentence};

/// How far a story stands in from its number.
pub(super) const INDENT: usize = 3;

/// How many statements for or against a further candidate are given.
const STATEMENTS: usize = 2;

/// Writes the causes of one failure, and what to record or check next.
pub(super) fn write(page: &mut Page, diagnosis: &Diagnosis) {
    let Some((first, others)) = diagnosis.causes.split_first() else { return };
    let mut told = Told::default();
    if first.id == UNDETERMINED {
        write_undetermined(page, diagnosis, first, others, &mut told);
    } else {
        write_first(page, diagnosis, first, &mut told);
        write_others(page, diagnosis, others, &mut told);
    }
    write_ruled_out(page, &diagnosis.ruled_out, &mut told);
    if first.id != UNDETERMINED {
        write_next(page, &diagnosis.next);
    }
}

fn write_first(page: &mut Page, diagnosis: &Diagnosis, cause: &RankedCause, told: &mut Told) {
    write_cause_line(page, cause);
    page.paragraph(INDENT, &cause.summary);
    if !diagnosis.usual.is_empty() {
        label(page, labels::USUAL);
        diagnosis.usual.iter().for_each(|cause| page.item(INDENT + 2, "-", &sentence(cause)));
    }
    write_findings(page, labels::WHY, &cause.supporting, told);
    write_findings(page, labels::AGAINST, &cause.opposing, told);
    write_unknown(page, questions(&cause.unknown, findings(diagnosis)));
    if !cause.fixes.is_empty() {
        label(page, labels::to_do(diagnosis.is_handled()));
        write_fixes(page, INDENT + 2, &cause.fixes);
    }
    write_references(page, cause.references.iter().map(String::as_str));
}

/// The capture can't tell: what it shows stands once, and the candidates refer to it.
fn write_undetermined(page: &mut Page, diagnosis: &Diagnosis, first: &RankedCause, candidates: &[RankedCause], told: &mut Told) {
    write_cause_line(page, first);
    page.paragraph(INDENT, &first.summary);
    write_next(page, &diagnosis.next);
    let shown = candidates.iter().flat_map(|cause| cause.supporting.iter().chain(&cause.opposing));
    write_findings(page, labels::SHOWN, shown, told);
    write_unknown(page, questions(candidates.iter().flat_map(|cause| &cause.unknown), findings(diagnosis)));
    if candidates.is_empty() {
        return;
    }
    label(page, labels::CANDIDATES);
    let mut references: Vec<&str> = Vec::new();
    for cause in candidates {
        write_candidate(page, diagnosis, cause, usize::MAX, told);
        write_fixes(page, INDENT + 4, &cause.fixes);
        page.blank();
        for reference in &cause.references {
            if !references.contains(&reference.as_str()) {
                references.push(reference);
            }
        }
    }
    write_references(page, references);
}

fn write_others(page: &mut Page, diagnosis: &Diagnosis, others: &[RankedCause], told: &mut Told) {
    if others.is_empty() {
        return;
    }
    if diagnosis.is_handled() {
        let ids: Vec<String> = others.iter().map(|cause| format!("{} ({})", cause.id, cause.confidence.name())).collect();
        page.blank();
        page.entry(INDENT, (Tone::Label, &colon(labels::LESS_PROBABLE)), &ids.join(", "));
        return;
    }
    label(page, labels::LESS_PROBABLE);
    for cause in others {
        write_candidate(page, diagnosis, cause, STATEMENTS, told);
    }
}

fn write_candidate(page: &mut Page, diagnosis: &Diagnosis, cause: &RankedCause, statements: usize, told: &mut Told) {
    page.line(INDENT + 2, &[(Tone::Id, &cause.id), (Tone::Plain, &confidence_behind(cause))]);
    page.paragraph(INDENT + 4, &cause.summary);
    for (label, findings) in [(labels::FOR_IT, &cause.supporting), (labels::AGAINST_IT, &cause.opposing)] {
        let text = told.inline(findings, statements);
        if !text.is_empty() {
            page.entry(INDENT + 4, (Tone::Label, &colon(label)), &text);
        }
    }
    if let Some(question) = still_open(cause, findings(diagnosis)) {
        page.entry(INDENT + 4, (Tone::Label, &colon(labels::OPEN)), &question);
    }
}

fn write_ruled_out(page: &mut Page, ruled_out: &[RuledOut], told: &mut Told) {
    if ruled_out.is_empty() {
        return;
    }
    label(page, labels::RULED_OUT);
    let (known, new): (Vec<_>, Vec<_>) =
        ruled_out.iter().partition(|cause| cause.because.is_empty() || told.mark(&cause.because).is_some());
    let by = |cause: &RuledOut| told.mark(&cause.because).map_or_else(|| cause.id.clone(), |mark| format!("{} by {mark}", cause.id));
    let known: Vec<String> = known.into_iter().map(by).collect();
    if !known.is_empty() {
        page.paragraph(INDENT + 2, &known.join(", "));
    }
    for cause in new {
        page.entry(INDENT + 2, (Tone::Id, &format!("{}:", cause.id)), &told.inline(&cause.because, 1));
    }
}

fn write_cause_line(page: &mut Page, cause: &RankedCause) {
    page.line(INDENT, &[(Tone::Label, "Cause: "), (Tone::Id, &cause.id), (Tone::Plain, &confidence_behind(cause))]);
}

fn write_findings<'f>(page: &mut Page, title: &str, findings: impl IntoIterator<Item = &'f Finding>, told: &mut Told) {
    let mut findings = findings.into_iter().peekable();
    if findings.peek().is_some() {
        label(page, title);
        told.write(page, INDENT + 2, findings);
    }
}

fn write_unknown(page: &mut Page, questions: Vec<String>) {
    if questions.is_empty() {
        return;
    }
    label(page, labels::UNKNOWN);
    for question in questions {
        page.item(INDENT + 2, "-", &question);
    }
}

fn write_fixes(page: &mut Page, indent: usize, fixes: &[Fix]) {
    page.fields(indent, fixes.iter().map(|fix| (audience(fix.who), fix.action.as_str())));
}

fn write_references<'r>(page: &mut Page, references: impl IntoIterator<Item = &'r str>) {
    let mut references = references.into_iter().peekable();
    if references.peek().is_some() {
        label(page, labels::REFERENCES);
    }
    for reference in references {
        page.reference(INDENT + 2, reference);
    }
}

fn write_next(page: &mut Page, next: &str) {
    page.blank();
    page.entry(INDENT, (Tone::Label, &colon(labels::NEXT)), next);
}

fn label(page: &mut Page, text: &str) {
    page.blank();
    page.line(INDENT, &[(Tone::Label, &colon(text))]);
}

fn colon(label: &str) -> String {
    format!("{label}:")
}
