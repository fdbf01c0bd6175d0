//! Causes that lie in refresh tokens, assertions and token requests.

use super::row::{Row, certain, less_sure, likely, lost, named_by_code, neighbour, on_page, on_redeeming, on_refresh, sibling};
use crate::support::wire::jwt;
use crate::support::{APP, CONTOSO, CaptureBuilder, Entry, capture};
use serde_json::json;

const UNUSED: &str = "The token was issued on 2026-01-01T00:00:00.0000000Z and was inactive for 90.00:00:00.";
const A_DAY: &str = "The token has a limited lifetime of 1.00:00:00. It is a page's. The token was issued on 2026-11-18T13:00:00.000Z.";

pub(crate) fn rows() -> Vec<Row> {
    let without_dates = |code, text| on_refresh(code, text).without_response_bodies();
    let handed_in = |capture: CaptureBuilder| capture.client_credentials(|t| t.fails(500133, "The assertion is outside its time."));
    let skewed = || handed_in(handed_in(handed_in(capture().clock_ahead(20))));
    let exchanged = |code: u32, audience: &str, expires: i64| {
        let assertion = jwt(&json!({"aud": audience, "tid": CONTOSO, "exp": expires}));
        capture().on_behalf_of(|t| t.param("assertion", assertion).fails(code, "The assertion is not accepted."))
    };
    let body_lost = |capture: CaptureBuilder| capture.edit("on-behalf-of/token", Entry::losing_request_body);
    let mut rows = named_by_code(
        on_refresh,
        &[
            ("assertion-not-accepted", 50013, "The assertion is not accepted."),
            ("token-request-malformed", 9002313, "The request cannot be read."),
            ("assertion-not-accepted", 500131, "The audience is another."),
            ("assertion-expired", 500133, "The assertion is outside its time."),
            ("parameter-missing", 900144, "A parameter is missing."),
        ],
    );
    rows.extend([
        certain("refresh-token-expired-inactive", "by its own dates it lay unused too long", on_refresh(700082, UNUSED)),
        less_sure("refresh-token-expired-inactive", "the text with its dates is lost", without_dates(700082, UNUSED)),
        sibling("refresh-token-expired-inactive", "code-expired", "a code came too late", on_redeeming(70008, "Too late.").pause_before("sign-in/token", 900)),
        certain("spa-refresh-token-lifetime", "by its own dates it is too old", on_refresh(700084, A_DAY)),
        less_sure("spa-refresh-token-lifetime", "the text with its dates is lost", without_dates(700084, A_DAY)),
        neighbour("spa-refresh-token-lifetime", "refresh-token-expired-inactive", "it lay unused too long", on_refresh(700082, UNUSED)),
        certain("refresh-token-lifetime-over", "by its own dates it is too old", on_refresh(700081, A_DAY)),
        less_sure("refresh-token-lifetime-over", "the text with its dates is lost", without_dates(700081, A_DAY)),
        neighbour("refresh-token-lifetime-over", "spa-refresh-token-lifetime", "it is a page's", on_refresh(700084, A_DAY)),
        certain("assertion-not-accepted", "it was made for Microsoft Graph", exchanged(50013, "https://graph.microsoft.com", 2_000_000_000)),
        less_sure("assertion-not-accepted", "what was handed in is lost", body_lost(exchanged(50013, "https://graph.microsoft.com", 2_000_000_000))),
        sibling("assertion-not-accepted", "assertion-expired", "its time is over", exchanged(50013, APP.client_id, 1_700_000_000)),
        certain("assertion-expired", "by its own word its time is over", exchanged(500133, APP.client_id, 1_700_000_000)),
        less_sure("assertion-expired", "what was handed in is lost", body_lost(exchanged(500133, APP.client_id, 1_700_000_000))),
        sibling("assertion-expired", "clock-skew", "the clock is twenty minutes ahead", skewed()),
        sibling("assertion-expired", "assertion-not-accepted", "the service says AADSTS50013", on_refresh(50013, "Not accepted.")),
        sibling("token-request-malformed", "parameter-missing", "a parameter is missing", on_refresh(900144, "'resource' is missing.")),
        sibling("parameter-missing", "parameter-lost-in-service", "the request carries it", on_page(900144, "'client_id' is missing.")),
        likely("parameter-lost-in-service", "the request carries it", on_page(900144, "'client_id' is missing.")),
        sibling("parameter-lost-in-service", "parameter-missing", "the request lacks it", on_page(900144, "'resource' is missing.")),
        lost("parameter-lost-in-service", "the error's text is lost", on_page(900144, "")),
        likely("parameter-missing", "the service says AADSTS90014", on_refresh(90014, "A field is missing.")),
    ]);
    rows
}
