//! Whether somebody signed out before.

use super::session_cookie::at_host;
use super::session_place::SessionPlace;
use super::sign_in::{IN_ANOTHER_BROWSER, IN_ANOTHER_STORE};
use super::{Check, Claim, ClaimInfo, LooksAt, Observation, Record, Scene};
use crate::entra::{Endpoint, Evidence, Step, cookies};
use crate::exchange::Recorded;
use crate::signin::Attempt;

/// Whether somebody signed out before.
pub(super) static CHECK: Check = Check {
    name: "sign-out",
    about: "Whether somebody had signed out: earlier in this capture, or by the cookie that a sign-out leaves behind",
    looks_at: LooksAt::Circumstances,
    claims: &CLAIMS,
    observe,
};

static CLAIMS: [ClaimInfo; 5] = [
    ClaimInfo {
        name: "sign-out.seen",
        seen: "Somebody signed out earlier in this capture, and nobody signed in since.",
        not_seen: "Nobody signed out earlier in this capture without signing in again.",
        question: "Whether somebody had signed out before",
        record: Record::EARLIER,
    },
    ClaimInfo {
        name: "sign-out.cookie-sent",
        seen: "The request carried the cookie that a sign-out leaves behind.",
        not_seen: "The request carried no cookie that a sign-out leaves behind.",
        question: "Whether the request carried the cookie that a sign-out leaves behind",
        record: Record::Cookies,
    },
    ClaimInfo {
        name: "sign-out.cookie-since",
        seen: "The request carried the cookie that a sign-out leaves behind, and the request that opened the session had not.",
        not_seen: "No cookie that a sign-out leaves behind has come since the session was opened.",
        question: "Whether a sign-out left its cookie since the session was opened",
        record: Record::Cookies,
    },
    ClaimInfo {
        name: "sign-out.is-request",
        seen: "The request that failed is itself a sign-out.",
        not_seen: "The request that failed is no sign-out.",
        question: "Whether the request that failed is itself a sign-out",
        record: Record::Told("Record the request that failed."),
    },
    ClaimInfo {
        name: "sign-out.same-store",
        seen: "The request has its cookies from where the sign-out ended the session.",
        not_seen: "The request has its cookies from elsewhere than where the sign-out ended the session.",
        question: "Whether the request had its cookies from where the sign-out ended the session",
        record: Record::Told(
            "Record with the developer tools of the very window: a proxy sees private windows, other profiles and programs with a browser inside as one browser.",
        ),
    },
];

fn observe(scene: &Scene<'_, '_>) -> Vec<Claim> {
    let [seen, cookie_sent, cookie_since, is_request, same_store] = &CLAIMS;
    let cookie = match scene.request() {
        None => scene.without_request(),
        Some(step) => match &step.cookies_sent {
            Recorded::Kept(names) if names.iter().any(|name| cookies::marks_sign_out(name)) => {
                Observation::seen(scene.names().cookies_sent(step, cookies::marks_sign_out))
            }
            Recorded::Kept(_) | Recorded::Empty => Observation::not_seen([Evidence::searched(step.entry, "request.header.cookie")]),
            Recorded::NotKept(loss) => Observation::lost(*loss, "the request's cookies"),
        },
    };
    let request = match scene.failing.endpoint {
        Endpoint::Logout => Observation::seen(scene.names().step(scene.failing)),
        _ => Observation::not_seen([Evidence::searched(scene.failing.entry, "request.url")]),
    };
    vec![
        seen.is(signed_out(scene)),
        cookie_sent.is(cookie),
        cookie_since.is(left_since(scene)),
        is_request.is(request),
        same_store.is(is_of_same_store(scene)),
    ]
}

/// Whether the cookie came after the session, as where somebody signs out in another tab: it outlives the next sign-in.
fn left_since(scene: &Scene<'_, '_>) -> Observation {
    let Some(request) = scene.request() else { return scene.without_request() };
    let is_marked = |names: &Vec<String>| names.iter().any(|name| cookies::marks_sign_out(name));
    let begin = scene.attempt.begin;
    let opened = at_host(scene, request).and_then(|kept| kept.held_before(scene.traffic, begin, begin));
    match (&request.cookies_sent, opened.and_then(|opened| scene.traffic.steps.get(opened))) {
        (Recorded::NotKept(loss), _) => Observation::not_recorded(loss.explain("the request's cookies")),
        (Recorded::Kept(names), Some(opened)) if is_marked(names) => match &opened.cookies_sent {
            Recorded::NotKept(loss) => Observation::not_recorded(loss.explain("the cookies of the request that opened the session")),
            Recorded::Kept(before) if is_marked(before) => {
                Observation::not_seen([Evidence::searched(opened.entry, "request.header.cookie")])
            }
            Recorded::Kept(_) | Recorded::Empty => Observation::seen(scene.names().cookies_sent(request, cookies::marks_sign_out)),
        },
        (Recorded::Kept(names), None) if is_marked(names) => Observation::not_recorded("no reply of the capture opened a session"),
        (Recorded::Kept(_) | Recorded::Empty, _) => Observation::not_seen([Evidence::searched(request.entry, "request.header.cookie")]),
    }
}

