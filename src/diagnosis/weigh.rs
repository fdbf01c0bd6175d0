//! Weighs the claims by the rules of the knowledge files, and ranks the causes.
//!
//! Conditions follow Kleene's three-valued logic: a rule with an input that was not recorded is unknown,
//! never false. Unknown rules weigh nothing, but one that could exclude a cause keeps it from being certain.

use super::UNDETERMINED;
use crate::checks::{Lack, Observation, Observations, Record};
use crate::entra::{ErrorCode, Evidence};
use crate::knowledge::{Cause, Fix, Knowledge, Rule, Side, Strength, Symptom, Topic, by_audience};
use std::cmp::Reverse;
use std::collections::{BTreeSet, HashSet};
use std::fmt;

/// How sure a cause is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
#[non_exhaustive]
pub enum Confidence {
    /// Nothing tells it from its siblings.
    Possible,
    /// Something strong speaks for it, and more than for any other.
    Likely,
    /// Something decisive speaks for it, nothing strong against it, and nothing unknown could exclude it.
    Certain,
}

impl Confidence {
    /// The word in reports.
    pub fn name(self) -> &'static str {
        match self {
            Self::Possible => "possible",
            Self::Likely => "likely",
            Self::Certain => "certain",
        }
    }
}

impl fmt::Display for Confidence {
    /// The word in reports.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.name())
    }
}

/// One claim that speaks for or against a cause, with its evidence.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Finding {
    /// The check that observed it.
    pub check: &'static str,
    /// The claim.
    pub claim: &'static str,
    /// Whether the claim was seen; otherwise it was looked for and not there.
    pub seen: bool,
    /// What was observed, as a sentence.
    pub statement: &'static str,
    /// How much the rule weighs that it stands in.
    pub strength: Strength,
    /// Where; for what was not seen, where it was looked for.
    pub evidence: Vec<Evidence>,
}

/// One claim that the capture could not show.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Unknown {
    /// The check.
    pub check: &'static str,
    /// The claim.
    pub claim: &'static str,
    /// Why not.
    pub why: String,
}

/// One cause with all that speaks for and against it.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct RankedCause {
    /// Its id.
    pub id: String,
    /// How sure it is.
    pub confidence: Confidence,
    /// What happened.
    pub summary: String,
    /// What speaks for it.
    pub supporting: Vec<Finding>,
    /// What speaks against it.
    pub opposing: Vec<Finding>,
    /// What the capture could not show.
    pub unknown: Vec<Unknown>,
    /// The claims among those that could change how sure it is: weak rules alone change nothing.
    pub(super) decisive: BTreeSet<&'static str>,
    /// Who can do what.
    pub fixes: Vec<Fix>,
    /// The same for every failure of this cause, where that is not the same: what a rule of SARIF says stands for all.
    pub(crate) fixes_of_all: Option<Vec<Fix>>,
    /// Where to read more.
    pub references: Vec<String>,
}

impl RankedCause {
    /// A cause of which this alone is told: nothing was weighed, and nobody can do anything yet.
    pub(super) fn told(id: &str, summary: impl Into<String>) -> Self {
        Self {
            id: id.to_owned(),
            confidence: Confidence::Possible,
            summary: summary.into(),
            supporting: Vec::new(),
            opposing: Vec::new(),
            unknown: Vec::new(),
            decisive: BTreeSet::new(),
            fixes: Vec::new(),
            fixes_of_all: None,
            references: Vec::new(),
        }
    }
}

/// One cause that the evidence rules out.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct RuledOut {
    /// Its id.
    pub id: String,
    /// What rules it out.
    pub because: Vec<Finding>,
}

/// The causes of one failure.
pub(super) struct Ranked {
    pub(super) causes: Vec<RankedCause>,
    pub(super) ruled_out: Vec<RuledOut>,
}

impl Ranked {
    /// The one cause that can be told where none can be weighed.
    pub(super) fn only(cause: RankedCause) -> Self {
        Self { causes: vec![cause], ruled_out: Vec::new() }
    }

