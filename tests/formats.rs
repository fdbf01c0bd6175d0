//! Kinds of file: what each can show, and what the program says of a file that shows too little.

#![allow(clippy::unwrap_used, clippy::panic, reason = "tests say what is wrong by stopping")]

mod program;

use entrace::analysis::{Inconclusive, Verdict};
use entrace::capture::Warning;
use entrace::{Capture, Knowledge, analyze};
use program::{diagnose, entrace, fixture};

const NET_LOG: &str = "third-party-cookies-blocked.v5.netlog.json";
/// Its entry in which the code is turned in.
const TOKEN_REQUEST: usize = 25;

#[test]
fn closed_tunnels_are_told_and_not_taken_for_no_traffic() {
    let har = br#"{"log":{"creator":{"name":"Fiddler"},"entries":[{"startedDateTime":"2026-11-20T10:00:00Z",
        "request":{"method":"CONNECT","url":"https://login.microsoftonline.com:443/","headers":[]},
        "response":{"status":200,"headers":[]}}]}}"#;
    let charles = br#"[{"status":"COMPLETE","method":"CONNECT","scheme":"https","host":"login.microsoftonline.com","actualPort":443,
        "path":null,"query":null,"tunnel":true,"times":{"start":"2026-11-20T10:00:00Z"},"request":{"header":{"headers":[]}},
        "response":{"status":200,"header":{"headers":[]}}}]"#;
    let burp = b"<items burpVersion=\"2026.1\"><item><host>login.microsoftonline.com</host><request><![CDATA[CONNECT \
        login.microsoftonline.com:443 HTTP/1.1\n\n]]></request><response/></item></items>";
    for file in [har as &[u8], charles, burp] {
        let analysis = analyze(&Capture::from_bytes(file.to_vec()).unwrap(), &Knowledge::builtin());
        assert_eq!(analysis.verdict, Verdict::Inconclusive(Inconclusive::ClosedTunnels), "{}", analysis.format);
        assert!(Inconclusive::ClosedTunnels.sentence().contains("Decrypt HTTPS traffic"));
    }
}

#[test]
fn what_was_under_way_when_a_log_was_cut_off_is_no_failure() {
    let whole = fixture(NET_LOG);
    let knowledge = Knowledge::builtin();
    let lines = whole.iter().enumerate().filter(|(_, byte)| **byte == b'\n').map(|(at, _)| at + 1);
    let mut broken_off = 0;
    for end in lines.step_by(20) {
        let Ok(capture) = Capture::from_bytes(whole.get(..end).unwrap().to_vec()) else { continue };
        let analysis = analyze(&capture, &knowledge);
        assert!(capture.warnings.iter().any(Warning::ends_the_reading), "cut at byte {end}");
        assert!(analysis.diagnoses.iter().all(|diagnosis| diagnosis.code.is_some()), "cut at byte {end}");
        // The code of the whole log is turned in; up to there nothing tells that the sign-in worked.
        let tokens_asked = capture.exchanges.iter().any(|exchange| exchange.entry == TOKEN_REQUEST);
        assert!(tokens_asked || analysis.verdict != Verdict::Healthy, "cut at byte {end}");
        broken_off +=
            usize::from(matches!(analysis.verdict.inconclusive(), Some(Inconclusive::BreaksOff | Inconclusive::BreaksOffInSignIn)));
    }
    assert!(broken_off > 0);
}

#[test]
fn a_folder_gives_its_captures_whatever_they_are_called_and_nothing_else() {
    let folder = std::env::temp_dir().join(format!("entrace-formats-{}", std::process::id()));
    std::fs::create_dir_all(&folder).unwrap();
    std::fs::write(folder.join("log.json"), fixture(NET_LOG)).unwrap();
    let har = fixture("no-entra-traffic.devtools-sanitized.har");
    std::fs::write(folder.join("login.json"), &har).unwrap();
    std::fs::write(folder.join("login.har.txt"), &har).unwrap();
    std::fs::write(folder.join("flows"), fixture("samples/mitm.flow")).unwrap();
    std::fs::write(folder.join("package.json"), "{\"name\":\"app\"}").unwrap();
    std::fs::write(folder.join("settings.json"), "{\"log\":{\"level\":\"debug\"}}").unwrap();
    std::fs::write(folder.join("report.json"), diagnose(NET_LOG, &["--format", "json"]).stdout).unwrap();
    std::fs::write(folder.join("console.log"), "app.js:7 [Fri, 20 Nov 2026 14:00:00 GMT] : [] : @azure/msal-common@15.1.0 : Info - x")
        .unwrap();
    std::fs::write(folder.join("signins.json"), r#"{"value":[{"createdDateTime":"","userPrincipalName":"","correlationId":""}]}"#).unwrap();
    std::fs::write(folder.join("pom.xml"), "<project/>").unwrap();
    std::fs::write(folder.join("items.XML"), "<?xml version=\"1.0\"?><!DOCTYPE items []><items></items>").unwrap();
    std::fs::write(folder.join("session.chlsj"), "[{\"actualPort\":443}]").unwrap();
    let output = entrace().args(["--format", "json"]).arg(&folder).output().unwrap();
    std::fs::remove_dir_all(&folder).unwrap();
    let report: serde_json::Value = serde_json::from_slice(&output.stdout).unwrap();
    let captures = report.get("captures").and_then(serde_json::Value::as_array).unwrap();
    let format = |capture: &serde_json::Value| capture.get("format").and_then(|format| format.as_str().map(str::to_owned));
    let formats: Vec<_> = captures.iter().map(format).collect();
    let expected = [Some("mitmproxy-flow"), Some("burp-xml"), Some("netlog"), Some("har"), Some("har"), None];
    assert_eq!(formats, expected.map(|format| format.map(str::to_owned)), "{captures:?}");
}

#[test]
fn the_kinds_of_file_are_listed() {
    let output = entrace().arg("formats").output().unwrap();
    let list = String::from_utf8(output.stdout).unwrap();
    assert_eq!(output.status.code(), Some(0));
    for name in ["HAR", "SAZ", "NetLog", "gzip", "packet capture", "Charles", "Burp"] {
        assert!(list.contains(name), "{name}:\n{list}");
    }
    // Names and what to do, and no sentences about one file.
    assert!(!list.contains("this is") && !list.contains("does not read"), "{list}");
}
