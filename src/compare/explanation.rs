//! Which difference explains the failure: one that its cause rests on.

use super::align::Rows;
use super::claims::Both;
use super::difference::{Aspect, Difference, Role};
use super::pairing::{Counterpart, gives_reply};
use super::side::Side;
use super::wire::{self, Wire};
use crate::checks::{Observation, is_premise};
use crate::diagnosis::{Confidence, Diagnosis, Finding, NOT_MODELLED, RankedCause, UNDETERMINED, holds};
use crate::entra::{Evidence, Step};
use crate::knowledge::{self, Knowledge, Rule, Strength};
use crate::signin::Attempt;

/// What explains a failure.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Explanation {
    /// The cause, one of the diagnosis.
    pub cause: String,
    /// How sure the failing capture alone makes it.
    pub confidence: Confidence,
    /// What kind of difference it is.
    pub basis: Basis,
    /// The check that observed it, where one did.
    pub check: Option<&'static str>,
    /// The step, in the words of the protocol.
    pub step: String,
    /// What differs, in two or three sentences.
    pub statement: String,
    /// Where the working capture shows it.
    pub working: Vec<Evidence>,
    /// Where the failing capture shows it.
    pub failing: Vec<Evidence>,
}

/// The strengths of rules that can make a cause likely.
const STRONG: [Strength; 2] = [Strength::Decisive, Strength::Strong];

/// What kind of difference explains a failure.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Basis {
    /// Something that one of the two sent, held or did.
    Observed,
    /// Only what came back: the same request is answered otherwise.
    ReplyOnly,
    /// What follows: both fail so at first, and one of them signs in afterwards.
    Afterwards,
}

impl Basis {
    /// The word in reports.
    pub fn name(self) -> &'static str {
        match self {
            Self::Observed => "observed",
            Self::ReplyOnly => "reply-only",
            Self::Afterwards => "afterwards",
        }
    }
}

/// A failure beside its counterpart, with all that is known of the two.
pub(super) struct Case<'a> {
    pub(super) knowledge: &'a Knowledge,
    pub(super) diagnosis: &'a Diagnosis,
    pub(super) counterpart: &'a Counterpart<'a>,
    pub(super) working: &'a Side<'a>,
    pub(super) failing: &'a Side<'a>,
    pub(super) rows: &'a Rows,
    pub(super) wire: &'a Wire,
    pub(super) claims: &'a Both,
}

