//! Whether the application repeats a silent request that cannot succeed.

use super::case::{Case, at, not_recorded, not_seen, only_the_callback, seen};
use crate::support::{OTHER_APP, capture, words};

pub(crate) fn cases() -> Vec<Case> {
    vec![
        seen(
            "retry.repeated",
            "the same failed three times",
            capture().silent_frame(|r| r).silent_frame(|r| r).silent_frame(|r| r),
            [at("silent/authorize", "request.url"), at("silent 2/authorize", "request.url"), at("silent 3/authorize", "request.url")],
        ),
        not_seen(
            "retry.repeated",
            "twice is the library's own habit",
            capture().silent_frame(|r| r).silent_frame(|r| r),
            [at("silent/authorize", "request.url"), at("silent 2/authorize", "request.url")],
        ),
        not_seen(
            "retry.repeated",
            "other applications and other errors are not repetitions",
            capture().silent_frame(|r| r.app(OTHER_APP)).silent_frame(|r| r.fails(160021, words::SESSION_GONE)).silent_frame(|r| r),
            [at("silent 3/authorize", "request.url")],
        ),
        not_recorded("retry.repeated", "the request that failed does not tell its application", only_the_callback(), "not in the capture"),
    ]
}
