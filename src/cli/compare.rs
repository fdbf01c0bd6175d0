//! `entrace compare`: where a sign-in that works and one that fails part.

use super::answer;
use super::args::{Color, CompareArgs, CompareFormat};
use super::config::Part;
use super::error::CliError;
use super::inputs::{self, Input};
use super::output::OutputFile;
use super::reading::one_capture;
use super::report::WIDTH;
use super::terminal::text_options;
use crate::capture::Options;
use crate::compare::{Outcome, compare};
use crate::report::{ComparisonReport, html, json, markdown, printable, text};
use std::io::Write;
use std::process::ExitCode;

pub(super) fn run(options: &CompareArgs, color: Color, stdout: &mut dyn Write, stderr: &mut dyn Write) -> Result<ExitCode, CliError> {
    let defaults = options.config.defaults(&[Part::Knowledge, Part::Limits], stderr)?;
    let knowledge = options.knowledge.load(&defaults)?;
    if [&options.working, &options.failing].iter().all(|path| path.as_os_str() == "-") {
        return Err(CliError::BothFromStdin);
    }
    let [working, failing] = [&options.working, &options.failing].map(|path| inputs::inputs(std::slice::from_ref(path)));
    let read = || working.iter().chain(&failing).filter_map(Input::file);
    let output = options.output.file.as_deref().map(|path| OutputFile::beside_inputs(path, read())).transpose()?;
    let reading = Options { only_traffic: true, ..options.reading.options(&defaults)? };
    let (working, failing) = match (one_capture(&working, &reading), one_capture(&failing, &reading)) {
        (Ok(working), Ok(failing)) => (working, failing),
        (working, failing) => {
            for (path, outcome) in [(&options.working, working), (&options.failing, failing)] {
                if let Err(problem) = outcome {
                    writeln!(stderr, "entrace: {}: {problem}", printable(&path.display().to_string()))?;
                }
            }
            return Ok(ExitCode::from(2));
        }
    };
    let comparison = compare(&working.1, &failing.1, &knowledge);
    let report = ComparisonReport { working: &working.0, failing: &failing.0, comparison: &comparison };
    let told = match options.format {
        CompareFormat::Text => text::render_comparison(&report, &text_options(&options.output, color, WIDTH)),
        CompareFormat::Json => json::render_comparison(&report)?,
        CompareFormat::Markdown => markdown::render_comparison(&report),
        CompareFormat::Html => html::render_comparison(&report)?,
    };
    answer::hand_over(&told, output.as_ref(), stdout)?;
    Ok(ExitCode::from(u8::from(comparison.outcome != Outcome::NothingFails)))
}
