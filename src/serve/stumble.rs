//! Where the program stumbled: a mistake in it must not end the server, and is told on the page.

use std::panic::{self, PanicHookInfo};
use std::sync::{Mutex, PoisonError};

/// The place of the last mistake.
static PLACE: Mutex<Option<String>> = Mutex::new(None);

/// Remembers places instead of writing to standard error. What a panic says may quote a capture; and whoever started
/// the server may hold that stream for as long as it runs, so that writing to it would never end.
pub(super) fn watch() {
    panic::set_hook(Box::new(|info: &PanicHookInfo<'_>| {
        *PLACE.lock().unwrap_or_else(PoisonError::into_inner) = info.location().map(ToString::to_string);
    }));
}

/// What is said of the last mistake.
pub(super) fn told() -> String {
    let place = PLACE.lock().unwrap_or_else(PoisonError::into_inner).clone();
    format!("entrace stumbled over this, which is a mistake in it; please report it ({})", place.as_deref().unwrap_or("place unknown"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_place_is_told_and_what_was_said_is_not() {
        let before = panic::take_hook();
        watch();
        let outcome = std::thread::spawn(|| panic!("a secret")).join();
        panic::set_hook(before);
        assert!(outcome.is_err());
        assert!(told().contains("stumble.rs") && !told().contains("secret"), "{}", told());
    }
}
