//! A working and a failing capture of the same kind of sign-in, cause by cause: the difference that explains the failure
//! comes first.

use crate::support::{
    ADA, APP, App, BOB, CONTOSO, CaptureBuilder, Entry, FABRIKAM, OTHER_APP, OTHER_SESSION, SESSION, capture, user_agents, words,
};
use entrace::compare::{Aspect, Basis, Comparison, Outcome, Role, compare};
use entrace::report::{ComparisonReport, markdown};
use entrace::{Capture, Knowledge};

pub(crate) fn compared(working: &CaptureBuilder, failing: &CaptureBuilder) -> Comparison {
    compared_bytes(working.bytes(), failing.bytes())
}

pub(crate) fn compared_bytes(working: Vec<u8>, failing: Vec<u8>) -> Comparison {
    let read = |bytes: Vec<u8>| Capture::from_bytes(bytes).unwrap();
    compare(&read(working), &read(failing), &Knowledge::builtin())
}

/// What the report for tickets says.
pub(crate) fn told(comparison: &Comparison) -> String {
    markdown::render_comparison(&ComparisonReport::new("w.har", "f.har", comparison))
}

pub(crate) fn signed_in() -> CaptureBuilder {
    capture().sign_in(|s| s)
}

/// A silent sign-in that works.
pub(crate) fn silent() -> CaptureBuilder {
    signed_in().silent_frame(|r| r.succeeds())
}

/// The explanation of the first pair: its cause, and the parts that show it in the working and the failing capture.
#[track_caller]
fn explained(working: &CaptureBuilder, failing: &CaptureBuilder, cause: &str, basis: Basis, parts: (&str, &str)) -> Comparison {
    let comparison = compared(working, failing);
    assert_eq!(comparison.outcome, Outcome::Explained, "{comparison:#?}");
    let first = comparison.pairs[0].explains.as_ref().unwrap();
    let shown = |evidence: &[entrace::entra::Evidence]| evidence.first().map(|place| place.part().to_owned()).unwrap_or_default();
    assert_eq!((first.cause.as_str(), first.basis), (cause, basis), "{first:#?}");
    assert_eq!((shown(&first.working).as_str(), shown(&first.failing).as_str()), parts, "{first:#?}");
    comparison
}

const STORAGE_ACCESS: &str = "request.header.sec-fetch-storage-access";

#[test]
fn third_party_cookies_are_blocked_in_one_browser() {
    let firefox = capture().user_agent(user_agents::FIREFOX).blocking_third_party_cookies();
    let failing = firefox.sign_in(|s| s).silent_frame(|r| r.fails(50058, words::NO_COOKIES));
    let comparison = explained(&silent(), &failing, "third-party-cookies-blocked", Basis::Observed, (STORAGE_ACCESS, STORAGE_ACCESS));
    let cookies = comparison.pairs[0].differences.iter().find(|difference| difference.aspect == Aspect::CookieSent).unwrap();
    assert_eq!(cookies.role, Role::Supports);
    assert!(cookies.statement.starts_with("Only the working capture sends session cookies"), "{}", cookies.statement);
    assert!(comparison.context.iter().any(|difference| difference.aspect == Aspect::Browser));
}

#[test]
fn nobody_signed_in() {
    let failing = capture().silent_frame(|r| r.fails(50058, words::NO_COOKIES));
    // That somebody had signed in tells more than the cookie that followed from it.
    explained(&silent(), &failing, "no-session", Basis::Observed, ("response.header.location.fragment.code", "request.url"));
}

#[test]
fn the_person_signed_out_before() {
    let failing = signed_in().sign_out().silent_frame(|r| r.fails(50058, words::NO_COOKIES));
    let comparison = compared(&silent(), &failing);
    assert_eq!(comparison.pairs[0].explains.as_ref().map(|explains| explains.cause.as_str()), Some("signed-out"));
}

#[test]
fn another_account_is_hinted_at() {
    let working = signed_in().silent_frame(|r| r.login_hint(ADA).succeeds());
    let failing = signed_in().silent_frame(|r| r.login_hint(BOB).fails(50058, words::HINT_MATCHES_NOBODY));
    let comparison = compared(&working, &failing);
    let pair = &comparison.pairs[0];
    assert_eq!(pair.explains.as_ref().map(|explains| explains.cause.as_str()), Some("login-hint-mismatch"), "{pair:#?}");
    assert!(pair.differences.iter().any(|difference| difference.aspect == Aspect::AccountHint), "{pair:#?}");
}

