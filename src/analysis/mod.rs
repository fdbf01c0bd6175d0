//! The whole in one call: [`analyze`], the library's front door.
//!
//! What a capture comes to, and the sign-in told step by step:
//!
//! ```
//! use entrace::analysis::Verdict;
//! use entrace::{Capture, Knowledge, analyze};
//!
//! let capture = Capture::open("fixtures/third-party-cookies-blocked.v4.devtools-full.har".as_ref())?;
//! let analysis = analyze(&capture, &Knowledge::builtin());
//! assert_eq!(analysis.verdict, Verdict::Failing);
//! for attempt in &analysis.attempts {
//!     println!("attempt {}: {}, {}", attempt.id, attempt.kind, attempt.outcome);
//!     for step in analysis.steps.iter().filter(|step| step.attempt == Some(attempt.id)) {
//!         println!("  +{} ms  {} -> {}", step.since_begin_ms.unwrap_or_default(), step.what, step.answer.what);
//!     }
//! }
//! # Ok::<(), entrace::capture::CaptureError>(())
//! ```

mod log_alone;
mod msal_log;
mod sign_in_log;
mod steps;
mod tally;
mod verdict;

pub use msal_log::{MsalLogSummary, UnmatchedError};
pub use sign_in_log::SignInLogSummary;
pub use steps::{Answer, Asker, GAP_MS, Gap, Missing, MissingPart, Party, Span, StepSummary};
pub use tally::Tally;
pub use verdict::{Inconclusive, Verdict};

use crate::capture::{Capture, Format, Warning};
use crate::checks::{Beside, Expectation};
use crate::diagnosis::{self, Diagnosis};
use crate::entra::{Endpoint, Handover, Recording, Step, Traffic, shown_recorder};
use crate::knowledge::Knowledge;
use crate::signin::{Kind, Outcome, SignIns};
use std::collections::HashSet;

/// What a capture comes to. Immutable; every report is a function of it.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Analysis {
    /// What kind of file the capture is.
    pub format: Format,
    /// Who wrote the file, as it says.
    pub creator: Option<String>,
    /// Whether an earlier redaction made the file: then its values are stand-ins, and what only the first recorder
    /// knew is told as that redaction reported it.
    pub redacted: bool,
    /// How many entries the file has, bad ones included.
    pub entries: usize,
    /// How many of them are sign-in traffic.
    pub sign_in_exchanges: usize,
    /// What the capture can show.
    pub recording: Recording,
    /// All in one word.
    pub verdict: Verdict,
    /// What was lost in reading.
    pub warnings: Vec<Warning>,
    /// Every attempt to sign in or to get a token.
    pub attempts: Vec<AttemptSummary>,
    /// The entries of calls to which an API answered that a permission is missing, where that may be what the application expected
    /// and the same call did not work later: no failures.
    pub permission_denied: Vec<usize>,
    /// The sign-in traffic, step by step, in the order of time.
    pub steps: Vec<StepSummary>,
    /// Every failure with its causes, triggers before their echoes.
    pub diagnoses: Vec<Diagnosis>,
    /// What became of the sign-in logs, where any was given.
    pub sign_in_log: Option<SignInLogSummary>,
    /// What became of the logs of MSAL, where any was given beside the capture.
    pub msal_log: Option<MsalLogSummary>,
}

impl Analysis {
    /// The attempt with an id.
    pub fn attempt(&self, id: usize) -> Option<&AttemptSummary> {
        // They are numbered in their order, from 1.
        self.attempts.get(id.checked_sub(1)?).filter(|attempt| attempt.id == id)
    }

    /// The diagnosis with an id.
    pub fn diagnosis(&self, id: usize) -> Option<&Diagnosis> {
        // They are numbered in their order, from 1.
        self.diagnoses.get(id.checked_sub(1)?).filter(|diagnosis| diagnosis.id == id)
    }
}

