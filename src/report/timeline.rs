//! The sign-in traffic of a capture by attempt, in the order of time, with what repeats itself folded.
//!
//! What is told of a step is in `analysis`, how it is put in `words::step`; this only puts the steps in their places.

use crate::analysis::{Analysis, Asker, AttemptSummary, Gap, Missing, Party, StepSummary};
use crate::signin::{Kind, Outcome};
use chrono::{DateTime, Utc};
use std::collections::HashMap;
use std::hash::Hash;
use std::ops::Range;

/// How many steps or attempts a round that repeats itself may have.
const LONGEST_ROUND: usize = 8;
/// From how many equal rounds on they are folded.
const ROUNDS: usize = 3;

/// The traffic of a capture.
pub(super) struct Timeline<'a> {
    /// The attempts in the order in which they began, then what belongs to none.
    pub(super) chapters: Vec<Chapter<'a>>,
}

/// A part of the traffic.
pub(super) enum Chapter<'a> {
    /// The steps of an attempt, or of none.
    Steps(Option<&'a AttemptSummary>, Vec<Row<'a>>),
    /// The attempts before it again.
    Again(AttemptsAgain),
}

/// A row of a chapter.
pub(super) enum Row<'a> {
    /// Time in which nothing of the attempt happened.
    Gap(Gap),
    /// A step.
    Step(&'a StepSummary),
    /// The steps before it again.
    Again(Again),
}

/// What came again, and was the same but for times, ids and values.
pub(super) struct Again {
    /// Of how many steps or attempts a round is.
    pub(super) each: usize,
    /// How many more times the round came.
    pub(super) times: usize,
    /// From round to round in milliseconds, on average.
    pub(super) every_ms: Option<u64>,
    /// When the last step began.
    pub(super) until: Option<DateTime<Utc>>,
    /// In how many of these rounds the names of the cookies were others.
    pub(super) other_cookies: usize,
    /// The entries.
    pub(super) entries: Vec<usize>,
}

/// Attempts that came again.
pub(super) struct AttemptsAgain {
    /// The ids of those that are told.
    pub(super) like: Range<usize>,
    /// The ids of those that are not.
    pub(super) ids: Range<usize>,
    pub(super) again: Again,
}

/// What two steps have to share to be the same.
#[derive(PartialEq, Eq, Hash)]
struct Look<'a> {
    who: (Asker, Party),
    asked: (&'a str, &'a str, Option<&'a str>),
    answer: (Option<u16>, &'a str, Option<Party>),
    failing: (bool, bool, &'a [usize]),
    not_recorded: &'a [Missing],
}

/// What two attempts have to share.
#[derive(PartialEq, Eq, Hash)]
struct AttemptLook<'a> {
    about: (Kind, Outcome, Option<&'a str>, Option<&'a str>),
    steps: Vec<usize>,
}

/// Equal things get equal numbers, so that comparing them takes no time.
struct Numbers<T>(HashMap<T, usize>);

impl<T: Hash + Eq> Numbers<T> {
    fn of(&mut self, thing: T) -> usize {
        let next = self.0.len();
        *self.0.entry(thing).or_insert(next)
    }
}

impl<'a> Timeline<'a> {
    pub(super) fn of(analysis: &'a Analysis) -> Self {
        let mut looks = Numbers(HashMap::new());
        let mut outside = Steps::default();
        let mut attempts: Vec<Steps<'a>> = analysis.attempts.iter().map(|_| Steps::default()).collect();
        for step in &analysis.steps {
            // Attempts are numbered from 1.
            let place = step.attempt.and_then(|id| attempts.get_mut(id.checked_sub(1)?)).unwrap_or(&mut outside);
            place.looks.push(looks.of(Look::of(step)));
            place.steps.push(step);
        }
        let mut chapters = chapters(&analysis.attempts, attempts);
        if !outside.steps.is_empty() {
            chapters.push(Chapter::Steps(None, outside.rows()));
        }
        Self { chapters }
    }

    /// Every step that is told.
    pub(super) fn steps(&self) -> impl Iterator<Item = &'a StepSummary> {
        let rows = self.chapters.iter().flat_map(|chapter| match chapter {
            Chapter::Steps(_, rows) => rows.as_slice(),
            Chapter::Again(_) => &[],
        });
        rows.filter_map(|row| match row {
            Row::Step(step) => Some(*step),
            Row::Gap(_) | Row::Again(_) => None,
        })
    }
}

impl<'a> Look<'a> {
    fn of(step: &'a StepSummary) -> Self {
        let answer = &step.answer;
        Self {
            who: (step.asked_by, step.answered_by),
            asked: (&step.what, &step.method, step.place.as_deref()),
            answer: (answer.status, &answer.what, answer.leads_to),
            failing: (answer.fails, answer.repeats, &step.diagnoses),
            not_recorded: &step.not_recorded,
        }
    }
}

/// The steps of an attempt with the numbers of their looks.
#[derive(Default)]
struct Steps<'a> {
    steps: Vec<&'a StepSummary>,
    looks: Vec<usize>,
}

impl<'a> Steps<'a> {
    fn rows(&self) -> Vec<Row<'a>> {
        let mut rows = Vec::new();
        for stretch in stretches(&self.looks) {
            let (first, others) = stretch.of(&self.steps);
            for step in first {
                rows.extend(step.gap.map(Row::Gap));
                rows.push(Row::Step(step));
            }
            if !others.is_empty() {
                rows.push(Row::Again(Again::of(stretch.each, stretch.rounds - 1, &[first], others)));
            }
        }
        rows
    }
}

