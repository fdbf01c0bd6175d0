//! Changes texts of a capture, and of the logs beside it, and writes every report: the page holds no element or attribute
//! that its templates lack, nothing steers a terminal, Markdown holds nothing of the capture but code, JSON is JSON, and
//! none of them tells who signed in or with what.

#![no_main]

use entrace::analysis::analyze_beside;
use entrace::checks::Beside;
use entrace::compare::compare;
use entrace::report::{CaptureReport, ComparisonReport, Growing, Unread, html, json, markdown, ndjson, sarif, text};
use entrace::{Analysis, Capture};
use entrace_fuzz::captures::{SEEDS, put};
use entrace_fuzz::input::Input;
use entrace_fuzz::reading::{MARK, is_markdown, is_page, unsteered, without_colours};
use entrace_fuzz::{KNOWLEDGE, holds};
use libfuzzer_sys::{Corpus, fuzz_target};
use serde_json::Value;

/// What the seeds hold and no report may tell: the beginnings of names, codes, and cookies' values.
const SECRETS: [&str; 3] = ["ada@", "bob@", "1.code-"];

fn written(what: &str, report: &str, texts: &str) {
    holds(unsteered(what, report));
    for secret in SECRETS {
        assert!(!report.contains(secret) || texts.contains(secret.trim_end_matches('@')), "{what}: {secret} in {report}");
    }
}

fn is_json(what: &str, report: &str, texts: &str) -> Value {
    written(what, report, texts);
    serde_json::from_str(report).unwrap_or_else(|error| panic!("{what}: {error} in {report}"))
}

/// Whether no message of SARIF, which viewers read as Markdown, holds anything of the capture.
fn messages(value: &Value) {
    match value {
        Value::Object(members) => members.iter().for_each(|(name, value)| match (name.as_str(), value.as_str()) {
            ("text" | "markdown", Some(text)) => assert!(!text.contains(MARK), "a message: {text}"),
            ("uri", Some(uri)) => assert!(uri.bytes().all(|byte| byte.is_ascii_graphic() && !b"<>|`\"[]{}\\".contains(&byte)), "{uri}"),
            _ => messages(value),
        }),
        Value::Array(items) => items.iter().for_each(messages),
        _ => {}
    }
}

fn whole(growing: &mut impl Growing, report: &CaptureReport<'_>) -> String {
    let middle = growing.add(report).expect("a report is written");
    let frame = growing.finish().expect("a report is written");
    frame.before + &middle + &frame.after
}

fn all(path: &str, analysis: Result<&Analysis, Unread<'_>>, texts: &str) {
    let report = CaptureReport::new(path, analysis);
    for width in [60, 120, 200] {
        let plain = text::Options { width, color: false, links: false };
        let coloured = text::Options { width, color: true, links: false };
        let report = std::slice::from_ref(&report);
        let told = text::render(report, &plain);
        written("text", &told, texts);
        assert_eq!(without_colours(&text::render(report, &coloured)), told, "colours change words");
        let told = whole(&mut text::Timelines::new(&plain), &report[0]);
        written("timeline", &told, texts);
    }
    for told in [markdown::render(std::slice::from_ref(&report)), whole(&mut markdown::Timelines::default(), &report)] {
        written("markdown", &told, texts);
        holds(is_markdown(&told));
    }
    let one = std::slice::from_ref(&report);
    is_json("json", &json::render(one).unwrap(), texts);
    is_json("timeline as json", &whole(&mut json::Document::of_timelines().unwrap(), &report), texts);
    let lines = ndjson::render(one).unwrap();
    assert_eq!(lines.lines().count(), 1);
    is_json("ndjson", &lines, texts);
    messages(&is_json("sarif", &sarif::render(one).unwrap(), texts));
    let page = html::render(one).unwrap();
    written("html", &page, texts);
    holds(is_page(&page));
}

fuzz_target!(|bytes: &[u8]| -> Corpus {
    let mut input = Input(bytes);
    let seed = &SEEDS[input.below(SEEDS.len())];
    let mut har = seed.har.clone();
    let mut texts = String::new();
    let mut marked = |input: &mut Input<'_>| {
        let text = format!("{}{MARK}{}", input.text(), input.text());
        texts += &text;
        text
    };
    let path = marked(&mut input);
    for _ in 0..1 + input.below(4) {
        let text = marked(&mut input);
        put(&mut har, seed, &mut input, &text);
    }
    let mut beside = Beside::default();
    let words = [" ", "failure", "Require", "timed_out", "Error"];
    if input.below(2) == 1 {
        let log = seed.sign_in_log.replace(input.one_of(&words), &marked(&mut input).replace(['"', '\\'], ""));
        let _ = beside.sign_in_logs.add_bytes(&path, log.as_bytes());
    }
    if input.below(2) == 1 {
        let log = seed.console.replacen(input.one_of(&words), &marked(&mut input), 2);
        let _ = beside.msal_logs.add_bytes(&path, log.as_bytes());
    }
    let capture = match Capture::from_bytes(har.to_string().into_bytes()) {
        Ok(capture) => capture,
        Err(error) => {
            all(&path, Err(&error), &texts);
            return Corpus::Keep;
        }
    };
    all(&path, Ok(&analyze_beside(&capture, &KNOWLEDGE, &beside)), &texts);

    let working = Capture::from_bytes(SEEDS[SEEDS.len() - 1].har.to_string().into_bytes()).unwrap();
    for (working, failing) in [(&working, &capture), (&capture, &working)] {
        let comparison = compare(working, failing, &KNOWLEDGE);
        let report = ComparisonReport::new(&path, "b", &comparison);
        written("text", &text::render_comparison(&report, &text::Options { width: 100, color: false, links: false }), &texts);
        is_json("json", &json::render_comparison(&report).unwrap(), &texts);
        let told = markdown::render_comparison(&report);
        written("markdown", &told, &texts);
        holds(is_markdown(&told));
        let page = html::render_comparison(&report).unwrap();
        written("html", &page, &texts);
        holds(is_page(&page));
    }
    Corpus::Keep
});
