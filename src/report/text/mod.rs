//! Text for people: the verdict first, then each failure as a story, then what the capture holds.
//!
//! `page` lays text out and lets nothing unprintable through, `columns` aligns tables, `words` puts values
//! into words; the other files each write one part of the report.

mod causes;
mod columns;
mod findings;
mod overview;
mod page;
mod story;
mod verdict;
mod words;

use super::CaptureReport;
use crate::analysis::Analysis;
use page::{Page, Tone};

/// Text narrower than this breaks ids in two.
const NARROWEST: usize = 60;
/// Lines longer than this are hard to read, however wide the terminal is.
const WIDEST: usize = 120;

/// How the text is laid out.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Options {
    /// Columns of a line; kept between 60 and 120.
    pub width: usize,
    /// Whether to colour it for a terminal. The words are the same without.
    pub color: bool,
}

/// Renders the report, with a final line break.
pub fn render(captures: &[CaptureReport<'_>], options: &Options) -> String {
    let mut page = Page::new(options.width.clamp(NARROWEST, WIDEST), options.color);
    for (at, capture) in captures.iter().enumerate() {
        if at > 0 {
            page.rule();
        }
        match &capture.outcome {
            Ok(analysis) => write_capture(&mut page, capture.path, analysis),
            Err(problem) => {
                page.line(0, &[(Tone::Heading, capture.path)]);
                page.entry(0, (Tone::Bad, "Not read:"), problem);
            }
        }
    }
    if captures.len() > 1 {
        page.rule();
        verdict::write_all(&mut page, captures);
    }
    page.finish()
}

fn write_capture(page: &mut Page, path: &str, analysis: &Analysis) {
    verdict::write_header(page, path, analysis);
    verdict::write(page, analysis);
    for diagnosis in &analysis.diagnoses {
        page.blank();
        story::write(page, analysis, diagnosis);
    }
    overview::write(page, analysis);
}

#[cfg(test)]
mod tests {
    use super::*;

    fn unread(path: &str, problem: &str, color: bool) -> String {
        let report = CaptureReport { path, outcome: Err(problem.to_owned()) };
        render(&[report], &Options { width: 80, color })
    }

    #[test]
    fn a_capture_that_cannot_be_read_says_why() {
        assert_eq!(unread("a.har", "the file is empty", false), "a.har\nNot read: the file is empty\n");
    }

    #[test]
    fn nothing_unprintable_gets_out() {
        let report = unread("a\u{1b}[31m\u{202e}rah.\u{9b}2J", "line\nbreak\u{7}\u{2066}", false);
        assert_eq!(report, "a[31mrah.2J\nNot read: line break\n");
    }

    #[test]
    fn colours_change_no_word() {
        let coloured = unread("a.har", "the file is empty", true);
        assert!(coloured.contains('\u{1b}'));
        let plain = textwrap_free_of_colours(&coloured);
        assert_eq!(plain, unread("a.har", "the file is empty", false));
    }

    fn textwrap_free_of_colours(text: &str) -> String {
        let mut parts = text.split('\u{1b}');
        let first = parts.next().unwrap_or_default().to_owned();
        parts.fold(first, |plain, part| plain + part.split_once('m').unwrap().1)
    }
}
