//! Tokens that pages send. Somebody had signed in for them, whether the capture shows that sign-in or begins after it.

use crate::entra::{Coverage, Traffic, asking_page, holds_token};
use crate::exchange::Exchange;
use crate::signin::{is_api_of_microsoft, worked};
use std::collections::HashMap;

/// The first call with a token of the pages of each origin, as the position of the step that follows it.
pub(super) fn read(traffic: &Traffic<'_>) -> HashMap<String, usize> {
    let is_recorded = traffic.recording.authorization.coverage == Coverage::Recorded;
    let carries = |exchange: &Exchange| {
        let headers = &exchange.request.headers;
        // Microsoft's own APIs answer hardly anything without a token.
        let must_have = || !is_recorded && worked(exchange) && is_api_of_microsoft(&exchange.request.url);
        // Of a call that has nothing to do with signing in no more is kept than that it had one.
        let may_hold = || headers.value("authorization").is_none_or(|sent| sent.raw().is_empty() || holds_token(sent.raw()));
        let asked = headers.value("access-control-request-headers");
        let asks = || asked.is_some_and(|names| names.raw().to_ascii_lowercase().contains("authorization"));
        if headers.has("authorization") { may_hold() } else { asks() || must_have() }
    };
    let mut first = HashMap::new();
    let mut step = 0;
    for exchange in traffic.capture.exchanges.iter() {
        if exchange.kept_whole {
            step += 1;
        }
        if carries(exchange)
            && let Some(page) = asking_page(exchange)
        {
            first.entry(page).or_insert(step);
        }
    }
    first
}
