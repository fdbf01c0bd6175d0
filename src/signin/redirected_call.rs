//! Preflights that an API answers with a redirect to the sign-in page: the browser then never sends the call, and nobody asks
//! for that page. Attempts of their own.

use super::afterwards::Afterwards;
use super::{Attempt, Kind, Outcome, Symptom};
use crate::entra::{Step, Traffic};

/// Adds an attempt for each of them, on the tenant and application of the page that the API leads to.
pub(super) fn find<'c>(attempts: &mut Vec<Attempt>, traffic: &Traffic<'c>, afterwards: &Afterwards<'c>) {
    let is_redirected = |step: &Step<'c>| step.is_refused_preflight() && afterwards.calls.works(step) == Some(false);
    for (at, step) in traffic.steps.iter().enumerate().filter(|(_, step)| is_redirected(step)) {
        let Some(page) = step.authorization_led_to() else { continue };
        attempts.push(Attempt {
            id: attempts.len() + 1,
            kind: Kind::ApiCall,
            resolved_tenant: page.tenant.as_ref().and_then(|tenant| tenant.id().cloned()),
            tenant: page.tenant,
            client: page.client,
            correlation_id: None,
            account: None,
            steps: vec![at],
            begin: at,
            outcome: Outcome::Failed,
            failures: vec![Symptom::CallRedirected.shown_by("response.header.location", at)],
        });
    }
}
