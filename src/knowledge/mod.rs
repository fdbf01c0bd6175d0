//! What the facts mean: codes, their causes, the claims that speak for or against each, who fixes it and how.
//!
//! All of it is data in TOML files beside this one, readable and correctable without Rust. `docs/knowledge.md` says how to
//! write one's own:
//!
//! ```
//! use entrace::Knowledge;
//!
//! let mut knowledge = Knowledge::builtin();
//! knowledge.add_folder("examples/knowledge".as_ref())?;
//! assert!(knowledge.cause("no-session").is_some());
//! # Ok::<(), entrace::knowledge::Mistake>(())
//! ```

mod load;
mod model;
mod near;
#[allow(dead_code, unreachable_pub, reason = "the build script has it as a module of its own, and uses more of it")]
mod source;
mod table;

pub(crate) use load::is_word_of_sign_in;
pub use model::{Audience, Cause, Code, Excuse, Fix, Grade, Rule, SUBJECTS, Said, Severity, Side, Strength, Symptom};
pub(crate) use near::nearest;
pub use source::Mistake;
#[cfg(feature = "cli")]
pub(crate) use source::line_and_column;

use crate::entra::{ErrorCode, Family, Guid};
use table::Shelf;

/// Everything known.
#[derive(Clone, Debug)]
pub struct Knowledge {
    codes: Shelf<Code>,
    symptoms: Shelf<Symptom>,
    causes: Shelf<Cause>,
    apps: Shelf<String>,
    /// The codes and symptoms of each cause, as far as the program's own files name them.
    named: Shelf<Vec<String>>,
    /// The causes of each claim, as far as the program's own files name them.
    weighed: Shelf<Vec<String>>,
    /// The codes of each of the program's own files.
    families: Shelf<Vec<String>>,
}

/// What is known of one kind of failure, with a code or without.
#[derive(Clone, Copy, Debug)]
#[non_exhaustive]
pub struct Topic<'k> {
    /// What happened, in a few words.
    pub title: &'k str,
    /// What a code means.
    pub meaning: Option<&'k str>,
    /// How bad it is when nothing handles it.
    pub severity: Severity,
    /// The ids of its causes.
    pub causes: &'k [String],
    /// The usual causes in words, where none is modelled.
    pub usual: &'k [String],
    /// Who can do what about it, beside what its causes say.
    pub fixes: &'k [Fix],
    /// Where to read more about it.
    pub references: &'k [String],
    /// What to record or check next.
    pub next: &'k str,
}

impl<'k> Topic<'k> {
    fn of_code(code: &'k Code) -> Self {
        Self {
            title: &code.title,
            meaning: Some(&code.meaning),
            severity: code.severity,
            causes: &code.causes,
            usual: &code.usual,
            fixes: &code.fixes,
            references: &code.references,
            next: &code.next,
        }
    }

    /// What is known of a failure without a code.
    pub(crate) fn of_symptom(symptom: &'k Symptom) -> Self {
        Self {
            title: &symptom.title,
            meaning: None,
            severity: symptom.severity,
            causes: &symptom.causes,
            usual: &[],
            fixes: &[],
            references: &[],
            next: &symptom.next,
        }
    }
}

impl Knowledge {
    /// What is known of a code.
    pub fn code(&self, code: ErrorCode) -> Option<&Code> {
        self.codes.get(&code.to_string())
    }

    /// Whether a code says this of the session.
    pub(crate) fn says(&self, code: Option<ErrorCode>, said: Said) -> bool {
        code.and_then(|code| self.code(code)).is_some_and(|code| code.says.contains(&said))
    }

    /// The code as which one is told: where nothing is known of it, the wider one of which it is a form. Of what does not match in a
    /// federated credential (AADSTS700211 the issuer, 700212 the audience, 700213 the subject) the service has forms with one digit more.
    pub(crate) fn known_form(&self, code: Option<ErrorCode>) -> Option<ErrorCode> {
        let code = code?;
        let is_form = code.family == Family::Aadsts && (7_002_110..7_002_140).contains(&code.number);
        let wider = ErrorCode { number: code.number / 10, ..code };
        Some(if is_form && self.code(code).is_none() && self.code(wider).is_some() { wider } else { code })
    }

