//! The SARIF report against the schema of its standard, and what of the standard the schema cannot say.

#![allow(clippy::unwrap_used, clippy::panic, clippy::indexing_slicing, reason = "tests say what is wrong by stopping")]

mod program;

use boon::{Compiler, SchemaIndex, Schemas};
use program::{entrace, labelled, password, run};
use serde_json::{Value, json};
use std::collections::BTreeSet;
use std::path::{Path, PathBuf};
use std::process::Command;

/// The schema of OASIS as the package serde-sarif has it, whose types are made from it.
fn schema() -> (Schemas, SchemaIndex) {
    let answer = |program: &str, arguments: &[&str]| {
        let output = Command::new(program).args(arguments).current_dir(env!("CARGO_MANIFEST_DIR")).output().unwrap();
        assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
        String::from_utf8(output.stdout).unwrap()
    };
    // Packages for other systems need not be at hand.
    let compiler = answer("rustc", &["-vV"]);
    let host = compiler.lines().find_map(|line| line.strip_prefix("host: ")).unwrap();
    let listed = ["metadata", "--offline", "--locked", "--format-version", "1", "--filter-platform", host];
    let metadata: Value = serde_json::from_str(&answer(env!("CARGO"), &listed)).unwrap();
    let mut packages = metadata["packages"].as_array().unwrap().iter();
    let package = packages.find(|package| package["name"] == "serde-sarif").unwrap();
    let folder: PathBuf = Path::new(package["manifest_path"].as_str().unwrap()).parent().unwrap().to_owned();
    let schema: Value = serde_json::from_slice(&std::fs::read(folder.join("src/schema.json")).unwrap()).unwrap();
    assert_eq!(schema["title"], "Static Analysis Results Format (SARIF) Version 2.1.0 JSON Schema");
    let mut compiler = Compiler::new();
    compiler.enable_format_assertions();
    let mut schemas = Schemas::new();
    let place = "https://sarif.example/schema.json";
    compiler.add_resource(place, schema).unwrap();
    let index = compiler.compile(place, &mut schemas).unwrap();
    (schemas, index)
}

fn report(capture: &str) -> Value {
    let mut command = entrace();
    if let Some(password) = password(capture) {
        command.env("ENTRACE_PASSWORD", password);
    }
    let output = command.args(["diagnose", "--format", "sarif", capture]).output().unwrap();
    serde_json::from_slice(&output.stdout).unwrap_or_else(|error| panic!("{capture}: {error}"))
}

#[test]
fn every_report_is_valid() {
    let (schemas, schema) = schema();
    let mut results = 0;
    for (capture, _) in labelled() {
        let report = report(&capture);
        if let Err(error) = schemas.validate(&report, schema) {
            panic!("{capture}: {error}");
        }
        results += report["runs"][0]["results"].as_array().unwrap().len();
    }
    assert!(results > 30);
}

#[test]
fn the_schema_finds_what_is_wrong() {
    let (schemas, schema) = schema();
    let right = report("third-party-cookies-blocked.v4.devtools-full.har");
    let spoiled = |at: &str, value: Value| {
        let mut report = right.clone();
        *report.pointer_mut(at).unwrap() = value;
        schemas.validate(&report, schema).is_err()
    };
    assert!(schemas.validate(&right, schema).is_ok());
    assert!(spoiled("/version", json!("2.0.0")));
    assert!(spoiled("/runs/0/results/0/level", json!("fatal")));
    assert!(spoiled("/runs/0/results/0/message", json!({})));
    assert!(spoiled("/runs/0/artifacts/0/location/uri", json!("a b|c")));
}

#[test]
fn references_lead_where_they_say() {
    for (capture, _) in labelled() {
        let report = report(&capture);
        let run = &report["runs"][0];
        let driver = &run["tool"]["driver"];
        let id_at = |list: &str, index: &Value| driver[list][usize::try_from(index.as_u64().unwrap()).unwrap()]["id"].clone();
        for result in run["results"].as_array().unwrap() {
            assert_eq!(id_at("rules", &result["ruleIndex"]), result["ruleId"], "{capture}");
            for taxon in result["taxa"].as_array().unwrap() {
                assert_eq!(id_at("taxa", &taxon["index"]), taxon["id"], "{capture}");
            }
            let known = |place: &Value| {
                let artifact = &place["physicalLocation"]["artifactLocation"];
                artifact["uri"] == run["artifacts"][usize::try_from(artifact["index"].as_u64().unwrap()).unwrap()]["location"]["uri"]
            };
            let places: Vec<&Value> = ["locations", "relatedLocations"].iter().flat_map(|list| result[list].as_array().unwrap()).collect();
            assert!(!places.is_empty() && places.into_iter().all(known), "{capture}");
        }
        let declared: Vec<&Value> = driver["notifications"].as_array().unwrap().iter().map(|one| &one["id"]).collect();
        for notification in run["invocations"][0]["toolExecutionNotifications"].as_array().unwrap() {
            assert!(declared.contains(&&notification["descriptor"]["id"]), "{capture}: {notification}");
        }
    }
}

