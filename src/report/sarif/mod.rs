//! SARIF 2.1.0 (OASIS), for dashboards that gather findings of many tools.
//!
//! A failure is a result, its first cause the rule; the checks that observed something are taxa. A capture is an
//! artifact, and what entrace says of it as a whole (its verdict, what was lost in reading) a notification.
//! `locations` says where things are, `rules` what they are, `results` what failed.

mod locations;
mod results;
mod rules;

use super::CaptureReport;
use super::json::harmless;
use super::labels;
use super::words::printable;
use super::words::verdict::{reason, told, word};
use crate::analysis::Analysis;
use rules::Rules;
use serde_json::{Value, json};
use serde_sarif::sarif::{
    Artifact, ArtifactRoles, Invocation, Message, Notification, PropertyBag, ReportingDescriptorReference, ResultLevel, Run, Sarif, Tool,
    ToolComponent, Version,
};
use std::io;

/// The schema, where OASIS keeps the version with the first corrections.
const SCHEMA: &str = "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json";

/// Renders one run over all captures, pretty-printed, with a final line break.
///
/// # Errors
/// None is known: every part of the report can be written as JSON.
pub fn render(captures: &[CaptureReport<'_>]) -> io::Result<String> {
    let log = Sarif::builder().version(json!(Version::V2_1_0)).schema(SCHEMA).runs(vec![run(captures)]).build();
    let mut text = harmless(serde_json::to_string_pretty(&log)?);
    text.push('\n');
    Ok(text)
}

fn run(captures: &[CaptureReport<'_>]) -> Run {
    let mut rules = Rules::default();
    let mut artifacts = Vec::new();
    let mut found = Vec::new();
    let mut notifications = Vec::new();
    for (at, capture) in captures.iter().enumerate() {
        let file = locations::File::new(capture.path, at);
        artifacts.push(artifact(&file, capture.outcome.as_ref().ok().copied()));
        match &capture.outcome {
            Ok(analysis) => {
                notifications.extend(told_of(&file, analysis));
                found.extend(analysis.diagnoses.iter().map(|diagnosis| results::result(&file, analysis, diagnosis, &mut rules)));
            }
            Err(problem) => {
                let text = format!("{}: {problem}", labels::NOT_READ);
                notifications.push(notification(rules::UNREADABLE, ResultLevel::Error, &text, file.whole()));
            }
        }
    }
    let (rules, taxa) = rules.finish();
    let driver = ToolComponent::builder()
        .name("entrace")
        .version(env!("CARGO_PKG_VERSION"))
        .semantic_version(env!("CARGO_PKG_VERSION"))
        .language("en")
        .rules(rules)
        .taxa(taxa)
        .notifications(rules::notifications())
        .build();
    let all_read = captures.iter().all(|capture| capture.outcome.is_ok());
    let invocation = Invocation::builder().execution_successful(all_read).tool_execution_notifications(notifications).build();
    Run::builder()
        .tool(Tool::builder().driver(driver).build())
        .artifacts(artifacts)
        .invocations(vec![invocation])
        .results(found)
        .language("en")
        .build()
}

fn artifact(file: &locations::File, analysis: Option<&Analysis>) -> Artifact {
    let artifact = Artifact::builder().location(file.location()).roles(vec![json!(ArtifactRoles::AnalysisTarget)]);
    match analysis {
        None => artifact.build(),
        Some(analysis) => artifact
            .properties(properties([
                ("verdict", json!(analysis.verdict.name())),
                ("format", json!(analysis.format.name())),
                ("creator", json!(analysis.creator)),
                ("exchanges", json!(analysis.entries)),
                ("entra_exchanges", json!(analysis.sign_in_exchanges)),
            ]))
            .build(),
    }
}

/// The verdict on a capture, and what was lost in reading it.
fn told_of(file: &locations::File, analysis: &Analysis) -> Vec<Notification> {
    let reason = reason(analysis);
    let end = if told(analysis).is_empty() { "" } else { "." };
    let verdict = format!("Verdict: {}. {reason}{end}", word(analysis.verdict));
    let mut all = vec![notification(rules::VERDICT, ResultLevel::Note, &verdict, file.whole())];
    for warning in &analysis.warnings {
        let text = format!("{}: {}", labels::LOST, warning.message);
        let place = warning.entry.map_or_else(|| file.whole(), |entry| file.entry(entry));
        all.push(notification(rules::LOST, ResultLevel::Warning, &text, place));
    }
    all
}

fn notification(id: &str, level: ResultLevel, text: &str, place: serde_sarif::sarif::Location) -> Notification {
    Notification::builder()
        .descriptor(ReportingDescriptorReference::builder().id(id).build())
        .level(json!(level))
        .message(message(text))
        .locations(vec![place])
        .build()
}

fn message(text: &str) -> Message {
    Message::builder().text(plain(text)).build()
}

/// Text as a message: brackets would be links, and braces places to fill in (sections 3.11.5 and 3.11.6).
fn plain(text: &str) -> String {
    let mut plain = String::with_capacity(text.len());
    for c in printable(text).chars() {
        match c {
            '\\' | '[' | ']' => plain.extend(['\\', c]),
            '{' | '}' => plain.extend([c, c]),
            _ => plain.push(c),
        }
    }
    plain
}

/// A bag of properties without those that say nothing.
fn properties<'k>(properties: impl IntoIterator<Item = (&'k str, Value)>) -> PropertyBag {
    let said = |value: &Value| !value.is_null() && value.as_array().is_none_or(|items| !items.is_empty());
    let bag = properties.into_iter().filter(|(_, value)| said(value)).map(|(name, value)| (name.to_owned(), value)).collect();
    PropertyBag { tags: None, additional_properties: bag }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_message_holds_no_link_and_no_place_to_fill_in() {
        assert_eq!(plain("see [x](javascript:1) and {0}\\"), "see \\[x\\](javascript:1) and {{0}}\\\\");
        assert_eq!(plain("two\nlines\u{202e}"), "two lines");
    }
}
