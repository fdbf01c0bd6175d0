//! `entrace timeline` from the outside: what the real program says of the sign-in traffic, step by step.
//!
//! After a change that means to alter what it prints: `INSTA_UPDATE=always cargo test --test timeline`, then read the diff.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing, reason = "tests say what is wrong by stopping")]

mod program;
mod support;

use entrace::report::{CaptureReport, Growing, text};
use entrace::{Capture, Knowledge, analyze};
use insta::Settings;
use program::{entrace, fixture, fixtures, labelled, report, run};
use scraper::{Html, Selector};
use serde_json::Value;
use std::fs;
use std::path::Path;
use support::{ADA, CaptureBuilder, capture, get, words};

/// Captures of each kind of sign-in, and of each kind of recorder.
const KEPT: &[(&str, &str)] = &[
    ("frame", "third-party-cookies-blocked.v4.devtools-full.har"),
    ("loop", "sign-in-loop.v4.devtools-sanitized.har"),
    ("popup", "healthy-popup.v4.playwright.har"),
    ("saml", "saml-request-invalid-75011.devtools-sanitized.har"),
    ("server", "client-secret-invalid.node.mitm.har"),
    ("api", "wrong-tenant-token.v2.devtools-full.har"),
    ("netlog", "third-party-cookies-blocked.v5.netlog.json"),
    ("saz", "third-party-cookies-blocked.v4.saz.saz"),
    ("nothing", "no-entra-traffic.devtools-sanitized.har"),
];

/// What the program prints of a labelled capture.
fn printed(capture: &str, options: &[&str]) -> String {
    let output = report("timeline", capture, options);
    assert!(output.stderr.is_empty(), "{}", String::from_utf8_lossy(&output.stderr));
    String::from_utf8(output.stdout).unwrap()
}

/// What it says of a capture at a width.
fn told_at(width: usize, builder: &CaptureBuilder) -> String {
    let analysis = analyze(&Capture::from_bytes(builder.bytes()).unwrap(), &Knowledge::builtin());
    let capture = CaptureReport::new("login.har", Ok(&analysis));
    text::Timelines::new(&text::Options { width, color: false, links: false }).add(&capture).unwrap()
}

fn told(builder: &CaptureBuilder) -> String {
    told_at(100, builder)
}

fn signed_in() -> CaptureBuilder {
    capture().sign_in(|sign_in| sign_in.account(ADA))
}

/// Lines without what they stand in.
fn lines(text: &str) -> Vec<&str> {
    text.lines().map(str::trim).collect()
}

fn keep(name: &str, command: &str, report: &str) {
    let version = env!("CARGO_PKG_VERSION");
    let report = report.replace(&format!("entrace {version}"), "entrace [version]").replace(&format!("\"{version}\""), "\"[version]\"");
    let mut settings = Settings::clone_current();
    settings.set_snapshot_path("timeline/snapshots");
    settings.set_prepend_module_to_snapshot(false);
    settings.set_omit_expression(true);
    settings.set_description(command);
    settings.bind(|| insta::assert_snapshot!(name, report));
}

#[test]
fn text_is_as_it_was() {
    for (name, capture) in KEPT {
        for width in ["80", "200"] {
            keep(
                &format!("{name}.{width}"),
                &format!("entrace timeline --width {width} {capture}"),
                &printed(capture, &["--width", width]),
            );
        }
    }
}

#[test]
fn other_formats_are_as_they_were() {
    for (name, format, capture) in [
        ("server", "json", "client-secret-invalid.node.mitm.har"),
        ("frame", "markdown", "third-party-cookies-blocked.v4.devtools-full.har"),
        ("loop", "markdown", "sign-in-loop.v4.devtools-sanitized.har"),
        ("api", "markdown", "wrong-tenant-token.v2.devtools-full.har"),
    ] {
        keep(
            &format!("{name}.{format}"),
            &format!("entrace timeline --format {format} {capture}"),
            &printed(capture, &["--format", format]),
        );
    }
}

