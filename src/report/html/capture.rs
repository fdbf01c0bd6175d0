//! One capture: what it is, what it comes to, what it holds.

use super::attempts::{self, Attempts};
use super::exchange::Exchanges;
use super::failure::FailureView;
use super::picture::Picture;
use super::{anchor, tone};
use crate::analysis::{Analysis, Verdict};
use crate::report::CaptureReport;
use crate::report::labels;
use crate::report::words::verdict::{in_one_sentence, reason, recorder, told, word};
use crate::report::words::{msal_log, recording, sentence, sign_in_log};

/// How many failures the verdict tells in a sentence each.
const STORIES: usize = 5;
/// How many warnings are listed.
const WARNINGS: usize = 50;

/// One capture of the page.
pub(super) struct CaptureView<'a> {
    pub(super) anchor: String,
    pub(super) path: &'a str,
    pub(super) outcome: Outcome<'a>,
}

/// What became of it.
pub(super) enum Outcome<'a> {
    /// It was read.
    Read(Box<Shown<'a>>),
    /// It was not, and why.
    NotRead(String),
}

/// What a capture that was read comes to.
pub(super) struct Shown<'a> {
    pub(super) recorder: String,
    pub(super) tone: &'static str,
    pub(super) verdict: &'static str,
    pub(super) reason: String,
    /// Sentences, each with the anchor of its failure.
    pub(super) stories: Vec<(String, String)>,
    pub(super) more_stories: usize,
    pub(super) failures: Vec<FailureView<'a>>,
    pub(super) picture: Option<Picture>,
    /// Part, how much of it, and how that is known; empty where there was nothing to record.
    pub(super) recording: Vec<[String; 3]>,
    /// What follows from gaps, where there are any.
    pub(super) absence: Option<&'static str>,
    /// What the sign-in logs came to; empty where none was given.
    pub(super) sign_in_logs: Vec<String>,
    pub(super) msal_logs: Vec<String>,
    pub(super) attempts: Attempts,
    pub(super) warnings: Vec<(String, &'a str)>,
    pub(super) more_warnings: usize,
}

impl<'a> CaptureView<'a> {
    pub(super) fn new(at: usize, capture: &'a CaptureReport<'a>) -> Self {
        let anchor = anchor(at);
        let outcome = match &capture.outcome {
            Ok(analysis) => Outcome::Read(Box::new(Shown::new(&anchor, analysis))),
            Err(problem) => Outcome::NotRead(problem.to_string()),
        };
        Self { anchor, path: capture.path, outcome }
    }
}

impl<'a> Shown<'a> {
    fn new(anchor: &str, analysis: &'a Analysis) -> Self {
        let exchanges = Exchanges::of(analysis);
        let told = told(analysis);
        let stories =
            told.iter().take(STORIES).map(|diagnosis| (format!("{anchor}-f{}", diagnosis.id), sentence(&in_one_sentence(diagnosis))));
        let place = |entry: Option<usize>| entry.map_or_else(|| "file".to_owned(), |entry| format!("#{entry}"));
        let has_traffic = analysis.verdict != Verdict::NoEntraTraffic;
        Self {
            recorder: recorder(analysis),
            tone: tone(analysis.verdict),
            verdict: word(analysis.verdict),
            reason: reason(analysis),
            stories: stories.collect(),
            more_stories: told.len().saturating_sub(STORIES),
            failures: analysis.diagnoses.iter().map(|diagnosis| FailureView::new(anchor, analysis, diagnosis, &exchanges)).collect(),
            picture: Picture::draw(anchor, analysis),
            recording: if has_traffic { recording::rows(&analysis.recording) } else { Vec::new() },
            absence: (has_traffic && recording::is_incomplete(&analysis.recording)).then_some(labels::ABSENCE),
            msal_logs: analysis.msal_log.as_ref().map(msal_log::summary).unwrap_or_default().iter().map(ToString::to_string).collect(),
            sign_in_logs: analysis
                .sign_in_log
                .as_ref()
                .map(sign_in_log::summary)
                .unwrap_or_default()
                .iter()
                .map(ToString::to_string)
                .collect(),
            attempts: attempts::group(&analysis.attempts),
            warnings: analysis.warnings.iter().take(WARNINGS).map(|warning| (place(warning.entry), &*warning.message)).collect(),
            more_warnings: analysis.warnings.len().saturating_sub(WARNINGS),
        }
    }
}
