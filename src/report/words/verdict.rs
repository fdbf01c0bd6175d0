//! What a capture is and what it comes to, in sentences.

use super::{code, count, handled, sentence, within_sentence};
use crate::analysis::{Analysis, Verdict};
use crate::capture::Format;
use crate::diagnosis::{Confidence, Diagnosis, NOT_MODELLED, UNDETERMINED};
use crate::signin::Outcome;

const NO_TRAFFIC: &str = "No entry goes to a Microsoft sign-in service or names one of its errors. Record in the window in which the sign-in \
                          happens, from before it begins, with Preserve log on.";

const NO_ENTRIES: &str = "The file holds no requests at all. Open the network tools before the sign-in begins, turn on Preserve log, sign in, \
                          clear the filter and export again.";

/// How many failures the verdict tells in a sentence each.
pub(in crate::report) const STORIES: usize = 5;

/// What wrote the file, and how much of it is sign-in traffic.
pub(in crate::report) fn recorder(analysis: &Analysis) -> String {
    let format = format_name(analysis.format);
    let recorder = analysis.creator.as_deref().map_or_else(|| format.to_owned(), |creator| format!("{format} by {creator}"));
    format!("{recorder} · {}", traffic(analysis))
}

/// The kind of file, as people write it.
pub(in crate::report) fn format_name(format: Format) -> &'static str {
    match format {
        Format::Har => "HAR",
        Format::NetLog => "NetLog",
        Format::Saz => "SAZ",
        Format::MitmproxyFlow => "Flow file",
        Format::CharlesJson => "Charles session",
        Format::SamlTracer => "SAML-tracer export",
        Format::BurpXml => "Burp items",
        Format::MsalLog => "MSAL log",
    }
}

/// How much there is, and how much of it matters.
pub(in crate::report) fn traffic(analysis: &Analysis) -> String {
    if analysis.format == Format::MsalLog {
        return "errors without traffic".to_owned();
    }
    let entries = count(analysis.entries, "entry", "entries");
    let of_them = match (analysis.sign_in_exchanges, analysis.entries) {
        (1, 1) => "it is sign-in traffic".to_owned(),
        (0, 1) => "it is no sign-in traffic".to_owned(),
        (0, _) => "none of them sign-in traffic".to_owned(),
        (some, all) if some == all => "all of them sign-in traffic".to_owned(),
        (some, _) => format!("{some} of them sign-in traffic"),
    };
    let redacted = if analysis.redacted { " · redacted by entrace" } else { "" };
    format!("{entries}, {of_them}{redacted}")
}

/// What stands in the place of a verdict where a capture could not be read.
pub(in crate::report) const NOT_READ: &str = "not read";

/// The verdict, as people read it.
pub(in crate::report) fn word(verdict: Verdict) -> &'static str {
    match verdict {
        Verdict::NoEntraTraffic => "no Entra traffic",
        other => other.name(),
    }
}

/// What the verdict rests on, as a sentence or the beginning of one that the failures end.
pub(in crate::report) fn reason(analysis: &Analysis) -> String {
    let worked = analysis.attempts.iter().filter(|attempt| attempt.outcome == Outcome::Succeeded).count();
    let (handled, open): (Vec<_>, Vec<_>) = analysis.diagnoses.iter().partition(|diagnosis| diagnosis.is_handled());
    match analysis.verdict {
        Verdict::Failing if analysis.format == Format::MsalLog => {
            let failures = count(open.len(), "failure", "failures");
            format!("{failures}; the log does not tell whether anything put that right afterwards")
        }
        Verdict::Failing => {
            let mut text = format!("{} that nothing later in the capture puts right", count(open.len(), "failure", "failures"));
            text.extend(handled::besides(&handled));
            text
        }
        Verdict::Handled => handled::all(&handled),
        Verdict::Healthy => {
            let worked = count(worked, "attempt to sign in or get a token", "attempts to sign in or get a token");
            match analysis.permission_denied.as_slice() {
                [] => format!("{worked} worked, and nothing failed."),
                [only] => format!("{worked} worked. {}", denied("a call", &format!("entry {only}"))),
                [first, rest @ ..] => {
                    format!("{worked} worked. {}", denied(&format!("{} calls", rest.len() + 1), &format!("first in entry {first}")))
                }
            }
        }
        Verdict::Inconclusive(why) => why.sentence().into_owned(),
        Verdict::NoEntraTraffic if analysis.entries == 0 => NO_ENTRIES.to_owned(),
        Verdict::NoEntraTraffic => NO_TRAFFIC.to_owned(),
    }
}

