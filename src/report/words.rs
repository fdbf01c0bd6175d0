//! What every report says in the same words: values here, sentences in the files below.

pub(super) mod compare;
pub(super) mod evidence;
pub(super) mod explain;
pub(super) mod failure;
pub(super) mod handled;
mod logged;
pub(super) mod msal_log;
pub(super) mod recording;
pub(super) mod sign_in_log;
pub(super) mod step;
pub(super) mod told;
pub(super) mod verdict;

use crate::analysis::{Analysis, AttemptSummary};
use crate::diagnosis::{Diagnosis, NOT_MODELLED, RankedCause, UNDETERMINED};
use crate::knowledge::Audience;
use crate::signin::{Kind, Outcome};
use chrono::{DateTime, Utc};

/// An application without an id.
pub(super) const NOT_NAMED: &str = "an application that is not named";

/// Text without anything that could steer a terminal or reorder what is read: control characters, bidirectional
/// marks, characters that are not seen. Line breaks and tabs become spaces.
pub(crate) fn printable(text: &str) -> String {
    // Nearly all text is plain, and is seen to be so at once.
    if text.bytes().all(|byte| matches!(byte, b' '..=b'~')) {
        return text.to_owned();
    }
    text.chars().filter_map(|c| if matches!(c, '\n' | '\r' | '\t') { Some(' ') } else { (!steers(c)).then_some(c) }).collect()
}

/// Whether a character steers what shows it, or is there without being seen.
pub(super) fn steers(c: char) -> bool {
    c.is_control()
        || matches!(c, '\u{ad}' | '\u{61c}' | '\u{180e}' | '\u{200b}'..='\u{200f}' | '\u{2028}'..='\u{202e}' | '\u{2060}'..='\u{206f}')
        || matches!(c, '\u{feff}' | '\u{fff9}'..='\u{fffb}' | '\u{e0000}'..='\u{e0fff}')
}

/// Entry numbers, shortened: `#3–9, 14`.
pub(super) fn entries(numbers: &[usize]) -> String {
    entries_at_most(usize::MAX, numbers)
}

/// The same, with so many runs at most: `#3–9, 14, …`.
pub(super) fn entries_at_most(most: usize, numbers: &[usize]) -> String {
    if numbers.is_empty() { String::new() } else { format!("#{}", runs(most, numbers)) }
}

/// Numbers in order, with runs shortened: `3–9, 14`.
pub(super) fn runs(most: usize, numbers: &[usize]) -> String {
    let mut sorted = numbers.to_vec();
    sorted.sort_unstable();
    sorted.dedup();
    let mut runs: Vec<(usize, usize)> = Vec::new();
    for number in sorted {
        match runs.last_mut() {
            Some((_, last)) if *last + 1 == number => *last = number,
            _ => runs.push((number, number)),
        }
    }
    let run = |(first, last): (usize, usize)| match last - first {
        0 => first.to_string(),
        1 => format!("{first}, {last}"),
        _ => format!("{first}–{last}"),
    };
    let more = runs.len() > most;
    let shown: Vec<String> = runs.into_iter().take(most).map(run).chain(more.then(|| "…".to_owned())).collect();
    shown.join(", ")
}

/// A number with its noun: `1 failure`, `3 failures`.
pub(super) fn count(number: usize, one: &str, many: &str) -> String {
    format!("{number} {}", if number == 1 { one } else { many })
}

/// A title within a sentence. Names and abbreviations keep their capital.
pub(super) fn within_sentence(title: &str) -> String {
    let mut chars = title.chars();
    match (chars.next(), chars.next()) {
        (Some(first), second) if second.is_none_or(|second| !second.is_uppercase()) => {
            first.to_lowercase().chain(title.chars().skip(1)).collect()
        }
        _ => title.to_owned(),
    }
}

