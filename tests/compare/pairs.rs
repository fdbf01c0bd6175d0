//! The recorded pairs: one tenant, application and user, once signed in and once not.

use crate::program::fixtures;
use serde_json::Value;
use std::collections::BTreeSet;
use std::fs;
use std::path::PathBuf;
use std::process::{Command, Output};

fn folder() -> PathBuf {
    fixtures().join("pairs")
}

fn truth(name: &str) -> Value {
    serde_json::from_slice(&fs::read(folder().join(name)).unwrap()).unwrap()
}

/// The names of all pairs.
fn names() -> BTreeSet<String> {
    let files = fs::read_dir(folder()).unwrap().map(|file| file.unwrap().file_name().into_string().unwrap());
    let names: BTreeSet<String> = files.filter_map(|name| name.strip_suffix(".pair.json").map(str::to_owned)).collect();
    assert!(names.len() >= 6, "{names:?}");
    names
}

fn compare(working: &str, failing: &str, format: &str) -> Output {
    Command::new(env!("CARGO_BIN_EXE_entrace"))
        .env_clear()
        .env("ENTRACE_CONFIG", "")
        .current_dir(folder())
        .args(["compare", "--format", format, working, failing])
        .output()
        .unwrap()
}

fn report(name: &str) -> Value {
    let output = compare(&format!("{name}.working.har"), &format!("{name}.failing.har"), "json");
    assert_eq!(output.status.code(), Some(1), "{name}");
    serde_json::from_slice(&output.stdout).unwrap()
}

#[test]
fn every_recorded_pair_is_explained_by_its_cause() {
    for name in names() {
        let (told, truth) = (report(&name), truth(&format!("{name}.pair.json")));
        let first = &told["pairs"][0]["explains"];
        assert_eq!(first["cause"], truth["cause"], "{name}: {told:#}");
        assert!(first["failing"]["part"].is_string() && first["working"]["part"].is_string(), "{name}: {first:#}");
        assert_eq!((&told["schema"], &told["same_failure"]), (&Value::from("entrace/compare/1"), &Value::from(false)), "{name}");
    }
}

#[test]
fn two_browsers_are_told_apart_and_are_not_the_cause() {
    let told = report("browsers");
    let context = told["context"].as_array().unwrap();
    assert!(context.iter().any(|one| one["aspect"] == "browser"), "{told:#}");
    assert_eq!(told["pairs"][0]["explains"]["failing"]["excerpt"], "none");
    assert_eq!(told["pairs"][0]["explains"]["working"]["excerpt"], "active");
}

#[test]
fn a_failing_capture_beside_itself_is_the_same_failure() {
    for name in names() {
        let failing = format!("{name}.failing.har");
        let output = compare(&failing, &failing, "json");
        let told: Value = serde_json::from_slice(&output.stdout).unwrap();
        assert_eq!((output.status.code(), &told["outcome"]), (Some(1), &Value::from("same-failure")), "{name}");
    }
}

#[test]
fn pairs_of_different_worlds_are_unrelated() {
    let output = compare("cookies.working.har", "clock.failing.har", "json");
    let told: Value = serde_json::from_slice(&output.stdout).unwrap();
    assert_eq!(told["outcome"], "unrelated");
    assert!(told["pairs"].as_array().unwrap().is_empty() && !told["alone"].as_array().unwrap().is_empty());
}

#[test]
fn no_secret_is_told_in_any_format() {
    for name in names() {
        let sides = [format!("{name}.working"), format!("{name}.failing")];
        let secrets: Vec<String> = sides
            .iter()
            .flat_map(|side| truth(&format!("{side}.truth.json"))["secrets"].as_array().unwrap().clone())
            .map(|secret| secret["value"].as_str().unwrap().to_owned())
            .collect();
        for format in ["text", "json", "markdown", "html"] {
            let output = compare(&format!("{}.har", sides[0]), &format!("{}.har", sides[1]), format);
            let told = String::from_utf8(output.stdout).unwrap();
            assert!(told.contains(truth(&format!("{name}.pair.json"))["cause"].as_str().unwrap()), "{name} {format}");
            for secret in &secrets {
                assert!(!told.contains(secret.as_str()), "{name}: {format} tells {secret}");
            }
        }
    }
}
