//! Whether a second factor was asked for and given.

use super::case::{Case, at, not_recorded, not_seen, only_the_callback, seen};
use crate::support::capture;

pub(crate) fn cases() -> Vec<Case> {
    vec![
        seen(
            "second-factor.asked",
            "the page begins and ends one",
            capture().sign_in(|s| s.with_second_factor().token(|t| t.fails(53003, "Access has been blocked."))),
            [at("sign-in/second-factor", "request.url"), at("sign-in/second-factor-given", "request.url")],
        ),
        not_seen(
            "second-factor.asked",
            "a silent request has none",
            capture().silent_frame(|r| r.fails(50076, "You must use multi-factor authentication.")),
            [at("silent/authorize", "request.url")],
        ),
        not_recorded("second-factor.asked", "the sign-in's beginning is not in the capture", only_the_callback(), "not in the capture"),
    ]
}
