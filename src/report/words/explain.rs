//! What is known of a code, a cause or a check, in words.

use super::{sentence, time, within_sentence};
use crate::checks;
use crate::entra::{ErrorCode, Pasted, SamlStatus};
use crate::explain::Explanation;
use crate::knowledge::{Audience, Code, Fix, Grade, Rule, Severity, Side, by_audience};

/// What stands over the values that were read out of a message.
pub(in crate::report) const READ: &str = "Read from the text";
/// What stands over the codes and failures that a cause may lie behind.
pub(in crate::report) const BEHIND: &str = "It may lie behind";
/// What stands over the rules of a cause.
pub(in crate::report) const WEIGHED: &str = "What a capture is searched for";
/// What stands over the codes that one often meets together.
pub(in crate::report) const ECHOES: &str = "Often met together with";
/// What a claim that was seen means.
pub(in crate::report) const SEEN: &str = "Seen";
/// What a claim that was looked for in vain means.
pub(in crate::report) const NOT_SEEN: &str = "Not seen";
/// How a claim comes to be in a capture.
pub(in crate::report) const RECORD: &str = "To settle it";
/// The causes whose rules name a claim.
pub(in crate::report) const CAUSES: &str = "Weighs in";
/// That a capture tells causes apart.
pub(in crate::report) const DIAGNOSE: &str = "With a capture, “entrace diagnose” tells these causes apart.";

/// The facts about a code, each with its label.
pub(in crate::report) fn facts(code: &Code) -> Vec<(&'static str, String)> {
    let helps = |helps: bool| if helps { "helps" } else { "does not help" }.to_owned();
    let mut facts: Vec<(&'static str, String)> = Vec::new();
    facts.extend(code.name.clone().map(|name| ("Name", name)));
    facts.extend(code.error.clone().map(|error| ("OAuth error", error)));
    if code.step {
        facts.push(("Step", "normally a step of a sign-in that works, and no failure".to_owned()));
    }
    facts.extend(code.sign_in_again.map(|again| match (again, code.other_account) {
        (false, true) => ("Sign in again", "helps with another account only".to_owned()),
        (again, _) => ("Sign in again", helps(again)),
    }));
    facts.extend(code.retry.map(|retry| ("Retry later", helps(retry))));
    facts.push(("How sure", grade(code.grade).to_owned()));
    facts
}

fn grade(grade: Grade) -> &'static str {
    match grade {
        Grade::Sourced => "documented (sourced)",
        Grade::Inferred => "concluded from its name, its neighbours or public reports (inferred)",
        Grade::Unsure => "little is known of it in public (unsure)",
    }
}

/// How bad a code is when nothing handles it, for a heading.
pub(in crate::report) fn severity(code: &Code) -> &'static str {
    match code.severity {
        Severity::Info if code.step => "step",
        other => other.name(),
    }
}

