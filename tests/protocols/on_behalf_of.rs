//! On-behalf-of: an API turns the token of its caller in for one of its own (RFC 7523 grant with
//! `requested_token_use=on_behalf_of`).

use crate::support::{APP, CONTOSO, capture, words};
use crate::told::{Failure, failing, healthy};

const API: (&str, &str, &str) = ("server-side", CONTOSO, APP.client_id);

fn failure<'a>(code: &'a str, cause: &'a str) -> Failure<'a> {
    Failure { code, cause, at: "on-behalf-of/token", attempt: API }
}

#[test]
fn an_api_gets_its_token() {
    healthy(&capture().on_behalf_of(|t| t.succeeds()), &[API]);
}

#[test]
fn consent_to_the_api_behind_is_missing() {
    failing(&capture().on_behalf_of(|t| t), &failure("AADSTS65001", "consent-missing"));
}

#[test]
fn a_second_factor_that_only_the_caller_can_ask_for() {
    let refused = capture().on_behalf_of(|t| t.fails(50076, words::MFA).error("interaction_required").asking_for_claims());
    let told = failing(&refused, &failure("AADSTS50076", "mfa-required"));
    let fixes = &told.diagnoses[0].causes[0].fixes;
    assert!(fixes.iter().any(|fix| fix.action.contains("claims")), "nothing says that the claims have to be passed on: {fixes:#?}");
}

#[test]
fn a_token_that_was_made_for_another_api() {
    let sentence = "Assertion audience claim does not match the required value.";
    failing(&capture().on_behalf_of(|t| t.fails(500131, sentence)), &failure("AADSTS500131", "assertion-not-accepted"));
}

#[test]
fn a_token_that_has_expired_on_the_way() {
    let sentence = "Assertion is not within its valid time range.";
    failing(&capture().on_behalf_of(|t| t.fails(500133, sentence)), &failure("AADSTS500133", "assertion-expired"));
}
