//! Logs of MSAL, alone and with `--msal-log FILE`: what every report says of them, what none says, and what is refused.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing, reason = "tests say what is wrong by stopping")]

mod program;
mod support;

use program::{FORMATS, entrace};
use serde_json::{Value, json};
use std::fs;
use std::path::Path;
use std::process::Output;
use support::{CaptureBuilder, capture, console, last_failure};
use tempfile::TempDir;

const CORRELATION: &str = "00990000-0000-4000-8000-0000000000a1";
const TRACE: &str = "00990000-0000-4000-8000-0000000000b1";

fn line(id: &str, message: &str) -> String {
    format!("[Fri, 20 Nov 2026 14:42:30 GMT] : [{id}] : @azure/msal-browser@4.12.0 : Error - {message}\n")
}

/// A console with names, a token and what steers a terminal in its messages.
fn log() -> String {
    let token = "eyJhbGciOiJSUzI1NiJ9.eyJzdWIiOiJhZGEifQ.c2lnbmF0dXJl";
    format!(
        "app.js:1 hello from Ada\n{}{}{}",
        line(
            CORRELATION,
            &format!("AADSTS50058: ada@contoso.example {token} \u{1b}[2J\u{202e} Trace ID: {TRACE} Correlation ID: {CORRELATION}")
        ),
        line("00990000-0000-4000-8000-0000000000a2", "BrowserAuthError: monitor_window_timeout: refresh_token=0.AXsecret"),
        line("00990000-0000-4000-8000-0000000000a3", "AADSTS50105: Ada Lovelace of Contoso-Secret-App is not assigned"),
    )
}

fn folder_with(name: &str, text: impl AsRef<[u8]>) -> TempDir {
    let folder = tempfile::tempdir().unwrap();
    fs::write(folder.path().join(name), text).unwrap();
    folder
}

fn said(folder: &Path, arguments: &[&str], status: i32) -> String {
    let output = entrace().current_dir(folder).args(arguments).output().unwrap();
    assert_eq!(output.status.code(), Some(status), "{}", String::from_utf8_lossy(&output.stderr));
    assert!(output.stderr.is_empty(), "{}", String::from_utf8_lossy(&output.stderr));
    String::from_utf8(output.stdout).unwrap()
}

fn json_of(folder: &Path, arguments: &[&str], status: i32) -> Value {
    let report: Value = serde_json::from_str(&said(folder, &[&["diagnose", "--format", "json"], arguments].concat(), status)).unwrap();
    report["captures"][0].clone()
}

#[test]
fn alone_each_error_is_a_failure_with_its_causes_and_ids() {
    let folder = folder_with("console.log", log());
    let report = json_of(folder.path(), &["console.log"], 1);
    assert_eq!(
        (&report["format"], &report["creator"], &report["verdict"]),
        (&json!("msal-log"), &json!("msal-browser 4.12.0"), &json!("failing"))
    );
    assert_eq!((&report["exchanges"], &report["recording"]["cookies"]), (&json!(0), &json!("stripped")));
    let diagnoses = report["diagnoses"].as_array().unwrap();
    let first = |of: &Value| (of["code"].clone(), of["causes"][0]["id"].clone(), of["causes"][0]["confidence"].clone());
    assert_eq!(first(&diagnoses[0]), (json!("AADSTS50058"), json!("undetermined"), json!("possible")));
    assert_eq!(
        diagnoses[0]["occurrences"],
        json!([{"entry": 1, "part": "line", "correlation_id": CORRELATION, "trace_id": TRACE, "timestamp": "2026-11-20T14:42:30Z"}])
    );
    assert_eq!(first(&diagnoses[1]), (Value::Null, json!("undetermined"), json!("possible")));
    assert_eq!(diagnoses[1]["error"], "monitor_window_timeout");
    let causes: Vec<&str> = diagnoses[1]["causes"].as_array().unwrap().iter().map(|cause| cause["id"].as_str().unwrap()).collect();
    assert!(causes.contains(&"iframe-no-response") && causes.contains(&"iframe-refused-to-load"), "{causes:?}");
    assert_eq!(first(&diagnoses[2]), (json!("AADSTS50105"), json!("user-not-assigned"), json!("likely")));
    let evidence = json!({"entry": 3, "part": "msal-log[3].code", "excerpt": "AADSTS50105", "source": "msal-log", "row": 3});
    assert_eq!(diagnoses[2]["causes"][0]["for"][0]["evidence"], json!([evidence]));
    for diagnosis in diagnoses {
        assert!(diagnosis["next"].as_str().unwrap().contains("HAR"), "{diagnosis}");
        let causes = diagnosis["causes"].as_array().unwrap();
        assert!(causes.iter().all(|cause| cause["confidence"] != "certain"), "{diagnosis}");
    }
}

