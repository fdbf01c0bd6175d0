//! `entrace explain`: what a code, a cause, a check or a pasted message means.

mod refusal;

use super::answer;
use super::args::{Color, ExplainArgs, ExplainFormat};
use super::config::Part;
use super::error::CliError;
use super::output::OutputFile;
use super::saved_text::{utf16, without_mark};
use super::terminal::text_options;
use crate::capture::begins_like_a_capture;
use crate::explain::explain;
use crate::report::{json, markdown, text};
use refusal::not_known;
use std::io::{self, Read, Write};
use std::process::ExitCode;

/// Text is as wide as the terminal, else this.
const WIDTH: usize = 100;
/// How much of standard input is read: no message is as long.
const MOST: u64 = 4 << 20;

pub(super) fn run(options: &ExplainArgs, color: Color, stdout: &mut dyn Write, stderr: &mut dyn Write) -> Result<ExitCode, CliError> {
    let defaults = options.config.defaults(&[Part::Knowledge], stderr)?;
    let knowledge = options.knowledge.load(&defaults)?;
    let output = options.output.file.as_deref().map(OutputFile::at).transpose()?;
    let asked = asked(&options.what)?;
    let Some(explanation) = explain(&asked, &knowledge) else {
        stderr.write_all(not_known(&asked, &knowledge).as_bytes())?;
        return Ok(ExitCode::FAILURE);
    };
    let answer = match options.format {
        ExplainFormat::Text => text::render_explanation(&explanation, &text_options(&options.output, color, WIDTH)),
        ExplainFormat::Json => json::render_explanation(&explanation)?,
        ExplainFormat::Markdown => markdown::render_explanation(&explanation),
    };
    answer::hand_over(&answer, output.as_ref(), stdout)?;
    Ok(ExitCode::SUCCESS)
}

/// What was asked: the arguments as one text, or what standard input holds.
fn asked(what: &[std::ffi::OsString]) -> Result<String, CliError> {
    if what != ["-"] {
        let words: Vec<_> = what.iter().map(|word| word.to_string_lossy()).collect();
        return Ok(words.join(" "));
    }
    let mut bytes = Vec::new();
    io::stdin().lock().take(MOST + 1).read_to_end(&mut bytes)?;
    if bytes.len() as u64 > MOST {
        return Err(CliError::LongMessage { most: MOST });
    }
    if begins_like_a_capture(&bytes) {
        return Err(CliError::CaptureNotMessage);
    }
    Ok(utf16(&bytes).unwrap_or_else(|| String::from_utf8_lossy(without_mark(&bytes)).into_owned()))
}
