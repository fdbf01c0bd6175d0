//! What looks like a failed sign-in and is none, and what looks put right and is not.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing, reason = "tests say what is wrong by stopping")]

mod support;
mod told;

use entrace::analysis::{Inconclusive, Verdict};
use entrace::diagnosis::{Confidence, Diagnosis};
use entrace::knowledge::Severity;
use entrace::{Capture, Knowledge, analyze};
use support::wire::{jwt, navigate, page, program, self_posting_page, served, with};
use support::{
    ADA, APP, App, BOB, CONTOSO, CaptureBuilder, Entry, FABRIKAM, GRACE, OTHER_APP, SESSION, Window, capture, get, post_json, user_agents,
    words,
};
use told::{Failure, analysis, failing, handled};

const GRAPH: &str = "https://graph.microsoft.com/v1.0/me";
const CHALLENGE: &str = r#"Bearer error="insufficient_claims", claims="eyJhY2Nlc3NfdG9rZW4iOnt9fQ==""#;
const API_CALL: (&str, &str, &str) = ("api-call", CONTOSO, APP.client_id);

/// What kinds of failures are told, with the first cause of each and how sure it is.
fn causes(capture: &CaptureBuilder) -> Vec<(String, Confidence)> {
    analysis(capture).diagnoses.iter().map(|diagnosis| (diagnosis.causes[0].id.clone(), diagnosis.causes[0].confidence)).collect()
}

fn verdict(capture: &CaptureBuilder) -> Verdict {
    analysis(capture).verdict
}

fn refused(capture: CaptureBuilder) -> CaptureBuilder {
    capture.sign_in(|s| s).api_call(|c| c.url(GRAPH).challenges(CHALLENGE))
}

#[test]
fn a_call_that_another_application_makes_with_success_settles_no_challenge() {
    let of_other = |entry: Entry| entry.header("origin", OTHER_APP.origin);
    let later = refused(capture()).api_call(|c| c.named("other").url(GRAPH).succeeds());
    let later = later.edit("other/call", of_other).edit("other/preflight", of_other);
    failing(&later, &Failure { code: "", cause: "claims-challenge-unhandled", at: "api/call", attempt: API_CALL });
}

#[test]
fn what_an_api_tells_everybody_settles_no_refusal() {
    let public = get("https://graph.microsoft.com/v1.0/$metadata").in_window(Window::Script, "cross-site").header("origin", APP.origin);
    let later = refused(capture()).exchange("public", public);
    failing(&later, &Failure { code: "", cause: "claims-challenge-unhandled", at: "api/call", attempt: API_CALL });
}

#[test]
fn the_same_call_that_works_later_settles_a_challenge() {
    let later = refused(capture()).api_call(|c| c.named("again").url(GRAPH).succeeds());
    assert_eq!(verdict(&later), Verdict::Healthy);
    assert_eq!(verdict(&later.sanitized()), Verdict::Healthy);
}

/// Browsers fetch these without cookies, so a server that knows nobody by them sends them to sign in, where CORS stops them.
#[test]
fn a_part_of_a_page_that_is_sent_to_sign_in_is_nobodys_sign_in() {
    let authorize = format!("https://login.microsoftonline.com/{CONTOSO}/oauth2/v2.0/authorize?client_id={}", APP.client_id);
    for destination in ["manifest", "font", "script", "track", "image"] {
        let part = || get("https://app.example/part").header("sec-fetch-dest", destination).header("sec-fetch-mode", "cors");
        let sent = || get(authorize.clone()).header("sec-fetch-dest", destination).header("sec-fetch-mode", "cors");
        let signed_in = capture().sign_in(|s| s).exchange("part", part().redirect(authorize.clone()));
        let told = analysis(&signed_in.exchange("sent", sent().no_response("net::ERR_FAILED")));
        assert_eq!((told.verdict, told.attempts.len()), (Verdict::Healthy, 1), "{destination}");
    }
}

#[test]
fn a_token_of_somebody_else_that_is_refused_is_no_matter_of_entra() {
    let elsewhere =
        |url: &'static str| capture().sign_in(|s| s).api_call(move |c| c.url(url).challenges(r#"Bearer realm="GitHub""#)).sanitized();
    assert_eq!(verdict(&elsewhere("https://api.github.example/user")), Verdict::Healthy);
    assert_eq!(verdict(&elsewhere("https://api.app.example/user")), Verdict::Failing, "an API of the application's own site");
}

#[test]
fn a_token_that_an_api_finds_expired_is_none_of_those_that_just_came() {
    let expired =
        capture().sign_in(|s| s.token(|t| t.audience("https://graph.microsoft.com"))).api_call(|c| c.complains("The token expired"));
    let found = causes(&expired.sanitized());
    assert!(found.iter().all(|(cause, _)| cause != "token-for-another-api"), "{found:?}");
}

/// A call that is refused, with this in `Authorization`, by an API that says where tokens come from.
fn asking_for_a_challenge(sent: &'static str) -> CaptureBuilder {
    let challenge = r#"Bearer client_id="00000002-0000-0ff1-ce00-000000000000", authorization_uri="https://login.microsoftonline.com/common/oauth2/authorize", error="invalid_token""#;
    let signed_in = capture().sign_in(|s| s.token(|t| t.audience("https://graph.microsoft.com")));
    let asked = signed_in.api_call(|c| c.url(GRAPH).succeeds()).api_call(|c| c.named("mail").challenges(challenge));
    asked.edit("mail/call", |entry| entry.header("authorization", sent))
}

#[test]
fn a_call_that_carries_something_else_than_a_token_refuses_no_token() {
    for sent in ["Bearer", "Bearer ", "Negotiate TlRMTVNTUAABAAAAl4II4g==", "NTLM TlRMTVNTUAABAAAAl4II4g==", "Basic c3ZjOldpbnRlcg=="] {
        assert_eq!(verdict(&asking_for_a_challenge(sent)), Verdict::Healthy, "{sent:?}");
    }
    assert_eq!(verdict(&asking_for_a_challenge("PoP of-somebody-else")), Verdict::Failing);
}

#[test]
fn a_scheme_alone_may_have_lost_its_token_where_calls_with_it_work() {
    let emptied = asking_for_a_challenge("Bearer").edit("api/call", |entry| entry.header("authorization", "Bearer"));
    assert_eq!(verdict(&emptied), Verdict::Failing);
}

/// Tabs of one application that each sign in; `open` says what begins each.
fn tabs(open: impl Fn(CaptureBuilder) -> CaptureBuilder) -> CaptureBuilder {
    let first = capture().cookies_from_before(["ESTSAUTHPERSISTENT"]);
    (0..4).fold(first, |capture, _| open(capture).sign_in(|s| s.without_credentials().session(SESSION)))
}

#[test]
fn tabs_that_a_person_opens_one_after_the_other_are_no_loop() {
    let opened = tabs(CaptureBuilder::app_page);
    assert_eq!(verdict(&opened), Verdict::Healthy);
    assert_eq!(verdict(&opened.sanitized()), Verdict::Healthy);
    let going_round = tabs(|capture| capture);
    assert_eq!(causes(&going_round)[0].0, "sign-in-loop");
}

