//! What the application did with the reply of the sign-in.

use super::{Check, Claim, ClaimInfo, LooksAt, Observation, Record, Scene, Start};
use crate::entra::{Endpoint, Evidence, NoAnswer, Step, cuts_opener};
use crate::exchange::Exchange;
use crate::signin::Symptom;

/// What the application did with the reply of the sign-in.
pub(super) static CHECK: Check = Check {
    name: "callback",
    about: "Whether the application received the reply, kept it, and turned its code in",
    looks_at: LooksAt::Circumstances,
    claims: &CLAIMS,
    observe,
};

static CLAIMS: [ClaimInfo; 13] = [
    ClaimInfo {
        name: "callback.code-not-used",
        seen: "The application was handed a code and sent no token request.",
        not_seen: "The application turned its code in.",
        question: "Whether the application turned its code in",
        record: RECORD,
    },
    ClaimInfo {
        name: "callback.refuses-framing",
        seen: "The application's own redirect page forbids to be shown in a frame.",
        not_seen: "The application's redirect page does not forbid to be shown in a frame.",
        question: "Whether the application's redirect page forbids to be shown in a frame",
        record: RECORD,
    },
    ClaimInfo {
        name: "callback.cuts-opener",
        seen: "The application's redirect page cuts itself off from the window that opened it (Cross-Origin-Opener-Policy).",
        not_seen: "The application's redirect page keeps its link to the window that opened it.",
        question: "Whether the application's redirect page cuts itself off from the window that opened it",
        record: RECORD,
    },
    ClaimInfo {
        name: "callback.error-status",
        seen: "The application answered the reply with an error status of its own.",
        not_seen: "The application did not answer the reply with an error status.",
        question: "How the application's server answered the reply",
        record: RECORD,
    },
    ClaimInfo {
        name: "callback.not-reached",
        seen: "The browser could not load the application's redirect page.",
        not_seen: "The browser loaded the application's redirect page.",
        question: "Whether the browser could load the application's redirect page",
        record: RECORD,
    },
    ClaimInfo {
        name: "callback.private-address",
        seen: "The redirect page lies at an address of a local network, while the application's page is on a public one.",
        not_seen: "The redirect page lies no deeper in a local network than the application's page.",
        question: "Whether the redirect page lies in a local network",
        record: Record::Earlier {
            before: Start::SignIn("the sign-in begins"),
            with: "so that the authorization request with its redirect URI is in the capture",
            shows: "",
        },
    },
    ClaimInfo {
        name: "callback.nobody-answers",
        seen: "Nothing answers at the redirect page's address: the connection was refused, or the name is not known.",
        not_seen: "It is not for want of somebody to answer that the redirect page did not load.",
        question: "Whether anything answers at the redirect page's address",
        record: Record::BrowserError,
    },
    ClaimInfo {
        name: "callback.reserved-path",
        seen: "The redirect URI is one of those that Azure App Service keeps for its own sign-in (/.auth/).",
        not_seen: "The redirect URI is none of those that Azure App Service keeps for its own sign-in.",
        question: "Whether the redirect URI is one that Azure App Service keeps for its own sign-in",
        record: Record::Earlier {
            before: Start::SignIn("the sign-in begins"),
            with: "so that the authorization request with its redirect URI is in the capture",
            shows: "",
        },
    },
    ClaimInfo {
        name: "callback.other-nonce",
        seen: "The ID token names another nonce than the request had sent: it belongs to another sign-in.",
        not_seen: "The ID token names the nonce that the request had sent.",
        question: "Whether the ID token names the nonce that the request had sent",
        record: Record::Told("Record the token reply with its body."),
    },
    ClaimInfo {
        name: "callback.other-state",
        seen: "The reply came back with a state that no request in this capture had sent.",
        not_seen: "The reply came back with the state that the request had sent.",
        question: "Whether the reply came back with the state that the request had sent",
        record: Record::Earlier {
            before: Start::SignIn("the sign-in begins"),
            with: "so that the request with its state is in the capture",
            shows: "",
        },
    },
    ClaimInfo {
        name: "callback.at-server",
        seen: "The reply goes to a server of the application, not to a library in its page.",
        not_seen: "The reply goes to a library in the application's page.",
        question: "Whether the reply goes to a server of the application",
        record: Record::Earlier {
            before: Start::Step("the sign-in begins"),
            with: "so that the authorization request is in the capture",
            shows: "",
        },
    },
    ClaimInfo {
        name: "callback.person-refused",
        seen: "The application received the reply and keeps the person out (401 or 403).",
        not_seen: "The application does not say that it keeps the person out.",
        question: "Whether the application keeps the person out",
        record: RECORD,
    },
    ClaimInfo {
        name: "callback.broker-refuses",
        seen: "Whoever got the service's reply sent the browser on to another application, with an error of its own.",
        not_seen: "Whoever got the service's reply did not send the browser on with an error of its own.",
        question: "Whether whoever got the reply sent the browser on with an error of its own",
        record: RECORD,
    },
];

