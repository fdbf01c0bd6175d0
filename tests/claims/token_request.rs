//! Where the token request came from.

use super::case::{Case, at, not_recorded, not_seen, seen};
use crate::support::wire::refused_in_json;
use crate::support::{CONTOSO, capture, get};

const ORIGIN: &str = "request.header.origin";
const SHARED: &str = "response.header.access-control-allow-origin";

pub(crate) fn cases() -> Vec<Case> {
    let from_page = || capture().refresh(|t| t);
    let from_server = || capture().client_credentials(|t| t);
    let unanswered = |why: &'static str| capture().refresh(|t| t.succeeds()).edit("refresh/token", move |entry| entry.no_response(why));
    let no_token = || capture().silent_frame(|r| r);
    let endpoint = format!("https://login.microsoftonline.com/{CONTOSO}/oauth2/v2.0/token");
    let asked = || {
        let preflight = get(endpoint.as_str()).method("OPTIONS").kind("preflight").header("origin", "https://app.example");
        preflight.header("access-control-request-method", "POST")
    };
    let asking_for_headers = || {
        let named = asked().header("access-control-request-headers", "content-type, x-own");
        named.reply_header("access-control-allow-origin", "*")
    };
    vec![
        seen("token-request.cross-origin", "a page made it", from_page(), [at("refresh/token", ORIGIN).shows("https://app.example")]),
        not_seen("token-request.cross-origin", "a server made it", from_server(), [at("server/token", ORIGIN)]),
        not_recorded(
            "token-request.cross-origin",
            "its headers are lost",
            from_server().edit("server/token", |entry| entry.without_header("accept")),
            "provisional headers",
        ),
        not_recorded("token-request.cross-origin", "what failed is no token request", no_token(), "token request is not"),
        seen(
            "token-request.not-shared",
            "the reply names no origin",
            from_page().edit("refresh/token", |entry| entry.without_reply_header("access-control-allow-origin")),
            [at("refresh/token", SHARED).shows("(none)"), at("refresh/token", "request.url")],
        ),
        not_seen("token-request.not-shared", "the reply names one", from_page(), [at("refresh/token", SHARED)]),
        not_recorded("token-request.not-shared", "the browser kept the reply", unanswered("net::ERR_FAILED"), "no reply is in the capture"),
        seen(
            "token-request.kept-from-page",
            "the browser says so",
            unanswered("net::ERR_FAILED"),
            [at("refresh/token", "response._error").shows("net::ERR_FAILED"), at("refresh/token", "request.url")],
        ),
        not_seen(
            "token-request.kept-from-page",
            "the name does not resolve",
            unanswered("net::ERR_NAME_NOT_RESOLVED"),
            [at("refresh/token", "response._error")],
        ),
        not_seen("token-request.kept-from-page", "the reply came", from_page(), [at("refresh/token", "response._error")]),
        not_recorded("token-request.kept-from-page", "nothing tells why no answer came", unanswered(""), "does not say why"),
        not_recorded("token-request.not-shared", "no reply came", unanswered("net::ERR_NAME_NOT_RESOLVED"), "no reply is in the capture"),
        not_recorded("token-request.not-shared", "a server need not be allowed", from_server(), "no page made the request"),
        seen(
            "token-request.preflighted",
            "the browser asked first",
            capture().exchange("preflight", get(endpoint.as_str()).method("OPTIONS").kind("preflight")).refresh(|t| t),
            [at("preflight", "request.url")],
        ),
        not_seen("token-request.preflighted", "the browser did not ask", from_page(), [at("refresh/token", "request.url")]),
        not_recorded("token-request.preflighted", "what failed is no token request", no_token(), "token request is not"),
        seen(
            "token-request.preflight-refused",
            "the browser asked first, and was refused",
            capture().exchange("preflight", asked().status(404)).refresh(|t| t),
            [at("preflight", "request.url")],
        ),
        seen(
            "token-request.preflighted",
            "its headers are named",
            capture().exchange("preflight", asking_for_headers()).refresh(|t| t),
            [at("preflight", "request.header.access-control-request-headers").shows("content-type, x-own")],
        ),
        seen(
            "token-request.preflight-refused",
            "one of its headers is not allowed, and is named",
            capture().exchange("preflight", asking_for_headers().reply_header("access-control-allow-headers", "Content-Type")).refresh(|t| t),
            [
                at("preflight", "request.header.access-control-request-headers").shows("x-own"),
                at("preflight", "response.header.access-control-allow-headers").shows("Content-Type"),
            ],
        ),
        not_recorded(
            "token-request.preflight-refused",
            "a proxy answered it",
            capture().exchange("preflight", asked().status(407)).refresh(|t| t),
            "in the place of the service",
        ),
        not_seen(
            "token-request.preflight-refused",
            "the browser asked first, and was allowed",
            capture().exchange("preflight", asked().reply_header("access-control-allow-origin", "*")).refresh(|t| t),
            [at("refresh/token", "request.url")],
        ),
        not_recorded("token-request.preflight-refused", "what failed is no token request", no_token(), "token request is not"),
        seen("token-request.from-browser", "a page made it", from_page(), [at("refresh/token", ORIGIN).shows("https://app.example")]),
        seen(
            "token-request.from-browser",
            "it has cookies of the sign-in service, and no header of a browser",
            from_server().edit("server/token", |entry| entry.header("cookie", "ESTSAUTHLIGHT=+a; fpc=a")),
            [at("server/token", "request.header.cookie").shows("ESTSAUTHLIGHT")],
        ),
        not_seen(
            "token-request.from-browser",
            "a server made it",
            from_server(),
            [ORIGIN, "request.header.sec-fetch-mode", "request.header.sec-ch-ua", "request.header.referer"].map(|part| at("server/token", part)),
        ),
        not_recorded("token-request.from-browser", "what failed is no token request", no_token(), "token request is not"),
        seen(
            "token-request.by-get",
            "the token endpoint was called so",
            capture().exchange("token", refused_in_json(get(endpoint.as_str()), "invalid_request", 900561, "Only POST.")),
            [at("token", "request.url")],
        ),
        not_seen("token-request.by-get", "it was called with POST", from_server(), [at("server/token", "request.url")]),
        not_seen("token-request.by-get", "another address was called so", no_token(), [at("silent/authorize", "request.url")]),
        not_recorded(
            "token-request.by-get",
            "an application repeats what its server was told",
            capture().exchange("app", get("https://app.example/signin").status(500).html("AADSTS900561: Only POST.")),
            "the service refused is not",
        ),
    ]
}
