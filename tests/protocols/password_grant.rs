//! Resource owner password credentials (RFC 6749 4.3): a program turns a person's name and password in.

use crate::support::{APP, CONTOSO, capture, words};
use crate::told::{Failure, failing, handled, healthy};

const PROGRAM: (&str, &str, &str) = ("server-side", CONTOSO, APP.client_id);

fn failure<'a>(code: &'a str, cause: &'a str) -> Failure<'a> {
    Failure { code, cause, at: "password/token", attempt: PROGRAM }
}

#[test]
fn a_password_suffices() {
    healthy(&capture().password_grant(|t| t.succeeds()), &[PROGRAM]);
}

#[test]
fn a_wrong_password() {
    failing(&capture().password_grant(|t| t), &failure("AADSTS50126", "wrong-password"));
    handled(&capture().password_grant(|t| t).password_grant(|t| t.succeeds()), &failure("AADSTS50126", "wrong-password"));
}

#[test]
fn a_second_factor_that_nobody_can_give_here() {
    failing(&capture().password_grant(|t| t.fails(50076, words::MFA)), &failure("AADSTS50076", "mfa-required"));
}

#[test]
fn no_password_is_kept_in_the_cloud() {
    let sentence = "Invalid or null password: password does not exist in the directory for this user.";
    failing(&capture().password_grant(|t| t.fails(50056, sentence)), &failure("AADSTS50056", "no-password-in-cloud"));
}

#[test]
fn the_application_is_no_public_client() {
    let sentence = "The request body must contain the following parameter: 'client_assertion' or 'client_secret'.";
    let refused = capture().password_grant(|t| t.fails(7000218, sentence).error("invalid_client"));
    failing(&refused, &failure("AADSTS7000218", "client-credential-missing"));
}
