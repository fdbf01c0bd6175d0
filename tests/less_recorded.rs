//! Failures that are there all the same where the recorder keeps less: what was posted, what a page held, what a request was
//! for, and requests that the browser held back.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing, reason = "tests say what is wrong by stopping")]

mod support;
mod told;

use entrace::analysis::{Inconclusive, Verdict};
use entrace::diagnosis::Confidence;
use entrace::entra::Coverage;
use entrace::{Capture, Knowledge, analyze};
use serde_json::Value;
use support::wire::{ENTRA, navigate, self_posting_page, served, submit};
use support::{APP, ApiCall, CONTOSO, CaptureBuilder, Entry, OTHER_APP, TokenRequest, Window, capture, get, words};
use told::{Failure, analysis, failing, handled};

const SERVICE: &str = "https://login.microsoftonline.com";

/// A server's sign-in whose reply is posted to it and not recorded; the page that posts it may be lost as well.
fn posted_unread(page_lost: bool, answer: impl Fn(Entry) -> Entry) -> CaptureBuilder {
    let request = |r: support::Authorize| r.by_server_library().redirect_uri("https://app.example/signin-oidc");
    let signed_in = capture().sign_in(|s| s.without_token().request(request));
    let signed_in = if page_lost { signed_in.edit("sign-in/kmsi", Entry::losing_response_body) } else { signed_in };
    signed_in.edit("sign-in/callback", |entry| answer(entry.losing_request_body().header("origin", SERVICE)))
}

#[test]
fn an_application_that_refuses_a_reply_has_failed_though_what_was_posted_to_it_is_lost() {
    let attempt = ("redirect", CONTOSO, APP.client_id);
    for page_lost in [false, true] {
        for (status, cause) in [(401, "undetermined"), (500, "redirect-response-unhandled")] {
            let refused = posted_unread(page_lost, |entry| entry.status(status));
            failing(&refused, &Failure { code: "", cause, at: "sign-in/callback", attempt });
        }
        let led_away = posted_unread(page_lost, |entry| entry.redirect("/Error"));
        failing(&led_away, &Failure { code: "", cause: "undetermined", at: "sign-in/callback", attempt });
    }
    assert_eq!(analysis(&posted_unread(false, |entry| entry.redirect("/"))).verdict, Verdict::Healthy);
}

#[test]
fn a_token_endpoint_that_answers_200_with_json_has_given_tokens_though_its_body_is_lost() {
    let refreshed = |edit: fn(Entry) -> Entry| analysis(&capture().refresh(|r| r.succeeds()).edit("refresh/token", edit)).verdict;
    assert_eq!(refreshed(Entry::losing_response_body), Verdict::Healthy);
    let page = |entry: Entry| entry.html("<p>").losing_response_body();
    assert!(matches!(refreshed(page), Verdict::Inconclusive(_)), "something in between may have answered");
}

#[test]
fn an_application_on_a_host_of_the_account_pages_has_got_its_reply() {
    let place = "https://invitations.microsoft.com/redeem/reply";
    let request = move |r: support::Authorize| r.by_server_library().redirect_uri(place);
    let redeemed = || capture().sign_in(|s| s.without_token().request(request));
    let page_lost = || redeemed().edit("sign-in/kmsi", Entry::losing_response_body);
    assert_eq!(analysis(&page_lost()).verdict, Verdict::Healthy);
    let failed = redeemed().edit("sign-in/callback", |entry| entry.status(500));
    assert_eq!(analysis(&failed).verdict, Verdict::Failing);
}

#[test]
fn what_a_script_of_the_sign_in_page_posts_is_no_reply() {
    let by_script = posted_unread(false, |entry| entry.in_window(Window::Script, "cross-site").status(500));
    assert_eq!(analysis(&by_script).verdict, Verdict::Healthy);
}

/// Sign-ins with WS-Federation, one right after the other; DevTools keep the page of the last alone.
fn rounds_of_ws_federation(times: usize) -> CaptureBuilder {
    (0..times).fold(capture(), |capture, round| {
        let context = format!("round-{round}");
        let request = [("wa", "wsignin1.0"), ("wtrealm", "urn:orders"), ("wctx", &*context)];
        let token = format!("<t:RequestSecurityTokenResponse Context='{round}'/>");
        let reply = [("wa", "wsignin1.0"), ("wresult", &*token), ("wctx", &*context)];
        let inputs = reply.map(|(name, value)| (name.to_owned(), value.to_owned()));
        let page = navigate(&format!("{ENTRA}/{CONTOSO}/wsfed"), &request).html(self_posting_page("https://app.example/", &inputs));
        let page = if round + 1 < times { page.losing_response_body() } else { page };
        let received = submit("https://app.example/", &reply).redirect("https://app.example/");
        capture.exchange(&format!("request {round}"), served(page)).exchange(&format!("reply {round}"), received)
    })
}

