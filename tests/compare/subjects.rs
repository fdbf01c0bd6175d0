//! What a cause lies in (`about` in the knowledge) is what explains the failure where the two captures differ in it.

use crate::rows::{compared, signed_in, silent};
use crate::support::{ADA, App, BOB, CaptureBuilder, Entry, FABRIKAM, capture};
use entrace::compare::{Aspect, Basis, Comparison, Explanation, Outcome};

#[track_caller]
fn first(comparison: &Comparison) -> &Explanation {
    assert_eq!(comparison.outcome, Outcome::Explained, "{comparison:#?}");
    comparison.pairs[0].explains.as_ref().unwrap()
}

/// The cause and what explains it, where that was seen in the captures: the subjects of the differences.
#[track_caller]
fn lies_in(working: &CaptureBuilder, failing: &CaptureBuilder, cause: &str, subjects: &[&str]) {
    let comparison = compared(working, failing);
    let explains = first(&comparison);
    assert_eq!((explains.cause.as_str(), explains.basis), (cause, Basis::Observed), "{explains:#?}");
    let shown = |subject: &str| {
        let of_subject = |one: &&entrace::compare::Difference| one.subject == Some(subject);
        let place = comparison.pairs[0].differences.iter().find(of_subject).and_then(|one| one.failing.first());
        explains.failing.iter().any(|own| place.is_some_and(|place| own.is_at_place_of(place)))
    };
    let missing: Vec<&&str> = subjects.iter().filter(|subject| !shown(subject)).collect();
    assert!(missing.is_empty() && explains.failing.len() == subjects.len(), "{missing:?} of {explains:#?}");
}

/// A sign-in whose request is refused on a page.
fn refused(code: u32, name: &str, value: &str) -> CaptureBuilder {
    capture().redirect(|r| r.param(name, value).fails_on_a_page(code, "No."))
}

#[test]
fn another_account_is_refused() {
    for (code, cause) in [(50126, "wrong-password"), (50105, "user-not-assigned"), (53003, "blocked-by-conditional-access")] {
        lies_in(&signed_in(), &capture().sign_in(|s| s.account(BOB).refused(code)), cause, &["account"]);
    }
}

#[test]
fn accounts_are_told_by_number() {
    let comparison = compared(&signed_in(), &capture().sign_in(|s| s.account(BOB).refused(50126)));
    let pair = &comparison.pairs[0];
    let account = pair.differences.iter().find(|difference| difference.aspect == Aspect::Account).unwrap();
    assert_eq!(
        (account.working[0].excerpt(), account.failing[0].excerpt()),
        (Some("account 1 (…@contoso.example)"), Some("account 1 (…@contoso.example)"))
    );
    assert!(account.statement.contains("numbers its accounts by itself"), "{account:#?}");
    let told = format!("{pair:?}");
    assert!(!told.contains(ADA.local_part()) && !told.contains(BOB.local_part()) && !told.contains(BOB.object_id), "{told}");
    // They part where the name was typed.
    assert_eq!(pair.parted.as_ref().map(|parted| parted.step.as_str()), Some("account lookup"), "{pair:#?}");
}

#[test]
fn another_password_is_refused() {
    let typed = "login=ada%40contoso.example&passwd=Wrong-Harbor-9&ctx=c&flowToken=f";
    let failing = capture().sign_in(|s| s.refused(50126));
    let failing = failing.edit("sign-in/login", |login| login.posted("application/x-www-form-urlencoded", typed));
    lies_in(&signed_in(), &failing, "wrong-password", &["password"]);
    assert!(!format!("{:?}", compared(&signed_in(), &failing).pairs).contains("Harbor"));
}

#[test]
fn the_same_person_with_the_same_password_asks_the_same() {
    let comparison = compared(&signed_in(), &capture().sign_in(|s| s.refused(50126)));
    let explains = first(&comparison);
    assert_eq!(explains.basis, Basis::ReplyOnly, "{explains:#?}");
    assert!(explains.statement.starts_with("Both captures ask the same up to here, apart from what is new every time."), "{explains:#?}");
}

