//! What the steps and the advice of a diagnosis say fits the capture: its browser, its protocol, its cloud, its end.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing, reason = "tests say what is wrong by stopping")]

mod support;

use entrace::diagnosis::Diagnosis;
use entrace::report::{CaptureReport, text};
use entrace::{Analysis, Capture, Knowledge, analyze};
use support::{APP, CONTOSO, CaptureBuilder, capture, user_agents, words};

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
    assert!(last(&analysis).is_handled());
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

#[test]
fn an_error_text_that_is_whole_is_not_asked_for_again() {
    let next = |capture: &CaptureBuilder| last(&told(capture)).next.clone();
    let unnamed = |change: fn(support::Authorize) -> support::Authorize| {
        next(&capture().silent_frame(move |r| change(r.fails(16000, "The service cannot choose."))))
    };
    says(&unnamed(|r| r), &[], &["error text"]);
    says(&unnamed(support::Authorize::cut_short), &["Record the whole error text, up to its trace id"], &[]);
    says(&next(&capture().redirect(|r| r.fails_on_a_page(16000, "The service cannot choose."))), &[], &["error text"]);
}

#[test]
fn whoever_recorded_with_developer_tools_is_sent_to_the_browsers_log() {
    let unanswered = || capture().silent_frame(|r| r.gets_no_answer(""));
    says(&last(&told(&unanswered())).next, &["NetLog"], &["Record with", "headers of replies"]);
    let by_another = unanswered().written_by("Recorder", "1.0");
    says(&last(&told(&by_another)).next, &["Record with Chrome's or Edge's developer tools"], &[]);
}

#[test]
fn a_saml_application_is_not_approved_by_a_client_id_that_it_has_not() {
    let unknown = capture().saml(|s| s.fails(700016, "No such application."));
    says(&steps(&unknown, "app-not-in-tenant"), &["Identifier (Entity ID)"], &["adminconsent", "{client-id}"]);
}

#[test]
fn nobody_opens_the_local_network_for_a_page_that_nothing_serves() {
    let left = |uri: &'static str, why: &'static str| {
        let signed_in = capture().sign_in(move |s| s.without_token().request(|r| r.redirect_uri(uri)));
        steps(&signed_in.edit("sign-in/callback", move |entry| entry.no_response(why)), "redirect-page-not-reached")
    };
    says(&left("http://localhost/auth", "net::ERR_CONNECTION_REFUSED"), &["Let something answer"], &["local network", "local addresses"]);
    let behind = capture()
        .sign_in(|s| s)
        .silent_frame(|r| r.redirect_uri("http://10.20.30.40/auth").succeeds().without_token())
        .edit("silent/callback", |entry| entry.no_response(""));
    says(&steps(&behind, "redirect-page-not-reached"), &["local network", "public name"], &["Let something answer"]);
}

#[test]
fn the_cookies_of_a_frame_are_not_asked_for_where_a_program_asked() {
    let refused = capture().written_by("Fiddler", "5.0").without_sec_fetch().refresh(|t| t.by_server().fails(50132, "Not valid any more."));
    says(&last(&told(&refused)).next, &[], &["frame", "Preserve log"]);
}

#[test]
fn a_browser_that_does_not_tell_of_frames_is_compared_with_one_that_does() {
    let by_proxy = capture().user_agent(user_agents::SAFARI).without_sec_fetch().written_by("Charles", "4.6").silent_frame(|r| r);
    says(&last(&told(&by_proxy)).next, &["compare WORKING FAILING"], &["Record the same failure in Chrome"]);
}

#[test]
fn a_loop_is_told_by_the_cookie_that_is_lost() {
    let around = |scheme: &'static str, cookie: &'static str, kept: &'static str| {
        let round = |capture: CaptureBuilder, number: usize| {
            let line = format!(".AspNetCore.Correlation.{number}abc=N; {cookie}; path=/signin-oidc");
            let uri = format!("{scheme}://app.example/signin-oidc");
            let request = move |r: support::Authorize| r.by_server_library().redirect_uri(&uri).sent_by_server(&line);
            let again = capture.sign_in(|s| s.without_credentials().without_token().request(request));
            let callback = if number == 1 { "sign-in/callback".to_owned() } else { format!("sign-in {number}/callback") };
            again.edit(&callback, |entry| {
                let entry = entry.redirect("/");
                if kept.is_empty() { entry } else { entry.reply_header("set-cookie", kept) }
            })
        };
        let signed_in = capture().cookies_from_before(["ESTSAUTHPERSISTENT"]);
        steps(&(1..=3).fold(signed_in, round), "sign-in-loop")
    };
    says(&around("http", "secure", ""), &["with https://", "Redirect http to https"], &["handleRedirectPromise"]);
    says(&around("https", "secure; SameSite=None", ".AspNet.Cookies=N; path=/; secure"), &["Set-Cookie"], &["handleRedirectPromise"]);
    says(&around("https", "secure; SameSite=None", ""), &[], &["Open the application with https://"]);
}

