//! Failures without a code, by the name that MSAL, OAuth or SAML has for them.

use super::{Subject, SymptomSubject, of_symptom, sentence};
use crate::checks::Observations;
use crate::diagnosis::{NEXT_TO_MSAL_LOG, NOT_MODELLED, causes_by_words, of_library_alone};
use crate::entra::{OAuthError, Pasted, SamlStatus, msal_error, msal_errors};
use crate::knowledge::{Cause, Knowledge, Severity, Symptom};
use crate::msal_log::names_error;
use std::collections::HashSet;
use std::sync::LazyLock;

/// The failure by which SAML tells every status.
const SAML: &str = "saml-status";

/// The failures that a text names otherwise than by a code, of which there is none in it.
pub(super) fn failures<'k>(asked: &str, message: &mut Pasted, knowledge: &'k Knowledge) -> Vec<Subject<'k>> {
    let told = of_msal(&asked.to_ascii_lowercase(), knowledge);
    if !told.is_empty() {
        return told;
    }
    let error = message.error.or_else(|| OAuthError::of(asked));
    let told = sentence::failures(asked, error, knowledge);
    if !told.is_empty() {
        return told;
    }
    let told = error.map(|error| of_oauth(error, knowledge)).unwrap_or_default();
    if !told.is_empty() {
        return told;
    }
    message.status = message.status.or_else(|| SamlStatus::of_name(asked));
    if let Some(status) = message.status {
        return knowledge.symptom(SAML).map(|symptom| of_status(status, symptom, knowledge)).into_iter().collect();
    }
    of_library(asked).map(Subject::Symptom).into_iter().collect()
}

/// The failures that MSAL tells by an error of its own: first those that it tells best.
fn of_msal<'k>(text: &str, knowledge: &'k Knowledge) -> Vec<Subject<'k>> {
    let words: HashSet<&str> = text.split(|c: char| !c.is_ascii_alphanumeric() && c != '_').collect();
    let place = |symptom: &&'k Symptom| symptom.msal.iter().position(|error| words.contains(error.as_str()));
    let mut told: Vec<(usize, &Symptom)> = knowledge.symptoms().filter_map(|symptom| Some((place(&symptom)?, symptom))).collect();
    told.sort_by_key(|(place, _)| *place);
    told.into_iter().map(|(_, symptom)| Subject::Symptom(of_symptom(symptom, knowledge))).collect()
}

/// The failures that an error of OAuth alone tells; most are shared by many.
fn of_oauth(error: OAuthError, knowledge: &Knowledge) -> Vec<Subject<'_>> {
    let told = knowledge.symptoms().filter(|symptom| symptom.oauth.iter().any(|name| name == error.name()));
    told.map(|symptom| Subject::Symptom(of_symptom(symptom, knowledge))).collect()
}

/// What a status of SAML tells, with the causes that it leaves.
fn of_status<'k>(status: SamlStatus, symptom: &'k Symptom, knowledge: &'k Knowledge) -> Subject<'k> {
    const CLAIM: &str = "reply.name-id-refused";
    let (seen, not_seen): (&[&str], &[&str]) = if status == SamlStatus::InvalidNameIdPolicy { (&[CLAIM], &[]) } else { (&[], &[CLAIM]) };
    let causes = causes_by_words(symptom, knowledge, &Observations::of_words(seen, not_seen));
    Subject::Symptom(SymptomSubject { symptom, causes })
}

/// An error of the library that no failure is known by: what its log alone is told to be.
fn of_library(asked: &str) -> Option<SymptomSubject<'static>> {
    static ERRORS: LazyLock<Vec<Symptom>> = LazyLock::new(|| msal_errors().iter().map(|name| reported(name)).collect());
    static CAUSE: LazyLock<Cause> = LazyLock::new(|| {
        let open = of_library_alone();
        Cause {
            id: NOT_MODELLED.to_owned(),
            summary: open.summary,
            about: Vec::new(),
            references: open.references,
            rules: Vec::new(),
            fixes: open.fixes,
        }
    });
    let lower = asked.to_ascii_lowercase();
    let error = msal_error(asked).or_else(|| msal_error(&lower))?;
    // Its name alone, or with its sentence behind it. Elsewhere the words of such a name may mean anything.
    let is_of_library =
        lower.strip_prefix(&error.to_ascii_lowercase()).is_some_and(|rest| rest.is_empty() || rest.starts_with(':')) || names_error(&lower);
    // What OAuth calls so as well, the service may have said, and then there is a code.
    if !is_of_library || OAuthError::of(error).is_some() {
        return None;
    }
    let symptom = ERRORS.iter().find(|symptom| symptom.id == error)?;
    Some(SymptomSubject { symptom, causes: vec![&CAUSE] })
}

fn reported(name: &str) -> Symptom {
    Symptom {
        id: name.to_owned(),
        title: format!("MSAL reported “{name}”"),
        severity: Severity::Error,
        causes: Vec::new(),
        next: NEXT_TO_MSAL_LOG.to_owned(),
        msal: Vec::new(),
        oauth: Vec::new(),
        text: Vec::new(),
    }
}
