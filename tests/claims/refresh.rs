//! Whether a refresh token failed before.

use super::case::{Case, at, not_recorded, not_seen, only_the_callback, seen};
use crate::support::{OTHER_APP, capture};

const TELEMETRY: &str = "request.body.x-client-last-telemetry";
const EARLIER: &str = "ea51e700-0000-4000-8000-000000000001";

pub(crate) fn cases() -> Vec<Case> {
    vec![
        seen(
            "refresh.failed-before",
            "one of this application was refused",
            capture().refresh(|t| t).silent_frame(|r| r),
            [at("refresh/token", "response.body.error_description").shows("invalid_grant, AADSTS700084, bad_token")],
        ),
        not_seen(
            "refresh.failed-before",
            "one of this application worked",
            capture().refresh(|t| t.succeeds()).silent_frame(|r| r),
            [at("refresh/token", "response.body.error")],
        ),
        not_seen(
            "refresh.failed-before",
            "one of another application was refused",
            capture().refresh(|t| t.app(OTHER_APP)).silent_frame(|r| r),
            [at("refresh/token", "request.url"), at("silent/authorize", "request.url")],
        ),
        not_seen(
            "refresh.failed-before",
            "one was refused and a later one worked",
            capture().refresh(|t| t).refresh(|t| t.succeeds()).silent_frame(|r| r),
            [at("refresh 2/token", "response.body.error"), at("refresh/token", "response.body.error")],
        ),
        not_recorded(
            "refresh.failed-before",
            "what an earlier token request asked is lost",
            capture().refresh(|t| t).edit("refresh/token", |entry| entry.losing_request_body().losing_request_headers()).silent_frame(|r| r),
            "an earlier token request was recorded without its body",
        ),
        not_seen(
            "refresh.failed-before",
            "the body of a reply with tokens is lost",
            capture().refresh(|t| t.succeeds()).without_response_bodies().silent_frame(|r| r),
            [at("refresh/token", "response.status")],
        ),
        not_recorded(
            "refresh.failed-before",
            "the reply to the refresh is lost, and may have been a page",
            capture().refresh(|t| t.succeeds()).edit("refresh/token", |e| e.html("-")).without_response_bodies().silent_frame(|r| r),
            "the reply to an earlier refresh was recorded without its body",
        ),
        not_recorded("refresh.failed-before", "no authorization request is in the capture", only_the_callback(), "not in the capture"),
        seen(
            "refresh.failure-remembered",
            "the library reports one from before the capture",
            capture().refresh(|t| t.succeeds().reporting(EARLIER, "bad_token")).silent_frame(|r| r),
            [at("refresh/token", TELEMETRY).shows("bad_token, correlation id ea51e700-0000-4000-8000-000000000001")],
        ),
        not_seen(
            "refresh.failure-remembered",
            "the library reports none",
            capture().refresh(|t| t.succeeds().reporting_nothing()).silent_frame(|r| r),
            [at("refresh/token", TELEMETRY)],
        ),
        not_recorded(
            "refresh.failure-remembered",
            "no token request is in the capture",
            capture().silent_frame(|r| r),
            "no token request with the library's telemetry",
        ),
    ]
}