impl Case<'_> {
    /// What explains the failure, if anything does.
    pub(super) fn explanation(&self) -> Option<Explanation> {
        let is_open = self.diagnosis.causes.first().is_none_or(|first| first.id == UNDETERMINED);
        let is_named = |cause: &&RankedCause| cause.id != UNDETERMINED && cause.id != NOT_MODELLED;
        let mut named = self.diagnosis.causes.iter().filter(is_named);
        // Where the failing capture alone cannot tell, a difference may; else only the first cause is asked.
        if is_open {
            // The sign-in that gave a token is another step than the one that failed, and decides nothing.
            return named.filter(|_| self.counterpart.gave_token.is_none()).find_map(|cause| self.observed(cause, &STRONG));
        }
        let decided = named.next()?;
        let of_claims = |strengths: &[Strength]| self.observed(decided, strengths);
        if self.counterpart.gave_token.is_some() {
            return of_claims(&STRONG).or_else(|| of_claims(&[Strength::Weak])).or_else(|| self.of_the_token(decided));
        }
        let sent = || of_what_was_sent(decided, self.wire).or_else(|| self.of_the_reply(decided));
        let weak = || of_claims(&[Strength::Weak]);
        of_claims(&STRONG).or_else(|| self.of_silence(decided)).or_else(weak).or_else(|| self.of_its_subject(decided)).or_else(sent)
    }

    /// That only the failing request may show no page, where the cause lies in that: whatever else differs then, a page could
    /// have made up for it.
    fn of_silence(&self, cause: &RankedCause) -> Option<Explanation> {
        let lies_in_it = self.knowledge.cause(&cause.id)?.about.iter().any(|subject| subject == "prompt");
        let is_silent = |step: Option<&Step<'_>>| step.map(Step::is_silent);
        let working = is_silent(self.counterpart.working.begin(&self.working.traffic));
        let failing = is_silent(self.counterpart.compared().begin(&self.failing.traffic));
        let differs = lies_in_it && (working, failing) == (Some(false), Some(true));
        let prompt = self.wire.differences.iter().find(|difference| differs && difference.subject == Some("prompt"))?;
        Some(from_differences(cause, &[prompt], prompt.statement.clone()))
    }

    /// What a cause lies in and the two do not have alike.
    fn of_its_subject(&self, cause: &RankedCause) -> Option<Explanation> {
        let about = &self.knowledge.cause(&cause.id)?.about;
        let mut differing: Vec<&Difference> = Vec::new();
        for subject in about {
            differing.extend(self.wire.differences.iter().find(|difference| difference.subject == Some(subject)));
        }
        match differing.as_slice() {
            [] => None,
            [only] => Some(from_differences(cause, &[only], only.statement.clone())),
            several => {
                let statements: Vec<&str> = several.iter().map(|difference| difference.statement.as_str()).collect();
                Some(from_differences(cause, several, format!("Any of these may be it: {}", statements.join(" "))))
            }
        }
    }

    /// What was asked for otherwise by the sign-in that gave a refused token.
    fn of_the_token(&self, cause: &RankedCause) -> Option<Explanation> {
        let explanation = self.of_its_subject(cause)?;
        Some(Explanation { statement: format!("The sign-ins that gave the tokens differ: {}", explanation.statement), ..explanation })
    }

    /// That the working capture fails so too, and another attempt of it then signs in.
    pub(super) fn of_what_follows(&self, attempt: &Attempt) -> Option<Explanation> {
        let cause = self.diagnosis.causes.first()?;
        let event = self.counterpart.event;
        let steps = attempt.steps(&self.working.traffic);
        let signed_in = steps.rev().find(|step| gives_reply(step)).or_else(|| attempt.begin(&self.working.traffic))?;
        Some(Explanation {
            cause: cause.id.clone(),
            confidence: cause.confidence,
            basis: Basis::Afterwards,
            check: None,
            step: self.step(),
            statement: format!(
                "Both captures fail so here. In the working one attempt {} signs in afterwards; in the failing one no sign-in that works follows.",
                attempt.id
            ),
            working: vec![wire::reply(self.working, signed_in)],
            failing: vec![self.failing.traffic.names.failure(self.failing.step(event.step)?.entry, &event.failure)],
        })
    }

    /// The failing step, in the words of the protocol.
    fn step(&self) -> String {
        self.failing.step(self.counterpart.event.step).map(|step| self.failing.asked(step)).unwrap_or_default()
    }

    /// What a cause rests on, by rules of some strengths, and the working capture contradicts.
    fn observed(&self, cause: &RankedCause, strengths: &[Strength]) -> Option<Explanation> {
        let rules = &self.knowledge.cause(&cause.id)?.rules;
        let is_meant =
            |rule: &&Rule| rule.side == knowledge::Side::For && strengths.contains(&rule.strength) && rule.applies_to(self.diagnosis.code);
        let rules: Vec<&Rule> = rules.iter().filter(is_meant).filter(|rule| holds(rule, &self.claims.failing)).collect();
        let differing = |finding: &'_ Finding| {
            let observation = self.claims.otherwise(finding.claim, finding.seen)?;
            rules.iter().any(|rule| self.claims.is_contradicted(rule, finding.claim)).then_some(observation)
        };
        let (finding, observation) = cause.supporting.iter().find_map(|finding| Some((finding, differing(finding)?)))?;
        Some(Explanation {
            cause: cause.id.clone(),
            confidence: cause.confidence,
            basis: Basis::Observed,
            check: Some(finding.check),
            step: self.step(),
            statement: in_both(finding, observation, self.claims),
            working: self.wire.shown_at(&finding.evidence).unwrap_or_else(|| observation.evidence()),
            failing: finding.evidence.clone(),
        })
    }

    /// That the same request is answered otherwise.
    fn of_the_reply(&self, cause: &RankedCause) -> Option<Explanation> {
        let event = self.counterpart.event;
        let (answered, failed) = (self.working.step(self.rows.same_as(event.step)?)?, self.failing.step(event.step)?);
        let (good, bad) = (self.working.answered(answered), self.failing.answered(failed));
        if good == bad {
            return None;
        }
        let alike = match (self.wire.is_asked_alike(), self.wire.unknown.is_empty() && self.wire.is_account_compared) {
            (true, true) => "Both captures ask the same up to here, apart from what is new every time. ",
            (true, false) => "In what the files show, both captures ask the same up to here, apart from what is new every time. ",
            (false, _) => "",
        };
        Some(Explanation {
            cause: cause.id.clone(),
            confidence: cause.confidence,
            basis: Basis::ReplyOnly,
            check: None,
            step: self.step(),
            statement: format!("{alike}The working capture is answered with {good}, the failing one with {bad}."),
            working: vec![wire::reply(self.working, answered)],
            failing: vec![self.failing.traffic.names.failure(failed.entry, &event.failure)],
        })
    }
}

