//! The contract, `docs/json.md`: it describes what the reports hold, and shows what they say.

#![allow(clippy::unwrap_used, clippy::panic, clippy::indexing_slicing, reason = "tests say what is wrong by stopping")]

mod program;

use program::{labelled, run};
use serde_json::Value;
use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::Path;

/// Every key of a JSON value, by the path to it.
fn keys(value: &Value, path: &str, found: &mut BTreeMap<String, String>) {
    match value {
        Value::Object(fields) => {
            for (key, field) in fields {
                let path = if path.is_empty() { key.clone() } else { format!("{path}.{key}") };
                found.insert(path.clone(), key.clone());
                keys(field, &path, found);
            }
        }
        Value::Array(items) => items.iter().for_each(|item| keys(item, path, found)),
        _ => {}
    }
}

/// The timeline of every fixture.
fn timelines() -> Value {
    let timeline = |(capture, _): &(String, String)| -> Value {
        serde_json::from_slice(&program::report("timeline", capture, &["--format", "json"]).stdout).unwrap()
    };
    labelled().iter().map(timeline).collect()
}

/// The report of every fixture in one.
fn whole_report() -> Value {
    let captures: Vec<String> = labelled().into_iter().map(|(capture, _)| capture).collect();
    let arguments: Vec<&str> = ["diagnose", "--format", "json"].into_iter().chain(captures.iter().map(String::as_str)).collect();
    serde_json::from_slice(&run(&arguments).stdout).unwrap()
}

/// What codes, failures without one, causes, checks and messages mean.
fn explanations() -> Value {
    let asked = [
        "50058",
        "90095",
        "no-answer",
        "third-party-cookies-blocked",
        "session-cookie",
        "session-cookie.sent",
        "AADSTS50058: x AADSTS65001",
    ];
    asked.iter().map(|asked| json(&["explain", "--format", "json", asked])).collect()
}

/// Pairs of captures, compared.
fn comparisons() -> Value {
    let pairs = [["cookies.working.har", "cookies.failing.har"], ["cookies.failing.har", "cookies.working.har"]];
    let compared = |pair: [&str; 2]| json(&["compare", "--format", "json", &format!("pairs/{}", pair[0]), &format!("pairs/{}", pair[1])]);
    pairs.into_iter().map(compared).collect()
}

fn json(arguments: &[&str]) -> Value {
    serde_json::from_slice(&run(arguments).stdout).unwrap_or_else(|error| panic!("{arguments:?}: {error}"))
}

fn contract() -> String {
    fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join("docs/json.md")).unwrap()
}

/// The sections of the contract that are of one schema: those whose headings hold one of these words, or none of them.
fn sections(contract: &str, of: impl Fn(&str) -> bool) -> String {
    contract.split("\n## ").skip(1).filter(|section| of(section.lines().next().unwrap())).collect::<Vec<_>>().join("\n")
}

#[test]
fn the_contract_describes_every_field_where_its_schema_is_described() {
    let contract = contract();
    let others = ["`timeline`", "`explain`", "`compare`", "An example"];
    let diagnose = sections(&contract, |heading| !others.iter().any(|other| heading.contains(other)));
    let section = |name: &str| sections(&contract, |heading| heading.contains(name));
    // What a schema has in common with that of `diagnose` is described there, and so named in its own section.
    let mut missing = Vec::new();
    let mut described = |schema: &str, reports: &Value, section: &str, deepest: &[&str], common: &[&str]| {
        let mut found = BTreeMap::new();
        keys(reports, "", &mut found);
        for deepest in deepest {
            assert!(found.contains_key(*deepest), "{schema}: nothing has {deepest}: this test no longer sees all of the report");
        }
        for (path, key) in found {
            let section = if common.iter().any(|common| path.starts_with(common)) { &diagnose } else { section };
            if !section.contains(&format!("`{key}`")) {
                missing.push(format!("{schema}: {path}"));
            }
        }
    };
    described(
        "diagnose",
        &whole_report(),
        &diagnose,
        &["captures.diagnoses.causes.for.evidence.excerpt", "captures.diagnoses.ruled_out.because.evidence.part"],
        &[],
    );
    described(
        "timeline",
        &timelines(),
        &section("`timeline`"),
        &["captures.steps.answer.cookies_set.names", "captures.steps.parameters.source", "captures.steps.not_recorded.why"],
        &["captures.recording.", "captures.warnings."],
    );
    described(
        "explain",
        &explanations(),
        &section("`explain`"),
        &["codes.causes.fixes.do", "causes.rules.strength", "checks.claims.record"],
        &[],
    );
    described(
        "compare",
        &comparisons(),
        &section("`compare`"),
        &["pairs.explains.working.excerpt", "pairs.differences.aspect"],
        &["tool.", "pairs.explains.working.", "pairs.explains.failing.", "pairs.differences.working.", "pairs.differences.failing."],
    );
    assert_eq!(
        missing,
        Vec::<String>::new(),
        "these fields are not described in the sections of docs/json.md on their schema, each as `field`"
    );
}