#[test]
fn no_report_shows_what_the_messages_say() {
    let folder = folder_with("console.log", log());
    fs::write(folder.path().join("login.har"), capture().silent_frame(|r| r.gets_no_answer("")).bytes()).unwrap();
    for format in FORMATS {
        for arguments in [&["console.log"][..], &["login.har", "--msal-log", "console.log"]] {
            let report = said(folder.path(), &[&["diagnose", "--format", format], arguments].concat(), 1);
            // SARIF has no place for what is no failure of the capture.
            let told = report.contains("AADSTS50058") && report.contains("monitor");
            assert!(told || (format == "sarif" && arguments.len() > 1), "{format}: {report}");
            for private in ["ada@", "Ada", "eyJ", "AXsecret", "Lovelace", "Contoso-Secret", "\u{1b}[2J", "\u{202e}"] {
                assert!(!report.contains(private), "{format}: {private}");
            }
        }
    }
}

#[test]
fn a_log_without_an_error_tells_nothing_of_the_sign_in() {
    let text = line(CORRELATION, "x").replace("Error - x", "Info - Emitting event: msal:acquireTokenSuccess");
    let report = json_of(folder_with("console.log", text).path(), &["console.log"], 0);
    assert_eq!((&report["verdict"], report["diagnoses"].as_array().unwrap().len()), (&json!("inconclusive"), 0));
    assert!(report["inconclusive"].as_str().unwrap().contains("names no error"));
}

#[test]
fn what_is_given_beside_a_log_alone_and_is_not_used_is_told() {
    let folder = folder_with("console.log", log());
    fs::write(folder.path().join("other.log"), log()).unwrap();
    let row = json!({"id": TRACE, "createdDateTime": "2026-11-20T14:42:30Z", "correlationId": CORRELATION, "userPrincipalName": "ada@contoso.example", "status": {"errorCode": 50058}});
    fs::write(folder.path().join("signins.json"), json!({"value": [row]}).to_string()).unwrap();
    let warnings = |options: &[&str]| -> Vec<String> {
        let report = json_of(folder.path(), &[&["console.log"], options].concat(), 1);
        report["warnings"].as_array().unwrap().iter().map(|warning| warning["message"].as_str().unwrap().to_owned()).collect()
    };
    assert_eq!(warnings(&[]), Vec::<String>::new());
    for (options, names) in [
        (&["--expect-tenant", "contoso.example"][..], &["--expect-tenant"][..]),
        (&["--expect-client", CORRELATION], &["--expect-client"]),
        (&["--sign-in-logs", "signins.json"], &["--sign-in-logs"]),
        (&["--msal-log", "other.log"], &["--msal-log"]),
        (&["--sign-in-logs", "signins.json", "--msal-log", "other.log"], &["--sign-in-logs", "--msal-log"]),
    ] {
        let told = warnings(options);
        assert_eq!(told.len(), names.len(), "{told:?}");
        assert!(told.iter().zip(names).all(|(told, name)| told.contains(name)), "{told:?}");
    }
}

#[test]
fn json_errors_and_compressed_logs_are_recognised_by_content() {
    let error = r#"[{"errorCode":"no_network_connectivity","errorMessage":"x"},{"errorCode":"user_cancelled","errorMessage":"x"}]"#;
    let report = json_of(folder_with("errors.json", error).path(), &["errors.json"], 1);
    let entries: Vec<&Value> = report["diagnoses"].as_array().unwrap().iter().map(|of| &of["occurrences"][0]["entry"]).collect();
    assert_eq!(entries, [&json!(0), &json!(1)]);
    assert_eq!(report["diagnoses"][0]["causes"][0]["id"], "sign-in-host-unreachable");
    let utf16: Vec<u8> = [0xFF, 0xFE].into_iter().chain(log().encode_utf16().flat_map(u16::to_le_bytes)).collect();
    assert_eq!(json_of(folder_with("console.txt", utf16).path(), &["console.txt"], 1)["diagnoses"].as_array().unwrap().len(), 3);
}

