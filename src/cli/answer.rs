//! An answer that is one text, where the user wants it.

use super::error::CliError;
use super::output::OutputFile;
use std::io::Write;

/// Writes it: to a file, else to standard output.
///
/// # Errors
/// When it cannot be written; a file is then as it was before.
pub(super) fn hand_over(text: &str, file: Option<&OutputFile<'_>>, stdout: &mut dyn Write) -> Result<(), CliError> {
    match file {
        Some(file) => Ok(file.write(text.as_bytes())?),
        None => Ok(stdout.write_all(text.as_bytes()).and_then(|()| stdout.flush())?),
    }
}
