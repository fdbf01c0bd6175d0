//! `entrace bundle`: what a ticket needs, in one folder or zip.

mod target;

use super::args::BundleArgs;
use super::config::Part;
use super::error::CliError;
use super::redact::RECEIPT_INDENT;
use super::terminal::{columns, filled_lines};
use super::{output, progress, reading};
use crate::bundle;
use crate::redact;
use crate::report::printable;
use std::io::{self, Write};
use std::path::Path;
use std::process::ExitCode;
use target::Target;

pub(super) fn run(options: &BundleArgs, stderr: &mut dyn Write) -> Result<ExitCode, CliError> {
    let defaults = options.source.config.defaults(&[Part::Knowledge, Part::Redact, Part::Limits], stderr)?;
    let path = printable(&options.source.capture.display().to_string());
    let output = printable(&options.output.display().to_string());
    let mut refuse = |what: &str, why: String| {
        writeln!(stderr, "entrace: {what}: {why}")?;
        Ok(ExitCode::from(2))
    };
    if output::is_same_file(&options.output, &options.source.capture) {
        return refuse(&path, "--output is the capture itself; name another folder or zip".to_owned());
    }
    let knowledge = options.source.knowledge.load(&defaults)?;
    // Asked before the work, and again by the writing itself.
    let target = Target::of(&options.output);
    if let Some(why) = target.refusal()? {
        return refuse(&output, why.to_owned());
    }
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
    drop(document);
    let receipt = filled_lines(&redacted.receipt.to_string(), columns(&io::stderr()), RECEIPT_INDENT);
    let members = bundle::members(redacted, &file_name(&options.source.capture), &knowledge)?;
    target.write(&members)?;
    // It is written, whether or not it can be told.
    let _ = writeln!(stderr, "{receipt}\n\nWritten to {output}:");
    let _ = bundle::list(&members).try_for_each(|line| writeln!(stderr, "  {line}"));
    Ok(ExitCode::SUCCESS)
}

/// The name of a capture without its folders, which are nobody's business.
fn file_name(capture: &Path) -> String {
    capture.file_name().map_or_else(|| "-".to_owned(), |name| name.to_string_lossy().into_owned())
}
