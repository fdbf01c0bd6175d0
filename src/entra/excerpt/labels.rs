//! Secrets by kind and order of appearance.

use crate::entra::Known;
use crate::exchange::Secret;
use std::collections::HashMap;

/// Secrets by kind and order of appearance: `code #2`.
#[derive(Clone, Default)]
pub struct Labels {
    numbers: HashMap<(&'static str, Known), usize>,
    counts: HashMap<&'static str, usize>,
}

impl Labels {
    pub(in crate::entra) fn add(&mut self, kind: &'static str, value: &Secret) {
        let Some(value) = value.told() else { return };
        self.numbers.entry((kind, value)).or_insert_with(|| {
            let count = self.counts.entry(kind).or_default();
            *count += 1;
            *count
        });
    }

    /// The name of a secret; without a number where somebody took it out of the capture.
    pub fn of(&self, kind: &'static str, value: &Secret) -> String {
        match value.told().and_then(|value| self.numbers.get(&(kind, value))) {
            Some(number) => format!("{kind} #{number}"),
            None => format!("({kind})"),
        }
    }
}

/// The kind under which the value of a parameter is numbered.
pub(in crate::entra) fn secret_kind(parameter: &str) -> Option<&'static str> {
    Some(match parameter.to_ascii_lowercase().as_str() {
        "code" => "code",
        "state" => "state",
        "nonce" => "nonce",
        "sid" | "session_state" => "session",
        "refresh_token" => "refresh token",
        _ => return None,
    })
}