#[test]
fn no_snapshot_is_left_over() {
    let names = fs::read_dir(Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/timeline/snapshots")).unwrap();
    assert_eq!(names.filter(|name| name.as_ref().unwrap().path().extension().is_some_and(|end| end == "snap")).count(), KEPT.len() * 2 + 4);
}

#[test]
fn no_line_is_too_long_and_every_step_is_told() {
    for (capture, _) in labelled() {
        let json: Value = serde_json::from_str(&printed(&capture, &["--format", "json"])).unwrap();
        for width in [60, 80, 159, 200] {
            let text = printed(&capture, &["--width", &width.to_string()]);
            // What cannot be broken is an address or an id behind its time.
            let long = text.lines().filter(|line| line.chars().count() > width).find(|line| line.trim().split(' ').count() > 2);
            assert_eq!(long, None, "{capture} at {width}");
            for step in json["captures"][0]["steps"].as_array().unwrap() {
                let entry = format!("#{}", step["entry"]);
                assert!(text.contains(&entry) || text.contains("more times"), "{capture} at {width} does not tell {entry}");
            }
        }
    }
}

#[test]
fn a_long_time_in_which_nothing_happened_is_told() {
    // Entries are a tenth of a second apart and take nine hundredths.
    let paused = |seconds| told(&signed_in().pause_before("sign-in/login", seconds));
    assert!(paused(12).contains("\n  … 12.010 s: nothing recorded\n  +12.200 s  #2"), "{}", paused(12));
    assert!(paused(3).contains("… 3.010 s: nothing recorded"));
    assert!(!paused(2).contains('…'), "{}", paused(2));
    let meanwhile = signed_in().exchange("other", get("https://news.example/")).pause_before("sign-in/login", 12);
    let meanwhile = meanwhile.moved("other", -5);
    assert!(told(&meanwhile).contains("… 12.010 s: nothing of this attempt, 1 other entry\n"), "{}", told(&meanwhile));
    let html = String::from_utf8(program_html(&signed_in().pause_before("sign-in/login", 12))).unwrap();
    assert!(html.contains("12.010 s: nothing recorded"));
}

/// The HTML report of a capture.
fn program_html(builder: &CaptureBuilder) -> Vec<u8> {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("login.har");
    fs::write(&path, builder.bytes()).unwrap();
    entrace().args(["--format", "html"]).arg(&path).output().unwrap().stdout
}

#[test]
fn a_slow_answer_says_how_long_it_took() {
    let slow = signed_in().edit("sign-in/token", |entry| entry.lasting_ms(6200));
    assert!(told(&slow).contains("200, access token, ID token, refresh token, after 6.200 s\n"), "{}", told(&slow));
    assert!(!told(&signed_in()).contains(", after "));
}

#[test]
fn rounds_that_are_the_same_are_told_once() {
    let round = |builder: CaptureBuilder| builder.redirect(|request| request.succeeds().without_token());
    let text = told(&(0..200).fold(signed_in(), |builder, _| round(builder)));
    let folded = text.lines().find(|line| line.starts_with("Attempts ")).unwrap_or_else(|| panic!("{text}"));
    let (ids, like) = folded.split_once(": like attempt ").unwrap();
    let ids: Vec<usize> = ids.trim_start_matches("Attempts ").split(" to ").map(|id| id.parse().unwrap()).collect();
    let like = like.split(',').next().unwrap().parse::<usize>().unwrap();
    // Those that are folded follow the one that they are like.
    assert_eq!((ids[0], like + 1), (like + 1, ids[0]));
    assert!(ids[1] - ids[0] > 190, "{folded}");
    assert!(folded.contains(&format!("{} more times, every 0.", ids[1] - ids[0] + 1)), "{folded}");
    assert!(text.lines().count() < 80, "{text}");
    let steps = text.lines().filter(|line| line.contains("window → Entra: authorize")).count();
    assert!((2..=6).contains(&steps), "{text}");
}

#[test]
fn retries_within_an_attempt_are_told_once() {
    let poll = |builder: CaptureBuilder, at: i32| {
        builder.exchange(&format!("metadata {at}"), get("https://login.microsoftonline.com/common/discovery/instance"))
    };
    let text = told(&(0..30).fold(capture(), poll));
    assert!(text.contains("Outside the attempts\n"), "{text}");
    assert!(text.contains("… the step above 29 more times, every 0.100 s on average, the last at 14:00:02.900 UTC (#1–29)"), "{text}");
    let two = told(&(0..2).fold(capture(), poll));
    assert!(!two.contains("more time"), "{two}");
}

#[test]
fn other_cookies_do_not_hide_a_loop_and_are_told() {
    let metadata = "https://login.microsoftonline.com/common/discovery/instance";
    let poll = |builder: CaptureBuilder, at: i32| {
        builder.exchange(&format!("metadata {at}"), get(metadata).header("cookie", if at < 3 { "fpc=1" } else { "buid=2" }))
    };
    let text = told(&(0..5).fold(capture(), poll));
    let text = text.split_whitespace().collect::<Vec<_>>().join(" ");
    assert!(text.contains("4 more times") && text.contains("2 of them with other cookies"), "{text}");
}

#[test]
fn what_is_not_recorded_is_said_once() {
    let builder = signed_in().silent_frame(|request| request.fails(50058, words::NOBODY));
    let full = told(&builder);
    assert!(full.contains("cookies sent: ESTSAUTH") && !full.contains("Not recorded"), "{full}");
    let sanitized = told(&builder.clone().sanitized());
    assert_eq!((sanitized.matches("stripped").count(), sanitized.matches("cookies sent").count()), (1, 0), "{sanitized}");
    assert!(sanitized.contains("\n  cookies        stripped") && !sanitized.contains("Not recorded"), "{sanitized}");
    let one = told(&builder.edit("sign-in/login", |entry| entry.losing_response_body()));
    assert!(lines(&one).contains(&"the reply's body  #2"), "{one}");
}

#[test]
fn whoever_asks_is_named() {
    let popup = told(&capture().redirect(|request| request.in_popup().gets_sign_in_page()));
    assert!(popup.contains("Attempt 1: popup, abandoned") && popup.contains("popup → Entra: authorize\n"), "{popup}");
    let server = told(&capture().client_credentials(|request| request.succeeds()));
    assert!(server.contains("server → Entra: token: client credentials\n"), "{server}");
    let api = told(&signed_in().api_call(|call| call.complains("The issuer is invalid")));
    assert!(api.contains("script → API: call with a token (GET "), "{api}");
    assert!(api.contains("401, challenge\n") && api.contains("✗ "), "{api}");
}

#[test]
fn why_no_answer_came_is_told_where_the_recorder_says_it() {
    let unanswered = |error: &str| told(&capture().silent_frame(|request| request.gets_no_answer(error)));
    let blocked = unanswered("net::ERR_BLOCKED_BY_CLIENT");
    assert!(lines(&blocked).contains(&"no answer, net::ERR_BLOCKED_BY_CLIENT"), "{blocked}");
    for other in ["", "net::ERR_of a person", "the proxy gave up on ada.byron"] {
        assert!(lines(&unanswered(other)).contains(&"no answer"), "{}", unanswered(other));
    }
}

#[test]
fn where_a_redirect_led_is_named() {
    let builder = signed_in();
    let callback = builder.entry("sign-in/callback");
    let led = told(&builder.keeping_fragments());
    assert!(led.contains(&format!("302, redirect with code → app (#{callback})\n")), "{led}");
}

#[test]
fn attempts_at_the_same_time_can_be_related() {
    let builder = signed_in().silent_frame(|request| request.fails(50058, words::NOBODY));
    let apart = told(&builder);
    assert!(!apart.contains("into attempt"), "{apart}");
    // The person is still on the page when the frame asks.
    let together = builder.pause_before("sign-in/login", 10).moved("silent/authorize", -8);
    let text = told(&together);
    assert!(text.contains("into attempt 1\n"), "{text}");
    assert!(text.contains("nothing of this attempt, 1 other entry\n"), "{text}");
    let wide = told_at(200, &together);
    assert!(wide.contains("14:00:02.600  #6  frame → Entra"), "{wide}");
}

#[test]
fn an_entry_without_a_time_is_told_without_one() {
    let mut capture: Value = serde_json::from_slice(&signed_in().bytes()).unwrap();
    for entry in capture["log"]["entries"].as_array_mut().unwrap() {
        entry.as_object_mut().unwrap().remove("startedDateTime");
    }
    let analysis = analyze(&Capture::from_bytes(capture.to_string().into_bytes()).unwrap(), &Knowledge::builtin());
    let report = CaptureReport::new("login.har", Ok(&analysis));
    let text = text::Timelines::new(&text::Options { width: 80, color: false, links: false }).add(&report).unwrap();
    assert!(text.contains("#0  window → Entra: authorize\n") && !text.contains(" s  #"), "{text}");
}

#[test]
fn the_picture_says_the_same() {
    for capture in [
        "third-party-cookies-blocked.v4.devtools-full.har",
        "saml-request-invalid-75011.devtools-sanitized.har",
        "two-failures.v4.devtools-sanitized.har",
    ] {
        let page = String::from_utf8(program::diagnose(capture, &["--format", "html"]).stdout).unwrap();
        let page = Html::parse_document(&page);
        let text = printed(capture, &["--width", "120"]);
        let text = lines(&text);
        let texts = |selector: &str| -> Vec<String> {
            let selector = Selector::parse(selector).unwrap();
            page.select(&selector).map(|element| element.text().collect::<String>().trim().to_owned()).collect()
        };
        let rows = texts(".picture .said > span:first-child");
        assert!(rows.len() > 1);
        for row in rows {
            assert!(text.iter().any(|line| line.contains(&row)), "{capture}: {row}");
        }
        for reply in texts(".picture .said .reply") {
            assert!(text.contains(&&*reply), "{capture}: {reply}");
        }
        for heading in texts(".picture .attempt") {
            assert!(text.contains(&&*heading), "{capture}: {heading}");
        }
    }
}

#[test]
fn the_exit_status_is_that_of_the_diagnosis() {
    let status = |arguments: &[&str]| run(&[&["timeline"], arguments].concat()).status.code();
    assert_eq!(status(&["third-party-cookies-blocked.v4.devtools-full.har"]), Some(1));
    assert_eq!(status(&["handled-interaction-required.v4.devtools-sanitized.har"]), Some(0));
    assert_eq!(status(&["no-entra-traffic.devtools-sanitized.har"]), Some(0));
    assert_eq!(status(&["--help"]), Some(0));
    for wrong in [&["missing.har"][..], &[], &["--format", "sarif", "a.har"], &["a.har", "b.har"]] {
        assert_eq!(status(wrong), Some(2), "{wrong:?}");
    }
}

#[test]
fn without_sign_in_traffic_there_is_only_a_verdict() {
    let text = printed("no-entra-traffic.devtools-sanitized.har", &[]);
    assert!(text.contains("Verdict: no Entra traffic\n") && !text.contains("Attempt") && !text.contains("entrace diagnose"), "{text}");
}

#[test]
fn every_capture_of_an_archive_is_told() {
    let text = printed("no-session-iframe.v4.zipped.zip", &["--format", "json"]);
    let json: Value = serde_json::from_str(&text).unwrap();
    assert!(json["captures"][0]["path"].as_str().unwrap().starts_with("no-session-iframe.v4.zipped.zip!"));
    let folder = tempfile::tempdir().unwrap();
    for name in ["no-entra-traffic.devtools-sanitized.har", "client-secret-invalid.node.mitm.har"] {
        fs::write(folder.path().join(name), fixture(name)).unwrap();
    }
    fs::write(folder.path().join("broken.har"), "{").unwrap();
    let output = entrace().arg("timeline").arg(folder.path()).output().unwrap();
    let text = String::from_utf8(output.stdout).unwrap();
    assert_eq!((output.status.code(), text.matches("Verdict: ").count()), (Some(2), 2), "{text}");
    assert!(String::from_utf8(output.stderr).unwrap().contains("broken.har"));
}

#[test]
fn it_can_be_written_to_a_file() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("timeline.md");
    let output =
        entrace().args(["timeline", "--format", "markdown", "--output"]).arg(&path).arg(fixtures().join(KEPT[0].1)).output().unwrap();
    assert_eq!((output.status.code(), output.stdout.len()), (Some(1), 0));
    assert!(fs::read_to_string(&path).unwrap().starts_with("# Sign-in timeline: "));
}

