//! One failure as a story: what, where, why, what to do.

use super::causes::{self, INDENT};
use super::columns::Columns;
use super::page::{Page, Tone};
use crate::analysis::Analysis;
use crate::diagnosis::{Diagnosis, Occurrence};
use crate::report::words::{code, count, failure, handled, time};

/// How many repetitions are listed.
const REPETITIONS: usize = 4;

/// Writes one failure.
pub(super) fn write(page: &mut Page, analysis: &Analysis, diagnosis: &Diagnosis) {
    write_heading(page, diagnosis);
    page.blank();
    write_place(page, analysis, diagnosis);
    page.blank();
    causes::write(page, diagnosis);
}

fn write_heading(page: &mut Page, diagnosis: &Diagnosis) {
    let number = format!("{}. ", diagnosis.id);
    let code = code(diagnosis);
    let tone = if diagnosis.is_handled() { Tone::Doubtful } else { Tone::Bad };
    let mut about = vec![diagnosis.severity.name()];
    about.extend(diagnosis.error);
    about.extend(handled::aside(diagnosis));
    let about = format!(" · {}", about.join(" · "));
    page.line(0, &[(Tone::Heading, &number), (tone, &code), (Tone::Plain, &about)]);
    // A title that only repeats the code says nothing.
    if !diagnosis.title.contains(&code) {
        page.heading(INDENT, &diagnosis.title);
    }
}

fn write_place(page: &mut Page, analysis: &Analysis, diagnosis: &Diagnosis) {
    let fields = failure::fields(analysis, diagnosis);
    page.fields(INDENT, fields.iter().map(|(label, value)| (*label, value.as_str())));
    write_repetitions(page, diagnosis.occurrences.get(1..).unwrap_or_default());
}

fn write_repetitions(page: &mut Page, again: &[Occurrence]) {
    if again.is_empty() {
        return;
    }
    let label = format!("{}:", count(again.len(), "repetition", "repetitions"));
    page.line(INDENT, &[(Tone::Label, &label)]);
    let row = |occurrence: &Occurrence| {
        let id = occurrence.correlation_id.as_ref().map(ToString::to_string);
        [failure::entry(occurrence), occurrence.timestamp.map(time).unwrap_or_default(), id.unwrap_or_default()]
    };
    let rows: Vec<[String; 3]> = again.iter().take(REPETITIONS).map(row).collect();
    let indent = INDENT + 2;
    let columns = Columns::fit(&rows, page.room(indent));
    page.rows(indent, &columns, &rows);
    if again.len() > REPETITIONS {
        page.paragraph(indent, &format!("and {} more", again.len() - REPETITIONS));
    }
}
