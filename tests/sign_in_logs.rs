//! `--sign-in-logs FILE`: what every report says of a sign-in log, what none says, and files that are none.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing, reason = "tests say what is wrong by stopping")]

mod program;
mod support;

use insta::Settings;
use program::entrace;
use serde_json::{Value, json};
use std::fs;
use std::path::Path;
use std::process::Output;
use support::{ADA, APP, CaptureBuilder, capture, console, log, policies};
use tempfile::TempDir;

/// A sign-in that a policy blocks.
fn blocked() -> CaptureBuilder {
    capture().redirect(|r| r.fails(53003, "A policy says no."))
}

/// A folder with that capture as `login.har`, and a log of it as `sign-ins.json`.
fn folder() -> TempDir {
    let mut row = policies([("Only reports", "reportOnlyFailure", "Mfa"), ("Block <b>abroad</b> | all", "failure", "Block")]);
    row["deviceDetail"] = json!({"deviceId": "", "displayName": "ADAS-LAPTOP", "isCompliant": false});
    let mut other = json!({"id": "00990000-0000-4000-8000-000000000001", "correlationId": "00990000-0000-4000-8000-000000000002"});
    other["status"] = json!({"errorCode": 50126, "failureReason": "Error of Ada"});
    let folder = tempfile::tempdir().unwrap();
    let capture = blocked().bytes();
    fs::write(folder.path().join("sign-ins.json"), log(row).and(other).json(&capture)).unwrap();
    fs::write(folder.path().join("login.har"), capture).unwrap();
    folder
}

fn diagnose(folder: &Path, options: &[&str]) -> Output {
    entrace().current_dir(folder).args(["diagnose", "login.har", "--sign-in-logs", "sign-ins.json"]).args(options).output().unwrap()
}

fn said(output: Output) -> String {
    assert!(output.stderr.is_empty(), "{}", String::from_utf8_lossy(&output.stderr));
    assert_eq!(output.status.code(), Some(1));
    String::from_utf8(output.stdout).unwrap()
}

#[test]
fn the_text_names_the_policy() {
    let text = said(diagnose(folder().path(), &["--width", "100"]));
    let mut settings = Settings::clone_current();
    settings.set_prepend_module_to_snapshot(false);
    settings.set_omit_expression(true);
    settings.set_description("entrace diagnose --width 100 login.har --sign-in-logs sign-ins.json");
    settings.bind(|| insta::assert_snapshot!("sign_in_log.text", text));
}

/// GitHub looks for mentions in rendered text, but not inside code.
#[test]
fn in_markdown_the_files_are_named_in_code() {
    let folder = folder();
    let capture = fs::read(folder.path().join("login.har")).unwrap();
    fs::rename(folder.path().join("sign-ins.json"), folder.path().join("@octocat-1.json")).unwrap();
    fs::write(folder.path().join("@octocat-2.log"), console("timed_out").text(&capture)).unwrap();
    let logs = ["--sign-in-logs", "@octocat-1.json", "--msal-log", "@octocat-2.log"];
    let output = entrace().current_dir(folder.path()).args(["diagnose", "login.har", "--format", "markdown"]).args(logs).output().unwrap();
    let report = said(output);
    for file in ["`@octocat-1.json`", "`@octocat-2.log`"] {
        assert!(report.matches(file).count() >= 2, "{report}");
    }
    assert_eq!(report.matches("octocat").count(), report.matches("`@octocat").count(), "{report}");
}

#[test]
fn every_format_names_row_and_policy_and_no_report_names_people_or_devices() {
    let folder = folder();
    for format in program::FORMATS {
        let report = said(diagnose(folder.path(), &["--format", format]));
        assert!(report.contains("abroad"), "{format}: {report}");
        // Lines are broken, and Markdown writes punctuation as entities.
        let mut plain = report.replace(['\n', ' '], "");
        for (entity, character) in [("&#91;", "["), ("&#93;", "]"), ("&#45;", "-"), ("&#46;", ".")] {
            plain = plain.replace(entity, character);
        }
        for part in ["sign-in-log[0]", "appliedConditionalAccessPolicies[1]"] {
            assert!(plain.contains(part), "{format}: {part}: {report}");
        }
        for private in [&format!("{}@", ADA.local_part()), "Ada", "ADAS-LAPTOP", "192.0.2.1", "<b>abroad"] {
            // SARIF and JSON are no markup: there the name stands as it is.
            assert!(
                !report.contains(private) || (private == "<b>abroad" && ["text", "json", "ndjson", "sarif"].contains(&format)),
                "{format}: {private}"
            );
        }
    }
}

