//! `entrace redact`: a capture that is safe to attach.

use super::args::RedactArgs;
use super::config::Part;
use super::{output, password};
use crate::capture::{self, CaptureError, Document};
use crate::redact::{self, Redacted};
use crate::report::printable;
use std::io::{self, Write};
use std::path::Path;
use std::process::ExitCode;

pub(super) fn run(options: &RedactArgs, stderr: &mut dyn Write) -> io::Result<ExitCode> {
    let defaults = options.source.config.defaults(&[Part::Knowledge, Part::Redact, Part::Limits], stderr)?;
    let path = printable(&options.source.capture.display().to_string());
    let mut refuse = |why: String| {
        writeln!(stderr, "entrace: {path}: {why}")?;
        Ok(ExitCode::from(2))
    };
    let targets = [("--output", &options.output), ("--receipt", &options.receipt)];
    let is_capture = |target: &Path| output::is_same_file(target, &options.source.capture);
    if let Some((name, _)) = targets.into_iter().find(|(_, target)| target.as_deref().is_some_and(is_capture)) {
        return refuse(format!("{name} is the capture itself; name another file"));
    }
    let knowledge = options.source.knowledge.load(&defaults)?;
    let document = match open(&options.source.capture, &options.source.reading.options(&defaults)?) {
        Ok(document) => document,
        Err(error) => return refuse(error.to_string()),
    };
    let redacted = match redact::redact(&document, &knowledge, &options.source.redaction.options(&defaults)) {
        Ok(redacted) => redacted,
        Err(error) => return refuse(error.to_string()),
    };
    let Redacted { har, mut receipt, .. } = redacted;
    match &options.output {
        Some(target) if !options.dry_run => output::write(target, &har)?,
        _ => receipt.sha256 = None,
    }
    if let Some(target) = &options.receipt {
        output::write(target, &serde_json::to_vec_pretty(&receipt)?)?;
    }
    writeln!(stderr, "{receipt}")?;
    if let Some(target) = options.output.as_ref().filter(|_| !options.dry_run) {
        writeln!(stderr, "Written to {}", printable(&target.display().to_string()))?;
    }
    Ok(ExitCode::SUCCESS)
}

/// Opens the one capture that is meant, and asks for its password where it needs one.
pub(super) fn open(path: &Path, options: &capture::Options) -> Result<Document, CaptureError> {
    if path.as_os_str() == "-" {
        return Document::from_reader(io::stdin().lock(), options);
    }
    match Document::open(path, options) {
        Err(CaptureError::PasswordNeeded) => match password::asked(&printable(&path.display().to_string())) {
            Some(password) => Document::open(path, &capture::Options { password: Some(password), ..options.clone() }),
            None => Err(CaptureError::PasswordNeeded),
        },
        other => other,
    }
}
