//! One thing that is otherwise in the other capture.

use crate::entra::Evidence;

/// Something that differs, with the places that show it.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Difference {
    /// What part of the protocol it is about.
    pub aspect: Aspect,
    /// Which parameter, or `tenant`, `host`, `frame`, `account`, `password`: what a cause may lie in.
    pub subject: Option<&'static str>,
    /// What it has to do with the failure.
    pub role: Role,
    /// The step, in the words of the protocol; empty for what is true of the whole capture.
    pub step: String,
    /// What differs, as a sentence.
    pub statement: String,
    /// Where the working capture shows it.
    pub working: Vec<Evidence>,
    /// Where the failing capture shows it.
    pub failing: Vec<Evidence>,
}

/// What part of the protocol a difference is about.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Aspect {
    /// A step that only one of the two takes.
    Step,
    /// Which authority and tenant were asked.
    Authority,
    /// A parameter.
    Parameter,
    /// `prompt`.
    Prompt,
    /// The account that was signed in.
    Account,
    /// The password that was typed.
    Password,
    /// `login_hint`, `domain_hint` or `sid`: who is asked for.
    AccountHint,
    /// `scope` or `resource`.
    Scope,
    /// `claims`.
    Claims,
    /// `redirect_uri`.
    RedirectUri,
    /// A cookie that was sent or withheld.
    CookieSent,
    /// A cookie that was set.
    CookieSet,
    /// In which window the request was made, and for which site.
    Frame,
    /// Whether the browser allows a frame its cookies.
    StorageAccess,
    /// What the device or a proxy adds to requests.
    Device,
    /// What came back.
    Reply,
    /// What a token says.
    Token,
    /// How long it took.
    Timing,
    /// The browser.
    Browser,
    /// The library in the application.
    Library,
    /// The program that recorded the capture.
    Recorder,
}

/// What a difference has to do with the failure.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
#[non_exhaustive]
pub enum Role {
    /// It is what the explanation rests on.
    Explains,
    /// It speaks for the cause of the failure.
    Supports,
    /// It is the failure itself: how the failing step was answered.
    Outcome,
    /// It differs, and the diagnosis does not rest on it.
    Bystander,
    /// Browsers, libraries and recorders.
    Context,
}

impl Aspect {
    /// Whether it is about what came back.
    pub fn is_of_the_answer(self) -> bool {
        matches!(self, Self::Reply | Self::CookieSet | Self::Token)
    }

    /// The word in reports.
    pub fn name(self) -> &'static str {
        match self {
            Self::Step => "step",
            Self::Authority => "authority",
            Self::Parameter => "parameter",
            Self::Prompt => "prompt",
            Self::Account => "account",
            Self::Password => "password",
            Self::AccountHint => "account-hint",
            Self::Scope => "scope",
            Self::Claims => "claims",
            Self::RedirectUri => "redirect-uri",
            Self::CookieSent => "cookie-sent",
            Self::CookieSet => "cookie-set",
            Self::Frame => "frame",
            Self::StorageAccess => "storage-access",
            Self::Device => "device",
            Self::Reply => "reply",
            Self::Token => "token",
            Self::Timing => "timing",
            Self::Browser => "browser",
            Self::Library => "library",
            Self::Recorder => "recorder",
        }
    }
}

impl Role {
    /// The word in reports.
    pub fn name(self) -> &'static str {
        match self {
            Self::Explains => "explains",
            Self::Supports => "supports",
            Self::Outcome => "outcome",
            Self::Bystander => "bystander",
            Self::Context => "context",
        }
    }
}
