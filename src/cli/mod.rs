//! The command line: one subcommand a file.

mod answer;
mod args;
mod batch;
mod bundle;
mod compare;
mod completions;
mod config;
mod deferred;
mod diagnose;
mod error;
mod expected;
mod explain;
mod formats;
mod help;
mod inputs;
mod interruption;
mod man;
mod output;
mod password;
mod patterns;
mod progress;
mod reading;
mod redact;
mod report;
mod saved_text;
mod serve;
mod terminal;
mod timeline;

use crate::report::printable;
use error::CliError;
use std::ffi::OsString;
use std::io::{self, ErrorKind, Write};
use std::path::Path;
use std::process::ExitCode;

/// Runs the program with the process's own arguments and streams.
pub fn main() -> ExitCode {
    interruption::size_limits_are_errors();
    let mut stdout = io::stdout().lock();
    // Not locked: a thread that panics writes there, and would wait for ever.
    let mut stderr = io::stderr();
    run(std::env::args_os(), &mut stdout, &mut stderr)
}

/// Runs the program with the given arguments and streams.
///
/// Exit status: 0 nothing failed, 1 at least one unhandled failure, 2 usage or a capture that cannot be read.
/// A reader that has gone away is no error and changes nothing of that: whether it goes before or after the last word is chance.
pub fn run(arguments: impl IntoIterator<Item = OsString>, stdout: &mut dyn Write, stderr: &mut dyn Write) -> ExitCode {
    let stdout: &mut dyn Write = &mut StandardOutput(Readable::new(stdout));
    let stderr: &mut dyn Write = &mut Readable::new(stderr);
    let result = match args::parse(arguments) {
        Err(error) => usage(&error, stdout, stderr).map_err(CliError::from),
        Ok((command, color)) => run_command(command, color, stdout, stderr),
    };
    match result {
        Ok(code) => code,
        Err(error) => {
            // Nothing is left to be done where even the message cannot be written.
            let _ = writeln!(stderr, "entrace: {error}");
            ExitCode::from(2)
        }
    }
}

fn run_command(command: args::Command, color: args::Color, stdout: &mut dyn Write, stderr: &mut dyn Write) -> Result<ExitCode, CliError> {
    match command {
        args::Command::Diagnose(options) => diagnose::run(&options, color, stdout, stderr),
        args::Command::Timeline(options) => timeline::run(&options, color, stdout, stderr),
        args::Command::Redact(options) => redact::run(&options, stderr),
        args::Command::Bundle(options) => bundle::run(&options, stderr),
        args::Command::Compare(options) => compare::run(&options, color, stdout, stderr),
        args::Command::Explain(options) => explain::run(&options, color, stdout, stderr),
        args::Command::Serve(options) => serve::run(&options, stdout, stderr),
        args::Command::Formats => Ok(formats::run(stdout)?),
        args::Command::Config(options) => config::run(&options, stdout),
        args::Command::Completions(options) => Ok(completions::run(&options, stdout)?),
        args::Command::Man(options) => man::run(&options, stdout),
    }
}

/// Writes what was asked for, or what is wrong with what was asked.
fn usage(error: &clap::Error, stdout: &mut dyn Write, stderr: &mut dyn Write) -> io::Result<ExitCode> {
    let text = error.render();
    if error.use_stderr() {
        // Nothing is left to be done where even the message cannot be written.
        let _ = write!(stderr, "{text}");
        return Ok(ExitCode::from(2));
    }
    write!(stdout, "{text}").and_then(|()| stdout.flush())?;
    Ok(ExitCode::SUCCESS)
}

/// A path as messages name it.
fn shown(path: &Path) -> String {
    printable(&path.display().to_string())
}

/// A stream whose reader may go away: what nobody reads any more counts as written.
struct Readable<W> {
    stream: W,
    is_closed: bool,
}

impl<W: Write> Readable<W> {
    fn new(stream: W) -> Self {
        Self { stream, is_closed: false }
    }

    /// Does it, where somebody still reads.
    fn unless_closed<T>(&mut self, read_by_nobody: T, write: impl FnOnce(&mut W) -> io::Result<T>) -> io::Result<T> {
        if self.is_closed {
            return Ok(read_by_nobody);
        }
        match write(&mut self.stream) {
            Err(error) if error.kind() == ErrorKind::BrokenPipe => {
                self.is_closed = true;
                Ok(read_by_nobody)
            }
            other => other,
        }
    }
}

impl<W: Write> Write for Readable<W> {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.unless_closed(bytes.len(), |stream| stream.write(bytes))
    }

    fn flush(&mut self) -> io::Result<()> {
        self.unless_closed((), Write::flush)
    }
}

/// Standard output, whose errors say so.
struct StandardOutput<'a>(Readable<&'a mut dyn Write>);

impl StandardOutput<'_> {
    fn named(error: io::Error) -> io::Error {
        io::Error::new(error.kind(), format!("standard output cannot be written: {error}"))
    }
}

impl Write for StandardOutput<'_> {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.0.write(bytes).map_err(Self::named)
    }

    fn flush(&mut self) -> io::Result<()> {
        self.0.flush().map_err(Self::named)
    }
}
