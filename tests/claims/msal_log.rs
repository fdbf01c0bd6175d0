//! What the library's own log says of the failure.

use super::case::{Case, at, not_recorded, not_seen, seen};
use crate::support::{CaptureBuilder, capture, console};

const FAILING: &str = "silent/authorize";
const ERROR: &str = "msal-log[0].error";

/// A hidden frame without an answer, of which the recorder does not say why.
fn unanswered() -> CaptureBuilder {
    capture().silent_frame(|r| r.gets_no_answer(""))
}

pub(crate) fn cases() -> Vec<Case> {
    let mut cases = Vec::new();
    for (claim, error) in [
        ("msal-log.timed-out", "monitor_window_timeout"),
        ("msal-log.no-network", "no_network_connectivity"),
        ("msal-log.window-closed", "user_cancelled"),
        ("msal-log.reply-empty", "hash_empty_error"),
        ("msal-log.interaction-in-progress", "interaction_in_progress"),
        ("msal-log.frame-signs-in", "block_iframe_reload"),
        ("msal-log.window-not-opened", "popup_window_error"),
        ("msal-log.request-forgotten", "no_token_request_cache_error"),
    ] {
        let told = |when: &'static str, error: &str| seen(claim, when, unanswered(), [at(FAILING, ERROR)]).told_by(console(error));
        let other = if error == "user_cancelled" { "hash_empty_error" } else { "user_cancelled" };
        let unknown = |when, why| not_recorded(claim, when, unanswered(), why);
        cases.extend([
            told("the log says so", error),
            told("the log says so twice", error).told_by(console(error).and(error)),
            not_seen(claim, "the log names another error", unanswered(), [at(FAILING, ERROR)]).told_by(console(other)),
            unknown("no log is given", "--msal-log"),
            unknown("the log is of another call", "no error with the ids").told_by(console(error).of_other_call()),
            unknown("the log names two errors of the call", "2 errors").told_by(console(error).and(other)),
            not_recorded(claim, "the failure has a code", capture().silent_frame(|r| r), "no error with the ids").told_by(console(error)),
        ]);
    }
    cases
}