#[test]
fn two_pieces_of_advice_that_begin_alike_are_one_sentence() {
    let analysis =
        told(&capture().user_agent(user_agents::SAFARI).without_sec_fetch().written_by("WebKit Web Inspector", "1.0").silent_frame(|r| r));
    let next = &last(&analysis).next;
    assert!(next.matches("in Chrome or Edge as well").count() <= 1, "{next}");
}

#[test]
fn an_api_whose_name_was_put_together_wrongly_is_not_made_in_the_tenant() {
    let asks = |scope: &'static str| capture().redirect(move |r| r.param("scope", scope).fails(500011, "No such API."));
    says(&steps(&asks("api://undefined/read"), "resource-not-in-tenant"), &["Correct the resource"], &["admin:"]);
    says(
        &steps(&asks("api://c0c0c0c0-0000-4000-8000-0000000000aa/read"), "resource-not-in-tenant"),
        &["admin:"],
        &["Correct the resource"],
    );
}

#[test]
fn a_page_is_not_told_to_send_a_secret() {
    let from = |change: fn(support::TokenRequest) -> support::TokenRequest| {
        steps(&capture().refresh(move |t| change(t.fails(7000218, "No credential."))), "client-credential-missing")
    };
    says(&from(|t| t), &["Single-page application"], &["A server"]);
    says(&from(support::TokenRequest::by_server), &["A server"], &["of this page"]);
}

/// The site that stands in the address bar is the one for which Chrome and Edge keep an exception; what they keep for the sign-in
/// host changes nothing.
#[test]
fn an_exception_for_third_party_cookies_is_one_for_the_applications_site() {
    let told = steps(&capture().blocking_third_party_cookies().silent_frame(|r| r), "third-party-cookies-blocked");
    says(&told, &["third-party cookies for the application's own site"], &["third-party cookies for the sign-in host"]);
}

#[test]
fn an_application_that_repeats_what_cannot_succeed_is_told_to_stop() {
    let asked = |times: usize| (0..times).fold(capture(), |capture, _| capture.silent_frame(|r| r.fails(65001, "Nobody has agreed.")));
    says(&steps(&asked(3), "consent-missing"), &["Stop the silent calls"], &[]);
    says(&steps(&asked(1), "consent-missing"), &[], &["Stop the silent calls"]);
}

#[test]
fn a_refresh_token_that_is_refused_is_not_looked_for_in_codes() {
    let analysis = told(&capture().refresh(|t| t.fails(70000, "Not accepted.")));
    let told: Vec<&str> = last(&analysis).causes.iter().map(|cause| cause.id.as_str()).collect();
    assert_eq!(told, ["grant-not-accepted"]);
}

#[test]
fn a_proxy_is_looked_for_where_the_redirect_uri_says_http() {
    let of = |uri: &'static str| {
        steps(&capture().redirect(move |r| r.redirect_uri(uri).fails_on_a_page(50011, "No such redirect URI.")), "redirect-uri-mismatch")
    };
    says(&of("https://app.example/signin"), &["client_id"], &["X-Forwarded-Proto"]);
    says(&of("http://localhost:3000/signin"), &["client_id"], &["X-Forwarded-Proto"]);
    says(&of("http://app.example/signin"), &["X-Forwarded-Proto"], &[]);
    says(&steps(&capture().saml(|s| s.fails(50011, "No such reply URL.")), "redirect-uri-mismatch"), &[], &["X-Forwarded-Proto"]);
}

#[test]
fn what_the_application_does_already_is_not_advised() {
    let blocked = |request: fn(support::Authorize) -> support::Authorize| {
        steps(&capture().blocking_third_party_cookies().silent_frame(request), "third-party-cookies-blocked")
    };
    says(&blocked(|r| r.param("code_challenge", "C")), &["by redirect or popup"], &["with PKCE", "custom domain"]);
    says(&blocked(|r| r.without_param("code_challenge")), &["with PKCE"], &["custom domain"]);
    says(&blocked(|r| r.host("contoso.ciamlogin.com")), &["custom domain"], &[]);
    let framed = |prompt: &'static str| {
        let shown = capture().silent_frame(move |r| r.prompt(prompt).gets_status(200));
        steps(&shown.edit("silent/authorize", |entry| entry.reply_header("x-frame-options", "DENY")), "iframe-refused-to-load")
    };
    says(&framed("none"), &["in a tab"], &["carry prompt=none"]);
    says(&framed("login"), &["carry prompt=none"], &["in a tab"]);
}

