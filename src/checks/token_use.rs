//! Tokens that pages send. Somebody had signed in for them, whether the capture shows that sign-in or begins after it.

use crate::entra::{Traffic, asking_page, lacks_token, may_carry_token};
use crate::exchange::Exchange;
use std::collections::HashMap;

/// The first call with a token of the pages of each origin, as the position of the step that follows it.
pub(super) fn read(traffic: &Traffic<'_>) -> HashMap<String, usize> {
    let authorization = traffic.recording.authorization.coverage;
    let carries = |exchange: &Exchange| may_carry_token(exchange) || lacks_token(exchange, authorization);
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
