//! The sign-in as swim-lanes: a lane for everybody who takes part, a row for each step.
//!
//! What a row draws it also says in words, so the drawing is hidden from those who listen to the page. Positions are
//! percentages of the lanes' width: the picture is as wide as there is room.

use super::exchange::Exchange;
use crate::analysis::{Analysis, Party, StepSummary};
use crate::report::words::{entries_at_most, step as say};
use std::collections::BTreeSet;

/// How many steps are drawn; of more, those that led to a failure.
const STEPS: usize = 40;
/// How many runs of entries are named where steps are left out.
const RUNS: usize = 4;

/// Where a request is drawn in its row, in pixels from the top.
const REQUEST: u8 = 16;
/// Where its answer is drawn.
const ANSWER: u8 = 36;

/// The picture of one capture.
pub(super) struct Picture {
    pub(super) lanes: Vec<Lane>,
    pub(super) rows: Vec<Row>,
    /// What of the traffic is not drawn.
    pub(super) left_out: Vec<String>,
}

/// A lane.
pub(super) struct Lane {
    pub(super) name: &'static str,
    /// Where it stands, in percent of the width.
    pub(super) x: String,
}

/// A row.
pub(super) enum Row {
    /// Another attempt begins, or one goes on.
    Attempt(String),
    /// Steps that are not drawn, or time in which nothing happened.
    Gap(String),
    /// A step.
    Step(Box<StepRow>),
}

/// A step as it is drawn and told.
pub(super) struct StepRow {
    pub(super) anchor: String,
    pub(super) entry: usize,
    /// The time into the attempt.
    pub(super) offset: Option<String>,
    pub(super) clock: Option<String>,
    pub(super) who: String,
    pub(super) what: String,
    pub(super) answer: String,
    /// The failures that happened here: anchor, and code and cause.
    pub(super) failures: Vec<(String, String)>,
    pub(super) shapes: Vec<Shape>,
    pub(super) exchange: Exchange,
}