#[test]
fn what_a_program_asks_for_by_itself_has_no_steps_for_pages() {
    let by = |grant: &'static str, code: u32, cause: &str| {
        steps(&capture().refresh(move |t| t.param("grant_type", grant).fails(code, "Refused.")), cause)
    };
    const ON_BEHALF_OF: &str = "urn:ietf:params:oauth:grant-type:jwt-bearer";
    says(&by("password", 50126, "wrong-password"), &["stored user name"], &[]);
    let typed = capture().sign_in(|s| s.refused(50126));
    says(&steps(&typed, "wrong-password"), &["Caps Lock"], &["stored user name"]);
    says(&by(ON_BEHALF_OF, 50076, "mfa-required"), &["401", "claims"], &["start an interactive sign-in"]);
    says(&by("password", 50076, "mfa-required"), &["bring no second factor"], &["401"]);
    says(&by("refresh_token", 50076, "mfa-required"), &["start an interactive sign-in"], &["401", "sent by a program"]);
    says(&by("client_credentials", 50196, "client-request-loop"), &["cache"], &["Close all tabs"]);
    says(&by("refresh_token", 50196, "client-request-loop"), &["Close all tabs"], &[]);
    let asked_too_often = told(&capture().client_credentials(|t| t.fails(50196, "A loop.")));
    assert!(last(&asked_too_often).causes.iter().all(|cause| cause.id != "sign-in-loop"));
}

#[test]
fn a_user_name_is_checked_where_it_decides_which_tenant_is_asked() {
    let not_found =
        |tenant: &'static str| steps(&capture().redirect(move |r| r.tenant(tenant).fails_on_a_page(90002, "")), "tenant-not-found");
    says(&not_found("organizations"), &["user name after the @"], &[]);
    says(&not_found(CONTOSO), &["tenant id"], &["user name"]);
    let first = |tenant: &'static str| {
        let analysis = told(&capture().redirect(move |r| r.tenant(tenant).fails_on_a_page(50034, "No such user.")));
        last(&analysis).causes[0].id.clone()
    };
    assert_eq!(first("organizations"), "user-name-mistyped");
    assert_eq!(first(CONTOSO), "account-not-in-tenant");
}

#[test]
fn a_program_that_asks_by_itself_is_not_recorded_from_before_its_sign_in() {
    let refused = |change: fn(support::TokenRequest) -> support::TokenRequest| {
        last(&told(&capture().client_credentials(move |t| change(t).fails(50020, "No such account.")))).next.clone()
    };
    says(&refused(|t| t.param("grant_type", "password")), &[], &["from before"]);
}

#[test]
fn the_device_is_not_looked_for_in_a_browser_where_the_program_has_none() {
    let of = |user_agent| {
        let refused = capture().user_agent(user_agent).redirect(|r| r.fails_on_a_page(53000, "The device is not compliant."));
        steps(&refused, "device-not-presented")
    };
    const ELECTRON: &str = "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Tool/1.0 Chrome/142.0 Electron/39.0 Safari/537.36";
    says(&of(ELECTRON), &["embedded browser"], &["the extension", "browsercore"]);
    says(&of(user_agents::FIREFOX), &["Firefox", "browsercore"], &["window of this program"]);
}

#[test]
fn a_page_of_another_provider_is_no_refusal_of_a_program() {
    let page = support::wire::navigate(
        "https://sts.contoso.example/adfs/ls/",
        &[("wa", "wsignin1.0"), ("wtrealm", "urn:federation:MicrosoftOnline")],
    );
    let refused = told(&capture().sign_in(|s| s.abandoned()).exchange("adfs", page.status(503)));
    assert!(last(&refused).causes.iter().all(|cause| !cause.id.starts_with("federated-")));
    says(&last(&refused).causes[0].fixes.iter().map(|fix| fix.action.as_str()).collect::<String>(), &[], &["account.microsoft.com"]);
}

