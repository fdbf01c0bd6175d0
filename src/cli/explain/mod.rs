//! `entrace explain`: what a code, a cause, a check or a pasted message means.

use super::answer;
use super::args::{Color, ExplainArgs, ExplainFormat};
use super::config::Part;
use super::error::CliError;
use super::output::OutputFile;
use super::saved_text::{utf16, without_mark};
use super::terminal::text_options;
use crate::entra::Pasted;
use crate::explain::{explain, suggestions};
use crate::knowledge::Knowledge;
use crate::report::{json, markdown, printable, text};
use std::io::{self, Read, Write};
use std::process::ExitCode;

/// Text is as wide as the terminal, else this.
const WIDTH: usize = 100;
/// How much of standard input is read: no message is as long.
const MOST: u64 = 4 << 20;
/// How much of what was asked is repeated in a message: longer than any code or id.
const LONGEST_ID: usize = 48;

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
    Ok(utf16(&bytes).unwrap_or_else(|| String::from_utf8_lossy(without_mark(&bytes)).into_owned()))
}

/// That nothing is known, and what may have been meant. A message may hold names and tokens, so only what is
/// written like an id is repeated.
fn not_known(asked: &str, knowledge: &Knowledge) -> String {
    let asked = asked.trim();
    let is_id = asked.len() <= LONGEST_ID && asked.bytes().all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'.'));
    // The name of an error alone is read as what stands in an address.
    let error = Pasted::read(asked).error.or_else(|| Pasted::read(&format!("error={asked}")).error);
    let what = match (error, is_id) {
        _ if asked.is_empty() => "there is nothing to explain".to_owned(),
        (Some(error), _) => {
            format!("{error} is an error of OAuth that many causes share; the AADSTS code\nin its error_description tells more")
        }
        (_, true) => format!("nothing is known of “{}”", printable(asked)),
        (_, false) => "the text names no code, cause or check that is known".to_owned(),
    };
    let mut message = format!("entrace: {what}.\n");
    let near = suggestions(asked, knowledge);
    if !near.is_empty() {
        message.push_str("Nearly the same:\n");
    }
    let layout = textwrap::Options::new(WIDTH).initial_indent("  ").subsequent_indent("      ");
    for suggestion in near {
        message.push_str(&textwrap::fill(&format!("{}  {}", suggestion.id, suggestion.title), &layout));
        message.push('\n');
    }
    message.push_str(
        "A code is written as AADSTS50058, AADB2C90077 or 50058; the ids of causes and\nchecks are in docs/reference. A capture with other codes is diagnosed all the\nsame: entrace CAPTURE.\n",
    );
    message
}
