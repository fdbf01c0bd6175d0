//! Causes of failures that never got a code.

use super::row::{Row, certain, likely, lost, neighbour, on_page, sibling, told_to_app};
use crate::support::wire::{navigate, program, refused_on_page, submit};
use crate::support::{Authorize, CLAIMS, CONTOSO, FABRIKAM, CaptureBuilder, Entry, OTHER_SESSION, Window, capture, console, get, words};
use serde_json::json;

/// A hidden frame that gets no answer, for this reason.
fn unanswered(reason: &'static str) -> CaptureBuilder {
    capture().silent_frame(move |r| r.gets_no_answer(reason))
}

/// A hidden frame of a page that has this policy for what is embedded in it.
fn framed_by(policy: &'static str, tell: impl FnOnce(Authorize) -> Authorize) -> CaptureBuilder {
    let page = capture().app_page().edit("app/page", |entry| entry.reply_header("cross-origin-embedder-policy", policy));
    page.silent_frame(tell)
}

/// The same, and Chromium did not show what came.
fn blocked_in(policy: &'static str) -> CaptureBuilder {
    framed_by(policy, |r| r.gets_no_answer("net::ERR_BLOCKED_BY_RESPONSE"))
}

/// A sign-in whose code was handed over, and whose token request this befalls.
fn tokens_lost(befalls: impl FnOnce(Entry) -> Entry) -> CaptureBuilder {
    capture().sign_in(|s| s).edit("sign-in/token", befalls)
}

/// An application that asks for the service's metadata before it begins, for nothing.
fn metadata_lost(reason: &'static str) -> CaptureBuilder {
    metadata(|entry| entry.no_response(reason))
}

/// An application that asks for the service's metadata before it begins, and is answered so.
fn metadata(answer: impl Fn(Entry) -> Entry) -> CaptureBuilder {
    let metadata = |capture: CaptureBuilder, name: &str, path: &str| {
        let entry = get(format!("https://login.microsoftonline.com/{path}")).in_window(Window::Script, "cross-site");
        capture.exchange(name, answer(entry.header("origin", "https://app.example")))
    };
    let asked = metadata(capture().app_page(), "instance", "common/discovery/instance?api-version=1.1");
    metadata(asked, "configuration", &format!("{CONTOSO}/v2.0/.well-known/openid-configuration"))
}

/// A page asks for the metadata of its authority and is answered so, and nothing comes of it.
fn metadata_refused(answer: impl FnOnce(Entry) -> Entry) -> CaptureBuilder {
    let address = "https://contoso.ciamlogin.com/contoso.onmicrosoft.com/v2.0/.well-known/openid-configuration";
    let asked = get(address).in_window(Window::Script, "cross-site").header("origin", "https://app.example");
    capture().app_page().exchange("metadata", answer(asked.reply_header("cache-control", "no-cache"))).wait(1).app_page()
}

/// Metadata with an issuer at the host of the tenant's id, as External ID gives it to everybody.
fn with_issuer_elsewhere(entry: Entry) -> Entry {
    let told = json!({"issuer": format!("https://{CONTOSO}.ciamlogin.com/{CONTOSO}/v2.0")});
    entry.json(&told).reply_header("access-control-allow-origin", "*")
}

/// A journey of B2C whose second step carries this, and is refused without a word.
fn journey_refused(params: &[(&str, &str)], cookies: &str) -> CaptureBuilder {
    let authority = "https://contoso.b2clogin.com/contoso.onmicrosoft.com/B2C_1_signin";
    let begin = navigate(&format!("{authority}/oauth2/v2.0/authorize"), &[("client_id", "a"), ("state", "b"), ("response_type", "code")]);
    let begin = begin.reply_header("set-cookie", "x-ms-cpim-csrf=a; secure");
    let step = navigate(&format!("{authority}/api/CombinedSigninAndSignup/confirmed"), params).status(400).html("Bad Request");
    let step = if cookies.is_empty() { step } else { step.header("cookie", cookies) };
    capture().sign_in(|s| s).exchange("begin", begin).exchange("step", step)
}

/// A sign-in page whose form is refused without a word.
fn login_refused() -> CaptureBuilder {
    let login = submit(&format!("https://login.microsoftonline.com/{CONTOSO}/login"), &[("ctx", "a"), ("login", "b")]);
    capture().redirect(|r| r.gets_sign_in_page()).exchange("login", login.status(400).html("Bad Request"))
}

/// A hidden frame that is answered with a page.
fn page_in_frame(policy: &'static str) -> CaptureBuilder {
    capture().silent_frame(|r| r.gets_status(200)).edit("silent/authorize", move |entry| entry.reply_header("x-frame-options", policy))
}

/// Tokens come, and the page's origin may not read them.
fn hidden_tokens() -> CaptureBuilder {
    let refreshed = capture().refresh(|t| t.succeeds());
    refreshed.edit("refresh/token", |entry| entry.without_reply_header("access-control-allow-origin"))
}

