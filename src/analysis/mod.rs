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

mod msal_log;
mod sign_in_log;
mod steps;
mod tally;

pub use msal_log::{MsalLogSummary, UnmatchedError};
pub use sign_in_log::SignInLogSummary;
pub use steps::{Answer, Asker, GAP_MS, Gap, Missing, MissingPart, Party, Span, StepSummary};
pub use tally::Tally;

use crate::capture::{Capture, Warning};
use crate::checks::{Beside, Expectation};
use crate::diagnosis::{self, Diagnosis};
use crate::entra::{Endpoint, Recording, Step, Traffic, shown_recorder};
use crate::knowledge::Knowledge;
use crate::signin::{Kind, Outcome, SignIns};
use std::fmt;

/// What a capture comes to. Immutable; every report is a function of it.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Analysis {
    /// The format of the capture (`har`).
    pub format: String,
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
    /// Why the capture does not tell, where the verdict is `inconclusive`.
    pub inconclusive: Option<&'static str>,
    /// What was lost in reading.
    pub warnings: Vec<Warning>,
    /// Every attempt to sign in or to get a token.
    pub attempts: Vec<AttemptSummary>,
    /// The sign-in traffic, step by step, in the order of time.
    pub steps: Vec<StepSummary>,
    /// Every failure with its causes, triggers before their echoes.
    pub diagnoses: Vec<Diagnosis>,
    /// What became of the sign-in logs, where any was given.
    pub sign_in_log: Option<SignInLogSummary>,
    /// What became of the logs of MSAL, where any was given beside the capture.
    pub msal_log: Option<MsalLogSummary>,
}

/// All in one word.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Verdict {
    /// At least one failure that nothing handled.
    Failing,
    /// Failures, all handled.
    Handled,
    /// At least one success, no failure.
    Healthy,
    /// Sign-in traffic whose outcome the capture does not show.
    Inconclusive,
    /// No sign-in traffic.
    NoEntraTraffic,
}

impl Analysis {
    /// The diagnosis with an id.
    pub fn diagnosis(&self, id: usize) -> Option<&Diagnosis> {
        // They are numbered in their order, from 1.
        self.diagnoses.get(id.checked_sub(1)?).filter(|diagnosis| diagnosis.id == id)
    }
}

impl Verdict {
    /// The word in reports.
    pub fn name(self) -> &'static str {
        match self {
            Self::Failing => "failing",
            Self::Handled => "handled",
            Self::Healthy => "healthy",
            Self::Inconclusive => "inconclusive",
            Self::NoEntraTraffic => "no-entra-traffic",
        }
    }
}

impl fmt::Display for Verdict {
    /// The word in reports.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.name())
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
    /// The tenant that the beginning request named.
    pub tenant: Option<String>,
    /// The application that the beginning request named.
    pub client_id: Option<String>,
    /// Its name, if it is a well-known one.
    pub client: Option<String>,
    /// How it ended.
    pub outcome: Outcome,
    /// When it happened; `None` where no step of it has a time.
    pub span: Option<Span>,
    /// Its entries, counted from 0, in the order of time.
    pub entries: Vec<usize>,
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
        return msal_log::analyze_alone(capture, text.raw(), knowledge);
    }
    let traffic = Traffic::read(capture);
    let sign_ins = SignIns::stitch(&traffic);
    let diagnoses = diagnosis::diagnose(&traffic, &sign_ins, knowledge, beside);
    let sign_in_exchanges = traffic.sign_in_exchanges();
    let (verdict, inconclusive) = verdict(&diagnoses, &sign_ins, &traffic);
    let steps = steps::read(&traffic, &sign_ins, &diagnoses);
    let spans = steps::spans(&steps, sign_ins.attempts.len());
    let attempts = sign_ins
        .attempts
        .iter()
        .zip(spans)
        .map(|(attempt, span)| AttemptSummary {
            id: attempt.id,
            kind: attempt.kind,
            tenant: attempt.tenant.as_ref().map(|tenant| tenant.shown().to_owned()),
            client_id: attempt.client.clone(),
            client: attempt.client.as_deref().and_then(|id| knowledge.app(id)).map(str::to_owned),
            outcome: attempt.outcome,
            span,
            entries: attempt.steps(&traffic).map(|step| step.entry).collect(),
        })
        .collect();
    Analysis {
        format: capture.format.to_string(),
        creator: capture.creator.as_deref().map(shown_recorder),
        redacted: capture.redacted,
        entries: capture.entries,
        sign_in_exchanges,
        recording: traffic.recording.clone(),
        verdict,
        inconclusive,
        warnings: capture.warnings.clone(),
        attempts,
        steps,
        sign_in_log: sign_in_log::summarize(&beside.sign_in_logs, &traffic, &sign_ins, &diagnoses),
        msal_log: msal_log::summarize(&beside.msal_logs, &diagnoses),
        diagnoses,
    }
}

