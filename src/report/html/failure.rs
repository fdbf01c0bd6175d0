//! One failure: the facts for the ticket, why it failed, what to do.

use super::exchange::Exchanges;
use super::findings::{Block, Told};
use super::ticket;
use crate::analysis::Analysis;
use crate::diagnosis::{Diagnosis, RankedCause, RuledOut, UNDETERMINED, Unknown};
use crate::knowledge::{Fix, by_audience};
use crate::report::labels;
use crate::report::words::evidence::{findings, questions};
use crate::report::words::{self, audience, code, failure, handled, sentence, time};

/// How many repetitions are listed.
const REPETITIONS: usize = 10;
/// Of how many failures the evidence unfolds: what a loop repeats need not be read again.
const UNFOLDED: usize = 20;

/// One failure of a capture.
pub(super) struct FailureView<'a> {
    pub(super) anchor: String,
    pub(super) number: usize,
    pub(super) code: String,
    pub(super) tone: &'static str,
    /// How bad it is, OAuth's error, whether something handled it.
    pub(super) about: String,
    /// What happened, where that is more than the code.
    pub(super) title: Option<&'a str>,
    pub(super) facts: Vec<(&'static str, String)>,
    pub(super) ticket: String,
    /// Entry, time and correlation id of each repetition.
    pub(super) repetitions: Vec<[String; 3]>,
    pub(super) more_repetitions: usize,
    pub(super) undetermined: bool,
    /// The heading of what can be done.
    pub(super) to_do: &'static str,
    /// What usually lies behind a code of which no capture tells the cause.
    pub(super) usual: Vec<String>,
    pub(super) cause: CauseView<'a>,
    pub(super) others: Vec<CauseView<'a>>,
    /// Causes that the evidence excludes, each with what excludes it.
    pub(super) ruled_out: Vec<(&'a str, Option<Block>)>,
    pub(super) next: &'a str,
}

/// One cause.
pub(super) struct CauseView<'a> {
    pub(super) id: &'a str,
    pub(super) confidence: Option<&'static str>,
    pub(super) summary: &'a str,
    pub(super) evidence: Vec<Block>,
    /// What the capture can't tell.
    pub(super) questions: Vec<String>,
    pub(super) fixes: Vec<(&'static str, Vec<&'a str>)>,
    pub(super) references: Vec<Reference<'a>>,
}

/// Where to read more.
pub(super) struct Reference<'a> {
    pub(super) address: &'a str,
    /// Whether it may be followed.
    pub(super) link: bool,
}

impl<'a> FailureView<'a> {
    pub(super) fn new(capture: &str, analysis: &Analysis, diagnosis: &'a Diagnosis, exchanges: &Exchanges<'_>) -> Self {
        let anchor = format!("{capture}-f{}", diagnosis.id);
        let code = code(diagnosis);
        let facts = failure::fields(analysis, diagnosis);
        let again = diagnosis.occurrences.get(1..).unwrap_or_default();
        let repetitions = again.iter().take(REPETITIONS).map(|occurrence| {
            let id = occurrence.correlation_id.as_ref().map(ToString::to_string);
            [failure::entry(occurrence), occurrence.timestamp.map(time).unwrap_or_default(), id.unwrap_or_default()]
        });
        let mut told = Told::new(&anchor, Some(exchanges).filter(|_| diagnosis.id <= UNFOLDED));
        let undetermined = diagnosis.causes.first().is_some_and(|first| first.id == UNDETERMINED);
        let (cause, others) = causes(diagnosis, undetermined, &mut told);
        let excluded = |told: &mut Told<'_, '_>, cause: &'a RuledOut| (&*cause.id, told.tell("", cause.because.first()));
        Self {
            number: diagnosis.id,
            tone: if diagnosis.is_handled() { "doubtful" } else { "bad" },
            about: about(diagnosis),
            title: Some(&*diagnosis.title).filter(|title| !title.contains(&code)),
            ticket: ticket::write(analysis, diagnosis, &facts),
            facts,
            repetitions: repetitions.collect(),
            more_repetitions: again.len().saturating_sub(REPETITIONS),
            undetermined,
            to_do: labels::to_do(diagnosis.is_handled()),
            usual: diagnosis.usual.iter().map(|cause| sentence(cause)).collect(),
            cause,
            others,
            ruled_out: diagnosis.ruled_out.iter().map(|cause| excluded(&mut told, cause)).collect(),
            next: &diagnosis.next,
            code,
            anchor,
        }
    }
}

fn about(diagnosis: &Diagnosis) -> String {
    let handled = handled::aside(diagnosis);
    [diagnosis.severity.name()].into_iter().chain(diagnosis.error).chain(handled).collect::<Vec<_>>().join(" · ")
}

/// The first cause and the others. Where the capture can't tell, what it shows stands once, with the first.
fn causes<'a>(diagnosis: &'a Diagnosis, undetermined: bool, told: &mut Told<'_, '_>) -> (CauseView<'a>, Vec<CauseView<'a>>) {
    let Some((first, others)) = diagnosis.causes.split_first() else { return (CauseView::none(), Vec::new()) };
    let mut cause = CauseView::of(first);
    if undetermined {
        let shown = others.iter().flat_map(|other| other.supporting.iter().chain(&other.opposing));
        cause.evidence.extend(told.tell(labels::SHOWN, shown));
        cause.questions = questions(others.iter().flat_map(|other| &other.unknown), findings(diagnosis));
    } else {
        cause.evidence.extend(told.tell(labels::WHY, &first.supporting));
        cause.evidence.extend(told.tell(labels::AGAINST, &first.opposing));
        cause.questions = questions(&first.unknown, findings(diagnosis));
    }
    let other = |other: &'a RankedCause| {
        let mut view = CauseView::of(other);
        view.evidence.extend(told.tell(labels::FOR_IT, &other.supporting));
        view.evidence.extend(told.tell(labels::AGAINST_IT, &other.opposing));
        // What is open for the first cause too stands there.
        let open: Vec<Unknown> =
            other.unknown.iter().filter(|unknown| !undetermined && !first.unknown.contains(unknown)).cloned().collect();
        view.questions = questions(&open, findings(diagnosis));
        view
    };
    (cause, others.iter().map(other).collect())
}

impl<'a> CauseView<'a> {
    fn of(cause: &'a RankedCause) -> Self {
        let reference = |address: &'a String| Reference { address, link: address.starts_with("https://") };
        Self {
            id: &cause.id,
            confidence: words::confidence(cause),
            summary: &cause.summary,
            evidence: Vec::new(),
            questions: Vec::new(),
            fixes: fixes(&cause.fixes),
            references: cause.references.iter().map(reference).collect(),
        }
    }

    fn none() -> Self {
        Self {
            id: "",
            confidence: None,
            summary: "No cause is known.",
            evidence: Vec::new(),
            questions: Vec::new(),
            fixes: Vec::new(),
            references: Vec::new(),
        }
    }
}

/// What to do, by who can do it.
pub(super) fn fixes(fixes: &[Fix]) -> Vec<(&'static str, Vec<&str>)> {
    let fixes = by_audience(fixes);
    let of_one = fixes.chunk_by(|one, next| one.who == next.who);
    of_one.filter_map(|fixes| Some((audience(fixes.first()?.who), fixes.iter().map(|fix| fix.action.as_str()).collect()))).collect()
}