#[test]
fn the_session_asked_for_is_gone() {
    let working = signed_in().silent_frame(|r| r.sid(SESSION).succeeds());
    let failing = signed_in().silent_frame(|r| r.sid(SESSION).cached_account(ADA).fails(160021, words::SESSION_GONE));
    let failing = failing.sign_in(|s| s.named("fallback").session(OTHER_SESSION));
    let comparison = compared(&working, &failing);
    let explains = comparison.pairs[0].explains.as_ref().unwrap();
    assert_eq!(explains.cause, "requested-session-missing", "{explains:#?}");
}

#[test]
fn consent_is_missing_behind_the_same_request() {
    let failing = signed_in().silent_frame(|r| r.fails(65001, "Consent is missing.").error("consent_required"));
    let reply = ("response.header.location.fragment.code", "response.header.location.fragment.error_description");
    let comparison = explained(&silent(), &failing, "consent-missing", Basis::ReplyOnly, reply);
    assert!(comparison.pairs[0].explains.as_ref().unwrap().statement.starts_with("Both captures ask the same up to here"));
}

#[test]
fn the_redirect_uri_is_not_registered() {
    let failing = capture().redirect(|r| r.fails_on_a_page(50011, "The redirect URI does not match."));
    let comparison = compared(&signed_in(), &failing);
    let explains = comparison.pairs[0].explains.as_ref().unwrap();
    assert_eq!((explains.cause.as_str(), explains.basis), ("redirect-uri-mismatch", Basis::ReplyOnly), "{explains:#?}");
}

#[test]
fn another_redirect_uri_is_told() {
    let failing =
        capture().redirect(|r| r.redirect_uri("https://app.example/other").fails_on_a_page(50011, "The redirect URI does not match."));
    let comparison = compared(&signed_in(), &failing);
    let pair = &comparison.pairs[0];
    let uri = pair.differences.iter().find(|difference| difference.aspect == Aspect::RedirectUri).unwrap();
    assert_eq!(uri.failing[0].excerpt(), Some("https://app.example/other"));
    assert!(!pair.explains.as_ref().unwrap().statement.contains("ask the same"), "{pair:#?}");
}

#[test]
fn an_address_without_its_query_is_not_called_another_request() {
    let failing = signed_in().silent_frame(|r| r.fails(65001, "Consent is missing.").error("consent_required"));
    let comparison = compared(&silent().edit("silent/authorize", Entry::address_without_query), &failing);
    let sent = |aspect| matches!(aspect, Aspect::Parameter | Aspect::Prompt | Aspect::Scope | Aspect::RedirectUri | Aspect::AccountHint);
    assert!(comparison.pairs.iter().flat_map(|pair| &pair.differences).all(|difference| !sent(difference.aspect)), "{comparison:#?}");
}

#[test]
fn the_redirect_uri_is_of_another_platform() {
    let failing = capture()
        .sign_in(|s| s.token(|t| t.fails(9_002_326, "Cross-origin token redemption is permitted only for the single-page platform.")));
    let comparison = compared(&signed_in(), &failing);
    let pair = &comparison.pairs[0];
    assert_eq!(pair.explains.as_ref().map(|explains| explains.cause.as_str()), Some("redirect-uri-not-spa"), "{pair:#?}");
    assert_eq!(pair.explains.as_ref().unwrap().step, "token: code");
}

#[test]
fn the_clock_is_wrong() {
    let failing = capture().clock_ahead(180).sign_in(|s| s).app_page();
    explained(&signed_in(), &failing, "clock-skew", Basis::Observed, ("response.header.date", "response.header.date"));
}

#[test]
fn a_second_factor_is_asked_for() {
    let failing = signed_in().silent_frame(|r| r.fails(50076, words::MFA));
    let comparison = compared(&silent(), &failing);
    assert_eq!(comparison.pairs[0].explains.as_ref().map(|explains| explains.cause.as_str()), Some("mfa-required"));
}