/// What is drawn.
pub(super) enum Shape {
    /// An arrow from lane to lane.
    Arrow { x1: String, x2: String, y: u8, class: &'static str },
    /// An arrow that comes back to its lane.
    Loop { x: String, y: u8, class: &'static str },
    /// Where it broke.
    Cross { x: String, y: u8 },
}

impl Picture {
    /// Draws the traffic of a capture; `None` where there is none.
    pub(super) fn draw(capture: &str, analysis: &Analysis) -> Option<Self> {
        let (told, aside) = told(analysis);
        let shown = shown(analysis, &told);
        if shown.is_empty() {
            return None;
        }
        let drawn: Vec<&StepSummary> = shown.iter().filter_map(|&at| told.get(at).copied()).collect();
        let lanes = Lanes::of(&drawn);
        let mut left_out = Vec::new();
        if drawn.len() < told.len() {
            left_out.push(format!("{} of {} steps are drawn.", drawn.len(), told.len()));
        }
        if !aside.is_empty() {
            let entries = entries_at_most(RUNS, &aside);
            left_out.push(format!("Not drawn, for they belong to no attempt (metadata, preflights): {entries}"));
        }
        Some(Self {
            rows: rows(capture, analysis, &told, &shown, &lanes),
            left_out,
            lanes: lanes.0.iter().map(|&lane| Lane { name: lane.name(), x: lanes.x(lane) }).collect(),
        })
    }
}

/// The steps that tell the story, and the entries of those beside it.
fn told(analysis: &Analysis) -> (Vec<&StepSummary>, Vec<usize>) {
    let matters = |step: &&StepSummary| step.attempt.is_some() || step.answer.fails || analysis.attempts.is_empty();
    let (told, aside): (Vec<&StepSummary>, Vec<&StepSummary>) = analysis.steps.iter().partition(matters);
    (told, aside.into_iter().map(|step| step.entry).collect())
}

/// The positions of the steps that are drawn: what failed and the attempts it happened in, then what comes first.
fn shown(analysis: &Analysis, told: &[&StepSummary]) -> Vec<usize> {
    let entries: BTreeSet<usize> =
        analysis.diagnoses.iter().filter_map(|failure| failure.occurrences.first()).map(|first| first.entry).collect();
    let attempts: BTreeSet<usize> = analysis.diagnoses.iter().filter_map(|failure| failure.attempts.first().copied()).collect();
    let rank = |at: &usize| match told.get(*at) {
        Some(step) if entries.contains(&step.entry) => 0,
        Some(step) if step.attempt.is_some_and(|attempt| attempts.contains(&attempt)) => 1,
        _ => 2,
    };
    let mut steps: Vec<usize> = (0..told.len()).collect();
    steps.sort_by_key(rank);
    steps.truncate(STEPS);
    steps.sort_unstable();
    steps
}

fn rows(capture: &str, analysis: &Analysis, told: &[&StepSummary], shown: &[usize], lanes: &Lanes) -> Vec<Row> {
    let mut rows = Vec::new();
    let mut next = 0;
    let mut attempt = None;
    for &at in shown {
        rows.extend(gap(told, next, at));
        let Some(step) = told.get(at) else { continue };
        if attempt != Some(step.attempt) {
            rows.push(Row::Attempt(heading(analysis, step.attempt)));
            attempt = Some(step.attempt);
        } else if at == next {
            rows.extend(step.gap.map(|gap| Row::Gap(say::gap(gap))));
        }
        rows.push(Row::Step(Box::new(StepRow::new(capture, analysis, step, lanes))));
        next = at + 1;
    }
    rows.extend(gap(told, next, told.len()));
    rows
}

/// What is left out between two steps.
fn gap(told: &[&StepSummary], from: usize, to: usize) -> Option<Row> {
    let left_out = told.get(from..to).filter(|steps| !steps.is_empty())?;
    let entries: Vec<usize> = left_out.iter().map(|step| step.entry).collect();
    let steps = if left_out.len() == 1 { "step" } else { "steps" };
    Some(Row::Gap(format!("{} {steps} left out: {}", left_out.len(), entries_at_most(RUNS, &entries))))
}

fn heading(analysis: &Analysis, id: Option<usize>) -> String {
    say::heading(id.and_then(|id| analysis.attempt(id)))
}

impl StepRow {
    fn new(capture: &str, analysis: &Analysis, step: &StepSummary, lanes: &Lanes) -> Self {
        let failures = say::failures(analysis, step);
        Self {
            anchor: format!("{capture}-e{}", step.entry),
            entry: step.entry,
            offset: step.since_begin_ms.map(say::offset),
            clock: step.started.map(say::clock),
            who: say::who(step),
            what: step.what.clone(),
            answer: say::answer(step, say::entry),
            failures: failures.into_iter().map(|failure| (format!("{capture}-f{}", failure.id), say::failure(failure))).collect(),
            shapes: shapes(step, lanes),
            exchange: Exchange::new(step),
        }
    }
}

/// The lanes of a picture, in their order.
struct Lanes(Vec<Party>);

impl Lanes {
    /// The lanes that these steps need; application and Entra ID are always there.
    fn of(steps: &[&StepSummary]) -> Self {
        let mut lanes = BTreeSet::from([Party::App, Party::Entra]);
        for step in steps {
            lanes.extend([step.asked_by.party(), step.answered_by]);
            lanes.extend(step.answer.leads_to);
        }
        Self(lanes.into_iter().collect())
    }

    /// Where a lane stands, in percent with one decimal.
    fn x(&self, lane: Party) -> String {
        let per_mille = |at: usize| (2 * at + 1) * 500 / self.0.len().max(1);
        let at = self.0.iter().position(|known| *known == lane).unwrap_or_default();
        percent(per_mille(at))
    }

    /// The middle between two lanes.
    fn middle(&self, one: Party, other: Party) -> String {
        let at = |lane: Party| self.0.iter().position(|known| *known == lane).unwrap_or_default();
        percent((at(one) + at(other) + 1) * 500 / self.0.len().max(1))
    }
}

fn percent(per_mille: usize) -> String {
    format!("{}.{}%", per_mille / 10, per_mille % 10)
}

fn shapes(step: &StepSummary, lanes: &Lanes) -> Vec<Shape> {
    let asker = step.asked_by.party();
    let asked = step.answered_by;
    let arrow = |from: Party, to: Party, y: u8, class: &'static str| {
        if from == to { Shape::Loop { x: lanes.x(from), y, class } } else { Shape::Arrow { x1: lanes.x(from), x2: lanes.x(to), y, class } }
    };
    let fails = step.answer.fails;
    let mut shapes = Vec::new();
    // A question within one lane, and an answer that stays in it, are one loop.
    if asker != asked {
        shapes.push(arrow(asker, asked, REQUEST, if step.answer.status.is_none() && fails { "request broken" } else { "request" }));
    }
    let answer_to = step.answer.leads_to.unwrap_or(asker);
    let class = match (fails, step.answer.leads_to) {
        (true, Some(_)) => "redirect broken",
        (true, None) => "answer broken",
        (false, Some(_)) => "redirect",
        (false, None) => "answer",
    };
    let cross_at = match step.answer.status {
        None => REQUEST,
        Some(_) => ANSWER,
    };
    if step.answer.status.is_some() || asker == asked {
        shapes.push(arrow(asked, answer_to, ANSWER, class));
    }
    if fails {
        shapes.push(Shape::Cross {
            x: if step.answer.status.is_none() { lanes.middle(asker, asked) } else { lanes.middle(asked, answer_to) },
            y: cross_at,
        });
    }
    shapes
}
