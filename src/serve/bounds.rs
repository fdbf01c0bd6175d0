//! How much is taken, for how long, and how much of it is kept. `docs/limits.md` lists these with the tests that hold
//! them.

use std::time::Duration;

/// What the server takes and keeps.
#[derive(Clone, Copy, Debug)]
pub(super) struct Bounds {
    /// One upload, in bytes.
    pub(super) upload: u64,
    /// All uploads that are kept and arriving, in bytes.
    pub(super) all: u64,
    /// How many uploads are kept.
    pub(super) kept: usize,
    /// How many uploads may arrive at once.
    pub(super) arriving: usize,
    /// How long an upload may go without a byte.
    pub(super) idle: Duration,
    /// How long one upload may take.
    pub(super) whole: Duration,
}

impl Default for Bounds {
    fn default() -> Self {
        Self { upload: 32 << 30, all: 64 << 30, kept: 100, arriving: 8, idle: Duration::from_secs(30), whole: Duration::from_secs(60 * 60) }
    }
}

/// How many captures are read or redacted at once; the others wait.
pub(super) const WORKING: usize = 2;

/// The longest file name, in characters; what goes over it is cut off.
pub(super) const NAME: usize = 200;

/// The longest body of a request that is no upload, in bytes: a password.
pub(super) const SMALL_BODY: usize = 4 << 10;
