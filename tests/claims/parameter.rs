//! Whether the parameter that an error says is missing was sent.

use super::case::{Case, at, not_recorded, not_seen, seen};
use crate::support::{Entry, capture};

const MISSING: &str = "The request body must contain the following parameter: 'scope'.";

pub(crate) fn cases() -> Vec<Case> {
    let on_page = |without: &'static str| capture().redirect(move |r| r.without_param(without).fails_on_a_page(900144, MISSING));
    let posted = || capture().client_credentials(|t| t.fails(900144, MISSING));
    let as_json = |entry: Entry| entry.without_header("content-type").header("content-type", "application/json");
    let unnamed = || capture().redirect(|r| r.fails_on_a_page(900144, "Something is missing."));
    let told = || capture().keeping_fragments().redirect(|r| r.fails(900144, MISSING)).without("redirect/authorize");
    vec![
        seen("parameter.sent", "it stands in the address", on_page("none"), [at("redirect/authorize", "request.url.query.scope")]),
        seen("parameter.sent", "it stands in the form", posted(), [at("server/token", "request.body.scope")]),
        not_seen("parameter.sent", "it is not there", on_page("scope"), [at("redirect/authorize", "request.url.query.scope")]),
        not_seen(
            "parameter.sent",
            "what is posted is called no form",
            posted().edit("server/token", as_json),
            [at("server/token", "request.body.scope")],
        ),
        not_recorded("parameter.sent", "the error names none", unnamed(), "names no parameter"),
        not_recorded("parameter.sent", "what was posted is lost", posted().edit("server/token", Entry::losing_request_body), "posted"),
        not_recorded("parameter.sent", "only the application's page is there", told(), "is not in the capture"),
        seen("parameter.in-address", "it is a GET", on_page("none"), [at("redirect/authorize", "request.url")]),
        not_seen("parameter.in-address", "it is posted", posted(), [at("server/token", "request.body")]),
        not_recorded("parameter.in-address", "only the application's page is there", told(), "is not in the capture"),
    ]
}
