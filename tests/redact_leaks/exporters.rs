//! What HAR leaves to those who write one: titles, comments, members of their own.

use crate::{APP, get, gone, gone_from, redact};
use serde_json::{Value, json};

#[test]
fn members_that_no_list_names() {
    let mut entry = get(APP);
    entry["comment"] = json!("Zelda Quist could not sign in here");
    entry["timings"]["comment"] = json!("Zelda Quist");
    entry["cache"] =
        json!({"comment": "Zelda Quist", "beforeRequest": {"eTag": "zeldaquist", "lastAccess": "2026-11-20T14:42:31Z", "hitCount": 1}});
    entry["request"]["comment"] = json!("Zelda Quist");
    entry["request"]["_user"] = json!("zelda.quist");
    entry["response"]["statusText"] = json!("OK Zelda Quist");
    entry["response"]["content"]["comment"] = json!("Zelda Quist");
    entry["_clientBundlePath"] = json!("/Users/zquist/Applications/Shop.app");
    entry["_processName"] = json!("ZeldaShop.exe");
    entry["_custom"] =
        json!({"hostname": "LAPTOP-ZELDA", "list": ["Zelda Quist"], "name": "Zelda", "error": "for Zelda Quist; password: hT9r!77pie"});
    entry["_securityDetails"] = json!({"protocol": "TLS 1.3", "issuer": "Zelda's CA", "validFrom": 1_790_000_000});
    let values = ["Zelda", "zelda", "zquist", "hT9r"];
    gone("unlisted", &[entry.clone()], &["Zelda Quist could", "zelda", "zquist", "LAPTOP-ZELDA", "ZeldaShop", "hT9r", "Zelda's"]);
    entry["_custom"]["error"] = json!("x");
    gone_from("unlisted-kept", &[entry.clone()], &["--keep-bodies"], &values);
    // What readers of a HAR need is still there, and is what it was.
    let (_, text) = redact("unlisted-shape", &[entry], &[]);
    let har: Value = serde_json::from_str(&text).unwrap();
    let entry = har["log"]["entries"].as_array().unwrap().last().unwrap();
    assert!(entry["comment"].is_string() && entry["response"]["statusText"].is_string() && entry["timings"]["send"].is_number());
    assert_eq!(entry["_securityDetails"]["protocol"], "TLS 1.3");
    assert_eq!(entry["cache"]["beforeRequest"]["lastAccess"], "2026-11-20T14:42:31Z");
}

#[test]
fn what_browsers_write_stays() {
    let mut entry = get(APP);
    entry["response"]["statusText"] = json!("Not Found");
    entry["response"]["content"]["comment"] = json!("Response bodies are not included.");
    entry["response"]["_error"] = json!("net::ERR_BLOCKED_BY_CLIENT");
    entry["_priority"] = json!("VeryHigh");
    entry["_initiator"] = json!({"type": "script", "stack": {"callFrames": [{"functionName": "acquireTokenSilent", "url": "https://app.contoso.example/main.js", "lineNumber": 1}], "parent": {"description": "Promise.then"}}});
    let (output, text) = redact("browsers", &[entry.clone()], &[]);
    assert!(output.status.success());
    let har: Value = serde_json::from_str(&text).unwrap();
    let out = har["log"]["entries"].as_array().unwrap().last().unwrap();
    for member in ["_priority", "_initiator"] {
        assert_eq!(out[member], entry[member]);
    }
    assert_eq!(out["response"], entry["response"]);
}

#[test]
fn titles_of_pages() {
    use crate::program::{entrace, fixture};
    let mut capture: Value = serde_json::from_slice(&fixture(crate::CAPTURE)).unwrap();
    let page = |id: &str, title: &str| json!({"id": id, "title": title, "startedDateTime": "2026-11-20T14:42:31.000Z", "pageTimings": {}});
    capture["log"]["pages"] =
        json!([page("page_1", "Zelda Quist (Payroll) | HR"), page("page_2", "https://app.contoso.example/?code=AXk3jx9q2mzz81")]);
    let file = |end: &str| std::env::temp_dir().join(format!("entrace-titles-{}{end}.har", std::process::id()));
    std::fs::write(file(""), capture.to_string()).unwrap();
    let output = entrace().arg("redact").arg(file("")).arg("--output").arg(file("-out")).output().unwrap();
    let text = std::fs::read_to_string(file("-out")).unwrap_or_default();
    let _ = (std::fs::remove_file(file("")), std::fs::remove_file(file("-out")));
    assert!(output.status.success());
    let har: Value = serde_json::from_str(&text).unwrap();
    assert_eq!(har["log"]["pages"][0]["title"], "redacted-parameter-1");
    assert_eq!(har["log"]["pages"][0]["id"], "page_1");
    assert_eq!(har["log"]["pages"][1]["title"], "https://app.contoso.example/?code=redacted-code-1");
}

#[test]
fn messages_that_were_left_out_before() {
    let mut entry = get(APP);
    entry["_webSocketMessages"] = json!([{"type": "send", "data": "x"}, {"type": "receive", "data": "y"}]);
    let count = |entry: &Value, test: &str| {
        let (_, text) = redact(test, std::slice::from_ref(entry), &[]);
        let har: Value = serde_json::from_str(&text).unwrap();
        har["log"]["entries"].as_array().unwrap().last().unwrap().clone()
    };
    let once = count(&entry, "messages-once");
    assert_eq!(once["_webSocketMessages"], json!({"redacted": 2}));
    assert_eq!(count(&once, "messages-twice")["_webSocketMessages"], json!({"redacted": 2}));
}