#[test]
fn the_json_tells_the_row_and_what_the_capture_lacks() {
    let report: Value = serde_json::from_str(&said(diagnose(folder().path(), &["--format", "json"]))).unwrap();
    let capture = &report["captures"][0];
    let summary = &capture["sign_in_log"];
    assert_eq!((&summary["joined"], &summary["not_found"], &summary["ambiguous"]), (&json!(1), &json!(0), &json!(0)));
    assert_eq!(summary["logs"][0], json!({"path": "sign-ins.json", "format": "json", "rows": 2, "warnings": []}));
    assert_eq!(summary["unmatched"], json!([{"code": "AADSTS50126", "count": 1}]));
    let diagnosis = &capture["diagnoses"][0];
    let logged = json!({"joined": "yes", "by": "request-id", "log": "sign-ins.json", "row": 0, "rows": null, "code": "AADSTS53003"});
    assert_eq!(diagnosis["occurrences"][0]["sign_in_log"], logged);
    let cause = &diagnosis["causes"][0];
    assert_eq!((&cause["id"], &cause["confidence"]), (&json!("blocked-by-conditional-access"), &json!("certain")));
    let findings = cause["for"].as_array().unwrap();
    let named = findings.iter().find(|finding| finding["claim"] == "sign-in-log.policy-blocks").unwrap();
    let evidence = json!({
        "entry": diagnosis["occurrences"][0]["entry"],
        "part": "sign-in-log[0].appliedConditionalAccessPolicies[1].displayName",
        "excerpt": "Block <b>abroad</b> | all", "source": "sign-in-log", "row": 0,
    });
    assert_eq!(named["evidence"], json!([evidence]));
}

#[test]
fn the_contract_describes_what_a_log_adds() {
    let contract = fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join("docs/json.md")).unwrap();
    for field in ["sign_in_log", "logs", "rows", "joined", "ambiguous", "not_found", "unmatched", "count", "by", "log", "row", "source"] {
        assert!(contract.contains(&format!("`{field}`")), "{field}");
    }
}

#[test]
fn a_log_of_something_else_changes_nothing_and_says_so() {
    let folder = folder();
    let other = r#"[{"id":"00990000-0000-4000-8000-000000000001","createdDateTime":"2020-01-01T00:00:00Z","status":{"errorCode":53003}}]"#;
    fs::write(folder.path().join("sign-ins.json"), other).unwrap();
    let text = said(diagnose(folder.path(), &[]));
    assert!(text.contains("no row of this failure") && text.contains("blocked-by-conditional-access (likely)"), "{text}");
}

#[test]
fn several_logs_are_read_and_the_bare_form_takes_them() {
    let folder = folder();
    let csv = format!(
        "Request ID,Date (UTC),Application ID,Status\n00990000-0000-4000-8000-000000000003,2026-11-20T14:00:00Z,{},Success\n",
        APP.client_id
    );
    fs::write(folder.path().join("more.csv"), csv).unwrap();
    let arguments = ["login.har", "--sign-in-logs", "more.csv", "--sign-in-logs", "sign-ins.json"];
    let text = said(entrace().current_dir(folder.path()).args(arguments).output().unwrap());
    assert!(text.contains("more.csv: 1 sign-in read.") && text.contains("row 0 of sign-ins.json"), "{text}");
}

#[test]
fn a_log_that_cannot_be_read_ends_the_run_and_is_named() {
    let folder = folder();
    for (content, words) in [
        ("", "is empty"),
        ("{\"value\": [{\"id\": \"x", "breaks off"),
        ("a,b\n1,2\n", "English headings"),
        ("{\"log\": {}}", "holds no sign-ins"),
    ] {
        fs::write(folder.path().join("sign-ins.json"), content).unwrap();
        let output = diagnose(folder.path(), &[]);
        let told = String::from_utf8(output.stderr).unwrap();
        assert_eq!((output.status.code(), output.stdout.len()), (Some(2), 0), "{told}");
        assert!(told.contains("sign-ins.json: ") && told.contains(words), "{told}");
    }
    fs::remove_file(folder.path().join("sign-ins.json")).unwrap();
    assert!(String::from_utf8(diagnose(folder.path(), &[]).stderr).unwrap().contains("cannot be read"));
}

#[test]
fn what_steers_a_terminal_does_not_come_through_a_log() {
    let folder = folder();
    let path = folder.path().join("sign-ins.json");
    let hostile =
        fs::read_to_string(&path).unwrap().replace("Only reports", "x").replace("Block <b>abroad", "\\u202eBlock\\u001b[31m <b>abroad");
    fs::write(&path, hostile).unwrap();
    for format in ["text", "json", "markdown", "html", "sarif"] {
        let report = said(diagnose(folder.path(), &["--format", format]));
        assert!(!report.contains(['\u{1b}', '\u{202e}']) && !report.contains("abroad"), "{format}");
    }
}