/// How many sign-outs are looked at, from the last: of all those of other accounts that a capture may hold.
const SIGN_OUTS: usize = 16;

/// Where nobody signed in since the last sign-in that the request could have its session from.
fn stands(scene: &Scene<'_, '_>, begin: usize) -> bool {
    scene.earlier_sign_in().is_none_or(|signed_in| signed_in.begin < begin)
}

/// The sign-outs that may have ended the session, the last first: those of the store of cookies that the last sign-in filled, and
/// those of another.
fn sign_outs<'a>(scene: &Scene<'a, '_>) -> (Vec<&'a Attempt>, Vec<&'a Attempt>) {
    let may_be_of_asked = |attempt: &&Attempt| {
        let both = scene.attempt.account.zip(attempt.account);
        both.and_then(|(asked, signed_out)| scene.names().accounts.are_one(asked, signed_out)) != Some(false)
    };
    let sign_outs = scene.earlier(scene.index.attempts.sign_outs.get(&scene.session_place())).rev().take(SIGN_OUTS);
    let since = sign_outs.take_while(|attempt| stands(scene, attempt.begin)).filter(may_be_of_asked);
    since.partition(|attempt| !is_elsewhere(scene, attempt))
}

/// Whether a sign-out carries another session than the one that had been set last: in the store of that one it would be gone.
fn is_elsewhere(scene: &Scene<'_, '_>, sign_out: &Attempt) -> bool {
    let stores = &scene.index.stores;
    if stores.is_one() || stores.is_same(scene.attempt.begin, sign_out.begin) == Some(true) {
        return false;
    }
    let Some(step) = sign_out.begin(scene.traffic) else { return false };
    let held = at_host(scene, step).and_then(|kept| kept.held_before(scene.traffic, sign_out.begin, sign_out.begin));
    let set = held.and_then(|held| scene.traffic.steps.get(held));
    // What was on its way when the reply came still has the cookie from before.
    let is_over = |set: &Step<'_>| {
        let since = step.started.zip(set.started).map(|(now, then)| (now - then).as_seconds_f64() * 1000.0);
        since.zip(set.exchange.duration_ms).is_some_and(|(since, lasted)| since >= lasted)
    };
    set.is_some_and(|set| step.carries_other_session_than(set) && is_over(set))
}

fn is_of_same_store(scene: &Scene<'_, '_>) -> Observation {
    let Some(request) = scene.request() else { return scene.without_request() };
    let stores = &scene.index.stores;
    if stores.is_one() {
        return Observation::seen(scene.names().step(request));
    }
    match sign_outs(scene) {
        (own, _) if own.first().is_some_and(|last| stores.is_same(scene.attempt.begin, last.begin) == Some(true)) => {
            Observation::seen(scene.names().cookies_sent(request, cookies::tells_store))
        }
        (own, elsewhere) if own.is_empty() && !elsewhere.is_empty() => {
            let places = elsewhere.into_iter().filter_map(|attempt| attempt.begin(scene.traffic));
            Observation::not_seen(places.map(|step| Evidence::searched(step.entry, "request.header.cookie")))
        }
        _ => Observation::not_recorded(IN_ANOTHER_STORE),
    }
}

/// Whether somebody signed out before.
fn signed_out(scene: &Scene<'_, '_>) -> Observation {
    let (own, elsewhere) = sign_outs(scene);
    let (answered, unanswered): (Vec<_>, Vec<_>) =
        own.into_iter().filter_map(|attempt| attempt.begin(scene.traffic)).partition(|step| step.status.is_some());
    if let Some(step) = answered.first() {
        return Observation::seen(scene.names().step(step));
    }
    let forgotten = scene.index.steps.forgotten.before(scene.event.step).last().copied().filter(|&at| stands(scene, at));
    match forgotten
        .and_then(|at| scene.traffic.steps.get(at))
        .filter(|step| SessionPlace::of_step(step, scene.traffic) == scene.session_place())
    {
        _ if scene.request().is_none() => scene.without_request(),
        Some(step) if step.deletes_session() => Observation::seen(scene.names().step(step)),
        Some(step) if step.cookies_set.loss().is_some() => {
            Observation::not_recorded("an account was taken off the service's list, and whether that ended its session was not recorded")
        }
        _ if !elsewhere.is_empty() => Observation::not_recorded(
            "somebody signed out where other cookies are kept, and nothing tells which this request could have had",
        ),
        _ if !unanswered.is_empty() => Observation::not_recorded("whether the service got an earlier sign-out was not recorded"),
        _ if scene.earlier_sign_in().is_none() && scene.somebody_signed_in() => Observation::not_recorded(IN_ANOTHER_BROWSER),
        _ => Observation::not_seen(scene.searched_before()),
    }
}
