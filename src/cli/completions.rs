//! `entrace completions`: the script that lets a shell complete what is typed.

use super::args::{self, CompletionsArgs};
use std::io::{self, Write};
use std::process::ExitCode;

/// Writes the script.
///
/// # Errors
/// When the output cannot be written.
pub(super) fn run(options: &CompletionsArgs, stdout: &mut dyn Write) -> io::Result<ExitCode> {
    // Made in memory first: a reader that goes away would otherwise end the program in the middle of it.
    let mut script = Vec::new();
    clap_complete::generate(options.shell, &mut args::typed(), "entrace", &mut script);
    stdout.write_all(&script).and_then(|()| stdout.flush())?;
    Ok(ExitCode::SUCCESS)
}
