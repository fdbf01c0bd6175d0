//! What a failure is put down to where something else is more obvious, and the sentences that may not contradict each other.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing, reason = "tests say what is wrong by stopping")]

mod support;
mod told;

use entrace::analysis::{Analysis, Verdict};
use entrace::diagnosis::Confidence;
use entrace::report::{CaptureReport, text};
use support::wire::{BLANK, ENTRA, jwt, navigate, refused_by_redirect, refused_on_page, self_posting_page, served, submit, with};
use support::{APP, CONTOSO, CaptureBuilder, Entry, FABRIKAM, GRACE, OTHER_SESSION, SESSION, Window, capture, get, user_agents, words};
use told::analysis;

const GRAPH: &str = "https://graph.microsoft.com/v1.0/me";

/// The kinds of failures, each with its first cause, how sure that is, and the application.
fn first_causes(told: &Analysis) -> Vec<(String, Confidence, Option<&str>)> {
    let first = told.diagnoses.iter().map(|one| (one.causes[0].id.clone(), one.causes[0].confidence, one.client_id.as_deref()));
    first.collect()
}

fn first_cause(capture: &CaptureBuilder) -> (String, Confidence) {
    let told = analysis(capture);
    let (cause, confidence, _) = first_causes(&told).remove(0);
    (cause, confidence)
}

/// What the first cause advises.
fn advice(told: &Analysis) -> String {
    told.diagnoses[0].causes[0].fixes.iter().map(|fix| fix.action.as_str()).collect::<Vec<_>>().join("\n")
}

/// The report for people, one line long, so that no sentence is broken.
fn report(told: &Analysis) -> String {
    let report = CaptureReport::new("capture.har", Ok(told));
    let text = text::render(&[report], &text::Options { width: 100, color: false, links: false });
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// HTTP.sys, in front of the service, refuses a request.
fn refused_unread(server: &'static str) -> impl Fn(Entry) -> Entry {
    move |entry| {
        let entry = ["x-ms-request-id", "x-ms-ests-server"].into_iter().fold(entry.status(400).html(""), Entry::without_reply_header);
        entry.reply_header("server", server).losing_response_body()
    }
}

#[test]
fn a_request_that_the_services_own_web_server_calls_bad_without_a_word_is_no_host_out_of_reach() {
    let refused = |server: &'static str| {
        let capture = capture().sanitized().redirect(|r| r.gets_status(400)).edit("redirect/authorize", refused_unread(server));
        first_cause(&capture.app_page())
    };
    assert_eq!(refused("Microsoft-HTTPAPI/2.0"), ("undetermined".to_owned(), Confidence::Possible));
    assert_eq!(refused("squid/6.6").0, "sign-in-host-unreachable", "a proxy names itself");
}

#[test]
fn an_application_behind_the_same_web_server_may_have_got_too_long_a_request() {
    let server = capture().sanitized().sign_in(|s| s.without_token().request(|r| r.by_server_library()));
    let refused = server.edit("sign-in/callback", refused_unread("Microsoft-HTTPAPI/2.0"));
    assert_eq!(first_cause(&refused), ("undetermined".to_owned(), Confidence::Possible));
}

#[test]
fn a_certificate_that_nobody_presents_is_no_host_out_of_reach() {
    let failed = |host: &str, error: &'static str| {
        let shown = submit(&format!("https://{host}/{CONTOSO}/certauth"), &[("ctx", "c"), ("flowToken", "f")]);
        let shown = shown.header("referer", "https://login.microsoftonline.com/").no_response(error);
        first_cause(&capture().sign_in(|s| s.abandoned()).exchange("certificate", shown))
    };
    let at_host = |error| failed("certauth.login.microsoftonline.com", error);
    assert_eq!(at_host("net::ERR_BAD_SSL_CLIENT_AUTH_CERT"), ("certificate-not-presented".to_owned(), Confidence::Certain));
    assert_eq!(at_host("net::ERR_SSL_CLIENT_AUTH_CERT_NEEDED").0, "certificate-not-presented");
    assert_eq!(at_host("net::ERR_SSL_PROTOCOL_ERROR").0, "sign-in-host-unreachable");
    let elsewhere = capture().silent_frame(|r| r.gets_no_answer("net::ERR_BAD_SSL_CLIENT_AUTH_CERT"));
    assert_eq!(first_cause(&elsewhere).0, "sign-in-host-unreachable", "the service asks for certificates at a host of its own");
}

