//! `entrace diagnose`: the default.

use super::args::{Color, DiagnoseArgs, Format};
use super::config::Part;
use super::error::CliError;
use super::inputs::{self, Input};
use super::output::OutputFile;
use super::report::{Kind, Report, WIDTH};
use super::terminal::text_options;
use crate::analysis::analyze_beside;
use crate::capture::Capture;
use crate::checks::{Beside, Expectation};
use crate::entra::ClientId;
use crate::msal_log::MsalLogs;
use crate::report::{html, json, markdown, ndjson, sarif, text};
use crate::sign_in_log::SignInLogs;
use std::error::Error;
use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::ExitCode;

pub(super) fn run(options: &DiagnoseArgs, color: Color, stdout: &mut dyn Write, stderr: &mut dyn Write) -> Result<ExitCode, CliError> {
    let defaults = options.config.defaults(&[Part::Knowledge, Part::Expect, Part::Limits], stderr)?;
    let knowledge = options.knowledge.load(&defaults)?;
    let expectation = Expectation {
        tenant: options.expect_tenant.clone().or_else(|| defaults.expected.tenant.clone()),
        client: options.expect_client.as_deref().or(defaults.expected.client.as_deref()).map(ClientId::parse),
    };
    let inputs = inputs::inputs(&options.captures);
    let logs = options.sign_in_logs.iter().chain(&options.msal_logs).map(PathBuf::as_path);
    let read = || inputs.iter().filter_map(Input::file).chain(logs);
    let output = options.output.file.as_deref().map(|path| OutputFile::beside_inputs(path, read())).transpose()?;
    let sign_in_logs = read_logs(&options.sign_in_logs, SignInLogs::add)?;
    let msal_logs = read_logs(&options.msal_logs, MsalLogs::add)?;
    let beside = Beside { expectation, sign_in_logs, msal_logs };
    let kind = match options.format {
        Format::Text => Kind::Text(Box::new(text::Scroll::new(&text_options(&options.output, color, WIDTH)))),
        Format::Json => Kind::Other(Box::new(json::Document::new()?)),
        Format::Ndjson => Kind::Other(Box::new(ndjson::Lines)),
        Format::Markdown => Kind::Other(Box::new(markdown::Chapters::default())),
        Format::Html => Kind::Other(Box::new(html::Articles::default())),
        Format::Sarif => Kind::Other(Box::new(sarif::Log::new())),
    };
    let analyse = |capture: &Capture| analyze_beside(capture, &knowledge, &beside);
    Report::begin(kind, output, stdout).write(&inputs, &options.reading.options(&defaults)?, analyse, stderr)
}

/// The logs that were given; one that cannot be read ends the run before any capture is read.
fn read_logs<L: Default, E: Error + Send + Sync + 'static>(
    paths: &[PathBuf],
    add: impl Fn(&mut L, &Path) -> Result<(), E>,
) -> Result<L, CliError> {
    let mut logs = L::default();
    for path in paths {
        add(&mut logs, path).map_err(|error| CliError::Log { path: path.clone(), error: error.into() })?;
    }
    Ok(logs)
}