#[test]
fn programs_are_told_what_people_are() {
    let json: Value = serde_json::from_str(&printed("two-failures.v4.devtools-sanitized.har", &["--format", "json"])).unwrap();
    assert_eq!(json["schema"], "entrace/timeline/1");
    let capture = &json["captures"][0];
    let failing: Vec<&Value> = capture["steps"].as_array().unwrap().iter().filter(|step| step["answer"]["fails"] == true).collect();
    assert!(!failing.is_empty());
    for step in failing {
        let id = step["diagnoses"][0].as_u64().unwrap();
        let diagnosis = &capture["diagnoses"][usize::try_from(id).unwrap() - 1];
        assert_eq!(diagnosis["id"], id);
        assert!(
            diagnosis["cause"]["id"].is_string() && diagnosis["attempts"].as_array().unwrap().contains(&step["attempt"]),
            "{diagnosis}"
        );
    }
}

/// `healthy-federated` fetches a style sheet of its AD FS.
#[test]
fn the_steps_of_an_attempt_are_the_entries_that_its_diagnosis_names() {
    let knowledge = Knowledge::builtin();
    for (name, _) in labelled().into_iter().filter(|(name, _)| name.ends_with(".har")) {
        let analysis = analyze(&Capture::open(&fixtures().join(&name)).unwrap(), &knowledge);
        for attempt in &analysis.attempts {
            let mut steps: Vec<usize> =
                analysis.steps.iter().filter(|step| step.attempt == Some(attempt.id)).map(|step| step.entry).collect();
            let mut entries = attempt.entries.clone();
            steps.sort_unstable();
            entries.sort_unstable();
            assert_eq!(entries, steps, "{name}, attempt {}", attempt.id);
        }
    }
}
