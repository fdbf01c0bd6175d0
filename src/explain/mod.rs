//! What a code, a cause, a check or a pasted message means, without a capture.
//!
//! [`explain`] finds out what is asked for; the renderers of `report` write it down.
//!
//! ```
//! use entrace::Knowledge;
//! use entrace::explain::{Subject, explain};
//! use entrace::report::markdown;
//!
//! let knowledge = Knowledge::builtin();
//! let explanation = explain("AADSTS50058: A silent sign-in request was sent", &knowledge).ok_or("nobody knows that")?;
//! let Some(Subject::Code(subject)) = explanation.subjects.first() else { return Err("no code".into()) };
//! assert_eq!(subject.code.code, "AADSTS50058");
//! assert!(subject.causes.iter().any(|cause| cause.id == "no-session"));
//! print!("{}", markdown::render_explanation(&explanation));
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```

mod list;
mod named;
mod sentence;
mod suggest;

pub use suggest::{Suggestion, suggestions};

use crate::checks::{self, Check, ClaimInfo};
use crate::diagnosis::{NOT_MODELLED, UNDETERMINED};
use crate::entra::{ErrorCode, Family, Pasted};
use crate::knowledge::{Cause, Code, Knowledge, Rule, Symptom};
use std::sync::LazyLock;

/// The answer to one question.
#[derive(Clone, Debug, Default)]
#[non_exhaustive]
pub struct Explanation<'k> {
    /// What a pasted text says beside its codes; `None` where an id or a code alone was asked for.
    pub message: Option<Pasted>,
    /// What is known of all that it names; at least one.
    pub subjects: Vec<Subject<'k>>,
    /// Codes that it names and nobody knows.
    pub unknown: Vec<ErrorCode>,
    /// What else stands in a list and nobody knows, as far as it is written like an id.
    pub unknown_words: Vec<String>,
}

/// One thing that is explained.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub enum Subject<'k> {
    /// An error code.
    Code(CodeSubject<'k>),
    /// A failure without a code.
    Symptom(SymptomSubject<'k>),
    /// A cause.
    Cause(CauseSubject<'k>),
    /// A check, or one of its claims.
    Check(CheckSubject<'k>),
}

/// A code with what it refers to.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct CodeSubject<'k> {
    /// The code.
    pub code: &'k Code,
    /// Its causes, in order.
    pub causes: Vec<&'k Cause>,
    /// The codes that it often stands beside, each with its title where it is known.
    pub echoes: Vec<(&'k str, Option<&'k str>)>,
}

/// A failure without a code, with its causes.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct SymptomSubject<'k> {
    /// The failure.
    pub symptom: &'k Symptom,
    /// Its causes, in order.
    pub causes: Vec<&'k Cause>,
}

/// A cause with what it may lie behind.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct CauseSubject<'k> {
    /// The cause.
    pub cause: &'k Cause,
    /// The codes that it may lie behind.
    pub codes: Vec<&'k Code>,
    /// The failures without a code that it may lie behind.
    pub symptoms: Vec<&'k Symptom>,
}

/// A check with those of its claims that were asked for.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct CheckSubject<'k> {
    /// The check.
    pub check: &'static Check,
    /// Its claims, each with the causes whose rules name it.
    pub claims: Vec<(&'static ClaimInfo, Vec<&'k str>)>,
}

/// Explains what somebody writes: a code with or without its prefix, the id of a cause, check, claim or failure
/// without a code, several of them, the name that OAuth, SAML or MSAL has for an error, or any text that names codes. `None` where
/// none of it is known; [`suggestions`] then has what is nearly that.
#[must_use]
pub fn explain<'k>(asked: &str, knowledge: &'k Knowledge) -> Option<Explanation<'k>> {
    let asked = asked.trim();
    list::all_known(asked, knowledge).or_else(|| one(asked, knowledge)).or_else(|| list::known_in_part(asked, knowledge))
}

/// Explains one thing: an id, a code, or a text.
fn one<'k>(asked: &str, knowledge: &'k Knowledge) -> Option<Explanation<'k>> {
    let known = of_id(&asked.to_ascii_lowercase(), knowledge);
    if !known.is_empty() {
        return Some(Explanation { subjects: known, ..Explanation::default() });
    }
    let is_bare = asked.bytes().all(|byte| byte.is_ascii_alphanumeric());
    let mut message = if is_bare { bare(asked) } else { Pasted::read(asked) };
    if message.codes.is_empty() {
        let both = |number: &u32| [Family::Aadsts, Family::Aadb2c].map(|family| ErrorCode { family, number: *number });
        message.codes = message.meant.iter().flat_map(both).filter(|code| knowledge.code(*code).is_some()).collect();
    }
    let codes = message.codes.clone();
    let (known, unknown): (Vec<ErrorCode>, Vec<ErrorCode>) = codes.into_iter().partition(|code| knowledge.code(*code).is_some());
    let mut subjects: Vec<Subject<'k>> =
        known.iter().filter_map(|code| Some(Subject::Code(of_code(knowledge.code(*code)?, knowledge)))).collect();
    if subjects.is_empty() && unknown.is_empty() {
        subjects = named::failures(asked, &mut message, knowledge);
    } else if subjects.is_empty() {
        // The sentence of a family may be known where the number is not.
        subjects = sentence::codes(&sentence::plain(asked), knowledge);
    }
    let is_told = !is_bare && asked.bytes().any(|byte| byte.is_ascii_alphabetic());
    let message = (is_told || message.status.is_some()).then_some(message).filter(Pasted::says_something);
    (!subjects.is_empty()).then(|| Explanation { message, subjects, unknown, unknown_words: Vec::new() })
}

/// A code or number alone, which need not be searched for.
fn bare(asked: &str) -> Pasted {
    let number: Vec<u32> = asked.parse().ok().into_iter().collect();
    Pasted { codes: ErrorCode::parse(asked).into_iter().collect(), numbers: number.clone(), meant: number, ..Pasted::default() }
}

/// What reports say in the place of a cause.
static OPEN: LazyLock<[Cause; 2]> = LazyLock::new(|| {
    let open = |id: &str, summary: &str| Cause {
        id: id.to_owned(),
        summary: summary.to_owned(),
        about: Vec::new(),
        references: Vec::new(),
        rules: Vec::new(),
        fixes: Vec::new(),
    };
    [
        open(
            UNDETERMINED,
            "The causes of this failure are known, and the capture does not tell which one it was. The report lists them as what it may be, and says under “Next” what to record to tell them apart.",
        ),
        open(
            NOT_MODELLED,
            "No causes of this failure are known that a capture could tell apart. What is known of its code, with the usual causes and what to do, stands in the report; explain the code itself to read it.",
        ),
    ]
});

/// What bears that id; a cause and a failure without a code may share one.
fn of_id<'k>(id: &str, knowledge: &'k Knowledge) -> Vec<Subject<'k>> {
    let mut subjects = Vec::new();
    subjects.extend(knowledge.symptom(id).map(|symptom| Subject::Symptom(of_symptom(symptom, knowledge))));
    subjects.extend(knowledge.cause(id).map(|cause| Subject::Cause(of_cause(cause, knowledge))));
    subjects.extend(OPEN.iter().find(|open| open.id == id).map(|open| Subject::Cause(of_cause(open, knowledge))));
    subjects.extend(of_check(id, knowledge).map(Subject::Check));
    subjects
}

/// A code with what it refers to.
pub(crate) fn of_code<'k>(code: &'k Code, knowledge: &'k Knowledge) -> CodeSubject<'k> {
    let title = |echo: &str| Some(knowledge.code(ErrorCode::parse(echo)?)?.title.as_str());
    CodeSubject {
        code,
        causes: code.causes.iter().filter_map(|id| knowledge.cause(id)).collect(),
        echoes: code.echoes.iter().map(|echo| (echo.as_str(), title(echo))).collect(),
    }
}

fn of_symptom<'k>(symptom: &'k Symptom, knowledge: &'k Knowledge) -> SymptomSubject<'k> {
    SymptomSubject { symptom, causes: symptom.causes.iter().filter_map(|id| knowledge.cause(id)).collect() }
}

/// A cause with what it may lie behind.
pub(crate) fn of_cause<'k>(cause: &'k Cause, knowledge: &'k Knowledge) -> CauseSubject<'k> {
    let (codes, symptoms) = knowledge.behind(&cause.id);
    CauseSubject { cause, codes, symptoms }
}

/// The check of that name with all of its claims, or the one that publishes the claim of that name with that one.
pub(crate) fn of_check<'k>(name: &str, knowledge: &'k Knowledge) -> Option<CheckSubject<'k>> {
    let check = *checks::ALL.iter().find(|check| check.name == name || check.claims.iter().any(|claim| claim.name == name))?;
    let asked = |claim: &&'static ClaimInfo| check.name == name || claim.name == name;
    let claims = check.claims.iter().filter(asked).map(|claim| (claim, knowledge.weighing(claim.name))).collect();
    Some(CheckSubject { check, claims })
}

/// A rule's condition in words: `a and b, one of c or d, without e`.
pub(crate) fn condition(rule: &Rule) -> String {
    let mut parts = Vec::new();
    if !rule.all.is_empty() {
        parts.push(rule.all.join(" and "));
    }
    if !rule.any.is_empty() {
        let one_of = if rule.any.len() > 1 { "one of " } else { "" };
        parts.push(format!("{one_of}{}", rule.any.join(" or ")));
    }
    if !rule.none.is_empty() {
        parts.push(format!("not {}", rule.none.join(" and not ")));
    }
    parts.join(", ")
}
