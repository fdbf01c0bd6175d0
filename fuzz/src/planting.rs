//! Secrets planted in a capture, and what is left of them.

use crate::input::Input;
use crate::planted::{self, CODINGS, KINDS, PLACES};
use crate::unwrapped::unwrapped;
use serde_json::{Value, json};

/// The longest text that is made a secret of, in characters.
const LONGEST: usize = 40;

/// A value that no program would write by itself, with something of a text in its middle.
pub fn value(text: &str) -> String {
    let allowed = |c: &char| c.is_ascii_alphanumeric() || "+/=_.~!&%<\"' äß-".contains(*c);
    let middle: String = text.chars().filter(allowed).take(LONGEST).collect();
    // So long that no kind of value is taken for a word (`redact/kind.rs`).
    format!("Zqv7xT3m{middle}Kx29ZjQw81Lp")
}

/// Plants a value under its own name in a further entry, and once more between two texts where no name tells it.
pub fn plant(har: &mut Value, input: &mut Input<'_>, value: &str) {
    let mut entry = planted::named(input.below(KINDS), value);
    let coded = planted::coded(input.below(CODINGS), value);
    let place = input.below(PLACES);
    let (before, after) = (input.text(), input.text());
    let mut page = json!({"id": "page_2", "title": "", "startedDateTime": "2026-11-20T10:00:00.000Z"});
    let other = planted::elsewhere(place, &format!("{before}{coded}{after}"), &mut entry, &mut page);
    for (pointer, value) in [("/log/entries", entry), ("/log/entries", other), ("/log/pages", page)] {
        if let Some(Value::Array(list)) = har.pointer_mut(pointer) {
            list.push(value);
        }
    }
}

/// Whether a value can be read out of a text, however it is written there.
pub fn is_left(text: &str, value: &str) -> bool {
    unwrapped(text).contains(value)
}
