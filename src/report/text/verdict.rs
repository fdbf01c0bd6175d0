//! What a capture is, and what it comes to: the lines that are read first.

use super::page::{Page, Tone};
use crate::analysis::{Analysis, Verdict};
use crate::report::words::verdict::{STORIES, in_one_sentence, reason, recorder, told, word};

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
        Verdict::Inconclusive(_) | Verdict::NoEntraTraffic => Tone::Doubtful,
    }
}
