//! Which window the request was made in: a hidden frame, or the page itself.
//!
//! `Sec-Fetch-Dest` and `Sec-Fetch-Site` (W3C Fetch Metadata) are the browser's own words, and no exporter
//! removes them. Without them, MSAL's `state` tells its interaction.

use super::{Check, Claim, ClaimInfo, LooksAt, Observation, Record, Scene, Start};
use crate::entra::{EMBEDDER_POLICY, Endpoint, Evidence, FetchSite, Frame, Interaction, Step, shuts_out_frames};
use crate::exchange::{Loss, Recorded};
use crate::signin::Kind;

/// Which window the request was made in.
pub(super) static CHECK: Check = Check {
    name: "frame",
    about: "Whether the authorization request was made in a frame or by the page itself",
    looks_at: LooksAt::Circumstances,
    claims: &CLAIMS,
    observe,
};

static CLAIMS: [ClaimInfo; 5] = [
    ClaimInfo {
        name: "frame.inside-page",
        seen: "The request was made in a frame inside the application's page.",
        not_seen: "The request was not made in a frame.",
        question: "Whether the request was made in a frame",
        record: Record::FRAME,
    },
    ClaimInfo {
        name: "frame.top-level",
        seen: "The request was made by the page itself, where the sign-in service's cookies are first-party.",
        not_seen: "The request was not made by the page itself.",
        question: "Whether the page itself made the request",
        record: Record::FRAME,
    },
    ClaimInfo {
        name: "frame.cross-site",
        seen: "The page around the frame belongs to another site than the sign-in service.",
        not_seen: "The page does not belong to another site than the sign-in service.",
        question: "Whether the page around the frame belongs to another site than the sign-in service",
        record: Record::FRAME,
    },
    ClaimInfo {
        name: "frame.same-site",
        seen: "The application and the sign-in service are one site, so its cookies are not third-party.",
        not_seen: "The application and the sign-in service are not one site.",
        question: "Whether the application and the sign-in service are one site",
        record: Record::FRAME,
    },
    ClaimInfo {
        name: "frame.shut-out",
        seen: "The page around the frame shuts out what does not say that it may be embedded (Cross-Origin-Embedder-Policy); the sign-in service does not say so.",
        not_seen: "The page around the frame demands nothing of what is embedded in it.",
        question: "Whether the page around the frame shuts out what does not say that it may be embedded",
        record: Record::Earlier { before: Start::Page, with: "with the page's own headers", shows: "" },
    },
];

fn observe(scene: &Scene<'_, '_>) -> Vec<Claim> {
    let [inside, top_level, cross_site, same_site, shut_out] = &CLAIMS;
    let Some(step) = scene.request() else {
        if let Some(token) = Some(scene.failing).filter(|step| step.endpoint == Endpoint::Token && is_own_request(scene.attempt.kind)) {
            return CLAIMS.iter().map(|claim| claim.is(of_token_request(claim.name, token))).collect();
        }
        return CLAIMS.iter().map(|claim| claim.is(scene.without_request())).collect();
    };
    let frame = window(step);
    let site = step.fetch_site();
    let in_window = |wanted: Frame| match frame {
        Some(frame) if frame == wanted => Observation::seen_or(evidence(scene, step), not_told()),
        Some(_) if step.request_header("sec-fetch-dest").kept().is_some() => {
            Observation::not_seen([Evidence::searched(step.entry, "request.header.sec-fetch-dest")])
        }
        Some(_) => Observation::not_seen([Evidence::searched(step.entry, step.param_part("state"))]),
        None => not_told(),
    };
    let of_site = |wanted: &[FetchSite]| match site {
        Recorded::Kept(Some(site)) if wanted.contains(&site) => {
            Observation::seen_or(scene.names().request_header(step, "sec-fetch-site"), not_told())
        }
        Recorded::Kept(None) => Observation::not_recorded("Sec-Fetch-Site has a value that is not known"),
        Recorded::Kept(Some(_)) => Observation::not_seen([Evidence::searched(step.entry, "request.header.sec-fetch-site")]),
        Recorded::Empty | Recorded::NotKept(_) => {
            Observation::not_recorded("the request carries no Sec-Fetch-Site header, which tells of which site the page is")
        }
    };
    vec![
        inside.is(in_window(Frame::Frame)),
        top_level.is(in_window(Frame::TopLevel)),
        cross_site.is(of_site(&[FetchSite::CrossSite])),
        same_site.is(of_site(&[FetchSite::SameSite, FetchSite::SameOrigin])),
        shut_out.is(is_shut_out(scene, step)),
    ]
}

/// By the document of the page that made the request.
fn is_shut_out(scene: &Scene<'_, '_>, step: &Step<'_>) -> Observation {
    let Some(page) = scene.index.asking_document(scene.traffic, step) else {
        return Observation::not_recorded("the page that made the request is not in the capture");
    };
    // A summary has this header of a document, where there was one.
    if let Some(loss) = page.response.headers.absent().filter(|loss| *loss != Loss::Summarised) {
        return Observation::lost(loss, "the page's headers");
    }
    let evidence = scene.names().page_header(page, EMBEDDER_POLICY).filter(|_| shuts_out_frames(page));
    Observation::seen_or(evidence, Observation::not_seen([Evidence::searched(page.entry, "response.header.cross-origin-embedder-policy")]))
}

/// Whether an attempt is nothing but a token request: then there was never a window.
fn is_own_request(kind: Kind) -> bool {
    matches!(kind, Kind::Refresh | Kind::ServerSide | Kind::DeviceCode)
}

fn of_token_request(claim: &str, token: &Step<'_>) -> Observation {
    match claim {
        "frame.inside-page" => Observation::not_seen([Evidence::searched(token.entry, "request.url")]),
        _ => Observation::not_recorded("a token request is made in no window"),
    }
}

fn not_told() -> Observation {
    Observation::not_recorded("the request carries no Sec-Fetch headers, and nothing else tells its window")
}

fn window(step: &Step<'_>) -> Option<Frame> {
    match step.frame() {
        Recorded::Kept(frame) => Some(frame),
        Recorded::Empty | Recorded::NotKept(_) => match (step.interaction()?, step.is_silent()) {
            (Interaction::Silent, true) => Some(Frame::Frame),
            (Interaction::Redirect, _) => Some(Frame::TopLevel),
            _ => None,
        },
    }
}

fn evidence(scene: &Scene<'_, '_>, step: &Step<'_>) -> Option<Evidence> {
    scene.names().request_header(step, "sec-fetch-dest").or_else(|| scene.names().interaction(step))
}