#[test]
fn accounts_that_the_files_do_not_tell_are_not_called_the_same() {
    let failing = capture().sign_in(|s| s.account(BOB).refused(50126)).edit("sign-in/login", Entry::losing_request_body);
    let failing = failing.edit("sign-in/lookup", Entry::losing_request_body);
    let explains = compared(&signed_in(), &failing).pairs[0].explains.clone().unwrap();
    assert!(explains.statement.starts_with("In what the files show"), "{explains:#?}");
}

#[test]
fn the_parameter_that_the_failure_lies_in_is_told() {
    let graph = "https://graph.microsoft.com/Mail.Read";
    let table: &[(u32, &str, &str, &str)] = &[
        (500_011, "resource-not-in-tenant", "scope", "https://erp.contoso.example/user_impersonation"),
        (65_001, "consent-missing", "scope", graph),
        (90_094, "admin-consent-required", "scope", graph),
        (650_053, "scope-not-on-resource", "scope", graph),
        (650_057, "resource-not-declared", "scope", graph),
        (700_054, "implicit-grant-not-enabled", "response_type", "id_token"),
        (700_051, "implicit-grant-not-enabled", "response_type", "token"),
        (500_208, "account-type-not-allowed", "domain_hint", "fabrikam.example"),
        (50_011, "redirect-uri-mismatch", "redirect_uri", "https://app.example/other"),
    ];
    for (code, cause, name, value) in table {
        lies_in(&signed_in(), &refused(*code, name, value), cause, &[name]);
    }
}

#[test]
fn another_tenant_or_application_is_what_the_failure_lies_in() {
    let of_tenant = |code: u32, tenant: &'static str| capture().redirect(move |r| r.tenant(tenant).fails_on_a_page(code, "No."));
    lies_in(&signed_in(), &of_tenant(700_016, FABRIKAM), "app-not-in-tenant", &["tenant"]);
    lies_in(&signed_in(), &of_tenant(90_002, "contosso.example"), "tenant-not-found", &["tenant"]);
    lies_in(&signed_in(), &of_tenant(9_002_346, "consumers"), "app-for-personal-accounts-only", &["tenant"]);
    // Of a mistyped id only the way back tells that the same application is meant.
    let mistyped = App { client_id: "a0a0a0a0-0000-4000-8000-00000000000f", ..crate::support::APP };
    let failing = capture().redirect(|r| r.app(mistyped).fails_on_a_page(700_016, "No."));
    lies_in(&signed_in(), &failing, "app-not-in-tenant", &["client_id"]);
}

#[test]
fn the_platform_belongs_to_the_redirect_uri() {
    let elsewhere = "https://console.app.example/";
    let failing = capture().sign_in(|s| s.request(|r| r.redirect_uri(elsewhere)).token(|t| t.fails(9_002_326, "No.")));
    lies_in(&signed_in(), &failing, "redirect-uri-not-spa", &["redirect_uri"]);
}

#[test]
fn a_scope_in_a_request_for_a_token_is_told() {
    let working = capture().client_credentials(|t| t.param("scope", "https://graph.microsoft.com/.default").succeeds());
    let failing = capture().client_credentials(|t| t.param("scope", "https://erp.contoso.example/.default").fails(500_011, "No."));
    lies_in(&working, &failing, "resource-not-in-tenant", &["scope"]);
}

#[test]
fn what_differs_and_is_not_what_the_failure_lies_in_explains_nothing() {
    let failing = signed_in().silent_frame(|r| r.param("response_mode", "query").fails(65_001, "No.").error("consent_required"));
    let comparison = compared(&silent(), &failing);
    assert_eq!(first(&comparison).basis, Basis::ReplyOnly, "{comparison:#?}");
}

#[test]
fn of_several_things_in_which_a_failure_may_lie_none_is_called_the_one() {
    let failing =
        capture().redirect(|r| r.param("login_hint", BOB.name).param("domain_hint", "fabrikam.example").fails_on_a_page(500_208, "No."));
    let working = capture().sign_in(|s| s.request(|r| r.param("login_hint", ADA.name)));
    let comparison = compared(&working, &failing);
    assert!(first(&comparison).statement.starts_with("Any of these may be it:"), "{comparison:#?}");
    let told = entrace::report::markdown::render_comparison(&entrace::report::ComparisonReport::new("w.har", "f.har", &comparison));
    assert!(told.contains("Differences between the captures may explain the failure"), "{told}");
}
