//! Why a request got no usable answer: the browser's own error names.
//!
//! Chromium writes `net::ERR_…` into `_error`; Firefox and others write less. What is blocked after the answer
//! came (framing, CORS) is told from what never left.

use super::{Check, Claim, ClaimInfo, Observation, Scene};
use crate::entra::{Evidence, Step};
use crate::exchange::proxy;
use crate::signin::{failure_is, refuses_framing};

/// Why a request got no usable answer.
pub(super) static CHECK: Check = Check {
    name: "transport",
    about: "Why a request to the sign-in service got no usable answer, by the browser's own error",
    claims: &CLAIMS,
    observe,
};

static CLAIMS: [ClaimInfo; 6] = [
    ClaimInfo {
        name: "transport.blocked-by-client",
        seen: "The browser never sent the request: an extension, a content blocker or a policy stopped it.",
        not_seen: "The request was not stopped inside the browser.",
        record: RECORD,
    },
    ClaimInfo {
        name: "transport.blocked-by-page-policy",
        seen: "The page's own Content-Security-Policy stopped the request.",
        not_seen: "It was not the page's own Content-Security-Policy that stopped the request.",
        record: "Record with Chrome's or Edge's developer tools: their console names the directive that stopped a request.",
    },
    ClaimInfo {
        name: "transport.unreachable",
        seen: "The sign-in host could not be reached from this network.",
        not_seen: "It was not the network that kept the sign-in host from answering.",
        record: RECORD,
    },
    ClaimInfo {
        name: "transport.framing-refused",
        seen: "The answer came, but forbids to be shown in a frame.",
        not_seen: "The answer does not forbid to be shown in a frame.",
        record: RECORD,
    },
    ClaimInfo {
        name: "transport.given-up",
        seen: "No answer came before the page gave up waiting.",
        not_seen: "The page did not give up waiting.",
        record: RECORD,
    },
    ClaimInfo {
        name: "transport.error-status",
        seen: "The service answered with a status that says it cannot serve now.",
        not_seen: "The service did not answer with a status that says it cannot serve now.",
        record: "Ask whoever runs the proxy or firewall between the computer and the service what it logged at that time.",
    },
];

const RECORD: &str = "Record with Chrome's or Edge's developer tools, or a NetLog: they name the browser's own error for each request.";

const BLOCKED: &[&str] = &[
    "ERR_BLOCKED_BY_CLIENT",
    "ERR_BLOCKED_BY_ADMINISTRATOR",
    "ERR_BLOCKED_BY_ORB",
    "ERR_BLOCKED_BY_LOCAL_NETWORK_ACCESS_CHECKS",
    "blocked:",
];

/// What Chromium calls it in `_error` and in what it says of a blocked request.
const BLOCKED_BY_PAGE_POLICY: &[&str] = &["ERR_BLOCKED_BY_CSP", "csp"];

const UNREACHABLE: &[&str] = &[
    "ERR_NAME_NOT_RESOLVED",
    "ERR_CONNECTION_",
    "ERR_TIMED_OUT",
    "ERR_TUNNEL_CONNECTION_FAILED",
    "ERR_PROXY_",
    "ERR_CERT_",
    "ERR_SSL_",
    "ERR_ADDRESS_UNREACHABLE",
    "ERR_INTERNET_DISCONNECTED",
    "ERR_NETWORK_CHANGED",
    "ERR_EMPTY_RESPONSE",
    "ERR_HTTP2_",
    "ERR_QUIC_",
    "ERR_SOCKET",
    "NS_ERROR_UNKNOWN_HOST",
    "NS_ERROR_CONNECTION_REFUSED",
    "NS_ERROR_NET_",
    "NS_ERROR_PROXY_",
    "SSL_ERROR",
    "ECONNREFUSED",
    "ENOTFOUND",
    "ECONNRESET",
    "ETIMEDOUT",
    proxy::NO_HOST,
    proxy::NO_CONNECTION,
    proxy::NO_TLS,
    proxy::NO_RESPONSE,
];
const GIVEN_UP: &[&str] = &["ERR_ABORTED", "NS_BINDING_ABORTED", proxy::CLIENT_LEFT];

