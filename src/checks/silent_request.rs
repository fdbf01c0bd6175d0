//! Whether the request asked for an answer without showing anything.

use super::{Check, Claim, ClaimInfo, LooksAt, Observation, Record, Scene};
use crate::entra::{Evidence, Step};
use crate::signin::Kind;

/// Whether the request asked for an answer without showing anything.
pub(super) static CHECK: Check = Check { name: "silent-request", about: ABOUT, looks_at: LooksAt::Circumstances, claims: &CLAIMS, observe };

const ABOUT: &str = "Whether the authorization request asked for an answer without showing a page";

static CLAIMS: [ClaimInfo; 2] = [
    ClaimInfo {
        name: "silent-request.prompt-none",
        seen: "The request forbids any page (prompt=none): it can only be answered from a session that exists.",
        not_seen: "The request allows the service to show a page.",
        question: ABOUT,
        record: Record::AUTHORIZATION_REQUEST,
    },
    ClaimInfo {
        name: "silent-request.in-place-of-page",
        seen: "The application leaves its page again and again for requests that forbid any page (prompt=none), and never for one that allows it.",
        not_seen: "The application does not leave its page again and again for requests that forbid any page, or also makes one that allows it.",
        question: "Whether the application ever lets the service show a page",
        record: Record::Told("Keep recording, with Preserve log on, while the person tries to sign in."),
    },
];

/// How often an application leaves its page for nothing before it is no chance.
const ROUNDS: usize = 3;

/// The longest time from one such request to the next, in seconds: a person who opens a page anew takes longer.
const ROUND_S: i64 = 20;

fn observe(scene: &Scene<'_, '_>) -> Vec<Claim> {
    let [prompt_none, in_place] = &CLAIMS;
    let observation = match scene.request() {
        None => scene.without_request(),
        Some(step) => {
            let parameter = if step.saml.is_some() { "SAMLRequest" } else { "prompt" };
            let evidence = scene.names().request_param(step, parameter).filter(|_| step.is_silent());
            Observation::seen_or(evidence, Observation::not_seen(scene.searched(parameter)))
        }
    };
    vec![prompt_none.is(observation), in_place.is(stands_for_page(scene))]
}

/// Whether this is one of several requests that took the page along, one right after the other, with none that may show a page.
fn stands_for_page(scene: &Scene<'_, '_>) -> Observation {
    let Some(request) = scene.request() else { return scene.without_request() };
    let client = &scene.attempt.client;
    if client.is_none() {
        return Observation::not_recorded("the request names no application");
    }
    let nothing = || Observation::not_seen([Evidence::searched(request.entry, "request.url")]);
    let attempts = &scene.index.attempts;
    let all = attempts.of_kind.get(&(client.clone(), Kind::SilentTopLevel)).map(Vec::as_slice).unwrap_or_default();
    let begin = |index: usize| scene.sign_ins.attempts.get(index).map(|attempt| attempt.begin);
    let own = all.partition_point(|&index| begin(index) < Some(scene.attempt.begin));
    if scene.attempt.kind != Kind::SilentTopLevel || attempts.interactive.get(client).is_some_and(|all| !all.is_empty()) {
        return nothing();
    }
    let near = all.get(own.saturating_sub(ROUNDS - 1)..).unwrap_or_default().iter().take(2 * ROUNDS - 1);
    let begun: Vec<&Step<'_>> = near.filter_map(|&index| scene.traffic.steps.get(begin(index)?)).collect();
    let follows = |one: &Step<'_>, next: &Step<'_>| {
        one.started.zip(next.started).is_some_and(|(one, next)| (0..=ROUND_S).contains(&(next - one).num_seconds()))
    };
    let in_a_row = |steps: &&[&Step<'_>]| {
        steps.iter().zip(steps.iter().skip(1)).all(|(one, next)| follows(one, next)) && steps.iter().any(|step| step.entry == request.entry)
    };
    let run = begun.windows(ROUNDS).find(in_a_row).unwrap_or_default();
    Observation::seen_or(run.iter().map(|step| scene.names().step(step)), nothing())
}
