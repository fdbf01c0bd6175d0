//! Refresh tokens (RFC 6749 6).

use crate::support::{APP, CONTOSO, capture, words};
use crate::told::{Failure, failing, handled, healthy};

const REFRESH: (&str, &str, &str) = ("refresh", CONTOSO, APP.client_id);

#[test]
fn a_token_is_renewed() {
    healthy(&capture().refresh(|t| t.succeeds()), &[REFRESH]);
    healthy(&capture().refresh(|t| t.by_server().succeeds()), &[REFRESH]);
    healthy(&capture().sign_in(|s| s).refresh(|t| t.succeeds()), &[("redirect", CONTOSO, APP.client_id), REFRESH]);
}

#[test]
fn a_token_that_was_not_used_for_too_long() {
    let sentence = "The refresh token has expired due to inactivity. The token was issued on 2026-01-01T00:00:00.0000000Z and was \
                    inactive for 90.00:00:00.";
    failing(
        &capture().refresh(|t| t.by_server().fails(700082, sentence)),
        &Failure { code: "AADSTS700082", cause: "refresh-token-expired-inactive", at: "refresh/token", attempt: REFRESH },
    );
}

#[test]
fn a_token_that_was_revoked() {
    let sentence = "The provided grant has expired due to it being revoked, a fresh auth token is needed. The user might have changed or \
                    reset their password.";
    failing(
        &capture().refresh(|t| t.fails(50173, sentence)),
        &Failure { code: "AADSTS50173", cause: "session-revoked", at: "refresh/token", attempt: REFRESH },
    );
}

#[test]
fn a_page_that_signs_in_anew_when_its_token_is_a_day_old() {
    let capture = capture().refresh(|t| t.fails(700084, words::SPA_TOKEN_EXPIRED)).sign_in(|s| s);
    handled(&capture, &Failure { code: "AADSTS700084", cause: "spa-refresh-token-lifetime", at: "refresh/token", attempt: REFRESH });
}
