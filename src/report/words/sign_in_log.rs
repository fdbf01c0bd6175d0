//! What the sign-in logs came to, in words.

use super::count;
use super::told::Told;
use crate::analysis::SignInLogSummary;
use crate::diagnosis::{Logged, Occurrence};
use crate::sign_in_log::By;

/// How many codes are named of failures that only the log has.
const CODES: usize = 8;

/// Which row is a failure, where a log was given.
pub(in crate::report) fn row(occurrence: &Occurrence) -> Option<Told<'_>> {
    Some(match occurrence.logged.as_ref()? {
        Logged::Row { by, log, row, code } => {
            let says = code.map_or_else(|| "no error".to_owned(), |code| code.to_string());
            Told::of(format!("row {row} of "), log, format!(", {}; it says {says}", found_by(*by)))
        }
        Logged::Several { rows, by } => format!("{rows} rows could be this failure {}, so none was taken", found_by(*by)).into(),
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
    let failures = |number| count(number, "failure", "failures");
    let mut found = format!("{} of the capture found in them", failures(summary.joined));
    if summary.ambiguous > 0 {
        found.push_str(&format!(", {} of which several rows could be it", summary.ambiguous));
    }
    if summary.not_found > 0 {
        found.push_str(&format!(", {} without a row", summary.not_found));
    }
    told.push(format!("{found}.").into());
    let unmatched: usize = summary.unmatched.iter().map(|(_, number)| number).sum();
    if unmatched > 0 {
        let codes = summary.unmatched.iter().take(CODES).map(|(code, number)| match number {
            1 => code.to_string(),
            number => format!("{code} ({number} times)"),
        });
        let more = (summary.unmatched.len() > CODES).then(|| "others".to_owned());
        let codes: Vec<String> = codes.chain(more).collect();
        let failures = failures(unmatched);
        let codes = codes.join(", ");
        told.push(
            format!("In the time of the capture the logs have {failures} of its applications that it does not show: {codes}.").into(),
        );
    }
    told
}
