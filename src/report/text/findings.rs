//! Evidence: statements with the places that show them.
//!
//! Within one story every statement is printed once, under a number; later mentions give the number.

use super::columns::Columns;
use super::page::Page;
use crate::diagnosis::Finding;
use crate::report::words::count;
use crate::report::words::evidence::{Numbers, places};
use std::collections::BTreeSet;

/// The statements of one story by number.
#[derive(Default)]
pub(super) struct Told {
    numbers: Numbers,
}

impl Told {
    /// Writes statements with their places. What was told before is only named.
    pub(super) fn write<'f>(&mut self, page: &mut Page, indent: usize, findings: impl IntoIterator<Item = &'f Finding>) {
        let mut new = Vec::new();
        let mut known = BTreeSet::new();
        for finding in findings {
            match self.numbers.of(finding.statement) {
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
        self.numbers.known(first.statement).map(|number| marks([number]))
    }

    /// The strongest of some statements in running text, each new one with its first place.
    pub(super) fn inline(&mut self, findings: &[Finding], most: usize) -> String {
        let mut known = BTreeSet::new();
        let mut text = String::new();
        for finding in findings.iter().take(most) {
            let (number, new) = self.numbers.of(finding.statement);
            if !new {
                known.insert(number);
                continue;
            }
            let place = finding.evidence.first().map(|evidence| match evidence.row() {
                Some(_) => format!(" ({})", evidence.part()),
                None => format!(" (#{} {})", evidence.entry(), evidence.part()),
            });
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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::entra::Evidence;
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
        let text = page.take();
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
}
