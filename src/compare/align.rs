//! The steps of two attempts side by side.

use super::side::Side;
use crate::entra::{Endpoint, Step};
use crate::signin::Attempt;

/// How many steps of an attempt are laid side by side; sign-ins have some dozens.
const STEPS: usize = 200;

/// Two attempts step by step, up to the one that fails.
pub(super) struct Rows {
    /// The positions of a step in the working and in the failing capture; at least one of the two is there.
    pub(super) rows: Vec<(Option<usize>, Option<usize>)>,
}

impl Rows {
    /// Lays side by side what comes up to the step at a position of the failing capture.
    pub(super) fn of(working: &Side<'_>, one: &Attempt, failing: &Side<'_>, other: &Attempt, failed_at: usize) -> Self {
        let until_failure: Vec<usize> = other.steps.iter().copied().filter(|&at| at <= failed_at).collect();
        let theirs = last(&until_failure);
        let ours = first(&one.steps);
        let same =
            |one: usize, other: usize| working.step(one).zip(failing.step(other)).is_some_and(|(one, other)| is_same_step(one, other));
        let mut rows = longest_common(ours, theirs, same);
        // The failing step is where the comparison ends: what the working one does after it, it does because it goes on. What it
        // does in the place of a step that it has not is told.
        let last = rows.iter().rposition(|(_, failing)| failing.is_some());
        let is_alone = last.and_then(|last| rows.get(last)).is_some_and(|(working, _)| working.is_none());
        rows.truncate(last.map_or(0, |last| last + 1 + usize::from(is_alone)));
        Self { rows }
    }

    /// The step of the working capture beside a step of the failing one; if there is none, the last one before.
    pub(super) fn beside(&self, failing: usize) -> Option<usize> {
        let at = self.rows.iter().position(|(_, other)| *other == Some(failing))?;
        self.rows.get(..=at)?.iter().rev().find_map(|(working, _)| *working)
    }

    /// The step of the working capture that is the same as a step of the failing one.
    pub(super) fn same_as(&self, failing: usize) -> Option<usize> {
        self.rows.iter().find(|(_, other)| *other == Some(failing)).and_then(|(working, _)| *working)
    }
}

fn first(steps: &[usize]) -> &[usize] {
    steps.get(..steps.len().min(STEPS)).unwrap_or_default()
}

fn last(steps: &[usize]) -> &[usize] {
    steps.get(steps.len().saturating_sub(STEPS)..).unwrap_or_default()
}

fn is_same_step(one: &Step<'_>, other: &Step<'_>) -> bool {
    one.endpoint == other.endpoint
        && (one.method == "OPTIONS") == (other.method == "OPTIONS")
        && path_at_application(one) == path_at_application(other)
}

/// What tells requests to the application apart; those to the sign-in service are told apart by their endpoint.
fn path_at_application<'s>(step: &'s Step<'_>) -> Option<&'s str> {
    (step.endpoint == Endpoint::App).then_some(step.address.as_ref()?.path.as_str())
}

/// Two rows of positions with as many of the same side by side as can be (Wagner and Fischer 1974).
fn longest_common(ours: &[usize], theirs: &[usize], same: impl Fn(usize, usize) -> bool) -> Vec<(Option<usize>, Option<usize>)> {
    let width = theirs.len() + 1;
    // How many are the same from a place on, in both.
    let mut best = vec![0_usize; (ours.len() + 1) * width];
    let at = |one: usize, other: usize| one * width + other;
    let value = |best: &[usize], one: usize, other: usize| best.get(at(one, other)).copied().unwrap_or_default();
    for (one, &our) in ours.iter().enumerate().rev() {
        for (other, &their) in theirs.iter().enumerate().rev() {
            let longest = match same(our, their) {
                true => value(&best, one + 1, other + 1) + 1,
                false => value(&best, one + 1, other).max(value(&best, one, other + 1)),
            };
            if let Some(place) = best.get_mut(at(one, other)) {
                *place = longest;
            }
        }
    }
    let (mut one, mut other) = (0, 0);
    let mut rows = Vec::new();
    loop {
        match (ours.get(one).copied(), theirs.get(other).copied()) {
            (Some(our), Some(their)) if same(our, their) => {
                rows.push((Some(our), Some(their)));
                (one, other) = (one + 1, other + 1);
            }
            // Behind the last that are the same, what fails comes first.
            (Some(our), Some(_)) if value(&best, one, other) > 0 && value(&best, one + 1, other) >= value(&best, one, other + 1) => {
                rows.push((Some(our), None));
                one += 1;
            }
            (_, Some(their)) => {
                rows.push((None, Some(their)));
                other += 1;
            }
            (Some(our), None) => {
                rows.push((Some(our), None));
                one += 1;
            }
            (None, None) => return rows,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn rows(ours: &[usize], theirs: &[usize]) -> Vec<(Option<usize>, Option<usize>)> {
        longest_common(ours, theirs, |one, other| one == other)
    }

    #[test]
    fn so_many_steps_are_laid_side_by_side() {
        let steps: Vec<usize> = (0..STEPS + 50).collect();
        assert_eq!((first(&steps), last(&steps)), (&steps[..STEPS], &steps[50..]));
        assert_eq!((first(&steps[..3]), last(&steps[..3])), (&steps[..3], &steps[..3]));
    }

    #[test]
    fn what_is_the_same_stands_side_by_side() {
        assert_eq!(rows(&[1, 2, 3], &[1, 3]), [(Some(1), Some(1)), (Some(2), None), (Some(3), Some(3))]);
        assert_eq!(rows(&[1, 3], &[1, 2, 3]), [(Some(1), Some(1)), (None, Some(2)), (Some(3), Some(3))]);
        assert_eq!(rows(&[1, 2, 3], &[1, 4]), [(Some(1), Some(1)), (None, Some(4)), (Some(2), None), (Some(3), None)]);
        assert_eq!(rows(&[], &[1]), [(None, Some(1))]);
        assert_eq!(rows(&[1], &[]), [(Some(1), None)]);
        assert_eq!(rows(&[], &[]), []);
    }
}
