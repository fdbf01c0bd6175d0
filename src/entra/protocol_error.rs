//! What the protocols call an error: OAuth 2.0 with OpenID Connect, and SAML.

use std::fmt;

/// An enumeration whose variants have names in a protocol.
macro_rules! named {
    ($(#[$about:meta])* $enumeration:ident { $($(#[$doc:meta])* $variant:ident = $name:literal,)* }) => {
        $(#[$about])*
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
        #[non_exhaustive]
        pub enum $enumeration {
            $($(#[$doc])* $variant,)*
        }

        impl $enumeration {
            const ALL: &[Self] = &[$(Self::$variant,)*];

            /// As the protocol writes it.
            pub fn name(self) -> &'static str {
                match self {
                    $(Self::$variant => $name,)*
                }
            }
        }

        impl fmt::Display for $enumeration {
            /// As the protocol writes it.
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.pad(self.name())
            }
        }
    };
}

named! {
    /// OAuth's `error`: RFC 6749 (4.1.2.1, 5.2), RFC 6750 (3.1), RFC 8628 (3.5), OpenID Connect Core (3.1.2.6), and what the
    /// Microsoft services add.
    OAuthError {
        /// The person, or the service, declined.
        AccessDenied = "access_denied",
        /// An account has to be chosen, and no page may be shown.
        AccountSelectionRequired = "account_selection_required",
        /// The person declined at the device's page.
        AuthorizationDeclined = "authorization_declined",
        /// The person has not typed the device's code in yet.
        AuthorizationPending = "authorization_pending",
        /// The token that was handed in is no good.
        BadToken = "bad_token",
        /// The device code is not known.
        BadVerificationCode = "bad_verification_code",
        /// Consent is missing, and no page may be shown.
        ConsentRequired = "consent_required",
        /// The device code is too old.
        ExpiredToken = "expired_token",
        /// An API wants other claims in the token.
        InsufficientClaims = "insufficient_claims",
        /// An API wants a scope that the token lacks.
        InsufficientScope = "insufficient_scope",
        /// Something has to be asked of the person, and no page may be shown.
        InteractionRequired = "interaction_required",
        /// The application could not show that it is who it says.
        InvalidClient = "invalid_client",
        /// What was turned in for tokens is not good, or no longer.
        InvalidGrant = "invalid_grant",
        /// The authority is none that the service knows.
        InvalidInstance = "invalid_instance",
        /// A parameter is missing, doubled or malformed.
        InvalidRequest = "invalid_request",
        /// What is asked for is not there.
        InvalidResource = "invalid_resource",
        /// A scope is not known or malformed.
        InvalidScope = "invalid_scope",
        /// The tenant is not known.
        InvalidTenant = "invalid_tenant",
        /// An API does not take the token.
        InvalidToken = "invalid_token",
        /// Nobody is signed in, and no page may be shown.
        LoginRequired = "login_required",
        /// A second factor is wanted.
        MfaRequired = "mfa_required",
        /// The same, of an application that asks without a browser.
        NativeMfaRequired = "native_mfa_required",
        /// An administrator has to consent.
        NeedAdminConsent = "need_admin_consent",
        /// The service did not come to an end in time.
        RequestTimeout = "request_timeout",
        /// The service failed.
        ServerError = "server_error",
        /// The device asks too often.
        SlowDown = "slow_down",
        /// The service is out of order, or has too much to do.
        TemporarilyUnavailable = "temporarily_unavailable",
        /// The token that was handed in is too old.
        TokenExpired = "token_expired",
        /// The application may not ask so.
        UnauthorizedClient = "unauthorized_client",
        /// The service does not know what is turned in for tokens.
        UnsupportedGrantType = "unsupported_grant_type",
        /// The service does not give what is asked for.
        UnsupportedResponseType = "unsupported_response_type",
        /// The person went back.
        UserCancelled = "user_cancelled",
    }
}

named! {
    /// The code of a SAML response's status, without the beginning that all have in common (SAML core, 3.2.2.2).
    SamlStatus {
        /// The person could not be authenticated.
        AuthnFailed = "AuthnFailed",
        /// An attribute is not what it may be.
        InvalidAttrNameOrValue = "InvalidAttrNameOrValue",
        /// The kind of name that is asked for cannot be given.
        InvalidNameIdPolicy = "InvalidNameIDPolicy",
        /// The way of signing in that is asked for cannot be had.
        NoAuthnContext = "NoAuthnContext",
        /// No identity provider can be reached.
        NoAvailableIdp = "NoAvailableIDP",
        /// Nobody is signed in, and no page may be shown.
        NoPassive = "NoPassive",
        /// No identity provider of those that are named is known.
        NoSupportedIdp = "NoSupportedIDP",
        /// Not everybody has heard of the sign-out.
        PartialLogout = "PartialLogout",
        /// The request was handed on too often.
        ProxyCountExceeded = "ProxyCountExceeded",
        /// The provider will not answer.
        RequestDenied = "RequestDenied",
        /// The provider does not know such requests.
        RequestUnsupported = "RequestUnsupported",
        /// The version of the request is no longer taken.
        RequestVersionDeprecated = "RequestVersionDeprecated",
        /// The version of the request is too new.
        RequestVersionTooHigh = "RequestVersionTooHigh",
        /// The version of the request is too old.
        RequestVersionTooLow = "RequestVersionTooLow",
        /// The requester's fault.
        Requester = "Requester",
        /// What is asked for is not known.
        ResourceNotRecognized = "ResourceNotRecognized",
        /// The provider's fault.
        Responder = "Responder",
        /// There is more to answer than can be.
        TooManyResponses = "TooManyResponses",
        /// An attribute's profile is not known.
        UnknownAttrProfile = "UnknownAttrProfile",
        /// The person is not known.
        UnknownPrincipal = "UnknownPrincipal",
        /// The binding is not known.
        UnsupportedBinding = "UnsupportedBinding",
        /// The version of the request is not taken.
        VersionMismatch = "VersionMismatch",
    }
}

/// What a reply says failed, in the words of its protocol.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
#[non_exhaustive]
pub enum ProtocolError {
    /// OAuth's `error`.
    OAuth(OAuthError),
    /// The status of a SAML response.
    Saml(SamlStatus),
}

impl OAuthError {
    /// The one that a text names, in upper or lower case, if it is a known one. What is shown is the constant, never the text.
    pub fn of(text: &str) -> Option<Self> {
        Self::ALL.iter().find(|known| text.eq_ignore_ascii_case(known.name())).copied()
    }
}

impl SamlStatus {
    /// The one of that name, in upper or lower case, without the beginning that all have in common.
    pub fn of_name(name: &str) -> Option<Self> {
        Self::ALL.iter().find(|known| name.eq_ignore_ascii_case(known.name())).copied()
    }

    /// The one that the value of a `StatusCode` names, if it is a known one.
    pub fn of(value: &str) -> Option<Self> {
        let name = value.strip_prefix("urn:oasis:names:tc:SAML:2.0:status:")?;
        Self::ALL.iter().find(|known| known.name() == name).copied()
    }
}

impl ProtocolError {
    /// As its protocol writes it.
    pub fn name(self) -> &'static str {
        match self {
            Self::OAuth(error) => error.name(),
            Self::Saml(status) => status.name(),
        }
    }
}

impl fmt::Display for ProtocolError {
    /// As its protocol writes it.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.name())
    }
}
