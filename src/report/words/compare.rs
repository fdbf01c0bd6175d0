//! A comparison in words.

use super::told::Told;
use super::verdict::{format_name, word};
use super::{confidence, count, kind_explained, sentence, within_sentence};
use crate::analysis::{Analysis, AttemptSummary, Verdict};
use crate::compare::{Aspect, Basis, Comparison, Difference, Explanation, NotShown, Outcome, Pair, Role};
use crate::diagnosis::{Diagnosis, RankedCause};
use crate::report::ComparisonReport;

/// What the explanation of a failure is headed by: what only the replies show is none in itself.
pub(in crate::report) fn explains_heading(explains: &Explanation) -> String {
    let what = match explains.basis {
        Basis::Observed => "What explains the failure",
        Basis::ReplyOnly => "Where the replies differ",
        Basis::Afterwards => return format!("Where they part, after {}", explains.step),
    };
    format!("{what}, at {}", explains.step)
}

/// What else differs and belongs to it.
const SUPPORTS: &str = "What also speaks for it";
/// How the failing step was answered.
const OUTCOME: &str = "How it was answered";
/// What differs besides.
const BYSTANDERS: &str = "What else differs up to the failing step";
/// What a recorder did not keep.
pub(in crate::report) const NOT_SHOWN: &str = "What may differ or not: not recorded";
/// Browsers, libraries and recorders.
pub(in crate::report) const CONTEXT: &str = "Around it";
/// How many failures of the working capture are told by name.
const TOLD_FAILURES: usize = 3;
/// The side that works, before a place.
pub(in crate::report) const WORKS: &str = "works";
/// The side that fails, before a place.
pub(in crate::report) const FAILS: &str = "fails";

/// What a capture is, in a line: `healthy, HAR by WebInspector`.
pub(in crate::report) fn capture(analysis: &Analysis) -> Told<'_> {
    let what = format!("{}, {}", word(analysis.verdict), format_name(analysis.format));
    match analysis.creator.as_deref() {
        Some(creator) => Told::of(format!("{what} by "), creator, ""),
        None => what.into(),
    }
}

/// Whether a capture has a sign-in whose end it shows.
pub(in crate::report) fn shows_its_end(analysis: &Analysis) -> bool {
    !matches!(analysis.verdict, Verdict::NoEntraTraffic | Verdict::Inconclusive(_))
}

/// What the comparison comes to.
pub(in crate::report) fn headline(report: &ComparisonReport<'_>) -> String {
    let comparison = report.comparison;
    match comparison.outcome {
        Outcome::Explained => {
            let explained: Vec<&Explanation> = comparison.pairs.iter().filter_map(|pair| pair.explains.as_ref()).collect();
            let of_replies = explained.iter().all(|explains| explains.basis == Basis::ReplyOnly);
            match explained.as_slice() {
                [only] if of_replies => {
                    format!("The captures part at a reply. The cause is the one that the failing capture tells by itself: {}.", only.cause)
                }
                [only] if only.basis == Basis::Afterwards => {
                    "Both captures fail so at first, and in the working one a sign-in follows. What differs is what the application does then.".to_owned()
                }
                _ if of_replies => "The captures part at replies. The causes are those that the failing capture tells by itself.".to_owned(),
                [only] if lies_in_several(comparison) => {
                    format!("Differences between the captures may explain the failure: the cause is {}.", only.cause)
                }
                [only] => format!("One difference between the captures explains the failure: the cause is {}.", only.cause),
                several => format!("Differences between the captures explain {} failures.", several.len()),
            }
        }
        Outcome::NotExplained => {
            let told = comparison.pairs.first().and_then(|pair| cause(comparison, pair)).filter(|cause| confidence(cause).is_some());
            let told = told.map(|cause| format!(" The cause is the one that the failing capture tells by itself: {}.", cause.id));
            format!(
                "The captures differ, but nothing that they show explains the failure. What differs may lie with the service, or was not recorded.{}",
                told.unwrap_or_default()
            )
        }
        Outcome::SameFailure => {
            "Both captures fail in the same way, so comparing them tells nothing new. Record a sign-in that works: another browser, another account, an earlier version.".to_owned()
        }
        Outcome::BothFail => {
            "The capture that was given as working fails too, in another way, so it explains nothing. Record a sign-in that works: another browser, another account, an earlier version.".to_owned()
        }
        Outcome::NothingFails if !comparison.working.diagnoses.is_empty() => "Nothing fails in the capture that was given as failing, but something does in the other: were they swapped?".to_owned(),
        Outcome::NothingFails if comparison.failing.verdict == Verdict::NoEntraTraffic => {
            "The capture that was given as failing holds no sign-in traffic, so there is nothing to compare. Record the sign-in that fails, from before it begins, with Preserve log on.".to_owned()
        }
        Outcome::NothingFails if !shows_its_end(&comparison.failing) => {
            "Nothing fails in either capture, but the one that was given as failing does not show how its sign-in ended. Record it to the end.".to_owned()
        }
        Outcome::NothingFails => "Nothing fails in either capture.".to_owned(),
        Outcome::Unrelated if comparison.working.redacted || comparison.failing.redacted => {
            "No sign-in of the same application and kind was found in both captures. A redacted capture may hide which application and tenant it is of: compare the recordings themselves.".to_owned()
        }
        Outcome::Unrelated => {
            "The captures have no sign-in of the same application and kind in common, so there is nothing to compare. Record the same sign-in of the same application where it works.".to_owned()
        }
    }
}

