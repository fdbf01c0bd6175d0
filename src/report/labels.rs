//! The headings and set phrases that the reports for people share.

/// What usually lies behind a code of which no capture tells the cause.
pub(super) const USUAL: &str = "Usual causes";
/// What speaks for a cause.
pub(super) const WHY: &str = "Why we think so";
/// What speaks against it.
pub(super) const AGAINST: &str = "What speaks against it";
/// What is seen where the cause is open.
pub(super) const SHOWN: &str = "What it does show";
/// What was not recorded.
pub(super) const UNKNOWN: &str = "What this capture can't tell";
/// Who can do what.
pub(super) const TO_DO: &str = "What to do";
/// The same where nothing has to be done, because the application went on by itself.
pub(super) const IF_AGAIN: &str = "If it comes again";
/// What keeps a candidate open of which nothing is known.
pub(super) const OPEN: &str = "Open";
/// The candidates where the cause is open.
pub(super) const CANDIDATES: &str = "What it may be";
/// The candidates behind the first cause.
pub(super) const LESS_PROBABLE: &str = "Less probable";
/// What speaks for a candidate.
pub(super) const FOR_IT: &str = "For it";
/// What speaks against a candidate.
pub(super) const AGAINST_IT: &str = "Against it";
/// The causes that are out.
pub(super) const RULED_OUT: &str = "Ruled out";
/// Documentation.
pub(super) const REFERENCES: &str = "To read";
/// What to record or look up.
pub(super) const NEXT: &str = "Next";
/// What the recorder kept.
pub(super) const RECORDING: &str = "What this capture can show";
/// What that means.
pub(super) const ABSENCE: &str = "What this file does not record may still have been on the wire: nothing was concluded from its absence.";
/// What the service's own logs came to.
pub(super) const SIGN_IN_LOGS: &str = "Sign-in logs";
/// What the library's own logs came to.
pub(super) const MSAL_LOGS: &str = "Logs of MSAL";
/// Every attempt.
pub(super) const ATTEMPTS: &str = "Attempts to sign in or get a token";
/// The warnings.
pub(super) const LOST: &str = "Lost in reading";
/// A capture that is none.
pub(super) const NOT_READ: &str = "Not read";

/// The heading of what can be done about a failure, which may have been handled.
pub(super) fn to_do(handled: bool) -> &'static str {
    if handled { IF_AGAIN } else { TO_DO }
}
