//! Causes that lie in the course of the sign-in.

use super::row::{Row, certain, in_frame, less_sure, likely, lost, named_by_code, neighbour, on_page, sibling};
use crate::support::wire::refused_in_json;
use crate::support::{ADA, APP, CONTOSO, SESSION, capture, get};

pub(crate) fn rows() -> Vec<Row> {
    let both = || capture().keeping_fragments().silent_frame(|r| r.sid(SESSION).login_hint(ADA).fails(90005, "One of the two."));
    let mut rows = named_by_code(
        on_page,
        &[
            ("stay-signed-in-not-answered", 50140, "Stay?"),
            ("app-confirmation-not-answered", 50199, "This one?"),
            ("sign-in-step-open", 50136, "On the way."),
            ("sign-in-page-expired", 50089, "The page is too old."),
            ("sign-in-context-lost", 165000, "Where were we?"),
            ("session-id-malformed", 90007, "That is no session id."),
            ("device-code-mistyped", 70018, "That is not the code."),
            ("device-code-expired", 70019, "The code is too old."),
        ],
    );
    let posted_for = format!("https://login.microsoftonline.com/{CONTOSO}/oauth2/v2.0/token?client_id={}", APP.client_id);
    let fetched = || capture().exchange("token", refused_in_json(get(posted_for.as_str()), "invalid_request", 900561, "Only POST."));
    let page_again = || on_page(900561, "Only POST.");
    let told_by_app = || capture().exchange("app", get("https://app.example/signin").status(500).html("AADSTS900561: Only POST."));
    rows.extend([
        likely("form-page-opened-again", "a page of the sign-in was opened", page_again()),
        sibling("form-page-opened-again", "token-request-not-posted", "the token endpoint was called", fetched()),
        lost("form-page-opened-again", "an application repeats what its server was told", told_by_app()),
        certain("token-request-not-posted", "the token endpoint was called", fetched()),
        sibling("token-request-not-posted", "form-page-opened-again", "a page of the sign-in was opened", page_again()),
        lost("token-request-not-posted", "an application repeats what its server was told", told_by_app()),
        certain("sid-and-login-hint-together", "the request names both", both()),
        less_sure("sid-and-login-hint-together", "the request is not in the capture", both().without("silent/authorize")),
        neighbour("sid-and-login-hint-together", "session-id-malformed", "the service says AADSTS90007", in_frame(90007, "No id.")),
    ]);
    rows
}
