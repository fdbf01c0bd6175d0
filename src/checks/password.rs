//! Passwords typed before the failure.

use super::{Check, Claim, ClaimInfo, LooksAt, Observation, Record, Scene, Start};
use crate::entra::{Endpoint, ErrorCode, Evidence, Grant, Step};

/// Passwords typed before the failure.
pub(super) static CHECK: Check = Check {
    name: "password",
    about: "Whether a password was typed, and whether earlier ones were refused",
    looks_at: LooksAt::Circumstances,
    claims: &CLAIMS,
    observe,
};

static CLAIMS: [ClaimInfo; 2] = [
    ClaimInfo {
        name: "password.typed",
        seen: "A password was typed and sent.",
        not_seen: "No password was sent in this attempt.",
        question: "Whether a password was typed and sent",
        record: Record::Earlier { before: Start::SignIn("the sign-in"), with: "with request bodies", shows: "" },
    },
    ClaimInfo {
        name: "password.refused-before",
        seen: "The password was refused earlier in this capture.",
        not_seen: "No password was refused earlier in this capture.",
        question: "Whether the password had been refused before",
        record: Record::Told("Record from the first try on."),
    },
];

fn observe(scene: &Scene<'_, '_>) -> Vec<Claim> {
    let [typed, refused_before] = &CLAIMS;
    let posts = |step: &&Step<'_>| step.endpoint == Endpoint::Login || step.grant() == Some(Grant::Password);
    let failing = scene.event.step;
    let sent = scene
        .attempt
        .steps
        .iter()
        .filter(|&&at| at <= failing)
        .filter_map(|&at| scene.traffic.steps.get(at))
        .filter(posts)
        .map(|step| scene.names().step(step));
    // Somebody else's wrong passwords lock no account but their own.
    let accounts = &scene.names().accounts;
    let of_person = |step: &Step<'_>| step.person().and_then(|name| accounts.find_name(&name));
    let may_be_own = |step: &&Step<'_>| of_person(step).zip(scene.attempt.account).is_none_or(|(typed, own)| typed == own);
    let refused = scene.before(&scene.index.steps.refused_passwords).filter(&may_be_own).filter_map(|step| {
        let failure = step.reply.failures.iter().find(|failure| failure.code() == Some(ErrorCode::WRONG_PASSWORD))?;
        Some(scene.names().failure(step.entry, failure))
    });
    // Nobody posts a second password after one that was taken.
    let repeated = &scene.index.steps.repeated_passwords;
    let repeated = repeated.get(..repeated.partition_point(|(again, _)| *again <= failing)).unwrap_or_default();
    let repeated = repeated.iter().filter_map(|(_, first)| scene.traffic.steps.get(*first)).filter(may_be_own);
    let refused = refused.chain(repeated.map(|step| scene.names().step(step)));
    let in_attempt = scene.attempt.steps(scene.traffic).map(|step| Evidence::searched(step.entry, "request.url"));
    let logins = scene.before(&scene.index.steps.passwords).map(|step| Evidence::searched(step.entry, "response.body"));
    let pages_lost = scene.is_before(scene.index.steps.lost_password_page.as_ref());
    let none_refused = if pages_lost {
        Observation::not_recorded("the pages that answered earlier passwords were not recorded")
    } else {
        Observation::not_seen(logins)
    };
    let none_sent = match scene.request() {
        None => scene.without_request(),
        Some(_) => Observation::not_seen(in_attempt),
    };
    vec![typed.is(Observation::seen_or(sent, none_sent)), refused_before.is(Observation::seen_or(refused, none_refused))]
}