#[test]
fn a_personal_account_that_is_known_by_its_name_alone_has_no_session_in_an_organization() {
    // The sign-in of a portal gets its tokens by form, and no token of it tells the account's home.
    let signed_in = || {
        capture().sign_in(|s| {
            s.account(GRACE).tenant("organizations").through_microsoft_account().without_token().request(|r| r.by_server_library())
        })
    };
    let asked =
        |session: &'static str| signed_in().silent_frame(|r| r.tenant("organizations").sid(session).fails(160021, words::SESSION_GONE));
    for session in [SESSION, OTHER_SESSION] {
        assert_eq!(first_cause(&asked(session)), ("personal-account-in-work-tenant".to_owned(), Confidence::Likely), "{session}");
        assert_eq!(first_cause(&asked(session).sanitized()).0, "personal-account-in-work-tenant", "{session}");
    }
}

#[test]
fn that_the_browser_has_the_session_asked_for_speaks_against_its_being_gone() {
    let opposed = |sid: &'static str| {
        let told = analysis(&capture().sign_in(|s| s).silent_frame(|r| r.sid(sid).fails(160021, words::SESSION_GONE)));
        let gone = told.diagnoses[0].causes.iter().find(|cause| cause.id == "requested-session-missing").unwrap();
        gone.opposing.iter().any(|finding| finding.claim == "session-id.current")
    };
    // The service may have ended it all the same, so it is told and excludes nothing.
    assert!(opposed(SESSION) && !opposed(OTHER_SESSION));
}

/// A personal account signs in, freshly or on the session that is there, and the service wants another token.
fn external_token_missing(freshly: bool) -> CaptureBuilder {
    let live = "https://login.live.com/oauth20_authorize.srf";
    let back = "https://login.microsoftonline.com/common/federation/oauth2msa";
    let asked =
        [("client_id", APP.client_id), ("redirect_uri", "https://app.example/"), ("response_type", "code"), ("state", "h7Qx2mVb9Lw4e")];
    let authorize = || navigate(&format!("{ENTRA}/common/oauth2/v2.0/authorize"), &asked);
    let refuses = |entry: Entry| {
        refused_by_redirect(entry, "https://app.example/", '?', "invalid_grant", 50139, words::EXTERNAL_TOKEN_MISSING, "h7Qx2mVb9Lw4e")
    };
    if !freshly {
        return capture().exchange("authorize", refuses(authorize()));
    }
    let there = with(live, '?', &[("client_id", APP.client_id), ("redirect_uri", back), ("state", "ctx-1")]);
    let returned = with(back, '?', &[("code", "M.C1_BAY.2.U.code-1"), ("state", "ctx-1")]);
    capture()
        .exchange("authorize", served(authorize().redirect(there.clone())))
        .exchange("live", navigate(&there, &[]))
        .exchange(
            "password",
            submit("https://login.live.com/ppsecure/post.srf", &[("login", GRACE.name), ("passwd", "x")]).redirect(returned.clone()),
        )
        .exchange("back", refuses(navigate(&returned, &[])))
}

#[test]
fn a_sign_in_that_was_a_fresh_one_is_not_sent_to_a_fresh_one() {
    let on_session = analysis(&external_token_missing(false));
    assert!(advice(&on_session).contains("Sign out completely"), "{}", advice(&on_session));
    let fresh = analysis(&external_token_missing(true));
    assert_eq!(fresh.diagnoses[0].causes[0].id, "external-refresh-token-missing");
    let advised = advice(&fresh);
    assert!(
        advised.contains("Try again later") && !advised.contains("reuses the same session") && !advised.contains("prompt=login"),
        "{advised}"
    );
}

/// An API that wants a cookie leads a call to the sign-in page of its own web application.
const API: &str = "https://api.example/orders";
const API_CLIENT: &str = "a0a0a0a0-0000-4000-8000-00000000000b";

