//! Whether the sign-in service's session cookies travelled.
//!
//! A cookie that is missing from the file may only be missing from the export; `entra::Recording` decides.

use super::cookie_index::HostCookies;
use super::session_place::SessionPlace;
use super::sign_in::{IN_ANOTHER_BROWSER, IN_ANOTHER_STORE, TOKEN_FROM_BEFORE};
use super::{Check, Claim, ClaimInfo, LooksAt, Observation, Record, Scene};
use crate::entra::{Evidence, Guid, Step, StorageAccess, Tenant, cookies};
use crate::exchange::Recorded;
use crate::signin::Attempt;

/// Whether the sign-in service's session cookies travelled.
pub(super) static CHECK: Check = Check {
    name: "session-cookie",
    about: "Whether the cookies that hold the session of the sign-in service were set, and sent with the request",
    looks_at: LooksAt::Circumstances,
    claims: &CLAIMS,
    observe,
};

static CLAIMS: [ClaimInfo; 8] = [
    ClaimInfo {
        name: "session-cookie.sent",
        seen: "The request carried a session cookie of the sign-in service.",
        not_seen: "The request carried no session cookie of the sign-in service.",
        question: "Whether the request carried a session cookie of the sign-in service",
        record: Record::Cookies,
    },
    ClaimInfo {
        name: "session-cookie.others-sent",
        seen: "The request carried other cookies of the sign-in service, so cookies do reach it.",
        not_seen: "The request carried no other cookie of the sign-in service.",
        question: "Whether the request carried other cookies of the sign-in service",
        record: Record::Cookies,
    },
    ClaimInfo {
        name: "session-cookie.set-earlier",
        seen: "Earlier in this capture the sign-in service set a session cookie, and has not deleted it since.",
        not_seen: "No session cookie from earlier in this capture was left.",
        question: "Whether a session cookie was there from before",
        record: Record::Cookies,
    },
    ClaimInfo {
        name: "session-cookie.sent-by-page",
        seen: "A request that the page itself made to the same host carried a session cookie.",
        not_seen: "No request that the page itself made to the same host carried a session cookie.",
        question: "Whether requests that the page itself makes to this host bring a session cookie",
        record: Record::Cookies,
    },
    ClaimInfo {
        name: "session-cookie.good-later",
        seen: "After this failure the same session let the person in elsewhere, so it had not ended.",
        not_seen: "No later request in this capture was let in by the same session.",
        question: "Whether the same session let the person in afterwards",
        record: Record::Cookies,
    },
    ClaimInfo {
        name: "session-cookie.good-elsewhere",
        seen: "In the five minutes before, another tenant accepted the same session.",
        not_seen: "In the five minutes before, no other tenant was seen to accept the same session.",
        question: "Whether another tenant accepted the same session just before",
        record: Record::Cookies,
    },
    ClaimInfo {
        name: "session-cookie.just-opened",
        seen: "Within the five minutes before, a sign-in of this capture had opened the very session that the request carried.",
        not_seen: "No sign-in of the five minutes before had opened the session that the request carried.",
        question: "Whether the session had only just been opened",
        record: Record::Cookies,
    },
    ClaimInfo {
        name: "session-cookie.same-store",
        seen: "The request has its cookies from where those of the earlier sign-in were kept.",
        not_seen: "A session cookie from before the request came back after it, and nobody had set it anew: the request was made where other cookies are kept, or was not given them.",
        question: "Whether the request had its cookies from where those of the earlier sign-in were kept",
        record: Record::Told(
            "Record with the developer tools of the very window: a proxy sees private windows, other profiles and programs with a browser inside as one browser.",
        ),
    },
];

/// How long before a failure a session that was good then is one that has hardly run out: policies end sessions after an hour at
/// the soonest, or let five minutes pass where they ask every time.
const JUST_BEFORE_S: i64 = 300;

fn observe(scene: &Scene<'_, '_>) -> Vec<Claim> {
    let [sent, others, set_earlier, by_page, good_later, good_elsewhere, just_opened, same_store] = &CLAIMS;
    vec![
        sent.is(sent_cookie(scene, cookies::holds_session)),
        others.is(sent_cookie(scene, |name| cookies::is_sign_in_cookie(name) && !cookies::holds_session(name))),
        set_earlier.is(was_set(scene)),
        by_page.is(sent_by_page(scene)),
        good_later.is(was_good_later(scene)),
        good_elsewhere.is(was_good_elsewhere(scene)),
        just_opened.is(was_just_opened(scene)),
        same_store.is(is_of_same_store(scene)),
    ]
}

