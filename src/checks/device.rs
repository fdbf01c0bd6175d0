//! Whether the device signed the person in (a primary refresh token, sent as cookie or header).

use super::{Check, Claim, ClaimInfo, LooksAt, Observation, Record, Scene};
use crate::entra::{Evidence, Names, Step, cookies};
use crate::exchange::Recorded;

/// Whether the device signed the person in.
pub(super) static CHECK: Check = Check { name: "device", about: ABOUT, looks_at: LooksAt::Circumstances, claims: &CLAIMS, observe };

const ABOUT: &str = "Whether the device itself vouched for the person with its primary refresh token";

static CLAIMS: [ClaimInfo; 1] = [ClaimInfo {
    name: "device.vouches",
    seen: "The device vouched for the person with its primary refresh token.",
    not_seen: "The device did not vouch for the person.",
    question: ABOUT,
    record: Record::Cookies,
}];

fn observe(scene: &Scene<'_, '_>) -> Vec<Claim> {
    let [claim] = &CLAIMS;
    let observation = match scene.request() {
        None => scene.without_request(),
        Some(step) => match (&step.cookies_sent, vouches(scene.names(), step)) {
            (_, Some(evidence)) => Observation::seen(evidence),
            (Recorded::Kept(_) | Recorded::Empty, None) => Observation::not_seen([
                Evidence::searched(step.entry, "request.header.x-ms-refreshtokencredential"),
                Evidence::searched(step.entry, "request.header.cookie"),
            ]),
            (Recorded::NotKept(loss), None) => Observation::lost(*loss, "the request's cookies"),
        },
    };
    vec![claim.is(observation)]
}

/// Where a request shows that the device vouches for the person.
pub(super) fn vouches(names: &Names, step: &Step<'_>) -> Option<Evidence> {
    let has_cookie = step.cookies_sent.kept().is_some_and(|sent| sent.iter().any(|name| cookies::is_device_sign_in(name)));
    let by_cookie = || has_cookie.then(|| names.cookies_sent(step, cookies::is_device_sign_in));
    names.request_header(step, "x-ms-refreshtokencredential").or_else(by_cookie)
}