fn page_of_api() -> String {
    let asked = [
        ("client_id", API_CLIENT),
        ("redirect_uri", "https://api.example/signin-oidc"),
        ("response_type", "id_token"),
        ("scope", "openid"),
    ];
    with(&format!("{ENTRA}/{FABRIKAM}/oauth2/v2.0/authorize"), '?', &asked)
}

fn calls(change: impl Fn(Entry) -> Entry) -> CaptureBuilder {
    let by_script = |url: &str| get(url).in_window(Window::Script, "cross-site").header("origin", APP.origin);
    let capture = capture().app_page().sign_in(|s| s);
    let capture = capture.exchange("call", change(by_script(API).redirect(page_of_api())));
    capture.exchange("page", by_script(&page_of_api()).no_response("net::ERR_FAILED"))
}

#[test]
fn an_api_that_answers_a_token_with_the_sign_in_page_has_no_session_that_ended() {
    let with_token = calls(|entry| entry.header("authorization", "Bearer of-the-page"));
    let told = analysis(&with_token);
    assert_eq!(first_causes(&told), [("api-asks-for-sign-in-cookie".to_owned(), Confidence::Likely, Some(API_CLIENT))]);
    assert!(!advice(&told).contains("Reload"), "{}", advice(&told));
    let by_cookie = calls(|entry| entry).api_call(|c| c.url(GRAPH).succeeds());
    assert_eq!(first_cause(&by_cookie), ("call-redirected-to-sign-in".to_owned(), Confidence::Likely));
    let lost = with_token.edit("call", |entry| entry.without_header("authorization")).sanitized();
    assert_eq!(first_cause(&lost), ("undetermined".to_owned(), Confidence::Possible), "the exporter may have removed the token");
}

/// The browser asks whether it may call the API with a token.
fn preflight() -> Entry {
    let asks = get(API).method("OPTIONS").kind("preflight").header("access-control-request-method", "GET");
    asks.header("access-control-request-headers", "authorization").header("origin", APP.origin)
}

#[test]
fn an_api_that_leads_even_the_preflight_to_the_sign_in_page_is_a_failure() {
    let redirected = capture().sign_in(|s| s).exchange("preflight", preflight().redirect(page_of_api()));
    let told = analysis(&redirected);
    assert_eq!(told.verdict, Verdict::Failing);
    assert_eq!(first_causes(&told), [("api-asks-for-sign-in-cookie".to_owned(), Confidence::Likely, Some(API_CLIENT))]);
    assert!(advice(&told).contains("CORS ahead of authentication"), "{}", advice(&told));
    assert_eq!(analysis(&redirected.clone().sanitized()).verdict, Verdict::Failing);
    let alone = capture().exchange("preflight", preflight().redirect(page_of_api()));
    assert_eq!(analysis(&alone).verdict, Verdict::Failing, "nobody signs in in the capture");
    assert_eq!(analysis(&redirected.api_call(|c| c.url(API).succeeds())).verdict, Verdict::Healthy, "it works in the end");
    let elsewhere = capture().sign_in(|s| s).exchange("preflight", preflight().redirect("https://api.example/v2/orders"));
    assert_eq!(analysis(&elsewhere).verdict, Verdict::Healthy, "what leads elsewhere is no matter of Entra");
}

/// Auth0, Okta, Cognito and Keycloak hand on a sign-in that Entra ID gave them, or refuse it by OAuth's own words.
#[test]
fn what_a_broker_answers_its_own_application_is_no_error_of_the_service() {
    for error in ["login_required", "access_denied", "server_error", "temporarily_unavailable", "invalid_request", "interaction_required"] {
        let address = format!("https://shop.example/callback?error={error}&state=of-the-broker");
        let request = |r: support::Authorize| r.by_server_library().redirect_uri("https://id.broker.example/login/callback");
        let signed_in = capture().cookies_from_before(["ESTSAUTHPERSISTENT"]).sign_in(|s| s.without_token().request(request));
        let answered = signed_in.edit("sign-in/callback", |entry| entry.redirect(address.clone()));
        let told = analysis(&answered.exchange("application", get(address).in_window(Window::Page, "cross-site").html("<p>Sorry</p>")));
        assert_eq!(told.diagnoses[0].symptom.map(|symptom| symptom.id()), Some("callback-failed"), "{error}");
        assert_eq!(first_causes(&told), [("redirect-response-unhandled".to_owned(), Confidence::Likely, Some(APP.client_id))], "{error}");
        assert!(advice(&told).contains("the broker's own log"), "{error}");
    }
}

