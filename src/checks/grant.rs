//! What a token request turns in.

use super::{Check, Claim, ClaimInfo, LooksAt, Observation, Record, Scene};
use crate::entra::{Endpoint, Evidence, Grant, Step};

/// What a token request turns in.
pub(super) static CHECK: Check = Check { name: "grant", about: ABOUT, looks_at: LooksAt::Circumstances, claims: &CLAIMS, observe };

const ABOUT: &str = "What the token request turns in: an authorization code, a refresh token, a device code, or what takes their place where no page is shown";

static CLAIMS: [ClaimInfo; 6] = [
    ClaimInfo {
        name: "grant.authorization-code",
        seen: "The token request turns in an authorization code.",
        not_seen: "The token request turns in no authorization code.",
        question: ABOUT,
        record: Record::TOKEN_REQUEST,
    },
    ClaimInfo {
        name: "grant.refresh-token",
        seen: "The token request turns in a refresh token.",
        not_seen: "The token request turns in no refresh token.",
        question: ABOUT,
        record: Record::TOKEN_REQUEST,
    },
    ClaimInfo {
        name: "grant.device-code",
        seen: "The token request turns in a device code, which somebody confirms on another device.",
        not_seen: "The token request turns in no device code.",
        question: ABOUT,
        record: Record::TOKEN_REQUEST,
    },
    ClaimInfo {
        name: "grant.password",
        seen: "The token request turns in a user name and a password, which the program itself holds.",
        not_seen: "The token request turns in no user name and password.",
        question: ABOUT,
        record: Record::TOKEN_REQUEST,
    },
    ClaimInfo {
        name: "grant.client-credentials",
        seen: "The program asks for a token in its own name, with its own credential and for no person.",
        not_seen: "The token request is not one that a program makes in its own name.",
        question: ABOUT,
        record: Record::TOKEN_REQUEST,
    },
    ClaimInfo {
        name: "grant.on-behalf-of",
        seen: "The token request turns in the token of another program's caller, to act for that person.",
        not_seen: "The token request turns in no token of a caller.",
        question: ABOUT,
        record: Record::TOKEN_REQUEST,
    },
];

fn observe(scene: &Scene<'_, '_>) -> Vec<Claim> {
    let [authorization_code, refresh_token, device_code, password, client_credentials, on_behalf_of] = &CLAIMS;
    let token = Some(scene.failing).filter(|step| step.endpoint == Endpoint::Token && step.params.has("grant_type"));
    // What failed is a page of the sign-in service and no token request of anybody's.
    let page = Some(scene.failing).filter(|step| step.is_sign_in() && step.endpoint != Endpoint::Token);
    let code = match scene.failing.endpoint {
        Endpoint::Token if token.is_none() => code_before(scene).and_then(|step| scene.names().reply_param(step, "code")),
        // Who is handed a code turns it in before the page is answered.
        Endpoint::AppCallback => scene.names().request_param(scene.failing, "code"),
        _ => None,
    };
    let named = token.and_then(|step| Some((step, step.params.find("grant_type")?)));
    let is = |grant: Grant| match named {
        None if grant == Grant::RefreshToken && code.is_some() => {
            Observation::not_seen(code.iter().map(|place| Evidence::searched(place.entry(), place.part().to_owned())))
        }
        None if page.is_some() => Observation::not_seen(page.map(|step| Evidence::searched(step.entry, "request.url"))),
        None => Observation::not_recorded("the token request with its body is not in the capture"),
        Some((step, param)) if step.grant() == Some(grant) => Observation::seen(scene.names().param(step, param)),
        Some((step, _)) => Observation::not_seen([Evidence::searched(step.entry, "request.body.grant_type")]),
    };
    vec![
        authorization_code.is(is(Grant::AuthorizationCode)),
        refresh_token.is(is(Grant::RefreshToken)),
        device_code.is(is(Grant::DeviceCode)),
        password.is(is(Grant::Password)),
        client_credentials.is(is(Grant::ClientCredentials)),
        on_behalf_of.is(is(Grant::JwtBearer)),
    ]
}

/// How many steps before a token request a code is looked for.
const NEAR: usize = 100;

/// The code that was handed over before a token request, and that no other has turned in since: what such a request turns in
/// is no refresh token, also where its body was not recorded.
fn code_before<'a, 'c>(scene: &Scene<'a, 'c>) -> Option<&'a Step<'c>> {
    let hands_code = |step: &Step<'_>| step.reply.handover.as_ref().is_some_and(|handover| handover.params.has("code"));
    let before = scene.traffic.steps.get(..scene.event.step)?.iter().rev().take(NEAR);
    before.take_while(|step| step.endpoint != Endpoint::Token).find(|step| hands_code(step))
}
