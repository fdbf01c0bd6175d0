//! The command itself.

use crate::program::{fixtures, run};
use crate::support::{CaptureBuilder, capture, words};
use std::fs;

fn text(output: &std::process::Output) -> String {
    String::from_utf8(output.stdout.clone()).unwrap()
}

fn pair(format: &str) -> String {
    text(&run(&["compare", "--format", format, "--width", "80", "pairs/cookies.working.har", "pairs/cookies.failing.har"]))
}

#[test]
fn text_for_people() {
    insta::assert_snapshot!("compare_cookies.text", pair("text"));
    assert!(pair("text").lines().all(|line| line.chars().count() <= 80));
}

#[test]
fn json_for_programs() {
    insta::assert_snapshot!("compare_cookies.json", pair("json"));
}

#[test]
fn markdown_for_tickets() {
    insta::assert_snapshot!("compare_cookies.markdown", pair("markdown"));
}

#[test]
fn a_page_that_shows_both_sides() {
    let page = scraper::Html::parse_document(&pair("html"));
    let all = |selector: &str| {
        page.select(&scraper::Selector::parse(selector).unwrap()).map(|e| e.text().collect::<String>()).collect::<Vec<_>>()
    };
    assert_eq!(all(".sides h5"), ["Works", "Fails"]);
    assert!(all(".sides dd").iter().any(|text| text == "active") && all(".sides dd").iter().any(|text| text == "none"));
    assert!(all("table.beside thead th").starts_with(&["Difference".into(), "Works".into(), "Fails".into()]));
    // Only its own style and script, which the policy names by their hashes.
    let count = |selector: &str| page.select(&scraper::Selector::parse(selector).unwrap()).count();
    assert_eq!((count("style"), count("script"), count("[style]"), count("[onclick]")), (1, 1, 0, 0));
}

#[test]
fn the_exit_status_follows_the_failing_capture() {
    let status = |working: &str, failing: &str| run(&["compare", working, failing]).status.code();
    assert_eq!(status("pairs/cookies.working.har", "pairs/cookies.failing.har"), Some(1));
    assert_eq!(status("pairs/cookies.failing.har", "pairs/cookies.working.har"), Some(0));
    assert_eq!(status("pairs/cookies.working.har", "pairs/nowhere.har"), Some(2));
    assert_eq!(status("pairs/cookies.working.har", "pairs"), Some(2));
}

#[test]
fn swapped_captures_are_noticed() {
    let told = text(&run(&["compare", "pairs/cookies.failing.har", "pairs/cookies.working.har"]));
    assert!(told.contains("were they swapped?"), "{told}");
}

#[test]
fn what_a_capture_lacks_counts_more_than_what_the_other_one_shows() {
    let folder = tempfile::tempdir().unwrap();
    let write = |name: &str, text: &str| {
        let path = folder.path().join(name);
        fs::write(&path, text).unwrap();
        path.display().to_string()
    };
    let log = |entries: &str| format!(r#"{{"log":{{"version":"1.2","creator":{{"name":"x","version":"1"}},"entries":[{entries}]}}}}"#);
    let tunnel = r#"{"startedDateTime":"2026-11-20T14:00:00Z","time":1,"request":{"method":"CONNECT","url":"https://login.microsoftonline.com:443/","httpVersion":"HTTP/1.1","headers":[]},"response":{"status":200,"statusText":"OK","httpVersion":"HTTP/1.1","headers":[],"content":{"size":0,"mimeType":""}}}"#;
    let (empty, tunnels) = (write("empty.har", &log("")), write("tunnels.har", &log(tunnel)));
    let told = |working: &str, failing: &str| {
        text(&run(&["compare", "--width", "200", working, failing])).split_whitespace().collect::<Vec<_>>().join(" ")
    };
    let (works, fails) = ("pairs/cookies.working.har", "pairs/cookies.failing.har");
    for working in [works, fails] {
        assert!(told(working, &empty).contains("given as failing holds no sign-in traffic"), "{}", told(working, &empty));
        let of_tunnels = told(working, &tunnels);
        assert!(of_tunnels.contains("HTTPS was not decrypted") && !of_tunnels.contains("swapped"), "{of_tunnels}");
    }
    assert!(told(&empty, fails).contains("given as working holds no sign-in traffic"), "{}", told(&empty, fails));
    assert!(told(&tunnels, fails).contains("HTTPS was not decrypted"), "{}", told(&tunnels, fails));
}

#[test]
fn standard_input_is_one_of_the_two() {
    let output = run(&["compare", "-", "-"]);
    let told = String::from_utf8(output.stderr).unwrap();
    assert_eq!(output.status.code(), Some(2));
    assert!(told.contains("only one of the two may be -"), "{told}");
}

#[test]
fn a_failure_that_was_handled_counts_as_one() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("handled.har");
    fs::write(&path, capture().silent_frame(|r| r.fails(50058, words::NO_COOKIES)).sign_in(|s| s).bytes()).unwrap();
    let path = path.display().to_string();
    assert_eq!(run(&[&path]).status.code(), Some(0));
    assert_eq!(run(&["compare", "pairs/cookies.working.har", &path]).status.code(), Some(1));
}

#[test]
fn both_unreadable_captures_are_named() {
    let output = run(&["compare", "pairs/a.har", "pairs/b.har"]);
    let told = String::from_utf8(output.stderr).unwrap();
    assert!(told.contains("pairs/a.har: ") && told.contains("pairs/b.har: "), "{told}");
}

#[test]
fn formats_may_differ() {
    let folder = tempfile::tempdir().unwrap();
    let write = |name: &str, capture: &CaptureBuilder| {
        let path = folder.path().join(name);
        fs::write(&path, capture.bytes()).unwrap();
        path.display().to_string()
    };
    let failing = write("evil\u{1b}[2J.har", &capture().silent_frame(|r| r.fails(50058, words::NO_COOKIES)));
    let netlog = fixtures().join("no-session-iframe.v4.netlog.json").display().to_string();
    let told = text(&run(&["compare", &netlog, &failing]));
    assert!(told.contains("unrelated: ") && !told.contains('\u{1b}'), "{told}");
}
