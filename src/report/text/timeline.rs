//! The sign-in traffic step by step: a table where there is room for one, else a few lines for each step.

use super::columns::Columns;
use super::page::{Page, Tone};
use super::{NARROWEST, Options, overview, verdict};
use crate::analysis::{Analysis, AttemptSummary, StepSummary, Verdict};
use crate::report::timeline::{Again, AttemptsAgain, Chapter, Row, Timeline};
use crate::report::words::{self, entries_at_most, step as say};
use crate::report::{CaptureReport, Frame, Growing, labels};
use crate::signin::Outcome;
use std::io;

/// A table has no lines longer than this; beyond it columns only drift apart.
const WIDEST: usize = 200;
/// A table needs this much, or its columns are too narrow to be read.
const TABLE: usize = 160;
/// How far steps stand in from the heading of their attempt.
const INDENT: usize = 2;
/// How many runs of entries are named of what is folded or missing.
const RUNS: usize = 6;
/// What stands before cookies.
const COOKIES: &str = "cookies";
/// The column of a table under which it goes on in lines.
const WHO: usize = 3;

/// The timelines of captures as they grow.
pub struct Timelines {
    page: Page,
    begun: bool,
}

impl Timelines {
    /// A report without captures; its width is kept between 60 and 200 columns.
    pub fn new(options: &Options) -> Self {
        Self { page: Page::new(options.width.clamp(NARROWEST, WIDEST), options.color), begun: false }
    }
}

impl Growing for Timelines {
    fn add(&mut self, capture: &CaptureReport<'_>) -> io::Result<String> {
        let page = &mut self.page;
        if self.begun {
            page.rule();
        }
        self.begun = true;
        match &capture.outcome {
            Ok(analysis) => write_capture(page, capture.path, analysis),
            Err(problem) => {
                page.line(0, &[(Tone::Heading, capture.path)]);
                page.entry(0, (Tone::Bad, &format!("{}:", labels::NOT_READ)), &problem.to_string());
            }
        }
        Ok(page.take())
    }

    fn finish(&mut self) -> io::Result<Frame> {
        Ok(Frame::default())
    }
}

fn write_capture(page: &mut Page, path: &str, analysis: &Analysis) {
    verdict::write_header(page, path, analysis);
    verdict::write(page, analysis);
    if analysis.verdict != Verdict::NoEntraTraffic {
        overview::write_recording(page, &analysis.recording);
    }
    write_missing(page, analysis);
    let timeline = Timeline::of(analysis);
    let table = (page.room(0) >= TABLE).then(|| {
        let rows: Vec<[String; 6]> = timeline.steps().map(cells).collect();
        Columns::fit(&rows, page.room(INDENT))
    });
    if timeline.steps().any(|step| step.label.is_some()) {
        page.blank();
        page.paragraph(0, say::LABELLED);
    }
    for chapter in &timeline.chapters {
        page.blank();
        match chapter {
            Chapter::Steps(attempt, rows) => {
                write_heading(page, analysis, *attempt);
                match &table {
                    Some(columns) => write_rows(page, analysis, rows, |page, step| write_row(page, columns, step)),
                    None => {
                        let (time_width, entry_width) = (widest(rows, time), widest(rows, entry));
                        write_rows(page, analysis, rows, |page, step| write_lines(page, step, time_width, entry_width));
                    }
                }
            }
            Chapter::Again(again) => write_attempts_again(page, again),
        }
    }
    overview::write_warnings(page, &analysis.warnings);
    if !analysis.diagnoses.is_empty() {
        page.blank();
        page.paragraph(0, say::WHY);
    }
}

fn write_missing(page: &mut Page, analysis: &Analysis) {
    let missing = say::missing(analysis);
    if missing.is_empty() {
        return;
    }
    page.blank();
    page.line(0, &[(Tone::Heading, say::MISSING)]);
    let rows: Vec<[String; 2]> = missing.into_iter().map(|(part, entries)| [part.to_owned(), entries_at_most(RUNS, &entries)]).collect();
    let columns = Columns::fit(&rows, page.room(INDENT));
    page.rows(INDENT, &columns, &rows);
}

fn write_heading(page: &mut Page, analysis: &Analysis, attempt: Option<&AttemptSummary>) {
    let Some(attempt) = attempt else {
        page.line(0, &[(Tone::Heading, say::OUTSIDE)]);
        return;
    };
    let tone = match attempt.outcome {
        Outcome::Succeeded => Tone::Good,
        Outcome::Failed => Tone::Bad,
        Outcome::Abandoned | Outcome::Unknown => Tone::Doubtful,
    };
    let about = format!("Attempt {}: {}, ", attempt.id, words::kind(attempt));
    page.line(0, &[(Tone::Heading, &about), (tone, words::outcome(attempt))]);
    page.paragraph(INDENT, &words::who(attempt));
    if let Some(span) = say::span(analysis, attempt) {
        page.paragraph(INDENT, &span);
    }
}

