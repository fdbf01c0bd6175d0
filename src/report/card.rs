//! A card: what a page says of a capture before its whole report is opened.

use super::CaptureReport;
use super::html::{BAD, ticket, tone};
use super::words::verdict::{NOT_READ, cause_in_words, reason, recorder, told, word};
use super::words::{audience, confidence, printable, sentence};
use crate::analysis::Analysis;
use crate::diagnosis::Diagnosis;
use serde::Serialize;

/// How many failures a card tells.
const FAILURES: usize = 5;

/// What a page says of one capture.
#[derive(Clone, Debug, Serialize)]
pub(crate) struct Card {
    /// The capture, as reports name it.
    path: String,
    /// `good`, `bad` or `doubtful`.
    tone: &'static str,
    /// The verdict in a word or two.
    verdict: &'static str,
    /// What the verdict rests on, or why the capture could not be read.
    reason: String,
    /// What wrote the file, where it could be read.
    recorder: Option<String>,
    /// The failures that make the verdict what it is.
    failures: Vec<Failure>,
    /// How many more there are.
    more: usize,
}

/// One failure of it.
#[derive(Clone, Debug, Serialize)]
struct Failure {
    /// None where the service gave none.
    code: Option<String>,
    title: String,
    /// The cause's id.
    cause: String,
    /// The cause and how sure it is, in a sentence; where the capture does not tell it, what it may be.
    told: String,
    confidence: Option<&'static str>,
    summary: String,
    /// What can be done, in order, by who can do it.
    fixes: Vec<Fix>,
    /// What to record or check to be surer.
    next: String,
    /// The facts as plain text, to be pasted into a ticket.
    ticket: String,
}

/// What somebody can do.
#[derive(Clone, Debug, Serialize)]
struct Fix {
    who: &'static str,
    action: String,
}

impl Card {
    /// What a capture came to.
    pub(crate) fn of(capture: &CaptureReport<'_>) -> Self {
        let path = printable(capture.path);
        match &capture.outcome {
            Ok(analysis) => Self::read(path, analysis),
            Err(problem) => Self::not_read(path, &problem.to_string()),
        }
    }

    fn read(path: String, analysis: &Analysis) -> Self {
        let told = told(analysis);
        Self {
            path,
            tone: tone(analysis.verdict),
            verdict: word(analysis.verdict),
            reason: printable(&reason(analysis)),
            recorder: Some(printable(&recorder(analysis))),
            more: told.len().saturating_sub(FAILURES),
            failures: told.into_iter().take(FAILURES).map(|diagnosis| Failure::of(analysis, diagnosis)).collect(),
        }
    }

    fn not_read(path: String, problem: &str) -> Self {
        Self { path, tone: BAD, verdict: NOT_READ, reason: printable(problem), recorder: None, failures: Vec::new(), more: 0 }
    }
}

impl Failure {
    fn of(analysis: &Analysis, diagnosis: &Diagnosis) -> Self {
        let cause = diagnosis.causes.first();
        let fixes = cause.map(|cause| cause.fixes.as_slice()).unwrap_or_default();
        Self {
            code: diagnosis.code.map(|code| code.to_string()),
            title: printable(&diagnosis.title),
            cause: cause.map(|cause| printable(&cause.id)).unwrap_or_default(),
            told: printable(&sentence(&cause_in_words(diagnosis))),
            confidence: cause.and_then(confidence),
            summary: cause.map(|cause| printable(&cause.summary)).unwrap_or_default(),
            fixes: fixes.iter().map(|fix| Fix { who: audience(fix.who), action: printable(&fix.action) }).collect(),
            next: printable(&diagnosis.next),
            ticket: ticket(analysis, diagnosis),
        }
    }
}
