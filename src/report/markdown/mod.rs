//! Markdown for tickets, issues and pull requests: CommonMark with tables, and details folded.
//!
//! Blocks stand between empty lines, those around a `<details>` tag included, because GitHub reads nothing beside
//! the tag as Markdown. Where folding is unknown, the tags show and the text is still read in the right order.
//! Entries are never written as `#35`: GitHub and Azure DevOps would link that to an issue.
//!
//! `escape` lets nothing through that means anything to Markdown or HTML; `document` puts blocks together; the
//! other files each write one part of the report.

mod compare;
mod document;
mod escape;
mod evidence;
mod explain;
mod failure;
mod overview;
mod reference;
mod timeline;

pub use compare::render_comparison;
pub use explain::render_explanation;
#[doc(hidden)]
pub use reference::{Page, reference};
pub use timeline::Timelines;

use super::words::code as code_of;
use super::words::verdict::{STORIES, format_name, in_one_sentence, reason, told, word};
use super::{CaptureReport, Frame, Growing, labels};
use crate::analysis::Analysis;
use document::Document;
use escape::{code, prose};
use std::io;

/// Renders the report, with a final line break.
pub fn render(captures: &[CaptureReport<'_>]) -> String {
    let mut chapters = Chapters::default();
    let text: String = captures.iter().map(|capture| chapters.written(capture)).collect();
    let frame = chapters.around();
    frame.before + &text + &frame.after
}

/// The report as it grows. A table of all captures comes first, if there are several.
#[derive(Default)]
pub struct Chapters {
    /// The rows of that table.
    table: Vec<[String; 3]>,
    /// The first capture as the only one and as one of several, until it is known which of these it is.
    first: Option<(Document, String)>,
}

impl Chapters {
    fn written(&mut self, capture: &CaptureReport<'_>) -> String {
        self.table.push(in_short(capture));
        let mut chapter = Document::default();
        chapter.heading(2, &code(capture.path));
        write_capture(&mut chapter, 2, capture);
        let chapter = format!("\n{}", chapter.finish());
        if self.table.len() > 1 {
            return self.first.take().map_or_else(String::new, |(_, first)| first) + &chapter;
        }
        let mut alone = Document::default();
        alone.heading(1, &format!("Sign-in report: {}", code(capture.path)));
        write_capture(&mut alone, 1, capture);
        self.first = Some((alone, chapter));
        String::new()
    }

    fn around(&mut self) -> Frame {
        let before = self.first.take().map_or_else(|| overview_of(std::mem::take(&mut self.table)), |(alone, _)| alone.finish());
        Frame { before, after: made() }
    }
}

impl Growing for Chapters {
    fn add(&mut self, capture: &CaptureReport<'_>) -> io::Result<String> {
        Ok(self.written(capture))
    }

    fn finish(&mut self) -> io::Result<Frame> {
        Ok(self.around())
    }

    fn begins_with_captures(&self) -> bool {
        false
    }
}

/// What made the report, at its end.
fn made() -> String {
    let made = concat!("entrace ", env!("CARGO_PKG_VERSION"), " · entries are counted from 0, in the order of the capture");
    format!("\n{made}\n")
}

fn write_capture(document: &mut Document, level: usize, capture: &CaptureReport<'_>) {
    match &capture.outcome {
        Ok(analysis) => write_analysis(document, level + 1, analysis),
        Err(problem) => document.block(&format!("**{}:** {}", labels::NOT_READ, prose(&problem.to_string()))),
    }
}

fn write_analysis(document: &mut Document, level: usize, analysis: &Analysis) {
    write_verdict(document, analysis);
    for diagnosis in &analysis.diagnoses {
        failure::write(document, level, analysis, diagnosis);
    }
    overview::write(document, level, analysis);
}

fn write_verdict(document: &mut Document, analysis: &Analysis) {
    let verdict = format!("**Verdict: {}.** {}", word(analysis.verdict), prose(&reason(analysis)));
    match told(analysis).as_slice() {
        [] => document.block(&verdict),
        [only] => document.block(&format!("{verdict}: {}", prose(&in_one_sentence(only)))),
        several => {
            document.block(&format!("{verdict}:"));
            let more = several.len().saturating_sub(STORIES);
            let mut items: Vec<String> = several
                .iter()
                .take(STORIES)
                .map(|diagnosis| format!("**Failure {}:** {}", diagnosis.id, prose(&in_one_sentence(diagnosis))))
                .collect();
            items.extend((more > 0).then(|| format!("and {more} more")));
            document.list(&items);
        }
    }
}

/// What several captures come to.
fn overview_of(captures: Vec<[String; 3]>) -> String {
    let mut document = Document::default();
    document.heading(1, &format!("Sign-in report: {} captures", captures.len()));
    document.table(["Verdict", "Capture", "Failures"], captures);
    document.finish()
}

fn in_short(capture: &CaptureReport<'_>) -> [String; 3] {
    let Ok(analysis) = &capture.outcome else {
        return [labels::NOT_READ.to_lowercase(), code(capture.path), String::new()];
    };
    let failures: Vec<String> = told(analysis)
        .into_iter()
        .map(|diagnosis| {
            let cause = diagnosis.causes.first().map(|cause| cause.id.as_str()).unwrap_or_default();
            format!("{} {}", prose(&code_of(diagnosis)), code(cause))
        })
        .collect();
    [word(analysis.verdict).to_owned(), code(capture.path), failures.join(", ")]
}

/// What wrote the file, in words.
fn recorder(analysis: &Analysis) -> String {
    let format = prose(format_name(analysis.format));
    analysis.creator.as_deref().map_or(format.clone(), |creator| format!("{format} by {}", code(creator)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_capture_that_cannot_be_read_says_why() {
        let problem = io::Error::other("the file is empty");
        let report = render(&[CaptureReport::new("a.har", Err(&problem))]);
        assert!(report.starts_with("# Sign-in report: `a.har`\n\n**Not read:** the file is empty\n\n"), "{report}");
    }

    #[test]
    fn several_captures_begin_with_a_table() {
        let problem = io::Error::other("the file is empty");
        let unread = |path| CaptureReport::new(path, Err(&problem));
        let report = render(&[unread("a.har"), unread("b|c.har")]);
        let table = "| Verdict | Capture | Failures |\n| --- | --- | --- |\n| not read | `a.har` |  |\n| not read | <code>b&#124;c&#46;har</code> |  |\n";
        assert!(report.starts_with("# Sign-in report: 2 captures\n\n") && report.contains(table), "{report}");
    }
}
