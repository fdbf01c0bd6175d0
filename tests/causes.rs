//! Every cause that the program knows is held by at least three captures: one in which it comes first and is
//! certain or likely, one in which another cause comes first, one in which the recorder lost what decides.
//!
//! **A new cause** needs its rows in `causes/<family>.rs`, the family being the name of its knowledge file:
//!
//! ```ignore
//! certain("the-cause", "when nothing is missing", capture()…),         // it comes first; or likely(…)
//! sibling("the-cause", "another-cause", "when it is another", capture()…),
//! lost("the-cause", "when the cookies are lost", capture()…),          // it is listed, and only possible
//! ```
//!
//! - `sibling` is about the same code or symptom. Where no other cause can come first there, `neighbour` shows
//!   the nearest other failure.
//! - Where the service's own code names the cause, no loss makes it less than likely: `less_sure` shows that what
//!   was certain falls to likely, and a cause that was never more than likely needs no such row. Both are read off
//!   the cause's rules. Causes that have nothing but their code to go by are listed in one line each, see
//!   [`named_by_code`](causes::row::named_by_code).
//! - A row is about the capture's last failure; `.expecting(tenant, client)` adds what the user expects, `.logged(log)`
//!   a sign-in log.
//! - Where a kind is impossible, [`EXEMPT`] says so in words.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing, reason = "tests say what is wrong by stopping")]

mod support;

/// The rows, one file a family of causes.
mod causes {
    mod every_code;
    mod quiet;
    pub(crate) mod row;

    macro_rules! families {
        ($($family:ident),* $(,)?) => {
            $(mod $family;)*

            /// The rows of every family.
            pub(crate) fn of_every_family() -> Vec<(&'static str, Vec<row::Row>)> {
                vec![$((stringify!($family), $family::rows())),*]
            }

            /// One test a family: every row is diagnosed, and all that are wrong are told at once.
            mod hold {
                $(#[test]
                fn $family() {
                    super::row::diagnose_all(&super::$family::rows());
                })*
            }
        };
    }

    families! {
        account, application, authorization_code, client, conditional_access, consent, credentials, device, flow, redirect, saml,
        second_factor, service, session, silence, tenant, tokens,
    }
}

use causes::row::{Kind, knowledge};
use entrace::entra::ErrorCode;
use entrace::knowledge::{Cause, Side, Strength};
use std::collections::BTreeSet;

/// Kinds that no capture brings about, each with the reason. One that a row shows to be possible must go.
const EXEMPT: &[(&str, Kind, &str)] = &[
    (
        "call-redirected-to-sign-in",
        Kind::Lost,
        "that a script made the call is the browser's own word; without it there is no failure to see",
    ),
    ("api-consent-missing", Kind::Lost, "without the challenge nothing tells that the API refused the call"),
    ("claims-challenge-not-met", Kind::Lost, "without the challenge nothing tells that the API refused a token"),
    ("claims-challenge-unhandled", Kind::Lost, "without the challenge nothing tells that the API refused a token"),
    ("device-code-pending", Kind::Sibling, "a pending device code is no failure: the cause is there to be explained"),
    ("device-code-pending", Kind::Wins, "a pending device code is no failure: the cause is there to be explained"),
    ("authority-not-trusted", Kind::Lost, "without the metadata's body nothing tells that anything was refused"),
    ("authority-leads-nowhere", Kind::Lost, "that nothing is at the address is all there is to see; without it nothing failed"),
    ("metadata-kept-from-page", Kind::Lost, "without the reply's headers nothing tells that it was hidden"),
    ("password-not-synchronized", Kind::Wins, "the service answers as to a wrong password, and no capture tells when it was changed"),
    ("popup-closed", Kind::Wins, "to the library a window that somebody closed looks like one that lost its link to the page"),
    ("redirect-page-not-reached", Kind::Lost, "that the page did not load is all there is to see; without it nothing failed"),
    (
        "server-request-carries-origin",
        Kind::Wins,
        "the service answers alike where the redirect URI is of the wrong kind, and that is far more common",
    ),
    ("saml-name-id-format-refused", Kind::Wins, "tests/protocols/saml.rs has it: no response of the builder refuses by a status"),
    ("saml-name-id-format-refused", Kind::Sibling, "the status names it, and no other cause has it"),
    ("saml-name-id-format-refused", Kind::Lost, "without the status nothing tells that the service refused"),
    ("session-already-over", Kind::Lost, "that the request is a sign-out stands in its address, whatever else is lost"),
    ("sign-in-declined", Kind::Lost, "that no code came with access_denied is all there is to see"),
    ("sign-in-loop", Kind::Lost, "the sign-ins that follow each other are the failure; with fewer of them in the capture there is none"),
    ("sign-in-page-assets-blocked", Kind::Lost, "without the request that began it there is no sign-in to see fail"),
    ("state-mismatch", Kind::Lost, "without one of the two values nothing tells that they differ"),
    ("token-issuance-misconfigured", Kind::Wins, "the service answers as to a fault that passes, and the registration is in no capture"),
    ("identity-provider-failed", Kind::Lost, "that the provider failed is all there is to see; without it nothing failed"),
    (
        "token-request-cors-blocked",
        Kind::Lost,
        "without the request's Origin and the reply's headers nothing tells that a reply was hidden",
    ),
    ("token-of-other-version", Kind::Wins, "an API refuses another tenant's issuer in the same words"),
    ("user-name-mistyped", Kind::Wins, "the service answers alike for every name that it does not know"),
];

