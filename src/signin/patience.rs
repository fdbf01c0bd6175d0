//! How long applications wait for what they asked for.

use crate::entra::Step;
use chrono::{DateTime, Utc};

/// How long a library waits for a hidden frame at least, in milliseconds (msal-js, `iframeHashTimeout`: 6000 or 10000).
pub(crate) const PATIENCE_MS: i64 = 5000;

/// Whether a time is so long after a step.
pub(super) fn is_after(step: &Step<'_>, milliseconds: i64, time: Option<DateTime<Utc>>) -> bool {
    matches!((step.started, time), (Some(before), Some(after)) if (after - before).num_milliseconds() >= milliseconds)
}

/// Whether a library's patience was over at a time.
pub(super) fn is_later(step: &Step<'_>, time: Option<DateTime<Utc>>) -> bool {
    is_after(step, PATIENCE_MS, time)
}
