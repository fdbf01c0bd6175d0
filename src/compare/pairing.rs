//! Which attempt of the working capture is most like one that failed.

use super::side::Side;
use crate::diagnosis::{Diagnosis, Occurrence, UNDETERMINED};
use crate::entra::{Endpoint, Handover, Step, is_stand_in};
use crate::exchange::hosts::sign_in_host;
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
    /// Whether one of the files hides the application, so that only where the replies go tells that it is the same.
    pub(super) is_application_hidden: bool,
}

/// How the attempt of the working capture comes out.
pub(super) enum End<'a> {
    /// It works, or comes to the reply that the failing one does not come to.
    Works,
    /// It works, and may show pages, as the failing one may not. Such an attempt works in the failing capture too: its id.
    WorksOnPages(usize),
    /// It does not fail, and the capture does not show that it works.
    NotShown,
    /// It fails in the same way, and another sign-in that works may follow; or it is the same failure, recorded twice.
    FailsSo { diagnosis: &'a Diagnosis, followed_by: Option<&'a Attempt>, is_same_event: bool },
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
    /// It worked, and may show pages where the other may not, or the other way round.
    WorkedAskingOtherwise,
    /// Made in the same way it did not fail, and the capture does not show that it worked.
    DidNotFail,
    /// It worked, made in another way.
    WorkedOtherwise,
    /// Made in the same way it failed for another reason, and nothing made up for it.
    Failed,
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
    let most_like = |is_wanted: &dyn Fn(Of<'_>, Of<'_>) -> bool| {
        let comparable = working.sign_ins.attempts.iter().filter(|other| is_wanted((failing, attempt), (working, other)));
        comparable.rev().max_by_key(|other| likeness((failing, attempt, diagnosis), (working, other)))
    };
    // Where the failure may lie in the id of the application, another id may be meant for the same application.
    let first = diagnosis.causes.first().and_then(|cause| knowledge.cause(&cause.id));
    let is_of_id = first.is_some_and(|cause| cause.about.iter().any(|subject| subject == "client_id"));
    let is_meant = |one: Of<'_>, other: Of<'_>| is_of_id && family(one.1.kind) == family(other.1.kind) && returns_to_same_place(one, other);
    let same = most_like(&is_comparable).or_else(|| most_like(&is_meant));
    let best = same.or_else(|| most_like(&gives_such_a_token))?;
    let gives_it = |other: &&Attempt| other.begin < event.step && gives_such_a_token((failing, attempt), (failing, other));
    let gave_token = if same.is_none() { failing.sign_ins.attempts.iter().rfind(gives_it) } else { None };
    let works_too = || working_on_pages(failing, attempt).filter(|_| !best.is_silent() && family(best.kind) == family(attempt.kind));
    // What the application does with its reply tells nothing of a failure that comes before there is one.
    let is_before_reply =
        failing.step(event.step).is_some_and(|step| step.is_sign_in() && step.endpoint != Endpoint::Token && !gives_reply(step));
    let is_answered = || is_before_reply && best.steps(&working.traffic).any(gives_reply);
    let end = match end(working, best, diagnosis) {
        End::NotShown if is_answered() => End::Works,
        other => other,
    };
    let end = match end {
        End::Works => works_too().map_or(End::Works, |other| End::WorksOnPages(other.id)),
        other => other,
    };
    let is_application_hidden = hides_application((failing, attempt)) || hides_application((working, best));
    Some(Counterpart { working: best, failing: attempt, event, gave_token, end, is_application_hidden })
}

/// Whether a step gives an application its tokens, or what it gets them for.
pub(super) fn gives_reply(step: &Step<'_>) -> bool {
    step.tokens().is_some() || step.reply.handover.as_ref().is_some_and(Handover::succeeds)
}

/// Where an attempt may show no page: one of the same capture and application that may, and works.
fn working_on_pages<'a>(failing: &'a Side<'_>, attempt: &Attempt) -> Option<&'a Attempt> {
    let of_family =
        |other: &&Attempt| family(other.kind) == Family::Authorization && is_same_application((failing, attempt), (failing, other));
    let mut others = failing.sign_ins.attempts.iter().filter(|other| !other.is_silent() && other.outcome == Outcome::Succeeded);
    if attempt.is_silent() { others.find(of_family) } else { None }
}

fn end<'a>(working: &'a Side<'_>, attempt: &'a Attempt, diagnosis: &Diagnosis) -> End<'a> {
    if attempt.outcome == Outcome::Succeeded {
        return End::Works;
    }
    if let Some(same) = failures(working, attempt).find(|other| is_same_failure(other, diagnosis)) {
        let later = working.sign_ins.attempts.iter().filter(|other| other.begin > attempt.begin && other.outcome == Outcome::Succeeded);
        let mut of_application = later.filter(|other| is_same_application((working, attempt), (working, other)));
        let followed_by = of_application.find(|_| same.is_handled() && !diagnosis.is_handled());
        return End::FailsSo { diagnosis: same, followed_by, is_same_event: is_same_event(same, diagnosis) };
    }
    failures(working, attempt).next().map_or(End::NotShown, End::Fails)
}

/// How an attempt fails.
fn failures<'a>(side: &'a Side<'_>, attempt: &Attempt) -> impl Iterator<Item = &'a Diagnosis> {
    let id = attempt.id;
    side.analysis.diagnoses.iter().filter(move |diagnosis| diagnosis.attempts.contains(&id))
}

