//! Why the sign-in service may have refused a step of a sign-in without a word: what ties a step to those before it.

use super::{Check, Claim, ClaimInfo, LooksAt, Observation, Record, Scene};
use crate::entra::{Endpoint, Evidence, Step};
use crate::exchange::Recorded;
use crate::signin::Symptom;

/// Why the sign-in service may have refused a step of a sign-in without a word.
pub(super) static CHECK: Check = Check {
    name: "sign-in-step",
    about: "Whether a step that the sign-in service refused without a code carries what ties it to the steps before it",
    looks_at: LooksAt::Circumstances,
    claims: &CLAIMS,
    observe,
};

static CLAIMS: [ClaimInfo; 3] = [
    ClaimInfo {
        name: "sign-in-step.untied",
        seen: "The step came without any of the parameters that tie it to the steps before it.",
        not_seen: "The step carries parameters that tie it to the steps before it.",
        question: "Whether the step carries the parameters that tie it to the steps before it",
        record: RECORD,
    },
    ClaimInfo {
        name: "sign-in-step.without-cookies",
        seen: "The step came without any cookie.",
        not_seen: "The step came with cookies.",
        question: "Whether the step came with the cookies of the steps before it",
        record: RECORD,
    },
    ClaimInfo {
        name: "sign-in-step.not-found",
        seen: "The host of the sign-in service knows no such address (404).",
        not_seen: "The host of the sign-in service does not say that it knows no such address.",
        question: "Whether the host of the sign-in service knows the address",
        record: RECORD,
    },
];

const RECORD: Record = Record::Told("Record the step that the service refused with its address, body and cookies.");

/// What the pages of B2C send with every step of a journey.
const OF_JOURNEY: &[&str] = &["tx", "csrf_token"];

/// What the pages of Entra ID send with every step.
const OF_PAGES: &[&str] = &["ctx", "flowToken", "sft", "canary"];

fn observe(scene: &Scene<'_, '_>) -> Vec<Claim> {
    let [untied, without_cookies, not_found] = &CLAIMS;
    let step = scene.failing;
    if scene.event.symptom != Some(Symptom::StepRefused) {
        let other = || Observation::not_recorded("what failed is no step that the service refused without a code");
        return CLAIMS.iter().map(|claim| claim.is(other())).collect();
    }
    let found = match step.status {
        Some(404) => Observation::seen(scene.names().step(step)),
        _ => Observation::not_seen([Evidence::searched(step.entry, "response.status")]),
    };
    vec![untied.is(is_untied(scene, step)), without_cookies.is(lacks_cookies(scene, step)), not_found.is(found)]
}

fn is_untied(scene: &Scene<'_, '_>, step: &Step<'_>) -> Observation {
    let names = match step.endpoint {
        Endpoint::B2cJourney => OF_JOURNEY,
        Endpoint::Login | Endpoint::Kmsi | Endpoint::Reprocess => OF_PAGES,
        _ => return Observation::not_recorded("which parameters tie this step to those before it is not known"),
    };
    if step.is_body_unread() {
        return Observation::not_recorded("what was posted is not in the capture");
    }
    let is_tied = names.iter().any(|name| step.params.has(name));
    let searched = names.iter().map(|name| Evidence::searched(step.entry, step.param_part(name)));
    if is_tied { Observation::not_seen(searched) } else { Observation::seen(scene.names().step(step)) }
}

fn lacks_cookies(scene: &Scene<'_, '_>, step: &Step<'_>) -> Observation {
    if step.endpoint.begins_attempt() {
        return Observation::not_recorded("it is the first step, which may come without cookies");
    }
    match &step.cookies_sent {
        Recorded::Kept(_) => Observation::not_seen([Evidence::searched(step.entry, "request.header.cookie")]),
        Recorded::Empty => Observation::seen(scene.names().step(step)),
        Recorded::NotKept(loss) => Observation::lost(*loss, "the request's cookies"),
    }
}
