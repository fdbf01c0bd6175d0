//! The report of a run as it is written: capture by capture where its format allows that.

use super::batch;
use super::error::CliError;
use super::inputs::Input;
use super::interruption::held_back;
use super::output::OutputFile;
use super::reading::ReadError;
use crate::analysis::{Analysis, Verdict};
use crate::capture::{Capture, Options};
use crate::report::{CaptureReport, Frame, Growing, printable};
use std::io::{self, IsTerminal, Seek, Write};
use std::process::ExitCode;
use tempfile::{SpooledTempFile, spooled_tempfile_in};

/// Text is as wide as the terminal, else this.
pub(super) const WIDTH: usize = 100;

/// How much of a report that has to wait is held in memory, in bytes; more of it waits in a file without a name.
const WAITS_IN_MEMORY: usize = 1 << 20;

/// What one capture came to.
type Outcome = Result<Analysis, ReadError>;

/// The report of a run.
pub(super) struct Report<'a> {
    /// Whether what cannot be read is told on standard error too.
    tells_unread: bool,
    output: Option<OutputFile<'a>>,
    stdout: &'a mut dyn Write,
    making: Making,
}

/// How a report is made.
pub(super) enum Kind {
    /// Text for people, capture by capture.
    Text(Box<dyn Growing>),
    /// Anything else, capture by capture.
    Other(Box<dyn Growing>),
}

enum Making {
    /// Capture by capture.
    Growing(Box<dyn Growing>),
    /// Capture by capture, and what is made waits here for the end.
    Waiting(Box<dyn Growing>, SpooledTempFile),
}

impl<'a> Report<'a> {
    /// The report without captures.
    pub(super) fn begin(kind: Kind, output: Option<OutputFile<'a>>, stdout: &'a mut dyn Write) -> Self {
        // Whoever sees both streams in one terminal would read it twice.
        let is_seen = matches!(kind, Kind::Text(_)) && output.is_none() && io::stdout().is_terminal() && io::stderr().is_terminal();
        let (Kind::Text(growing) | Kind::Other(growing)) = kind;
        let making = if output.is_none() && growing.begins_with_captures() {
            Making::Growing(growing)
        } else {
            let folder = output.as_ref().map_or_else(std::env::temp_dir, OutputFile::folder);
            Making::Waiting(growing, spooled_tempfile_in(WAITS_IN_MEMORY, folder))
        };
        Self { tells_unread: !is_seen, output, stdout, making }
    }

    /// Analyses the captures and writes the report on them; what could not be read is told on standard error too.
    ///
    /// # Errors
    /// When it cannot be written; a file is then as it was before.
    pub(super) fn write(
        mut self,
        inputs: &[Input],
        reading: &Options,
        analyse: impl Fn(&Capture) -> Analysis + Sync,
        stderr: &mut dyn Write,
    ) -> Result<ExitCode, CliError> {
        let (mut problems, mut fails) = (Vec::new(), false);
        batch::each(inputs, reading, analyse, |path, outcome| {
            fails |= outcome.as_ref().is_ok_and(|analysis| analysis.verdict == Verdict::Failing);
            problems.extend(outcome.as_ref().err().map(|problem| (path.clone(), problem.to_string())));
            self.add(&path, &outcome)
        })?;
        let tells_unread = self.tells_unread;
        self.finish()?;
        for (path, problem) in problems.iter().filter(|_| tells_unread) {
            writeln!(stderr, "entrace: {}: {problem}", printable(path))?;
        }
        Ok(ExitCode::from(if problems.is_empty() { u8::from(fails) } else { 2 }))
    }

    /// Adds a capture.
    ///
    /// # Errors
    /// When it cannot be written.
    fn add(&mut self, path: &str, outcome: &Outcome) -> Result<(), CliError> {
        let report = CaptureReport::of(path, outcome);
        match &mut self.making {
            Making::Growing(growing) => {
                let text = growing.add(&report)?;
                // Whoever reads along gets all of a capture or nothing of it.
                Ok(held_back(|| self.stdout.write_all(text.as_bytes()).and_then(|()| self.stdout.flush()))?)
            }
            Making::Waiting(growing, waiting) => {
                let written = waiting.write_all(growing.add(&report)?.as_bytes());
                written.map_err(|error| match &self.output {
                    Some(file) => file.error(error).into(),
                    None => error.into(),
                })
            }
        }
    }

    /// Writes what is left.
    ///
    /// # Errors
    /// When it cannot be written; a file is then as it was before.
    fn finish(self) -> Result<(), CliError> {
        let (Frame { before, after }, mut waiting) = match self.making {
            Making::Growing(mut growing) => (growing.finish()?, None),
            Making::Waiting(mut growing, mut waiting) => {
                waiting.rewind()?;
                (growing.finish()?, Some(waiting))
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
            Some(file) => Ok(file.write_with(write)?),
            None => Ok(write(self.stdout)?),
        }
    }
}
