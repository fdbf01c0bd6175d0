//! Whether the client's clock agrees with the service's.

use super::case::{Case, at, not_recorded, not_seen, seen};
use crate::support::{CaptureBuilder, Entry, capture};

const DATE: &str = "response.header.date";

/// A sign-in, and a second use of its code, which fails.
fn signs_in(capture: CaptureBuilder) -> CaptureBuilder {
    capture.sign_in(|s| s).redeem_again(|t| t.fails(54005, "The code was already redeemed."))
}

/// The same, where every second reply came to another computer whose clock is wrong.
fn mixed() -> CaptureBuilder {
    let late = |entry: Entry| entry.without_reply_header("date").reply_header("date", "Fri, 20 Nov 2026 16:00:00 GMT");
    let names = ["sign-in/authorize", "sign-in/login", "sign-in/token"];
    names.into_iter().fold(signs_in(capture()), |capture, name| capture.edit(name, late))
}

pub(crate) fn cases() -> Vec<Case> {
    vec![
        seen(
            "clock.differs",
            "the computer is ten minutes ahead",
            signs_in(capture().clock_ahead(10)),
            [at("sign-in/authorize", DATE).shows("Fri, 20 Nov 2026 13:50:00 GMT (the computer's clock is 10 min ahead)"), at("sign-in/lookup", DATE)],
        ),
        seen(
            "clock.differs",
            "the computer is ten minutes behind",
            signs_in(capture().clock_ahead(-10)),
            [at("sign-in/authorize", DATE), at("sign-in/lookup", DATE)],
        ),
        not_seen(
            "clock.differs",
            "the computer is four minutes ahead",
            signs_in(capture().clock_ahead(4)),
            [at("sign-in/authorize", DATE), at("sign-in/lookup", DATE)],
        ),
        not_recorded(
            "clock.differs",
            "two computers recorded it",
            mixed(),
            "some of the replies around the failure",
        ),
        not_recorded("clock.differs", "one reply could just be slow", capture().clock_ahead(10).silent_frame(|r| r), "fewer than three"),
        not_recorded(
            "clock.differs",
            "the dates are lost",
            signs_in(capture()).everywhere(|entry| entry.without_reply_header("date")),
            "too few replies carry a Date header",
        ),
        seen(
            "clock.token-not-valid",
            "the computer is two hours ahead: the token has expired",
            signs_in(capture().clock_ahead(120)),
            [at("sign-in/token", "response.body.id_token.exp").shows("2026-11-20")],
        ),
        seen(
            "clock.token-not-valid",
            "the computer is ten minutes behind: the token is not valid yet",
            signs_in(capture().clock_ahead(-10)),
            [at("sign-in/token", "response.body.id_token.nbf").shows("2026-11-20")],
        ),
        not_seen("clock.token-not-valid", "the clocks agree", signs_in(capture()), [at("sign-in/token", "response.body.id_token.exp")]),
        not_recorded(
            "clock.token-not-valid",
            "the token reply is lost",
            signs_in(capture()).edit("sign-in/token", Entry::losing_response_body),
            "no ID token",
        ),
    ]
}
