//! CSV, as the portal downloads it: a line of English headings, with a byte order mark; the tables of Log Analytics have
//! the same form and other headings.

use super::row::Fields;
use super::{Contents, SignInLogError};
use csv::ReaderBuilder;
use serde_json::{Map, Value};

/// Reads a log.
pub(super) fn read(text: &str) -> Result<Contents, SignInLogError> {
    // A row may be cut short, or have one field too many.
    let mut reader = ReaderBuilder::new().flexible(true).from_reader(text.as_bytes());
    let headings: Vec<String> = reader.headers().map_err(|_| SignInLogError::NoHeadings)?.iter().map(str::to_owned).collect();
    if !Fields::are_of_a_log(headings.iter().map(String::as_str)) {
        return Err(SignInLogError::NoHeadings);
    }
    let mut contents = Contents::default();
    let mut strange = 0;
    for (number, record) in reader.records().enumerate() {
        let row = record.ok().and_then(|record| {
            let fields = headings.iter().zip(record.iter()).map(|(heading, value)| (heading.clone(), Value::String(value.to_owned())));
            Fields::of(&fields.collect::<Map<String, Value>>()).row()
        });
        contents.add(number, row, &mut strange);
    }
    if contents.rows.is_empty() {
        return Err(SignInLogError::NoRows);
    }
    contents.tell_strange(strange);
    Ok(contents)
}
