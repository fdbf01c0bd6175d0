//! SARIF 2.1.0 (OASIS), for dashboards that gather findings of many tools.
//!
//! A failure is a result, its first cause the rule; the checks that observed something are taxa. A capture is an
//! artifact, and what entrace says of it as a whole (its verdict, what was lost in reading) a notification.
//! `locations` says where things are, `rules` what they are, `results` what failed; `list` writes what there is of each capture.

mod list;
mod locations;
mod results;
mod rules;

use super::json::harmless;
use super::labels;
use super::words::printable;
use super::words::verdict::{reason, told, word};
use super::{CaptureReport, Frame, Growing};
use crate::analysis::Analysis;
use list::List;
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
    let mut log = Log::new();
    let results = captures.iter().map(|capture| log.written(capture)).collect::<io::Result<String>>()?;
    let frame = log.around()?;
    Ok(frame.before + &results + &frame.after)
}

/// The report as it grows: what failed in a capture is written at once. What is said of it as a whole, a few lines, stands before
/// all of that, and the rules behind it.
pub struct Log {
    captures: usize,
    all_read: bool,
    rules: Rules,
    artifacts: List,
    notifications: List,
    results: List,
}

impl Default for Log {
    fn default() -> Self {
        Self::new()
    }
}

impl Log {
    /// A report without captures.
    pub fn new() -> Self {
        Self {
            captures: 0,
            all_read: true,
            rules: Rules::default(),
            artifacts: List::new("artifacts", 4),
            notifications: List::new("toolExecutionNotifications", 6),
            results: List::new("results", 4),
        }
    }

    /// The results of a capture.
    fn written(&mut self, capture: &CaptureReport<'_>) -> io::Result<String> {
        let file = locations::File::new(capture.path, self.captures);
        self.captures += 1;
        self.artifacts.add(&artifact(&file, capture.outcome.as_ref().ok().copied()))?;
        match &capture.outcome {
            Ok(analysis) => {
                for notification in told_of(&file, analysis) {
                    self.notifications.add(&notification)?;
                }
                for diagnosis in &analysis.diagnoses {
                    self.results.add(&results::result(&file, analysis, diagnosis, &mut self.rules))?;
                }
            }
            Err(problem) => {
                self.all_read = false;
                let text = format!("{}: {problem}", labels::NOT_READ);
                self.notifications.add(&notification(rules::UNREADABLE, ResultLevel::Error, &text, file.whole()))?;
            }
        }
        Ok(self.results.take())
    }

    fn around(&mut self) -> io::Result<Frame> {
        let log = Sarif::builder().version(json!(Version::V2_1_0)).schema(SCHEMA).runs(vec![self.run()]).build();
        let log = harmless(serde_json::to_string_pretty(&log)?);
        let (mut before, behind) = self.artifacts.around(&log)?;
        before.push_str(&self.artifacts.take());
        let (head, behind) = self.notifications.around(&behind)?;
        before.extend([head, self.notifications.take()]);
        let (head, mut after) = self.results.around(&behind)?;
        before.push_str(&head);
        after.push('\n');
        Ok(Frame { before, after })
    }

    /// The run, its growing lists without items.
    fn run(&mut self) -> Run {
        let (rules, taxa) = std::mem::take(&mut self.rules).finish();
        let driver = ToolComponent::builder()
            .name("entrace")
            .version(env!("CARGO_PKG_VERSION"))
            .semantic_version(env!("CARGO_PKG_VERSION"))
            .language("en")
            .rules(rules)
            .taxa(taxa)
            .notifications(rules::notifications())
            .build();
        let invocation = Invocation::builder().execution_successful(self.all_read).tool_execution_notifications(Vec::new()).build();
        Run::builder()
            .tool(Tool::builder().driver(driver).build())
            .artifacts(Vec::new())
            .invocations(vec![invocation])
            .results(Vec::new())
            .language("en")
            .build()
    }
}

impl Growing for Log {
    fn add(&mut self, capture: &CaptureReport<'_>) -> io::Result<String> {
        self.written(capture)
    }

    fn finish(&mut self) -> io::Result<Frame> {
        self.around()
    }

    fn begins_with_captures(&self) -> bool {
        false
    }
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
