//! Claims: named, three-valued, with their evidence.

use super::{Check, Record};
use crate::entra::Evidence;
use crate::exchange::Loss;
use std::collections::BTreeMap;

/// What a claim is called and how reports word it.
#[derive(Debug)]
#[non_exhaustive]
pub struct ClaimInfo {
    /// `check.claim`.
    pub name: &'static str,
    /// The sentence when it was seen.
    pub seen: &'static str,
    /// The sentence when it was looked for and not there.
    pub not_seen: &'static str,
    /// What it leaves open where the capture could not show it, as a question; claims that answer one question have the same.
    /// What its check looks at (`Check::about`) is wider, and part of that may be known.
    pub question: &'static str,
    /// What to record to settle it, where the capture cannot show it.
    pub record: Record,
}

/// One claim about one scene.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct Claim {
    /// What it is about.
    pub info: &'static ClaimInfo,
    /// What was observed.
    pub observation: Observation,
}

/// How many places of one claim are kept. Failures may be as many as entries; if each kept every place, memory would grow by the square.
const PLACES: usize = 40;

/// Seen, not seen, not recorded.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Observation {
    /// It is there: here is the evidence, at least one place.
    Seen {
        /// The first place.
        first: Evidence,
        /// Further places, 39 at most.
        rest: Vec<Evidence>,
    },
    /// It was looked for where it would be, and is not there.
    NotSeen {
        /// Where it was looked for: the first 40 places.
        searched: Vec<Evidence>,
    },
    /// The capture could not show it, so nothing follows.
    NotRecorded {
        /// Why not.
        why: String,
        /// What is lacking.
        lack: Lack,
        /// What to record instead of what the claim says, where that would not settle it for this reason.
        instead: Option<Record>,
    },
}

/// What is lacking where the capture could not show a claim.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Lack {
    /// A recorder or exporter lost the part that would show it.
    Lost(Loss),
    /// It is not in the capture: no such request, no such text.
    Absent,
    /// Nothing: the question does not arise here, and no recording would answer it. A refresh has no authorization request.
    Nothing,
}

impl Observation {
    /// Seen at one place.
    pub fn seen(evidence: Evidence) -> Self {
        Self::Seen { first: evidence, rest: Vec::new() }
    }

    /// Seen at one place, and at these too.
    pub fn seen_with(first: Evidence, further: impl IntoIterator<Item = Evidence>) -> Self {
        Self::Seen { first, rest: further.into_iter().take(PLACES - 1).collect() }
    }

    /// Seen where there is evidence, otherwise `otherwise`: no place, no finding.
    pub fn seen_or(evidence: impl IntoIterator<Item = Evidence>, otherwise: Self) -> Self {
        let mut evidence = evidence.into_iter();
        match evidence.next() {
            Some(first) => Self::seen_with(first, evidence),
            None => otherwise,
        }
    }

    /// Looked for and not there.
    pub fn not_seen(searched: impl IntoIterator<Item = Evidence>) -> Self {
        Self::NotSeen { searched: searched.into_iter().take(PLACES).collect() }
    }

    /// Not to be told from this capture.
    pub fn not_recorded(why: impl Into<String>) -> Self {
        Self::NotRecorded { why: why.into(), lack: Lack::Absent, instead: None }
    }

    /// A question that does not arise here: nobody asks it, and no recording would answer it.
    pub fn moot(why: impl Into<String>) -> Self {
        Self::NotRecorded { why: why.into(), lack: Lack::Nothing, instead: None }
    }

    /// Not to be told, though all that would be looked at is there: to record it again would show no more.
    pub fn untold(why: impl Into<String>) -> Self {
        Self::not_recorded(why).settled_by(Record::Nothing)
    }

    /// The same, where for this reason something else has to be recorded than what the claim says.
    pub(super) fn settled_by(self, record: Record) -> Self {
        match self {
            Self::NotRecorded { why, lack, .. } => Self::NotRecorded { why, lack, instead: Some(record) },
            known => known,
        }
    }

    /// Not to be told because a part is lost.
    pub fn lost(loss: Loss, part: &str) -> Self {
        Self::NotRecorded { why: loss.explain(part), lack: Lack::Lost(loss), instead: None }
    }

    /// Every place, seen or searched.
    pub fn evidence(&self) -> Vec<Evidence> {
        match self {
            Self::Seen { first, rest } => std::iter::once(first).chain(rest).cloned().collect(),
            Self::NotSeen { searched } => searched.clone(),
            Self::NotRecorded { .. } => Vec::new(),
        }
    }
}

impl ClaimInfo {
    /// A claim about a log, without advice on recording: whoever gave none may have none.
    pub(super) const fn of_log(name: &'static str, seen: &'static str, not_seen: &'static str, question: &'static str) -> Self {
        Self { name, seen, not_seen, question, record: Record::Nothing }
    }

    /// A claim with what was observed of it.
    pub fn is(&'static self, observation: Observation) -> Claim {
        Claim { info: self, observation }
    }
}

/// A claim with the check that publishes it.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct Observed {
    /// The check.
    pub check: &'static Check,
    /// What it is about.
    pub info: &'static ClaimInfo,
    /// What was observed.
    pub observation: Observation,
}

impl Observed {
    /// What to record to settle it.
    pub(crate) fn record(&self) -> Record {
        match &self.observation {
            Observation::NotRecorded { instead: Some(record), .. } => *record,
            _ => self.info.record,
        }
    }
}

/// What all checks say of one scene, by claim.
#[derive(Clone, Debug)]
pub struct Observations {
    claims: BTreeMap<&'static str, Observed>,
}

impl Observations {
    pub(super) fn new(claims: impl Iterator<Item = (&'static Check, Claim)>) -> Self {
        let observed = |(check, Claim { info, observation })| (info.name, Observed { check, info, observation });
        Self { claims: claims.map(observed).collect() }
    }

    /// What somebody's words alone say: the claims that they affirm, and those that they would affirm if they held.
    pub(crate) fn of_words(seen: &[&str], not_seen: &[&str]) -> Self {
        let is = |name: &str| {
            let is_in = |names: &[&str]| names.contains(&name);
            let not_seen = || is_in(not_seen).then(|| Observation::not_seen([Evidence::pasted()]));
            is_in(seen).then(|| Observation::seen(Evidence::pasted())).or_else(not_seen)
        };
        let all = super::ALL.iter().flat_map(|check| check.claims.iter().map(move |claim| (*check, claim)));
        Self::new(all.filter_map(|(check, info)| Some((check, info.is(is(info.name)?)))))
    }

    /// The claim of that name.
    pub fn get(&self, name: &str) -> Option<&Observed> {
        self.claims.get(name)
    }

    /// Every claim, by name.
    pub fn iter(&self) -> impl Iterator<Item = &Observed> {
        self.claims.values()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_claim_keeps_its_first_places_and_looks_no_further() {
        let places = || (0..).map(|entry| Evidence::searched(entry, "request.url"));
        for observation in [Observation::not_seen(places()), Observation::seen_or(places(), Observation::not_recorded("nowhere"))] {
            let entries: Vec<usize> = observation.evidence().iter().map(Evidence::entry).collect();
            assert_eq!(entries, (0..PLACES).collect::<Vec<_>>());
        }
    }
}
