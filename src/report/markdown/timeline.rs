//! The sign-in traffic step by step: a table for each attempt.

use super::document::Document;
use super::escape::{code, prose};
use super::evidence::in_words;
use super::failure::application;
use super::{made, overview, recorder, write_verdict};
use crate::analysis::{Analysis, AttemptSummary, StepSummary, Verdict};
use crate::diagnosis::Diagnosis;
use crate::report::timeline::{Again, AttemptsAgain, Chapter, Row, Timeline};
use crate::report::words::verdict::traffic;
use crate::report::words::{self, sentence, step as say};
use crate::report::{CaptureReport, Frame, Growing, labels};
use std::io;

/// The heads of the columns.
const HEAD: [&str; 6] = ["Time", "Entry", "Who asks whom", "What for", "What came back", "Cookies"];

/// The timelines of captures as they grow.
#[derive(Default)]
pub struct Timelines {
    begun: bool,
}

impl Growing for Timelines {
    fn add(&mut self, capture: &CaptureReport<'_>) -> io::Result<String> {
        let mut document = Document::default();
        document.heading(1, &format!("Sign-in timeline: {}", code(capture.path)));
        match &capture.outcome {
            Ok(analysis) => write_capture(&mut document, analysis),
            Err(problem) => document.block(&format!("**{}:** {}", labels::NOT_READ, prose(&problem.to_string()))),
        }
        let before = if self.begun { "\n" } else { "" };
        self.begun = true;
        Ok(format!("{before}{}", document.finish()))
    }

    fn finish(&mut self) -> io::Result<Frame> {
        Ok(Frame { after: made(), ..Frame::default() })
    }
}

fn write_capture(document: &mut Document, analysis: &Analysis) {
    write_verdict(document, analysis);
    document.block(&format!("{} · {}", recorder(analysis), prose(&traffic(analysis))));
    if analysis.verdict != Verdict::NoEntraTraffic {
        overview::write_recording(document, &analysis.recording);
    }
    let missing: Vec<String> =
        say::missing(analysis).into_iter().map(|(part, entries)| format!("{}: {}", prose(part), in_words(&entries))).collect();
    if !missing.is_empty() {
        document.label(say::MISSING);
        document.list(&missing);
    }
    let timeline = Timeline::of(analysis);
    if timeline.steps().any(|step| step.label.is_some()) {
        document.block(&prose(say::LABELLED));
    }
    for chapter in &timeline.chapters {
        match chapter {
            Chapter::Steps(attempt, rows) => {
                document.heading(2, &prose(&say::heading(*attempt)));
                if let Some(attempt) = attempt {
                    document.block(&about(analysis, attempt));
                }
                document.table(HEAD, rows.iter().map(|row| cells(analysis, row)));
            }
            Chapter::Again(again) => document.block(&attempts_again(again)),
        }
    }
    overview::write_warnings(document, &analysis.warnings);
    if !analysis.diagnoses.is_empty() {
        document.block(&prose(say::WHY));
    }
}

/// Application, tenant and time of an attempt.
fn about(analysis: &Analysis, attempt: &AttemptSummary) -> String {
    let application = application(attempt.client.as_deref(), attempt.client_id.as_deref());
    let tenant = attempt.tenant.as_deref().map(|tenant| format!(" at {}", code(tenant))).unwrap_or_default();
    let who = format!("{}{tenant}", application.unwrap_or_else(|| prose(words::NOT_NAMED)));
    let span = say::span(analysis, attempt).map(|span| format!(" · {}", prose(&span)));
    format!("{who}{}", span.unwrap_or_default())
}

fn cells(analysis: &Analysis, row: &Row<'_>) -> [String; 6] {
    let note = |text: &str| ["…".to_owned(), String::new(), String::new(), String::new(), prose(text), String::new()];
    match row {
        Row::Gap(gap) => note(&say::gap(*gap)),
        Row::Again(again) => {
            let mut cells = note(&steps_again(again));
            cells[1] = in_words(&again.entries);
            cells
        }
        Row::Step(step) => step_cells(analysis, step),
    }
}

fn step_cells(analysis: &Analysis, step: &StepSummary) -> [String; 6] {
    let label = step.label.as_ref().map(|label| format!(" ({})", prose(label))).unwrap_or_default();
    let what = format!("{}, {}", prose(&step.what), code(&say::request(step)));
    [
        step.since_begin_ms.map(say::offset).or_else(|| step.started.map(say::clock)).unwrap_or_default(),
        format!("{}{label}", step.entry),
        prose(&say::who(step)),
        what,
        answer(analysis, step),
        say::cookies_told(step).iter().map(|cookies| code(cookies)).collect::<Vec<_>>().join(", "),
    ]
}

/// What came back, and what failed.
fn answer(analysis: &Analysis, step: &StepSummary) -> String {
    let mut text = prose(&say::answer(step, |entry| format!("entry {entry}")));
    text.extend(say::failures(analysis, step).into_iter().map(failure));
    text
}

fn failure(diagnosis: &Diagnosis) -> String {
    format!(" **✗ {}**", prose(&say::failure(diagnosis)))
}

fn steps_again(again: &Again) -> String {
    let what = if again.each == 1 { "the step above".to_owned() } else { format!("the {} steps above", again.each) };
    format!("{what} {}", say::again(again))
}

fn attempts_again(attempts: &AttemptsAgain) -> String {
    let again = &attempts.again;
    let text = format!("{}: like {}, {}", say::attempts(&attempts.ids), say::attempts(&attempts.like).to_lowercase(), say::again(again));
    prose(&sentence(&format!("{text} ({})", in_words(&again.entries))))
}