#[test]
fn tokens_that_microsofts_own_api_took_are_used_though_the_exporter_removed_them() {
    let signed_in = |capture: CaptureBuilder| capture.sign_in(|s| s.without_credentials()).api_call(|c| c.url(GRAPH).succeeds());
    let round = |capture: CaptureBuilder, number: usize| {
        let name = if number == 0 { "api/preflight".to_owned() } else { format!("api {}/preflight", number + 1) };
        signed_in(capture).without(&name)
    };
    let rounds = (0..3).fold(capture().cookies_from_before(["ESTSAUTHPERSISTENT"]), round).sanitized();
    assert_eq!(verdict(&rounds), Verdict::Healthy);
    let skewed = signed_in(capture().clock_ahead(-30).cookies_from_before(["ESTSAUTHPERSISTENT"])).without("api/preflight").sanitized();
    assert_eq!(verdict(&skewed), Verdict::Healthy);
}

#[test]
fn a_call_that_is_refused_without_a_challenge_is_a_failure_where_the_token_is_of_this_capture() {
    let refused = || capture().sign_in(|s| s).api_call(|c| c.refuses_in_body(serde_json::json!({"message": "No."})));
    assert_eq!(verdict(&refused()), Verdict::Failing);
    assert_eq!(verdict(&refused().edit("api/call", |entry| entry.without_header("authorization"))), Verdict::Healthy);
    let of_others = |entry: Entry| entry.without_header("authorization").header("authorization", "Bearer of-somebody-else");
    assert_eq!(verdict(&refused().edit("api/call", of_others)), Verdict::Healthy);
}

#[test]
fn an_access_token_whose_time_is_over_is_for_no_wrong_api_and_lacks_no_permission() {
    let graph = r#"Bearer error="invalid_token", error_description="Lifetime validation failed, the token is expired.""#;
    let late = capture().sign_in(|s| s).wait(70).api_call(|c| c.url(GRAPH).challenges(graph));
    for told in [late.clone(), late.sanitized()] {
        assert_eq!(causes(&told), [("access-token-expired".to_owned(), Confidence::Certain)]);
        let others: Vec<String> = analysis(&told).diagnoses[0].causes[1..].iter().map(|cause| cause.id.clone()).collect();
        assert!(["wrong-tenant-token", "token-lacks-permission"].iter().all(|id| !others.contains(&(*id).to_owned())), "{others:?}");
    }
}

#[test]
fn a_session_that_lets_the_person_in_later_has_not_expired() {
    let refused = |later: fn(CaptureBuilder) -> CaptureBuilder| {
        let refused = capture().sign_in(|s| s).wait(60).silent_frame(|r| r.tenant(FABRIKAM).fails(50058, words::NOBODY));
        causes(&later(refused))[0].clone()
    };
    assert_eq!(refused(|capture| capture), ("session-expired".to_owned(), Confidence::Certain));
    let used = refused(|capture| capture.silent_frame(|r| r.named("later").succeeds()));
    assert_eq!(used, ("undetermined".to_owned(), Confidence::Possible));
}

#[test]
fn a_session_of_another_account_does_not_replace_the_one_that_was_asked_for() {
    let asked = capture().sign_in(|s| s.account(ADA)).sign_in(|s| s.account(BOB).session("5e555e55-0000-4000-8000-000000000009"));
    let asked = asked.silent_frame(|r| r.sid(SESSION).cached_account(ADA).fails(160021, words::SESSION_GONE));
    assert_eq!(causes(&asked), [("conflicting-sessions".to_owned(), Confidence::Likely)]);
}

#[test]
fn a_name_beside_the_id_of_a_cached_account_is_that_accounts() {
    // The token has another name for Ada than the one that she signs in with.
    let alias = |request: support::Authorize| request.param("login_hint", "countess@contoso.example").cached_account(ADA);
    let later = capture().silent_frame(|r| alias(r).fails(50058, words::NO_COOKIES)).sign_in(|s| s.account(ADA).request(alias));
    assert_eq!(verdict(&later), Verdict::Handled);
}

#[test]
fn a_policy_for_one_resource_is_not_passed_with_a_token_for_another() {
    let arm = |t: support::TokenRequest| t.param("scope", "https://management.azure.com/.default");
    let blocked = || capture().sign_in(|s| s).refresh(|t| arm(t).fails(53003, "Access has been blocked by Conditional Access policies."));
    let attempt = ("refresh", CONTOSO, APP.client_id);
    let failure = Failure { code: "AADSTS53003", cause: "blocked-by-conditional-access", at: "refresh/token", attempt };
    failing(&blocked().refresh(|t| t.param("scope", "https://graph.microsoft.com/.default").succeeds()), &failure);
    handled(&blocked().refresh(|t| arm(t).succeeds()), &failure);
}

#[test]
fn polls_for_a_device_code_without_bodies_are_no_failure_once_tokens_come() {
    let host = format!("https://login.microsoftonline.com/{CONTOSO}/oauth2/v2.0");
    let grant = "urn:ietf:params:oauth:grant-type:device_code";
    let begin = program(&format!("{host}/devicecode"), &[("client_id", APP.client_id), ("scope", "openid")]);
    let begin = begin.json(&serde_json::json!({"device_code": "dc-1", "user_code": "ABCD12345", "expires_in": 900, "interval": 5}));
    let poll = || program(&format!("{host}/token"), &[("client_id", APP.client_id), ("grant_type", grant), ("device_code", "dc-1")]);
    let tokens = serde_json::json!({"token_type": "Bearer", "access_token": "opaque", "expires_in": 3600});
    let pending = capture().exchange("begin", begin).exchange("pending", poll().status(400)).exchange("pending 2", poll().status(400));
    assert_eq!(verdict(&pending.exchange("tokens", poll().json(&tokens))), Verdict::Healthy);
}

#[test]
fn a_status_that_a_proxy_may_have_given_is_no_fault_of_the_service() {
    let busy = |change: fn(Entry) -> Entry| capture().silent_frame(|r| r.gets_status(502)).edit("silent/authorize", change);
    let of_service = busy(|entry| entry.reply_header("x-ms-request-id", "d0d0d0d0-0000-4000-8000-000000000001"));
    assert_eq!(causes(&of_service), [("sts-transient".to_owned(), Confidence::Likely)]);
    let of_proxy = busy(|entry| entry.without_reply_header("x-ms-request-id").without_reply_header("x-ms-ests-server"));
    assert!(causes(&of_proxy).iter().all(|(cause, confidence)| cause != "sts-transient" || *confidence == Confidence::Possible));
}

#[test]
fn a_server_that_proves_itself_by_a_header_is_told_by_its_id() {
    let secret_in_header =
        |entry: Entry| entry.header("authorization", "Basic YTBhMGEwYTAtMDAwMC00MDAwLTgwMDAtMDAwMDAwMDAwMDAxOnMzY3JldA==");
    let failed = capture().client_credentials(|t| {
        t.without_param("client_secret").without_param("client_id").fails(7_000_215, "Invalid client secret provided.")
    });
    let told = analysis(&failed.edit("server/token", secret_in_header));
    assert_eq!(told.attempts[0].client_id.as_deref(), Some(APP.client_id));
}

#[test]
fn an_error_page_whose_configuration_is_cut_off_still_names_its_code() {
    let page = "<html><body><script>$Config={\"pgid\":\"ConvergedError\",\"strServiceExceptionMessage\":\"AADSTS50105: The signed in user is not assigned to a role for the application.\",\"corr";
    let cut = capture().redirect(|r| r.gets_status(400)).edit("redirect/authorize", |entry| entry.status(400).html(page));
    let told = analysis(&cut);
    assert_eq!(told.diagnoses[0].code.map(|code| code.to_string()).as_deref(), Some("AADSTS50105"));
}

