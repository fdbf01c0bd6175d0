//! What became of the sign-in logs: how many failures were found in them, and which they have that the capture lacks.

use super::Tally;
use crate::diagnosis::{Diagnosis, Logged};
use crate::entra::{ErrorCode, Guid, Traffic};
use crate::sign_in_log::{SignInLogFile, SignInLogs};
use crate::signin::SignIns;
use std::collections::{BTreeMap, HashSet};

/// How far before and after the capture a logged sign-in still belongs to its time, in seconds.
const AROUND: i64 = 120;

/// What became of the sign-in logs.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct SignInLogSummary {
    /// The files.
    pub logs: Vec<SignInLogFile>,
    /// How many failures of the capture were found in them.
    pub tally: Tally,
    /// Failures that the logs have of the capture's applications, in the time of the capture, and the capture does not
    /// show: by code, each with how many.
    pub unmatched: Vec<(ErrorCode, usize)>,
}

pub(super) fn summarize(logs: &SignInLogs, traffic: &Traffic<'_>, sign_ins: &SignIns, diagnoses: &[Diagnosis]) -> Option<SignInLogSummary> {
    if logs.is_empty() {
        return None;
    }
    let mut summary = SignInLogSummary { logs: logs.files.clone(), tally: Tally::default(), unmatched: Vec::new() };
    let mut told: HashSet<(&str, usize)> = HashSet::new();
    for logged in diagnoses.iter().flat_map(|diagnosis| &diagnosis.occurrences).filter_map(|occurrence| occurrence.logged.as_ref()) {
        summary.tally.add(logged);
        if let Logged::At { log, place, .. } = logged {
            told.insert((log, place.row));
        }
    }
    let clients: HashSet<&Guid> = sign_ins.attempts.iter().filter_map(|attempt| attempt.client.as_ref()?.guid()).collect();
    let times = || traffic.steps.iter().filter_map(|step| step.date().or(step.started)).map(|time| time.timestamp());
    if let (Some(first), Some(last)) = (times().min(), times().max()) {
        let mut unmatched: BTreeMap<ErrorCode, usize> = BTreeMap::new();
        for row in logs.between(first.saturating_sub(AROUND), last.saturating_add(AROUND)) {
            let of_application = row.client.as_ref().is_some_and(|client| clients.contains(client));
            let path = logs.file_of(row).map(|file| file.path.as_str()).unwrap_or_default();
            if let Some(code) = row.ending.code().filter(|_| of_application && !told.contains(&(path, row.number))) {
                *unmatched.entry(code).or_default() += 1;
            }
        }
        summary.unmatched = unmatched.into_iter().collect();
    }
    Some(summary)
}
