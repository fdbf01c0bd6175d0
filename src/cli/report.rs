//! The report of a run as it is written: capture by capture where its format allows that.

use super::args::{DiagnoseArgs, Format};
use super::interruption::held_back;
use super::output;
use crate::analysis::Analysis;
use crate::report::{CaptureReport, Frame, Growing, html, json, markdown, ndjson, sarif, text};
use std::io::{self, IsTerminal, Seek, Write};
use std::path::Path;
use tempfile::{SpooledTempFile, spooled_tempfile_in};

/// Text is as wide as the terminal, else this.
const WIDTH: usize = 100;

/// How much of a report that has to wait is held in memory, in bytes; more of it waits in a file without a name.
const WAITS_IN_MEMORY: usize = 1 << 20;

/// What one capture came to.
type Outcome = Result<Analysis, String>;

/// The report of a run.
pub(super) struct Report<'a> {
    format: Format,
    output: Option<&'a Path>,
    stdout: &'a mut dyn Write,
    making: Making,
}

enum Making {
    /// Capture by capture.
    Growing(Box<dyn Growing>),
    /// Capture by capture, and what is made waits here for the end.
    Waiting(Box<dyn Growing>, SpooledTempFile),
    /// All of it at the end: what SARIF says of one capture stands in several places.
    Sarif(Vec<(String, Outcome)>),
}

impl<'a> Report<'a> {
    /// The report that was asked for, without captures.
    ///
    /// # Errors
    /// None is known.
    pub(super) fn begin(options: &'a DiagnoseArgs, stdout: &'a mut dyn Write) -> io::Result<Self> {
        let growing: Option<Box<dyn Growing>> = match options.format {
            Format::Text => Some(Box::new(text::Scroll::new(&text_options(options.output.as_deref(), options.width)))),
            Format::Json => Some(Box::new(json::Document::new()?)),
            Format::Ndjson => Some(Box::new(ndjson::Lines)),
            Format::Markdown => Some(Box::new(markdown::Chapters::default())),
            Format::Html => Some(Box::new(html::Articles::default())),
            Format::Sarif => None,
        };
        let output = options.output.as_deref();
        let making = match growing {
            None => Making::Sarif(Vec::new()),
            Some(growing) if output.is_none() && growing.begins_with_captures() => Making::Growing(growing),
            Some(growing) => {
                let folder = output.map_or_else(std::env::temp_dir, |path| output::folder_of(path).to_owned());
                Making::Waiting(growing, spooled_tempfile_in(WAITS_IN_MEMORY, folder))
            }
        };
        Ok(Self { format: options.format, output, stdout, making })
    }

    /// Adds a capture.
    ///
    /// # Errors
    /// When it cannot be written.
    pub(super) fn add(&mut self, path: String, outcome: Outcome) -> io::Result<()> {
        // In a terminal what cannot be read is told on the other stream already; a report in a file tells it too.
        if self.format == Format::Text && self.output.is_none() && outcome.is_err() {
            return Ok(());
        }
        let report = CaptureReport { path: &path, outcome: outcome.as_ref().map_err(Clone::clone) };
        match &mut self.making {
            Making::Growing(growing) => {
                let text = growing.add(&report)?;
                // Whoever reads along gets all of a capture or nothing of it.
                held_back(|| self.stdout.write_all(text.as_bytes()).and_then(|()| self.stdout.flush()))
            }
            Making::Waiting(growing, waiting) => {
                let written = waiting.write_all(growing.add(&report)?.as_bytes());
                written.map_err(|error| match self.output {
                    Some(path) => output::named(path, error),
                    None => error,
                })
            }
            Making::Sarif(captures) => {
                captures.push((path, outcome));
                Ok(())
            }
        }
    }

    /// Writes what is left.
    ///
    /// # Errors
    /// When it cannot be written; a file is then as it was before.
    pub(super) fn finish(self) -> io::Result<()> {
        let (Frame { before, after }, mut waiting) = match self.making {
            Making::Growing(mut growing) => (growing.finish()?, None),
            Making::Waiting(mut growing, mut waiting) => {
                waiting.rewind()?;
                (growing.finish()?, Some(waiting))
            }
            Making::Sarif(captures) => {
                let captures: Vec<CaptureReport<'_>> = captures
                    .iter()
                    .map(|(path, outcome)| CaptureReport { path, outcome: outcome.as_ref().map_err(Clone::clone) })
                    .collect();
                (Frame { after: sarif::render(&captures)?, ..Frame::default() }, None)
            }
        };
        let mut write = |target: &mut dyn Write| {
            target.write_all(before.as_bytes())?;
            if let Some(waiting) = &mut waiting {
                io::copy(waiting, target)?;
            }
            target.write_all(after.as_bytes())?;
            target.flush()
        };
        match self.output {
            Some(path) => output::write_with(path, write),
            None => write(self.stdout),
        }
    }
}

/// How text is laid out that goes to a file or, without one, to standard output.
pub(super) fn text_options(output: Option<&Path>, width: Option<usize>) -> text::Options {
    let to_terminal = output.is_none() && io::stdout().is_terminal();
    let terminal = terminal_size::terminal_size().filter(|_| to_terminal).map(|(width, _)| usize::from(width.0));
    // https://no-color.org: any value but the empty one turns colours off.
    let no_color = std::env::var_os("NO_COLOR").is_some_and(|value| !value.is_empty());
    text::Options { width: terminal.or(width).unwrap_or(WIDTH), color: to_terminal && !no_color }
}
