//! Whether a popup window lost its link to the page that opened it.
//!
//! Sign-in pages roll out `Cross-Origin-Opener-Policy`, and applications send it too. Under it a popup signs in, and the page
//! that opened it never learns; MSAL before version 5 watches the popup and waits in vain.

use super::{Check, Claim, ClaimInfo, LooksAt, Observation, Record, Scene};
use crate::entra::{Evidence, Step, asking_page, cuts_opener, isolates_windows};
use crate::exchange::{Loss, Recorded};
use crate::signin::Kind;

/// Whether a popup window lost its link to the page that opened it.
pub(super) static CHECK: Check = Check {
    name: "popup",
    about: "Whether the sign-in ran in a popup window, and whether a page in it cut the link to its opener",
    looks_at: LooksAt::Circumstances,
    claims: &CLAIMS,
    observe,
};

static CLAIMS: [ClaimInfo; 4] = [
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
    ClaimInfo {
        name: "popup.opener-isolated",
        seen: "The page that opened the popup isolates itself from the windows that it opens (Cross-Origin-Opener-Policy says same-origin).",
        not_seen: "The page that opened the popup does not isolate itself from the windows that it opens.",
        question: "Whether the page that opened the popup isolates itself from it",
        record: Record::Told("Record from where the application's page loads, with the headers of replies."),
    },
    ClaimInfo {
        name: "popup.library-needs-link",
        seen: "The library is MSAL before version 5, which reads the popup's address by its link to that window.",
        not_seen: "The library does not need its link to the popup: it is MSAL 5 or newer.",
        question: "Whether the library needs its link to the popup",
        record: Record::AUTHORIZATION_REQUEST,
    },
];

fn observe(scene: &Scene<'_, '_>) -> Vec<Claim> {
    let [used, link_cut, opener_isolated, needs_link] = &CLAIMS;
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
    let of_popup = |observe: fn(&Scene<'_, '_>, &Step<'_>) -> Observation| match popup {
        true => observe(scene, request),
        false => Observation::not_recorded("the sign-in did not run in a popup window"),
    };
    vec![used.is(was_used), link_cut.is(cut), opener_isolated.is(of_popup(opener)), needs_link.is(of_popup(library))]
}

/// The page that opened the popup, by its last document: `same-origin` alone parts a page from the windows that it opens (HTML,
/// "Cross-origin opener policies").
fn opener(scene: &Scene<'_, '_>, request: &Step<'_>) -> Observation {
    const POLICY: &str = "cross-origin-opener-policy";
    let origin = asking_page(request.exchange).or_else(|| request.redirect_origin());
    let Some(page) = origin.and_then(|origin| scene.index.opening_document(scene.traffic, request, &origin)) else {
        return Observation::not_recorded("the page that opened the popup is not in the capture");
    };
    match page.response.headers.get(POLICY) {
        Recorded::Kept(_) => {
            let evidence = scene.names().page_header(page, POLICY).filter(|_| isolates_windows(page));
            Observation::seen_or(
                evidence,
                Observation::not_seen([Evidence::searched(page.entry, "response.header.cross-origin-opener-policy")]),
            )
        }
        // What the browser has of it stays in force, and the answer need not repeat it (RFC 9110 §15.4.5).
        Recorded::Empty | Recorded::NotKept(Loss::Summarised) if page.response.status == Some(304) => {
            Observation::not_recorded("the page that opened the popup came out of the browser's cache")
        }
        // A summary of a page keeps this header.
        Recorded::Empty | Recorded::NotKept(Loss::Summarised) => {
            Observation::not_seen([Evidence::searched(page.entry, "response.header.cross-origin-opener-policy")])
        }
        Recorded::NotKept(loss) => Observation::lost(loss, "the headers of the page that opened the popup"),
    }
}

fn library(scene: &Scene<'_, '_>, request: &Step<'_>) -> Observation {
    match request.msal_version() {
        Some(version) if version < 5 => Observation::seen_or(
            scene.names().request_param(request, "x-client-VER"),
            Observation::not_recorded("the request does not tell its library's version"),
        ),
        Some(_) => Observation::not_seen([Evidence::searched(request.entry, request.param_part("x-client-VER"))]),
        None => Observation::not_recorded("the request does not tell its library's version"),
    }
}