#[test]
fn a_loop_is_not_handled_by_its_own_last_round_whose_page_alone_is_recorded() {
    let told = analysis(&rounds_of_ws_federation(4));
    let causes: Vec<_> = told.diagnoses.iter().map(|diagnosis| (diagnosis.causes[0].id.as_str(), diagnosis.occurrences.len())).collect();
    assert_eq!((told.verdict, causes), (Verdict::Failing, vec![("sign-in-loop", 4)]));
}

/// What is told where the recorder does not name what a request is for: a proxy, Firefox.
fn without_kinds(capture: &CaptureBuilder) -> (Verdict, Vec<String>) {
    let mut har: Value = serde_json::from_slice(&capture.clone().written_by("mitmproxy", "13").bytes()).unwrap();
    for entry in har["log"]["entries"].as_array_mut().unwrap() {
        entry.as_object_mut().unwrap().remove("_resourceType");
    }
    let told = analyze(&Capture::from_bytes(har.to_string().into_bytes()).unwrap(), &Knowledge::builtin());
    (told.verdict, told.diagnoses.iter().map(|diagnosis| diagnosis.causes[0].id.clone()).collect())
}

#[test]
fn an_application_that_goes_on_with_its_calls_has_left_its_code() {
    let left = |call: Entry| capture().sign_in(|s| s.without_token()).wait(1).exchange("call", call);
    let unhandled = || (Verdict::Failing, vec!["redirect-response-unhandled".to_owned()]);
    let items = || get("https://app.example/api/items");
    assert_eq!(without_kinds(&left(items().in_window(Window::Script, "same-origin"))), unhandled(), "by Sec-Fetch-Dest");
    assert_eq!(without_kinds(&left(items().json(&serde_json::json!([])))), unhandled(), "by a reply in JSON");
    let script = items().in_window(Window::Script, "same-origin").header("sec-fetch-dest", "script");
    assert_eq!(without_kinds(&left(script)).1, [""; 0], "a page's own scripts come with it");
}

/// A page that was handed a code asks whether it may turn it in, and is answered so.
fn preflighted(answer: impl Fn(Entry) -> Entry) -> CaptureBuilder {
    let preflight = get(format!("{SERVICE}/{CONTOSO}/oauth2/v2.0/token")).method("OPTIONS").in_window(Window::Script, "cross-site");
    let preflight = preflight.header("origin", APP.origin).header("access-control-request-method", "POST");
    let preflight = preflight.kind("preflight").header("access-control-request-headers", "content-type,x-own");
    capture().sign_in(|s| s.without_token()).exchange("preflight", served(answer(preflight)))
}

#[test]
fn a_token_request_that_the_answer_to_its_preflight_holds_back_has_failed() {
    let failure = Failure { code: "", cause: "token-request-cors-blocked", at: "preflight", attempt: ("redirect", CONTOSO, APP.client_id) };
    failing(&preflighted(|entry| entry.status(404)), &failure);
    failing(&preflighted(|entry| entry), &failure);
    let names_headers =
        |entry: Entry| entry.reply_header("access-control-allow-origin", "*").reply_header("access-control-allow-headers", "Content-Type");
    failing(&preflighted(names_headers), &failure);
    let allowed = preflighted(|entry| names_headers(entry).reply_header("access-control-allow-headers", "X-Own"));
    assert_eq!(analysis(&allowed).diagnoses.len(), 0);
    let sent = preflighted(|entry| entry.status(404)).redeem_again(TokenRequest::succeeds);
    assert_eq!(analysis(&sent).verdict, Verdict::Healthy, "something sent it all the same");
}

/// The entries of several recordings in one file.
fn joined(parts: &[&CaptureBuilder]) -> Vec<u8> {
    let har = |part: &&CaptureBuilder| -> Value { serde_json::from_slice(&part.bytes()).unwrap() };
    let mut hars = parts.iter().map(har);
    let mut all = hars.next().unwrap();
    for mut other in hars {
        let entries = other["log"]["entries"].as_array_mut().unwrap();
        all["log"]["entries"].as_array_mut().unwrap().append(entries);
    }
    all.to_string().into_bytes()
}

fn analyzed(har: Vec<u8>) -> entrace::Analysis {
    analyze(&Capture::from_bytes(har).unwrap(), &Knowledge::builtin())
}

