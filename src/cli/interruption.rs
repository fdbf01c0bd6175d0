//! Interruptions (Ctrl-C, being asked to end, a terminal that is closed) while something is written that nobody should
//! see half of.

/// Runs what must not be cut short. Whoever interrupts meanwhile ends the program after it, and who does it a second
/// time ends it at once. At any other time an interruption ends the program at once, as always.
///
/// On Windows nothing is held back.
pub(super) fn held_back<T>(write: impl FnOnce() -> T) -> T {
    #[cfg(unix)]
    let _held = signals::Held::back();
    write()
}

/// From now on a file that would grow over what the system allows (`ulimit -f`) is an error like a full disk, and does
/// not end the program in the middle of it.
pub(super) fn size_limits_are_errors() {
    #[cfg(unix)]
    signals::size_limits_are_errors();
}

#[cfg(unix)]
mod signals {
    use signal_hook::consts::{SIGHUP, SIGINT, SIGTERM, SIGXFSZ};
    use signal_hook::{flag, low_level};
    use std::sync::Once;
    use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};

    /// Whether the program may be ended this moment.
    static MAY_END: AtomicBool = AtomicBool::new(true);
    /// How many hold it back.
    static HOLDING: AtomicUsize = AtomicUsize::new(0);
    static INTERRUPTED: AtomicBool = AtomicBool::new(false);
    static TERMINATED: AtomicBool = AtomicBool::new(false);
    static HUNG_UP: AtomicBool = AtomicBool::new(false);
    static TOO_LARGE: AtomicBool = AtomicBool::new(false);

    /// Each signal that ends the program, and whether it came while it was held back.
    const SIGNALS: [(i32, &AtomicBool); 3] = [(SIGINT, &INTERRUPTED), (SIGTERM, &TERMINATED), (SIGHUP, &HUNG_UP)];

    /// As long as it lives, the first signal of each kind waits.
    pub(super) struct Held;

    impl Held {
        pub(super) fn back() -> Self {
            static WATCHED: Once = Once::new();
            WATCHED.call_once(|| {
                for (signal, came) in SIGNALS.into_iter().filter(|(signal, _)| !is_ignored(*signal)) {
                    // What is registered first runs first. Where it cannot be watched, it ends the program as always.
                    let _ = flag::register_conditional_default(signal, &MAY_END);
                    let _ = flag::register_conditional_default(signal, came);
                    let _ = flag::register(signal, came);
                }
            });
            HOLDING.fetch_add(1, Ordering::SeqCst);
            MAY_END.store(false, Ordering::SeqCst);
            Self
        }
    }

    impl Drop for Held {
        fn drop(&mut self) {
            if HOLDING.fetch_sub(1, Ordering::SeqCst) > 1 {
                return;
            }
            MAY_END.store(true, Ordering::SeqCst);
            for (signal, came) in SIGNALS {
                if came.load(Ordering::SeqCst) {
                    // Ends the program as the signal would have; whoever started it can tell.
                    let _ = low_level::emulate_default_handler(signal);
                }
            }
        }
    }

    /// Whether whoever started the program wants a signal to do nothing, as `nohup` does. Where the system does not
    /// tell, the one that `nohup` is there for is left alone.
    fn is_ignored(signal: i32) -> bool {
        let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
        let ignored = status.lines().find_map(|line| u64::from_str_radix(line.strip_prefix("SigIgn:")?.trim(), 16).ok());
        ignored.map_or(signal == SIGHUP, |ignored| ignored >> (signal - 1) & 1 == 1)
    }

    pub(super) fn size_limits_are_errors() {
        // Where it cannot be watched, the signal ends the program as always.
        let _ = flag::register(SIGXFSZ, &TOO_LARGE);
    }
}
