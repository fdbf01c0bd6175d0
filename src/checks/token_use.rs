//! Tokens that pages send. Somebody had signed in for them, whether the capture shows that sign-in or begins after it.

use crate::entra::{Coverage, Traffic, asking_page, may_carry_token};
use crate::exchange::Exchange;
use crate::signin::{is_api_of_microsoft, worked};
use std::collections::HashMap;

/// The first call with a token of the pages of each origin, as the position of the step that follows it.
pub(super) fn read(traffic: &Traffic<'_>) -> HashMap<String, usize> {
    let is_recorded = traffic.recording.authorization.coverage == Coverage::Recorded;
    // Microsoft's own APIs answer hardly anything without a token.
    let must_have = |exchange: &Exchange| !is_recorded && worked(exchange) && is_api_of_microsoft(&exchange.request.url);
    let carries = |exchange: &Exchange| may_carry_token(exchange) || must_have(exchange);
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
