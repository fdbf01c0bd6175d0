//! One case: the row it comes from, a capture, and what has to be said of it.

use crate::support::CaptureBuilder;
use entrace::analysis::{Analysis, Verdict, analyze};
use entrace::diagnosis::{Confidence, Diagnosis, RankedCause, UNDETERMINED};
use entrace::{Capture, Knowledge, checks};
use std::sync::OnceLock;

/// One case.
pub(crate) struct Case {
    /// The row of the collection.
    pub(crate) row: u8,
    /// What happened.
    pub(crate) when: &'static str,
    capture: CaptureBuilder,
    /// The failure that the expectations from here on are about.
    about: &'static str,
    expected: Vec<(&'static str, Expected)>,
}

enum Expected {
    /// The cause comes first, at least this sure.
    First(&'static str, Confidence),
    /// The cause is the first of the candidates, and not certain.
    Leads(&'static str),
    /// No cause is certain.
    Unsure,
    /// The cause is one of the candidates.
    Lists(&'static str),
    /// The cause is not the first, or only possible.
    Despite(&'static str),
    /// The cause is no candidate, or ruled out.
    DoesNotList(&'static str),
    /// The first cause stands on this claim.
    Says(&'static str),
    /// No fix of the first cause has these words.
    KeepsQuietOf(&'static str),
    /// The first candidate stands on this claim.
    SaysOfCandidate(&'static str),
    /// A fix of the first candidate has these words.
    CandidateAdvises(&'static str),
    /// A fix of the first cause has these words.
    Advises(&'static str),
    /// The advice on what to record next is that of this claim, or has these words.
    SettledBy(&'static [&'static str]),
    /// This code stands beside it.
    Also(&'static str),
    /// It was led to by this failure.
    LedToBy(&'static str),
    /// It happened so many times.
    Times(usize),
    /// The application went on by itself.
    Handled,
    /// It stands at the end: nothing came of it.
    Unhandled,
    /// No other failure led to it.
    LedToByNothing,
    /// Nothing is said of this failure.
    Untold,
    /// The verdict on the capture.
    Verdict(Verdict),
}

/// A case of a row.
pub(crate) fn case(row: u8, when: &'static str, capture: CaptureBuilder) -> Case {
    Case { row, when, capture, about: "", expected: Vec::new() }
}

impl Case {
    fn expect(mut self, what: &'static str, expected: Expected) -> Self {
        self.about = what;
        self.expected.push((what, expected));
        self
    }

    fn also_expect(self, expected: Expected) -> Self {
        let about = self.about;
        self.expect(about, expected)
    }

    /// The cause of a failure comes first, at least this sure.
    pub(crate) fn finds(self, what: &'static str, cause: &'static str, at_least: Confidence) -> Self {
        self.expect(what, Expected::First(cause, at_least))
    }

    /// The cause of a failure is the first candidate, and not certain.
    pub(crate) fn leads(self, what: &'static str, cause: &'static str) -> Self {
        self.expect(what, Expected::Leads(cause)).also_expect(Expected::Unsure)
    }

    /// Nobody found out: no cause of the failure is certain.
    pub(crate) fn unresolved(self, what: &'static str) -> Self {
        self.expect(what, Expected::Unsure)
    }

    /// The cause is one of the candidates.
    pub(crate) fn lists(self, cause: &'static str) -> Self {
        self.also_expect(Expected::Lists(cause))
    }

    /// The cause is not what comes first above possible.
    pub(crate) fn despite(self, cause: &'static str) -> Self {
        self.also_expect(Expected::Despite(cause))
    }

    /// The cause is no candidate.
    pub(crate) fn does_not_list(self, cause: &'static str) -> Self {
        self.also_expect(Expected::DoesNotList(cause))
    }

    /// No cause of the failure is certain.
    pub(crate) fn not_certain(self, what: &'static str) -> Self {
        self.expect(what, Expected::Unsure)
    }

    /// The first candidate stands on this claim.
    pub(crate) fn says_of_candidate(self, claim: &'static str) -> Self {
        self.also_expect(Expected::SaysOfCandidate(claim))
    }

    /// A fix of the first candidate has these words.
    pub(crate) fn candidate_advises(self, words: &'static str) -> Self {
        self.also_expect(Expected::CandidateAdvises(words))
    }

    /// The first cause stands on this claim.
    pub(crate) fn says(self, claim: &'static str) -> Self {
        self.also_expect(Expected::Says(claim))
    }

    /// A fix of the first cause has these words.
    pub(crate) fn advises(self, words: &'static str) -> Self {
        self.also_expect(Expected::Advises(words))
    }

    /// No fix of the first cause has these words, because they fit another browser or host.
    pub(crate) fn keeps_quiet_of(self, words: &'static str) -> Self {
        self.also_expect(Expected::KeepsQuietOf(words))
    }

    /// What to record next is the advice of one of these claims, or has one of these words.
    pub(crate) fn settled_by(self, claims_or_words: &'static [&'static str]) -> Self {
        self.also_expect(Expected::SettledBy(claims_or_words))
    }

    /// A code that wraps the failure.
    pub(crate) fn also(self, code: &'static str) -> Self {
        self.also_expect(Expected::Also(code))
    }

    /// The failure that led to it.
    pub(crate) fn led_to_by(self, what: &'static str) -> Self {
        self.also_expect(Expected::LedToBy(what))
    }

    /// No other failure led to this one.
    pub(crate) fn led_to_by_nothing(self, what: &'static str) -> Self {
        self.expect(what, Expected::LedToByNothing)
    }

    /// The application went on by itself after a failure.
    pub(crate) fn expects_handled(self, what: &'static str) -> Self {
        self.expect(what, Expected::Handled)
    }

    /// How many times it happened.
    pub(crate) fn times(self, times: usize) -> Self {
        self.also_expect(Expected::Times(times))
    }

    /// The application went on by itself.
    pub(crate) fn handled(self) -> Self {
        self.also_expect(Expected::Handled)
    }

    /// Nothing came of it.
    pub(crate) fn unhandled(self) -> Self {
        self.also_expect(Expected::Unhandled)
    }

    /// Nothing is said of a failure.
    pub(crate) fn does_not_tell(self, what: &'static str) -> Self {
        self.expect(what, Expected::Untold)
    }

    /// The verdict on the whole capture.
    pub(crate) fn verdict(self, verdict: Verdict) -> Self {
        self.also_expect(Expected::Verdict(verdict))
    }

    fn judge(&self) -> Result<(), String> {
        assert!(!self.expected.is_empty(), "row {} expects nothing", self.row);
        let capture = Capture::from_bytes(self.capture.bytes()).map_err(|error| format!("the capture is not read: {error}"))?;
        if let Some(warning) = capture.warnings.first() {
            return Err(format!("the capture is damaged: {}", warning.message));
        }
        let analysis = analyze(&capture, knowledge());
        let wrong: Vec<String> = self.expected.iter().filter_map(|(what, expected)| judge(what, expected, &analysis).err()).collect();
        if wrong.is_empty() { Ok(()) } else { Err(format!("{}\n{}", wrong.join("\n    "), shown(&analysis))) }
    }
}

fn judge(what: &str, expected: &Expected, analysis: &Analysis) -> Result<(), String> {
    if let Expected::Verdict(verdict) = expected {
        return is(analysis.verdict == *verdict, || format!("the verdict is {}", analysis.verdict.name()));
    }
    let told = analysis.diagnoses.iter().find(|diagnosis| name(diagnosis) == what);
    if let Expected::Untold = expected {
        return is(told.is_none(), || format!("{what} is told"));
    }
    let told = told.ok_or_else(|| format!("{what} is not told"))?;
    let first = told.causes.first().ok_or("no cause is told")?;
    let candidate = told.causes.iter().find(|cause| cause.id != UNDETERMINED);
    match expected {
        Expected::First(cause, at_least) => is(first.id == *cause && first.confidence >= *at_least, || {
            format!("{cause} is expected first and at least {}", at_least.name())
        }),
        Expected::Leads(cause) => is(candidate.is_some_and(|first| first.id == *cause), || format!("{cause} is not the first candidate")),
        Expected::Unsure => is(first.confidence < Confidence::Certain, || format!("{} is certain", first.id)),
        Expected::Lists(cause) => is(told.causes.iter().any(|told| told.id == *cause), || format!("{cause} is no candidate")),
        Expected::Despite(cause) => {
            let sure = |told: &RankedCause| told.id == *cause && told.confidence > Confidence::Possible;
            is(!told.causes.iter().any(sure), || format!("{cause} is more than possible"))
        }
        Expected::DoesNotList(cause) => is(!told.causes.iter().any(|told| told.id == *cause), || format!("{cause} is a candidate")),
        Expected::Says(claim) => stands_on(first, claim),
        Expected::KeepsQuietOf(words) => is(first.fixes.iter().all(|fix| !fix.action.contains(words)), || format!("a fix says “{words}”")),
        Expected::SaysOfCandidate(claim) => stands_on(candidate.ok_or("there is no candidate")?, claim),
        Expected::Advises(words) => advises(first, words),
        Expected::CandidateAdvises(words) => advises(candidate.ok_or("there is no candidate")?, words),
        Expected::SettledBy(any) => {
            let record = |name: &str| {
                let known = checks::ALL.iter().flat_map(|check| check.claims).find(|known| known.name == name);
                known.map_or_else(|| name.to_owned(), |known| known.record.to_string())
            };
            // Two that begin alike are one sentence, in which the second stands with its question alone.
            let is_advised = |record: &str| {
                let question = record.rsplit_once("it says ").map(|(_, question)| question.trim_end_matches('.'));
                told.next.contains(record) || question.is_some_and(|question| told.next.contains(question))
            };
            is(any.iter().any(|one| is_advised(&record(one))), || format!("none of {any:?} is advised: {}", told.next))
        }
        Expected::Also(code) => is(told.also.iter().any(|also| also.to_string() == *code), || format!("{code} is not beside it")),
        Expected::LedToBy(what) => {
            let trigger = told.triggered_by.and_then(|by| analysis.diagnoses.iter().find(|diagnosis| diagnosis.id == by));
            is(trigger.is_some_and(|trigger| name(trigger) == *what), || format!("{what} did not lead to it"))
        }
        Expected::Times(times) => {
            is(told.occurrences.len() == *times, || format!("it is told {} times, not {times}", told.occurrences.len()))
        }
        Expected::LedToByNothing => is(told.triggered_by.is_none(), || "another failure led to it".to_owned()),
        Expected::Handled => is(told.is_handled(), || "it is not handled".to_owned()),
        Expected::Unhandled => is(!told.is_handled(), || "it is handled".to_owned()),
        Expected::Untold | Expected::Verdict(_) => Ok(()),
    }
}

fn stands_on(cause: &RankedCause, claim: &str) -> Result<(), String> {
    is(checks::ALL.iter().flat_map(|check| check.claims).any(|known| known.name == claim), || format!("nobody claims {claim}"))?;
    let stands = cause.supporting.iter().any(|finding| finding.claim == claim && finding.seen);
    is(stands, || format!("{} does not stand on {claim}", cause.id))
}

fn advises(cause: &RankedCause, words: &str) -> Result<(), String> {
    is(cause.fixes.iter().any(|fix| fix.action.contains(words)), || format!("no fix says “{words}”: {:?}", cause.fixes))
}

fn is(right: bool, otherwise: impl FnOnce() -> String) -> Result<(), String> {
    if right { Ok(()) } else { Err(otherwise()) }
}

fn name(diagnosis: &Diagnosis) -> String {
    let code = diagnosis.code.map(|code| code.to_string());
    code.or_else(|| diagnosis.symptom.map(|symptom| symptom.id().to_owned())).unwrap_or_default()
}

fn knowledge() -> &'static Knowledge {
    static KNOWLEDGE: OnceLock<Knowledge> = OnceLock::new();
    KNOWLEDGE.get_or_init(Knowledge::builtin)
}

fn shown(analysis: &Analysis) -> String {
    let told = |diagnosis: &Diagnosis| {
        let causes: Vec<_> = diagnosis
            .causes
            .iter()
            .map(|cause| {
                let claims = |findings: &[entrace::diagnosis::Finding]| {
                    let signed = |finding: &entrace::diagnosis::Finding| {
                        format!("{}{}({:?})", if finding.seen { "" } else { "no " }, finding.claim, finding.strength)
                    };
                    findings.iter().map(signed).collect::<Vec<_>>().join(" ")
                };
                format!("{} ({}: +[{}] -[{}])", cause.id, cause.confidence.name(), claims(&cause.supporting), claims(&cause.opposing))
            })
            .collect();
        let out: Vec<_> = diagnosis.ruled_out.iter().map(|cause| cause.id.as_str()).collect();
        format!(
            "        told: {}{} {}\n        ruled out: {out:?}\n        next: {}",
            name(diagnosis),
            if diagnosis.is_handled() { " (handled)" } else { "" },
            causes.join("\n            "),
            diagnosis.next
        )
    };
    let all: Vec<String> = analysis.diagnoses.iter().map(told).collect();
    format!("        verdict: {}\n{}", analysis.verdict.name(), all.join("\n"))
}

/// Diagnoses every case and tells all that are wrong.
#[track_caller]
pub(crate) fn diagnose_all(cases: &[Case]) {
    let wrong = cases.iter().filter_map(|case| Some(format!("row {}, {}:\n    {}", case.row, case.when, case.judge().err()?)));
    let wrong: Vec<String> = wrong.collect();
    assert!(wrong.is_empty(), "{} of {} cases are wrong:\n{}", wrong.len(), cases.len(), wrong.join("\n"));
}
