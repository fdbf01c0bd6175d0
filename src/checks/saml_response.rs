//! What the SAML response tells an application that it may not take.
//!
//! Applications may limit how long ago the person signed in at the identity provider; the service's own session lives for days.

use super::{Check, Claim, ClaimInfo, LooksAt, Observation, Record, Scene};
use crate::entra::{Endpoint, Evidence, SamlResponse, Step};
use crate::exchange::Secret;
use chrono::TimeDelta;

/// What the SAML response tells an application that it may not take.
pub(super) static CHECK: Check = Check {
    name: "saml-response",
    about: "How long ago the person had signed in by the SAML response, and whom it is made out to",
    looks_at: LooksAt::FailingReply,
    claims: &CLAIMS,
    observe,
};

static CLAIMS: [ClaimInfo; 2] = [
    ClaimInfo {
        name: "saml-response.old-session",
        seen: "By the SAML response the person had signed in two hours or more before it was written (AuthnInstant).",
        not_seen: "By the SAML response the person had signed in less than two hours before it was written.",
        question: "How long ago the person had signed in by the SAML response",
        record: RECORD,
    },
    ClaimInfo {
        name: "saml-response.other-audience",
        seen: "The SAML response is made out to another audience than the one that asked for it.",
        not_seen: "The SAML response is made out to the one that asked for it.",
        question: "Whom the SAML response is made out to",
        record: RECORD,
    },
];

const RECORD: Record = Record::Told("Record the SAML request, and the application's POST that brings the SAML response, with its body.");

/// The time that applications commonly allow: `maxAuthenticationAge` of the SAML extension of Spring Security is 7200 seconds
/// where nobody sets it.
const COMMON_LIMIT: TimeDelta = TimeDelta::hours(2);

fn observe(scene: &Scene<'_, '_>) -> Vec<Claim> {
    let [old_session, other_audience] = &CLAIMS;
    let answer = scene.attempt.steps(scene.traffic).filter_map(|step| Some((step, step.saml_response.as_ref()?))).next_back();
    let Some((step, response)) = answer else {
        let is_saml = scene.attempt.begin(scene.traffic).is_some_and(|step| step.endpoint == Endpoint::Saml);
        let none = || match is_saml {
            true => Observation::not_recorded("no SAML response of this attempt is in the capture, or none that can be read"),
            false => Observation::moot("the application did not ask by SAML"),
        };
        return vec![old_session.is(none()), other_audience.is(none())];
    };
    vec![old_session.is(age(scene, step, response)), other_audience.is(audience(scene, step, response))]
}

fn age(scene: &Scene<'_, '_>, step: &Step<'_>, response: &SamlResponse) -> Observation {
    let Some((authenticated, issued)) = response.authenticated.zip(response.issued) else {
        return Observation::not_recorded("the SAML response does not tell when the person signed in, or is encrypted");
    };
    let place = |name: &'static str, time| scene.names().saml_time(step, name, time);
    if issued - authenticated >= COMMON_LIMIT {
        Observation::seen_with(place("AuthnInstant", authenticated), [place("IssueInstant", issued)])
    } else {
        Observation::not_seen([searched(step, "AuthnInstant")])
    }
}

fn audience(scene: &Scene<'_, '_>, step: &Step<'_>, response: &SamlResponse) -> Observation {
    let asked = scene.attempt.begin(scene.traffic).and_then(|begin| Some((begin, begin.saml.as_ref()?.issuer.as_deref()?)));
    let Some((begin, issuer)) = asked else {
        return Observation::not_recorded("the SAML request of this attempt is not in the capture, or cannot be read");
    };
    let Some(audience) = response.audience.as_deref() else {
        return Observation::not_recorded("the SAML response names no audience, or is encrypted");
    };
    if [issuer, audience].into_iter().any(|name| Secret::new(name).told().is_none()) {
        return Observation::not_recorded("somebody took the value out of the capture, so it cannot be compared");
    }
    if issuer == audience {
        return Observation::not_seen([searched(step, "Audience")]);
    }
    let place = |step, message, element, text| scene.names().saml_text(step, message, element, text);
    Observation::seen_with(place(step, "SAMLResponse", "Audience", audience), [place(begin, "SAMLRequest", "Issuer", issuer)])
}

fn searched(step: &Step<'_>, part: &str) -> Evidence {
    Evidence::searched(step.entry, format!("{}.{part}", step.param_part("SAMLResponse")))
}