    /// What is known of a failure, by its code or symptom.
    pub fn topic(&self, code: Option<ErrorCode>, symptom: Option<&str>) -> Option<Topic<'_>> {
        if let Some(code) = self.known_form(code) {
            return self.code(code).map(Topic::of_code);
        }
        self.symptoms.get(symptom?).map(Topic::of_symptom)
    }

    /// Every failure without a code.
    pub fn symptoms(&self) -> impl Iterator<Item = &Symptom> {
        self.symptoms.iter()
    }

    /// The failure without a code of that id.
    pub fn symptom(&self, id: &str) -> Option<&Symptom> {
        self.symptoms.get(id)
    }

    /// The cause of that id.
    pub fn cause(&self, id: &str) -> Option<&Cause> {
        self.causes.get(id)
    }

    /// The name of a well-known application or resource.
    pub fn app(&self, id: &Guid) -> Option<&str> {
        self.apps.get(id.as_str()).map(String::as_str)
    }

    /// Every code.
    pub fn codes(&self) -> impl Iterator<Item = &Code> {
        self.codes.iter()
    }

    /// The program's own codes by family: the name of their file, and the codes in the order of their numbers.
    pub fn families(&self) -> impl Iterator<Item = (&str, Vec<&Code>)> {
        self.families.keys().map(|family| {
            let named = self.families.get(family).into_iter().flatten();
            let mut codes: Vec<&Code> = named.filter_map(|code| self.codes.get(code)).collect();
            codes.sort_by_key(|code| code.number());
            (family, codes)
        })
    }

    /// The name of every code.
    pub fn code_names(&self) -> impl Iterator<Item = &str> {
        self.codes.keys()
    }

    /// The id of every cause.
    pub fn cause_names(&self) -> impl Iterator<Item = &str> {
        self.causes.keys()
    }

    /// The codes and the failures without a code that a cause may lie behind.
    pub fn behind(&self, cause: &str) -> (Vec<&Code>, Vec<&Symptom>) {
        let named: &[String] = self.named.get(cause).map(Vec::as_slice).unwrap_or_default();
        let of_cause = |causes: &[String]| causes.iter().any(|id| id == cause);
        let codes = self.codes.which(named).filter(|code| of_cause(&code.causes)).collect();
        let symptoms = self.symptoms.which(named).filter(|symptom| of_cause(&symptom.causes)).collect();
        (codes, symptoms)
    }

    /// The ids of the causes that have a rule with that claim.
    pub fn weighing(&self, claim: &str) -> Vec<&str> {
        let named: &[String] = self.weighed.get(claim).map(Vec::as_slice).unwrap_or_default();
        let of_claim = |cause: &&Cause| cause.rules.iter().flat_map(Rule::claims).any(|name| name == claim);
        self.causes.which(named).filter(of_claim).map(|cause| cause.id.as_str()).collect()
    }

    /// Every cause.
    pub fn causes(&self) -> impl Iterator<Item = &Cause> {
        self.causes.iter()
    }
}

/// Fixes by who can do them. Whose comes first in the knowledge files is told first: who can really put it right.
pub(crate) fn by_audience<'f>(fixes: impl IntoIterator<Item = &'f Fix>) -> Vec<&'f Fix> {
    let mut fixes: Vec<&Fix> = fixes.into_iter().collect();
    let mut order: Vec<Audience> = Vec::new();
    for fix in &fixes {
        if !order.contains(&fix.who) {
            order.push(fix.who);
        }
    }
    fixes.sort_by_key(|fix| order.iter().position(|who| *who == fix.who));
    fixes
}

/// Whether what is for some codes, or for all where none is named, is for failures with this one.
fn hold_for(codes: &[ErrorCode], code: Option<ErrorCode>) -> bool {
    codes.is_empty() || code.is_some_and(|code| codes.contains(&code))
}

impl Code {
    /// The code as a number of its family.
    pub fn number(&self) -> Option<ErrorCode> {
        ErrorCode::parse(&self.code)
    }
}

impl Fix {
    /// Whether it is for failures with a code; one for some codes is not for failures without one.
    pub fn applies_to(&self, code: Option<ErrorCode>) -> bool {
        hold_for(&self.codes, code)
    }
}

impl Rule {
    /// Whether it applies to a code; rules for some codes do not apply to failures without one.
    pub fn applies_to(&self, code: Option<ErrorCode>) -> bool {
        hold_for(&self.codes, code)
    }
}
