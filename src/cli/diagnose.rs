//! `entrace diagnose`: the default.

use super::args::{DiagnoseArgs, Format};
use super::inputs;
use super::report::{Kind, Report, text_options};
use crate::analysis::analyze_expecting;
use crate::capture::Capture;
use crate::checks::Expectation;
use crate::report::{html, json, markdown, ndjson, text};
use std::io::{self, Write};
use std::process::ExitCode;

pub(super) fn run(options: &DiagnoseArgs, stdout: &mut dyn Write, stderr: &mut dyn Write) -> io::Result<ExitCode> {
    let knowledge = options.knowledge.load()?;
    let expectation = Expectation { tenant: options.expect_tenant.clone(), client: options.expect_client.clone() };
    let inputs = inputs::inputs(&options.captures);
    let kind = match options.format {
        Format::Text => Kind::Text(Box::new(text::Scroll::new(&text_options(&options.output)))),
        Format::Json => Kind::Other(Box::new(json::Document::new()?)),
        Format::Ndjson => Kind::Other(Box::new(ndjson::Lines)),
        Format::Markdown => Kind::Other(Box::new(markdown::Chapters::default())),
        Format::Html => Kind::Other(Box::new(html::Articles::default())),
        Format::Sarif => Kind::Sarif,
    };
    let analyse = |capture: &Capture| analyze_expecting(capture, &knowledge, &expectation);
    Report::begin(kind, &options.output, stdout).write(&inputs, &options.reading.options()?, analyse, stderr)
}
