//! `entrace timeline`: the sign-in traffic of a capture, step by step.

use super::args::{Color, TimelineArgs, TimelineFormat};
use super::config::Part;
use super::error::CliError;
use super::inputs::{self, Input};
use super::output::OutputFile;
use super::report::{Kind, Report, WIDTH};
use super::terminal::text_options;
use crate::analysis::analyze;
use crate::capture::{Capture, Options};
use crate::report::{json, markdown, text};
use std::io::Write;
use std::process::ExitCode;

pub(super) fn run(options: &TimelineArgs, color: Color, stdout: &mut dyn Write, stderr: &mut dyn Write) -> Result<ExitCode, CliError> {
    let defaults = options.config.defaults(&[Part::Knowledge, Part::Limits], stderr)?;
    let knowledge = options.knowledge.load(&defaults)?;
    let inputs = inputs::inputs(std::slice::from_ref(&options.capture));
    let read = || inputs.iter().filter_map(Input::file);
    let output = options.output.file.as_deref().map(|path| OutputFile::beside_inputs(path, read())).transpose()?;
    let kind = match options.format {
        TimelineFormat::Text => Kind::Text(Box::new(text::Timelines::new(&text_options(&options.output, color, WIDTH)))),
        TimelineFormat::Json => Kind::Other(Box::new(json::Document::of_timelines()?)),
        TimelineFormat::Markdown => Kind::Other(Box::new(markdown::Timelines::default())),
    };
    let reading = Options { only_traffic: true, ..options.reading.options(&defaults)? };
    let analyse = |capture: &Capture| analyze(capture, &knowledge);
    Report::begin(kind, output, stdout).write(&inputs, &reading, analyse, stderr)
}
