//! A log of MSAL that is all there is: errors, and no traffic.

use super::{Analysis, Inconclusive, Verdict};
use crate::capture::{Capture, Warning};
use crate::checks::{Beside, Expectation};
use crate::diagnosis::diagnose_log;
use crate::entra::Recording;
use crate::knowledge::Knowledge;
use crate::msal_log::MsalLog;

/// Why a log shows nothing of the traffic.
const NO_TRAFFIC: &str = "a log of MSAL holds no traffic";

/// Why nothing of what is given beside a capture is used.
const NOT_COMPARED: &str = "a log of MSAL alone names no request that could be compared with the tenant or application that is expected \
    (--expect-tenant, --expect-client or an entrace.toml)";
const SIGN_IN_LOGS_NOT_USED: &str =
    "the sign-in logs (--sign-in-logs) were not used: they belong beside recorded traffic, and a log of MSAL holds none";
const MSAL_LOGS_NOT_USED: &str = "the logs of MSAL that were given with --msal-log were not used: they belong beside recorded traffic, and a log of \
    MSAL holds none; name each of them like this one";

/// Analyses a log. What is given beside a capture has nothing in it to act on, which is told.
pub(super) fn analyze(capture: &Capture, text: &str, knowledge: &Knowledge, beside: &Beside) -> Analysis {
    let log = MsalLog::read(text);
    let diagnoses = diagnose_log(&log.events, knowledge);
    let fails = !diagnoses.is_empty();
    let creator = log.library.map(|library| match library.version {
        Some(version) => format!("{} {version}", library.name),
        None => library.name.to_owned(),
    });
    let told = log.warnings.into_iter().map(Warning::of_file).chain(not_used(beside).map(Warning::of_file));
    Analysis {
        format: capture.format,
        creator,
        redacted: false,
        entries: 0,
        sign_in_exchanges: 0,
        recording: Recording::of_no_traffic(NO_TRAFFIC),
        verdict: if fails { Verdict::Failing } else { Verdict::Inconclusive(Inconclusive::LogWithoutError) },
        warnings: capture.warnings.iter().cloned().chain(told).collect(),
        attempts: Vec::new(),
        permission_denied: Vec::new(),
        steps: Vec::new(),
        diagnoses,
        sign_in_log: None,
        msal_log: None,
    }
}

/// What was given and has nothing to act on.
fn not_used(beside: &Beside) -> impl Iterator<Item = &'static str> {
    let Beside { expectation, sign_in_logs, msal_logs } = beside;
    let given = [
        (*expectation != Expectation::default(), NOT_COMPARED),
        (!sign_in_logs.is_empty(), SIGN_IN_LOGS_NOT_USED),
        (!msal_logs.is_empty(), MSAL_LOGS_NOT_USED),
    ];
    given.into_iter().filter(|(is_given, _)| *is_given).map(|(_, told)| told)
}
