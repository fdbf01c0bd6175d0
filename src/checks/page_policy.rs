//! Whether the page's own Content-Security-Policy stopped the request, which nobody but the application can change.

use super::{Check, Claim, ClaimInfo, Observation, Scene};
use crate::entra::Evidence;
use crate::signin::failure_is;

/// Whether the page's own policy stopped the request.
pub(super) static CHECK: Check =
    Check { name: "page-policy", about: "Whether the page's own Content-Security-Policy stopped the request", claims: &CLAIMS, observe };

static CLAIMS: [ClaimInfo; 1] = [ClaimInfo {
    name: "page-policy.blocked",
    seen: "The page's own Content-Security-Policy stopped the request.",
    not_seen: "It was not the page's own Content-Security-Policy that stopped the request.",
    record: "Record with Chrome's or Edge's developer tools: their console names the directive that stopped a request.",
}];

/// What Chromium calls it in `_error` and in what it says of a blocked request.
const BLOCKED: [&str; 2] = ["ERR_BLOCKED_BY_CSP", "csp"];

/// What tells nothing of why: Chromium says the one of a failure of any kind, the other of a page that took its request back.
const UNTOLD: [&str; 2] = ["ERR_FAILED", "ERR_ABORTED"];

fn observe(scene: &Scene<'_, '_>) -> Vec<Claim> {
    let [blocked] = &CLAIMS;
    let stopped = match scene.failing() {
        None => Observation::not_recorded("the request is not in the capture"),
        Some(step) if failure_is(step.exchange, &BLOCKED) => Observation::seen(scene.names().step(step)),
        Some(step) if failure_is(step.exchange, &UNTOLD) => {
            Observation::not_recorded("the browser's error does not say why no answer came")
        }
        Some(step) if step.exchange.response.failure.is_some() => {
            Observation::not_seen([Evidence::searched(step.entry, "response._error")])
        }
        Some(step) if step.status.is_some() => Observation::not_seen([Evidence::searched(step.entry, "response.status")]),
        Some(_) => Observation::not_recorded("the recorder does not say why no answer came"),
    };
    vec![blocked.is(stopped)]
}
