//! Where a working sign-in and a failing one part, in terms of the protocol: [`compare`].
//!
//! Each failure of the one capture is put beside the attempt of the other that is most like it (`pairing`). Their steps
//! are laid side by side (`align`) and compared part by part (`wire`) up to the step that fails. Every check looks at
//! both (`claims`): a claim that the failure's cause rests on, and that is otherwise in the working capture, is what
//! explains the failure (`explanation`). What always differs (state, nonce, code, ids, times) is no difference; browsers,
//! libraries and recorders are `context`.
//!
//! ```
//! use entrace::compare::{Outcome, compare};
//! use entrace::{Capture, Knowledge};
//!
//! let working = Capture::open("fixtures/pairs/cookies.working.har".as_ref())?;
//! let failing = Capture::open("fixtures/pairs/cookies.failing.har".as_ref())?;
//! let comparison = compare(&working, &failing, &Knowledge::builtin());
//! assert_eq!(comparison.outcome, Outcome::Explained);
//! # Ok::<(), entrace::capture::CaptureError>(())
//! ```

mod account;
mod align;
mod claims;
mod context;
mod difference;
mod explanation;
mod hidden;
mod pairing;
mod side;
mod wire;

pub use difference::{Aspect, Difference, Role};
pub use explanation::{Basis, Explanation};

use crate::analysis::Analysis;
use crate::capture::Capture;
use crate::diagnosis::Diagnosis;
use crate::knowledge::Knowledge;
use align::Rows;
use claims::Both;
use explanation::Case;
use pairing::{Counterpart, End};
use side::Side;
use std::fmt;

/// How many failures are compared; further ones are only counted.
const FAILURES: usize = 25;

/// A working capture and a failing one, side by side.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Comparison {
    /// What the working capture comes to.
    pub working: Analysis,
    /// What the failing capture comes to.
    pub failing: Analysis,
    /// All in one word.
    pub outcome: Outcome,
    /// Each failure beside the attempt that is most like it; the one that explains the failure comes first.
    pub pairs: Vec<Pair>,
    /// Failures, by the ids of their diagnoses, that have nothing like them in the working capture.
    pub alone: Vec<usize>,
    /// How many failures were not compared, there being too many.
    pub not_compared: usize,
    /// Browsers, libraries and recorders, as far as they differ.
    pub context: Vec<Difference>,
}

/// What a comparison comes to.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Outcome {
    /// A difference explains a failure.
    Explained,
    /// There are differences, and none explains a failure.
    NotExplained,
    /// Both captures fail in the same way.
    SameFailure,
    /// The working capture fails too, in another way.
    BothFail,
    /// Nothing fails in the failing capture.
    NothingFails,
    /// The captures have no sign-in of the same kind in common.
    Unrelated,
}

/// A failure beside its counterpart.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Pair {
    /// The id of the attempt in the working capture.
    pub working: usize,
    /// The id of the attempt in the failing capture.
    pub failing: usize,
    /// The id of the diagnosis in the failing capture.
    pub diagnosis: usize,
    /// Whether the working capture's attempt fails in the same way.
    pub is_same_failure: bool,
    /// The id of the diagnosis of the working capture, where its attempt fails too: then it explains nothing, but that a
    /// sign-in follows there.
    pub working_fails: Option<usize>,
    /// Whether that is the very failure of the failing capture, recorded twice.
    pub is_same_event: bool,
    /// Why the attempt of the working capture can explain nothing, although it does not fail.
    pub no_lesson: Option<NoLesson>,
    /// Whether one of the captures hides the application, so that only where the replies go tells that it is the same.
    pub is_application_hidden: bool,
    /// The first step at which the two part.
    pub parted: Option<Parting>,
    /// What explains the failure.
    pub explains: Option<Explanation>,
    /// What differs up to the failing step, what explains the failure first.
    pub differences: Vec<Difference>,
    /// What one of the recorders could not show, so that it may differ or not.
    pub unknown: Vec<NotShown>,
}

/// Why an attempt that does not fail explains no failure.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum NoLesson {
    /// The capture does not show that it works.
    EndNotShown,
    /// It may show pages, as the one that failed may not, and in the failing capture such an attempt works too: it is another
    /// question, to which both captures know the answer.
    MayShowPages {
        /// The id of that attempt of the failing capture.
        works_too: usize,
    },
}

impl NoLesson {
    /// The word in reports.
    pub fn name(self) -> &'static str {
        match self {
            Self::EndNotShown => "end-not-shown",
            Self::MayShowPages { .. } => "may-show-pages",
        }
    }
}

/// The first step at which two attempts part.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Parting {
    /// What was asked for, in the words of the protocol: `authorize, prompt=none`.
    pub step: String,
    /// Its entry in the working capture; `None` where it has no such step.
    pub working: Option<usize>,
    /// Its entry in the failing capture; `None` where it has no such step.
    pub failing: Option<usize>,
}