/// A capture of which the end is lost, and with it how a sign-in went.
const BROKEN_OFF: &str =
    "The file breaks off while a sign-in is under way, so it cannot tell whether that one failed. Export it again, or send the whole file.";

/// A capture of which the end is lost, and in what is left nothing failed.
const BROKEN_OFF_BEFORE: &str =
    "The file breaks off: nothing failed up to there, and what came after is not in it. Export it again, or send the whole file.";

/// A proxy's capture without decryption.
const TUNNELS: &str = "The recorder saw only closed tunnels to the sign-in service: HTTPS was not decrypted. Turn it on (in Fiddler: Tools > Options > HTTPS > Decrypt HTTPS traffic; in Charles: Proxy > SSL Proxying Settings), then record again.";

/// A popup window with a page that nobody answered.
const POPUP_LEFT: &str = "A sign-in page was shown in a popup window, and nobody answered it before the capture ended: the person may have closed the window (MSAL then \
                          says user_cancelled). Keep recording until the sign-in has failed or worked, and record the window's own traffic too.";

fn verdict(diagnoses: &[Diagnosis], sign_ins: &SignIns, traffic: &Traffic<'_>) -> (Verdict, Option<&'static str>) {
    if diagnoses.iter().any(|diagnosis| !diagnosis.handled) {
        return (Verdict::Failing, None);
    }
    if !diagnoses.is_empty() {
        return (Verdict::Handled, None);
    }
    if sign_ins.attempts.is_empty() && traffic.has_closed_tunnels() {
        return (Verdict::Inconclusive, Some(TUNNELS));
    }
    let any = |outcome: Outcome| sign_ins.attempts.iter().any(|attempt| attempt.outcome == outcome);
    let broken_off = traffic.capture.warnings.iter().any(Warning::ends_the_reading);
    if broken_off {
        let under_way = any(Outcome::Unknown) || any(Outcome::Abandoned);
        return (Verdict::Inconclusive, Some(if under_way { BROKEN_OFF } else { BROKEN_OFF_BEFORE }));
    }
    let receives = |step: &Step<'_>| step.endpoint == Endpoint::AppCallback && step.receives_reply_of_entra();
    if traffic.sign_in_exchanges() == 0 && sign_ins.attempts.is_empty() && !traffic.steps.iter().any(receives) {
        return (Verdict::NoEntraTraffic, None);
    }
    if any(Outcome::Succeeded) {
        return (Verdict::Healthy, None);
    }
    let why = if sign_ins.attempts.is_empty() {
        "The capture has traffic of the sign-in service but no request that begins a sign-in. Record from before the sign-in begins, with Preserve log on."
    } else if sign_ins.attempts.iter().any(|attempt| attempt.outcome == Outcome::Abandoned && attempt.kind == Kind::Popup) {
        POPUP_LEFT
    } else if any(Outcome::Abandoned) {
        "A sign-in page was shown and nobody answered it before the capture ended. Keep recording until the sign-in has failed or worked."
    } else {
        "The capture ends before the sign-in does. Keep recording until the sign-in has failed or worked."
    };
    (Verdict::Inconclusive, Some(why))
}
