//! In which parameter an application is handed what it asked for: the one table.

use super::params::Params;

/// What an application may be handed, in the order in which it tells most.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Handed {
    /// A code, to be turned in for tokens (RFC 6749, 4.1.2).
    Code,
    /// An ID token (OpenID Connect Core, 3.2.2.5).
    IdToken,
    /// An access token (RFC 6749, 4.2.2).
    AccessToken,
    /// A SAML response (SAML bindings, 3.4.3, 3.5.3).
    SamlResponse,
    /// The result of a WS-Federation sign-in (WS-Federation, 13.2.3).
    WsResult,
    /// All of the reply, encrypted for the page that asked (`response_type=ear_jwe_jwk` of msal-js).
    EncryptedReply,
    /// That an administrator consented.
    AdminConsent,
}

impl Handed {
    const ALL: [Self; 7] =
        [Self::Code, Self::IdToken, Self::AccessToken, Self::SamlResponse, Self::WsResult, Self::EncryptedReply, Self::AdminConsent];

    /// What some parameters hand over.
    pub(crate) fn of(params: &Params) -> impl Iterator<Item = Self> {
        Self::ALL.into_iter().filter(|handed| params.has(handed.name()))
    }

    /// The parameter.
    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::Code => "code",
            Self::IdToken => "id_token",
            Self::AccessToken => "access_token",
            Self::SamlResponse => "SAMLResponse",
            Self::WsResult => "wresult",
            Self::EncryptedReply => "ear_jwe",
            Self::AdminConsent => "admin_consent",
        }
    }

    /// Whether it is of OAuth, whose names anybody may use for parameters of their own.
    pub(super) fn is_of_oauth(self) -> bool {
        !matches!(self, Self::SamlResponse | Self::WsResult)
    }

    /// Whether no two replies hold the same.
    pub(crate) fn is_unique(self) -> bool {
        self != Self::AdminConsent
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::capture::Capture;

    #[test]
    fn an_exchange_that_hands_something_over_is_kept_whole() {
        for handed in Handed::ALL {
            let har = format!(
                r#"{{"log":{{"entries":[{{"request":{{"method":"GET","url":"https://app.example/cb?{}=1","headers":[]}},"response":{{"status":200,"headers":[],"content":{{}}}}}}]}}}}"#,
                handed.name()
            );
            let capture = Capture::from_bytes(har.into_bytes()).unwrap();
            assert!(capture.exchanges[0].kept_whole, "{handed:?}");
        }
    }
}
