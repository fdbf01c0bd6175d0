//! Evidence: statements with the places that show them.
//!
//! Within one story every statement is printed once, under a number; later mentions give the number.

use super::columns::Columns;
use super::page::Page;
use super::words::{count, entries_at_most};
use crate::diagnosis::Finding;
use crate::entra::Evidence;
use std::collections::BTreeSet;

/// How many places of one statement are listed.
pub(in crate::report) const PLACES: usize = 6;
/// How many runs of entries are named that show the same.
pub(in crate::report) const RUNS: usize = 5;
/// What stands for the excerpt of a place where something was looked for.
pub(in crate::report) const SEARCHED: &str = "(searched)";

/// The statements of one story by number.
#[derive(Default)]
pub(super) struct Told {
    statements: Vec<&'static str>,
}

impl Told {
    /// The number of a statement, and whether it is told for the first time.
    fn number(&mut self, statement: &'static str) -> (usize, bool) {
        match self.statements.iter().position(|told| *told == statement) {
            Some(at) => (at + 1, false),
            None => {
                self.statements.push(statement);
                (self.statements.len(), true)
            }
        }
    }

    /// Writes statements with their places. What was told before is only named.
    pub(super) fn write<'f>(&mut self, page: &mut Page, indent: usize, findings: impl IntoIterator<Item = &'f Finding>) {
        let mut new = Vec::new();
        let mut known = BTreeSet::new();
        for finding in findings {
            match self.number(finding.statement) {
                (number, true) => new.push((number, finding.statement, places(&finding.evidence))),
                (number, false) if !new.iter().any(|(shown, ..)| *shown == number) => {
                    known.insert(number);
                }
                _ => {}
            }
        }
        if !known.is_empty() {
            page.paragraph(indent, &format!("{}, as above.", marks(known)));
        }
        let inner = indent + 4;
        let columns = Columns::fit(new.iter().flat_map(|(.., places)| &places.rows), page.room(inner));
        for (number, statement, places) in new {
            page.item(indent, &format!("[{number}]"), statement);
            page.rows(inner, &columns, &places.rows);
            if places.more > 0 {
                page.paragraph(inner, &format!("and {}", count(places.more, "more place", "more places")));
            }
        }
    }

    /// The number of the strongest of some statements, where it was told before.
    pub(super) fn mark(&self, findings: &[Finding]) -> Option<String> {
        let first = findings.first()?;
        let at = self.statements.iter().position(|told| *told == first.statement)?;
        Some(marks([at + 1]))
    }

    /// The strongest of some statements in running text, each new one with its first place.
    pub(super) fn inline(&mut self, findings: &[Finding], most: usize) -> String {
        let mut known = BTreeSet::new();
        let mut text = String::new();
        for finding in findings.iter().take(most) {
            let (number, new) = self.number(finding.statement);
            if !new {
                known.insert(number);
                continue;
            }
            let place = finding.evidence.first().map(|evidence| format!(" (#{} {})", evidence.entry(), evidence.part()));
            let statement = finding.statement.trim_end_matches('.');
            text.push_str(&format!(" [{number}] {statement}{}.", place.unwrap_or_default()));
        }
        match (known.is_empty(), text.is_empty()) {
            (true, _) => text.trim_start().to_owned(),
            (false, true) => format!("{}.", marks(known)),
            (false, false) => format!("{} and{text}", marks(known)),
        }
    }
}

fn marks(numbers: impl IntoIterator<Item = usize>) -> String {
    let marks: Vec<String> = numbers.into_iter().map(|number| format!("[{number}]")).collect();
    marks.join(", ")
}

/// The places of one statement: entry, part, what it shows.
struct Places {
    rows: Vec<[String; 3]>,
    more: usize,
}

/// One place, or several entries that show the same there.
pub(in crate::report) struct Place<'e> {
    /// The part of the exchange.
    pub(in crate::report) part: &'e str,
    /// What stands there; `None` where it was only searched.
    pub(in crate::report) excerpt: Option<&'e str>,
    /// The entries.
    pub(in crate::report) entries: Vec<usize>,
}

/// Joins places that show the same in several entries.
pub(in crate::report) fn joined(evidence: &[Evidence]) -> Vec<Place<'_>> {
    let mut joined: Vec<Place<'_>> = Vec::new();
    for place in evidence {
        let excerpt = place.excerpt().filter(|excerpt| !excerpt.is_empty());
        match joined.iter_mut().find(|known| known.part == place.part() && known.excerpt == excerpt) {
            Some(known) => known.entries.push(place.entry()),
            None => joined.push(Place { part: place.part(), excerpt, entries: vec![place.entry()] }),
        }
    }
    joined
}

fn places(evidence: &[Evidence]) -> Places {
    let joined = joined(evidence);
    let more = joined.len().saturating_sub(PLACES);
    let row =
        |place: Place<'_>| [entries_at_most(RUNS, &place.entries), place.part.to_owned(), place.excerpt.unwrap_or(SEARCHED).to_owned()];
    Places { rows: joined.into_iter().take(PLACES).map(row).collect(), more }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::knowledge::Strength;

    fn finding(statement: &'static str, entries: impl IntoIterator<Item = usize>) -> Finding {
        let evidence = entries.into_iter().map(|entry| Evidence::searched(entry, "request.header.cookie")).collect();
        Finding { check: "check", claim: "check.claim", seen: true, statement, strength: Strength::Strong, evidence }
    }

    #[test]
    fn a_statement_is_printed_once() {
        let mut page = Page::new(80, false);
        let mut told = Told::default();
        let first = finding("No cookie was sent.", [41]);
        let second = finding("Nobody signed in.", [3, 4, 5]);
        told.write(&mut page, 2, [&first, &first]);
        told.write(&mut page, 2, [&second, &first]);
        let text = page.finish();
        let place = "request.header.cookie  (searched)";
        let expected = [
            "  [1] No cookie was sent.".to_owned(),
            format!("      #41  {place}"),
            "  [1], as above.".to_owned(),
            "  [2] Nobody signed in.".to_owned(),
            format!("      #3–5  {place}"),
        ];
        assert_eq!(text.lines().collect::<Vec<_>>(), expected);
    }

    #[test]
    fn running_text_names_what_is_known_and_places_what_is_new() {
        let mut told = Told::default();
        let both = [finding("No cookie was sent.", [41]), finding("Nobody signed in.", [3])];
        assert_eq!(told.inline(&both[..1], 2), "[1] No cookie was sent (#41 request.header.cookie).");
        assert_eq!(told.inline(&both, 2), "[1] and [2] Nobody signed in (#3 request.header.cookie).");
        assert_eq!(told.inline(&both, 2), "[1], [2].");
        assert_eq!(told.inline(&[], 2), "");
    }

    #[test]
    fn many_places_are_counted() {
        let evidence: Vec<Evidence> = (0..9).map(|entry| Evidence::searched(entry, format!("part.{entry}"))).collect();
        let places = places(&evidence);
        assert_eq!((places.rows.len(), places.more), (PLACES, 3));
    }
}
