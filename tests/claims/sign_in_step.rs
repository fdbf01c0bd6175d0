//! What ties a step that the service refused without a code to those before it.

use super::case::{Case, at, not_recorded, not_seen, seen};
use crate::support::wire::navigate;
use crate::support::{CaptureBuilder, Entry, capture};

const TX: &str = "request.url.query.tx";
const CSRF: &str = "request.url.query.csrf_token";
const COOKIE: &str = "request.header.cookie";
const STATUS: &str = "response.status";
const URL: &str = "request.url";

/// A journey of B2C whose second step is refused.
fn journey(params: &[(&str, &str)], change: impl FnOnce(Entry) -> Entry) -> CaptureBuilder {
    let authority = "https://contoso.b2clogin.com/contoso.onmicrosoft.com/B2C_1_signin";
    let begin = navigate(&format!("{authority}/oauth2/v2.0/authorize"), &[("client_id", "a"), ("state", "b"), ("response_type", "code")]);
    let step = navigate(&format!("{authority}/api/CombinedSigninAndSignup/confirmed"), params).status(400).html("Bad Request");
    let begin = begin.reply_header("set-cookie", "x-ms-cpim-csrf=a; secure");
    capture().sign_in(|s| s).exchange("begin", begin).exchange("step", change(step))
}

pub(crate) fn cases() -> Vec<Case> {
    let tied = || journey(&[("tx", "StateProperties=a"), ("csrf_token", "b")], |step| step.header("cookie", "x-ms-cpim-csrf=a"));
    let bare = || journey(&[], |step| step);
    let other = || capture().silent_frame(|r| r);
    let begin_refused = || capture().redirect(|r| r.gets_status(404));
    vec![
        seen("sign-in-step.untied", "its address has no query", bare(), [at("step", URL).shows("400")]),
        not_seen("sign-in-step.untied", "it names its transaction", tied(), [at("step", TX), at("step", CSRF)]),
        not_recorded("sign-in-step.untied", "it is the first step", begin_refused(), "is not known"),
        seen("sign-in-step.without-cookies", "none was sent", bare(), [at("step", URL).shows("400")]),
        not_seen("sign-in-step.without-cookies", "some were sent", tied(), [at("step", COOKIE)]),
        not_recorded("sign-in-step.without-cookies", "the recorder left them out", tied().sanitized(), "cookies"),
        seen("sign-in-step.not-found", "the host says so", begin_refused(), [at("redirect/authorize", URL).shows("404")]),
        not_seen("sign-in-step.not-found", "the host calls the request bad", bare(), [at("step", STATUS)]),
        not_recorded("sign-in-step.not-found", "something else failed", other(), "no step"),
    ]
}