/// A script of the sign-in page that does not come.
fn missing_script() -> Entry {
    let script = get("https://aadcdn.msauth.net/shared/1.0/content/js/ConvergedLogin_PCore.js");
    script.in_window(Window::Script, "cross-site").kind("script").no_response("net::ERR_CONNECTION_RESET")
}

/// A script's call of the application that ends at the sign-in page.
fn redirected_call() -> CaptureBuilder {
    let address = format!("https://login.microsoftonline.com/{CONTOSO}/oauth2/v2.0/authorize?client_id=a&state=b&response_type=code");
    let call = get(address).in_window(Window::Script, "cross-site").header("origin", "null").no_response("net::ERR_FAILED");
    capture().exchange("call", call)
}

/// An API leads a call with a token to the sign-in page.
fn token_redirected() -> CaptureBuilder {
    let address = format!("https://login.microsoftonline.com/{CONTOSO}/oauth2/v2.0/authorize?client_id=a&state=b&response_type=code");
    let by_script = |url: &str| get(url).in_window(Window::Script, "cross-site").header("origin", "https://app.example");
    let call = by_script("https://api.example/orders").header("authorization", "Bearer of-the-page").redirect(address.clone());
    capture().exchange("api", call).exchange("call", by_script(&address).no_response("net::ERR_FAILED"))
}

/// A code comes to the hidden frame's redirect page, which this befalls, and the application goes on without it.
fn code_left(befalls: impl Fn(Entry) -> Entry + 'static) -> CaptureBuilder {
    let silent = capture().sign_in(|s| s).silent_frame(|r| r.by_form_post().succeeds().without_token());
    silent.edit("silent/callback", befalls).wait(1).app_page()
}

/// The same in a popup.
fn code_left_in_popup(befalls: impl Fn(Entry) -> Entry + 'static) -> CaptureBuilder {
    let popup = capture().sign_in(|s| s).redirect(|r| r.in_popup().by_form_post().succeeds().without_token());
    popup.edit("redirect/callback", befalls).wait(1).app_page()
}

/// The same in a popup that was opened by a page with this Cross-Origin-Opener-Policy, with MSAL of this version.
fn code_left_in_isolated_popup(version: &'static str, policy: &'static str) -> CaptureBuilder {
    let page = navigate("https://app.example/", &[]).html("<html></html>").reply_header("cross-origin-opener-policy", policy);
    let opened = capture().sign_in(|s| s).exchange("page", page);
    let popup = opened.redirect(move |r| r.in_popup().param("x-client-VER", version).by_form_post().succeeds().without_token());
    popup.wait(1).app_page()
}

/// The same in a window that the request's state does not tell.
fn code_left_in_untold_window() -> CaptureBuilder {
    let popup = capture().sign_in(|s| s).redirect(|r| r.in_popup().opaque_state().by_form_post().succeeds().without_token());
    popup.edit("redirect/callback", |entry| entry.reply_header("cross-origin-opener-policy", "same-origin")).wait(1).app_page()
}

/// The application begins the next sign-in as soon as one has worked.
fn again_and_again(times: usize) -> CaptureBuilder {
    (0..times).fold(capture(), |capture, _| capture.sign_in(|s| s.without_credentials().session(OTHER_SESSION).without_token()))
}

/// A token of US Government, sent to the worldwide Graph.
fn of_government() -> CaptureBuilder {
    let signed_in = capture().sign_in(|s| s.request(|r| r.host("login.microsoftonline.us")));
    signed_in.api_call(|c| c.url("https://graph.microsoft.com/v1.0/me"))
}

/// The person is sent on to AD FS.
fn sent_to_adfs() -> CaptureBuilder {
    let adfs = navigate("https://sts.contoso.example/adfs/ls/", &[("wa", "wsignin1.0"), ("wtrealm", "urn:federation:MicrosoftOnline")]);
    capture().sign_in(|s| s.abandoned()).exchange("adfs", adfs)
}

/// AD FS answers a program with a fault.
fn refused_by_adfs(words: &str) -> CaptureBuilder {
    let request = "<s:Envelope><a:Address>urn:federation:MicrosoftOnline</a:Address></s:Envelope>";
    let address = "https://sts.contoso.example/adfs/services/trust/13/usernamemixed";
    let fault = format!("<s:Envelope><s:Body><s:Fault><s:Text>{words}</s:Text></s:Fault></s:Body></s:Envelope>");
    capture().exchange("trust", program(address, &[]).posted("application/soap+xml", request).status(500).html(fault))
}

/// AD FS answers the password with the form that asks for it.
fn password_asked_again() -> CaptureBuilder {
    let page = "<html><form method=post><input name=\"UserName\" type=\"email\"><input name=\"Password\" type=\"password\"></form></html>";
    let form = [("UserName", "ada@contoso.example"), ("Password", "of-ada")];
    sent_to_adfs().exchange("typed", submit("https://sts.contoso.example/adfs/ls/", &form).html(page))
}

/// What AD FS sends back.
const RESULT: &[(&str, &str)] = &[("wa", "wsignin1.0"), ("wresult", "<t/>")];

/// The API refuses the token, and only the body says why.
fn refused_in_body(body: serde_json::Value) -> CaptureBuilder {
    capture().sign_in(|s| s).api_call(move |c| c.refuses_in_body(body))
}

