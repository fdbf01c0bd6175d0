//! `entrace serve`: the same in a page on this machine.

use super::args::ServeArgs;
use super::config::Part;
use super::error::CliError;
use crate::serve;
use std::io::Write;
use std::process::ExitCode;

pub(super) fn run(options: &ServeArgs, stdout: &mut dyn Write, stderr: &mut dyn Write) -> Result<ExitCode, CliError> {
    let defaults = options.config.defaults(&[Part::Knowledge, Part::Redact, Part::Limits], stderr)?;
    let serving = serve::Options {
        port: options.port,
        knowledge: options.knowledge.load(&defaults)?,
        limits: options.limits.limits(&defaults),
        redaction: defaults.redaction,
    };
    serve::run(serving, |address| {
        writeln!(stdout, "{address}")?;
        stdout.flush()?;
        writeln!(
            stderr,
            "Open this address in a browser on this computer; it lets in once. Ctrl-C ends entrace and removes what was dropped."
        )?;
        // Whoever has no browser here has the address.
        if !options.no_open && open::that_detached(address).is_err() {
            writeln!(stderr, "No browser could be opened.")?;
        }
        Ok(())
    })?;
    Ok(ExitCode::SUCCESS)
}