#[test]
fn what_needs_traffic_refuses_a_log_and_says_what_to_do() {
    let folder = folder_with("console.log", log());
    fs::write(folder.path().join("login.har"), capture().silent_frame(|r| r).bytes()).unwrap();
    for arguments in [
        &["timeline", "console.log"][..],
        &["redact", "console.log", "--output", "out.har"],
        &["bundle", "console.log", "--output", "out.zip"],
        &["compare", "login.har", "console.log"],
    ] {
        let output = entrace().current_dir(folder.path()).args(arguments).output().unwrap();
        let told = String::from_utf8(output.stderr).unwrap();
        assert_eq!(output.status.code(), Some(2), "{told}");
        // A timeline says of each capture that it was not read, and nothing else.
        assert!(output.stdout.is_empty() || output.stdout.starts_with(b"console.log\nNot read: this is a log of MSAL"), "{arguments:?}");
        assert!(told.contains("entrace diagnose") && told.contains("record a HAR"), "{told}");
    }
    assert!(!folder.path().join("out.har").exists() && !folder.path().join("out.zip").exists());
}

fn unanswered() -> CaptureBuilder {
    capture().silent_frame(|r| r.gets_no_answer(""))
}

/// A folder with a capture as `login.har` and a log as `console.log`.
fn beside(capture: &CaptureBuilder, log: &str) -> TempDir {
    let folder = folder_with("login.har", capture.bytes());
    fs::write(folder.path().join("console.log"), log).unwrap();
    folder
}

const BESIDE: [&str; 3] = ["login.har", "--msal-log", "console.log"];

#[test]
fn beside_a_capture_the_error_of_the_same_call_speaks_for_the_causes_of_silence() {
    let capture = unanswered();
    let folder = beside(&capture, &console("monitor_window_timeout").text(&capture.bytes()));
    let report = json_of(folder.path(), &BESIDE, 1);
    let file = json!({"path": "console.log", "library": "msal-browser", "version": "4.12.0", "errors": 1, "warnings": []});
    assert_eq!(report["msal_log"], json!({"logs": [file], "joined": 1, "ambiguous": 0, "not_found": 0, "unmatched": []}));
    let diagnosis = &report["diagnoses"][0];
    let joined = json!({"joined": "yes", "by": "correlation-id", "log": "console.log", "row": 0, "rows": null, "code": null, "error": "monitor_window_timeout"});
    assert_eq!((&diagnosis["symptom"], &diagnosis["occurrences"][0]["msal_log"]), (&json!("no-answer"), &joined));
    let cause = diagnosis["causes"].as_array().unwrap().iter().find(|cause| cause["id"] == "iframe-no-response").unwrap();
    let finding = cause["for"].as_array().unwrap().iter().find(|finding| finding["claim"] == "msal-log.timed-out").unwrap();
    assert_eq!((&finding["evidence"][0]["source"], &finding["evidence"][0]["row"]), (&json!("msal-log"), &json!(0)));
    let text = said(folder.path(), &BESIDE, 1);
    assert!(text.contains("line 1 of console.log, by the correlation id; it says"), "{text}");
}

#[test]
fn the_error_of_a_reply_is_found_by_its_trace_id() {
    let capture = capture().silent_frame(|r| r);
    let failure = last_failure(&capture.bytes());
    let message = format!("AADSTS50058: x Trace ID: {}", failure.trace_id.unwrap());
    let report = json_of(beside(&capture, &line("", &message)).path(), &BESIDE, 1);
    let joined = &report["diagnoses"][0]["occurrences"][0]["msal_log"];
    assert_eq!((&joined["by"], &joined["code"]), (&json!("trace-id"), &json!("AADSTS50058")));
}

#[test]
fn what_could_be_several_errors_is_none_and_what_the_capture_lacks_is_told() {
    let capture = unanswered();
    let text = console("monitor_window_timeout").and("user_cancelled").text(&capture.bytes()) + &log();
    let folder = beside(&capture, &text);
    let report = json_of(folder.path(), &BESIDE, 1);
    let summary = &report["msal_log"];
    assert_eq!((&summary["joined"], &summary["ambiguous"], &summary["not_found"]), (&json!(0), &json!(1), &json!(0)));
    let unmatched: Vec<(&Value, &Value)> = summary["unmatched"].as_array().unwrap().iter().map(|of| (&of["code"], &of["error"])).collect();
    let (first, own, last) = (json!("AADSTS50058"), json!("monitor_window_timeout"), json!("AADSTS50105"));
    assert_eq!(unmatched, [(&first, &Value::Null), (&Value::Null, &own), (&last, &Value::Null)]);
    assert_eq!((&summary["unmatched"][0]["trace_id"], &summary["unmatched"][0]["row"]), (&json!(TRACE), &json!(3)));
    let text = said(folder.path(), &BESIDE, 1).replace('\n', " ").split_whitespace().collect::<Vec<_>>().join(" ");
    assert!(text.contains("The capture does not show AADSTS50058 in line 4 of console.log"), "{text}");
    assert!(text.contains("2 errors could be this failure"), "{text}");
}