    /// The same where nothing of the traffic is known: no cause of it is certain.
    pub(super) fn without_traffic(mut self) -> Self {
        for cause in &mut self.causes {
            cause.confidence = cause.confidence.min(Confidence::Likely);
        }
        self
    }
}

/// Three-valued truth.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Truth {
    True,
    False,
    Unknown,
}

/// What the rules of one cause come to.
struct Candidate<'k> {
    cause: &'k Cause,
    order: usize,
    /// What can be done, as far as it fits what was seen.
    fixes: Vec<Fix>,
    /// Strong rules that hold, for less against; a decisive one counts as two.
    strong: i32,
    /// The same for weak rules: they order what is equally strong and change no confidence.
    weak: i32,
    decisive: bool,
    strongly_opposed: bool,
    may_be_excluded: bool,
    supporting: Vec<Finding>,
    opposing: Vec<Finding>,
    unknown: Vec<Unknown>,
    /// Those of them that could change how sure it is.
    unknown_decisive: BTreeSet<&'static str>,
    /// Those of them that could speak against it.
    unknown_against: BTreeSet<&'static str>,
}

pub(super) fn rank(topic: Topic<'_>, number: Option<ErrorCode>, knowledge: &Knowledge, observations: &Observations) -> Ranked {
    let mut candidates = Vec::new();
    let mut ruled_out = Vec::new();
    for (order, cause) in topic.causes.iter().filter_map(|id| knowledge.cause(id)).enumerate() {
        match consider(cause, order, number, observations) {
            Ok(candidate) => candidates.push(candidate),
            Err(out) => ruled_out.push(out),
        }
    }
    let mut causes = settle(candidates);
    if causes.first().is_none_or(|first| first.confidence == Confidence::Possible) {
        let only = causes.len() == 1;
        causes.insert(0, undetermined(causes.is_empty(), only));
    }
    Ranked { causes, ruled_out }
}

/// The causes of a failure of which words alone are known: what they speak for first, without what they rule out or speak against.
pub(crate) fn causes_by_words<'k>(symptom: &'k Symptom, knowledge: &'k Knowledge, words: &Observations) -> Vec<&'k Cause> {
    let ranked = rank(Topic::of_symptom(symptom), None, knowledge, words);
    let fits = |cause: &&RankedCause| cause.opposing.is_empty() || !cause.supporting.is_empty();
    let causes = ranked.causes.iter().filter(fits).filter_map(|cause| knowledge.cause(&cause.id));
    causes.filter(|cause| !lacks_its_signs(cause, words)).collect()
}

/// Whether a cause has signs that would decide for it, and none of them is there.
fn lacks_its_signs(cause: &Cause, words: &Observations) -> bool {
    let mut signs = cause.rules.iter().filter(|rule| rule.side == Side::For && rule.strength == Strength::Decisive).peekable();
    signs.peek().is_some() && signs.all(|rule| evaluate(rule, words) == Truth::False)
}

fn consider<'k>(cause: &'k Cause, order: usize, number: Option<ErrorCode>, observations: &Observations) -> Result<Candidate<'k>, RuledOut> {
    let mut candidate = Candidate {
        cause,
        order,
        fixes: by_audience(cause.fixes.iter().filter(|fix| fits(fix, number, observations))).into_iter().cloned().collect(),
        strong: 0,
        weak: 0,
        decisive: false,
        strongly_opposed: false,
        may_be_excluded: false,
        supporting: Vec::new(),
        opposing: Vec::new(),
        unknown: Vec::new(),
        unknown_decisive: BTreeSet::new(),
        unknown_against: BTreeSet::new(),
    };
    for rule in cause.rules.iter().filter(|rule| rule.applies_to(number)) {
        let truth = evaluate(rule, observations);
        let out = || RuledOut { id: cause.id.clone(), because: findings(rule, observations) };
        match (rule.side, truth) {
            (Side::Excludes, Truth::True) | (Side::Requires, Truth::False) => return Err(out()),
            (Side::Excludes | Side::Requires, Truth::Unknown) => {
                candidate.may_be_excluded = true;
                candidate.note_unknown(rule, observations);
            }
            (Side::For | Side::Against, Truth::True) => candidate.weigh(rule, observations),
            (Side::For | Side::Against, Truth::Unknown) => candidate.note_unknown(rule, observations),
            (_, Truth::False) | (Side::Requires, Truth::True) => {}
        }
    }
    Ok(candidate)
}

