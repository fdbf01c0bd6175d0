//! What a capture can show, part by part.

use crate::entra::{Coverage, Part, Recording};

/// Whether anything is missing.
pub(in crate::report) fn is_incomplete(recording: &Recording) -> bool {
    parts(recording).iter().any(|(_, part)| part.coverage != Coverage::Recorded)
}

/// The parts, each with how much of it is there and how that is known.
pub(in crate::report) fn rows(recording: &Recording) -> Vec<[String; 3]> {
    parts(recording).into_iter().map(|(name, part)| row(name, part)).collect()
}

/// The parts; cookies and `Authorization` together where the same became of them.
pub(in crate::report) fn parts(recording: &Recording) -> Vec<(&'static str, &Part)> {
    let same = |a: &Part, b: &Part| a.coverage == b.coverage;
    let mut parts = Vec::new();
    if same(&recording.request_cookies, &recording.response_cookies) {
        parts.push(("cookies", &recording.response_cookies));
    } else {
        parts.push(("cookies sent", &recording.request_cookies));
        parts.push(("cookies set", &recording.response_cookies));
    }
    if !same(&recording.authorization, &recording.request_cookies) {
        parts.push(("Authorization", &recording.authorization));
    }
    if same(&recording.response_bodies, &recording.request_bodies) && recording.response_bodies.because == recording.request_bodies.because
    {
        parts.push(("bodies", &recording.response_bodies));
    } else {
        parts.push(("reply bodies", &recording.response_bodies));
        parts.push(("posted bodies", &recording.request_bodies));
    }
    parts.push(("URL fragments", &recording.fragments));
    parts.push(("frames", &recording.frames));
    parts
}

fn row(name: &str, part: &Part) -> [String; 3] {
    let place = part.entry.map(|entry| format!(" (#{entry})")).unwrap_or_default();
    [name.to_owned(), part.coverage.name().to_owned(), format!("{}{place}", part.because)]
}
