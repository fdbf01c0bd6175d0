//! Captures out of which something was taken: what stands in its place is equal to nothing of the other capture, and different
//! from nothing.

use crate::rows::{compared, compared_bytes, signed_in, silent, told};
use crate::support::{APP, BOB, CONTOSO, CaptureBuilder, OTHER_APP, capture};
use entrace::Knowledge;
use entrace::capture::{Document, Options};
use entrace::compare::{Aspect, Basis, Comparison, Outcome, Role};
use entrace::redact::{self, redact};

/// The copy that `redact` makes of a capture.
fn redacted(capture: &CaptureBuilder, hide_tenant: bool) -> Vec<u8> {
    let document = Document::from_bytes(capture.bytes(), &Options::default()).ok().unwrap();
    let options = redact::Options { hide_tenant, ..redact::Options::default() };
    redact(&document, &Knowledge::builtin(), &options).ok().unwrap().har
}

/// Both captures, each as it was recorded and as a copy that hides its tenant, unless both are as they were recorded.
fn hidden_on_either_side(working: &CaptureBuilder, failing: &CaptureBuilder) -> [Comparison; 3] {
    let hide = |capture: &CaptureBuilder| redacted(capture, true);
    [
        compared_bytes(hide(working), failing.bytes()),
        compared_bytes(working.bytes(), hide(failing)),
        compared_bytes(hide(working), hide(failing)),
    ]
}

/// A request whose redirect URI is not registered.
fn refused() -> CaptureBuilder {
    capture().wait(30).redirect(|r| r.fails_on_a_page(50_011, "The redirect URI does not match."))
}

/// What the application calls a request that none of the others is.
const OTHER_REQUEST: &str = "cccc0000-0000-4000-8000-00000000ffff";

fn is_unknown(comparison: &Comparison, what: &str) -> bool {
    comparison.pairs.iter().flat_map(|pair| &pair.unknown).any(|unknown| unknown.what == what)
}

#[test]
fn an_application_and_a_tenant_that_are_hidden_are_neither_the_same_nor_others() {
    for comparison in hidden_on_either_side(&signed_in(), &refused()) {
        let pair = &comparison.pairs[0];
        let explains = pair.explains.as_ref().unwrap();
        assert_eq!((explains.cause.as_str(), explains.basis), ("redirect-uri-mismatch", Basis::ReplyOnly), "{explains:#?}");
        assert!(explains.statement.starts_with("In what the files show"), "{explains:#?}");
        let subjects: Vec<_> = pair.differences.iter().filter_map(|difference| difference.subject).collect();
        assert!(!subjects.contains(&"client_id") && !subjects.contains(&"tenant"), "{subjects:?}");
        assert!(is_unknown(&comparison, "the tenant") && is_unknown(&comparison, "the value of client_id"), "{pair:#?}");
        assert!(told(&comparison).contains("The id of the application was taken out of one of the captures or both"));
    }
}

#[test]
fn two_applications_that_are_hidden_are_not_the_same_because_of_their_numbers() {
    let failing = capture().wait(30).redirect(|r| {
        r.app(OTHER_APP).param("client-request-id", OTHER_REQUEST).fails_on_a_page(50_011, "The redirect URI does not match.")
    });
    for comparison in hidden_on_either_side(&signed_in(), &failing) {
        assert_eq!((comparison.outcome, comparison.pairs.len()), (Outcome::Unrelated, 0), "{comparison:#?}");
        assert!(told(&comparison).contains("compare the recordings themselves"));
    }
}

#[test]
fn replies_to_a_page_of_the_sign_in_service_tell_no_application() {
    let native = "https://login.microsoftonline.com/common/oauth2/nativeclient";
    let working = capture().sign_in(|s| s.request(|r| r.redirect_uri(native)));
    let failing = capture()
        .wait(30)
        .redirect(|r| r.app(OTHER_APP).param("client-request-id", OTHER_REQUEST).redirect_uri(native).fails_on_a_page(50_105, "No."));
    for comparison in hidden_on_either_side(&working, &failing) {
        assert_eq!(comparison.outcome, Outcome::Unrelated, "{comparison:#?}");
    }
}

