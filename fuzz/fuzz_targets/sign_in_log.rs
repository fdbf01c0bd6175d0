//! Reads bytes as an export of Entra's sign-in logs: its rows are the same in UTF-16, with a byte order mark, and as a
//! list, as lines and in an envelope; a warning or an error never quotes it.

#![no_main]

use entrace::sign_in_log::{Row, SignInLogs};
use libfuzzer_sys::{Corpus, fuzz_target};
use serde_json::{Value, json};

/// A word that stands in the people's names of the seeds.
const PERSON: &str = "zelda";

fn read(bytes: &[u8]) -> Result<(Vec<Row>, Vec<String>), String> {
    let mut logs = SignInLogs::default();
    logs.add_bytes("log", bytes).map_err(|error| error.to_string())?;
    let told = logs.files.iter().flat_map(|file| file.warnings.clone());
    Ok((logs.rows().to_vec(), told.collect()))
}

/// Rows apart from their numbers.
fn rows(bytes: &[u8]) -> Option<Vec<Row>> {
    let (mut rows, _) = read(bytes).ok()?;
    rows.iter_mut().for_each(|row| row.number = 0);
    Some(rows)
}

fuzz_target!(|bytes: &[u8]| -> Corpus {
    let found = read(bytes);
    let told = match &found {
        Ok((_, warnings)) => warnings.join("\n"),
        Err(error) => error.clone(),
    };
    assert!(!told.contains(PERSON) && told.chars().all(|c| c.is_ascii()), "{told}");
    if let Ok((rows, _)) = &found {
        assert!(!rows.is_empty());
        assert!(rows.is_sorted_by(|one, next| one.number < next.number), "rows are numbered in their order");
    }
    let Ok(text) = std::str::from_utf8(bytes) else { return Corpus::Keep };
    let text = text.strip_prefix('\u{feff}').unwrap_or(text);
    let wide: Vec<u8> = std::iter::once(0xFEFF).chain(text.encode_utf16()).flat_map(u16::to_le_bytes).collect();
    let marked = ["\u{feff}", text].concat();
    let as_it_is = read(text.as_bytes());
    assert!(read(&wide) == as_it_is && read(marked.as_bytes()) == as_it_is, "in UTF-16 or behind a mark it says something else");

    let objects = match serde_json::from_str(text) {
        Ok(Value::Array(objects)) if objects.iter().all(Value::is_object) => objects,
        _ => return Corpus::Keep,
    };
    let list = rows(Value::from(objects.clone()).to_string().as_bytes());
    let envelope = rows(json!({"value": objects}).to_string().as_bytes());
    let lines = rows(objects.iter().map(|object| format!("{object}\n")).collect::<String>().as_bytes());
    assert!(list == envelope, "in an envelope it says something else");
    // A line may be an envelope itself.
    if objects.iter().all(|object| object.get("value").is_none() && object.get("records").is_none()) {
        assert!(list == lines, "in lines it says something else");
    }
    Corpus::Keep
});
