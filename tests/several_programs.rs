//! Recordings of several programs, tabs and accounts at once: what one of them does excuses nothing of another, and where the
//! capture does not tell whose a call is, nothing is said of it.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing, reason = "tests say what is wrong by stopping")]

mod support;
mod told;

use entrace::analysis::Verdict;
use serde_json::json;
use support::wire::{jwt, program, served};
use support::{ADA, APP, App, BOB, CONTOSO, CaptureBuilder, Entry, OTHER_APP, Person, SESSION, Window, capture, get};
use told::analysis;

const GRAPH: &str = "https://graph.microsoft.com/v1.0/me";
const WORD: &str = "Microsoft Office Word/16.0";
const TEAMS: &str = "Teams/25290.205";

/// What a proxy records, which sees every program.
fn proxied() -> CaptureBuilder {
    capture().written_by("mitmproxy", "12.1.1")
}

fn verdict(capture: &CaptureBuilder) -> Verdict {
    analysis(capture).verdict
}

/// The first cause of each failure, and whether it was handled.
fn told(capture: &CaptureBuilder) -> Vec<(String, bool)> {
    analysis(capture).diagnoses.iter().map(|diagnosis| (diagnosis.causes[0].id.clone(), diagnosis.is_handled())).collect()
}

fn failing(cause: &str) -> Vec<(String, bool)> {
    vec![(cause.to_owned(), false)]
}

fn outcomes(capture: &CaptureBuilder) -> Vec<&'static str> {
    analysis(capture).attempts.iter().map(|attempt| attempt.outcome.name()).collect()
}

/// A call that works, made by the page of an origin.
fn call_of(origin: &'static str) -> Entry {
    let call = get(GRAPH).in_window(Window::Script, "cross-site").header("origin", origin);
    call.header("authorization", "Bearer of-somebody").json(&json!({}))
}

/// The token of an application for an account.
fn token(app: App, account: Person, expires: i64) -> String {
    jwt(&json!({"aud": "https://graph.microsoft.com", "appid": app.client_id, "oid": account.object_id, "tid": CONTOSO, "exp": expires}))
}

/// A call that works, made by a program without pages.
fn call_by(name: &'static str, token: &str) -> Entry {
    get(GRAPH).header("user-agent", name).header("authorization", format!("Bearer {token}")).json(&json!({}))
}

const LATER: i64 = 4_000_000_000;
const LONG_AGO: i64 = 1_600_000_000;

fn with_other_nonce() -> CaptureBuilder {
    proxied().sign_in(|s| s.token(|t| t.nonce("another")))
}

#[test]
fn a_token_that_another_tab_sends_hides_no_reply_that_is_refused() {
    assert_eq!(told(&with_other_nonce()), failing("state-mismatch"));
    assert_eq!(told(&with_other_nonce().exchange("call", call_of(OTHER_APP.origin))), failing("state-mismatch"));
    assert_eq!(verdict(&with_other_nonce().exchange("call", call_of(APP.origin))), Verdict::Healthy, "the page's own");
    let without_tokens = with_other_nonce().exchange("call", call_of(APP.origin)).sanitized();
    assert_eq!(verdict(&without_tokens), Verdict::Healthy, "the page's own, of an exporter that removes tokens");
    let tell_tale = with_other_nonce().exchange("call", call_of(OTHER_APP.origin)).sanitized();
    assert_eq!(told(&tell_tale), failing("state-mismatch"));
}

#[test]
fn a_token_that_a_program_in_the_background_sends_hides_no_reply_that_is_refused() {
    let background = || with_other_nonce().exchange("call", call_by(WORD, &token(OTHER_APP, ADA, LATER)));
    assert_eq!(told(&background()), failing("state-mismatch"));
    assert_eq!(told(&background().edit("call", |call| call.header("authorization", "Bearer sealed"))), failing("state-mismatch"));
}

#[test]
fn a_call_that_may_be_anybodys_leaves_it_open_whether_a_reply_was_refused() {
    let call = |name: &'static str| get(GRAPH).header("user-agent", name).header("authorization", "Bearer sealed").json(&json!({}));
    let own_name = support::user_agents::CHROME;
    let open = with_other_nonce().exchange("call", call(own_name));
    assert_eq!((told(&open), outcomes(&open)), (vec![], vec!["unknown"]));
}