/// Whether the captures differ in several things in which a failure may lie.
fn lies_in_several(comparison: &Comparison) -> bool {
    let may_be_it = |one: &&Difference| one.role == Role::Explains && one.subject.is_some();
    comparison.pairs.iter().any(|pair| pair.differences.iter().filter(may_be_it).count() > 1)
}

/// The failure that a pair is about.
pub(in crate::report) fn diagnosis<'c>(comparison: &'c Comparison, pair: &Pair) -> Option<&'c Diagnosis> {
    comparison.failing.diagnosis(pair.diagnosis)
}

/// The cause that is named for a pair: the one that the difference explains, else the first.
pub(in crate::report) fn cause<'c>(comparison: &'c Comparison, pair: &Pair) -> Option<&'c RankedCause> {
    let causes = &diagnosis(comparison, pair)?.causes;
    let explained = pair.explains.as_ref().and_then(|explains| causes.iter().find(|cause| cause.id == explains.cause));
    explained.or(causes.first())
}

/// The heading of a pair: `AADSTS50058: a silent sign-in found nobody signed in`.
pub(in crate::report) fn heading(diagnosis: &Diagnosis) -> String {
    match diagnosis.code {
        Some(code) if !diagnosis.title.contains(&code.to_string()) => format!("{code}: {}", within_sentence(&diagnosis.title)),
        _ => diagnosis.title.clone(),
    }
}

/// Which two attempts are compared.
pub(in crate::report) fn attempts(comparison: &Comparison, pair: &Pair) -> String {
    let find = |analysis: &'_ Analysis, id: usize| analysis.attempts.iter().find(|attempt| attempt.id == id).cloned();
    let kind = |attempt: Option<AttemptSummary>| attempt.as_ref().map(kind_explained);
    let (one, other) = (kind(find(&comparison.working, pair.working)), kind(find(&comparison.failing, pair.failing)));
    let words = match (one, other) {
        (Some(one), Some(other)) if one == other => format!(", {one}"),
        (Some(one), Some(other)) => format!(": {one} there, {other} here"),
        _ => String::new(),
    };
    format!("Attempt {} of the working capture beside attempt {} of the failing one{words}", pair.working, pair.failing)
}

/// How the working attempt of a pair fails, if it does.
pub(in crate::report) fn working_fails(comparison: &Comparison, pair: &Pair) -> Option<String> {
    let failure = comparison.working.diagnosis(pair.working_fails?)?;
    let so = if pair.is_same_failure { "fails in the same way" } else { "fails too" };
    Some(format!("The attempt of the working capture {so}: {}", failing_with(failure)))
}

/// What fails in the capture that was given as working and was not made up for.
pub(in crate::report) fn caution(comparison: &Comparison) -> Option<String> {
    let unhandled = comparison.working.diagnoses.iter().filter(|diagnosis| !diagnosis.handled);
    let mut failures: Vec<String> = Vec::new();
    for failure in unhandled.map(failing_with) {
        if !failures.contains(&failure) {
            failures.push(failure);
        }
    }
    let more = failures.len().saturating_sub(TOLD_FAILURES);
    failures.truncate(TOLD_FAILURES);
    let more = if more > 0 { format!("; and {}", count(more, "other failure", "other failures")) } else { String::new() };
    // Where no pair works, each tells it by itself.
    let is_told = matches!(comparison.outcome, Outcome::NothingFails | Outcome::SameFailure | Outcome::BothFail) || failures.is_empty();
    (!is_told).then(|| format!("The capture that was given as working fails too: {}{more}.", failures.join("; ")))
}

