//! Which application made a token request whose body was not recorded (a NetLog keeps none).

use super::Attempt;
use crate::entra::{ClientId, Endpoint, Guid, Traffic};
use std::collections::HashMap;

/// Names the application by another request with the same correlation id: a library sends one id with all requests of a call,
/// as with a refresh and the hidden frame that follows it.
pub(super) fn name(attempts: &mut [Attempt], traffic: &Traffic<'_>) {
    // `None` where requests of several applications have the same.
    let mut of_correlation: HashMap<Guid, Option<ClientId>> = HashMap::new();
    for attempt in attempts.iter().filter(|attempt| attempt.client.is_some()) {
        let Some(id) = attempt.correlation_id.clone() else { continue };
        let known = of_correlation.entry(id).or_insert_with(|| attempt.client.clone());
        if *known != attempt.client {
            *known = None;
        }
    }
    for attempt in attempts.iter_mut().filter(|attempt| attempt.client.is_none()) {
        let is_unread = attempt.begin(traffic).is_some_and(|step| step.endpoint == Endpoint::Token && step.is_body_unread());
        if let Some(id) = attempt.correlation_id.as_ref().filter(|_| is_unread) {
            attempt.client = of_correlation.get(id).cloned().flatten();
        }
    }
}