#[test]
fn a_token_that_another_tab_sends_shows_no_page_that_it_may_read_a_reply() {
    let hidden = || {
        let refreshed = proxied().refresh(|t| t.succeeds());
        refreshed.edit("refresh/token", |entry| entry.without_reply_header("access-control-allow-origin"))
    };
    assert_eq!(told(&hidden().exchange("call", call_of(OTHER_APP.origin))), failing("token-request-cors-blocked"));
    assert_eq!(verdict(&hidden().exchange("call", call_of(APP.origin))), Verdict::Healthy);
}

#[test]
fn a_token_that_another_tab_sends_ends_no_loop() {
    let rounds = |origin: &'static str| {
        let begin = proxied().cookies_from_before(["ESTSAUTHPERSISTENT"]);
        (0..4).fold(begin, |capture, round| {
            capture.sign_in(|s| s.without_credentials().session(SESSION)).exchange(&format!("call {round}"), call_of(origin))
        })
    };
    assert_eq!(told(&rounds(OTHER_APP.origin))[0].0, "sign-in-loop");
    assert_eq!(verdict(&rounds(APP.origin)), Verdict::Healthy);
}

#[test]
fn a_page_that_is_opened_in_another_tab_ends_no_loop() {
    let rounds = |opened: &'static str| {
        let begin = proxied().cookies_from_before(["ESTSAUTHPERSISTENT"]);
        (0..4).fold(begin, |capture, round| {
            let page = get(opened).in_window(Window::Page, "none").html("<p>News</p>");
            capture.sign_in(|s| s.without_credentials().session(SESSION)).exchange(&format!("page {round}"), page)
        })
    };
    assert_eq!(told(&rounds("https://intranet.example/news"))[0].0, "sign-in-loop");
    assert_eq!(verdict(&rounds("https://app.example/")), Verdict::Healthy, "a person opens the application");
}

#[test]
fn a_person_who_comes_to_the_application_by_a_link_on_another_page_is_in_no_loop() {
    let rounds = (0..4).fold(proxied().cookies_from_before(["ESTSAUTHPERSISTENT"]), |capture, round| {
        let portal = get("https://portal.example/apps").in_window(Window::Page, "none").html("<a href='https://app.example/'>App</a>");
        let page = get("https://app.example/").in_window(Window::Page, "cross-site").header("referer", "https://portal.example/");
        let capture = capture.exchange(&format!("portal {round}"), portal).exchange(&format!("page {round}"), page.html("<p>App</p>"));
        capture.sign_in(|s| s.without_credentials().session(SESSION))
    });
    assert_eq!(verdict(&rounds), Verdict::Healthy);
}

#[test]
fn a_tab_that_goes_on_takes_no_sign_in_page_of_another_along() {
    let script = get("https://aadcdn.msauth.net/shared/1.0/content/js/ConvergedLogin_PCore.js");
    let script = script.in_window(Window::Script, "cross-site").kind("script").header("referer", "https://login.microsoftonline.com/");
    let missing = || script.clone().no_response("net::ERR_CONNECTION_RESET");
    let opened = |url: &str| get(url).in_window(Window::Page, "none").html("<p>News</p>");
    let left_open = || proxied().sign_in(|s| s.abandoned());
    assert_eq!(
        told(&left_open().exchange("page", opened("https://intranet.example/")).exchange("script", missing())),
        failing("sign-in-page-assets-blocked")
    );
    let signed_in = left_open().sign_in(|s| s.app(OTHER_APP).named("other")).exchange("script", missing());
    assert_eq!(told(&signed_in), failing("sign-in-page-assets-blocked"));
}

/// A refresh of a program without pages, and what came back.
fn refreshed(name: &'static str, app: App, refresh_token: &str, given: Option<(&str, &str)>) -> Entry {
    let form = [("client_id", app.client_id), ("grant_type", "refresh_token"), ("refresh_token", refresh_token), ("scope", "openid")];
    let url = "https://login.microsoftonline.com/organizations/oauth2/v2.0/token";
    let asked = program(url, &form).header("user-agent", name);
    match given {
        Some((token, next)) => served(asked.json(&json!({"token_type": "Bearer", "access_token": token, "refresh_token": next}))),
        None => support::wire::refused_in_json(asked, "invalid_grant", 700_082, "The refresh token has expired due to inactivity."),
    }
}

