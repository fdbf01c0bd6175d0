//! One row: a claim, a capture, and what the claim must be in it.

use crate::support::{ADA, BOB, CaptureBuilder, Console, Entry, GRACE, Log, capture};
use entrace::Capture;
use entrace::checks::{self, Beside, Expectation, Index, Observation, Scene};
use entrace::diagnosis::{Occurrence, join, join_msal};
use entrace::entra::{ClientId, Evidence, Tenant, Traffic};
use entrace::msal_log::MsalLogs;
use entrace::sign_in_log::SignInLogs;
use entrace::signin::SignIns;
use std::fmt;

/// What a claim is in a scene, without its evidence.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Kind {
    Seen,
    NotSeen,
    NotRecorded,
}

impl fmt::Display for Kind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Seen => "seen",
            Self::NotSeen => "not seen",
            Self::NotRecorded => "not recorded",
        })
    }
}

/// One row.
pub(crate) struct Case {
    /// The claim.
    pub(crate) claim: &'static str,
    /// What is so in this capture.
    pub(crate) when: &'static str,
    capture: CaptureBuilder,
    expectation: Expectation,
    log: Option<Log>,
    console: Option<Console>,
    of_first_failure: bool,
    expected: Expected,
}

enum Expected {
    Seen(Vec<Place>),
    NotSeen(Vec<Place>),
    NotRecorded(&'static str),
}

/// A place in the capture.
pub(crate) struct Place {
    entry: &'static str,
    part: Option<&'static str>,
    excerpt: Option<&'static str>,
}

/// A place: an entry by its name, and a part of it.
pub(crate) fn at(entry: &'static str, part: &'static str) -> Place {
    Place { entry, part: Some(part), excerpt: None }
}

/// An entry by its name, where the row is not about the part.
pub(crate) fn somewhere_in(entry: &'static str) -> Place {
    Place { entry, part: None, excerpt: None }
}

impl Place {
    /// What is shown of it, in part.
    pub(crate) fn shows(self, excerpt: &'static str) -> Self {
        Self { excerpt: Some(excerpt), ..self }
    }
}

/// The claim is seen, at these places.
pub(crate) fn seen<const N: usize>(claim: &'static str, when: &'static str, capture: CaptureBuilder, places: [Place; N]) -> Case {
    const { assert!(N > 0, "what is seen has a place") };
    Case {
        claim,
        when,
        capture,
        expectation: Expectation::default(),
        log: None,
        console: None,
        of_first_failure: false,
        expected: Expected::Seen(places.into()),
    }
}

/// The claim is not seen, and was looked for at these places.
pub(crate) fn not_seen<const N: usize>(claim: &'static str, when: &'static str, capture: CaptureBuilder, searched: [Place; N]) -> Case {
    Case {
        claim,
        when,
        capture,
        expectation: Expectation::default(),
        log: None,
        console: None,
        of_first_failure: false,
        expected: Expected::NotSeen(searched.into()),
    }
}

/// The capture cannot show the claim, for a reason that has these words.
pub(crate) fn not_recorded(claim: &'static str, when: &'static str, capture: CaptureBuilder, why: &'static str) -> Case {
    Case {
        claim,
        when,
        capture,
        expectation: Expectation::default(),
        log: None,
        console: None,
        of_first_failure: false,
        expected: Expected::NotRecorded(why),
    }
}

/// A capture that began too late: of a failed silent request there is only what the application received.
pub(crate) fn only_the_callback() -> CaptureBuilder {
    capture().keeping_fragments().silent_frame(|r| r).without("silent/authorize")
}

/// Somebody signed in, and the recorder lost everything from the password on.
pub(crate) fn signed_in_without_end() -> CaptureBuilder {
    let signed_in = capture().sign_in(|s| s).without("sign-in/kmsi").without("sign-in/callback").without("sign-in/token");
    signed_in.edit("sign-in/login", Entry::losing_response_body)
}

impl Case {
    /// What the user expects: a tenant and an application, each where it is not empty.
    pub(crate) fn expecting(mut self, tenant: &str, client: &str) -> Self {
        let tenant = (!tenant.is_empty()).then(|| Tenant::parse(tenant));
        let client = (!client.is_empty()).then(|| ClientId::parse(client));
        self.expectation = Expectation { tenant, client };
        self
    }

    /// The user gives a sign-in log.
    pub(crate) fn logged(self, log: Log) -> Self {
        Self { log: Some(log), ..self }
    }

    /// The user gives a log of MSAL.
    pub(crate) fn told_by(self, console: Console) -> Self {
        Self { console: Some(console), ..self }
    }

    /// Observes the capture's first failure in place of its last.
    pub(crate) fn of_first_failure(self) -> Self {
        Self { of_first_failure: true, ..self }
    }

    /// What the claim must be.
    pub(crate) fn kind(&self) -> Kind {
        match self.expected {
            Expected::Seen(_) => Kind::Seen,
            Expected::NotSeen(_) => Kind::NotSeen,
            Expected::NotRecorded(_) => Kind::NotRecorded,
        }
    }