/// Whether two failures are of the same code or symptom, and for the same first cause as far as both tell it.
fn is_same_failure(one: &Diagnosis, other: &Diagnosis) -> bool {
    let first = |diagnosis: &Diagnosis| diagnosis.causes.first().map(|cause| cause.id.clone());
    // What one capture leaves open, the other may tell.
    let leaves_open = |one: &Diagnosis, other: &Diagnosis| {
        first(one).is_some_and(|first| first == UNDETERMINED) && one.causes.iter().any(|cause| Some(&cause.id) == first(other).as_ref())
    };
    let is_same_cause = || first(one) == first(other) || leaves_open(one, other) || leaves_open(other, one);
    (one.code, one.symptom) == (other.code, other.symptom) && (is_same_cause() || is_same_event(one, other))
}

/// Whether two failures are one that was recorded twice: the service gives every reply an id, and every request one that its
/// application may use again.
fn is_same_event(one: &Diagnosis, other: &Diagnosis) -> bool {
    let is_same = |one: &Occurrence, other: &Occurrence| {
        let ids = match (&one.trace_id, &other.trace_id) {
            (Some(one), Some(other)) => Some(one).zip(Some(other)),
            _ => one.correlation_id.as_ref().zip(other.correlation_id.as_ref()),
        };
        let is_id = ids.is_some_and(|(one, other)| one == other && !is_stand_in(one.as_str()));
        is_id && one.timestamp.is_some() && one.timestamp == other.timestamp
    };
    one.occurrences.iter().any(|one| other.occurrences.iter().any(|other| is_same(one, other)))
}

/// An attempt in its capture.
type Of<'a> = (&'a Side<'a>, &'a Attempt);

fn is_comparable(one: Of<'_>, other: Of<'_>) -> bool {
    is_same_application(one, other) && family(one.1.kind) == family(other.1.kind)
}

fn is_same_application(one: Of<'_>, other: Of<'_>) -> bool {
    // Within a file a placeholder is as good as an id.
    if !is_same_file(one, other) && (hides_application(one) || hides_application(other)) {
        return is_same_request(one.1, other.1) || returns_to_same_place(one, other);
    }
    match (&one.1.client, &other.1.client) {
        (Some(one), Some(other)) => one == other,
        // A capture that began too late does not tell the application.
        _ => same_tenant(one, other),
    }
}

fn is_same_file(one: Of<'_>, other: Of<'_>) -> bool {
    std::ptr::eq(one.0, other.0)
}

fn hides_application((side, attempt): Of<'_>) -> bool {
    attempt.client.as_ref().is_some_and(|client| side.hides_client(client))
}

/// Whether two attempts are one that was recorded twice, by the id that its application gave it.
fn is_same_request(one: &Attempt, other: &Attempt) -> bool {
    one.correlation_id.as_ref().is_some_and(|id| other.correlation_id.as_ref() == Some(id) && !is_stand_in(id.as_str()))
}

/// Whether the replies to both go to the same place, which belongs to one application.
fn returns_to_same_place(one: Of<'_>, other: Of<'_>) -> bool {
    let origin = |(side, attempt): Of<'_>| {
        let place = attempt.begin(&side.traffic)?.redirect_address()?;
        // The sign-in service's own pages take replies for every program (`/common/oauth2/nativeclient`).
        (sign_in_host(&place.host).is_none() && !side.hides_text(&place.host)).then(|| place.origin())
    };
    origin(one).is_some_and(|one| origin(other) == Some(one))
}

/// Whether one is a refused call of an API and the other a sign-in of the same application that worked. Calls that an API
/// accepts are no attempts, so that there is nothing more like a refused one.
fn gives_such_a_token(one: Of<'_>, other: Of<'_>) -> bool {
    let gives = matches!(other.1.kind, Kind::CodeRedemption | Kind::Refresh) || family(other.1.kind) == Family::Authorization;
    one.1.kind == Kind::ApiCall && gives && other.1.outcome == Outcome::Succeeded && is_same_application(one, other)
}

fn family(kind: Kind) -> Family {
    match kind {
        Kind::SilentIframe | Kind::SilentTopLevel | Kind::Redirect | Kind::Popup => Family::Authorization,
        other => Family::Only(other),
    }
}

fn same_tenant(one: Of<'_>, other: Of<'_>) -> bool {
    let is_told = |is_hidden: bool| is_same_file(one, other) || !is_hidden;
    let named = one
        .1
        .tenant
        .as_ref()
        .zip(other.1.tenant.as_ref())
        .is_some_and(|(tenant, same)| tenant == same && is_told(one.0.hides_tenant(tenant) || other.0.hides_tenant(same)));
    let resolved =
        one.1.resolved_tenant.as_ref().zip(other.1.resolved_tenant.as_ref()).is_some_and(|(directory, same)| {
            directory == same && is_told(one.0.hides_directory(directory) || other.0.hides_directory(same))
        });
    named || resolved
}

fn likeness((failing, attempt, diagnosis): (&Side<'_>, &Attempt, &Diagnosis), (working, other): Of<'_>) -> Likeness {
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
        (Outcome::Succeeded, _) if attempt.is_silent() == other.is_silent() => Use::WorkedOtherwise,
        (Outcome::Succeeded, _) => Use::WorkedAskingOtherwise,
        (_, End::FailsSo { .. }) if same_kind => Use::FailedSo,
        (_, End::NotShown) if same_kind => Use::DidNotFail,
        (_, End::Fails(failure)) if same_kind && !failure.is_handled() => Use::Failed,
        _ => Use::Other,
    };
    (is_use, same_tenant((failing, attempt), (working, other)), same("scope") && same("resource"), same("prompt"))
}
