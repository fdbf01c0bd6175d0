//! The capture that was given as working fails as well: a failure explains no other.

use crate::rows::{compared, signed_in, silent, told};
use crate::support::{CLAIMS, CaptureBuilder, SESSION, capture, words};
use entrace::compare::{Basis, Outcome};
use entrace::report::{ComparisonReport, html, json, markdown, text};

/// A silent sign-in that finds nobody, by which applications begin.
fn nobody() -> CaptureBuilder {
    capture().silent_frame(|r| r.fails(50058, words::NO_COOKIES))
}

/// A silent sign-in whose session is not accepted any more.
fn expired() -> CaptureBuilder {
    signed_in().silent_frame(|r| r.fails(50058, EXPIRED))
}

/// What the service says where a session was sent that it does not accept.
const EXPIRED: &str = "Session information is not sufficient for single-sign-on.";

#[test]
fn a_failed_counterpart_explains_nothing_and_is_told() {
    let blocked = capture().wait(30).blocking_third_party_cookies().sign_in(|s| s).silent_frame(|r| r.fails(50058, words::NO_COOKIES));
    let comparison = compared(&blocked, &expired());
    assert_eq!(comparison.outcome, Outcome::BothFail, "{comparison:#?}");
    let pair = &comparison.pairs[0];
    let fails = comparison.working.diagnosis(pair.working_fails.unwrap()).unwrap();
    assert_eq!((fails.causes[0].id.as_str(), pair.is_same_failure, &pair.explains), ("third-party-cookies-blocked", false, &None));
    let report = ComparisonReport::new("w.har", "f.har", &comparison);
    let told = [
        text::render_comparison(&report, &text::Options::default()),
        markdown::render_comparison(&report),
        html::render_comparison(&report).unwrap(),
        json::render_comparison(&report).unwrap(),
    ];
    for told in told {
        assert!(told.contains("both-fail") && told.contains("third-party-cookies-blocked"), "{told}");
    }
}

#[test]
fn an_attempt_that_worked_is_compared_rather_than_one_that_failed() {
    let working = signed_in().silent_frame(|r| r.fails(65_001, "No.").error("consent_required")).silent_frame(|r| r.succeeds());
    let comparison = compared(&working, &expired());
    assert_eq!((comparison.pairs[0].working, comparison.pairs[0].working_fails), (3, None), "{comparison:#?}");
}

#[test]
fn another_failure_of_the_working_capture_is_told_beside_the_explanation() {
    let working = silent().redirect(|r| r.fails_on_a_page(50_011, "The redirect URI does not match."));
    let failing = capture().silent_frame(|r| r.fails(50058, words::NO_COOKIES));
    let comparison = compared(&working, &failing);
    assert_eq!(comparison.outcome, Outcome::Explained, "{comparison:#?}");
    let report = ComparisonReport::new("w.har", "f.har", &comparison);
    let told = markdown::render_comparison(&report);
    assert!(told.contains("given as working fails too: AADSTS50011"), "{told}");
}

#[test]
fn a_failure_that_a_sign_in_followed_is_still_a_sign_in_that_works() {
    let comparison = compared(&nobody().sign_in(|s| s), &nobody());
    assert_eq!(comparison.outcome, Outcome::Explained, "{comparison:#?}");
    let explains = comparison.pairs[0].explains.as_ref().unwrap();
    assert_eq!((explains.cause.as_str(), explains.basis), ("no-session", Basis::Afterwards), "{explains:#?}");
    assert!(explains.statement.contains("attempt 2 signs in afterwards"), "{explains:#?}");
}

#[test]
fn a_failure_that_a_sign_in_followed_on_both_sides_is_the_same() {
    let comparison = compared(&nobody().sign_in(|s| s), &nobody().sign_in(|s| s));
    assert_eq!(comparison.outcome, Outcome::SameFailure, "{comparison:#?}");
}