/// Azure Resource Manager's words.
fn wrong_issuer() -> serde_json::Value {
    json!({"error": {"code": "InvalidAuthenticationTokenTenant", "message": "The access token is from the wrong issuer."}})
}

const CONSENT: &str = r#"Bearer consentUri="https://login.microsoftonline.com/common/adminconsent", scopes="user.read", proposedAction="consent""#;

/// The API refuses the token, with this challenge.
fn refused_by_api(challenge: &'static str) -> CaptureBuilder {
    capture().sign_in(|s| s).api_call(move |c| c.challenges(challenge))
}

/// The API asks for claims, the application asks the service for them, and the person leaves the page.
fn answered_in_vain() -> CaptureBuilder {
    let asked = refused_by_api(CLAIMS_CHALLENGE).sign_in(|s| s.named("again").request(|r| r.param("claims", CLAIMS)));
    ["lookup", "login", "kmsi", "callback", "token"].iter().fold(asked, |asked, step| asked.without(&format!("again/{step}")))
}

/// A token request with a header of the page's own, which the browser asks for in vain.
fn held_back() -> CaptureBuilder {
    let preflight = get(format!("https://login.microsoftonline.com/{CONTOSO}/oauth2/v2.0/token")).method("OPTIONS").kind("preflight");
    let preflight = preflight.header("origin", "https://app.example").header("access-control-request-method", "POST");
    let preflight = preflight.header("access-control-request-headers", "x-own").reply_header("access-control-allow-origin", "*");
    let refreshed = capture().exchange("preflight", preflight).refresh(|t| t.succeeds());
    refreshed.edit("refresh/token", |entry| entry.no_response("net::ERR_FAILED"))
}

/// The application sends its token once more after more than an hour, and the API refuses it with this challenge.
fn kept_too_long(challenge: &'static str) -> CaptureBuilder {
    capture().sign_in(|s| s).wait(70).api_call(move |c| c.challenges(challenge))
}

const EXPIRED: &str = r#"Bearer error="invalid_token", error_description="The token expired at '11/20/2026 12:00:00'""#;
const CLAIMS_CHALLENGE: &str = r#"Bearer error="insufficient_claims", claims="eyJhY2Nlc3NfdG9rZW4iOnt9fQ==""#;
const NO_REASON: &str = r#"Bearer error="invalid_token""#;
const ISSUER: &str = r#"Bearer error="invalid_token", error_description="The issuer 'x' is invalid""#;
const AUDIENCE: &str = r#"Bearer error="invalid_token", error_description="The audience 'x' is invalid""#;
const SCOPE: &str = r#"Bearer error="insufficient_scope""#;
const BLOCKED: &str = "net::ERR_BLOCKED_BY_CLIENT";
const NO_SUCH_NAME: &str = "net::ERR_NAME_NOT_RESOLVED";
const ABORTED: &str = "net::ERR_ABORTED";

const LAX: &str = ".AspNetCore.Correlation.abc=N; path=/signin-oidc; secure; SameSite=Lax";
const NONE: &str = ".AspNetCore.Correlation.abc=N; path=/signin-oidc; secure; SameSite=None";

/// A server sets this cookie, sends the person to sign in, and fails on the reply.
fn answered_server(cookie: &'static str) -> CaptureBuilder {
    let signed_in = capture().cookies_from_before(["ESTSAUTHPERSISTENT"]).sign_in(|s| {
        let request = |r: Authorize| r.by_server_library().redirect_uri("https://app.example/signin-oidc").sent_by_server(cookie);
        s.without_credentials().without_token().request(request)
    });
    signed_in.edit("sign-in/callback", |entry| entry.status(500))
}

/// Something on the way answers, with nothing of the service in its reply.
fn by_filter(entry: Entry) -> Entry {
    ["x-ms-request-id", "x-ms-ests-server"].into_iter().fold(entry.html("<h1>Not from here</h1>"), Entry::without_reply_header)
}

fn answered_in_its_place(status: u16) -> CaptureBuilder {
    capture().redirect(move |r| r.gets_status(status)).edit("redirect/authorize", by_filter)
}

/// The certificate in place of a password is asked for at a host of its own.
fn certificate_lost(error: &'static str) -> CaptureBuilder {
    let url = format!("https://certauth.login.microsoftonline.com/{CONTOSO}/certauth");
    let shown = submit(&url, &[("ctx", "c"), ("flowToken", "f")]).header("referer", "https://login.microsoftonline.com/");
    capture().sign_in(|s| s.abandoned()).exchange("certificate", shown.no_response(error))
}

/// A server has sent the person to sign in, and gets a code.
fn server_signed_in() -> CaptureBuilder {
    capture().sign_in(|s| s.without_token().request(Authorize::by_server_library))
}

/// More cookies than servers take, and this status and page for it.
fn too_many_cookies(status: u16, page: &'static str) -> CaptureBuilder {
    let pile: String = (0..80).map(|number| format!("esctx-{number:03}={}; ", "N".repeat(120))).collect();
    let refused = capture().redirect(move |r| r.gets_status(status));
    refused.edit("redirect/authorize", |entry| entry.header("cookie", pile).html(page))
}

