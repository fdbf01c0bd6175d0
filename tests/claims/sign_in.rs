//! Whether a sign-in earlier in the capture opened a session.

use super::case::{Case, at, not_recorded, not_seen, only_the_callback, seen, signed_in_without_end, somewhere_in};
use crate::support::{CaptureBuilder, Entry, OTHER_APP, capture, user_agents};

/// A capture that begins after the sign-in, whose token the page uses.
pub(super) fn token_in_use() -> CaptureBuilder {
    let whole = capture().sign_in(|s| s).api_call(|c| c.url("https://graph.microsoft.com/v1.0/me").succeeds()).silent_frame(|r| r);
    let steps = ["authorize", "lookup", "login", "kmsi", "callback", "token"];
    steps.iter().fold(whole, |capture, step| capture.without(&format!("sign-in/{step}")))
}

fn of_other(entry: Entry) -> Entry {
    entry.header("origin", OTHER_APP.origin)
}

pub(crate) fn cases() -> Vec<Case> {
    let staying = || capture().sign_in(|s| s).silent_frame(|r| r);
    vec![
        seen(
            "sign-in.earlier",
            "somebody signed in",
            staying(),
            [at("sign-in/kmsi", "response.header.location.fragment.code").shows("code #1")],
        ),
        seen(
            "sign-in.earlier",
            "somebody signed in, and the code went to the application in a form",
            capture().sign_in(|s| s.by_form_post()).silent_frame(|r| r),
            [at("sign-in/kmsi", "response.body.input.code").shows("code #1")],
        ),
        not_seen(
            "sign-in.earlier",
            "the page was left without signing in",
            capture().sign_in(|s| s.abandoned()).silent_frame(|r| r),
            [at("sign-in/authorize", "request.url"), at("silent/authorize", "request.url")],
        ),
        not_seen(
            "sign-in.earlier",
            "the capture begins with the silent request",
            capture().silent_frame(|r| r),
            [at("silent/authorize", "request.url")],
        ),
        not_recorded("sign-in.earlier", "no authorization request is in the capture", only_the_callback(), "not in the capture"),
        not_recorded(
            "sign-in.earlier",
            "how an earlier sign-in ended is lost",
            signed_in_without_end().silent_frame(|r| r),
            "how an earlier sign-in ended",
        ),
        not_recorded(
            "sign-in.earlier",
            "the capture begins where an earlier sign-in ends",
            ["authorize", "lookup", "login", "kmsi", "callback"]
                .iter()
                .fold(capture().sign_in(|s| s).silent_page(|r| r), |capture, step| capture.without(&format!("sign-in/{step}"))),
            "came from before the capture",
        ),
        seen(
            "sign-in.earlier",
            "the service handed out a code, and the application left it where it was",
            capture().sign_in(|s| s.without_token()).wait(1).app_page().silent_frame(|r| r),
            [at("sign-in/kmsi", "response.header.location.fragment.code").shows("code #1")],
        ),
        not_recorded("sign-in.earlier", "the page has a token from before", token_in_use(), "came from before the capture"),
        not_recorded(
            "sign-in.earlier",
            "the page has a token from before, and the export has no tokens",
            token_in_use().sanitized(),
            "came from before the capture",
        ),
        not_seen(
            "sign-in.earlier",
            "the page of another application has a token from before",
            token_in_use().edit("api/call", of_other).edit("api/preflight", of_other),
            [at("silent/authorize", "request.url")],
        ),
        not_recorded(
            "sign-in.earlier",
            "the application turns in a refresh token from before",
            capture().refresh(|t| t.succeeds()).silent_frame(|r| r),
            "came from before the capture",
        ),
        not_recorded(
            "sign-in.earlier",
            "another browser signed in",
            capture().written_by("mitmproxy", "12.1.1").sign_in(|s| s).silent_frame(|r| r).edit("silent/authorize", |entry| {
                entry.header("user-agent", user_agents::FIREFOX)
            }),
            "another browser signed in",
        ),
        seen("sign-in.remembered", "“Stay signed in?” was answered with yes", staying(), [somewhere_in("sign-in/kmsi")]),
        not_seen(
            "sign-in.remembered",
            "“Stay signed in?” was answered with no",
            capture().sign_in(|s| s.not_staying()).silent_frame(|r| r),
            [at("sign-in/kmsi", "request.body.LoginOptions")],
        ),
        not_recorded(
            "sign-in.remembered",
            "“Stay signed in?” was not asked",
            capture().sign_in(|s| s.not_asked_to_stay()).silent_frame(|r| r),
            "was not asked",
        ),
        not_recorded(
            "sign-in.remembered",
            "the answer was lost",
            staying().edit("sign-in/kmsi", Entry::losing_request_body),
            "the answer to",
        ),
    ]
}
