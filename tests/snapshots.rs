//! What the real program prints, kept as files: text and JSON for one capture of each cause, the other formats for
//! a few, and one table of what every labelled capture comes to.
//!
//! After a change that means to alter them: `INSTA_UPDATE=always cargo test --test snapshots`, then read the diff.

#![allow(clippy::unwrap_used, clippy::panic, clippy::indexing_slicing, reason = "tests say what is wrong by stopping")]

mod program;

use insta::Settings;
use program::{diagnose, entrace, labelled};
use serde_json::Value;
use std::collections::BTreeSet;
use std::fmt::Write;
use std::fs;
use std::path::Path;

/// The name of a pair of snapshots, and the capture that they are of.
macro_rules! snapshots {
    ($($name:ident: $capture:literal,)*) => {
        const NAMES: &[&str] = &[$(stringify!($name)),*];

        $(
            #[test]
            fn $name() {
                keep(stringify!($name), $capture);
            }
        )*
    };
}

snapshots! {
    // AADSTS50058
    third_party_cookies_blocked: "third-party-cookies-blocked.v4.devtools-full.har",
    no_session: "no-session-iframe.v2.devtools-full.har",
    signed_out: "signed-out.v5.devtools-full.har",
    session_expired: "session-expired.v4.devtools-full.har",
    login_hint_mismatch: "login-hint-mismatch.v2.devtools-full.har",
    session_cookies_lost: "session-cookies-lost.v4.devtools-full.har",
    undetermined: "undetermined-top-level.v4.devtools-sanitized.har",
    // AADSTS160021
    requested_session_missing: "requested-session-missing.v4.devtools-full.har",
    conflicting_sessions: "conflicting-sessions.v4.devtools-full.har",
    personal_account_in_work_tenant: "personal-account-in-work-tenant.v4.devtools-full.har",
    account_not_in_tenant: "account-not-in-tenant-silent.v2.devtools-sanitized.har",
    fresh_interaction_required: "fresh-interaction-required.v5.devtools-sanitized.har",
    // AADSTS50139
    external_refresh_token_missing: "external-refresh-token-missing.v4.devtools-full.har",
    // Other kinds of file
    netlog: "third-party-cookies-blocked.v5.netlog.json",
    netlog_no_session: "no-session-iframe.v4.netlog.json",
    saz: "third-party-cookies-blocked.v4.saz.saz",
    encrypted_saz: "redirect-uri-mismatch.v4.saz-aes.saz",
    // Where nothing is left to do
    handled: "handled-interaction-required.v4.devtools-sanitized.har",
    healthy: "healthy-silent-iframe.v4.devtools-full.har",
    no_entra_traffic: "no-entra-traffic.devtools-sanitized.har",
}

/// A snapshot of one more format, and the capture that it is of.
macro_rules! more_snapshots {
    ($($name:ident: $format:ident $capture:literal,)*) => {
        const MORE: &[(&str, &str)] = &[$((stringify!($name), stringify!($format))),*];

        $(
            mod $name {
                #[test]
                fn $format() {
                    super::keep_one(stringify!($name), stringify!($format), $capture);
                }
            }
        )*
    };
}

more_snapshots! {
    trigger_and_echo: markdown "third-party-cookies-blocked-refresh-expired.v2.devtools-full.har",
    trigger_and_echo_found: sarif "third-party-cookies-blocked-refresh-expired.v2.devtools-full.har",
    cause_open: markdown "undetermined-top-level.v4.devtools-sanitized.har",
    without_a_code: markdown "sign-in-loop.v4.devtools-sanitized.har",
    failure_handled: markdown "handled-interaction-required.v4.devtools-sanitized.har",
    failure_handled_found: sarif "handled-interaction-required.v4.devtools-sanitized.har",
    nothing_failed: markdown "healthy-silent-iframe.v4.devtools-full.har",
    nothing_to_see: markdown "no-entra-traffic.devtools-sanitized.har",
    one_line: ndjson "two-failures.v4.devtools-sanitized.har",
}

/// Compares what the program prints of a capture in one format with what it printed before.
fn keep_one(name: &str, format: &str, capture: &str) {
    let output = diagnose(capture, &["--format", format]);
    assert!(output.stderr.is_empty(), "{format} of {capture}: {}", String::from_utf8_lossy(&output.stderr));
    let report = String::from_utf8(output.stdout).unwrap();
    let version = env!("CARGO_PKG_VERSION");
    assert!(report.contains(version), "{format}: the report does not say which version of entrace made it");
    let report = report.replace(&format!("entrace {version}"), "entrace [version]").replace(&format!("\"{version}\""), "\"[version]\"");
    settings(&format!("entrace diagnose --format {format} {capture}")).bind(|| {
        insta::assert_snapshot!(format!("{name}.{format}"), report);
    });
}

