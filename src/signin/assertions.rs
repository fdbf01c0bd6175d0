//! Programs that sign somebody in at the identity provider of a tenant (WS-Trust) and turn its assertion in at Entra ID.
//!
//! Nothing in the request to the provider is sent to Entra ID as well but the correlation id, which not every library sends; and
//! the assertion is in another coding there. So the one that was given and not turned in yet is taken for what is turned in; of
//! several, nothing tells which.

use crate::entra::{Endpoint, Grant, Guid, Known, Step};
use crate::exchange::Secret;
use std::collections::{HashMap, HashSet};

#[derive(Default)]
pub(super) struct Assertions {
    /// The hosts of the providers that Entra ID named for accounts that were looked up, and the ids of the lookups.
    hosts: HashSet<String>,
    lookups: HashSet<Guid>,
    /// Attempts by the correlation id of their requests to a provider.
    by_id: HashMap<Guid, usize>,
    /// The attempt that a provider, by its host, has not answered with an assertion or a refusal.
    open: HashMap<String, usize>,
    /// Attempts that were given an assertion and have not turned it in.
    given: HashSet<usize>,
    /// Attempts by what they turned in.
    turned_in: HashMap<Known, usize>,
}

impl Assertions {
    /// Takes note of a lookup of an account.
    pub(super) fn look_up(&mut self, step: &Step<'_>) {
        if let Some(host) = &step.reply.named_provider {
            self.hosts.insert(host.clone());
            self.lookups.extend(step.correlation_id());
        }
    }

    /// Whether a request to a provider begins an attempt: it is for Entra ID, and says more than that the provider can be asked.
    pub(super) fn is_for_entra(&self, step: &Step<'_>) -> bool {
        let follows_lookup = || self.hosts.contains(step.host_name()) || step.correlation_id().is_some_and(|id| self.lookups.contains(&id));
        let tells = !step.is_trust_metadata() || step.reply.provider_failed.is_some();
        tells && (step.asks_assertion_for_entra() || follows_lookup())
    }

    /// The attempt that goes on with a request to a provider.
    pub(super) fn goes_on(&self, step: &Step<'_>) -> Option<usize> {
        let by_id = step.correlation_id().and_then(|id| self.by_id.get(&id));
        by_id.or_else(|| self.open.get(step.host_name())).copied()
    }

    /// The attempt whose assertion a request to the token endpoint turns in.
    pub(super) fn turned_in(&self, step: &Step<'_>) -> Option<usize> {
        let assertion = assertion(step)?;
        let by_id = step.correlation_id().and_then(|id| self.by_id.get(&id)).filter(|index| self.given.contains(index));
        let same = assertion.told().and_then(|assertion| self.turned_in.get(&assertion));
        let only = || self.given.iter().next().filter(|_| self.given.len() == 1);
        same.or(by_id).or_else(only).copied()
    }

    pub(super) fn learn(&mut self, step: &Step<'_>, index: usize) {
        if let Some(assertion) = assertion(step).filter(|_| self.given.remove(&index)) {
            self.turned_in.extend(assertion.told().map(|assertion| (assertion, index)));
        }
        if !step.is_ws_trust() {
            return;
        }
        if let Some(id) = step.correlation_id() {
            self.by_id.insert(id, index);
        }
        // Kerberos and NTLM begin with a refusal, and libraries know other ways to ask than the provider's description.
        if step.status == Some(401) || step.is_trust_metadata() {
            self.open.insert(step.host_name().to_owned(), index);
        } else {
            self.open.remove(step.host_name());
        }
        if step.is_given_assertion() {
            self.given.insert(index);
        }
    }
}

fn assertion<'s>(step: &'s Step<'_>) -> Option<&'s Secret> {
    let turns_in = step.endpoint == Endpoint::Token && matches!(step.grant(), Some(Grant::SamlBearer | Grant::Saml11Bearer));
    step.params.get("assertion").filter(|_| turns_in)
}