/// A fragment as a sentence: with a capital and a full stop.
pub(super) fn sentence(fragment: &str) -> String {
    let mut chars = fragment.chars();
    let start: String = chars.next().map(|first| first.to_uppercase().collect()).unwrap_or_default();
    let end = if fragment.ends_with(['.', '!', '?']) { "" } else { "." };
    format!("{start}{}{end}", chars.as_str())
}

/// How an attempt was made, for a table.
pub(super) fn kind(attempt: &AttemptSummary) -> &'static str {
    match attempt.kind {
        _ if attempt.is_metadata => "metadata",
        Kind::CodeRedemption | Kind::ServerSide if !attempt.tells_grant => "token request",
        Kind::SilentIframe => "silent, hidden frame",
        Kind::SilentTopLevel => "silent, whole page",
        Kind::Redirect => "sign-in page",
        Kind::Popup => "popup",
        Kind::Refresh => "refresh token",
        Kind::CodeRedemption => "code for tokens",
        Kind::ServerSide => "server-side",
        Kind::DeviceCode => "device code",
        Kind::Saml => "SAML",
        Kind::WsFederation => "WS-Federation",
        Kind::SignOut => "sign-out",
        Kind::ApiCall => "API call",
    }
}

/// How an attempt was made, for somebody who meets the kind for the first time.
pub(super) fn kind_explained(attempt: &AttemptSummary) -> &'static str {
    match attempt.kind {
        _ if attempt.is_metadata => "a request for the service's metadata, with which a sign-in begins",
        Kind::CodeRedemption if !attempt.tells_grant => "a token request of a page",
        Kind::ServerSide if !attempt.tells_grant => "a token request",
        Kind::SilentIframe if !attempt.tells_window => "a silent sign-in, most likely in a hidden frame of the page",
        Kind::SilentIframe => "a silent sign-in in a hidden frame of the page",
        Kind::SilentTopLevel => "a silent sign-in that took the whole page along",
        Kind::Redirect => "a redirect to the sign-in page",
        Kind::Popup => "the sign-in page in a popup window",
        Kind::Refresh => "a refresh token turned in for new tokens",
        Kind::CodeRedemption => "an authorization code turned in for tokens",
        Kind::ServerSide => "a token request of a server or service, without a browser",
        Kind::DeviceCode => "a sign-in with a device code",
        Kind::Saml => "a SAML sign-in",
        Kind::WsFederation => "a WS-Federation sign-in",
        Kind::SignOut => "a sign-out",
        Kind::ApiCall => "a call of an API with a token",
    }
}

/// How an attempt ended. Where the application could not use or keep what it got, “failed” alone would sound like a refusal.
pub(super) fn outcome(attempt: &AttemptSummary) -> &'static str {
    match attempt.outcome {
        Outcome::Failed if attempt.let_in => "failed after the sign-in",
        other => other.name(),
    }
}

/// Who can do something about it.
pub(super) fn audience(audience: Audience) -> &'static str {
    match audience {
        Audience::User => "User",
        Audience::Developer => "Developer",
        Audience::Admin => "Administrator",
        Audience::Microsoft => "Microsoft",
    }
}

/// The code of a failure, or that it has none.
pub(super) fn code(diagnosis: &Diagnosis) -> String {
    diagnosis.code.map_or_else(|| "no error code".to_owned(), |code| code.to_string())
}

/// An application by its name and id; a name alone says too little where there are several of that name.
pub(super) fn application(name: Option<&str>, id: Option<&str>) -> Option<String> {
    application_marked(name, id, str::to_owned, str::to_owned)
}

/// The same, with the name and the id as a format marks them.
pub(super) fn application_marked(
    name: Option<&str>,
    id: Option<&str>,
    marked_name: impl Fn(&str) -> String,
    marked_id: impl Fn(&str) -> String,
) -> Option<String> {
    match (name.map(marked_name), id.map(marked_id)) {
        (Some(name), Some(id)) => Some(format!("{name} ({id})")),
        (name, id) => name.or(id),
    }
}

/// How sure a cause is; nothing where it is none.
pub(super) fn confidence(cause: &RankedCause) -> Option<&'static str> {
    match cause.id.as_str() {
        UNDETERMINED | NOT_MODELLED => None,
        _ => Some(cause.confidence.name()),
    }
}