/// That calls of APIs were denied for want of a permission, and what may be behind it.
fn denied(calls: &str, place: &str) -> String {
    format!(
        "No sign-in failed; an API refused {calls} for want of a permission (403, {place}). If the application did not expect that, look \
         up which permission the API wants for that call, and which ones the token has."
    )
}

/// A failure with its cause, and what led to it.
pub(in crate::report) fn in_one_sentence(diagnosis: &Diagnosis) -> String {
    let code = code(diagnosis);
    let title = within_sentence(&diagnosis.title);
    let what = match diagnosis.code {
        _ if title.contains(&code) => sentence(&title),
        Some(_) => format!("{code}, {title}."),
        None => format!("{title} ({code})."),
    };
    let follows = diagnosis.triggered_by.map(|trigger| format!(" Follows from failure {trigger}."));
    format!("{what} {}{}", sentence(&cause_in_words(diagnosis)), follows.unwrap_or_default())
}

/// The cause that is thought of first, and how sure it is.
pub(in crate::report) fn cause_in_words(diagnosis: &Diagnosis) -> String {
    let Some(first) = diagnosis.causes.first() else { return "No cause is known".to_owned() };
    match (first.id.as_str(), first.confidence) {
        (NOT_MODELLED, _) if diagnosis.meaning.is_some() => "It has no causes that a capture could tell apart (not-modelled)".to_owned(),
        (NOT_MODELLED, _) => "Its causes are not known to entrace yet (not-modelled)".to_owned(),
        (UNDETERMINED, _) => match diagnosis.causes.get(1..).unwrap_or_default() {
            [] => "What was recorded does not tell the cause (undetermined)".to_owned(),
            several => {
                let ids: Vec<&str> = several.iter().map(|cause| cause.id.as_str()).collect();
                format!("What was recorded does not tell the cause (undetermined); it may be {}", alternatives(&ids))
            }
        },
        (id, Confidence::Certain) => format!("The cause is {id}"),
        (id, Confidence::Likely) => format!("The cause is likely {id}"),
        (id, Confidence::Possible) => format!("The cause is possibly {id}"),
    }
}

/// Words joined as a choice, `a, b or c`; of many, the first few.
fn alternatives(words: &[&str]) -> String {
    match words {
        [] => String::new(),
        [only] => (*only).to_owned(),
        [first, second, third, more @ ..] if more.len() > 1 => format!("{first}, {second}, {third} or one of {} others", more.len()),
        [rest @ .., last] => format!("{} or {last}", rest.join(", ")),
    }
}

/// The failures that make the verdict what it is.
pub(in crate::report) fn told(analysis: &Analysis) -> Vec<&Diagnosis> {
    analysis.diagnoses.iter().filter(|diagnosis| !diagnosis.is_handled() || analysis.verdict == Verdict::Handled).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_choice_names_the_first_few() {
        assert_eq!(alternatives(&["a"]), "a");
        assert_eq!(alternatives(&["a", "b"]), "a or b");
        assert_eq!(alternatives(&["a", "b", "c", "d"]), "a, b, c or d");
        assert_eq!(alternatives(&["a", "b", "c", "d", "e"]), "a, b, c or one of 2 others");
    }
}
