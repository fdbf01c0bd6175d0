//! A HAR as other exporters would have written it.

use serde_json::{Value, json};

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
