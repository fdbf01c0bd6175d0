//! Whether the sign-in service's session cookies travelled.
//!
//! A cookie that is missing from the file may only be missing from the export; `entra::Recording` decides.

use super::claim::RECORD_COOKIES;
use super::{Check, Claim, ClaimInfo, Observation, Scene};
use crate::entra::{Endpoint, Evidence, Frame, Step, StorageAccess, cookies};
use crate::exchange::Recorded;
use std::collections::BTreeMap;

/// Whether the sign-in service's session cookies travelled.
pub(super) static CHECK: Check = Check {
    name: "session-cookie",
    about: "Whether the cookies that hold the session of the sign-in service were set, and sent with the request",
    claims: &CLAIMS,
    observe,
};

static CLAIMS: [ClaimInfo; 4] = [
    ClaimInfo {
        name: "session-cookie.sent",
        seen: "The request carried a session cookie of the sign-in service.",
        not_seen: "The request carried no session cookie of the sign-in service.",
        record: RECORD_COOKIES,
    },
    ClaimInfo {
        name: "session-cookie.others-sent",
        seen: "The request carried other cookies of the sign-in service, so cookies do reach it.",
        not_seen: "The request carried no other cookie of the sign-in service.",
        record: RECORD_COOKIES,
    },
    ClaimInfo {
        name: "session-cookie.set-earlier",
        seen: "Earlier in this capture the sign-in service set a session cookie, and did not delete it since.",
        not_seen: "No session cookie from earlier in this capture was left.",
        record: RECORD_COOKIES,
    },
    ClaimInfo {
        name: "session-cookie.sent-by-page",
        seen: "A request that the page itself made to the same host carried a session cookie.",
        not_seen: "No request that the page itself made to the same host carried a session cookie.",
        record: RECORD_COOKIES,
    },
];

fn observe(scene: &Scene<'_, '_>) -> Vec<Claim> {
    let [sent, others, set_earlier, by_page] = &CLAIMS;
    vec![
        sent.is(sent_cookie(scene, cookies::holds_session)),
        others.is(sent_cookie(scene, |name| cookies::is_sign_in_cookie(name) && !cookies::holds_session(name))),
        set_earlier.is(was_set(scene)),
        by_page.is(sent_by_page(scene)),
    ]
}

fn sent_cookie(scene: &Scene<'_, '_>, wanted: fn(&str) -> bool) -> Observation {
    let Some(step) = scene.request() else { return Observation::not_recorded(scene.no_request()) };
    match &step.cookies_sent {
        Recorded::Kept(names) if names.iter().any(|name| wanted(name)) => Observation::seen(scene.names().cookies_sent(step, wanted)),
        Recorded::Kept(_) | Recorded::Empty => Observation::not_seen([Evidence::searched(step.entry, "request.header.cookie")]),
        // Where the browser itself says that it withholds the site's cookies, the export need not show it.
        Recorded::NotKept(_) if withheld(step) => {
            Observation::not_seen([Evidence::searched(step.entry, "request.header.sec-fetch-storage-access")])
        }
        Recorded::NotKept(loss) => Observation::not_recorded(loss.explain("the request's cookies")),
    }
}

fn withheld(step: &Step<'_>) -> bool {
    matches!(step.storage_access(), Recorded::Kept(Some(StorageAccess::None | StorageAccess::Inactive)))
}

/// Whether a step went to the host of the failing request.
fn at_same_host(scene: &Scene<'_, '_>, step: &Step<'_>) -> bool {
    let host = |step: &Step<'_>| step.address.as_ref().map(|address| address.host.clone());
    scene.request().and_then(host).is_some_and(|wanted| host(step) == Some(wanted))
}

fn was_set(scene: &Scene<'_, '_>) -> Observation {
    let Some(request) = scene.request() else { return Observation::not_recorded(scene.no_request()) };
    // Each cookie by itself: a sign-in may delete one while it sets another.
    let mut held: BTreeMap<String, &Step<'_>> = BTreeMap::new();
    let mut searched = Vec::new();
    let mut loss = None;
    for step in scene.before().filter(|step| step.at_entra() && at_same_host(scene, step) && step.entry != request.entry) {
        match &step.cookies_set {
            Recorded::Kept(lines) => {
                for line in lines.iter().filter(|line| cookies::holds_session(&line.name)) {
                    match line.deletes {
                        true => held.remove(&line.name),
                        false => held.insert(line.name.clone(), step),
                    };
                }
                searched.push(Evidence::searched(step.entry, "response.header.set-cookie"));
            }
            Recorded::Empty => searched.push(Evidence::searched(step.entry, "response.header.set-cookie")),
            Recorded::NotKept(why) => loss = loss.or(Some(*why)),
        }
    }
    let last = held.into_values().max_by_key(|step| step.entry);
    match (last, loss) {
        (Some(step), _) => Observation::seen(scene.names().cookies_set(step, |line| cookies::holds_session(&line.name) && !line.deletes)),
        (None, Some(why)) => Observation::not_recorded(why.explain("the cookies that replies set")),
        (None, None) => Observation::not_seen(searched),
    }
}

/// Whether the page itself made the request: by the browser's word, or because only a page can post a password;
/// unknown where nothing tells.
fn is_of_page(step: &Step<'_>) -> Option<bool> {
    match step.frame() {
        Recorded::Kept(frame) => Some(frame == Frame::TopLevel),
        Recorded::Empty | Recorded::NotKept(_) => {
            matches!(step.endpoint, Endpoint::Login | Endpoint::Kmsi | Endpoint::Reprocess).then_some(true)
        }
    }
}

fn sent_by_page(scene: &Scene<'_, '_>) -> Observation {
    let Some(request) = scene.request() else { return Observation::not_recorded(scene.no_request()) };
    let mut searched = Vec::new();
    let mut loss = None;
    let mut windows_unknown = false;
    let around =
        scene.before().chain(scene.after()).filter(|step| step.at_entra() && at_same_host(scene, step) && step.entry != request.entry);
    for step in around {
        let of_page = is_of_page(step);
        windows_unknown |= of_page.is_none();
        if of_page != Some(true) {
            continue;
        }
        match &step.cookies_sent {
            Recorded::Kept(names) if names.iter().any(|name| cookies::holds_session(name)) => {
                return Observation::seen(scene.names().cookies_sent(step, cookies::holds_session));
            }
            Recorded::Kept(_) | Recorded::Empty => searched.push(Evidence::searched(step.entry, "request.header.cookie")),
            Recorded::NotKept(why) => loss = loss.or(Some(*why)),
        }
    }
    match loss {
        Some(why) => Observation::not_recorded(why.explain("the cookies that requests sent")),
        None if windows_unknown => Observation::not_recorded("nothing tells which of the other requests the page itself made"),
        None if searched.is_empty() => Observation::not_recorded("no request that the page itself made to this host is in the capture"),
        None => Observation::not_seen(searched),
    }
}
