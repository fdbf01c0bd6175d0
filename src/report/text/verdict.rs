//! What a capture is, and what it comes to: the lines that are read first.

use super::columns::Columns;
use super::page::{Page, Tone};
use crate::analysis::{Analysis, Verdict};
use crate::diagnosis::Diagnosis;
use crate::report::CaptureReport;
use crate::report::words::code;
use crate::report::words::verdict::{STORIES, in_one_sentence, reason, recorder, told, word};
use std::iter;

/// Writes what the capture is.
pub(super) fn write_header(page: &mut Page, path: &str, analysis: &Analysis) {
    page.line(0, &[(Tone::Heading, path)]);
    page.paragraph(0, &recorder(analysis));
    page.blank();
}

/// Writes the verdict with the reason for it.
pub(super) fn write(page: &mut Page, analysis: &Analysis) {
    page.line(0, &[(Tone::Label, "Verdict: "), (tone(analysis.verdict), word(analysis.verdict))]);
    match told(analysis).as_slice() {
        [] => page.paragraph(0, &reason(analysis)),
        [only] => page.paragraph(0, &format!("{}: {}", reason(analysis), in_one_sentence(only))),
        several => {
            page.paragraph(0, &format!("{}:", reason(analysis)));
            for diagnosis in several.iter().take(STORIES) {
                page.item(2, &format!("{}.", diagnosis.id), &in_one_sentence(diagnosis));
            }
            if several.len() > STORIES {
                page.paragraph(2, &format!("and {} more", several.len() - STORIES));
            }
        }
    }
}

fn tone(verdict: Verdict) -> Tone {
    match verdict {
        Verdict::Failing => Tone::Bad,
        Verdict::Handled | Verdict::Healthy => Tone::Good,
        Verdict::Inconclusive | Verdict::NoEntraTraffic => Tone::Doubtful,
    }
}

/// Writes what several captures come to.
pub(super) fn write_all(page: &mut Page, captures: &[CaptureReport<'_>]) {
    page.line(0, &[(Tone::Heading, &format!("{} captures", captures.len()))]);
    let rows: Vec<[String; 2]> = captures.iter().flat_map(in_short).collect();
    let columns = Columns::fit(&rows, page.room(2));
    page.rows(2, &columns, &rows);
}

/// The verdict and the path, then a row for each failure that made it so.
fn in_short(capture: &CaptureReport<'_>) -> Vec<[String; 2]> {
    let row = |word: &str, text: String| [word.to_owned(), text];
    let Ok(analysis) = &capture.outcome else { return vec![row("not read", capture.path.to_owned())] };
    let cause = |diagnosis: &Diagnosis| diagnosis.causes.first().map(|cause| cause.id.clone()).unwrap_or_default();
    let failures = told(analysis).into_iter().map(|diagnosis| row("", format!("  {} {}", code(diagnosis), cause(diagnosis))));
    iter::once(row(word(analysis.verdict), capture.path.to_owned())).chain(failures).collect()
}
