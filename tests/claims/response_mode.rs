//! The way in which the request wants its reply delivered.

use super::case::{Case, at, not_recorded, not_seen, only_the_callback, seen};
use crate::support::capture;

const MODE: &str = "request.url.query.response_mode";

pub(crate) fn cases() -> Vec<Case> {
    let asks = |kind: &'static str, mode: &'static str| {
        capture().redirect(move |r| r.param("response_type", kind).param("response_mode", mode).fails_on_a_page(70007, "Not so."))
    };
    let begin = || at("redirect/authorize", MODE);
    vec![
        seen("response-mode.tokens-in-query", "an ID token in the query", asks("code id_token", "query"), [begin().shows("query")]),
        seen("response-mode.tokens-in-query", "an access token in the query", asks("token", "Query"), [begin()]),
        not_seen("response-mode.tokens-in-query", "a code in the query", asks("code", "query"), [begin()]),
        not_seen("response-mode.tokens-in-query", "an ID token as a form", asks("id_token", "form_post"), [begin()]),
        not_recorded("response-mode.tokens-in-query", "the request is lost", only_the_callback(), "not in the capture"),
        seen("response-mode.unknown", "a misspelt one", asks("code", "form-post"), [begin()]),
        not_seen("response-mode.unknown", "a documented one", asks("code", "form_post"), [begin()]),
        not_seen("response-mode.unknown", "none is named", capture().redirect(|r| r.without_param("response_mode")), [begin()]),
        not_recorded(
            "response-mode.unknown",
            "the parameters stand in an object that the service was given before",
            capture().redirect(|r| r.without_param("response_mode").param("request_uri", "urn:ietf:params:oauth:request_uri:x")),
            "own parameters",
        ),
        not_recorded("response-mode.unknown", "the request is lost", only_the_callback(), "not in the capture"),
    ]
}
