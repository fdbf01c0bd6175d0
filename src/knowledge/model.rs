//! What an entry of the knowledge files holds.
//!
//! The build script reads the files with these types too, so nothing here may use the rest of the program but error codes.

use super::ErrorCode;
use serde::de::{Error, Visitor};
use serde::{Deserialize, Deserializer, Serialize, Serializer};
use std::fmt;

/// One error code.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
#[non_exhaustive]
pub struct Code {
    /// The code with its prefix.
    pub code: String,
    /// The service's own name for it, where one is known.
    #[serde(default)]
    pub name: Option<String>,
    /// OAuth's `error` that comes with it, where it is known.
    #[serde(default)]
    pub error: Option<String>,
    /// The service's sentences for it, by which it is known where the number is left out: as [`Symptom::text`].
    #[serde(default)]
    pub text: Vec<String>,
    /// How well the meaning is known.
    #[serde(default)]
    pub grade: Grade,
    /// Whether it is normally a step of a working flow and no failure, wherever it is met: only the words for it depend on that.
    /// Whether a page that carries it has failed is a fact about the wire (`ErrorCode::is_step_of_a_page`).
    #[serde(default)]
    pub step: bool,
    /// What happened, in a few words.
    pub title: String,
    /// What the service found, and what that means to the reader.
    pub meaning: String,
    /// How bad it is when nothing handles it.
    pub severity: Severity,
    /// The ids of its causes, in the order in which they are told when nothing tells them apart.
    #[serde(default)]
    pub causes: Vec<String>,
    /// The usual causes in words, where none is modelled.
    #[serde(default)]
    pub usual: Vec<String>,
    /// Whether signing in again helps.
    #[serde(default)]
    pub sign_in_again: Option<bool>,
    /// Whether signing in with another account helps, where signing in again with the same one does not.
    #[serde(default)]
    pub other_account: bool,
    /// Whether sending the same again later helps.
    #[serde(default)]
    pub retry: Option<bool>,
    /// Codes that it often stands beside, wraps or follows.
    #[serde(default)]
    pub echoes: Vec<String>,
    /// Which later success excuses it.
    #[serde(default)]
    pub excused_by: Excuse,
    /// What it says of the session.
    #[serde(default)]
    pub says: Vec<Said>,
    /// What to record or check next.
    pub next: String,
    /// Where the meaning comes from.
    #[serde(default)]
    pub references: Vec<String>,
    /// Who can do what about it, beside what its causes say.
    #[serde(default, rename = "fix")]
    pub fixes: Vec<Fix>,
}

/// How well a code's meaning is known.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
#[non_exhaustive]
pub enum Grade {
    /// It is documented.
    Sourced,
    /// It follows from its name, its neighbours or public reports.
    Inferred,
    /// It may be otherwise.
    #[default]
    Unsure,
}

/// Which later success of the same application excuses a failure.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
#[non_exhaustive]
pub enum Excuse {
    /// Any at the same authority.
    #[default]
    SameAuthority,
    /// One of the same resource: the failure is about that, about what the application may do with it, or about a policy
    /// that keeps people from it, and getting another one excuses nothing.
    SameResource,
}

/// What a code says of the session.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
#[non_exhaustive]
pub enum Said {
    /// Nobody is signed in. A silent attempt after a refusal says no more than that.
    NobodySignedIn,
    /// The session that is named does not exist. A sign-out from it has nothing left to do.
    SessionOver,
}

/// A failure that never got a code.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
#[non_exhaustive]
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
    /// The errors by which MSAL tells it, where it never gets a code: those that tell it best first.
    #[serde(default)]
    pub msal: Vec<String>,
    /// OAuth's errors that tell it and nothing else.
    #[serde(default)]
    pub oauth: Vec<String>,
    /// Sentences by which consoles, logs and libraries tell it, lower case; `…` stands for what may be between two parts.
    #[serde(default)]
    pub text: Vec<String>,
}

/// How bad a failure is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
#[non_exhaustive]
pub enum Severity {
    /// The person or application cannot go on.
    Error,
    /// Something is lost, but it goes on.
    Warning,
    /// Nothing is wrong.
    Info,
}