#[test]
fn a_file_that_breaks_off_is_never_called_healthy() {
    let bytes = capture().sign_in(|s| s).app_page().silent_frame(|r| r.fails(50058, words::NO_COOKIES)).bytes();
    let text = String::from_utf8(bytes).unwrap();
    let cut = text.find("prompt=none").unwrap();
    let capture = Capture::from_bytes(text.as_bytes()[..cut].to_vec()).unwrap();
    let told = analyze(&capture, &Knowledge::builtin());
    assert_eq!(told.verdict, Verdict::Inconclusive(Inconclusive::BreaksOff));
}

/// A server has sent the person to sign in at this address.
fn signed_in_at(redirect_uri: &'static str) -> CaptureBuilder {
    capture().sign_in(|s| s.without_token().request(|r| r.by_server_library().redirect_uri(redirect_uri)))
}

#[test]
fn a_broker_that_hands_on_a_reply_of_its_own_receives_no_other_sign_in() {
    let own = [("code", "of-the-broker"), ("state", "of-the-shop")];
    let broker = signed_in_at("https://broker.example/callback")
        .edit("sign-in/callback", |entry| entry.redirect(with("https://shop.example/", '?', &own)))
        .exchange("shop", navigate("https://shop.example/", &own));
    assert_eq!(verdict(&broker), Verdict::Healthy);
    let other = capture().sign_in(|s| s.without_token().request(|r| r.by_server_library().returning_state("of-another")));
    assert_eq!(verdict(&other), Verdict::Failing, "another state at the redirect URI itself");
}

#[test]
fn an_application_that_leads_from_the_reply_to_its_page_for_errors_has_not_let_anybody_in() {
    for (place, expected) in [
        ("https://app.example/login?error", Verdict::Failing),
        ("https://app.example/auth/signin?error=OAuthCallback", Verdict::Failing),
        ("https://app.example/Account/AccessDenied", Verdict::Failing),
        ("https://app.example/auth/failure?message=csrf_detected&strategy=openid_connect", Verdict::Failing),
        ("https://app.example/sso/AuthorizationError?ErrorCode=No_Oauth_Token", Verdict::Failing),
        ("https://app.example/login?errorMessage=Unauthorized", Verdict::Failing),
        ("https://app.example/login/index.php?errorcode=4", Verdict::Failing),
        ("https://app.example/#/auth-error", Verdict::Failing),
        ("https://app.example/orders/failed", Verdict::Healthy),
        ("https://app.example/reports/errors-overview?showErrors=1&on_error=retry", Verdict::Healthy),
        ("https://app.example/orders?error=&page=2", Verdict::Healthy),
        ("https://app.example/start", Verdict::Healthy),
    ] {
        let led = analysis(&signed_in_at("https://app.example/signin-oidc").edit("sign-in/callback", |entry| entry.redirect(place)));
        assert_eq!(led.verdict, expected, "{place}");
        let shown_by = led.diagnoses.iter().flat_map(|diagnosis| &diagnosis.occurrences).map(|occurrence| occurrence.part.as_str());
        assert!(shown_by.eq((expected == Verdict::Failing).then_some("response.header.location")), "{place}");
    }
}

#[test]
fn a_page_behind_the_reply_that_is_refused_with_its_new_cookies_is_too_long() {
    let start = "https://app.example/start";
    let led = |page: Entry| {
        signed_in_at("https://app.example/signin-oidc")
            .edit("sign-in/callback", |entry| entry.redirect(start))
            .exchange("start", page.header("cookie", format!("session={}", "N".repeat(9_000))))
    };
    let told = |status: u16, words: &str| analysis(&led(navigate(start, &[]).status(status).html(words)));
    for (status, words) in
        [(431, ""), (494, ""), (400, "<html><h1>400 Bad Request</h1>Request Header Or Cookie Too Large"), (413, "Request Header Too Large")]
    {
        let told = told(status, words);
        assert_eq!(told.verdict, Verdict::Failing, "{status}");
        let first = &told.diagnoses[0];
        assert_eq!((first.causes[0].id.as_str(), first.occurrences[0].part.as_str()), ("cookies-too-large", "response.status"));
    }
    for (status, verdict) in [(401, Verdict::Failing), (404, Verdict::Healthy), (200, Verdict::Healthy)] {
        assert_eq!(told(status, "<h1>Hello</h1>").verdict, verdict, "{status}");
    }
    let tried_again = led(navigate(start, &[]).status(401)).exchange("start again", navigate(start, &[]).html("<h1>Hello</h1>"));
    assert_eq!(verdict(&tried_again), Verdict::Healthy);
}

#[test]
fn a_page_that_gives_its_code_to_its_own_server_has_used_it() {
    let by_page = |name: bool, at_once: bool| {
        let request = move |r: support::Authorize| {
            if name { r } else { r.without_param("x-client-SKU").without_param("x-client-VER").opaque_state() }
        };
        let handed = capture().sign_in(move |s| s.without_token().request(request));
        let given = post_json("https://app.example/api/session", &serde_json::json!({"code": "handed-on"}));
        let handed = if at_once { handed } else { handed.wait(1).app_page() };
        handed.exchange("given", given.in_window(Window::Script, "same-origin")).wait(1).app_page()
    };
    assert_eq!(verdict(&by_page(false, true)), Verdict::Healthy);
    assert_eq!(verdict(&by_page(true, true)), Verdict::Failing, "MSAL.js turns its codes in itself");
    assert_eq!(verdict(&by_page(false, false)), Verdict::Failing, "what a page posts a minute later is something else");
}

#[test]
fn a_page_that_was_asked_for_on_the_chance_and_dropped_is_no_sign_in_that_got_no_answer() {
    let dropped = |headers: &[(&str, &str)]| {
        let asked = |entry: Entry| headers.iter().fold(entry.no_response(""), |entry, (name, value)| entry.header(name, *value));
        verdict(&capture().redirect(|r| r).edit("redirect/authorize", asked).wait(1).sign_in(|s| s))
    };
    assert_eq!(dropped(&[("sec-purpose", "prefetch;prerender")]), Verdict::Healthy);
    assert_ne!(dropped(&[]), Verdict::Healthy);
}

/// The page of an application sends what it got to its own server, which answers each of the requests so.
fn given_to_server(given: impl Fn(&str) -> Entry, answers: &[u16]) -> CaptureBuilder {
    let request = |r: support::Authorize| r.without_param("x-client-SKU").without_param("x-client-VER").opaque_state();
    let signed_in = capture().sign_in(|s| s.without_token().request(request));
    let text = String::from_utf8(signed_in.bytes()).unwrap();
    let code = text.split("code=1.code-").nth(1).and_then(|rest| rest.split(['&', '"', '\\', ' ']).next()).unwrap();
    let name = |turn: usize| ["given", "given again", "given once more"][turn];
    answers.iter().enumerate().fold(signed_in, |capture, (turn, status)| {
        capture.exchange(name(turn), given(&format!("1.code-{code}")).in_window(Window::Script, "same-origin").status(*status))
    })
}

