//! Normal noise says nothing.

use super::row::diagnoses;
use crate::support::{CONTOSO, CaptureBuilder, Entry, Window, capture, get, post};
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
    captures
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
