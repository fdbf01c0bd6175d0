//! Another identity provider in the course of the sign-in: AD FS or another federated one, or the Microsoft account service.

use super::{Check, Claim, ClaimInfo, LooksAt, Observation, Record, Scene, Start};
use crate::entra::{Endpoint, Evidence, PASSWORD_ASKED_AGAIN, Refusal, Step};

/// Another identity provider in the course of the sign-in.
pub(super) static CHECK: Check = Check {
    name: "identity-provider",
    about: "Whether another identity provider, to which the person was sent, failed or refused",
    looks_at: LooksAt::Circumstances,
    claims: &CLAIMS,
    observe,
};

static CLAIMS: [ClaimInfo; 4] = [
    ClaimInfo {
        name: "identity-provider.failed",
        seen: "The identity provider that the person was sent to failed or refused, and what it said is its own affair.",
        not_seen: "The identity provider that the person was sent to showed no error.",
        question: "Whether the identity provider failed or refused",
        record: Record::Earlier {
            before: Start::SignIn("the sign-in begins"),
            with: "with the traffic of the identity provider",
            shows: "",
        },
    },
    ClaimInfo {
        name: "identity-provider.credentials-refused",
        seen: "The identity provider answered the program with the fault that stands for credentials it could not authenticate.",
        not_seen: "The identity provider answered no program with the fault that stands for credentials it could not authenticate.",
        question: "What the identity provider refused: the credentials, or access by its own rules",
        record: Record::Earlier {
            before: Start::SignIn("the program signs in"),
            with: "with the replies of the identity provider and their bodies",
            shows: "",
        },
    },
    ClaimInfo {
        name: "identity-provider.access-denied",
        seen: "The identity provider answered the program with the fault that stands for its own rules denying access.",
        not_seen: "The identity provider answered no program with the fault that stands for its own rules denying access.",
        question: "What the identity provider refused: the credentials, or access by its own rules",
        record: Record::Earlier {
            before: Start::SignIn("the program signs in"),
            with: "with the replies of the identity provider and their bodies",
            shows: "",
        },
    },
    ClaimInfo {
        name: "identity-provider.password-asked-again",
        seen: "The identity provider answered the password that was posted to it with the form that asks for it.",
        not_seen: "The identity provider did not ask for the password again that was posted to it.",
        question: "Whether the identity provider took the password",
        record: Record::Earlier {
            before: Start::SignIn("the sign-in begins"),
            with: "with the pages of the identity provider and what is posted to them",
            shows: "",
        },
    },
];

fn observe(scene: &Scene<'_, '_>) -> Vec<Claim> {
    let [failed, credentials, access, again] = &CLAIMS;
    let steps: Vec<&Step<'_>> = scene.attempt.steps(scene.traffic).filter(|step| step.is_at_provider()).collect();
    vec![
        failed.is(has_failed(scene, &steps)),
        credentials.is(refused_with(Refusal::Credentials, scene)),
        access.is(refused_with(Refusal::Access, scene)),
        again.is(asked_again(scene, &steps)),
    ]
}

fn has_failed(scene: &Scene<'_, '_>, visited: &[&Step<'_>]) -> Observation {
    let Some(last) = visited.last() else { return Observation::not_recorded("no other identity provider is in this attempt") };
    let failed = Some(last).filter(|step| step.reply.provider_failed.is_some());
    let looked = visited.iter().map(|step| Evidence::searched(step.entry, "response"));
    Observation::seen_or(failed.map(|step| scene.names().step(step)), Observation::not_seen(looked))
}

/// Whether the last page says so. Programs are shown none.
fn asked_again(scene: &Scene<'_, '_>, visited: &[&Step<'_>]) -> Observation {
    let Some(step) = visited.last() else { return Observation::not_recorded("no other identity provider is in this attempt") };
    if step.endpoint != Endpoint::FederatedProvider || step.method != "POST" || step.is_ws_trust() {
        return Observation::not_seen([Evidence::searched(step.entry, "request.url")]);
    }
    if step.is_body_unread() || step.exchange.response.body.kept().is_none() {
        return Observation::not_recorded("what was posted to the identity provider, or its answer, is not in the capture");
    }
    let seen = Some(scene.names().step(step)).filter(|_| step.reply.provider_failed == Some(PASSWORD_ASKED_AGAIN));
    Observation::seen_or(seen, Observation::not_seen([Evidence::searched(step.entry, "response.body")]))
}

/// What the fault says with which the provider answered the program last. Its pages say it in the language of whoever reads them.
fn refused_with(wanted: Refusal, scene: &Scene<'_, '_>) -> Observation {
    let mut asked = scene.attempt.steps(scene.traffic).filter(|step| step.is_ws_trust() && step.reply.provider_failed.is_some());
    let Some(step) = asked.next_back() else {
        // Where a page was asked it was a person in a browser, and no program.
        let mut pages = scene.attempt.steps(scene.traffic).filter(|step| step.is_at_provider() && !step.is_ws_trust()).peekable();
        if pages.peek().is_some() {
            return Observation::not_seen(pages.map(|step| Evidence::searched(step.entry, "request.url")));
        }
        return Observation::not_recorded("no program was refused by an identity provider in this attempt");
    };
    if step.exchange.response.body.kept().is_none() {
        return Observation::not_recorded("the body of the identity provider's reply is not in the capture");
    }
    let seen = scene.names().refusal(step).filter(|_| step.reply.refusal == Some(wanted));
    Observation::seen_or(seen, Observation::not_seen([Evidence::searched(step.entry, "response.body")]))
}
