//! Reads the output of a redaction again: it is handed out only if nothing is left and nothing is lost.

use super::Options;
use super::kind::Kind;
use super::measure;
use super::placeholder;
use super::search::Search;
use super::searched::Searched;
use crate::analysis::{Analysis, analyze};
use crate::capture::{self, CaptureError, Document};
use crate::entra::Guid;
use crate::exchange::hosts::sign_in_host;
use crate::knowledge::Knowledge;
use rayon::prelude::*;
use serde_json::Value;
use std::sync::Arc;

/// What is to be done where a copy cannot be handed out, though nothing is wrong with the capture.
const INSTEAD: &str = "nothing was written. Attach the report in its place (`entrace --format html`): it shows no secret. This is a \
                       fault of entrace, please report it";

/// Why a redaction was not handed out.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum RedactError {
    /// A value is still there.
    #[error("a value of the kind “{}” would still stand in {place}; {INSTEAD}", kind.name())]
    Survivor {
        /// Its kind.
        kind: Kind,
        /// The entry and member.
        place: String,
    },
    /// The output has another number of entries.
    #[error("of {before} entries {after} would be left; {INSTEAD}")]
    LostEntries {
        /// How many there were.
        before: usize,
        /// How many there are.
        after: usize,
    },
    /// The output is not a HAR.
    #[error("the outcome could not be read again: {0}; {INSTEAD}")]
    NotReadable(#[source] CaptureError),
    /// The output comes to another diagnosis.
    #[error("the outcome would be diagnosed otherwise ({0}); {INSTEAD}")]
    OtherDiagnosis(String),
    /// The file is another one than when it was read first.
    #[error(
        "the capture was changed, or could not be read to its end again, while it was redacted; nothing was written. Redact a copy of it"
    )]
    Changed,
    /// More values than can be sought at once.
    #[error("the capture holds more secrets than can be sought at once; cut it down to the sign-in")]
    TooManyValues,
}

pub(super) fn check(
    source: &Document,
    har: &Arc<Vec<u8>>,
    search: &Search,
    searched: &Searched,
    knowledge: &Knowledge,
    options: &Options,
) -> Result<(), RedactError> {
    let output = Document::from_shared(Arc::clone(har), &capture::Options::default()).map_err(RedactError::NotReadable)?;
    if output.entries() != source.entries() {
        return Err(RedactError::LostEntries { before: source.entries(), after: output.entries() });
    }
    for (name, value) in output.log() {
        search_value(value, search, &mut format!("log.{name}"))?;
    }
    let survivor = |entry: usize| {
        if searched.has(entry, output.place(entry)) {
            return None;
        }
        search_value(&output.entry(entry), search, &mut format!("entry {entry}")).err()
    };
    if let Some(survivor) = (0..output.entries()).into_par_iter().find_map_first(survivor) {
        return Err(survivor);
    }
    let (before, after) = rayon::join(|| analyze(&source.capture, knowledge), || analyze(&output.capture, knowledge));
    same_hosts(source, &output)?;
    same_diagnoses(&before, &after, options)
}

/// Whether the address of every entry is one still, and that of the sign-in service where it was. Names of machines and tenants
/// are replaced in hosts.
fn same_hosts(source: &Document, output: &Document) -> Result<(), RedactError> {
    for (before, after) in source.capture.exchanges.iter().zip(&output.capture.exchanges) {
        let Some(host) = before.request.url.host() else { continue };
        let is_same = match after.request.url.host() {
            Some(other) => host == other || sign_in_host(&host).is_some() == sign_in_host(&other).is_some(),
            // Of files nothing is left.
            None => before.request.url.origin().is_none(),
        };
        if !is_same {
            return Err(RedactError::OtherDiagnosis(format!("the host of entry {}", before.entry)));
        }
    }
    Ok(())
}

/// Looks through all texts of a value, names and numbers too. The place is told by names that are none of the
/// capture's own making: those of HAR.
fn search_value(value: &Value, search: &Search, place: &mut String) -> Result<(), RedactError> {
    let found = |text: &str, place: &str| match search.finds(text) {
        Some(kind) => Err(RedactError::Survivor { kind, place: place.to_owned() }),
        None => Ok(()),
    };
    match value {
        Value::String(text) => found(text, place),
        Value::Number(number) => found(&number.to_string(), place),
        Value::Array(items) => items.iter().try_for_each(|item| search_value(item, search, place)),
        Value::Object(members) => members.iter().try_for_each(|(name, value)| {
            found(name, place)?;
            if measure::is_one(name, value.is_number(), value.as_str()) {
                return Ok(());
            }
            let length = place.len();
            if name.len() <= 24 && name.bytes().all(|byte| byte.is_ascii_alphabetic() || byte == b'_') {
                place.push('.');
                place.push_str(name);
            }
            let outcome = search_value(value, search, place);
            place.truncate(length);
            outcome
        }),
        Value::Null | Value::Bool(_) => Ok(()),
    }
}

/// Whether two analyses say the same of every failure.
fn same_diagnoses(before: &Analysis, after: &Analysis, options: &Options) -> Result<(), RedactError> {
    let other = |what: String| Err(RedactError::OtherDiagnosis(what));
    if before.verdict != after.verdict {
        return other(format!("the verdict {} became {}", before.verdict.name(), after.verdict.name()));
    }
    if before.sign_in_exchanges != after.sign_in_exchanges {
        let (before, after) = (before.sign_in_exchanges, after.sign_in_exchanges);
        return other(format!("{before} exchanges with the sign-in service became {after}"));
    }
    if before.diagnoses.len() != after.diagnoses.len() {
        return other(format!("{} failures became {}", before.diagnoses.len(), after.diagnoses.len()));
    }
    for (before, after) in before.diagnoses.iter().zip(&after.diagnoses) {
        let number = before.id;
        let differs = |what: &str| other(format!("failure {number}: {what}"));
        if (before.code, before.symptom, &before.also, before.error) != (after.code, after.symptom, &after.also, after.error) {
            return differs("its code");
        }
        if (before.is_handled(), &before.attempts, before.triggered_by) != (after.is_handled(), &after.attempts, after.triggered_by) {
            return differs("its place in the story");
        }
        let causes = |diagnosis: &crate::diagnosis::Diagnosis| -> Vec<(String, _)> {
            diagnosis.causes.iter().map(|cause| (cause.id.clone(), cause.confidence)).collect()
        };
        if causes(before) != causes(after) {
            return differs("its causes");
        }
        let occurrences = |diagnosis: &crate::diagnosis::Diagnosis| -> Vec<_> {
            let ids = |occurrence: &crate::diagnosis::Occurrence| {
                (occurrence.entry, occurrence.correlation_id.clone(), occurrence.trace_id.clone(), occurrence.timestamp)
            };
            diagnosis.occurrences.iter().map(ids).collect()
        };
        if occurrences(before) != occurrences(after) {
            return differs("its ids or its time");
        }
        let same = |before: &Option<String>, after: &Option<String>| match options.hide_tenant {
            true => before.is_some() == after.is_some(),
            false => before == after,
        };
        // What was sent as an application's id and is none may be anything, such as its secret.
        let is_no_id = || before.client_id.as_deref().is_some_and(|id| !Guid::is_one(id));
        let is_replaced = || is_no_id() && after.client_id.as_deref().is_some_and(placeholder::begins_as_one);
        let same_application = same(&before.client_id, &after.client_id) || is_replaced();
        if !same(&before.tenant, &after.tenant) || !same_application || before.resolved_tenant.is_some() != after.resolved_tenant.is_some()
        {
            return differs("its tenant or application");
        }
    }
    Ok(())
}
