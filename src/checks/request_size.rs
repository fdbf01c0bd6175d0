//! Whether the request was too long for the server that it went to.
//!
//! Servers take 8 to 32 kB of headers; what makes a request longer is nearly always its cookies.

use super::{Check, Claim, ClaimInfo, Observation, Record, Scene};
use crate::entra::Evidence;
use crate::exchange::Recorded;
use crate::signin::cookies_are_too_large;

/// Whether the request was too long for the server that it went to.
pub(super) static CHECK: Check =
    Check { name: "request-size", about: "Whether the cookies made the request too long for a server", claims: &CLAIMS, observe };

static CLAIMS: [ClaimInfo; 1] = [ClaimInfo {
    name: "request-size.cookies-too-large",
    seen: "The request carried more than 8 kB of cookies.",
    not_seen: "The request carried no more than 8 kB of cookies.",
    record: Record::Cookies,
}];

fn observe(scene: &Scene<'_, '_>) -> Vec<Claim> {
    let [too_large] = &CLAIMS;
    let observation = match scene.failing() {
        None => Observation::not_recorded("the request is not in the capture"),
        Some(step) => match &step.cookies_sent {
            Recorded::NotKept(loss) => Observation::not_recorded(loss.explain("the request's cookies")),
            Recorded::Kept(_) | Recorded::Empty => {
                let evidence = scene.names().size_of_cookies(step).filter(|_| cookies_are_too_large(step));
                Observation::seen_or(evidence, Observation::not_seen([Evidence::searched(step.entry, "request.header.cookie")]))
            }
        },
    };
    vec![too_large.is(observation)]
}
