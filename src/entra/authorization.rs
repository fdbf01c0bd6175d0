//! What stands in an `Authorization` header.

use super::cors::{asks_to_send_token, is_preflight};
use crate::exchange::Exchange;

/// Schemes of HTTP authentication, as far as IANA or a cloud knows them, and whether a token comes with them: elsewhere it is a
/// name with its password, a round of Windows' negotiation, a signature or a key.
const SCHEMES: [(&str, bool); 24] = [
    ("bearer", true),
    ("basic", false),
    ("digest", false),
    ("dpop", true),
    ("pop", true),
    ("negotiate", false),
    ("ntlm", false),
    ("kerberos", false),
    ("hoba", false),
    ("mutual", false),
    ("gnap", true),
    ("vapid", false),
    ("oauth", true),
    ("hawk", false),
    ("token", true),
    ("apikey", false),
    ("key", false),
    ("privatetoken", false),
    ("scram-sha-1", false),
    ("scram-sha-256", false),
    ("sharedkey", false),
    ("sharedkeylite", false),
    ("sharedaccesssignature", false),
    ("aws4-hmac-sha256", false),
];

fn scheme(word: &str) -> Option<&'static (&'static str, bool)> {
    SCHEMES.iter().find(|(known, _)| known.eq_ignore_ascii_case(word))
}

/// Whether a word is a scheme of HTTP authentication.
pub(crate) fn is_scheme(word: &str) -> bool {
    scheme(word).is_some()
}

/// Whether there is but a scheme, and nothing behind it: how programs ask for the challenge.
pub(crate) fn is_bare_scheme(value: &str) -> bool {
    is_scheme(value.trim())
}

/// Whether there is a token, be it of a scheme that nobody knows or of none.
pub(super) fn holds_token(value: &str) -> bool {
    let value = value.trim();
    let with_credential = || value.split_once(' ').and_then(|(word, _)| scheme(word)).is_none_or(|(_, of_token)| *of_token);
    !value.is_empty() && !is_bare_scheme(value) && with_credential()
}

/// Whether a call carries a token. Of a call that has nothing to do with signing in no more is kept than that it had an
/// `Authorization`: that counts as one.
pub(crate) fn carries_token(exchange: &Exchange) -> bool {
    let headers = &exchange.request.headers;
    let may_hold = || headers.value("authorization").is_none_or(|sent| sent.raw().is_empty() || holds_token(sent.raw()));
    headers.has("authorization") && may_hold()
}

/// Whether a call was answered with what it asked for.
pub(crate) fn worked(exchange: &Exchange) -> bool {
    !is_preflight(exchange) && exchange.response.status.is_some_and(|status| (200..300).contains(&status))
}

/// Whether a call carries a token, or is a preflight that asks for it.
pub(crate) fn may_carry_token(exchange: &Exchange) -> bool {
    carries_token(exchange) || asks_to_send_token(exchange)
}

#[cfg(test)]
mod tests {
    use super::holds_token;

    #[test]
    fn a_scheme_alone_and_schemes_of_passwords_hold_no_token() {
        for value in ["Bearer", "Bearer ", " bearer  ", "NTLM", "Negotiate TlRMTVNTUAAB", "Basic YTpi", "SharedKey a:b", ""] {
            assert!(!holds_token(value), "{value:?}");
        }
        for value in ["Bearer a.b.c", "bearer x", "PoP a.b.c", "DPoP x", "eyJ0.eyJ.x", "MSAuth1.0 token=\"x\""] {
            assert!(holds_token(value), "{value:?}");
        }
    }
}
