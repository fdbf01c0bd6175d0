//! Evidence: statements with the places that show them.
//!
//! Within one failure every statement is told once, under a number; later mentions give the number.

use super::document::Document;
use super::escape::{code, prose};
use crate::diagnosis::Finding;
use crate::entra::Evidence;
use crate::report::words::evidence::{Numbers, PLACES, Place, RUNS, SEARCHED, joined};
use crate::report::words::{count, runs};

/// The statements of one failure by number.
#[derive(Default)]
pub(super) struct Told {
    numbers: Numbers,
}

impl Told {
    /// Writes statements under a label, with their places. What was told before is not told again.
    pub(super) fn write<'f>(&mut self, document: &mut Document, label: &str, findings: impl IntoIterator<Item = &'f Finding>) {
        let mut known: Vec<usize> = Vec::new();
        let mut new = Vec::new();
        for finding in findings {
            match self.numbers.of(finding.statement) {
                (number, true) => new.push(item(number, finding)),
                (number, false) => known.push(number),
            }
        }
        known.retain(|number| !new.iter().any(|(told, ..)| told == number));
        if known.is_empty() && new.is_empty() {
            return;
        }
        document.label(label);
        if !known.is_empty() {
            document.block(&format!("See {}.", marks(&known)));
        }
        document.numbered(&new);
    }

    /// Some statements in running text, each new one with its first place.
    pub(super) fn inline(&mut self, findings: &[Finding]) -> String {
        let mut known = Vec::new();
        let mut new = Vec::new();
        for finding in findings {
            match self.numbers.of(finding.statement) {
                (number, true) => {
                    new.push(format!("({number}) {}{}", prose(finding.statement.trim_end_matches('.')), first_place(finding)))
                }
                (number, false) => known.push(number),
            }
        }
        let mut parts: Vec<String> = (!known.is_empty()).then(|| marks(&known)).into_iter().collect();
        parts.extend(new);
        parts.join("; ")
    }
}

/// Numbers of statements: `points 1, 3 above`.
fn marks(numbers: &[usize]) -> String {
    format!("{} {} above", if numbers.len() == 1 { "point" } else { "points" }, runs(usize::MAX, numbers))
}

fn first_place(finding: &Finding) -> String {
    let told = |place: &Evidence| match place.row() {
        Some(_) => format!(" ({})", code(place.part())),
        None => format!(" (entry {} {})", place.entry(), code(place.part())),
    };
    finding.evidence.first().map(told).unwrap_or_default()
}

/// A single place stands behind its statement, several stand below.
fn item(number: usize, finding: &Finding) -> (usize, String, Vec<String>) {
    let statement = prose(finding.statement);
    let places = joined(&finding.evidence);
    let more = places.len().saturating_sub(PLACES);
    let mut shown: Vec<String> = places.iter().take(PLACES).map(place).collect();
    shown.extend((more > 0).then(|| format!("and {}", count(more, "more place", "more places"))));
    (number, statement, shown)
}

fn place(place: &Place<'_>) -> String {
    let shows = place.excerpt.map_or_else(|| SEARCHED.to_owned(), code);
    match place.row {
        Some(_) => format!("{}: {shows}", code(place.part)),
        None => format!("{}, {}: {shows}", in_words(&place.entries), code(place.part)),
    }
}

/// Entry numbers in words: `entries 3–5, 14`.
pub(super) fn in_words(entries: &[usize]) -> String {
    let noun = if entries.len() == 1 { "entry" } else { "entries" };
    format!("{noun} {}", runs(RUNS, entries))
}
