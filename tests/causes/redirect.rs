//! Causes that lie in the redirect URI.

use super::row::{Row, certain, less_sure, named_by_code, neighbour, on_page, sibling};
use crate::support::{CaptureBuilder, OTHER_APP, TokenRequest, capture};

const HERE: &str = "https://app.example/signin";

/// The code is refused; the token request names this redirect URI.
fn redeemed_with(uri: &'static str, code: u32) -> CaptureBuilder {
    let change = move |t: TokenRequest| t.param("redirect_uri", uri).fails(code, "Refused.");
    capture().sign_in(move |s| s.request(|r| r.redirect_uri(HERE)).token(change))
}

pub(crate) fn rows() -> Vec<Row> {
    const REFUSED: &str = "The redirect URI 'https://app.example/signin' is not registered.";
    let refused = |text: &'static str| capture().redirect(move |r| r.redirect_uri(HERE).fails_on_a_page(50011, text));
    let plain = || capture().redirect(|r| r.redirect_uri("http://app.example/signin").fails_on_a_page(500117, "Not without encryption."));
    let mut rows = named_by_code(
        on_page,
        &[
            ("no-redirect-uri-registered", 500113, "None is registered."),
            ("redirect-uri-missing", 900971, "None was sent."),
            ("implicit-grant-not-enabled", 700054, "Not from this endpoint."),
        ],
    );
    let delivered = |kind: &'static str, mode: &'static str| {
        capture().redirect(move |r| r.param("response_type", kind).param("response_mode", mode).fails_on_a_page(70007, "Not so."))
    };
    rows.extend([
        certain("response-mode-not-allowed", "tokens are to come in the query", delivered("code id_token", "query")),
        certain("response-mode-not-allowed", "there is no such way", delivered("code", "web-message")),
        less_sure("response-mode-not-allowed", "the request shows nothing wrong", delivered("code", "form_post")),
        neighbour("response-mode-not-allowed", "implicit-grant-not-enabled", "tokens are not allowed", on_page(700054, "Not from here.")),
        certain("redirect-uri-mismatch", "the service names the one that was sent", refused(REFUSED)),
        less_sure("redirect-uri-mismatch", "the service's text names none", refused("It is not registered.")),
        sibling("redirect-uri-mismatch", "wrong-application-id", "another application was expected", refused(REFUSED))
            .expecting("", OTHER_APP.client_id),
        neighbour("redirect-uri-mismatch", "no-redirect-uri-registered", "none is registered", on_page(500113, "None is registered.")),
        certain("redirect-uri-not-secure", "the page is secure, and the redirect URI is not", plain()),
        less_sure(
            "redirect-uri-not-secure",
            "nothing tells the page",
            plain().edit("redirect/authorize", |entry| entry.without_header("referer")),
        ),
        neighbour("redirect-uri-not-secure", "redirect-uri-mismatch", "it is secure and not registered", refused(REFUSED)),
        certain("redirect-uri-changed", "the token request names another", redeemed_with("https://app.example/else", 500112)),
        less_sure(
            "redirect-uri-changed",
            "the first request is not in the capture",
            redeemed_with("https://app.example/else", 500112).without("sign-in/authorize"),
        ),
        sibling("redirect-uri-changed", "grant-not-accepted", "both name the same, and the code is refused", redeemed_with(HERE, 70000)),
        sibling(
            "grant-not-accepted",
            "redirect-uri-changed",
            "the token request names another redirect URI",
            redeemed_with("https://app.example/else", 70000),
        ),
    ]);
    rows
}
