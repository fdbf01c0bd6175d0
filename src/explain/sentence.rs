//! Failures by the sentences that consoles, logs, libraries and APIs have for them.
//!
//! What a capture's replies and errors are read with, reads these too (`entra::Hearsay`); sentences that are never on the wire stand
//! in the knowledge files, under `text`.

use super::{Subject, SymptomSubject, of_code, of_symptom};
use crate::checks::Observations;
use crate::diagnosis::causes_by_words;
use crate::entra::{Complaint, Hearsay, NoAnswer, OAuthError};
use crate::knowledge::{Knowledge, Symptom as KnownSymptom};
use crate::signin::Symptom;

/// The failures that a text tells in a sentence that is known; it names that error of OAuth, if any.
pub(super) fn failures<'k>(asked: &str, error: Option<OAuthError>, knowledge: &'k Knowledge) -> Vec<Subject<'k>> {
    let words = plain(asked);
    let told = symptoms(&words, knowledge);
    if !told.is_empty() {
        return told;
    }
    let told = codes(&words, knowledge);
    if !told.is_empty() {
        return told;
    }
    Hearsay::of(asked, error).and_then(|told| of_hearsay(told, knowledge)).into_iter().collect()
}

/// The codes whose sentence stands in a text, without their number.
pub(super) fn codes<'k>(words: &str, knowledge: &'k Knowledge) -> Vec<Subject<'k>> {
    // No such sentence is shorter than a few words.
    if !words.contains(' ') {
        return Vec::new();
    }
    let says = |sentences: &[String]| sentences.iter().any(|sentence| stands_in(sentence, words));
    knowledge.codes().filter(|code| says(&code.text)).map(|code| Subject::Code(of_code(code, knowledge))).collect()
}

/// The failures without a code whose sentence stands in a text: first those that it tells best.
fn symptoms<'k>(words: &str, knowledge: &'k Knowledge) -> Vec<Subject<'k>> {
    let place = |symptom: &&'k KnownSymptom| symptom.text.iter().position(|sentence| stands_in(sentence, words));
    let mut told: Vec<(usize, &KnownSymptom)> = knowledge.symptoms().filter_map(|symptom| Some((place(&symptom)?, symptom))).collect();
    told.sort_by_key(|(place, _)| *place);
    told.into_iter().map(|(_, symptom)| Subject::Symptom(of_symptom(symptom, knowledge))).collect()
}

/// A text as sentences are compared: lower case, one blank between words, quotation marks of one kind.
pub(super) fn plain(text: &str) -> String {
    let straight = |c: char| match c {
        '“' | '”' | '„' | '"' => '"',
        '‘' | '’' | '`' => '\'',
        other => other.to_ascii_lowercase(),
    };
    let words: Vec<&str> = text.split_whitespace().collect();
    words.join(" ").chars().map(straight).collect()
}

/// Whether the parts of a sentence follow each other in a text.
fn stands_in(sentence: &str, words: &str) -> bool {
    let mut rest = words;
    sentence.split('…').map(str::trim).all(|part| match rest.find(part) {
        Some(at) => {
            rest = rest.get(at + part.len()..).unwrap_or_default();
            true
        }
        None => false,
    })
}

/// The claims that speak of what an API does not like about a token.
const COMPLAINTS: [(Complaint, &str); 4] = [
    (Complaint::Issuer, "token.issuer-refused"),
    (Complaint::Audience, "token.audience-refused"),
    (Complaint::Lifetime, "token.lifetime-refused"),
    (Complaint::Scope, "token.scope-refused"),
];

/// Those that speak of why a request got no answer.
const NO_ANSWERS: [(NoAnswer, &str); 8] = [
    (NoAnswer::BlockedByClient, "transport.blocked-by-client"),
    (NoAnswer::BlockedByPagePolicy, "transport.blocked-by-page-policy"),
    (NoAnswer::BlockedFromLocalNetwork, "transport.blocked-from-local-network"),
    (NoAnswer::Unreachable, "transport.unreachable"),
    (NoAnswer::ServerNotTrusted, "transport.certificate-not-trusted"),
    (NoAnswer::ServerCertificateDate, "transport.certificate-date"),
    (NoAnswer::Offline, "transport.offline"),
    (NoAnswer::NetworkChanged, "transport.network-changed"),
];

/// The failure that a sentence tells, with the causes that fit it: weighed as in a capture that shows no more than this.
fn of_hearsay(told: Hearsay, knowledge: &Knowledge) -> Option<Subject<'_>> {
    let mut seen: Vec<&str> = Vec::new();
    let mut not_seen: Vec<&str> = Vec::new();
    let mut add = |claim, is_seen| if is_seen { seen.push(claim) } else { not_seen.push(claim) };
    let symptom = match told {
        Hearsay::ApiRefused { complaint, claims, consent } => {
            for (of, claim) in COMPLAINTS.into_iter().filter(|_| complaint.is_some()) {
                add(claim, complaint == Some(of));
            }
            add("api.claims-challenge", claims);
            add("api.asks-consent", consent);
            Symptom::ApiRefused
        }
        Hearsay::ReplyUnknown => {
            add("app-cookie.reply-unknown", true);
            Symptom::CallbackFailed
        }
        Hearsay::RequestTooLong => Symptom::RequestTooLong,
        Hearsay::NoAnswer(NoAnswer::FramingRefused) => Symptom::PageInFrame,
        Hearsay::NoAnswer(why) => {
            for (of, claim) in NO_ANSWERS.into_iter().filter(|(of, _)| is_told(why, *of)) {
                add(claim, why.is_case_of(of));
            }
            Symptom::NoAnswer
        }
    };
    let symptom = knowledge.symptom(symptom.id())?;
    let causes = causes_by_words(symptom, knowledge, &Observations::of_words(&seen, &not_seen));
    Some(Subject::Symptom(SymptomSubject { symptom, causes }))
}

/// Whether one reason tells of another whether it is the case: a connection that was given up might have failed as well.
fn is_told(why: NoAnswer, of: NoAnswer) -> bool {
    of != NoAnswer::Unreachable || !matches!(why, NoAnswer::TimedOut | NoAnswer::Left | NoAnswer::ClientCertificate)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_parts_of_a_sentence_follow_each_other() {
        let words = plain("Access to  fetch at ‘https://x.example/token’\nhas been blocked by CORS policy");
        assert!(stands_in("/token … blocked by cors policy", &words));
        assert!(!stands_in("blocked by cors policy … /token", &words));
        assert!(!stands_in("/authorize … blocked by cors policy", &words));
        assert!(stands_in("fetch at 'https", &words));
    }
}
