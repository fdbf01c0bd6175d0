//! Whether somebody signed out before.

use super::{Check, Claim, ClaimInfo, Observation, Record, Scene};
use crate::entra::{Endpoint, Evidence, cookies};
use crate::exchange::Recorded;

/// Whether somebody signed out before.
pub(super) static CHECK: Check = Check {
    name: "sign-out",
    about: "Whether somebody signed out before, in this capture or by a cookie that sign-out leaves behind",
    claims: &CLAIMS,
    observe,
};

static CLAIMS: [ClaimInfo; 3] = [
    ClaimInfo {
        name: "sign-out.seen",
        seen: "Somebody signed out earlier in this capture, and nobody signed in since.",
        not_seen: "Nobody signed out earlier in this capture without signing in again.",
        record: Record::EARLIER,
    },
    ClaimInfo {
        name: "sign-out.cookie-sent",
        seen: "The request carried the cookie that a sign-out leaves behind.",
        not_seen: "The request carried no cookie that a sign-out leaves behind.",
        record: Record::Cookies,
    },
    ClaimInfo {
        name: "sign-out.is-request",
        seen: "The request that failed is itself a sign-out.",
        not_seen: "The request that failed is no sign-out.",
        record: Record::Told("Record the request that failed."),
    },
];

fn observe(scene: &Scene<'_, '_>) -> Vec<Claim> {
    let [seen, cookie_sent, is_request] = &CLAIMS;
    let sign_out = scene.earlier(scene.index.attempts.sign_outs.get(&scene.host())).next_back();
    let signed_in_at = scene.earlier_sign_in().map(|attempt| attempt.begin);
    let stands = |begin: usize| signed_in_at.is_none_or(|signed_in| signed_in < begin);
    let observation = match sign_out.filter(|attempt| stands(attempt.begin)).and_then(|attempt| attempt.begin(scene.traffic)) {
        Some(step) => Observation::seen(scene.names().step(step)),
        None if scene.request().is_none() => Observation::not_recorded(scene.no_request()),
        None => Observation::not_seen(scene.searched_before()),
    };
    let cookie = match scene.request() {
        None => Observation::not_recorded(scene.no_request()),
        Some(step) => match &step.cookies_sent {
            Recorded::Kept(names) if names.iter().any(|name| cookies::marks_sign_out(name)) => {
                Observation::seen(scene.names().cookies_sent(step, cookies::marks_sign_out))
            }
            Recorded::Kept(_) | Recorded::Empty => Observation::not_seen([Evidence::searched(step.entry, "request.header.cookie")]),
            Recorded::NotKept(loss) => Observation::not_recorded(loss.explain("the request's cookies")),
        },
    };
    let request = match scene.failing() {
        None => Observation::not_recorded("the request is not in the capture"),
        Some(step) if step.endpoint == Endpoint::Logout => Observation::seen(scene.names().step(step)),
        Some(step) => Observation::not_seen([Evidence::searched(step.entry, "request.url")]),
    };
    vec![seen.is(observation), cookie_sent.is(cookie), is_request.is(request)]
}