    /// Observes the capture's last failure, or its first.
    fn observed(&self) -> Result<Observation, String> {
        let capture = Capture::from_bytes(self.capture.bytes()).map_err(|error| format!("the capture is not read: {error}"))?;
        if let Some(warning) = capture.warnings.first() {
            return Err(format!("the capture is damaged: {}", warning.message));
        }
        let traffic = Traffic::read(&capture);
        let sign_ins = SignIns::stitch(&traffic);
        let mut events: Vec<_> =
            sign_ins.attempts.iter().flat_map(|attempt| attempt.failures.iter().map(move |event| (attempt, event))).collect();
        events.sort_by_key(|(_, event)| event.step);
        let chosen = if self.of_first_failure { events.first() } else { events.last() };
        let &(attempt, event) = chosen.ok_or("nothing fails in the capture")?;
        let index = Index::of(&traffic, &sign_ins);
        let sign_in_logs = self.log.as_ref().map_or_else(SignInLogs::default, |log| log.logs(&self.capture.bytes()));
        let msal_logs = self.console.as_ref().map_or_else(MsalLogs::default, |console| console.logs(&self.capture.bytes()));
        let beside = Beside { expectation: self.expectation.clone(), sign_in_logs, msal_logs };
        let step = traffic.steps.get(event.step).ok_or("the failure has no step")?;
        let occurrence = Occurrence::of(step, attempt, event);
        let sign_in_log = join(&traffic, attempt, event, &occurrence, &index, &beside.sign_in_logs);
        let msal_log = join_msal(event, &occurrence, &beside.msal_logs);
        let expectation = &beside.expectation;
        let scene = Scene {
            traffic: &traffic,
            sign_ins: &sign_ins,
            attempt,
            event,
            failing: step,
            expectation,
            sign_in_log,
            msal_log,
            index: &index,
        };
        let claim = checks::observe(&scene).get(self.claim).cloned().ok_or("no check publishes the claim")?;
        Ok(claim.observation)
    }

    fn judge(&self) -> Result<(), String> {
        let observed = self.observed()?;
        let matches = match (&self.expected, &observed) {
            (Expected::Seen(places), Observation::Seen { .. }) => self.same(places, &observed.evidence(), true),
            (Expected::NotSeen(places), Observation::NotSeen { searched }) => self.same(places, searched, false),
            (Expected::NotRecorded(words), Observation::NotRecorded { why, .. }) => why.contains(words),
            _ => false,
        };
        if let Some(name) = self.told_name(&observed) {
            return Err(format!("shows the name of a person, {name}"));
        }
        if matches {
            return Ok(());
        }
        let is = self.in_words(&observed);
        let not_shown =
            if is.contains("(not shown)") { "\n    (values are shown where src/entra/excerpt.rs lists their names)" } else { "" };
        Err(format!("is expected {}\n    and is {is}{not_shown}", self.expectation_in_words()))
    }

    /// Whether the evidence is at these places; only what was seen is shown.
    fn same(&self, places: &[Place], evidence: &[Evidence], shown: bool) -> bool {
        let fits = |(place, evidence): (&Place, &Evidence)| {
            let excerpt = evidence.excerpt();
            let shows = if shown { excerpt.is_some_and(|excerpt| !excerpt.is_empty()) } else { excerpt.is_none() };
            self.capture.entry(place.entry) == evidence.entry()
                && place.part.is_none_or(|part| part == evidence.part())
                && shows
                && place.excerpt.is_none_or(|expected| excerpt.is_some_and(|excerpt| excerpt.contains(expected)))
        };
        places.len() == evidence.len() && places.iter().zip(evidence).all(fits)
    }

    fn told_name(&self, observed: &Observation) -> Option<&'static str> {
        let evidence = observed.evidence();
        let excerpts = evidence.iter().filter_map(|evidence| evidence.excerpt());
        let why = match observed {
            Observation::NotRecorded { why, .. } => Some(why.as_str()),
            _ => None,
        };
        let told: Vec<&str> = excerpts.chain(why).collect();
        [ADA, BOB, GRACE].iter().map(|person| person.local_part()).find(|name| told.iter().any(|text| text.contains(&format!("{name}@"))))
    }

    fn expectation_in_words(&self) -> String {
        let listed = |places: &[Place]| {
            let place = |place: &Place| format!("{} {}{}", place.entry, place.part.unwrap_or("(any part)"), shown(place.excerpt));
            places.iter().map(place).collect::<Vec<_>>().join("; ")
        };
        match &self.expected {
            Expected::Seen(places) => format!("seen at [{}]", listed(places)),
            Expected::NotSeen(places) => format!("not seen, searched at [{}]", listed(places)),
            Expected::NotRecorded(why) => format!("not recorded, because “{why}”"),
        }
    }

    fn in_words(&self, observed: &Observation) -> String {
        let names = self.capture.entry_names();
        let place = |evidence: &Evidence| {
            let name = names.get(evidence.entry()).copied().unwrap_or("an entry that is not there");
            format!("{name} {}{}", evidence.part(), shown(evidence.excerpt()))
        };
        let listed = |evidence: &[Evidence]| evidence.iter().map(place).collect::<Vec<_>>().join("; ");
        match observed {
            Observation::Seen { .. } => format!("seen at [{}]", listed(&observed.evidence())),
            Observation::NotSeen { searched } => format!("not seen, searched at [{}]", listed(searched)),
            Observation::NotRecorded { why, .. } => format!("not recorded, because “{why}”"),
        }
    }
}

fn shown(excerpt: Option<&str>) -> String {
    excerpt.map(|excerpt| format!(" “{excerpt}”")).unwrap_or_default()
}

/// Observes every row and tells all that are wrong.
#[track_caller]
pub(crate) fn observe_all(cases: &[Case]) {
    let wrong = cases.iter().filter_map(|case| Some(format!("{}, {}: it {}", case.claim, case.when, case.judge().err()?)));
    let wrong: Vec<String> = wrong.collect();
    assert!(wrong.is_empty(), "{} of {} rows are wrong:\n{}", wrong.len(), cases.len(), wrong.join("\n"));
}