/// Causes of failures that only a library's log, a console or an application's page tells: `explain` knows them by their words.
const NEVER_IN_A_CAPTURE: [&str; 8] = [
    "add-in-origin-not-registered",
    "interaction-not-finished",
    "popup-blocked",
    "redirect-page-signs-in",
    "request-forgotten",
    "saml-audience-differs",
    "saml-authentication-too-old",
    "teams-resource-not-of-host",
];

/// Claims about the failing reply itself: where there is a failure to diagnose, there is its reply.
const OF_THE_REPLY: [&str; 2] = ["reply.error-code", "transport.error-status"];

#[test]
fn every_cause_is_tested_first_not_first_and_without_what_decides() {
    let families = causes::of_every_family();
    let rows: BTreeSet<(&str, Kind)> = families.iter().flat_map(|(_, rows)| rows.iter().map(|row| (row.cause, row.kind()))).collect();
    let mut missing = Vec::new();
    for cause in knowledge().causes().filter(|cause| !NEVER_IN_A_CAPTURE.contains(&cause.id.as_str())) {
        let has = |kind: Kind| rows.contains(&(cause.id.as_str(), kind));
        let exempt = |kind: Kind| EXEMPT.iter().any(|(id, exempt, _)| (*id, *exempt) == (cause.id.as_str(), kind));
        let named_by_code = is_named_by_code(cause);
        let another = has(Kind::Sibling) || (has(Kind::Neighbour) && !has_sibling_that_can_win(cause));
        let undecided = has(Kind::Lost) || (named_by_code && (has(Kind::LessSure) || !can_be_certain(cause)));
        let needed = [
            (Kind::Wins, has(Kind::Wins), "in which it comes first"),
            (Kind::Sibling, another, "of the same code or symptom in which another cause comes first"),
            (Kind::Lost, undecided, "in which what decides is lost"),
        ];
        for (kind, there, which) in needed {
            match (there, exempt(kind)) {
                (false, false) => missing.push(format!("{} has no capture {which}", cause.id)),
                (true, true) => missing.push(format!("{} is exempt from a capture {which}, and has one", cause.id)),
                _ => {}
            }
        }
        if has(Kind::LessSure) && !named_by_code {
            missing.push(format!("{} is not named by its code: with what decides lost, it has to be only possible", cause.id));
        }
    }
    assert!(missing.is_empty(), "{} are missing:\n{}\nHow to add one: see the head of tests/causes.rs.", missing.len(), missing.join("\n"));
}

#[test]
fn every_row_and_exemption_is_of_a_cause_that_is_known() {
    let mut told = BTreeSet::new();
    for (family, rows) in causes::of_every_family() {
        for row in rows {
            assert!(knowledge().cause(row.cause).is_some(), "tests/causes/{family}.rs has a row for {}, which nobody knows", row.cause);
            assert!(told.insert((row.cause, row.when.clone())), "two rows of {} are called “{}”", row.cause, row.when);
        }
    }
    for (id, _, why) in EXEMPT {
        assert!(knowledge().cause(id).is_some(), "EXEMPT of tests/causes.rs is about {id}, which nobody knows");
        assert!(!why.is_empty(), "EXEMPT of tests/causes.rs does not say why {id} cannot be tested so");
    }
}

/// Whether the failing reply alone makes the cause likely, so that it is likely whatever else was lost.
fn is_named_by_code(cause: &Cause) -> bool {
    let of_reply = |claims: &[String]| claims.iter().all(|claim| OF_THE_REPLY.contains(&claim.as_str()));
    cause.rules.iter().any(|rule| {
        rule.side == Side::For && rule.strength != Strength::Weak && rule.none.is_empty() && of_reply(&rule.all) && of_reply(&rule.any)
    })
}

fn can_be_certain(cause: &Cause) -> bool {
    cause.rules.iter().any(|rule| rule.side == Side::For && rule.strength == Strength::Decisive)
}

/// Whether another cause of the same code or symptom has more than weak evidence to hope for there.
fn has_sibling_that_can_win(cause: &Cause) -> bool {
    let topics = knowledge().codes().map(|code| (code.number(), &code.causes));
    let topics = topics.chain(knowledge().symptoms().map(|symptom| (None, &symptom.causes)));
    let can_win = |other: &Cause, code: Option<ErrorCode>| {
        other.rules.iter().any(|rule| rule.side == Side::For && rule.strength != Strength::Weak && rule.applies_to(code))
    };
    topics.filter(|(_, causes)| causes.contains(&cause.id)).any(|(code, causes)| {
        let others = causes.iter().filter(|other| **other != cause.id).filter_map(|other| knowledge().cause(other));
        others.into_iter().any(|other| can_win(other, code))
    })
}
