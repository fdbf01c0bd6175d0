//! How many people are signed in in this browser, and whether the request says which one it means.

use super::{Check, Claim, ClaimInfo, Observation, Scene};
use crate::entra::{AccountId, Evidence};
use std::collections::BTreeMap;

/// How many people are signed in, and whether the request says which one it means.
pub(super) static CHECK: Check = Check {
    name: "accounts",
    about: "Whether several accounts are signed in in this browser, and whether the request says which one it means",
    claims: &CLAIMS,
    observe,
};

static CLAIMS: [ClaimInfo; 2] = [
    ClaimInfo {
        name: "accounts.several",
        seen: "Several accounts are signed in in this browser.",
        not_seen: "No more than one account signed in in this capture.",
        record: "Record from before the accounts sign in.",
    },
    ClaimInfo {
        name: "accounts.none-named",
        seen: "The request does not say which account or session it means.",
        not_seen: "The request says which account or session it means.",
        record: "Record from before the sign-in begins, so that the authorization request is in the capture.",
    },
];

fn observe(scene: &Scene<'_, '_>) -> Vec<Claim> {
    let [several, none_named] = &CLAIMS;
    vec![several.is(several_signed_in(scene)), none_named.is(names_nobody(scene))]
}

fn several_signed_in(scene: &Scene<'_, '_>) -> Observation {
    // The account tiles of a page are the service's own list.
    let tiles = scene.before().rev().find(|step| step.reply.page.as_ref().and_then(|page| page.signed_in).is_some_and(|count| count >= 2));
    if let Some(evidence) = tiles.and_then(|step| scene.names().page(step)) {
        return Observation::seen(evidence);
    }
    let mut signed_in: BTreeMap<AccountId, Evidence> = BTreeMap::new();
    let mut searched = Vec::new();
    let mut unknown = false;
    for attempt in scene.earlier_sign_ins().collect::<Vec<_>>().into_iter().rev() {
        let place = attempt.steps(scene.traffic).find_map(|step| scene.names().person(step));
        let place = place.or_else(|| attempt.steps(scene.traffic).next_back().map(|step| scene.names().step(step)));
        let (Some(account), Some(place)) = (attempt.account, place) else {
            unknown = true;
            continue;
        };
        searched.push(Evidence::searched(place.entry(), place.part()));
        signed_in.entry(account).or_insert(place);
    }
    match (signed_in.len(), unknown) {
        (0 | 1, true) => Observation::not_recorded("the capture does not show who signed in"),
        (0, false) => Observation::not_recorded("nobody signed in earlier in this capture"),
        (1, false) => Observation::not_seen(searched),
        _ => Observation::seen_or(signed_in.into_values(), Observation::not_recorded("no place to show")),
    }
}

fn names_nobody(scene: &Scene<'_, '_>) -> Observation {
    let Some(step) = scene.request() else { return Observation::not_recorded(scene.no_request()) };
    let named = ["login_hint", "sid", "X-AnchorMailbox"].into_iter().find(|name| step.params.has(name));
    match named {
        Some(name) => Observation::not_seen([Evidence::searched(step.entry, step.param_part(name))]),
        None => Observation::seen(scene.names().step(step)),
    }
}