#[test]
fn a_reply_that_was_lost_is_not_made_good_by_the_sign_in_of_another_application() {
    let refused = capture().sign_in(|s| s.app(OTHER_APP).refused(50105)).everywhere(Entry::losing_response_body);
    let alone = analyzed(refused.bytes()).verdict;
    assert!(matches!(alone.inconclusive(), Some(Inconclusive::ReplyLost { .. })), "{alone:?}");
    let healthy = capture().sign_in(|s| s);
    let beside = analyzed(joined(&[&healthy, &refused])).verdict;
    assert!(matches!(beside.inconclusive(), Some(Inconclusive::ReplyLost { .. })), "{beside:?}");
    let again = capture().sign_in(|s| s.app(OTHER_APP));
    assert_eq!(analyzed(joined(&[&refused, &again])).verdict, Verdict::Healthy);
}

/// The first cause and how sure it is.
fn first_cause(told: &entrace::Analysis) -> (&str, Confidence) {
    let cause = &told.diagnoses[0].causes[0];
    (&cause.id, cause.confidence)
}

#[test]
fn cookies_that_somebody_took_out_of_requests_are_not_lost_by_the_browser() {
    let expired = || capture().sign_in(|s| s).wait(600).silent_page(|r| r.fails(50058, words::NOBODY));
    let whole = analyzed(expired().bytes());
    assert_eq!(first_cause(&whole), ("session-expired", Confidence::Certain));
    for (stand_in, is_listed) in [(None, true), (None, false), (Some("[REDACTED]"), true), (Some("[REDACTED]"), false)] {
        let mut har: Value = serde_json::from_slice(&expired().bytes()).unwrap();
        for entry in har["log"]["entries"].as_array_mut().unwrap() {
            if !is_listed {
                entry["request"]["cookies"] = Value::Array(Vec::new());
            }
            let headers = entry["request"]["headers"].as_array_mut().unwrap();
            match stand_in {
                Some(stand_in) => {
                    headers.iter_mut().filter(|header| header["name"] == "cookie").for_each(|header| header["value"] = stand_in.into())
                }
                None => headers.retain(|header| header["name"] != "cookie"),
            }
        }
        let told = analyzed(har.to_string().into_bytes());
        match is_listed {
            true => assert_eq!(first_cause(&told), ("session-expired", Confidence::Certain), "their names are listed"),
            false => assert!(first_cause(&told).1 < Confidence::Certain, "{stand_in:?}: {:?}", first_cause(&told)),
        }
    }
}

#[test]
fn the_cookies_of_one_recording_say_nothing_of_those_of_another_in_the_same_file() {
    let lost = capture().sign_in(|s| s).silent_page(|r| r.without_cookies());
    assert_eq!(first_cause(&analyzed(lost.bytes())), ("session-cookies-lost", Confidence::Certain));
    let (healthy, exported) = (capture().sign_in(|s| s.app(OTHER_APP)), lost.sanitized());
    let alone = analyzed(exported.bytes());
    let beside = analyzed(joined(&[&healthy, &exported]));
    assert!(first_cause(&alone).1 < Confidence::Certain && first_cause(&beside).1 < Confidence::Certain, "{:?}", first_cause(&beside));
}

#[test]
fn a_refused_call_is_told_though_what_it_carried_was_taken_out() {
    let issuer = format!("The issuer '{SERVICE}/{CONTOSO}/v2.0' is invalid");
    let refused = || capture().api_call(|c| c.url("https://orders.example/items").complains(&issuer));
    let blank = |entry: Entry| entry.without_header("authorization").header("authorization", "");
    for lost in [refused().edit("api/call", Entry::losing_request_headers), refused().edit("api/call", blank)] {
        let told = analyzed(lost.bytes());
        assert_eq!((told.verdict, first_cause(&told).0), (Verdict::Failing, "wrong-tenant-token"));
    }
    let bare = refused().edit("api/call", |entry| entry.without_header("authorization").header("authorization", "Bearer"));
    assert_eq!(analyzed(bare.bytes()).diagnoses.len(), 0, "it asks for the challenge");
}

#[test]
fn what_graph_says_in_words_that_nobody_knows_is_a_refusal_all_the_same() {
    let body =
        serde_json::json!({"error": {"code": "InvalidAuthenticationToken", "message": "CompactToken validation failed with 80049217."}});
    let refused = capture().sign_in(|s| s).api_call(|c| c.url("https://graph.microsoft.com/v1.0/me").refuses_in_body(body));
    let told = analyzed(refused.bytes());
    assert_eq!((told.verdict, first_cause(&told)), (Verdict::Failing, ("undetermined", Confidence::Possible)));
}

