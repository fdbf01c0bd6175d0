//! What the steps and the advice of a diagnosis say fits the capture: its browser, its protocol, its cloud, its end.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing, reason = "tests say what is wrong by stopping")]

mod support;

use entrace::diagnosis::Diagnosis;
use entrace::report::{CaptureReport, text};
use entrace::{Analysis, Capture, Knowledge, analyze};
use support::{APP, CONTOSO, CaptureBuilder, capture, user_agents};

fn told(capture: &CaptureBuilder) -> Analysis {
    analyze(&Capture::from_bytes(capture.bytes()).unwrap(), &Knowledge::builtin())
}

fn last(analysis: &Analysis) -> &Diagnosis {
    analysis.diagnoses.last().unwrap()
}

/// All steps of one cause of the last failure.
fn steps(capture: &CaptureBuilder, cause: &str) -> String {
    let analysis = told(capture);
    let cause = last(&analysis).causes.iter().find(|known| known.id == cause).unwrap();
    cause.fixes.iter().map(|fix| format!("{}: {}\n", fix.who, fix.action)).collect()
}

#[track_caller]
fn says(text: &str, words: &[&str], not: &[&str]) {
    for word in words {
        assert!(text.contains(word), "“{word}” is not in: {text}");
    }
    for word in not {
        assert!(!text.contains(word), "“{word}” is in: {text}");
    }
}

#[test]
fn steps_for_withheld_cookies_are_those_of_the_browser() {
    let of = |user_agent| {
        steps(&capture().blocking_third_party_cookies().user_agent(user_agent).silent_frame(|r| r), "third-party-cookies-blocked")
    };
    says(&of(user_agents::CHROME), &["CookiesAllowedForUrls", "private window"], &["Safari", "Firefox", "Brave"]);
    says(
        &of(user_agents::SAFARI),
        &["In Safari", "Enterprise SSO plug-in"],
        &["CookiesAllowedForUrls", "leave the private", "Firefox", "Brave"],
    );
    says(&of(user_agents::FIREFOX), &["In Firefox", "WindowsSSO"], &["CookiesAllowedForUrls", "leave the private", "Safari", "Brave"]);
    let brave =
        capture().blocking_third_party_cookies().silent_frame(|r| r.header("sec-ch-ua", "\"Chromium\";v=\"142\", \"Brave\";v=\"142\""));
    says(&steps(&brave, "third-party-cookies-blocked"), &["In Brave", "Shields"], &["CookiesAllowedForUrls", "Safari", "Firefox"]);
    let untold = capture().blocking_third_party_cookies().silent_frame(|r| r.without_header("user-agent"));
    says(&steps(&untold, "third-party-cookies-blocked"), &["CookiesAllowedForUrls"], &["In Safari", "In Firefox", "In Brave"]);
}

#[test]
fn nobody_is_sent_to_a_log_that_the_browser_does_not_write() {
    for user_agent in [user_agents::SAFARI, user_agents::FIREFOX] {
        let analysis = told(&capture().user_agent(user_agent).silent_frame(|r| r));
        let unknown = last(&analysis).causes.iter().flat_map(|cause| &cause.unknown);
        assert!(unknown.clone().count() > 0);
        assert!(unknown.into_iter().all(|unknown| !unknown.why.contains("NetLog")));
    }
}

#[test]
fn addresses_in_steps_are_of_the_cloud_tenant_and_application_that_failed() {
    let refused = |host: &'static str| capture().redirect(move |r| r.host(host).fails_on_a_page(700016, "No such application."));
    for host in ["login.microsoftonline.com", "login.microsoftonline.us", "login.partner.microsoftonline.cn"] {
        let address = format!("https://{host}/{CONTOSO}/adminconsent?client_id={}", APP.client_id);
        says(&steps(&refused(host), "app-not-in-tenant"), &[&address], &["{tenant}", "{client-id}"]);
    }
    let of_any_tenant = capture().redirect(|r| r.tenant("organizations").fails_on_a_page(700016, "No such application."));
    says(&steps(&of_any_tenant, "app-not-in-tenant"), &["/adminconsent?client_id="], &["/organizations/"]);
}

#[test]
fn steps_of_another_protocol_or_code_are_left_out() {
    let oidc = capture().redirect(|r| r.fails_on_a_page(50011, "No such redirect URI."));
    says(&steps(&oidc, "redirect-uri-mismatch"), &["App registrations"], &["SAML"]);
    let saml = capture().saml(|s| s.fails(50011, "No such redirect URI."));
    says(&steps(&saml, "redirect-uri-mismatch"), &["Reply URL"], &["App registrations"]);
    let other_method = capture().saml(|s| s.fails(75011, "Another method."));
    says(&steps(&other_method, "saml-request-invalid"), &["RequestedAuthnContext"], &["bookmark"]);
    let by_extension = capture().silent_frame(|r| r.gets_no_answer("net::ERR_BLOCKED_BY_CLIENT"));
    says(&steps(&by_extension, "request-blocked-by-client"), &["extensions"], &["Content-Security-Policy"]);
    let by_page = capture().silent_frame(|r| r.gets_no_answer("net::ERR_BLOCKED_BY_CSP"));
    says(&steps(&by_page, "request-blocked-by-client"), &["Content-Security-Policy"], &["extensions"]);
}

#[test]
fn a_handled_failure_has_steps_for_the_next_time_alone() {
    let analysis = told(&capture().silent_frame(|r| r).sign_in(|s| s));
    assert!(last(&analysis).handled);
    let report = CaptureReport::new("login.har", Ok(&analysis));
    let text = text::render(&[report], &text::Options { width: 100, color: false, links: false });
    says(&text, &["Nothing has to be done"], &["What to do:"]);
}

#[test]
fn what_is_recorded_already_is_not_asked_for_again() {
    let page = || capture().app_page().redirect(|r| r.fails_on_a_page(700016, "No such application."));
    let analysis = told(&page());
    says(&last(&analysis).next, &["in which tenant"], &["from before"]);
}

#[test]
fn a_server_that_fails_on_the_reply_gets_no_advice_for_pages() {
    let failing = |request: fn(support::Authorize) -> support::Authorize| {
        let signed_in = capture().sign_in(move |s| s.without_token().request(move |r| request(r.by_form_post())));
        steps(&signed_in.edit("sign-in/callback", |entry| entry.status(500)), "redirect-response-unhandled")
    };
    says(&failing(support::Authorize::by_server_library), &["server", "SAML"], &["handleRedirectPromise", "X-Frame-Options"]);
    says(&failing(|r| r), &["handleRedirectPromise"], &["SAML"]);
}

#[test]
fn a_secret_of_b2c_is_renewed_where_b2c_has_it() {
    let text = "AADB2C90273: An invalid response was received : 'Error: invalid_client, Error Description: AADSTS7000222: It has expired.'";
    let wrapped = capture()
        .silent_frame(|r| r.host("contoso.b2clogin.com").tenant("contoso.example/b2c_1_signin").fails_without_code("server_error", text));
    says(&steps(&wrapped, "client-secret-expired"), &["B2C", "policy key"], &["put it in place everywhere"]);
    let own = capture().client_credentials(|t| t.fails(7000222, "It has expired."));
    says(&steps(&own, "client-secret-expired"), &["put it in place everywhere"], &["B2C"]);
}
