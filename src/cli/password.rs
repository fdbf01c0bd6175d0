//! The password of an encrypted archive: from the arguments, a file, the environment, or the terminal.

use super::args::ReadingArgs;
use crate::exchange::Secret;
use crate::report::printable;
use std::fs::File;
use std::io::{self, BufRead, BufReader, IsTerminal, Read};
use std::path::Path;
use std::sync::{Mutex, PoisonError};

/// How long the line with the password may be, in bytes.
const LONGEST: u64 = 4 << 10;

/// The variable that holds it.
const VARIABLE: &str = "ENTRACE_PASSWORD";

/// The password that was given, if any.
///
/// # Errors
/// When the file that should hold it cannot be read.
pub(super) fn given(options: &ReadingArgs) -> io::Result<Option<Secret>> {
    if let Some(password) = &options.password {
        return Ok(Some(Secret::new(password.as_str())));
    }
    if let Some(path) = &options.password_file {
        let told = |error: io::Error| {
            io::Error::new(error.kind(), format!("the password file {} cannot be read: {error}", printable(&path.display().to_string())))
        };
        return first_line(path).map_err(told);
    }
    Ok(std::env::var(VARIABLE).ok().filter(|password| !password.is_empty()).map(Secret::new))
}

/// The first line of a file, which may be a pipe.
fn first_line(path: &Path) -> io::Result<Option<Secret>> {
    let mut text = String::new();
    BufReader::new(File::open(path)?.take(LONGEST + 1)).read_line(&mut text)?;
    if text.len() as u64 > LONGEST {
        let why = format!("its first line is longer than {} KiB, which is no password", LONGEST >> 10);
        return Err(io::Error::new(io::ErrorKind::InvalidData, why));
    }
    Ok(text.lines().next().map(Secret::new))
}

/// Asks for it, where somebody is there to answer.
pub(super) fn asked(path: &str) -> Option<Secret> {
    if !io::stdin().is_terminal() || !io::stderr().is_terminal() {
        return None;
    }
    // Several captures are read at once, and one question is asked at a time.
    static ASKING: Mutex<()> = Mutex::new(());
    let _one = ASKING.lock().unwrap_or_else(PoisonError::into_inner);
    rpassword::prompt_password(format!("Password of {path}: ")).ok().map(Secret::new)
}
