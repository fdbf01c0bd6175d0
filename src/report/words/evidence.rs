//! Evidence in words: where it stands, and what is open.

use super::{entries_at_most, sentence, within_sentence};
use crate::checks;
use crate::diagnosis::{Finding, RankedCause, Unknown};
use crate::entra::Evidence;

/// How many places of one statement are listed.
pub(in crate::report) const PLACES: usize = 6;
/// How many runs of entries are named that show the same.
pub(in crate::report) const RUNS: usize = 5;
/// How many questions that are open for one reason are all asked.
const QUESTIONS: usize = 5;
/// Of more, how many are.
const NAMED: usize = 3;
/// What stands for the excerpt of a place where something was looked for.
pub(in crate::report) const SEARCHED: &str = "(searched)";

/// The statements of one failure by number: each is told once, later mentions give the number.
#[derive(Default)]
pub(in crate::report) struct Numbers {
    statements: Vec<&'static str>,
}

impl Numbers {
    /// The number of a statement, and whether it is told for the first time.
    pub(in crate::report) fn of(&mut self, statement: &'static str) -> (usize, bool) {
        match self.statements.iter().position(|told| *told == statement) {
            Some(at) => (at + 1, false),
            None => {
                self.statements.push(statement);
                (self.statements.len(), true)
            }
        }
    }

    /// The number of a statement that was told before.
    pub(in crate::report) fn known(&self, statement: &str) -> Option<usize> {
        self.statements.iter().position(|told| *told == statement).map(|at| at + 1)
    }
}

/// The places of one statement: entry, part, what it shows.
pub(in crate::report) struct Places {
    /// Entries, part, and what it shows.
    pub(in crate::report) rows: Vec<[String; 3]>,
    /// How many are left out.
    pub(in crate::report) more: usize,
}

/// One place, or several entries that show the same there.
pub(in crate::report) struct Place<'e> {
    /// The part of the exchange.
    pub(in crate::report) part: &'e str,
    /// What stands there; `None` where it was only searched.
    pub(in crate::report) excerpt: Option<&'e str>,
    /// The entries.
    pub(in crate::report) entries: Vec<usize>,
    /// The row of the sign-in log that this is a place of.
    pub(in crate::report) row: Option<usize>,
}

impl Place<'_> {
    /// The entries, or that the place is in the log.
    fn whose(&self) -> String {
        match self.row {
            Some(_) => "log".to_owned(),
            None => entries_at_most(RUNS, &self.entries),
        }
    }
}

/// Joins places that show the same in several entries.
pub(in crate::report) fn joined(evidence: &[Evidence]) -> Vec<Place<'_>> {
    let mut joined: Vec<Place<'_>> = Vec::new();
    for place in evidence {
        let excerpt = place.excerpt().filter(|excerpt| !excerpt.is_empty());
        match joined.iter_mut().find(|known| known.part == place.part() && known.excerpt == excerpt) {
            Some(known) => known.entries.push(place.entry()),
            None => joined.push(Place { part: place.part(), excerpt, entries: vec![place.entry()], row: place.row() }),
        }
    }
    joined
}

/// The places of one statement as rows.
pub(in crate::report) fn places(evidence: &[Evidence]) -> Places {
    let joined = joined(evidence);
    let more = joined.len().saturating_sub(PLACES);
    let row = |place: Place<'_>| [place.whose(), place.part.to_owned(), place.excerpt.unwrap_or(SEARCHED).to_owned()];
    Places { rows: joined.into_iter().take(PLACES).map(row).collect(), more }
}

