//! What the logs of MSAL came to, in words.

use super::logged::{several, tally};
use super::told::Told;
use super::{count, time};
use crate::analysis::{MsalLogSummary, UnmatchedError};
use crate::diagnosis::{Logged, Occurrence};
use crate::entra::ErrorCode;
use crate::msal_log::By;

/// How many errors are named that only the log has.
const ERRORS: usize = 8;

/// Which error of a log is a failure, where a log was given.
pub(in crate::report) fn row(occurrence: &Occurrence) -> Option<Told<'_>> {
    Some(match occurrence.logged_by_msal.as_ref()? {
        Logged::At { by, log, place } => {
            let says = named(place.code, place.error);
            Told::of(format!("{} {} of ", place.part, place.number + 1), log, format!(", {}; it says {says}", found_by(*by)))
        }
        Logged::Several { count, by } => several(*count, "errors", found_by(*by)).into(),
        Logged::Nowhere => "no error with the ids of this failure".to_owned().into(),
    })
}

fn found_by(by: By) -> &'static str {
    match by {
        By::TraceId => "by the trace id",
        By::CorrelationId => "by the correlation id",
    }
}

/// An error by its code and name.
fn named(code: Option<ErrorCode>, error: Option<&str>) -> String {
    match (code, error) {
        (Some(code), Some(error)) => format!("{code} ({error})"),
        (Some(code), None) => code.to_string(),
        (None, error) => error.unwrap_or("nothing more").to_owned(),
    }
}

/// What the logs came to.
pub(in crate::report) fn summary(summary: &MsalLogSummary) -> Vec<Told<'_>> {
    let mut told: Vec<Told<'_>> = Vec::new();
    for log in &summary.logs {
        let by = log.library.as_ref().map(|library| format!(" by {}", library.name)).unwrap_or_default();
        told.push(Told::of("", &log.path, format!("{by}: {} read.", count(log.errors, "error", "errors"))));
        told.extend(log.warnings.iter().map(|warning| Told::of("", &log.path, format!(": {warning}."))));
    }
    told.push(tally(summary.tally, "errors", "an error of the same ids").into());
    told.extend(summary.unmatched.iter().take(ERRORS).map(only_in_log));
    let more = summary.unmatched.len().saturating_sub(ERRORS);
    if more > 0 {
        let kinds = count(more, "kind of error", "kinds of errors");
        told.push(format!("The logs have {kinds} more that the capture does not show.").into());
    }
    told
}

fn only_in_log(error: &UnmatchedError) -> Told<'_> {
    let times = if error.count == 1 { String::new() } else { format!(", {} times, the first", error.count) };
    let ids = [("correlation id", &error.correlation_id), ("trace id", &error.trace_id)];
    let ids: String = ids.iter().filter_map(|(label, id)| Some(format!(", {label} {}", id.as_ref()?))).collect();
    let at = error.timestamp.map(|at| format!(", {}", time(at))).unwrap_or_default();
    let what = named(error.code, error.error);
    Told::of(format!("The capture does not show {what}{times} in {} {} of ", error.part, error.row + 1), &error.log, format!("{ids}{at}."))
}