const RECORD: Record = Record::Told("Keep recording, with Preserve log on, until the application has loaded after the sign-in.");

fn observe(scene: &Scene<'_, '_>) -> Vec<Claim> {
    let [
        not_used,
        framing,
        opener,
        error_status,
        not_reached,
        private_address,
        nobody_answers,
        reserved_path,
        nonce_differs,
        state_differs,
        at_server,
        person_refused,
        broker_refuses,
    ] = &CLAIMS;
    let find = |wanted: fn(&Step<'_>) -> bool| scene.attempt.steps(scene.traffic).rev().find(|step| wanted(step));
    // Safari's recorder leaves redirects out: there the application has the reply, and nothing gave it.
    let handed = find(|step| step.reply.handover.as_ref().is_some_and(|handover| handover.succeeds())).or_else(|| find(receives_code));
    let redeemed = scene.attempt.steps(scene.traffic).find(|step| step.endpoint == Endpoint::Token || step.hands_code_on());
    let nothing = || Observation::not_recorded("no reply was handed to the application in this attempt");
    let used = match (handed, redeemed) {
        _ if is_without_code(scene) => Observation::moot("SAML and WS-Federation hand no code to the application"),
        (None, _) => nothing(),
        (Some(_), Some(token)) => Observation::not_seen([Evidence::searched(token.entry, "request.url")]),
        (Some(_), None) if scene.request().is_some_and(|request| !request.is_single_page_client()) => {
            Observation::not_recorded("a server turns its codes in where a browser's recorder does not see it")
        }
        (Some(_), None) if scene.traffic.holds_only_documents() => {
            Observation::not_recorded("the capture holds documents alone, and no request of a script")
        }
        (Some(step), None) if !hands_code(step) => Observation::not_recorded("what the application was handed is no code"),
        (Some(step), None) => {
            let code = scene.names().reply_param(step, "code").or_else(|| scene.names().request_param(step, "code"));
            Observation::seen_or(code, Observation::seen(scene.names().step(step)))
        }
    };
    let page = handed.and_then(|step| landing(scene, step));
    let of_page = |test: fn(&Exchange) -> bool, part: &'static str| match page {
        None => Observation::not_recorded("the application's redirect page is not in the capture"),
        Some(page) if test(page) => scene.unanswered(page),
        Some(page) => Observation::not_seen([Evidence::searched(page.entry, part)]),
    };
    let by_header = |shown: &dyn Fn(&Exchange) -> Option<Evidence>, part: &'static str| match page {
        None => Observation::not_recorded("the application's redirect page is not in the capture"),
        Some(page) => Observation::seen_or(shown(page), Observation::not_seen([Evidence::searched(page.entry, part)])),
    };
    let failed = Some(scene.failing).filter(|step| step.brings_reply());
    // Where the reply stands in the fragment, the page is asked for without it.
    let of_landing = |wanted: &dyn Fn(u16) -> bool| match page.and_then(|page| Some((page, page.response.status?))) {
        Some((page, status)) if wanted(status) => Observation::seen(scene.names().exchange(page)),
        Some((page, _)) => Observation::not_seen([Evidence::searched(page.entry, "response.status")]),
        None => Observation::not_recorded("the request that brings the reply to the application is not in the capture"),
    };
    let status = match failed.and_then(|step| Some((step, step.status?))) {
        Some((step, status)) if status >= 400 => Observation::seen(scene.names().step(step)),
        Some((step, _)) => Observation::not_seen([Evidence::searched(step.entry, "response.status")]),
        None => of_landing(&|status| status >= 400),
    };
    vec![
        not_used.is(used),
        framing.is(by_header(&|page| scene.names().no_frames(page), "response.header.x-frame-options")),
        opener.is(by_header(
            &|page| scene.names().page_header(page, "cross-origin-opener-policy").filter(|_| cuts_opener(page)),
            "response.header.cross-origin-opener-policy",
        )),
        error_status.is(status),
        not_reached.is(match page {
            Some(page) if page.response.status.is_none() && page.response.failure.is_none() => {
                Observation::not_recorded("the recorder does not say how the request for the redirect page ended")
            }
            _ => of_page(|page| page.response.status.is_none(), "response.status"),
        }),
        private_address.is(leads_into_local_network(scene)),
        nobody_answers.is(match page {
            Some(page) if page.response.status.is_none() && page.response.failure.is_none() => {
                Observation::not_recorded("the recorder does not say how the request for the redirect page ended")
            }
            _ => of_page(NoAnswer::is_for_want_of_server, "response._error"),
        }),
        reserved_path.is(is_reserved(scene)),
        nonce_differs.is(nonce(scene)),
        state_differs.is(state(scene)),
        at_server.is(goes_to_server(scene)),
        person_refused.is(match failed {
            Some(step) if refuses_person(step) => Observation::seen(scene.names().step(step)),
            Some(step) => Observation::not_seen([Evidence::searched(step.entry, "response.status")]),
            None => match of_landing(&|status| matches!(status, 401 | 403)) {
                Observation::Seen { .. } => Observation::not_recorded("the page was asked for without the reply"),
                other => other,
            },
        }),
        broker_refuses.is(match failed {
            Some(step) => {
                let is_told = scene.event.symptom == Some(Symptom::CallbackFailed);
                let error = scene.names().request_param(step, "error").filter(|_| is_told);
                Observation::seen_or(error, Observation::not_seen([Evidence::searched(step.entry, step.param_part("error"))]))
            }
            None => of_landing(&|_| false),
        }),
    ]
}

