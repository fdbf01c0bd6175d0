//! Reads a recorded network trace, finds the Microsoft Entra ID sign-in traffic in it, and says why the
//! sign-in failed: which error, which of its possible causes, on what evidence, who can fix it and how.
//!
//! ```
//! use entrace::{Capture, Knowledge, analyze};
//!
//! let capture = Capture::open("fixtures/third-party-cookies-blocked.v4.devtools-full.har".as_ref())?;
//! let analysis = analyze(&capture, &Knowledge::builtin());
//! let diagnosis = &analysis.diagnoses[0];
//! assert_eq!(diagnosis.code.map(|code| code.to_string()).as_deref(), Some("AADSTS50058"));
//! assert_eq!(diagnosis.causes[0].id, "third-party-cookies-blocked");
//! assert_eq!(diagnosis.causes[0].fixes[0].who.name(), "developer");
//! # Ok::<(), entrace::capture::CaptureError>(())
//! ```
//!
//! # What to use for what
//!
//! | for | there is |
//! |---|---|
//! | reading a capture | [`Capture::open`], of bytes [`Capture::from_bytes`]; of an archive of several, with a password or other limits [`Capture::open_all`] and [`capture::Options`] |
//! | diagnosing it | [`analyze`]; with sign-in logs, logs of MSAL or what the user expects to see [`analysis::analyze_beside`] and [`checks::Beside`] |
//! | reading what it comes to | [`Analysis`]: its [`verdict`](analysis::Verdict), its [`diagnoses`](diagnosis::Diagnosis) with their ranked [causes](diagnosis::RankedCause), its [`attempts`](analysis::AttemptSummary) |
//! | telling the sign-in step by step | [`Analysis::steps`](analysis::StepSummary) |
//! | a report | [`report`]: `text`, `json`, `ndjson`, `markdown`, `html`, `sarif` |
//! | a copy without secrets | [`redact::redact`] |
//! | where a working and a failing sign-in part | [`compare::compare`] |
//! | what a code or cause means, without a capture | [`explain::explain`] |
//! | codes and causes of one's own | [`Knowledge::add_folder`] |
//!
//! # What holds everywhere
//!
//! - Nothing opens an outbound connection. The command line apart, nothing reads a clock or an environment variable, or prints;
//!   the same capture gives the same analysis and the same bytes of a report.
//! - A capture is hostile. Reading it gives an error or [warnings](capture::Warning) and never a panic, and takes time and
//!   memory in proportion to its size, within [limits](capture::Limits).
//! - What is secret in a capture is an [`exchange::Secret`] or a raw text, which cannot be printed. What an [`Analysis`] holds
//!   may be shown: codes, ids, times, names, and [`Evidence`](entra::Evidence) by an allow-list.
//! - Entries count from 0, in the order of the file. Times are UTC; what is counted in milliseconds or bytes says so.
//! - Enumerations and structures that will grow are `#[non_exhaustive]`. Of those that are filled in by the caller (`Options`,
//!   `Limits`, `Beside`, `Expectation`) name what you set and take the rest from `Default`.
//! - `name()` and `id()`, and where there is one `Display`, are the words of the JSON reports, which never change once released.
//!
//! # Features
//!
//! `cli`, which is on unless it is switched off, brings the command line and what `entrace serve` needs. A program that uses the
//! library does without: `default-features = false`.
//!
//! # How it works
//!
//! A capture is read by [`capture`] into the neutral model of [`exchange`], decoded by [`entra`], stitched into attempts by
//! [`signin`], observed by [`checks`] and diagnosed by [`diagnosis`] with what [`knowledge`] holds; [`analysis`] is all of it in
//! one call. The rooms in between are public so that what they say can be read, not because they have to be called.

pub mod analysis;
#[cfg(feature = "cli")]
mod bundle;
pub mod capture;
pub mod checks;
#[cfg(feature = "cli")]
#[doc(hidden)]
pub mod cli;
pub mod compare;
pub mod diagnosis;
pub mod entra;
pub mod exchange;
pub mod explain;
pub mod knowledge;
pub mod logs;
pub mod msal_log;
pub mod redact;
pub mod report;
#[cfg(feature = "cli")]
mod serve;
pub mod sign_in_log;
pub mod signin;

pub use analysis::{Analysis, analyze};
pub use capture::Capture;
pub use knowledge::Knowledge;

/// What threads may share, and errors that any caller can hand on. A type that loses it fails the build.
const _: () = {
    const fn is_shared<T: Send + Sync>() {}
    const fn is_error<E: std::error::Error + Send + Sync + 'static>() {}

    is_shared::<Capture>();
    is_shared::<Knowledge>();
    is_shared::<Analysis>();
    is_shared::<checks::Beside>();
    is_shared::<compare::Comparison>();
    is_shared::<capture::Document>();
    is_shared::<redact::Redacted>();
    is_error::<capture::CaptureError>();
    is_error::<capture::LimitError>();
    is_error::<knowledge::Mistake>();
    is_error::<msal_log::MsalLogError>();
    is_error::<redact::RedactError>();
    is_error::<sign_in_log::SignInLogError>();
};