#[test]
fn what_was_handled_is_a_note() {
    let levels = |capture: &str| {
        let report = report(capture);
        let results = report["runs"][0]["results"].as_array().unwrap().clone();
        results.iter().map(|result| result["level"].as_str().unwrap().to_owned()).collect::<Vec<_>>()
    };
    assert_eq!(levels("handled-interaction-required.v4.devtools-sanitized.har"), ["note"]);
    assert_eq!(levels("third-party-cookies-blocked.v4.devtools-full.har"), ["error"]);
    assert_eq!(levels("healthy-silent-iframe.v4.devtools-full.har"), Vec::<String>::new());
}

/// One rule stands for every result of its cause, so it may not say what fits only some of them.
#[test]
fn a_rule_says_the_steps_that_fit_always_and_a_result_its_own() {
    let report = report("third-party-cookies-blocked.v4.devtools-full.har");
    let run = &report["runs"][0];
    let help = run["tool"]["driver"]["rules"][0]["help"]["text"].as_str().unwrap();
    assert!(help.contains("send the person to sign in by redirect or popup") && !help.contains("PKCE"), "{help}");
    assert!(!["Safari", "Firefox", "Brave", "Internet Explorer", "Chrome"].iter().any(|browser| help.contains(browser)), "{help}");
    let result = run["results"][0]["message"]["text"].as_str().unwrap();
    assert!(result.contains("leave the private window") && !result.contains("Safari"), "{result}");
}

#[test]
fn another_recording_of_a_failure_has_the_same_fingerprint() {
    let capture = "third-party-cookies-blocked.v4.devtools-full.har";
    let fingerprints = |text: Vec<u8>| -> Vec<Value> {
        let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join(format!("fingerprint-{}", std::process::id()));
        std::fs::create_dir_all(&folder).unwrap();
        std::fs::write(folder.join("a.har"), text).unwrap();
        let output = entrace().current_dir(&folder).args(["diagnose", "--format", "sarif", "a.har"]).output().unwrap();
        let _ = std::fs::remove_dir_all(&folder);
        let report: Value = serde_json::from_slice(&output.stdout).unwrap();
        report["runs"][0]["results"].as_array().unwrap().iter().map(|result| result["partialFingerprints"].clone()).collect()
    };
    let first = program::fixture(capture);
    // The same on another day, with another correlation id.
    let again = String::from_utf8(first.clone()).unwrap().replace("2026-11-20", "2026-11-25").replace("01a1f968-29a0", "01a1f968-29a1");
    assert_ne!(again.as_bytes(), first);
    let (first, again) = (fingerprints(first), fingerprints(again.into_bytes()));
    assert_eq!(first, again);
    assert!(first.len() == 1 && first[0]["signInFailure/v1"].as_str().unwrap().starts_with("AADSTS50058 "), "{first:?}");
}

#[test]
fn what_cannot_be_read_is_told() {
    let output = run(&["diagnose", "--format", "sarif", "missing.har"]);
    assert_eq!(output.status.code(), Some(2));
    let report: Value = serde_json::from_slice(&output.stdout).unwrap();
    let invocation = &report["runs"][0]["invocations"][0];
    assert_eq!(invocation["executionSuccessful"], false);
    let ids: BTreeSet<&str> = invocation["toolExecutionNotifications"]
        .as_array()
        .unwrap()
        .iter()
        .map(|notification| notification["descriptor"]["id"].as_str().unwrap())
        .collect();
    assert_eq!(ids, BTreeSet::from(["not-read"]));
    let (schemas, schema) = schema();
    assert!(schemas.validate(&report, schema).is_ok());
}