#[test]
fn a_server_that_refuses_the_code_which_its_page_gives_it_has_failed() {
    let exchange = "https://app.example/api/exchange";
    let as_json = |code: &str| post_json(exchange, &serde_json::json!({"code": code, "redirect_uri": "https://app.example/"}));
    let as_form = |code: &str| support::post(exchange, &[("grant_type", "authorization_code"), ("code", code)]);
    let attempt = ("redirect", CONTOSO, APP.client_id);
    for (status, cause) in [(400, "redirect-response-unhandled"), (401, "undetermined"), (500, "redirect-response-unhandled")] {
        failing(&given_to_server(as_json, &[status]), &Failure { code: "", cause, at: "given", attempt });
        failing(&given_to_server(as_form, &[status]), &Failure { code: "", cause, at: "given", attempt });
    }
    for answers in [&[200][..], &[500, 200], &[200, 400], &[503, 503, 200]] {
        assert_eq!(verdict(&given_to_server(as_json, answers)), Verdict::Healthy, "{answers:?}");
    }
    let other = |_: &str| post_json(exchange, &serde_json::json!({"code": "SUMMER-26"}));
    assert_ne!(verdict(&given_to_server(other, &[400])), Verdict::Failing, "another code");
}

/// A server takes the reply and leads on to a page, which is answered so.
fn leads_on(to: &'static str, reply: impl Fn(Entry) -> Entry, page: impl Fn(Entry) -> Entry) -> CaptureBuilder {
    let led = signed_in_at("https://app.example/signin-oidc").edit("sign-in/callback", move |entry| reply(entry.redirect(to)));
    led.exchange("page", page(navigate(to, &[])))
}

#[test]
fn a_server_that_leads_on_to_a_page_which_it_does_not_show_has_let_nobody_in() {
    for (status, expected) in [
        (200, Verdict::Healthy),
        (302, Verdict::Healthy),
        (403, Verdict::Failing),
        (404, Verdict::Healthy),
        (500, Verdict::Failing),
        (504, Verdict::Healthy),
    ] {
        let led = leads_on("https://app.example/home", |entry| entry, |page| page.status(status));
        assert_eq!(verdict(&led), expected, "{status}");
        let reloaded = led.exchange("reloaded", navigate("https://app.example/home", &[]));
        assert_eq!(verdict(&reloaded), Verdict::Healthy, "{status}");
    }
}

#[test]
fn a_server_that_keeps_an_error_in_a_cookie_has_let_nobody_in() {
    for (cookie, expected) in [
        ("login_error=5b1f", Verdict::Failing),
        ("login_error=; Max-Age=0", Verdict::Healthy),
        ("errors_seen=3", Verdict::Healthy),
        ("terrorist=1", Verdict::Healthy),
    ] {
        let led = leads_on("https://app.example/home", |entry| entry.reply_header("set-cookie", cookie), |page| page);
        assert_eq!(verdict(&led), expected, "{cookie}");
    }
}

#[test]
fn a_server_that_leads_back_to_its_page_for_signing_in_may_have_let_nobody_in() {
    let back = || leads_on("https://app.example/users/sign_in", |entry| entry, |page| page);
    assert!(matches!(verdict(&back()), Verdict::Inconclusive(Inconclusive::SentBack { .. })));
    let shown = back().exchange("home", navigate("https://app.example/home", &[]));
    assert_eq!(verdict(&shown), Verdict::Healthy, "it shows another page");
    let data = get("https://app.example/api/me").in_window(Window::Script, "same-origin").json(&serde_json::json!({}));
    assert_eq!(verdict(&back().exchange("data", data)), Verdict::Healthy, "its page gets data");
    let led_on = leads_on("https://app.example/login", |entry| entry, |page| page.redirect("https://app.example/home"));
    assert_eq!(verdict(&led_on), Verdict::Healthy, "the page leads on");
    assert_eq!(verdict(&back().app_page().sign_in(|s| s.without_credentials())), Verdict::Healthy, "another attempt works");
}

#[test]
fn an_error_of_another_correlation_id_is_no_repetition() {
    let told = "AADSTS50058: x Trace ID: 11111111-0000-4000-8000-000000000001 Correlation ID: 11111111-0000-4000-8000-000000000002";
    let other = [("error", "login_required"), ("error_description", told), ("state", "never-sent")];
    let page = navigate("https://app.example/other", &other);
    let attempts = |capture: &CaptureBuilder| analysis(capture).attempts.len();
    let failed = capture().silent_frame(|r| r);
    assert_eq!(attempts(&failed) + 1, attempts(&failed.exchange("other", page)));
}

#[test]
fn a_token_for_another_resource_of_the_first_version_excuses_nothing() {
    let then_gets = |resource: &'static str| {
        capture()
            .client_credentials(|t| {
                t.without_param("scope").param("resource", "https://orders.example").fails(500_011, "No such resource.")
            })
            .client_credentials(move |t| t.named("next").without_param("scope").param("resource", resource).succeeds())
    };
    assert_eq!(verdict(&then_gets("https://orders.example/")), Verdict::Handled);
    assert_eq!(verdict(&then_gets("https://graph.windows.net")), Verdict::Failing);
}

#[test]
fn a_list_of_documents_alone_shows_no_code_that_was_left() {
    let left = capture().sign_in(|s| s.without_token()).wait(1).app_page();
    assert_eq!(verdict(&left), Verdict::Failing);
    let mut har: serde_json::Value = serde_json::from_slice(&left.bytes()).unwrap();
    har["log"]["entries"].as_array_mut().unwrap().retain(|entry| entry["_resourceType"] == "document");
    let filtered = Capture::from_bytes(har.to_string().into_bytes()).unwrap();
    assert_eq!(analyze(&filtered, &Knowledge::builtin()).verdict.name(), "inconclusive");
}

#[test]
fn what_an_administrator_declines_has_a_tenant_and_an_application() {
    let asked = [("client_id", APP.client_id), ("redirect_uri", "https://app.example/"), ("state", "s")];
    let declined =
        [("error", "access_denied"), ("error_subcode", "cancel"), ("error_description", "AADSTS65004: Declined."), ("state", "s")];
    let capture = capture()
        .exchange("asked", served(navigate(&format!("https://login.microsoftonline.com/{CONTOSO}/adminconsent"), &asked)))
        .exchange("told", navigate("https://app.example/", &declined));
    let attempt = ("redirect", CONTOSO, APP.client_id);
    failing(&capture, &Failure { code: "AADSTS65004", cause: "consent-declined", at: "told", attempt });
}

#[test]
fn a_page_for_errors_that_names_the_code_again_is_no_second_failure() {
    let refused = capture().redirect(|r| r.by_server_library().redirect_uri("https://app.example/signin-oidc").fails(65004, "Declined."));
    let passed_on = refused.edit("redirect/callback", |entry| entry.redirect("https://app.example/Error?message=AADSTS65004"));
    assert_eq!(causes(&passed_on).len(), 1);
}

#[test]
fn a_page_that_writes_about_an_error_to_somebody_who_is_signed_in_is_no_failure() {
    let page = |address: &str| navigate(address, &[]).html("<h1>Ticket 7</h1><p>They saw AADSTS50105: The user is not assigned.</p>");
    for address in ["https://app.example/tickets/7", "https://app.example/help/sign-in-errors"] {
        assert_eq!(verdict(&capture().sign_in(|s| s).exchange("read", page(address))), Verdict::Healthy, "{address}");
    }
}

