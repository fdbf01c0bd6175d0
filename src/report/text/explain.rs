//! What a code, a cause, a check or a pasted message means.

use super::page::{Page, Tone};
use super::{NARROWEST, Options, WIDEST};
use crate::entra::ErrorCode;
use crate::explain::{CauseSubject, CheckSubject, CodeSubject, Explanation, Subject, SymptomSubject, condition};
use crate::knowledge::{Audience, Cause};
use crate::report::labels;
use crate::report::words::explain::{
    BEHIND, CAUSES, DIAGNOSE, ECHOES, NOT_SEEN, READ, RECORD, SEEN, WEIGHED, facts, message, only_for, severity, side, steps, steps_for,
};
use crate::report::words::{audience, sentence};

/// How far lists stand in.
const INDENT: usize = 2;

/// Renders an explanation, with a final line break.
pub fn render_explanation(explanation: &Explanation<'_>, options: &Options) -> String {
    let mut page = Page::new(options.width.clamp(NARROWEST, WIDEST), options.color).with_links(options.links);
    let fields = message(explanation);
    if !fields.is_empty() {
        label(&mut page, READ);
    }
    page.fields(INDENT, fields.iter().map(|(label, value)| (*label, value.as_str())));
    for subject in &explanation.subjects {
        if !page.is_empty() {
            page.rule();
        }
        match subject {
            Subject::Code(subject) => write_code(&mut page, subject),
            Subject::Symptom(subject) => write_symptom(&mut page, subject),
            Subject::Cause(subject) => write_cause(&mut page, subject),
            Subject::Check(subject) => write_check(&mut page, subject),
        }
    }
    page.take()
}

fn write_code(page: &mut Page, subject: &CodeSubject<'_>) {
    let code = subject.code;
    heading(page, &code.code, severity(code));
    page.heading(0, &code.title);
    page.blank();
    page.paragraph(0, &code.meaning);
    page.blank();
    let facts = facts(code);
    page.fields(0, facts.iter().map(|(label, value)| (*label, value.as_str())));
    write_causes(page, &subject.causes, ErrorCode::parse(&code.code));
    if !code.usual.is_empty() {
        label(page, labels::USUAL);
        code.usual.iter().for_each(|cause| page.item(INDENT, "-", &sentence(cause)));
    }
    if !code.fixes.is_empty() {
        label(page, labels::TO_DO);
        write_steps(page, INDENT, &steps_for(&code.fixes, ErrorCode::parse(&code.code)));
    }
    if !subject.echoes.is_empty() {
        label(page, ECHOES);
        page.fields(INDENT, subject.echoes.iter().map(|(echo, title)| (*echo, title.unwrap_or("not known"))));
    }
    write_next(page, &code.next);
    let of_causes = subject.causes.iter().flat_map(|cause| &cause.references);
    write_references(page, code.references.iter().chain(of_causes));
}

fn write_symptom(page: &mut Page, subject: &SymptomSubject<'_>) {
    heading(page, &subject.symptom.id, "a failure without a code");
    page.heading(0, &subject.symptom.title);
    write_causes(page, &subject.causes, None);
    write_next(page, &subject.symptom.next);
    write_references(page, subject.causes.iter().flat_map(|cause| &cause.references));
}

fn write_cause(page: &mut Page, subject: &CauseSubject<'_>) {
    let cause = subject.cause;
    heading(page, &cause.id, "a cause");
    page.paragraph(0, &cause.summary);
    if !cause.fixes.is_empty() {
        label(page, labels::TO_DO);
        write_steps(page, INDENT, &steps(&cause.fixes));
    }
    if !subject.codes.is_empty() || !subject.symptoms.is_empty() {
        label(page, BEHIND);
    }
    let codes = subject.codes.iter().map(|code| (code.code.as_str(), code.title.as_str()));
    let symptoms = subject.symptoms.iter().map(|symptom| (symptom.id.as_str(), symptom.title.as_str()));
    page.fields(INDENT, codes.chain(symptoms));
    if !cause.rules.is_empty() {
        label(page, WEIGHED);
    }
    for rule in &cause.rules {
        page.entry(INDENT, (Tone::Label, &colon(&side(rule))), &format!("{}{}", condition(rule), only_for(rule)));
    }
    write_references(page, &cause.references);
}

fn write_check(page: &mut Page, subject: &CheckSubject<'_>) {
    heading(page, subject.check.name, "a check");
    page.paragraph(0, &sentence(subject.check.about));
    for (claim, causes) in &subject.claims {
        page.blank();
        page.line(0, &[(Tone::Id, claim.name)]);
        let (record, causes) = (claim.record.to_string(), causes.join(", "));
        let told = [(SEEN, claim.seen), (NOT_SEEN, claim.not_seen), (RECORD, record.as_str()), (CAUSES, causes.as_str())];
        page.fields(INDENT, told.into_iter().filter(|(_, text)| !text.is_empty()));
    }
}

fn heading(page: &mut Page, id: &str, kind: &str) {
    page.line(0, &[(Tone::Heading, id), (Tone::Plain, &format!(" · {kind}"))]);
}

fn write_causes(page: &mut Page, causes: &[&Cause], code: Option<ErrorCode>) {
    if causes.is_empty() {
        return;
    }
    label(page, labels::CANDIDATES);
    for cause in causes {
        page.line(INDENT, &[(Tone::Id, &cause.id)]);
        page.paragraph(INDENT + 2, &cause.summary);
        write_steps(page, INDENT + 2, &steps_for(&cause.fixes, code));
        page.blank();
    }
    if causes.len() > 1 {
        page.paragraph(INDENT, DIAGNOSE);
    }
}

fn write_steps(page: &mut Page, indent: usize, steps: &[(Audience, String)]) {
    page.fields(indent, steps.iter().map(|(who, step)| (audience(*who), step.as_str())));
}

fn write_next(page: &mut Page, next: &str) {
    page.blank();
    page.entry(0, (Tone::Label, &colon(labels::NEXT)), next);
}

fn write_references<'r>(page: &mut Page, references: impl IntoIterator<Item = &'r String>) {
    let mut told: Vec<&String> = Vec::new();
    for reference in references {
        if told.is_empty() {
            label(page, labels::REFERENCES);
        }
        if !told.contains(&reference) {
            page.reference(INDENT, reference);
            told.push(reference);
        }
    }
}

fn label(page: &mut Page, text: &str) {
    page.blank();
    page.line(0, &[(Tone::Label, &colon(text))]);
}

fn colon(label: &str) -> String {
    format!("{label}:")
}
