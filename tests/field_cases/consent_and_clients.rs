//! Consent, redirect URIs, kinds of clients, and calls of scripts that end at the sign-in page. Rows 76 to 91.

use super::case::{Case, case};
use crate::support::{ADA, CONTOSO, CaptureBuilder, Entry, TokenRequest, Window, capture, get, words};
use entrace::analysis::{Inconclusive, Verdict};
use entrace::diagnosis::Confidence::{Certain, Likely};

const NOT_CONSENTED: &str = "The user or administrator has not consented to use the application with ID 'a0a0a0a0-0000-4000-8000-000000000001' named 'Desk'. \
                             Send an interactive authorization request for this user and resource.";
const NOT_SPA: &str = "Cross-origin token redemption is permitted only for the 'Single-Page Application' client-type. Request origin: 'https://app.example'.";
const SPA_ONLY: &str = "Tokens issued for the 'Single-Page Application' client-type may only be redeemed via cross-origin requests.";
const NO_CREDENTIAL: &str = "The request body must contain the following parameter: 'client_assertion' or 'client_secret'.";

fn approval_page(code: &str) -> String {
    format!(
        "<!DOCTYPE html>\n<html><head><title>Sign in</title><script>//<![CDATA[\n$Config={{\"pgid\":\"ConvergedConsent\"{code},\"sAppName\":\"Desk\"}};\n//]]></script></head><body>Need admin approval</body></html>"
    )
}

/// The sign-in ends on a page that asks for an administrator's approval.
fn approval(code: &'static str) -> CaptureBuilder {
    let address = "https://login.microsoftonline.com/common/reprocess?ctx=ctx-1&sessionid=5e555e55-0000-4000-8000-000000000001";
    let entry = get(address).in_window(Window::Page, "same-origin").html(approval_page(code)).reply_header("x-ms-ests-server", "2.1.1.1 - TEST ProdSlices");
    let signed_in = ["sign-in/kmsi", "sign-in/callback"].into_iter().fold(capture().sign_in(|s| s.without_token()), CaptureBuilder::without);
    signed_in.exchange("approval", entry)
}

fn refused_uri(sent: &'static str) -> CaptureBuilder {
    let text = format!("The redirect URI '{sent}' specified in the request does not match the redirect URIs configured for the application.");
    capture().redirect(move |r| r.redirect_uri(sent).fails_on_a_page(50011, &text))
}

const ORDERS: &str = "api://0f1c5b9e-1111-4222-8333-123456789abc/Orders.Read openid";

/// A refresh token is turned in for an API that nobody consented to.
fn asking_for_orders() -> CaptureBuilder {
    capture().sign_in(|s| s).refresh(|t| t.param("scope", ORDERS).fails(65001, NOT_CONSENTED))
}

/// A code is refused.
fn redeeming(tell: impl FnOnce(TokenRequest) -> TokenRequest + 'static) -> CaptureBuilder {
    capture().sign_in(|s| s.token(tell))
}

/// A script's call of the application's own API, and what the browser makes of the redirect.
fn call_redirected() -> CaptureBuilder {
    let address = format!("https://login.microsoftonline.com/{CONTOSO}/oauth2/v2.0/authorize?client_id=a0a0a0a0-0000-4000-8000-000000000001&state=b&response_type=code");
    let call = get("https://api.example/items").in_window(Window::Script, "cross-site").header("origin", "https://app.example").redirect(&*address);
    let followed = get(address).in_window(Window::Script, "cross-site").header("origin", "null").no_response("net::ERR_FAILED");
    capture().app_page().exchange("call", call).exchange("followed", followed)
}