/// The request, with what befalls session cookies at its host, where it carries one.
fn with_session<'a, 'c>(scene: &Scene<'a, 'c>) -> Result<(&'a Step<'c>, &'a HostCookies), Observation> {
    let Some(step) = scene.request() else { return Err(scene.without_request()) };
    match &step.cookies_sent {
        Recorded::NotKept(loss) => Err(Observation::lost(*loss, "the request's cookies")),
        Recorded::Kept(names) if names.iter().any(|name| cookies::holds_session(name)) => {
            at_host(scene, step).map(|host| (step, host)).ok_or_else(|| Observation::not_recorded("the request went to no sign-in host"))
        }
        Recorded::Kept(_) | Recorded::Empty => Err(Observation::not_recorded("the request carried no session")),
    }
}

const VALUES_LOST: &str = "the recorder kept no values of cookies, so sessions cannot be told apart";

fn was_good_later(scene: &Scene<'_, '_>) -> Observation {
    let (request, host) = match with_session(scene) {
        Ok(found) => found,
        Err(observation) => return observation,
    };
    let own = Evidence::searched(request.entry, "request.header.cookie");
    let Some(later) = scene.after(&host.let_in).next() else { return Observation::not_seen([own]) };
    // Programs that clean captures write the same value for every cookie, so values alone do not tell a session from the next.
    if scene.after(&host.renewed).next().is_some_and(|renewed| renewed.entry < later.entry) {
        return Observation::not_seen([Evidence::searched(later.entry, "request.header.cookie")]);
    }
    match later.is_of_session_of(request) {
        None => Observation::not_recorded(VALUES_LOST),
        Some(true) => Observation::seen(scene.names().cookies_sent(later, cookies::holds_session)),
        Some(false) => Observation::not_seen([Evidence::searched(later.entry, "request.header.cookie")]),
    }
}

fn was_good_elsewhere(scene: &Scene<'_, '_>) -> Observation {
    let (request, host) = match with_session(scene) {
        Ok(found) => found,
        Err(observation) => return observation,
    };
    let nowhere = || Observation::not_seen([Evidence::searched(request.entry, "request.header.cookie")]);
    if let Some((attempt, step)) = opening(scene, request)
        && is_of_other_tenant(scene, attempt.tenant.as_ref(), attempt.resolved_tenant.as_ref()) == Some(true)
    {
        return Observation::seen(opened_by(scene, step));
    }
    let used = scene.before(&host.let_in).next_back().filter(|step| is_just_before(step, request));
    match used.filter(|step| is_of_other_tenant(scene, step.tenant.as_ref(), None) == Some(true)) {
        Some(step) => match step.is_of_session_of(request) {
            None => Observation::not_recorded(VALUES_LOST),
            Some(true) => Observation::seen(scene.names().cookies_sent(step, cookies::holds_session)),
            Some(false) => nowhere(),
        },
        None => nowhere(),
    }
}

fn was_just_opened(scene: &Scene<'_, '_>) -> Observation {
    match with_session(scene) {
        Err(observation) => observation,
        Ok((request, _)) => match opening(scene, request) {
            Some((_, step)) => Observation::seen(opened_by(scene, step)),
            None => Observation::not_seen([Evidence::searched(request.entry, "request.header.cookie")]),
        },
    }
}

/// The sign-in just before, and its step, that opened the session of a request.
fn opening<'a, 'c>(scene: &Scene<'a, 'c>, request: &Step<'_>) -> Option<(&'a Attempt, &'a Step<'c>)> {
    let attempt = scene.earlier_sign_in()?;
    let step = attempt.steps(scene.traffic).find(|step| is_just_before(step, request) && step.opens_session_of(request))?;
    Some((attempt, step))
}

fn opened_by(scene: &Scene<'_, '_>, step: &Step<'_>) -> Evidence {
    scene.names().cookies_set(step, |line| cookies::holds_session(&line.name) && !line.deletes)
}

fn is_just_before(step: &Step<'_>, request: &Step<'_>) -> bool {
    let seconds = request.started.zip(step.started).map(|(now, then)| now.signed_duration_since(then).num_seconds());
    seconds.is_some_and(|seconds| (0..=JUST_BEFORE_S).contains(&seconds))
}

/// Whether a tenant is another than the one that is asked; `None` where one of them is not told.
fn is_of_other_tenant(scene: &Scene<'_, '_>, tenant: Option<&Tenant>, resolved: Option<&Guid>) -> Option<bool> {
    let (asked, tenant) = (scene.attempt.tenant.as_ref()?, tenant?);
    if asked == tenant {
        return Some(false);
    }
    let of_attempt = asked.id().or(scene.attempt.resolved_tenant.as_ref())?;
    Some(tenant.id().or(resolved)? != of_attempt)
}

