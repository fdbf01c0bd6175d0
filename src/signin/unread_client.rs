//! Which application made a token request whose body was not recorded (a NetLog keeps none).

use super::Attempt;
use crate::entra::{ClientId, Endpoint, Step, Traffic, asking_page};
use std::collections::HashMap;
use std::hash::Hash;

/// Applications by what only one of them has; `None` where several have it.
struct OnlyOne<K>(HashMap<K, Option<ClientId>>);

impl<K: Hash + Eq> OnlyOne<K> {
    fn of<'a>(named: impl Iterator<Item = (K, &'a ClientId)>) -> Self {
        let mut all: HashMap<K, Option<ClientId>> = HashMap::new();
        for (key, client) in named {
            let known = all.entry(key).or_insert_with(|| Some(client.clone()));
            if known.as_ref() != Some(client) {
                *known = None;
            }
        }
        Self(all)
    }

    fn get(&self, key: &K) -> Option<ClientId> {
        self.0.get(key).cloned().flatten()
    }
}

/// Names the application by another request with the same correlation id: a library sends one id with all requests of a call,
/// as with a refresh and the hidden frame that follows it. Otherwise by the page that asks, where of a tenant, and in that browser,
/// the replies of only one application go there.
pub(super) fn name(attempts: &mut [Attempt], traffic: &Traffic<'_>) {
    let named = || attempts.iter().filter_map(|attempt| Some((attempt, attempt.client.as_ref()?)));
    let of_correlation = OnlyOne::of(named().filter_map(|(attempt, client)| Some((attempt.correlation_id.clone()?, client))));
    let at = |page: Option<String>, step: &Step<'_>| Some((page?, step.tenant.clone(), traffic.browser_of(step)));
    let replies_to = |attempt: &Attempt| attempt.begin(traffic).and_then(|step| at(step.redirect_origin(), step));
    let of_page = OnlyOne::of(named().filter_map(|(attempt, client)| Some((replies_to(attempt)?, client))));
    for attempt in attempts.iter_mut().filter(|attempt| attempt.client.is_none()) {
        let unread = attempt.begin(traffic).filter(|step| step.endpoint == Endpoint::Token && step.is_body_unread());
        let Some(step) = unread else { continue };
        let by_correlation = attempt.correlation_id.as_ref().and_then(|id| of_correlation.get(id));
        attempt.client = by_correlation.or_else(|| of_page.get(&at(asking_page(step.exchange), step)?));
    }
}