#[test]
fn a_capture_and_its_copy_that_hides_its_tenant_hold_the_same_failure() {
    // Nothing but the id of the request tells that it is the same application.
    let of_server = capture().client_credentials(|t| t.fails(7_000_222, "The secret is expired."));
    for failing in [refused(), of_server] {
        for comparison in hidden_on_either_side(&failing, &failing) {
            assert_eq!(comparison.outcome, Outcome::SameFailure, "{comparison:#?}");
            assert!(comparison.pairs[0].is_same_event && comparison.pairs[0].differences.is_empty(), "{comparison:#?}");
        }
    }
}

#[test]
fn what_tokens_say_of_a_hidden_tenant_is_not_compared() {
    let failing = capture().clock_ahead(180).sign_in(|s| s).app_page();
    let told_apart = |comparison: &Comparison| {
        let differences = comparison.pairs.iter().flat_map(|pair| &pair.differences);
        differences.filter(|difference| difference.aspect == Aspect::Token).count()
    };
    for comparison in hidden_on_either_side(&signed_in(), &failing) {
        assert_eq!(told_apart(&comparison), 0, "{comparison:#?}");
    }
}

#[test]
fn an_id_that_was_taken_out_by_hand_is_not_another_one() {
    let cleaned = |capture: CaptureBuilder, mark: &str| {
        String::from_utf8(capture.bytes()).unwrap().replace(APP.client_id, mark).replace(CONTOSO, mark).into_bytes()
    };
    for (mark, other) in [("redacted", "redacted"), ("00000000-0000-0000-0000-000000000000", "redacted")] {
        let comparison = compared_bytes(cleaned(signed_in(), mark), cleaned(refused(), other));
        let sent = comparison.pairs[0].differences.iter().filter(|difference| !difference.aspect.is_of_the_answer());
        assert_eq!(sent.count(), 0, "{comparison:#?}");
        assert!(is_unknown(&comparison, "the value of client_id") && is_unknown(&comparison, "the tenant"), "{comparison:#?}");
    }
}

#[test]
fn accounts_that_a_redaction_numbers_are_called_unknown() {
    let failing = || capture().sign_in(|s| s.account(BOB).refused(50126));
    let of_account = |comparison: &Comparison| {
        comparison.pairs.iter().flat_map(|pair| &pair.differences).any(|difference| difference.aspect == Aspect::Account)
    };
    assert!(of_account(&compared(&signed_in(), &failing())));
    for (working, failing, sides) in [
        (redacted(&signed_in(), false), redacted(&failing(), false), (true, true)),
        (signed_in().bytes(), redacted(&failing(), false), (false, true)),
        (redacted(&signed_in(), false), failing().bytes(), (true, false)),
    ] {
        let comparison = compared_bytes(working, failing);
        let unknown = comparison.pairs[0].unknown.iter().find(|unknown| unknown.what == "the account").unwrap();
        assert_eq!((unknown.working.is_some(), unknown.failing.is_some()), sides, "{unknown:#?}");
        assert!(!of_account(&comparison), "{comparison:#?}");
    }
}

#[test]
fn a_redacted_copy_differs_in_nothing_from_what_it_was_made_of() {
    let failing = silent().silent_frame(|r| r.fails(65_001, "No.").error("consent_required"));
    for hide_tenant in [false, true] {
        let comparison = compared_bytes(redacted(&failing, hide_tenant), failing.bytes());
        let told = comparison.pairs.iter().flat_map(|pair| &pair.differences).filter(|difference| difference.role != Role::Outcome);
        assert_eq!(told.count(), 0, "{comparison:#?}");
    }
}
