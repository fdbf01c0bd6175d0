//! Every claim of every check is held by at least three captures: one in which it is seen, one in which it is
//! not seen, one that could not show it.
//!
//! **A new claim** needs three rows in `claims/<check>.rs` (the check's name with underscores):
//!
//! ```ignore
//! seen("check.claim", "when it is", capture()…, [at("silent/authorize", "request.header.x").shows("what")]),
//! not_seen("check.claim", "when it is not", capture()…, [at("silent/authorize", "request.header.x")]),
//! not_recorded("check.claim", "when nothing tells", capture()…, "a part of the reason that is given"),
//! ```
//!
//! The places are compared whole, in order: entry (by its name in the capture, see `support`), part (unless it is
//! `somewhere_in("…")`), and for what was seen the words of the excerpt that the row gives. No place may name a
//! person. A row is observed in the scene of the capture's last
//! failure; `.expecting(tenant, client)` adds what the user expects, `.logged(log)` a sign-in log. Where a kind is impossible for a claim,
//! [`EXEMPT`] says so in words.
//!
//! **A new check** needs its file there, with `pub(crate) fn cases() -> Vec<Case>`, and its name in
//! [`checks!`](crate::claims) below.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing, reason = "tests say what is wrong by stopping")]

mod support;

/// The rows, one file a check.
mod claims {
    pub(crate) mod case;

    macro_rules! checks {
        ($($check:ident),* $(,)?) => {
            $(mod $check;)*

            /// The rows of every check, by the name of its file.
            pub(crate) fn of_every_check() -> Vec<(&'static str, Vec<case::Case>)> {
                vec![$((stringify!($check), $check::cases())),*]
            }

            /// One test a check: every row is observed, and all that are wrong are told at once.
            mod hold {
                $(#[test]
                fn $check() {
                    super::case::observe_all(&super::$check::cases());
                })*
            }
        };
    }

    checks! {
        accounts, api, app_cookie, assertion, authority, authorization_code, browser, callback, certificate, client, client_credential, clock, device, expectation, fallback, frame,
        grant, identity_provider, lifetime, login_hint, metadata, microsoft_account, msal_log, named_account, parameter, password, pkce, popup, protocol, redirect_uri, redirected_call, refresh, reply, request_size, response_mode, retry, rounds,
        saml_request, saml_response, scope, second_factor, session_cookie, session_id, sign_in, sign_in_log, sign_in_step, sign_out, silent_request, storage_access, tenant, tenant_restriction, token,
        token_request, transport,
    }
}

use claims::case::{Case, Kind};
use entrace::checks::ALL;
use std::collections::BTreeSet;

/// Kinds that no capture brings about, each with the reason. One that a row shows to be possible must go.
const EXEMPT: &[(&str, Kind, &str)] = &[
    ("reply.error-code", Kind::NotRecorded, "a scene is made of a failing reply, so the reply that could name a code is always there"),
    ("reply.name-id-refused", Kind::Seen, "tests/protocols/saml.rs has it: no response of the builder refuses by a status"),
    ("reply.name-id-refused", Kind::NotSeen, "a response that refuses by another status is in tests/protocols/saml.rs too"),
    ("sign-out.is-request", Kind::NotRecorded, "a scene is made of a failing request, so what it asks for is always there"),
];

#[test]
fn every_claim_is_tested_seen_not_seen_and_not_recorded() {
    let tested: BTreeSet<(&str, Kind)> = claims::of_every_check()
        .iter()
        .flat_map(|(_, cases)| cases.iter().map(|case| (case.claim, case.kind())).collect::<Vec<_>>())
        .collect();
    let mut missing = Vec::new();
    for claim in ALL.iter().flat_map(|check| check.claims) {
        for kind in [Kind::Seen, Kind::NotSeen, Kind::NotRecorded] {
            let exempt = EXEMPT.iter().any(|(name, exempt, _)| (*name, *exempt) == (claim.name, kind));
            match (tested.contains(&(claim.name, kind)), exempt) {
                (false, false) => missing.push(format!("{} has no capture in which it is {kind}", claim.name)),
                (true, true) => missing.push(format!("{} is exempt from being {kind}, and a capture shows that it can be", claim.name)),
                _ => {}
            }
        }
    }
    assert!(missing.is_empty(), "{} are missing:\n{}\nHow to add one: see the head of tests/claims.rs.", missing.len(), missing.join("\n"));
}

#[test]
fn every_row_stands_in_the_file_of_its_check_and_under_a_name_of_its_own() {
    let published = |file: &str, claim: &str| {
        ALL.iter().any(|check| check.name.replace('-', "_") == file && check.claims.iter().any(|info| info.name == claim))
    };
    let mut told = BTreeSet::new();
    for (file, cases) in claims::of_every_check() {
        for Case { claim, when, .. } in cases {
            assert!(published(file, claim), "tests/claims/{file}.rs has a row for {claim}, which the check of that name does not publish");
            assert!(told.insert((claim, when)), "two rows of {claim} are called “{when}”");
        }
    }
}

#[test]
fn every_exemption_is_of_a_claim_that_exists() {
    for (name, _, why) in EXEMPT {
        let published = ALL.iter().flat_map(|check| check.claims).any(|claim| claim.name == *name);
        assert!(published, "EXEMPT of tests/claims.rs is about {name}, which no check publishes");
        assert!(!why.is_empty(), "EXEMPT of tests/claims.rs does not say why {name} cannot be so");
    }
}
