//! One step of the sign-in traffic, and the attempt that it belongs to.

use super::{code, confidence, count, handled, kind, outcome};
use crate::analysis::{Analysis, Asker, AttemptSummary, Gap, MissingPart, Party, StepSummary};
use crate::diagnosis::Diagnosis;
use crate::entra::{Coverage, Part};
use crate::exchange::Recorded;
use crate::report::timeline::Again;
use chrono::{DateTime, TimeDelta, Utc};
use std::ops::Range;

/// What is said of the steps that belong to no attempt.
pub(in crate::report) const OUTSIDE: &str = "Outside the attempts";

/// What the number behind an entry is, where the recorder has numbers of its own.
pub(in crate::report) const LABELLED: &str = "In brackets behind an entry: the number that the recorder itself shows for it.";
/// What the capture keeps in general and lacks of some steps.
pub(in crate::report) const MISSING: &str = "Not recorded of some steps";
/// Where to read on.
pub(in crate::report) const WHY: &str = "Why each failed, on what evidence, and who can do what about it: entrace diagnose.";

/// From this on an answer took long enough to say so, in milliseconds.
const LONG: u64 = SECOND;
const SECOND: u64 = 1000;
const MINUTE: u64 = 60 * SECOND;
/// Longer times are told in minutes and seconds.
const SECONDS: u64 = 10 * MINUTE;
const HOUR: u64 = 60 * MINUTE;

/// Who asked whom: `frame → Entra`.
pub(in crate::report) fn who(step: &StepSummary) -> String {
    format!("{} → {}", step.asked_by.name(), step.answered_by.name())
}

/// The status with what it brought, whom it leads to, and how long it took if that was long: `302, redirect with code →
/// app (#18)`. Reports differ in how they write an entry.
pub(in crate::report) fn answer(step: &StepSummary, entry: fn(usize) -> String) -> String {
    let answer = &step.answer;
    let status = answer.status.map(|status| status.to_string());
    let what = Some(answer.what.clone()).filter(|what| !what.is_empty());
    let said: Vec<String> = status.into_iter().chain(what).collect();
    let to = answer.leads_to.map(|to| format!(" → {}", to.name())).unwrap_or_default();
    let follower = answer.followed_by.map(|follower| format!(" ({})", entry(follower))).unwrap_or_default();
    let took = step.duration_ms.filter(|took| *took >= LONG).map(|took| format!(", after {}", time(took))).unwrap_or_default();
    let again = if answer.repeats { "; told before" } else { "" };
    format!("{}{to}{follower}{took}{again}", said.join(", "))
}

/// An entry where it means nothing else.
pub(in crate::report) fn entry(entry: usize) -> String {
    format!("#{entry}")
}

/// Method and address, as far as they may be shown.
pub(in crate::report) fn request(step: &StepSummary) -> String {
    match &step.place {
        Some(place) => format!("{} {place}", step.method),
        None => step.method.clone(),
    }
}

/// The same where it is needed to know who was asked: of the sign-in service the step says enough.
pub(in crate::report) fn elsewhere(step: &StepSummary) -> Option<String> {
    (step.answered_by != Party::Entra).then(|| request(step))
}

/// The names of cookies, that there were none, or that they are not recorded.
pub(in crate::report) fn cookies(names: &Recorded<Vec<String>>) -> String {
    match names {
        Recorded::Kept(names) => names.join(", "),
        Recorded::Empty => "none".to_owned(),
        Recorded::NotKept(_) => "not recorded".to_owned(),
    }
}

/// The cookies that were sent and set, as far as they are recorded: `sent: none`, `set: fpc, buid`. That none were sent is
/// worth a word where a page of the sign-in service was asked for.
pub(in crate::report) fn cookies_told(step: &StepSummary) -> Vec<String> {
    let page = matches!(step.asked_by, Asker::Window | Asker::Popup | Asker::Frame) && step.answered_by == Party::Entra;
    let told = |verb: &str, names: &Recorded<Vec<String>>, none_is_told: bool| {
        let is_told = names.kept().is_some() || (none_is_told && names.loss().is_none());
        is_told.then(|| format!("{verb}: {}", cookies(names)))
    };
    let told = [told("sent", &step.cookies_sent, page), told("set", &step.answer.cookies_set, false)];
    told.into_iter().flatten().collect()
}

/// The parts of steps that are missing although the capture keeps them elsewhere, with the entries. What it never keeps
/// is said of the capture.
pub(in crate::report) fn missing(analysis: &Analysis) -> Vec<(&'static str, Vec<usize>)> {
    let recording = &analysis.recording;
    let parts = [
        (MissingPart::RequestCookies, &recording.request_cookies),
        (MissingPart::ReplyCookies, &recording.response_cookies),
        (MissingPart::RequestBody, &recording.request_bodies),
        (MissingPart::ReplyBody, &recording.response_bodies),
    ];
    let kept_elsewhere = parts.into_iter().filter(|(_, part)| matches!(part.coverage, Coverage::Recorded | Coverage::Partly));
    let entries = |(missing, _): (MissingPart, &Part)| {
        let lacks = |step: &&StepSummary| step.not_recorded.iter().any(|known| known.part == missing);
        (missing.name(), analysis.steps.iter().filter(lacks).map(|step| step.entry).collect())
    };
    kept_elsewhere.map(entries).filter(|(_, entries): &(_, Vec<usize>)| !entries.is_empty()).collect()
}