/// What is open, question by question, each with the reasons; questions with the same reasons stand together. What the
/// findings above answer in part is not asked as if nothing were known of it.
pub(in crate::report) fn questions<'u>(
    unknown: impl IntoIterator<Item = &'u Unknown>,
    above: impl IntoIterator<Item = &'u Finding>,
) -> Vec<String> {
    let answered: Vec<&str> = above.into_iter().map(|finding| finding.check).collect();
    let mut by_check: Vec<(&str, Vec<&str>)> = Vec::new();
    for one in unknown {
        match by_check.iter_mut().find(|(check, _)| *check == one.check) {
            Some((_, reasons)) if reasons.contains(&one.why.as_str()) => {}
            Some((_, reasons)) => reasons.push(&one.why),
            None => by_check.push((one.check, vec![&one.why])),
        }
    }
    let mut by_reason: Vec<(Vec<&str>, Vec<&str>)> = Vec::new();
    for (check, reasons) in by_check {
        match by_reason.iter_mut().find(|(_, known)| *known == reasons) {
            Some((checks, _)) => checks.push(check),
            None => by_reason.push((vec![check], reasons)),
        }
    }
    by_reason.into_iter().map(|(checks, reasons)| question(&checks, &reasons, &answered)).collect()
}

/// Why a candidate of which nothing is known, neither for nor against it, is not ruled out.
pub(in crate::report) fn still_open(cause: &RankedCause) -> Option<String> {
    let is_bare = cause.supporting.is_empty() && cause.opposing.is_empty();
    questions(cause.unknown.iter().filter(|_| is_bare), []).into_iter().next()
}

fn question(checks: &[&str], reasons: &[&str], answered: &[&str]) -> String {
    let about = |name: &&str| {
        let about = checks::ALL.iter().find(|check| check.name == *name).map_or(*name, |check| check.about);
        let beyond = if answered.contains(name) { ", beyond what is said above" } else { "" };
        format!("{about}{beyond}")
    };
    let asked = if checks.len() > QUESTIONS { checks.get(..NAMED).unwrap_or_default() } else { checks };
    let mut asked: Vec<String> = asked.iter().map(about).collect();
    for further in asked.iter_mut().skip(1) {
        *further = within_sentence(further);
    }
    if asked.len() < checks.len() {
        asked.push(format!("and {} questions more", checks.len() - asked.len()));
    }
    let reasons: Vec<String> = reasons.iter().map(|reason| sentence(reason)).collect();
    format!("{} {}", sentence(&asked.join("; ")), reasons.join(" "))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn unknown(check: &'static str, claim: &'static str, why: &str) -> Unknown {
        Unknown { check, claim, why: why.to_owned() }
    }

    #[test]
    fn one_reason_stands_once() {
        let all = [
            unknown("check-a", "check-a.one", "the exporter removed it"),
            unknown("check-a", "check-a.two", "the exporter removed it"),
            unknown("check-b", "check-b.one", "the exporter removed it"),
            unknown("check-c", "check-c.one", "it is damaged"),
        ];
        assert_eq!(questions(&all, []), ["Check-a; check-b. The exporter removed it.", "Check-c. It is damaged."]);
    }

    #[test]
    fn questions_are_the_words_of_the_checks() {
        let asked = questions(&[unknown("session-cookie", "session-cookie.sent", "the exporter removed it")], []);
        assert!(asked[0].starts_with("Whether the cookies"), "{asked:?}");
    }

    #[test]
    fn of_many_questions_some_are_asked() {
        let checks = ["check-a", "check-b", "check-c", "check-d", "check-e", "check-f"];
        let all = checks.map(|check| unknown(check, "", "it is a log"));
        assert_eq!(questions(&all, []), ["Check-a; check-b; check-c; and 3 questions more. It is a log."]);
        assert_eq!(questions(&all[1..], []), ["Check-b; check-c; check-d; check-e; check-f. It is a log."]);
    }

    #[test]
    fn many_places_are_counted() {
        let evidence: Vec<Evidence> = (0..9).map(|entry| Evidence::searched(entry, format!("part.{entry}"))).collect();
        let places = places(&evidence);
        assert_eq!((places.rows.len(), places.more), (PLACES, 3));
    }
}