/// A call of an API with a token from before the recording, refused.
fn refused_call(url: &str, token: Option<&str>, challenge: &str) -> CaptureBuilder {
    let call = get(url).in_window(Window::Script, "cross-site").header("origin", APP.origin).status(401);
    let call = call.reply_header("www-authenticate", challenge);
    let call = token.map_or_else(|| call.clone(), |token| call.clone().header("authorization", format!("Bearer {token}")));
    capture().app_page().exchange("call", call)
}

#[test]
fn an_api_that_refuses_a_token_from_before_the_recording_is_a_failure() {
    let asks = |host: &str| {
        format!(
            r#"Bearer authorization_uri="https://{host}/common/oauth2/authorize", error="insufficient_claims", claims="eyJhY2Nlc3NfdG9rZW4iOnt9fQ==""#
        )
    };
    let entra = asks("login.microsoftonline.com");
    let token = jwt(
        &serde_json::json!({"iss": format!("https://sts.windows.net/{CONTOSO}/"), "tid": CONTOSO, "appid": APP.client_id, "oid": GRACE.object_id, "sid": SESSION}),
    );
    let told = analysis(&refused_call(GRAPH, Some(&token), &entra));
    assert_eq!(told.verdict, Verdict::Failing);
    assert_eq!(first_causes(&told), [("claims-challenge-unhandled".to_owned(), Confidence::Likely, Some(APP.client_id))]);
    assert_eq!(told.diagnoses[0].resolved_tenant.as_ref().map(|id| id.as_str()), Some(CONTOSO));
    let sanitized = analysis(&refused_call(GRAPH, None, &entra).sanitized());
    assert_eq!(first_causes(&sanitized), [("claims-challenge-unhandled".to_owned(), Confidence::Likely, None)]);
    let plain = r#"Bearer realm="", authorization_uri="https://login.microsoftonline.com/common/oauth2/authorize""#;
    assert_eq!(analysis(&refused_call(GRAPH, Some(&token), plain)).verdict, Verdict::Failing);
    // Programs ask like this which tenant an API trusts.
    assert_eq!(analysis(&refused_call(GRAPH, Some(""), plain)).verdict, Verdict::NoEntraTraffic);
    let strangers = refused_call("https://api.example/x", Some("of-somebody-else"), &asks("id.example"));
    assert_eq!(analysis(&strangers).verdict, Verdict::NoEntraTraffic);
}

#[test]
fn an_api_that_says_nothing_against_a_token_of_entra_refuses_it_all_the_same() {
    let refused = |issuer: &str| {
        let token = jwt(&serde_json::json!({"iss": issuer, "tid": CONTOSO, "aud": "https://analysis.windows.net/powerbi/api"}));
        let call = get("https://reports.example/v1.0/myorg/groups").in_window(Window::Script, "cross-site").header("origin", APP.origin);
        let call = call.header("authorization", format!("Bearer {token}")).status(401);
        analysis(&capture().exchange("call", call)).verdict
    };
    assert_eq!(refused(&format!("https://sts.windows.net/{CONTOSO}/")), Verdict::Failing);
    assert_eq!(refused("https://id.example/"), Verdict::NoEntraTraffic);
}

#[test]
fn the_microsoft_account_service_that_does_not_know_an_application_names_no_sign_in_log() {
    let asked = [("client_id", APP.client_id), ("redirect_uri", "https://app.example/"), ("response_type", "code"), ("scope", "openid")];
    let told = [("error", "unauthorized_client"), ("error_description", "The client does not exist or is not enabled for consumers.")];
    let refused =
        navigate("https://login.live.com/oauth20_authorize.srf", &asked).redirect(with("https://login.live.com/err.srf", '#', &told));
    let told = analysis(&capture().exchange("refused", refused));
    let causes: Vec<&str> = told.diagnoses[0].causes.iter().map(|cause| cause.id.as_str()).collect();
    assert_eq!(causes[0], "undetermined");
    assert!(causes.contains(&"app-for-work-accounts-only") && causes.contains(&"wrong-application-id"), "{causes:?}");
}