#[test]
fn the_page_where_the_service_explains_codes_is_no_failure() {
    let explained = "<h1>Error</h1><p>AADSTS50058: A silent sign-in request was sent but no user is signed in.</p>";
    let looked_up = navigate("https://login.microsoftonline.com/error", &[("code", "50058")]).html(explained);
    assert_eq!(verdict(&capture().sign_in(|s| s).exchange("looked-up", looked_up)), Verdict::Healthy);
}

#[test]
fn a_session_that_was_opened_just_before_was_ended_and_has_not_run_out() {
    let steps = |minutes: i64| {
        let told = analysis(&capture().sign_in(|s| s).wait(minutes).silent_frame(|r| r.fails(50058, words::NOBODY)));
        let cause = &told.diagnoses[0].causes[0];
        assert_eq!((cause.id.as_str(), cause.confidence), ("session-expired", Confidence::Certain));
        cause.fixes.iter().map(|fix| fix.action.clone()).collect::<Vec<String>>()
    };
    let looks_up_both = |step: &String| step.starts_with("Look up both");
    assert!(steps(0).iter().any(looks_up_both) && !steps(60).iter().any(looks_up_both));
}

/// The metadata of Contoso under its domain, as a library asks for it, or of whoever has that id.
fn metadata(id: &str) -> Entry {
    let issuer = format!("https://login.microsoftonline.com/{id}/v2.0");
    let address = "https://login.microsoftonline.com/contoso.example/v2.0/.well-known/openid-configuration";
    served(get(address).json(&serde_json::json!({"issuer": issuer, "token_endpoint": issuer})))
}

#[test]
fn a_tenant_that_is_asked_by_its_domain_and_by_its_id_is_one_where_the_capture_says_so() {
    let then = |first: &'static str, last: &'static str, capture: CaptureBuilder| {
        verdict(&capture.silent_frame(|r| r.tenant(first).fails(50058, words::NO_COOKIES)).sign_in(|s| s.tenant(last)))
    };
    let told = |id: &str| capture().exchange("metadata", metadata(id));
    assert_eq!(then("contoso.example", CONTOSO, told(CONTOSO)), Verdict::Handled);
    assert_eq!(then(CONTOSO, "contoso.example", told(CONTOSO)), Verdict::Handled);
    assert_eq!(then("contoso.example", CONTOSO, told(FABRIKAM)), Verdict::Failing, "it is another tenant's domain");
    assert_eq!(then("contoso.example", CONTOSO, capture()), Verdict::Failing, "nothing says whose domain it is");
    assert_eq!(then("common", CONTOSO, told(CONTOSO)), Verdict::Failing, "common is no tenant");
}

#[test]
fn a_page_of_the_service_that_is_refused_without_a_code_is_no_end_of_the_recording() {
    let refused = |status: u16| capture().redirect(move |r| r.gets_status(status));
    for status in [400, 403, 404, 410] {
        assert_eq!(verdict(&refused(status)), Verdict::Failing, "{status}");
        assert_eq!(verdict(&refused(status).sign_in(|s| s)), Verdict::Handled, "{status}");
    }
}

/// A page asks for the metadata of its authority, and is answered so.
fn asked_for_metadata(answer: impl FnOnce(Entry) -> Entry) -> Entry {
    let address = "https://contoso.ciamlogin.com/contoso.onmicrosoft.com/v2.0/.well-known/openid-configuration";
    answer(get(address).in_window(Window::Script, "cross-site").header("origin", APP.origin).reply_header("cache-control", "no-cache"))
}

#[test]
fn metadata_that_a_page_goes_on_without_is_no_failure() {
    let hidden = || asked_for_metadata(|entry| entry.json(&serde_json::json!({})));
    let none = || asked_for_metadata(|entry| entry.status(404).html("Not found"));
    let failing = capture().app_page().exchange("metadata", none());
    assert_eq!(verdict(&failing), Verdict::Failing);
    assert_eq!(verdict(&capture().app_page().exchange("metadata", hidden())), Verdict::Failing);
    assert_eq!(analysis(&failing.exchange("again", none())).diagnoses[0].occurrences.len(), 1, "who asks once more is told once");
    assert_eq!(verdict(&capture().app_page().exchange("metadata", hidden()).sign_in(|s| s)), Verdict::Healthy);
    assert_eq!(verdict(&capture().app_page().exchange("metadata", none()).sign_in(|s| s)), Verdict::Healthy);
    let read = asked_for_metadata(|entry| entry.json(&serde_json::json!({})).reply_header("access-control-allow-origin", APP.origin));
    let again = capture().app_page().exchange("metadata", none()).exchange("again", read);
    assert!(matches!(verdict(&again), Verdict::Inconclusive(_)), "it may have begun somewhere else");
}

#[test]
fn metadata_that_a_person_or_a_program_looks_at_begins_nothing() {
    let address = "https://contoso.b2clogin.com/contoso.onmicrosoft.com/B2C_1_none/v2.0/.well-known/openid-configuration";
    for entry in [navigate(address, &[]), program(address, &[]).method("GET")] {
        let looked = capture().exchange("metadata", entry.status(404).html("Not found"));
        assert!(matches!(verdict(&looked), Verdict::Inconclusive(_)));
    }
}

#[test]
fn an_issuer_at_another_host_is_told_where_the_page_begins_nothing() {
    let told = serde_json::json!({"issuer": format!("https://{CONTOSO}.ciamlogin.com/{CONTOSO}/v2.0")});
    let read = || asked_for_metadata(|entry| entry.json(&told).reply_header("access-control-allow-origin", "*"));
    let asked = || capture().app_page().exchange("metadata", read());
    assert!(matches!(verdict(&asked()), Verdict::Inconclusive(_)), "it may be about to begin");
    assert_eq!(verdict(&asked().wait(1).app_page()), Verdict::Failing);
    assert_eq!(verdict(&asked().wait(1).sign_in(|s| s)), Verdict::Healthy);
    assert_eq!(
        verdict(&capture().sign_in(|s| s).exchange("metadata", read()).wait(1).app_page()),
        Verdict::Healthy,
        "it takes that issuer"
    );
}

#[test]
fn a_service_that_was_out_of_order_for_a_moment_is_told_and_is_no_failed_sign_in() {
    let attempt = ("redirect", CONTOSO, APP.client_id);
    let busy = |status: u16| {
        let again = capture().sign_in(|s| s).redeem_again(|t| t.named("again").succeeds());
        again.edit("sign-in/token", |entry| entry.status(status).html("<h1>Busy</h1>"))
    };
    for status in [429, 500, 503] {
        let told = handled(&busy(status), &Failure { code: "", cause: "sts-transient", at: "sign-in/token", attempt });
        assert_eq!(told.diagnoses[0].severity, Severity::Info);
        assert!(told.attempts.iter().all(|attempt| attempt.outcome.name() == "succeeded"));
    }
    let named = capture().sign_in(|s| s.token(|t| t.fails(90033, "A transient error has occurred. Please try again.")));
    let named = named.redeem_again(|t| t.named("again").succeeds());
    handled(&named, &Failure { code: "AADSTS90033", cause: "sts-transient", at: "sign-in/token", attempt });
}