const TABLE: &str = "every_capture";

/// Compares what the program prints of a capture with what it printed before.
fn keep(name: &str, capture: &str) {
    let text = diagnose(capture, &["--width", "100"]);
    let json = diagnose(capture, &["--format", "json"]);
    assert_eq!((text.stderr, text.status.code()), (json.stderr, json.status.code()));
    let json = String::from_utf8(json.stdout).unwrap();
    let version = format!("\"version\": \"{}\"", env!("CARGO_PKG_VERSION"));
    assert_eq!(json.matches(&version).count(), 1);
    let command = |more: &str| format!("entrace diagnose {more} {capture}");
    settings(&command("--format json")).bind(|| {
        insta::assert_snapshot!(format!("{name}.json"), json.replace(&version, "\"version\": \"[version]\""));
    });
    settings(&command("--width 100")).bind(|| {
        insta::assert_snapshot!(format!("{name}.text"), String::from_utf8(text.stdout).unwrap());
    });
}

fn settings(command: &str) -> Settings {
    let mut settings = Settings::clone_current();
    settings.set_prepend_module_to_snapshot(false);
    settings.set_omit_expression(true);
    settings.set_description(command);
    settings
}

#[test]
fn every_capture() {
    let mut table = String::new();
    for (capture, _) in labelled() {
        let report: Value = serde_json::from_slice(&diagnose(&capture, &["--format", "json"]).stdout).unwrap();
        let told = &report["captures"][0];
        writeln!(table, "{capture}: {}", word(&told["verdict"])).unwrap();
        for diagnosis in told["diagnoses"].as_array().unwrap() {
            let causes: Vec<String> = diagnosis["causes"].as_array().unwrap().iter().map(cause).collect();
            let handled = if diagnosis["handled"] == true { ", handled" } else { "" };
            let trigger = diagnosis["triggered_by"].as_u64().map_or(String::new(), |trigger| format!(", triggered by {trigger}"));
            writeln!(table, "  {} {}{handled}{trigger}", diagnosis["id"], word(&diagnosis["code"])).unwrap();
            writeln!(table, "    {}", causes.join(", ")).unwrap();
        }
    }
    settings("verdict, failures and ranked causes of every labelled capture").bind(|| {
        insta::assert_snapshot!(TABLE, table);
    });
}

fn cause(cause: &Value) -> String {
    format!("{} {}", word(&cause["confidence"]), word(&cause["id"]))
}

fn word(value: &Value) -> &str {
    value.as_str().unwrap_or("null")
}

#[test]
fn no_snapshot_is_left_over() {
    let mut wanted: BTreeSet<String> = NAMES.iter().flat_map(|name| [format!("{name}.json.snap"), format!("{name}.text.snap")]).collect();
    wanted.extend(MORE.iter().map(|(name, format)| format!("{name}.{format}.snap")));
    wanted.insert(format!("{TABLE}.snap"));
    // Kept by tests/sign_in_logs.rs.
    wanted.insert("sign_in_log.text.snap".to_owned());
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/snapshots");
    let names = fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().file_name().into_string().unwrap());
    let left_over: Vec<String> = names.filter(|name| name.ends_with(".snap") && !wanted.contains(name)).collect();
    assert_eq!(
        left_over,
        Vec::<String>::new(),
        "files in tests/snapshots that no line of snapshots! or more_snapshots! is of: delete them"
    );
}

/// The command that stands in the README, and the report that stands below it.
fn told_in_the_readme() -> (String, String) {
    let readme = fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join("README.md")).unwrap();
    let (_, rest) = readme.split_once("\ncargo run --release -- ").unwrap();
    let (command, rest) = rest.split_once('\n').unwrap();
    let (_, rest) = rest.split_once("\n```text\n").unwrap();
    let (report, _) = rest.split_once("```\n").unwrap();
    (command.to_owned(), report.to_owned())
}

#[test]
fn the_readme_shows_what_its_command_gives() {
    let (command, report) = told_in_the_readme();
    let mut entrace = entrace();
    let output = entrace.current_dir(env!("CARGO_MANIFEST_DIR")).args(command.split(' ')).output().unwrap();
    let given = String::from_utf8(output.stdout).unwrap();
    assert_eq!(report, given, "entrace {command} gives:\n{given}");
}
