//! Interruptions (Ctrl-C, or being asked to end) while something is written that nobody should see half of.

/// Runs what must not be cut short. Whoever interrupts meanwhile ends the program after it, and who does it a second
/// time ends it at once. At any other time an interruption ends the program at once, as always.
///
/// On Windows nothing is held back.
pub(super) fn held_back<T>(write: impl FnOnce() -> T) -> T {
    #[cfg(unix)]
    let _held = signals::Held::back();
    write()
}

#[cfg(unix)]
mod signals {
    use signal_hook::consts::{SIGINT, SIGTERM};
    use signal_hook::{flag, low_level};
    use std::sync::Once;
    use std::sync::atomic::{AtomicBool, Ordering};

    /// Whether the program may be ended this moment.
    static MAY_END: AtomicBool = AtomicBool::new(true);
    static INTERRUPTED: AtomicBool = AtomicBool::new(false);
    static TERMINATED: AtomicBool = AtomicBool::new(false);

    /// Each signal that ends the program, and whether it came while it was held back.
    const SIGNALS: [(i32, &AtomicBool); 2] = [(SIGINT, &INTERRUPTED), (SIGTERM, &TERMINATED)];

    /// As long as it lives, the first signal of each kind waits.
    pub(super) struct Held;

    impl Held {
        pub(super) fn back() -> Self {
            static WATCHED: Once = Once::new();
            WATCHED.call_once(|| {
                for (signal, came) in SIGNALS {
                    // What is registered first runs first. Where it cannot be watched, it ends the program as always.
                    let _ = flag::register_conditional_default(signal, &MAY_END);
                    let _ = flag::register_conditional_default(signal, came);
                    let _ = flag::register(signal, came);
                }
            });
            MAY_END.store(false, Ordering::SeqCst);
            Self
        }
    }

    impl Drop for Held {
        fn drop(&mut self) {
            MAY_END.store(true, Ordering::SeqCst);
            for (signal, came) in SIGNALS {
                if came.load(Ordering::SeqCst) {
                    // Ends the program as the signal would have; whoever started it can tell.
                    let _ = low_level::emulate_default_handler(signal);
                }
            }
        }
    }
}
