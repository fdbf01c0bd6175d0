//! What the sign-in logs came to, in words.

use super::count;
use super::logged::{several, tally};
use super::told::Told;
use crate::analysis::SignInLogSummary;
use crate::diagnosis::{Logged, Occurrence};
use crate::sign_in_log::By;

/// How many codes are named of failures that only the log has.
const CODES: usize = 8;

/// Which row is a failure, where a log was given.
pub(in crate::report) fn row(occurrence: &Occurrence) -> Option<Told<'_>> {
    Some(match occurrence.logged.as_ref()? {
        Logged::At { by, log, place } => {
            let says = place.code.map_or_else(|| "no error".to_owned(), |code| code.to_string());
            Told::of(format!("row {} of ", place.row), log, format!(", {}; it says {says}", found_by(*by)))
        }
        Logged::Several { count, by } => several(*count, "rows", found_by(*by)).into(),
        Logged::Nowhere => "no row of this failure".to_owned().into(),
    })
}

fn found_by(by: By) -> &'static str {
    match by {
        By::RequestId => "by the request id",
        By::CorrelationId => "by the correlation id and the code",
        By::Time => "by time, application and account only, which is weaker than an id",
    }
}

/// What the logs came to.
pub(in crate::report) fn summary(summary: &SignInLogSummary) -> Vec<Told<'_>> {
    let mut told: Vec<Told<'_>> = Vec::new();
    for log in &summary.logs {
        told.push(Told::of("", &log.path, format!(": {} read.", count(log.rows, "sign-in", "sign-ins"))));
        told.extend(log.warnings.iter().map(|warning| Told::of("", &log.path, format!(": {warning}."))));
    }
    told.push(tally(summary.tally, "rows", "a row").into());
    let unmatched: usize = summary.unmatched.iter().map(|(_, number)| number).sum();
    if unmatched > 0 {
        let codes = summary.unmatched.iter().take(CODES).map(|(code, number)| match number {
            1 => code.to_string(),
            number => format!("{code} ({number} times)"),
        });
        let more = (summary.unmatched.len() > CODES).then(|| "others".to_owned());
        let codes: Vec<String> = codes.chain(more).collect();
        let failures = count(unmatched, "failure", "failures");
        let codes = codes.join(", ");
        told.push(
            format!("In the time of the capture the logs have {failures} of its applications that it does not show: {codes}.").into(),
        );
    }
    told
}
