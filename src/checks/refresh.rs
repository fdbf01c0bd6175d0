//! Whether a refresh token failed before: then the silent request is the client's second choice.

use super::{Check, Claim, ClaimInfo, LooksAt, Observation, Record, Scene, Start};
use crate::entra::{Evidence, Step};
use crate::signin::{Attempt, FailureEvent, Kind, Outcome};

/// Whether a refresh token failed before.
pub(super) static CHECK: Check = Check {
    name: "refresh",
    about: "Whether a refresh token of the same application was refused before the silent request",
    looks_at: LooksAt::Circumstances,
    claims: &CLAIMS,
    observe,
};

static CLAIMS: [ClaimInfo; 2] = [
    ClaimInfo {
        name: "refresh.failed-before",
        seen: "A refresh token of the same application was refused just before, so the client fell back to this request.",
        not_seen: "No refresh token of the same application was refused before.",
        question: "Whether a refresh token of the same application was refused just before",
        record: Record::Earlier { before: Start::Page, with: "with request and response bodies", shows: "" },
    },
    ClaimInfo {
        name: "refresh.failure-remembered",
        seen: "The client library reports a failure from before the capture began.",
        not_seen: "The client library reports no earlier failure.",
        question: "Whether the library reports a failure from before the capture began",
        record: Record::Told("Record token requests with their bodies: the library reports its earlier failures in them."),
    },
];

fn observe(scene: &Scene<'_, '_>) -> Vec<Claim> {
    let [failed_before, remembered] = &CLAIMS;
    let known = &scene.index.attempts;
    let unreadable = scene.is_before(known.first_nameless_token.as_ref());
    let of_client = scene.attempt.client.clone().and_then(|client| known.of_kind.get(&(Some(client), Kind::Refresh)));
    let refreshes = || scene.earlier(of_client).rev();
    // Of a reply that was not recorded the status tells.
    let part = |step: &Step<'_>| if step.exchange.response.body.loss().is_some() { "response.status" } else { "response.body.error" };
    let place = |attempt: &Attempt| attempt.begin(scene.traffic).map(|step| Evidence::searched(step.entry, part(step)));
    let told = |event: &FailureEvent| scene.traffic.steps.get(event.step).map(|step| scene.names().failure(step.entry, &event.failure));
    // The last one counts: a refresh that worked since ends the story.
    let observation = match refreshes().next() {
        _ if scene.request().is_none() => scene.without_request(),
        None if unreadable => Observation::not_recorded("an earlier token request was recorded without its body"),
        None => Observation::not_seen(scene.searched_before()),
        Some(last) => match (last.outcome, last.failures.last().and_then(told)) {
            (Outcome::Failed, Some(told)) => Observation::seen(told),
            (Outcome::Succeeded, _) => Observation::not_seen(refreshes().filter_map(place)),
            _ => Observation::not_recorded("the reply to an earlier refresh was recorded without its body"),
        },
    };
    vec![failed_before.is(observation), remembered.is(reported(scene))]
}

fn reported(scene: &Scene<'_, '_>) -> Observation {
    let steps = &scene.traffic.steps;
    if let Some((at, id, error)) = &scene.index.reported
        && let Some(step) = steps.get(*at)
    {
        return Observation::seen(scene.names().telemetry(step, id, *error));
    }
    let told = scene.index.steps.telemetry.all();
    if told.is_empty() {
        Observation::not_recorded("no token request with the library's telemetry is in the capture")
    } else {
        Observation::not_seen(scene.steps_at(told).map(|step| Evidence::searched(step.entry, "request.body.x-client-last-telemetry")))
    }
}