/// What a text says beside its codes, each with its label, and what of it nobody knows.
pub(in crate::report) fn message(explanation: &Explanation<'_>) -> Vec<(&'static str, String)> {
    let Explanation { message, unknown, unknown_words, .. } = explanation;
    let mut fields: Vec<(&'static str, String)> = Vec::new();
    let codes = message.as_ref().map(|message| joined(&message.codes)).unwrap_or_default();
    fields.extend((!codes.is_empty()).then_some(("Codes", codes)));
    let unknown: Vec<String> = unknown.iter().map(ToString::to_string).chain(unknown_words.iter().cloned()).collect();
    fields.extend((!unknown.is_empty()).then(|| ("Not known", unknown.join(", "))));
    fields.extend(message.iter().flat_map(read));
    fields
}

/// What a text says beside its codes, each with its label.
pub(crate) fn read(message: &Pasted) -> Vec<(&'static str, String)> {
    let mut fields: Vec<(&'static str, String)> = Vec::new();
    fields.extend(message.error.map(|error| ("OAuth error", error.to_string())));
    fields.extend(message.suberror.map(|suberror| ("Suberror", suberror.to_owned())));
    fields.extend(message.status.map(|status| ("SAML status", format!("{status}: {}", meaning(status)))));
    fields.extend(all(&message.correlation_ids, "Correlation id", "Correlation ids"));
    fields.extend(all(&message.trace_ids, "Trace id", "Trace ids"));
    let times: Vec<String> = message.timestamps.iter().map(|at| time(*at)).collect();
    fields.extend(all(&times, "Time", "Times"));
    fields
}

/// How many ids of one kind are shown.
const IDS: usize = 8;

/// Values of one kind: several are of several messages, and which belongs to which, their order has to tell.
fn all<T: ToString>(values: &[T], one: &'static str, several: &'static str) -> Option<(&'static str, String)> {
    let label = if values.len() == 1 { one } else { several };
    let more = (values.len() > IDS).then(|| format!(" and {} more", values.len() - IDS));
    (!values.is_empty()).then(|| (label, joined(values.get(..IDS).unwrap_or(values)) + &more.unwrap_or_default()))
}

fn joined<T: ToString>(values: &[T]) -> String {
    values.iter().map(ToString::to_string).collect::<Vec<_>>().join(", ")
}

/// What a status of SAML says.
fn meaning(status: SamlStatus) -> &'static str {
    match status {
        SamlStatus::AuthnFailed => "the person could not be signed in",
        SamlStatus::InvalidAttrNameOrValue => "an attribute has a name or value that is not taken",
        SamlStatus::InvalidNameIdPolicy => "the kind of name id that was asked for cannot be given",
        SamlStatus::NoAuthnContext => "the way of signing in that was asked for cannot be had",
        SamlStatus::NoAvailableIdp => "no identity provider can be reached",
        SamlStatus::NoPassive => "nobody could be signed in without a page, and the request (IsPassive) allows none",
        SamlStatus::NoSupportedIdp => "none of the identity providers that were named is known",
        SamlStatus::PartialLogout => "not everybody could be told of the sign-out",
        SamlStatus::ProxyCountExceeded => "the request may not be handed on any further",
        SamlStatus::RequestDenied => "the identity provider will not answer this request",
        SamlStatus::RequestUnsupported => "the identity provider does not know such requests",
        SamlStatus::RequestVersionDeprecated => "the request's version of SAML is no longer taken",
        SamlStatus::RequestVersionTooHigh => "the request's version of SAML is too new",
        SamlStatus::RequestVersionTooLow => "the request's version of SAML is too old",
        SamlStatus::Requester => "the fault is with the application that asked",
        SamlStatus::ResourceNotRecognized => "what was asked for is not known",
        SamlStatus::Responder => "the fault is with the identity provider",
        SamlStatus::TooManyResponses => "there is more to answer than can be",
        SamlStatus::UnknownAttrProfile => "the attributes are of a profile that is not known",
        SamlStatus::UnknownPrincipal => "the person is not known",
        SamlStatus::UnsupportedBinding => "the binding that was asked for is not known",
        SamlStatus::VersionMismatch => "the request's version of SAML is not taken",
    }
}

/// What a rule does, in a few words.
pub(in crate::report) fn side(rule: &Rule) -> String {
    match rule.side {
        Side::For | Side::Against => format!("{}, {}", rule.side.name(), rule.strength.name()),
        Side::Excludes => "rules it out".to_owned(),
        Side::Requires => "needed".to_owned(),
    }
}

/// The codes that a rule is limited to, behind its condition.
pub(in crate::report) fn only_for(rule: &Rule) -> String {
    let codes: Vec<String> = rule.codes.iter().map(ToString::to_string).collect();
    if codes.is_empty() { String::new() } else { format!(" (with {})", codes.join(", ")) }
}

/// Who can do what about a cause, whatever the code: a step that is not for every case says for which it is.
pub(in crate::report) fn steps(fixes: &[Fix]) -> Vec<(Audience, String)> {
    let step = |fix: &Fix| {
        let codes: Vec<String> = fix.codes.iter().map(ToString::to_string).collect();
        let only_with = (!codes.is_empty()).then(|| format!("with {}", codes.join(" or ")));
        step(fix, only_with)
    };
    by_audience(fixes).into_iter().map(|fix| (fix.who, step(fix))).collect()
}

/// The same for failures with one code, or without any: what is for other codes is left out.
pub(in crate::report) fn steps_for(fixes: &[Fix], code: Option<ErrorCode>) -> Vec<(Audience, String)> {
    by_audience(fixes.iter().filter(|fix| fix.applies_to(code))).into_iter().map(|fix| (fix.who, step(fix, None))).collect()
}

fn step(fix: &Fix, only_with: Option<String>) -> String {
    let told = fix.cases.clone().or_else(|| condition(fix)).filter(|told| !told.is_empty());
    let conditions: Vec<String> = only_with.into_iter().chain(told).collect();
    match conditions.as_slice() {
        [] => fix.action.clone(),
        conditions => format!("{}: {}", sentence(&conditions.join(", ")).trim_end_matches('.'), fix.action),
    }
}

/// What a capture has to show for a step to fit, in words; `None` where that does not matter.
pub(in crate::report) fn condition(fix: &Fix) -> Option<String> {
    let clauses = |names: &[String], word: &str| {
        let clauses: Vec<String> = names.iter().filter_map(|name| clause(name)).collect();
        (!clauses.is_empty()).then(|| format!("{word} {}", clauses.join("; or ")))
    };
    let conditions: Vec<String> = clauses(&fix.when, "if").into_iter().chain(clauses(&fix.unless, "unless")).collect();
    (!conditions.is_empty()).then(|| conditions.join(", "))
}

/// Names with which a claim may begin: they keep their capital within a sentence.
const NAMES: [&str; 7] = ["Azure", "Brave", "Chrome", "Entra", "Firefox", "Microsoft", "Safari"];

/// What it means that a claim was seen, as a clause, without what explains it.
fn clause(name: &str) -> Option<String> {
    let seen = checks::ALL.iter().flat_map(|check| check.claims).find(|claim| claim.name == name)?.seen;
    let clause = seen.split_once(": ").map_or(seen, |(clause, _)| clause).trim_end_matches('.');
    let is_name = clause.split(|c: char| !c.is_alphanumeric()).next().is_some_and(|first| NAMES.contains(&first));
    Some(if is_name { clause.to_owned() } else { within_sentence(clause) })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_claim_is_cut_within_what_stands_in_parentheses() {
        for claim in checks::ALL.iter().flat_map(|check| check.claims) {
            let told = clause(claim.name).unwrap();
            assert_eq!(told.matches('(').count(), told.matches(')').count(), "{}: {told}", claim.name);
        }
    }
}