#[test]
fn what_to_do_fits_the_browsers_own_error() {
    let of = |why: &'static str, cause: &str| steps(&capture().silent_frame(move |r| r.gets_no_answer(why)), cause);
    let lost = |why| of(why, "sign-in-host-unreachable");
    let hosts = "hosts file";
    says(&lost("net::ERR_NAME_NOT_RESOLVED"), &[hosts, "Open the way"], &["certificate", "time zone"]);
    says(&lost("net::ERR_CERT_AUTHORITY_INVALID"), &["root certificate"], &[hosts, "Open the way", "time zone"]);
    says(&lost("net::ERR_CERT_DATE_INVALID"), &["time zone"], &[hosts, "Open the way"]);
    says(&lost("net::ERR_INTERNET_DISCONNECTED"), &["to a network"], &[hosts, "Open the way"]);
    says(&lost("net::ERR_NETWORK_CHANGED"), &["Try again"], &[hosts, "Open the way"]);
    let stopped = |why| of(why, "request-blocked-by-client");
    says(&stopped("net::ERR_BLOCKED_BY_CLIENT"), &["content blockers"], &["local network", "Content-Security-Policy"]);
    says(&stopped("net::ERR_BLOCKED_BY_CSP"), &["Content-Security-Policy"], &["local network", "content blockers"]);
    let local = stopped("net::ERR_BLOCKED_BY_LOCAL_NETWORK_ACCESS_CHECKS");
    says(&local, &["local network"], &["Content-Security-Policy", "content blockers"]);
}

#[test]
fn the_browsers_own_error_is_shown() {
    let analysis = told(&capture().silent_frame(|r| r.gets_no_answer("net::ERR_NAME_NOT_RESOLVED")));
    let report = CaptureReport::new("login.har", Ok(&analysis));
    let text = text::render(&[report], &text::Options { width: 100, color: false, links: false });
    says(&text, &["net::ERR_NAME_NOT_RESOLVED"], &["could not be reached"]);
}

#[test]
fn dates_that_an_error_does_not_name_are_not_asked_for_again() {
    let refused = capture().refresh(|t| t.fails(700084, "Abgelaufen."));
    let analysis = told(&refused);
    says(&last(&analysis).next, &[], &["Record the body of the token reply"]);
    let analysis = told(&refused.without_response_bodies());
    says(&last(&analysis).next, &["Record the body of the token reply"], &[]);
}

#[test]
fn nobody_is_told_to_sign_in_where_a_program_holds_the_password_or_none_is_there() {
    let refused = |capture: CaptureBuilder, cause: &str| steps(&capture, cause);
    let by_password = capture().password_grant(|t| t.fails(50076, words::MFA));
    says(&refused(by_password, "mfa-required"), &["bring no second factor"], &["sign-in button", "interaction_required"]);
    let blocked = "Access has been blocked by Conditional Access policies.";
    let by_program = capture().client_credentials(|t| t.fails(53003, blocked));
    says(&refused(by_program, "blocked-by-conditional-access"), &["workload identities"], &["managed device", "show the message"]);
    let by_person = capture().sign_in(|s| s.token(|t| t.fails(53003, blocked)));
    says(&refused(by_person, "blocked-by-conditional-access"), &["managed device"], &["workload identities"]);
}

#[test]
fn an_attempt_that_comes_no_further_than_the_metadata_was_at_no_sign_in_page() {
    let address = format!("https://login.microsoftonline.com/{CONTOSO}/v2.0/.well-known/openid-configuration");
    let asked = support::get(address).in_window(support::Window::Script, "cross-site").header("origin", APP.origin);
    let refused = support::wire::refused_in_json(asked, "invalid_tenant", 90002, "Tenant not found.");
    let analysis = told(&capture().exchange("metadata", refused));
    let report = CaptureReport::new("metadata.har", Ok(&analysis));
    let text = text::render(&[report], &text::Options { width: 100, color: false, links: false });
    says(&text, &["a request for the service's metadata"], &["a redirect to the sign-in page"]);
    let analysis = told(&capture().redirect(|r| r.fails(50011, "Not registered.")));
    let report = CaptureReport::new("redirect.har", Ok(&analysis));
    let text = text::render(&[report], &text::Options { width: 100, color: false, links: false });
    says(&text, &["a redirect to the sign-in page"], &["a request for the service's metadata"]);
}

/// A provider may answer by either protocol, and the codes are the same.
#[test]
fn what_another_provider_sent_is_looked_for_in_the_messages_of_both_protocols() {
    for code in [5_000_819, 5_000_811, 500_089] {
        let next = last(&told(&capture().redirect(|r| r.fails(code, "The assertion is not valid.")))).next.clone();
        says(&next, &["SAMLResponse", "wresult"], &[]);
    }
}

const AZURE_CLI: &str = "04b07795-8ddb-461a-bbee-02f9e1bf7b46";
const TEAMS_IN_THE_WEB: &str = "5e3ce6c0-2b1f-4285-8d4b-75ee78787346";

