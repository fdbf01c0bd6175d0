//! Why a request got no usable answer: the browser's own error names. What is blocked after the answer came (framing, CORS) is
//! told from what never left.

use super::{Check, Claim, ClaimInfo, LooksAt, Observation, Record, Scene};
use crate::entra::{Evidence, NoAnswer, Step, is_document};
use crate::signin::{Kind, PATIENCE_MS};

/// Why a request got no usable answer.
pub(super) static CHECK: Check = Check {
    name: "transport",
    about: "Why a request to the sign-in service got no usable answer, by the browser's own error",
    looks_at: LooksAt::FailingReply,
    claims: &CLAIMS,
    observe,
};

static CLAIMS: [ClaimInfo; 15] = [
    ClaimInfo {
        name: "transport.blocked-by-client",
        seen: "The browser itself stopped the request.",
        not_seen: "The request was not stopped inside the browser.",
        question: "Whether the request was stopped inside the browser",
        record: RECORD,
    },
    ClaimInfo {
        name: "transport.blocked-by-page-policy",
        seen: "The page's own Content-Security-Policy stopped the request.",
        not_seen: "It was not the page's own Content-Security-Policy that stopped the request.",
        question: "Whether the page's own policy stopped the request",
        record: Record::Told("Record with Chrome's or Edge's developer tools: their console names the directive that stopped a request."),
    },
    ClaimInfo {
        name: "transport.unreachable",
        seen: "The connection to the sign-in host failed.",
        not_seen: "It was not the connection that kept the sign-in host from answering.",
        question: "Whether the host could be reached",
        record: RECORD,
    },
    ClaimInfo {
        name: "transport.answered-in-its-place",
        seen: "Something on the way, such as a proxy or a filter, answered in the place of the sign-in service.",
        not_seen: "The sign-in service itself answered.",
        question: "Whether something on the way answered in the place of the sign-in service",
        record: Record::ReplyHeaders("the service's own have x-ms-request-id"),
    },
    ClaimInfo {
        name: "transport.page-script-missing",
        seen: "A script of the sign-in page did not come.",
        not_seen: "No script of the sign-in page is seen to have failed.",
        question: "Whether the scripts of the sign-in page came",
        record: Record::Told("Record the window in which the sign-in page is shown, with everything that it loads."),
    },
    ClaimInfo {
        name: "transport.framing-refused",
        seen: "The answer came, but forbids to be shown in a frame.",
        not_seen: "The answer does not forbid to be shown in a frame.",
        question: "Whether the answer forbids to be shown in a frame",
        record: RECORD,
    },
    ClaimInfo {
        name: "transport.not-shown-in-frame",
        seen: "The browser did not show in the frame what came, for something that the answer says or does not say.",
        not_seen: "The browser does not say that it kept an answer from the frame.",
        question: "Whether the browser showed the answer in the frame",
        record: RECORD,
    },
    ClaimInfo {
        name: "transport.embedding-refused",
        seen: "The browser says that the answer lacks what the page around the frame demands (Cross-Origin-Embedder-Policy).",
        not_seen: "The browser does not say that the answer lacks what the page around the frame demands.",
        question: "Whether the answer has what the page around the frame demands",
        record: RECORD,
    },
    ClaimInfo {
        name: "transport.given-up",
        seen: "No answer came before the page gave up waiting.",
        not_seen: "The page did not give up waiting.",
        question: "Whether the page gave up waiting",
        record: RECORD,
    },
    ClaimInfo {
        name: "transport.error-status",
        seen: "The service answered with a status that says it cannot serve now.",
        not_seen: "The service did not answer with a status that says it cannot serve now.",
        question: "Whether the service said that it cannot serve now",
        record: Record::Told("Ask whoever runs the proxy or firewall between the computer and the service what it logged at that time."),
    },
    ClaimInfo {
        name: "transport.blocked-from-local-network",
        seen: "The browser did not let the page reach an address of the local network: the sign-in host's name leads to one.",
        not_seen: "It was not for an address of the local network that the browser stopped the request.",
        question: "Whether the browser kept the page from an address of the local network",
        record: RECORD,
    },
    ClaimInfo {
        name: "transport.certificate-not-trusted",
        seen: "A server answered for the sign-in host with a certificate that is not trusted.",
        not_seen: "It was not over the trust in a server's certificate that the connection failed.",
        question: "Whether the server's certificate was taken",
        record: RECORD,
    },
    ClaimInfo {
        name: "transport.certificate-date",
        seen: "A server answered for the sign-in host with a certificate that is not valid at this date, by the computer's clock.",
        not_seen: "It was not over the date of a server's certificate that the connection failed.",
        question: "Whether the server's certificate was taken",
        record: RECORD,
    },
    ClaimInfo {
        name: "transport.offline",
        seen: "The computer was connected to no network.",
        not_seen: "The computer was connected to a network.",
        question: "Whether the computer was connected to a network",
        record: RECORD,
    },
    ClaimInfo {
        name: "transport.network-changed",
        seen: "The computer's network changed while the request was under way.",
        not_seen: "It was not a change of networks that ended the request.",
        question: "Whether the computer's network changed",
        record: RECORD,
    },
];