#[test]
fn a_server_that_cannot_read_a_state_whose_cookie_came_back_is_told_of_its_keys() {
    let begun = capture().sign_in(|s| {
        s.without_token().request(|r| r.by_server_library().by_form_post().sent_by_server(".AspNetCore.Correlation.x=N; path=/; secure"))
    });
    let failed = |cookie: &'static str| {
        move |entry: Entry| entry.status(500).header("cookie", cookie).html("<html>Unable to unprotect the message.State.</html>")
    };
    let told = analysis(&begun.clone().edit("sign-in/callback", failed(".AspNetCore.Correlation.x=N")));
    assert!(advice(&told).contains("same keys"), "{}", advice(&told));
    let lost = analysis(&begun.edit("sign-in/callback", failed("other=1")));
    assert!(!advice(&lost).contains("same keys"), "{}", advice(&lost));
}

/// A server that keeps what it knows of its request in a session, and shows its own page for signing in where that is gone.
fn sent_back(comes_back: bool, to: &'static str) -> CaptureBuilder {
    let begun = capture().sign_in(|s| {
        s.without_token().request(|r| r.by_server_library().by_form_post().sent_by_server("connect.sid=one; path=/; HttpOnly"))
    });
    let answered = begun.edit("sign-in/callback", move |entry| {
        let entry = entry.without_header("cookie").redirect(to).reply_header("set-cookie", "connect.sid=two; path=/; HttpOnly");
        if comes_back { entry.header("cookie", "connect.sid=one") } else { entry }
    });
    answered.exchange("own page", navigate("https://app.example/login", &[]))
}

#[test]
fn an_application_that_begins_anew_because_its_cookie_did_not_come_back_has_let_nobody_in() {
    let lost = analysis(&sent_back(false, "/login"));
    assert_eq!(lost.verdict, Verdict::Failing);
    assert_eq!(first_causes(&lost)[0].0, "app-cookie-lost");
    assert_ne!(analysis(&sent_back(true, "/login")).verdict, Verdict::Failing, "the cookie came back");
    assert_ne!(analysis(&sent_back(false, "/orders")).verdict, Verdict::Failing, "it leads on");
    let data = get("https://app.example/api/orders").in_window(Window::Script, "same-origin").json(&serde_json::json!([]));
    assert_ne!(analysis(&sent_back(false, "/login").exchange("data", data)).verdict, Verdict::Failing, "the page gets its data");
}

/// An application of an external tenant signs in, which sends the person to an organization to sign in.
fn through_organization(last: impl Fn(Entry) -> Entry) -> CaptureBuilder {
    const OUTER: &str = "https://fabrikam.ciamlogin.com";
    let takes = format!("{OUTER}/{FABRIKAM}/federation/oauth2");
    let asked = [
        ("client_id", APP.client_id),
        ("redirect_uri", "https://app.example/"),
        ("response_type", "code"),
        ("state", "h7Qx2mVb9Lw4e"),
        ("client-request-id", "0e0e0e0e-0000-4000-8000-000000000001"),
    ];
    let inner = [
        ("client_id", API_CLIENT),
        ("redirect_uri", takes.as_str()),
        ("response_type", "code"),
        ("response_mode", "form_post"),
        ("state", "of-the-tenant"),
    ];
    let code = [("code".to_owned(), "1.inner".to_owned()), ("state".to_owned(), "of-the-tenant".to_owned())];
    let page = serde_json::json!({"pgid": "ConvergedSignIn", "sCtx": "ctx-1"});
    capture()
        .exchange("outer", served(navigate(&format!("{OUTER}/{FABRIKAM}/oauth2/v2.0/authorize"), &asked).html(support::wire::page(&page))))
        .exchange("inner", served(navigate(&format!("{ENTRA}/organizations/oauth2/v2.0/authorize"), &inner)).html(BLANK))
        .exchange(
            "password",
            served(submit(&format!("{ENTRA}/common/login"), &[("login", "ada@contoso.example")])).html(self_posting_page(&takes, &code)),
        )
        .exchange("back", last(submit(&takes, &[("code", "1.inner"), ("state", "of-the-tenant")])))
}

