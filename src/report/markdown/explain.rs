//! What a code, a cause, a check or a pasted message means; also the entries of the reference pages.

use super::document::Document;
use super::escape::{code, prose};
use crate::entra::ErrorCode;
use crate::explain::{CauseSubject, CheckSubject, CodeSubject, Explanation, Subject, SymptomSubject};
use crate::knowledge::{Audience, Cause, Rule};
use crate::report::labels;
use crate::report::words::explain::{
    BEHIND, CAUSES, DIAGNOSE, ECHOES, NOT_SEEN, READ, RECORD, SEEN, WEIGHED, facts, message, only_for, severity, side, steps, steps_for,
};
use crate::report::words::{audience, sentence};

/// Where entries refer to.
#[derive(Clone, Copy)]
pub(in crate::report) enum Links {
    /// Nowhere: what an entry refers to stands in it.
    Nowhere,
    /// To the other pages of the reference, from a page as deep as this: `../` or nothing.
    Pages(&'static str),
}

/// Renders an explanation, with a final line break.
pub fn render_explanation(explanation: &Explanation<'_>) -> String {
    let mut document = Document::default();
    let rows = message(explanation).into_iter().map(|(label, value)| [format!("**{label}**"), code(&value)]);
    document.table([READ, ""], rows);
    for subject in &explanation.subjects {
        match subject {
            Subject::Code(subject) => write_code(&mut document, subject, Links::Nowhere),
            Subject::Symptom(subject) => write_symptom(&mut document, subject),
            Subject::Cause(subject) => write_cause(&mut document, subject, Links::Nowhere),
            Subject::Check(subject) => write_check(&mut document, subject, Links::Nowhere),
        }
    }
    document.finish()
}

/// Writes what is known of a code.
pub(in crate::report) fn write_code(document: &mut Document, subject: &CodeSubject<'_>, links: Links) {
    let about = subject.code;
    document.heading(2, &prose(&about.code));
    document.block(&format!("**{}** ({})", prose(&about.title), severity(about)));
    document.block(&prose(&about.meaning));
    document.table(["", ""], facts(about).into_iter().map(|(label, value)| [format!("**{label}**"), prose(&value)]));
    write_causes(document, &subject.causes, ErrorCode::parse(&about.code), links);
    if !about.usual.is_empty() {
        document.label(labels::USUAL);
        document.list(&about.usual.iter().map(|cause| prose(&sentence(cause))).collect::<Vec<_>>());
    }
    if !about.fixes.is_empty() {
        document.label(labels::TO_DO);
        document.list(&listed(&steps_for(&about.fixes, ErrorCode::parse(&about.code))));
    }
    if !subject.echoes.is_empty() {
        document.label(ECHOES);
        let echo = |(echo, title): &(&str, Option<&str>)| format!("{}: {}", code(echo), prose(title.unwrap_or("not known")));
        document.list(&subject.echoes.iter().map(echo).collect::<Vec<_>>());
    }
    document.block(&format!("**{}:** {}", labels::NEXT, prose(&about.next)));
    let of_causes = subject.causes.iter().flat_map(|cause| &cause.references).filter(|_| matches!(links, Links::Nowhere));
    write_references(document, about.references.iter().chain(of_causes));
}

fn write_symptom(document: &mut Document, subject: &SymptomSubject<'_>) {
    document.heading(2, &prose(&subject.symptom.id));
    document.block(&format!("**{}** (a failure without a code)", prose(&subject.symptom.title)));
    write_causes(document, &subject.causes, None, Links::Nowhere);
    document.block(&format!("**{}:** {}", labels::NEXT, prose(&subject.symptom.next)));
    write_references(document, subject.causes.iter().flat_map(|cause| &cause.references));
}

/// Writes what is known of a cause.
pub(in crate::report) fn write_cause(document: &mut Document, subject: &CauseSubject<'_>, links: Links) {
    let cause = subject.cause;
    document.heading(2, &prose(&cause.id));
    document.block(&prose(&cause.summary));
    if !cause.fixes.is_empty() {
        document.label(labels::TO_DO);
        document.list(&listed(&steps(&cause.fixes)));
    }
    if !subject.codes.is_empty() || !subject.symptoms.is_empty() {
        document.label(BEHIND);
    }
    let codes = subject.codes.iter().map(|about| format!("{}: {}", code(&about.code), prose(&about.title)));
    let symptoms = subject.symptoms.iter().map(|symptom| format!("{}: {}", code(&symptom.id), prose(&symptom.title)));
    document.list(&codes.chain(symptoms).collect::<Vec<_>>());
    if !cause.rules.is_empty() {
        document.label(WEIGHED);
        document.list(&cause.rules.iter().map(|one| rule(one, links)).collect::<Vec<_>>());
    }
    write_references(document, &cause.references);
}

/// A rule with its claims as code, which lead to their checks.
fn rule(rule: &Rule, links: Links) -> String {
    let claim = |name: &String| match (links, name.split_once('.')) {
        (Links::Pages(up), Some((check, _))) => format!("[{}]({up}checks.md#{check})", code(name)),
        _ => code(name),
    };
    let listed = |names: &[String], between: &str| names.iter().map(claim).collect::<Vec<_>>().join(between);
    let mut parts = Vec::new();
    if !rule.all.is_empty() {
        parts.push(listed(&rule.all, " and "));
    }
    if !rule.any.is_empty() {
        parts.push(format!("{}{}", if rule.any.len() > 1 { "one of " } else { "" }, listed(&rule.any, " or ")));
    }
    if !rule.none.is_empty() {
        parts.push(format!("not {}", listed(&rule.none, " and not ")));
    }
    format!("{}: {}{}", side(rule), parts.join(", "), only_for(rule))
}

/// Writes what is known of a check.
pub(in crate::report) fn write_check(document: &mut Document, subject: &CheckSubject<'_>, links: Links) {
    document.heading(2, &prose(subject.check.name));
    document.block(&prose(&sentence(subject.check.about)));
    for (claim, causes) in &subject.claims {
        document.block(&format!("**{}**", code(claim.name)));
        let causes: Vec<String> = causes.iter().map(|id| linked(id, links)).collect();
        let told = [
            (SEEN, prose(claim.seen)),
            (NOT_SEEN, prose(claim.not_seen)),
            (RECORD, prose(&claim.record.to_string())),
            (CAUSES, causes.join(", ")),
        ];
        let items: Vec<String> =
            told.into_iter().filter(|(_, text)| !text.is_empty()).map(|(label, text)| format!("{label}: {text}")).collect();
        document.list(&items);
    }
}

fn linked(cause: &str, links: Links) -> String {
    match links {
        Links::Nowhere => code(cause),
        Links::Pages(up) => format!("[{}]({up}causes.md#{cause})", code(cause)),
    }
}

fn write_causes(document: &mut Document, causes: &[&Cause], code: Option<ErrorCode>, links: Links) {
    if causes.is_empty() {
        return;
    }
    document.label(labels::CANDIDATES);
    let item = |cause: &&Cause| {
        let mut lines = vec![format!("{}: {}", linked(&cause.id, links), prose(&cause.summary))];
        if matches!(links, Links::Nowhere) {
            lines.extend(listed(&steps_for(&cause.fixes, code)));
        }
        lines.join("\n  - ")
    };
    document.list(&causes.iter().map(item).collect::<Vec<_>>());
    if matches!(links, Links::Nowhere) && causes.len() > 1 {
        document.block(DIAGNOSE);
    }
}

fn listed(steps: &[(Audience, String)]) -> Vec<String> {
    steps.iter().map(|(who, step)| format!("**{}:** {}", audience(*who), prose(step))).collect()
}

pub(super) fn write_references<'r>(document: &mut Document, references: impl IntoIterator<Item = &'r String>) {
    let mut told: Vec<String> = Vec::new();
    for reference in references.into_iter().map(|reference| prose(reference)) {
        if !told.contains(&reference) {
            told.push(reference);
        }
    }
    if !told.is_empty() {
        document.label(labels::REFERENCES);
        document.list(&told);
    }
}
