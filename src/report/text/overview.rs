//! What the capture holds: what it can show, every attempt, what was lost in reading.

use super::columns::Columns;
use super::page::{Page, Tone};
use super::words::{application, entries, kind};
use crate::analysis::{Analysis, AttemptSummary, Verdict};
use crate::capture::Warning;
use crate::entra::{Coverage, Part, Recording};
use crate::report::labels;
use crate::signin::Outcome;

/// How many attempts are listed; of more, those that worked are only counted.
const ATTEMPTS: usize = 24;
/// How many warnings are listed.
const WARNINGS: usize = 10;

/// Writes what the capture holds.
pub(super) fn write(page: &mut Page, analysis: &Analysis) {
    if analysis.verdict != Verdict::NoEntraTraffic {
        write_recording(page, &analysis.recording);
    }
    write_attempts(page, &analysis.attempts);
    write_warnings(page, &analysis.warnings);
}

fn write_recording(page: &mut Page, recording: &Recording) {
    heading(page, labels::RECORDING);
    let rows: Vec<[String; 3]> = parts(recording).into_iter().map(|(name, part)| row(name, part)).collect();
    let columns = Columns::fit(&rows, page.room(2));
    page.rows(2, &columns, &rows);
    if parts(recording).iter().any(|(_, part)| part.coverage != Coverage::Recorded) {
        page.paragraph(2, labels::ABSENCE);
    }
}

/// The parts; cookies and `Authorization` together where the same became of them.
pub(in crate::report) fn parts(recording: &Recording) -> Vec<(&'static str, &Part)> {
    let same = |a: &Part, b: &Part| a.coverage == b.coverage;
    let mut parts = Vec::new();
    if same(&recording.request_cookies, &recording.response_cookies) {
        parts.push(("cookies", &recording.response_cookies));
    } else {
        parts.push(("cookies sent", &recording.request_cookies));
        parts.push(("cookies set", &recording.response_cookies));
    }
    if !same(&recording.authorization, &recording.request_cookies) {
        parts.push(("Authorization", &recording.authorization));
    }
    if same(&recording.response_bodies, &recording.request_bodies) && recording.response_bodies.because == recording.request_bodies.because
    {
        parts.push(("bodies", &recording.response_bodies));
    } else {
        parts.push(("reply bodies", &recording.response_bodies));
        parts.push(("posted bodies", &recording.request_bodies));
    }
    parts.push(("URL fragments", &recording.fragments));
    parts.push(("frames", &recording.frames));
    parts
}

fn row(name: &str, part: &Part) -> [String; 3] {
    let place = part.entry.map(|entry| format!(" (#{entry})")).unwrap_or_default();
    [name.to_owned(), coverage(part.coverage).to_owned(), format!("{}{place}", part.because)]
}

/// How much of a part the recorder kept.
pub(in crate::report) fn coverage(coverage: Coverage) -> &'static str {
    match coverage {
        Coverage::Recorded => "recorded",
        Coverage::Stripped => "stripped",
        Coverage::Partly => "partly",
        Coverage::Unknown => "unknown",
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
        let who = who(attempt);
        let row = [attempt.id.to_string(), kind(attempt.kind).to_owned(), attempt.outcome.name().to_owned(), entries(&attempt.entries)];
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

fn who(attempt: &AttemptSummary) -> String {
    let application = application(attempt.client.as_deref(), attempt.client_id.as_deref());
    let application = application.unwrap_or_else(|| "an application that is not named".to_owned());
    match &attempt.tenant {
        Some(tenant) => format!("{application} at {tenant}"),
        None => application,
    }
}

fn write_warnings(page: &mut Page, warnings: &[Warning]) {
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