const RECORD: Record = Record::BrowserError;

fn observe(scene: &Scene<'_, '_>) -> Vec<Claim> {
    let [
        blocked,
        page_policy,
        unreachable,
        in_its_place,
        script_missing,
        framing,
        not_shown,
        embedding,
        given_up,
        error_status,
        local_network,
        not_trusted,
        certificate_date,
        offline,
        network_changed,
    ] = &CLAIMS;
    let is = |why: NoAnswer| is_unanswered_for(scene, why);
    vec![
        blocked.is(is(NoAnswer::BlockedByClient)),
        page_policy.is(is(NoAnswer::BlockedByPagePolicy)),
        unreachable.is(is(NoAnswer::Unreachable)),
        in_its_place.is(is_answered_in_its_place(scene)),
        script_missing.is(is_script_missing(scene)),
        framing.is(refuses_framing(scene)),
        not_shown.is(is(NoAnswer::FramingRefused)),
        embedding.is(is(NoAnswer::EmbeddingRefused)),
        given_up.is(is_given_up(scene)),
        error_status.is(is_out_of_order(scene)),
        local_network.is(is(NoAnswer::BlockedFromLocalNetwork)),
        not_trusted.is(is(NoAnswer::ServerNotTrusted)),
        certificate_date.is(is(NoAnswer::ServerCertificateDate)),
        offline.is(is(NoAnswer::Offline)),
        network_changed.is(is(NoAnswer::NetworkChanged)),
    ]
}

/// Where the browser says why no answer came, as a place that was searched.
fn searched_error(step: &Step<'_>) -> Observation {
    Observation::not_seen([Evidence::searched(step.entry, "response._error")])
}

/// Whether no answer came for this reason.
fn is_unanswered_for(scene: &Scene<'_, '_>, why: NoAnswer) -> Observation {
    let step = scene.failing;
    let exchange = step.exchange;
    let waited = exchange.duration_ms.is_none_or(|waited| waited <= 0.0 || waited >= PATIENCE_MS as f64);
    let waits_in_frame = scene.attempt.kind == Kind::SilentIframe && waited;
    match (NoAnswer::of(exchange), step.status) {
        // Elsewhere nobody asks people for certificates but something on the way.
        (Some(NoAnswer::ClientCertificate), _) if why == NoAnswer::Unreachable && !step.may_ask_for_certificate() => {
            scene.unanswered(exchange)
        }
        // A library that waits for a frame has given up by then, and whether the host would have been reached is not told.
        (Some(NoAnswer::TimedOut), _) if why == NoAnswer::Unreachable && waits_in_frame => {
            Observation::not_recorded("nothing came in time, and the browser does not say whether the host was reached")
        }
        (Some(NoAnswer::TimedOut), _) if why == NoAnswer::Unreachable || (why == NoAnswer::Left && waits_in_frame) => {
            scene.unanswered(exchange)
        }
        (Some(found), _) if found.is_case_of(why) => scene.unanswered(exchange),
        (Some(NoAnswer::FramingRefused), _) if why == NoAnswer::EmbeddingRefused => {
            Observation::not_recorded("the browser's error does not say what the answer lacks")
        }
        (Some(NoAnswer::UntoldByProxy), _) => Observation::not_recorded("the proxy does not say why no answer came"),
        // What a page may not read has the name of failures of any kind.
        (Some(NoAnswer::Untold | NoAnswer::KeptFromPage), _) => {
            Observation::not_recorded("the browser's error does not say why no answer came")
        }
        // Whether an answer would have come is known of no request that the page took back.
        (Some(NoAnswer::Left), _) if why == NoAnswer::Unreachable => {
            Observation::not_recorded("the page gave up before the network told anything")
        }
        (Some(_), _) | (None, Some(_)) => searched_error(step),
        (None, None) => Observation::not_recorded("the recorder does not say why no answer came"),
    }
}