#[test]
fn a_refresh_token_of_another_sign_in_excuses_none_that_is_refused() {
    let refused = || proxied().exchange("refused", refreshed(WORD, APP, "1.dead", None));
    let works = |token: &'static str| refreshed(WORD, APP, token, Some(("sealed", "1.next")));
    let expired = "refresh-token-expired-inactive";
    assert_eq!(told(&refused().exchange("works", works("1.another"))), failing(expired));
    assert_eq!(told(&refused().exchange("works", works("1.dead"))), [(expired.to_owned(), true)], "the same token");
    let rotated = proxied().exchange("before", refreshed(WORD, APP, "1.dead", Some(("sealed", "1.follows"))));
    let rotated = rotated.exchange("refused", refreshed(WORD, APP, "1.dead", None)).exchange("works", works("1.follows"));
    assert_eq!(told(&rotated), [(expired.to_owned(), true)], "one that came of it");
    let form = [("client_id", APP.client_id), ("grant_type", "authorization_code"), ("code", "1.code"), ("scope", "openid")];
    let url = "https://login.microsoftonline.com/organizations/oauth2/v2.0/token";
    let redeemed = served(program(url, &form).json(&json!({"token_type": "Bearer", "access_token": "sealed", "refresh_token": "1.new"})));
    let signed_in = refused().exchange("redeemed", redeemed).exchange("works", works("1.new"));
    assert_eq!(told(&signed_in), [(expired.to_owned(), true)], "one of a later sign-in");
}

#[test]
fn a_service_that_answers_another_refresh_token_is_no_longer_out_of_order() {
    let out_of_order = |entry: Entry| entry.status(503).without_reply_header("content-type").html("<h1>Service Unavailable</h1>");
    let failed = proxied().exchange("failed", out_of_order(refreshed(WORD, APP, "1.first", Some(("sealed", "1.next")))));
    assert_eq!(verdict(&failed), Verdict::Failing);
    let works = failed.exchange("works", refreshed(WORD, APP, "1.second", Some(("sealed", "1.next"))));
    assert_eq!(verdict(&works), Verdict::Handled);
}

#[test]
fn a_refresh_token_of_the_same_account_excuses_one_that_is_refused() {
    let named = |entry: Entry| entry.header("x-anchormailbox", format!("oid:{}@{CONTOSO}", ADA.object_id));
    let works = |account: Person| {
        let given = token(APP, account, LATER);
        named(refreshed(WORD, APP, "1.another", Some((&given, "1.next"))))
    };
    let refused = || proxied().exchange("refused", named(refreshed(WORD, APP, "1.dead", None)));
    assert_eq!(told(&refused().exchange("works", works(ADA)))[0], ("refresh-token-expired-inactive".to_owned(), true));
}

/// A program that gets a token and calls an API with it.
fn calls(capture: CaptureBuilder, flow: &str, name: &'static str, given: &str, app: App, answer: fn(Entry) -> Entry) -> CaptureBuilder {
    let asked = refreshed(name, app, &format!("1.{flow}"), Some((given, "1.next")));
    capture.exchange(&format!("{flow}/token"), asked).exchange(&format!("{flow}/call"), answer(call_by(name, given)))
}