#[test]
fn another_tenant_is_asked() {
    let failing = capture().redirect(|r| r.tenant(FABRIKAM).fails_on_a_page(700_016, "Application was not found in the directory."));
    let comparison = compared(&signed_in(), &failing);
    let pair = &comparison.pairs[0];
    assert!(pair.differences.iter().any(|difference| difference.aspect == Aspect::Authority), "{pair:#?}");
    assert_eq!(pair.explains.as_ref().map(|explains| explains.cause.as_str()), Some("app-not-in-tenant"));
}

#[test]
fn another_client_secret_is_sent() {
    let working = capture().client_credentials(|t| t.param("client_secret", "one.Secret~That-works").succeeds());
    let failing =
        capture().client_credentials(|t| t.param("client_secret", "another.Secret~Expired").fails(7_000_222, "The secret is expired."));
    let comparison = compared(&working, &failing);
    let pair = &comparison.pairs[0];
    let secret = pair.differences.iter().find(|difference| difference.aspect == Aspect::Parameter).unwrap();
    assert_eq!(secret.statement, "The two do not send the same client_secret.");
    assert!(!format!("{comparison:?}").contains("Secret~"), "{comparison:#?}");
    assert!(!pair.explains.as_ref().unwrap().statement.contains("ask the same"), "{pair:#?}");
}

#[test]
fn what_an_export_lost_is_not_called_the_same() {
    let failing = signed_in().silent_frame(|r| r.fails(65001, "Consent is missing.").error("consent_required")).sanitized();
    let comparison = compared(&silent().sanitized(), &failing);
    let statement = &comparison.pairs[0].explains.as_ref().unwrap().statement;
    assert!(statement.starts_with("In what the files show, both captures ask the same"), "{statement}");
}

#[test]
fn a_token_for_another_tenant_is_refused_by_the_api() {
    let refused = "Bearer error=\"invalid_token\", error_description=\"The issuer is invalid\"";
    let failing = capture().sign_in(|s| s.tenant(FABRIKAM)).api_call(|call| call.challenges(refused));
    let working = signed_in().api_call(|call| call.succeeds());
    let comparison = compared(&working, &failing);
    let explains = comparison.pairs[0].explains.as_ref().unwrap();
    assert_eq!((explains.cause.as_str(), explains.step.as_str()), ("wrong-tenant-token", "authorize"), "{explains:#?}");
    assert_eq!(explains.working[0].excerpt(), Some(CONTOSO));
}

#[test]
fn a_refused_token_whose_sign_in_was_the_same_is_not_explained() {
    let refused = "Bearer error=\"invalid_token\", error_description=\"The issuer is invalid\"";
    let comparison = compared(&signed_in(), &signed_in().api_call(|call| call.challenges(refused)));
    assert_eq!((comparison.outcome, comparison.pairs.len()), (Outcome::NotExplained, 1));
}

#[test]
fn the_same_failure_twice_says_so() {
    let failing = capture().silent_frame(|r| r.fails(50058, words::NO_COOKIES));
    let comparison = compared(&failing, &failing);
    assert_eq!(comparison.outcome, Outcome::SameFailure);
    assert!(comparison.pairs.iter().all(|pair| pair.is_same_failure && pair.explains.is_none()));
}

#[test]
fn so_many_failures_are_compared_and_the_rest_is_counted() {
    let failing = (0..30).fold(capture(), |capture, number| capture.redirect(|r| r.fails(90_000 + number, "Something is wrong.")));
    let comparison = compared(&signed_in(), &failing);
    assert_eq!((comparison.pairs.len() + comparison.alone.len(), comparison.not_compared), (25, 5));
}

#[test]
fn unrelated_captures_say_so() {
    let failing = capture().silent_frame(|r| r.app(OTHER_APP).fails(50058, words::NO_COOKIES));
    let comparison = compared(&silent(), &failing);
    assert_eq!((comparison.outcome, comparison.pairs.len(), comparison.alone.len()), (Outcome::Unrelated, 0, 1));
}

#[test]
fn an_application_is_the_same_when_its_id_is_written_in_capitals() {
    let in_capitals = App { client_id: "A0A0A0A0-0000-4000-8000-000000000001", ..APP };
    let failing = |app: App| capture().silent_frame(|r| r.app(app).fails(50058, words::NO_COOKIES));
    assert_eq!(compared(&silent(), &failing(in_capitals)).pairs, compared(&silent(), &failing(APP)).pairs);
}

