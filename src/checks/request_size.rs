//! Whether the request was too long for the server that it went to.
//!
//! Servers take 8 to 32 kB of headers; what makes a request longer is nearly always its cookies.

use super::{Check, Claim, ClaimInfo, LooksAt, Observation, Record, Scene};
use crate::entra::{Evidence, cookie_bytes};
use crate::exchange::Recorded;

/// Whether the request was too long for the server that it went to.
pub(super) static CHECK: Check = Check {
    name: "request-size",
    about: "Whether the cookies made the request too long for a server",
    looks_at: LooksAt::Circumstances,
    claims: &CLAIMS,
    observe,
};

static CLAIMS: [ClaimInfo; 3] = [
    ClaimInfo {
        name: "request-size.cookies-too-large",
        seen: "The request carried more than 8 kB of cookies.",
        not_seen: "The request carried no more than 8 kB of cookies.",
        question: "How long the cookies made the request",
        record: Record::Cookies,
    },
    ClaimInfo {
        name: "request-size.found-too-long",
        seen: "The server says that the headers of the request are too long.",
        not_seen: "The server does not say that the headers of the request are too long.",
        question: "Whether the server says that the request's headers are too long",
        record: Record::Told("Record the refusal with its body: it may say that the request is too long."),
    },
    ClaimInfo {
        name: "request-size.as-long-accepted",
        seen: "The same host took a request with as many bytes of cookies.",
        not_seen: "No request in this capture shows that the host takes as many bytes of cookies.",
        question: "Whether the same host takes as many cookies elsewhere",
        record: Record::Cookies,
    },
];

fn observe(scene: &Scene<'_, '_>) -> Vec<Claim> {
    let [too_large, found_too_long, accepted] = &CLAIMS;
    let step = scene.failing;
    let sent = |look: &dyn Fn() -> Option<Evidence>| match &step.cookies_sent {
        Recorded::NotKept(loss) => Observation::lost(*loss, "the request's cookies"),
        Recorded::Kept(_) | Recorded::Empty => {
            Observation::seen_or(look(), Observation::not_seen([Evidence::searched(step.entry, "request.header.cookie")]))
        }
    };
    let body = &step.exchange.response.body;
    let says = match (scene.names().too_long(step), body.loss()) {
        (Some(evidence), _) => Observation::seen(evidence),
        (None, Some(loss)) => Observation::lost(loss, "the body of the refusal"),
        (None, None) => Observation::not_seen([Evidence::searched(step.entry, "response.body")]),
    };
    vec![
        too_large.is(sent(&|| scene.names().size_of_cookies(step).filter(|_| step.has_too_large_cookies()))),
        found_too_long.is(says),
        accepted.is(sent(&|| {
            let host = &step.address.as_ref()?.host;
            let taken = scene.index.longest_cookies_taken(scene.traffic, host)?;
            let is_as_long = cookie_bytes(step.exchange).is_some_and(|bytes| bytes <= taken.1);
            is_as_long.then(|| scene.names().exchange(taken.0))
        })),
    ]
}
