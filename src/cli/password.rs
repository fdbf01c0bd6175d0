//! The password of an encrypted archive: from the arguments, a file, the environment, or the terminal.

use super::saved_text::{utf16, without_mark};
use super::shown;
use crate::exchange::Secret;
use std::fs::File;
use std::io::{self, BufRead, BufReader, IsTerminal, Read};
use std::path::{Path, PathBuf};
use std::sync::{Mutex, PoisonError};
use thiserror::Error;

/// How long the line with the password may be, in bytes.
const LONGEST: u64 = 4 << 10;

/// The variable that holds it.
const VARIABLE: &str = "ENTRACE_PASSWORD";

/// Why a file tells no password.
#[derive(Debug, Error)]
pub(super) enum PasswordError {
    /// It cannot be read.
    #[error("the password file {} cannot be read: {error}", shown(.path))]
    Unreadable {
        /// The file.
        path: PathBuf,
        /// What the system says.
        error: io::Error,
    },
    /// It is another file.
    #[error("the password file {} cannot be read: its first line is longer than {} KiB, which is no password", shown(.path), LONGEST >> 10)]
    LongLine {
        /// The file.
        path: PathBuf,
    },
    /// It is in an encoding that does not tell which letters are meant.
    #[error("the password file {} cannot be read: it is neither UTF-8 nor UTF-16; save it as UTF-8", shown(.path))]
    Encoding {
        /// The file.
        path: PathBuf,
    },
    /// There is none in it.
    #[error("the password file {} holds no password: its first line is empty", shown(.path))]
    Empty {
        /// The file.
        path: PathBuf,
    },
}

/// The password that was given, if any: as an option, in the file that one names, or in the environment.
///
/// # Errors
/// When the file that should hold it cannot be read.
pub(super) fn given(password: Option<&str>, file: Option<&Path>) -> Result<Option<Secret>, PasswordError> {
    if let Some(password) = password {
        return Ok(Some(Secret::new(password)));
    }
    if let Some(path) = file {
        return first_line(path);
    }
    Ok(std::env::var(VARIABLE).ok().filter(|password| !password.is_empty()).map(Secret::new))
}

/// The first line of a file, which may be a pipe.
fn first_line(path: &Path) -> Result<Option<Secret>, PasswordError> {
    let path = || path.to_owned();
    let line = line_of(&path()).map_err(|error| PasswordError::Unreadable { path: path(), error })?;
    let is_cut = line.len() as u64 > LONGEST;
    let text = match utf16(&line) {
        Some(text) if text.contains('\n') || !is_cut => text,
        _ if is_cut => return Err(PasswordError::LongLine { path: path() }),
        _ => String::from_utf8(without_mark(&line).to_vec()).map_err(|_| PasswordError::Encoding { path: path() })?,
    };
    match text.lines().next() {
        Some(password) if !password.is_empty() => Ok(Some(Secret::new(password))),
        _ => Err(PasswordError::Empty { path: path() }),
    }
}

/// The bytes of the first line, and of what follows it in UTF-16: there the byte that ends a line may be half of a letter.
fn line_of(path: &Path) -> io::Result<Vec<u8>> {
    let mut line = Vec::new();
    let mut file = BufReader::new(File::open(path)?.take(LONGEST + 2));
    file.read_until(b'\n', &mut line)?;
    let whole = line.get(..line.len() & !1).unwrap_or_default();
    if utf16(whole).is_some() {
        file.read_to_end(&mut line)?;
    }
    Ok(line)
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
