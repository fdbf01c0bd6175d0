//! What stands around the sign-ins: browsers, libraries, recorders.

use super::difference::{Aspect, Difference, Role};
use super::side::Side;
use crate::entra::{Coverage, Evidence, Part, Step};

/// Libraries name themselves in these parameters.
const LIBRARY: [&str; 2] = ["x-client-sku", "x-client-ver"];

pub(super) fn differences(working: &Side<'_>, failing: &Side<'_>) -> Vec<Difference> {
    let user_agent = |side: &Side<'_>, step: &Step<'_>| side.traffic.names.request_header(step, "user-agent");
    let browser = one_each(working, failing, |_, step| step.browser().map(|browser| browser.name().to_owned()), user_agent);
    let browser = browser.map(|(one, other, evidence)| {
        context(Aspect::Browser, format!("The working capture is of {one}, the failing one of {other}."), evidence)
    });
    let libraries = LIBRARY.iter().filter_map(|name| {
        let shown = |side: &Side<'_>, step: &Step<'_>| side.traffic.names.request_param(step, name);
        let value = |side: &Side<'_>, step: &Step<'_>| shown(side, step)?.excerpt().map(str::to_owned);
        let (one, other, evidence) = one_each(working, failing, value, shown)?;
        let statement = match is_plain(&one) && is_plain(&other) {
            true => format!("The application's library gives {name} as {one} in the working capture and as {other} in the failing one."),
            false => format!("The application's library gives {name} otherwise in the failing capture than in the working one."),
        };
        Some(context(Aspect::Library, statement, evidence))
    });
    browser.into_iter().chain(libraries).chain(recorders(working, failing)).collect()
}

/// Whether a value may stand in a sentence of ours: those that libraries really give do.
fn is_plain(value: &str) -> bool {
    value.bytes().all(|byte| byte.is_ascii_alphanumeric() || b".-_".contains(&byte))
}

type Evidences = (Option<Evidence>, Option<Evidence>);

/// A value of the first step on each side that has one, if the two differ.
fn one_each(
    working: &Side<'_>,
    failing: &Side<'_>,
    value: impl Fn(&Side<'_>, &Step<'_>) -> Option<String>,
    evidence: impl Fn(&Side<'_>, &Step<'_>) -> Option<Evidence>,
) -> Option<(String, String, Evidences)> {
    let first = |side: &Side<'_>| {
        let sign_in = side.traffic.steps.iter().filter(|step| step.is_sign_in());
        sign_in.into_iter().find_map(|step| Some((value(side, step)?, evidence(side, step))))
    };
    let ((one, one_at), (other, other_at)) = first(working).zip(first(failing))?;
    (one != other).then_some((one, other, (one_at, other_at)))
}

fn context(aspect: Aspect, statement: String, (working, failing): Evidences) -> Difference {
    let (working, failing) = (working.into_iter().collect(), failing.into_iter().collect());
    Difference { aspect, subject: None, role: Role::Context, step: String::new(), statement, working, failing }
}

/// How much of a part is in a file, as the end of a sentence.
fn kept(coverage: Coverage) -> &'static str {
    match coverage {
        Coverage::Recorded => "all there",
        Coverage::Stripped => "left out",
        Coverage::Partly => "there in part",
        Coverage::Unknown => "not to be judged",
    }
}

/// What one recorder keeps and the other does not: a cookie that only one of the files has may have been in both.
fn recorders(working: &Side<'_>, failing: &Side<'_>) -> Vec<Difference> {
    let (one, other) = (&working.analysis.recording, &failing.analysis.recording);
    let parts: [(&str, &Part, &Part); 4] = [
        ("the cookies of requests", &one.request_cookies, &other.request_cookies),
        ("the cookies of replies", &one.response_cookies, &other.response_cookies),
        ("the bodies of replies", &one.response_bodies, &other.response_bodies),
        ("the fragments of addresses", &one.fragments, &other.fragments),
    ];
    let differing = parts.into_iter().filter(|(_, one, other)| one.coverage != other.coverage);
    let told = |(what, one, other): (&str, &Part, &Part)| {
        let statement = format!(
            "The two files do not keep the same: {what} are {} in the working capture and {} in the failing one.",
            kept(one.coverage),
            kept(other.coverage)
        );
        context(Aspect::Recorder, statement, (None, None))
    };
    differing.map(told).collect()
}
