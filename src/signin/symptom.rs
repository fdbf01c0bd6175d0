//! What failures that never got a code are called.
//!
//! A symptom is what anybody could see in the capture; its causes are weighed like those of a code.

use super::FailureEvent;
use crate::entra::{Carrier, Endpoint, Failure, OAuthError, ProtocolError, SamlStatus, Step};
use std::fmt;

/// What went wrong without a code.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
#[non_exhaustive]
pub enum Symptom {
    /// A hidden frame was answered with a page, which the browser does not show there.
    PageInFrame,
    /// A request to the sign-in service got no answer from it.
    NoAnswer,
    /// A page got no metadata that its library takes, and began no sign-in.
    MetadataRefused,
    /// The sign-in service refused the last step of a sign-in without a code.
    StepRefused,
    /// The sign-in service answered with an error status and no code.
    ServiceError,
    /// The person, or the service for the person, declined.
    Declined,
    /// A silent request was refused for want of a session, and the code is not told.
    LoginRequired,
    /// A SAML response tells a status that is no success, and no code.
    SamlStatus,
    /// Another identity provider, to which the person was sent, failed or refused.
    ProviderFailed,
    /// The Microsoft account service does not take the application.
    NotForPersonalAccounts,
    /// The token endpoint refused, and the capture does not show why.
    TokenRefused,
    /// The browser kept the reply of the token endpoint from the application.
    TokenReplyBlocked,
    /// The scripts of the sign-in page did not load.
    PageAssetsMissing,
    /// A script's call of the application or an API was redirected to the sign-in page.
    CallRedirected,
    /// The application was handed a code and did not turn it in.
    CodeNotUsed,
    /// A reply came back with another state or nonce than was sent, and nothing came of it.
    ReplyMismatch,
    /// The application received the reply with an error of its own.
    CallbackFailed,
    /// A server refused a request because it had grown too long, or without a reason where it may have.
    RequestTooLong,
    /// Sign-ins that work follow each other without end.
    Loop,
    /// A token was issued that the client's clock does not accept.
    TokenNotUsable,
    /// An API refused the token.
    ApiRefused,
}

impl Symptom {
    /// The id under which the knowledge files know it.
    pub fn id(self) -> &'static str {
        match self {
            Self::PageInFrame => "page-in-frame",
            Self::NoAnswer => "no-answer",
            Self::MetadataRefused => "metadata-refused",
            Self::StepRefused => "step-refused",
            Self::ServiceError => "service-error",
            Self::Declined => "declined",
            Self::LoginRequired => "login-required",
            Self::SamlStatus => "saml-status",
            Self::ProviderFailed => "identity-provider-failed",
            Self::NotForPersonalAccounts => "not-for-personal-accounts",
            Self::TokenRefused => "token-refused",
            Self::TokenReplyBlocked => "token-reply-blocked",
            Self::PageAssetsMissing => "page-assets-missing",
            Self::CallRedirected => "call-redirected",
            Self::CodeNotUsed => "code-not-used",
            Self::ReplyMismatch => "reply-mismatch",
            Self::CallbackFailed => "callback-failed",
            Self::RequestTooLong => "request-too-long",
            Self::Loop => "sign-in-loop",
            Self::TokenNotUsable => "token-not-usable",
            Self::ApiRefused => "api-refused",
        }
    }

    /// The part of the exchange that shows it.
    fn part(self) -> &'static str {
        match self {
            Self::PageInFrame
            | Self::MetadataRefused
            | Self::StepRefused
            | Self::ServiceError
            | Self::RequestTooLong
            | Self::CallbackFailed
            | Self::TokenReplyBlocked
            | Self::TokenRefused
            | Self::ApiRefused => "response.status",
            Self::NoAnswer | Self::PageAssetsMissing | Self::ProviderFailed => "response",
            Self::SamlStatus => "response.body.input.SAMLResponse",
            Self::CodeNotUsed | Self::Declined | Self::LoginRequired | Self::NotForPersonalAccounts => "response.header.location",
            Self::CallRedirected | Self::Loop | Self::ReplyMismatch => "request.url",
            Self::TokenNotUsable => "response.body",
        }
    }

    /// What an error without a code comes to.
    pub(super) fn of_error(step: &Step<'_>, failure: &Failure) -> Option<Self> {
        if failure.code().is_some() {
            return None;
        }
        match failure.error {
            Some(ProtocolError::OAuth(OAuthError::TemporarilyUnavailable | OAuthError::ServerError | OAuthError::RequestTimeout)) => {
                Some(Self::ServiceError)
            }
            Some(ProtocolError::OAuth(OAuthError::LoginRequired) | ProtocolError::Saml(SamlStatus::NoPassive)) => Some(Self::LoginRequired),
            Some(ProtocolError::OAuth(OAuthError::AccessDenied | OAuthError::UserCancelled | OAuthError::AuthorizationDeclined)) => {
                Some(Self::Declined)
            }
            Some(ProtocolError::OAuth(OAuthError::UnauthorizedClient)) if step.endpoint == Endpoint::MicrosoftAccountAuthorize => {
                Some(Self::NotForPersonalAccounts)
            }
            _ if step.is_service_error() => Some(Self::ServiceError),
            _ if failure.carrier == Carrier::SamlStatus => Some(Self::SamlStatus),
            _ => None,
        }
    }

    pub(super) fn event(self, step: usize) -> FailureEvent {
        self.shown_by(self.part(), step)
    }

    /// The failure, where another part of the exchange shows it.
    pub(super) fn shown_by(self, part: &str, step: usize) -> FailureEvent {
        FailureEvent { step, failure: Failure::without_code(Carrier::Silence, part), symptom: Some(self), repeated_at: Vec::new() }
    }
}

impl fmt::Display for Symptom {
    /// The word in reports.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.id())
    }
}