impl Candidate<'_> {
    fn weigh(&mut self, rule: &Rule, observations: &Observations) {
        let (sign, list) = if rule.side == Side::For { (1, &mut self.supporting) } else { (-1, &mut self.opposing) };
        for finding in findings(rule, observations) {
            match list.iter_mut().find(|known| known.claim == finding.claim) {
                Some(known) if weight(known.strength) < weight(finding.strength) => known.strength = finding.strength,
                Some(_) => {}
                None => list.push(finding),
            }
        }
        match rule.strength {
            Strength::Decisive => self.strong += 2 * sign,
            Strength::Strong => self.strong += sign,
            Strength::Weak => self.weak += sign,
        }
        match (rule.side, rule.strength) {
            (Side::For, Strength::Decisive) => self.decisive = true,
            (Side::Against, Strength::Decisive | Strength::Strong) => self.strongly_opposed = true,
            _ => {}
        }
    }

    fn note_unknown(&mut self, rule: &Rule, observations: &Observations) {
        for name in rule.claims() {
            let Some(claim) = observations.get(name) else { continue };
            let known = self.unknown.iter().any(|unknown| unknown.claim == claim.info.name);
            // Some questions no recording answers.
            let is_moot =
                claim.info.record == Record::Nothing || matches!(claim.observation, Observation::NotRecorded { lack: Lack::Nothing, .. });
            if matches!(rule.side, Side::Excludes | Side::Requires) || rule.strength != Strength::Weak {
                self.unknown_decisive.insert(claim.info.name);
            }
            if rule.side != Side::For {
                self.unknown_against.insert(claim.info.name);
            }
            if let (Observation::NotRecorded { why, .. }, false, false) = (&claim.observation, known, is_moot) {
                self.unknown.push(Unknown { check: claim.check.name, claim: claim.info.name, why: why.clone() });
            }
        }
    }

    fn has_strong_support(&self) -> bool {
        self.supporting.iter().any(|finding| finding.strength != Strength::Weak)
    }
}

fn weight(strength: Strength) -> u8 {
    match strength {
        Strength::Weak => 0,
        Strength::Strong => 1,
        Strength::Decisive => 2,
    }
}

/// Gives each candidate its confidence and puts them in order.
fn settle(candidates: Vec<Candidate<'_>>) -> Vec<RankedCause> {
    let strengths: Vec<i32> = candidates.iter().map(|candidate| candidate.strong).collect();
    let mut ranked: Vec<_> = candidates
        .into_iter()
        .enumerate()
        .map(|(at, candidate)| {
            let others = strengths.iter().enumerate().filter(|(other, _)| *other != at).map(|(_, strong)| *strong).max();
            let ahead = candidate.strong >= 1 && others.is_none_or(|best| candidate.strong > best);
            let confidence = match () {
                () if candidate.decisive && ahead && !candidate.strongly_opposed && !candidate.may_be_excluded => Confidence::Certain,
                () if candidate.has_strong_support() && ahead => Confidence::Likely,
                () => Confidence::Possible,
            };
            let key = (Reverse(confidence), Reverse(candidate.strong), Reverse(candidate.weak), candidate.order);
            (key, candidate, confidence)
        })
        .collect();
    ranked.sort_by_key(|(key, ..)| *key);
    ranked.into_iter().map(|(_, candidate, confidence)| finish(candidate, confidence)).collect()
}

fn finish(mut candidate: Candidate<'_>, confidence: Confidence) -> RankedCause {
    // More support would change nothing any more.
    if confidence == Confidence::Certain {
        let against = candidate.unknown_against;
        candidate.unknown.retain(|unknown| against.contains(unknown.claim));
    }
    RankedCause {
        id: candidate.cause.id.clone(),
        confidence,
        summary: candidate.cause.summary.clone(),
        supporting: strongest_first(candidate.supporting),
        opposing: strongest_first(candidate.opposing),
        unknown: candidate.unknown,
        decisive: candidate.unknown_decisive,
        fixes_of_all: (candidate.fixes.len() < candidate.cause.fixes.len()).then(|| in_order(candidate.cause)),
        fixes: candidate.fixes,
        references: candidate.cause.references.clone(),
    }
}

