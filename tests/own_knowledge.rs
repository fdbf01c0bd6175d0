//! `--knowledge DIR`: what a user adds is diagnosed, explained and named like what the program knows by itself.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing, reason = "tests say what is wrong by stopping")]

mod program;
mod support;

use program::entrace;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Output;
use support::{APP, capture};
use tempfile::TempDir;

/// The first application of the example.
const EXPENSES: &str = "3d5e0f62-6f3b-4d0e-9a1c-2b8f0c7d4e11";

fn example() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("examples/knowledge")
}

/// A sign-in of the example's application that fails with the example's code.
fn failing(folder: &TempDir) -> PathBuf {
    let har = capture().redirect(|r| r.fails_on_a_page(50008, "The assertion is not valid.")).bytes();
    let path = folder.path().join("login.har");
    fs::write(&path, String::from_utf8(har).unwrap().replace(APP.client_id, EXPENSES)).unwrap();
    path
}

fn run(command: &str, knowledge: &Path, rest: &[&str]) -> Output {
    entrace().arg(command).arg("--knowledge").arg(knowledge).args(rest).output().unwrap()
}

fn said(output: &Output) -> String {
    String::from_utf8(output.stdout.clone()).unwrap() + &String::from_utf8(output.stderr.clone()).unwrap()
}

#[test]
fn the_example_is_diagnosed() {
    let folder = tempfile::tempdir().unwrap();
    let capture = failing(&folder);
    let output = run("diagnose", &example(), &[capture.to_str().unwrap()]);
    let report = said(&output);
    assert_eq!(output.status.code(), Some(1), "{report}");
    for told in [
        "fabrikam-login-certificate-renewed",
        "extension 4711",
        "Fabrikam Expenses",
        "Fabrikam Login sent an assertion",
        "federated-assertion-invalid",
    ] {
        assert!(report.contains(told), "{told} is missing in\n{report}");
    }
    let without = said(&entrace().arg(&capture).output().unwrap());
    assert!(!without.contains("Fabrikam Login"), "{without}");
}

#[test]
fn the_example_is_explained() {
    let code = said(&run("explain", &example(), &["50008"]));
    assert!(code.starts_with("AADSTS50008 · error\nFabrikam Login sent an assertion"), "{code}");
    let cause = said(&run("explain", &example(), &["fabrikam-login-certificate-renewed"]));
    assert!(cause.contains("AADSTS50008") && cause.contains("for, strong: reply.error-code"), "{cause}");
    let claim = said(&run("explain", &example(), &["reply.error-code"]));
    assert!(claim.contains("fabrikam-login-certificate-renewed"), "{claim}");
    // What was replaced belongs to its old cause only as far as the new entry says so.
    let old = said(&run("explain", &example(), &["federated-assertion-invalid"]));
    assert!(old.contains("Fabrikam Login sent an assertion") && old.contains("AADSTS20012"), "{old}");
}

#[test]
fn a_code_says_which_later_success_excuses_it() {
    let folder = tempfile::tempdir().unwrap();
    let of = |scope: &'static str| move |t: support::TokenRequest| t.param("scope", scope);
    let (mail, files) = (of("https://mail.contoso.example/.default"), of("https://files.contoso.example/.default"));
    let refused = || capture().sign_in(|s| s).refresh(|t| mail(t).fails(50008, "The assertion is not valid."));
    let path = folder.path().join("login.har");
    let status = |capture: support::CaptureBuilder, knowledge: &Path| {
        fs::write(&path, capture.bytes()).unwrap();
        run("diagnose", knowledge, &[path.to_str().unwrap()]).status.code()
    };
    let own = folder.path().join("own");
    fs::create_dir(&own).unwrap();
    let code = fs::read_to_string(example().join("fabrikam-login.toml")).unwrap();
    assert!(code.contains("\nnext = "), "{code}");
    fs::write(own.join("own.toml"), code.replace("\nnext = ", "\nexcused_by = \"same-resource\"\nnext = ")).unwrap();
    assert_eq!(status(refused().refresh(|t| files(t).succeeds()), &example()), Some(0));
    assert_eq!(status(refused().refresh(|t| files(t).succeeds()), &own), Some(1));
    assert_eq!(status(refused().refresh(|t| mail(t).succeeds()), &own), Some(0));
}

