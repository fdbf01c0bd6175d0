//! Claims: named, three-valued, with their evidence.

use super::storage_access;
use crate::capture::Exporter;
use crate::entra::{Coverage, Evidence};
use std::collections::BTreeMap;

/// How to record cookies: the advice of every claim about them.
pub(super) const RECORD_COOKIES: &str = "Export with cookies: in Chrome and Edge turn on “Allow to generate HAR with sensitive data” (DevTools settings, Preferences, \
                      Network), then choose “Export HAR (with sensitive data)”; record from before the sign-in, with Preserve log on.";

/// The same for a capture by Chromium's own log.
const RECORD_COOKIES_IN_NETLOG: &str = "Record the log again with “Include cookies and credentials” chosen on the net-export page, from before the sign-in: \
                                        then it names the cookies that were sent, and those that were withheld with the browser's reason.";

/// The same for a capture that has its cookies: it only begins too late.
const RECORD_EARLIER: &str = "Record from before the sign-in, with Preserve log on.";

/// What tells on a browser that does not say what it does with a frame's cookies: in another the sign-in may just work.
const COMPARE_BROWSERS: &str = "Record the same sign-in in Chrome or Edge as well, which write into each request of a frame whether cookies are allowed \
                                there. If it works there, let entrace compare tell what differs: entrace compare WORKING FAILING.";

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
    /// What to record to settle it, where the capture cannot show it; empty for a claim about what the user
    /// said, which no recording can settle.
    pub record: &'static str,
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
    },
}

impl Observation {
    /// Seen at one place.
    pub fn seen(evidence: Evidence) -> Self {
        Self::Seen { first: evidence, rest: Vec::new() }
    }

    /// Seen where there is evidence, otherwise `otherwise`: no place, no finding.
    pub fn seen_or(evidence: impl IntoIterator<Item = Evidence>, otherwise: Self) -> Self {
        let mut evidence = evidence.into_iter();
        match evidence.next() {
            Some(first) => Self::Seen { first, rest: evidence.take(PLACES - 1).collect() },
            None => otherwise,
        }
    }

    /// Looked for and not there.
    pub fn not_seen(searched: impl IntoIterator<Item = Evidence>) -> Self {
        Self::NotSeen { searched: searched.into_iter().take(PLACES).collect() }
    }

    /// Not to be told from this capture.
    pub fn not_recorded(why: impl Into<String>) -> Self {
        Self::NotRecorded { why: why.into() }
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
    pub(super) const fn of_log(name: &'static str, seen: &'static str, not_seen: &'static str) -> Self {
        Self { name, seen, not_seen, record: "" }
    }

    /// What to record to settle it, with the program that recorded the capture, where this much is there of its cookies.
    pub fn record_with(&self, exporter: Exporter, cookies: Coverage) -> &'static str {
        match exporter {
            _ if self.record == RECORD_COOKIES && cookies == Coverage::Recorded => RECORD_EARLIER,
            Exporter::ChromiumNetLog if self.record == RECORD_COOKIES => RECORD_COOKIES_IN_NETLOG,
            Exporter::Safari | Exporter::Firefox if [storage_access::RECORD, storage_access::RECORD_NETLOG].contains(&self.record) => {
                COMPARE_BROWSERS
            }
            _ => self.record,
        }
    }

    /// A claim with what was observed of it.
    pub fn is(&'static self, observation: Observation) -> Claim {
        Claim { info: self, observation }
    }
}

/// What all checks say of one scene, by claim.
#[derive(Clone, Debug)]
pub struct Observations {
    claims: BTreeMap<&'static str, (&'static str, Claim)>,
}

impl Observations {
    pub(super) fn new(claims: impl Iterator<Item = (&'static str, Claim)>) -> Self {
        Self { claims: claims.map(|(check, claim)| (claim.info.name, (check, claim))).collect() }
    }

    /// The claim of that name.
    pub fn get(&self, name: &str) -> Option<&Claim> {
        self.claims.get(name).map(|(_, claim)| claim)
    }

    /// The check that publishes the claim of that name.
    pub fn check_of(&self, name: &str) -> Option<&'static str> {
        self.claims.get(name).map(|(check, _)| *check)
    }

    /// Every claim, by name.
    pub fn iter(&self) -> impl Iterator<Item = &Claim> {
        self.claims.values().map(|(_, claim)| claim)
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

    #[test]
    fn the_advice_fits_the_recorder() {
        let claim = |record| ClaimInfo { name: "", seen: "", not_seen: "", record };
        let cookies = claim(RECORD_COOKIES);
        assert!(cookies.record_with(Exporter::ChromiumNetLog, Coverage::Stripped).contains("net-export"));
        assert_eq!(cookies.record_with(Exporter::ChromiumDevTools, Coverage::Partly), RECORD_COOKIES);
        assert_eq!(claim("Record the body.").record_with(Exporter::ChromiumNetLog, Coverage::Recorded), "Record the body.");
        let of_frame = claim(storage_access::RECORD);
        assert_eq!(of_frame.record_with(Exporter::Safari, Coverage::Recorded), COMPARE_BROWSERS);
        assert_eq!(of_frame.record_with(Exporter::Fiddler, Coverage::Recorded), storage_access::RECORD);
        // Whoever exported with cookies has not to be told how.
        assert_eq!(cookies.record_with(Exporter::ChromiumDevTools, Coverage::Recorded), RECORD_EARLIER);
    }
}
