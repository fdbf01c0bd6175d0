//! A comparison in words.

use super::told::Told;
use super::verdict::{format_name, word};
use super::{confidence, count, kind_explained, sentence, within_sentence};
use crate::analysis::{Analysis, AttemptSummary, Verdict};
use crate::compare::{Aspect, Basis, Comparison, Difference, Explanation, NoLesson, NotShown, Outcome, Pair, Role};
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
            format!("{}{}", not_explained(comparison), told.unwrap_or_default())
        }
        Outcome::SameFailure => same_failure(comparison),
        Outcome::BothFail => {
            format!("The capture that was given as working fails too, in another way, so it explains nothing. {RECORD_WORKING}")
        }
        Outcome::NothingFails => nothing_fails(comparison),
        Outcome::Unrelated => unrelated(comparison),
    }
}

/// What to record where the capture that was given as working does not work.
const RECORD_WORKING: &str = "Record a sign-in that works: another browser, another account, an earlier version.";

/// Why no difference explains a failure.
fn not_explained(comparison: &Comparison) -> String {
    match comparison.pairs.first().and_then(|pair| pair.no_lesson) {
        Some(NoLesson::EndNotShown) => {
            let why = match comparison.working.verdict {
                Verdict::Inconclusive(why) => why.sentence().into_owned(),
                _ => "Record it to its end, until it has worked.".to_owned(),
            };
            format!("The capture that was given as working does not show that its sign-in works, so it explains nothing. {why}")
        }
        Some(NoLesson::MayShowPages { works_too }) => format!(
            "The capture that was given as working shows no silent sign-in that works, and the failing one is silent (prompt=none). \
             What works there may show pages, and so does attempt {works_too} of the failing capture, which works too: it explains nothing. \
             Record a silent sign-in of the same application that works."
        ),
        None => "The captures differ, but nothing that they show explains the failure. What differs may lie with the service, or was not recorded.".to_owned(),
    }
}

/// That both captures fail alike, as far as they show it.
fn same_failure(comparison: &Comparison) -> String {
    let is_same_event = comparison.pairs.iter().all(|pair| pair.is_same_event);
    let is_same_cause = comparison.pairs.iter().all(|pair| tells_the_same_cause(comparison, pair));
    let what = match (is_same_event, is_same_cause) {
        (true, true) => {
            "Both captures hold the very same failure, with the same ids and the same time: they are recordings of one sign-in."
        }
        (true, false) => {
            "Both captures hold the very same failure, with the same ids and the same time: they are recordings of one sign-in, and one shows more of its cause than the other."
        }
        (false, true) => "Both captures fail in the same way, so comparing them tells nothing new.",
        (false, false) => {
            "Both captures fail with the same error, and one of them does not show its cause: it may be the same one or another, and comparing them does not tell."
        }
    };
    format!("{what} {RECORD_WORKING}")
}

/// Whether both captures put a failure down to the same cause.
fn tells_the_same_cause(comparison: &Comparison, pair: &Pair) -> bool {
    let first = |diagnosis: &'_ Diagnosis| diagnosis.causes.first().map(|cause| cause.id.clone());
    let of_working = pair.working_fails.and_then(|id| comparison.working.diagnosis(id)).map(first);
    of_working.is_none_or(|of_working| diagnosis(comparison, pair).map(first) == Some(of_working))
}

/// Why nothing fails in the capture that was given as failing. What it lacks counts more than what the other one shows.
fn nothing_fails(comparison: &Comparison) -> String {
    match comparison.failing.verdict {
        Verdict::NoEntraTraffic => {
            "The capture that was given as failing holds no sign-in traffic, so there is nothing to compare. Record the sign-in that fails, from before it begins, with Preserve log on.".to_owned()
        }
        Verdict::Inconclusive(why) => {
            format!("Nothing fails in the capture that was given as failing, but it does not show how its sign-in ended. {}", why.sentence())
        }
        _ if !comparison.working.diagnoses.is_empty() => {
            "Nothing fails in the capture that was given as failing, but something does in the other: were they swapped?".to_owned()
        }
        _ => "Nothing fails in either capture.".to_owned(),
    }
}

/// Why the captures have nothing in common.
fn unrelated(comparison: &Comparison) -> String {
    match comparison.working.verdict {
        Verdict::NoEntraTraffic => {
            "The capture that was given as working holds no sign-in traffic, so there is nothing to compare. Record the same sign-in of the same application where it works, from before it begins, with Preserve log on.".to_owned()
        }
        Verdict::Inconclusive(why) if comparison.working.attempts.is_empty() => {
            format!("The capture that was given as working does not show a sign-in, so there is nothing to compare. {}", why.sentence())
        }
        _ if comparison.working.redacted || comparison.failing.redacted => {
            "No sign-in of the same application and kind was found in both captures. A redacted capture may hide which application and tenant it is of: compare the recordings themselves.".to_owned()
        }
        _ => {
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

/// Why the working attempt of a pair explains nothing, where that is so: how it fails, or what it lacks.
pub(in crate::report) fn teaches_nothing(comparison: &Comparison, pair: &Pair) -> Option<String> {
    let of_working = "The attempt of the capture that was given as working";
    match pair.no_lesson {
        Some(NoLesson::EndNotShown) => return Some(format!("{of_working} does not fail, but is not shown to work")),
        Some(NoLesson::MayShowPages { works_too }) => {
            return Some(format!("{of_working} may show pages, and so may attempt {works_too} of the failing one, which works too"));
        }
        None => {}
    }
    let failure = comparison.working.diagnosis(pair.working_fails?)?;
    let so = match (pair.is_same_event, pair.is_same_failure) {
        (true, _) => "is the same one",
        (false, true) if tells_the_same_cause(comparison, pair) => "fails in the same way",
        (false, true) => "fails with the same error",
        (false, false) => "fails too",
    };
    Some(format!("{of_working} {so}: {}", failing_with(failure)))
}

/// What makes a comparison less sure: that an application is hidden, and what fails in the capture that was given as working.
pub(in crate::report) fn caution(comparison: &Comparison) -> Option<String> {
    let is_hidden = comparison.pairs.iter().any(|pair| pair.is_application_hidden);
    let hidden = is_hidden.then(|| {
        "The id of the application was taken out of one of the captures or both: that it is the same one follows from where the replies go, or from the id of the request, alone. Ids that stand for others are not compared.".to_owned()
    });
    let told: Vec<String> = hidden.into_iter().chain(working_fails(comparison)).collect();
    (!told.is_empty()).then(|| told.join(" "))
}

/// What fails in the capture that was given as working and was not made up for.
fn working_fails(comparison: &Comparison) -> Option<String> {
    let unhandled = comparison.working.diagnoses.iter().filter(|diagnosis| !diagnosis.is_handled());
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
