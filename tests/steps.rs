//! The sign-in traffic step by step: who asked whom, what came back, what is not recorded.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing, reason = "tests say what is wrong by stopping")]

mod support;

use entrace::analysis::{Asker, Party, StepSummary};
use entrace::exchange::Recorded;
use entrace::{Analysis, Capture, Knowledge, analyze};
use support::{ADA, CaptureBuilder, SESSION, capture, words};

fn analysis_of(builder: &CaptureBuilder) -> Analysis {
    analyze(&Capture::from_bytes(builder.bytes()).unwrap(), &Knowledge::builtin())
}

/// The step of the entry of that name.
fn step(builder: &CaptureBuilder, name: &str) -> StepSummary {
    let entry = builder.entry(name);
    let steps = analysis_of(builder).steps;
    steps.into_iter().find(|step| step.entry == entry).unwrap_or_else(|| panic!("{name} is no step"))
}

/// Who asked whom for what, and what came back.
fn told(builder: &CaptureBuilder, name: &str) -> (Asker, Party, String, String) {
    let step = step(builder, name);
    (step.asked_by, step.answered_by, step.what, step.answer.what)
}

fn signed_in() -> CaptureBuilder {
    capture().sign_in(|sign_in| sign_in.account(ADA))
}

#[test]
fn an_interactive_sign_in_is_told_step_by_step() {
    let builder = signed_in();
    let steps = analysis_of(&builder).steps;
    let said: Vec<String> = steps
        .iter()
        .map(|step| format!("{} {}: {} · {}", step.asked_by.name(), step.answered_by.name(), step.what, step.answer.what))
        .collect();
    assert_eq!(said.first().map(String::as_str), Some("window Entra: authorize · page ConvergedSignIn"), "{said:?}");
    assert!(said.contains(&"window Entra: stay signed in · redirect with code".to_owned()), "{said:?}");
    assert_eq!(said.last().map(String::as_str), Some("script Entra: token: code · access token, ID token, refresh token"), "{said:?}");
    assert!(steps.iter().all(|step| step.attempt == Some(1) && !step.answer.fails));
}

#[test]
fn a_frame_is_a_lane_of_its_own_and_the_failure_is_marked() {
    let builder = signed_in().silent_frame(|request| request.sid(SESSION).fails(160021, words::SESSION_GONE));
    let found = step(&builder, "silent/authorize");
    assert_eq!((found.asked_by, found.answered_by), (Asker::Frame, Party::Entra));
    assert_eq!((&*found.what, &*found.answer.what), ("authorize, prompt=none, sid", "redirect with interaction_required, AADSTS160021"));
    assert_eq!(found.answer.leads_to, Some(Party::Frame));
    assert!(found.answer.fails && !found.answer.repeats);
    assert_eq!(found.answer.codes.iter().map(ToString::to_string).collect::<Vec<_>>(), ["AADSTS160021"]);
}

#[test]
fn a_popup_a_server_and_an_api_are_told_apart() {
    let popup = capture().redirect(|request| request.in_popup().gets_sign_in_page());
    let begun = analysis_of(&popup).steps.remove(0);
    assert_eq!((begun.asked_by, begun.asked_by.party()), (Asker::Popup, Party::App));
    let server =
        capture().client_credentials(|request| request.fails(7_000_215, "Invalid client secret provided.").error("invalid_client"));
    let (asker, party, what, answer) = told(&server, "server/token");
    assert_eq!(
        (asker, party, &*what, &*answer),
        (Asker::Server, Party::Entra, "token: client credentials", "invalid_client, AADSTS7000215")
    );
    let api = signed_in().api_call(|call| call.challenges("Bearer error=\"invalid_token\", error_description=\"The issuer is invalid\""));
    let (asker, party, what, answer) = told(&api, "api/call");
    assert_eq!((asker, party, &*what, &*answer), (Asker::Script, Party::Api, "call with a token", "challenge"));
}

#[test]
fn cookies_are_named_or_said_to_be_missing() {
    let full = signed_in().silent_frame(|request| request.fails(50058, words::NOBODY));
    let Recorded::Kept(sent) = step(&full, "silent/authorize").cookies_sent else { panic!("the cookies are there") };
    assert!(sent.contains(&"ESTSAUTH".to_owned()), "{sent:?}");
    let sanitized = full.sanitized();
    let lost = step(&sanitized, "silent/authorize");
    assert!(lost.cookies_sent.loss().is_some() && lost.answer.cookies_set.loss().is_some());
    let said: Vec<String> = lost.not_recorded.iter().map(|missing| missing.explain()).collect();
    assert!(said.contains(&"the exporter removed the request's cookies".to_owned()), "{said:?}");
}

#[test]
fn values_are_shown_by_the_allow_list_only() {
    let builder = signed_in().silent_frame(|request| request.login_hint(ADA).fails(50058, words::NOBODY));
    let found = step(&builder, "silent/authorize");
    let value =
        |name: &str| found.parameters.iter().find(|parameter| parameter.name == name).unwrap_or_else(|| panic!("{name}")).value.as_deref();
    assert_eq!(value("prompt"), Some("none"));
    assert_eq!(value("code_challenge"), None);
    assert!(value("login_hint").unwrap().starts_with("account 1 (…@"));
    let whole = format!("{:?}", analysis_of(&builder).steps);
    assert!(!whole.contains(ADA.name), "a step names a person");
    assert_eq!(found.place.as_deref(), Some("login.microsoftonline.com/…/oauth2/v2.0/authorize"));
}
