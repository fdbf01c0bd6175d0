//! What the capture holds: what it can show, what was lost in reading, every attempt.

use super::document::Document;
use super::escape::{code, prose, told};
use super::evidence::in_words;
use super::failure::application;
use super::recorder;
use crate::analysis::{Analysis, AttemptSummary, Verdict};
use crate::capture::Warning;
use crate::entra::{Coverage, Recording};
use crate::report::labels;
use crate::report::words::recording::parts;
use crate::report::words::verdict::traffic;
use crate::report::words::{kind, outcome};
use crate::report::words::{msal_log, sign_in_log};

/// How many attempts are listed.
const ATTEMPTS: usize = 100;
/// How many warnings are listed.
const WARNINGS: usize = 50;

/// Writes what the capture holds, under headings of that level.
pub(super) fn write(document: &mut Document, level: usize, analysis: &Analysis) {
    document.heading(level, "The capture");
    document.block(&format!("{} · {}", recorder(analysis), prose(&traffic(analysis))));
    if analysis.verdict != Verdict::NoEntraTraffic {
        write_recording(document, &analysis.recording);
    }
    write_sign_in_logs(document, analysis);
    write_msal_logs(document, analysis);
    write_warnings(document, &analysis.warnings);
    document.folded(labels::ATTEMPTS, |inner| write_attempts(inner, &analysis.attempts));
}

/// Writes what the capture can show at all.
pub(super) fn write_recording(document: &mut Document, recording: &Recording) {
    let parts = parts(recording);
    document.label(labels::RECORDING);
    let rows = parts.iter().map(|(name, part)| {
        let place = part.entry.map(|entry| format!(" (entry {entry})")).unwrap_or_default();
        [prose(name), part.coverage.name().to_owned(), format!("{}{place}", prose(part.because))]
    });
    document.table(["Part", "In the file", "How that is known"], rows);
    if parts.iter().any(|(_, part)| part.coverage != Coverage::Recorded) {
        document.block(&prose(labels::ABSENCE));
    }
}

fn write_sign_in_logs(document: &mut Document, analysis: &Analysis) {
    let Some(summary) = &analysis.sign_in_log else { return };
    document.label(labels::SIGN_IN_LOGS);
    let lines: Vec<String> = sign_in_log::summary(summary).iter().map(told).collect();
    document.list(&lines);
}

fn write_msal_logs(document: &mut Document, analysis: &Analysis) {
    let Some(summary) = &analysis.msal_log else { return };
    document.label(labels::MSAL_LOGS);
    let lines: Vec<String> = msal_log::summary(summary).iter().map(told).collect();
    document.list(&lines);
}

/// Writes what was lost in reading.
pub(super) fn write_warnings(document: &mut Document, warnings: &[Warning]) {
    if warnings.is_empty() {
        return;
    }
    document.label(labels::LOST);
    let place = |warning: &Warning| warning.entry.map_or_else(|| "file".to_owned(), |entry| format!("entry {entry}"));
    let mut items: Vec<String> =
        warnings.iter().take(WARNINGS).map(|warning| format!("{}: {}", place(warning), prose(&warning.message))).collect();
    items.extend((warnings.len() > WARNINGS).then(|| format!("and {} more", warnings.len() - WARNINGS)));
    document.list(&items);
}

fn write_attempts(document: &mut Document, attempts: &[AttemptSummary]) {
    let row = |attempt: &AttemptSummary| {
        [
            attempt.id.to_string(),
            kind(attempt).to_owned(),
            outcome(attempt).to_owned(),
            in_words(&attempt.entries),
            application(attempt.client.as_deref(), attempt.client_id.as_deref()).unwrap_or_default(),
            attempt.tenant.as_deref().map(code).unwrap_or_default(),
        ]
    };
    document.table(["Attempt", "How", "Outcome", "Entries", "Application", "Tenant"], attempts.iter().take(ATTEMPTS).map(row));
    if attempts.len() > ATTEMPTS {
        document.block(&format!("and {} more", attempts.len() - ATTEMPTS));
    }
}
