//! Which attempt of the working capture is most like one that failed.

use super::side::Side;
use crate::diagnosis::Diagnosis;
use crate::knowledge::Knowledge;
use crate::signin::{Attempt, FailureEvent, Kind, Outcome};

/// A failure with its attempt, and the attempt of the working capture that is most like it.
pub(super) struct Counterpart<'a> {
    pub(super) working: &'a Attempt,
    pub(super) failing: &'a Attempt,
    pub(super) event: &'a FailureEvent,
    /// Where an API refused a token and the working capture has no refused call: the sign-in that gave the token, which is
    /// compared in its place.
    pub(super) gave_token: Option<&'a Attempt>,
    /// How the working one comes out.
    pub(super) end: End<'a>,
}

/// How the attempt of the working capture comes out.
pub(super) enum End<'a> {
    /// It does not fail.
    Works,
    /// It fails in the same way, and another sign-in that works may follow.
    FailsSo { diagnosis: &'a Diagnosis, followed_by: Option<&'a Attempt> },
    /// It fails in another way, and explains nothing.
    Fails(&'a Diagnosis),
}

impl<'a> Counterpart<'a> {
    /// The attempt of the failing capture whose steps are compared.
    pub(super) fn compared(&self) -> &'a Attempt {
        self.gave_token.unwrap_or(self.failing)
    }
}

/// Attempts that ask for the same thing in ways that can be compared.
#[derive(PartialEq, Eq)]
enum Family {
    /// An authorization request, shown or silent.
    Authorization,
    Only(Kind),
}

/// How like another an attempt is; what stands first counts most.
type Likeness = (Use, bool, bool, bool);

/// What can be learned from an attempt of the working capture, the least first.
#[derive(PartialEq, Eq, PartialOrd, Ord)]
enum Use {
    Other,
    /// It worked, made in another way.
    WorkedOtherwise,
    /// Made in the same way it failed for another reason, and nothing made up for it.
    Failed,
    /// Made in the same way it did not fail, as far as the capture shows.
    DidNotFail,
    /// Made in the same way it failed for the same reason.
    FailedSo,
    /// Made in the same way it worked.
    Worked,
}

pub(super) fn counterpart<'a>(
    working: &'a Side<'_>,
    failing: &'a Side<'_>,
    diagnosis: &Diagnosis,
    knowledge: &Knowledge,
) -> Option<Counterpart<'a>> {
    let attempt = diagnosis.attempts.first().and_then(|id| failing.sign_ins.get(*id))?;
    let entry = diagnosis.occurrences.first()?.entry;
    let is_told = |event: &&FailureEvent| failing.step(event.step).is_some_and(|step| step.entry == entry);
    let event = attempt.failures.iter().find(is_told).or_else(|| attempt.failures.first())?;
    // Of several that are as like the first counts, as `max_by_key` would take the last.
    let most_like = |is_wanted: &dyn Fn(&Attempt, &Attempt) -> bool| {
        let comparable = working.sign_ins.attempts.iter().filter(|other| is_wanted(attempt, other));
        comparable.rev().max_by_key(|other| likeness((failing, attempt, diagnosis), (working, other)))
    };
    // Where the failure may lie in the id of the application, another id may be meant for the same application.
    let first = diagnosis.causes.first().and_then(|cause| knowledge.cause(&cause.id));
    let is_of_id = first.is_some_and(|cause| cause.about.iter().any(|subject| subject == "client_id"));
    let is_meant = |one: &Attempt, other: &Attempt| {
        is_of_id && family(one.kind) == family(other.kind) && returns_to_same_place((failing, one), (working, other))
    };
    let same = most_like(&is_comparable).or_else(|| most_like(&is_meant));
    let best = same.or_else(|| most_like(&gives_such_a_token))?;
    let mut before = failing.sign_ins.attempts.iter().filter(|other| other.begin < event.step && gives_such_a_token(attempt, other));
    let gave_token = if same.is_none() { before.next_back() } else { None };
    let end = end(working, best, diagnosis);
    Some(Counterpart { working: best, failing: attempt, event, gave_token, end })
}