/// Something of which one capture or both say nothing.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct NotShown {
    /// What it is about: `the cookies that were sent`.
    pub what: String,
    /// The steps at which, in the words of the protocol; empty for what is not about one step.
    pub steps: Vec<String>,
    /// Why the working capture does not show it, if it does not.
    pub working: Option<String>,
    /// Why the failing capture does not show it, if it does not.
    pub failing: Option<String>,
}

impl Outcome {
    /// The word in reports.
    pub fn name(self) -> &'static str {
        match self {
            Self::Explained => "explained",
            Self::NotExplained => "not-explained",
            Self::SameFailure => "same-failure",
            Self::BothFail => "both-fail",
            Self::NothingFails => "nothing-fails",
            Self::Unrelated => "unrelated",
        }
    }
}

impl fmt::Display for Outcome {
    /// The word in reports.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.name())
    }
}

/// Compares a capture in which a sign-in works with one in which it fails.
#[must_use]
pub fn compare(working: &Capture, failing: &Capture, knowledge: &Knowledge) -> Comparison {
    let (working, failing) = (Side::of(working, knowledge), Side::of(failing, knowledge));
    let (mut pairs, mut alone) = (Vec::new(), Vec::new());
    for diagnosis in failing.analysis.diagnoses.iter().take(FAILURES) {
        let counterpart = pairing::counterpart(&working, &failing, diagnosis, knowledge);
        match counterpart.and_then(|counterpart| pair(&working, &failing, diagnosis, &counterpart, knowledge)) {
            Some(pair) => pairs.push(pair),
            None => alone.push(diagnosis.id),
        }
    }
    let handled = |pair: &Pair| failing.diagnosis(pair.diagnosis).is_some_and(|diagnosis| diagnosis.is_handled());
    pairs.sort_by_key(|pair| (pair.explains.is_none(), handled(pair), pair.diagnosis));
    Comparison {
        outcome: outcome(&failing.analysis, &pairs),
        not_compared: failing.analysis.diagnoses.len().saturating_sub(FAILURES),
        context: context::differences(&working, &failing),
        working: working.analysis,
        failing: failing.analysis,
        pairs,
        alone,
    }
}

fn outcome(failing: &Analysis, pairs: &[Pair]) -> Outcome {
    match () {
        () if failing.diagnoses.is_empty() => Outcome::NothingFails,
        () if pairs.is_empty() => Outcome::Unrelated,
        () if pairs.iter().any(|pair| pair.explains.is_some()) => Outcome::Explained,
        () if pairs.iter().all(|pair| pair.is_same_failure) => Outcome::SameFailure,
        () if pairs.iter().all(|pair| pair.working_fails.is_some()) => Outcome::BothFail,
        () => Outcome::NotExplained,
    }
}

fn pair(
    working: &Side<'_>,
    failing: &Side<'_>,
    diagnosis: &Diagnosis,
    counterpart: &Counterpart<'_>,
    knowledge: &Knowledge,
) -> Option<Pair> {
    let rows = Rows::of(working, counterpart.working, failing, counterpart.compared(), counterpart.event.step);
    let mut wire = wire::compare(&rows, working, failing);
    let claims = Both::observe(working, failing, counterpart, &rows)?;
    wire.compare_accounts(&claims.whose);
    let (is_same_failure, working_fails) = match counterpart.end {
        End::Works | End::WorksOnPages(_) | End::NotShown => (false, None),
        End::FailsSo { diagnosis, .. } => (true, Some(diagnosis.id)),
        End::Fails(diagnosis) => (false, Some(diagnosis.id)),
    };
    let no_lesson = match counterpart.end {
        End::NotShown => Some(NoLesson::EndNotShown),
        End::WorksOnPages(works_too) => Some(NoLesson::MayShowPages { works_too }),
        End::Works | End::FailsSo { .. } | End::Fails(_) => None,
    };
    let case = Case { knowledge, diagnosis, counterpart, working, failing, rows: &rows, wire: &wire, claims: &claims };
    let explains = match counterpart.end {
        End::Works => case.explanation(),
        End::FailsSo { followed_by, .. } => followed_by.and_then(|attempt| case.of_what_follows(attempt)),
        End::WorksOnPages(_) | End::NotShown | End::Fails(_) => None,
    };
    let mut differences = wire.differences;
    let mut unknown = wire.unknown;
    let failed_at = failing.step(counterpart.event.step).map(|step| step.entry);
    explanation::put_in_order(&mut differences, diagnosis, explains.as_ref(), failed_at);
    claims.add_unknown(diagnosis, explains.as_ref().and_then(|explains| explains.check), &mut unknown);
    Some(Pair {
        working: counterpart.working.id,
        failing: counterpart.failing.id,
        diagnosis: diagnosis.id,
        is_same_failure,
        working_fails,
        is_same_event: matches!(counterpart.end, End::FailsSo { is_same_event: true, .. }),
        no_lesson,
        is_application_hidden: counterpart.is_application_hidden,
        parted: wire.parted,
        explains,
        differences,
        unknown,
    })
}
