//! One exchange, as far as the analysis may show it.

use crate::analysis::{Analysis, StepSummary};
use crate::entra::ShownParameter;
use crate::report::words::step::{answer, cookies, entry, request};
use chrono::{DateTime, Utc};
use std::collections::HashMap;

/// The exchanges of a capture by entry.
pub(super) struct Exchanges<'a>(HashMap<usize, &'a StepSummary>);

impl<'a> Exchanges<'a> {
    pub(super) fn of(analysis: &'a Analysis) -> Self {
        Self(analysis.steps.iter().map(|step| (step.entry, step)).collect())
    }

    pub(super) fn at(&self, entry: usize) -> Option<Exchange> {
        self.0.get(&entry).copied().map(Exchange::new)
    }
}

/// One exchange, without a value beyond the allow-list.
pub(super) struct Exchange {
    pub(super) entry: usize,
    /// Label and value, where it is known.
    pub(super) facts: Vec<(&'static str, String)>,
    /// The parameters that were sent, and those of a reply to the application.
    pub(super) parameters: Vec<(&'static str, Vec<ShownParameter>)>,
    /// What the capture does not hold of it.
    pub(super) not_recorded: Vec<String>,
}

impl Exchange {
    pub(super) fn new(step: &StepSummary) -> Self {
        let mut facts =
            vec![("Step", format!("{}; {} asks {}", step.what, step.asked_by.name(), step.answered_by.name())), ("Request", request(step))];
        facts.extend(step.started.map(|started| ("Time", time(started, step.duration_ms))));
        facts.push(("Cookies sent", cookies(&step.cookies_sent)));
        facts.push(("Answer", answer(step, entry)));
        if step.answer.status.is_some() {
            facts.push(("Cookies set", cookies(&step.answer.cookies_set)));
        }
        let listed = [("Parameters", &step.parameters), ("Reply to the app", &step.answer.parameters)];
        Self {
            entry: step.entry,
            facts,
            parameters: listed.into_iter().filter(|(_, all)| !all.is_empty()).map(|(label, all)| (label, all.clone())).collect(),
            not_recorded: step.not_recorded.iter().map(|missing| missing.explain()).collect(),
        }
    }
}

fn time(started: DateTime<Utc>, duration_ms: Option<u64>) -> String {
    let duration = duration_ms.map(|duration| format!(", {duration} ms")).unwrap_or_default();
    format!("{} UTC{duration}", started.format("%Y-%m-%d %H:%M:%S%.3f"))
}