/// Azure App Service answers 401 to a reply that it does not know; to a person whom it knows and lets not in, 403.
fn refuses_person(step: &Step<'_>) -> bool {
    let of_app_service = || step.address.as_ref().is_some_and(|address| address.path.starts_with("/.auth/"));
    step.status == Some(403) || (step.status == Some(401) && !of_app_service())
}

/// By the request: libraries of pages name themselves, or want the reply in the fragment, which no server sees.
fn goes_to_server(scene: &Scene<'_, '_>) -> Observation {
    let received = scene.attempt.steps(scene.traffic).find(|step| step.endpoint == Endpoint::AppCallback);
    match (scene.request(), received) {
        (Some(request), _) if request.is_single_page_client() => Observation::not_seen([Evidence::searched(request.entry, "request.url")]),
        (Some(request), _) => Observation::seen(scene.names().step(request)),
        (None, Some(received)) if received.method == "POST" => Observation::seen(scene.names().step(received)),
        (None, _) => scene.without_request(),
    }
}

fn hands_code(step: &Step<'_>) -> bool {
    step.reply.handover.as_ref().is_some_and(|handover| handover.params.has("code")) || receives_code(step)
}

fn receives_code(step: &Step<'_>) -> bool {
    step.endpoint == Endpoint::AppCallback && step.params.has("code") && step.reply.failures.is_empty()
}

/// Whether the application asked by a protocol that knows neither code nor state nor nonce.
fn is_without_code(scene: &Scene<'_, '_>) -> bool {
    scene.request().is_some_and(|step| matches!(step.endpoint, Endpoint::Saml | Endpoint::WsFederation))
}

/// Azure App Service handles these paths itself, before any code of the application.
fn is_reserved(scene: &Scene<'_, '_>) -> Observation {
    let Some((step, target)) = scene.request().and_then(|step| Some((step, step.reply_address()?))) else {
        return Observation::not_recorded("the request's redirect URI is not in the capture, or is no web address");
    };
    let evidence = scene.names().reply_place(step).filter(|_| target.path.starts_with("/.auth/"));
    Observation::seen_or(evidence, Observation::not_seen(searched_reply_place(step)))
}

