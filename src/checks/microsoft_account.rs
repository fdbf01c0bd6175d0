//! Whether a personal Microsoft account is involved.
//!
//! Every Entra sign-in page fetches `login.live.com/Me.htm`; that probe does not count.

use super::{Check, Claim, ClaimInfo, LooksAt, Observation, Record, Scene, Start};
use crate::entra::{Anchor, CONSUMERS_TENANT, Endpoint, Evidence, is_personal_domain};

/// Whether a personal Microsoft account is involved.
pub(super) static CHECK: Check = Check {
    name: "microsoft-account",
    about: "Whether the account is a personal Microsoft account, and whether the Microsoft account service was visited",
    looks_at: LooksAt::Circumstances,
    claims: &CLAIMS,
    observe,
};

static CLAIMS: [ClaimInfo; 3] = [
    ClaimInfo {
        name: "microsoft-account.is-account",
        seen: "The account is a personal Microsoft account.",
        not_seen: "The account is not a personal Microsoft account: its home is a work or school tenant.",
        question: "Whether the account is a personal Microsoft account",
        record: Record::Earlier {
            before: Start::SignIn("the sign-in"),
            with: "so that the capture shows which kind of account signs in",
            shows: "",
        },
    },
    ClaimInfo {
        name: "microsoft-account.visited",
        seen: "The sign-in went through the Microsoft account service (login.live.com).",
        not_seen: "No sign-in in this capture went through the Microsoft account service.",
        question: "Whether the sign-in went through the Microsoft account service (login.live.com)",
        record: Record::Earlier { before: Start::SignIn("the sign-in"), with: "login.live.com included", shows: "" },
    },
    ClaimInfo {
        name: "microsoft-account.just-vouched",
        seen: "In this very sign-in the person was at the Microsoft account service, which handed its reply to the sign-in service.",
        not_seen: "The Microsoft account service handed over nothing in this sign-in.",
        question: "Whether the person came from the Microsoft account service in this very sign-in",
        record: Record::AUTHORIZATION_REQUEST,
    },
];

fn observe(scene: &Scene<'_, '_>) -> Vec<Claim> {
    let [is_account, visited, just_vouched] = &CLAIMS;
    vec![is_account.is(personal(scene)), visited.is(visited_service(scene)), just_vouched.is(just_vouched_for(scene))]
}

pub(super) fn personal(scene: &Scene<'_, '_>) -> Observation {
    let Some(request) = scene.attempt.begin(scene.traffic) else { return scene.without_request() };
    // The request's own words first: they are about this very account.
    if let Some(Anchor::ObjectId { tenant, .. }) = request.anchor() {
        let evidence = scene.names().anchor(request);
        return if tenant.as_str() == CONSUMERS_TENANT {
            Observation::seen_or(evidence, Observation::not_recorded("no place to show"))
        } else {
            Observation::not_seen([Evidence::searched(request.entry, request.anchor_part())])
        };
    }
    if let Some(tenant) = request.tenant.as_ref().filter(|tenant| tenant.is_consumers()) {
        return Observation::seen(scene.names().tenant(request, tenant));
    }
    let account = scene.account().or_else(|| scene.earlier_sign_in_with_account().map(|(_, account)| account));
    let Some(account) = account.and_then(|id| scene.names().accounts.get(id)) else {
        return Observation::not_recorded("the capture does not show which account is meant");
    };
    if account.is_personal() == Some(true) {
        let token = scene.index.steps.personal_token.and_then(|at| scene.traffic.steps.get(at));
        let evidence = token
            .and_then(|step| Some(scene.names().token_claim(step, "client_info", "utid", step.tokens()?.home_tenant.as_ref()?.as_str())));
        return Observation::seen_or(evidence, Observation::seen(scene.names().step(request)));
    }
    if account.is_personal() == Some(false) {
        return Observation::not_seen([Evidence::searched(request.entry, "request.url.query")]);
    }
    let personal_domain = account.domain.as_deref().is_some_and(is_personal_domain);
    if personal_domain {
        let evidence = scene.names().request_param(request, "login_hint");
        return Observation::seen_or(evidence, Observation::seen(scene.names().step(request)));
    }
    Observation::not_recorded("the capture does not show where the account is at home")
}

/// Whether the attempt went to the Microsoft account service and came back with a code, before its failure.
fn just_vouched_for(scene: &Scene<'_, '_>) -> Observation {
    if scene.request().is_none() {
        return scene.without_request();
    }
    let steps = || scene.attempt.steps(scene.traffic).filter(|step| step.entry <= scene.failing.entry);
    let there = steps().find(|step| matches!(step.endpoint, Endpoint::MicrosoftAccountAuthorize | Endpoint::MicrosoftAccount));
    let back = there.and_then(|there| {
        steps().find(|step| step.entry > there.entry && step.endpoint == Endpoint::Federation && step.params.has("code"))
    });
    let searched = steps().map(|step| Evidence::searched(step.entry, "request.url"));
    Observation::seen_or(back.map(|step| scene.names().step(step)), Observation::not_seen(searched))
}

fn visited_service(scene: &Scene<'_, '_>) -> Observation {
    let visits = scene.before(&scene.index.steps.microsoft_account).map(|step| scene.names().step(step));
    let shown_sign_in = scene.earlier_sign_in();
    match shown_sign_in {
        Some(attempt) => {
            let searched = attempt.steps(scene.traffic).map(|step| Evidence::searched(step.entry, "request.url"));
            Observation::seen_or(visits.take(3), Observation::not_seen(searched))
        }
        None => {
            Observation::seen_or(visits.take(3), Observation::not_recorded("the sign-in that opened the session is not in the capture"))
        }
    }
}
