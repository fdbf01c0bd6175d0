//! How an attempt was made.

use crate::entra::{Endpoint, ErrorCode, Failure, Frame, Grant, Interaction, Step};
use crate::exchange::Recorded;
use std::fmt;

/// How an attempt was made.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Kind {
    /// An authorization request in a hidden frame.
    SilentIframe,
    /// An authorization request with `prompt=none` that took the whole page along.
    SilentTopLevel,
    /// The page left for the sign-in page.
    Redirect,
    /// The sign-in page in a popup window.
    Popup,
    /// A refresh token turned in.
    Refresh,
    /// A code turned in, its authorization request not being in the capture.
    CodeRedemption,
    /// A token for a server or a service, without a browser.
    ServerSide,
    /// A device code.
    DeviceCode,
    /// SAML 2.0.
    Saml,
    /// WS-Federation.
    WsFederation,
    /// Sign-out.
    SignOut,
    /// A call of an API with a token.
    ApiCall,
}

impl Kind {
    /// The word in reports.
    pub fn name(self) -> &'static str {
        match self {
            Self::SilentIframe => "silent-iframe",
            Self::SilentTopLevel => "silent-top-level",
            Self::Redirect => "redirect",
            Self::Popup => "popup",
            Self::Refresh => "refresh",
            Self::CodeRedemption => "code-redemption",
            Self::ServerSide => "server-side",
            Self::DeviceCode => "device-code",
            Self::Saml => "saml",
            Self::WsFederation => "ws-federation",
            Self::SignOut => "sign-out",
            Self::ApiCall => "api-call",
        }
    }

    /// The kind that a beginning request shows.
    pub(super) fn of(step: &Step<'_>) -> Self {
        match step.endpoint {
            Endpoint::Logout => Self::SignOut,
            Endpoint::Saml => Self::Saml,
            Endpoint::WsFederation | Endpoint::WsTrust => Self::WsFederation,
            Endpoint::DeviceCode | Endpoint::DeviceLogin => Self::DeviceCode,
            Endpoint::Token => of_token(step),
            Endpoint::AppCallback if step.params.has("SAMLResponse") => Self::Saml,
            Endpoint::AppCallback if step.params.has("wresult") => Self::WsFederation,
            Endpoint::FederatedProvider if step.is_ws_trust() => Self::ServerSide,
            Endpoint::OtherSignIn if step.from_browser() == Some(false) => Self::ServerSide,
            _ => of_authorize(step),
        }
    }
}

impl Step<'_> {
    /// Whether the request tells which window it was made in, by the browser's word or the library's.
    pub(crate) fn tells_window(&self) -> bool {
        self.frame().kept().is_some() || self.interaction().is_some()
    }
}

impl fmt::Display for Kind {
    /// The word in reports.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.name())
    }
}

fn refuses_refresh_token(step: &Step<'_>) -> bool {
    step.reply.failures.iter().filter_map(Failure::code).any(ErrorCode::is_of_refresh_token)
}

fn of_token(step: &Step<'_>) -> Kind {
    match step.grant() {
        Some(Grant::RefreshToken) => Kind::Refresh,
        Some(Grant::AuthorizationCode) => Kind::CodeRedemption,
        Some(Grant::DeviceCode) => Kind::DeviceCode,
        Some(_) => Kind::ServerSide,
        // Where the body is lost, the service's own number may tell.
        None if refuses_refresh_token(step) => Kind::Refresh,
        None if step.from_browser() == Some(true) => Kind::CodeRedemption,
        None => Kind::ServerSide,
    }
}

fn of_authorize(step: &Step<'_>) -> Kind {
    let framed = match step.frame() {
        Recorded::Kept(Frame::Frame) => Some(true),
        Recorded::Kept(Frame::TopLevel) => Some(false),
        // Without Sec-Fetch-Dest the library's own word is the next best.
        _ => match step.interaction() {
            Some(Interaction::Silent) => Some(true),
            Some(Interaction::Popup | Interaction::Redirect) => Some(false),
            None => None,
        },
    };
    match (framed, step.is_silent(), step.interaction()) {
        // A frame without `prompt=none` is a silent call that forgot to say so.
        (Some(true), _, _) => Kind::SilentIframe,
        (Some(false), true, _) => Kind::SilentTopLevel,
        (_, false, Some(Interaction::Popup)) => Kind::Popup,
        (_, false, _) => Kind::Redirect,
        (None, true, _) => Kind::SilentIframe,
    }
}