#[test]
fn a_tenant_that_refuses_after_another_signed_the_person_in_refuses_its_own_application() {
    let refused =
        through_organization(|entry| refused_on_page(entry, 50105, "The signed in user is not assigned to a role for the application."));
    for capture in [refused.clone(), refused.clone().sanitized(), refused.edit("password", Entry::losing_response_body)] {
        let told = analysis(&capture);
        assert_eq!(first_causes(&told), [("user-not-assigned".to_owned(), Confidence::Likely, Some(APP.client_id))]);
        assert_eq!(told.diagnoses[0].tenant.as_deref(), Some(FABRIKAM));
        let ends: Vec<&str> = told.attempts.iter().map(|attempt| attempt.outcome.name()).collect();
        assert_eq!(ends, ["failed", "succeeded"]);
    }
    let reply = with("https://app.example/", '#', &[("code", "1.outer"), ("state", "h7Qx2mVb9Lw4e")]);
    let works = through_organization(|entry| served(entry.redirect(reply.clone())));
    let ends: Vec<String> = analysis(&works).attempts.iter().map(|attempt| attempt.outcome.name().to_owned()).collect();
    assert!(ends.iter().all(|end| end == "succeeded"), "{ends:?}");
}

/// An application that answers each refusal of its silent call with a sign-in, and each sign-in with a silent call.
fn goes_round() -> CaptureBuilder {
    let begun = capture().user_agent(user_agents::SAFARI).cookies_from_before(["ESTSAUTH"]).app_page();
    (0..4).fold(begun, |capture, _| {
        let asked = capture.silent_frame(|r| r.without_cookies().fails(50058, words::NO_COOKIES));
        asked.sign_in(|s| s.without_credentials().without_token())
    })
}

#[test]
fn sign_ins_that_go_round_did_work() {
    let told = analysis(&goes_round());
    let of_loop = told.diagnoses.iter().map(|one| &one.causes[0]).find(|cause| cause.id == "sign-in-loop").unwrap();
    assert!(of_loop.fixes.iter().any(|fix| fix.action.contains("Do not ask silently right after a sign-in")));
    let report = report(&told);
    assert!(!report.contains("No sign-in that worked follows"), "{report}");
    assert!(report.contains("needed no credentials"), "{report}");
}

#[test]
fn a_tenant_that_is_asked_by_its_domain_is_a_particular_one() {
    let asked = |tenant: &'static str| {
        report(&analysis(
            &capture().silent_frame(|r| r.tenant(tenant).sid(SESSION).cached_account(GRACE).fails(160021, words::SESSION_GONE)),
        ))
    };
    for tenant in ["contoso.example", "organizations"] {
        assert!(!asked(tenant).contains("no particular tenant"), "{tenant}: {}", asked(tenant));
    }
    // Where none is asked, nothing of it is open.
    assert!(!asked("common").contains("Whether the tenant that the request asks"), "{}", asked("common"));
}

#[test]
fn a_redirect_page_that_loaded_is_in_the_capture() {
    let left = capture().app_page().sign_in(|s| s.without_token()).wait(1).app_page();
    let told = analysis(&left);
    assert_eq!(told.diagnoses[0].causes[0].id, "redirect-response-unhandled");
    let next = told.diagnoses[0].next.clone();
    assert!(!next.contains("cookies"), "a page needs none: {next}");
    assert!(!report(&told).contains("brings the reply to the application is not in the capture"));
}

#[test]
fn a_window_that_nothing_tells_is_not_called_a_frame() {
    let asked = |agent: &'static str| {
        let asked = capture().written_by("mitmproxy", "12.1.1").user_agent(agent).without_sec_fetch();
        analysis(&asked.silent_frame(|r| r.opaque_state().fails(50058, words::NO_COOKIES)))
    };
    let in_zones = asked("Mozilla/5.0 (Windows NT 10.0; WOW64; Trident/7.0; rv:11.0) like Gecko");
    let next = in_zones.diagnoses[0].next.clone();
    assert!(next.contains("security zones") && !next.contains("Sec-Fetch"), "{next}");
    let report = report(&in_zones);
    assert!(!report.contains("a silent sign-in in a hidden frame"), "{report}");
}

