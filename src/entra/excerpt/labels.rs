//! Secrets by kind and order of appearance.

use crate::exchange::Secret;
use std::collections::HashMap;

/// Secrets by kind and order of appearance: `code #2`.
#[derive(Clone, Default)]
pub struct Labels {
    numbers: HashMap<(&'static str, Secret), usize>,
    counts: HashMap<&'static str, usize>,
}

impl Labels {
    pub(in crate::entra) fn add(&mut self, kind: &'static str, value: &Secret) {
        if value.is_empty() || self.numbers.contains_key(&(kind, value.clone())) {
            return;
        }
        let count = self.counts.entry(kind).or_default();
        *count += 1;
        self.numbers.insert((kind, value.clone()), *count);
    }

    /// The name of a secret.
    pub fn of(&self, kind: &'static str, value: &Secret) -> String {
        match self.numbers.get(&(kind, value.clone())) {
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
