//! Whether a sign-in earlier in the capture opened a session.

use super::{Check, Claim, ClaimInfo, LooksAt, Observation, Record, Scene};
use crate::entra::{Endpoint, Evidence};

/// Whether a sign-in earlier in the capture opened a session.
pub(super) static CHECK: Check = Check {
    name: "sign-in",
    about: "Whether somebody signed in earlier in this capture at the same sign-in host",
    looks_at: LooksAt::Circumstances,
    claims: &CLAIMS,
    observe,
};

static CLAIMS: [ClaimInfo; 2] = [
    ClaimInfo {
        name: "sign-in.earlier",
        seen: "Somebody signed in earlier in this capture, so a session existed.",
        not_seen: "Nobody signed in earlier in this capture.",
        question: "Whether somebody had signed in before in this browser",
        record: Record::EARLIER,
    },
    ClaimInfo {
        name: "sign-in.remembered",
        seen: "The person before the screen chose to stay signed in.",
        not_seen: "The person before the screen did not choose to stay signed in.",
        question: "Whether the person chose to stay signed in",
        record: Record::EARLIER,
    },
];

/// Why nothing can be said of a session: nothing tells whether a browser that goes by another name is another.
pub(super) const IN_ANOTHER_BROWSER: &str = "another browser signed in earlier in this capture, and nothing tells what this one had";

/// Why nothing can be said of what went before: it may have been elsewhere, under the same name.
pub(super) const IN_ANOTHER_STORE: &str = "nothing tells whether this request had its cookies from the same place: the recorder sees private windows, other profiles and programs with a browser inside as one browser";

/// Why nothing can be said of what went before: it went before the capture.
pub(super) const TOKEN_FROM_BEFORE: &str = "a token was in use that came from before the capture, so its sign-in was not recorded";

fn observe(scene: &Scene<'_, '_>) -> Vec<Claim> {
    let [earlier, remembered] = &CLAIMS;
    let sign_in = scene.earlier_sign_in();
    let place = sign_in.and_then(|attempt| {
        attempt.steps(scene.traffic).find(|step| step.reply.handover.is_some()).or_else(|| attempt.begin(scene.traffic))
    });
    let observation = match place {
        Some(step) => {
            let code = scene.names().reply_param(step, "code");
            Observation::seen(code.unwrap_or_else(|| scene.names().step(step)))
        }
        None if scene.request().is_none() => scene.without_request(),
        None if scene.somebody_signed_in() => Observation::not_recorded(IN_ANOTHER_BROWSER),
        None if scene.earlier_end_unknown() => Observation::not_recorded("how an earlier sign-in ended was not recorded"),
        None if scene.earlier_begin_unknown() => {
            Observation::not_recorded("a code was turned in that came from before the capture, so its sign-in was not recorded")
        }
        None if scene.token_from_before() => Observation::not_recorded(TOKEN_FROM_BEFORE),
        None => Observation::not_seen(scene.searched_before()),
    };
    let kmsi = sign_in.and_then(|attempt| attempt.steps(scene.traffic).find(|step| step.endpoint == Endpoint::Kmsi));
    let chosen = match kmsi {
        None => Observation::not_recorded("“Stay signed in?” was not asked in this capture"),
        Some(step) => match step.stays_signed_in() {
            None => Observation::not_recorded("the answer to “Stay signed in?” was not recorded"),
            Some(true) => Observation::seen(scene.names().step(step)),
            Some(false) => Observation::not_seen([Evidence::searched(step.entry, "request.body.LoginOptions")]),
        },
    };
    vec![earlier.is(observation), remembered.is(chosen)]
}
