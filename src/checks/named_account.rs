//! The account that the error's own text names, and where it is at home.

use super::{Check, Claim, ClaimInfo, LooksAt, Observation, Record, Scene};
use crate::entra::{Evidence, Provider};

/// The account that the error's own text names, and where it is at home.
pub(super) static CHECK: Check = Check {
    name: "named-account",
    about: "Which kind of account the error's own text names, and where it is at home",
    looks_at: LooksAt::Circumstances,
    claims: &CLAIMS,
    observe,
};

static CLAIMS: [ClaimInfo; 4] = [
    ClaimInfo {
        name: "named-account.personal",
        seen: "The error names a personal Microsoft account.",
        not_seen: "The account that the error names is no personal Microsoft account.",
        question: "Whether the account that the error names is a personal Microsoft account",
        record: RECORD,
    },
    ClaimInfo {
        name: "named-account.of-other-directory",
        seen: "The error names an account whose home is another directory.",
        not_seen: "The account that the error names is not at home in another directory.",
        question: "Whether the account that the error names is at home in another directory",
        record: RECORD,
    },
    ClaimInfo {
        name: "named-account.sent-to-services",
        seen: "The tenant that the error names is Microsoft's own, where personal accounts end up that no tenant takes in: the tenant that was \
               meant is not told.",
        not_seen: "The tenant that the error names is not the one of Microsoft's own services.",
        question: "Whether the tenant that the error names is Microsoft's own",
        record: Record::ErrorText("which tenant is meant"),
    },
    ClaimInfo {
        name: "named-account.not-in-tenant",
        seen: "The error says that the account does not exist in the tenant.",
        not_seen: "The error does not say that the account is missing in the tenant.",
        question: "Whether the error says that the account is not in the tenant",
        record: Record::ErrorText("whether the account is missing in the tenant"),
    },
];

const RECORD: Record = Record::ErrorText("which identity provider the account has");

fn observe(scene: &Scene<'_, '_>) -> Vec<Claim> {
    let [personal, other, services, missing] = &CLAIMS;
    let entry = scene.failing.entry;
    let provider = scene.event.failure.message().provider;
    let is = |wanted: fn(&Provider) -> bool| match &provider {
        None => scene.unnamed_in_text("the error's text names no identity provider, or is of an unknown wording"),
        Some(provider) if wanted(provider) => Observation::seen(scene.names().failure(entry, &scene.event.failure)),
        Some(_) => Observation::not_seen([Evidence::searched(entry, scene.event.failure.part.clone())]),
    };
    vec![
        personal.is(is(|provider| *provider == Provider::MicrosoftAccount)),
        other.is(is(|provider| matches!(provider, Provider::Directory(_)))),
        services.is(match scene.event.failure.message().tenant_is_services {
            None => scene.unnamed_in_text("the error's text names no tenant, or is of an unknown wording"),
            Some(true) => Observation::seen(scene.names().failure(entry, &scene.event.failure)),
            Some(false) => Observation::not_seen([Evidence::searched(entry, scene.event.failure.part.clone())]),
        }),
        missing.is(match scene.event.failure.says_account_not_in_tenant() {
            None => scene.unnamed_in_text("the text of the error is of an unknown wording"),
            Some(true) => Observation::seen(scene.names().failure(entry, &scene.event.failure)),
            Some(false) => Observation::not_seen([Evidence::searched(entry, scene.event.failure.part.clone())]),
        }),
    ]
}
