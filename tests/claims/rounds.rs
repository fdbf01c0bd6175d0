//! Sign-ins that follow each other without anybody doing anything.

use super::case::{Case, at, not_recorded, not_seen, only_the_callback, seen};
use crate::support::{CaptureBuilder, capture, words};

/// The application of a server signs in on the session that is there.
fn round(capture: CaptureBuilder) -> CaptureBuilder {
    capture.sign_in(|s| s.named("round").without_credentials().request(|r| r.by_server_library()).without_token())
}

pub(crate) fn cases() -> Vec<Case> {
    vec![
        seen(
            "rounds.again-and-again",
            "three sign-ins follow each other",
            round(round(round(capture()))),
            [at("round/authorize", "request.url"), at("round 2/authorize", "request.url"), at("round 3/authorize", "request.url")],
        ),
        not_seen(
            "rounds.again-and-again",
            "the third is refused",
            round(round(capture())).redirect(|r| r.fails(50105, words::NOBODY)),
            [at("round/authorize", "request.url"), at("round 2/authorize", "request.url"), at("redirect/authorize", "request.url")],
        ),
        not_recorded("rounds.again-and-again", "the application is not told", only_the_callback(), "not in the capture"),
    ]
}
