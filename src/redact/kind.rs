//! What kind of thing a value is that does not leave.

use crate::entra::Guid;
pub(super) use crate::entra::key::{holds_key, is_hex_key, is_opaque, is_random, mixes};
use crate::knowledge::is_word_of_sign_in;
use serde::Serialize;
use std::net::IpAddr;

/// The kinds, as the receipt counts them.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "kebab-case")]
#[non_exhaustive]
pub enum Kind {
    /// The value of a cookie.
    Cookie,
    /// What stands in an Authorization header, where it is no token.
    Authorization,
    /// An authorization or device code.
    Code,
    /// An access, id or refresh token, or any other JWT.
    Token,
    /// A SAML or JWT assertion.
    Assertion,
    /// A password.
    Password,
    /// A code that is valid once.
    OneTimeCode,
    /// An application's secret.
    ClientSecret,
    /// The secret of PKCE (RFC 7636).
    CodeVerifier,
    /// The sign-in service's own state: flow token, ctx, canary.
    FlowToken,
    /// The application's state.
    State,
    /// A nonce.
    Nonce,
    /// The id of a session, an account or a device.
    Id,
    /// A hint at an account that is no address.
    LoginHint,
    /// A header that is not known to be harmless.
    Header,
    /// A parameter or field that is not known to be harmless.
    Parameter,
    /// Text that looks like a secret, wherever it stands.
    Opaque,
    /// Text that carries another secret in an encoding.
    Encoded,
    /// An e-mail address or user principal name.
    Account,
    /// A person's name.
    Name,
    /// An IP address.
    IpAddress,
    /// A phone number.
    Phone,
    /// A device's name.
    Device,
    /// A tenant's or application's id or domain, with `--hide-tenant`.
    Tenant,
}

impl Kind {
    /// The word in placeholders and receipts.
    pub fn name(self) -> &'static str {
        match self {
            Self::Cookie => "cookie",
            Self::Authorization => "authorization",
            Self::Code => "code",
            Self::Token => "token",
            Self::Assertion => "assertion",
            Self::Password => "password",
            Self::OneTimeCode => "one-time-code",
            Self::ClientSecret => "client-secret",
            Self::CodeVerifier => "code-verifier",
            Self::FlowToken => "flow-token",
            Self::State => "state",
            Self::Nonce => "nonce",
            Self::Id => "id",
            Self::LoginHint => "login-hint",
            Self::Header => "header",
            Self::Parameter => "parameter",
            Self::Opaque => "opaque",
            Self::Encoded => "encoded",
            Self::Account => "account",
            Self::Name => "name",
            Self::IpAddress => "ip-address",
            Self::Phone => "phone",
            Self::Device => "device",
            Self::Tenant => "tenant",
        }
    }

    /// Whether it says something of a person. Such values are the same in any case of letters.
    pub(super) fn is_personal(self) -> bool {
        matches!(self, Self::Account | Self::Name | Self::IpAddress | Self::Phone | Self::Device | Self::Tenant)
    }

    /// Whether a diagnosis asks if two values of this kind are the same.
    pub(super) fn is_compared(self) -> bool {
        use Kind::{Assertion, Code, CodeVerifier, Cookie, FlowToken, Id, LoginHint, Nonce, State, Token};
        matches!(self, State | Nonce | Id | LoginHint | Code | CodeVerifier | Token | FlowToken | Assertion | Cookie)
    }

    /// Whether a value of this kind stays where it is an id that stays. What is a secret by its name is replaced there, whatever it
    /// is elsewhere; a cookie may hold the id of the request.
    pub(super) fn gives_way_to_ids(self, value: &str) -> bool {
        match self {
            Self::Password | Self::OneTimeCode | Self::Code | Self::ClientSecret | Self::Token | Self::Authorization => false,
            Self::Cookie => Guid::is_one(value),
            _ => true,
        }
    }

    /// Whether a value of this kind is replaced wherever else it stands. A word that only stood in a field of
    /// unknown meaning may be any word, and would be replaced in places that need it.
    pub(super) fn is_sought(self, value: &str) -> bool {
        match self {
            Self::Account => true,
            Self::IpAddress => value.parse::<IpAddr>().is_ok(),
            // The domain of one is no word.
            Self::Tenant if value.contains('.') => true,
            Self::Tenant if value.contains(' ') => !value.split(' ').all(is_common),
            _ if is_common(value) => false,
            Self::Tenant => true,
            Self::OneTimeCode | Self::Password => value.len() >= 4,
            Self::Name | Self::Phone | Self::Device => value.len() >= 5,
            // Errors carry codes too: numbers and words.
            Self::Code => value.len() >= 6 && mixes(value),
            Self::Token => value.len() >= 6 && (mixes(value) || value.len() >= 16),
            Self::Assertion | Self::ClientSecret | Self::CodeVerifier | Self::FlowToken | Self::LoginHint => value.len() >= 6,
            // Applications write words into these too: of a short one, only what is no word.
            Self::Id | Self::State | Self::Nonce | Self::Cookie | Self::Authorization => {
                (value.len() >= 6 && is_opaque(value)) || (value.len() >= 12 && mixes(value)) || value.len() >= 20
            }
            Self::Header | Self::Parameter | Self::Opaque | Self::Encoded => value.len() >= 20 && (is_random(value) || is_hex_key(value)),
        }
    }
}

impl Kind {
    /// Whether a value is one plain word, as people, applications and parts of hosts are called. It is only sought where it
    /// stands alone.
    pub(super) fn is_plain_word(self, value: &str) -> bool {
        if !value.chars().all(char::is_alphabetic) {
            return false;
        }
        let rest = || value.chars().skip(1);
        let is_of_one_case = || !rest().any(char::is_uppercase) || !value.chars().any(char::is_lowercase);
        self.is_personal() || value.len() <= LONGEST_WORD && is_of_one_case()
    }
}

/// The longest word of a language, as far as secrets are told from words, in bytes.
const LONGEST_WORD: usize = 15;

/// The shortest number that is sought, in digits. Years, ports and counts are shorter.
const SHORTEST_NUMBER: usize = 6;

/// Whether a value stands in sign-in traffic anyway: a short number, or words of its own (`secret`, `client_secret`).
fn is_common(value: &str) -> bool {
    if value.bytes().all(|byte| byte.is_ascii_digit()) {
        return value.len() < SHORTEST_NUMBER;
    }
    value.split(['-', '_']).all(|word| is_word_of_sign_in(&word.to_ascii_lowercase()))
}
