//! Whether a refresh token failed before: then the silent request is the client's second choice.

use super::{Check, Claim, ClaimInfo, Observation, Scene};
use crate::entra::{Endpoint, Evidence};
use crate::signin::{Attempt, Kind, Outcome};

/// Whether a refresh token failed before.
pub(super) static CHECK: Check = Check {
    name: "refresh",
    about: "Whether a refresh token of the same application was refused before the silent request",
    claims: &CLAIMS,
    observe,
};

static CLAIMS: [ClaimInfo; 2] = [
    ClaimInfo {
        name: "refresh.failed-before",
        seen: "A refresh token of the same application was refused just before, so the client fell back to this request.",
        not_seen: "No refresh token of the same application was refused before.",
        record: "Record from before the page loads, with request and response bodies.",
    },
    ClaimInfo {
        name: "refresh.failure-remembered",
        seen: "The client library reports a failure from before the capture began.",
        not_seen: "The client library reports no earlier failure.",
        record: "Record token requests with their bodies: the library reports its earlier failures in them.",
    },
];

fn observe(scene: &Scene<'_, '_>) -> Vec<Claim> {
    let [failed_before, remembered] = &CLAIMS;
    let same_client = |client: &Option<String>| client.is_some() && *client == scene.attempt.client;
    let at_token = |attempt: &&Attempt| attempt.begin(scene.traffic).is_some_and(|step| step.endpoint == Endpoint::Token);
    let unreadable = scene.earlier_attempts().filter(at_token).any(|attempt| attempt.client.is_none());
    let refreshes: Vec<_> =
        scene.earlier_attempts().filter(|attempt| attempt.kind == Kind::Refresh && same_client(&attempt.client)).collect();
    let place = |attempt: &&Attempt| attempt.begin(scene.traffic).map(|step| Evidence::searched(step.entry, "response.body.error"));
    // The last one counts: a refresh that worked since ends the story.
    let observation = match refreshes.first() {
        _ if scene.request().is_none() => Observation::not_recorded(scene.no_request()),
        None if unreadable => Observation::not_recorded("an earlier token request was recorded without its body"),
        None => Observation::not_seen(scene.searched_before()),
        Some(last) => match (last.outcome, last.failures.last()) {
            (Outcome::Failed, Some(event)) => {
                let told = scene.traffic.steps.get(event.step).map(|step| scene.names().failure(step.entry, &event.failure));
                Observation::seen_or(told, Observation::not_recorded("no place to show"))
            }
            (Outcome::Succeeded, _) => Observation::not_seen(refreshes.iter().filter_map(place)),
            _ => Observation::not_recorded("the reply to an earlier refresh was recorded without its body"),
        },
    };
    vec![failed_before.is(observation), remembered.is(reported(scene))]
}

fn reported(scene: &Scene<'_, '_>) -> Observation {
    let mut searched = Vec::new();
    for step in scene.traffic.steps.iter().filter(|step| step.params.has("x-client-last-telemetry")) {
        // What failed inside the capture is told by its own reply.
        let known = |id: &crate::entra::Guid| scene.sign_ins.attempts.iter().any(|attempt| attempt.correlation_id.as_ref() == Some(id));
        let earlier = step.telemetry().earlier;
        if let Some((id, error)) = earlier.iter().find(|(id, _)| !known(id)) {
            return Observation::seen(scene.names().telemetry(step, id, *error));
        }
        searched.push(Evidence::searched(step.entry, "request.body.x-client-last-telemetry"));
    }
    if searched.is_empty() {
        Observation::not_recorded("no token request with the library's telemetry is in the capture")
    } else {
        Observation::not_seen(searched)
    }
}
