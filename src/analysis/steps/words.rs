//! What a step was, in the words of the protocols.

use super::Party;
use crate::entra::{Endpoint, Failure, Grant, Handed, Handover, Params, Step, TokenReply, shown_no_answer};

/// What was asked for.
pub(super) fn asked(step: &Step<'_>, of: Party) -> String {
    match &*step.method {
        "OPTIONS" => return format!("preflight: {}", step.endpoint.name()),
        "CONNECT" => return "tunnel".to_owned(),
        _ => {}
    }
    match step.endpoint {
        Endpoint::Authorize | Endpoint::MicrosoftAccountAuthorize => {
            let prompt = step.prompt().map(|prompt| format!(", prompt={}", prompt.name()));
            let named = ["login_hint", "sid"].into_iter().filter(|name| step.params.has(name)).map(|name| format!(", {name}"));
            [step.endpoint.name().to_owned()].into_iter().chain(prompt).chain(named).collect()
        }
        Endpoint::Saml if step.is_silent() => "SAML, IsPassive".to_owned(),
        Endpoint::Token => match step.grant() {
            Some(grant) => format!("token: {}", granted_for(grant)),
            None => "token".to_owned(),
        },
        Endpoint::AppCallback => match contents(&step.params) {
            Some(what) => format!("reply with {what}, received"),
            None => "reply received".to_owned(),
        },
        Endpoint::WsFederation if step.params.has("wresult") => "WS-Federation, with the identity provider's answer".to_owned(),
        Endpoint::FederatedProvider => "sign-in there".to_owned(),
        Endpoint::App if of == Party::Api => "call with a token".to_owned(),
        endpoint => endpoint.name().to_owned(),
    }
}

fn granted_for(grant: Grant) -> &'static str {
    match grant {
        Grant::AuthorizationCode => "code",
        Grant::RefreshToken => "refresh token",
        Grant::ClientCredentials => "client credentials",
        Grant::Password => "password",
        Grant::DeviceCode => "device code",
        Grant::JwtBearer => "on behalf of",
        Grant::SamlBearer => "SAML assertion",
        Grant::Saml11Bearer => "urn:ietf:params:oauth:grant-type:saml1_1-bearer",
        Grant::ServerChallenge => "srv_challenge",
    }
}

/// What came back; empty where the status says it all. A code on a page that is no failure belongs to an ordinary sign-in.
pub(super) fn answered(step: &Step<'_>, fails: bool) -> String {
    let reply = &step.reply;
    if step.status.is_none() {
        return shown_no_answer(step.exchange).map_or_else(|| "no answer".to_owned(), |reason| format!("no answer, {reason}"));
    }
    let error = reply.failures.first().map(error);
    if let Some(handover) = &reply.handover {
        let what = error.or_else(|| contents(&handover.params).map(str::to_owned));
        return format!("{}{}", carrier(handover), what.map(|what| format!(" with {what}")).unwrap_or_default());
    }
    if let Some(tokens) = &reply.tokens {
        return given(tokens);
    }
    if let Some(page) = &reply.page {
        let id = page.id.as_deref().unwrap_or("of the sign-in service");
        return format!("page {id}{}", error.filter(|_| fails).map(|error| format!(" with {error}")).unwrap_or_default());
    }
    if let Some(error) = error {
        return error;
    }
    if reply.redirect.is_some() {
        return "redirect".to_owned();
    }
    match &reply.challenge {
        Some(challenge) if challenge.claims => "challenge that asks for claims".to_owned(),
        Some(_) => "challenge".to_owned(),
        None => String::new(),
    }
}

/// An error as evidence names it.
fn error(failure: &Failure) -> String {
    let codes = failure.codes.iter().map(ToString::to_string);
    let words: Vec<String> = failure.error.map(|error| error.to_string()).into_iter().chain(codes).collect();
    if words.is_empty() { "an error".to_owned() } else { words.join(", ") }
}

fn carrier(handover: &Handover) -> &'static str {
    if handover.is_in_page() { "form_post" } else { "redirect" }
}

/// What a reply to the application holds: the most telling parameter of it.
fn contents(params: &Params) -> Option<&'static str> {
    params.has("error").then_some("error").or_else(|| Handed::of(params).next().map(Handed::name))
}

fn given(tokens: &TokenReply) -> String {
    let has = [
        (tokens.access_token_value.is_some(), "access token"),
        (tokens.id_token.is_some(), "ID token"),
        (tokens.refresh_token.is_some(), "refresh token"),
    ];
    let named: Vec<&str> = has.into_iter().filter(|(has, _)| *has).map(|(_, name)| name).collect();
    if named.is_empty() { "tokens".to_owned() } else { named.join(", ") }
}