/// A failure and its first cause, in a line: `AADSTS50058: a silent sign-in found nobody signed in (no-session)`.
fn failing_with(diagnosis: &Diagnosis) -> String {
    let cause = diagnosis.causes.first().map(|cause| format!(" ({})", cause.id)).unwrap_or_default();
    format!("{}{cause}", heading(diagnosis))
}

/// Where the two part.
pub(in crate::report) fn parting(pair: &Pair) -> Option<String> {
    let parted = pair.parted.as_ref()?;
    let at = |entry: Option<usize>| entry.map_or_else(|| "no such step".to_owned(), |entry| format!("#{entry}"));
    Some(format!(
        "They part first at {} ({} in the working capture, {} in the failing one)",
        parted.step,
        at(parted.working),
        at(parted.failing)
    ))
}

/// What the explanation rests on, where it is no more than a reply.
pub(in crate::report) fn basis(pair: &Pair) -> Option<&'static str> {
    let is_sent = |difference: &Difference| !difference.aspect.is_of_the_answer() && difference.aspect != Aspect::Timing;
    match pair.explains.as_ref()?.basis {
        Basis::Observed => None,
        Basis::Afterwards => Some("The failure belongs to a sign-in that works too: look for why nothing follows it here."),
        Basis::ReplyOnly if pair.differences.iter().any(is_sent) => Some(
            "What was sent differs too, see below, but the diagnosis does not rest on it: the cause is the one that the failing capture tells by itself.",
        ),
        Basis::ReplyOnly => Some(
            "No difference in what was sent is known to bring this about: the cause is the one that the failing capture tells by itself.",
        ),
    }
}

/// The differences of a pair but those that the explanation has told, under their headings.
pub(in crate::report) fn by_role(pair: &Pair) -> Vec<(&'static str, Vec<Difference>)> {
    let is_told = |one: &Difference| {
        let explains = pair.explains.as_ref().filter(|explains| explains.basis == Basis::ReplyOnly);
        explains.is_some_and(|explains| (&one.step, &one.working, &one.failing) == (&explains.step, &explains.working, &explains.failing))
    };
    let of = |role: Role| pair.differences.iter().filter(|one| one.role == role && !is_told(one)).cloned().collect::<Vec<_>>();
    let parts = [(SUPPORTS, of(Role::Supports)), (OUTCOME, of(Role::Outcome)), (BYSTANDERS, of(Role::Bystander))];
    parts.into_iter().filter(|(_, differences)| !differences.is_empty()).collect()
}

/// A difference with its step.
pub(in crate::report) fn difference(difference: &Difference) -> String {
    if difference.step.is_empty() { difference.statement.clone() } else { format!("{} ({})", difference.statement, difference.step) }
}

/// What one capture or both do not show.
pub(in crate::report) fn not_shown(unknown: &NotShown) -> String {
    let at = if unknown.steps.is_empty() { String::new() } else { format!(", at {}", unknown.steps.join("; ")) };
    let reasons = match (&unknown.working, &unknown.failing) {
        (Some(working), Some(failing)) if working == failing => format!("Neither file shows it: {working}."),
        (Some(working), Some(failing)) => format!("Neither file shows it. Working capture: {working}. Failing capture: {failing}."),
        (Some(why), None) => format!("The working capture does not show it: {why}."),
        (None, Some(why)) => format!("The failing capture does not show it: {why}."),
        (None, None) => String::new(),
    };
    format!("{} {reasons}", sentence(&format!("{}{at}", unknown.what)))
}

/// Failures that have nothing like them in the working capture, and those that were not compared.
pub(in crate::report) fn left_out(comparison: &Comparison) -> Vec<String> {
    let alone = comparison.alone.iter().filter_map(|id| comparison.failing.diagnosis(*id));
    let mut words: Vec<String> =
        alone.map(|diagnosis| format!("{}. The working capture has no attempt like the one that failed so.", heading(diagnosis))).collect();
    if comparison.not_compared > 0 {
        words.push(format!(
            "{} not compared, there being too many.",
            count(comparison.not_compared, "further failure was", "further failures were")
        ));
    }
    words
}
