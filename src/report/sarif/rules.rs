//! What things are: causes as rules, checks as taxa, and the notifications.

use super::plain;
use crate::checks;
use crate::diagnosis::{NOT_MODELLED, RankedCause, UNDETERMINED};
use crate::knowledge::Fix;
use crate::report::labels;
use crate::report::words::audience;
use serde_sarif::sarif::{MultiformatMessageString, ReportingDescriptor};

/// The notification of a verdict.
pub(super) const VERDICT: &str = "verdict";
/// The notification of what was lost in reading.
pub(super) const LOST: &str = "lost-in-reading";
/// The notification of a capture that is none.
pub(super) const UNREADABLE: &str = "not-read";

/// The rules and taxa that a run needs, in the order in which they are met.
#[derive(Default)]
pub(super) struct Rules {
    causes: Vec<ReportingDescriptor>,
    checks: Vec<ReportingDescriptor>,
}

impl Rules {
    /// The index of a cause's rule.
    pub(super) fn cause(&mut self, cause: &RankedCause) -> usize {
        index(&mut self.causes, &cause.id, || rule(cause))
    }

    /// The index of a check's taxon.
    pub(super) fn check(&mut self, name: &str) -> usize {
        index(&mut self.checks, name, || {
            let about = checks::ALL.iter().find(|check| check.name == name).map_or(name, |check| check.about);
            ReportingDescriptor::builder().id(name).short_description(text(about)).build()
        })
    }

    /// All rules, and all taxa.
    pub(super) fn finish(self) -> (Vec<ReportingDescriptor>, Vec<ReportingDescriptor>) {
        (self.causes, self.checks)
    }
}

fn index(known: &mut Vec<ReportingDescriptor>, id: &str, make: impl FnOnce() -> ReportingDescriptor) -> usize {
    known.iter().position(|one| one.id == id).unwrap_or_else(|| {
        known.push(make());
        known.len() - 1
    })
}

fn rule(cause: &RankedCause) -> ReportingDescriptor {
    let summary = match cause.id.as_str() {
        UNDETERMINED => "What was recorded does not tell the cause.",
        NOT_MODELLED => "A failure without causes that a capture could tell apart.",
        _ => &cause.summary,
    };
    // One rule stands for all codes without causes: what to do is told with each result.
    let own = cause.id != NOT_MODELLED;
    // And one rule stands for all results of a cause: the steps that are not for each of them are told with the result.
    let all = cause.fixes_of_all.as_ref().unwrap_or(&cause.fixes);
    let fixes = fixes(all.iter().filter(|fix| fix.helps_always()));
    let help = if fixes.is_empty() || !own { summary.to_owned() } else { format!("{}. {fixes}", labels::TO_DO) };
    let rule = ReportingDescriptor::builder().id(&cause.id).short_description(text(summary)).help(text(&help)).build();
    ReportingDescriptor { help_uri: cause.references.first().filter(|_| own).cloned(), ..rule }
}

/// What to do, in one line.
pub(super) fn fixes<'f>(fixes: impl IntoIterator<Item = &'f Fix>) -> String {
    fixes.into_iter().map(|fix| format!("{}: {}", audience(fix.who), fix.action)).collect::<Vec<_>>().join(" ")
}

/// The notifications that a run may hold.
pub(super) fn notifications() -> Vec<ReportingDescriptor> {
    let described = [
        (VERDICT, "What a capture comes to."),
        (LOST, "What was lost or repaired in reading a capture."),
        (UNREADABLE, "Why a capture could not be read."),
    ];
    described.into_iter().map(|(id, about)| ReportingDescriptor::builder().id(id).short_description(text(about)).build()).collect()
}

fn text(words: &str) -> MultiformatMessageString {
    MultiformatMessageString::builder().text(plain(words)).build()
}
