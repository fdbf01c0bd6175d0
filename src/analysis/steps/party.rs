//! Who talks with whom.

use crate::entra::{Address, Endpoint, Frame, Step};
use crate::exchange::Recorded;
use crate::exchange::hosts::{Service, sign_in_host};
use crate::signin::{Attempt, Kind};

/// Who asked.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Asker {
    /// A tab or window that goes to the address.
    Window,
    /// A popup window.
    Popup,
    /// A frame inside the application's page.
    Frame,
    /// A script of a page.
    Script,
    /// A server or service, without a browser.
    Server,
}

/// Whose part in a sign-in it is: a lane of its picture.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
#[non_exhaustive]
pub enum Party {
    /// The application: its page, its popup, its server.
    App,
    /// A frame inside the application's page.
    Frame,
    /// Entra ID, Azure AD B2C or External ID.
    Entra,
    /// Another identity provider: Microsoft accounts, AD FS and its like.
    IdentityProvider,
    /// An API that is called with a token.
    Api,
}

impl Asker {
    /// The word in reports.
    pub fn name(self) -> &'static str {
        match self {
            Self::Window => "window",
            Self::Popup => "popup",
            Self::Frame => "frame",
            Self::Script => "script",
            Self::Server => "server",
        }
    }

    /// The lane it belongs to.
    pub fn party(self) -> Party {
        match self {
            Self::Frame => Party::Frame,
            Self::Window | Self::Popup | Self::Script | Self::Server => Party::App,
        }
    }

    /// By the browser's own word, else by how the attempt is made.
    pub(super) fn of(step: &Step<'_>, attempt: Option<&Attempt>) -> Self {
        let kind = attempt.map(|attempt| attempt.kind);
        let window = if kind == Some(Kind::Popup) { Self::Popup } else { Self::Window };
        match (step.from_browser(), step.frame()) {
            (Some(false), _) => Self::Server,
            (_, Recorded::Kept(Frame::TopLevel)) => window,
            (_, Recorded::Kept(Frame::Frame)) => Self::Frame,
            (_, Recorded::Kept(Frame::Script | Frame::Other)) => Self::Script,
            (None, _) if matches!(kind, Some(Kind::ServerSide | Kind::DeviceCode)) => Self::Server,
            _ if matches!(step.endpoint, Endpoint::Token | Endpoint::AccountLookup | Endpoint::Metadata) => Self::Script,
            _ if kind == Some(Kind::ApiCall) => Self::Script,
            _ if kind == Some(Kind::SilentIframe) => Self::Frame,
            _ => window,
        }
    }
}

impl Party {
    /// The word in reports.
    pub fn name(self) -> &'static str {
        match self {
            Self::App => "app",
            Self::Frame => "frame",
            Self::Entra => "Entra",
            Self::IdentityProvider => "other identity provider",
            Self::Api => "API",
        }
    }

    /// The word for programs.
    pub fn id(self) -> &'static str {
        match self {
            Self::App => "app",
            Self::Frame => "frame",
            Self::Entra => "entra",
            Self::IdentityProvider => "identity-provider",
            Self::Api => "api",
        }
    }

    /// Who was asked.
    pub(super) fn asked(step: &Step<'_>, attempt: Option<&Attempt>) -> Self {
        match step.host {
            Some(host) => Self::behind(host.service),
            None if step.endpoint == Endpoint::FederatedProvider => Self::IdentityProvider,
            None if step.is_sign_in() => Self::Entra,
            None if attempt.is_some_and(|attempt| attempt.kind == Kind::ApiCall) => Self::Api,
            None => Self::App,
        }
    }

    /// Whom the answer sends the browser to.
    pub(super) fn led_to(step: &Step<'_>, asked_by: Asker) -> Option<Self> {
        let posted_to = || step.reply.handover.as_ref().and_then(|handover| handover.target.as_ref());
        let target = step.reply.redirect.as_ref().or_else(posted_to)?;
        Some(match sign_in_host(&target.host) {
            // The page that native clients are sent to is the client's own end.
            Some(_) if target.path.ends_with("/nativeclient") => asked_by.party(),
            Some(host) => Self::behind(host.service),
            None if is_identity_provider(target) => Self::IdentityProvider,
            // Entra ID under a domain of the tenant's own.
            None if target.path.contains("/oauth2/") => Self::Entra,
            None => asked_by.party(),
        })
    }

    fn behind(service: Service) -> Self {
        match service {
            Service::MicrosoftAccount => Self::IdentityProvider,
            _ => Self::Entra,
        }
    }
}

/// Whether an address that is none of Microsoft's asks somebody to sign in for Entra ID.
fn is_identity_provider(address: &Address) -> bool {
    address.path.to_ascii_lowercase().contains("/adfs/") || address.params.has("SAMLRequest") || address.params.has("wtrealm")
}
