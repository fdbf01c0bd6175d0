//! What a capture is, and what it comes to: the lines that are read first.

use super::columns::Columns;
use super::page::{Page, Tone};
use super::words::{code, count, sentence, within_sentence};
use crate::analysis::{Analysis, Verdict};
use crate::diagnosis::{Confidence, Diagnosis, NOT_MODELLED, UNDETERMINED};
use crate::report::CaptureReport;
use crate::signin::Outcome;

/// Writes what the capture is.
pub(super) fn write_header(page: &mut Page, path: &str, analysis: &Analysis) {
    page.line(0, &[(Tone::Heading, path)]);
    let format = analysis.format.to_uppercase();
    let recorder = analysis.creator.as_deref().map_or(format.clone(), |creator| format!("{format} by {creator}"));
    let entries = count(analysis.entries, "entry", "entries");
    page.paragraph(0, &format!("{recorder} · {entries}, {} of them sign-in traffic", analysis.sign_in_exchanges));
    page.blank();
}

/// Writes the verdict with the reason for it.
pub(super) fn write(page: &mut Page, analysis: &Analysis) {
    let (tone, word) = word(analysis.verdict);
    page.line(0, &[(Tone::Label, "Verdict: "), (tone, word)]);
    page.paragraph(0, &reason(analysis));
}

fn word(verdict: Verdict) -> (Tone, &'static str) {
    match verdict {
        Verdict::Failing => (Tone::Bad, "failing"),
        Verdict::Handled => (Tone::Good, "handled"),
        Verdict::Healthy => (Tone::Good, "healthy"),
        Verdict::Inconclusive => (Tone::Doubtful, "inconclusive"),
        Verdict::NoEntraTraffic => (Tone::Doubtful, "no Entra traffic"),
    }
}

fn reason(analysis: &Analysis) -> String {
    let handled = analysis.diagnoses.iter().filter(|diagnosis| diagnosis.handled).count();
    let open = analysis.diagnoses.len() - handled;
    match analysis.verdict {
        Verdict::Failing => {
            let first = analysis.diagnoses.iter().find(|diagnosis| !diagnosis.handled);
            let story = first.map(in_one_sentence).unwrap_or_default();
            let more = match handled {
                0 => String::new(),
                _ => format!(" {} was handled: what was asked for came later.", count(handled, "further failure", "further failures")),
            };
            match open {
                1 => format!("1 failure that nothing later in the capture puts right: {story}{more}"),
                _ => format!("{open} failures that nothing later in the capture puts right. The first: {story}{more}"),
            }
        }
        Verdict::Handled => {
            let story = analysis.diagnoses.first().map(in_one_sentence).unwrap_or_default();
            format!("{}, but the application got what it asked for afterwards: {story}", count(handled, "failure", "failures"))
        }
        Verdict::Healthy => {
            let worked = analysis.attempts.iter().filter(|attempt| attempt.outcome == Outcome::Succeeded).count();
            format!(
                "{} worked, and nothing failed.",
                count(worked, "attempt to sign in or get a token", "attempts to sign in or get a token")
            )
        }
        Verdict::Inconclusive => analysis.inconclusive.unwrap_or("The capture does not show how the sign-in ended.").to_owned(),
        Verdict::NoEntraTraffic => {
            "No entry goes to a Microsoft sign-in service or names one of its errors. Record in the window in which the \
                                    sign-in happens, from before it begins, with Preserve log on."
                .to_owned()
        }
    }
}

/// A failure with its cause.
fn in_one_sentence(diagnosis: &Diagnosis) -> String {
    let what = format!("{}, {}", code(diagnosis), within_sentence(&diagnosis.title));
    format!("{what}. {}", sentence(&cause_in_words(diagnosis)))
}

fn cause_in_words(diagnosis: &Diagnosis) -> String {
    let Some(first) = diagnosis.causes.first() else { return "No cause is known".to_owned() };
    match (first.id.as_str(), first.confidence) {
        (NOT_MODELLED, _) => "entrace does not know its causes yet (not-modelled)".to_owned(),
        (UNDETERMINED, _) => match diagnosis.causes.get(1..).unwrap_or_default() {
            [] => "The capture does not tell the cause (undetermined)".to_owned(),
            several => {
                let ids: Vec<&str> = several.iter().map(|cause| cause.id.as_str()).collect();
                format!("The capture does not tell the cause (undetermined); it may be {}", alternatives(&ids))
            }
        },
        (id, Confidence::Certain) => format!("The cause is {id}"),
        (id, Confidence::Likely) => format!("The cause is likely {id}"),
        (id, Confidence::Possible) => format!("The cause is possibly {id}"),
    }
}

/// Words joined as a choice, `a, b or c`; of many, the first few.
fn alternatives(words: &[&str]) -> String {
    const MOST: usize = 3;
    match words.split_last() {
        Some((last, [])) => (*last).to_owned(),
        Some((last, rest)) if words.len() <= MOST => format!("{} or {last}", rest.join(", ")),
        _ => format!("{} or one of {} others", words.get(..MOST).unwrap_or_default().join(", "), words.len().saturating_sub(MOST)),
    }
}

/// Writes what several captures come to, one line each.
pub(super) fn write_all(page: &mut Page, captures: &[CaptureReport<'_>]) {
    page.line(0, &[(Tone::Heading, &format!("{} captures", captures.len()))]);
    let rows: Vec<[String; 3]> = captures.iter().map(in_one_row).collect();
    let columns = Columns::fit(&rows, page.room(2));
    page.rows(2, &columns, &rows);
}

fn in_one_row(capture: &CaptureReport<'_>) -> [String; 3] {
    let (verdict, why) = match &capture.outcome {
        Ok(analysis) => {
            let open = |diagnosis: &&Diagnosis| !diagnosis.handled || analysis.verdict == Verdict::Handled;
            let cause = |diagnosis: &Diagnosis| diagnosis.causes.first().map(|cause| cause.id.clone()).unwrap_or_default();
            let told = analysis.diagnoses.iter().filter(open).map(|diagnosis| format!("{} {}", code(diagnosis), cause(diagnosis)));
            (word(analysis.verdict).1, told.collect::<Vec<_>>().join("; "))
        }
        Err(_) => ("not read", String::new()),
    };
    [verdict.to_owned(), capture.path.to_owned(), why]
}
