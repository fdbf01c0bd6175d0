//! What the capture holds: what it can show, every attempt, what was lost in reading.

use super::columns::Columns;
use super::page::{Page, Tone};
use crate::analysis::{Analysis, AttemptSummary, Verdict};
use crate::capture::Format;
use crate::capture::Warning;
use crate::entra::Recording;
use crate::report::labels;
use crate::report::words::{self, entries, kind, msal_log, recording, sign_in_log};
use crate::signin::Outcome;

/// How many attempts are listed; of more, those that worked are only counted.
const ATTEMPTS: usize = 24;
/// How many warnings are listed.
const WARNINGS: usize = 10;

/// Writes what the capture holds.
pub(super) fn write(page: &mut Page, analysis: &Analysis) {
    // A log without traffic has said so above.
    if analysis.verdict != Verdict::NoEntraTraffic && analysis.format != Format::MsalLog {
        write_recording(page, &analysis.recording);
    }
    write_sign_in_logs(page, analysis);
    write_msal_logs(page, analysis);
    write_attempts(page, &analysis.attempts);
    write_warnings(page, &analysis.warnings);
}

/// Writes what the capture can show at all.
pub(super) fn write_recording(page: &mut Page, recording: &Recording) {
    heading(page, labels::RECORDING);
    let rows = recording::rows(recording);
    let columns = Columns::fit(&rows, page.room(2));
    page.rows(2, &columns, &rows);
    if recording::is_incomplete(recording) {
        page.paragraph(2, labels::ABSENCE);
    }
}

fn write_sign_in_logs(page: &mut Page, analysis: &Analysis) {
    let Some(summary) = &analysis.sign_in_log else { return };
    heading(page, labels::SIGN_IN_LOGS);
    for told in sign_in_log::summary(summary) {
        page.paragraph(2, &told.to_string());
    }
}

fn write_msal_logs(page: &mut Page, analysis: &Analysis) {
    let Some(summary) = &analysis.msal_log else { return };
    heading(page, labels::MSAL_LOGS);
    for told in msal_log::summary(summary) {
        page.paragraph(2, &told.to_string());
    }
}

fn write_attempts(page: &mut Page, attempts: &[AttemptSummary]) {
    if attempts.is_empty() {
        return;
    }
    heading(page, labels::ATTEMPTS);
    let crowded = attempts.len() > ATTEMPTS;
    let listed: Vec<&AttemptSummary> =
        attempts.iter().filter(|attempt| !crowded || attempt.outcome != Outcome::Succeeded).take(ATTEMPTS).collect();
    let mut groups: Vec<(String, Vec<[String; 4]>)> = Vec::new();
    for attempt in &listed {
        let who = words::who(attempt);
        let row = [attempt.id.to_string(), kind(attempt).to_owned(), words::outcome(attempt).to_owned(), entries(&attempt.entries)];
        match groups.iter_mut().find(|(known, _)| *known == who) {
            Some((_, rows)) => rows.push(row),
            None => groups.push((who, vec![row])),
        }
    }
    let columns = Columns::fit(groups.iter().flat_map(|(_, rows)| rows), page.room(4));
    for (who, rows) in &groups {
        page.paragraph(2, who);
        page.rows(4, &columns, rows);
    }
    if listed.len() < attempts.len() {
        page.paragraph(2, &format!("and {} more", attempts.len() - listed.len()));
    }
}

/// Writes what was lost in reading.
pub(super) fn write_warnings(page: &mut Page, warnings: &[Warning]) {
    if warnings.is_empty() {
        return;
    }
    heading(page, labels::LOST);
    let row =
        |warning: &Warning| [warning.entry.map(|entry| format!("#{entry}")).unwrap_or_else(|| "file".to_owned()), warning.message.clone()];
    let rows: Vec<[String; 2]> = warnings.iter().take(WARNINGS).map(row).collect();
    let columns = Columns::fit(&rows, page.room(2));
    page.rows(2, &columns, &rows);
    if warnings.len() > WARNINGS {
        page.paragraph(2, &format!("and {} more", warnings.len() - WARNINGS));
    }
}

fn heading(page: &mut Page, text: &str) {
    page.blank();
    page.line(0, &[(Tone::Heading, text)]);
}
