//! Whether the parameter that an error says is missing was sent.

use super::{Check, Claim, ClaimInfo, LooksAt, Observation, Record, Scene};
use crate::entra::{Endpoint, Evidence, Source, Step};

/// Whether the parameter that an error says is missing was sent.
pub(super) static CHECK: Check = Check {
    name: "parameter",
    about: "Whether the request carries the parameter that the error says is missing",
    looks_at: LooksAt::Circumstances,
    claims: &CLAIMS,
    observe,
};

static CLAIMS: [ClaimInfo; 2] = [
    ClaimInfo {
        name: "parameter.sent",
        seen: "The request carries the parameter that the error says is missing.",
        not_seen: "The request does not carry the parameter that the error says is missing.",
        question: "Whether the request carries the parameter that the error names",
        record: Record::Told("Record the request that failed with its body, and the error with its whole text."),
    },
    ClaimInfo {
        name: "parameter.in-address",
        seen: "The request that the service refused carries its parameters in its address and has no body.",
        not_seen: "The request that the service refused carries its parameters in its body.",
        question: "Whether the request that failed has a body",
        record: Record::Told("Record the request that failed with its body."),
    },
];

fn observe(scene: &Scene<'_, '_>) -> Vec<Claim> {
    let [sent, in_address] = &CLAIMS;
    let asks = |step: &&Step<'_>| step.endpoint.begins_attempt() || step.endpoint == Endpoint::Token;
    let Some(step) = Some(scene.failing).filter(asks) else {
        let other = || Observation::not_recorded("the request that the service refused is not in the capture");
        return vec![sent.is(other()), in_address.is(other())];
    };
    let place = match step.method.as_str() {
        "GET" => Observation::seen(scene.names().step(step)),
        _ => Observation::not_seen([Evidence::searched(step.entry, "request.body")]),
    };
    vec![sent.is(was_sent(scene, step)), in_address.is(place)]
}

/// What is posted counts where the service reads it: as a form.
fn was_sent(scene: &Scene<'_, '_>, step: &Step<'_>) -> Observation {
    let Some(name) = scene.event.failure.message().parameter else {
        return scene.unnamed_in_text("the error's text names no parameter that is known");
    };
    if step.is_body_unread() {
        return Observation::not_recorded("what was posted is not in the capture");
    }
    let counts =
        |source: Source| if step.method == "POST" { source == Source::Form && step.may_post_form() } else { source == Source::Query };
    let param = step.params.find(name).filter(|param| counts(param.source));
    let evidence = param.map(|param| scene.names().param(step, param));
    Observation::seen_or(evidence, Observation::not_seen([Evidence::searched(step.entry, step.param_part(name))]))
}
