//! What the logs beside a capture tell of its failures, in words.

use super::count;
use crate::analysis::Tally;

/// Several rows or errors, whose kind is given, could be a failure.
pub(super) fn several(count: usize, kind: &str, found_by: &str) -> String {
    format!("{count} {kind} could be this failure {found_by}, so none was taken")
}

/// How many failures were found in logs of `kinds`; the others are `without` it.
pub(super) fn tally(tally: Tally, kinds: &str, without: &str) -> String {
    let mut found = format!("{} of the capture found in them", count(tally.joined, "failure", "failures"));
    if tally.ambiguous > 0 {
        found.push_str(&format!(", {} of which several {kinds} could be it", tally.ambiguous));
    }
    if tally.not_found > 0 {
        found.push_str(&format!(", {} without {without}", tally.not_found));
    }
    found.push('.');
    found
}
