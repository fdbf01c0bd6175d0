//! Whether the request pins one particular session, and what became of that session.
//!
//! MSAL.js sends `sid` with `prompt=none` from the cached ID token when there is no `login_hint` claim. The
//! token outlives the session, so a `sid` may name one that is gone.

use super::{Check, Claim, ClaimInfo, Observation, Scene};
use crate::entra::{Evidence, Step};
use crate::exchange::Secret;

/// Whether the request pins one particular session, and what became of it.
pub(super) static CHECK: Check = Check {
    name: "session-id",
    about: "Whether the request asks for one particular session by its id (sid), and what became of that session",
    claims: &CLAIMS,
    observe,
};

static CLAIMS: [ClaimInfo; 3] = [
    ClaimInfo {
        name: "session-id.requested",
        seen: "The request asks for one particular session by its id (sid).",
        not_seen: "The request names no session id (sid).",
        record: "Record from before the sign-in begins, so that the authorization request is in the capture.",
    },
    ClaimInfo {
        name: "session-id.seen-earlier",
        seen: "That session was opened by a sign-in in this capture.",
        not_seen: "That session was not opened in this capture: the application remembers it from before.",
        record: "Record from before the sign-in that opened the session.",
    },
    ClaimInfo {
        name: "session-id.replaced",
        seen: "A sign-in in this capture opened another session than the one asked for.",
        not_seen: "No sign-in in this capture opened another session.",
        record: "Keep recording while the person signs in again: the new session's id shows whether the old one was gone.",
    },
];

fn observe(scene: &Scene<'_, '_>) -> Vec<Claim> {
    let [requested, seen_earlier, replaced] = &CLAIMS;
    let Some(step) = scene.request() else {
        return CLAIMS.iter().map(|claim| claim.is(Observation::not_recorded(scene.no_request()))).collect();
    };
    let Some(sid) = step.params.get("sid") else {
        let none = || Observation::not_recorded("the request names no session id");
        let searched = scene.searched("sid");
        return vec![requested.is(Observation::not_seen(searched)), seen_earlier.is(none()), replaced.is(none())];
    };
    let asked = scene.names().request_param(step, "sid");
    let earlier: Vec<(Evidence, bool)> =
        scene.before().filter(|other| other.entry != step.entry).filter_map(|other| opened(scene, other, sid)).collect();
    let later: Vec<(Evidence, bool)> = scene.after().filter_map(|other| opened(scene, other, sid)).collect();
    let same = earlier.iter().filter(|(_, same)| *same).map(|(evidence, _)| evidence.clone());
    // The last word before the request, or any after it: an older session that was replaced before counts too.
    let last_before = earlier.last().filter(|(_, same)| !same).into_iter();
    let other = last_before.chain(later.iter().filter(|(_, same)| !same)).map(|(evidence, _)| evidence.clone());
    let somewhere = |found: &[(Evidence, bool)]| {
        found.iter().map(|(evidence, _)| Evidence::searched(evidence.entry(), evidence.part())).collect::<Vec<_>>()
    };
    let no_sign_in = || Observation::not_recorded("no sign-in in this capture tells the id of its session");
    vec![
        requested.is(Observation::seen_or(asked, Observation::not_recorded("no session id"))),
        seen_earlier.is(Observation::seen_or(
            same,
            match scene.earlier_end_unknown() {
                true => Observation::not_recorded("how an earlier sign-in ended was not recorded"),
                false if earlier.is_empty() => Observation::not_seen(scene.searched_before()),
                false => Observation::not_seen(somewhere(&earlier)),
            },
        )),
        replaced.is(Observation::seen_or(
            other,
            if earlier.is_empty() && later.is_empty() {
                no_sign_in()
            } else {
                Observation::not_seen(somewhere(&earlier).into_iter().chain(somewhere(&later)))
            },
        )),
    ]
}

/// The session that a step opened or confirmed, and whether it is the one asked for.
fn opened(scene: &Scene<'_, '_>, step: &Step<'_>, sid: &Secret) -> Option<(Evidence, bool)> {
    let handed = step.reply.handover.as_ref().and_then(|handover| handover.params.get("session_state"));
    if let Some(session) = handed {
        return Some((scene.names().reply_param(step, "session_state")?, session == sid));
    }
    if let Some(session) = step.params.get("session_state").filter(|session| !session.is_empty()) {
        return Some((scene.names().request_param(step, "session_state")?, session == sid));
    }
    let session = step.tokens()?.id_token.as_ref()?.session.as_ref()?;
    Some((scene.names().session(step, "response.body.id_token.sid", session), session == sid))
}
