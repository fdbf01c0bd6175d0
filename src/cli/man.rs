//! `entrace man`: the manual pages, one of the program and one of each subcommand.

use super::args::{self, ManArgs};
use super::error::CliError;
use super::output;
use clap::Command;
use clap::builder::Resettable;
use clap_mangen::Man;
use clap_mangen::roff::{Roff, roman};
use std::fs;
use std::io::{self, Write};
use std::process::ExitCode;

/// What the pages are part of, as it stands above them.
const MANUAL: &str = "User Commands";

/// No title of a section is longer, in bytes.
const LONGEST_TITLE: usize = 16;

/// Writes the page of the program, or all pages into a folder.
///
/// # Errors
/// When one cannot be written.
pub(super) fn run(options: &ManArgs, stdout: &mut dyn Write) -> Result<ExitCode, CliError> {
    // The facts of one build would make the pages of each differ.
    let mut command = args::described().long_version(None).disable_help_subcommand(true);
    // Gives the subcommands their full names.
    command.build();
    let Some(folder) = &options.output else {
        stdout.write_all(&page(&command)?.1).and_then(|()| stdout.flush())?;
        return Ok(ExitCode::SUCCESS);
    };
    fs::create_dir_all(folder).map_err(|error| output::OutputError::unwritten(folder, error))?;
    for command in [&command].into_iter().chain(command.get_subcommands()) {
        let (name, page) = page(command)?;
        output::OutputFile::at(&folder.join(name))?.write(&page)?;
    }
    Ok(ExitCode::SUCCESS)
}

/// The file name of a command's page, and the page.
fn page(command: &Command) -> io::Result<(String, Vec<u8>)> {
    let source = format!("entrace {}", env!("CARGO_PKG_VERSION"));
    let man = Man::new(command.clone().after_help(Resettable::Reset)).source(source).manual(MANUAL);
    let mut page = Vec::new();
    man.render(&mut page)?;
    let below = command.get_after_help().map(ToString::to_string).unwrap_or_default();
    page.extend(sections(&below).to_roff().into_bytes());
    Ok((man.get_filename(), page))
}

/// What stands below the options of a help, as sections: a paragraph that begins with “Examples:” is the section of that
/// name. Lines that stand in are kept as they are, because what is to be typed may not be filled up.
fn sections(below: &str) -> Roff {
    let mut sections = Roff::new();
    for paragraph in below.split("\n\n").filter(|paragraph| !paragraph.is_empty()) {
        let (title, text) = paragraph.split_once(':').filter(|(title, _)| title.len() <= LONGEST_TITLE).unwrap_or(("Notes", paragraph));
        sections.control("SH", [title.to_uppercase().as_str()]);
        match text.strip_prefix('\n') {
            Some(lines) => {
                sections.control("nf", []);
                for line in lines.lines() {
                    sections.text([roman(line.strip_prefix("  ").unwrap_or(line))]);
                }
                sections.control("fi", []);
            }
            None => {
                sections.text([roman(text.trim())]);
            }
        }
    }
    sections
}