/// The fixes of a cause, by who can do them.
fn in_order(cause: &Cause) -> Vec<Fix> {
    by_audience(&cause.fixes).into_iter().cloned().collect()
}

/// Whether a fix is for what was seen here.
fn fits(fix: &Fix, number: Option<ErrorCode>, observations: &Observations) -> bool {
    let seen = |name: &String| observations.get(name).is_some_and(|claim| matches!(claim.observation, Observation::Seen { .. }));
    fix.applies_to(number) && (fix.when.is_empty() || fix.when.iter().any(seen)) && !fix.unless.iter().any(seen)
}

fn strongest_first(mut findings: Vec<Finding>) -> Vec<Finding> {
    findings.sort_by_key(|finding| Reverse(weight(finding.strength)));
    findings
}

fn undetermined(all_excluded: bool, only_one: bool) -> RankedCause {
    let summary = match (all_excluded, only_one) {
        (true, _) => "Nothing that was recorded points to one of the known causes.",
        (false, true) => "What was recorded does not show whether the one known cause is at work here.",
        (false, false) => "What was recorded does not tell the possible causes apart.",
    };
    RankedCause::told(UNDETERMINED, summary)
}

/// Whether a rule holds for what was observed.
pub(crate) fn holds(rule: &Rule, observations: &Observations) -> bool {
    evaluate(rule, observations) == Truth::True
}

fn evaluate(rule: &Rule, observations: &Observations) -> Truth {
    let seen = |name: &String| match observations.get(name).map(|claim| &claim.observation) {
        Some(Observation::Seen { .. }) => Truth::True,
        Some(Observation::NotSeen { .. }) => Truth::False,
        Some(Observation::NotRecorded { .. }) | None => Truth::Unknown,
    };
    let not_seen = |name: &String| match seen(name) {
        Truth::True => Truth::False,
        Truth::False => Truth::True,
        Truth::Unknown => Truth::Unknown,
    };
    let any = if rule.any.is_empty() { Truth::True } else { some(rule.any.iter().map(seen)) };
    every(rule.all.iter().map(seen).chain(rule.none.iter().map(not_seen)).chain([any]))
}

fn every(truths: impl Iterator<Item = Truth>) -> Truth {
    truths.fold(Truth::True, |all, truth| match (all, truth) {
        (Truth::False, _) | (_, Truth::False) => Truth::False,
        (Truth::Unknown, _) | (_, Truth::Unknown) => Truth::Unknown,
        (Truth::True, Truth::True) => Truth::True,
    })
}

fn some(truths: impl Iterator<Item = Truth>) -> Truth {
    truths.fold(Truth::False, |any, truth| match (any, truth) {
        (Truth::True, _) | (_, Truth::True) => Truth::True,
        (Truth::Unknown, _) | (_, Truth::Unknown) => Truth::Unknown,
        (Truth::False, Truth::False) => Truth::False,
    })
}

/// The claims of a rule that was decided, each with what was observed.
fn findings(rule: &Rule, observations: &Observations) -> Vec<Finding> {
    let mut found = Vec::new();
    let mut named = HashSet::new();
    for name in rule.claims().filter(|name| named.insert(*name)) {
        let Some(claim) = observations.get(name) else { continue };
        let statement = match &claim.observation {
            Observation::Seen { .. } => claim.info.seen,
            // Of alternatives only those that were seen are an argument.
            Observation::NotSeen { .. } if rule.side != Side::Requires && rule.any.iter().any(|any| any == name) => continue,
            Observation::NotSeen { .. } => claim.info.not_seen,
            Observation::NotRecorded { .. } => continue,
        };
        let seen = matches!(claim.observation, Observation::Seen { .. });
        found.push(Finding {
            seen,
            check: claim.check.name,
            claim: claim.info.name,
            statement,
            strength: rule.strength,
            evidence: claim.observation.evidence(),
        });
    }
    found
}