/// Writes rows; of a step the time, who asked whom for what and what came back is written by `begin`, which tells how far
/// in the rest of it stands.
fn write_rows(page: &mut Page, analysis: &Analysis, rows: &[Row<'_>], begin: impl Fn(&mut Page, &StepSummary) -> usize) {
    for row in rows {
        match row {
            Row::Gap(gap) => page.marked(INDENT, (Tone::Doubtful, "…"), &say::gap(*gap)),
            Row::Again(again) => page.marked(INDENT, (Tone::Doubtful, "…"), &steps_again(again)),
            Row::Step(step) => {
                let indent = begin(page, step);
                write_cookies(page, indent, step);
                for failure in say::failures(analysis, step) {
                    let tone = if failure.is_handled() { Tone::Doubtful } else { Tone::Bad };
                    page.marked(indent, (tone, "✗"), &say::failure(failure));
                }
            }
        }
    }
}

/// The cookies that were sent and set: in one line if they fit.
fn write_cookies(page: &mut Page, indent: usize, step: &StepSummary) {
    let told = say::cookies_told(step);
    let together = told.join(" · ");
    let fits = COOKIES.chars().count() + 1 + together.chars().count() <= page.room(indent);
    let lines = if fits && !together.is_empty() { vec![together] } else { told };
    lines.iter().for_each(|cookies| page.entry(indent, (Tone::Plain, ""), &format!("{COOKIES} {cookies}")));
}

/// The widest of some texts about the steps among rows.
fn widest(rows: &[Row<'_>], text: fn(&StepSummary) -> String) -> usize {
    let texts = rows.iter().filter_map(|row| match row {
        Row::Step(step) => Some(text(step).chars().count()),
        Row::Gap(_) | Row::Again(_) => None,
    });
    texts.max().unwrap_or(0)
}

/// A step as a row of a table.
fn write_row(page: &mut Page, columns: &Columns<6>, step: &StepSummary) -> usize {
    page.rows(INDENT, columns, &[cells(step)]);
    INDENT + columns.start(WHO)
}

/// Who asked whom for what, and under it what came back. Returns how far in that stands.
fn write_lines(page: &mut Page, step: &StepSummary, time_width: usize, entry_width: usize) -> usize {
    let mark = format!("{:>time_width$}  {:<entry_width$} ", time(step), entry(step));
    let place = say::elsewhere(step).map(|place| format!(" ({place})")).unwrap_or_default();
    page.marked(INDENT, (Tone::Plain, &mark), &format!("{}: {}{place}", say::who(step), step.what));
    let indent = INDENT + mark.chars().count() + 1;
    page.entry(indent, (Tone::Plain, ""), &say::answer(step, say::entry));
    indent
}

/// The cells of that row.
fn cells(step: &StepSummary) -> [String; 6] {
    [
        step.since_begin_ms.map(say::offset).unwrap_or_default(),
        step.started.map(say::clock).unwrap_or_default(),
        entry(step),
        say::who(step),
        format!("{}, {}", step.what, say::request(step)),
        say::answer(step, say::entry),
    ]
}

/// The time into the attempt, else the time of day.
fn time(step: &StepSummary) -> String {
    let clock = || step.started.filter(|_| step.attempt.is_none()).map(say::clock);
    step.since_begin_ms.map(say::offset).or_else(clock).unwrap_or_default()
}

/// The entry, with the recorder's own number where it has one.
fn entry(step: &StepSummary) -> String {
    let label = step.label.as_ref().map(|label| format!(" ({label})")).unwrap_or_default();
    format!("{}{label}", say::entry(step.entry))
}

fn steps_again(again: &Again) -> String {
    let what = if again.each == 1 { "the step above".to_owned() } else { format!("the {} steps above", again.each) };
    format!("{what} {} ({})", say::again(again), entries_at_most(RUNS, &again.entries))
}

fn write_attempts_again(page: &mut Page, attempts: &AttemptsAgain) {
    let heading = format!("{}:", say::attempts(&attempts.ids));
    let again = &attempts.again;
    let like = say::attempts(&attempts.like).to_lowercase();
    page.entry(0, (Tone::Heading, &heading), &format!("like {like}, {} ({})", say::again(again), entries_at_most(RUNS, &again.entries)));
}
