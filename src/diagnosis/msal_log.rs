//! The errors of a log of MSAL without any traffic: what is known of them, and what a capture would have to tell.

use super::weigh::{self, Ranked};
use super::{Diagnosis, Occurrence, RankedCause, not_modelled, without_causes};
use crate::checks;
use crate::entra::{ErrorCode, Words};
use crate::knowledge::{Audience, Fix, Knowledge, Symptom as KnownSymptom, Topic};
use crate::msal_log::Event;
use std::collections::HashMap;

/// Why nothing else is known.
const WHY: &str = "a log of MSAL tells the error, not the traffic";

/// What tells more.
pub(crate) const NEXT: &str = "Record a HAR of the same sign-in, from before it begins, and give both: entrace FILE.har --msal-log FILE. docs/capturing.md says \
                    how. For a support request keep the ids and the time of the failure.";

/// Diagnoses the errors of a log: those of one code, or of one name where there is no code, are one failure, as far as the
/// service's sentences do not say that they are not.
pub(crate) fn diagnose_log(events: &[Event], knowledge: &Knowledge) -> Vec<Diagnosis> {
    let mut diagnoses: Vec<Diagnosis> = Vec::new();
    let mut known: HashMap<(Option<ErrorCode>, Option<&'static str>, Words), usize> = HashMap::new();
    let mut last: HashMap<(Option<ErrorCode>, Option<&'static str>), usize> = HashMap::new();
    for event in events {
        let code = event.code();
        let error = if code.is_some() { None } else { event.error };
        let words = event.sentence.words;
        // One without the sentence may be any of them.
        let of_last = last.get(&(code, error)).filter(|_| words == Words::Other).copied();
        let at = of_last.unwrap_or_else(|| *known.entry((code, error, words)).or_insert(diagnoses.len()));
        last.insert((code, error), at);
        match diagnoses.get_mut(at) {
            Some(diagnosis) => add(diagnosis, event),
            None => diagnoses.push(Diagnosis { id: at + 1, ..one(event, knowledge) }),
        }
    }
    diagnoses
}

fn add(diagnosis: &mut Diagnosis, event: &Event) {
    diagnosis.occurrences.push(occurrence(event));
    diagnosis.error = diagnosis.error.or(event.error);
    for code in &event.codes {
        if Some(*code) != diagnosis.code && !diagnosis.also.contains(code) && diagnosis.also.len() < 8 {
            diagnosis.also.push(*code);
        }
    }
}

fn occurrence(event: &Event) -> Occurrence {
    Occurrence {
        entry: event.number,
        label: None,
        part: event.part.to_owned(),
        correlation_id: event.correlation_id.clone(),
        trace_id: event.trace_id.clone(),
        timestamp: event.at(),
        logged: None,
        logged_by_msal: None,
    }
}

fn one(event: &Event, knowledge: &Knowledge) -> Diagnosis {
    let code = event.code();
    let symptoms = symptoms(event, knowledge);
    let causes = causes_of(&symptoms);
    let of_library = event.error.map(|error| format!("MSAL reported “{error}”"));
    let topic = match (knowledge.topic(code, None), symptoms.as_slice()) {
        (Some(topic), _) => Some(topic),
        (None, [first, ..]) if code.is_none() => {
            Some(Topic { title: of_library.as_deref().unwrap_or(&first.title), causes: &causes, next: NEXT, ..Topic::of_symptom(first) })
        }
        _ => None,
    };
    let ranked = match topic {
        Some(topic) if topic.causes.is_empty() && topic.meaning.is_some() => Ranked::only(without_causes(topic)),
        Some(topic) => weigh::rank(topic, knowledge.known_form(code), knowledge, &checks::observe_alone(event, WHY)).without_traffic(),
        None if code.is_some() => Ranked::only(not_modelled(code)),
        None => Ranked::only(of_library_alone()),
    };
    let mut diagnosis = Diagnosis::of(code, event.error, topic, ranked, NEXT.to_owned());
    // An error without a code has the library's own name, whether its causes are known or not.
    if topic.is_none()
        && code.is_none()
        && let Some(title) = of_library
    {
        diagnosis.title = title;
    }
    add(&mut diagnosis, event);
    diagnosis
}

/// All that can be said of an error of the library that no failure is known by.
pub(crate) fn of_library_alone() -> RankedCause {
    RankedCause {
        summary: "MSAL itself reported this error, and entrace does not know its causes yet.".to_owned(),
        fixes: vec![Fix::always(
            Audience::Developer,
            "Look the error up among those that the library documents, and handle it where the call is made.",
        )],
        references: vec!["https://learn.microsoft.com/entra/msal/javascript/browser/errors".to_owned()],
        ..not_modelled(None)
    }
}

/// The failures without a code that MSAL tells by this error.
fn symptoms<'k>(event: &Event, knowledge: &'k Knowledge) -> Vec<&'k KnownSymptom> {
    let Some(error) = event.error.filter(|_| event.codes.is_empty()) else { return Vec::new() };
    knowledge.symptoms().filter(|symptom| symptom.msal.iter().any(|told| told == error)).collect()
}

/// The causes of several failures, each once.
fn causes_of(symptoms: &[&KnownSymptom]) -> Vec<String> {
    let mut causes: Vec<String> = Vec::new();
    for cause in symptoms.iter().flat_map(|symptom| &symptom.causes) {
        if !causes.contains(cause) {
            causes.push(cause.clone());
        }
    }
    causes
}
