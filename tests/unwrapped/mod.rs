//! Everything that can be read out of a text: its JSON strings, without percent-encoding, HTML references and
//! escapes, out of base64, inflated, and all of that again. Written apart from the program's own search, so that
//! the two do not share a mistake.

use base64::Engine;
use base64::alphabet::{STANDARD, URL_SAFE};
use base64::engine::general_purpose::{GeneralPurpose, NO_PAD};
use base64::engine::{DecodePaddingMode, GeneralPurposeConfig};
use flate2::read::{DeflateDecoder, GzDecoder, ZlibDecoder};
use serde_json::Value;
use std::collections::HashSet;
use std::io::Read;

const LENIENT: GeneralPurposeConfig = NO_PAD.with_decode_allow_trailing_bits(true).with_decode_padding_mode(DecodePaddingMode::Indifferent);

/// All readings of a text, joined.
pub(crate) fn unwrapped(text: &str) -> String {
    let mut seen = HashSet::new();
    let mut todo = vec![(text.to_owned(), 5)];
    while let Some((text, depth)) = todo.pop() {
        if depth == 0 || !seen.insert(text.clone()) {
            continue;
        }
        todo.extend(readings(&text).into_iter().map(|reading| (reading, depth - 1)));
    }
    let mut all: Vec<String> = seen.into_iter().collect();
    all.sort();
    all.join("\n")
}

fn readings(text: &str) -> Vec<String> {
    let mut readings = Vec::new();
    if let Ok(json) = serde_json::from_str::<Value>(text) {
        strings(&json, &mut readings);
        return readings;
    }
    if text.contains('%') || text.contains('+') {
        readings.push(url::form_urlencoded::parse(text.replace('&', "%26").replace('=', "%3D").as_bytes()).map(|(name, _)| name).collect());
    }
    if text.contains('&') {
        readings.push(scraper::Html::parse_fragment(text).root_element().text().collect());
        readings.push(text.replace("&amp;", "&").replace("&quot;", "\"").replace("&#39;", "'").replace("&#x27;", "'").replace("&lt;", "<"));
    }
    if text.contains('\\') {
        readings.extend(serde_json::from_str::<String>(&format!("\"{}\"", text.replace('"', "\\\"").replace("\\\\\"", "\\\""))));
        readings.push(text.replace("\\/", "/").replace("\\\"", "\""));
    }
    for run in text.split(|c: char| !(c.is_ascii_alphanumeric() || "+/-_".contains(c))).filter(|run| run.len() >= 8) {
        for alphabet in [STANDARD, URL_SAFE] {
            let engine = GeneralPurpose::new(&alphabet, LENIENT);
            let Some(bytes) = (0..3).find_map(|cut| engine.decode(run.get(..run.len() - cut)?).ok()) else { continue };
            let inflated = [inflate(GzDecoder::new(&*bytes)), inflate(ZlibDecoder::new(&*bytes)), inflate(DeflateDecoder::new(&*bytes))];
            readings.extend(
                inflated
                    .into_iter()
                    .flatten()
                    .chain([bytes])
                    .filter(|bytes| is_text(bytes))
                    .map(|bytes| String::from_utf8_lossy(&bytes).into_owned()),
            );
        }
    }
    readings
}

fn strings(json: &Value, out: &mut Vec<String>) {
    match json {
        Value::String(text) => out.push(text.clone()),
        Value::Number(number) => out.push(number.to_string()),
        Value::Array(items) => items.iter().for_each(|item| strings(item, out)),
        Value::Object(members) => members.iter().for_each(|(name, value)| {
            out.push(name.clone());
            strings(value, out);
        }),
        Value::Null | Value::Bool(_) => {}
    }
}

fn inflate(decoder: impl Read) -> Option<Vec<u8>> {
    let mut out = Vec::new();
    let _ = decoder.take(1 << 20).read_to_end(&mut out);
    (!out.is_empty()).then_some(out)
}

fn is_text(bytes: &[u8]) -> bool {
    let printable = bytes.iter().filter(|byte| (32..127).contains(*byte)).count();
    printable * 10 >= bytes.len() * 8
}
