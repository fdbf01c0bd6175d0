//! What the SAML request insists on.

use super::{Check, Claim, ClaimInfo, LooksAt, Observation, Record, Scene, Start};
use crate::entra::Evidence;

/// What the SAML request insists on.
pub(super) static CHECK: Check = Check {
    name: "saml-request",
    about: "Whether the SAML request insists on one way of signing in, and whether it can be read",
    looks_at: LooksAt::Circumstances,
    claims: &CLAIMS,
    observe,
};

static CLAIMS: [ClaimInfo; 2] = [
    ClaimInfo {
        name: "saml-request.insists-on-method",
        seen: "The SAML request insists on one way of signing in (RequestedAuthnContext).",
        not_seen: "The SAML request leaves the way of signing in to the service.",
        question: "Whether the SAML request insists on one way of signing in",
        record: RECORD,
    },
    ClaimInfo {
        name: "saml-request.unreadable",
        seen: "The SAML request cannot be decoded.",
        not_seen: "The SAML request can be decoded.",
        question: "Whether the SAML request can be decoded",
        record: RECORD,
    },
];

const RECORD: Record =
    Record::Earlier { before: Start::SignIn("the sign-in begins"), with: "so that the SAML request is in the capture", shows: "" };

fn observe(scene: &Scene<'_, '_>) -> Vec<Claim> {
    let [insists, unreadable] = &CLAIMS;
    let begin = scene.attempt.begin(scene.traffic).filter(|step| step.params.has("SAMLRequest"));
    let Some(step) = begin else {
        let none = || Observation::not_recorded("no SAML request of this attempt is in the capture");
        return vec![insists.is(none()), unreadable.is(none())];
    };
    let evidence = scene.names().request_param(step, "SAMLRequest");
    let place = || [Evidence::searched(step.entry, step.param_part("SAMLRequest"))];
    let contexts = match &step.saml {
        None => Observation::not_recorded("the SAML request cannot be decoded"),
        Some(request) => {
            Observation::seen_or(evidence.clone().filter(|_| !request.requested_contexts.is_empty()), Observation::not_seen(place()))
        }
    };
    let broken = Observation::seen_or(evidence.filter(|_| step.saml.is_none()), Observation::not_seen(place()));
    vec![insists.is(contexts), unreadable.is(broken)]
}