/// What was sent otherwise at a place that the cause rests on.
fn of_what_was_sent(cause: &RankedCause, wire: &Wire) -> Option<Explanation> {
    let telling = || cause.supporting.iter().filter(|finding| !is_premise(finding.claim, finding.seen));
    let places = || telling().flat_map(|finding| &finding.evidence);
    let rests_on = |one: &Evidence| places().any(|other| is_at_part_of(one, other));
    let is_sent = |aspect: Aspect| !aspect.is_of_the_answer() && !matches!(aspect, Aspect::Step | Aspect::Timing);
    let difference = wire.differences.iter().find(|one| is_sent(one.aspect) && one.failing.iter().any(rests_on))?;
    Some(from_differences(cause, &[difference], difference.statement.clone()))
}

/// Whether two are of the same part of a request or reply; a whole request is no part.
fn is_at_part_of(one: &Evidence, other: &Evidence) -> bool {
    one.is_at_place_of(other) && one.part() != "request.url"
}

/// What differs as what explains a failure; the first of it tells the step.
fn from_differences(cause: &RankedCause, differences: &[&Difference], statement: String) -> Explanation {
    let places = |of: fn(&Difference) -> &[Evidence]| differences.iter().flat_map(|difference| of(difference)).cloned().collect();
    Explanation {
        cause: cause.id.clone(),
        confidence: cause.confidence,
        basis: Basis::Observed,
        check: None,
        step: differences.first().map(|first| first.step.clone()).unwrap_or_default(),
        statement,
        working: places(|difference| &difference.working),
        failing: places(|difference| &difference.failing),
    }
}

/// Tells what each difference has to do with a failure, and puts what explains it first.
pub(super) fn put_in_order(
    differences: &mut [Difference],
    diagnosis: &Diagnosis,
    explains: Option<&Explanation>,
    failed_at: Option<usize>,
) {
    let cause = explains.and_then(|explains| diagnosis.causes.iter().find(|cause| cause.id == explains.cause));
    let supporting: Vec<&Evidence> = cause.iter().flat_map(|cause| &cause.supporting).flat_map(|finding| &finding.evidence).collect();
    for difference in differences.iter_mut() {
        let stands_in = |evidence: &[Evidence]| {
            difference.failing.iter().any(|own| evidence.iter().any(|other| own == other || is_at_part_of(own, other)))
        };
        let is_at_failure = difference.failing.first().map(Evidence::entry) == failed_at;
        difference.role = match explains {
            _ if difference.aspect.is_of_the_answer() && is_at_failure => Role::Outcome,
            Some(explains) if stands_in(&explains.failing) => Role::Explains,
            _ if difference.failing.iter().any(|own| supporting.iter().any(|other| is_at_part_of(own, other))) => Role::Supports,
            _ => Role::Bystander,
        };
    }
    differences.sort_by_key(|difference| difference.role);
}

/// What the two captures show, as sentences.
fn in_both(finding: &Finding, observation: &Observation, both: &Both) -> String {
    let info = both.working.get(finding.claim).map(|claim| claim.info);
    let there = info.map_or("", |info| if matches!(observation, Observation::Seen { .. }) { info.seen } else { info.not_seen });
    format!("In the failing capture: {} In the working one: {there}", finding.statement)
}