#[test]
fn a_premise_is_not_what_explains_a_failure() {
    // The working one is a sign-in on a page, which needs no session.
    let failing = capture().silent_frame(|r| r.fails(50058, words::NO_COOKIES));
    let comparison = compared(&signed_in(), &failing);
    let explains = comparison.pairs[0].explains.as_ref().unwrap();
    assert_eq!((explains.cause.as_str(), explains.basis), ("no-session", Basis::Observed), "{explains:#?}");
    assert!(explains.statement.starts_with("Only the failing capture asks silently (prompt=none)"), "{explains:#?}");
}

/// The same recording, exported twice: once with cookies and once without.
#[test]
fn two_exports_of_one_failure_are_the_same_failure() {
    for (one, other) in [(expired().sanitized(), expired()), (expired(), expired().sanitized())] {
        let comparison = compared(&one, &other);
        assert_eq!(comparison.outcome, Outcome::SameFailure, "{comparison:#?}");
        assert!(comparison.pairs[0].is_same_event, "{comparison:#?}");
        let told = told(&comparison);
        assert!(told.contains("recordings of one sign-in") && told.contains("shows more of its cause"), "{told}");
    }
}

#[test]
fn a_cause_that_one_capture_leaves_open_is_not_another_one() {
    let later = capture().wait(600).sign_in(|s| s).silent_frame(|r| r.fails(50058, EXPIRED));
    let comparison = compared(&expired().sanitized(), &later);
    assert_eq!((comparison.outcome, comparison.pairs[0].is_same_event), (Outcome::SameFailure, false), "{comparison:#?}");
    assert!(told(&comparison).contains("may be the same one or another"), "{comparison:#?}");
}

#[test]
fn what_is_missing_explains_and_not_where_it_is_missing() {
    let failing = signed_in().silent_page(|r| r.without_cookies().fails(50058, words::NO_COOKIES));
    let comparison = compared(&silent(), &failing);
    let explains = comparison.pairs[0].explains.as_ref().unwrap();
    assert_eq!(explains.cause, "session-cookies-lost", "{explains:#?}");
    assert_eq!(explains.failing[0].part(), "request.header.cookie", "{explains:#?}");
}

/// What MSAL v5 sends with every request.
const OF_LIBRARY: &str =
    r#"{"access_token":{"xms_cc":{"values":["cp1"]}},"id_token":{"signin_state":{"essential":false},"login_hint":{"essential":false}}}"#;

#[test]
fn claims_that_a_library_adds_are_no_difference() {
    let failing =
        |claims: &'static str| signed_in().silent_frame(move |r| r.param("claims", claims).fails(65_001, "No.").error("consent_required"));
    let of_claims = |failing: &CaptureBuilder| {
        let comparison = compared(&silent(), failing);
        comparison.pairs[0].differences.iter().filter(|difference| difference.subject == Some("claims")).count()
    };
    assert_eq!(of_claims(&failing(OF_LIBRARY)), 0);
    assert_eq!(of_claims(&failing(CLAIMS)), 1);
    assert_eq!(of_claims(&failing(r#"{"id_token":{"acrs":{"essential":true,"value":"c1"}}}"#)), 1);
}

#[test]
fn what_a_capture_shows_to_be_absent_is_not_called_unrecorded() {
    let failing = signed_in().silent_frame(|r| r.sid(SESSION).fails(160_021, words::SESSION_GONE));
    let comparison = compared(&silent(), &failing);
    assert_eq!(comparison.pairs[0].unknown, [], "{comparison:#?}");
}

#[test]
fn what_an_export_lost_is_told_once() {
    let comparison = compared(&silent().sanitized(), &expired());
    let unknown = &comparison.pairs[0].unknown;
    let mut about: Vec<&str> = unknown.iter().map(|unknown| unknown.what.as_str()).collect();
    about.sort_unstable();
    let all = about.len();
    about.dedup();
    assert!(all > 0 && about.len() == all, "{unknown:#?}");
}
