//! Text for people: the verdict first, then each failure as a story, then what the capture holds.
//!
//! `page` lays text out and lets nothing unprintable through, `columns` aligns tables, `wrapping` breaks lines, `report::words` puts values
//! into words; the other files each write one part of the report.

mod causes;
mod columns;
mod compare;
mod explain;
mod findings;
mod overview;
mod page;
mod stories;
mod story;
mod timeline;
mod verdict;
mod wrapping;

pub use compare::render_comparison;
pub use explain::render_explanation;
pub use timeline::Timelines;

use super::{CaptureReport, Frame, Growing, labels};
use crate::analysis::Analysis;
use page::{Page, Tone};
use std::io;
use stories::Stories;

/// Text narrower than this breaks ids in two.
const NARROWEST: usize = 60;
/// Lines longer than this are hard to read, however wide the terminal is.
const WIDEST: usize = 120;

/// How the text is laid out.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Options {
    /// Columns of a line; kept between 60 and 120, in timelines between 60 and 200.
    pub width: usize,
    /// Whether to colour it for a terminal. The words are the same without.
    pub color: bool,
    /// Whether to make links (OSC 8) of the addresses that the knowledge names, for a terminal that has them. The words
    /// are the same without.
    pub links: bool,
}

impl Default for Options {
    /// 100 columns, for a file: neither colour nor links.
    fn default() -> Self {
        Self { width: 100, color: false, links: false }
    }
}

/// Renders the report, with a final line break.
pub fn render(captures: &[CaptureReport<'_>], options: &Options) -> String {
    let mut scroll = Scroll::new(options);
    let text: String = captures.iter().map(|capture| scroll.written(capture)).collect();
    text + &scroll.around().after
}

/// The report as it grows.
pub struct Scroll {
    page: Page,
    stories: Stories,
}

impl Scroll {
    /// A report without captures.
    pub fn new(options: &Options) -> Self {
        Self {
            page: Page::new(options.width.clamp(NARROWEST, WIDEST), options.color).with_links(options.links),
            stories: Stories::default(),
        }
    }

    fn written(&mut self, capture: &CaptureReport<'_>) -> String {
        let page = &mut self.page;
        if self.stories.captures() > 0 {
            page.rule();
        }
        self.stories.add(capture);
        match &capture.outcome {
            Ok(analysis) => write_capture(page, capture.path, analysis),
            Err(problem) => {
                page.line(0, &[(Tone::Heading, capture.path)]);
                page.entry(0, (Tone::Bad, &format!("{}:", labels::NOT_READ)), &problem.to_string());
            }
        }
        page.take()
    }

    fn around(&mut self) -> Frame {
        if self.stories.captures() > 1 {
            self.page.rule();
            std::mem::take(&mut self.stories).write(&mut self.page);
        }
        Frame { after: self.page.take(), ..Frame::default() }
    }
}

impl Growing for Scroll {
    fn add(&mut self, capture: &CaptureReport<'_>) -> io::Result<String> {
        Ok(self.written(capture))
    }

    fn finish(&mut self) -> io::Result<Frame> {
        Ok(self.around())
    }
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
        let problem = io::Error::other(problem);
        render(&[CaptureReport { path, outcome: Err(&problem) }], &Options { width: 80, color, links: false })
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

    /// A silent request that fails, by an exporter whose name would steer the terminal.
    const CAPTURE: &str = r##"{"log": {"version": "1.2", "creator": {"name": "Evil\u001b[2J\u202eTool", "version": "1"}, "entries": [{
        "startedDateTime": "2026-01-02T03:04:05.000Z", "time": 1, "request": {"method": "GET", "httpVersion": "h2",
        "url": "https://login.microsoftonline.com/72f988bf-86f1-41af-91ab-2d7cd011db47/oauth2/v2.0/authorize?client_id=11111111-2222-3333-4444-555555555555&prompt=none&state=abc",
        "headers": [{"name": "Sec-Fetch-Dest", "value": "iframe"}, {"name": "Sec-Fetch-Site", "value": "cross-site"}]},
        "response": {"status": 302, "statusText": "", "httpVersion": "h2", "content": {"size": 0},
        "headers": [{"name": "x-ms-request-id", "value": "22222222-2222-3333-4444-555555555555"}, {"name": "Location",
        "value": "https://app.example/#error=login_required&error_description=AADSTS50058%3a+A+silent+sign-in+request+was+sent+but+no+user+is+signed+in.&state=abc"}]}}]}}"##;

    fn diagnosed(width: usize, color: bool) -> String {
        let capture = crate::Capture::from_bytes(CAPTURE.as_bytes().to_vec()).unwrap();
        let analysis = crate::analyze(&capture, &crate::Knowledge::builtin());
        render(&[CaptureReport { path: "a.har", outcome: Ok(&analysis) }], &Options { width, color, links: false })
    }

    #[test]
    fn the_verdict_comes_first_and_fits_the_width() {
        let report = diagnosed(80, false);
        let mut lines = report.lines();
        assert_eq!(lines.next(), Some("a.har"));
        assert_eq!(lines.nth(2), Some("Verdict: failing"), "{report}");
        assert!(report.contains("\n1. AADSTS50058 · error · login_required\n"), "{report}");
        let unbreakable = |line: &str| line.trim_start().starts_with("https://");
        assert!(report.lines().all(|line| line.chars().count() <= 80 || unbreakable(line)), "{report}");
        assert!(!report.contains(|c: char| (c.is_control() && c != '\n') || c == '\u{202e}'), "{report}");
    }

    #[test]
    fn a_width_out_of_range_is_brought_into_it() {
        assert_eq!(diagnosed(1, false), diagnosed(NARROWEST, false));
        assert_eq!(diagnosed(usize::MAX, false), diagnosed(WIDEST, false));
    }

    #[test]
    fn colours_change_no_word() {
        let coloured = diagnosed(80, true);
        assert!(coloured.contains('\u{1b}'));
        assert_eq!(without_colours(&coloured), diagnosed(80, false));
    }

    fn without_colours(text: &str) -> String {
        let mut parts = text.split('\u{1b}');
        let first = parts.next().unwrap_or_default().to_owned();
        parts.fold(first, |plain, part| plain + part.split_once('m').unwrap().1)
    }
}
