//! Where the token request came from: a page of another origin, or a server.

use super::{Check, Claim, ClaimInfo, LooksAt, Observation, Record, Scene};
use crate::entra::{Endpoint, Evidence, NoAnswer, Step, cookies};
use crate::exchange::Recorded;

/// Where the token request came from.
pub(super) static CHECK: Check = Check {
    name: "token-request",
    about: "Whether the token request was made by a page (with an Origin header) or without one",
    looks_at: LooksAt::Circumstances,
    claims: &CLAIMS,
    observe,
};

static CLAIMS: [ClaimInfo; 7] = [
    ClaimInfo {
        name: "token-request.cross-origin",
        seen: "A page made the token request from its own origin.",
        not_seen: "The token request carries no Origin header: no page made it, or something removed the header.",
        question: "Whether a page made the token request",
        record: RECORD,
    },
    ClaimInfo {
        name: "token-request.not-shared",
        seen: "The reply does not allow the page's origin to read it (no Access-Control-Allow-Origin).",
        not_seen: "The reply allows the page's origin to read it.",
        question: "Whether the reply allows the page's origin to read it",
        record: RECORD,
    },
    ClaimInfo {
        name: "token-request.preflighted",
        seen: "The browser asked for permission first: the request carries headers that something added.",
        not_seen: "The browser did not have to ask for permission first.",
        question: "Whether the browser had to ask for permission first",
        record: RECORD,
    },
    ClaimInfo {
        name: "token-request.preflight-refused",
        seen: "The browser asked for permission first, and the answer does not give it: the request is not sent.",
        not_seen: "Nothing that the browser asked for permission first was refused.",
        question: "Whether the browser was refused the permission it asked for first",
        record: RECORD,
    },
    ClaimInfo {
        name: "token-request.from-browser",
        seen: "A browser sent the token request: it carries headers or cookies that only a browser has.",
        not_seen: "The token request carries nothing that only a browser has.",
        question: "Whether a browser sent the token request",
        record: RECORD,
    },
    ClaimInfo {
        name: "token-request.by-get",
        seen: "The token endpoint was called with GET.",
        not_seen: "The request that failed is no GET to the token endpoint.",
        question: "By which method the token endpoint was called",
        record: RECORD,
    },
    ClaimInfo {
        name: "token-request.kept-from-page",
        seen: "The browser let the page have no reply to its token request.",
        not_seen: "The browser did not keep a reply from the page by an error of its own.",
        question: "Whether the browser kept the reply from the page",
        record: Record::BrowserError,
    },
];

const RECORD: Record = Record::Told("Record the token request with all its headers, in the browser.");

fn observe(scene: &Scene<'_, '_>) -> Vec<Claim> {
    let [cross_origin, not_shared, preflighted, preflight_refused, from_browser, by_get, kept_from_page] = &CLAIMS;
    let Some(token) = Some(scene.failing).filter(|step| step.endpoint == Endpoint::Token) else {
        let none = || Observation::not_recorded("the token request is not in the capture");
        let made = [cross_origin, not_shared, preflighted, preflight_refused, from_browser, kept_from_page].map(|claim| claim.is(none()));
        return made.into_iter().chain([by_get.is(was_by_get(scene))]).collect();
    };
    let origin = match token.request_header("origin") {
        Recorded::Kept(origin) => Observation::seen(scene.names().header(token, "origin", origin)),
        Recorded::Empty => Observation::not_seen([Evidence::searched(token.entry, "request.header.origin")]),
        Recorded::NotKept(loss) => Observation::lost(loss, "the request's headers"),
    };
    let shared = match (token.request_header("origin"), token.status, token.response_header("access-control-allow-origin")) {
        (Recorded::Empty, ..) => Observation::not_recorded("no page made the request, so none has to read the reply"),
        (_, None, _) => Observation::not_recorded("no reply is in the capture"),
        (_, _, Recorded::Kept(_)) => {
            Observation::not_seen([Evidence::searched(token.entry, "response.header.access-control-allow-origin")])
        }
        (_, _, Recorded::Empty) => {
            Observation::seen_with(scene.names().allowed(token, "access-control-allow-origin"), [scene.names().step(token)])
        }
        (_, _, Recorded::NotKept(loss)) => Observation::lost(loss, "the reply's headers"),
    };
    let kept = match (NoAnswer::of(token.exchange), token.status) {
        (Some(NoAnswer::KeptFromPage), None) => scene.unanswered(token.exchange),
        (Some(NoAnswer::Untold | NoAnswer::UntoldByProxy) | None, None) => {
            Observation::not_recorded("the recorder does not say why no answer came")
        }
        _ => Observation::not_seen([Evidence::searched(token.entry, "response._error")]),
    };
    let url = token.exchange.request.url.without_fragment();
    let asking = scene.preflight_of(url);
    let preflight = Some(token).filter(|step| step.method == "OPTIONS").or(asking);
    let asked = preflight.map(|step| scene.names().headers_asked_for(step).unwrap_or_else(|| scene.names().step(step)));
    let refused = preflight.map(|step| scene.names().preflight_refusal(step)).unwrap_or_default();
    let without_preflight = || Observation::not_seen([Evidence::searched(token.entry, "request.url")]);
    vec![
        cross_origin.is(origin),
        not_shared.is(shared),
        preflighted.is(Observation::seen_or(asked, without_preflight())),
        preflight_refused.is(match preflight.filter(|step| scene.traffic.is_answered_by_another(step)) {
            Some(_) => Observation::not_recorded("something on the way answered the browser's question in the place of the service"),
            None => Observation::seen_or(refused, without_preflight()),
        }),
        from_browser.is(was_from_browser(scene, token)),
        by_get.is(was_by_get(scene)),
        kept_from_page.is(kept),
    ]
}

/// An application that repeats what its server was told shows nothing of the server's request.
fn was_by_get(scene: &Scene<'_, '_>) -> Observation {
    match Some(scene.failing).filter(|step| step.at_entra()) {
        None => Observation::not_recorded("the request that the service refused is not in the capture"),
        Some(step) => {
            let is_get = step.endpoint == Endpoint::Token && step.method == "GET";
            let evidence = is_get.then(|| scene.names().step(step));
            Observation::seen_or(evidence, Observation::not_seen([Evidence::searched(step.entry, "request.url")]))
        }
    }
}

/// A browser shows itself by what it writes about a request, and by the cookies of the sign-in service that it holds.
fn was_from_browser(scene: &Scene<'_, '_>, token: &Step<'_>) -> Observation {
    let headers = ["origin", "sec-fetch-mode", "sec-ch-ua", "referer"];
    let header = headers.into_iter().find_map(|name| scene.names().request_header(token, name));
    let sends_cookies = token.cookies_sent.kept().is_some_and(|names| names.iter().any(|name| cookies::is_sign_in_cookie(name)));
    let cookie = sends_cookies.then(|| scene.names().cookies_sent(token, cookies::is_sign_in_cookie));
    let nothing = match token.request_header("origin") {
        Recorded::NotKept(loss) => Observation::lost(loss, "the request's headers"),
        Recorded::Kept(_) | Recorded::Empty => {
            Observation::not_seen(headers.map(|name| Evidence::searched(token.entry, format!("request.header.{name}"))))
        }
    };
    Observation::seen_or(header.or(cookie), nothing)
}