fn is_answered_in_its_place(scene: &Scene<'_, '_>) -> Observation {
    let step = scene.failing;
    let response = &step.exchange.response;
    match step.status {
        Some(_) if scene.traffic.is_answered_by_another(step) => Observation::seen(scene.names().step(step)),
        Some(_) if response.headers.absent().is_some() => Observation::not_recorded("the headers of the reply were not recorded"),
        Some(_) if step.is_answered_by_service() => {
            Observation::not_seen([Evidence::searched(step.entry, "response.header.x-ms-request-id")])
        }
        Some(_) => Observation::not_recorded(NOT_SHOWN_TO_BE_ITS_OWN),
        None if response.failure.is_some() => searched_error(step),
        None => Observation::not_recorded("the recorder does not say how the request ended"),
    }
}

fn refuses_framing(scene: &Scene<'_, '_>) -> Observation {
    let step = scene.failing;
    match (scene.names().framing_header(step.exchange), step.status) {
        (Some(place), _) => Observation::seen(place),
        (None, Some(_)) => Observation::not_seen([Evidence::searched(step.entry, "response.header.x-frame-options")]),
        (None, None) => Observation::not_recorded("no answer is recorded"),
    }
}

fn is_given_up(scene: &Scene<'_, '_>) -> Observation {
    let step = scene.failing;
    match (&step.exchange.response.failure, step.status) {
        // Without a reason the time tells: no library gives up sooner (msal-js, `iframeHashTimeout`).
        (None, None) if step.exchange.duration_ms.is_some_and(|waited| waited >= PATIENCE_MS as f64) => {
            Observation::seen(scene.names().step(step))
        }
        _ => is_unanswered_for(scene, NoAnswer::Left),
    }
}

/// Whether the service says that it cannot serve now.
fn is_out_of_order(scene: &Scene<'_, '_>) -> Observation {
    let step = scene.failing;
    match step.status {
        Some(status) if status == 429 || status >= 500 => match step.is_answered_by_service() {
            true => Observation::seen(scene.names().step(step)),
            false => Observation::not_recorded(NOT_SHOWN_TO_BE_ITS_OWN),
        },
        Some(_) => Observation::not_seen([Evidence::searched(step.entry, "response.status")]),
        None => Observation::not_recorded("no answer came"),
    }
}

const NOT_SHOWN_TO_BE_ITS_OWN: &str = "nothing in the answer shows that it came from the service, and not from a proxy";

/// Whether scripts did not come that the failing page asked for.
fn is_script_missing(scene: &Scene<'_, '_>) -> Observation {
    let step = scene.failing;
    let missing = scene.sign_ins.missing_scripts.get(&scene.event.step).map(Vec::as_slice).unwrap_or_default();
    let mut missing = missing.iter().filter_map(|&at| scene.traffic.capture.exchanges.get(at));
    if let Some(first) = missing.next() {
        let names = scene.names();
        let rest = names.no_answer(first).into_iter().chain(missing.map(|script| names.exchange(script)));
        return Observation::seen_with(names.exchange(first), rest);
    }
    let is_page = step.at_entra() && step.status == Some(200) && is_document(step.exchange);
    match is_page && !scene.traffic.holds_only_documents() {
        true => Observation::not_seen([Evidence::searched(step.entry, "response.body")]),
        false => Observation::not_recorded("no sign-in page came, or nothing that it loads is in the capture"),
    }
}
