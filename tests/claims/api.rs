//! A claims challenge of an API, and whether the application answered it.

use super::case::{Case, at, not_recorded, not_seen, seen};
use crate::support::{CLAIMS, CaptureBuilder, Entry, Window, capture, get};

const CHALLENGE: &str = r#"Bearer error="insufficient_claims", claims="eyJhY2Nlc3NfdG9rZW4iOnt9fQ==""#;
const CONSENT: &str = r#"Bearer consentUri="https://login.microsoftonline.com/common/adminconsent", scopes="user.read", proposedAction="consent""#;
const HEADER: &str = "response.header.www-authenticate";

fn challenged() -> CaptureBuilder {
    capture().sign_in(|s| s).api_call(|c| c.challenges(CHALLENGE))
}

/// The application's page is loaded again, a while later.
fn goes_on(capture: CaptureBuilder) -> CaptureBuilder {
    capture.wait(1).app_page()
}

/// A page on which the application shows the error that its server got.
fn refused_by_app() -> Entry {
    let page = "<p>AADSTS7000215: Invalid client secret provided. Trace ID: 77770000-0000-4000-8000-00000000aaaa Correlation ID: \
                cccc0000-0000-4000-8000-00000000bbbb Timestamp: 2026-11-20 13:59:00Z</p>";
    get("https://app.example/failed").in_window(Window::Page, "none").status(500).reply_header("cache-control", "no-store").html(page)
}

pub(crate) fn cases() -> Vec<Case> {
    let silent = || capture().silent_frame(|r| r);
    vec![
        seen("api.claims-challenge", "the reply asks for claims", challenged(), [at("api/call", HEADER).shows("insufficient_claims")]),
        seen(
            "api.claims-challenge",
            "the scheme is in small letters and not the first",
            capture().sign_in(|s| s).api_call(|c| c.challenges(&format!("Negotiate, {}", CHALLENGE.replace("Bearer", "bearer")))),
            [at("api/call", HEADER)],
        ),
        not_seen(
            "api.claims-challenge",
            "the reply only says that the token is invalid",
            capture().sign_in(|s| s).api_call(|c| c),
            [at("api/call", HEADER)],
        ),
        not_seen(
            "api.claims-challenge",
            "the reply has its headers, and no challenge among them",
            capture().exchange("error-page", refused_by_app()),
            [at("error-page", HEADER)],
        ),
        not_recorded("api.claims-challenge", "what failed is no call of an API", silent(), "no call of an API"),
        seen(
            "api.challenge-answered",
            "a token is asked with those claims",
            challenged().refresh(|t| t.param("claims", CLAIMS).succeeds()),
            [at("refresh/token", "request.body.claims").shows("(a claims request)")],
        ),
        not_seen(
            "api.challenge-answered",
            "a token is asked without them",
            challenged().refresh(|t| t.succeeds()),
            [at("refresh/token", "request.body.claims")],
        ),
        not_seen(
            "api.challenge-answered",
            "the application goes on without it",
            goes_on(challenged()),
            [at("app/page", "request.url")],
        ),
        not_seen(
            "api.challenge-answered",
            "the same call is made again without it",
            challenged().api_call(|c| c.challenges(CHALLENGE)),
            [at("api 2/call", "request.url")],
        )
        .of_first_failure(),
        not_recorded(
            "api.challenge-answered",
            "a token is asked, and what was posted is not recorded",
            challenged().refresh(|t| t.succeeds()).edit("refresh/token", Entry::losing_request_body),
            "what was posted",
        ),
        not_recorded("api.challenge-answered", "nothing follows", challenged(), "ends at the API's refusal"),
        not_recorded("api.challenge-answered", "what follows comes at once", challenged().app_page(), "ends at the API's refusal"),
        not_recorded(
            "api.challenge-answered",
            "another page goes on",
            challenged().wait(1).exchange("other", get("https://other.example/x").header("origin", "https://other.example")),
            "ends at the API's refusal",
        ),
        not_recorded("api.challenge-answered", "what failed is no call of an API", silent(), "no call of an API"),
        seen(
            "api.challenge-refused",
            "the token that was asked for with those claims is refused",
            challenged().refresh(|t| t.param("claims", CLAIMS).fails(50173, "The session was revoked.")),
            [at("refresh/token", "request.url")],
        )
        .of_first_failure(),
        not_seen("api.challenge-refused", "no such token is asked for", goes_on(challenged()), [at("app/page", "request.url")]),
        not_recorded("api.challenge-refused", "the recording ends at the refusal", challenged(), "ends at the API's refusal"),
        not_recorded(
            "api.challenge-answered",
            "a second call was made before the first was answered",
            challenged().api_call(|c| c.challenges(CHALLENGE)).edit("api/call", |entry| entry.lasting_ms(900)),
            "ends at the API's refusal",
        )
        .of_first_failure(),
        not_recorded("api.challenge-refused", "what failed is no call of an API", silent(), "no call of an API"),
        seen(
            "api.asks-consent",
            "the API says so to a call that it forbids",
            capture().sign_in(|s| s).api_call(|c| c.challenges(CONSENT).status(403)),
            [at("api/call", HEADER).shows("asks for consent")],
        ),
        not_seen("api.asks-consent", "the API asks for claims", challenged(), [at("api/call", HEADER)]),
        not_recorded("api.asks-consent", "what failed is no call of an API", silent(), "no call of an API"),
        seen(
            "api.called-again",
            "a second call is refused like the first",
            challenged().api_call(|c| c.challenges(CHALLENGE)),
            [at("api 2/call", "request.url")],
        )
        .of_first_failure(),
        not_seen(
            "api.called-again",
            "only a call before was refused as well",
            goes_on(challenged().api_call(|c| c.challenges(CHALLENGE))),
            [at("api 2/call", "request.url")],
        ),
        not_seen("api.called-again", "there is one call", goes_on(challenged()), [at("api/call", "request.url")]),
        not_recorded("api.called-again", "nothing follows", challenged(), "ends at the API's refusal"),
        not_seen(
            "api.called-again",
            "the other call is another API's",
            goes_on(challenged().api_call(|c| c.url("https://other-api.example/items"))),
            [at("api 2/call", "request.url")],
        ),
        not_recorded("api.called-again", "what failed is no call of an API", silent(), "no call of an API"),
    ]
}
