//! What the failing reply itself says.
//!
//! The sentence after AADSTS50058 tells whether session cookies arrived, whatever the exporter did to the
//! file. Every other code speaks for itself.

use super::{Check, Claim, ClaimInfo, LooksAt, Observation, Record, Scene};
use crate::entra::{Carrier, ErrorCode, Evidence, Family, OAuthError, ProtocolError, SamlStatus, Words};

/// What the failing reply itself says.
pub(super) static CHECK: Check = Check {
    name: "reply",
    about: "What the failing reply itself says of its cause",
    looks_at: LooksAt::FailingReply,
    claims: &CLAIMS,
    observe,
};

/// That there is a code.
const FIRST: ClaimInfo = ClaimInfo {
    name: "reply.error-code",
    seen: "The service answered with this error.",
    not_seen: "No error code of the service was found in the reply.",
    question: "Which error code the service answered with",
    record: Record::Told("Record the reply that carries the error."),
};

static CLAIMS: [ClaimInfo; 8] = [
    FIRST,
    ClaimInfo {
        name: "reply.cookies-not-sent",
        seen: "The service says that no session cookie reached it.",
        not_seen: "The service's message does not say that cookies were missing.",
        question: "Whether the service misses the session cookies",
        record: Record::ErrorText("whether session cookies arrived"),
    },
    ClaimInfo {
        name: "reply.hint-matches-nobody",
        seen: "The service says that somebody is signed in, but not the account that the request named.",
        not_seen: "The service's message does not speak of the login hint.",
        question: "Whether the service says that nobody who is signed in is the account that the request names",
        record: Record::ErrorText("whether another account is signed in"),
    },
    ClaimInfo {
        name: "reply.nobody-signed-in",
        seen: "The service says that nobody is signed in, and does not mention missing cookies.",
        not_seen: "The service's message is worded differently.",
        question: "Whether the service says that nobody is signed in",
        record: Record::ErrorText("whether anybody is signed in"),
    },
    ClaimInfo {
        name: "reply.session-not-sufficient",
        seen: "The service says that the session it has is not enough for single sign-on.",
        not_seen: "The service's message is worded differently.",
        question: "Whether the service says that the session it has is not enough",
        record: Record::ErrorText("whether the session was enough for single sign-on"),
    },
    ClaimInfo {
        name: "reply.claims-requested",
        seen: "The reply asks for more proof (a claims challenge).",
        not_seen: "The reply asks for no further claims.",
        question: "Whether the reply asks for more proof (a claims challenge)",
        record: Record::Showing { what: Record::TOKEN_REPLY, shows: "" },
    },
    ClaimInfo {
        name: "reply.of-identity-provider",
        seen: "Azure AD B2C passes this error on: Entra ID, as an identity provider of B2C, gave it to B2C.",
        not_seen: "The error is no other service's that Azure AD B2C passes on.",
        question: "Whether Azure AD B2C passes on the error of another service",
        record: Record::ErrorText("whose error it is"),
    },
    ClaimInfo {
        name: "reply.name-id-refused",
        seen: "The service says that it cannot give the kind of name id that the SAML request asks for (InvalidNameIDPolicy).",
        not_seen: "The service does not speak of the kind of name id.",
        question: "Whether the service can give the kind of name id that the SAML request asks for",
        record: Record::Told("Record the SAML response, with the body of the request that brings it."),
    },
];

/// The first of them where it is the application that shows the error, on a page of its own.
static SHOWN_BY_APPLICATION: ClaimInfo = ClaimInfo { seen: "A page of the application shows this error of the service.", ..FIRST };

/// The same where the reply is known to say this much without a code.
static DECLINED: ClaimInfo = ClaimInfo { not_seen: "The reply says access_denied, and names no error code.", ..FIRST };

/// The same where there was no reply.
static WITHOUT_REPLY: ClaimInfo = ClaimInfo { not_seen: "There was no reply that could have named an error code.", ..FIRST };

fn observe(scene: &Scene<'_, '_>) -> Vec<Claim> {
    let [error_code, cookies_not_sent, hint, nobody, not_sufficient, claims, of_provider, name_id] = &CLAIMS;
    let failure = &scene.event.failure;
    let entry = scene.failing.entry;
    let evidence = scene.names().failure(entry, failure);
    let says = |info: &'static ClaimInfo, words: Words| {
        let observation = if failure.words == words {
            Observation::seen(evidence.clone())
        } else if failure.code() != Some(ErrorCode::aadsts(50058)) {
            Observation::moot("the message of this error does not speak of sessions and cookies")
        } else if failure.words == Words::Other && failure.has_whole_text() {
            Observation::not_recorded("the text of the error is of an unknown wording")
        } else if failure.words == Words::Other {
            Observation::not_recorded("the text of the error is cut short, or of an unknown wording")
        } else {
            Observation::not_seen([Evidence::searched(entry, failure.part.clone())])
        };
        info.is(observation)
    };
    let is_declined = failure.error == Some(ProtocolError::OAuth(OAuthError::AccessDenied));
    let has_code = match failure.code() {
        Some(_) => Observation::seen(evidence.clone()),
        // What it says instead stands there to be shown.
        None if is_declined => Observation::not_seen([evidence.clone()]),
        None => Observation::not_seen([Evidence::searched(entry, failure.part.clone())]),
    };
    let claims_seen = match (failure.claims, failure.text.is_some()) {
        (true, _) => Observation::seen(scene.names().claims_requested(entry, claims_part(&failure.part))),
        (false, true) => Observation::not_seen([Evidence::searched(entry, claims_part(&failure.part))]),
        (false, false) => Observation::not_recorded("only the error's number was recorded, not its text"),
    };
    let wraps = failure.codes.iter().any(|code| code.family == Family::Aadb2c);
    let passed_on = match failure.code() {
        Some(code) if wraps && code.family == Family::Aadsts => Observation::seen(evidence.clone()),
        _ if failure.text.is_none() => Observation::not_recorded("only the error's number was recorded, not its text"),
        _ => Observation::not_seen([Evidence::searched(entry, failure.part.clone())]),
    };
    let of_name_id = match failure.error {
        Some(ProtocolError::Saml(SamlStatus::InvalidNameIdPolicy)) => Observation::seen(evidence.clone()),
        Some(ProtocolError::Saml(_)) => Observation::not_seen([Evidence::searched(entry, failure.part.clone())]),
        _ => Observation::moot("the reply is none of SAML with a status"),
    };
    let first = match () {
        () if failure.carrier == Carrier::AppPage => &SHOWN_BY_APPLICATION,
        () if is_declined => &DECLINED,
        () if scene.failing.status.is_none() => &WITHOUT_REPLY,
        () => error_code,
    };
    vec![
        first.is(has_code),
        says(cookies_not_sent, Words::CookiesNotSent),
        says(hint, Words::HintMatchesNobody),
        says(nobody, Words::NobodySignedIn),
        says(not_sufficient, Words::SessionNotSufficient),
        claims.is(claims_seen),
        of_provider.is(passed_on),
        name_id.is(of_name_id),
    ]
}

/// Where the reply would carry `claims`: beside its `error_description`.
fn claims_part(part: &str) -> String {
    part.rsplit_once('.').map_or_else(|| part.to_owned(), |(message, _)| format!("{message}.claims"))
}
