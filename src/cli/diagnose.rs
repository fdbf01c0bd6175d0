//! `entrace diagnose`: the default.

use super::args::{DiagnoseArgs, Format};
use super::inputs::{self, Input};
use super::password;
use crate::analysis::{Analysis, Verdict, analyze_expecting};
use crate::capture::{Capture, CaptureError, Options};
use crate::checks::Expectation;
use crate::knowledge::Knowledge;
use crate::report::{CaptureReport, json, markdown, ndjson, printable, sarif, text};
use std::fs;
use std::io::{self, IsTerminal, Write};
use std::process::ExitCode;

/// Text is as wide as the terminal, else this.
const WIDTH: usize = 100;

pub(super) fn run(options: &DiagnoseArgs, stdout: &mut dyn Write, stderr: &mut dyn Write) -> io::Result<ExitCode> {
    let knowledge = Knowledge::builtin();
    let opening = Options { password: password::given(options)?, limits: options.limits() };
    let expectation = Expectation { tenant: options.expect_tenant.clone(), client: options.expect_client.clone() };
    let read: Vec<(String, Result<Analysis, String>)> = inputs::inputs(&options.captures)
        .into_iter()
        .flat_map(|input| open(&input, &opening))
        .map(|(path, capture)| (path, capture.map(|capture| analyze_expecting(&capture, &knowledge, &expectation))))
        .collect();
    let reports: Vec<CaptureReport<'_>> =
        read.iter().map(|(path, outcome)| CaptureReport { path, outcome: outcome.as_ref().map_err(Clone::clone) }).collect();
    let report = match options.format {
        Format::Json => json::render(&reports)?,
        Format::Ndjson => ndjson::render(&reports)?,
        Format::Markdown => markdown::render(&reports),
        Format::Sarif => sarif::render(&reports)?,
        Format::Text => text::render(&told_once(reports, options), &text_options(options)),
    };
    match &options.output {
        Some(path) => fs::write(path, report)
            .map_err(|error| io::Error::new(error.kind(), format!("{}: {error}", printable(&path.display().to_string()))))?,
        None => stdout.write_all(report.as_bytes())?,
    }
    stdout.flush()?;
    for (path, outcome) in &read {
        if let Err(problem) = outcome {
            writeln!(stderr, "entrace: {}: {problem}", printable(path))?;
        }
    }
    Ok(status(&read))
}

/// On a terminal what cannot be read is told on the other stream already; a report in a file tells it too.
fn told_once<'a>(mut reports: Vec<CaptureReport<'a>>, options: &DiagnoseArgs) -> Vec<CaptureReport<'a>> {
    if options.output.is_none() {
        reports.retain(|report| report.outcome.is_ok());
    }
    reports
}

/// The captures of an input, each with its name; those of an archive as `archive!member`.
fn open(input: &Input, options: &Options) -> Vec<(String, Result<Capture, String>)> {
    let path = input.path();
    let found = match input {
        Input::Unreadable(_, problem) => return vec![(path, Err(problem.clone()))],
        Input::File(file) => Capture::open_all(file, options).map_err(|error| error.to_string()),
        Input::Stdin => Ok(Capture::all_from_reader(io::stdin().lock(), options)),
    };
    let found = match found {
        Err(problem) => return vec![(path, Err(problem))],
        Ok(found) => found,
    };
    let locked = found.iter().any(|found| matches!(found.capture, Err(CaptureError::PasswordNeeded)));
    if locked && let (Input::File(_), Some(password)) = (input, password::asked(&printable(&path))) {
        return open(input, &Options { password: Some(password), ..options.clone() });
    }
    let named = |inner: Vec<String>| std::iter::once(path.clone()).chain(inner).collect::<Vec<_>>().join("!");
    found.into_iter().map(|found| (named(found.path), found.capture.map_err(|error| error.to_string()))).collect()
}

fn status(read: &[(String, Result<Analysis, String>)]) -> ExitCode {
    if read.iter().any(|(_, outcome)| outcome.is_err()) {
        return ExitCode::from(2);
    }
    let failing = read.iter().filter_map(|(_, outcome)| outcome.as_ref().ok()).any(|analysis| analysis.verdict == Verdict::Failing);
    ExitCode::from(u8::from(failing))
}

fn text_options(options: &DiagnoseArgs) -> text::Options {
    let to_terminal = options.output.is_none() && io::stdout().is_terminal();
    let terminal = terminal_size::terminal_size().filter(|_| to_terminal).map(|(width, _)| usize::from(width.0));
    // https://no-color.org: any value but the empty one turns colours off.
    let no_color = std::env::var_os("NO_COLOR").is_some_and(|value| !value.is_empty());
    text::Options { width: terminal.or(options.width).unwrap_or(WIDTH), color: to_terminal && !no_color }
}
