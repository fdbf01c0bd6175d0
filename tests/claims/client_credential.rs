//! How the application proves itself at the token endpoint, and whether it should.

use super::case::{Case, at, not_recorded, not_seen, seen};
use crate::support::{CaptureBuilder, Entry, capture};

const SECRET: &str = "request.body.client_secret";
const ASSERTION: &str = "request.body.client_assertion";
const HEADER: &str = "request.header.authorization";

/// The application sends its name and secret in a header, encoded like this.
fn in_header(encoded: &str) -> CaptureBuilder {
    let header = format!("Basic {encoded}");
    capture()
        .client_credentials(|t| t.without_param("client_secret"))
        .edit("server/token", move |entry| entry.header("Authorization", &header))
}

pub(crate) fn cases() -> Vec<Case> {
    let without = || capture().refresh(|t| t);
    let from_page = || capture().refresh(|t| t.param("client_secret", "a~secret"));
    let body_lost = || from_page().edit("refresh/token", Entry::losing_request_body);
    vec![
        seen(
            "client-credential.sent",
            "the request carries a secret",
            capture().client_credentials(|t| t),
            [at("server/token", SECRET).shows("(not shown)")],
        ),
        seen(
            "client-credential.sent",
            "the request carries an assertion",
            capture().client_credentials(|t| t.without_param("client_secret").param("client_assertion", "eyJ.assertion.x")),
            [at("server/token", ASSERTION).shows("(not shown)")],
        ),
        not_seen(
            "client-credential.sent",
            "the request carries neither",
            without(),
            [at("refresh/token", SECRET), at("refresh/token", ASSERTION)],
        ),
        seen(
            "client-credential.sent",
            "the request carries the secret in a header",
            in_header("YXBwOnNlY3JldA=="),
            [at("server/token", HEADER)],
        ),
        not_seen(
            "client-credential.sent",
            "the page adds the token of an API to all of its requests",
            without().edit("refresh/token", |entry| entry.header("Authorization", "Bearer eyJ.token.x")),
            [at("refresh/token", SECRET), at("refresh/token", ASSERTION)],
        ),
        not_seen(
            "client-credential.sent",
            "the secret is empty",
            capture().refresh(|t| t.param("client_secret", "")),
            [at("refresh/token", SECRET), at("refresh/token", ASSERTION)],
        ),
        not_recorded("client-credential.sent", "the body is lost", body_lost(), "token request with its body"),
        seen(
            "client-credential.is-assertion",
            "the request carries an assertion",
            capture().client_credentials(|t| t.without_param("client_secret").param("client_assertion", "eyJ.assertion.x")),
            [at("server/token", ASSERTION).shows("(not shown)")],
        ),
        not_seen(
            "client-credential.is-assertion",
            "the request carries a secret",
            capture().client_credentials(|t| t),
            [at("server/token", ASSERTION)],
        ),
        not_recorded("client-credential.is-assertion", "the request carries neither", without(), "neither a client secret nor an assertion"),
        not_recorded("client-credential.is-assertion", "the body is lost", body_lost(), "token request with its body"),
        seen("client-credential.from-browser", "a page sends a secret", from_page(), [at("refresh/token", SECRET)]),
        not_seen(
            "client-credential.from-browser",
            "a server sends a secret",
            capture().client_credentials(|t| t),
            [at("server/token", SECRET)],
        ),
        not_seen("client-credential.from-browser", "a page sends none", without(), [at("refresh/token", SECRET)]),
        not_recorded(
            "client-credential.from-browser",
            "the request's headers are lost",
            capture().client_credentials(|t| t).edit("server/token", |entry| entry.without_header("accept")),
            "nothing tells whether a browser",
        ),
        seen(
            "client-credential.looks-like-id",
            "the secret is a GUID",
            capture().client_credentials(|t| t.param("client_secret", "5ec5ec5e-0000-4000-8000-000000000001")),
            [at("server/token", SECRET).shows("(not shown)")],
        ),
        not_seen(
            "client-credential.looks-like-id",
            "the secret is none",
            capture().client_credentials(|t| t),
            [at("server/token", SECRET)],
        ),
        seen(
            "client-credential.looks-like-id",
            "the secret in the header is a GUID",
            in_header("YXBwOjVlYzVlYzVlLTAwMDAtNDAwMC04MDAwLTAwMDAwMDAwMDAwMQ=="),
            [at("server/token", HEADER)],
        ),
        not_seen(
            "client-credential.looks-like-id",
            "the secret in the header is none",
            in_header("YXBwOnNlY3JldA=="),
            [at("server/token", HEADER)],
        ),
        not_recorded(
            "client-credential.looks-like-id",
            "somebody took out what the header holds",
            in_header("REDACTED"),
            "cannot be read",
        ),
        not_recorded("client-credential.looks-like-id", "there is no secret", without(), "no client secret"),
        not_recorded("client-credential.looks-like-id", "the body is lost", body_lost(), "token request with its body"),
    ]
}