fn sent_cookie(scene: &Scene<'_, '_>, wanted: fn(&str) -> bool) -> Observation {
    let Some(step) = scene.request() else { return scene.without_request() };
    match &step.cookies_sent {
        Recorded::Kept(names) if names.iter().any(|name| wanted(name)) => Observation::seen(scene.names().cookies_sent(step, wanted)),
        Recorded::Kept(_) | Recorded::Empty => Observation::not_seen([Evidence::searched(step.entry, "request.header.cookie")]),
        // Where the browser itself says that it withholds the site's cookies, the export need not show it.
        Recorded::NotKept(_) if withheld(step) => {
            Observation::not_seen([Evidence::searched(step.entry, "request.header.sec-fetch-storage-access")])
        }
        Recorded::NotKept(loss) => Observation::lost(*loss, "the request's cookies"),
    }
}

fn withheld(step: &Step<'_>) -> bool {
    matches!(step.storage_access(), Recorded::Kept(Some(StorageAccess::None | StorageAccess::Inactive)))
}

fn was_set(scene: &Scene<'_, '_>) -> Observation {
    let Some(request) = scene.request() else { return scene.without_request() };
    let (begin, failing) = (scene.attempt.begin, scene.event.step);
    let Some(cookies_there) = at_host(scene, request) else { return Observation::not_recorded("the request went to no sign-in host") };
    let last = cookies_there.held_before(scene.traffic, failing, begin).and_then(|at| scene.traffic.steps.get(at));
    let lost = cookies_there.lost_replies.iter().find(|(at, _)| *at < failing && *at != begin);
    match (last, lost) {
        (Some(step), _) => Observation::seen(scene.names().cookies_set(step, |line| cookies::holds_session(&line.name) && !line.deletes)),
        (None, Some((_, why))) => Observation::lost(*why, "the cookies that replies set"),
        (None, None) if scene.earlier_sign_in().is_none() && scene.somebody_signed_in() => Observation::not_recorded(IN_ANOTHER_BROWSER),
        (None, None) if scene.token_from_before() => Observation::not_recorded(TOKEN_FROM_BEFORE),
        (None, None) => {
            let replies = scene.before(&cookies_there.replies).filter(|step| step.entry != request.entry);
            let mut searched = replies.map(|step| Evidence::searched(step.entry, "response.header.set-cookie")).peekable();
            match searched.peek() {
                Some(_) => Observation::not_seen(searched),
                None => Observation::not_seen(scene.searched_before()),
            }
        }
    }
}

/// Whether the request could have had the cookies that were set before.
fn is_of_same_store(scene: &Scene<'_, '_>) -> Observation {
    let Some(request) = scene.request() else { return scene.without_request() };
    let begin = scene.attempt.begin;
    let kept = at_host(scene, request);
    let sends_session = request.cookies_sent.kept().is_some_and(|names| names.iter().any(|name| cookies::holds_session(name)));
    let came_back = kept.and_then(|kept| kept.came_back(begin)).filter(|_| !sends_session).and_then(|at| scene.traffic.steps.get(at));
    if let Some(later) = came_back {
        return Observation::not_seen([Evidence::searched(later.entry, "request.header.cookie")]);
    }
    if scene.index.stores.is_one() {
        return Observation::seen(scene.names().step(request));
    }
    let set = kept.and_then(|kept| kept.held_before(scene.traffic, begin, begin));
    match set.and_then(|set| scene.index.stores.is_same(begin, set)) {
        Some(true) => Observation::seen(scene.names().cookies_sent(request, cookies::tells_store)),
        _ => Observation::not_recorded(IN_ANOTHER_STORE),
    }
}

/// The session cookies at the host of a request, in its browser.
pub(super) fn at_host<'a>(scene: &Scene<'a, '_>, request: &Step<'_>) -> Option<&'a HostCookies> {
    scene.index.cookies.get(&SessionPlace::of_step(request, scene.traffic))
}

fn sent_by_page(scene: &Scene<'_, '_>) -> Observation {
    let Some(request) = scene.request() else { return scene.without_request() };
    let (begin, failing) = (scene.attempt.begin, scene.event.step);
    let other = |at: usize| at != begin && at != failing;
    let nothing = || Observation::not_recorded("no request that the page itself made to this host is in the capture");
    let Some(cookies_there) = at_host(scene, request) else { return nothing() };
    if let Some(step) = cookies_there.carried.iter().find(|&&at| other(at)).and_then(|&at| scene.traffic.steps.get(at)) {
        return Observation::seen(scene.names().cookies_sent(step, cookies::holds_session));
    }
    if let Some((_, why)) = cookies_there.lost_requests.iter().find(|(at, _)| other(*at)) {
        return Observation::lost(*why, "the cookies that requests sent");
    }
    if cookies_there.windows_unknown.iter().any(|&at| other(at)) {
        return Observation::not_recorded("nothing tells which of the other requests the page itself made");
    }
    let without = cookies_there.without.all().iter().copied().filter(|&at| other(at));
    let mut searched = without.filter_map(|at| scene.traffic.steps.get(at)).peekable();
    if searched.peek().is_none() {
        return nothing();
    }
    Observation::not_seen(searched.map(|step| Evidence::searched(step.entry, "request.header.cookie")))
}