#[test]
fn what_rules_a_cause_out_is_told_once() {
    let folder = tempfile::tempdir().unwrap();
    let capture = failing(&folder);
    let own = folder.path().join("own");
    fs::create_dir(&own).unwrap();
    let example = fs::read_to_string(example().join("fabrikam-login.toml")).unwrap();
    let twice = "all = [\"reply.error-code\", \"frame.top-level\"]\nany = [\"reply.error-code\"]";
    fs::write(own.join("own.toml"), example.replace("any = [\"sign-in.earlier\"]", twice)).unwrap();
    let output = run("diagnose", &own, &[capture.to_str().unwrap(), "--format", "json"]);
    let report: serde_json::Value = serde_json::from_slice(&output.stdout).unwrap();
    let out = &report["captures"][0]["diagnoses"][0]["ruled_out"][0];
    let claims: Vec<&str> = out["because"].as_array().unwrap().iter().map(|finding| finding["claim"].as_str().unwrap()).collect();
    assert_eq!((out["id"].as_str(), claims), (Some("fabrikam-login-certificate-renewed"), vec!["reply.error-code", "frame.top-level"]));
}

#[test]
fn redact_and_bundle_take_it_too() {
    let folder = tempfile::tempdir().unwrap();
    let capture = failing(&folder);
    let (safe, ticket) = (folder.path().join("safe.har"), folder.path().join("ticket"));
    let redacted = run("redact", &example(), &[capture.to_str().unwrap(), "--output", safe.to_str().unwrap()]);
    assert!(redacted.status.success() && safe.is_file(), "{}", said(&redacted));
    let bundled = run("bundle", &example(), &[capture.to_str().unwrap(), "--output", ticket.to_str().unwrap()]);
    assert!(bundled.status.success(), "{}", said(&bundled));
    let report = fs::read_to_string(ticket.join("report.md")).unwrap();
    assert!(report.contains("fabrikam-login-certificate-renewed"), "{report}");
}

#[test]
fn the_documentation_shows_the_example() {
    let page = fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join("docs/knowledge.md")).unwrap();
    for entry in fs::read_dir(example()).unwrap() {
        let path = entry.unwrap().path();
        let text = fs::read_to_string(&path).unwrap();
        assert!(page.contains(&format!("```toml\n{text}```")), "docs/knowledge.md does not show {}", path.display());
    }
}

#[test]
fn the_code_that_contributors_begin_with_is_accepted() {
    let page = fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join("CONTRIBUTING.md")).unwrap();
    let (_, after) = page.split_once("```toml\n").unwrap();
    let (template, _) = after.split_once("```").unwrap();
    let folder = tempfile::tempdir().unwrap();
    fs::write(folder.path().join("template.toml"), template).unwrap();
    let code = template.split('"').find(|text| text.starts_with("AADSTS")).unwrap();
    let output = run("explain", folder.path(), &[code]);
    let told = said(&output);
    assert!(output.status.success(), "CONTRIBUTING.md shows a [[code]] that is not accepted: {told}");
    for word in [code, "sign_in_again", "usual", "references"] {
        assert!(template.contains(word), "the [[code]] of CONTRIBUTING.md lacks {word}, which tests/knowledge.rs asks for");
    }
    assert!(told.contains(code), "{told}");
}

#[test]
fn a_mistake_is_told_with_file_line_and_column() {
    let folder = tempfile::tempdir().unwrap();
    let own = folder.path().join("own/deeper");
    fs::create_dir_all(&own).unwrap();
    let example = fs::read_to_string(example().join("fabrikam-login.toml")).unwrap();
    fs::write(own.join("a.toml"), &example).unwrap();
    fs::write(own.join("notes.txt"), "no TOML").unwrap();
    let capture = failing(&folder);
    let diagnose = |expected: &str| {
        let output = run("diagnose", &folder.path().join("own"), &[capture.to_str().unwrap()]);
        let told = String::from_utf8(output.stderr.clone()).unwrap();
        assert_eq!((output.status.code(), output.stdout.len()), (Some(2), 0), "{told}");
        assert!(told.contains(expected) && told.lines().count() == 1, "{told}\ninstead of\n{expected}");
    };
    fs::write(own.join("b.toml"), &example).unwrap();
    diagnose("b.toml:26:1: AADSTS50008 stands twice; it is in ");
    fs::write(own.join("b.toml"), "[apps]\n\u{1b}").unwrap();
    diagnose("b.toml:2:2: ");
    fs::write(
        own.join("b.toml"),
        example.replace("50008", "50107").replace("federated-assertion-invalid", "nowhere").replace("id = \"fab", "id = \"two-fab"),
    )
    .unwrap();
    diagnose("b.toml:32:49: AADSTS50107 names the cause nowhere, which no file defines");
    fs::remove_file(own.join("b.toml")).unwrap();
    fs::write(own.join("a.toml"), example.replace("sign-in.earlier", "sign-in.earlyer")).unwrap();
    diagnose("a.toml:16:8: no check publishes the claim sign-in.earlyer; is sign-in.earlier meant?");
    fs::remove_file(own.join("a.toml")).unwrap();
    diagnose("own: holds no file that ends in .toml");
}
