//! Whether a popup window lost its link to the page that opened it.
//!
//! Sign-in pages roll out `Cross-Origin-Opener-Policy`. Under it a popup signs in, and the page that opened
//! it never learns; MSAL before version 5 watches the popup and waits in vain.

use super::{Check, Claim, ClaimInfo, LooksAt, Observation, Record, Scene};
use crate::entra::{Evidence, cuts_opener};
use crate::signin::Kind;

/// Whether a popup window lost its link to the page that opened it.
pub(super) static CHECK: Check = Check {
    name: "popup",
    about: "Whether the sign-in ran in a popup window, and whether a page in it cut the link to its opener",
    looks_at: LooksAt::Circumstances,
    claims: &CLAIMS,
    observe,
};

static CLAIMS: [ClaimInfo; 2] = [
    ClaimInfo {
        name: "popup.used",
        seen: "The sign-in ran in a popup window.",
        not_seen: "The sign-in did not run in a popup window.",
        question: "Whether the sign-in ran in a popup window",
        record: Record::AUTHORIZATION_REQUEST,
    },
    ClaimInfo {
        name: "popup.link-cut",
        seen: "A page in the popup cut its link to the page that opened it (Cross-Origin-Opener-Policy).",
        not_seen: "No page in the popup cut its link to the page that opened it.",
        question: "Whether a page in the popup cut its link to the page that opened it",
        record: Record::Told("Record the popup's own traffic: open the developer tools in it, or record with a proxy."),
    },
];

fn observe(scene: &Scene<'_, '_>) -> Vec<Claim> {
    let [used, link_cut] = &CLAIMS;
    let Some(request) = scene.request() else {
        return CLAIMS.iter().map(|claim| claim.is(scene.without_request())).collect();
    };
    let popup = scene.attempt.kind == Kind::Popup;
    let interaction = scene.names().request_param(request, "state").filter(|_| popup);
    let not_used = match request.interaction() {
        None => Observation::not_recorded("the request's state does not tell its window"),
        Some(_) => Observation::not_seen([Evidence::searched(request.entry, request.param_part("state"))]),
    };
    let was_used = Observation::seen_or(interaction, not_used);
    let steps = || scene.attempt.steps(scene.traffic);
    let places = steps()
        .filter(|step| cuts_opener(step.exchange))
        .filter_map(|step| scene.names().response_header(step, "cross-origin-opener-policy"));
    let searched = steps().map(|step| Evidence::searched(step.entry, "response.header.cross-origin-opener-policy"));
    let cut = if popup {
        Observation::seen_or(places, Observation::not_seen(searched))
    } else {
        Observation::not_recorded("the sign-in did not run in a popup window")
    };
    vec![used.is(was_used), link_cut.is(cut)]
}
