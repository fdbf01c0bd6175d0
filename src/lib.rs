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
//! # Ok::<(), entrace::capture::CaptureError>(())
//! ```
//!
//! A capture is read by [`capture`], decoded by [`entra`], stitched into attempts by [`signin`], observed by
//! [`checks`] and diagnosed by [`diagnosis`] with what [`knowledge`] holds; [`report`] writes it down.
//! [`explain`] says what a code or cause means without a capture.

pub mod analysis;
mod bundle;
pub mod capture;
pub mod checks;
pub mod cli;
pub mod compare;
pub mod diagnosis;
pub mod entra;
pub mod exchange;
pub mod explain;
pub mod knowledge;
pub mod msal_log;
pub mod redact;
pub mod report;
pub mod serve;
pub mod sign_in_log;
pub mod signin;

pub use analysis::{Analysis, analyze};
pub use capture::Capture;
pub use knowledge::Knowledge;
