//! Whether a proxy restricts the tenants that may be signed in to.
//!
//! The header is added on the way, so a browser's own recorder never shows it; only a proxy's does.

use super::{Check, Claim, ClaimInfo, LooksAt, Observation, Record, Scene};
use crate::entra::Evidence;

/// Whether a proxy restricts the tenants that may be signed in to.
pub(super) static CHECK: Check =
    Check { name: "tenant-restriction", about: ABOUT, looks_at: LooksAt::Circumstances, claims: &CLAIMS, observe };

const ABOUT: &str = "Whether a proxy added the header that restricts which tenants may be signed in to";

static CLAIMS: [ClaimInfo; 1] = [ClaimInfo {
    name: "tenant-restriction.header-sent",
    seen: "The request carries the header by which a proxy restricts the tenants that may be signed in to.",
    not_seen: "The request reached the recorder without the header by which a proxy restricts tenants.",
    question: ABOUT,
    record: Record::Told(
        "Record behind the company's proxy (with Fiddler between proxy and internet, or in the proxy's own log): browsers do not show the header.",
    ),
}];

const HEADERS: [&str; 2] = ["restrict-access-to-tenants", "sec-restrict-tenant-access-policy"];

fn observe(scene: &Scene<'_, '_>) -> Vec<Claim> {
    let [header_sent] = &CLAIMS;
    let step = scene.failing;
    let header = HEADERS.into_iter().find_map(|name| scene.names().request_header(step, name));
    let by_browser = step.request_header("sec-fetch-dest").kept().is_some();
    let searched = HEADERS.map(|name| Evidence::searched(step.entry, format!("request.header.{name}")));
    let none = match by_browser || step.exchange.request.headers.absent().is_some() {
        true => Observation::not_recorded("a browser's recorder does not see what a proxy adds"),
        false => Observation::not_seen(searched),
    };
    vec![header_sent.is(Observation::seen_or(header, none))]
}
