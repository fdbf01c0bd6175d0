//! Whether the request pins one particular session, and what became of that session.
//!
//! MSAL.js sends `sid` with `prompt=none` from the cached ID token when there is no `login_hint` claim. The
//! token outlives the session, so a `sid` may name one that is gone.

use super::{Check, Claim, ClaimInfo, LooksAt, Observation, Record, Scene, Start};
use crate::entra::{Evidence, Params, Step, cookies};
use crate::exchange::{Recorded, Secret};
use crate::signin::Attempt;

/// Whether the request pins one particular session, and what became of it.
pub(super) static CHECK: Check = Check {
    name: "session-id",
    about: "Whether the request asks for one particular session by its id (sid), and what became of that session",
    looks_at: LooksAt::Circumstances,
    claims: &CLAIMS,
    observe,
};

static CLAIMS: [ClaimInfo; 4] = [
    ClaimInfo {
        name: "session-id.requested",
        seen: "The request asks for one particular session by its id (sid).",
        not_seen: "The request names no session id (sid).",
        question: "Whether the request asks for one particular session by its id (sid)",
        record: Record::AUTHORIZATION_REQUEST,
    },
    ClaimInfo {
        name: "session-id.seen-earlier",
        seen: "That session was opened by a sign-in in this capture.",
        not_seen: "That session was not opened in this capture: the application remembers it from before.",
        question: "Whether the session that is asked for was opened in this capture",
        record: Record::Earlier { before: Start::SignIn("the sign-in that opened the session"), with: "", shows: "" },
    },
    ClaimInfo {
        name: "session-id.replaced",
        seen: "A sign-in in this capture opened another session than the one asked for.",
        not_seen: "No sign-in of this account in this capture opened another session.",
        question: "Whether the browser opened another session after the one that is asked for",
        record: Record::Showing { what: Record::SIGNING_IN_AGAIN, shows: "the new session's id shows whether the old one was gone" },
    },
    ClaimInfo {
        name: "session-id.current",
        seen: "The browser has that very session: its cookies of the sign-in service are of it.",
        not_seen: "The session that the browser has at the sign-in service is not the one asked for.",
        question: "Whether the session that the browser has is the one that is asked for",
        record: Record::Cookies,
    },
];

fn observe(scene: &Scene<'_, '_>) -> Vec<Claim> {
    let [requested, seen_earlier, replaced, current] = &CLAIMS;
    let Some(step) = scene.request() else {
        return CLAIMS.iter().map(|claim| claim.is(scene.without_request())).collect();
    };
    let Some(requested_sid) = step.params.find("sid") else {
        let none = || Observation::moot("the request names no session id");
        let searched = scene.searched("sid");
        return vec![requested.is(Observation::not_seen(searched)), seen_earlier.is(none()), replaced.is(none()), current.is(none())];
    };
    let sid = &requested_sid.value;
    if sid.is_stand_in() {
        let unknown = || Observation::not_recorded("somebody took the session's id out of the capture, so it cannot be compared");
        let seen = Observation::seen(scene.names().param(step, requested_sid));
        return vec![requested.is(seen), seen_earlier.is(unknown()), replaced.is(unknown()), current.is(unknown())];
    }
    let steps = &scene.index.steps;
    let before_request = |other: &&Step<'_>| other.entry != step.entry;
    let earlier = || scene.before(&steps.sessions).filter(before_request);
    let later = || scene.after(&steps.sessions);
    let is_same = |other: &Step<'_>| is_of(other, sid);
    let of_sid = sid.told().and_then(|sid| steps.of_session.get(&sid));
    let same = of_sid.into_iter().flat_map(|same| scene.before(same)).filter(before_request).filter_map(|other| opened(scene, other));
    // The last word before the request, or any after it: an older session that was replaced before counts too.
    let last_before = earlier().next_back().filter(|other| !is_same(other));
    let all_same_after = of_sid.is_some_and(|same| same.after(scene.event.step).len() == steps.sessions.after(scene.event.step).len());
    let others_after = || later().filter(|other| !all_same_after && !is_same(other));
    let others = || last_before.into_iter().chain(others_after());
    let other = others().filter(|other| is_theirs(scene, step, other) == Some(true)).filter_map(|other| opened(scene, other));
    let somewhere =
        |other: &Step<'_>| opened(scene, other).map(|evidence| Evidence::searched(evidence.entry(), evidence.part().to_owned()));
    let no_sign_in = || Observation::not_recorded("no sign-in in this capture tells the id of its session");
    vec![
        requested.is(Observation::seen(scene.names().param(step, requested_sid))),
        seen_earlier.is(Observation::seen_or(
            same,
            match scene.earlier_end_unknown() {
                true => Observation::not_recorded("how an earlier sign-in ended was not recorded"),
                false if earlier().next().is_none() => Observation::not_seen(scene.searched_before()),
                false => Observation::not_seen(earlier().filter_map(somewhere)),
            },
        )),
        replaced.is(Observation::seen_or(
            other,
            if earlier().next().is_none() && later().next().is_none() {
                no_sign_in()
            } else if others().any(|other| is_theirs(scene, step, other).is_none()) {
                Observation::not_recorded("another session was opened, and nothing tells whether it is of whoever was asked for")
            } else {
                Observation::not_seen(earlier().chain(later()).filter_map(somewhere))
            },
        )),
        current.is(is_current(scene, step, sid, earlier().rev().take(LOOKED_AT).find(|other| other.opens_session_of(step)))),
    ]
}