#[test]
fn what_fails_beside_a_sign_in_that_works_is_not_told() {
    let beside = |url: &str| post_json(url, &serde_json::json!({"username": ADA.name})).status(503);
    for url in [
        "https://login.microsoftonline.com/common/GetCredentialType",
        "https://login.microsoftonline.com/common/instrumentation/reportpageload",
    ] {
        assert_eq!(verdict(&capture().sign_in(|s| s).exchange("beside", beside(url)).sign_in(|s| s)), Verdict::Healthy, "{url}");
    }
    let preflight = beside("https://login.microsoftonline.com/common/oauth2/v2.0/token").method("OPTIONS");
    assert_eq!(verdict(&capture().exchange("beside", preflight).sign_in(|s| s)), Verdict::Healthy);
}

#[test]
fn a_proof_that_wants_the_services_nonce_is_no_refusal_of_the_token() {
    let wants = serde_json::json!({"error": "use_dpop_nonce", "error_description": "The proof needs a nonce."});
    let again = capture().sign_in(|s| s).redeem_again(|t| t.named("again").succeeds());
    assert_eq!(verdict(&again.edit("sign-in/token", |entry| entry.status(400).json(&wants))), Verdict::Healthy);
    let alone = capture().sign_in(|s| s).edit("sign-in/token", |entry| entry.status(400).json(&wants));
    assert_eq!(verdict(&alone), Verdict::Failing);
}

#[test]
fn a_personal_account_has_no_session_in_an_organization_whatever_it_is_called_there() {
    let asked = |tenant: &'static str, cached: bool| {
        let signed_in = capture().sign_in(|s| s.account(GRACE).tenant("common"));
        let refused = signed_in.silent_frame(|r| {
            let request = r.tenant(tenant).sid(SESSION).fails(160021, words::SESSION_GONE);
            if cached { request.cached_account(GRACE) } else { request }
        });
        causes(&refused)[0].clone()
    };
    for tenant in [CONTOSO, "contoso.example", "organizations"] {
        for cached in [true, false] {
            assert_eq!(asked(tenant, cached).0, "personal-account-in-work-tenant", "{tenant} {cached}");
        }
    }
    // These let personal accounts in, so it is the session that is not there.
    for tenant in ["common", "consumers"] {
        assert_eq!(asked(tenant, false).0, "requested-session-missing", "{tenant}");
    }
}

#[test]
fn an_id_token_that_a_page_posts_on_is_judged_by_the_clock_of_the_server() {
    let begun: chrono::DateTime<chrono::Utc> = "2026-11-20T12:00:00Z".parse().unwrap();
    let token = jwt(&serde_json::json!({"tid": CONTOSO, "aud": APP.client_id, "nbf": begun.timestamp(), "exp": begun.timestamp() + 3600}));
    let params = [("id_token".to_owned(), token), ("state".to_owned(), "h7Qx2mVb9Lw4e".to_owned())];
    let page = self_posting_page("https://app.example/signin-oidc", &params);
    let skewed = capture().clock_ahead(120).sign_in(|s| s.by_form_post().without_token()).wait(1).app_page();
    let posted = skewed.clone().edit("sign-in/kmsi", |entry| entry.html(page));
    let read = |capture: &CaptureBuilder| analyze(&Capture::from_bytes(capture.bytes()).unwrap(), &Knowledge::builtin());
    assert_eq!(read(&posted).verdict, Verdict::Healthy);
    let in_page = skewed.edit("sign-in/kmsi", |entry| {
        let params: Vec<(&str, &str)> = params.iter().map(|(name, value)| (name.as_str(), value.as_str())).collect();
        entry.html("").redirect(with("https://app.example/", '#', &params))
    });
    assert_eq!(read(&in_page).diagnoses[0].causes[0].id, "clock-skew", "a page reads it by the clock of its browser");
}

#[test]
fn data_of_the_applications_own_site_may_have_taken_a_token_that_the_exporter_removed() {
    let gets = |url: &'static str| {
        let data = get(url).in_window(Window::Script, "same-origin").json(&serde_json::json!({"value": []}));
        capture().clock_ahead(-15).sign_in(|s| s).exchange("data", data)
    };
    assert_eq!(verdict(&gets("https://app.example/api/orders").sanitized()), Verdict::Healthy);
    assert_eq!(verdict(&gets("https://app.example/api/orders")), Verdict::Failing, "the recorder would have kept the token");
    assert_eq!(verdict(&gets("https://app.example/settings.json").sanitized()), Verdict::Failing, "a file wants no token");
    assert_eq!(verdict(&gets("https://weather.example/api/today").sanitized()), Verdict::Failing, "another site");
}

/// Lets another browser send an entry, which has none of this one's cookies.
fn in_safari(entry: Entry) -> Entry {
    entry.header("user-agent", user_agents::SAFARI).without_header("cookie")
}

#[test]
fn cookies_of_another_browser_are_not_lost() {
    let asked = |recorder: &'static str| {
        let asked = capture().written_by(recorder, "12.1.1").sign_in(|s| s).silent_page(|r| r.fails(50058, words::NO_COOKIES));
        causes(&asked.edit("silent/authorize", in_safari))
    };
    assert_eq!(asked("mitmproxy"), [("undetermined".to_owned(), Confidence::Possible)]);
    assert_eq!(asked("WebInspector")[0].0, "session-cookies-lost", "a browser that records itself is one, whatever it calls itself");
}

#[test]
fn who_signs_out_in_another_browser_is_not_signed_out_in_this() {
    let asked = capture().written_by("mitmproxy", "12.1.1").sign_in(|s| s).sign_out();
    let asked = asked.silent_frame(|r| r.fails(50058, words::NO_COOKIES));
    assert_eq!(causes(&asked), [("signed-out".to_owned(), Confidence::Certain)]);
    assert!(causes(&asked.edit("silent/authorize", in_safari)).iter().all(|(cause, _)| cause != "signed-out"));
}

#[test]
fn what_another_browser_gets_excuses_nothing() {
    let then_signs_in = |recorder: &'static str, change: fn(Entry) -> Entry| {
        let failed = capture().written_by(recorder, "12.1.1").silent_frame(|r| r.fails(50058, words::NO_COOKIES)).sign_in(|s| s);
        verdict(&failed.edit("silent/authorize", change))
    };
    assert_eq!(then_signs_in("mitmproxy", |entry| entry), Verdict::Handled);
    assert_eq!(then_signs_in("mitmproxy", in_safari), Verdict::Failing);
    assert_eq!(then_signs_in("mitmproxy", |entry| entry.header("user-agent", "Gazer/1.0")), Verdict::Handled, "a program, and its window");
    assert_eq!(then_signs_in("WebInspector", in_safari), Verdict::Handled);
}

#[test]
fn a_sign_out_that_nothing_came_back_to_is_no_sure_one() {
    let out = |change: fn(Entry) -> Entry| {
        let out = capture().blocking_third_party_cookies().sign_in(|s| s).sign_out().edit("sign-out/logout", change);
        causes(&out.silent_frame(|r| r.fails(50058, words::NO_COOKIES)))
    };
    assert_eq!(out(|entry| entry), [("signed-out".to_owned(), Confidence::Certain)]);
    assert!(out(|entry| entry.no_response("net::ERR_ABORTED")).iter().all(|(cause, _)| cause != "signed-out"));
}

