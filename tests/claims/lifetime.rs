//! Dates and lifetimes that the error's own text names.

use super::case::{Case, at, not_recorded, not_seen, seen};
use crate::support::capture;

const TEXT: &str = "response.body.error_description";

pub(crate) fn cases() -> Vec<Case> {
    let says = |code, sentence: &'static str| capture().refresh(move |t| t.fails(code, sentence));
    vec![
        seen(
            "lifetime.over",
            "the token lived for a day and was issued two days ago",
            says(700084, "The token has a limited lifetime of 1.00:00:00. The token was issued on 2026-11-18T13:00:00.000Z."),
            [at("refresh/token", TEXT).shows("invalid_grant, AADSTS700084")],
        ),
        not_seen(
            "lifetime.over",
            "the token lives for a day and was issued an hour ago",
            says(700084, "The token has a limited lifetime of 1.00:00:00. The token was issued on 2026-11-20T13:00:00.000Z."),
            [at("refresh/token", TEXT)],
        ),
        not_recorded("lifetime.over", "the text names no dates", says(700084, "The refresh token has expired."), "names no dates"),
        seen(
            "lifetime.revoked",
            "the token is older than the last revocation",
            says(
                50173,
                "The token was issued on '2026-11-19T10:00:00.000Z' and the TokensValidFrom date (before which tokens are not valid) for \
                 this user is '2026-11-19T12:00:00.000Z'.",
            ),
            [at("refresh/token", TEXT).shows("invalid_grant, AADSTS50173")],
        ),
        not_seen(
            "lifetime.revoked",
            "the token is younger than the last revocation",
            says(
                50173,
                "The token was issued on '2026-11-19T14:00:00.000Z' and the TokensValidFrom date (before which tokens are not valid) for \
                 this user is '2026-11-19T12:00:00.000Z'.",
            ),
            [at("refresh/token", TEXT)],
        ),
        not_recorded("lifetime.revoked", "the text names no dates", says(50173, "The grant is revoked."), "no dates of a revocation"),
    ]
}