/// The failures that happened at a step.
pub(in crate::report) fn failures<'a>(analysis: &'a Analysis, step: &StepSummary) -> Vec<&'a Diagnosis> {
    // Diagnoses are numbered from 1.
    let here = step.diagnoses.iter().filter(|_| step.answer.fails);
    here.filter_map(|id| analysis.diagnosis(*id)).collect()
}

/// A failure with its cause: `AADSTS50058 third-party-cookies-blocked (certain), failure 1`.
pub(in crate::report) fn failure(diagnosis: &Diagnosis) -> String {
    let what = match diagnosis.code {
        Some(_) => code(diagnosis),
        None => format!("{}:", diagnosis.title),
    };
    let cause = diagnosis.causes.first().map(|cause| {
        let sure = confidence(cause).map(|sure| format!(" ({sure})")).unwrap_or_default();
        format!(" {}{sure}", cause.id)
    });
    let handled = handled::aside(diagnosis).map(|how| format!(", {how}")).unwrap_or_default();
    format!("{what}{}, failure {}{handled}", cause.unwrap_or_default(), diagnosis.id)
}

/// The heading of the attempt that steps belong to.
pub(in crate::report) fn heading(attempt: Option<&AttemptSummary>) -> String {
    match attempt {
        Some(attempt) => format!("Attempt {}: {}, {}", attempt.id, kind(attempt), outcome(attempt)),
        None => OUTSIDE.to_owned(),
    }
}

/// When an attempt happened, how long it took, and where that is on the clock of one that was under way.
pub(in crate::report) fn span(analysis: &Analysis, attempt: &AttemptSummary) -> Option<String> {
    let span = attempt.span?;
    let took = milliseconds(span.ended - span.started).filter(|took| *took > 0).map(|took| format!(", took {}", time(took)));
    let other = span.during.and_then(|id| analysis.attempt(id));
    let into = other.and_then(|other| Some((other.id, milliseconds(span.started - other.span?.started)?)));
    let into = into.map(|(id, into)| format!("; it began {} into attempt {id}", time(into)));
    Some(format!("{}{}{}", moment(span.started), took.unwrap_or_default(), into.unwrap_or_default()))
}

/// What a gap is.
pub(in crate::report) fn gap(gap: Gap) -> String {
    let at_most = if gap.at_most { "up to " } else { "" };
    let what = match gap.others {
        0 => "nothing recorded".to_owned(),
        others => format!("nothing of this attempt, {}", count(others, "other entry", "other entries")),
    };
    format!("{at_most}{}: {what}", time(gap.milliseconds))
}

/// How often steps or attempts came again: `199 more times, every 5.200 s on average, the last at 14:45:12.123`.
pub(in crate::report) fn again(again: &Again) -> String {
    let every = again.every_ms.map(|every| format!(", every {} on average", time(every))).unwrap_or_default();
    let last = again.until.map(|until| format!(", the last at {} UTC", clock(until))).unwrap_or_default();
    let cookies = match again.other_cookies {
        0 => String::new(),
        other if other == again.times => ", with other cookies".to_owned(),
        other => format!(", {other} of them with other cookies"),
    };
    format!("{}{every}{last}{cookies}", count(again.times, "more time", "more times"))
}

/// Attempts by their ids: `Attempt 3`, `Attempts 3 to 9`.
pub(in crate::report) fn attempts(ids: &Range<usize>) -> String {
    match ids.len() {
        1 => format!("Attempt {}", ids.start),
        2 => format!("Attempts {} and {}", ids.start, ids.start + 1),
        _ => format!("Attempts {} to {}", ids.start, ids.end.saturating_sub(1)),
    }
}

/// Milliseconds since an attempt began: `+0.412 s`.
pub(in crate::report) fn offset(since: u64) -> String {
    format!("+{}", time(since))
}

/// How long something took, exact to the millisecond below ten minutes.
pub(in crate::report) fn time(milliseconds: u64) -> String {
    match milliseconds {
        0..SECONDS => format!("{}.{:03} s", milliseconds / SECOND, milliseconds % SECOND),
        SECONDS..HOUR => format!("{} min {:02} s", milliseconds / MINUTE, milliseconds % MINUTE / SECOND),
        _ => format!("{} h {:02} min", milliseconds / HOUR, milliseconds % HOUR / MINUTE),
    }
}

/// The time of day with milliseconds, UTC.
pub(in crate::report) fn clock(time: DateTime<Utc>) -> String {
    time.format("%H:%M:%S%.3f").to_string()
}

/// Date and time with milliseconds, as people compare them with other recordings.
fn moment(time: DateTime<Utc>) -> String {
    time.format("%Y-%m-%d %H:%M:%S%.3f UTC").to_string()
}

fn milliseconds(time: TimeDelta) -> Option<u64> {
    u64::try_from(time.num_milliseconds()).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn times_are_as_exact_as_they_can_be_read() {
        assert_eq!([0, 412, 12_001, 599_999].map(time), ["0.000 s", "0.412 s", "12.001 s", "599.999 s"]);
        assert_eq!([600_000, 3_599_999, 3_600_000, 90_000_000].map(time), ["10 min 00 s", "59 min 59 s", "1 h 00 min", "25 h 00 min"]);
    }

    #[test]
    fn a_gap_says_what_is_known_of_it() {
        let told = |at_most, others| gap(Gap { milliseconds: 12_400, at_most, others });
        assert_eq!(told(false, 0), "12.400 s: nothing recorded");
        assert_eq!(told(true, 1), "up to 12.400 s: nothing of this attempt, 1 other entry");
    }
}