/// The person takes the account off the service's list, and the reply has these cookies.
fn forgets(set_cookie: &'static str) -> CaptureBuilder {
    let forget = get("https://login.microsoftonline.com/forgetuser?sessionid=1").in_window(Window::Script, "same-origin");
    let forget = served(forget).reply_header("set-cookie", set_cookie);
    capture().sign_in(|s| s).exchange("forget", forget).silent_page(|r| r.without_cookies().fails(50058, words::NO_COOKIES))
}

#[test]
fn cookies_that_go_with_an_account_taken_off_the_list_are_not_lost() {
    let deleted = "ESTSAUTH=; expires=Thu, 01-Jan-1970 00:00:00 GMT; path=/";
    assert_eq!(causes(&forgets(deleted)), [("signed-out".to_owned(), Confidence::Certain)]);
    assert_eq!(causes(&forgets(deleted).sanitized()), [("undetermined".to_owned(), Confidence::Possible)]);
    assert_eq!(causes(&forgets("fpc=b; path=/"))[0].0, "session-cookies-lost", "the session was left alone");
}

#[test]
fn a_page_that_is_about_errors_is_none_for_errors() {
    let data = get("https://app.example/api/errors").in_window(Window::Script, "same-origin").json(&serde_json::json!([]));
    let led = |to: &'static str, cookie: &'static str| {
        let led = |entry: Entry| entry.redirect(to).reply_header("set-cookie", cookie);
        verdict(&signed_in_at("https://app.example/signin-oidc").edit("sign-in/callback", led).exchange("data", data.clone()))
    };
    assert_eq!(led("https://app.example/reports/errors?open=1", "sid=1; path=/"), Verdict::Healthy);
    assert_eq!(led("https://app.example/reports/errors?open=1", "state=; max-age=0; path=/"), Verdict::Failing, "nobody was let in");
    assert_eq!(led("https://app.example/reports?error=access_denied", "sid=1; path=/"), Verdict::Failing, "it names an error");
}

#[test]
fn a_navigation_that_is_broken_off_and_begun_anew_is_no_failure() {
    let signed_in = capture().sign_in(|s| s.request(|r| r.named("sign-in")));
    let begun = |seconds: i64| {
        let mut har: serde_json::Value = serde_json::from_slice(&signed_in.bytes()).unwrap();
        let entries = har["log"]["entries"].as_array_mut().unwrap();
        let mut first = entries[0].clone();
        first["response"] = serde_json::json!({"status": 0, "headers": [], "cookies": [], "content": {"size": 0, "mimeType": "x-unknown"}});
        let at: chrono::DateTime<chrono::Utc> = first["startedDateTime"].as_str().unwrap().parse().unwrap();
        first["startedDateTime"] = serde_json::json!((at - chrono::Duration::seconds(seconds)).to_rfc3339());
        entries.insert(0, first);
        analyze(&Capture::from_bytes(har.to_string().into_bytes()).unwrap(), &Knowledge::builtin()).verdict
    };
    assert_eq!(begun(1), Verdict::Healthy);
    assert_eq!(begun(60), Verdict::Handled, "somebody who waited a minute for it did");
}

#[test]
fn a_refused_call_of_an_api_that_gives_no_reason_is_told_where_only_the_preflight_shows_its_token() {
    let refused = |url: &'static str| {
        capture().sign_in(|s| s).api_call(move |c| c.url(url).refuses_in_body(serde_json::json!({"message": "No."}))).sanitized()
    };
    assert_eq!(verdict(&refused(GRAPH)), Verdict::Failing);
    assert_eq!(verdict(&refused(GRAPH).without("api/preflight")), Verdict::Healthy);
    assert_eq!(verdict(&refused("https://api.shop.example/items")), Verdict::Healthy, "the token may be of somebody else");
}

#[test]
fn a_code_that_is_turned_in_twice_by_a_page_that_goes_on_with_its_token_is_handled() {
    let twice = || capture().sign_in(|s| s).redeem_again(|t| t.fails(54005, "The code was already redeemed."));
    assert_eq!(verdict(&twice()), Verdict::Failing);
    assert_eq!(verdict(&twice().api_call(|c| c.succeeds())), Verdict::Handled);
    assert_eq!(verdict(&twice().api_call(|c| c)), Verdict::Failing);
    assert_eq!(verdict(&twice().api_call(|c| c.url(GRAPH).succeeds()).sanitized()), Verdict::Handled);
    let of_other = |entry: Entry| entry.header("origin", OTHER_APP.origin);
    assert_eq!(verdict(&twice().api_call(|c| c.succeeds()).edit("api/call", of_other)), Verdict::Failing, "another page");
}

/// The application, with its id as another program writes it.
const IN_CAPITALS: App = App { client_id: "A0A0A0A0-0000-4000-8000-000000000001", ..APP };
/// Two applications whose ids no report shows.
const UNUSUAL: [App; 2] = [App { client_id: "expenses (Contoso)", ..APP }, App { client_id: "travel (Contoso)", ..APP }];

/// Which applications fail, how often each and whether that was put right.
fn failures(capture: &CaptureBuilder) -> Vec<(Option<String>, usize, bool)> {
    let told = |told: Diagnosis| (told.client_id, told.occurrences.len(), told.handled.is_some());
    analysis(capture).diagnoses.into_iter().map(told).collect()
}

fn failing_for(capture: CaptureBuilder, app: App) -> CaptureBuilder {
    capture.redirect(|r| r.app(app).fails(90_001, "Something is wrong."))
}

#[test]
fn an_application_is_the_same_when_its_id_is_written_in_capitals() {
    let id = Some(APP.client_id.to_owned());
    let failed = || failing_for(capture(), APP);
    assert_eq!(failures(&failed().sign_in(|s| s.app(IN_CAPITALS))), [(id.clone(), 1, true)], "it signs in later");
    assert_eq!(failures(&failing_for(failed(), IN_CAPITALS)), [(id, 2, false)], "it tries again");
}

#[test]
fn applications_whose_ids_are_not_shown_are_told_apart() {
    let [one, other] = UNUSUAL;
    let shown = Some("(unusual text)".to_owned());
    let failed = || failing_for(capture(), one);
    assert_eq!(failures(&failed().sign_in(|s| s.app(one))), [(shown.clone(), 1, true)], "the same signs in");
    assert_eq!(failures(&failed().sign_in(|s| s.app(other))), [(shown.clone(), 1, false)], "another one signs in");
    assert_eq!(failures(&failing_for(failed(), other)), [(shown.clone(), 1, false), (shown, 1, false)], "both fail");
}

/// A program that signs in as an application gets a token with these permissions, and Microsoft Graph misses one.
fn denied_by(url: &str, roles: &'static [&'static str]) -> CaptureBuilder {
    let denied = serde_json::json!({"error": {"code": "Authorization_RequestDenied", "message": "Insufficient privileges to complete the operation."}});
    let token = capture().client_credentials(|t| t.succeeds().of_application(roles));
    token.api_call(|c| c.url(url).refuses_in_body(denied).status(403)).without("api/preflight")
}

/// Nobody is there whose rights the API could have asked for.
#[test]
fn a_call_that_graph_denies_an_applications_own_token_is_a_failure() {
    let users = "https://graph.microsoft.com/v1.0/users";
    for roles in [&[][..], &["User.Read.All"]] {
        assert_eq!(causes(&denied_by(users, roles)), [("token-lacks-permission".to_owned(), Confidence::Likely)], "{roles:?}");
    }
    let without = denied_by("https://api.example/items", &[]);
    assert_eq!(causes(&without), [("token-lacks-permission".to_owned(), Confidence::Likely)]);
    let again = denied_by(users, &[]).api_call(|c| c.named("again").url(users).succeeds()).without("again/preflight");
    assert_eq!(verdict(&again), Verdict::Healthy, "the permission was granted meanwhile");
}

