//! What a request tells of the browser that sent it, and of the window it was made for.

use super::Step;
use crate::entra::Endpoint;
use crate::entra::params::Address;
use crate::entra::user_agent::Browser;
use crate::exchange::{Recorded, Resource, Written};

/// Which window a request was made for, by `Sec-Fetch-Dest`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Frame {
    /// A tab or window of its own.
    TopLevel,
    /// A frame inside a page.
    Frame,
    /// A script's request.
    Script,
    /// An image, a style and so on.
    Other,
}

/// `Sec-Fetch-Storage-Access`: whether a cross-site request may use the cookies of its site
/// (Storage Access API, "Storage Access headers").
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum StorageAccess {
    /// No: third-party cookies are blocked here.
    None,
    /// It could be activated, but is not.
    Inactive,
    /// Yes.
    Active,
}

/// `Sec-Fetch-Site`: the relation of the page that made a request to the host it went to (Fetch Metadata Request Headers §2.3).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum FetchSite {
    /// Of another site.
    CrossSite,
    /// Of another host of the same site.
    SameSite,
    /// Of the same host.
    SameOrigin,
    /// No page made it: a person opened it.
    None,
}

impl Step<'_> {
    /// The window that the request was made for.
    pub fn frame(&self) -> Recorded<Frame> {
        self.request_header("sec-fetch-dest").map(|header| match header.raw().to_ascii_lowercase().as_str() {
            "document" => Frame::TopLevel,
            "iframe" | "frame" | "fencedframe" => Frame::Frame,
            "empty" => Frame::Script,
            _ => Frame::Other,
        })
    }

    /// Whether it fetches a picture, style, font or script of another identity provider's page, by the browser's word: of a host
    /// that is none of Microsoft's nothing but the path tells what is asked.
    pub fn is_asset_of_provider(&self) -> bool {
        let is_asset = match self.frame() {
            Recorded::Kept(frame) => frame == Frame::Other,
            Recorded::Empty | Recorded::NotKept(_) => {
                matches!(self.exchange.resource, Recorded::Kept(Resource::Script | Resource::Other))
            }
        };
        is_asset && self.endpoint == Endpoint::FederatedProvider && self.reply.redirect.is_none() && self.reply.failures.is_empty()
    }

    /// Whether the page itself made the request: by the browser's word, or because only a page can post a password; unknown
    /// where nothing tells.
    pub fn is_of_page(&self) -> Option<bool> {
        match self.frame() {
            Recorded::Kept(frame) => Some(frame == Frame::TopLevel),
            Recorded::Empty | Recorded::NotKept(_) => {
                matches!(self.endpoint, Endpoint::Login | Endpoint::Kmsi | Endpoint::Reprocess).then_some(true)
            }
        }
    }

    /// Whether the request may use its site's cookies, by the browser's word.
    pub fn storage_access(&self) -> Recorded<Option<StorageAccess>> {
        self.request_header("sec-fetch-storage-access").map(|header| match header.raw().to_ascii_lowercase().as_str() {
            "none" => Some(StorageAccess::None),
            "inactive" => Some(StorageAccess::Inactive),
            "active" => Some(StorageAccess::Active),
            _ => None,
        })
    }

    /// The relation of the requesting page to the host; `None` where it has no known name.
    pub fn fetch_site(&self) -> Recorded<Option<FetchSite>> {
        self.request_header("sec-fetch-site").map(|header| match header.raw().to_ascii_lowercase().as_str() {
            "cross-site" => Some(FetchSite::CrossSite),
            "same-site" => Some(FetchSite::SameSite),
            "same-origin" => Some(FetchSite::SameOrigin),
            "none" => Some(FetchSite::None),
            _ => None,
        })
    }

    /// The browser family, by `User-Agent`.
    pub fn browser(&self) -> Option<Browser> {
        self.request_header("user-agent").kept().map(|header| Browser::of(header.raw()))
    }

    /// The whole name of a browser that is a program of its own, for comparison.
    pub fn browser_key(&self) -> Option<Written> {
        let name = self.request_header("user-agent").kept().map(|header| header.raw());
        name.filter(|name| Browser::of(name).stands_alone()).map(Written::new)
    }

    /// Whether the browser is Brave, which only its brands tell.
    pub fn is_brave(&self) -> bool {
        self.request_header("sec-ch-ua").kept().is_some_and(|brands| brands.raw().contains("\"Brave\""))
    }

    /// Whether a browser sent it, by the headers that only browsers send; unknown without headers.
    pub fn from_browser(&self) -> Option<bool> {
        let headers = &self.exchange.request.headers;
        let tells = ["sec-fetch-mode", "sec-fetch-dest", "sec-ch-ua", "origin", "referer", "upgrade-insecure-requests"];
        if tells.iter().any(|name| headers.has(name)) {
            return Some(true);
        }
        headers.absent().is_none().then(|| self.browser().is_some_and(|browser| browser != Browser::Other))
    }

    /// The page that the request came from, by `Referer`.
    pub fn referer(&self) -> Option<Address> {
        self.request_header("referer").kept().and_then(|header| Address::parse(header.raw()))
    }

    /// The page whose script made the request, by `Origin`: an address without a path.
    pub(crate) fn page(&self) -> Option<Address> {
        self.request_header("origin").kept().and_then(|header| Address::parse(header.raw()))
    }

    /// The origin of the page whose script made the request, by `Origin`.
    pub(crate) fn page_origin(&self) -> Option<String> {
        self.page().map(|page| page.origin())
    }

    /// The full `Referer`, for comparison.
    pub fn referer_key(&self) -> Option<Written> {
        self.request_header("referer").kept().map(|header| Written::new(header.raw()))
    }
}
