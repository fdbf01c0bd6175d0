//! Normal noise says nothing.

use super::row::diagnoses;
use crate::support::{Authorize, CONTOSO, CaptureBuilder, Entry, OTHER_SESSION, Window, capture, get, post};
use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use entrace::checks::Expectation;

fn noise(entry: Entry) -> CaptureBuilder {
    capture().exchange("noise", entry)
}

/// The same exchange alone, and in the middle of a sign-in that works.
fn alone_and_among_others(what: &'static str, entry: Entry) -> [(&'static str, CaptureBuilder); 2] {
    [(what, noise(entry.clone())), (what, noise(entry).sign_in(|s| s).api_call(|c| c.succeeds()))]
}

fn script(url: &str) -> Entry {
    get(url).in_window(Window::Script, "cross-site").header("origin", "https://app.example")
}

fn captures() -> Vec<(&'static str, CaptureBuilder)> {
    const PROBE: &str = "https://autologon.microsoftazuread-sso.com/contoso.example/winauth/ssoprobe?client-request-id=1";
    let framed = |url: &str| get(url).in_window(Window::Frame, "cross-site");
    let token_endpoint = format!("https://login.microsoftonline.com/{CONTOSO}/oauth2/v2.0/token");
    let telemetry = || post("https://browser.events.data.microsoft.com/OneCollector/1.0/", &[("a", "b")]);
    let mut captures: Vec<_> = [
        alone_and_among_others("Me.htm", framed("https://login.live.com/Me.htm?v=3").html("<html></html>")),
        alone_and_among_others("Me.htm that is aborted", framed("https://login.live.com/Me.htm?v=3").no_response("net::ERR_ABORTED")),
        alone_and_among_others("the probe for Seamless SSO", script(PROBE).status(401).reply_header("www-authenticate", "Negotiate")),
        alone_and_among_others("the probe for Seamless SSO without an answer", script(PROBE).no_response("net::ERR_ABORTED")),
        alone_and_among_others("dssostatus", script("https://login.microsoftonline.com/common/instrumentation/dssostatus").status(200)),
        alone_and_among_others("telemetry that is blocked", telemetry().no_response("net::ERR_BLOCKED_BY_CLIENT")),
        alone_and_among_others("telemetry without a reason", telemetry().no_response("")),
        alone_and_among_others("a preflight", script(&token_endpoint).method("OPTIONS").kind("preflight")),
        alone_and_among_others(
            "an aborted ping",
            post("https://app.example/ping", &[("a", "b")]).kind("ping").no_response("net::ERR_ABORTED"),
        ),
        alone_and_among_others("a favicon that is not there", get("https://app.example/favicon.ico").status(404)),
        alone_and_among_others("the service's favicon", get("https://login.microsoftonline.com/favicon.ico").status(404)),
        alone_and_among_others("an API that wants a token first", script("https://api.example/items").status(401)),
        alone_and_among_others("an API that fails by itself", script("https://api.example/items").status(500)),
    ]
    .into_iter()
    .flatten()
    .collect();
    captures.extend([
        ("the sign-in page, which says 50058", capture().sign_in(|s| s.abandoned())),
        ("a sign-in that works", capture().sign_in(|s| s)),
        ("a sign-in that works in a form", capture().sign_in(|s| s.by_form_post())),
        ("a sign-in with a second factor, whose page says 50074", capture().sign_in(|s| s.with_second_factor())),
        ("a sign-in that stands at “Stay signed in?”, which says 50140", standing_at("50140", "KmsiInterrupt")),
        ("a sign-in that stands at “Is this your app?”, which says 50199", standing_at("50199", "CmsiInterrupt")),
        ("a sign-in that stands at the consent page, which says 65001", standing_at("65001", "ConvergedConsent")),
        ("a sign-in with a personal account", capture().sign_in(|s| s.through_microsoft_account())),
        ("a sign-in without a page", capture().sign_in(|s| s.without_credentials())),
        ("two sign-ins, each by a person", capture().sign_in(|s| s).sign_in(|s| s)),
        ("a sign-out", capture().sign_in(|s| s).sign_out()),
        ("a silent request that works", capture().sign_in(|s| s).silent_frame(|r| r.succeeds())),
        ("a refresh that works", capture().sign_in(|s| s).refresh(|t| t.succeeds())),
        ("a server's token request that works", capture().client_credentials(|t| t.succeeds())),
        ("an API call that works", capture().sign_in(|s| s).api_call(|c| c.succeeds())),
        ("an API that refuses a token and takes the next", capture().sign_in(|s| s).api_call(|c| c).api_call(|c| c.succeeds())),
        ("a sanitized export of a sign-in", capture().sanitized().sign_in(|s| s).api_call(|c| c.succeeds())),
        ("a sign-in without bodies", capture().sign_in(|s| s).without_response_bodies()),
    ]);
    captures.extend([
        ("sign-ins of a web application, half an hour apart", web_sign_ins(["https://app.example/signin-oidc"; 3], 30)),
        (
            "sign-ins at once of one application at three addresses",
            web_sign_ins(["https://a.app.example/", "https://b.app.example/", "https://c.app.example/"], 0),
        ),
        ("sign-ins at once whose tokens are used, as nothing but the header shows", used_at_once()),
        (
            "a token that is used, though the clock is two hours ahead",
            capture().clock_ahead(120).sign_in(|s| s).api_call(|c| c.succeeds()).without("api/preflight"),
        ),
        ("an API of others that refuses a key of its own", refusing("Bearer sk_test_51Habcd", NO_REASON)),
        ("an API of others that refuses the token of another issuer", refusing(&foreign_token(), r#"Bearer error="insufficient_scope""#)),
        (
            "a frame that is left at once, with its page",
            capture()
                .sign_in(|s| s)
                .silent_frame(|r| r.gets_no_answer("net::ERR_ABORTED"))
                .edit("silent/authorize", |entry| entry.lasting_ms(60)),
        ),
        (
            "a token request that was under way when the recording ended",
            capture().sign_in(|s| s).edit("sign-in/token", |entry| entry.no_response("")),
        ),
        (
            "a redirect page that hands the code on to the next page, where the recording ends",
            capture().sign_in(|s| s.without_token()).app_page(),
        ),
        (
            "a token request whose body was not recorded",
            capture()
                .sign_in(|s| s.without_token())
                .exchange("token", script(&token_endpoint).method("POST").losing_request_body().losing_response_body())
                .wait(1)
                .app_page(),
        ),
        (
            "another provider that asks to sign in, and the application is told",
            noise(get("https://app.example/cb?error=login_required&error_description=The+client+specified+not+to+prompt&state=x")),
        ),
        (
            "a page of an application whose own error stands in its address",
            noise(get("https://app.example/login?error=access_denied&error_description=No+licence")),
        ),
        ("an answer of another AD FS than Entra ID's own", noise(answer_of_adfs())),
        ("the same after a sign-in that works", capture().sign_in(|s| s).exchange("adfs", answer_of_adfs())),
    ]);
    captures
}

const NO_REASON: &str = r#"Bearer error="invalid_token""#;

/// Sign-ins without a page at these redirect URIs, so many minutes apart, whose codes a server turns in.
fn web_sign_ins(addresses: [&'static str; 3], minutes: i64) -> CaptureBuilder {
    addresses.into_iter().fold(capture(), |capture, address| {
        let request = move |r: Authorize| r.by_server_library().redirect_uri(address);
        capture.sign_in(|s| s.without_credentials().session(OTHER_SESSION).without_token().request(request)).wait(minutes)
    })
}

/// Sign-ins at once, each with a call that works and no preflight.
fn used_at_once() -> CaptureBuilder {
    let round = |capture: CaptureBuilder, _| capture.sign_in(|s| s.without_credentials().session(OTHER_SESSION)).api_call(|c| c.succeeds());
    let used = (0..3).fold(capture(), round);
    ["api/preflight", "api 2/preflight", "api 3/preflight"].into_iter().fold(used, CaptureBuilder::without)
}

/// A sign-in, and a call of the same page to an API of others, with a token of theirs.
fn refusing(authorization: &str, challenge: &str) -> CaptureBuilder {
    let call = script("https://api.example/orders").header("authorization", authorization).status(401);
    capture().sign_in(|s| s).exchange("call", call.reply_header("www-authenticate", challenge))
}

/// A JWT that another identity provider issued.
fn foreign_token() -> String {
    let part = |json: &str| URL_SAFE_NO_PAD.encode(json);
    format!("Bearer {}.{}.c2ln", part(r#"{"alg":"RS256"}"#), part(r#"{"iss":"https://id.fabrikam.example/realms/x","aud":"orders"}"#))
}

fn answer_of_adfs() -> Entry {
    let answer = get("https://sts.fabrikam.example/adfs/oauth2/authorize?client_id=a&response_type=code&redirect_uri=x").status(302);
    answer.reply_header("location", "https://app.example/cb?error=login_required&error_description=MSIS9462%3a+Not+authenticated.&state=x")
}

/// The sign-in after the password, where a page asks one thing more, and the capture ends.
fn standing_at(code: &'static str, page: &'static str) -> CaptureBuilder {
    let signed_in =
        ["sign-in/kmsi", "sign-in/callback"].into_iter().fold(capture().sign_in(|s| s.without_token()), CaptureBuilder::without);
    signed_in.edit("sign-in/login", move |entry| {
        entry.html(format!(
            "<!DOCTYPE html>\n<html><head><script>//<![CDATA[\n$Config={{\"pgid\":\"{page}\",\"sErrorCode\":\"{code}\",\"sCtx\":\"ctx\"}};\n//]]></script></head></html>"
        ))
    })
}

#[test]
fn normal_traffic_gives_no_diagnosis() {
    let told = |(what, capture): (&str, CaptureBuilder)| {
        let told = diagnoses(&capture, &Expectation::default()).unwrap();
        (!told.is_empty()).then(|| format!("{what}: {:?}", told.iter().map(|diagnosis| &diagnosis.title).collect::<Vec<_>>()))
    };
    let wrong: Vec<String> = captures().into_iter().filter_map(told).collect();
    assert!(wrong.is_empty(), "{} are diagnosed:\n{}", wrong.len(), wrong.join("\n"));
}