/// Browsers let a public page into a local network only with the person's leave (Local Network Access, before it
/// Private Network Access).
fn leads_into_local_network(scene: &Scene<'_, '_>) -> Observation {
    let Some((step, target)) = scene.request().and_then(|step| Some((step, step.reply_address()?))) else {
        return Observation::not_recorded("the request's redirect URI is not in the capture, or is no web address");
    };
    let Some(page) = step.referer() else { return Observation::not_recorded("the page that the request came from is not in the capture") };
    let evidence = scene.names().reply_place(step).filter(|_| target.is_local() && !page.is_local());
    Observation::seen_or(evidence, Observation::not_seen(searched_reply_place(step)))
}

/// Where the request says where it wants its reply, as a place that was searched.
pub(super) fn searched_reply_place(step: &Step<'_>) -> Option<Evidence> {
    step.reply_place().map(|(_, part)| Evidence::searched(step.entry, part))
}

/// The application's document that a reply leads to.
fn landing<'a>(scene: &Scene<'a, '_>, step: &Step<'a>) -> Option<&'a Exchange> {
    if step.endpoint == Endpoint::AppCallback {
        return Some(step.exchange);
    }
    let target = step.reply.handover.as_ref()?.target.as_ref()?;
    scene.index.visit(scene.traffic, step, target)
}

/// Why values cannot be compared.
const TAKEN_OUT: &str = "somebody took the value out of the capture, so it cannot be compared";

fn state(scene: &Scene<'_, '_>) -> Observation {
    let Some(request) = scene.request() else { return scene.without_request() };
    if is_without_code(scene) {
        return Observation::moot("SAML and WS-Federation know no state of OAuth");
    }
    let mut callbacks = scene.attempt.steps(scene.traffic).filter(|step| step.is_reply_to(request));
    let received = callbacks.find_map(|step| Some((step, step.params.find("state")?)));
    // A fragment goes to no server: there the service's own reply shows what the page got.
    let sent = request.params.get("state");
    let is_back = |step: &Step<'_>| sent.zip(step.reply.handover.as_ref()?.params.get("state")).map(|(sent, back)| sent.is_same_as(back));
    let handed = |step: &Step<'_>| scene.names().reply_param(step, "state").filter(|_| is_back(step) == Some(Some(true)));
    if received.is_none()
        && let Some(place) = scene.attempt.steps(scene.traffic).rev().find_map(handed)
    {
        return Observation::not_seen([Evidence::searched(place.entry(), place.part().to_owned())]);
    }
    match (request.params.find("state"), received) {
        (_, None) if scene.attempt.steps(scene.traffic).any(|step| is_back(step) == Some(None)) => Observation::not_recorded(TAKEN_OUT),
        (_, None) => Observation::not_recorded("the reply with its state is not in the capture"),
        (Some(sent), Some((_, back))) if sent.value.is_same_as(&back.value).is_none() => Observation::not_recorded(TAKEN_OUT),
        (Some(sent), Some((callback, back))) if callback.receives_other_state_than(request) => {
            Observation::seen_with(scene.names().param(request, sent), [scene.names().param(callback, back)])
        }
        (_, Some((callback, _))) => Observation::not_seen([Evidence::searched(callback.entry, callback.param_part("state"))]),
    }
}

fn nonce(scene: &Scene<'_, '_>) -> Observation {
    let Some(request) = scene.request() else { return scene.without_request() };
    if is_without_code(scene) {
        return Observation::moot("SAML and WS-Federation know no nonce of OpenID Connect");
    }
    let named = scene
        .attempt
        .steps(scene.traffic)
        .find(|step| step.tokens().and_then(|tokens| tokens.id_token.as_ref()).is_some_and(|claims| claims.nonce.is_some()));
    match (request.params.find("nonce"), named) {
        (_, None) => Observation::not_recorded("no ID token with a nonce is in the capture"),
        (Some(sent), _) if sent.value.is_stand_in() => Observation::not_recorded(TAKEN_OUT),
        (Some(sent), Some(step)) if step.gives_other_nonce_than(request) => {
            Observation::seen_with(scene.names().param(request, sent), [scene.names().step(step)])
        }
        (_, Some(step)) => Observation::not_seen([Evidence::searched(step.entry, "response.body.id_token.nonce")]),
    }
}
