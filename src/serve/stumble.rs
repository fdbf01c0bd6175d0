//! Where the program stumbled: a mistake in it must not end the server, and is told on the page.

use std::cell::RefCell;
use std::panic::{self, AssertUnwindSafe, PanicHookInfo};
use std::sync::{Mutex, PoisonError};

thread_local! {
    /// The place of the last mistake of this thread: several work at once, and each tells its own.
    static PLACE: RefCell<Option<String>> = const { RefCell::new(None) };
}

/// The place of the last mistake of any thread, for work that shares itself out among others.
static LAST: Mutex<Option<String>> = Mutex::new(None);

/// Remembers places instead of writing to standard error. What a panic says may quote a capture; and whoever started
/// the server may hold that stream for as long as it runs, so that writing to it would never end.
pub(super) fn watch() {
    panic::set_hook(Box::new(|info: &PanicHookInfo<'_>| {
        let place = info.location().map(ToString::to_string);
        PLACE.set(place.clone());
        *LAST.lock().unwrap_or_else(PoisonError::into_inner) = place;
    }));
}

/// Does work, or says where it stumbled.
pub(super) fn caught<T>(work: impl FnOnce() -> T) -> Result<T, String> {
    PLACE.take();
    // What was made is thrown away.
    panic::catch_unwind(AssertUnwindSafe(work)).map_err(|_| {
        let place = PLACE.take().or_else(|| LAST.lock().unwrap_or_else(PoisonError::into_inner).clone());
        told(place.as_deref())
    })
}

/// What is said of a mistake.
pub(super) fn told(place: Option<&str>) -> String {
    format!("entrace stumbled over this, which is a mistake in it; please report it ({})", place.unwrap_or("place unknown"))
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::sync::Barrier;
    use std::thread;

    #[test]
    fn each_work_tells_its_own_place_and_not_what_was_said() {
        let before = panic::take_hook();
        watch();
        let both = Barrier::new(2);
        let stumble = |panics: fn()| {
            caught(|| {
                both.wait();
                panics();
            })
        };
        let (one, other) = thread::scope(|scope| {
            let one = scope.spawn(|| stumble(|| panic!("a secret")));
            let other = scope.spawn(|| stumble(|| panic!("another secret")));
            (one.join().unwrap().unwrap_err(), other.join().unwrap().unwrap_err())
        });
        // Of work that is shared out, the place is that of another thread.
        let shared = caught(|| thread::spawn(|| panic!("a third secret")).join().unwrap_or_else(|said| panic::resume_unwind(said)));
        panic::set_hook(before);
        for told in [&one, &other, &shared.unwrap_err()] {
            assert!(told.contains("stumble.rs") && !told.contains("secret"), "{told}");
        }
        assert_ne!(one, other);
        assert_eq!(caught(|| 1), Ok(1));
    }
}
