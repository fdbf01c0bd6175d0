//! One row: a cause, a capture, and what must become of the cause in it.

use crate::support::{CaptureBuilder, Console, Log, capture};
use entrace::analysis::analyze_beside;
use entrace::checks::{Beside, Expectation};
use entrace::diagnosis::{Confidence, Diagnosis};
use entrace::entra::{ClientId, Tenant};
use entrace::{Capture, Knowledge};
use std::sync::OnceLock;

/// What a row shows.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Kind {
    /// The cause comes first.
    Wins,
    /// Another cause of the same code or symptom comes first.
    Sibling,
    /// Another cause of another code or symptom comes first.
    Neighbour,
    /// What decides is lost, and the cause is only possible.
    Lost,
    /// What decides is lost, and the cause is only likely.
    LessSure,
}

/// One row.
pub(crate) struct Row {
    /// The cause.
    pub(crate) cause: &'static str,
    /// What is so in this capture.
    pub(crate) when: String,
    capture: CaptureBuilder,
    expectation: Expectation,
    log: Option<Log>,
    console: Option<Console>,
    expected: Expected,
}

#[derive(Clone, Copy)]
enum Expected {
    First(Confidence),
    Sibling(&'static str),
    Neighbour(&'static str),
    Possible,
    LessSure,
}

fn row(cause: &'static str, when: impl Into<String>, capture: CaptureBuilder, expected: Expected) -> Row {
    Row { cause, when: when.into(), capture, expectation: Expectation::default(), log: None, console: None, expected }
}

/// The cause comes first and is certain.
pub(crate) fn certain(cause: &'static str, when: &str, capture: CaptureBuilder) -> Row {
    row(cause, when, capture, Expected::First(Confidence::Certain))
}

/// The cause comes first and is likely.
pub(crate) fn likely(cause: &'static str, when: &str, capture: CaptureBuilder) -> Row {
    row(cause, when, capture, Expected::First(Confidence::Likely))
}

/// Another cause of the same code or symptom comes first, certain or likely.
pub(crate) fn sibling(cause: &'static str, other: &'static str, when: &str, capture: CaptureBuilder) -> Row {
    row(cause, when, capture, Expected::Sibling(other))
}

/// The nearest other code or symptom, whose own cause comes first, certain or likely.
pub(crate) fn neighbour(cause: &'static str, other: &'static str, when: &str, capture: CaptureBuilder) -> Row {
    row(cause, when, capture, Expected::Neighbour(other))
}

/// The recorder lost what decides: the cause is listed, and only possible.
pub(crate) fn lost(cause: &'static str, when: &str, capture: CaptureBuilder) -> Row {
    row(cause, when, capture, Expected::Possible)
}

/// The recorder lost what decides: the cause, which the service's code names, comes first and is only likely.
pub(crate) fn less_sure(cause: &'static str, when: &str, capture: CaptureBuilder) -> Row {
    row(cause, when, capture, Expected::LessSure)
}

/// Causes that have nothing but their code to go by: each is likely by its own code, and not first by the next
/// one's. The texts are in nobody's words but ours.
pub(crate) fn named_by_code(carrier: fn(u32, &str) -> CaptureBuilder, causes: &[(&'static str, u32, &str)]) -> Vec<Row> {
    let next = causes.iter().cycle().skip(1);
    let pairs = causes.iter().zip(next).flat_map(|(&(cause, code, text), &(other, other_code, other_text))| {
        [
            row(cause, format!("the service says AADSTS{code}"), carrier(code, text), Expected::First(Confidence::Likely)),
            row(cause, format!("the service says AADSTS{other_code}"), carrier(other_code, other_text), Expected::Neighbour(other)),
        ]
    });
    pairs.collect()
}

/// The hidden frame is told an error.
pub(crate) fn in_frame(code: u32, text: &str) -> CaptureBuilder {
    capture().silent_frame(|r| r.fails(code, text))
}

/// The application is told an error when it sends the person to sign in.
pub(crate) fn told_to_app(code: u32, text: &str) -> CaptureBuilder {
    capture().redirect(|r| r.fails(code, text))
}

/// The person is shown an error page, and the application hears nothing.
pub(crate) fn on_page(code: u32, text: &str) -> CaptureBuilder {
    capture().redirect(|r| r.fails_on_a_page(code, text))
}

/// The sign-in page refuses what was typed.
pub(crate) fn on_sign_in_page(code: u32, _: &str) -> CaptureBuilder {
    capture().sign_in(|s| s.refused(code))
}

/// A refresh token is refused.
pub(crate) fn on_refresh(code: u32, text: &str) -> CaptureBuilder {
    capture().refresh(|t| t.fails(code, text))
}

/// The code of a sign-in is refused.
pub(crate) fn on_redeeming(code: u32, text: &str) -> CaptureBuilder {
    let text = text.to_owned();
    capture().sign_in(|s| s.token(move |t| t.fails(code, &text)))
}

/// A server's own token request is refused.
pub(crate) fn at_server(code: u32, text: &str) -> CaptureBuilder {
    capture().client_credentials(|t| t.fails(code, text))
}

/// A SAML sign-in is refused.
pub(crate) fn on_saml(code: u32, text: &str) -> CaptureBuilder {
    capture().saml(|s| s.fails(code, text))
}

/// What the program knows.
pub(crate) fn knowledge() -> &'static Knowledge {
    static KNOWLEDGE: OnceLock<Knowledge> = OnceLock::new();
    KNOWLEDGE.get_or_init(Knowledge::builtin)
}

/// Every diagnosis of a capture.
pub(crate) fn diagnoses(capture: &CaptureBuilder, expectation: &Expectation) -> Result<Vec<Diagnosis>, String> {
    diagnoses_beside(capture, &Beside { expectation: expectation.clone(), ..Beside::default() })
}

fn diagnoses_beside(capture: &CaptureBuilder, beside: &Beside) -> Result<Vec<Diagnosis>, String> {
    let capture = Capture::from_bytes(capture.bytes()).map_err(|error| format!("the capture is not read: {error}"))?;
    match capture.warnings.first() {
        Some(warning) => Err(format!("the capture is damaged: {}", warning.message)),
        None => Ok(analyze_beside(&capture, knowledge(), beside).diagnoses),
    }
}

impl Row {
    /// What the user expects: a tenant and an application, each where it is not empty.
    pub(crate) fn expecting(mut self, tenant: &str, client: &str) -> Self {
        let tenant = (!tenant.is_empty()).then(|| Tenant::parse(tenant));
        let client = (!client.is_empty()).then(|| ClientId::parse(client));
        self.expectation = Expectation { tenant, client };
        self
    }

    /// The user gives a log of MSAL.
    pub(crate) fn told_by(self, console: Console) -> Self {
        Self { console: Some(console), ..self }
    }

    /// The user gives a sign-in log.
    pub(crate) fn logged(self, log: Log) -> Self {
        Self { log: Some(log), ..self }
    }

    /// What the row shows.
    pub(crate) fn kind(&self) -> Kind {
        match self.expected {
            Expected::First(_) => Kind::Wins,
            Expected::Sibling(_) => Kind::Sibling,
            Expected::Neighbour(_) => Kind::Neighbour,
            Expected::Possible => Kind::Lost,
            Expected::LessSure => Kind::LessSure,
        }
    }

    fn judge(&self) -> Result<(), String> {
        let sign_in_logs = self.log.as_ref().map(|log| log.logs(&self.capture.bytes())).unwrap_or_default();
        let msal_logs = self.console.as_ref().map(|console| console.logs(&self.capture.bytes())).unwrap_or_default();
        let told = diagnoses_beside(&self.capture, &Beside { expectation: self.expectation.clone(), sign_in_logs, msal_logs })?;
        let last = told.iter().max_by_key(|diagnosis| diagnosis.occurrences.iter().map(|occurrence| occurrence.entry).max());
        let diagnosis = last.ok_or("nothing is diagnosed")?;
        let first = diagnosis.causes.first().ok_or("no cause is told")?;
        let own = diagnosis.causes.iter().find(|cause| cause.id == self.cause);
        let topic = knowledge().topic(diagnosis.code, diagnosis.symptom.map(|symptom| symptom.id()));
        let is_candidate = topic.is_some_and(|topic| topic.causes.iter().any(|cause| cause == self.cause));
        let first_is = |cause: &str| first.id == cause && first.confidence != Confidence::Possible;
        let right = match self.expected {
            Expected::First(confidence) => first.id == self.cause && first.confidence == confidence,
            Expected::Sibling(other) => first_is(other) && is_candidate,
            Expected::Neighbour(other) => first_is(other) && !is_candidate,
            Expected::Possible => own.is_some_and(|own| own.confidence == Confidence::Possible),
            Expected::LessSure => first.id == self.cause && first.confidence == Confidence::Likely,
        };
        if right { Ok(()) } else { Err(format!("is expected {}\n    and is told: {}", self.in_words(), shown(diagnosis))) }
    }

    fn in_words(&self) -> String {
        let cause = self.cause;
        match self.expected {
            Expected::First(confidence) => format!("first and {}", confidence.name()),
            Expected::Sibling(other) => format!("behind {other}, which the same code or symptom may mean"),
            Expected::Neighbour(other) => format!("behind {other}, of a code or symptom that {cause} has nothing to do with"),
            Expected::Possible => "listed, and only possible".to_owned(),
            Expected::LessSure => "first, and only likely".to_owned(),
        }
    }
}

fn shown(diagnosis: &Diagnosis) -> String {
    let what = diagnosis.code.map(|code| code.to_string());
    let what = what.or_else(|| diagnosis.symptom.map(|symptom| symptom.id().to_owned())).unwrap_or_default();
    let causes: Vec<_> = diagnosis.causes.iter().map(|cause| format!("{} ({})", cause.id, cause.confidence.name())).collect();
    let out: Vec<_> = diagnosis.ruled_out.iter().map(|cause| cause.id.as_str()).collect();
    format!("{what}: {}; ruled out: [{}]", causes.join(", "), out.join(", "))
}

/// Diagnoses every row and tells all that are wrong.
#[track_caller]
pub(crate) fn diagnose_all(rows: &[Row]) {
    let wrong = rows.iter().filter_map(|row| Some(format!("{}, {}: it {}", row.cause, row.when, row.judge().err()?)));
    let wrong: Vec<String> = wrong.collect();
    assert!(wrong.is_empty(), "{} of {} rows are wrong:\n{}", wrong.len(), rows.len(), wrong.join("\n"));
}
