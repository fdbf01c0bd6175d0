//! The cookie by which an application's server knows the reply to a sign-in that it began.

use super::Attempt;
use crate::entra::cookies::SetCookie;
use crate::entra::{Endpoint, Step, Traffic};
use crate::exchange::Recorded;

/// Parts of the names of cookies that libraries know a reply by (ASP.NET Core, OWIN, Passport, Auth.js, oauth2-proxy …).
const KNOWN_BY: [&str; 6] = ["correlation", "nonce", "state", "oidc", "oauth", "csrf"];

/// Those that a reply is known by, by their names; where none is named so, all.
pub(crate) fn known_by(lines: &[SetCookie]) -> Vec<&SetCookie> {
    let all = || lines.iter().filter(|cookie| !cookie.deletes);
    let known = |cookie: &&SetCookie| KNOWN_BY.iter().any(|part| cookie.name.to_ascii_lowercase().contains(part));
    let by_name: Vec<&SetCookie> = all().filter(known).collect();
    if by_name.is_empty() { all().collect() } else { by_name }
}

/// The reply of an application that led to the sign-in.
pub(crate) fn led_to<'t, 'c>(attempt: &'t Attempt, traffic: &'t Traffic<'c>) -> Option<&'t Step<'c>> {
    let begin = attempt.begin(traffic)?;
    attempt.steps(traffic).find(|step| step.entry < begin.entry && step.endpoint == Endpoint::App)
}

/// Whether the application set such a cookie, and none came back with the reply.
pub(super) fn stayed_behind(attempt: &Attempt, reply: &Step<'_>, traffic: &Traffic<'_>) -> bool {
    let set = led_to(attempt, traffic).and_then(|start| start.cookies_set.kept()).map(|lines| known_by(lines)).unwrap_or_default();
    let came_back = match &reply.cookies_sent {
        Recorded::Kept(names) => set.iter().any(|cookie| names.contains(&cookie.name)),
        Recorded::Empty => false,
        Recorded::NotKept(_) => return false,
    };
    !set.is_empty() && !came_back
}
