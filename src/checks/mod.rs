//! What we observe: one check a file, each publishing named, three-valued claims.
//!
//! A check states facts and prints nothing. What the facts mean for a cause stands in `src/knowledge`.

mod accounts;
mod api;
mod api_calls;
mod app_cookie;
mod asker_index;
mod assertion;
mod attempt_index;
mod authority;
mod authorization_code;
mod browser;
mod callback;
mod certificate;
mod claim;
mod client;
mod client_credential;
mod clock;
mod cookie_index;
mod cookie_stores;
mod device;
mod expectation;
mod fallback;
mod frame;
mod grant;
mod identity_provider;
mod index;
mod lifetime;
mod login_hint;
mod metadata;
mod microsoft_account;
mod msal_log;
mod named_account;
mod parameter;
mod password;
mod pkce;
mod popup;
mod positions;
mod premise;
mod protocol;
mod record;
mod redirect_uri;
mod redirected_call;
mod refresh;
mod reply;
mod request_size;
mod response_mode;
mod retry;
mod rounds;
mod saml_request;
mod saml_response;
mod scene;
mod scope;
mod second_factor;
mod session_cookie;
mod session_id;
mod session_place;
mod sign_in;
mod sign_in_log;
mod sign_in_step;
mod sign_out;
mod silent_request;
mod step_index;
mod storage_access;
mod tenant;
mod tenant_restriction;
mod token;
mod token_request;
mod token_use;
mod transport;
mod unread;

pub(crate) use api::CHALLENGE_REFUSED;
pub use claim::{Claim, ClaimInfo, Lack, Observation, Observations, Observed};
pub use index::Index;
pub(crate) use msal_log::observe_alone;
pub use premise::is_premise;
pub use record::{Record, Start};
pub use scene::{Beside, Expectation, Scene};

use unread::unless_unread;

/// One check.
#[derive(Debug)]
#[non_exhaustive]
pub struct Check {
    /// The name, in kebab-case; its claims are `name.claim`.
    pub name: &'static str,
    /// What it looks at, in one sentence.
    pub about: &'static str,
    /// Where that stands to the failure.
    pub looks_at: LooksAt,
    /// The claims it publishes, each in every scene.
    pub claims: &'static [ClaimInfo],
    /// Observes a scene.
    observe: fn(&Scene<'_, '_>) -> Vec<Claim>,
}

/// What a check looks at, as it stands to the failure.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum LooksAt {
    /// How it came to it: what was asked, sent, held and done.
    Circumstances,
    /// The failing reply: what it says is the failure over again.
    FailingReply,
    /// What happened afterwards: where nothing fails, there is nothing to look at.
    WhatFollows,
}

/// Every check, in the order of reports.
pub static ALL: &[&Check] = &[
    &reply::CHECK,
    &silent_request::CHECK,
    &frame::CHECK,
    &storage_access::CHECK,
    &browser::CHECK,
    &session_cookie::CHECK,
    &session_id::CHECK,
    &login_hint::CHECK,
    &accounts::CHECK,
    &microsoft_account::CHECK,
    &tenant::CHECK,
    &expectation::CHECK,
    &sign_in::CHECK,
    &sign_out::CHECK,
    &device::CHECK,
    &refresh::CHECK,
    &retry::CHECK,
    &fallback::CHECK,
    &named_account::CHECK,
    &authority::CHECK,
    &metadata::CHECK,
    &protocol::CHECK,
    &client::CHECK,
    &redirect_uri::CHECK,
    &response_mode::CHECK,
    &pkce::CHECK,
    &authorization_code::CHECK,
    &client_credential::CHECK,
    &assertion::CHECK,
    &token_request::CHECK,
    &parameter::CHECK,
    &grant::CHECK,
    &scope::CHECK,
    &tenant_restriction::CHECK,
    &lifetime::CHECK,
    &clock::CHECK,
    &password::CHECK,
    &certificate::CHECK,
    &second_factor::CHECK,
    &saml_request::CHECK,
    &saml_response::CHECK,
    &identity_provider::CHECK,
    &sign_in_step::CHECK,
    &callback::CHECK,
    &app_cookie::CHECK,
    &request_size::CHECK,
    &popup::CHECK,
    &rounds::CHECK,
    &token::CHECK,
    &api::CHECK,
    &redirected_call::CHECK,
    &transport::CHECK,
    &sign_in_log::CHECK,
    &msal_log::CHECK,
];

/// What all checks say of a scene.
pub fn observe(scene: &Scene<'_, '_>) -> Observations {
    observe_with(scene, ALL)
}

/// What some checks say of a scene.
pub(crate) fn observe_with(scene: &Scene<'_, '_>, checks: &[&'static Check]) -> Observations {
    let claims = checks.iter().flat_map(|check| (check.observe)(scene).into_iter().map(move |claim| (*check, claim)));
    Observations::new(claims.map(|(check, claim)| (check, unless_unread(claim, scene))))
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::{BTreeMap, BTreeSet};

    #[test]
    fn names_are_unique_and_claims_belong_to_their_check() {
        let mut seen = BTreeSet::new();
        for check in ALL {
            for claim in check.claims {
                assert!(claim.name.starts_with(&format!("{}.", check.name)), "{}", claim.name);
                assert!(seen.insert(claim.name), "{} stands twice", claim.name);
            }
        }
    }

    #[test]
    fn no_two_checks_ask_the_same() {
        let mut asked = BTreeMap::new();
        for check in ALL {
            for question in check.claims.iter().map(|claim| claim.question) {
                assert_eq!(*asked.entry(question).or_insert(check.name), check.name, "{question}");
            }
        }
    }
}
