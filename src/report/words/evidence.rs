//! Evidence in words: where it stands, and what is open.

use super::{entries_at_most, sentence, within_sentence};
use crate::checks::{self, ClaimInfo};
use crate::diagnosis::{Diagnosis, Finding, RankedCause, Unknown};
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

/// What is open, question by question, each with the reasons; questions with the same reasons stand together. Of a check of
/// which the findings above tell something, only what they leave open is asked.
pub(in crate::report) fn questions<'u>(
    unknown: impl IntoIterator<Item = &'u Unknown>,
    above: impl IntoIterator<Item = &'u Finding>,
) -> Vec<String> {
    let answered: Vec<&str> = above.into_iter().map(|finding| finding.check).collect();
    let mut open: Vec<Open<'_>> = Vec::new();
    for one in unknown {
        let of_check = open.iter_mut().find(|known| known.check == one.check && known.reason == one.why);
        match of_check {
            Some(known) if known.claims.contains(&one.claim) => {}
            Some(known) => known.claims.push(one.claim),
            None => open.push(Open { check: one.check, reason: &one.why, claims: vec![one.claim] }),
        }
    }
    let mut by_reason: Vec<(&str, Vec<&str>)> = Vec::new();
    for one in &open {
        // Where something of the check is known, or another part of it is open for another reason, it asks too much.
        let is_whole = !answered.contains(&one.check) && open.iter().filter(|other| other.check == one.check).count() == 1;
        let asked = one.questions(is_whole);
        match by_reason.iter_mut().find(|(known, _)| *known == one.reason) {
            Some((_, questions)) => questions.extend(asked),
            None => by_reason.push((one.reason, asked)),
        }
    }
    by_reason.iter().map(|(reason, questions)| with_reason(questions, reason)).collect()
}

/// What is open of one check for one reason.
struct Open<'u> {
    check: &'u str,
    reason: &'u str,
    claims: Vec<&'u str>,
}

impl<'u> Open<'u> {
    /// The question of the check where all of it is open, else those of the claims.
    fn questions(&self, is_whole: bool) -> Vec<&'u str> {
        let Some(check) = checks::ALL.iter().find(|check| check.name == self.check) else { return Vec::new() };
        if is_whole && self.claims.len() > 1 {
            return vec![check.about];
        }
        let mut questions = Vec::new();
        let info = |name: &&str| check.claims.iter().find(|claim| claim.name == *name);
        for &ClaimInfo { question, .. } in self.claims.iter().filter_map(info) {
            if !questions.contains(&question) {
                questions.push(question);
            }
        }
        questions
    }
}

/// Why a candidate of which nothing is known, neither for nor against it, is not ruled out.
pub(in crate::report) fn still_open<'d>(cause: &'d RankedCause, above: impl IntoIterator<Item = &'d Finding>) -> Option<String> {
    let is_bare = cause.supporting.is_empty() && cause.opposing.is_empty();
    questions(cause.unknown.iter().filter(|_| is_bare), above).into_iter().next()
}

/// All that a report of a failure tells.
pub(in crate::report) fn findings(diagnosis: &Diagnosis) -> impl Iterator<Item = &Finding> {
    let weighed = diagnosis.causes.iter().flat_map(|cause| cause.supporting.iter().chain(&cause.opposing));
    weighed.chain(diagnosis.ruled_out.iter().flat_map(|cause| &cause.because))
}

fn with_reason(questions: &[&str], reason: &str) -> String {
    let asked = if questions.len() > QUESTIONS { questions.get(..NAMED).unwrap_or_default() } else { questions };
    let mut words: Vec<String> = Vec::new();
    for question in asked {
        words.push(if words.is_empty() { (*question).to_owned() } else { within_sentence(question) });
    }
    if asked.len() < questions.len() {
        words.push(format!("and {} questions more", questions.len() - asked.len()));
    }
    format!("{} {}", sentence(&words.join("; ")), sentence(reason))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn unknown(check: &'static str, claim: &'static str, why: &str) -> Unknown {
        Unknown { check, claim, why: why.to_owned() }
    }

    #[test]
    fn one_reason_stands_once() {
        let lost = "the exporter removed it";
        let all = [
            unknown("popup", "popup.used", lost),
            unknown("popup", "popup.link-cut", lost),
            unknown("second-factor", "second-factor.asked", lost),
            unknown("device", "device.vouches", "it is damaged"),
        ];
        assert_eq!(
            questions(&all, []),
            [
                "Whether the sign-in ran in a popup window, and whether a page in it cut the link to its opener; whether a second factor \
                 was asked for in this attempt. The exporter removed it.",
                "Whether the device itself vouched for the person with its primary refresh token. It is damaged.",
            ]
        );
    }

    #[test]
    fn questions_are_the_words_of_the_checks() {
        let open =
            ["session-cookie.sent", "session-cookie.set-earlier"].map(|claim| unknown("session-cookie", claim, "the exporter removed it"));
        let asked = questions(&open, []);
        assert!(asked[0].starts_with("Whether the cookies"), "{asked:?}");
    }

    #[test]
    fn what_is_answered_in_part_is_asked_as_far_as_it_is_open() {
        let why = "the exporter removed it";
        let of_hint = [unknown("login-hint", "login-hint.sent", why), unknown("login-hint", "login-hint.names-another", why)];
        assert_eq!(
            questions(&of_hint, []),
            ["Whether the request names an account (login_hint), and whether that account is the one signed in. The exporter removed it."]
        );
        assert_eq!(
            questions(&of_hint[1..], []),
            ["Whether the account that the request names is the one that is signed in. The exporter removed it."]
        );
        let sent = Finding {
            check: "login-hint",
            claim: "login-hint.sent",
            seen: true,
            statement: "",
            strength: crate::knowledge::Strength::Weak,
            evidence: Vec::new(),
        };
        assert_eq!(questions(&of_hint[1..], [&sent]), questions(&of_hint[1..], []));
        let reasons = [of_hint[0].clone(), unknown("login-hint", "login-hint.names-another", "nobody signed in")];
        assert_eq!(
            questions(&reasons, []),
            [
                "Whether the request names an account (login_hint). The exporter removed it.",
                "Whether the account that the request names is the one that is signed in. Nobody signed in.",
            ]
        );
    }

    #[test]
    fn of_many_questions_some_are_asked() {
        let claims = [
            ("device", "device.vouches"),
            ("frame", "frame.inside-page"),
            ("second-factor", "second-factor.asked"),
            ("retry", "retry.repeated"),
            ("password", "password.typed"),
            ("popup", "popup.used"),
        ];
        let all = claims.map(|(check, claim)| unknown(check, claim, "it is a log"));
        let told = questions(&all, []);
        assert!(told[0].ends_with("was asked for in this attempt; and 3 questions more. It is a log."), "{told:?}");
        let told = questions(&all[1..], []);
        assert!(told[0].ends_with("and sent; whether the sign-in ran in a popup window. It is a log."), "{told:?}");
    }

    #[test]
    fn many_places_are_counted() {
        let evidence: Vec<Evidence> = (0..9).map(|entry| Evidence::searched(entry, format!("part.{entry}"))).collect();
        let places = places(&evidence);
        assert_eq!((places.rows.len(), places.more), (PLACES, 3));
    }
}
