//! The command line: one subcommand a file.

mod args;
mod batch;
mod bundle;
mod compare;
mod completions;
mod config;
mod diagnose;
mod explain;
mod formats;
mod help;
mod inputs;
mod interruption;
mod man;
mod output;
mod password;
mod patterns;
mod redact;
mod report;
mod serve;
mod terminal;
mod timeline;

use std::ffi::OsString;
use std::io::{self, Write};
use std::process::ExitCode;

/// Runs the program with the process's own arguments and streams.
pub fn main() -> ExitCode {
    let mut stdout = io::stdout().lock();
    // Not locked: a thread that panics writes there, and would wait for ever.
    let mut stderr = io::stderr();
    run(std::env::args_os(), &mut stdout, &mut stderr)
}

/// Runs the program with the given arguments and streams.
///
/// Exit status: 0 nothing failed, 1 at least one unhandled failure, 2 usage or a capture that cannot be read.
/// A reader that has gone away is no error.
pub fn run(arguments: impl IntoIterator<Item = OsString>, stdout: &mut dyn Write, stderr: &mut dyn Write) -> ExitCode {
    let command = match args::parse(arguments) {
        Ok(command) => command,
        Err(error) => return usage(&error, stdout, stderr),
    };
    let result = match command {
        args::Command::Diagnose(options) => diagnose::run(&options, stdout, stderr),
        args::Command::Timeline(options) => timeline::run(&options, stdout, stderr),
        args::Command::Redact(options) => redact::run(&options, stderr),
        args::Command::Bundle(options) => bundle::run(&options, stderr),
        args::Command::Compare(options) => compare::run(&options, stdout, stderr),
        args::Command::Explain(options) => explain::run(&options, stdout, stderr),
        args::Command::Serve(options) => serve::run(&options, stdout, stderr),
        args::Command::Formats => formats::run(stdout),
        args::Command::Config(options) => config::run(&options, stdout),
        args::Command::Completions(options) => completions::run(&options, stdout),
        args::Command::Man(options) => man::run(&options, stdout),
    };
    match result {
        Ok(code) => code,
        Err(error) if error.kind() == io::ErrorKind::BrokenPipe => ExitCode::SUCCESS,
        Err(error) => {
            // Nothing is left to be done where even the message cannot be written.
            let _ = writeln!(stderr, "entrace: {error}");
            ExitCode::from(2)
        }
    }
}

fn usage(error: &clap::Error, stdout: &mut dyn Write, stderr: &mut dyn Write) -> ExitCode {
    let asked = !error.use_stderr();
    let text = error.render();
    let written = if asked { write!(stdout, "{text}") } else { write!(stderr, "{text}") };
    match (asked, written) {
        (true, _) => ExitCode::SUCCESS,
        (false, _) => ExitCode::from(2),
    }
}