pub(crate) fn cases() -> Vec<Case> {
    let by_browser = |entry: Entry| entry.without_header("origin").header("cookie", "ESTSAUTHLIGHT=+a; ESTSSC=00; CCState=a; esctx=a; fpc=a");
    vec![
        case(76, "a refresh token is turned in for another API", capture().sign_in(|s| s).refresh(|t| t.param("scope", "api://other/read openid").fails(65001, NOT_CONSENTED).suberror("consent_required")))
            .finds("AADSTS65001", "consent-missing", Likely)
            .unhandled(),
        case(
            77,
            "an API asks on behalf of a person",
            capture().client_credentials(|t| {
                let grant = t.param("grant_type", "urn:ietf:params:oauth:grant-type:jwt-bearer").param("assertion", "e30.e30.e30").param("requested_token_use", "on_behalf_of");
                grant.fails(65001, NOT_CONSENTED).suberror("consent_required")
            }),
        )
        .finds("AADSTS65001", "consent-missing", Likely)
        .advises("known client applications"),
        case(78, "the call is repeated silently for ever", (0..5).fold(capture().sign_in(|s| s), |capture, _| capture.silent_frame(|r| r.fails(65001, NOT_CONSENTED))))
            .finds("AADSTS65001", "consent-missing", Likely)
            .times(5)
            .advises("repeating the call silently never helps"),
        case(78, "the call is repeated for another API, and works", asking_for_orders().refresh(|t| t.succeeds()))
            .finds("AADSTS65001", "consent-missing", Likely)
            .unhandled(),
        case(78, "the call is repeated for the same API, and works", asking_for_orders().refresh(|t| t.param("scope", ORDERS).succeeds()))
            .finds("AADSTS65001", "consent-missing", Likely)
            .handled(),
        case(79, "an administrator has to consent", capture().redirect(|r| r.fails_on_a_page(90094, "The grant requires admin permission.")))
            .finds("AADSTS90094", "admin-consent-required", Likely),
        case(80, "the page says that approval is needed, and names its code", approval(",\"sErrorCode\":\"90094\""))
            .finds("AADSTS90094", "admin-consent-required", Likely),
        case(80, "the page says so in words alone", approval("")).does_not_tell("AADSTS90094").verdict(Verdict::Inconclusive(Inconclusive::PageNotAnswered)),
        case(81, "a proxy ends the encryption, and the application does not know", refused_uri("http://app.example/signin-oidc"))
            .finds("AADSTS50011", "redirect-uri-mismatch", Likely)
            .says("redirect-uri.plain-http")
            .advises("X-Forwarded-Proto"),
        case(
            82,
            "a slash too many",
            capture()
                .sign_in(|s| s.request(|r| r.redirect_uri("https://app.example/auth")))
                .redirect(|r| r.redirect_uri("https://app.example/auth/").fails_on_a_page(50011, "The redirect URI 'https://app.example/auth/' specified in the request does not match.")),
        )
        .finds("AADSTS50011", "redirect-uri-mismatch", Likely)
        .says("redirect-uri.near-miss")
        .advises("slash at the end"),
        case(83, "behind an ingress", refused_uri("http://app.example/signin-oidc").without_sec_fetch())
            .finds("AADSTS50011", "redirect-uri-mismatch", Likely)
            .says("redirect-uri.plain-http"),
        case(84, "a page turns its code in, and its redirect URI is one of a server", redeeming(|t| t.fails(9002326, NOT_SPA).error("invalid_request")))
            .finds("AADSTS9002326", "redirect-uri-not-spa", Certain)
            .says("token-request.cross-origin"),
        case(85, "a browser with its web security off turns the code in without Origin", redeeming(|t| t.fails(9002327, SPA_ONLY).error("invalid_request")).edit("sign-in/token", by_browser))
            .finds("AADSTS9002327", "origin-header-removed", Likely)
            .says("token-request.from-browser")
            .advises("chromeWebSecurity"),
        case(86, "a server turns in the code of a page", redeeming(|t| t.by_server().fails(9002327, SPA_ONLY).error("invalid_request")))
            .finds("AADSTS9002327", "spa-code-redeemed-by-server", Certain)
            .advises("platform Web"),
        case(87, "a page turns its code in without a secret", redeeming(|t| t.fails(7000218, NO_CREDENTIAL).error("invalid_client")))
            .finds("AADSTS7000218", "client-credential-missing", Likely)
            .says("token-request.cross-origin")
            .advises("Single-page application"),
        case(
            88,
            "a page asks for an ID token straight away",
            capture().redirect(|r| r.param("response_type", "id_token").fails(700054, "response_type 'id_token' is not enabled for the application.").error("unsupported_response_type")),
        )
        .finds("AADSTS700054", "implicit-grant-not-enabled", Likely)
        .advises("ID tokens"),
        case(89, "an API answers a script's call with a redirect to the sign-in page", call_redirected())
            .finds("call-redirected", "call-redirected-to-sign-in", Likely)
            .advises("401"),
        case(
            90,
            "a page's refresh token is a day old, and its frame finds no session",
            capture()
                .app_page()
                .refresh(|t| t.fails(700084, words::SPA_TOKEN_EXPIRED).suberror("bad_token"))
                .silent_frame(|r| r.cached_account(ADA).without_header("sec-fetch-storage-access").fails(50058, words::NO_COOKIES)),
        )
        .finds("AADSTS700084", "spa-refresh-token-lifetime", Likely)
        .unresolved("AADSTS50058")
        .led_to_by("AADSTS700084"),
        case(
            91,
            "a refresh token is refused, and the frame then works: so it is meant to be",
            capture().sign_in(|s| s).wait(1500).refresh(|t| t.fails(700084, words::SPA_TOKEN_EXPIRED).suberror("bad_token")).silent_frame(|r| r.succeeds()),
        )
        .expects_handled("AADSTS700084")
        .verdict(Verdict::Handled),
    ]
}
