//! `WWW-Authenticate` of an API that wants another token.

use super::complaint::Complaint;
use super::endpoint;
use super::params::Address;
use super::protocol_error::OAuthError;
use super::tenant::Tenant;
use crate::exchange::hosts::sign_in_host;
use std::ops::Range;

/// `WWW-Authenticate` of an API that wants another token.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Challenge {
    /// `error`, where it is a known value.
    pub error: Option<OAuthError>,
    /// Whether it asks for claims.
    pub claims: bool,
    /// Whether it asks that the person consents to what the API itself calls (Microsoft.Identity.Web).
    pub consent: bool,
    /// What it says of the token, beyond `error`.
    pub complaint: Option<Complaint>,
    /// The tenant of its `authorization_uri`.
    pub tenant: Option<Tenant>,
    /// Whether that is an address of the sign-in service, or one is in what it says of the token: its issuer.
    pub at_service: bool,
}

impl Challenge {
    /// Reads the challenge for a bearer token among those of a header (RFC 6750 §3); `None` where none is for one.
    pub(super) fn of(header: &str) -> Option<Self> {
        let mut at_bearer = false;
        let mut fields = Vec::new();
        let mut is_asked = false;
        for part in parts(header) {
            match part {
                Part::Scheme(scheme) => {
                    at_bearer = scheme.eq_ignore_ascii_case("Bearer");
                    is_asked |= at_bearer;
                }
                Part::Parameter { name, value } if at_bearer => {
                    fields.extend(header.get(name).zip(header.get(value)));
                }
                Part::Parameter { .. } => {}
            }
        }
        let field = |wanted: &str| {
            let found = fields.iter().find(|(name, value)| name.eq_ignore_ascii_case(wanted) && !value.is_empty());
            found.map(|(_, value)| *value)
        };
        let authority = field("authorization_uri").or_else(|| field("authorization")).and_then(Address::parse);
        let error = field("error").and_then(OAuthError::of);
        // Whatever the sentence speaks of, the error is that the token was good and not enough.
        let misses_scope = (error == Some(OAuthError::InsufficientScope)).then_some(Complaint::Scope);
        is_asked.then(|| Self {
            error,
            claims: field("claims").is_some(),
            consent: field("proposedAction") == Some("consent"),
            complaint: misses_scope.or_else(|| field("error_description").and_then(Complaint::in_text)),
            at_service: authority.as_ref().is_some_and(is_of_service) || field("error_description").is_some_and(names_service),
            tenant: authority.and_then(|address| endpoint::at_entra(&address).1),
        })
    }
}

fn is_of_service(address: &Address) -> bool {
    sign_in_host(&address.host).is_some()
}

/// Whether an address of the sign-in service stands in a sentence.
pub(super) fn names_service(sentence: &str) -> bool {
    let words = sentence.split(|letter: char| letter.is_whitespace() || "'\"<>(),;".contains(letter));
    words.filter(|word| word.starts_with("https://")).filter_map(Address::parse).any(|address| is_of_service(&address))
}

/// Whether a header asks in that scheme.
pub(super) fn asks_in(header: &str, wanted: &str) -> bool {
    parts(header).any(|part| matches!(part, Part::Scheme(scheme) if scheme.eq_ignore_ascii_case(wanted)))
}

/// A piece of a header that holds challenges.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Part<'h> {
    /// A scheme of authentication. What follows a scheme as a single word (a token68) counts as one, too: only a comma
    /// would tell them apart, and that is where servers differ.
    Scheme(&'h str),
    /// A parameter of the scheme before it.
    Parameter {
        /// Where its name stands in the header.
        name: Range<usize>,
        /// Where its value stands, without the quotation marks around it.
        value: Range<usize>,
    },
}

/// The schemes and parameters of `WWW-Authenticate` or `Proxy-Authenticate`, in order (RFC 9110 §11.6.1): one header
/// may hold several challenges. A quoted value ends with the first quotation mark that no backslash stands before; one
/// that does not end reaches to the end.
pub(crate) fn parts(header: &str) -> impl Iterator<Item = Part<'_>> {
    let mut at = 0;
    std::iter::from_fn(move || {
        let rest = header.get(at..)?;
        let start = at + rest.find(|c: char| c != ',' && !c.is_ascii_whitespace())?;
        let rest = header.get(start..)?;
        let word = rest.get(..rest.find(|c: char| c == ',' || c == '=' || c.is_ascii_whitespace()).unwrap_or(rest.len()))?;
        let behind = rest.get(word.len()..)?;
        let blanks = behind.len() - behind.trim_start().len();
        let is_parameter = !word.is_empty() && behind.get(blanks..)?.starts_with('=');
        if !is_parameter {
            // A `=` that stands alone is no part of anything.
            at = start + word.len() + usize::from(word.is_empty());
            return Some(Part::Scheme(word));
        }
        let value = behind.get(blanks + 1..)?;
        let space = value.len() - value.trim_start().len();
        let begin = start + word.len() + blanks + 1 + space;
        let value = value.get(space..)?;
        let (range, end) = match value.strip_prefix('"') {
            Some(quoted) => {
                let length = closing_quote(quoted).unwrap_or(quoted.len());
                (begin + 1..begin + 1 + length, begin + 1 + length + usize::from(length < quoted.len()))
            }
            None => {
                let length = value.find(|c: char| c == ',' || c.is_ascii_whitespace()).unwrap_or(value.len());
                (begin..begin + length, begin + length)
            }
        };
        at = end;
        Some(Part::Parameter { name: start..start + word.len(), value: range })
    })
}

/// Where a quoted text ends.
fn closing_quote(text: &str) -> Option<usize> {
    let mut is_escaped = false;
    text.bytes().position(|byte| {
        let ends = byte == b'"' && !is_escaped;
        is_escaped = byte == b'\\' && !is_escaped;
        ends
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_header_may_hold_several_challenges() {
        let header = r#"Negotiate, Basic realm="a, b", bearer Error = "invalid_token" , error_description="the \"audience\" is wrong""#;
        let challenge = Challenge::of(header).unwrap();
        assert_eq!((challenge.error, challenge.complaint), (Some(OAuthError::InvalidToken), Some(Complaint::Audience)));
        assert!(asks_in(header, "negotiate") && asks_in(header, "BASIC") && !asks_in(header, "PKeyAuth"));
    }

    #[test]
    fn a_parameter_is_read_by_its_whole_name() {
        let challenge = Challenge::of(r#"Bearer x_error="invalid_request", realm="error=insufficient_claims", claims="""#).unwrap();
        assert_eq!((challenge.error, challenge.claims, challenge.complaint), (None, false, None));
        assert_eq!(Challenge::of(r#"Basic error="invalid_token""#), None);
    }

    #[test]
    fn what_is_cut_or_empty_is_read_as_far_as_it_goes() {
        for header in [
            "",
            ",",
            "=",
            "Bearer",
            "Bearer =",
            "Bearer error",
            "Bearer error=",
            "Bearer error=\"",
            "Bearer error=\"invalid_token",
            "é=é",
            "Bearer \u{2003}error=x",
        ] {
            let ends = parts(header).take(20).count();
            assert!(ends < 20, "{header:?}");
        }
        assert_eq!(Challenge::of("Bearer error=\"invalid_token").unwrap().error, Some(OAuthError::InvalidToken));
    }
}