#[test]
fn a_log_of_another_call_changes_no_cause() {
    let capture = unanswered();
    let folder = beside(&capture, &log());
    let (with, without) = (json_of(folder.path(), &BESIDE, 1), json_of(folder.path(), &["login.har"], 1));
    assert_eq!(with["diagnoses"][0]["causes"], without["diagnoses"][0]["causes"]);
    assert_eq!((&with["msal_log"]["not_found"], &without["msal_log"]), (&json!(1), &Value::Null));
    assert_eq!(with["diagnoses"][0]["occurrences"][0]["msal_log"]["joined"], "no");
}

#[test]
fn a_file_that_is_no_log_ends_the_run_and_is_named() {
    for (content, words) in [("", "is empty"), ("hello\n", "no line of it is MSAL's")] {
        let folder = beside(&unanswered(), content);
        let output: Output = entrace().current_dir(folder.path()).args(BESIDE).output().unwrap();
        let told = String::from_utf8(output.stderr).unwrap();
        assert_eq!((output.status.code(), output.stdout.len()), (Some(2), 0), "{told}");
        assert!(told.contains("console.log: ") && told.contains(words), "{told}");
    }
}

#[test]
fn the_contract_describes_what_a_log_adds() {
    let contract = fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join("docs/json.md")).unwrap();
    for field in ["msal_log", "library", "version", "errors", "unmatched", "msal-log", "trace-id"] {
        assert!(contract.contains(&format!("`{field}`")), "{field}");
    }
}

#[test]
fn what_the_services_sentence_says_counts_in_a_log_too() {
    let first_cause = |text: &str| {
        let folder = folder_with("console.log", text);
        let diagnosis = json_of(folder.path(), &["console.log"], 1)["diagnoses"][0].clone();
        let ids = |list: &Value| list.as_array().unwrap().iter().map(|cause| cause["id"].clone()).collect::<Vec<_>>();
        (diagnosis["causes"][0]["id"].clone(), diagnosis["causes"][0]["confidence"].clone(), ids(&diagnosis["ruled_out"]))
    };
    let quoted = |code: &str, sentence: &str| {
        let ids = format!("Trace ID: {TRACE} Correlation ID: {CORRELATION} Timestamp: 2026-11-20 14:42:30Z");
        line(CORRELATION, &format!("InteractionRequiredAuthError: login_required: {code}: {sentence} {ids}"))
    };
    let (cause, confidence, _) = first_cause(&quoted("AADSTS50058", support::words::HINT_MATCHES_NOBODY));
    assert_eq!((cause, confidence), (json!("login-hint-mismatch"), json!("likely")), "no log alone is certain");
    let (_, _, ruled_out) = first_cause(&quoted("AADSTS50058", support::words::NO_COOKIES));
    assert!(ruled_out.contains(&json!("session-expired")) && ruled_out.contains(&json!("login-hint-mismatch")), "{ruled_out:?}");
    let (cause, confidence, _) = first_cause(&quoted(
        "AADSTS700084",
        "The refresh token was issued to a single page app (SPA), and therefore has a fixed, limited lifetime of 1.00:00:00, which can't be \
         extended. The token was issued on 2026-11-19T10:00:00.1234567Z.",
    ));
    assert_eq!((cause, confidence), (json!("spa-refresh-token-lifetime"), json!("likely")));
}

#[test]
fn two_sentences_of_one_code_are_two_failures_of_a_log() {
    let other = "00990000-0000-4000-8000-0000000000a7";
    let quoted = |id: &str, sentence: &str| line(id, &format!("InteractionRequiredAuthError: login_required: AADSTS50058: {sentence}"));
    let folder =
        folder_with("console.log", quoted(CORRELATION, support::words::HINT_MATCHES_NOBODY) + &quoted(other, support::words::NO_COOKIES));
    assert_eq!(json_of(folder.path(), &["console.log"], 1)["diagnoses"].as_array().unwrap().len(), 2);
}

#[test]
fn a_server_error_with_a_code_of_the_service_is_a_log() {
    let folder = folder_with("console.log", "ServerError: invalid_request: AADSTS90072: User account is not in the tenant.\n");
    assert_eq!(json_of(folder.path(), &["console.log"], 1)["diagnoses"][0]["code"], "AADSTS90072");
    let elsewhere = folder_with("server.log", "ServerError: the queue is full\n");
    let output = entrace().current_dir(elsewhere.path()).arg("server.log").output().unwrap();
    assert_eq!(output.status.code(), Some(2));
}