/// The same, as it stands behind the cause.
pub(super) fn confidence_behind(cause: &RankedCause) -> String {
    confidence(cause).map(|confidence| format!(" ({confidence})")).unwrap_or_default()
}

/// The application and tenant of an attempt.
pub(super) fn who(attempt: &AttemptSummary) -> String {
    let application = application(attempt.client.as_deref(), attempt.client_id.as_deref());
    let application = application.unwrap_or_else(|| NOT_NAMED.to_owned());
    match &attempt.tenant {
        Some(tenant) => format!("{application} at {tenant}"),
        None => application,
    }
}

/// A time as people compare it with logs.
pub(super) fn time(time: DateTime<Utc>) -> String {
    time.format("%Y-%m-%d %H:%M:%S UTC").to_string()
}

/// How the attempts were made in which a failure happened, for somebody who meets their kinds for the first time, each once.
pub(super) fn kinds_explained(analysis: &Analysis, diagnosis: &Diagnosis) -> Vec<&'static str> {
    let mut kinds = Vec::new();
    for explained in attempts_of(analysis, diagnosis).map(kind_explained) {
        if !kinds.contains(&explained) {
            kinds.push(explained);
        }
    }
    kinds
}

/// The attempts of a failure, in the order of time.
fn attempts_of<'a>(analysis: &'a Analysis, diagnosis: &Diagnosis) -> impl Iterator<Item = &'a AttemptSummary> {
    let mut ids = diagnosis.attempts.clone();
    ids.sort_unstable();
    ids.into_iter().filter_map(|id| analysis.attempt(id))
}

/// The kinds of the attempts in which a failure happened, each once.
pub(super) fn kinds_of(analysis: &Analysis, diagnosis: &Diagnosis) -> Vec<Kind> {
    let mut kinds = Vec::new();
    for attempt in attempts_of(analysis, diagnosis) {
        if !kinds.contains(&attempt.kind) {
            kinds.push(attempt.kind);
        }
    }
    kinds
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn entries_are_sorted_and_runs_shortened() {
        assert_eq!(entries(&[]), "");
        assert_eq!(entries(&[41]), "#41");
        assert_eq!(entries(&[14, 3, 4, 5, 3, 20, 21]), "#3–5, 14, 20, 21");
        assert_eq!(entries_at_most(2, &[1, 2, 4, 6]), "#1, 2, 4, …");
        assert_eq!(entries(&[9, 8, 7, 6, 5, 4, 3, 14]), "#3–9, 14");
    }

    #[test]
    fn what_steers_a_terminal_is_dropped() {
        let colours = printable("a\u{1b}[31mred\u{9b}0m\u{7f}");
        assert_eq!(colours, "a[31mred0m");
        assert_eq!(printable("two\r\nlines\tand a tab"), "two  lines and a tab");
        let bidi: String = ('\u{202a}'..='\u{202e}')
            .chain('\u{2066}'..='\u{2069}')
            .chain(['\u{200f}', '\u{61c}', '\u{feff}', '\u{ad}', '\u{e0041}'])
            .collect();
        assert_eq!(printable(&format!("x{bidi}y")), "xy");
        assert_eq!(printable("“Größe” – 東京 →"), "“Größe” – 東京 →");
    }

    #[test]
    fn titles_fit_into_sentences() {
        assert_eq!(within_sentence("A silent sign-in failed"), "a silent sign-in failed");
        assert_eq!(within_sentence("The session is gone"), "the session is gone");
        assert_eq!(within_sentence("SAML was refused"), "SAML was refused");
        assert_eq!(within_sentence(""), "");
    }

    #[test]
    fn fragments_become_sentences() {
        assert_eq!(sentence("the exporter removed it"), "The exporter removed it.");
        assert_eq!(sentence("It did."), "It did.");
        assert_eq!(sentence(""), ".");
    }
}