#[test]
fn what_a_report_tells_is_not_asked_as_if_nothing_were_known_of_it() {
    let refused = report(&analysis(&capture().blocking_third_party_cookies().silent_frame(|r| r.opaque_state())));
    assert!(refused.contains("The request carried no session cookie"), "{refused}");
    assert!(refused.contains("Whether requests that the page itself makes to this host bring a session cookie."), "{refused}");
    assert!(!refused.contains("Whether the cookies that hold the session of the sign-in service were set"), "{refused}");
    assert!(!refused.contains("Whether the request names an account"), "{refused}");
}

#[test]
fn a_refresh_has_no_authorization_request_that_could_be_recorded() {
    let told = analysis(&capture().refresh(|t| t.fails(70000, "The grant is not accepted.")));
    let of_codes = ["code-reused", "code-redeemed-at-other-tenant", "redirect-uri-changed", "pkce-verifier-mismatch"];
    assert!(told.diagnoses[0].causes.iter().all(|cause| !of_codes.contains(&cause.id.as_str())), "{:?}", first_causes(&told));
    let text = report(&told);
    assert!(!text.contains("authorization request") && !text.contains("code verifier"), "{text}");
    let ended = analysis(&capture().refresh(|t| t.fails(50132, "The session ended.")));
    assert!(!ended.diagnoses[0].next.contains("authorization request"), "{}", ended.diagnoses[0].next);
    assert!(!report(&ended).contains("authorization request"), "{}", report(&ended));
}

#[test]
fn no_account_is_missed_that_the_request_did_not_name() {
    let candidates = |capture: &CaptureBuilder| {
        let told = analysis(capture);
        told.diagnoses[0].causes.iter().map(|cause| cause.id.clone()).collect::<Vec<_>>()
    };
    let unnamed = |sentence: &'static str| capture().silent_frame(move |r| r.opaque_state().fails(50058, sentence));
    assert!(!candidates(&unnamed("Niemand ist angemeldet.")).contains(&"login-hint-mismatch".to_owned()));
    let named = capture().silent_frame(|r| r.login_hint(GRACE).fails(50058, "Niemand ist angemeldet."));
    assert!(candidates(&named).contains(&"login-hint-mismatch".to_owned()));
    // The service's own word counts, also where the request does not show the hint.
    assert_eq!(first_cause(&unnamed(words::HINT_MATCHES_NOBODY)).0, "login-hint-mismatch");
}

#[test]
fn a_session_that_lets_the_person_in_right_after_did_exist() {
    let let_in = |device: bool| {
        let tried = capture().silent_frame(|r| r.opaque_state().fails(50058, "Niemand ist angemeldet."));
        let followed = tried.sign_in(move |s| s.named("fallback").without_credentials());
        analysis(&if device {
            followed.edit("fallback/authorize", |entry| entry.header("x-ms-refreshtokencredential", "a.b.c"))
        } else {
            followed
        })
    };
    let is_candidate = |told: &Analysis| told.diagnoses[0].causes.iter().any(|cause| cause.id == "no-session");
    assert!(!is_candidate(&let_in(false)));
    assert!(is_candidate(&let_in(true)), "a device vouches without a session");
}

#[test]
fn a_failure_is_said_to_be_put_right_later_where_something_follows() {
    let twice = capture().sign_in(|s| s).redeem_again(|t| t.fails(54005, "The code was already redeemed.")).api_call(|c| c.succeeds());
    let text = report(&analysis(&twice));
    assert!(text.contains("the application already had the tokens") && text.contains("did no harm"), "{text}");
    assert!(!text.contains("later in the capture") && !text.contains("handled later"), "{text}");
    let then = report(&analysis(&capture().silent_frame(|r| r).sign_in(|s| s)));
    assert!(then.contains("handled later") && then.contains("got over later in the capture"), "{then}");
}