fn refuses(call: Entry) -> Entry {
    call.status(401).reply_header("www-authenticate", r#"Bearer error="invalid_token""#)
}

#[test]
fn what_an_api_gives_another_program_excuses_no_refusal() {
    let refused = |app: App, account: Person| calls(proxied(), "refused", WORD, &token(app, account, LATER), app, refuses);
    let other = calls(refused(APP, ADA), "other", TEAMS, &token(OTHER_APP, ADA, LATER + 1), OTHER_APP, |call| call);
    assert_eq!(verdict(&other), Verdict::Failing, "another application");
    let of_one_name = calls(refused(APP, ADA), "other", WORD, &token(OTHER_APP, ADA, LATER + 1), OTHER_APP, |call| call);
    assert_eq!(verdict(&of_one_name), Verdict::Failing, "another application that calls itself the same");
    let of_bob = calls(refused(APP, ADA), "other", WORD, &token(APP, BOB, LATER + 1), APP, |call| call);
    assert_eq!(verdict(&of_bob), Verdict::Failing, "another account");
    let again = calls(refused(APP, ADA), "again", TEAMS, &token(APP, ADA, LATER + 1), APP, |call| call);
    assert_eq!(verdict(&again), Verdict::Healthy, "the same application, by another of its names");
}

#[test]
fn a_call_that_works_and_may_be_anybodys_leaves_a_refusal_open() {
    let refused = calls(proxied(), "refused", WORD, "sealed", APP, refuses);
    let other = refused.clone().exchange("other", refreshed(TEAMS, OTHER_APP, "1.other", Some(("sealed too", "1.next"))));
    let works = || call_by(WORD, "unknown");
    assert_eq!(verdict(&other.clone().exchange("works", works())), Verdict::Healthy, "of the same name");
    let nameless = other.exchange("works", works()).edit("works", |call| call.without_header("user-agent"));
    assert_eq!((told(&nameless), outcomes(&nameless)), (vec![], vec!["succeeded", "unknown", "succeeded"]));
}

#[test]
fn claims_that_another_application_asks_for_answer_no_challenge() {
    const CHALLENGE: &str = r#"Bearer error="insufficient_claims", claims="eyJhY2Nlc3NfdG9rZW4iOnt9fQ==""#;
    let challenged = || capture().sign_in(|s| s).api_call(|c| c.url(GRAPH).challenges(CHALLENGE));
    let answered = |app: App| challenged().silent_frame(move |r| r.app(app).param("claims", support::CLAIMS).succeeds());
    assert_eq!(told(&answered(OTHER_APP)), failing("claims-challenge-unhandled"));
    assert_ne!(told(&answered(APP)), failing("claims-challenge-unhandled"));
}

#[test]
fn an_expired_token_that_is_replaced_at_once_is_no_failure() {
    let refused = || calls(proxied(), "refused", WORD, &token(APP, ADA, LONG_AGO), APP, refuses);
    let elsewhere = |token: &str| {
        get("https://graph.microsoft.com/v1.0/me/messages")
            .header("user-agent", WORD)
            .header("authorization", format!("Bearer {token}"))
            .json(&json!({}))
    };
    let given = token(APP, ADA, LATER);
    let replaced = refused().exchange("new/token", refreshed(WORD, APP, "1.next", Some((&given, "1.last"))));
    assert_eq!(verdict(&refused()), Verdict::Failing);
    assert_eq!(verdict(&replaced), Verdict::Failing, "nothing shows that the API takes the new one");
    assert_eq!(verdict(&replaced.clone().exchange("elsewhere", elsewhere(&given))), Verdict::Healthy);
    assert_eq!(verdict(&refused().exchange("elsewhere", elsewhere(&given))), Verdict::Failing, "nothing shows a new one");
    let others = replaced.exchange("elsewhere", elsewhere(&token(OTHER_APP, ADA, LATER)));
    assert_eq!(verdict(&others), Verdict::Failing, "another application's");
    let page = || capture().sign_in(|s| s).api_call(|c| c.url(GRAPH).complains("Lifetime validation failed, the token is expired."));
    let goes_on = |capture: CaptureBuilder| {
        capture.refresh(|t| t.succeeds()).api_call(|c| c.url("https://graph.microsoft.com/v1.0/me/messages").succeeds())
    };
    assert_eq!(verdict(&page()), Verdict::Failing);
    assert_eq!(verdict(&goes_on(page())), Verdict::Healthy);
    assert_eq!(verdict(&goes_on(page()).sanitized()), Verdict::Healthy);
    let of_audience = capture().sign_in(|s| s).api_call(|c| c.url(GRAPH).complains("The audience is invalid."));
    assert_eq!(verdict(&goes_on(of_audience)), Verdict::Failing, "the API refused it for another reason");
}