fn chapters<'a>(attempts: &'a [AttemptSummary], steps: Vec<Steps<'a>>) -> Vec<Chapter<'a>> {
    let mut numbers = Numbers(HashMap::new());
    let look = |(attempt, steps): (&'a AttemptSummary, &Steps<'a>)| {
        let about = (attempt.kind, attempt.outcome, attempt.client_id.as_deref(), attempt.tenant.as_deref());
        numbers.of(AttemptLook { about, steps: steps.looks.clone() })
    };
    let looks: Vec<usize> = attempts.iter().zip(&steps).map(look).collect();
    let mut chapters = Vec::new();
    for stretch in stretches(&looks) {
        let (first, others) = stretch.of(&steps);
        let told = attempts.get(stretch.first()).unwrap_or_default();
        chapters.extend(told.iter().zip(first).map(|(attempt, steps)| Chapter::Steps(Some(attempt), steps.rows())));
        if !others.is_empty() {
            let first: Vec<&[&StepSummary]> = first.iter().map(|steps| steps.steps.as_slice()).collect();
            let others: Vec<&StepSummary> = others.iter().flat_map(|steps| &steps.steps).copied().collect();
            chapters.push(Chapter::Again(AttemptsAgain {
                like: stretch.at + 1..stretch.first().end + 1,
                ids: stretch.first().end + 1..stretch.whole().end + 1,
                again: Again::of(stretch.each, stretch.rounds - 1, &first, &others),
            }));
        }
    }
    chapters
}

impl Again {
    /// What the rounds after the first were, which is told.
    fn of(each: usize, times: usize, first: &[&[&StepSummary]], others: &[&StepSummary]) -> Self {
        let first: Vec<&StepSummary> = first.iter().flat_map(|steps| steps.iter()).copied().collect();
        let started = |steps: &[&StepSummary]| steps.iter().find_map(|step| step.started);
        let size = others.len() / times.max(1);
        let last = others.get(others.len().saturating_sub(size)..).unwrap_or_default();
        let took = started(&first).zip(started(last)).and_then(|(from, to)| u64::try_from((to - from).num_milliseconds()).ok());
        let cookies = |step: &&StepSummary, other: &&StepSummary| {
            step.cookies_sent != other.cookies_sent || step.answer.cookies_set != other.answer.cookies_set
        };
        let differs = |round: &&[&StepSummary]| round.iter().zip(&first).any(|(step, other)| cookies(step, other));
        Self {
            each,
            times,
            every_ms: took.zip(u64::try_from(times).ok()).and_then(|(took, times)| took.checked_div(times)),
            until: others.iter().rev().find_map(|step| step.started),
            other_cookies: others.chunks(size.max(1)).filter(differs).count(),
            entries: others.iter().map(|step| step.entry).collect(),
        }
    }
}

/// A round that comes once or several times in a row.
#[derive(Debug, PartialEq, Eq)]
struct Stretch {
    at: usize,
    each: usize,
    rounds: usize,
}

impl Stretch {
    fn first(&self) -> Range<usize> {
        self.at..self.at + self.each
    }

    fn whole(&self) -> Range<usize> {
        self.at..self.at + self.each * self.rounds
    }

    /// The first round, and the others.
    fn of<'s, T>(&self, things: &'s [T]) -> (&'s [T], &'s [T]) {
        things.get(self.whole()).and_then(|whole| whole.split_at_checked(self.each)).unwrap_or_default()
    }
}

/// Finds what repeats itself: of each place the shortest round that comes often enough. Linear, as at most a few rounds
/// are looked at in vain.
fn stretches(looks: &[usize]) -> Vec<Stretch> {
    let mut found = Vec::new();
    let mut at = 0;
    while at < looks.len() {
        let rest = looks.get(at..).unwrap_or_default();
        let rounds = |each: usize| {
            let same = rest.iter().zip(rest.get(each..).unwrap_or_default()).take_while(|(one, next)| one == next).count();
            same / each + 1
        };
        let repeated = (1..=LONGEST_ROUND).map(|each| (each, rounds(each))).find(|(_, rounds)| *rounds >= ROUNDS);
        let (each, rounds) = repeated.unwrap_or((1, 1));
        found.push(Stretch { at, each, rounds });
        at += each * rounds;
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;

    fn found(looks: &[usize]) -> Vec<(usize, usize, usize)> {
        stretches(looks).into_iter().map(|stretch| (stretch.at, stretch.each, stretch.rounds)).collect()
    }

    #[test]
    fn rounds_are_found_and_nothing_is_left_out() {
        assert_eq!(found(&[]), []);
        assert_eq!(found(&[1, 2, 2, 3]), [(0, 1, 1), (1, 1, 1), (2, 1, 1), (3, 1, 1)]);
        assert_eq!(found(&[1, 2, 2, 2, 3]), [(0, 1, 1), (1, 1, 3), (4, 1, 1)]);
        assert_eq!(found(&[1, 2, 1, 2, 1, 2, 1]), [(0, 2, 3), (6, 1, 1)]);
        assert_eq!(found(&[7, 7, 7, 8, 9, 8, 9, 8, 9]), [(0, 1, 3), (3, 2, 3)]);
    }

    #[test]
    fn long_loops_take_no_time_by_the_square() {
        let looks: Vec<usize> = (0..400_000).map(|at| if at % 9 == 0 { at } else { at % 3 }).collect();
        let stretches = stretches(&looks);
        assert_eq!(stretches.iter().map(|stretch| stretch.each * stretch.rounds).sum::<usize>(), looks.len());
    }
}