/// One cause.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
#[non_exhaustive]
pub struct Cause {
    /// Its id, in kebab-case.
    pub id: String,
    /// What happened.
    pub summary: String,
    /// What of a sign-in it lies in, where a working one can differ in that: names of [`SUBJECTS`].
    #[serde(default)]
    pub about: Vec<String>,
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

/// What of a sign-in a cause may lie in: parameters by their names; the tenant in the path and the host that were asked; the
/// window that the request was made in; the account that was signed in, and its password.
pub const SUBJECTS: [&str; 40] = [
    "SAMLRequest",
    "account",
    "acr_values",
    "amr_values",
    "brk_client_id",
    "brk_redirect_uri",
    "claims",
    "client_assertion",
    "client_assertion_type",
    "client_id",
    "client_secret",
    "code_challenge",
    "code_challenge_method",
    "code_verifier",
    "domain_hint",
    "frame",
    "grant_type",
    "host",
    "instance_aware",
    "login_hint",
    "max_age",
    "nonce",
    "p",
    "password",
    "prompt",
    "redirect_uri",
    "requested_token_use",
    "resource",
    "response_mode",
    "response_type",
    "scope",
    "sid",
    "state",
    "tenant",
    "wa",
    "wauth",
    "wfresh",
    "whr",
    "wreply",
    "wtrealm",
];

/// One piece of evidence: a condition over claims, and what it weighs.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
#[non_exhaustive]
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
    pub codes: Vec<ErrorCode>,
}

/// What a rule does when it holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
#[non_exhaustive]
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
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
#[non_exhaustive]
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
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
#[non_exhaustive]
pub struct Fix {
    /// Who.
    pub who: Audience,
    /// What.
    #[serde(rename = "do")]
    pub action: String,
    /// For which cases it is, in words, as explanations tell it; empty where the step says so itself. Without it, what its claims say.
    #[serde(default, rename = "where")]
    pub cases: Option<String>,
    /// Claims of which one must be seen for a diagnosis to tell it; empty where it always helps.
    #[serde(default)]
    pub when: Vec<String>,
    /// Claims of which none may be seen for a diagnosis to tell it.
    #[serde(default)]
    pub unless: Vec<String>,
    /// The codes for which a diagnosis tells it; empty for all.
    #[serde(default)]
    pub codes: Vec<ErrorCode>,
}

impl Fix {
    /// What somebody can do in every case.
    pub fn always(who: Audience, action: impl Into<String>) -> Self {
        Self { who, action: action.into(), cases: None, when: Vec::new(), unless: Vec::new(), codes: Vec::new() }
    }

    /// Every claim that its conditions name.
    pub fn claims(&self) -> impl Iterator<Item = &str> {
        self.when.iter().chain(&self.unless).map(String::as_str)
    }

    /// Whether it helps whatever the capture shows.
    pub fn helps_always(&self) -> bool {
        self.when.is_empty() && self.unless.is_empty() && self.codes.is_empty()
    }
}

/// Who can do something about a failure.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
#[non_exhaustive]
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

impl fmt::Display for Audience {
    /// The word in reports.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.name())
    }
}

impl Grade {
    /// The word in reports.
    pub fn name(self) -> &'static str {
        match self {
            Self::Sourced => "sourced",
            Self::Inferred => "inferred",
            Self::Unsure => "unsure",
        }
    }
}

impl Severity {
    /// The word in reports.
    pub fn name(self) -> &'static str {
        match self {
            Self::Error => "error",
            Self::Warning => "warning",
            Self::Info => "info",
        }
    }
}

impl fmt::Display for Severity {
    /// The word in reports.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.name())
    }
}

impl Side {
    /// The word in files and reports.
    pub fn name(self) -> &'static str {
        match self {
            Self::For => "for",
            Self::Against => "against",
            Self::Excludes => "excludes",
            Self::Requires => "requires",
        }
    }
}

impl Strength {
    /// The word in files and reports.
    pub fn name(self) -> &'static str {
        match self {
            Self::Decisive => "decisive",
            Self::Strong => "strong",
            Self::Weak => "weak",
        }
    }
}

impl Rule {
    /// Every claim that its condition names.
    pub fn claims(&self) -> impl Iterator<Item = &str> {
        self.all.iter().chain(&self.any).chain(&self.none).map(String::as_str)
    }
}

/// What is wrong with what stands in the place of a code.
pub(super) fn no_code(written: &str) -> String {
    format!("{written} is no error code: write it as AADSTS50058 or AADB2C90077")
}

impl Serialize for ErrorCode {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for ErrorCode {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_str(CodeVisitor)
    }
}

/// Reads a code where it stands, so that a mistake is told with its place.
struct CodeVisitor;

impl Visitor<'_> for CodeVisitor {
    type Value = ErrorCode;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("an error code")
    }

    fn visit_str<E: Error>(self, written: &str) -> Result<ErrorCode, E> {
        ErrorCode::parse_exactly(written).ok_or_else(|| E::custom(no_code(written)))
    }
}