fn end<'a>(working: &'a Side<'_>, attempt: &'a Attempt, diagnosis: &Diagnosis) -> End<'a> {
    if attempt.outcome == Outcome::Succeeded {
        return End::Works;
    }
    if let Some(same) = failures(working, attempt).find(|other| is_same_failure(other, diagnosis)) {
        let later = working.sign_ins.attempts.iter().filter(|other| other.begin > attempt.begin && other.outcome == Outcome::Succeeded);
        let followed_by = later.filter(|other| is_same_application(attempt, other)).find(|_| same.handled && !diagnosis.handled);
        return End::FailsSo { diagnosis: same, followed_by };
    }
    failures(working, attempt).next().map_or(End::Works, End::Fails)
}

/// How an attempt fails.
fn failures<'a>(side: &'a Side<'_>, attempt: &Attempt) -> impl Iterator<Item = &'a Diagnosis> {
    let id = attempt.id;
    side.analysis.diagnoses.iter().filter(move |diagnosis| diagnosis.attempts.contains(&id))
}

/// Whether two failures are of the same code or symptom, and for the same first cause.
fn is_same_failure(one: &Diagnosis, other: &Diagnosis) -> bool {
    let what = |diagnosis: &Diagnosis| (diagnosis.code, diagnosis.symptom, diagnosis.causes.first().map(|cause| cause.id.clone()));
    what(one) == what(other)
}

fn is_comparable(one: &Attempt, other: &Attempt) -> bool {
    is_same_application(one, other) && family(one.kind) == family(other.kind)
}

fn is_same_application(one: &Attempt, other: &Attempt) -> bool {
    match (&one.client, &other.client) {
        (Some(one), Some(other)) => one == other,
        // A capture that began too late does not tell the application.
        _ => same_tenant(one, other),
    }
}

/// Whether the replies to both go to the same place, which belongs to one application.
fn returns_to_same_place((failing, one): (&Side<'_>, &Attempt), (working, other): (&Side<'_>, &Attempt)) -> bool {
    let origin = |side: &Side<'_>, attempt: &Attempt| attempt.begin(&side.traffic)?.redirect_origin();
    origin(failing, one).is_some_and(|one| origin(working, other) == Some(one))
}

/// Whether one is a refused call of an API and the other a sign-in of the same application that worked. Calls that an API
/// accepts are no attempts, so that there is nothing more like a refused one.
fn gives_such_a_token(one: &Attempt, other: &Attempt) -> bool {
    let gives = matches!(other.kind, Kind::CodeRedemption | Kind::Refresh) || family(other.kind) == Family::Authorization;
    one.kind == Kind::ApiCall && gives && other.outcome == Outcome::Succeeded && is_same_application(one, other)
}

fn family(kind: Kind) -> Family {
    match kind {
        Kind::SilentIframe | Kind::SilentTopLevel | Kind::Redirect | Kind::Popup => Family::Authorization,
        other => Family::Only(other),
    }
}

fn same_tenant(one: &Attempt, other: &Attempt) -> bool {
    let named = one.tenant.as_ref().zip(other.tenant.as_ref()).is_some_and(|(one, other)| one == other);
    let resolved = one.resolved_tenant.is_some() && one.resolved_tenant == other.resolved_tenant;
    named || resolved
}

fn likeness((failing, attempt, diagnosis): (&Side<'_>, &Attempt, &Diagnosis), (working, other): (&Side<'_>, &Attempt)) -> Likeness {
    let both = || attempt.begin(&failing.traffic).zip(other.begin(&working.traffic));
    let same = |name: &str| {
        both().is_some_and(|(one, other)| match (one.params.get(name), other.params.get(name)) {
            (Some(one), Some(other)) => one.is_written_as(other),
            (one, other) => one.is_none() && other.is_none(),
        })
    };
    let same_kind = attempt.kind == other.kind;
    let is_use = match (other.outcome, end(working, other, diagnosis)) {
        (Outcome::Succeeded, _) if same_kind => Use::Worked,
        (Outcome::Succeeded, _) => Use::WorkedOtherwise,
        (_, End::FailsSo { .. }) if same_kind => Use::FailedSo,
        (_, End::Works) if same_kind => Use::DidNotFail,
        (_, End::Fails(failure)) if same_kind && !failure.handled => Use::Failed,
        _ => Use::Other,
    };
    (is_use, same_tenant(attempt, other), same("scope") && same("resource"), same("prompt"))
}
