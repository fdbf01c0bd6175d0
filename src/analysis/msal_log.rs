//! Logs of MSAL beside a capture: what became of their errors.

use super::Tally;
use crate::diagnosis::{Diagnosis, Logged};
use crate::entra::{ErrorCode, Guid};
use crate::msal_log::{Event, MsalLogFile, MsalLogs};
use chrono::{DateTime, Utc};
use std::collections::{HashMap, HashSet};

/// What became of the logs of MSAL beside a capture.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct MsalLogSummary {
    /// The files.
    pub logs: Vec<MsalLogFile>,
    /// How many failures of the capture were found in them.
    pub tally: Tally,
    /// Errors that the logs have and the capture does not show: one of each code or name.
    pub unmatched: Vec<UnmatchedError>,
}

/// An error of a log that the capture does not show.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct UnmatchedError {
    /// The code.
    pub code: Option<ErrorCode>,
    /// The library's or OAuth's name of it.
    pub error: Option<&'static str>,
    /// How often the logs have it.
    pub count: usize,
    /// The path of the log that has the first of them.
    pub log: String,
    /// The line or object of that, counted from 0.
    pub row: usize,
    /// Which of the two: `line` or `error`.
    pub part: &'static str,
    /// Its correlation id.
    pub correlation_id: Option<Guid>,
    /// Its trace id.
    pub trace_id: Option<Guid>,
    /// When that was: by the service, else by the library.
    pub timestamp: Option<DateTime<Utc>>,
}

/// What became of logs beside a capture.
pub(super) fn summarize(logs: &MsalLogs, diagnoses: &[Diagnosis]) -> Option<MsalLogSummary> {
    if logs.is_empty() {
        return None;
    }
    let mut summary = MsalLogSummary { logs: logs.files.clone(), tally: Tally::default(), unmatched: Vec::new() };
    let mut told: HashSet<(&str, usize)> = HashSet::new();
    let mut open: HashSet<&Guid> = HashSet::new();
    for occurrence in diagnoses.iter().flat_map(|diagnosis| &diagnosis.occurrences) {
        let Some(logged) = &occurrence.logged_by_msal else { continue };
        summary.tally.add(logged);
        match logged {
            Logged::At { log, place, .. } => {
                told.insert((log, place.number));
            }
            Logged::Several { .. } => open.extend(occurrence.correlation_id.iter().chain(&occurrence.trace_id)),
            Logged::Nowhere => {}
        }
    }
    let mut known: HashMap<(Option<ErrorCode>, Option<&'static str>), usize> = HashMap::new();
    for event in logs.events() {
        let path = logs.file_of(event).map(|file| file.path.as_str()).unwrap_or_default();
        let is_open = event.correlation_id.iter().chain(&event.trace_id).any(|id| open.contains(id));
        if is_open || told.contains(&(path, event.number)) {
            continue;
        }
        let at = *known.entry((event.code(), event.error)).or_insert(summary.unmatched.len());
        match summary.unmatched.get_mut(at) {
            Some(unmatched) => unmatched.count += 1,
            None => summary.unmatched.push(unmatched(event, path)),
        }
    }
    Some(summary)
}

fn unmatched(event: &Event, path: &str) -> UnmatchedError {
    UnmatchedError {
        code: event.code(),
        error: event.error,
        count: 1,
        log: path.to_owned(),
        row: event.number,
        part: event.part,
        correlation_id: event.correlation_id.clone(),
        trace_id: event.trace_id.clone(),
        timestamp: event.at(),
    }
}