/// One attempt, as reports list it.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct AttemptSummary {
    /// From 1, in the order of time.
    pub id: usize,
    /// How it was made.
    pub kind: Kind,
    /// Whether the capture tells which window it was made in: of what is silent and does not tell, a frame is only most likely.
    pub(crate) tells_window: bool,
    /// Whether a token request tells what it turns in, where it began the attempt: its body may be lost.
    pub(crate) tells_grant: bool,
    /// Whether it came no further than to the service's metadata, with which libraries begin.
    pub(crate) is_metadata: bool,
    /// The tenant that the beginning request named.
    pub tenant: Option<String>,
    /// The application that the beginning request named.
    pub client_id: Option<String>,
    /// Its name, if it is a well-known one.
    pub client: Option<String>,
    /// How it ended.
    pub outcome: Outcome,
    /// Whether the service let the person in, whatever came of that: the application was handed a code or token.
    pub(crate) let_in: bool,
    /// When it happened; `None` where no step of it has a time.
    pub span: Option<Span>,
    /// Its entries, counted from 0, in the order of time.
    pub entries: Vec<usize>,
}

/// Whether a reply of the service gives an application what it asked for.
fn hands_over(step: &Step<'_>) -> bool {
    step.is_sign_in() && step.reply.handover.as_ref().is_some_and(Handover::serves_application)
}

/// Analyses a capture. What it does not tell is said in the analysis; there is no error.
#[must_use]
pub fn analyze(capture: &Capture, knowledge: &Knowledge) -> Analysis {
    analyze_expecting(capture, knowledge, &Expectation::default())
}

/// Analyses a capture against what the user expects to see in it.
#[must_use]
pub fn analyze_expecting(capture: &Capture, knowledge: &Knowledge, expectation: &Expectation) -> Analysis {
    analyze_beside(capture, knowledge, &Beside { expectation: expectation.clone(), ..Beside::default() })
}

/// Analyses a capture with what the user gives beside it: sign-in logs, logs of MSAL, what should be seen in it.
#[must_use]
pub fn analyze_beside(capture: &Capture, knowledge: &Knowledge, beside: &Beside) -> Analysis {
    if let Some(text) = &capture.library_log {
        return log_alone::analyze(capture, text.raw(), knowledge, beside);
    }
    let traffic = Traffic::read(capture);
    let sign_ins = SignIns::stitch(&traffic);
    let diagnoses = diagnosis::diagnose(&traffic, &sign_ins, knowledge, beside);
    let sign_in_exchanges = traffic.sign_in_exchanges();
    let steps = steps::read(&traffic, &sign_ins, &diagnoses);
    // What the timeline leaves out, as the pictures of another identity provider, is none of the attempt's here either.
    let told: HashSet<usize> = steps.iter().map(|step| step.entry).collect();
    let spans = steps::spans(&steps, sign_ins.attempts.len());
    let attempts = sign_ins
        .attempts
        .iter()
        .zip(spans)
        .map(|(attempt, span)| AttemptSummary {
            id: attempt.id,
            kind: attempt.kind,
            tells_window: attempt.kind != Kind::SilentIframe || attempt.begin(&traffic).is_some_and(Step::tells_window),
            tells_grant: attempt.begin(&traffic).is_some_and(|step| step.endpoint != Endpoint::Token || step.grant().is_some()),
            is_metadata: attempt.steps(&traffic).all(|step| step.endpoint == Endpoint::Metadata),
            tenant: attempt.tenant.as_ref().map(|tenant| tenant.shown().to_owned()),
            client_id: attempt.client.as_ref().map(|client| client.shown().to_owned()),
            client: attempt.client.as_ref().and_then(|client| knowledge.app(client.guid()?)).map(str::to_owned),
            outcome: attempt.outcome,
            let_in: attempt.steps(&traffic).any(hands_over),
            span,
            entries: attempt.steps(&traffic).map(|step| step.entry).filter(|entry| told.contains(entry)).collect(),
        })
        .collect();
    Analysis {
        format: capture.format,
        creator: capture.creator.as_deref().map(shown_recorder),
        redacted: capture.redacted,
        entries: capture.entries,
        sign_in_exchanges,
        recording: traffic.recording.clone(),
        verdict: Verdict::of(&diagnoses, &sign_ins, &traffic),
        warnings: capture.warnings.clone(),
        attempts,
        permission_denied: sign_ins.permission_denied.clone(),
        steps,
        sign_in_log: sign_in_log::summarize(&beside.sign_in_logs, &traffic, &sign_ins, &diagnoses),
        msal_log: msal_log::summarize(&beside.msal_logs, &diagnoses),
        diagnoses,
    }
}
