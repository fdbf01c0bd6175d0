//! The attempts of a capture, by application and tenant.

use crate::analysis::AttemptSummary;
use crate::report::words::{self, entries_at_most, kind};
use crate::signin::Outcome;

/// How many attempts are listed; of more, those that worked are only counted.
const ATTEMPTS: usize = 48;
/// How many runs of entries are named.
const RUNS: usize = 12;

/// The attempts that are listed.
pub(super) struct Attempts {
    pub(super) groups: Vec<Group>,
    pub(super) more: usize,
}

/// The attempts of one application at one tenant.
pub(super) struct Group {
    pub(super) who: String,
    /// Number, kind, outcome, entries.
    pub(super) rows: Vec<[String; 4]>,
}

pub(super) fn group(attempts: &[AttemptSummary]) -> Attempts {
    let crowded = attempts.len() > ATTEMPTS;
    let listed: Vec<&AttemptSummary> =
        attempts.iter().filter(|attempt| !crowded || attempt.outcome != Outcome::Succeeded).take(ATTEMPTS).collect();
    let mut groups: Vec<Group> = Vec::new();
    for attempt in &listed {
        let who = words::who(attempt);
        let entries = entries_at_most(RUNS, &attempt.entries);
        let row = [attempt.id.to_string(), kind(attempt).to_owned(), words::outcome(attempt).to_owned(), entries];
        match groups.iter_mut().find(|group| group.who == who) {
            Some(group) => group.rows.push(row),
            None => groups.push(Group { who, rows: vec![row] }),
        }
    }
    Attempts { groups, more: attempts.len() - listed.len() }
}