/// How many steps with a session are looked at for the one that set the cookies of a request: each silent request may be refused.
const LOOKED_AT: usize = 40;

/// Whether a step opened or confirmed a session.
fn is_of(step: &Step<'_>, sid: &Secret) -> bool {
    step.session().and_then(|session| session.is_same_as(sid)) == Some(true)
}

/// By the service's own list of the sessions that there are, else by the step that set the cookies of the request.
fn is_current(scene: &Scene<'_, '_>, request: &Step<'_>, sid: &Secret, opening: Option<&Step<'_>>) -> Observation {
    let searched = || Observation::not_seen([Evidence::searched(request.entry, "request.header.cookie")]);
    match request.lists_session(sid) {
        Recorded::Kept(true) => Observation::seen(scene.names().cookies_sent(request, cookies::lists_sessions)),
        Recorded::Kept(false) => searched(),
        Recorded::NotKept(loss) => Observation::lost(loss, "the request's cookies"),
        Recorded::Empty => match opening {
            Some(opening) if is_of(opening, sid) => Observation::seen(scene.names().cookies_sent(request, cookies::holds_session)),
            Some(_) => searched(),
            None if request.cookies_sent.kept().is_none_or(|names| !names.iter().any(|name| cookies::holds_session(name))) => searched(),
            None => Observation::not_recorded("the request's cookies do not tell which session they are of"),
        },
    }
}

/// Whether a session that another step opened is of the account that the request is for. That of another browser, account or
/// directory stands beside it, and does not replace it.
fn is_theirs(scene: &Scene<'_, '_>, request: &Step<'_>, other: &Step<'_>) -> Option<bool> {
    let browsers = scene.traffic.browser_of(request).zip(scene.traffic.browser_of(other));
    if browsers.is_some_and(|(own, other)| own != other) {
        return Some(false);
    }
    let account = scene.index.attempts.account_of_entry.get(&other.entry);
    let accounts = scene.attempt.account.zip(account.copied());
    if let Some(is_one) = accounts.and_then(|(asked, account)| scene.names().accounts.are_one(asked, account)) {
        return Some(is_one);
    }
    let opening = scene.sign_ins.attempts.get(*scene.index.attempts.of_entry.get(&other.entry)?)?;
    let directory = |attempt: &Attempt| attempt.resolved_tenant.clone().or_else(|| attempt.tenant.as_ref()?.id().cloned());
    if directory(scene.attempt).zip(directory(opening)).is_some_and(|(asked, other)| asked != other) {
        return Some(false);
    }
    (opening.client == scene.attempt.client).then_some(true)
}

/// The place that tells the session which a step opened or confirmed.
fn opened(scene: &Scene<'_, '_>, step: &Step<'_>) -> Option<Evidence> {
    let is_told = |params: &Params| params.get("session_state").is_some_and(|id| !id.is_stand_in());
    if step.reply.handover.as_ref().is_some_and(|handover| is_told(&handover.params)) {
        return scene.names().reply_param(step, "session_state");
    }
    if is_told(&step.params) {
        return scene.names().request_param(step, "session_state");
    }
    Some(scene.names().session(step, "response.body.id_token.sid", step.session()?))
}