#[test]
fn a_token_request_without_its_body_is_called_what_it_shows() {
    let refused = |code: u32| {
        let refused = capture().refresh(move |t| t.fails(code, "The grant is not accepted."));
        report(&analysis(&refused.edit("refresh/token", Entry::losing_request_body)))
    };
    assert!(refused(700_084).contains("a refresh token turned in for new tokens"), "{}", refused(700_084));
    assert!(refused(70000).contains("a token request of a page"), "{}", refused(70000));
    assert!(!refused(70000).contains("an authorization code turned in"), "{}", refused(70000));
}

#[test]
fn a_capture_that_goes_on_after_the_code_was_handed_over_is_not_said_to_end() {
    let at_program = capture().sign_in(|s| s.without_token().request(|r| r.redirect_uri("http://localhost:51234/")));
    let told = report(&analysis(&at_program));
    assert!(told.contains("what it did with it is not in this recording") && !told.contains("ends before"), "{told}");
}

#[test]
fn no_two_failures_follow_from_each_other() {
    let both = |capture: CaptureBuilder, flow: &'static str, first: u32, second: u32| {
        let posted = submit(
            &format!("{ENTRA}/{CONTOSO}/login"),
            &[("ctx", &format!("{flow}-1")), ("login", "ada@contoso.example"), ("passwd", "x")],
        );
        let posted = posted.header("referer", "https://login.microsoftonline.com/");
        capture.sign_in(|s| s.named(flow).refused(first)).exchange(flow, refused_on_page(posted, second, ""))
    };
    let told = analysis(&both(both(capture(), "one", 50126, 50053), "two", 50053, 50126));
    let triggers: Vec<_> = told.diagnoses.iter().map(|one| (one.id, one.triggered_by)).collect();
    assert_eq!(triggers, [(1, None), (2, Some(1))]);
}

#[test]
fn attempts_are_numbered_in_the_order_in_which_they_began() {
    let refused =
        capture().sign_in(|s| s).api_call(|c| c.challenges("Bearer error=\"invalid_token\"")).wait(1).silent_frame(|r| r.named("later"));
    let told = analysis(&refused);
    let kinds: Vec<_> = told.attempts.iter().map(|attempt| (attempt.id, attempt.kind.name())).collect();
    assert_eq!(kinds, [(1, "redirect"), (2, "api-call"), (3, "silent-iframe")]);
}

#[test]
fn a_page_that_shows_what_the_servers_token_request_came_to_is_no_failure_of_its_own() {
    let both = |lasted_ms: u32, page: &'static str| {
        let request = |r: support::Authorize| r.by_server_library().redirect_uri("https://app.example/signin-oidc");
        let both = capture().sign_in(|s| s.request(request).token(|t| t.by_server().fails(7_000_215, "Invalid client secret.")));
        let both = both.edit("sign-in/callback", |entry| entry.status(500).html(page).lasting_ms(lasted_ms));
        let told = analysis(&both);
        let entries: Vec<_> = told.diagnoses.iter().map(|one| one.occurrences[0].entry).collect();
        let token = entries.iter().filter(|entry| **entry == both.entry("sign-in/token")).count();
        (entries.len(), token)
    };
    let page = "<h1>AADSTS7000215: Invalid client secret.</h1>";
    assert_eq!(both(60_000, page), (1, 1));
    // What came after the page is another one, and so is another code.
    assert_eq!(both(1, page), (2, 1));
    assert_eq!(both(60_000, "<h1>AADSTS700016: No such application.</h1>"), (2, 1));
}

#[test]
fn a_password_that_a_page_sends_is_no_token_that_its_sign_in_gave() {
    let goes_on = |credential: &'static str| {
        let call =
            get("https://app.example/api/orders").in_window(Window::Script, "same-origin").header("referer", "https://app.example/home");
        let call = call.header("authorization", credential).json(&serde_json::json!({}));
        let on = capture().sign_in(|s| s.without_token()).wait(1).app_page().exchange("call", call);
        analysis(&on).verdict
    };
    assert_eq!(goes_on("Bearer of-the-page"), Verdict::Healthy);
    assert_eq!(goes_on("Basic b2Y6dGhlLXBhZ2U="), Verdict::Failing);
}
