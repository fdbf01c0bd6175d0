//! A HAR as other exporters would have written it.

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use flate2::Compression;
use flate2::write::GzEncoder;
use serde_json::{Value, json};
use std::io::Write;

/// All `Set-Cookie` lines of a reply in one, as Safari's backend and HTTP Toolkit join them, and all of `Cookie`.
pub(crate) fn join_cookies(entry: &mut Value) {
    for (side, name, joined_by) in [("response", "set-cookie", ", "), ("request", "cookie", "; ")] {
        let Some(lines) = entry[side]["headers"].as_array_mut() else { continue };
        let is_it = |line: &Value| line["name"].as_str().is_some_and(|written| written.eq_ignore_ascii_case(name));
        let values: Vec<String> = lines.iter().filter(|line| is_it(line)).map(|line| line["value"].as_str().unwrap().to_owned()).collect();
        if values.is_empty() {
            continue;
        }
        lines.retain(|line| !is_it(line));
        let mut value = values.join(joined_by);
        if name == "cookie" {
            value = value.replace("; ", ", ");
        }
        lines.push(json!({"name": name, "value": value}));
    }
}

/// Replies as they were on the wire, though their lengths are those of the text, as BrowserMob writes them and Fiddler what it
/// does not take for text.
pub(crate) fn leave_compressed(entry: &mut Value) {
    let content = &mut entry["response"]["content"];
    if let Some(text) = content["text"].as_str().filter(|text| !text.is_empty() && content["encoding"].is_null()) {
        let mut gzip = GzEncoder::new(Vec::new(), Compression::default());
        gzip.write_all(text.as_bytes()).unwrap();
        content["text"] = json!(STANDARD.encode(gzip.finish().unwrap()));
        content["encoding"] = json!("base64");
    }
}

/// Text that is marked as base64, as Firefox marks what it does not know the type of.
pub(crate) fn mark_text_as_base64(entry: &mut Value) {
    let content = &mut entry["response"]["content"];
    if content["text"].is_string() && content["encoding"].is_null() {
        content["encoding"] = json!("base64");
    }
}

/// Redirects with the time since the browser's start in place of a date, as a backend of WebKit would have them.
pub(crate) fn date_redirects_by_uptime(entry: &mut Value) {
    if entry["response"]["status"].as_u64().is_some_and(|status| (300..400).contains(&status)) {
        entry["startedDateTime"] = json!("1970-01-01T00:03:20.000Z");
    }
}

/// No body of a request, and a size of 0 in its place, as Firefox writes what it could not get at.
pub(crate) fn leave_out_what_was_posted(entry: &mut Value) {
    let request = entry["request"].as_object_mut().unwrap();
    request.remove("postData");
    request.insert("bodySize".to_owned(), json!(0));
}

/// Replies without their text, of which only the length is left, as Fiddler exports what is longer than a setting of it.
pub(crate) fn drop_text(entry: &mut Value) {
    if let Some(content) = entry["response"]["content"].as_object_mut() {
        let length = content.remove("text").and_then(|text| text.as_str().map(str::len)).unwrap_or_default();
        content.insert("size".to_owned(), json!(length));
    }
}
