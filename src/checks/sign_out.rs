//! Whether somebody signed out before.

use super::attempt_index::SessionStore;
use super::sign_in::IN_ANOTHER_BROWSER;
use super::{Check, Claim, ClaimInfo, LooksAt, Observation, Record, Scene};
use crate::entra::{Endpoint, Evidence, cookies};
use crate::exchange::Recorded;
use crate::signin::Attempt;

/// Whether somebody signed out before.
pub(super) static CHECK: Check = Check {
    name: "sign-out",
    about: "Whether somebody signed out before, in this capture or by a cookie that sign-out leaves behind",
    looks_at: LooksAt::Circumstances,
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
    let request = match scene.failing.endpoint {
        Endpoint::Logout => Observation::seen(scene.names().step(scene.failing)),
        _ => Observation::not_seen([Evidence::searched(scene.failing.entry, "request.url")]),
    };
    vec![seen.is(signed_out(scene)), cookie_sent.is(cookie), is_request.is(request)]
}

/// How many sign-outs are looked at, from the last: of all those of other accounts that a capture may hold.
const SIGN_OUTS: usize = 16;

fn signed_out(scene: &Scene<'_, '_>) -> Observation {
    let signed_in_at = scene.earlier_sign_in().map(|attempt| attempt.begin);
    let stands = |begin: usize| signed_in_at.is_none_or(|signed_in| signed_in < begin);
    let may_be_of_asked = |attempt: &&Attempt| {
        let both = scene.attempt.account.zip(attempt.account);
        both.and_then(|(asked, signed_out)| scene.names().accounts.are_one(asked, signed_out)) != Some(false)
    };
    let sign_outs = scene.earlier(scene.index.attempts.sign_outs.get(&scene.session_store())).rev().take(SIGN_OUTS);
    let since = sign_outs.take_while(|attempt| stands(attempt.begin)).filter(may_be_of_asked);
    let (answered, unanswered): (Vec<_>, Vec<_>) =
        since.filter_map(|attempt| attempt.begin(scene.traffic)).partition(|step| step.status.is_some());
    if let Some(step) = answered.first() {
        return Observation::seen(scene.names().step(step));
    }
    let forgotten = scene.index.steps.forgotten.before(scene.event.step).last().copied().filter(|&at| stands(at));
    match forgotten
        .and_then(|at| scene.traffic.steps.get(at))
        .filter(|step| SessionStore::of_step(step, scene.traffic) == scene.session_store())
    {
        _ if scene.request().is_none() => Observation::not_recorded(scene.no_request()),
        Some(step) if step.deletes_session() => Observation::seen(scene.names().step(step)),
        Some(step) if step.cookies_set.loss().is_some() => {
            Observation::not_recorded("an account was taken off the service's list, and whether that ended its session was not recorded")
        }
        _ if !unanswered.is_empty() => Observation::not_recorded("whether the service got an earlier sign-out was not recorded"),
        _ if scene.earlier_sign_in().is_none() && scene.somebody_signed_in() => Observation::not_recorded(IN_ANOTHER_BROWSER),
        _ => Observation::not_seen(scene.searched_before()),
    }
}
