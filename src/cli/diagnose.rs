//! `entrace diagnose`: the default.

use super::args::{DiagnoseArgs, Format};
use super::{batch, inputs, output};
use crate::analysis::{Analysis, Verdict, analyze_expecting};
use crate::capture::Capture;
use crate::checks::Expectation;
use crate::report::{CaptureReport, html, json, markdown, ndjson, printable, sarif, text};
use std::io::{self, IsTerminal, Write};
use std::process::ExitCode;

/// Text is as wide as the terminal, else this.
const WIDTH: usize = 100;

pub(super) fn run(options: &DiagnoseArgs, stdout: &mut dyn Write, stderr: &mut dyn Write) -> io::Result<ExitCode> {
    let knowledge = options.knowledge.load()?;
    let expectation = Expectation { tenant: options.expect_tenant.clone(), client: options.expect_client.clone() };
    let inputs = inputs::inputs(&options.captures);
    // One capture a line can be written as it is read, so that memory does not grow with their number.
    let streams = options.format == Format::Ndjson && options.output.is_none();
    let mut read: Vec<(String, Result<Analysis, String>)> = Vec::new();
    let (mut problems, mut fails) = (Vec::new(), false);
    let analyse = |capture: &Capture| analyze_expecting(capture, &knowledge, &expectation);
    batch::each(&inputs, &options.reading.options()?, analyse, |path, outcome| {
        fails |= outcome.as_ref().is_ok_and(|analysis| analysis.verdict == Verdict::Failing);
        problems.extend(outcome.as_ref().err().map(|problem| (path.clone(), problem.clone())));
        match streams {
            true => {
                let report = CaptureReport { path: &path, outcome: outcome.as_ref().map_err(Clone::clone) };
                stdout.write_all(ndjson::line(&report)?.as_bytes()).and_then(|()| stdout.flush())?;
            }
            false => read.push((path, outcome)),
        }
        Ok(())
    })?;
    if !streams {
        write(&read, options, stdout)?;
    }
    for (path, problem) in &problems {
        writeln!(stderr, "entrace: {}: {problem}", printable(path))?;
    }
    Ok(ExitCode::from(if problems.is_empty() { u8::from(fails) } else { 2 }))
}

/// Writes the report of all captures.
fn write(read: &[(String, Result<Analysis, String>)], options: &DiagnoseArgs, stdout: &mut dyn Write) -> io::Result<()> {
    let reports: Vec<CaptureReport<'_>> =
        read.iter().map(|(path, outcome)| CaptureReport { path, outcome: outcome.as_ref().map_err(Clone::clone) }).collect();
    let report = match options.format {
        Format::Json => json::render(&reports)?,
        Format::Ndjson => ndjson::render(&reports)?,
        Format::Markdown => markdown::render(&reports),
        Format::Html => html::render(&reports)?,
        Format::Sarif => sarif::render(&reports)?,
        Format::Text => text::render(&told_once(reports, options), &text_options(options)),
    };
    match &options.output {
        Some(path) => output::write(path, report.as_bytes()),
        None => stdout.write_all(report.as_bytes()).and_then(|()| stdout.flush()),
    }
}

/// On a terminal what cannot be read is told on the other stream already; a report in a file tells it too.
fn told_once<'a>(mut reports: Vec<CaptureReport<'a>>, options: &DiagnoseArgs) -> Vec<CaptureReport<'a>> {
    if options.output.is_none() {
        reports.retain(|report| report.outcome.is_ok());
    }
    reports
}

fn text_options(options: &DiagnoseArgs) -> text::Options {
    let to_terminal = options.output.is_none() && io::stdout().is_terminal();
    let terminal = terminal_size::terminal_size().filter(|_| to_terminal).map(|(width, _)| usize::from(width.0));
    // https://no-color.org: any value but the empty one turns colours off.
    let no_color = std::env::var_os("NO_COLOR").is_some_and(|value| !value.is_empty());
    text::Options { width: terminal.or(options.width).unwrap_or(WIDTH), color: to_terminal && !no_color }
}
