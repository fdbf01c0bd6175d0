//! `entrace redact`: a capture that is safe to attach.

use super::args::RedactArgs;
use super::config::Part;
use super::error::CliError;
use super::inputs::Input;
use super::output::OutputFile;
use super::terminal::{columns, filled_lines};
use super::{progress, reading, shown};
use crate::redact::{self, Redacted};
use crate::report::printable;
use std::io::{self, Write};
use std::process::ExitCode;

/// How far in a line of a receipt goes on.
pub(super) const RECEIPT_INDENT: usize = 6;

pub(super) fn run(options: &RedactArgs, stderr: &mut dyn Write) -> Result<ExitCode, CliError> {
    let defaults = options.source.config.defaults(&[Part::Knowledge, Part::Redact, Part::Limits], stderr)?;
    let path = printable(&options.source.capture.display().to_string());
    let mut refuse = |what: &str, why: String| {
        writeln!(stderr, "entrace: {what}: {why}")?;
        Ok(ExitCode::from(2))
    };
    let input = Input::of(&options.source.capture);
    let output = options.output.as_deref().map(|path| OutputFile::beside_inputs(path, input.file())).transpose()?;
    let receipt_file = options.receipt.as_deref().map(|path| OutputFile::beside_inputs(path, input.file())).transpose()?;
    if let (Some(output), Some(receipt)) = (&output, &receipt_file)
        && output.is(receipt)
    {
        let receipt = options.receipt.as_deref().map(shown).unwrap_or_default();
        return refuse(&receipt, "the receipt would be written over the redacted capture; name another file for it".to_owned());
    }
    let knowledge = options.source.knowledge.load(&defaults)?;
    let document = match reading::document(&options.source.capture, &options.source.reading.options(&defaults)?) {
        Ok(document) => document,
        Err(error) => return refuse(&path, error.to_string()),
    };
    // Whoever is asked for a password has to see the question, so it begins here.
    let progress = progress::of_one(format!("Redacting {path}"));
    let redacted = redact::redact(&document, &knowledge, &options.source.redaction.options(&defaults));
    progress.finish_and_clear();
    let redacted = match redacted {
        Ok(redacted) => redacted,
        Err(error) => return refuse(&path, error.to_string()),
    };
    let Redacted { har, mut receipt, .. } = redacted;
    let output = output.filter(|_| !options.dry_run);
    if output.is_none() {
        receipt.sha256 = None;
    }
    let receipt_bytes = serde_json::to_vec_pretty(&receipt).map_err(io::Error::from)?;
    let files = [output.as_ref().map(|file| (file, &*har)), receipt_file.as_ref().map(|file| (file, &*receipt_bytes))];
    OutputFile::write_together(&files.into_iter().flatten().collect::<Vec<_>>())?;
    // It is written, whether or not it can be told.
    let _ = writeln!(stderr, "{}", filled_lines(&receipt.to_string(), columns(&io::stderr()), RECEIPT_INDENT));
    if let Some(target) = options.output.as_ref().filter(|_| !options.dry_run) {
        let _ = writeln!(stderr, "Written to {}", printable(&target.display().to_string()));
    }
    Ok(ExitCode::SUCCESS)
}
