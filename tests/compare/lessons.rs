//! The attempt beside the failing one does not fail, and still explains nothing.

use crate::rows::{compared, signed_in, told};
use crate::support::{OTHER_APP, capture, words};
use entrace::compare::{NoLesson, Outcome};

#[test]
fn a_sign_in_on_a_page_explains_no_silent_failure_beside_one_on_a_page_that_works_too() {
    let failing = [
        signed_in().silent_frame(|r| r.fails(50058, "Session information is not sufficient for single-sign-on.")),
        signed_in().silent_page(|r| r.without_cookies().fails(50058, words::NO_COOKIES)),
        signed_in().silent_frame(|r| r.fails(65_001, "No.").error("consent_required")),
        capture().blocking_third_party_cookies().sign_in(|s| s).silent_frame(|r| r.fails(50058, words::NO_COOKIES)),
    ];
    for failing in failing {
        let comparison = compared(&signed_in(), &failing);
        let pair = &comparison.pairs[0];
        assert_eq!(comparison.outcome, Outcome::NotExplained, "{comparison:#?}");
        assert_eq!(pair.no_lesson, Some(NoLesson::MayShowPages { works_too: 1 }), "{pair:#?}");
        let told = told(&comparison);
        assert!(told.contains("Record a silent sign-in of the same application that works"), "{told}");
        assert!(told.contains(&comparison.failing.diagnoses[0].causes[0].id), "{told}");
    }
    // What another application does on a page is no such sign-in.
    let failing = capture().sign_in(|s| s.app(OTHER_APP)).silent_frame(|r| r.fails(50058, words::NO_COOKIES));
    assert_eq!(compared(&signed_in(), &failing).pairs[0].no_lesson, None);
}

#[test]
fn a_sign_in_that_is_not_shown_to_work_explains_nothing() {
    // Its page is shown, and nobody answers it.
    let left = || capture().sign_in(|s| s.abandoned());
    let failing = [
        capture().silent_frame(|r| r.fails(50058, words::NO_COOKIES)),
        signed_in().silent_frame(|r| r.fails(50058, words::NO_COOKIES)),
        capture().redirect(|r| r.redirect_uri("https://app.example/other").fails_on_a_page(50_011, "No.")),
    ];
    for failing in failing {
        let comparison = compared(&left(), &failing);
        let pair = &comparison.pairs[0];
        assert_eq!((comparison.outcome, pair.no_lesson), (Outcome::NotExplained, Some(NoLesson::EndNotShown)), "{comparison:#?}");
        let told = told(&comparison);
        assert!(told.contains("does not show that its sign-in works") && told.contains("nobody answered it"), "{told}");
    }
}

#[test]
fn an_attempt_that_worked_is_compared_rather_than_one_without_an_end() {
    let working = capture().sign_in(|s| s.abandoned()).sign_in(|s| s.request(|r| r.in_popup()));
    let failing = capture().redirect(|r| r.redirect_uri("https://app.example/other").fails_on_a_page(50_011, "No."));
    let comparison = compared(&working, &failing);
    assert_eq!((comparison.pairs[0].working, comparison.pairs[0].no_lesson), (2, None), "{comparison:#?}");
}

#[test]
fn a_silent_sign_in_without_an_end_is_compared_rather_than_one_on_a_page() {
    let working = signed_in().silent_frame(|r| r.gets_status(302));
    let failing = capture().silent_frame(|r| r.fails(50058, words::NO_COOKIES));
    let comparison = compared(&working, &failing);
    assert_eq!((comparison.pairs[0].working, comparison.pairs[0].no_lesson), (2, Some(NoLesson::EndNotShown)), "{comparison:#?}");
    assert!(told(&comparison).contains("does not show that its sign-in works"), "{comparison:#?}");
}

#[test]
fn what_an_application_does_with_its_code_is_nothing_to_a_failure_before_it() {
    // Of the working one the recorder kept the requests to the sign-in service, up to the code.
    let working = signed_in().silent_frame(|r| r.succeeds().without_token()).only_to("https://login.microsoftonline.com");
    let failing = capture().silent_frame(|r| r.fails(50058, words::NO_COOKIES));
    let comparison = compared(&working, &failing);
    assert_eq!((comparison.outcome, comparison.pairs[0].no_lesson), (Outcome::Explained, None), "{comparison:#?}");
    // A failure that comes after the code is compared with what came of it.
    let failing = capture().sign_in(|s| s.token(|t| t.fails(9_002_326, "No.")));
    let comparison = compared(&capture().sign_in(|s| s.without_token()), &failing);
    assert_eq!(comparison.pairs[0].explains, None, "{comparison:#?}");
}