#[test]
fn a_refused_call_is_placed_in_the_part_of_the_reply_that_is_there() {
    let place = |call: ApiCall| analysis(&capture().sign_in(|s| s).api_call(|_| call)).diagnoses[0].occurrences[0].part.clone();
    let audience = serde_json::json!({"title": "Unauthorized", "detail": "IDX10214: x"});
    let unknown = serde_json::json!({"error": {"code": "InvalidAuthenticationToken", "message": "CompactToken failed."}});
    let call = || ApiCall::new().url("https://graph.microsoft.com/v1.0/me");
    assert_eq!(place(call()), "response.header.www-authenticate");
    assert_eq!(place(call().refuses_in_body(audience)), "response.body.detail");
    assert_eq!(place(call().refuses_in_body(unknown)), "response.status");
}

const CALL: &str = "c0c0c0c0-0000-4000-8000-00000000ca11";

#[test]
fn the_frame_that_follows_a_refresh_with_the_same_correlation_id_puts_it_right() {
    let refused = capture().sign_in(|s| s).refresh(|t| t.fails(700_084, words::SPA_TOKEN_EXPIRED));
    let refused = refused.edit("refresh/token", |entry| entry.losing_request_body().header("client-request-id", CALL));
    let attempt = ("refresh", CONTOSO, APP.client_id);
    let failure = Failure { code: "AADSTS700084", cause: "spa-refresh-token-lifetime", at: "refresh/token", attempt };
    handled(&refused.silent_frame(|r| r.param("client-request-id", CALL).succeeds()), &failure);
}

#[test]
fn a_refresh_without_its_body_is_of_the_only_application_whose_replies_go_to_that_page() {
    let refused = |capture: CaptureBuilder| {
        let refused = capture.sign_in(|s| s).refresh(|t| t.fails(50173, "The grant was revoked."));
        refused.edit("refresh/token", |entry| entry.losing_request_body().header("origin", "https://app.example"))
    };
    // What is turned in is not recorded either.
    let attempt = ("code-redemption", CONTOSO, APP.client_id);
    let failure = Failure { code: "AADSTS50173", cause: "session-revoked", at: "refresh/token", attempt };
    failing(&refused(capture()), &failure);
    handled(&refused(capture()).wait(1).sign_in(|s| s.named("later")), &failure);
    // Where replies of two go there it is nobody's.
    let told = analysis(&refused(capture().sign_in(|s| s.named("other").app(support::App { origin: APP.origin, ..OTHER_APP }))));
    assert!(told.diagnoses.iter().all(|told| told.client_id.is_none()), "{:?}", told.diagnoses);
}

#[test]
fn tokens_for_nobody_knows_what_do_not_put_right_that_nobody_consented() {
    let signed_in = capture().sign_in(|s| s.request(|r| r.param("client-request-id", CALL)));
    let signed_in = signed_in.edit("sign-in/token", |entry| entry.losing_request_body().header("client-request-id", CALL));
    let refused = signed_in.refresh(|t| t.param("scope", "api://orders/.default").fails(65001, "Nobody has consented."));
    let refused = refused.edit("refresh/token", |entry| entry.losing_request_body().header("client-request-id", CALL));
    let then = refused.silent_frame(|r| r.succeeds());
    let attempt = ("code-redemption", CONTOSO, APP.client_id);
    let told = failing(&then, &Failure { code: "AADSTS65001", cause: "consent-missing", at: "refresh/token", attempt });
    assert_eq!(told.attempts.len(), 3, "a sign-in that has its tokens asks for no more");
}

#[test]
fn a_script_of_the_sign_in_page_that_may_be_under_way_is_not_missing() {
    let script = |host: &str| {
        let script = get(format!("https://{host}/shared/1.0/content/js/ConvergedLogin_PCore.js"));
        script.in_window(Window::Script, "cross-site").header("sec-fetch-dest", "script").no_response("")
    };
    let under_way = capture().sign_in(|s| s.abandoned()).exchange("script", script("aadcdn.msftauth.net"));
    assert_eq!(without_kinds(&under_way), (analysis(&under_way).verdict, Vec::new()));
    let missing = under_way.exchange("again", script("aadcdn.msauth.net"));
    assert_eq!(without_kinds(&missing), (Verdict::Failing, vec!["sign-in-page-assets-blocked".to_owned()]));
}

/// To a request that never left the browser there was no reply whose body an export could have left out.
#[test]
fn a_blocked_request_lacks_no_body_of_its_reply() {
    let blocked = capture().silent_frame(|request| request.gets_no_answer("net::ERR_BLOCKED_BY_CLIENT")).without_response_bodies();
    assert_eq!(analysis(&blocked).recording.response_bodies.coverage, Coverage::Unknown);
}
