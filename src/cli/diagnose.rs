//! `entrace diagnose`: the default.

use super::args::{DiagnoseArgs, Format};
use super::config::Part;
use super::inputs::{self, Input};
use super::output::OutputFile;
use super::report::{Kind, Report, WIDTH};
use super::terminal::text_options;
use crate::analysis::analyze_beside;
use crate::capture::Capture;
use crate::checks::{Beside, Expectation};
use crate::msal_log::{MsalLogError, MsalLogs};
use crate::report::{html, json, markdown, ndjson, printable, text};
use crate::sign_in_log::{SignInLogError, SignInLogs};
use std::io::{self, Write};
use std::path::PathBuf;
use std::process::ExitCode;

pub(super) fn run(options: &DiagnoseArgs, stdout: &mut dyn Write, stderr: &mut dyn Write) -> io::Result<ExitCode> {
    let defaults = options.config.defaults(&[Part::Knowledge, Part::Expect, Part::Limits], stderr)?;
    let knowledge = options.knowledge.load(&defaults)?;
    let expectation = Expectation {
        tenant: options.expect_tenant.clone().or_else(|| defaults.expectation.tenant.clone()),
        client: options.expect_client.clone().or_else(|| defaults.expectation.client.clone()),
    };
    let inputs = inputs::inputs(&options.captures);
    let logs = options.sign_in_logs.iter().chain(&options.msal_logs).map(PathBuf::as_path);
    let read = || inputs.iter().filter_map(Input::file).chain(logs);
    let output = options.output.file.as_deref().map(|path| OutputFile::beside_inputs(path, read())).transpose()?;
    let beside = Beside { expectation, sign_in_logs: sign_in_logs(&options.sign_in_logs)?, msal_logs: msal_logs(&options.msal_logs)? };
    let kind = match options.format {
        Format::Text => Kind::Text(Box::new(text::Scroll::new(&text_options(&options.output, WIDTH)))),
        Format::Json => Kind::Other(Box::new(json::Document::new()?)),
        Format::Ndjson => Kind::Other(Box::new(ndjson::Lines)),
        Format::Markdown => Kind::Other(Box::new(markdown::Chapters::default())),
        Format::Html => Kind::Other(Box::new(html::Articles::default())),
        Format::Sarif => Kind::Sarif,
    };
    let analyse = |capture: &Capture| analyze_beside(capture, &knowledge, &beside);
    Report::begin(kind, output, stdout).write(&inputs, &options.reading.options(&defaults)?, analyse, stderr)
}

/// The logs that were given; one that cannot be read ends the run before any capture is read.
fn sign_in_logs(paths: &[PathBuf]) -> io::Result<SignInLogs> {
    let mut logs = SignInLogs::default();
    for path in paths {
        let told = |error: SignInLogError| {
            io::Error::new(io::ErrorKind::InvalidData, format!("{}: {error}", printable(&path.display().to_string())))
        };
        logs.add(path).map_err(told)?;
    }
    Ok(logs)
}

/// The same for the logs of MSAL.
fn msal_logs(paths: &[PathBuf]) -> io::Result<MsalLogs> {
    let mut logs = MsalLogs::default();
    for path in paths {
        let told = |error: MsalLogError| {
            io::Error::new(io::ErrorKind::InvalidData, format!("{}: {error}", printable(&path.display().to_string())))
        };
        logs.add(path).map_err(told)?;
    }
    Ok(logs)
}
