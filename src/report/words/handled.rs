//! Why a failure is none that anybody has to do something about, in words.

use super::count;
use crate::diagnosis::{Diagnosis, Handled};

/// In two or three words, behind a failure's name.
pub(in crate::report) fn aside(diagnosis: &Diagnosis) -> Option<&'static str> {
    Some(match diagnosis.handled? {
        Handled::Later => "handled later",
        Handled::Before => "did no harm",
        Handled::NothingLeft => "needs nothing done",
    })
}

/// As a sentence.
pub(in crate::report) fn told(diagnosis: &Diagnosis) -> Option<&'static str> {
    Some(match diagnosis.handled? {
        Handled::Later => "Later in the capture the application got what it asked for.",
        Handled::Before => "It did no harm: the first request with this code had already got the tokens.",
        Handled::NothingLeft => "Nothing has to be done: the session that was to be ended is over.",
    })
}

/// Several failures, with why nothing is wrong.
pub(super) fn all(handled: &[&Diagnosis]) -> String {
    let failures = count(handled.len(), "failure", "failures");
    let how = match common(handled) {
        Some(Handled::Later) => "that the application got over later in the capture",
        Some(Handled::Before) => "that did no harm, because the application already had the tokens",
        Some(Handled::NothingLeft) => "that needs nothing done, because no session was left to end",
        None => "that did no lasting harm",
    };
    format!("{failures} {how}")
}

/// The same behind the failures that nothing puts right.
pub(super) fn besides(handled: &[&Diagnosis]) -> Option<String> {
    let how = match common(handled) {
        Some(Handled::Later) => "that it does",
        _ => "that did no lasting harm",
    };
    (!handled.is_empty()).then(|| format!(", and {} {how}", handled.len()))
}

/// Why, where it is the same of all.
fn common(handled: &[&Diagnosis]) -> Option<Handled> {
    let first = handled.first()?.handled?;
    handled.iter().all(|diagnosis| diagnosis.handled == Some(first)).then_some(first)
}