/// As many cookies as the host took before.
fn as_many_cookies_as_before() -> CaptureBuilder {
    let pile: String = (0..80).map(|number| format!("esctx-{number:03}={}; ", "N".repeat(120))).collect();
    let before = get("https://login.microsoftonline.com/savedusers").in_window(Window::Page, "none").header("cookie", pile.clone());
    let refused = capture().exchange("before", before.html("<p>")).redirect(|r| r.gets_status(400));
    refused.edit("redirect/authorize", |entry| entry.header("cookie", pile).html("<h1>Bad Request</h1>"))
}

pub(crate) fn rows() -> Vec<Row> {
    let redirect_page_fails = || code_left(|entry| entry.status(500));
    let version_one = || capture().sign_in(|s| s.token(|t| t.version_one())).api_call(|c| c.challenges(ISSUER));
    let no_reason = || refused_by_api(NO_REASON);
    vec![
        certain("iframe-refused-to-load", "the page forbids to be framed", page_in_frame("DENY")),
        neighbour("iframe-refused-to-load", "iframe-no-response", "nothing came", unanswered(ABORTED)),
        certain("iframe-refused-to-load", "Chromium did not show what came, and the page around it demands nothing", blocked_in("unsafe-none")),
        lost(
            "iframe-refused-to-load",
            "nothing tells that it was a frame",
            capture().silent_frame(|r| r.gets_status(200).without_sec_fetch().opaque_state()),
        ),
        likely(
            "iframe-refused-to-load",
            "Chromium did not show what came, and the page around it is not in the capture",
            unanswered("net::ERR_BLOCKED_BY_RESPONSE"),
        ),
        sibling("iframe-refused-to-load", "frame-shut-out-by-page", "the page around it demands what nobody has", blocked_in("require-corp")),
        certain("frame-shut-out-by-page", "the page demands it, and Chromium did not show what came", blocked_in("require-corp; report-to=x")),
        certain("frame-shut-out-by-page", "the same where frames without credentials are let in", blocked_in("credentialless")),
        certain(
            "frame-shut-out-by-page",
            "Chromium says so",
            unanswered("net::ERR_BLOCKED_BY_RESPONSE.NotSameOriginAfterDefaultedToSameOriginByCoep"),
        ),
        sibling(
            "frame-shut-out-by-page",
            "iframe-refused-to-load",
            "the answer itself forbids to be shown",
            framed_by("require-corp", |r| r.gets_status(200)).edit("silent/authorize", |entry| entry.reply_header("x-frame-options", "DENY")),
        ),
        neighbour("frame-shut-out-by-page", "iframe-no-response", "nothing came", framed_by("require-corp", |r| r.gets_no_answer(ABORTED))),
        lost("frame-shut-out-by-page", "the page is not in the capture", unanswered("net::ERR_BLOCKED_BY_RESPONSE")),
        likely("iframe-no-response", "the frame was taken away before an answer came", unanswered(ABORTED)),
        likely(
            "iframe-no-response",
            "nothing tells why, and the library's patience was over",
            unanswered("").edit("silent/authorize", |entry| entry.lasting_ms(10_000)),
        ),
        likely(
            "iframe-no-response",
            "mitmproxy says in its HAR that the client left",
            unanswered("Client disconnected.").written_by("mitmproxy", "12.1.0").edit("silent/authorize", |entry| entry.lasting_ms(10_000)),
        ),
        likely(
            "iframe-no-response",
            "nothing came in time of a network that may be in order",
            unanswered("net::ERR_TIMED_OUT").edit("silent/authorize", |entry| entry.lasting_ms(10_000)),
        ),
        sibling("iframe-no-response", "request-blocked-by-client", "the browser stopped the request", unanswered(BLOCKED)),
        lost("iframe-no-response", "nothing tells why no answer came", unanswered("")),
        certain("request-blocked-by-client", "the browser says so", unanswered(BLOCKED)),
        certain("request-blocked-by-client", "the code was handed over, and the token request is stopped", tokens_lost(|entry| entry.no_response(BLOCKED))),
        certain("request-blocked-by-client", "not even the service's metadata can be asked for", metadata_lost(BLOCKED)),
        certain("sign-in-host-unreachable", "the service's name cannot be resolved, not even for its metadata", metadata_lost(NO_SUCH_NAME)),
        likely("sts-transient", "the code was handed over, and the token endpoint fails", tokens_lost(|entry| entry.status(503).html("<html></html>"))),
        likely(
            "sts-transient",
            "the token endpoint fails, and says nothing of origins",
            tokens_lost(|entry| entry.status(502).html("<html></html>").without_reply_header("access-control-allow-origin")),
        ),
        certain(
            "request-blocked-by-client",
            "the page's own policy stopped it",
            unanswered("net::ERR_BLOCKED_BY_CSP"),
        ),
        sibling("request-blocked-by-client", "sign-in-host-unreachable", "the name does not resolve", unanswered(NO_SUCH_NAME)),
        certain("sign-in-host-unreachable", "the connection breaks off under way", metadata_lost("net::ERR_CONNECTION_ABORTED")),
        certain("sign-in-host-unreachable", "the host for certificates is cut off", certificate_lost("net::ERR_CONNECTION_RESET")),
        likely("sign-in-host-unreachable", "a filter answers in the place of the service", answered_in_its_place(403)),
        likely("sign-in-host-unreachable", "a proxy wants to know who asks", answered_in_its_place(407)),
        likely(
            "sign-in-host-unreachable",
            "a filter answers the token request with a page",
            tokens_lost(|entry| by_filter(entry.status(200))),
        ),
        certain(
            "redirect-page-not-reached",
            "a server's redirect page cannot be reached",
            server_signed_in().edit("sign-in/callback", |entry| entry.no_response("net::ERR_CONNECTION_REFUSED")),
        ),
        lost("request-blocked-by-client", "nothing tells why no answer came", unanswered("")),
        certain("sign-in-host-unreachable", "the name does not resolve", unanswered(NO_SUCH_NAME)),
        likely("sign-in-host-unreachable", "MSAL's log says that there was no network", unanswered(""))
            .told_by(console("no_network_connectivity")),
        sibling("sign-in-host-unreachable", "request-blocked-by-client", "the browser stopped the request", unanswered(BLOCKED)),
        lost("sign-in-host-unreachable", "nothing tells why no answer came", unanswered("")),
        likely("authority-leads-nowhere", "the service knows no such page", capture().redirect(|r| r.gets_status(404))),
        likely("request-altered-on-the-way", "its parameters are gone", journey_refused(&[], "x-ms-cpim-csrf=a")),
        sibling(
            "request-altered-on-the-way",
            "sign-in-context-lost",
            "its cookies are gone",
            journey_refused(&[("tx", "StateProperties=a"), ("csrf_token", "b")], ""),
        ),
        sibling("sign-in-context-lost", "request-altered-on-the-way", "its parameters are gone", journey_refused(&[], "x-ms-cpim-csrf=a")),
        lost("request-altered-on-the-way", "what is posted is lost", login_refused().edit("login", Entry::losing_request_body)),
        certain("metadata-kept-from-page", "the reply allows no origin to read it", metadata_refused(|entry| entry.json(&json!({})))),
        sibling(
            "metadata-kept-from-page",
            "authority-leads-nowhere",
            "the reply names no origin either",
            metadata_refused(|entry| entry.status(404).html("Not found")),
        ),
        likely("authority-leads-nowhere", "there is no such user flow", metadata_refused(|entry| entry.status(404).html("Not found"))),
        sibling(
            "authority-leads-nowhere",
            "metadata-kept-from-page",
            "there is one, and the page may not read it",
            metadata_refused(|entry| entry.json(&json!({}))),
        ),
        likely("authority-not-trusted", "the issuer is at the host of the tenant's id", metadata_refused(with_issuer_elsewhere)),
        sibling(
            "authority-not-trusted",
            "metadata-kept-from-page",
            "the page may not read what it says",
            metadata_refused(|entry| with_issuer_elsewhere(entry).without_reply_header("access-control-allow-origin")),
        ),
        likely("token-request-cors-blocked", "the reply allows no origin to read it", hidden_tokens()),
        certain("token-request-cors-blocked", "the answer to its preflight does not allow a header", held_back()),
        likely(
            "token-request-cors-blocked",
            "the browser hides the reply",
            capture().refresh(|t| t.succeeds()).edit("refresh/token", |entry| entry.no_response("net::ERR_FAILED")),
        ),
        neighbour(
            "token-request-cors-blocked",
            "spa-refresh-token-lifetime",
            "the page may read that the token is refused",
            capture().refresh(|t| t.fails(700084, words::SPA_TOKEN_EXPIRED)),
        ),
        likely(
            "sign-in-page-assets-blocked",
            "its script does not come",
            capture().sign_in(|s| s.abandoned()).exchange("script", missing_script()),
        ),
        likely(
            "sign-in-page-assets-blocked",
            "a filter's page comes in the place of its script",
            capture().sign_in(|s| s.abandoned()).exchange("script", missing_script().status(403).html("<h1>Not from here</h1>")),
        ),
        neighbour("sign-in-page-assets-blocked", "redirect-uri-mismatch", "the page shows an error", on_page(50011, "Not registered.")),
        likely("call-redirected-to-sign-in", "a fetch ends at the authorization endpoint", redirected_call()),
        sibling("call-redirected-to-sign-in", "api-asks-for-sign-in-cookie", "the call brings a token", token_redirected()),
        likely("api-asks-for-sign-in-cookie", "the call brings a token", token_redirected()),
        sibling("api-asks-for-sign-in-cookie", "call-redirected-to-sign-in", "the API is asked from a page without a token", redirected_call()),
        lost("api-asks-for-sign-in-cookie", "the token is removed", token_redirected().edit("api", |entry| entry.without_header("authorization"))),
        neighbour("call-redirected-to-sign-in", "request-blocked-by-client", "a frame's request was stopped", unanswered(BLOCKED)),
        certain(
            "redirect-response-unhandled",
            "the redirect page forbids to be framed",
            code_left(|entry| entry.reply_header("x-frame-options", "DENY")),
        ),
        likely(
            "redirect-response-unhandled",
            "the redirect page forbids to be framed, and nothing tells that it was",
            capture()
                .sign_in(|s| s)
                .silent_page(|r| r.without_sec_fetch().opaque_state().by_form_post().succeeds().without_token())
                .edit("silent/callback", |entry| entry.reply_header("x-frame-options", "DENY"))
                .app_page(),
        ),
        likely("redirect-response-unhandled", "the redirect page drops the code", code_left(|entry| entry)),
        likely("redirect-response-unhandled", "the application fails on the reply", redirect_page_fails()),
        lost(
            "redirect-response-unhandled",
            "the application's server lets the person not in",
            answered_server(LAX).sanitized().edit("sign-in/callback", |entry| entry.status(403)),
        ),
        sibling(
            "redirect-response-unhandled",
            "redirect-page-not-reached",
            "the redirect page does not load",
            code_left(|entry| entry.no_response("net::ERR_CONNECTION_REFUSED")),
        ),
        certain("redirect-page-not-reached", "the browser says so", code_left(|entry| entry.no_response("net::ERR_CONNECTION_REFUSED"))),
        sibling("redirect-page-not-reached", "redirect-response-unhandled", "the redirect page drops the code", code_left(|entry| entry)),
        certain(
            "popup-cut-off",
            "the redirect page isolates itself",
            code_left_in_popup(|entry| entry.reply_header("cross-origin-opener-policy", "same-origin")),
        ),
        certain("popup-cut-off", "the page that opens it isolates itself", code_left_in_isolated_popup("4.21.0", "same-origin")),
        sibling("popup-cut-off", "redirect-response-unhandled", "the popup keeps its opener", code_left_in_popup(|entry| entry)),
        sibling(
            "popup-cut-off",
            "redirect-response-unhandled",
            "the page that opens it keeps its windows",
            code_left_in_isolated_popup("4.21.0", "same-origin-allow-popups"),
        ),
        sibling(
            "popup-cut-off",
            "redirect-response-unhandled",
            "the library needs no link to the popup",
            code_left_in_isolated_popup("5.1.0", "same-origin"),
        ),
        sibling(
            "popup-closed",
            "popup-cut-off",
            "the redirect page isolates itself, and the library finds the window closed",
            code_left_in_popup(|entry| entry.reply_header("cross-origin-opener-policy", "same-origin")),
        )
        .told_by(console("user_cancelled")),
        sibling("popup-closed", "redirect-response-unhandled", "nothing says that the window was closed", code_left_in_popup(|entry| entry)),
        lost("popup-closed", "the library finds the window closed, after it had a reply", code_left_in_popup(|entry| entry))
            .told_by(console("user_cancelled")),
        lost("popup-cut-off", "nothing tells that it was a popup", code_left_in_untold_window()),
        certain("sign-in-loop", "three sign-ins work, one at the heels of the other", again_and_again(3)),
        sibling(
            "sign-in-loop",
            "client-request-loop",
            "the service stops an application that asks and asks",
            (0..3).fold(capture(), |capture, _| capture.silent_frame(|r| r.fails(50196, "The client asks in a loop."))),
        ),
        certain("clock-skew", "the computer is two hours ahead", capture().clock_ahead(120).sign_in(|s| s).app_page()),
        certain("clock-skew", "the computer is an hour behind", capture().clock_ahead(-60).sign_in(|s| s).app_page()),
        sibling("clock-skew", "wrong-tenant-token", "an API refuses the issuer", refused_by_api(ISSUER)),
        lost(
            "clock-skew",
            "the replies' dates are lost",
            capture().clock_ahead(120).sign_in(|s| s).app_page().everywhere(|entry| entry.without_reply_header("date")),
        ),
        certain(
            "claims-challenge-unhandled",
            "the application goes on without an answer",
            refused_by_api(CLAIMS_CHALLENGE).wait(1).app_page(),
        ),
        certain("claims-challenge-not-met", "the sign-in that was asked for with the claims is left", answered_in_vain()),
        sibling(
            "claims-challenge-not-met",
            "claims-challenge-unhandled",
            "the application asks for no such token",
            refused_by_api(CLAIMS_CHALLENGE).wait(1).app_page(),
        ),
        likely("claims-challenge-unhandled", "the recording ends at the refusal", refused_by_api(CLAIMS_CHALLENGE)),
        sibling("claims-challenge-unhandled", "wrong-tenant-token", "the API refuses the issuer", refused_by_api(ISSUER)),
        certain(
            "wrong-tenant-token",
            "the API refuses the issuer, and the token is of another tenant than the one asked",
            capture().sign_in(|s| s.token(|t| t.tenant(FABRIKAM))).api_call(|c| c.challenges(ISSUER)),
        ),
        likely("wrong-tenant-token", "the API refuses the issuer of a token of version 2: it may expect version 1", refused_by_api(ISSUER)),
        likely("wrong-tenant-token", "an API of somebody else's says so in the body", refused_in_body(wrong_issuer())),
        sibling("wrong-tenant-token", "token-for-another-api", "the API refuses the audience", refused_by_api(AUDIENCE)),
        lost("wrong-tenant-token", "the API gives no reason", no_reason()),
        certain(
            "wrong-tenant-token",
            "Azure Resource Manager says so in the body",
            capture().sign_in(|s| s).api_call(|c| c.url("https://management.azure.com/subscriptions").refuses_in_body(wrong_issuer())),
        ),
        certain("token-for-another-api", "a problem of RFC 9457 says so", refused_in_body(json!({"title": "Unauthorized", "detail": "IDX10214: x"}))),
        certain("token-for-another-api", "the body says so, and no token is recorded", refused_in_body(json!({"message": "Invalid audience"})).sanitized()),
        certain("api-consent-missing", "the API says so", capture().sign_in(|s| s).api_call(|c| c.challenges(CONSENT).status(403))),
        sibling("api-consent-missing", "token-lacks-permission", "the API misses a scope", refused_by_api(SCOPE)),
        neighbour("api-consent-missing", "consent-missing", "the service says AADSTS65001", told_to_app(65001, "No consent.")),
        lost(
            "wrong-tenant-token",
            "the API speaks of a tenant, and does not refuse it",
            refused_by_api(r#"Bearer error="invalid_token", error_description="Missing header X-Tenant""#),
        ),
        sibling(
            "wrong-tenant-token",
            "token-for-another-api",
            "the API refuses the audience, for a tenant",
            refused_by_api(r#"Bearer error="invalid_token", error_description="The audience 'x' is invalid for tenant y""#),
        ),
        sibling(
            "wrong-tenant-token",
            "token-lacks-permission",
            "the API misses a permission with the word tenant in it",
            refused_by_api(r#"Bearer error="insufficient_scope", error_description="Lacks role Tenant.Read.All""#),
        ),
        sibling(
            "token-of-other-version",
            "wrong-tenant-token",
            "the token is of version 1, and of another tenant than the one asked",
            capture().sign_in(|s| s.token(|t| t.tenant(FABRIKAM).version_one())).api_call(|c| c.challenges(ISSUER)),
        ),
        lost("token-of-other-version", "the token is of version 1, and of the very tenant that was asked", version_one()),
        lost("wrong-tenant-token", "the token is of version 1, and of the very tenant that was asked", version_one()),
        lost(
            "token-of-other-version",
            "the token is lost",
            version_one().sanitized().without_response_bodies(),
        ),
        certain("token-of-other-cloud", "a token of US Government at the worldwide Graph", of_government()),
        certain(
            "token-of-other-cloud",
            "the API refuses the audience, too",
            of_government().edit("api/call", |entry| entry.without_reply_header("www-authenticate").reply_header("www-authenticate", AUDIENCE)),
        ),
        likely("token-of-other-cloud", "the call does not show its token", of_government().sanitized()),
        sibling("token-of-other-cloud", "token-for-another-api", "the API refuses the audience", refused_by_api(AUDIENCE)),
        lost("token-of-other-cloud", "the token is lost", of_government().sanitized().without_response_bodies()),
        likely("identity-provider-failed", "AD FS is out of order", sent_to_adfs().edit("adfs", |adfs| adfs.status(503))),
        sibling(
            "identity-provider-failed",
            "federated-credentials-refused",
            "its fault names the credentials",
            refused_by_adfs("ID3242: Not authenticated."),
        ),
        neighbour(
            "identity-provider-failed",
            "federated-realm-unknown",
            "it is Entra ID that refuses",
            sent_to_adfs().exchange("back", refused_on_page(submit("https://login.microsoftonline.com/login.srf", RESULT), 50107, "No realm.")),
        ),
        likely("federated-credentials-refused", "AD FS asks for the password again", password_asked_again()),
        likely("federated-credentials-refused", "AD FS does not accept a program's password", refused_by_adfs("ID3242: Not authenticated.")),
        sibling(
            "federated-credentials-refused",
            "federated-access-denied",
            "its rules deny access",
            refused_by_adfs("MSIS3126: Access denied."),
        ),
        lost(
            "federated-credentials-refused",
            "the fault is lost",
            refused_by_adfs("ID3242: Not authenticated.").without_response_bodies(),
        ),
        likely("federated-access-denied", "AD FS denies a program access", refused_by_adfs("MSIS3126: Access denied.")),
        sibling(
            "federated-access-denied",
            "identity-provider-failed",
            "the fault names something else",
            refused_by_adfs("MSIS3127: The specified request failed."),
        ),
        lost("federated-access-denied", "the fault is lost", refused_by_adfs("MSIS3126: Access denied.").without_response_bodies()),
        certain("token-for-another-api", "the API refuses the audience", refused_by_api(AUDIENCE)),
        certain(
            "token-for-another-api",
            "the API gives no reason, and the token is for Microsoft Graph",
            capture().sign_in(|s| s.token(|t| t.audience("https://graph.microsoft.com"))).api_call(|c| c),
        ),
        likely(
            "token-for-another-api",
            "the call does not show its token, and the last that was given out is for Microsoft Graph",
            capture().sign_in(|s| s.token(|t| t.audience("https://graph.microsoft.com"))).api_call(|c| c).sanitized(),
        ),
        sibling("token-for-another-api", "token-lacks-permission", "the API misses a scope", refused_by_api(SCOPE)),
        lost(
            "token-for-another-api",
            "the API gives no reason, and the token is lost",
            no_reason().sanitized().without_response_bodies(),
        ),
        certain("token-lacks-permission", "the API misses a scope", refused_by_api(SCOPE)),
        sibling("token-lacks-permission", "token-for-another-api", "the API refuses the audience", refused_by_api(AUDIENCE)),
        lost("token-lacks-permission", "the API gives no reason", no_reason()),
        certain("access-token-expired", "an hour and more has gone by, and the API says so", kept_too_long(EXPIRED)),
        certain("access-token-expired", "the call does not show its token", kept_too_long(EXPIRED).sanitized()),
        likely("access-token-expired", "the API gives no reason", kept_too_long(NO_REASON)),
        likely("access-token-expired", "the token is lost", kept_too_long(EXPIRED).sanitized().without_response_bodies()),
        sibling("access-token-expired", "token-for-another-api", "the API refuses the audience", refused_by_api(AUDIENCE)),
        lost("access-token-expired", "the token is lost, and the API gives no reason", kept_too_long(NO_REASON).sanitized().without_response_bodies()),
        sibling(
            "access-token-expired",
            "clock-skew",
            "the computer is an hour behind",
            capture().clock_ahead(-60).sign_in(|s| s).api_call(|c| c.challenges(EXPIRED)),
        ),
        likely("sts-transient", "the service answers with 503", capture().silent_frame(|r| r.gets_status(503))),
        likely(
            "sts-transient",
            "an error that no frame may show",
            capture().silent_frame(|r| r.gets_status(503)).edit("silent/authorize", |entry| entry.reply_header("x-frame-options", "DENY")),
        ),
        likely("sts-transient", "the service's metadata cannot be had", metadata(|entry| entry.status(503).html("<html></html>"))),
        likely("sts-transient", "the service throttles", capture().redirect(|r| r.gets_status(429))),
        likely("sts-transient", "the service says AADSTS90033", capture().silent_frame(|r| r.fails(90033, "Not now."))),
        neighbour("sts-transient", "directory-fault", "the directory's fault does not pass", capture().silent_frame(|r| r.fails(90036, "Not ever."))),
        certain(
            "state-mismatch",
            "another state comes back",
            capture().sign_in(|s| s.request(|r| r.by_form_post().returning_state("another")).without_token()),
        ),
        certain("state-mismatch", "another nonce comes back", capture().sign_in(|s| s.token(|t| t.nonce("another")))),
        neighbour("state-mismatch", "redirect-response-unhandled", "the reply fits, and is dropped", code_left(|entry| entry)),
        likely(
            "sign-in-declined",
            "the application is told access_denied",
            capture().redirect(|r| r.fails_without_code("access_denied", "The person said no.")),
        ),
        neighbour("sign-in-declined", "consent-declined", "the service says AADSTS65004", capture().redirect(|r| r.fails(65004, "No."))),
        certain("app-cookie-lost", "it is limited to its site, and the reply is posted", answered_server(LAX)),
        likely("app-cookie-lost", "it stays behind, and nothing tells why", answered_server(NONE)),
        likely(
            "app-cookie-lost",
            "the cookies are removed, and the application's page says that it does not know the reply again",
            answered_server(LAX).sanitized().edit("sign-in/callback", |entry| entry.html("<h1>Exception: Correlation failed.</h1>")),
        ),
        sibling(
            "app-cookie-lost",
            "redirect-response-unhandled",
            "it comes back",
            answered_server(LAX).edit("sign-in/callback", |entry| entry.header("cookie", ".AspNetCore.Correlation.abc=N")),
        ),
        lost("app-cookie-lost", "the cookies are removed", answered_server(LAX).sanitized()),
        certain("cookies-too-large", "the status says so", too_many_cookies(431, "")),
        certain("cookies-too-large", "the server's page says so", too_many_cookies(400, "<p>Request Header Or Cookie Too Large</p>")),
        likely("cookies-too-large", "there are eighty of them, and the request is called bad", too_many_cookies(400, "<h1>Bad Request</h1>")),
        lost("cookies-too-large", "the same host took as many before", as_many_cookies_as_before()),
        neighbour("cookies-too-large", "sts-transient", "the service is busy", capture().redirect(|r| r.gets_status(503))),
        lost("cookies-too-large", "the cookies are removed", capture().sanitized().redirect(|r| r.gets_status(431))),
        likely(
            "redirect-page-not-reached",
            "it is in a local network, and the recorder gives no reason",
            capture()
                .sign_in(|s| s)
                .silent_frame(|r| r.redirect_uri("http://10.20.30.40/auth").succeeds().without_token())
                .edit("silent/callback", |entry| entry.no_response("")),
        ),
    ]
}
