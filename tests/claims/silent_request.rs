//! Whether the request asked for an answer without showing anything.

use super::case::{Case, at, not_recorded, not_seen, only_the_callback, seen};
use crate::support::capture;

const URL: &str = "request.url";

pub(crate) fn cases() -> Vec<Case> {
    let in_place = |times: usize| (0..times).fold(capture(), |capture, _| capture.silent_page(|r| r));
    vec![
        seen(
            "silent-request.prompt-none",
            "the query says prompt=none",
            capture().silent_frame(|r| r.prompt("none")),
            [at("silent/authorize", "request.url.query.prompt").shows("none")],
        ),
        seen(
            "silent-request.prompt-none",
            "a posted request says prompt=none",
            capture().silent_frame(|r| r.prompt("none").posted()),
            [at("silent/authorize", "request.body.prompt").shows("none")],
        ),
        not_seen(
            "silent-request.prompt-none",
            "the request names no prompt",
            capture().redirect(|r| r),
            [at("redirect/authorize", "request.url.query.prompt")],
        ),
        not_seen(
            "silent-request.prompt-none",
            "the request asks for a page",
            capture().redirect(|r| r.prompt("select_account")),
            [at("redirect/authorize", "request.url.query.prompt")],
        ),
        seen(
            "silent-request.prompt-none",
            "a SAML request is passive",
            capture().saml(|s| s.passive()),
            [at("saml/request", "request.url.query.SAMLRequest")],
        ),
        not_seen(
            "silent-request.prompt-none",
            "a SAML request is not passive",
            capture().saml(|s| s),
            [at("saml/request", "request.url.query.SAMLRequest")],
        ),
        seen(
            "silent-request.in-place-of-page",
            "three in a row",
            in_place(3),
            [at("silent/authorize", URL), at("silent 2/authorize", URL), at("silent 3/authorize", URL)],
        ),
        not_seen("silent-request.in-place-of-page", "there are two", in_place(2), [at("silent 2/authorize", URL)]),
        not_seen(
            "silent-request.in-place-of-page",
            "the application also lets the person sign in",
            in_place(2).redirect(|r| r.gets_sign_in_page()).silent_page(|r| r),
            [at("silent 3/authorize", URL)],
        ),
        not_seen(
            "silent-request.in-place-of-page",
            "a person opens the page anew",
            (0..3).fold(capture(), |capture, _| capture.silent_page(|r| r).wait(1)),
            [at("silent 3/authorize", URL)],
        ),
        not_recorded("silent-request.in-place-of-page", "no authorization request is in the capture", only_the_callback(), "not in the capture"),
        not_recorded("silent-request.prompt-none", "no authorization request is in the capture", only_the_callback(), "not in the capture"),
    ]
}
