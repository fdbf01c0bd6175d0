//! What became of the reply: whether its code was turned in, and whether its state and nonce are those that were sent.

use crate::checks::{Observation, Scene};
use crate::entra::{Endpoint, Evidence, Step};

/// The step that hands the reply to the application.
pub(super) fn handed<'a, 'c>(scene: &Scene<'a, 'c>) -> Option<&'a Step<'c>> {
    let find = |wanted: fn(&Step<'_>) -> bool| scene.attempt.steps(scene.traffic).rev().find(|step| wanted(step));
    // Safari's recorder leaves redirects out: there the application has the reply, and nothing gave it.
    find(|step| step.reply.handover.as_ref().is_some_and(|handover| handover.succeeds())).or_else(|| find(receives_code))
}

/// Whether the application did not turn in the code that this step handed over.
pub(super) fn is_code_unused(scene: &Scene<'_, '_>, handed: Option<&Step<'_>>) -> Observation {
    let redeemed = scene.attempt.steps(scene.traffic).find(|step| step.endpoint == Endpoint::Token || step.hands_code_on());
    match (handed, redeemed) {
        _ if is_without_code(scene) => Observation::moot("SAML and WS-Federation hand no code to the application"),
        (None, _) => Observation::not_recorded("no reply was handed to the application in this attempt"),
        (Some(_), Some(token)) => Observation::not_seen([Evidence::searched(token.entry, "request.url")]),
        (Some(_), None) if scene.request().is_some_and(|request| !request.is_single_page_client()) => {
            Observation::untold("a server turns its codes in where a browser's recorder does not see it")
        }
        (Some(_), None) if scene.traffic.holds_only_documents() => {
            Observation::not_recorded("the capture holds documents alone, and no request of a script")
        }
        (Some(step), None) if !hands_code(step) => Observation::untold("what the application was handed is no code"),
        (Some(step), None) => {
            let code = scene.names().reply_param(step, "code").or_else(|| scene.names().request_param(step, "code"));
            Observation::seen_or(code, Observation::seen(scene.names().step(step)))
        }
    }
}

/// By the request: libraries of pages name themselves, or want the reply in the fragment, which no server sees.
pub(super) fn goes_to_server(scene: &Scene<'_, '_>) -> Observation {
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

/// Why values cannot be compared.
const TAKEN_OUT: &str = "somebody took the value out of the capture, so it cannot be compared";

/// Whether a reply came back with a `state` that was not sent.
pub(super) fn has_other_state(scene: &Scene<'_, '_>) -> Observation {
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

/// Whether the ID token names a `nonce` that was not sent.
pub(super) fn has_other_nonce(scene: &Scene<'_, '_>) -> Observation {
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
