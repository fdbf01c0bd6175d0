//! The password of an encrypted archive: from the arguments, a file, the environment, or the terminal.

use super::args::ReadingArgs;
use crate::exchange::Secret;
use std::io::{self, IsTerminal};
use std::sync::{Mutex, PoisonError};

/// The variable that holds it.
const VARIABLE: &str = "ENTRACE_PASSWORD";

/// The password that was given, if any.
///
/// # Errors
///
/// When the file that should hold it cannot be read.
pub(super) fn given(options: &ReadingArgs) -> io::Result<Option<Secret>> {
    if let Some(password) = &options.password {
        return Ok(Some(Secret::new(password.as_str())));
    }
    if let Some(path) = &options.password_file {
        let text = std::fs::read_to_string(path)
            .map_err(|error| io::Error::new(error.kind(), format!("the password file {} cannot be read: {error}", path.display())))?;
        return Ok(text.lines().next().map(Secret::new));
    }
    Ok(std::env::var(VARIABLE).ok().filter(|password| !password.is_empty()).map(Secret::new))
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
