//! What a sentence that somebody pastes says of a failure, found by the readers that a capture's replies and errors are read with.

use super::challenge::{Challenge, names_service};
use super::complaint::Complaint;
use super::no_answer::NoAnswer;
use super::protocol_error::OAuthError;
use super::{request_size, unknown_reply};

/// What such a sentence says.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Hearsay {
    /// An API refused a token.
    ApiRefused {
        /// What it does not like about it, where it says so.
        complaint: Option<Complaint>,
        /// Whether it asks for more proof.
        claims: bool,
        /// Whether it asks for consent to what it calls itself.
        consent: bool,
    },
    /// An application's server did not know a reply again.
    ReplyUnknown,
    /// A server found a request too long.
    RequestTooLong,
    /// A request to the sign-in service got no answer, by the browser's name for it.
    NoAnswer(NoAnswer),
}

impl Hearsay {
    /// Reads a text, which names that error of OAuth, if any; `None` where no reader knows it.
    pub(crate) fn of(text: &str, error: Option<OAuthError>) -> Option<Self> {
        if let Some(refusal) = refusal(text, error) {
            return Some(refusal);
        }
        if unknown_reply::sentences_in(text).next().is_some() {
            return Some(Self::ReplyUnknown);
        }
        if request_size::sentences_in(text).next().is_some() {
            return Some(Self::RequestTooLong);
        }
        // A request to somebody else fails in the same words.
        let is_of_service = names_service(text) || !text.contains("://");
        NoAnswer::by_name_in(text).filter(|_| is_of_service).map(Self::NoAnswer)
    }
}

/// What an API says of a token, in its challenge, in its body or in a log.
fn refusal(text: &str, error: Option<OAuthError>) -> Option<Hearsay> {
    let of_token = [OAuthError::InvalidToken, OAuthError::InsufficientScope, OAuthError::InsufficientClaims];
    // Where the sign-in service names another error, its sentence is about the request.
    if error.is_some_and(|error| !of_token.contains(&error)) {
        return None;
    }
    let challenge = Challenge::of(text)
        .filter(|challenge| challenge.error.is_some() || challenge.complaint.is_some() || challenge.claims || challenge.consent);
    if let Some(Challenge { error, complaint, claims, consent, .. }) = challenge {
        return Some(Hearsay::ApiRefused { complaint, claims: claims || error == Some(OAuthError::InsufficientClaims), consent });
    }
    let complaint = Complaint::in_body(text).map(|(complaint, _)| complaint).or_else(|| Complaint::in_text(text))?;
    let is_of_api = error.is_some() || text.trim_start().starts_with(['{', '<']) || speaks_of_token(text, complaint);
    is_of_api.then_some(Hearsay::ApiRefused { complaint: Some(complaint), claims: false, consent: false })
}

/// Whether a sentence is about a token: some complaints speak of nothing else, others do in their own words or number.
fn speaks_of_token(text: &str, complaint: Complaint) -> bool {
    let lower = text.to_ascii_lowercase();
    let names = |words: &[&str]| words.iter().any(|word| lower.contains(word));
    match complaint {
        Complaint::Issuer => names(&["issuer", "idx10", "idx40", "(iss)", "'iss'", "\"iss\""]),
        Complaint::Audience => names(&["token", "jwt", "idx10", "(aud)", "'aud'", "\"aud\""]),
        _ => names(&["token", "jwt", "idx10"]),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn complains(text: &str, wanted: Option<Complaint>) {
        let refused = Hearsay::of(text, None).map(|hearsay| match hearsay {
            Hearsay::ApiRefused { complaint, .. } => complaint,
            other => panic!("{text}: {other:?}"),
        });
        assert_eq!(refused.flatten(), wanted, "{text}");
    }

    #[test]
    fn an_apis_sentence_is_read_as_in_a_capture() {
        complains(
            r#"WWW-Authenticate: Bearer error="invalid_token", error_description="The issuer 'x' is invalid""#,
            Some(Complaint::Issuer),
        );
        complains("IDX10205: Issuer validation failed. Issuer: 'x'.", Some(Complaint::Issuer));
        complains("IDX10503: Signature validation failed. Keys tried: 'x'.", Some(Complaint::Signature));
        complains(r#"{"error":{"code":"InvalidAuthenticationToken","message":"Access token has expired"}}"#, Some(Complaint::Lifetime));
        complains("The issuer: 'x' is not registered in trusted issuer repository, so cannot create it", Some(Complaint::Issuer));
    }

    #[test]
    fn what_is_about_no_token_is_no_refusal() {
        for text in ["Missing required role in the form", "The tenant 9a1b is not allowed to build", "Invalid scope of the variable", ""] {
            complains(text, None);
        }
        let of_service = "The provided value for scope is invalid for this token";
        assert_eq!(Hearsay::of(of_service, OAuthError::of("invalid_scope")), None);
    }

    #[test]
    fn a_browsers_name_counts_beside_the_service_or_alone() {
        let blocked = Some(Hearsay::NoAnswer(NoAnswer::BlockedByClient));
        assert_eq!(Hearsay::of("net::ERR_BLOCKED_BY_CLIENT", None), blocked);
        assert_eq!(
            Hearsay::of("POST https://login.microsoftonline.com/common/oauth2/v2.0/token net::ERR_BLOCKED_BY_CLIENT", None),
            blocked
        );
        assert_eq!(Hearsay::of("GET https://ads.example/x.js net::ERR_BLOCKED_BY_CLIENT", None), None);
        assert_eq!(Hearsay::of("the csp of this page, blocked: 3", None), None);
    }
}