/// Failures of which only the fact is known. What somebody ended in the proxy tells nothing about the network.
const UNTOLD: &[&str] = &[proxy::STOPPED, proxy::UNTOLD];

/// Why no answer came, by the browser's or proxy's word.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Why {
    Blocked,
    BlockedByPagePolicy,
    Unreachable,
    GivenUp,
    /// Of the others nothing follows: `net::ERR_FAILED` is also what a page gets that may not read an answer.
    Untold(&'static str),
}

impl Why {
    fn of(step: &Step<'_>) -> Option<Self> {
        step.exchange.response.failure.as_ref()?;
        let is = |names: &[&str]| failure_is(step.exchange, names);
        Some(match () {
            () if is(BLOCKED_BY_PAGE_POLICY) => Self::BlockedByPagePolicy,
            () if is(BLOCKED) => Self::Blocked,
            () if is(UNREACHABLE) => Self::Unreachable,
            () if is(GIVEN_UP) => Self::GivenUp,
            () if is(UNTOLD) => Self::Untold("the proxy does not say why no answer came"),
            () => Self::Untold("the browser's error does not say why no answer came"),
        })
    }
}

/// How long a library waits at least before it gives up, in milliseconds.
const PATIENCE_MS: f64 = 5000.0;

fn observe(scene: &Scene<'_, '_>) -> Vec<Claim> {
    let [blocked, page_policy, unreachable, framing, given_up, error_status] = &CLAIMS;
    let Some(step) = scene.failing() else {
        return CLAIMS.iter().map(|claim| claim.is(Observation::not_recorded("the request is not in the capture"))).collect();
    };
    let exchange = step.exchange;
    let place = || [Evidence::searched(step.entry, "response._error")];
    let is = |why: Why| match (Why::of(step), step.status) {
        (Some(found), _) if found == why || found == Why::BlockedByPagePolicy && why == Why::Blocked => {
            Observation::seen(scene.names().step(step))
        }
        (Some(Why::Untold(untold)), _) => Observation::not_recorded(untold),
        // Whether an answer would have come is known of no request that the page took back.
        (Some(Why::GivenUp), _) if why == Why::Unreachable => {
            Observation::not_recorded("the page gave up before the network told anything")
        }
        (Some(_), _) | (None, Some(_)) => Observation::not_seen(place()),
        (None, None) => Observation::not_recorded("the recorder does not say why no answer came"),
    };
    let refuses = match step.status {
        _ if refuses_framing(exchange) => {
            let header = scene.names().response_header(step, "x-frame-options");
            Observation::seen(header.unwrap_or_else(|| scene.names().step(step)))
        }
        Some(_) => Observation::not_seen([Evidence::searched(step.entry, "response.header.x-frame-options")]),
        None => Observation::not_recorded("no answer came"),
    };
    let gave_up = match (&exchange.response.failure, step.status) {
        // Without a reason the time tells: no library gives up sooner (msal-js, `iframeHashTimeout`).
        (None, None) if exchange.duration_ms.is_some_and(|waited| waited >= PATIENCE_MS) => Observation::seen(scene.names().step(step)),
        _ => is(Why::GivenUp),
    };
    let busy = match step.status {
        Some(status) if status == 429 || status >= 500 => match step.is_answered_by_service() {
            true => Observation::seen(scene.names().step(step)),
            false => Observation::not_recorded("nothing in the answer shows that it came from the service, and not from a proxy"),
        },
        Some(_) => Observation::not_seen([Evidence::searched(step.entry, "response.status")]),
        None => Observation::not_recorded("no answer came"),
    };
    vec![
        blocked.is(is(Why::Blocked)),
        page_policy.is(is(Why::BlockedByPagePolicy)),
        unreachable.is(is(Why::Unreachable)),
        framing.is(refuses),
        given_up.is(gave_up),
        error_status.is(busy),
    ]
}
