//! `entrace man`: the manual pages, one of the program and one of each subcommand.

use super::args::{self, ManArgs};
use super::output;
use clap::Command;
use clap_mangen::Man;
use std::fs;
use std::io::{self, Write};
use std::process::ExitCode;

/// What the pages are part of, as it stands above them.
const MANUAL: &str = "User Commands";

/// Writes the page of the program, or all pages into a folder.
///
/// # Errors
///
/// When one cannot be written.
pub(super) fn run(options: &ManArgs, stdout: &mut dyn Write) -> io::Result<ExitCode> {
    // The facts of one build would make the pages of each differ.
    let mut command = args::described().long_version(None).disable_help_subcommand(true);
    // Gives the subcommands their full names.
    command.build();
    let Some(folder) = &options.output else {
        stdout.write_all(&page(&command)?.1).and_then(|()| stdout.flush())?;
        return Ok(ExitCode::SUCCESS);
    };
    fs::create_dir_all(folder).map_err(|error| output::unwritten(folder, error))?;
    for command in [&command].into_iter().chain(command.get_subcommands()) {
        let (name, page) = page(command)?;
        output::OutputFile::at(&folder.join(name))?.write(&page)?;
    }
    Ok(ExitCode::SUCCESS)
}

/// The file name of a command's page, and the page.
fn page(command: &Command) -> io::Result<(String, Vec<u8>)> {
    let source = format!("entrace {}", env!("CARGO_PKG_VERSION"));
    let man = Man::new(command.clone()).source(source).manual(MANUAL);
    let mut page = Vec::new();
    man.render(&mut page)?;
    Ok((man.get_filename(), page))
}
