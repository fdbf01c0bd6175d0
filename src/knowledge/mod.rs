//! What the facts mean: codes, their causes, the claims that speak for or against each, who fixes it and how.
//!
//! All of it is data in TOML files beside this one, readable and correctable without Rust.

mod load;

pub use load::KnowledgeError;

use crate::entra::ErrorCode;
use serde::Deserialize;
use std::collections::BTreeMap;

/// Everything known.
#[derive(Clone, Debug, Default)]
pub struct Knowledge {
    codes: BTreeMap<String, Code>,
    symptoms: BTreeMap<String, Symptom>,
    causes: BTreeMap<String, Cause>,
    apps: BTreeMap<String, String>,
}

/// One error code.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Code {
    /// The code with its prefix.
    pub code: String,
    /// What happened, in a few words.
    pub title: String,
    /// How bad it is when nothing handles it.
    pub severity: Severity,
    /// The ids of its causes, in the order in which they are told when nothing tells them apart.
    pub causes: Vec<String>,
    /// What to record or check next.
    pub next: String,
}

/// A failure that never got a code.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Symptom {
    /// Its id, in kebab-case.
    pub id: String,
    /// What happened, in a few words.
    pub title: String,
    /// How bad it is when nothing handles it.
    pub severity: Severity,
    /// The ids of its causes, in the order in which they are told when nothing tells them apart.
    pub causes: Vec<String>,
    /// What to record or check next.
    pub next: String,
}

/// What is known of one kind of failure, with a code or without.
#[derive(Clone, Copy)]
pub struct Topic<'k> {
    /// What happened, in a few words.
    pub title: &'k str,
    /// How bad it is when nothing handles it.
    pub severity: Severity,
    /// The ids of its causes.
    pub causes: &'k [String],
    /// What to record or check next.
    pub next: &'k str,
}

/// How bad a failure is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Severity {
    /// The person or application cannot go on.
    Error,
    /// Something is lost, but it goes on.
    Warning,
    /// Nothing is wrong.
    Info,
}

/// One cause.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Cause {
    /// Its id, in kebab-case.
    pub id: String,
    /// What happened.
    pub summary: String,
    /// Where to read more.
    #[serde(default)]
    pub references: Vec<String>,
    /// The evidence for and against it.
    #[serde(default, rename = "rule")]
    pub rules: Vec<Rule>,
    /// Who can do what about it.
    #[serde(rename = "fix")]
    pub fixes: Vec<Fix>,
}

/// One piece of evidence: a condition over claims, and what it weighs.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Rule {
    /// What it does when it holds.
    pub side: Side,
    /// How much it weighs.
    #[serde(default)]
    pub strength: Strength,
    /// Claims that must all be seen.
    #[serde(default)]
    pub all: Vec<String>,
    /// Claims of which one must be seen.
    #[serde(default)]
    pub any: Vec<String>,
    /// Claims that must all be not seen.
    #[serde(default)]
    pub none: Vec<String>,
    /// The codes it is for; empty for all.
    #[serde(default)]
    pub codes: Vec<String>,
}

/// What a rule does when it holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Side {
    /// It speaks for the cause.
    For,
    /// It speaks against the cause.
    Against,
    /// The cause is out.
    Excludes,
    /// The cause is out if it does *not* hold.
    Requires,
}

/// How much a rule weighs.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Strength {
    /// Enough alone.
    Decisive,
    /// Makes it likely.
    Strong,
    /// Tips a balance.
    #[default]
    Weak,
}

/// Who can do what.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Fix {
    /// Who.
    pub who: Audience,
    /// What.
    #[serde(rename = "do")]
    pub action: String,
}

/// Who can do something about a failure.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Audience {
    /// The person who signs in.
    User,
    /// Whoever writes or configures the application.
    Developer,
    /// Whoever administers the tenant or the devices.
    Admin,
    /// Microsoft.
    Microsoft,
}

impl Audience {
    /// The word in reports.
    pub fn name(self) -> &'static str {
        match self {
            Self::User => "user",
            Self::Developer => "developer",
            Self::Admin => "admin",
            Self::Microsoft => "microsoft",
        }
    }
}

impl Knowledge {
    /// What is known of a code.
    pub fn code(&self, code: ErrorCode) -> Option<&Code> {
        self.codes.get(&code.to_string())
    }

    /// What is known of a failure, by its code or symptom.
    pub fn topic(&self, code: Option<ErrorCode>, symptom: Option<&str>) -> Option<Topic<'_>> {
        if let Some(code) = code {
            let code = self.code(code)?;
            return Some(Topic { title: &code.title, severity: code.severity, causes: &code.causes, next: &code.next });
        }
        let symptom = self.symptoms.get(symptom?)?;
        Some(Topic { title: &symptom.title, severity: symptom.severity, causes: &symptom.causes, next: &symptom.next })
    }

    /// Every failure without a code.
    pub fn symptoms(&self) -> impl Iterator<Item = &Symptom> {
        self.symptoms.values()
    }

    /// The cause of that id.
    pub fn cause(&self, id: &str) -> Option<&Cause> {
        self.causes.get(id)
    }

    /// The name of a well-known application or resource.
    pub fn app(&self, id: &str) -> Option<&str> {
        self.apps.get(&id.to_ascii_lowercase()).map(String::as_str)
    }

    /// Every code.
    pub fn codes(&self) -> impl Iterator<Item = &Code> {
        self.codes.values()
    }

    /// Every cause.
    pub fn causes(&self) -> impl Iterator<Item = &Cause> {
        self.causes.values()
    }
}

impl Rule {
    /// Every claim that its condition names.
    pub fn claims(&self) -> impl Iterator<Item = &str> {
        self.all.iter().chain(&self.any).chain(&self.none).map(String::as_str)
    }

    /// Whether it applies to a code; rules for some codes do not apply to failures without one.
    pub fn applies_to(&self, code: Option<ErrorCode>) -> bool {
        self.codes.is_empty() || code.is_some_and(|code| self.codes.contains(&code.to_string()))
    }
}
