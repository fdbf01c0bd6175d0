//! The metadata with which a library begins (`/.well-known/openid-configuration`, OpenID Connect Discovery 1.0 §4): why a page
//! that asked for it could begin nothing.

use super::cors::may_be_read;
use super::document::is_top_level;
use super::endpoint::Endpoint;
use super::no_answer::NoAnswer;
use super::step::{Frame, Step};
use crate::exchange::Recorded;
use crate::exchange::hosts::Service;

/// What keeps the page that asked for metadata from beginning with it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum MetadataFlaw {
    /// There is none at this address, or it is refused.
    Refused,
    /// It came, and the page may not read it.
    KeptFromPage,
    /// The host of its issuer is not the one that was asked: some libraries refuse that.
    IssuerElsewhere,
}

impl MetadataFlaw {
    /// The part of the exchange that shows it.
    pub(crate) fn part(self) -> &'static str {
        match self {
            Self::Refused => "response.status",
            Self::KeptFromPage => "response.header.access-control-allow-origin",
            Self::IssuerElsewhere => "response.body.issuer",
        }
    }
}

impl Step<'_> {
    /// What keeps the page whose script asked for metadata from beginning with it, unless the service itself names an error.
    pub(crate) fn metadata_flaw(&self) -> Option<MetadataFlaw> {
        if !self.is_metadata_for_page() || !self.reply.failures.is_empty() {
            return None;
        }
        match self.status? {
            // What asks for credentials or less haste refuses somebody else, or for now.
            407 | 429 => None,
            400..500 => Some(MetadataFlaw::Refused),
            200..300 => {
                let kept = NoAnswer::of(self.exchange) == Some(NoAnswer::KeptFromPage) || may_be_read(self.exchange) == Some(false);
                if kept { Some(MetadataFlaw::KeptFromPage) } else { self.has_issuer_elsewhere().then_some(MetadataFlaw::IssuerElsewhere) }
            }
            _ => None,
        }
    }

    /// Whether a script of a page asks for the metadata of a tenant or user flow: not a person who looks at it.
    pub(crate) fn is_metadata_for_page(&self) -> bool {
        let is_configuration = || self.address.as_ref().is_some_and(|address| address.path.ends_with("/.well-known/openid-configuration"));
        let by_script = || self.frame() == Recorded::Kept(Frame::Script) || self.exchange.request.headers.has("origin");
        self.endpoint == Endpoint::Metadata && self.method == "GET" && !is_top_level(self.exchange) && is_configuration() && by_script()
    }

    /// Whether External ID, asked under the tenant's name, names an issuer at the host of the tenant's id.
    fn has_issuer_elsewhere(&self) -> bool {
        let asked = self.address.as_ref().map(|address| address.host.as_str());
        let issuer = self.reply.issuer_host.as_deref();
        self.host.is_some_and(|host| host.service == Service::ExternalId)
            && issuer.zip(asked).is_some_and(|(issuer, asked)| issuer != asked)
    }
}