/// Applications try what a person may do, and Azure goes by roles that are in no token.
#[test]
fn a_call_that_an_api_denies_a_person_or_by_rules_of_its_own_is_no_failure_and_is_told() {
    let denied = serde_json::json!({"error": {"code": "Authorization_RequestDenied", "message": "Insufficient privileges."}});
    let of_person = capture().sign_in(|s| s).api_call(|c| c.url(GRAPH).refuses_in_body(denied).status(403));
    let at_azure = denied_by("https://management.azure.com/subscriptions", &[]);
    let by_own_rules = denied_by("https://api.example/items", &["Items.Read"]);
    for capture in [of_person.clone(), at_azure, by_own_rules] {
        assert_eq!(verdict(&capture), Verdict::Healthy);
        let calls = analysis(&capture).permission_denied;
        assert_eq!(calls.len(), 1, "{calls:?}");
    }
    let worked = of_person.api_call(|c| c.named("again").url(GRAPH).succeeds());
    assert_eq!(analysis(&worked).permission_denied, [] as [usize; 0], "it worked later");
}

/// The sign-in stops at the page that leads to a registration.
fn sent_to_register(capture: CaptureBuilder, code: &str) -> CaptureBuilder {
    let config = serde_json::json!({"pgid": "ConvergedProofUpRedirect", "sErrorCode": code, "sCtx": "ctx"});
    capture.edit("sign-in/login", move |entry| entry.html(page(&config)))
}

#[test]
fn a_second_factor_that_has_to_be_registered_is_a_failure_until_the_sign_in_goes_on() {
    let signed_in = || capture().sign_in(|s| s.without_token());
    let stopped = || ["kmsi", "callback"].iter().fold(signed_in(), |capture, step| capture.without(&format!("sign-in/{step}")));
    for code in ["50072", "50079"] {
        let told = causes(&sent_to_register(stopped(), code));
        assert_eq!(told, [("mfa-enrolment-required".to_owned(), Confidence::Likely)], "{code}");
    }
    let goes_on = sent_to_register(capture().sign_in(|s| s), "50072");
    assert_eq!(verdict(&goes_on), Verdict::Healthy);
}

/// Firefox lists a request before the preflight that it waits for, and does not say why it came to nothing.
#[test]
fn a_token_request_that_its_preflight_holds_back_is_told_where_the_browser_gives_no_reason() {
    let held_back = |allows: &'static str| {
        let preflight = get(format!("https://login.microsoftonline.com/{CONTOSO}/oauth2/v2.0/token")).method("OPTIONS").kind("preflight");
        let preflight = preflight.header("origin", APP.origin).header("access-control-request-method", "POST");
        let preflight = preflight.header("access-control-request-headers", "x-own").reply_header("access-control-allow-origin", "*");
        let preflight = preflight.reply_header("access-control-allow-headers", allows);
        capture().sign_in(|s| s).edit("sign-in/token", |entry| entry.no_response("")).exchange("preflight", preflight)
    };
    assert_eq!(causes(&held_back("")), [("token-request-cors-blocked".to_owned(), Confidence::Certain)]);
    assert_ne!(verdict(&held_back("x-own")), Verdict::Failing, "nothing tells why it came to nothing");
}

/// What an API hands in for its caller tells by itself why it is not accepted.
#[test]
fn a_token_that_is_handed_in_is_read() {
    let (past, future) = (1_700_000_000, 2_000_000_000);
    let refused = |code: u32, claims: serde_json::Value| {
        causes(&capture().on_behalf_of(|t| t.fails(code, "The assertion is not accepted.").param("assertion", jwt(&claims))))
    };
    let first = |code, claims| refused(code, claims).remove(0);
    let graph = serde_json::json!({"aud": "00000003-0000-0000-c000-000000000000", "tid": CONTOSO, "exp": future});
    assert_eq!(first(50013, graph.clone()), ("assertion-not-accepted".to_owned(), Confidence::Certain));
    assert_eq!(first(500131, graph), ("assertion-not-accepted".to_owned(), Confidence::Certain));
    let expired = serde_json::json!({"aud": APP.client_id, "tid": CONTOSO, "exp": past});
    assert_eq!(first(50013, expired.clone()), ("assertion-expired".to_owned(), Confidence::Certain));
    assert_eq!(first(500133, expired), ("assertion-expired".to_owned(), Confidence::Certain));
    let fits = serde_json::json!({"aud": APP.client_id, "tid": CONTOSO, "exp": future});
    assert_eq!(first(50013, fits), ("assertion-not-accepted".to_owned(), Confidence::Likely));
}

/// What an application proves itself by tells by itself why it is not accepted.
#[test]
fn an_assertion_of_an_application_is_read() {
    let (past, future) = (1_700_000_000, 2_000_000_000);
    let refused = |code: u32, claims: serde_json::Value| {
        let assertion = jwt(&claims);
        let told = causes(&capture().client_credentials(|t| {
            t.without_param("client_secret").param("client_assertion", assertion).fails(code, "No.").error("invalid_client")
        }));
        told[0].clone()
    };
    let own = |expires: i64| serde_json::json!({"iss": APP.client_id, "sub": APP.client_id, "exp": expires});
    assert_eq!(refused(700_024, own(past)), ("client-assertion-time-wrong".to_owned(), Confidence::Certain));
    assert_eq!(refused(700_024, own(future)), ("client-assertion-time-wrong".to_owned(), Confidence::Likely));
    let of_other = serde_json::json!({"iss": OTHER_APP.client_id, "sub": OTHER_APP.client_id, "exp": future});
    assert_eq!(refused(700_021, of_other), ("client-assertion-for-another-app".to_owned(), Confidence::Certain));
    assert_eq!(refused(700_021, own(future)), ("client-assertion-for-another-app".to_owned(), Confidence::Likely));
}

/// An ID token lives for an hour.
#[test]
fn a_clock_that_is_hours_off_is_told_where_nothing_shows_that_the_tokens_were_taken() {
    let signed_in = |ahead: i64| capture().clock_ahead(ahead).sign_in(|s| s).edit("sign-in/token", Entry::losing_response_body);
    for (ahead, direction) in [(115, "1 h 55 min ahead of"), (-115, "1 h 55 min behind")] {
        let told = analysis(&signed_in(ahead).app_page());
        let Verdict::Inconclusive(why @ Inconclusive::ClockOff { .. }) = told.verdict else { panic!("{:?}", told.verdict) };
        assert!(why.sentence().contains(direction), "{}", why.sentence());
    }
    for (ahead, what) in [(30, "tokens live longer"), (120, "a recorder that writes no time zone")] {
        assert_eq!(verdict(&signed_in(ahead).app_page()), Verdict::Healthy, "{what}");
    }
    let used = signed_in(115).api_call(|c| c.url(GRAPH).succeeds());
    assert_eq!(verdict(&used), Verdict::Healthy);
    assert_eq!(verdict(&used.sanitized()), Verdict::Healthy);
    assert_eq!(verdict(&signed_in(115)), Verdict::Healthy, "the recording was stopped");
}
