//! Entries that are larger than what is held of one (where this is tested, 64 KiB) lose their long values and nothing
//! else, in whatever way they are read.

use super::{Attachments, Exchange, Input, Keep, agreement};
use crate::capture::{Capture, Warning};
use crate::exchange::{Loss, Recorded};
use std::sync::Arc;

const TOO_LARGE: &str = "the entry is so large that its longest values were left out";

/// More than is held.
fn long() -> String {
    "long ".repeat(14_000)
}

fn entry(name: &str, posted: &str, text: &str) -> String {
    format!(
        r#"{{"startedDateTime":"2026-11-20T12:00:00Z","request":{{"method":"POST","url":"https://login.live.com/{name}","headers":[{{"name":"A","value":"a"}}],"postData":{{"text":"{posted}"}}}},"response":{{"status":200,"content":{{"size":7,"text":"{text}"}},"headers":[{{"name":"B","value":"b"}}],"redirectURL":"https://app.example/{name}"}},"time":5}}"#
    )
}

/// The same from memory and as a stream of parts of several sizes.
#[track_caller]
fn read(text: &str) -> Capture {
    let read = |input| super::read(input, 0, &Attachments::nowhere(), Keep::Capture).ok().unwrap().0;
    for sizes in [&[64_usize] as &[usize], &[299, 3]] {
        assert_eq!(agreement::check(text.as_bytes(), sizes), Ok(()));
    }
    let streamed = read(Input::Stream(Box::new(text.as_bytes())));
    let capture = read(Input::Places(Arc::new(text.as_bytes().to_vec())));
    assert_eq!(capture.warnings, streamed.warnings);
    capture
}

fn warning(entry: usize) -> Warning {
    Warning { entry: Some(entry), ..Warning::of_file(TOO_LARGE) }
}

#[track_caller]
fn is_complete(exchange: &Exchange, name: &str) {
    assert_eq!(exchange.request.url.raw(), format!("https://login.live.com/{name}"));
    assert_eq!(exchange.request.headers.value("a").unwrap().raw(), "a");
    assert_eq!(exchange.response.headers.value("b").unwrap().raw(), "b");
    assert_eq!(exchange.response.redirect.as_ref().unwrap().raw(), format!("https://app.example/{name}"));
    assert_eq!((exchange.response.status, exchange.duration_ms), (Some(200), Some(5.0)));
}

#[test]
fn a_long_body_is_left_out_and_all_else_is_kept() {
    let capture = read(&format!("[{},{},{}]", entry("a", "a=b", "x"), entry("b", "a=b", &long()), entry("c", "a=b", "x")));
    for (number, name) in ["a", "b", "c"].into_iter().enumerate() {
        assert_eq!(capture.exchanges[number].entry, number);
        is_complete(&capture.exchanges[number], name);
        assert_eq!(capture.exchanges[number].request.body.kept().unwrap().raw(), "a=b");
    }
    assert_eq!(capture.exchanges[1].response.body.loss(), Some(Loss::TooLarge));
    assert_eq!(capture.exchanges[2].response.body.kept().unwrap().raw(), "x");
    assert_eq!(capture.warnings, [warning(1)]);
}

#[test]
fn a_long_posted_body_is_left_out_as_text_and_as_fields() {
    let params = entry("b", "", "x").replace(r#""text":"""#, &format!(r#""params":[{{"name":"a","value":"{}"}}]"#, long()));
    let capture = read(&format!("[{},{params}]", entry("a", &long(), "x")));
    for (number, name) in ["a", "b"].into_iter().enumerate() {
        is_complete(&capture.exchanges[number], name);
        assert_eq!(capture.exchanges[number].request.body.loss(), Some(Loss::TooLarge));
        assert_eq!(capture.exchanges[number].response.body.kept().unwrap().raw(), "x");
    }
    assert_eq!(capture.warnings, [warning(0), warning(1)]);
}

#[test]
fn several_long_values_are_left_out() {
    let extra = format!(r#""_extra":[[{{"{0}":"{0}"}}],"\\\"{0}"],"{0}":1,"time""#, long());
    let capture = read(&format!("[{},{}]", entry("a", &long(), &long()).replace("\"time\"", &extra), entry("b", "a=b", "x")));
    is_complete(&capture.exchanges[0], "a");
    is_complete(&capture.exchanges[1], "b");
    assert_eq!(capture.exchanges[0].request.body.loss(), Some(Loss::TooLarge));
    assert_eq!(capture.exchanges[0].response.body.loss(), Some(Loss::TooLarge));
    assert_eq!(capture.warnings, [warning(0)]);
}

#[test]
fn what_is_left_out_depends_on_the_file_alone() {
    // From much shorter than what is held to longer.
    for length in (65_000..65_600).step_by(13) {
        let capture = read(&format!("[{}]", entry("a", "a=b", &"x".repeat(length))));
        is_complete(&capture.exchanges[0], "a");
        let body = &capture.exchanges[0].response.body;
        assert!(matches!(body, Recorded::Kept(_) | Recorded::NotKept(Loss::TooLarge)));
        assert_eq!(capture.warnings.is_empty(), body.kept().is_some());
    }
}

#[test]
fn many_short_values_are_kept() {
    let lines: Vec<String> = (0..3000).map(|number| format!(r#"{{"name":"n{number}","value":"v{number}"}}"#)).collect();
    let capture = read(&format!(
        "[{}]",
        entry("a", "a=b", "x").replace(r#"{"name":"B","value":"b"}"#, &(lines.join(",") + r#",{"name":"B","value":"b"}"#))
    ));
    is_complete(&capture.exchanges[0], "a");
    assert_eq!(capture.exchanges[0].response.headers.value("n2999").unwrap().raw(), "v2999");
    assert_eq!(capture.warnings, []);
}

#[test]
fn places_behind_a_large_entry_are_right() {
    let (large, next) = (entry("a", "a=b", &long().replacen(' ', "\n", 3)), entry("b", "\\x", "x"));
    let text = format!("[\n{large},\n{next},\n {{\"time\":;");
    let capture = read(&text);
    let (escape, broken) = (text.find("\\x").unwrap(), text.find(';').unwrap());
    let told: Vec<_> = capture.warnings.iter().map(|warning| (warning.entry, &*warning.message)).collect();
    assert_eq!(capture.exchanges[1].entry, 1);
    assert!(told.contains(&(Some(0), TOO_LARGE)));
    let escape = format!("an escape that JSON does not know was replaced (byte {escape})");
    assert!(told.contains(&(Some(1), &*escape)), "{told:?}");
    let broken = format!("the JSON is broken after entry 1, at byte {broken} (line 7, column 10); the rest was not read");
    assert_eq!(told.last(), Some(&(None, &*broken)));
}

#[test]
fn an_entry_that_stands_alone_may_be_large_too() {
    let capture = read(&entry("a", "a=b", &long()));
    is_complete(&capture.exchanges[0], "a");
    assert_eq!(capture.exchanges[0].response.body.loss(), Some(Loss::TooLarge));
    assert_eq!(capture.warnings, [warning(0)]);
}

#[test]
fn an_address_that_is_too_large_is_told() {
    let capture = read(&format!("[{},{}]", entry("a", "a=b", "x"), entry(&long(), "a=b", "x")));
    let message = "the request has a URL that is too large to be held".to_owned();
    assert_eq!((capture.entries, capture.exchanges.len()), (2, 1));
    assert_eq!(capture.warnings, [Warning { entry: Some(1), ..Warning::of_file(message) }]);
}
