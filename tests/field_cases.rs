//! Sign-in failures that people reported in public, each as a capture of its own: what the network showed there,
//! rebuilt without anybody's ids, and what has to be said of it.
//!
//! The rows are numbered as in the collection of cases that they come from, 1 to 107. One row is one
//!
//! ```ignore
//! case(88, "a page asks for an ID token straight away", capture()…).finds("AADSTS700054", "implicit-grant-not-enabled", Likely)
//! ```
//!
//! - Where the cause was confirmed, or the network shows it by itself: `finds(what, cause, at least how sure)`. Where
//!   it is only hinted at: `leads(what, cause)`, the first of the candidates, and not certain.
//! - Where nobody ever found out: `unresolved(what)`, never certain, and `settled_by(…)`, what the advice on recording
//!   has to name.
//! - `what` is the error code, or the symptom where there is none. `says` names a claim that the first cause has to
//!   stand on, `advises` words of its fixes, `despite` what the first cause must not be.
//!
//! Rows that have no case stand in [`WITHOUT_A_CASE`] with the reason.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing, reason = "tests say what is wrong by stopping")]

mod support;

/// The rows, one file a kind of failure.
mod field_cases {
    pub(crate) mod case;

    macro_rules! sections {
        ($($section:ident),* $(,)?) => {
            $(mod $section;)*

            /// The cases of every section.
            pub(crate) fn of_every_section() -> Vec<case::Case> {
                [$($section::cases()),*].into_iter().flatten().collect()
            }

            /// One test a section: every case is diagnosed, and all that are wrong are told at once.
            mod hold {
                $(#[test]
                fn $section() {
                    super::case::diagnose_all(&super::$section::cases());
                })*
            }
        };
    }

    sections! { silent_sign_in, session_identity, federated, frames, loops, tenant, consent_and_clients, tokens_and_policies }
}

use std::collections::BTreeSet;

/// How many rows the collection has.
const ROWS: u8 = 107;

/// Rows that nothing can be built from, each with the reason.
const WITHOUT_A_CASE: &[(u8, &str)] = &[
    (24, "a change of a library that says where `sid` comes from; nothing failed"),
    (28, "an account without user name and a remedy for it; neither request nor failing reply is told"),
];

#[test]
fn every_row_has_a_case_or_a_reason() {
    let cases: BTreeSet<u8> = field_cases::of_every_section().iter().map(|case| case.row).collect();
    let without: BTreeSet<u8> = WITHOUT_A_CASE.iter().map(|(row, _)| *row).collect();
    let missing: Vec<u8> = (1..=ROWS).filter(|row| !cases.contains(row) && !without.contains(row)).collect();
    assert!(missing.is_empty(), "these rows have neither a case nor a reason: {missing:?}");
    let both: Vec<u8> = cases.intersection(&without).copied().collect();
    assert!(both.is_empty(), "these rows have a case, and a reason why they have none: {both:?}");
    let unknown: Vec<u8> = cases.union(&without).copied().filter(|row| !(1..=ROWS).contains(row)).collect();
    assert!(unknown.is_empty(), "there are no such rows: {unknown:?}");
    assert!(WITHOUT_A_CASE.iter().all(|(_, why)| !why.is_empty()));
}

#[test]
fn no_two_cases_of_a_row_are_alike() {
    let mut told = BTreeSet::new();
    for case in field_cases::of_every_section() {
        assert!(told.insert((case.row, case.when)), "two cases of row {} are called “{}”", case.row, case.when);
    }
}
