//! Sign-ins that follow each other without anybody doing anything.

use super::case::{Case, at, not_recorded, not_seen, only_the_callback, seen};
use crate::support::{Authorize, CaptureBuilder, capture, words};

/// The application of a server signs in on the session that is there.
fn round(capture: CaptureBuilder) -> CaptureBuilder {
    capture.sign_in(|s| s.named("round").without_credentials().request(|r| r.by_server_library()).without_token())
}

/// The same application's page asks silently, and is refused.
fn by_server(request: Authorize) -> Authorize {
    request.fails(50058, words::NO_COOKIES)
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
        seen(
            "rounds.silent-refused-between",
            "the application asks silently after each",
            round(round(round(capture()).silent_frame(by_server)).silent_frame(by_server)),
            [at("silent/authorize", "request.url"), at("silent 2/authorize", "request.url")],
        ),
        not_seen(
            "rounds.silent-refused-between",
            "nothing lies between them",
            round(round(round(capture()))),
            [at("round/authorize", "request.url"), at("round 2/authorize", "request.url"), at("round 3/authorize", "request.url")],
        ),
        not_recorded("rounds.silent-refused-between", "there is no loop", capture().silent_frame(|r| r), "do not follow each other"),
        not_recorded("rounds.again-and-again", "the application is not told", only_the_callback(), "not in the capture"),
    ]
}
