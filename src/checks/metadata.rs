//! What became of the metadata (`openid-configuration`) that a page asked for before it could begin.

use super::{Check, Claim, ClaimInfo, LooksAt, Observation, Record, Scene};
use crate::entra::{Evidence, MetadataFlaw};
use crate::exchange::Recorded;

/// What became of the metadata that a page asked for before it could begin.
pub(super) static CHECK: Check = Check {
    name: "metadata",
    about: "What became of the metadata (openid-configuration) with which a page's library begins",
    looks_at: LooksAt::FailingReply,
    claims: &CLAIMS,
    observe,
};

static CLAIMS: [ClaimInfo; 3] = [
    ClaimInfo {
        name: "metadata.not-found",
        seen: "There is no metadata at the address that the page's library asked.",
        not_seen: "There is something at the address of the metadata.",
        question: "Whether the page's library found metadata at the address that it asked",
        record: RECORD,
    },
    ClaimInfo {
        name: "metadata.kept-from-page",
        seen: "The metadata came, and its reply does not allow the page's origin to read it.",
        not_seen: "The browser did not keep the metadata from the page.",
        question: "Whether the page could read the metadata that it asked for",
        record: RECORD,
    },
    ClaimInfo {
        name: "metadata.issuer-elsewhere",
        seen: "The metadata names an issuer at another host than the one that was asked.",
        not_seen: "The metadata names no issuer at another host than the one that was asked.",
        question: "Whether the metadata names an issuer at the host that was asked",
        record: RECORD,
    },
];

const RECORD: Record =
    Record::Told("Record from where the application's page loads, with headers and bodies: its library asks for metadata first.");

fn observe(scene: &Scene<'_, '_>) -> Vec<Claim> {
    let [not_found, kept, elsewhere] = &CLAIMS;
    let step = scene.failing;
    let Some(flaw) = Some(step).filter(|step| step.is_metadata_for_page()).map(|step| step.metadata_flaw()) else {
        return CLAIMS
            .iter()
            .map(|claim| claim.is(Observation::not_recorded("what failed is no request of a page for metadata")))
            .collect();
    };
    let searched = |part: &'static str| Observation::not_seen([Evidence::searched(step.entry, part)]);
    let none = matches!(step.status, Some(400 | 404));
    let allowed = scene.names().allowed(step, "access-control-allow-origin");
    let issuer = if flaw == Some(MetadataFlaw::IssuerElsewhere) { scene.names().issuer(step) } else { None };
    vec![
        not_found.is(match step.status {
            None => Observation::not_recorded("no reply is in the capture"),
            Some(_) if none => Observation::seen(scene.names().step(step)),
            Some(_) => searched("response.status"),
        }),
        kept.is(match flaw {
            Some(MetadataFlaw::KeptFromPage) => {
                Observation::seen_with(allowed, scene.names().no_answer(step.exchange).into_iter().chain([scene.names().step(step)]))
            }
            _ if step.status.is_none() => Observation::not_recorded("no reply is in the capture"),
            _ => searched("response.header.access-control-allow-origin"),
        }),
        elsewhere.is(match &step.exchange.response.body {
            Recorded::NotKept(loss) => Observation::lost(*loss, "the reply's body"),
            _ => Observation::seen_or(issuer, searched("response.body.issuer")),
        }),
    ]
}