#[test]
fn nothing_fails_and_perhaps_they_were_swapped() {
    let comparison = compared(&silent(), &silent());
    assert_eq!((comparison.outcome, comparison.pairs.len()), (Outcome::NothingFails, 0));
}

#[test]
fn what_is_new_every_time_is_no_difference() {
    let one = signed_in().silent_frame(|r| r.fails(65001, "Consent is missing.").error("consent_required"));
    let other = signed_in().wait(30).silent_frame(|r| r.succeeds());
    let comparison = compared(&other, &one);
    let sent = comparison.pairs[0].differences.iter().filter(|difference| !difference.aspect.is_of_the_answer());
    assert_eq!(sent.collect::<Vec<_>>(), Vec::<&entrace::compare::Difference>::new());
}

#[test]
fn a_cookie_that_an_export_lost_is_not_held_against_anybody() {
    let failing = signed_in().silent_frame(|r| r.without_header("sec-fetch-storage-access").fails(50058, words::NO_COOKIES)).sanitized();
    let comparison = compared(&silent(), &failing);
    let pair = &comparison.pairs[0];
    assert!(!pair.differences.iter().any(|difference| difference.aspect == Aspect::CookieSent), "{pair:#?}");
    let cookies = pair.unknown.iter().find(|unknown| unknown.what == "the cookies that were sent").unwrap();
    assert!(cookies.working.is_none() && cookies.failing.is_some(), "{cookies:#?}");
    assert!(comparison.context.iter().any(|difference| difference.aspect == Aspect::Recorder));
}

#[test]
fn a_failure_with_more_steps_parts_where_they_part() {
    let comparison = compared(&signed_in(), &capture().sign_in(|s| s.refused(50126)));
    let parted = comparison.pairs[0].parted.as_ref().unwrap();
    assert_eq!(parted.step, "credentials", "{parted:#?}");
}

#[test]
fn a_tenant_by_its_domain_and_by_its_id_is_the_same() {
    let failing = signed_in().silent_frame(|r| r.fails(65_001, "Consent is missing.").error("consent_required"));
    let by_domain = capture().sign_in(|s| s.tenant("contoso.example")).silent_frame(|r| r.tenant("contoso.example").succeeds());
    let told = |working: &CaptureBuilder, failing: &CaptureBuilder| {
        let comparison = compared(working, failing);
        let of_tenant = |difference: &&entrace::compare::Difference| difference.subject == Some("tenant");
        comparison.pairs[0].differences.iter().find(of_tenant).map(|difference| difference.statement.clone())
    };
    assert_eq!(told(&by_domain, &failing), None);
    // Nothing says which directory that domain is.
    let unresolved = capture().redirect(|r| r.tenant("contoso.example").fails_on_a_page(50_011, "No."));
    assert!(told(&signed_in(), &unresolved).is_some_and(|told| told.contains("do not tell whether it is the same")));
}

#[test]
fn another_name_of_the_same_service_is_not_another_cloud() {
    let working = signed_in().silent_frame(|r| r.succeeds());
    let failing = |host: &'static str| signed_in().silent_frame(move |r| r.host(host).fails(65_001, "No.").error("consent_required"));
    let told = |failing: &CaptureBuilder| {
        let comparison = compared(&working, failing);
        let difference = comparison.pairs[0].differences.iter().find(|difference| difference.aspect == Aspect::Authority).cloned().unwrap();
        (difference.subject, difference.role)
    };
    assert_eq!(told(&failing("login.windows.net")), (None, Role::Bystander));
    assert_eq!(told(&failing("login.microsoftonline.us")), (Some("host"), Role::Bystander));
}

#[test]
fn what_comes_after_the_failing_step_is_no_difference_up_to_it() {
    let failing = capture().sign_in(|s| s.refused(50_126)).without("sign-in/lookup");
    let working = capture().sign_in(|s| s.through_microsoft_account());
    let comparison = compared(&working, &failing);
    let steps = comparison.pairs[0].differences.iter().filter(|difference| difference.aspect == Aspect::Step);
    let of_working: Vec<&str> = steps.filter(|step| step.failing.is_empty()).map(|step| step.step.as_str()).collect();
    assert!(of_working.len() <= 1 && !of_working.iter().any(|step| step.contains("token")), "{of_working:?}");
}
