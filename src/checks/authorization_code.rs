//! What became of the authorization code before it was refused.

use super::{Check, Claim, ClaimInfo, LooksAt, Observation, Record, Scene, Start};
use crate::entra::{Endpoint, Evidence, Step};
use crate::exchange::Secret;

/// What became of the authorization code before it was refused.
pub(super) static CHECK: Check = Check {
    name: "authorization-code",
    about: "Whether the authorization code was turned in before, or at another tenant",
    looks_at: LooksAt::Circumstances,
    claims: &CLAIMS,
    observe,
};

static CLAIMS: [ClaimInfo; 4] = [
    ClaimInfo {
        name: "authorization-code.used-before",
        seen: "The same code was turned in before.",
        not_seen: "The code was not turned in before in this capture.",
        question: "Whether the code was turned in before",
        record: Record::Earlier {
            before: Start::SignIn("the sign-in"),
            with: "with request bodies, at every place that may turn the code in",
            shows: "",
        },
    },
    ClaimInfo {
        name: "authorization-code.other-tenant",
        seen: "The code was asked for at one tenant and turned in at another.",
        not_seen: "The code was turned in at the tenant where it was asked for.",
        question: "Whether the code was turned in at the tenant where it was asked for",
        record: Record::AUTHORIZATION_REQUEST,
    },
    ClaimInfo {
        name: "authorization-code.too-old",
        seen: "More than ten minutes passed from when the code was handed over to when it was turned in.",
        not_seen: "The code was turned in soon after it was handed over.",
        question: "How old the code was when it was turned in",
        record: HANDING,
    },
    ClaimInfo {
        name: "authorization-code.altered",
        seen: "The code that was turned in is the one that was handed over, cut off or changed on its way.",
        not_seen: "The code was turned in as it was handed over.",
        question: "Whether the code was turned in as it was handed over",
        record: HANDING,
    },
];

const HANDING: Record = Record::Earlier {
    before: Start::Step("the sign-in begins"),
    with: "so that the reply that hands the code over is in the capture",
    shows: "",
};

/// Why codes cannot be compared.
const TAKEN_OUT: &str = "somebody took the code out of the capture, so it cannot be compared";
/// How long a code is good for, in seconds; the service does not promise it to the second.
const GOOD_FOR_S: i64 = 600;
/// At this age, in seconds, no code has expired.
const FRESH_S: i64 = 300;

fn observe(scene: &Scene<'_, '_>) -> Vec<Claim> {
    let [used_before, other_tenant, too_old, altered] = &CLAIMS;
    let token = Some(scene.failing).filter(|step| step.endpoint == Endpoint::Token && step.params.has("code"));
    let Some(token) = token else {
        let not_there = || Observation::not_recorded("the request that turns the code in is not in the capture");
        let none = || scene.without_code().unwrap_or_else(not_there);
        return CLAIMS.iter().map(|claim| claim.is(none())).collect();
    };
    let steps = &scene.index.steps;
    let code = token.params.get("code").and_then(Secret::told);
    let first_use = code.as_ref().and_then(|code| steps.first_use.get(code));
    let same = first_use.filter(|first| scene.is_before(Some(first))).and_then(|&at| scene.traffic.steps.get(at));
    let places =
        same.into_iter().flat_map(|step| [scene.names().request_param(step, "code"), scene.names().request_param(token, "code")]).flatten();
    let searched = scene.before(&steps.codes).map(|step| Evidence::searched(step.entry, "request.body.code"));
    let unreadable = scene.is_before(steps.unreadable_token.as_ref());
    let is_first = scene.before(&steps.codes).next().is_none();
    let not_before = match () {
        () if unreadable => Observation::not_recorded("an earlier token request was recorded without its body"),
        () if code.is_none() && !is_first => Observation::not_recorded(TAKEN_OUT),
        () if scene.is_before(steps.untold_code.as_ref()) => Observation::not_recorded(TAKEN_OUT),
        () => Observation::not_seen(searched),
    };
    let elsewhere = match (scene.request().and_then(|step| Some((step, step.tenant.as_ref()?))), token.tenant.as_ref()) {
        (Some((_, asked)), Some(turned_in)) if asked.id().is_some() != turned_in.id().is_some() && !asked.is_alias() => {
            Observation::not_recorded("one of the two requests names its tenant by id, the other by domain")
        }
        (Some((request, asked)), Some(turned_in)) if asked != turned_in && !asked.is_alias() && !turned_in.is_alias() => {
            Observation::seen_with(scene.names().tenant(request, asked), [scene.names().tenant(token, turned_in)])
        }
        (Some(_), Some(_)) => Observation::not_seen([Evidence::searched(token.entry, "request.url.path")]),
        _ => Observation::not_recorded("the authorization request is not in the capture"),
    };
    vec![
        used_before.is(Observation::seen_or(places, not_before)),
        other_tenant.is(elsewhere),
        too_old.is(age(scene, token)),
        altered.is(was_altered(scene, token)),
    ]
}

fn was_altered(scene: &Scene<'_, '_>, token: &Step<'_>) -> Observation {
    let Some(code) = token.params.get("code").filter(|code| !code.is_stand_in()) else { return Observation::not_recorded(TAKEN_OUT) };
    let given = |step: &&Step<'_>| step.reply.handover.as_ref().is_some_and(|handover| handover.params.has("code"));
    let Some(handing) = scene.attempt.steps(scene.traffic).find(given) else {
        return Observation::not_recorded("the reply that hands the code over is not in the capture");
    };
    let handed = handing.reply.handover.as_ref().and_then(|handover| handover.params.get("code"));
    match handed.and_then(|handed| Some((code.is_same_as(handed)?, code.is_altered_from(handed)?))) {
        Some((false, true)) => Observation::seen_or(
            [scene.names().reply_param(handing, "code"), scene.names().request_param(token, "code")].into_iter().flatten(),
            Observation::not_recorded("no place to show"),
        ),
        Some((true, _)) => Observation::not_seen([Evidence::searched(token.entry, "request.body.code")]),
        Some((false, false)) => Observation::not_recorded("another code was handed over than the one that was turned in"),
        None => Observation::not_recorded(TAKEN_OUT),
    }
}

fn age(scene: &Scene<'_, '_>, token: &Step<'_>) -> Observation {
    let Some(code) = token.params.get("code").filter(|code| !code.is_stand_in()) else { return Observation::not_recorded(TAKEN_OUT) };
    let handed = |step: &Step<'_>| step.reply.handover.as_ref()?.params.get("code")?.is_same_as(code);
    let Some(handing) = scene.attempt.steps(scene.traffic).find(|step| handed(step) == Some(true)) else {
        return Observation::not_recorded("the reply that hands the code over is not in the capture");
    };
    match handing.started.zip(token.started).map(|(handed, turned_in)| turned_in.signed_duration_since(handed).num_seconds()) {
        Some(seconds) if seconds > GOOD_FOR_S => Observation::seen_or(
            [scene.names().reply_param(handing, "code"), scene.names().request_param(token, "code")].into_iter().flatten(),
            Observation::not_recorded("no place to show"),
        ),
        Some(seconds) if seconds <= FRESH_S => Observation::not_seen([Evidence::searched(token.entry, "request.body.code")]),
        Some(_) => Observation::not_recorded("the code was about as old as codes may become"),
        None => Observation::not_recorded("the recorder does not tell when the requests began"),
    }
}
