//! What the failing reply itself says.

use super::case::{Case, at, not_recorded, not_seen, seen};
use crate::support::{capture, words};

const REDIRECT: &str = "response.header.location.fragment.error_description";

pub(crate) fn cases() -> Vec<Case> {
    let silent = |code, sentence| capture().silent_frame(|r| r.fails(code, sentence));
    let cut_short = || capture().silent_frame(|r| r.fails(50058, words::NOBODY).cut_short());
    vec![
        not_recorded("reply.name-id-refused", "the error is none of SAML", silent(50058, words::NOBODY), "none of SAML"),
        seen(
            "reply.error-code",
            "a redirect's text names one",
            silent(50058, words::NO_COOKIES),
            [at("silent/authorize", REDIRECT).shows("login_required, AADSTS50058 (the session's cookies were not sent)")],
        ),
        seen(
            "reply.error-code",
            "a page that posts itself names one",
            capture().silent_frame(|r| r.fails(160021, words::SESSION_GONE).by_form_post()),
            [at("silent/authorize", "response.body.input.error_description").shows("interaction_required, AADSTS160021")],
        ),
        seen(
            "reply.error-code",
            "the token endpoint names one",
            capture().refresh(|t| t.fails(50076, words::MFA)),
            [at("refresh/token", "response.body.error_description").shows("invalid_grant, AADSTS50076")],
        ),
        seen(
            "reply.error-code",
            "an error page names one",
            capture().redirect(|r| r.fails_on_a_page(50011, "The redirect URI does not match.")),
            [at("redirect/authorize", "response.body.$Config.strServiceExceptionMessage").shows("AADSTS50011")],
        ),
        seen(
            "reply.error-code",
            "the body of the token reply is lost, and its telemetry header names one",
            capture().refresh(|t| t.fails(50076, words::MFA)).without_response_bodies(),
            [at("refresh/token", "response.header.x-ms-clitelem").shows("AADSTS50076")],
        ),
        not_seen(
            "reply.error-code",
            "the text names none",
            capture().silent_frame(|r| r.fails_without_code("login_required", "Nobody is signed in.")),
            [at("silent/authorize", REDIRECT)],
        ),
        seen(
            "reply.cookies-not-sent",
            "the text says so",
            silent(50058, words::NO_COOKIES),
            [at("silent/authorize", REDIRECT).shows("login_required, AADSTS50058 (the session's cookies were not sent)")],
        ),
        not_seen(
            "reply.cookies-not-sent",
            "the text speaks of the login hint",
            silent(50058, words::HINT_MATCHES_NOBODY),
            [at("silent/authorize", REDIRECT)],
        ),
        not_seen(
            "reply.cookies-not-sent",
            "the text is whole and says nothing of cookies",
            silent(50058, words::NOBODY),
            [at("silent/authorize", REDIRECT)],
        ),
        not_recorded("reply.cookies-not-sent", "the text ends before it could say so", cut_short(), "cut short"),
        not_recorded("reply.cookies-not-sent", "the code is another one", silent(160021, words::SESSION_GONE), "does not speak of"),
        seen(
            "reply.hint-matches-nobody",
            "the text says so",
            silent(50058, words::HINT_MATCHES_NOBODY),
            [at("silent/authorize", REDIRECT).shows("login_required, AADSTS50058 (no signed-in user matches the login hint)")],
        ),
        not_seen(
            "reply.hint-matches-nobody",
            "the text says that no cookies came",
            silent(50058, words::NO_COOKIES),
            [at("silent/authorize", REDIRECT)],
        ),
        not_recorded("reply.hint-matches-nobody", "the text ends before it could say so", cut_short(), "cut short"),
        seen(
            "reply.nobody-signed-in",
            "the text says so and is whole",
            silent(50058, words::NOBODY),
            [at("silent/authorize", REDIRECT).shows("login_required, AADSTS50058 (no user is signed in)")],
        ),
        not_seen(
            "reply.nobody-signed-in",
            "the text goes on to say that no cookies came",
            silent(50058, words::NO_COOKIES),
            [at("silent/authorize", REDIRECT)],
        ),
        not_recorded("reply.nobody-signed-in", "the text may go on", cut_short(), "cut short"),
        seen(
            "reply.session-not-sufficient",
            "the text says so",
            silent(50058, words::NOT_SUFFICIENT),
            [at("silent/authorize", REDIRECT)
                .shows("login_required, AADSTS50058 (session information not sufficient for single sign-on)")],
        ),
        not_seen(
            "reply.session-not-sufficient",
            "the text says that no cookies came",
            silent(50058, words::NO_COOKIES),
            [at("silent/authorize", REDIRECT)],
        ),
        not_recorded("reply.session-not-sufficient", "the text ends before it could say so", cut_short(), "cut short"),
        seen(
            "reply.of-identity-provider",
            "B2C wraps an error of Entra ID",
            silent(90273, "AADB2C90273: An invalid response was received : 'Error: invalid_client, Error Description: AADSTS7000222: Expired.'"),
            [at("silent/authorize", REDIRECT).shows("AADSTS7000222")],
        ),
        not_seen(
            "reply.of-identity-provider",
            "Entra ID says it itself",
            silent(50058, words::NO_COOKIES),
            [at("silent/authorize", REDIRECT)],
        ),
        not_recorded(
            "reply.of-identity-provider",
            "only the number is recorded",
            capture().refresh(|t| t.fails(50076, words::MFA)).without_response_bodies(),
            "only the error's number",
        ),
        seen(
            "reply.claims-requested",
            "a redirect has a claims challenge",
            capture().silent_frame(|r| r.fails(50076, words::MFA).asking_for_claims()),
            [at("silent/authorize", "response.header.location.fragment.claims")],
        ),
        not_seen(
            "reply.claims-requested",
            "a token reply has none",
            capture().refresh(|t| t.fails(50076, words::MFA)),
            [at("refresh/token", "response.body.claims")],
        ),
        not_seen(
            "reply.claims-requested",
            "a redirect has none",
            silent(50076, words::MFA),
            [at("silent/authorize", "response.header.location.fragment.claims")],
        ),
        not_recorded(
            "reply.claims-requested",
            "only the telemetry header is left of a token reply",
            capture().refresh(|t| t.fails(700084, words::SPA_TOKEN_EXPIRED)).without_response_bodies(),
            "only the error's number",
        ),
    ]
}