/// Nobody but Microsoft can change the registration of Azure CLI, or give it a secret.
#[test]
fn nobody_is_sent_to_the_registration_of_an_application_of_microsoft() {
    let refused = |client: Option<&'static str>| {
        let refused = capture().redirect(|r| {
            let asked = r.fails_on_a_page(50011, "No such redirect URI.");
            client.into_iter().fold(asked, |asked, client| asked.param("client_id", client))
        });
        steps(&refused, "redirect-uri-mismatch")
    };
    says(&refused(Some(AZURE_CLI)), &["Nobody outside Microsoft"], &["App registrations > Authentication", "in the list already"]);
    says(&refused(None), &["App registrations > Authentication"], &["Microsoft can add"]);
    let asks = steps(&capture().refresh(|t| t.param("client_id", AZURE_CLI).fails(7000218, "No credential.")), "client-credential-missing");
    says(&asks, &["has a secret of this application"], &[]);
}

#[test]
fn an_api_admits_the_clients_of_teams_beforehand() {
    let asked = capture().silent_frame(|r| r.param("client_id", TEAMS_IN_THE_WEB).fails(65001, "Nobody has agreed."));
    says(&steps(&asked, "consent-missing"), &["Authorized client applications"], &[]);
    let own = capture().silent_frame(|r| r.fails(65001, "Nobody has agreed."));
    says(&steps(&own, "consent-missing"), &["admin:"], &["Authorized client applications"]);
}

/// A device code tells no platform, so another device is as unknown.
#[test]
fn a_platform_that_a_device_code_does_not_tell_is_not_changed_by_another_device() {
    let by = |grant: &'static str| {
        steps(&capture().refresh(move |t| t.param("grant_type", grant).fails(50005, "Unknown.")), "device-platform-not-allowed")
    };
    says(&by("urn:ietf:params:oauth:grant-type:device_code"), &["not by a device code"], &["Use a device with"]);
    says(&by("refresh_token"), &["Use a device with"], &["device code"]);
}

/// In a program's own request there is no person, no policy's control and no second factor.
#[test]
fn an_outside_provider_of_a_program_is_its_federated_issuer() {
    let refused = capture()
        .client_credentials(|t| t.without_param("client_secret").param("client_assertion", "eyJh.eyJi.c").fails(50166, "No answer."));
    let analysis = told(&refused);
    let causes: Vec<&str> = last(&analysis).causes.iter().map(|cause| cause.id.as_str()).collect();
    assert_eq!(causes, ["federated-issuer-unreachable"]);
    says(&steps(&refused, "federated-issuer-unreachable"), &["openid-configuration"], &["second factor"]);
    let of_person = told(&capture().redirect(|r| r.fails_on_a_page(50166, "No answer.")));
    let causes: Vec<&str> = last(&of_person).causes.iter().map(|cause| cause.id.as_str()).collect();
    assert_eq!(causes, ["external-control-unreachable"]);
}

#[test]
fn a_program_on_the_same_computer_needs_no_public_name() {
    let left = |why: &'static str| {
        let signed_in = capture().sign_in(|s| s.without_token().request(|r| r.redirect_uri("http://localhost:8400/")));
        steps(&signed_in.edit("sign-in/callback", move |entry| entry.no_response(why)), "redirect-page-not-reached")
    };
    for why in ["net::ERR_BLOCKED_BY_ADMINISTRATOR", "net::ERR_UNSAFE_PORT"] {
        says(&left(why), &["computer on which the program waits", "policy of blocked addresses"], &["public name", "local network when"]);
    }
    says(&left("net::ERR_CONNECTION_REFUSED"), &["Let something answer", "forward the port"], &[]);
}

/// `./default`, and placeholders of manifests, in either version's parameter.
#[test]
fn a_resource_that_nobody_filled_in_is_corrected() {
    for (name, value) in [
        ("scope", "api://app.example./default"),
        ("resource", "api://%ngrokdomain%.ngrok.example/x"),
        ("scope", "api://app.example/{clientId}/read"),
    ] {
        let asked = capture().redirect(move |r| r.without_param("scope").param(name, value).fails(500011, "No such API."));
        says(&steps(&asked, "resource-not-in-tenant"), &["Correct the resource"], &["admin:"]);
    }
}

/// A number that is new in a known family has the causes of the family.
#[test]
fn a_new_form_of_a_federated_credentials_mismatch_has_its_causes() {
    let refused = told(&capture().client_credentials(|t| t.fails(7002139, "No matching federated identity record found.")));
    let diagnosis = last(&refused);
    assert_eq!(diagnosis.code.unwrap().to_string(), "AADSTS7002139");
    assert_eq!((diagnosis.causes[0].id.as_str(), diagnosis.causes[0].confidence.name()), ("federated-credential-mismatch", "likely"));
}
