//! What is known of a code, a cause or a check, in words.

use super::time;
use crate::entra::{ErrorCode, Pasted};
use crate::knowledge::{Code, Grade, Rule, Severity, Side};

/// What stands over the values that were read out of a message.
pub(in crate::report) const READ: &str = "Read from the text";
/// What stands over the codes and failures that a cause may lie behind.
pub(in crate::report) const BEHIND: &str = "It may lie behind";
/// What stands over the rules of a cause.
pub(in crate::report) const WEIGHED: &str = "What a capture is searched for";
/// What stands over the codes that one often meets together.
pub(in crate::report) const ECHOES: &str = "Often met together with";
/// What a claim that was seen means.
pub(in crate::report) const SEEN: &str = "Seen";
/// What a claim that was looked for in vain means.
pub(in crate::report) const NOT_SEEN: &str = "Not seen";
/// How a claim comes to be in a capture.
pub(in crate::report) const RECORD: &str = "To settle it";
/// The causes whose rules name a claim.
pub(in crate::report) const CAUSES: &str = "Weighs in";
/// That a capture tells causes apart.
pub(in crate::report) const DIAGNOSE: &str = "With a capture, “entrace diagnose” tells these causes apart.";

/// The facts about a code, each with its label.
pub(in crate::report) fn facts(code: &Code) -> Vec<(&'static str, String)> {
    let helps = |helps: bool| if helps { "helps" } else { "does not help" }.to_owned();
    let mut facts: Vec<(&'static str, String)> = Vec::new();
    facts.extend(code.name.clone().map(|name| ("Name", name)));
    facts.extend(code.error.clone().map(|error| ("OAuth error", error)));
    if code.step {
        facts.push(("Step", "normally a step of a sign-in that works, and no failure".to_owned()));
    }
    facts.extend(code.sign_in_again.map(|again| ("Sign in again", helps(again))));
    facts.extend(code.retry.map(|retry| ("Retry later", helps(retry))));
    facts.push(("How sure", grade(code.grade).to_owned()));
    facts
}

fn grade(grade: Grade) -> &'static str {
    match grade {
        Grade::Sourced => "documented (sourced)",
        Grade::Inferred => "concluded from its name, its neighbours or public reports (inferred)",
        Grade::Unsure => "little is known of it in public (unsure)",
    }
}

/// How bad a code is when nothing handles it, for a heading.
pub(in crate::report) fn severity(code: &Code) -> &'static str {
    match code.severity {
        Severity::Info if code.step => "step",
        other => other.name(),
    }
}

/// What a text says beside its codes, each with its label.
pub(in crate::report) fn message(message: &Pasted, unknown: &[ErrorCode]) -> Vec<(&'static str, String)> {
    let joined = |codes: &[ErrorCode]| codes.iter().map(ToString::to_string).collect::<Vec<_>>().join(", ");
    let mut fields: Vec<(&'static str, String)> = Vec::new();
    if !message.codes.is_empty() {
        fields.push(("Codes", joined(&message.codes)));
    }
    if !unknown.is_empty() {
        fields.push(("Not known", joined(unknown)));
    }
    fields.extend(message.error.map(|error| ("OAuth error", error.to_string())));
    fields.extend(message.suberror.map(|suberror| ("Suberror", suberror.to_owned())));
    fields.extend(message.correlation_id.as_ref().map(|id| ("Correlation id", id.to_string())));
    fields.extend(message.trace_id.as_ref().map(|id| ("Trace id", id.to_string())));
    fields.extend(message.timestamp.map(|at| ("Time", time(at))));
    fields
}

/// What a rule does, in a few words.
pub(in crate::report) fn side(rule: &Rule) -> String {
    match rule.side {
        Side::For | Side::Against => format!("{}, {}", rule.side.name(), rule.strength.name()),
        Side::Excludes => "rules it out".to_owned(),
        Side::Requires => "needed".to_owned(),
    }
}

/// The codes that a rule is limited to, behind its condition.
pub(in crate::report) fn only_for(rule: &Rule) -> String {
    let codes: Vec<String> = rule.codes.iter().map(ToString::to_string).collect();
    if codes.is_empty() { String::new() } else { format!(" (with {})", codes.join(", ")) }
}
