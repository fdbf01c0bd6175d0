//! Causes that lie in the course of the sign-in.

use super::row::{Row, certain, in_frame, less_sure, named_by_code, neighbour, on_page};
use crate::support::{ADA, SESSION, capture};

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
    rows.extend([
        certain("sid-and-login-hint-together", "the request names both", both()),
        less_sure("sid-and-login-hint-together", "the request is not in the capture", both().without("silent/authorize")),
        neighbour("sid-and-login-hint-together", "session-id-malformed", "the service says AADSTS90007", in_frame(90007, "No id.")),
    ]);
    rows
}