#[test]
fn the_contract_lists_every_value_of_an_enumeration() {
    let contract = contract();
    let enumerations = ["verdict", "coverage", "kind", "outcome", "severity", "confidence", "who", "cookies", "format"];
    let of_steps = ["asked_by", "answered_by", "leads_to", "source", "part"];
    let mut missing = BTreeSet::new();
    visit(&whole_report(), &mut |key, value| {
        let value = value.as_str().unwrap_or_default();
        if enumerations.contains(&key) && !value.is_empty() && !contract.contains(&format!("`{value}`")) {
            missing.insert(format!("{key} {value}"));
        }
    });
    visit(&timelines(), &mut |key, value| {
        let value = value.as_str().unwrap_or_default();
        if of_steps.contains(&key) && !value.is_empty() && !contract.contains(&format!("`{value}`")) {
            missing.insert(format!("{key} {value}"));
        }
    });
    visit(&comparisons(), &mut |key, value| {
        let value = value.as_str().unwrap_or_default();
        if ["aspect", "role", "basis"].contains(&key) && !contract.contains(&format!("`{value}`")) {
            missing.insert(format!("{key} {value}"));
        }
    });
    assert_eq!(missing, BTreeSet::new(), "docs/json.md does not list these values of their fields, each as `value`");
}

#[test]
fn the_contract_lists_every_symptom() {
    let contract = contract();
    let row = contract.lines().find(|line| line.starts_with("| `symptom` |")).unwrap();
    let knowledge = entrace::Knowledge::builtin();
    let missing: Vec<&str> =
        knowledge.symptoms().map(|symptom| symptom.id.as_str()).filter(|id| !row.contains(&format!("`{id}`"))).collect();
    assert_eq!(missing, [""; 0], "docs/json.md does not list these symptoms");
}

#[test]
fn a_finding_was_seen_or_was_not() {
    let mut findings = 0;
    visit(&whole_report(), &mut |key, value| {
        if key == "evidence" {
            findings += 1;
            let excerpts: Vec<bool> = value.as_array().unwrap().iter().map(|evidence| evidence["excerpt"].is_string()).collect();
            assert!(excerpts.windows(2).all(|pair| pair[0] == pair[1]), "{value}");
        }
    });
    assert!(findings > 100);
}

fn visit(value: &Value, each: &mut impl FnMut(&str, &Value)) {
    match value {
        Value::Object(fields) => fields.iter().for_each(|(key, field)| {
            each(key, field);
            visit(field, each);
        }),
        Value::Array(items) => items.iter().for_each(|item| visit(item, each)),
        _ => {}
    }
}

#[test]
fn the_example_of_the_contract_is_real() {
    let contract = contract();
    let (_, after) = contract.split_once("```json\n").unwrap();
    let (example, _) = after.split_once("```").unwrap();
    let example: Value = serde_json::from_str(example).unwrap();
    let capture = example["captures"][0]["path"].as_str().unwrap();
    let mut report: Value = serde_json::from_slice(&run(&["--format", "json", capture]).stdout).unwrap();
    report["tool"]["version"] = example["tool"]["version"].clone();
    if let Some(difference) = beyond(&example, &report, "") {
        panic!("docs/json.md shows what entrace does not say: {difference}");
    }
}

/// Where an example differs from what it is taken from. It may leave fields and items out, and shorten sentences.
fn beyond(example: &Value, real: &Value, path: &str) -> Option<String> {
    match (example, real) {
        (Value::Object(shown), Value::Object(fields)) => shown.iter().find_map(|(key, value)| {
            let path = format!("{path}.{key}");
            fields.get(key).map_or(Some(format!("{path} does not exist")), |real| beyond(value, real, &path))
        }),
        (Value::Array(shown), Value::Array(items)) => shown.iter().find_map(|value| {
            let differences: Vec<String> = items.iter().filter_map(|real| beyond(value, real, path)).collect();
            (differences.len() == items.len()).then(|| differences.into_iter().next().unwrap_or(format!("{path} is empty")))
        }),
        (Value::String(shown), Value::String(text)) if shown.ends_with('…') && text.starts_with(shown.trim_end_matches('…')) => None,
        _ => (example != real).then(|| format!("{path}: {example} is {real}")),
    }
}
