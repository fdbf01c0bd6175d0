//! Dates and lifetimes that the error's own text names.

use super::{Check, Claim, ClaimInfo, LooksAt, Observation, Record, Scene};
use crate::entra::Evidence;

/// Dates and lifetimes that the error's own text names.
pub(super) static CHECK: Check = Check {
    name: "lifetime",
    about: "Whether a token had outlived its lifetime, or was revoked, by the dates in the error's own text",
    looks_at: LooksAt::Circumstances,
    claims: &CLAIMS,
    observe,
};

static CLAIMS: [ClaimInfo; 2] = [
    ClaimInfo {
        name: "lifetime.over",
        seen: "By the dates in the error's own text, the lifetime was over.",
        not_seen: "By the dates in the error's own text, the lifetime was not over.",
        question: "Whether the token had outlived its lifetime, by the dates in the error's own text",
        record: Record::Showing { what: Record::TOKEN_REPLY, shows: "its text names when the token was issued and how long it lives" },
    },
    ClaimInfo {
        name: "lifetime.revoked",
        seen: "By the dates in the error's own text, the account's tokens were revoked after this one was issued.",
        not_seen: "By the dates in the error's own text, the token was issued after the last revocation.",
        question: "Whether the account's tokens were revoked after this one was issued, by the dates in the error's own text",
        record: Record::Showing {
            what: Record::TOKEN_REPLY,
            shows: "its text names when the token was issued and since when tokens are valid",
        },
    },
];

fn observe(scene: &Scene<'_, '_>) -> Vec<Claim> {
    let [over, revoked] = &CLAIMS;
    let message = scene.event.failure.message();
    let entry = scene.failing.entry;
    let evidence = || scene.names().failure(entry, &scene.event.failure);
    let place = || [Evidence::searched(entry, scene.event.failure.part.clone())];
    let now = scene.event.failure.timestamp.or_else(|| scene.failing.date());
    let unnamed = |why: &str| scene.unnamed_in_text(why);
    let lived = match message.lifetime_over(now) {
        Some(true) => Observation::seen(evidence()),
        Some(false) => Observation::not_seen(place()),
        None => unnamed("the error's text names no dates, or is of an unknown wording"),
    };
    let withdrawn = match message.revoked() {
        Some(true) => Observation::seen(evidence()),
        Some(false) => Observation::not_seen(place()),
        None => unnamed("the error's text names no dates of a revocation, or is of an unknown wording"),
    };
    vec![over.is(lived), revoked.is(withdrawn)]
}
